/* SPDX-License-Identifier: Apache-2.0 */
/* Dates, spans, working days. */
#include "support/support.h"

#include "broker/agree/calendar.h"
#include "broker/agree/span.h"
#include "told/limits.h"

#include <string.h>

static int64_t date(const char *text)
{
	int64_t utc_ms;
	assert_int_equal(told_date_parse(told_text(text), &utc_ms), TOLD_OK);
	return utc_ms;
}

static struct told_span span(const char *text)
{
	struct told_span out;
	assert_int_equal(told_span_parse(told_text(text), &out), TOLD_OK);
	return out;
}

static void moves(const char *from, const char *by, const char *to)
{
	char got[11];
	told_date_text(told_span_after(date(from), span(by)), got);
	assert_string_equal(got, to);
}

static void back(const char *from, const char *by, const char *to)
{
	char got[11];
	told_date_text(told_span_before(date(from), span(by)), got);
	assert_string_equal(got, to);
}

static void test_a_date_is_midnight_utc(void **state)
{
	(void)state;
	assert_int_equal(date("1970-01-01"), 0);
	assert_int_equal(date("2000-03-01"), INT64_C(951868800000));
	assert_int_equal(date("2026-11-22"), INT64_C(1795305600000));
	assert_int_equal(date("9999-12-31"), INT64_C(253402214400000));
}

static void test_an_end_date_includes_its_day(void **state)
{
	(void)state;
	int64_t end;
	assert_int_equal(told_date_parse_end(told_text("2028-02-28"), &end), TOLD_OK);
	assert_int_equal(end, date("2028-02-29"));
	assert_int_equal(told_date_parse_end(told_text("2026-12-31"), &end), TOLD_OK);
	assert_int_equal(end, date("2027-01-01"));
}

static void test_a_day_that_does_not_exist_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"2026-02-29", "2100-02-29", "2026-04-31", "2026-13-01", "2026-00-10",
					  "2026-01-00", "2026-1-1",   "26-01-01",   "2026/01/01", "2026-01-01 ",
					  "",           "1969-12-31", "+026-01-01", "2026-01-1x"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		int64_t utc_ms = 7;
		assert_int_equal(told_date_parse(told_text(bad[i]), &utc_ms), TOLD_E_MALFORMED);
		assert_int_equal(utc_ms, 0);
	}
	(void)date("2028-02-29");
	(void)date("2000-02-29");
}

static void test_each_day_of_four_centuries_is_read_and_written_the_same(void **state)
{
	(void)state;
	struct told_day day = {1970, 1, 1};
	for (int64_t number = 0; number < 146097; number++) {
		struct told_day got = told_day_of(number);
		assert_true(got.year == day.year && got.month == day.month && got.day == day.day);
		assert_int_equal(told_day_number(day), number);
		if (++day.day > told_month_days(day.year, day.month)) {
			day.day = 1;
			if (++day.month > 12) {
				day.month = 1;
				day.year++;
			}
		}
	}
	assert_int_equal(told_day_number((struct told_day){1969, 12, 31}), -1);
	assert_int_equal(told_day_of(-1).day, 31);
}

static void test_spans_have_one_form(void **state)
{
	(void)state;
	static const char *const bad[] = {"",     "24", "m",  "024m", "0d",     "-1d",  "1.5y", "24M", "24 m",
					  "24mo", "wd", "5w", "5dw",  "10000d", "24m ", " 24m", "1d1h"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct told_span out = {9, TOLD_SPAN_DAYS};
		assert_int_equal(told_span_parse(told_text(bad[i]), &out), TOLD_E_MALFORMED);
		assert_true(out.count == 0 && out.unit == TOLD_SPAN_NONE);
	}
	static const char *const good[] = {"24m", "60d", "72h", "5wd", "8y", "9999d"};
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		char text[12];
		told_span_text(span(good[i]), text);
		assert_string_equal(text, good[i]);
	}
}

