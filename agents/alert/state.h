/* SPDX-License-Identifier: Apache-2.0 */
/* The life of an alert as its sender sees it, as one table: which state, what happens, who may make it happen. Pure. */
#ifndef TOLD_ALERT_STATE_H
#define TOLD_ALERT_STATE_H

#include "told/status.h"

#include <stdbool.h>
#include <stdint.h>

/* X(NAME, code, words). BY_HAND: the party has no agent, so nothing is sent. OVERDUE, PAGED: the time for opening is
 * over; only a call that reached somebody, or an answer, leads on. */
#define TOLD_ALERT_STATES(X)                                                                                           \
	X(SENT, "sent", "sent; their system has not confirmed it")                                                     \
	X(BY_HAND, "by_hand", "they have no agent: telephone, and read the sheet")                                     \
	X(DELIVERED, "delivered", "at their system; nobody has opened it")                                             \
	X(OPENED, "opened", "a worker there opened it")                                                                \
	X(ANSWERED, "answered", "they answered")                                                                       \
	X(OVERDUE, "overdue", "nobody opened it in time: telephone now")                                               \
	X(PAGED, "paged", "nobody opened it in time, and both on-call contacts were paged: telephone now")             \
	X(CALLED, "called", "somebody there was told on the telephone")                                                \
	X(CLOSED, "closed", "over")                                                                                    \
	X(RECALLED, "recalled", "called back: telephone, and tell them that it was wrong")

enum told_alert_state {
	TOLD_ALERT_NONE, /* not known yet */
#define X(name, code, words) TOLD_ALERT_##name,
	TOLD_ALERT_STATES(X)
#undef X
		TOLD_ALERT_STATE_COUNT
};

/* X(NAME, code). RING: nobody was reached. CALL: somebody was. WRONG_NUMBER: nobody can be, by that number; whoever was
 * paged by it was not. RECALL: it was sent in error, or about somebody else, and they may be acting on it. */
#define TOLD_ALERT_ACTS(X)                                                                                             \
	X(ARRIVE, "arrive")                                                                                            \
	X(OPEN, "open")                                                                                                \
	X(ANSWER, "answer")                                                                                            \
	X(TIME_OVER, "time over")                                                                                      \
	X(PAGE, "page")                                                                                                \
	X(RING, "ring in vain")                                                                                        \
	X(CALL, "call")                                                                                                \
	X(CLOSE, "close")                                                                                              \
	X(WRONG_NUMBER, "wrong number")                                                                                \
	X(RECALL, "call back")

enum told_alert_act {
#define X(name, code) TOLD_ALERT_ACT_##name,
	TOLD_ALERT_ACTS(X)
#undef X
		TOLD_ALERT_ACT_COUNT
};

/* X(NAME, words). LEAD: who raised it, and seniors and safeguarding leads. */
#define TOLD_ALERT_ACTORS(X)                                                                                           \
	X(THEIR_AGENT, "their agent")                                                                                  \
	X(THEIR_WORKER, "their worker")                                                                                \
	X(OUR_AGENT, "our agent")                                                                                      \
	X(OUR_WORKER, "a worker of ours")                                                                              \
	X(OUR_LEAD, "who raised it, or a lead")

enum told_alert_actor {
#define X(name, words) TOLD_ALERT_ACTOR_##name,
	TOLD_ALERT_ACTORS(X)
#undef X
		TOLD_ALERT_ACTOR_COUNT
};

/* What follows. TOLD_E_NOT_ALLOWED: this actor never does that; TOLD_E_REFUSED: not in this state. *next is set after
 * TOLD_OK only, and may be the same state. */
TOLD_MUST_USE enum told_status told_alert_step(enum told_alert_state state, enum told_alert_act act,
					       enum told_alert_actor actor, enum told_alert_state *next);
bool told_alert_may(enum told_alert_act act, enum told_alert_actor actor);
/* It stays on screen until a call or an answer. */
bool told_alert_is_overdue(enum told_alert_state state);
/* Its time may still run out. */
bool told_alert_waits(enum told_alert_state state);

/* "overdue", and in words; NULL for a number that is none. */
const char *told_alert_state_code(enum told_alert_state state);
const char *told_alert_state_words(enum told_alert_state state);
const char *told_alert_act_words(enum told_alert_act act);
const char *told_alert_actor_words(enum told_alert_actor actor);

#endif
