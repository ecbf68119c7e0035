/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a case conference: who may say what, from which state, by which type of message. The broker and the
 * agents rule by this one table. Source: decision.md section 1.3 (SafeLives and others), practice.md section 7. */
#ifndef TOLD_DECIDE_CONFERENCE_H
#define TOLD_DECIDE_CONFERENCE_H

#include "told/bytes.h"
#include "told/codes.h"
#include "told/vocabulary.h"

#include <stddef.h>

/* Who a sender is to a conference. The chair is a member too; an owner of an action is a member. */
enum told_seat { TOLD_SEAT_NONE, TOLD_SEAT_CHAIR, TOLD_SEAT_MEMBER, TOLD_SEAT_COUNT };

struct told_conference_move {
	uint8_t event; /* enum told_conference_event */
	uint8_t type;  /* enum told_type that says it */
	uint8_t by;    /* set of enum told_seat */
	uint16_t from; /* set of states */
	uint8_t to;    /* the state afterwards; NONE: it stays */
	bool reasoned; /* a reason must be given */
};

/* The rows in order; NULL past the last. */
const struct told_conference_move *told_conference_move_at(size_t index);

/* The row by which who sits there may say this by this type of message in this state; NULL: it may not be said. */
const struct told_conference_move *told_conference_may(unsigned event, unsigned type, enum told_seat seat,
						       unsigned state);

/* The same whatever the state: for who did not hear all that was said, of what the broker accepted. */
const struct told_conference_move *told_conference_said(unsigned event, unsigned type, enum told_seat seat);

/* Whether a message of this type that says this is the first of a conference, and its id. */
bool told_conference_opens(unsigned type, unsigned event);

/* "invite", "started"; "?" for a value that there is not. */
const char *told_conference_event_code(unsigned event);
const char *told_conference_state_code(unsigned state);
/* The value of a code, exactly as written; 0 when there is none. */
unsigned told_conference_event(struct told_bytes code);
unsigned told_conference_state(struct told_bytes code);

#endif
