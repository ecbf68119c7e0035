/* SPDX-License-Identifier: Apache-2.0 */
/* Days are days of the calendar in UTC, as everywhere in a referral. */
#include "agents/outcome/meeting.h"

#include "told/limits.h"

const char *const told_first_words[] = {"within a week",   "within two weeks", "within four weeks",
					"later than that", "not yet",          "never: it ended before"};
const char *const told_after_words[] = {"we met again", "kept open", "closed: we lost touch",
					"closed for another reason"};
const char *const told_attendance_words[] = {NULL, "we met", "we did not meet", "we cancelled ourselves"};

static int64_t day_of(int64_t utc_ms)
{
	return utc_ms / TOLD_MS_DAY;
}

enum told_first_contact told_first_contact(const struct told_met_referral *r)
{
	static const int64_t days[] = {7, 14, 28};
	for (size_t i = 0; i < r->count; i++) {
		if (r->tries[i].result != TOLD_TRY_MET)
			continue;
		int64_t took = day_of(r->tries[i].at_utc_ms) - day_of(r->sent_utc_ms);
		for (size_t k = 0; k < sizeof days / sizeof days[0]; k++)
			if (took <= days[k])
				return (enum told_first_contact)k;
		return TOLD_FIRST_LATER;
	}
	return r->closed ? TOLD_FIRST_NEVER : TOLD_FIRST_NOT_YET;
}

static bool within(const struct told_try *try, int64_t from_utc_ms, int64_t until_utc_ms)
{
	return try->at_utc_ms >= from_utc_ms && try->at_utc_ms < until_utc_ms;
}

enum told_after_missed told_after_missed(const struct told_met_referral *r, int64_t from_utc_ms, int64_t until_utc_ms)
{
	bool missed = false;
	for (size_t i = 0; i < r->count; i++) {
		missed |= r->tries[i].result == TOLD_TRY_NOT_MET && within(&r->tries[i], from_utc_ms, until_utc_ms);
		if (missed && r->tries[i].result == TOLD_TRY_MET)
			return TOLD_AFTER_MET;
	}
	if (!missed)
		return TOLD_AFTER_NO_MISSED;
	return !r->closed ? TOLD_AFTER_OPEN : r->lost_touch ? TOLD_AFTER_LOST : TOLD_AFTER_ENDED;
}

void told_attendance_add(const struct told_met_referral *r, int64_t from_utc_ms, int64_t until_utc_ms,
			 unsigned counts[TOLD_TRY_RESULT_COUNT])
{
	for (size_t i = 0; i < r->count; i++)
		if (within(&r->tries[i], from_utc_ms, until_utc_ms))
			counts[r->tries[i].result]++;
}
