/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a hearing: who gives, who gets, under which agreement, section by section; and keeps what the checks report.
 * Touches only the question and the hearing itself. */
#include "broker/decide/hearing.h"

#include <stddef.h>

static const uint16_t traits_of[TOLD_TYPE_COUNT] = {
	[TOLD_TYPE_DEPOSIT] = TOLD_TRAIT_ADMIN,
	[TOLD_TYPE_GRANT] = TOLD_TRAIT_MACHINE,
	[TOLD_TYPE_ASK] = TOLD_TRAIT_REQUEST,
	[TOLD_TYPE_KNOWN] = TOLD_TRAIT_REQUEST,
	[TOLD_TYPE_REFERRAL_ANSWER] = TOLD_TRAIT_EVENT,
	[TOLD_TYPE_CANCEL] = TOLD_TRAIT_EVENT,
	[TOLD_TYPE_CLOSURE] = TOLD_TRAIT_EVENT,
	[TOLD_TYPE_CORRECTION] = TOLD_TRAIT_FOLLOWS,
	[TOLD_TYPE_CONSENT] = TOLD_TRAIT_ADMIN,
	[TOLD_TYPE_WITHDRAWAL] = TOLD_TRAIT_ADMIN,
	[TOLD_TYPE_WITHDRAWAL_NOTICE] = TOLD_TRAIT_FOLLOWS | TOLD_TRAIT_MACHINE,
	[TOLD_TYPE_FLAG] = TOLD_TRAIT_ADMIN,
	[TOLD_TYPE_RELATIONSHIP] = TOLD_TRAIT_ADMIN,
	[TOLD_TYPE_AGREEMENT_SIGN] = TOLD_TRAIT_ADMIN | TOLD_TRAIT_MACHINE | TOLD_TRAIT_NO_PERSON,
	[TOLD_TYPE_AGREEMENT_SUSPEND] = TOLD_TRAIT_ADMIN | TOLD_TRAIT_MACHINE | TOLD_TRAIT_NO_PERSON,
	[TOLD_TYPE_REFERENCE] = TOLD_TRAIT_ADMIN,
	[TOLD_TYPE_KEY_RECORD] = TOLD_TRAIT_ADMIN | TOLD_TRAIT_MACHINE | TOLD_TRAIT_NO_PERSON,
	[TOLD_TYPE_WORKER_REGISTER] = TOLD_TRAIT_ADMIN | TOLD_TRAIT_MACHINE | TOLD_TRAIT_NO_PERSON,
	[TOLD_TYPE_PARTNER] = TOLD_TRAIT_ADMIN | TOLD_TRAIT_MACHINE | TOLD_TRAIT_NO_PERSON,
	[TOLD_TYPE_ACK] = TOLD_TRAIT_ADMIN | TOLD_TRAIT_MACHINE | TOLD_TRAIT_NO_PERSON,
	[TOLD_TYPE_OPENED] = TOLD_TRAIT_ADMIN | TOLD_TRAIT_MACHINE | TOLD_TRAIT_NO_PERSON,
	[TOLD_TYPE_RECALL] = TOLD_TRAIT_ADMIN,
	[TOLD_TYPE_RECALL_ANSWER] = TOLD_TRAIT_ADMIN,
	[TOLD_TYPE_ALERT_RECORD] = TOLD_TRAIT_ADMIN | TOLD_TRAIT_MACHINE | TOLD_TRAIT_NO_PERSON,
	[TOLD_TYPE_CONF_CALL] = TOLD_TRAIT_CONF,
	[TOLD_TYPE_CONF_LIST] = TOLD_TRAIT_CONF,
	[TOLD_TYPE_CONF_INVITE] = TOLD_TRAIT_CONF,
	[TOLD_TYPE_CONF_RESEARCH] = TOLD_TRAIT_CONF,
	[TOLD_TYPE_CONF_CONTRIB] = TOLD_TRAIT_CONF,
	[TOLD_TYPE_CONF_MINUTES] = TOLD_TRAIT_CONF,
	[TOLD_TYPE_CONF_ACTION] = TOLD_TRAIT_CONF,
	[TOLD_TYPE_AGGREGATE] = TOLD_TRAIT_NO_PERSON,
	[TOLD_TYPE_AUDIT_VIEW] = TOLD_TRAIT_RIGHT,
	[TOLD_TYPE_SUBJECT_ACCESS] = TOLD_TRAIT_RIGHT,
	[TOLD_TYPE_ERASURE] = TOLD_TRAIT_RIGHT,
	[TOLD_TYPE_HOLD] = TOLD_TRAIT_ADMIN,
	[TOLD_TYPE_CAPACITY] = TOLD_TRAIT_ADMIN,
	[TOLD_TYPE_AUDIT_COPY] = TOLD_TRAIT_ADMIN | TOLD_TRAIT_MACHINE | TOLD_TRAIT_NO_PERSON,
};

