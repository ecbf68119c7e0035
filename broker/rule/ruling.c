/* SPDX-License-Identifier: Apache-2.0 */
/* One ruling: lays the table for each recipient, asks told_decide, joins the answers. */
#include "broker/rule/ruling.h"

#include "broker/rule/to_contact.h"
#include "proto/types.h"
#include "told/codes.h"

#include <string.h>

struct row {
	struct told_bytes recipient;
	struct told_decision decision;
	const struct told_deposit_facts *deposits;
	size_t deposit_count;
};

struct told_ruling {
	const struct told_verified *verified;
	uint64_t as_of;
	size_t count;
	struct row *rows;
	bool granted[TOLD_GRANTS_MAX];
};

/* What ruling one message works with. */
struct rule {
	const struct told_table *table;
	const struct told_deposit_source *deposits;
	struct told_arena *arena;
	const struct told_header *header;
	struct told_ruling *ruling;
	bool queued;
};

static void answer(const struct told_question *question, struct row *row)
{
	told_decide(question, &row->decision);
	told_question_digest(question, &row->decision.inputs);
}

/* Asked when it comes, of live keys; what waits since then was in form, whoever has left since. */
static bool in_form(const struct rule *r, const struct row *row)
{
	const struct told_verified *v = r->ruling->verified;
	struct told_contact_look look = {.directory = r->table->directory,
					 .parties = r->table->parties,
					 .recipient = row->recipient,
					 .when = r->table->when,
					 .live = true};
	return r->queued ||
	       told_contact_sealed(&look, r->header, told_verified_sections(v), &told_verified_body(v)->sections);
}

static enum told_status rule_message(struct rule *r, struct row *row)
{
	struct told_question question;
	const struct told_verified *v = r->ruling->verified;
	enum told_status status =
		told_table_message(r->table, r->arena, r->header, told_verified_sections(v),
				   told_verified_body(v)->sections.count, row->recipient, r->queued, &question);
	if (status == TOLD_OK && !in_form(r, row))
		question.message.faults |= TOLD_FAULT_MALFORMED;
	if (status == TOLD_OK)
		answer(&question, row);
	return status;
}

static bool asked_for(const struct told_header *ask, unsigned category)
{
	for (size_t i = 0; i < ask->asked.count; i++)
		if (ask->asked.items[i] == category)
			return true;
	return false;
}

/* Of what the holder has, what is asked for; never more sections than one decision holds. */
static enum told_status asked_deposits(struct rule *r, struct row *row)
{
	const struct told_deposit_facts *all = NULL;
	size_t count = 0;
	enum told_status status =
		r->deposits->of_person(r->deposits->ctx, r->arena, r->header->client_ref, row->recipient, &all, &count);
	struct told_deposit_facts *list = told_arena_alloc(r->arena, TOLD_SECTIONS_MAX * sizeof *list);
	if (status != TOLD_OK || list == NULL)
		return status != TOLD_OK ? status : TOLD_E_MEMORY;
	for (size_t i = 0; i < count && row->deposit_count < TOLD_SECTIONS_MAX; i++)
		if (asked_for(r->header, all[i].section->category))
			list[row->deposit_count++] = all[i];
	row->deposits = list;
	return TOLD_OK;
}

static enum told_status rule_ask(struct rule *r, struct row *row)
{
	struct told_question question;
	enum told_status status = asked_deposits(r, row);
	if (status == TOLD_OK)
		status = told_table_ask(r->table, r->arena, r->header, row->recipient, row->deposits,
					row->deposit_count, &question);
	if (status == TOLD_OK)
		answer(&question, row);
	return status;
}

/* A wrap to a key that was revoked, or is not the recipient's, opens nothing that should open. */
static bool sealing_key_believed(const struct rule *r, const struct told_grant_part *grant)
{
	const struct told_key *key = NULL;
	told_hash id;
	memcpy(id.b, grant->sealing_key_id.data, sizeof id.b);
	uint32_t party = told_party_find(r->table->parties, grant->recipient);
	return told_directory_key(r->table->directory, party, TOLD_KEY_SEALING, &id, r->table->when, &key) == TOLD_OK;
}

/* A grant may stand when the section is the sender's own, of this person, and some flow would release it. */
static enum told_status grant_stands(struct rule *r, const struct told_grant_part *grant, bool *stands)
{
	struct told_deposit_facts deposit;
	struct told_grant_basis basis;
	struct told_bytes client;
	*stands = false;
	enum told_status status = r->deposits->by_id(r->deposits->ctx, r->arena, grant->message_id, &client, &deposit);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	if (status != TOLD_OK)
		return status;
	if (!told_bytes_equal(deposit.originator, r->header->sender) ||
	    !told_bytes_equal(client, r->header->client_ref) || !sealing_key_believed(r, grant))
		return TOLD_OK;
	status = told_table_grant(r->table, r->arena, &deposit, grant->recipient, &basis);
	*stands = status == TOLD_OK;
	return status == TOLD_E_REFUSED ? TOLD_OK : status;
}

