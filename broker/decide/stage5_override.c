/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 5, override and threshold: OVR-01 to 09. Finds the profile before stage 4 reads its grounds, and says what of
 * the message is its first set. An alert never waits for a formality (decision.md 4.3). */
#include "broker/decide/hearing.h"

static bool role_may_declare(const struct told_profile *p, unsigned role)
{
	if (p->anyone)
		return true;
	return role != TOLD_ROLE_NONE && role != TOLD_ROLE_TRAINEE && p->declare & TOLD_BIT32(role);
}

static bool fits_kind(const struct told_hearing *h, const struct told_profile *p)
{
	return p->kind == h->m->override.kind && p->mandatory_report == h->m->override.mandatory_report &&
	       told_partyset_has(&p->from, h->giver);
}

static bool fits_message(const struct told_hearing *h, const struct told_profile *p)
{
	return p->types & TOLD_BIT64(h->type) && h->purposes && !(h->purposes & ~p->purposes);
}

/* The profile of the kind that fits the message and reaches the recipient; OVR-05 when some fit but none reaches. */
void told_find_profile(struct told_hearing *h)
{
	bool fits = false;
	for (size_t i = 0; i < h->agreement->profile_count && !h->profile; i++) {
		const struct told_profile *p = &h->agreement->profiles[i];
		if (!fits_kind(h, p) || !fits_message(h, p))
			continue;
		fits = true;
		if (told_partyset_has(&p->to, h->taker))
			h->profile = p;
	}
	if (!h->profile)
		told_stop_message(h, fits ? TOLD_OVR_05 : TOLD_OVR_02, TOLD_EFFECT_DENY);
	for (size_t i = 0; h->profile && i < h->item_count; i++)
		h->items[i].grounds = &h->profile->basis;
}

/* Of an alert the author's role is PTY-05, and holds only what lies beyond the first set. */
static void declared_by(struct told_hearing *h)
{
	if (role_may_declare(h->profile, h->m->role))
		return;
	if (h->alert)
		h->author_may_not = true;
	else
		told_stop_message(h, TOLD_OVR_02, TOLD_EFFECT_DENY);
}

static void not_ended(struct told_hearing *h)
{
	const struct told_override_facts *o = &h->m->override;
	int64_t end = told_span_after(o->raised_utc_ms, h->profile->expires);
	if (o->expires_utc_ms && o->expires_utc_ms < end)
		end = o->expires_utc_ms;
	if (h->profile->expires.unit != TOLD_SPAN_NONE && h->q->t_utc_ms >= end)
		told_stop_message(h, TOLD_OVR_08, TOLD_EFFECT_HOLD);
}

/* Lacking, fluctuating or doubted capacity is no capacitous refusal. */
static bool presumed_capable(const struct told_person_facts *person)
{
	return person->capacity == TOLD_CAPACITY_NONE || person->capacity == TOLD_CAPACITY_HAS ||
	       person->capacity == TOLD_CAPACITY_COMPETENT_CHILD;
}

static void capacitous_refusal(struct told_hearing *h)
{
	if (h->alert && h->m->override.at_risk == TOLD_AT_RISK_SELF_ONLY && presumed_capable(&h->q->person) &&
	    told_person_said_no(h, true, false))
		told_stop_message(h, TOLD_OVR_09, TOLD_EFFECT_HOLD);
}

static bool in_first_set(const struct told_hearing *h, const struct told_item *item)
{
	unsigned category = item->facts->category;
	return h->profile->any_data || category == TOLD_CATEGORY_PRF_ACC ||
	       told_catset_has(&h->profile->first, category);
}

static bool in_rest(const struct told_hearing *h, const struct told_item *item)
{
	if (h->profile->order_names)
		return told_catset_has(&h->m->override.order_names, item->facts->category);
	return told_catset_has(&h->profile->beyond, item->facts->category);
}

static void sort_items(struct told_hearing *h)
{
	for (size_t i = 0; i < h->item_count; i++) {
		struct told_item *item = &h->items[i];
		item->pass = TOLD_OVR_01;
		item->beyond = !in_first_set(h, item);
		item->outside = item->beyond && !in_rest(h, item);
		if (item->outside)
			told_stop_section(h, item, TOLD_OVR_06, TOLD_SECTION_EFFECT_WITHHOLD);
	}
}

/* A formality holds what lies beyond the first set. Where nothing lies there it is only a notice. */
static void hold_rest(struct told_hearing *h, unsigned code)
{
	bool held = false;
	for (size_t i = 0; i < h->item_count; i++) {
		struct told_item *item = &h->items[i];
		if (!item->beyond || item->outside)
			continue;
		told_stop_section(h, item, code, TOLD_SECTION_EFFECT_HOLD);
		held = true;
	}
	if (!held)
		told_notice(h, code);
}

/* Live, of the sending party and of the role, and another human than the author under whatever number. */
static bool seconded(const struct told_hearing *h)
{
	const struct told_worker_facts *second = told_find_worker(h->q, h->m->authoriser);
	const struct told_worker_facts *author = told_find_worker(h->q, h->m->author);
	if (!told_worker_is_live(second, h->m->sender, h->q->t_utc_ms) || !(second->roles & h->profile->second))
		return false;
	if (h->m->authoriser == h->m->author || !author)
		return false;
	return !second->human || second->human != author->human;
}

static void formalities(struct told_hearing *h)
{
	const struct told_profile *p = h->profile;
	const struct told_override_facts *o = &h->m->override;
	if (h->mandatory_report)
		return;
	if (h->author_may_not)
		hold_rest(h, TOLD_PTY_05);
	if (p->second && !seconded(h))
		hold_rest(h, TOLD_OVR_03);
	if ((p->needs_reason && !o->reason_given) || (p->order_names && !o->has_order))
		hold_rest(h, TOLD_OVR_04);
}

static bool threshold_admits(const struct told_hearing *h)
{
	unsigned met = h->m->threshold_met;
	for (size_t i = 0; i < h->agreement->threshold_count; i++)
		if (met >= TOLD_THRESHOLD_SCORE && h->agreement->thresholds[i].ways & TOLD_BIT32(met))
			return true;
	return false;
}

static void threshold(struct told_hearing *h)
{
	for (size_t i = 0; i < h->candidate_count; i++) {
		if (!h->candidates[i]->needs_threshold || threshold_admits(h))
			continue;
		told_stop_message(h, TOLD_OVR_07, TOLD_EFFECT_HOLD);
		return;
	}
}

void told_stage_override(struct told_hearing *h)
{
	if (!h->overriding) {
		threshold(h);
		return;
	}
	if (!h->profile)
		return;
	declared_by(h);
	not_ended(h);
	capacitous_refusal(h);
	sort_items(h);
	formalities(h);
}