static void test_months_and_years_keep_the_day_or_take_the_last(void **state)
{
	(void)state;
	moves("2026-01-31", "1m", "2026-02-28");
	moves("2028-01-31", "1m", "2028-02-29");
	moves("2026-10-31", "4m", "2027-02-28");
	moves("2028-02-29", "1y", "2029-02-28");
	moves("2026-11-22", "12m", "2027-11-22");
	moves("2026-12-31", "24m", "2028-12-31");
	back("2026-11-22", "24m", "2024-11-22");
	back("2028-02-29", "12m", "2027-02-28");
	back("2026-01-15", "1m", "2025-12-15");
	moves("2026-06-01", "60d", "2026-07-31");
	back("2026-03-01", "24h", "2026-02-28");
	assert_int_equal(told_span_after(5, (struct told_span){0}), 5);
}

static void test_working_days_skip_weekends_and_bank_holidays(void **state)
{
	(void)state;
	moves("2026-11-20", "1wd", "2026-11-23"); /* Friday to Monday */
	moves("2026-11-22", "1wd", "2026-11-23"); /* Sunday to Monday */
	moves("2026-11-20", "5wd", "2026-11-27");
	moves("2026-12-24", "1wd", "2026-12-29"); /* Christmas, and Boxing Day's substitute */
	moves("2027-12-24", "1wd", "2027-12-29"); /* both holidays fall on the weekend */
	moves("2026-04-02", "1wd", "2026-04-07"); /* Easter */
	moves("2027-12-31", "1wd", "2028-01-04"); /* New Year's substitute */
	back("2026-04-07", "1wd", "2026-04-02");
	assert_int_equal(told_span_after(date("2026-11-20") + 17 * TOLD_MS_HOUR, span("1wd")),
			 date("2026-11-23") + 17 * TOLD_MS_HOUR);
}

/* Anonymous Gregorian computus. */
static struct told_day easter(int32_t y)
{
	int32_t a = y % 19, b = y / 100, c = y % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int32_t h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
	int32_t m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
	return (struct told_day){y, (uint32_t)(n / 31), (uint32_t)(n % 31 + 1)};
}

static int64_t weekday(int64_t number)
{
	return (number + 3) % 7;
}

/* The holidays of a year by the rules of the 1971 Act, not by the table. */
static size_t expected(int32_t year, int64_t out[8])
{
	int64_t sunday = told_day_number(easter(year)), may = told_day_number((struct told_day){year, 5, 1});
	int64_t may_end = told_day_number((struct told_day){year, 5, 31}),
		aug_end = told_day_number((struct told_day){year, 8, 31});
	int64_t new_year = told_day_number((struct told_day){year, 1, 1}),
		xmas = told_day_number((struct told_day){year, 12, 25});
	int64_t boxing = xmas + 1;
	while (weekday(new_year) >= 5)
		new_year++;
	/* On a Friday to Sunday one of the two is moved to the Monday or Tuesday after. */
	if (weekday(xmas) == 4)
		boxing = xmas + 3;
	else if (weekday(xmas) >= 5) {
		int64_t monday = xmas + 7 - weekday(xmas);
		boxing = weekday(xmas) == 5 ? monday + 1 : monday;
		xmas = weekday(xmas) == 5 ? monday : monday + 1;
	}
	int64_t days[8] = {new_year,
			   sunday - 2,
			   sunday + 1,
			   may + (7 - weekday(may)) % 7,
			   may_end - weekday(may_end),
			   aug_end - weekday(aug_end),
			   xmas,
			   boxing};
	for (size_t i = 0; i < 8; i++)
		out[i] = days[i];
	return 8;
}

static void test_the_table_of_holidays_is_what_the_rules_give(void **state)
{
	(void)state;
	for (int32_t year = TOLD_CALENDAR_FIRST_YEAR; year <= TOLD_CALENDAR_LAST_YEAR; year++) {
		int64_t holidays[8];
		size_t count = expected(year, holidays), working = 0, weekdays = 0;
		for (size_t i = 0; i < count; i++)
			assert_false(told_working_day(holidays[i]));
		int64_t first = told_day_number((struct told_day){year, 1, 1});
		int64_t next = told_day_number((struct told_day){year + 1, 1, 1});
		for (int64_t day = first; day < next; day++) {
			working += told_working_day(day) ? 1 : 0;
			weekdays += weekday(day) < 5 ? 1 : 0;
		}
		assert_int_equal(weekdays - working, 8);
	}
}

