/* SPDX-License-Identifier: Apache-2.0 */
/* Two tables, moves and reasons, and looking things up in them. Touches nothing else. */
#include "broker/decide/moves.h"

#include <stddef.h>

#define IN(state) TOLD_STATE_BIT(TOLD_REFERRAL_##state)
#define SAY(what) (1u << TOLD_DETAIL_##what)
#define OPEN      (IN(REQUESTED) | IN(ACCEPTED) | IN(IN_PROGRESS) | IN(ON_HOLD))
#define BEGUN     (IN(ACCEPTED) | IN(IN_PROGRESS) | IN(ON_HOLD))
#define REFERRER  TOLD_SIDE_REFERRER
#define TARGET    TOLD_SIDE_TARGET
#define ANSWER    TOLD_TYPE_REFERRAL_ANSWER
#define STAYS     0

/* Who may move a referral, from where, to where. What is not here cannot be done. */
static const struct told_move moves[] = {
	{TOLD_TYPE_REFERRAL, REFERRER, IN(NONE) | IN(DRAFT), IN(REQUESTED), 0, "refer"},
	{ANSWER, TARGET, IN(REQUESTED), STAYS, SAY(ACKNOWLEDGED), "acknowledge: somebody has it in hand"},
	{ANSWER, TARGET, IN(ACCEPTED) | IN(IN_PROGRESS), STAYS, SAY(ACKNOWLEDGED),
	 "say that what was asked back has come, by whatever way"},
	{ANSWER, TARGET, IN(REQUESTED) | IN(ACCEPTED) | IN(IN_PROGRESS), STAYS, SAY(INFO_REQUESTED),
	 "ask back; the referral stays where it is"},
	{TOLD_TYPE_STATUS_UPDATE, REFERRER, OPEN, STAYS, 0, "answer what was asked back"},
	{TOLD_TYPE_STATUS_UPDATE, TARGET, OPEN, STAYS, 0, "tell how it goes"},
	{ANSWER, TARGET, IN(REQUESTED), IN(ACCEPTED) | IN(REJECTED), 0, "accept, or decline"},
	{ANSWER, TARGET, IN(REQUESTED) | IN(ACCEPTED), IN(ACCEPTED), SAY(WAITING_LIST), "put on the waiting list"},
	{ANSWER, TARGET, IN(ACCEPTED), IN(IN_PROGRESS) | IN(ON_HOLD) | IN(REJECTED), 0,
	 "start, pause, or decline after all"},
	{ANSWER, TARGET, IN(IN_PROGRESS), IN(ON_HOLD), 0, "pause: the door stays open"},
	{ANSWER, TARGET, IN(ON_HOLD), IN(IN_PROGRESS) | IN(ACCEPTED), 0, "go on"},
	{ANSWER, TARGET, IN(ON_HOLD), IN(IN_PROGRESS) | IN(ACCEPTED), SAY(BACK), "the person has come back"},
	{ANSWER, TARGET, IN(FAILED), IN(ACCEPTED), SAY(BACK),
	 "the person has come back within 12 months of lost touch"},
	{TOLD_TYPE_CANCEL, REFERRER, OPEN | IN(DRAFT), IN(CANCELLED), 0, "revoke"},
	{TOLD_TYPE_CANCEL, REFERRER, OPEN | IN(DRAFT), IN(ENTERED_IN_ERROR), 0, "say that it was sent by mistake"},
	{TOLD_TYPE_CLOSURE, TARGET, BEGUN, IN(COMPLETED) | IN(FAILED), 0, "close"},
	{TOLD_TYPE_CLOSURE, TARGET, OPEN, IN(CANCELLED), 0, "close, because the person no longer wants or needs it"},
};

const struct told_move *told_move_at(size_t index)
{
	return index < sizeof moves / sizeof moves[0] ? &moves[index] : NULL;
}