static const struct told_directory_facts nobody = {.standing = TOLD_STANDING_UNKNOWN};
static const struct told_agreement no_agreement;

const struct told_directory_facts *told_find_in_directory(const struct told_question *q, uint32_t party)
{
	for (size_t i = 0; i < q->directory_count; i++)
		if (q->directory[i].party == party)
			return &q->directory[i];
	return &nobody;
}

const struct told_party *told_find_line(const struct told_agreement *agreement, uint32_t party)
{
	for (size_t i = 0; i < agreement->party_count; i++)
		if (agreement->parties[i].party == party)
			return &agreement->parties[i];
	return NULL;
}

const struct told_worker_facts *told_find_worker(const struct told_question *q, uint32_t worker)
{
	for (size_t i = 0; worker && i < q->worker_count; i++)
		if (q->workers[i].worker == worker)
			return &q->workers[i];
	return NULL;
}

bool told_worker_is_live(const struct told_worker_facts *worker, uint32_t party, int64_t t_utc_ms)
{
	return worker && worker->party == party && told_within(worker->from_utc_ms, worker->until_utc_ms, t_utc_ms);
}

bool told_marked(const struct told_party *line, unsigned mark)
{
	return line && (line->marks & mark);
}

static bool named_by_flow_or_profile(const struct told_agreement *agreement, uint32_t party)
{
	for (size_t i = 0; i < agreement->flow_count; i++)
		if (told_partyset_has(&agreement->flows[i].to, party) ||
		    told_partyset_has(&agreement->flows[i].from, party))
			return true;
	for (size_t i = 0; i < agreement->profile_count; i++)
		if (told_partyset_has(&agreement->profiles[i].to, party))
			return true;
	return false;
}

bool told_is_party(const struct told_agreement *agreement, uint32_t party)
{
	const struct told_party *line = told_find_line(agreement, party);
	if (!line)
		return false;
	if (told_marked(line, TOLD_MARK_PAPER | TOLD_MARK_PERSON))
		return named_by_flow_or_profile(agreement, party);
	return true;
}

bool told_agreement_in_force(const struct told_agreement *agreement, int64_t t_utc_ms)
{
	return agreement->status == TOLD_AGREEMENT_SIGNED && t_utc_ms >= agreement->from_utc_ms &&
	       t_utc_ms < agreement->until_utc_ms;
}

bool told_codeset_has(const struct told_codeset *set, unsigned code)
{
	unsigned place = told_code_place(code);
	return place < TOLD_CODE_COUNT && (set->w[place / 64] >> (place % 64) & 1);
}

void told_codeset_add(struct told_codeset *set, unsigned code)
{
	unsigned place = told_code_place(code);
	if (place < TOLD_CODE_COUNT)
		set->w[place / 64] |= UINT64_C(1) << (place % 64);
}

/* What becomes of a stop under an override: a mandatory report is stopped by next to nothing. */
static enum told_under_override under_override(const struct told_hearing *h, unsigned code)
{
	enum told_under_override rule = told_code_row(code)->under;
	if (!h->overriding || code == TOLD_OVR_02 || code == TOLD_OVR_05)
		return TOLD_UNDER_S;
	if (h->mandatory_report && rule == TOLD_UNDER_S && code != TOLD_PTY_01 && code != TOLD_PTY_03 &&
	    told_code_row(code)->stage != TOLD_STAGE_ENVELOPE)
		return TOLD_UNDER_N;
	return rule;
}

void told_notice(struct told_hearing *h, unsigned code)
{
	told_codeset_add(&h->noticed, code);
}

void told_stop_always(struct told_hearing *h, unsigned code, enum told_effect effect)
{
	uint8_t *stop = &h->stops[told_code_row(code)->stage];
	if (*stop < effect)
		*stop = effect;
	told_codeset_add(&h->failed, code);
}

void told_stop_message(struct told_hearing *h, unsigned code, enum told_effect effect)
{
	enum told_under_override rule = under_override(h, code);
	if (rule == TOLD_UNDER_S)
		told_stop_always(h, code, effect);
	else if (rule == TOLD_UNDER_N)
		told_notice(h, code);
}

static void keep_first(struct told_item *item, unsigned code, enum told_section_effect effect)
{
	unsigned stage = told_code_row(code)->stage;
	if (stage > item->stage)
		return;
	if (stage < item->stage) {
		item->stage = (uint8_t)stage;
		item->effect = (uint8_t)effect;
		item->code = (uint16_t)code;
		return;
	}
	if (effect == TOLD_SECTION_EFFECT_WITHHOLD)
		item->effect = TOLD_SECTION_EFFECT_WITHHOLD;
	if (code < item->code)
		item->code = (uint16_t)code;
}