/* The stages that every message passes are asked of the GRANT itself; then each grant on its own. */
static enum told_status rule_grants(struct rule *r, struct row *row)
{
	size_t stand = 0;
	for (size_t i = 0; i < r->header->grants.count; i++) {
		enum told_status status = grant_stands(r, &r->header->grants.items[i], &r->ruling->granted[i]);
		if (status != TOLD_OK)
			return status;
		stand += r->ruling->granted[i];
	}
	row->decision.t_utc_ms = r->table->when.utc_ms;
	row->decision.policy_version = TOLD_POLICY_VERSION;
	row->decision.effect = stand == 0                         ? TOLD_EFFECT_DENY
			       : stand == r->header->grants.count ? TOLD_EFFECT_RELEASE
								  : TOLD_EFFECT_PARTIAL;
	row->decision.primary = stand == 0 ? 701 : 1100; /* CON-01: nothing to rest on; OK-00 */
	row->decision.codes[0] = row->decision.primary;
	row->decision.code_count = 1;
	return TOLD_OK;
}

static enum told_status rule_row(struct rule *r, struct row *row)
{
	switch (r->header->type) {
	case TOLD_TYPE_ASK:
	case TOLD_TYPE_KNOWN: return rule_ask(r, row);
	case TOLD_TYPE_GRANT: return rule_grants(r, row);
	default: return rule_message(r, row);
	}
}

enum told_status told_rule(const struct told_table *table, const struct told_deposit_source *deposits,
			   struct told_arena *arena, const struct told_verified *verified, bool queued,
			   struct told_bytes only, const struct told_ruling **out)
{
	*out = NULL;
	const struct told_header *header = told_verified_header(verified);
	bool each = told_type_rule(header->type)->ruled && header->recipients.count > 0;
	bool ask = header->type == TOLD_TYPE_ASK || header->type == TOLD_TYPE_KNOWN;
	bool one = each && !ask && only.len > 0;
	struct told_ruling *ruling = told_arena_alloc(arena, sizeof *ruling);
	if (ruling == NULL)
		return TOLD_E_MEMORY;
	ruling->verified = verified;
	ruling->as_of = table->when.log_size;
	ruling->count = each && !one ? header->recipients.count : 1;
	ruling->rows = told_arena_alloc(arena, ruling->count * sizeof *ruling->rows);
	if (ruling->rows == NULL)
		return TOLD_E_MEMORY;
	struct rule r = {table, deposits, arena, header, ruling, queued};
	for (size_t i = 0; i < ruling->count; i++) {
		if (each)
			ruling->rows[i].recipient = one ? only : header->recipients.items[i];
		enum told_status status = rule_row(&r, &ruling->rows[i]);
		if (status != TOLD_OK)
			return status;
	}
	*out = ruling;
	return TOLD_OK;
}

const struct told_verified *told_ruling_verified(const struct told_ruling *ruling)
{
	return ruling->verified;
}

enum told_outcome told_ruling_outcome(const struct told_ruling *ruling)
{
	bool held = false;
	unsigned type = told_verified_header(ruling->verified)->type;
	if (type == TOLD_TYPE_ASK || type == TOLD_TYPE_KNOWN)
		return TOLD_OUTCOME_ANSWERED;
	for (size_t i = 0; i < ruling->count; i++) {
		unsigned effect = ruling->rows[i].decision.effect;
		if (effect == TOLD_EFFECT_RELEASE || effect == TOLD_EFFECT_PARTIAL)
			return TOLD_OUTCOME_ACCEPTED;
		held |= effect == TOLD_EFFECT_HOLD;
	}
	return held ? TOLD_OUTCOME_HELD : TOLD_OUTCOME_REFUSED;
}

static int64_t due_of(const struct told_decision *decision, int64_t end_ms)
{
	int64_t due_ms = end_ms;
	for (size_t i = 0; i < decision->obligation_count; i++) {
		const struct told_obligation *o = &decision->obligations[i];
		if (o->kind == TOLD_OBLIGATION_CURE_BY && o->due_utc_ms != 0 && o->due_utc_ms < due_ms)
			due_ms = o->due_utc_ms;
	}
	return due_ms;
}

int64_t told_ruling_due(const struct told_ruling *ruling)
{
	int64_t end_ms = (int64_t)told_verified_header(ruling->verified)->expires_ms, last_ms = 0;
	for (size_t i = 0; i < ruling->count; i++) {
		const struct told_decision *decision = told_ruling_decision(ruling, i);
		int64_t due_ms = decision->effect == TOLD_EFFECT_HOLD ? due_of(decision, end_ms) : 0;
		last_ms = due_ms > last_ms ? due_ms : last_ms;
	}
	return last_ms == 0 ? end_ms : last_ms;
}

uint64_t told_ruling_as_of(const struct told_ruling *ruling)
{
	return ruling->as_of;
}

size_t told_ruling_count(const struct told_ruling *ruling)
{
	return ruling->count;
}

struct told_bytes told_ruling_recipient(const struct told_ruling *ruling, size_t which)
{
	return ruling->rows[which].recipient;
}

const struct told_decision *told_ruling_decision(const struct told_ruling *ruling, size_t which)
{
	return &ruling->rows[which].decision;
}

const struct told_deposit_facts *told_ruling_deposits(const struct told_ruling *ruling, size_t which, size_t *count)
{
	*count = ruling->rows[which].deposit_count;
	return ruling->rows[which].deposits;
}

bool told_ruling_grants(const struct told_ruling *ruling, size_t n)
{
	return n < TOLD_GRANTS_MAX && ruling->granted[n];
}
