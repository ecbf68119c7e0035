/* SPDX-License-Identifier: Apache-2.0 */
/* The worked cases of the decision: every YAML file under tests/table/decision, one ruling after the other. */
#include "broker/cases/cases.h"
#include "broker/decide/codes.h"
#include "support/support.h"
#include "told/vocabulary.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	unsigned passed, failed;
};

static void count_case(void *ctx, const struct told_case_outcome *outcome)
{
	struct tally *tally = ctx;
	tally->passed += outcome->passed;
	tally->failed += !outcome->passed;
	if (!outcome->passed)
		print_message("%s %s:%s\n", outcome->file, outcome->id ? outcome->id : "", outcome->why);
}

static const char *folder_of_cases(void)
{
	static char folder[4096];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(folder, sizeof folder, "%s/tests/table/decision", source ? source : ".");
	return folder;
}

static void test_every_worked_case_is_ruled_as_it_says(void **state)
{
	(void)state;
	struct tally tally = {0};
	assert_int_equal(told_cases_run(folder_of_cases(), count_case, &tally), TOLD_OK);
	print_message("%u cases as expected, %u not\n", tally.passed, tally.failed);
	assert_int_equal(tally.failed, 0);
	assert_true(tally.passed >= 108);
}

/* The text of every file of cases, one behind the other; the caller's. */
static char *all_cases(void)
{
	const char *folder = folder_of_cases();
	struct told_buf all = TOLD_BUF(1u << 24);
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		char path[4352];
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (strstr(entry->d_name, ".yaml") == NULL)
			continue;
		struct told_bytes text = told_test_read(path);
		told_buf_put_bytes(&all, text);
		free((void *)(uintptr_t)text.data);
	}
	closedir(dir);
	char *text = strdup(told_buf_cstr(&all));
	told_buf_free(&all);
	return text;
}

/* Every code is expected by a case: with it gone from the program, that case fails. */
static void test_every_code_has_a_case(void **state)
{
	(void)state;
	char *all = all_cases();
	for (unsigned place = 0; place < TOLD_CODE_COUNT; place++)
		if (strstr(all, told_code_at(place)->name) == NULL)
			fail_msg("no case has %s", told_code_at(place)->name);
	free(all);
}

/* A type of a later day is ruled by somebody's thought, and not as whatever is left. */
static void test_every_message_type_has_a_case(void **state)
{
	(void)state;
	char *all = all_cases();
	for (unsigned type = 1; type <= told_list_max(TOLD_LIST_TYPE); type++) {
		char says[64];
		snprintf(says, sizeof says, "type: %s", told_code(TOLD_LIST_TYPE, type));
		const char *at = strstr(all, says);
		while (at != NULL && strchr(",}\n\r ", at[strlen(says)]) == NULL) /* ASK is no ASK_REPLY */
			at = strstr(at + 1, says);
		if (at == NULL)
			fail_msg("no case has a message of the type %s", told_code(TOLD_LIST_TYPE, type));
	}
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_worked_case_is_ruled_as_it_says),
		cmocka_unit_test(test_every_code_has_a_case),
		cmocka_unit_test(test_every_message_type_has_a_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
