/* SPDX-License-Identifier: Apache-2.0 */
/* What one message does to the facts of a referral that it is about. Pure memory. */
#include "broker/rule/person_referral.h"

/* What is finer than the state belongs to the state that it was said of; an answer to what was asked back ends that. */
static void fold_detail(struct told_referral_facts *r, const struct told_workflow_part *part, bool by_referrer)
{
	bool moved = part->state != TOLD_REFERRAL_NONE && part->state != r->state;
	if (moved || part->detail != TOLD_DETAIL_NONE)
		r->detail = (uint8_t)part->detail;
	else if (by_referrer && r->detail == TOLD_DETAIL_INFO_REQUESTED)
		r->detail = TOLD_DETAIL_ACKNOWLEDGED;
	if (moved)
		r->due_utc_ms = 0;
	if (part->due_ms != 0)
		r->due_utc_ms = (int64_t)part->due_ms;
	if (part->detail == TOLD_DETAIL_WAITING_LIST)
		r->weeks = (uint16_t)(part->weeks > UINT16_MAX ? UINT16_MAX : part->weeks);
}

void told_referral_fold(struct told_referral_facts *r, const struct told_workflow_part *part,
			struct told_referral_said said)
{
	if (said.sender == r->referred_to && r->answered_utc_ms == 0)
		r->answered_utc_ms = said.at_utc_ms;
	fold_detail(r, part, said.sender == r->referrer);
	if (part->state == TOLD_REFERRAL_NONE)
		return;
	r->state = (uint8_t)part->state;
	r->reason = (uint8_t)part->reason;
	r->service = said.service;
	r->changed_utc_ms = said.at_utc_ms;
}
