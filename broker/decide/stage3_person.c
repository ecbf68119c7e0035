/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 3, the person: SUB-01 to 07. Matched once, alive, old enough or spoken for, not objecting, nothing restricted.
 */
#include "broker/decide/hearing.h"

static void matched_once(struct told_hearing *h)
{
	const struct told_person_facts *person = &h->q->person;
	if (person->matches == 0)
		told_stop_message(h, TOLD_SUB_01, TOLD_EFFECT_DENY);
	else if (person->matches > 1)
		told_stop_message(h, TOLD_SUB_02, TOLD_EFFECT_HOLD);
	if (person->merge_pending)
		told_stop_message(h, TOLD_SUB_03, TOLD_EFFECT_HOLD);
}

static void alive(struct told_hearing *h)
{
	if (h->q->person.died_utc_ms && h->q->t_utc_ms >= h->q->person.died_utc_ms)
		told_stop_message(h, TOLD_SUB_04, TOLD_EFFECT_HOLD);
}

/* A record by somebody acting for a child, or the child's own with competence recorded. */
static bool opens_age_route(const struct told_hearing *h, const struct told_consent *c)
{
	if (c->person != h->m->person || c->state != TOLD_CONSENT_STATE_GIVEN || told_consent_superseded(h, c))
		return false;
	if (c->giver == TOLD_GIVER_PERSON)
		return c->capacity == TOLD_CAPACITY_COMPETENT_CHILD;
	return c->authority != TOLD_AUTHORITY_REJECTED;
}

static bool needs_permission(const struct told_hearing *h)
{
	for (size_t i = 0; i < h->item_count; i++)
		if (!h->items[i].flow || h->items[i].flow->consent != TOLD_MODE_NONE)
			return true;
	return false;
}

static void age_route(struct told_hearing *h)
{
	if (h->q->person.age != TOLD_UNDER_16 || !needs_permission(h))
		return;
	for (size_t i = 0; i < h->q->consent_count; i++)
		if (opens_age_route(h, &h->q->consents[i]))
			return;
	told_stop_message(h, TOLD_SUB_05, TOLD_EFFECT_HOLD);
}

static bool reaches(const struct told_hearing *h, const struct told_restriction_facts *r)
{
	return h->q->t_utc_ms >= r->since_utc_ms && r->state != TOLD_FLAG_STATE_CLEARED &&
	       (!r->party || r->party == h->taker) && (!r->purposes || r->purposes & h->purposes);
}

static bool touches(const struct told_restriction_facts *r, const struct told_item *item)
{
	return told_catset_empty(&r->categories) || told_catset_meets(&r->categories, &item->leaves);
}

/* An objection that was upheld stops the message; one that is being looked at, and every restriction, its sections. */
static void apply_restriction(struct told_hearing *h, const struct told_restriction_facts *r)
{
	bool upheld = r->kind == TOLD_FLAG_OBJECTION && r->state == TOLD_FLAG_STATE_UPHELD;
	bool touched = h->item_count == 0;
	for (size_t i = 0; i < h->item_count; i++) {
		if (!touches(r, &h->items[i]))
			continue;
		touched = true;
		if (!upheld)
			told_stop_section(h, &h->items[i], TOLD_SUB_06, TOLD_SECTION_EFFECT_HOLD);
	}
	if (upheld && touched)
		told_stop_message(h, TOLD_SUB_07, TOLD_EFFECT_DENY);
}

static void restrictions(struct told_hearing *h)
{
	const struct told_person_facts *person = &h->q->person;
	for (size_t i = 0; i < person->restriction_count; i++)
		if (reaches(h, &person->restrictions[i]))
			apply_restriction(h, &person->restrictions[i]);
	for (size_t i = 0; i < h->item_count; i++)
		if (h->items[i].facts->flags & TOLD_SECTION_RESTRICTED)
			told_stop_section(h, &h->items[i], TOLD_SUB_06, TOLD_SECTION_EFFECT_HOLD);
}

/* Erasing in order to defeat an access request is an offence: RGT-01 says that one is open. */
static void erasure_free(struct told_hearing *h)
{
	const struct told_person_facts *person = &h->q->person;
	for (size_t i = 0; i < person->hold_count; i++) {
		const struct told_hold_facts *hold = &person->holds[i];
		if (!told_within(hold->since_utc_ms, hold->until_utc_ms, h->q->t_utc_ms))
			continue;
		if (hold->kind == TOLD_HOLD_ACCESS_REQUEST)
			told_stop_message(h, TOLD_RGT_01, TOLD_EFFECT_HOLD);
		told_stop_message(h, TOLD_SUB_06, TOLD_EFFECT_HOLD);
	}
}

/* Rights and corrections are the cure of a restriction and of an objection: they are not asked about those. */
/* A view without rows is a look at the asker's own entries: whether anybody knows the person must not show in it. */
static bool about_no_person(const struct told_hearing *h)
{
	return h->traits & TOLD_TRAIT_NO_PERSON || h->m->type == TOLD_TYPE_WITHDRAWAL_NOTICE ||
	       (h->m->type == TOLD_TYPE_AUDIT_VIEW && h->item_count == 0);
}

void told_stage_person(struct told_hearing *h)
{
	if (about_no_person(h))
		return;
	matched_once(h);
	alive(h);
	if (h->m->type == TOLD_TYPE_ERASURE)
		erasure_free(h);
	if (h->traits & (TOLD_TRAIT_RIGHT | TOLD_TRAIT_FOLLOWS))
		return;
	age_route(h);
	restrictions(h);
}
