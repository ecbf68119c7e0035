/* SPDX-License-Identifier: Apache-2.0 */
/* The workflow part of stage 8: WFL-01 to 08. The life of a referral as a table, closing rules, conferences. */
#include "broker/decide/workflow.h"

#define IN(state) (1u << TOLD_REFERRAL_##state)
#define OPEN      (IN(REQUESTED) | IN(ACCEPTED) | IN(IN_PROGRESS) | IN(ON_HOLD))
#define CLOSED    (IN(COMPLETED) | IN(REJECTED) | IN(FAILED) | IN(CANCELLED) | IN(ENTERED_IN_ERROR))

/* Who may move a referral, from where, to where. What is not here cannot be done. */
static const struct {
	uint8_t type;
	bool by_referrer;
	uint16_t from, to;
} moves[] = {
	{TOLD_TYPE_REFERRAL_ANSWER, false, IN(REQUESTED), IN(ACCEPTED) | IN(REJECTED)},
	{TOLD_TYPE_REFERRAL_ANSWER, false, IN(ACCEPTED), IN(IN_PROGRESS) | IN(ON_HOLD) | IN(REJECTED)},
	{TOLD_TYPE_REFERRAL_ANSWER, false, IN(IN_PROGRESS), IN(ON_HOLD)},
	{TOLD_TYPE_REFERRAL_ANSWER, false, IN(ON_HOLD), IN(IN_PROGRESS) | IN(ACCEPTED)},
	{TOLD_TYPE_CANCEL, true, OPEN | IN(DRAFT), IN(CANCELLED) | IN(ENTERED_IN_ERROR)},
	{TOLD_TYPE_CLOSURE, false, IN(ACCEPTED) | IN(IN_PROGRESS) | IN(ON_HOLD), IN(COMPLETED) | IN(FAILED)},
};

/* A state that the message does not name is the move's own. */
static bool may_move(const struct told_hearing *h)
{
	const struct told_workflow_facts *w = &h->q->workflow;
	const struct told_message_facts *m = h->m;
	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		uint32_t mover = moves[i].by_referrer ? w->referrer : w->referred_to;
		if (moves[i].type == m->type && mover == m->sender && moves[i].from >> w->referral_state & 1 &&
		    (!m->sets_state || moves[i].to >> m->sets_state & 1))
			return true;
	}
	return false;
}

static void duplicate(struct told_hearing *h)
{
	if (h->m->type == TOLD_TYPE_REFERRAL && h->q->workflow.open_duplicate)
		told_stop_message(h, TOLD_WFL_01, TOLD_EFFECT_HOLD);
}

static void current(struct told_hearing *h)
{
	bool event = h->traits & TOLD_TRAIT_EVENT;
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

/* Whether the person is at high risk must be said: unsaid counts as yes. */
static void lost_touch(struct told_hearing *h)
{
	const struct told_message_facts *m = h->m;
	if (m->type != TOLD_TYPE_CLOSURE || m->reason != TOLD_REASON_DISENGAGED)
		return;
	bool safe = m->high_risk == TOLD_YES_NO_NO || (m->reviewer_named && m->referrer_told);
	if (m->attempts < 3 || m->ways < 2 || !safe)
		told_stop_message(h, TOLD_WFL_05, TOLD_EFFECT_HOLD);
}

static bool outsider(const struct told_hearing *h, uint32_t party)
{
	const struct told_workflow_facts *w = &h->q->workflow;
	return !told_is_party(h->agreement, party) || (w->has_conference && !told_partyset_has(&w->members, party));
}

static void conference(struct told_hearing *h)
{
	if (!(h->traits & TOLD_TRAIT_CONF))
		return;
	bool action = h->m->type == TOLD_TYPE_CONF_ACTION;
	bool out = outsider(h, h->m->recipient);
	for (size_t i = 0; i < h->m->action_owner_count; i++)
		out |= action && outsider(h, h->m->action_owners[i]);
	if (out)
		told_stop_message(h, action ? TOLD_WFL_07 : TOLD_WFL_06, TOLD_EFFECT_DENY);
}

void told_rule_workflow(struct told_hearing *h)
{
	if (h->traits & (TOLD_TRAIT_ADMIN | TOLD_TRAIT_RIGHT | TOLD_TRAIT_FOLLOWS))
		return;
	duplicate(h);
	current(h);
	permission_stands(h);
	lost_touch(h);
	conference(h);
}

void told_rule_deadline(struct told_hearing *h)
{
	int64_t due = h->q->workflow.ack_due_utc_ms;
	if (due && h->q->t_utc_ms >= due)
		told_stop_always(h, TOLD_WFL_04, TOLD_EFFECT_HOLD);
}
