/* SPDX-License-Identifier: Apache-2.0 */
/* Times, spans, nearest names, and text of others on its way to a terminal or into JSON. */
#include "support/support.h"

#include "evidence/audit/base/words.h"

#include <stdlib.h>
#include <string.h>

static void parses(const char *text, uint64_t expected)
{
	uint64_t ms = 0;
	if (told_time_parse(told_text(text), &ms) != TOLD_OK)
		fail_msg("refused: %s", text);
	assert_int_equal(ms, expected);
}

static void test_times_are_read(void **state)
{
	(void)state;
	parses("1970-01-01T00:00:00Z", 0);
	parses("2000-02-29T23:59:59Z", 951868799000);
	parses("2026-11-22T13:45:00Z", 1795355100000);
	parses("2026-11-22T13:45:00.25Z", 1795355100250);
	parses("2026-11-22T13:45:00.123456789Z", 1795355100123);
	parses("2026-11-22T14:45:00+01:00", 1795355100000);
	parses("2026-11-22T08:15:00-05:30", 1795355100000);
	parses("9999-12-31T23:59:59Z", 253402300799000);
}

static void test_what_is_no_time_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",
		"now",
		"2026-11-22",
		"2026-11-22T13:45:00",
		"2026-11-22 13:45:00Z",
		"2026-11-22T13:45Z",
		"2026-11-22t13:45:00z",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z",
		"2026-11-00T00:00:00Z",
		"2026-11-22T24:00:00Z",
		"2026-11-22T13:60:00Z",
		"2026-11-22T13:45:60Z",
		"2026-11-22T13:45:00.Z",
		"2026-11-22T13:45:00+0100",
		"2026-11-22T13:45:00+24:00",
		"2026-11-22T13:45:00ZZ",
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:00:00+01:00",
		"+2026-11-22T13:45:00Z",
		"20261-11-22T13:45:00Z",
		"2026-11-22T13:45:00Z ",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		uint64_t ms = 0;
		if (told_time_parse(told_text(wrong[i]), &ms) == TOLD_OK)
			fail_msg("accepted: %s", wrong[i]);
	}
}

static void test_times_written_are_read_back(void **state)
{
	(void)state;
	uint64_t seed = told_test_seed();
	for (int i = 0; i < 20000; i++) {
		uint64_t ms = told_test_random(&seed) % 253402300800 * 1000, back = 0;
		char text[TOLD_TIME_BYTES];
		told_time_format(ms, text);
		assert_int_equal(told_time_parse(told_text(text), &back), TOLD_OK);
		assert_int_equal(back, ms);
	}
	char text[TOLD_TIME_BYTES];
	told_time_format(UINT64_MAX, text);
	assert_string_equal(text, "?");
}

static void test_spans_are_said_in_two_units(void **state)
{
	(void)state;
	static const struct {
		uint64_t ms;
		const char *text;
	} spans[] = {
		{0, "0 s"},
		{999, "0 s"},
		{59999, "59 s"},
		{60000, "1 min 0 s"},
		{3599000, "59 min 59 s"},
		{3600000, "1 h 0 min"},
		{90061000, "1 d 1 h"},
		{UINT64_MAX, "213503982334 d 14 h"},
	};
	for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
		char text[TOLD_SPAN_BYTES];
		told_span_format(spans[i].ms, text);
		assert_string_equal(text, spans[i].text);
	}
}

static void test_the_nearest_name_is_found(void **state)
{
	(void)state;
	const char *names[] = {"verify", "prove", "export", "search"};
	assert_string_equal(told_nearest("verfy", names, 4), "verify");
	assert_string_equal(told_nearest("proof", names, 4), "prove");
	assert_string_equal(told_nearest("Export", names, 4), "export");
	assert_string_equal(told_nearest("", names, 4), "prove");
	assert_string_equal(told_nearest("a very long word that is none of these at all, and goes on", names, 1),
			    "verify");
}

static char *printed(void (*print)(FILE *to, struct told_bytes text), struct told_bytes text)
{
	char *out = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&out, &len);
	assert_non_null(to);
	print(to, text);
	assert_int_equal(fclose(to), 0);
	return out;
}

static void test_text_of_others_steers_no_terminal(void **state)
{
	(void)state;
	char *plain = printed(told_print_plain, told_text("a\x1b[2Jb\nc\x7f\xc2\x9b"
							  "d\xc3\xa9"));
	assert_string_equal(plain, "a?[2Jb?c??d\xc3\xa9");
	free(plain);
	plain = printed(told_print_plain, told_text("\xff\xfe z"));
	assert_string_equal(plain, "?? z");
	free(plain);
	char *json = printed(told_print_json, told_text("a\"\\\n\x1b\xc3\xa9"));
	assert_string_equal(json, "\"a\\\"\\\\\\u000a\\u001b\xc3\xa9\"");
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_are_read),
		cmocka_unit_test(test_what_is_no_time_is_refused),
		cmocka_unit_test(test_times_written_are_read_back),
		cmocka_unit_test(test_spans_are_said_in_two_units),
		cmocka_unit_test(test_the_nearest_name_is_found),
		cmocka_unit_test(test_text_of_others_steers_no_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
