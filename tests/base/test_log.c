/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines are JSON, bounded, and take nothing that could carry a person's data. */
#include "support/support.h"

#include "broker/base/log.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
	struct told_time time;
	struct told_log log;
	int read_fd;
	char text[4096];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	int fds[2];
	assert_non_null(f);
	assert_int_equal(pipe(fds), 0);
	f->time = (struct told_time){.wall_ms = INT64_C(1767225600042)};
	f->log = (struct told_log){
		.clock = told_clock_manual(&f->time), .program = "told-test", .fd = fds[1], .least = TOLD_LOG_INFO};
	f->read_fd = fds[0];
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	close(f->log.fd);
	close(f->read_fd);
	free(f);
	return 0;
}

static const char *line(struct fixture *f)
{
	ssize_t got = read(f->read_fd, f->text, sizeof f->text - 1);
	assert_true(got > 0);
	f->text[got] = '\0';
	return f->text;
}

static void test_a_line_is_one_json_object_with_typed_fields(void **state)
{
	struct fixture *f = *state;
	const uint8_t id[] = {0x0a, 0xff};
	told_log(&f->log, TOLD_LOG_WARNING, "wire.refused", TOLD_LOG_PARTY("party", told_text("housing")),
		 TOLD_LOG_NUMBER("count", -3), TOLD_LOG_HEX("id", id, sizeof id), TOLD_LOG_WORD("why", "frames"),
		 TOLD_LOG_STATUS("status", TOLD_E_LIMIT), TOLD_LOG_PATH("file", "/etc/told/a \"b\"\n"));
	assert_string_equal(line(f),
			    "{\"time\":\"2026-01-01T00:00:00.042Z\",\"level\":\"warning\",\"program\":\"told-test\","
			    "\"event\":\"wire.refused\",\"party\":\"housing\",\"count\":-3,\"id\":\"0aff\","
			    "\"why\":\"frames\",\"status\":\"E_LIMIT\","
			    "\"file\":\"/etc/told/a \\u0022b\\u0022\\u000a\"}\n");
}

static void test_a_line_may_have_no_fields_and_a_lower_level_is_silent(void **state)
{
	struct fixture *f = *state;
	told_log(&f->log, TOLD_LOG_DEBUG, "test.silent");
	told_log(NULL, TOLD_LOG_ERROR, "test.nowhere");
	told_log(&f->log, TOLD_LOG_INFO, "test.plain");
	assert_non_null(strstr(line(f), "\"event\":\"test.plain\"}\n"));
	assert_null(strstr(f->text, "silent"));
}

static void test_a_party_that_is_none_is_not_written_down(void **state)
{
	struct fixture *f = *state;
	told_log(&f->log, TOLD_LOG_INFO, "test.party", TOLD_LOG_PARTY("party", told_text("Mary Smith, 943 476 5919")));
	assert_non_null(strstr(line(f), "\"party\":\"?\"}"));
	assert_null(strstr(f->text, "Mary"));
}

static void test_a_long_line_is_cut_between_fields_and_says_so(void **state)
{
	struct fixture *f = *state;
	char path[1200];
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	told_log(&f->log, TOLD_LOG_INFO, "test.long", TOLD_LOG_PATH("one", path), TOLD_LOG_PATH("two", path),
		 TOLD_LOG_NUMBER("three", 3));
	size_t len = strlen(line(f));
	assert_true(len <= TOLD_LOG_LINE_MAX_BYTES);
	assert_non_null(strstr(f->text, "\"one\":\"xxx"));
	assert_null(strstr(f->text, "\"two\""));
	assert_string_equal(f->text + len - strlen(",\"cut\":true}\n"), ",\"cut\":true}\n");
}

static void test_hexadecimal_is_bounded(void **state)
{
	struct fixture *f = *state;
	uint8_t bytes[100] = {0};
	told_log(&f->log, TOLD_LOG_INFO, "test.hex", TOLD_LOG_HEX("id", bytes, sizeof bytes));
	const char *hex = strstr(line(f), "\"id\":\"") + strlen("\"id\":\"");
	assert_int_equal(strspn(hex, "0"), 2 * TOLD_LOG_HEX_MAX_BYTES);
	assert_memory_equal(hex + 2 * TOLD_LOG_HEX_MAX_BYTES, "...\"", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_line_is_one_json_object_with_typed_fields, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_line_may_have_no_fields_and_a_lower_level_is_silent, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_party_that_is_none_is_not_written_down, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_long_line_is_cut_between_fields_and_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hexadecimal_is_bounded, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