/* A message that names no state but a detail says what stays as it is. */
static bool reaches(const struct told_move *move, unsigned from, unsigned to)
{
	if (move->to == STAYS)
		return to == TOLD_REFERRAL_NONE || to == from;
	return to == TOLD_REFERRAL_NONE || move->to >> to & 1;
}

bool told_move_may(unsigned type, enum told_side by, unsigned from, unsigned to, unsigned detail)
{
	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		const struct told_move *move = &moves[i];
		bool said = detail == TOLD_DETAIL_NONE ? move->details == 0 : move->details >> detail & 1;
		if (move->type == type && move->by == by && move->from >> from & 1 && said && reaches(move, from, to))
			return true;
	}
	return false;
}

#define ENDS (IN(REJECTED) | IN(FAILED) | IN(CANCELLED))

/* What is not here fits nothing. Sent in error is never a revocation, nor the reverse. */
static const uint16_t fits[TOLD_REASON_COUNT] = {
	[TOLD_REASON_NOT_ELIGIBLE] = IN(REJECTED),
	[TOLD_REASON_OUT_OF_AREA] = IN(REJECTED),
	[TOLD_REASON_NO_CAPACITY] = IN(REJECTED) | IN(ON_HOLD),
	[TOLD_REASON_NO_RECOURSE] = IN(REJECTED),
	[TOLD_REASON_NEEDS_NOT_SAFE] = IN(REJECTED) | IN(FAILED),
	[TOLD_REASON_RISK_TOO_HIGH] = IN(REJECTED) | IN(FAILED),
	[TOLD_REASON_RISK_TOO_LOW] = IN(REJECTED) | IN(FAILED),
	[TOLD_REASON_DUPLICATE] = IN(REJECTED) | IN(CANCELLED),
	[TOLD_REASON_MORE_INFORMATION] = IN(REJECTED),
	[TOLD_REASON_NO_CONSENT] = IN(REJECTED) | IN(CANCELLED),
	[TOLD_REASON_WRONG_SERVICE] = IN(REJECTED),
	[TOLD_REASON_CANNOT_CONTACT] = IN(REJECTED) | IN(ON_HOLD),
	[TOLD_REASON_PERSON_DECLINED] = ENDS | IN(ON_HOLD),
	[TOLD_REASON_NOT_REQUIRED] = ENDS,
	[TOLD_REASON_MOVED] = ENDS,
	[TOLD_REASON_IN_CUSTODY] = ENDS | IN(ON_HOLD),
	[TOLD_REASON_DIED] = ENDS,
	[TOLD_REASON_COMPLETED] = IN(COMPLETED),
	[TOLD_REASON_ONWARD] = IN(COMPLETED),
	[TOLD_REASON_TRANSFERRED] = IN(COMPLETED) | IN(FAILED),
	[TOLD_REASON_DISENGAGED] = IN(FAILED),
	[TOLD_REASON_NOT_SUITABLE] = IN(FAILED),
	[TOLD_REASON_WITHDRAWN_BY_PROVIDER] = IN(FAILED),
	[TOLD_REASON_SENT_IN_ERROR] = IN(ENTERED_IN_ERROR),
	[TOLD_REASON_OTHER] = ENDS | IN(ON_HOLD),
	[TOLD_REASON_DOOR_OPEN] = IN(ON_HOLD),
};

unsigned told_reason_states(unsigned reason)
{
	return reason < TOLD_REASON_COUNT ? fits[reason] : 0;
}

bool told_state_needs_reason(unsigned state)
{
	const unsigned needs = ENDS | IN(COMPLETED) | IN(ENTERED_IN_ERROR) | IN(ON_HOLD);
	return state < TOLD_REFERRAL_COUNT && needs >> state & 1;
}

const char *told_side_words(enum told_side side)
{
	static const char *const words[] = {"anybody else", "who refers", "who was asked"};
	return words[side < TOLD_SIDE_COUNT ? side : 0];
}
