/* SPDX-License-Identifier: Apache-2.0 */
/* What is finer than a referral's state, as a code of decision.md section 1.4 and in words. Pure. */
#ifndef TOLD_REFERRAL_SUBSTATE_H
#define TOLD_REFERRAL_SUBSTATE_H

#include "broker/rule/person.h"

/* Static texts. */
struct told_substate {
	const char *code, *words; /* "waitlisted", "accepted, on the waiting list" */
};
const struct told_substate *told_substate_of(const struct told_referral_facts *referral);
/* The row of the table at index; NULL past the last: for docs and tests. */
const struct told_substate *told_substate_at(size_t index);

#endif
