/* SPDX-License-Identifier: Apache-2.0 */
/* The conference part of stage 8: WFL-02, 06, 07 and 08. Who may say this at this point, and who may hear it. */
#include "broker/decide/conference.h"
#include "broker/decide/workflow.h"

#define HEARS(type) TOLD_BIT64(TOLD_TYPE_CONF_##type)

/* Whoever calls one, invites or hands over speaks to somebody who does not sit there yet. */
static bool for_members(const struct told_message_facts *m)
{
	const uint64_t types = HEARS(LIST) | HEARS(RESEARCH) | HEARS(CONTRIB) | HEARS(MINUTES) | HEARS(ACTION);
	bool opens = told_conference_opens(m->type, m->conference_event);
	return (types & TOLD_BIT64(m->type) || (m->type == TOLD_TYPE_CONF_CALL && !opens)) &&
	       m->conference_event != TOLD_CONFERENCE_EVENT_TRANSFER;
}

static bool outsider(const struct told_hearing *h, uint32_t party)
{
	const struct told_workflow_facts *w = &h->q->workflow;
	if (!told_is_party(h->agreement, party))
		return true;
	return w->has_conference && for_members(h->m) && !told_partyset_has(&w->members, party);
}

static void heard_by(struct told_hearing *h)
{
	bool action = h->m->type == TOLD_TYPE_CONF_ACTION;
	bool out = outsider(h, h->m->recipient);
	for (size_t i = 0; i < h->m->action_owner_count; i++)
		out |= action && outsider(h, h->m->action_owners[i]);
	if (out)
		told_stop_message(h, action ? TOLD_WFL_07 : TOLD_WFL_06, TOLD_EFFECT_DENY);
}

/* An agency that was invited does not see who else was: whether the sender sits there is then the broker's to say. */
static enum told_seat seat_of(const struct told_hearing *h)
{
	const struct told_workflow_facts *w = &h->q->workflow;
	if (w->conference_state == TOLD_CONFERENCE_NONE)
		return TOLD_SEAT_NONE;
	if (w->chair == h->m->sender)
		return TOLD_SEAT_CHAIR;
	return !w->has_conference || told_partyset_has(&w->members, h->m->sender) ? TOLD_SEAT_MEMBER : TOLD_SEAT_NONE;
}

static void said_now(struct told_hearing *h)
{
	const struct told_message_facts *m = h->m;
	unsigned state = h->q->workflow.conference_state;
	const struct told_conference_move *move = told_conference_may(m->conference_event, m->type, seat_of(h), state);
	if (move == NULL && state == TOLD_CONFERENCE_ENDED)
		told_stop_message(h, TOLD_WFL_02, TOLD_EFFECT_DENY);
	else if (!move || (move->reasoned && m->reason == TOLD_REASON_NONE))
		told_stop_message(h, TOLD_WFL_08, TOLD_EFFECT_DENY);
}

void told_rule_conference(struct told_hearing *h)
{
	if (!(h->traits & TOLD_TRAIT_CONF))
		return;
	heard_by(h);
	said_now(h);
}
