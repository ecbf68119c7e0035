/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for somebody: what counts as a try, and that each missing thing is named by itself. */
#include "agents/referral/tries.h"
#include "support/support.h"

#include <string.h>

static struct told_try not_met(enum told_try_way way)
{
	return (struct told_try){.way = way, .result = TOLD_TRY_NOT_MET, .way_chosen = true};
}

/* Three tries by two ways, one where they chose, one through the lead worker. */
static size_t make_enough(struct told_try tries[3])
{
	tries[0] = not_met(TOLD_TRY_WAY_TELEPHONE);
	tries[1] = not_met(TOLD_TRY_WAY_VISIT);
	tries[1].place_chosen = true;
	tries[2] = not_met(TOLD_TRY_WAY_TEXT);
	tries[2].through = TOLD_TRY_LEAD;
	return 3;
}

static struct told_search search_of(const struct told_try *tries, size_t count)
{
	struct told_search s = {.hard_asked = true, .message_left = true};
	told_search_count(tries, count, &s);
	return s;
}

static void test_three_tries_in_all_that_is_asked_are_enough(void **state)
{
	(void)state;
	struct told_try tries[3];
	struct told_buf missing = TOLD_BUF(4096);
	struct told_search s = search_of(tries, make_enough(tries));
	assert_true(told_search_enough(&s, &missing));
	assert_int_equal(missing.len, 0);
	told_buf_free(&missing);
}

static void lacks(const struct told_search *s, const char *words)
{
	struct told_buf missing = TOLD_BUF(4096);
	assert_false(told_search_enough(s, &missing));
	const char *text = told_buf_cstr(&missing);
	if (strstr(text, words) == NULL)
		fail_msg("\"%s\" is not in: %s", words, text);
	told_buf_free(&missing);
}

static void test_each_thing_that_is_missing_is_said(void **state)
{
	(void)state;
	struct told_try tries[3];
	struct told_search s = search_of(tries, make_enough(tries) - 1);
	lacks(&s, "Three tries");
	make_enough(tries);
	tries[1].way_chosen = tries[2].way_chosen = false;
	s = search_of(tries, 3);
	lacks(&s, "different ways");
	make_enough(tries);
	tries[1].place_chosen = false;
	s = search_of(tries, 3);
	lacks(&s, "place and time");
	make_enough(tries);
	tries[2].through = TOLD_TRY_OURSELVES;
	s = search_of(tries, 3);
	lacks(&s, "supporter");
	make_enough(tries);
	s = search_of(tries, 3);
	s.hard_asked = false;
	lacks(&s, "hard to reach");
	s = search_of(tries, 3);
	s.message_left = false;
	lacks(&s, "The door is open");
	s = search_of(tries, 3);
	s.high_risk = true;
	lacks(&s, "senior");
	s.reviewer_named = true;
	lacks(&s, "tell the referrer first");
	s.referrer_told = true;
	struct told_buf none = TOLD_BUF(256);
	assert_true(told_search_enough(&s, &none));
	told_buf_free(&none);
}

/* What we cancelled is no try of theirs, and meeting somebody ends the search. */
static void test_our_own_cancellations_and_old_tries_do_not_count(void **state)
{
	(void)state;
	struct told_try tries[6];
	size_t count = make_enough(tries);
	tries[1].result = TOLD_TRY_CANCELLED_BY_US;
	struct told_search s = search_of(tries, count);
	assert_int_equal(s.attempts, 2);
	assert_int_equal(s.cancelled_by_us, 1);
	make_enough(tries);
	tries[3] = (struct told_try){.way = TOLD_TRY_WAY_MEETING, .result = TOLD_TRY_MET};
	tries[4] = not_met(TOLD_TRY_WAY_TELEPHONE);
	s = search_of(tries, 5);
	assert_int_equal(s.met, 1);
	assert_int_equal(s.not_met, 4);
	assert_int_equal(s.attempts, 1);
	assert_int_equal(s.ways, 1);
	assert_false(s.place_chosen);
	assert_false(s.through_others);
}

static void test_the_same_way_three_times_is_one_way(void **state)
{
	(void)state;
	struct told_try tries[3] = {not_met(TOLD_TRY_WAY_TELEPHONE), not_met(TOLD_TRY_WAY_TELEPHONE),
				    not_met(TOLD_TRY_WAY_TELEPHONE)};
	struct told_search s = search_of(tries, 3);
	assert_int_equal(s.attempts, 3);
	assert_int_equal(s.ways, 1);
	lacks(&s, "different ways");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_tries_in_all_that_is_asked_are_enough),
		cmocka_unit_test(test_each_thing_that_is_missing_is_said),
		cmocka_unit_test(test_our_own_cancellations_and_old_tries_do_not_count),
		cmocka_unit_test(test_the_same_way_three_times_is_one_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
