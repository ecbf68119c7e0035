/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a referral, and saying how it stands: four words, flags, the day on which somebody waits for an answer. */
#include "agents/agent/work/referral.h"
#include "agents/agent/work/limit.h"
#include "agents/agent/work/may_see.h"

#include "agents/agent/core/card.h"
#include "agents/agent/core/consent.h"
#include "agents/agent/core/show.h"
#include "agents/referral/due.h"
#include "agents/referral/substate.h"

#include <string.h>

/* ---- finding ---- */

/* The person of a referral: it lies in our inbox or in our outbox. */
static enum told_status client_of(struct told_agent *agent, struct told_bytes id, struct told_bytes *client)
{
	struct told_inbox_row in;
	struct told_outbox_row sent;
	enum told_status status = told_inbox_next(agent->vault, agent->arena, TOLD_INBOX_OF_REFERRAL, id, 0, &in);
	*client = in.client;
	if (status == TOLD_E_NOT_FOUND) {
		status = told_outbox_get(agent->vault, agent->arena, id, &sent);
		*client = sent.client;
	}
	return status == TOLD_OK && client->len != TOLD_ID_BYTES ? TOLD_E_NOT_FOUND : status;
}

static enum told_status read_held(struct told_agent *agent, struct told_bytes id, struct told_outbox_row *row,
				  struct told_header **header)
{
	enum told_status status = told_outbox_get(agent->vault, agent->arena, id, row);
	if (status == TOLD_OK && (row->type != TOLD_TYPE_REFERRAL || row->state != TOLD_OUTBOX_HELD))
		status = TOLD_E_NOT_FOUND;
	if (status == TOLD_OK)
		status = told_header_decode(row->header, agent->arena, header);
	return status == TOLD_OK && (*header)->recipients.count == 0 ? TOLD_E_NOT_FOUND : status;
}

enum told_status told_referral_held(struct told_agent *agent, struct told_bytes id, struct told_held_referral *out)
{
	struct told_outbox_row row;
	struct told_header *header = NULL;
	enum told_status status = read_held(agent, id, &row, &header);
	if (status == TOLD_OK)
		*out = (struct told_held_referral){.id = id, .recipient = header->recipients.items[0]};
	return status;
}

/* What is held is in no facts yet: a draft of ours, which can be taken back. */
static enum told_status draft_of(struct told_agent *agent, struct told_bytes id, struct told_found_referral *out)
{
	struct told_outbox_row row;
	struct told_header *header = NULL;
	struct told_referral_facts *draft = told_arena_alloc(agent->arena, sizeof *draft);
	enum told_status status = draft == NULL ? TOLD_E_MEMORY : read_held(agent, id, &row, &header);
	if (status != TOLD_OK)
		return status;
	*draft = (struct told_referral_facts){
		.referrer = agent->self,
		.referred_to = told_party_find(agent->parties, header->recipients.items[0]),
		.state = TOLD_REFERRAL_DRAFT,
		.sent_utc_ms = (int64_t)row.queued_ms,
		.changed_utc_ms = (int64_t)row.queued_ms,
	};
	memcpy(draft->id, id.data, TOLD_ID_BYTES);
	out->facts = draft;
	return TOLD_OK;
}

enum told_status told_referral_find(struct told_agent *agent, struct told_bytes id, struct told_found_referral *out)
{
	*out = (struct told_found_referral){0};
	enum told_status status = client_of(agent, id, &out->client);
	if (status == TOLD_OK)
		status = told_agent_person(agent, out->client, &out->person);
	if (status == TOLD_OK)
		out->facts = told_person_referral(out->person, id);
	if (status == TOLD_OK && out->facts == NULL)
		status = draft_of(agent, id, out);
	if (status != TOLD_OK)
		told_referral_drop(out);
	return status;
}

void told_referral_drop(struct told_found_referral *found)
{
	told_person_free(found->person);
	*found = (struct told_found_referral){.client = found->client};
}

/* Of somebody with a card: the one referral to us that is open, or that ended last because we lost touch. */
static enum told_status of_client(struct told_request *r, const struct told_caller *caller,
				  struct told_found_referral *out)
{
	size_t open = 0;
	const struct told_referral_facts *lost = NULL;
	enum told_status status = told_agent_person(r->agent, out->client, &out->person);
	for (size_t i = 0; status == TOLD_OK && i < out->person->referral_count; i++) {
		const struct told_referral_facts *f = &out->person->referrals[i];
		bool allows = false;
		if (f->referred_to != r->agent->self)
			continue;
		status = told_limit_message(r->agent, caller, told_bytes(f->id, TOLD_ID_BYTES), &allows);
		if (status != TOLD_OK || !allows)
			continue;
		if (f->reason == TOLD_REASON_DISENGAGED)
			lost = f;
		if (told_referral_closed(f->state))
			continue;
		out->facts = f;
		open++;
	}
	if (status == TOLD_OK && open == 0)
		out->facts = lost;
	if (status == TOLD_OK && open > 1)
		told_request_refuse(r, TOLD_E_USAGE,
				    "This person has more than one open referral to us. Name one: told referral ls.");
	else if (status == TOLD_OK && out->facts == NULL)
		told_request_refuse(r, TOLD_E_NOT_FOUND, "This person has no open referral to us.");
	return status == TOLD_OK ? r->status : status;
}

