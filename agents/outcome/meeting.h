/* SPDX-License-Identifier: Apache-2.0 */
/* What came of meeting people, one referral to us at a time: how long until we first met, what each side missed, and
 * what became of it after a missed meeting (practice.md section 5). Pure: tries come in, in the order of their times.
 */
#ifndef TOLD_OUTCOME_MEETING_H
#define TOLD_OUTCOME_MEETING_H

#include "agents/referral/tries.h"

/* A referral to us, as it stands now. */
struct told_met_referral {
	int64_t sent_utc_ms;
	bool closed, lost_touch; /* lost_touch: closed for that reason */
	const struct told_try *tries;
	size_t count;
};

enum told_first_contact {
	TOLD_FIRST_IN_A_WEEK,
	TOLD_FIRST_IN_TWO,
	TOLD_FIRST_IN_FOUR,
	TOLD_FIRST_LATER,
	TOLD_FIRST_NOT_YET,
	TOLD_FIRST_NEVER, /* it ended before */
	TOLD_FIRST_COUNT
};
extern const char *const told_first_words[TOLD_FIRST_COUNT];
/* From the day on which it was sent to the first meeting. */
enum told_first_contact told_first_contact(const struct told_met_referral *referral);

enum told_after_missed {
	TOLD_AFTER_MET,   /* we met again */
	TOLD_AFTER_OPEN,  /* it is kept open */
	TOLD_AFTER_LOST,  /* it was closed, because we lost touch */
	TOLD_AFTER_ENDED, /* it was closed for another reason */
	TOLD_AFTER_COUNT,
	TOLD_AFTER_NO_MISSED /* nothing was missed in that time */
};
extern const char *const told_after_words[TOLD_AFTER_COUNT];
/* Of meetings missed at or after from and before until. */
enum told_after_missed told_after_missed(const struct told_met_referral *referral, int64_t from_utc_ms,
					 int64_t until_utc_ms);

/* Each result is added to counts, by enum told_try_result, that lies in the time. */
void told_attendance_add(const struct told_met_referral *referral, int64_t from_utc_ms, int64_t until_utc_ms,
			 unsigned counts[TOLD_TRY_RESULT_COUNT]);
extern const char *const told_attendance_words[TOLD_TRY_RESULT_COUNT]; /* [0] NULL */

#endif