/* Each row is a real day, in order, in a year that the table covers; a substitute is said to be one, and its own day
 * fell on a weekend. */
static void test_the_data_file_is_in_order_and_names_its_substitute_days(void **state)
{
	(void)state;
	int64_t last = 0;
	size_t count = 0, substitutes = 0;
	for (; told_holiday_at(count) != NULL; count++) {
		const struct told_holiday *h = told_holiday_at(count);
		int64_t number = told_day_number(h->day);
		struct told_day back_again = told_day_of(number);
		assert_true(back_again.month == h->day.month && back_again.day == h->day.day);
		assert_true(number > last && weekday(number) < 5);
		assert_in_range(h->day.year, TOLD_CALENDAR_FIRST_YEAR, TOLD_CALENDAR_LAST_YEAR);
		last = number;
		if (strstr(h->name, "substitute") == NULL)
			continue;
		substitutes++;
		bool new_year = strstr(h->name, "New Year") != NULL, boxing = strstr(h->name, "Boxing") != NULL;
		struct told_day own = {h->day.year, new_year ? 1 : 12, new_year ? 1 : boxing ? 26 : 25};
		assert_true(weekday(told_day_number(own)) >= 5);
	}
	assert_int_equal(count, 8 * (TOLD_CALENDAR_LAST_YEAR - TOLD_CALENDAR_FIRST_YEAR + 1));
	assert_int_equal(substitutes, 4);
}

static void test_times_past_all_bounds_do_not_overflow(void **state)
{
	(void)state;
	char text[11];
	assert_int_equal(told_span_after(INT64_MAX, span("9999y")), INT64_MAX);
	assert_int_equal(told_span_before(INT64_MIN, span("9999d")), INT64_MIN);
	told_date_text(INT64_MAX, text);
	assert_string_equal(text, "----------");
	told_date_text(-1, text);
	assert_string_equal(text, "----------");
}

/* The short way and the calendar say the same, near the end of the span and far from it, for times of any size. */
static void test_a_span_is_over_when_the_calendar_says_so(void **state)
{
	(void)state;
	uint64_t random = told_test_seed();
	for (unsigned i = 0; i < 20000; i++) {
		struct told_span some = {.count = 1 + (uint32_t)(told_test_random(&random) % 9999),
					 .unit = told_test_random(&random) % (TOLD_SPAN_YEARS + 1)};
		if (some.unit == TOLD_SPAN_WORKING_DAYS)
			some.count = 1 + some.count % 40; /* counted day by day */
		int64_t from = (int64_t)(told_test_random(&random) >> (told_test_random(&random) % 63));
		if (i % 8 == 0)
			from = -from;
		int64_t end = told_span_after(from, some);
		assert_int_equal(told_span_over(from, some, end), true);
		if (end > INT64_MIN && end > from)
			assert_int_equal(told_span_over(from, some, end - 1), false);
		int64_t t = (int64_t)(told_test_random(&random) >> (told_test_random(&random) % 63));
		assert_int_equal(told_span_over(from, some, t), t >= end);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_date_is_midnight_utc),
		cmocka_unit_test(test_an_end_date_includes_its_day),
		cmocka_unit_test(test_a_day_that_does_not_exist_is_refused),
		cmocka_unit_test(test_each_day_of_four_centuries_is_read_and_written_the_same),
		cmocka_unit_test(test_spans_have_one_form),
		cmocka_unit_test(test_months_and_years_keep_the_day_or_take_the_last),
		cmocka_unit_test(test_working_days_skip_weekends_and_bank_holidays),
		cmocka_unit_test(test_the_table_of_holidays_is_what_the_rules_give),
		cmocka_unit_test(test_the_data_file_is_in_order_and_names_its_substitute_days),
		cmocka_unit_test(test_times_past_all_bounds_do_not_overflow),
		cmocka_unit_test(test_a_span_is_over_when_the_calendar_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
