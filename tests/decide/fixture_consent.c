/* SPDX-License-Identifier: Apache-2.0 */
/* The consent records and withdrawals of a case. What a record does not say: given by the person with capacity, freely,
 * with a signature on file, under the notice then in force, taken by whoever holds the story, without an end. */
#include "decide/fixture_parts.h"

#include <stdlib.h>
#include <string.h>

static uint32_t notice_then(const struct fixture *f, int64_t t)
{
	uint32_t version = 0;
	for (size_t i = 0; f->agreement_count && i < f->loaded[0]->notice_count; i++)
		if (f->loaded[0]->notices[i].from_utc_ms <= t && f->loaded[0]->notices[i].version > version)
			version = f->loaded[0]->notices[i].version;
	return version;
}

static uint32_t holder(const struct fixture *f)
{
	const struct told_message_facts *m = &f->q.message;
	bool asked = m->type == TOLD_TYPE_ASK || m->type == TOLD_TYPE_KNOWN;
	return asked && f->recipient_count ? f->recipients[0] : m->sender;
}

static void read_recipients(struct fixture *f, struct told_consent *c, const struct told_node *list)
{
	struct told_consent_recipient *all = fixture_room(f, fixture_count(list), sizeof *all);
	c->recipients = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		struct told_consent_recipient *r = &all[c->recipient_count++];
		r->party = fixture_party_team(f, n->text, &r->team);
	}
}

static void read_flags(struct told_consent *c, const struct told_node *n)
{
	static const struct {
		const char *key, *word;
		uint16_t flag;
	} flags[] = {
		{"freely-given", "no", TOLD_CONSENT_NOT_FREE},  {"presence", "yes", TOLD_CONSENT_PRESENCE},
		{"seen-alone", "yes", TOLD_CONSENT_SEEN_ALONE}, {"warned", "yes", TOLD_CONSENT_WARNED},
		{"refer", "yes", TOLD_CONSENT_REFER},           {"contact", "yes", TOLD_CONSENT_CONTACT},
		{"reason-named", "yes", TOLD_CONSENT_REASON},
	};
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (fixture_is(n, flags[i].key, flags[i].word))
			c->flags |= flags[i].flag;
}

static void read_giver(struct fixture *f, struct told_consent *c, const struct told_node *n)
{
	c->giver = (uint8_t)fixture_value(f, n, "giver", TOLD_LIST_GIVER, TOLD_GIVER_PERSON);
	c->capacity = fixture_is(n, "capacity", "fluctuating")      ? TOLD_CAPACITY_FLUCTUATING
		      : fixture_is(n, "capacity", "lacks")          ? TOLD_CAPACITY_LACKS
		      : fixture_is(n, "competence", "recorded")     ? TOLD_CAPACITY_COMPETENT_CHILD
		      : fixture_is(n, "competence", "not-recorded") ? TOLD_CAPACITY_NOT_RECORDED
								    : TOLD_CAPACITY_HAS;
	c->authority = fixture_is(n, "authority", "checked")    ? TOLD_AUTHORITY_CHECKED
		       : fixture_is(n, "authority", "rejected") ? TOLD_AUTHORITY_REJECTED
								: TOLD_AUTHORITY_NOT_SHOWN;
	const struct told_node *by = told_node_get(n, "taken-by");
	c->taken_by = by ? fixture_name(f, f->parties, by->text) : holder(f);
	c->evidence = fixture_is(n, "evidence", "none") ? TOLD_EVIDENCE_NONE : TOLD_EVIDENCE_SIGNATURE;
	c->notice_version = (uint32_t)fixture_number(f, n, "notice", notice_then(f, c->given_utc_ms));
}

static void read_scope(struct fixture *f, struct told_consent *c, const struct told_node *n)
{
	const struct told_node *steps = told_node_get(n, "steps");
	read_recipients(f, c, told_node_get(n, "to"));
	c->purposes = fixture_purposes(f, told_node_get(n, "for"));
	c->include = fixture_data(f, told_node_get(n, "data"));
	c->exclude = fixture_data(f, told_node_get(n, "except"));
	c->not_to = fixture_parties(f, told_node_get(n, "except-to"));
	c->not_from = fixture_parties(f, told_node_get(n, "except-originator"));
	c->data_from_utc_ms = fixture_time(f, n, "window-from", 0, false);
	c->data_until_utc_ms = fixture_time(f, n, "window-until", 0, true);
	c->location_named = fixture_party(f, n, "names-location-to");
	c->chosen = fixture_party(f, n, "chosen");
	for (const struct told_node *s = steps ? steps->first : NULL; s; s = s->next)
		c->plan_steps |= UINT64_C(1) << (atoi(fixture_text(f, s)) - 1);
}

static void read_consent(struct fixture *f, struct told_consent *c, const struct told_node *n)
{
	fixture_id(told_node_get(n, "id"), c->id);
	fixture_id(told_node_get(n, "supersedes"), c->supersedes);
	c->kind = (uint8_t)fixture_value(f, n, "kind", TOLD_LIST_CONSENT_KIND, 0);
	c->state = (uint8_t)fixture_value(f, n, "state", TOLD_LIST_CONSENT_STATE, 0);
	const struct told_node *person = told_node_get(n, "person");
	c->person = fixture_name(f, f->persons, person ? person->text : told_text("S1"));
	c->given_utc_ms = fixture_time(f, n, "given", 0, false);
	c->from_utc_ms = fixture_time(f, n, "from", 0, false);
	c->until_utc_ms = fixture_time(f, n, "until", 0, true);
	c->ended_utc_ms = fixture_time(f, n, "ended", 0, false);
	read_scope(f, c, n);
	read_giver(f, c, n);
	read_flags(c, n);
}

void fixture_read_consents(struct fixture *f, const struct told_node *list)
{
	struct told_consent *all = fixture_room(f, fixture_count(list), sizeof *all);
	struct told_withdrawal_facts *gone = fixture_room(f, fixture_count(list), sizeof *gone);
	f->q.consents = all;
	f->q.withdrawals = gone;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		struct told_consent *c = &all[f->q.consent_count++];
		read_consent(f, c, n);
		if (!told_node_get(n, "withdrawn"))
			continue;
		struct told_withdrawal_facts *w = &gone[f->q.withdrawal_count++];
		memcpy(w->consent_id, c->id, sizeof c->id);
		w->at_utc_ms = fixture_time(f, n, "withdrawn", 0, false);
	}
}
