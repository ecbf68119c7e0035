/* SPDX-License-Identifier: Apache-2.0 */
/* told measure retelling, typed: tables for people, JSON for programs, wrong words named. */
#include "cli/run.h"

#define HOUSING "agents/housing"

static void test_it_prints_a_row_a_form_and_what_it_comes_to(void **state)
{
	(void)state;
	char *housing = strdup(source(HOUSING));
	expect(RUN("measure", "retelling", housing, source("agents/iapt")), TOLD_EXIT_DONE,
	       "housing  HOU       44     35", "Counted as if all that was told may pass.");
	expect(RUN("measure", "retelling", housing, source("agents/iapt")), TOLD_EXIT_DONE,
	       "    89  asked separately, each service on its own\n", "Add --agreement");
	free(housing);
}

static void test_its_json_is_one_object_with_a_form_each_and_a_total(void **state)
{
	(void)state;
	struct ran ran = RUN("measure", "retelling", source(HOUSING), "--json");
	json_t *json = json_loads(ran.out, 0, NULL);
	assert_int_equal(ran.exit, TOLD_EXIT_DONE);
	assert_int_equal(json_array_size(json_object_get(json, "forms")), 1);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "total"), "separately")), 44);
	json_decref(json);
	ran_free(&ran);
}

static void test_what_was_withheld_is_named_with_the_words_of_the_ruling(void **state)
{
	(void)state;
	char *housing = strdup(source(HOUSING));
	expect(RUN("measure", "retelling", housing, "--party", "housing=HOU", source("agents/iapt"), "--agreement",
		   "tests/table/decision/agreements/ISA-MD3.yaml"),
	       TOLD_EXIT_DONE, "  iapt  name.full (DEM.ID), told at housing: CON-01 There is no permission for this.",
	       NULL);
	free(housing);
}

static void test_wrong_words_are_named(void **state)
{
	(void)state;
	expect(RUN("measure", "retelling", source(HOUSING), "--party", "housing"), TOLD_EXIT_USAGE, NULL,
	       "Write --party drugs-and-alcohol=SUD.");
	expect(RUN("measure", "retelling", source(HOUSING), "--party", "iapt=TT"), TOLD_EXIT_USAGE, NULL,
	       "No form here is called \"iapt\"");
	expect(RUN("measure", "retelling", "/nowhere.json"), TOLD_EXIT_CHECK, NULL, "/nowhere.json");
	char *housing = strdup(source(HOUSING));
	expect(RUN("measure", "retelling", housing, source("agents/iapt"), "--agreement", "/nowhere.yaml"),
	       TOLD_EXIT_USAGE, NULL, "/nowhere.yaml");
	free(housing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_prints_a_row_a_form_and_what_it_comes_to),
		cmocka_unit_test(test_its_json_is_one_object_with_a_form_each_and_a_total),
		cmocka_unit_test(test_what_was_withheld_is_named_with_the_words_of_the_ruling),
		cmocka_unit_test(test_wrong_words_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
