/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 7, the filters: SEC-01 to 08 and 10. Each is asked of every section; any hit withholds, all hits are reported.
 */
#include "broker/decide/hearing.h"

static void withhold(struct told_hearing *h, struct told_item *item, unsigned code)
{
	told_stop_section(h, item, code, TOLD_SECTION_EFFECT_WITHHOLD);
}

/* Without a flow or profile nothing says whether others' data, age or verification matter. */
static bool placed(const struct told_hearing *h, const struct told_item *item)
{
	return item->flow || h->profile;
}

static bool emergency_override(const struct told_hearing *h)
{
	return h->overriding && h->profile && told_marked(h->taker_line, TOLD_MARK_EMERGENCY);
}

static void location(struct told_hearing *h, struct told_item *item)
{
	bool locates =
		told_catset_meets(&item->leaves, &told_leaves_location) || item->facts->flags & TOLD_SECTION_LOCATES;
	if (!locates || !h->q->person.location_protected)
		return;
	bool cleared = told_partyset_has(&h->agreement->locate, h->taker);
	if (!cleared || !(emergency_override(h) || told_location_named(h, item)))
		withhold(h, item, TOLD_SEC_01);
}

/* A household link needs each adult's own permission, or an override: no flow has a basis for it. */
static void third_party(struct told_hearing *h, struct told_item *item)
{
	uint64_t about = item->facts->about;
	bool others = told_catset_meets(&item->leaves, &told_leaves_others) || (about && about != h->m->person);
	bool link = told_catset_has(&item->leaves, TOLD_CATEGORY_FAM_LINK);
	bool own_basis =
		h->profile ? h->profile->others_own_basis : item->flow && item->flow->others_own_basis && !link;
	if (placed(h, item) && others && !own_basis && !told_other_permits(h, item))
		withhold(h, item, TOLD_SEC_02);
}

static void originator(struct told_hearing *h, struct told_item *item)
{
	uint32_t from = item->facts->originator;
	if (!from || from == h->giver || from == h->taker)
		return;
	if (!(item->facts->flags & TOLD_SECTION_ONWARD) || (item->flow && item->flow->onward == TOLD_ONWARD_NEVER))
		withhold(h, item, TOLD_SEC_03);
}

static bool marker_over(const struct told_hearing *h, const struct told_item *item)
{
	return item->facts->category == TOLD_CATEGORY_RSK_STAFF && item->facts->ends_utc_ms &&
	       h->q->t_utc_ms >= item->facts->ends_utc_ms;
}

static void recent(struct told_hearing *h, struct told_item *item)
{
	if (placed(h, item) && marker_over(h, item))
		withhold(h, item, TOLD_SEC_04);
	if (!item->flow || item->facts->category == TOLD_CATEGORY_PRF_ACC)
		return;
	for (size_t i = 0; i < item->flow->lookback_count; i++) {
		const struct told_lookback *back = &item->flow->lookbacks[i];
		if (told_catset_meets(&back->data, &item->leaves) &&
		    item->facts->recorded_utc_ms < told_span_before(h->q->t_utc_ms, back->span))
			withhold(h, item, TOLD_SEC_04);
	}
}

static void classified(struct told_hearing *h, struct told_item *item)
{
	if (item->blank)
		withhold(h, item, TOLD_SEC_05);
}

/* The steps that the person ticked for this supporter; the permission that opened the section says which. */
static bool step_ticked(const struct told_hearing *h, const struct told_item *item)
{
	unsigned step = item->facts->step;
	if (h->m->type != TOLD_TYPE_PLAN_STEP || !told_marked(h->taker_line, TOLD_MARK_PERSON))
		return true;
	return item->consent && step >= 1 && step <= 64 && item->consent->plan_steps & TOLD_BIT64(step);
}

