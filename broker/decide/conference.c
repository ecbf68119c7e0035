/* SPDX-License-Identifier: Apache-2.0 */
/* The moves of a case conference as a table, and looking them up. Touches nothing else. */
#include "broker/decide/conference.h"

#define IN(state)   (1u << TOLD_CONFERENCE_##state)
#define SAYS(seat)  (1u << TOLD_SEAT_##seat)
#define CHAIR       SAYS(CHAIR)
#define MEMBER      SAYS(MEMBER)
#define ALL         (CHAIR | MEMBER)
#define MEETS       (IN(LISTED) | IN(STARTED))
#define MET         (IN(STARTED) | IN(MINUTED) | IN(APPROVED))
#define GOES_ON     (IN(CALLED) | IN(LISTED) | MET)
#define STAYS       TOLD_CONFERENCE_NONE

#define EVENT(name) TOLD_CONFERENCE_EVENT_##name
#define TYPE(name)  TOLD_TYPE_CONF_##name
#define TO(state)   TOLD_CONFERENCE_##state

/* The chair speaks by a type for each thing; who attends answers by contributions, for that is the one flow that every
 * agreement gives them. What is not here cannot be done. Each who sits there hears it in a message of their own: what
 * moves it may therefore be said again where it moved it. A review puts it on the list again: what is done and
 * acknowledged between two meetings is said then. */
static const struct told_conference_move moves[] = {
	{EVENT(CALL), TYPE(CALL), SAYS(NONE), IN(NONE), TO(CALLED), false},
	{EVENT(LIST), TYPE(LIST), CHAIR, IN(CALLED) | IN(LISTED), TO(LISTED), false},
	{EVENT(DECLINE), TYPE(LIST), CHAIR, IN(CALLED), TO(ENDED), true},
	{EVENT(INVITE), TYPE(INVITE), CHAIR, MEETS, STAYS, false},
	{EVENT(RESEARCH), TYPE(RESEARCH), CHAIR, IN(LISTED), STAYS, false},
	{EVENT(KNOWN), TYPE(CONTRIB), MEMBER, MEETS, STAYS, false},
	{EVENT(NOT_KNOWN), TYPE(CONTRIB), MEMBER, MEETS, STAYS, false},
	{EVENT(NOT_SHARING), TYPE(CONTRIB), MEMBER, MEETS, STAYS, true},
	{EVENT(IN_CONFIDENCE), TYPE(CONTRIB), MEMBER, MEETS | MET, STAYS, false},
	{EVENT(ATTENDS), TYPE(CONTRIB), MEMBER, MEETS, STAYS, false},
	{EVENT(APOLOGY_SENT), TYPE(CONTRIB), MEMBER, MEETS, STAYS, false},
	{EVENT(APOLOGY), TYPE(CONTRIB), MEMBER, MEETS, STAYS, false},
	{EVENT(CONTRIBUTION), TYPE(CONTRIB), ALL, MEETS, STAYS, false},
	{EVENT(START), TYPE(LIST), CHAIR, MEETS, TO(STARTED), false},
	{EVENT(ACTION), TYPE(ACTION), CHAIR, MET, STAYS, false},
	{EVENT(ACTION_DONE), TYPE(CONTRIB), MEMBER, MEETS | MET, STAYS, false},
	{EVENT(ACTION_NOT_POSSIBLE), TYPE(CONTRIB), MEMBER, MEETS | MET, STAYS, true},
	{EVENT(ACTION_NOT_DONE), TYPE(CONTRIB), MEMBER, MEETS | MET, STAYS, false},
	{EVENT(MINUTES), TYPE(MINUTES), CHAIR, IN(STARTED) | IN(MINUTED), TO(MINUTED), false},
	{EVENT(APPROVE), TYPE(MINUTES), CHAIR, IN(MINUTED) | IN(APPROVED), TO(APPROVED), false},
	{EVENT(ACKNOWLEDGE), TYPE(CONTRIB), MEMBER, IN(LISTED) | IN(APPROVED), STAYS, false},
	{EVENT(OBJECT), TYPE(CONTRIB), MEMBER, IN(LISTED) | IN(APPROVED), STAYS, false},
	{EVENT(REVIEW), TYPE(LIST), CHAIR, IN(LISTED) | IN(MINUTED) | IN(APPROVED), TO(LISTED), false},
	{EVENT(TRANSFER), TYPE(LIST), CHAIR, GOES_ON, TO(ENDED), false},
	{EVENT(END), TYPE(LIST), CHAIR, GOES_ON | IN(ENDED), TO(ENDED), false},
	/* A contact came after it was said: the same words again, to a key that was not there. */
	{EVENT(CALL_AGAIN), TYPE(CALL), ALL, GOES_ON, STAYS, false},
	{EVENT(CONTRIBUTION_AGAIN), TYPE(CONTRIB), ALL, MEETS | MET, STAYS, false},
	{EVENT(MINUTES_AGAIN), TYPE(MINUTES), CHAIR, MEETS | MET, STAYS, false},
};

