/* SPDX-License-Identifier: Apache-2.0 */
/* `told decide --bench` on a small partnership: what it says, not how fast it is. */
#include "agents/explain/bench.h"
#include "agents/explain/decide.h"
#include "support/support.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct told_bench_size small = {.agreements = 20, .people = 30, .permissions = 20, .rounds = 200};

static char *run(bool json, int *exit)
{
	char *text = NULL, *errors = NULL;
	size_t len = 0, errors_len = 0;
	FILE *out = open_memstream(&text, &len), *err = open_memstream(&errors, &errors_len);
	*exit = told_decide_bench(&small, json, out, err);
	fclose(out);
	fclose(err);
	assert_string_equal(errors, "");
	free(errors);
	return text;
}

static void test_it_measures_messages_that_go_and_says_so_in_lines(void **state)
{
	(void)state;
	int exit;
	char *text = run(false, &exit);
	assert_int_equal(exit, 0);
	assert_non_null(strstr(text, "30 sections, 5 agreements, 20 permissions"));
	assert_non_null(strstr(text, "aim: p50 under 5000, p99 under 20000"));
	assert_non_null(strstr(text, "20 agreements, 600 permissions of 30 people: "));
	free(text);
}

static void test_its_json_has_nanoseconds_and_bytes(void **state)
{
	(void)state;
	static const char *const names[] = {"sections_30_again", "sections_30_in_turn", "section_1_hot",
					    "section_1_cold",    "section_1_laid",      "digest_kept",
					    "digest_anew"};
	int exit;
	char *text = run(true, &exit);
	json_t *all = json_loads(text, 0, NULL);
	assert_int_equal(exit, 0);
	assert_non_null(all);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const json_t *one = json_object_get(all, names[i]);
		assert_true(json_integer_value(json_object_get(one, "p50_ns")) > 0);
		assert_true(json_integer_value(json_object_get(one, "p99_ns")) >=
			    json_integer_value(json_object_get(one, "p50_ns")));
	}
	assert_int_equal(json_integer_value(json_object_get(all, "permissions")), 600);
	assert_in_range(json_integer_value(json_object_get(all, "bytes_per_permission")), 200, 2000);
	json_decref(all);
	free(text);
}

static void test_bench_stands_alone(void **state)
{
	(void)state;
	char words[][8] = {"decide", "--bench", "--case", "x.yaml"};
	char *argv[] = {words[0], words[1], words[2], words[3], NULL};
	char *errors = NULL;
	size_t len = 0;
	FILE *err = open_memstream(&errors, &len);
	assert_int_equal(told_decide_run(4, argv, stdout, err, 0, NULL, NULL), 2);
	fclose(err);
	assert_non_null(strstr(errors, "--bench"));
	free(errors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_measures_messages_that_go_and_says_so_in_lines),
		cmocka_unit_test(test_its_json_has_nanoseconds_and_bytes),
		cmocka_unit_test(test_bench_stands_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
