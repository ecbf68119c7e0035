/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a referral: who may set which state, from where, by which message, and which reasons fit. The broker and
 * both agents rule by this one table; docs/referrals.md is made from it. Source: SDOH Clinical Care 3.0.0, Task for
 * Referral Management, "Status Management"; decision.md section 1.4. */
#ifndef TOLD_DECIDE_MOVES_H
#define TOLD_DECIDE_MOVES_H

#include "told/codes.h"
#include "told/vocabulary.h"

#define TOLD_STATE_BIT(state) (1u << (state))

/* Who a sender is to a referral. */
enum told_side { TOLD_SIDE_NONE, TOLD_SIDE_REFERRER, TOLD_SIDE_TARGET, TOLD_SIDE_COUNT };

struct told_move {
	uint8_t type;      /* enum told_type that says it */
	uint8_t by;        /* enum told_side */
	uint16_t from, to; /* sets of states; to 0: the state stays */
	uint8_t details;   /* set of enum told_detail, one of which must be said; 0: none may be */
	const char *words; /* what it is, for docs and screens */
};

/* The rows in order; NULL past the last. */
const struct told_move *told_move_at(size_t index);

/* A message of this type, from this side, may set this state and detail while the referral is in state from (NONE: it
 * is not open yet). to NONE: what the message does not name is the move's own. */
bool told_move_may(unsigned type, enum told_side by, unsigned from, unsigned to, unsigned detail);

/* The states that a reason may close, decline or pause with, as a set; 0 for a reason that is none. */
unsigned told_reason_states(unsigned reason);
/* The state needs a reason. */
bool told_state_needs_reason(unsigned state);

/* "the service that was asked" and so on, for docs and texts; static. */
const char *told_side_words(enum told_side side);

#endif
