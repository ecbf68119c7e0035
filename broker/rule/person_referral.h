/* SPDX-License-Identifier: Apache-2.0 */
/* What one message does to the facts of a referral that it is about. Private to this room. */
#ifndef TOLD_RULE_PERSON_REFERRAL_H
#define TOLD_RULE_PERSON_REFERRAL_H

#include "broker/rule/person.h"

/* Who said it, when, and the party that it names as another service. */
struct told_referral_said {
	uint32_t sender, service;
	int64_t at_utc_ms;
};
/* Folds a message's workflow part into the referral: first what is finer than the state, then the state. */
void told_referral_fold(struct told_referral_facts *referral, const struct told_workflow_part *part,
			struct told_referral_said said);

#endif
