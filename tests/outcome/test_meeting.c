/* SPDX-License-Identifier: Apache-2.0 */
/* What came of meeting people: days to the first meeting, each side's missed meetings, what became of a referral after
 * one. */
#include "support/support.h"

#include "agents/outcome/meeting.h"
#include "told/limits.h"

#define DAY0 (20000 * TOLD_MS_DAY)

static struct told_try try_on(int day, enum told_try_result result)
{
	return (struct told_try){.way = TOLD_TRY_WAY_MEETING, .result = result, .at_utc_ms = DAY0 + day * TOLD_MS_DAY};
}

static struct told_met_referral referral(const struct told_try *tries, size_t count)
{
	return (struct told_met_referral){.sent_utc_ms = DAY0, .tries = tries, .count = count};
}

static void test_the_first_meeting_counts_and_nothing_before_it(void **state)
{
	static const struct {
		int day;
		enum told_first_contact is;
	} cases[] = {{0, TOLD_FIRST_IN_A_WEEK}, {7, TOLD_FIRST_IN_A_WEEK}, {8, TOLD_FIRST_IN_TWO},
		     {14, TOLD_FIRST_IN_TWO},   {15, TOLD_FIRST_IN_FOUR},  {28, TOLD_FIRST_IN_FOUR},
		     {29, TOLD_FIRST_LATER}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct told_try tries[] = {try_on(0, TOLD_TRY_NOT_MET), try_on(0, TOLD_TRY_CANCELLED_BY_US),
					   try_on(cases[i].day, TOLD_TRY_MET), try_on(60, TOLD_TRY_MET)};
		struct told_met_referral r = referral(tries, 4);
		assert_int_equal(told_first_contact(&r), cases[i].is);
	}
	struct told_try missed[] = {try_on(3, TOLD_TRY_NOT_MET)};
	struct told_met_referral r = referral(missed, 1);
	assert_int_equal(told_first_contact(&r), TOLD_FIRST_NOT_YET);
	r.closed = true;
	assert_int_equal(told_first_contact(&r), TOLD_FIRST_NEVER);
	/* A day has two ends: late on the first day to early on the eighth is seven days of the calendar. */
	struct told_try early[] = {try_on(7, TOLD_TRY_MET)};
	r = (struct told_met_referral){.sent_utc_ms = DAY0 + TOLD_MS_DAY - 1, .tries = early, .count = 1};
	assert_int_equal(told_first_contact(&r), TOLD_FIRST_IN_A_WEEK);
}

static void test_a_missed_meeting_closes_nothing_by_itself(void **state)
{
	struct told_try tries[] = {try_on(1, TOLD_TRY_MET), try_on(5, TOLD_TRY_NOT_MET), try_on(9, TOLD_TRY_MET)};
	struct told_met_referral r = referral(tries, 2);
	const int64_t from = DAY0, until = DAY0 + 30 * TOLD_MS_DAY;
	(void)state;
	assert_int_equal(told_after_missed(&r, from, until), TOLD_AFTER_OPEN);
	r.closed = true;
	assert_int_equal(told_after_missed(&r, from, until), TOLD_AFTER_ENDED);
	r.lost_touch = true;
	assert_int_equal(told_after_missed(&r, from, until), TOLD_AFTER_LOST);
	r.count = 3; /* whatever came later, we met again */
	assert_int_equal(told_after_missed(&r, from, until), TOLD_AFTER_MET);
	r.count = 1;
	assert_int_equal(told_after_missed(&r, from, until), TOLD_AFTER_NO_MISSED);
	r.count = 3; /* missed in another month */
	assert_int_equal(told_after_missed(&r, DAY0 + 6 * TOLD_MS_DAY, until), TOLD_AFTER_NO_MISSED);
	assert_int_equal(told_after_missed(&r, from, DAY0 + 5 * TOLD_MS_DAY), TOLD_AFTER_NO_MISSED);
}

static void test_our_own_cancellations_stand_beside_theirs(void **state)
{
	struct told_try tries[] = {try_on(1, TOLD_TRY_CANCELLED_BY_US), try_on(2, TOLD_TRY_NOT_MET),
				   try_on(3, TOLD_TRY_CANCELLED_BY_US), try_on(4, TOLD_TRY_MET)};
	struct told_met_referral r = referral(tries, 4);
	unsigned counts[TOLD_TRY_RESULT_COUNT] = {0};
	(void)state;
	told_attendance_add(&r, DAY0, DAY0 + 4 * TOLD_MS_DAY, counts);
	assert_int_equal(counts[TOLD_TRY_CANCELLED_BY_US], 2);
	assert_int_equal(counts[TOLD_TRY_NOT_MET], 1);
	assert_int_equal(counts[TOLD_TRY_MET], 0); /* the day after */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_meeting_counts_and_nothing_before_it),
		cmocka_unit_test(test_a_missed_meeting_closes_nothing_by_itself),
		cmocka_unit_test(test_our_own_cancellations_stand_beside_theirs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
