/* SPDX-License-Identifier: Apache-2.0 */
/* What a person types or hands in wrongly: the command says what is wrong, where, and what to do, with its exit code.
 */
#include "flow/kit.h"

#include "agents/keys/init.h"
#include "broker/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void expect(const char *const *argv, int code, const char *says)
{
	struct told_buf text = TOLD_BUF(1048576);
	int got = flow_run(argv, &text);
	print_message("%s", told_buf_cstr(&text));
	assert_int_equal(got, code);
	assert_non_null(strstr(told_buf_cstr(&text), says));
	told_buf_free(&text);
}

static unsigned lines_of(const char *text, const char *end)
{
	unsigned lines = 0;
	for (; text < end; text++)
		lines += *text == '\n';
	return lines;
}

/* A good file of an agreement, with one text put in place of another and something behind it. Gives the lines before
 * the change; *all gets how many the file had. */
static unsigned write_agreement(unsigned *all, const char *path, const char *instead_of, const char *put,
				const char *after)
{
	struct bench_world *world = calloc(1, sizeof *world);
	struct told_buf file = TOLD_BUF(65536), out = TOLD_BUF(131072);
	assert_non_null(world);
	bench_agreement(world, "ISA-TEST", "2099-12-31", &file);
	const char *text = told_buf_cstr(&file), *at = strstr(text, instead_of);
	assert_non_null(at);
	unsigned before = lines_of(text, at);
	*all = lines_of(text, text + strlen(text));
	told_buf_put(&out, text, (size_t)(at - text));
	told_buf_put_text(&out, put);
	told_buf_put_text(&out, at + strlen(instead_of));
	told_buf_put_text(&out, after);
	assert_int_equal(told_file_write(path, told_buf_view(&out), 0644), TOLD_OK);
	told_buf_free(&file);
	told_buf_free(&out);
	free(world);
	return before;
}

static void test_a_typing_error_in_an_agreement_is_named_with_line_and_column(void **state)
{
	char path[PATH_MAX], where[PATH_MAX + 16];
	unsigned all = 0;
	(void)state;
	snprintf(path, sizeof path, "%s/agreement.yaml", told_test_dir());
	unsigned before = write_agreement(&all, path, "purposes:", "pruposes:", "");
	snprintf(where, sizeof where, "%s:%u:5: ", path, before + 1);
	const char *argv[] = {"told", "agreement", "check", path, NULL};
	expect(argv, 6, where);
	expect(argv, 6, "did you mean \"purposes\"?");
}

static void test_a_second_document_in_an_agreement_is_refused(void **state)
{
	char path[PATH_MAX], where[PATH_MAX + 16];
	unsigned all = 0;
	(void)state;
	snprintf(path, sizeof path, "%s/agreement.yaml", told_test_dir());
	write_agreement(&all, path, "title: Bench", "title: Test", "---\nagreement: ISA-MORE\n");
	snprintf(where, sizeof where, "%s:%u:1: ", path, all + 1);
	const char *argv[] = {"told", "agreement", "check", path, NULL};
	expect(argv, 6, where);
}

static void test_a_reference_with_a_wrong_check_symbol_is_refused(void **state)
{
	(void)state;
	const char *argv[] = {"told", "story",    "show", "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Z", "--agent", "/nowhere",
			      "--as", "/nowhere", NULL};
	expect(argv, 2, "Its check symbol does not fit");
}

static void test_an_agent_whose_key_others_may_read_does_not_start(void **state)
{
	char broker[2048], partnership[PATH_MAX], dir[2048], key[PATH_MAX], profile[PATH_MAX];
	struct told_buf why = TOLD_BUF(4096);
	const char *source = getenv("TOLD_SOURCE"), *base = told_test_dir();
	(void)state;
	snprintf(broker, sizeof broker, "%s/broker", base);
	snprintf(dir, sizeof dir, "%s/housing", base);
	snprintf(partnership, sizeof partnership, "%s/partnership.json", broker);
	snprintf(profile, sizeof profile, "%s/agents/housing", source != NULL ? source : ".");
	assert_int_equal(told_init_broker(broker, "test.example", "tcp://127.0.0.1:0", &why), TOLD_OK);
	const char *init[] = {"told", "init", "--agency", profile, dir, "--partnership", partnership, NULL};
	assert_int_equal(flow_run(init, NULL), 0);
	snprintf(key, sizeof key, "%s/keys/sealing.key", dir);
	assert_int_equal(chmod(key, 0644), 0);
	const char *argv[] = {"told-agent", dir, NULL};
	expect(argv, 6, "sealing.key");
	told_buf_free(&why);
}

int main(void)
{
	if (flow_program("told") == NULL || flow_program("told-agent") == NULL) {
		printf("skipped: told and told-agent are not built\n");
		return TOLD_TEST_SKIPPED;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_typing_error_in_an_agreement_is_named_with_line_and_column),
		cmocka_unit_test(test_a_second_document_in_an_agreement_is_refused),
		cmocka_unit_test(test_a_reference_with_a_wrong_check_symbol_is_refused),
		cmocka_unit_test(test_an_agent_whose_key_others_may_read_does_not_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
