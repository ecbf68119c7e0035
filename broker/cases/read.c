/* SPDX-License-Identifier: Apache-2.0 */
/* A case's facts beside agreements, message and consents: person, directory, relationships, workflow. */
#include "broker/cases/case.h"

static const struct told_case_word restriction_kinds[] = {{"restricted", TOLD_FLAG_RESTRICTED},
							  {"disputed", TOLD_FLAG_DISPUTED},
							  {"objection", TOLD_FLAG_OBJECTION},
							  {NULL, 0}};
static const struct told_case_word restriction_states[] = {{"set", TOLD_FLAG_STATE_SET},
							   {"looking", TOLD_FLAG_STATE_BEING_LOOKED_AT},
							   {"upheld", TOLD_FLAG_STATE_UPHELD},
							   {"cleared", TOLD_FLAG_STATE_CLEARED},
							   {NULL, 0}};
static const struct told_case_word hold_kinds[] = {{"inquiry", TOLD_HOLD_INQUIRY},
						   {"court", TOLD_HOLD_COURT},
						   {"complaint", TOLD_HOLD_COMPLAINT},
						   {"access-request", TOLD_HOLD_ACCESS_REQUEST},
						   {"incident", TOLD_HOLD_INCIDENT},
						   {"review", TOLD_HOLD_STATUTORY_REVIEW},
						   {NULL, 0}};
static const struct told_case_word ages[] = {
	{"adult", TOLD_ADULT}, {"under-16", TOLD_UNDER_16}, {"16-or-17", TOLD_16_OR_17}, {NULL, 0}};
static const struct told_case_word capacities[] = {{"has", TOLD_CAPACITY_HAS},
						   {"lacks", TOLD_CAPACITY_LACKS},
						   {"fluctuating", TOLD_CAPACITY_FLUCTUATING},
						   {NULL, 0}};

static void read_restrictions(struct told_case *c, const struct told_node *list)
{
	struct told_restriction_facts *all = told_case_room(c, told_case_count(list), sizeof *all);
	c->q.person.restrictions = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		struct told_restriction_facts *r = &all[c->q.person.restriction_count++];
		r->kind = (uint8_t)told_case_word(c, n, "kind", restriction_kinds, TOLD_FLAG_RESTRICTED);
		r->state = (uint8_t)told_case_word(c, n, "state", restriction_states, TOLD_FLAG_STATE_SET);
		r->since_utc_ms = told_case_time(c, n, "since", 0, false);
		r->party = told_case_party(c, n, "to");
		r->purposes = told_case_purposes(c, told_node_get(n, "for"));
		r->categories = told_case_data(c, told_node_get(n, "data"));
	}
}

static void read_holds(struct told_case *c, const struct told_node *list)
{
	struct told_hold_facts *all = told_case_room(c, told_case_count(list), sizeof *all);
	c->q.person.holds = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		struct told_hold_facts *hold = &all[c->q.person.hold_count++];
		hold->kind = (uint8_t)told_case_word(c, n, "kind", hold_kinds, 0);
		hold->since_utc_ms = told_case_time(c, n, "since", 0, false);
		hold->until_utc_ms = told_case_time(c, n, "until", 0, true);
	}
}

static void read_excluded(struct told_case *c, const struct told_node *list)
{
	uint32_t *all = told_case_room(c, told_case_count(list), sizeof *all);
	c->q.person.excluded_workers = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next)
		all[c->q.person.excluded_worker_count++] = told_case_name(c, c->workers, n->text);
}

static void read_person(struct told_case *c)
{
	const struct told_node *n = told_node_get(c->node, "person");
	struct told_person_facts *p = &c->q.person;
	p->matches = (uint32_t)told_case_number(c, n, "matches", 1);
	p->age = (uint8_t)told_case_word(c, n, "age", ages, TOLD_ADULT);
	p->capacity = (uint8_t)told_case_word(c, n, "capacity", capacities, TOLD_CAPACITY_HAS);
	p->merge_pending = told_case_yes(c, n, "merge-pending");
	p->location_protected = told_case_yes(c, n, "location-protected");
	p->died_utc_ms = told_case_time(c, n, "died", 0, false);
	p->do_not_notify_since_utc_ms = told_case_time(c, n, "do-not-notify-since", 0, false);
	read_restrictions(c, told_node_get(n, "restrictions"));
	read_holds(c, told_node_get(n, "holds"));
	read_excluded(c, told_node_get(n, "excluded-workers"));
}

static bool listed(const struct told_node *list, struct told_bytes name)
{
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next)
		if (told_bytes_equal(n->text, name))
			return true;
	return false;
}

/* Everybody whom the case names is enrolled and active, unless it says otherwise. */
static void read_directory(struct told_case *c)
{
	const struct told_node *n = told_node_get(c->node, "directory");
	uint32_t count = told_party_count(c->parties);
	struct told_directory_facts *all = told_case_room(c, count, sizeof *all);
	c->q.directory = all;
	c->q.directory_count = count;
	for (uint32_t party = 1; party <= count; party++) {
		struct told_bytes name = told_text(told_party_name(c->parties, party));
		struct told_directory_facts *d = &all[party - 1];
		d->party = party;
		d->operator= told_bytes_equal(name, told_text("broker"));
		d->location_protected = listed(told_node_get(n, "location-protected"), name);
		d->standing = TOLD_STANDING_ACTIVE;
		if (listed(told_node_get(n, "unknown"), name))
			d->standing = TOLD_STANDING_UNKNOWN;
		if (listed(told_node_get(n, "suspended"), name))
			d->standing = TOLD_STANDING_SUSPENDED;
		if (listed(told_node_get(n, "left"), name))
			d->standing = TOLD_STANDING_LEFT;
	}
}