const struct told_conference_move *told_conference_move_at(size_t index)
{
	return index < sizeof moves / sizeof moves[0] ? &moves[index] : NULL;
}

const struct told_conference_move *told_conference_may(unsigned event, unsigned type, enum told_seat seat,
						       unsigned state)
{
	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		const struct told_conference_move *move = &moves[i];
		if (move->event == event && move->type == type && move->by >> seat & 1 && move->from >> state & 1)
			return move;
	}
	return NULL;
}

const struct told_conference_move *told_conference_said(unsigned event, unsigned type, enum told_seat seat)
{
	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
		if (moves[i].event == event && moves[i].type == type && moves[i].by >> seat & 1)
			return &moves[i];
	return NULL;
}

/* ---- by name ---- */

static const char *const events[] = {
	[TOLD_CONFERENCE_EVENT_CALL] = "call",
	[TOLD_CONFERENCE_EVENT_LIST] = "list",
	[TOLD_CONFERENCE_EVENT_DECLINE] = "decline",
	[TOLD_CONFERENCE_EVENT_INVITE] = "invite",
	[TOLD_CONFERENCE_EVENT_RESEARCH] = "research",
	[TOLD_CONFERENCE_EVENT_KNOWN] = "known",
	[TOLD_CONFERENCE_EVENT_NOT_KNOWN] = "not-known",
	[TOLD_CONFERENCE_EVENT_NOT_SHARING] = "not-sharing",
	[TOLD_CONFERENCE_EVENT_IN_CONFIDENCE] = "in-confidence",
	[TOLD_CONFERENCE_EVENT_ATTENDS] = "attends",
	[TOLD_CONFERENCE_EVENT_APOLOGY_SENT] = "apology-sent",
	[TOLD_CONFERENCE_EVENT_APOLOGY] = "apology",
	[TOLD_CONFERENCE_EVENT_CONTRIBUTION] = "contribution",
	[TOLD_CONFERENCE_EVENT_START] = "start",
	[TOLD_CONFERENCE_EVENT_ACTION] = "action",
	[TOLD_CONFERENCE_EVENT_ACTION_DONE] = "action-done",
	[TOLD_CONFERENCE_EVENT_ACTION_NOT_POSSIBLE] = "action-not-possible",
	[TOLD_CONFERENCE_EVENT_ACTION_NOT_DONE] = "action-not-done",
	[TOLD_CONFERENCE_EVENT_MINUTES] = "minutes",
	[TOLD_CONFERENCE_EVENT_APPROVE] = "approve",
	[TOLD_CONFERENCE_EVENT_ACKNOWLEDGE] = "acknowledge",
	[TOLD_CONFERENCE_EVENT_OBJECT] = "object",
	[TOLD_CONFERENCE_EVENT_REVIEW] = "review",
	[TOLD_CONFERENCE_EVENT_TRANSFER] = "transfer",
	[TOLD_CONFERENCE_EVENT_END] = "end",
	[TOLD_CONFERENCE_EVENT_CALL_AGAIN] = "call-again",
	[TOLD_CONFERENCE_EVENT_CONTRIBUTION_AGAIN] = "contribution-again",
	[TOLD_CONFERENCE_EVENT_MINUTES_AGAIN] = "minutes-again",
};
static const char *const states[] = {
	[TOLD_CONFERENCE_CALLED] = "called",     [TOLD_CONFERENCE_LISTED] = "listed",
	[TOLD_CONFERENCE_STARTED] = "started",   [TOLD_CONFERENCE_MINUTED] = "minuted",
	[TOLD_CONFERENCE_APPROVED] = "approved", [TOLD_CONFERENCE_ENDED] = "ended",
	[TOLD_CONFERENCE_UNKNOWN] = "unknown",
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const char *code(const char *const *list, size_t count, unsigned value)
{
	return value > 0 && value < count ? list[value] : "?";
}

static unsigned value(const char *const *list, size_t count, struct told_bytes word)
{
	for (unsigned i = 1; i < count; i++)
		if (told_bytes_equal(word, told_text(list[i])))
			return i;
	return 0;
}

const char *told_conference_event_code(unsigned event)
{
	return code(events, COUNT(events), event);
}

const char *told_conference_state_code(unsigned state)
{
	return code(states, COUNT(states), state);
}

bool told_conference_opens(unsigned type, unsigned event)
{
	return type == TOLD_TYPE_CONF_CALL && event != TOLD_CONFERENCE_EVENT_CALL_AGAIN;
}

unsigned told_conference_event(struct told_bytes word)
{
	return value(events, COUNT(events), word);
}

unsigned told_conference_state(struct told_bytes word)
{
	return value(states, COUNT(states), word);
}
