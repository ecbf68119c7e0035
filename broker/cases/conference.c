/* SPDX-License-Identifier: Apache-2.0 */
/* The conference that a case's message belongs to. What a case does not say is what lets the message be said: the
 * chair's types come from the chair, contributions go to it, and it is at the point where they belong. */
#include "broker/decide/conference.h"
#include "broker/cases/case.h"

static const struct {
	uint8_t event, state;
	bool by_chair;
} usual[] = {
#define ROW(type, state, by_chair)                                                                                     \
	[TOLD_TYPE_CONF_##type -                                                                                       \
		TOLD_TYPE_CONF_CALL] = {TOLD_CONFERENCE_EVENT_##type, TOLD_CONFERENCE_##state, by_chair}
	ROW(CALL, NONE, false),
	ROW(LIST, CALLED, true),
	ROW(INVITE, LISTED, true),
	ROW(RESEARCH, LISTED, true),
	[TOLD_TYPE_CONF_CONTRIB -
		TOLD_TYPE_CONF_CALL] = {TOLD_CONFERENCE_EVENT_CONTRIBUTION, TOLD_CONFERENCE_STARTED, false},
	ROW(MINUTES, STARTED, true),
	ROW(ACTION, STARTED, true),
#undef ROW
};

static unsigned named(struct told_case *c, const struct told_node *n, const char *key,
		      unsigned (*value)(struct told_bytes), unsigned missing)
{
	const struct told_node *word = told_node_get(n, key);
	if (word == NULL)
		return missing;
	unsigned found = value(word->text);
	if (found == 0)
		told_case_fail(c, word, "no conference has such a word");
	return found;
}

void told_case_read_conference(struct told_case *c, const struct told_node *message, const struct told_node *workflow)
{
	struct told_message_facts *m = &c->q.message;
	struct told_workflow_facts *w = &c->q.workflow;
	if (m->type < TOLD_TYPE_CONF_CALL || m->type > TOLD_TYPE_CONF_ACTION)
		return;
	unsigned row = m->type - TOLD_TYPE_CONF_CALL;
	m->conference_event = (uint8_t)named(c, message, "event", told_conference_event, usual[row].event);
	w->conference_state = (uint8_t)named(c, workflow, "conference", told_conference_state, usual[row].state);
	w->chair = told_case_party(c, workflow, "chair");
	if (w->chair == 0)
		w->chair = usual[row].by_chair ? m->sender : c->recipients[0];
}