void told_stop_section(struct told_hearing *h, struct told_item *item, unsigned code, enum told_section_effect effect)
{
	enum told_under_override rule = under_override(h, code);
	if (rule == TOLD_UNDER_S) {
		keep_first(item, code, effect);
		told_codeset_add(&h->failed, code);
	} else if (rule == TOLD_UNDER_N) {
		item->notice = (uint16_t)code;
		told_notice(h, code);
	}
}

static const struct told_agreement_facts *named_agreement(const struct told_question *q)
{
	const struct told_message_facts *m = &q->message;
	for (size_t i = 0; i < q->agreement_count; i++) {
		const struct told_agreement *agreement = q->agreements[i].agreement;
		if (agreement->version == m->agreement_version && told_bytes_equal(agreement->id, m->agreement_id))
			return &q->agreements[i];
	}
	return NULL;
}

/* A request is ruled as its answer: the holder gives, the asker gets. */
static void seat_parties(struct told_hearing *h)
{
	const struct told_message_facts *m = h->m;
	bool asked = h->traits & TOLD_TRAIT_REQUEST;
	h->giver = asked ? m->recipient : m->sender;
	h->taker = asked ? m->sender : m->recipient;
	h->taker_team = asked ? m->sender_team : m->recipient_team;
	h->taker_role = asked ? m->role : m->recipient_role;
	h->taker_worker = asked ? m->author : m->recipient_worker;
	h->sender = told_find_in_directory(h->q, m->sender);
	h->recipient = told_find_in_directory(h->q, m->recipient);
	h->agreement = &no_agreement;
	h->named = named_agreement(h->q);
	if (!h->named)
		return;
	h->agreement = h->named->agreement;
	h->giver_line = told_find_line(h->agreement, h->giver);
	h->taker_line = told_find_line(h->agreement, h->taker);
	h->giver_signed = asked ? h->named->recipient_signed : h->named->sender_signed;
	h->taker_signed = asked ? h->named->sender_signed : h->named->recipient_signed;
}

/* Types that no override concerns. */
#define OWN_RULES (TOLD_TRAIT_ADMIN | TOLD_TRAIT_RIGHT | TOLD_TRAIT_FOLLOWS | TOLD_TRAIT_NO_PERSON)

static const struct told_basis_facts no_basis;

static void open_item(struct told_hearing *h, struct told_item *item, const struct told_section_facts *facts)
{
	*item = (struct told_item){.facts = facts, .basis = &no_basis, .stage = TOLD_STAGE_COUNT};
	if (facts->basis < h->m->basis_count)
		item->basis = &h->m->bases[facts->basis];
	if (facts->category == TOLD_CATEGORY_NARR) {
		item->leaves = facts->classified;
		item->blank = told_catset_empty(&facts->classified);
	} else {
		told_catset_add(&item->leaves, facts->category);
	}
	bool revealing = told_marked(h->giver_line, TOLD_MARK_REVEALS) || told_marked(h->taker_line, TOLD_MARK_REVEALS);
	item->health = facts->kind == TOLD_SECTION_STORY && !item->blank &&
		       (revealing || told_catset_meets(&item->leaves, &told_leaves_special));
	item->criminal = told_catset_meets(&item->leaves, &told_leaves_criminal);
}

void told_hearing_open(struct told_hearing *h, const struct told_question *question)
{
	memset(h, 0, offsetof(struct told_hearing, items)); /* items are opened one by one */
	h->q = question;
	h->m = &question->message;
	const struct told_message_facts *m = h->m;
	h->traits = m->type < TOLD_TYPE_COUNT ? traits_of[m->type] : 0;
	h->type = m->type == TOLD_TYPE_GRANT ? TOLD_TYPE_ASK : m->type;
	h->purposes = m->purposes;
	uint8_t kind = h->traits & OWN_RULES ? TOLD_OVERRIDE_NONE : m->override.kind;
	h->overriding = kind != TOLD_OVERRIDE_NONE;
	h->alert = kind == TOLD_OVERRIDE_SAFEGUARDING || kind == TOLD_OVERRIDE_VITAL;
	h->mandatory_report = kind == TOLD_OVERRIDE_LAW && m->override.mandatory_report;
	seat_parties(h);
	while (h->superseding < question->consent_count && !told_id_set(question->consents[h->superseding].supersedes))
		h->superseding++;
	h->item_count = m->section_count <= TOLD_SECTIONS_MAX ? m->section_count : TOLD_SECTIONS_MAX;
	for (size_t i = 0; i < h->item_count; i++)
		open_item(h, &h->items[i], &m->sections[i]);
}
