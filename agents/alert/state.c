/* SPDX-License-Identifier: Apache-2.0 */
/* The table of an alert's life, and its words. Pure. */
#include "agents/alert/state.h"

#include <stddef.h>

#define BY(actor) (1u << TOLD_ALERT_ACTOR_##actor)

static const uint8_t may[TOLD_ALERT_ACT_COUNT] = {
	[TOLD_ALERT_ACT_ARRIVE] = BY(THEIR_AGENT),
	[TOLD_ALERT_ACT_OPEN] = BY(THEIR_WORKER),
	[TOLD_ALERT_ACT_ANSWER] = BY(THEIR_WORKER),
	[TOLD_ALERT_ACT_TIME_OVER] = BY(OUR_AGENT),
	[TOLD_ALERT_ACT_PAGE] = BY(OUR_AGENT),
	[TOLD_ALERT_ACT_RING] = BY(OUR_WORKER) | BY(OUR_LEAD),
	[TOLD_ALERT_ACT_CALL] = BY(OUR_WORKER) | BY(OUR_LEAD),
	[TOLD_ALERT_ACT_CLOSE] = BY(OUR_LEAD),
	[TOLD_ALERT_ACT_WRONG_NUMBER] = BY(OUR_WORKER) | BY(OUR_LEAD),
	[TOLD_ALERT_ACT_RECALL] = BY(OUR_WORKER) | BY(OUR_LEAD),
};

#define ON(act, state) [TOLD_ALERT_ACT_##act] = TOLD_ALERT_##state

/* What is not here is refused. What comes late from the other side is taken as it is and leads nowhere. */
static const uint8_t next_of[TOLD_ALERT_STATE_COUNT][TOLD_ALERT_ACT_COUNT] = {
	[TOLD_ALERT_SENT] = {ON(ARRIVE, DELIVERED), ON(OPEN, OPENED), ON(ANSWER, ANSWERED), ON(TIME_OVER, OVERDUE),
			     ON(RING, SENT), ON(CALL, CALLED), ON(WRONG_NUMBER, SENT), ON(RECALL, RECALLED)},
	[TOLD_ALERT_BY_HAND] = {ON(TIME_OVER, OVERDUE), ON(RING, BY_HAND), ON(CALL, CALLED), ON(WRONG_NUMBER, BY_HAND),
				ON(RECALL, RECALLED)},
	[TOLD_ALERT_DELIVERED] = {ON(ARRIVE, DELIVERED), ON(OPEN, OPENED), ON(ANSWER, ANSWERED), ON(TIME_OVER, OVERDUE),
				  ON(RING, DELIVERED), ON(CALL, CALLED), ON(WRONG_NUMBER, DELIVERED),
				  ON(RECALL, RECALLED)},
	[TOLD_ALERT_OPENED] = {ON(ARRIVE, OPENED), ON(OPEN, OPENED), ON(ANSWER, ANSWERED), ON(RING, OPENED),
			       ON(CALL, CALLED), ON(CLOSE, CLOSED), ON(WRONG_NUMBER, OPENED), ON(RECALL, RECALLED)},
	[TOLD_ALERT_ANSWERED] = {ON(ARRIVE, ANSWERED), ON(OPEN, ANSWERED), ON(ANSWER, ANSWERED), ON(RING, ANSWERED),
				 ON(CALL, ANSWERED), ON(CLOSE, CLOSED), ON(WRONG_NUMBER, ANSWERED),
				 ON(RECALL, RECALLED)},
	[TOLD_ALERT_OVERDUE] = {ON(ARRIVE, OVERDUE), ON(OPEN, OVERDUE), ON(ANSWER, ANSWERED), ON(PAGE, PAGED),
				ON(RING, OVERDUE), ON(CALL, CALLED), ON(WRONG_NUMBER, OVERDUE), ON(RECALL, RECALLED)},
	[TOLD_ALERT_PAGED] = {ON(ARRIVE, PAGED), ON(OPEN, PAGED), ON(ANSWER, ANSWERED), ON(RING, PAGED),
			      ON(CALL, CALLED), ON(WRONG_NUMBER, OVERDUE), ON(RECALL, RECALLED)},
	[TOLD_ALERT_CALLED] = {ON(ARRIVE, CALLED), ON(OPEN, CALLED), ON(ANSWER, ANSWERED), ON(RING, CALLED),
			       ON(CALL, CALLED), ON(CLOSE, CLOSED), ON(WRONG_NUMBER, CALLED), ON(RECALL, RECALLED)},
	[TOLD_ALERT_CLOSED] = {ON(ARRIVE, CLOSED), ON(OPEN, CLOSED), ON(ANSWER, CLOSED), ON(RING, CLOSED),
			       ON(CALL, CLOSED), ON(WRONG_NUMBER, CLOSED), ON(RECALL, RECALLED)},
	/* Whoever reads it, or wrote back before they heard, may still be on their way to a door. */
	[TOLD_ALERT_RECALLED] = {ON(ARRIVE, RECALLED), ON(OPEN, RECALLED), ON(ANSWER, RECALLED), ON(RING, RECALLED),
				 ON(CALL, CALLED), ON(WRONG_NUMBER, RECALLED), ON(RECALL, RECALLED)},
};

