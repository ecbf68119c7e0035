/* SPDX-License-Identifier: Apache-2.0 */
/* The consent records and withdrawals of a case. What a record does not say: given by the person with capacity, freely,
 * with a signature on file, under the notice then in force, taken by whoever holds the story, without an end. */
#include "broker/cases/case.h"

#include <string.h>

static uint32_t notice_then(const struct told_case *c, int64_t t)
{
	uint32_t version = 0;
	for (size_t i = 0; c->agreement_count && i < c->loaded[0]->notice_count; i++)
		if (c->loaded[0]->notices[i].from_utc_ms <= t && c->loaded[0]->notices[i].version > version)
			version = c->loaded[0]->notices[i].version;
	return version;
}

static uint32_t holder(const struct told_case *c)
{
	const struct told_message_facts *m = &c->q.message;
	bool asked = m->type == TOLD_TYPE_ASK || m->type == TOLD_TYPE_KNOWN;
	return asked && c->recipient_count ? c->recipients[0] : m->sender;
}

static void read_recipients(struct told_case *c, struct told_consent *record, const struct told_node *list)
{
	struct told_consent_recipient *all = told_case_room(c, told_case_count(list), sizeof *all);
	record->recipients = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		struct told_consent_recipient *r = &all[record->recipient_count++];
		r->party = told_case_party_team(c, n->text, &r->team);
	}
}

static void read_flags(struct told_case *c, struct told_consent *record, const struct told_node *n)
{
	static const struct {
		const char *key;
		uint16_t flag;
	} flags[] = {
		{"presence", TOLD_CONSENT_PRESENCE}, {"seen-alone", TOLD_CONSENT_SEEN_ALONE},
		{"warned", TOLD_CONSENT_WARNED},     {"refer", TOLD_CONSENT_REFER},
		{"contact", TOLD_CONSENT_CONTACT},   {"reason-named", TOLD_CONSENT_REASON},
	};
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (told_case_yes(c, n, flags[i].key))
			record->flags |= flags[i].flag;
	if (told_case_no(c, n, "freely-given"))
		record->flags |= TOLD_CONSENT_NOT_FREE;
}

static const struct told_case_word capacities[] = {{"has", TOLD_CAPACITY_HAS},
						   {"fluctuating", TOLD_CAPACITY_FLUCTUATING},
						   {"lacks", TOLD_CAPACITY_LACKS},
						   {NULL, 0}};
static const struct told_case_word competences[] = {
	{"recorded", TOLD_CAPACITY_COMPETENT_CHILD}, {"not-recorded", TOLD_CAPACITY_NOT_RECORDED}, {NULL, 0}};
static const struct told_case_word authorities[] = {{"checked", TOLD_AUTHORITY_CHECKED},
						    {"not-shown", TOLD_AUTHORITY_NOT_SHOWN},
						    {"rejected", TOLD_AUTHORITY_REJECTED},
						    {NULL, 0}};
static const struct told_case_word evidence[] = {{"none", TOLD_EVIDENCE_NONE},
						 {"signature", TOLD_EVIDENCE_SIGNATURE},
						 {"recording", TOLD_EVIDENCE_RECORDING},
						 {"note", TOLD_EVIDENCE_NOTE},
						 {NULL, 0}};

static void read_giver(struct told_case *c, struct told_consent *record, const struct told_node *n)
{
	unsigned capacity = told_case_word(c, n, "competence", competences, TOLD_CAPACITY_HAS);
	record->giver = (uint8_t)told_case_value(c, n, "giver", TOLD_LIST_GIVER, TOLD_GIVER_PERSON);
	record->capacity = (uint8_t)told_case_word(c, n, "capacity", capacities, capacity);
	record->authority = (uint8_t)told_case_word(c, n, "authority", authorities, TOLD_AUTHORITY_NOT_SHOWN);
	const struct told_node *by = told_node_get(n, "taken-by");
	record->taken_by = by ? told_case_name(c, c->parties, by->text) : holder(c);
	record->evidence = (uint8_t)told_case_word(c, n, "evidence", evidence, TOLD_EVIDENCE_SIGNATURE);
	record->notice_version = (uint32_t)told_case_number(c, n, "notice", notice_then(c, record->given_utc_ms));
}

static void read_excluded_persons(struct told_case *c, struct told_consent *record, const struct told_node *list)
{
	uint64_t *all = told_case_room(c, told_case_count(list), sizeof *all);
	record->not_about = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next)
		all[record->not_about_count++] = told_case_name(c, c->persons, n->text);
}

static void read_scope(struct told_case *c, struct told_consent *record, const struct told_node *n)
{
	const struct told_node *steps = told_node_get(n, "steps");
	read_recipients(c, record, told_node_get(n, "to"));
	record->purposes = told_case_purposes(c, told_node_get(n, "for"));
	record->include = told_case_data(c, told_node_get(n, "data"));
	record->exclude = told_case_data(c, told_node_get(n, "except"));
	record->not_to = told_case_party_set(c, told_node_get(n, "except-to"));
	record->not_from = told_case_party_set(c, told_node_get(n, "except-originator"));
	read_excluded_persons(c, record, told_node_get(n, "except-about"));
	record->data_from_utc_ms = told_case_time(c, n, "window-from", 0, false);
	record->data_until_utc_ms = told_case_time(c, n, "window-until", 0, true);
	record->location_named = told_case_party(c, n, "names-location-to");
	record->chosen = told_case_party(c, n, "chosen");
	for (const struct told_node *s = steps ? steps->first : NULL; s; s = s->next) {
		uint64_t step = 0;
		if (told_decimal(s->text, 64, &step) == TOLD_OK && step >= 1)
			record->plan_steps |= UINT64_C(1) << (step - 1);
		else
			told_case_fail(c, s, "\"%s\" is no step: 1 to 64", told_case_text(c, s));
	}
}

static void read_consent(struct told_case *c, struct told_consent *record, const struct told_node *n)
{
	told_case_id(told_node_get(n, "id"), record->id);
	told_case_id(told_node_get(n, "supersedes"), record->supersedes);
	record->kind = (uint8_t)told_case_value(c, n, "kind", TOLD_LIST_CONSENT_KIND, 0);
	record->state = (uint8_t)told_case_value(c, n, "state", TOLD_LIST_CONSENT_STATE, 0);
	const struct told_node *person = told_node_get(n, "person");
	record->person = told_case_name(c, c->persons, person ? person->text : told_text("S1"));
	record->given_utc_ms = told_case_time(c, n, "given", 0, false);
	record->from_utc_ms = told_case_time(c, n, "from", 0, false);
	record->until_utc_ms = told_case_time(c, n, "until", 0, true);
	record->ended_utc_ms = told_case_time(c, n, "ended", 0, false);
	read_scope(c, record, n);
	read_giver(c, record, n);
	read_flags(c, record, n);
}

void told_case_read_consents(struct told_case *c, const struct told_node *list)
{
	struct told_consent *all = told_case_room(c, told_case_count(list), sizeof *all);
	struct told_withdrawal_facts *gone = told_case_room(c, told_case_count(list), sizeof *gone);
	c->q.consents = all;
	c->q.withdrawals = gone;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		struct told_consent *record = &all[c->q.consent_count++];
		read_consent(c, record, n);
		if (!told_node_get(n, "withdrawn"))
			continue;
		struct told_withdrawal_facts *w = &gone[c->q.withdrawal_count++];
		memcpy(w->consent_id, record->id, sizeof record->id);
		w->at_utc_ms = told_case_time(c, n, "withdrawn", 0, false);
	}
}
