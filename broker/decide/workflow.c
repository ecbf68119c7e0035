/* SPDX-License-Identifier: Apache-2.0 */
/* The workflow part of stage 8: WFL-01 to 08. The life of a referral, closing rules, conferences. */
#include "broker/decide/workflow.h"
#include "broker/decide/moves.h"

#define IN(state) TOLD_STATE_BIT(TOLD_REFERRAL_##state)
#define CLOSED    (IN(COMPLETED) | IN(REJECTED) | IN(FAILED) | IN(CANCELLED) | IN(ENTERED_IN_ERROR))

static const struct told_span a_year = {.count = 12, .unit = TOLD_SPAN_MONTHS};

/* Who sends it is to the referral; what opens one is its referrer. */
static enum told_side side_of(const struct told_hearing *h)
{
	const struct told_workflow_facts *w = &h->q->workflow;
	if (h->m->type == TOLD_TYPE_REFERRAL || (w->referrer != 0 && w->referrer == h->m->sender))
		return TOLD_SIDE_REFERRER;
	return w->referred_to != 0 && w->referred_to == h->m->sender ? TOLD_SIDE_TARGET : TOLD_SIDE_NONE;
}

/* Who was lost touch with may come back for a year; after that, and after any other end, it needs a new referral. */
static bool too_late(const struct told_hearing *h)
{
	const struct told_workflow_facts *w = &h->q->workflow;
	bool lost = w->referral_reason == TOLD_REASON_DISENGAGED;
	return w->referral_state == TOLD_REFERRAL_FAILED &&
	       (!lost || h->q->t_utc_ms >= told_span_after(w->changed_utc_ms, a_year));
}

/* A day that it waits for, named by whoever was asked, is not over when it is named. */
static bool in_the_past(const struct told_message_facts *m)
{
	return m->due_utc_ms != 0 && m->due_utc_ms < m->created_utc_ms;
}

static bool may_move(const struct told_hearing *h)
{
	const struct told_message_facts *m = h->m;
	return told_move_may(m->type, side_of(h), h->q->workflow.referral_state, m->sets_state, m->detail) &&
	       !too_late(h) && !in_the_past(m);
}

static void duplicate(struct told_hearing *h)
{
	if (h->m->type == TOLD_TYPE_REFERRAL && h->q->workflow.open_duplicate)
		told_stop_message(h, TOLD_WFL_01, TOLD_EFFECT_HOLD);
}

/* What moves a referral, and what is said of one that is open, is for its two sides alone. */
static bool of_referral(const struct told_hearing *h)
{
	const struct told_message_facts *m = h->m;
	unsigned state = h->q->workflow.referral_state;
	bool says = m->sets_state != TOLD_REFERRAL_NONE || m->detail != TOLD_DETAIL_NONE;
	bool open = state != TOLD_REFERRAL_NONE && !(CLOSED >> state & 1);
	return h->traits & TOLD_TRAIT_EVENT || says || (m->type == TOLD_TYPE_STATUS_UPDATE && open);
}

static void current(struct told_hearing *h)
{
	bool event = of_referral(h);
	if (event && !may_move(h))
		told_stop_message(h, TOLD_WFL_08, TOLD_EFFECT_DENY);
	if (!event && CLOSED >> h->q->workflow.referral_state & 1)
		told_stop_message(h, TOLD_WFL_02, TOLD_EFFECT_DENY);
}

static const struct told_consent *rested_on(const struct told_hearing *h)
{
	for (size_t i = 0; i < h->q->consent_count; i++)
		if (told_ids_equal(h->q->consents[i].id, h->q->workflow.consent_id))
			return &h->q->consents[i];
	return NULL;
}

/* Of a permission that was narrowed something still stands: then each section is asked by itself (CON-03). */
static bool withdrawn_whole(const struct told_hearing *h, const struct told_consent *c)
{
	if (!told_consent_withdrawn(h, c, 0))
		return false;
	for (unsigned category = 1; category < TOLD_CATEGORY_COUNT; category++)
		if (told_catset_has(&c->include, category) && !told_consent_withdrawn(h, c, category))
			return false;
	return true;
}

/* A withdrawal stops new story content; how things stand may still be said. */
static void permission_stands(struct told_hearing *h)
{
	const struct told_workflow_facts *w = &h->q->workflow;
	bool story = false;
	if (!w->rests_on_consent || !(h->m->queued || w->referral_state != TOLD_REFERRAL_NONE))
		return;
	for (size_t i = 0; i < h->item_count; i++)
		story |= !told_catset_within(&h->items[i].leaves, &told_leaves_meta) || h->items[i].blank;
	const struct told_consent *consent = rested_on(h);
	if (story && (!consent || withdrawn_whole(h, consent)))
		told_stop_message(h, TOLD_WFL_03, TOLD_EFFECT_DENY);
}

/* practice.md section 5. Whether the person is at high risk must be said: unsaid counts as yes. */
static void lost_touch(struct told_hearing *h)
{
	const struct told_message_facts *m = h->m;
	if (m->type != TOLD_TYPE_CLOSURE || m->reason != TOLD_REASON_DISENGAGED)
		return;
	bool safe = m->high_risk == TOLD_YES_NO_NO || (m->reviewer_named && m->referrer_told);
	bool looked_for = m->attempts >= 3 && m->ways >= 2 && m->place_chosen && m->through_others;
	if (!looked_for || !m->hard_asked || !m->message_left || !safe)
		told_stop_message(h, TOLD_WFL_05, TOLD_EFFECT_HOLD);
}

void told_rule_workflow(struct told_hearing *h)
{
	if (h->traits & (TOLD_TRAIT_ADMIN | TOLD_TRAIT_RIGHT | TOLD_TRAIT_FOLLOWS))
		return;
	duplicate(h);
	current(h);
	permission_stands(h);
	lost_touch(h);
	told_rule_conference(h);
}

void told_rule_deadline(struct told_hearing *h)
{
	int64_t due = h->q->workflow.ack_due_utc_ms;
	if (due && h->q->t_utc_ms >= due)
		told_stop_always(h, TOLD_WFL_04, TOLD_EFFECT_HOLD);
}
