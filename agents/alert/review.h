/* SPDX-License-Identifier: Apache-2.0 */
/* The review of what was shared without permission, as one table: how the sharing stands, what was found, who looked.
 * Pure: when the next one is due is the profile's. Source: decision.md sections 4.3 and 6.5. */
#ifndef TOLD_ALERT_REVIEW_H
#define TOLD_ALERT_REVIEW_H

#include "told/status.h"

#include <stdbool.h>

enum told_review_state {
	TOLD_REVIEW_RUNS, /* the sharing may go on */
	TOLD_REVIEW_OVER, /* its own time is over; that it was right is still to be looked at */
	TOLD_REVIEW_ENDED,
	TOLD_REVIEW_STATE_COUNT
};
/* Whoever raised it, confirmed it or took it on does not judge it, whatever else they are. */
enum told_review_actor {
	TOLD_REVIEW_BY_ITS_OWN,
	TOLD_REVIEW_BY_REVIEWER, /* senior, safeguarding lead, data protection officer */
	TOLD_REVIEW_BY_ANOTHER,
	TOLD_REVIEW_ACTOR_COUNT
};

/* How it stands after a review, and whether another is due at the profile's distance. outcome: enum
 * told_alert_outcome, RIGHT to ENDED. TOLD_E_USAGE: none of these; TOLD_E_REFUSED: it ended before; TOLD_E_NOT_ALLOWED:
 * not by them. *next and *again are set after TOLD_OK only. */
TOLD_MUST_USE enum told_status told_review_step(enum told_review_state state, unsigned outcome,
						enum told_review_actor actor, enum told_review_state *next,
						bool *again);

#endif