enum told_status told_referral_named(struct told_request *r, const struct told_caller *caller,
				     struct told_found_referral *out)
{
	uint8_t id[TOLD_ID_BYTES], ref[TOLD_ID_BYTES];
	struct told_bytes text = told_request_text(r, "referral", true);
	*out = (struct told_found_referral){0};
	if (r->status != TOLD_OK)
		return r->status;
	enum told_status status;
	if (told_unhex(text, id, sizeof id) == TOLD_OK) {
		struct told_bytes copy = told_arena_copy(r->agent->arena, told_bytes(id, sizeof id));
		status = copy.len == sizeof id ? told_referral_find(r->agent, copy, out) : TOLD_E_MEMORY;
	} else if (told_code_read(text, ref) == TOLD_OK) {
		out->client = told_arena_copy(r->agent->arena, told_bytes(ref, sizeof ref));
		status = out->client.len == sizeof ref ? of_client(r, caller, out) : TOLD_E_MEMORY;
	} else {
		told_request_refuse(r, TOLD_E_MALFORMED,
				    "This is neither the number of a referral nor a reference as it stands on a card.");
		return r->status;
	}
	if (status == TOLD_OK)
		status = told_may_see(r->agent, caller, out->client);
	bool allows = true;
	if (status == TOLD_OK && out->facts != NULL)
		status = told_limit_message(r->agent, caller, told_referral_id(out), &allows);
	if (status == TOLD_OK && !allows)
		status = TOLD_E_NOT_FOUND;
	if (status == TOLD_E_NOT_FOUND && r->why->len == 0)
		told_buf_put_text(r->why, "There is no such referral here.");
	if (status != TOLD_OK)
		told_referral_drop(out);
	return status;
}

/* ---- days ---- */

static struct told_span span_of_agreement(struct told_agent *agent, const struct told_referral_facts *f)
{
	struct told_bytes from = told_text(told_party_name(agent->parties, f->referrer));
	struct told_bytes to = told_text(told_party_name(agent->parties, f->referred_to));
	struct told_choice *choice = told_arena_alloc(agent->arena, sizeof *choice);
	for (uint32_t purpose = 1; choice != NULL && purpose < TOLD_PURPOSE_COUNT; purpose++) {
		if ((f->purposes & TOLD_BIT32(purpose)) == 0 ||
		    told_choose(agent, from, to, TOLD_TYPE_REFERRAL, purpose, NULL, 0, choice) != TOLD_OK)
			continue;
		for (size_t i = 0; i < choice->flow_count; i++)
			if (choice->flows[i]->ack.unit != TOLD_SPAN_NONE)
				return choice->flows[i]->ack;
	}
	return (struct told_span){0};
}

int64_t told_referral_due(struct told_agent *agent, const struct told_referral_facts *f)
{
	struct told_span promise = f->referred_to == agent->self ? agent->acknowledge : (struct told_span){0};
	return told_ack_due(f->sent_utc_ms, span_of_agreement(agent, f), promise);
}

/* ---- showing ---- */

/* The permission that it rests on has ended, or was taken back. */
static bool permission_over(const struct told_agent *agent, const struct told_person *person,
			    const struct told_referral_facts *f)
{
	const struct told_consent *c = told_consent_of(person, told_bytes(f->consent_id, TOLD_ID_BYTES));
	if (!f->rests_on_consent || told_referral_closed(f->state))
		return false;
	if (c != NULL)
		c = told_consent_of(person, told_consent_newest(person, told_bytes(c->id, TOLD_ID_BYTES)));
	return c == NULL || c->state == TOLD_CONSENT_STATE_REFUSED || told_consent_gone(person, c) ||
	       told_clock_now(&agent->clock).wall_ms >= told_consent_ends(agent, c);
}

