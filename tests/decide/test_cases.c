/* SPDX-License-Identifier: Apache-2.0 */
/* The worked cases of the decision: every YAML file under tests/table/decision, one ruling after the other. */
#include "decide/fixture.h"
#include "support/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	unsigned passed, failed;
};

static void count_case(void *ctx, const char *id, bool passed, const char *why)
{
	struct tally *tally = ctx;
	tally->passed += passed;
	tally->failed += !passed;
	if (!passed)
		print_message("%s:%s\n", id, why);
}

static void run_file(const char *folder, const char *name, struct tally *tally)
{
	char path[4096], agreements[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	snprintf(agreements, sizeof agreements, "%s/agreements", folder);
	assert_int_equal(told_fixtures_run(path, agreements, count_case, tally), TOLD_OK);
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
	const char *folder = folder_of_cases();
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		size_t len = strlen(entry->d_name);
		if (len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0)
			run_file(folder, entry->d_name, &tally);
	}
	closedir(dir);
	print_message("%u cases as expected, %u not\n", tally.passed, tally.failed);
	assert_int_equal(tally.failed, 0);
	assert_true(tally.passed >= 108);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_worked_case_is_ruled_as_it_says)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
