/* SPDX-License-Identifier: Apache-2.0 */
/* Paging by a real program: it gets the coded facts, its exit status counts, it is never waited for, and one that hangs
 * is ended. */
#include "agents/alert/hook.h"

#include "support/support.h"

#include <jansson.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *dir;
static char path[PATH_MAX];

/* A program of one line of shell. */
static struct told_hook *hook_of(const char *line)
{
	struct told_hook *hook = NULL;
	snprintf(path, sizeof path, "%s/pager", dir);
	remove(path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", line);
	fclose(file);
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(told_hook_new(path, &hook, NULL), TOLD_OK);
	return hook;
}

static struct told_page page = {.alert = {0xab, 1},
				.whom = TOLD_PAGE_THEIRS,
				.code = "agent_silent",
				.party = "TT",
				.telephone = "duty \"desk\", 01632 960002",
				.raised_ms = 1,
				.due_ms = 900001};

/* Until it has ended; ten seconds at most. */
static struct told_paged ended(struct told_pager *pager, int64_t boot_ms)
{
	struct told_paged paged;
	enum told_status status = TOLD_E_NOT_FOUND;
	for (int i = 0; i < 1000 && status == TOLD_E_NOT_FOUND; i++) {
		status = pager->poll(pager->ctx, boot_ms, &paged);
		if (status == TOLD_E_NOT_FOUND)
			poll(NULL, 0, 10);
	}
	assert_int_equal(status, TOLD_OK);
	assert_memory_equal(paged.alert, page.alert, sizeof paged.alert);
	assert_int_equal(paged.whom, page.whom);
	return paged;
}

static void test_the_program_gets_codes_a_number_and_nothing_about_the_person(void **state)
{
	(void)state;
	char got[2 * PATH_MAX + 100] = "";
	snprintf(got, sizeof got, "cat > %s/got; env | grep -v '^PWD=\\|^SHLVL=\\|^_=' > %s/env", dir, dir);
	struct told_hook *hook = hook_of(got);
	struct told_pager pager = told_hook_pager(hook);
	assert_int_equal(pager.start(pager.ctx, &page, 0), TOLD_OK);
	assert_true(pager.waits(pager.ctx));
	assert_true(ended(&pager, 0).reached);
	assert_false(pager.waits(pager.ctx));
	snprintf(got, sizeof got, "%s/got", dir);
	json_t *line = json_load_file(got, 0, NULL);
	assert_non_null(line);
	static const char *const members[] = {"page", "alert", "code", "party", "telephone", "raised_ms", "due_ms"};
	assert_int_equal(json_object_size(line), sizeof members / sizeof members[0]);
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		assert_non_null(json_object_get(line, members[i]));
	assert_string_equal(json_string_value(json_object_get(line, "telephone")), page.telephone);
	assert_string_equal(json_string_value(json_object_get(line, "page")), "theirs");
	json_decref(line);
	snprintf(got, sizeof got, "%s/env", dir);
	FILE *file = fopen(got, "r");
	assert_non_null(file);
	assert_non_null(fgets(got, sizeof got, file));
	assert_string_equal(got, "PATH=/usr/local/bin:/usr/bin:/bin\n");
	assert_null(fgets(got, sizeof got, file));
	fclose(file);
	told_hook_free(hook);
}

static void test_a_program_that_fails_has_reached_nobody(void **state)
{
	(void)state;
	struct told_hook *hook = hook_of("exit 3");
	struct told_pager pager = told_hook_pager(hook);
	assert_int_equal(pager.start(pager.ctx, &page, 0), TOLD_OK);
	assert_false(ended(&pager, 0).reached);
	told_hook_free(hook);
}

static void test_a_program_that_hangs_is_ended_and_has_reached_nobody(void **state)
{
	(void)state;
	struct told_hook *hook = hook_of("exec sleep 600");
	struct told_pager pager = told_hook_pager(hook);
	struct told_paged paged;
	assert_int_equal(pager.start(pager.ctx, &page, 0), TOLD_OK);
	assert_int_equal(pager.poll(pager.ctx, TOLD_HOOK_MS - 1, &paged), TOLD_E_NOT_FOUND);
	assert_false(ended(&pager, TOLD_HOOK_MS).reached);
	told_hook_free(hook);
}

static void test_there_is_a_limit_and_then_later_is_said(void **state)
{
	(void)state;
	struct told_hook *hook = hook_of("exec sleep 600");
	struct told_pager pager = told_hook_pager(hook);
	for (unsigned i = 0; i < TOLD_HOOKS_MAX; i++)
		assert_int_equal(pager.start(pager.ctx, &page, 0), TOLD_OK);
	assert_int_equal(pager.start(pager.ctx, &page, 0), TOLD_E_BUSY);
	told_hook_free(hook); /* ends them */
}

static void test_what_is_no_program_is_refused_with_what_to_do(void **state)
{
	(void)state;
	static const char *const wrong[] = {"pager", "/no/such/program", "/etc/passwd", "/usr", ""};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct told_hook *hook = NULL;
		struct told_buf why = TOLD_BUF(4096);
		assert_int_equal(told_hook_new(wrong[i], &hook, &why), TOLD_E_CONFIG);
		assert_null(hook);
		assert_non_null(strstr(told_buf_cstr(&why), "agent.yaml"));
		told_buf_free(&why);
	}
}

static int make_dir(void **state)
{
	(void)state;
	dir = told_test_dir();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_program_gets_codes_a_number_and_nothing_about_the_person),
		cmocka_unit_test(test_a_program_that_fails_has_reached_nobody),
		cmocka_unit_test(test_a_program_that_hangs_is_ended_and_has_reached_nobody),
		cmocka_unit_test(test_there_is_a_limit_and_then_later_is_said),
		cmocka_unit_test(test_what_is_no_program_is_refused_with_what_to_do),
	};
	return cmocka_run_group_tests(tests, make_dir, NULL);
}