static json_t *flags_json(struct told_agent *agent, const struct told_person *person,
			  const struct told_referral_facts *f, int64_t due_ms)
{
	json_t *flags = json_array();
	if (f->urgent && !told_referral_closed(f->state))
		told_json_add(flags, json_string("urgent"));
	if (told_ack_overdue(f, due_ms, told_clock_now(&agent->clock).wall_ms))
		told_json_add(flags, json_string("overdue"));
	if (permission_over(agent, person, f))
		told_json_add(flags, json_string("permission ended"));
	return flags;
}

static void add_days(struct told_agent *agent, const struct told_referral_facts *f, int64_t due_ms, json_t *json)
{
	struct told_buf words = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	if (told_ack_waits(f)) {
		told_ack_words(due_ms, told_clock_now(&agent->clock).wall_ms, &words);
		json_object_set_new(json, "due_ms", json_integer((json_int_t)due_ms));
		json_object_set_new(json, "due", told_text_json(told_buf_view(&words)));
	}
	if (f->detail == TOLD_DETAIL_WAITING_LIST && f->weeks > 0)
		json_object_set_new(json, "weeks", json_integer(f->weeks));
	if (f->due_utc_ms != 0)
		json_object_set_new(json, "until_ms", json_integer((json_int_t)f->due_utc_ms));
	told_buf_free(&words);
}

static void add_reason(const struct told_agent *agent, const struct told_referral_facts *f, json_t *json)
{
	if (f->reason == TOLD_REASON_NONE)
		return;
	json_object_set_new(json, "reason", json_string(told_code(TOLD_LIST_REASON, f->reason)));
	json_object_set_new(json, "reason_words", json_string(told_words(TOLD_LIST_REASON, f->reason)));
	json_object_set_new(json, "reason_person", json_string(told_reason_person(f->reason)));
	if (f->service != 0)
		json_object_set_new(json, "instead", json_string(told_party_name(agent->parties, f->service)));
}

json_t *told_referral_json(struct told_agent *agent, struct told_bytes client, const struct told_person *person,
			   const struct told_referral_facts *f)
{
	const struct told_substate *fine = told_substate_of(f);
	int64_t due_ms = told_referral_due(agent, f);
	json_t *json =
		json_pack("{s:o, s:o, s:s, s:s, s:s, s:s}", "referral", told_id_json(told_bytes(f->id, TOLD_ID_BYTES)),
			  "client", told_client_json(client), "from", told_party_name(agent->parties, f->referrer),
			  "to", told_party_name(agent->parties, f->referred_to), "state",
			  told_code(TOLD_LIST_REFERRAL, f->state), "word", told_words(TOLD_LIST_REFERRAL, f->state));
	json_t *more = json_pack("{s:s, s:s, s:o, s:I, s:I, s:s}", "substate", fine->code, "substate_words",
				 fine->words, "flags", flags_json(agent, person, f, due_ms), "sent_ms",
				 (json_int_t)f->sent_utc_ms, "changed_ms", (json_int_t)f->changed_utc_ms, "direction",
				 f->referrer == agent->self ? "out" : "in");
	if (json == NULL || more == NULL || json_object_update_new(json, more) != 0) {
		json_decref(json);
		return NULL;
	}
	add_reason(agent, f, json);
	add_days(agent, f, due_ms, json);
	return json;
}

/* ---- duplicates ---- */

const struct told_referral_facts *told_referral_open(const struct told_agent *agent, const struct told_person *person,
						     struct told_bytes to, struct told_bytes except)
{
	uint32_t party = told_party_find(agent->parties, to);
	for (size_t i = 0; i < person->referral_count; i++) {
		const struct told_referral_facts *f = &person->referrals[i];
		if (f->referred_to == party && !told_referral_closed(f->state) &&
		    !told_bytes_equal(told_bytes(f->id, TOLD_ID_BYTES), except))
			return f;
	}
	return NULL;
}

json_t *told_referral_link_json(const struct told_agent *agent, const struct told_referral_facts *open)
{
	bool ours = open->referrer == agent->self;
	return json_pack(
		"{s:o, s:s, s:s, s:s, s:I, s:s}", "referral", told_id_json(told_bytes(open->id, TOLD_ID_BYTES)), "from",
		told_party_name(agent->parties, open->referrer), "state", told_code(TOLD_LIST_REFERRAL, open->state),
		"word", told_words(TOLD_LIST_REFERRAL, open->state), "sent_ms", (json_int_t)open->sent_utc_ms, "do",
		ours ? "Add to the open one: told referral inform REFERRAL --note TEXT. The new one is held; it goes "
		       "when the open one has ended, or is over after 30 days. Take it back: told referral revoke, "
		       "or mistake, with its number."
		     : "Another service has referred this person there already. Ring them first. The new one is "
		       "held; it goes when the open one has ended, or is over after 30 days.");
}