static void necessary(struct told_hearing *h, struct told_item *item)
{
	if (!item->flow || item->facts->category == TOLD_CATEGORY_PRF_ACC)
		return;
	bool needed =
		item->facts->kind != TOLD_SECTION_COUNTS || item->facts->smallest_cell >= item->flow->smallest_cell;
	for (size_t i = 0; i < item->flow->not_needed_count; i++) {
		const struct told_not_needed *row = &item->flow->not_needed[i];
		if (told_catset_meets(&row->data, &item->leaves) && row->purposes & h->purposes)
			needed = false;
	}
	if (!needed || !step_ticked(h, item))
		withhold(h, item, TOLD_SEC_06);
}

/* Bars that a statute lets the person lift. */
static unsigned bars_to_agree(void)
{
	unsigned bars = 0;
#define X(bit, name, word, agree) bars |= (agree) ? 1u << (bit) : 0;
	TOLD_BARS(X)
#undef X
	return bars;
}

/* Yields only where the statute lets the person agree and both a flow and a permission name it; under an override only
 * where the profile names the statute's own exception. */
static void statutory(struct told_hearing *h, struct told_item *item)
{
	unsigned bars = item->facts->bar;
	bool former = told_catset_has(&item->leaves, TOLD_CATEGORY_DEM_FORMER);
	unsigned named = h->profile ? h->profile->bars : item->flow ? item->flow->bars : 0;
	if (former)
		bars |= TOLD_BAR_GENDER_HISTORY;
	if (!h->profile) {
		bool permitted = item->pass == TOLD_OK_00 && item->stage > TOLD_STAGE_CONSENT;
		if (former && item->flow)
			named |= TOLD_BAR_GENDER_HISTORY;
		named &= permitted ? bars_to_agree() : 0;
	}
	if (bars & ~named)
		withhold(h, item, TOLD_SEC_07);
}

static void author_confidential(struct told_hearing *h, struct told_item *item)
{
	if (item->facts->flags & TOLD_SECTION_CONFIDENTIAL)
		withhold(h, item, TOLD_SEC_08);
}

/* The incident, its date, an author, and an end at most twelve months on. What to do stands in the sealed text. */
static bool marker_complete(const struct told_section_facts *s)
{
	const struct told_span a_year = {.count = 12, .unit = TOLD_SPAN_MONTHS};
	return s->incident_utc_ms && s->authored && s->ends_utc_ms && s->ends_utc_ms > s->incident_utc_ms &&
	       s->ends_utc_ms <= told_span_after(s->recorded_utc_ms, a_year);
}

static void verified(struct told_hearing *h, struct told_item *item)
{
	bool asked = item->flow && told_catset_meets(&item->flow->verified, &item->leaves);
	bool unverified = asked && !(item->facts->flags & TOLD_SECTION_VERIFIED);
	bool marker = item->facts->category == TOLD_CATEGORY_RSK_STAFF;
	if (placed(h, item) && (unverified || (marker && !marker_complete(item->facts))))
		withhold(h, item, TOLD_SEC_10);
}

/* Recipients who see each other's names and addresses, when they are people: the list itself would tell. */
static void recipient_list(struct told_hearing *h)
{
	const struct told_message_facts *m = h->m;
	bool people = false, protected = false;
	if (!m->recipients_visible || m->recipient_count < 2)
		return;
	for (size_t i = 0; i < m->recipient_count; i++) {
		const struct told_directory_facts *found = told_find_in_directory(h->q, m->recipients[i]);
		people |= told_marked(told_find_line(h->agreement, m->recipients[i]), TOLD_MARK_PERSON);
		protected |= found->location_protected;
	}
	if (protected)
		told_stop_message(h, TOLD_SEC_01, TOLD_EFFECT_HOLD);
	if (people || protected)
		told_stop_message(h, TOLD_SEC_02, TOLD_EFFECT_HOLD);
}

void told_stage_filters(struct told_hearing *h)
{
	static void (*const checks[])(struct told_hearing *, struct told_item *) = {
		location,  third_party, originator,          recent,   classified,
		necessary, statutory,   author_confidential, verified,
	};
	if (h->traits & TOLD_TRAIT_RIGHT)
		return;
	recipient_list(h);
	for (size_t i = 0; i < h->item_count; i++)
		for (size_t j = 0; j < sizeof checks / sizeof checks[0]; j++)
			checks[j](h, &h->items[i]);
}