static void read_workflow(struct told_case *c)
{
	const struct told_node *n = told_node_get(c->node, "workflow"), *under = told_node_get(n, "delivered-under");
	struct told_workflow_facts *w = &c->q.workflow;
	w->referral_state = (uint8_t)told_case_value(c, n, "referral", TOLD_LIST_REFERRAL, 0);
	w->referral_reason = (uint8_t)told_case_value(c, n, "reason", TOLD_LIST_REASON, 0);
	w->changed_utc_ms = told_case_time(c, n, "changed", c->q.t_utc_ms, false);
	w->referrer = told_case_party(c, n, "referrer");
	w->referred_to = told_case_party(c, n, "referred-to");
	w->open_duplicate = told_case_yes(c, n, "open-duplicate");
	w->rests_on_consent = told_node_get(n, "rests-on") != NULL;
	told_case_id(told_node_get(n, "rests-on"), w->consent_id);
	w->event = told_node_get(n, "acknowledge-by") ? TOLD_EVENT_ACK_OVERDUE : TOLD_EVENT_MESSAGE;
	w->ack_due_utc_ms = told_case_time(c, n, "acknowledge-by", 0, false);
	w->has_conference = told_node_get(n, "members") != NULL;
	w->members = told_case_party_set(c, told_node_get(n, "members"));
	w->about_sender = told_case_party(c, n, "about-sender");
	w->about_known = w->about_sender != 0;
	w->about_recipients = told_case_party_set(c, told_node_get(n, "about-recipients"));
	w->about_released = told_case_data(c, told_node_get(n, "about-released"));
	uint8_t(*ids)[TOLD_ID_BYTES] = told_case_room(c, told_case_count(under), sizeof *ids);
	w->delivered_under = (const uint8_t(*)[TOLD_ID_BYTES])ids;
	for (const struct told_node *id = under ? under->first : NULL; id; id = id->next)
		told_case_id(id, ids[w->delivered_under_count++]);
}

static void read_relationships(struct told_case *c, const struct told_node *list)
{
	struct told_relationship_facts *all = told_case_room(c, told_case_count(list), sizeof *all);
	c->q.relationships = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		struct told_relationship_facts *r = &all[c->q.relationship_count++];
		const struct told_node *worker = told_node_get(n, "worker");
		r->kind = (uint8_t)told_case_value(c, n, "kind", TOLD_LIST_RELATIONSHIP, 0);
		r->party = told_case_party(c, n, "party");
		r->worker = worker ? told_case_name(c, c->workers, worker->text) : 0;
		r->person = c->q.message.person;
		r->from_utc_ms = told_case_time(c, n, "from", 0, false);
		r->until_utc_ms = told_case_time(c, n, "until", 0, true);
	}
}

/* A dispute says what the table expects, what we do, and why. */
static void check_dispute(struct told_case *c)
{
	const struct told_node *disputed = told_node_get(c->node, "disputed"),
			       *table = told_node_get(c->node, "table_expect");
	if (!disputed != !table || (disputed && !disputed->text.len))
		told_case_fail(
			c, disputed ? disputed : table,
			"\"disputed\" gives the reason and \"table_expect\" what the table says: one needs the other");
}

void told_case_read(struct told_case *c)
{
	c->q.t_utc_ms = told_case_time(c, c->node, "clock", 0, false);
	told_case_name(c, c->persons, told_text("S1"));
	check_dispute(c);
	told_case_read_agreements(c);
	if (c->fault)
		return;
	told_case_read_message(c, told_node_get(c->node, "message"));
	if (c->recipient_count == 0)
		told_case_fail(c, NULL, "the message names no recipient");
	read_person(c);
	read_workflow(c);
	told_case_read_conference(c, told_node_get(c->node, "message"), told_node_get(c->node, "workflow"));
	told_case_read_consents(c, told_node_get(c->node, "consents"));
	read_relationships(c, told_node_get(c->node, "relationships"));
	read_directory(c);
}

static uint32_t signed_by(const struct told_agreement *a, uint32_t party)
{
	for (size_t i = 0; i < a->party_count; i++)
		if (a->parties[i].party == party)
			return a->parties[i].signed_version;
	return 0;
}

void told_case_seat(struct told_case *c, size_t recipient)
{
	struct told_message_facts *m = &c->q.message;
	struct told_partyset out = told_case_party_set(c, told_node_get(c->node, "suspended-in-agreement"));
	m->recipient = c->recipients[recipient];
	m->recipient_team = c->recipient_teams[recipient];
	for (size_t i = 0; i < c->agreement_count; i++) {
		struct told_agreement_facts *a = &c->agreements[i];
		a->sender_signed = signed_by(a->agreement, m->sender);
		a->recipient_signed = signed_by(a->agreement, m->recipient);
		a->sender_suspended = told_partyset_has(&out, m->sender);
		a->recipient_suspended = told_partyset_has(&out, m->recipient);
	}
	told_case_state_bases(c);
}
