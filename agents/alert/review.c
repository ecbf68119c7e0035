/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a review. Pure. */
#include "agents/alert/review.h"

#include "told/vocabulary.h"

enum told_status told_review_step(enum told_review_state state, unsigned outcome, enum told_review_actor actor,
				  enum told_review_state *next, bool *again)
{
	static const struct {
		enum told_review_state next;
		bool again;
	} after[TOLD_REVIEW_ENDED][2] = {
		/* found, and it goes on | found that the concern is over */
		[TOLD_REVIEW_RUNS] = {{TOLD_REVIEW_RUNS, true}, {TOLD_REVIEW_ENDED, false}},
		[TOLD_REVIEW_OVER] = {{TOLD_REVIEW_OVER, false}, {TOLD_REVIEW_ENDED, false}},
	};
	bool ends = outcome == TOLD_ALERT_OUTCOME_ENDED;
	if (outcome < TOLD_ALERT_OUTCOME_RIGHT || outcome > TOLD_ALERT_OUTCOME_ENDED)
		return TOLD_E_USAGE;
	if (state >= TOLD_REVIEW_ENDED)
		return TOLD_E_REFUSED;
	if (actor != TOLD_REVIEW_BY_REVIEWER)
		return TOLD_E_NOT_ALLOWED;
	*next = after[state][ends].next;
	*again = after[state][ends].again;
	return TOLD_OK;
}
