/* SPDX-License-Identifier: Apache-2.0 */
/* One table of what is finer than a state: the first row that fits is it. */
#include "agents/referral/substate.h"

#include "told/codes.h"

/* detail and reason 0: any. */
static const struct {
	uint8_t state, detail, reason;
	struct told_substate is;
} rows[] = {
	{TOLD_REFERRAL_DRAFT, 0, 0, {"draft", "not sent yet"}},
	{TOLD_REFERRAL_REQUESTED, TOLD_DETAIL_INFO_REQUESTED, 0, {"info_requested", "they ask something back"}},
	{TOLD_REFERRAL_REQUESTED, TOLD_DETAIL_ACKNOWLEDGED, 0, {"acknowledged", "somebody there has it in hand"}},
	{TOLD_REFERRAL_REQUESTED, 0, 0, {"submitted", "sent, not answered yet"}},
	{TOLD_REFERRAL_ACCEPTED, TOLD_DETAIL_WAITING_LIST, 0, {"waitlisted", "accepted, on the waiting list"}},
	{TOLD_REFERRAL_ACCEPTED,
	 TOLD_DETAIL_INFO_REQUESTED,
	 0,
	 {"info_requested", "accepted; they ask something back"}},
	{TOLD_REFERRAL_ACCEPTED, TOLD_DETAIL_BACK, 0, {"accepted", "accepted again: the person has come back"}},
	{TOLD_REFERRAL_ACCEPTED, 0, 0, {"accepted", "accepted"}},
	{TOLD_REFERRAL_IN_PROGRESS,
	 TOLD_DETAIL_INFO_REQUESTED,
	 0,
	 {"info_requested", "under way; they ask something back"}},
	{TOLD_REFERRAL_IN_PROGRESS, 0, 0, {"in_service", "under way"}},
	{TOLD_REFERRAL_ON_HOLD, 0, 0, {"paused", "paused, the door is open"}},
	{TOLD_REFERRAL_COMPLETED, 0, 0, {"outcome", "done"}},
	{TOLD_REFERRAL_REJECTED, 0, TOLD_REASON_WRONG_SERVICE, {"redirected", "redirected to another service"}},
	{TOLD_REFERRAL_REJECTED, 0, TOLD_REASON_DUPLICATE, {"duplicate_of", "a duplicate of another one"}},
	{TOLD_REFERRAL_REJECTED, 0, 0, {"declined", "declined"}},
	{TOLD_REFERRAL_FAILED, 0, TOLD_REASON_DISENGAGED, {"disengaged", "we lost touch; the door is open"}},
	{TOLD_REFERRAL_FAILED, 0, 0, {"expired", "could not be done"}},
	{TOLD_REFERRAL_CANCELLED,
	 0,
	 TOLD_REASON_PERSON_DECLINED,
	 {"withdrawn_by_person", "the person did not want it"}},
	{TOLD_REFERRAL_CANCELLED, 0, TOLD_REASON_NO_CONSENT, {"withdrawn_by_person", "the person did not want it"}},
	{TOLD_REFERRAL_CANCELLED, 0, 0, {"revoked", "taken back"}},
	{TOLD_REFERRAL_ENTERED_IN_ERROR, 0, 0, {"entered_in_error", "sent by mistake, struck through"}},
};

const struct told_substate *told_substate_at(size_t index)
{
	return index < sizeof rows / sizeof rows[0] ? &rows[index].is : NULL;
}

const struct told_substate *told_substate_of(const struct told_referral_facts *r)
{
	static const struct told_substate unknown = {"unknown", "unknown"};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].state == r->state && (rows[i].detail == 0 || rows[i].detail == r->detail) &&
		    (rows[i].reason == 0 || rows[i].reason == r->reason))
			return &rows[i].is;
	return &unknown;
}
