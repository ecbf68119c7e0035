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

/* ---- every series of tries, and everything that may be missing ---- */

#define ONE (TOLD_TRY_WAY_COUNT * TOLD_TRY_RESULT_COUNT * TOLD_TRY_THROUGH_COUNT * 4)

/* The n-th of all tries that can be written down; false: not one of them. */
static bool nth_try(unsigned n, struct told_try *out)
{
	*out = (struct told_try){.way = n % TOLD_TRY_WAY_COUNT,
				 .result = n / TOLD_TRY_WAY_COUNT % TOLD_TRY_RESULT_COUNT,
				 .through = n / (ONE / TOLD_TRY_THROUGH_COUNT / 4) % TOLD_TRY_THROUGH_COUNT,
				 .way_chosen = n / (ONE / 4) % 2 != 0,
				 .place_chosen = n / (ONE / 2) != 0};
	return out->way != TOLD_TRY_WAY_NONE && out->result != TOLD_TRY_RESULT_NONE;
}

/* Practice.md section 5, said once more: what counts is what came after we last met; ours to cancel is nobody's try. */
static void count_again(const struct told_try *tries, size_t count, struct told_search *out)
{
	unsigned ways = 0;
	*out = (struct told_search){0};
	for (size_t i = 0; i < count; i++) {
		const struct told_try *t = &tries[i];
		out->met += t->result == TOLD_TRY_MET;
		out->not_met += t->result == TOLD_TRY_NOT_MET;
		out->cancelled_by_us += t->result == TOLD_TRY_CANCELLED_BY_US;
		bool met_later = false;
		for (size_t j = i; j < count; j++)
			met_later |= tries[j].result == TOLD_TRY_MET;
		if (met_later || t->result != TOLD_TRY_NOT_MET)
			continue;
		out->attempts++;
		ways |= t->way_chosen ? 1u << t->way : 0;
		out->place_chosen |= t->place_chosen;
		out->through_others |= t->through != TOLD_TRY_OURSELVES;
	}
	out->ways = (unsigned)__builtin_popcount(ways);
}

static void test_every_pair_of_tries_after_every_start_counts_as_it_should(void **state)
{
	(void)state;
	struct told_try tries[3];
	struct told_search expected;
	unsigned asked = 0;
	for (unsigned start = 0; start < TOLD_TRY_RESULT_COUNT; start++)
		for (unsigned n = 0; n < ONE * ONE; n++) {
			size_t count = start == TOLD_TRY_RESULT_NONE ? 2 : 3;
			tries[0] = (struct told_try){
				.way = TOLD_TRY_WAY_VISIT, .result = start, .way_chosen = true, .place_chosen = true};
			if (!nth_try(n % ONE, &tries[count - 2]) || !nth_try(n / ONE, &tries[count - 1]))
				continue;
			struct told_search got = {0};
			told_search_count(tries, count, &got);
			count_again(tries, count, &expected);
			assert_memory_equal(&got, &expected, sizeof got);
			asked++;
		}
	print_message("%u series of tries\n", asked);
	assert_true(asked > 200000);
}

/* Each set of what is missing is refused, and nothing missing is enough; a named reviewer and a told referrer are asked
 * for where the person is at high risk. */
static void test_whatever_is_missing_nobody_may_say_lost_touch(void **state)
{
	(void)state;
	for (unsigned there = 0; there < 1u << 9; there++) {
		struct told_buf missing = TOLD_BUF(4096);
		const struct told_search s = {.attempts = there & 1 ? 3 : 2,
					      .ways = there & 2 ? 2 : 1,
					      .place_chosen = there & 4,
					      .through_others = there & 8,
					      .hard_asked = there & 16,
					      .message_left = there & 32,
					      .reviewer_named = there & 64,
					      .referrer_told = there & 128,
					      .high_risk = there & 256};
		bool all = (there & 63) == 63, safe = !(there & 256) || (there & 192) == 192;
		assert_int_equal(told_search_enough(&s, &missing), all && safe);
		assert_int_equal(missing.len == 0, all && safe);
		told_buf_free(&missing);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_tries_in_all_that_is_asked_are_enough),
		cmocka_unit_test(test_each_thing_that_is_missing_is_said),
		cmocka_unit_test(test_our_own_cancellations_and_old_tries_do_not_count),
		cmocka_unit_test(test_the_same_way_three_times_is_one_way),
		cmocka_unit_test(test_every_pair_of_tries_after_every_start_counts_as_it_should),
		cmocka_unit_test(test_whatever_is_missing_nobody_may_say_lost_touch),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