bool told_alert_may(enum told_alert_act act, enum told_alert_actor actor)
{
	return (unsigned)act < TOLD_ALERT_ACT_COUNT && (unsigned)actor < TOLD_ALERT_ACTOR_COUNT &&
	       (may[act] >> actor & 1) != 0;
}

enum told_status told_alert_step(enum told_alert_state state, enum told_alert_act act, enum told_alert_actor actor,
				 enum told_alert_state *next)
{
	if (!told_alert_may(act, actor))
		return TOLD_E_NOT_ALLOWED;
	if ((unsigned)state >= TOLD_ALERT_STATE_COUNT || next_of[state][act] == TOLD_ALERT_NONE)
		return TOLD_E_REFUSED;
	*next = (enum told_alert_state)next_of[state][act];
	return TOLD_OK;
}

bool told_alert_is_overdue(enum told_alert_state state)
{
	return state == TOLD_ALERT_OVERDUE || state == TOLD_ALERT_PAGED || state == TOLD_ALERT_RECALLED;
}

bool told_alert_waits(enum told_alert_state state)
{
	return (unsigned)state < TOLD_ALERT_STATE_COUNT && next_of[state][TOLD_ALERT_ACT_TIME_OVER] != TOLD_ALERT_NONE;
}

/* ---- words ---- */

const char *told_alert_state_code(enum told_alert_state state)
{
	static const char *const codes[] = {
		NULL,
#define X(name, code, words) code,
		TOLD_ALERT_STATES(X)
#undef X
	};
	return (unsigned)state < TOLD_ALERT_STATE_COUNT ? codes[state] : NULL;
}

const char *told_alert_state_words(enum told_alert_state state)
{
	static const char *const texts[] = {
		NULL,
#define X(name, code, words) words,
		TOLD_ALERT_STATES(X)
#undef X
	};
	return (unsigned)state < TOLD_ALERT_STATE_COUNT ? texts[state] : NULL;
}

const char *told_alert_act_words(enum told_alert_act act)
{
	static const char *const texts[] = {
#define X(name, words) words,
		TOLD_ALERT_ACTS(X)
#undef X
	};
	return (unsigned)act < TOLD_ALERT_ACT_COUNT ? texts[act] : NULL;
}

const char *told_alert_actor_words(enum told_alert_actor actor)
{
	static const char *const texts[] = {
#define X(name, words) words,
		TOLD_ALERT_ACTORS(X)
#undef X
	};
	return (unsigned)actor < TOLD_ALERT_ACTOR_COUNT ? texts[actor] : NULL;
}
