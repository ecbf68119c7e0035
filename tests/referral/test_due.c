/* SPDX-License-Identifier: Apache-2.0 */
/* Days in words: due dates over weekends and bank holidays, and what is late. */
#include "agents/referral/due.h"
#include "support/support.h"

static int64_t at(const char *date, int64_t hour)
{
	int64_t ms = 0;
	assert_int_equal(told_date_parse(told_text(date), &ms), TOLD_OK);
	return ms + hour * TOLD_MS_HOUR;
}

static struct told_span span(const char *text)
{
	struct told_span out;
	assert_int_equal(told_span_parse(told_text(text), &out), TOLD_OK);
	return out;
}

static void says(int64_t due, int64_t now, const char *expected)
{
	struct told_buf out = TOLD_BUF(256);
	told_ack_words(due, now, &out);
	assert_string_equal(told_buf_cstr(&out), expected);
	told_buf_free(&out);
}

static void test_a_due_day_is_said_with_the_working_days_left(void **state)
{
	(void)state;
	int64_t due = at("2026-11-24", 10); /* a Tuesday */
	says(due, at("2026-11-20", 9), "Acknowledge by Tue 24 Nov (2 working days left)");
	says(due, at("2026-11-22", 9), "Acknowledge by Tue 24 Nov (2 working days left)"); /* Sunday */
	says(due, at("2026-11-23", 9), "Acknowledge by Tue 24 Nov (1 working day left)");
	says(due, at("2026-11-24", 9), "Acknowledge by Tue 24 Nov (today)");
	says(due, at("2026-11-24", 11), "Acknowledge by Tue 24 Nov (late)");
	says(due, at("2026-11-26", 9), "Acknowledge by Tue 24 Nov (2 working days late)");
	says(at("2027-01-04", 9), at("2026-12-30", 9), "Acknowledge by Mon 4 Jan 2027 (2 working days left)");
}

static void test_bank_holidays_and_their_substitutes_are_no_working_days(void **state)
{
	(void)state;
	/* Boxing Day 2026 is a Saturday: Monday the 28th stands for it. */
	assert_int_equal(told_working_days_left(at("2026-12-29", 0), at("2026-12-24", 0)), 1);
	assert_int_equal(told_working_days_left(at("2024-04-02", 0), at("2024-03-28", 0)), 1); /* Easter */
	assert_int_equal(told_working_days_left(at("2028-01-04", 0), at("2027-12-31", 0)),
			 1); /* New Year's substitute */
	assert_int_equal(told_working_days_left(at("2026-11-20", 0), at("2026-11-24", 0)), -2);
}

static void test_the_sooner_of_agreement_and_promise_counts(void **state)
{
	(void)state;
	int64_t sent = at("2026-11-20", 10); /* Friday */
	const struct told_span none = {0};
	assert_true(told_ack_due(sent, none, none) == at("2026-11-24", 10));
	assert_true(told_ack_due(sent, span("5wd"), none) == at("2026-11-27", 10));
	assert_true(told_ack_due(sent, span("5wd"), span("1wd")) == at("2026-11-23", 10));
	assert_true(told_ack_due(sent, span("1wd"), span("5wd")) == at("2026-11-23", 10));
	assert_true(told_ack_due(at("2026-12-24", 10), span("2wd"), none) == at("2026-12-30", 10));
}

static void test_only_what_nobody_answered_is_overdue(void **state)
{
	(void)state;
	struct told_referral_facts r = {.state = TOLD_REFERRAL_REQUESTED};
	assert_true(told_ack_overdue(&r, 10, 10));
	assert_false(told_ack_overdue(&r, 10, 9));
	r.answered_utc_ms = 5; /* asked back: that is an answer */
	assert_false(told_ack_overdue(&r, 10, 11));
	r = (struct told_referral_facts){.state = TOLD_REFERRAL_CANCELLED};
	assert_false(told_ack_overdue(&r, 10, 11));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_due_day_is_said_with_the_working_days_left),
		cmocka_unit_test(test_bank_holidays_and_their_substitutes_are_no_working_days),
		cmocka_unit_test(test_the_sooner_of_agreement_and_promise_counts),
		cmocka_unit_test(test_only_what_nobody_answered_is_overdue),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
