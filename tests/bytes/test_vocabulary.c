/* SPDX-License-Identifier: Apache-2.0 */
/* The closed lists: every value has one code, every code leads back, prefixes reach what they may. */
#include "support/support.h"

#include <string.h>

#include "told/vocabulary.h"

static void test_every_code_leads_back_to_its_value(void **state)
{
	(void)state;
	for (unsigned list = 0; list < TOLD_LIST_COUNT; list++) {
		assert_true(told_list_max(list) > 0);
		for (unsigned value = 1; value <= told_list_max(list); value++) {
			const char *code = told_code(list, value);
			assert_string_not_equal(code, "?");
			assert_int_equal(told_value(list, told_text(code)), value);
			assert_true(strlen(told_words(list, value)) > 0);
		}
		assert_string_equal(told_code(list, 0), "?");
		assert_string_equal(told_code(list, told_list_max(list) + 1), "?");
		assert_int_equal(told_value(list, told_text("?")), 0);
		assert_int_equal(told_value(list, told_text("")), 0);
	}
}

static void test_codes_read_as_the_papers_write_them(void **state)
{
	(void)state;
	assert_string_equal(told_code(TOLD_LIST_CATEGORY, TOLD_CATEGORY_DEM_ID), "DEM.ID");
	assert_string_equal(told_code(TOLD_LIST_TYPE, TOLD_TYPE_REFERRAL_ANSWER), "REFERRAL_ANSWER");
	assert_string_equal(told_code(TOLD_LIST_ART9, TOLD_ART9_G_6), "g:6");
	assert_string_equal(told_code(TOLD_LIST_REFERRAL, TOLD_REFERRAL_IN_PROGRESS), "in-progress");
	assert_string_equal(told_words(TOLD_LIST_PURPOSE, TOLD_PURPOSE_MDT), "a case conference");
	assert_string_equal(told_words(TOLD_LIST_VOICE, TOLD_VOICE_PERSON), "the person's own words");
	assert_string_equal(told_words(TOLD_LIST_ROLE, TOLD_ROLE_DSL), "dsl");
	assert_int_equal(told_list_max(TOLD_LIST_CATEGORY), 64);
	assert_int_equal(told_value(TOLD_LIST_CATEGORY, told_text("dem.id")), 0);
}

static void test_every_reason_has_words_for_the_person(void **state)
{
	(void)state;
	for (unsigned reason = 1; reason < TOLD_REASON_COUNT; reason++)
		assert_true(strlen(told_reason_person(reason)) > 5);
	assert_string_equal(told_reason_person(0), "?");
	assert_string_equal(told_reason_person(TOLD_REASON_COUNT), "?");
}

static unsigned set_count(const struct told_catset *set)
{
	unsigned count = 0;
	for (unsigned category = 0; category <= 130; category++)
		count += told_catset_has(set, category);
	return count;
}

static void test_a_leaf_adds_itself_and_a_prefix_its_leaves(void **state)
{
	(void)state;
	struct told_catset set = {0};
	assert_int_equal(told_catset_add_code(&set, told_text("NARR")), TOLD_OK);
	assert_true(told_catset_has(&set, TOLD_CATEGORY_NARR));
	assert_int_equal(set_count(&set), 1);
	assert_int_equal(told_catset_add_code(&set, told_text("EMP.*")), TOLD_OK);
	assert_int_equal(set_count(&set), 8);
	for (unsigned category = TOLD_CATEGORY_EMP_STAT; category <= TOLD_CATEGORY_EMP_ATT; category++)
		assert_true(told_catset_has(&set, category));
}

static void test_a_prefix_never_reaches_former_names_or_equality_monitoring(void **state)
{
	(void)state;
	struct told_catset set = {0};
	assert_int_equal(told_catset_add_code(&set, told_text("DEM.*")), TOLD_OK);
	assert_int_equal(set_count(&set), 7);
	assert_false(told_catset_has(&set, TOLD_CATEGORY_DEM_FORMER));
	assert_int_equal(told_catset_add_code(&set, told_text("DEM.FORMER")), TOLD_OK);
	assert_true(told_catset_has(&set, TOLD_CATEGORY_DEM_FORMER));
	assert_int_equal(told_catset_add_code(&set, told_text("EQA.*")), TOLD_E_UNKNOWN);
}

static void test_anything_else_is_unknown_and_changes_nothing(void **state)
{
	(void)state;
	static const char *const bad[] = {"",        "*",     "**",    ".*",     "E*",       "EM.*",    "EMP",   "EMP.",
					  "EMP.*.*", "emp.*", "NED.*", "DEM.I*", "DEM.ID.*", "DEM.ID ", "XXX.*", "?"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct told_catset set = {0};
		assert_int_equal(told_catset_add_code(&set, told_text(bad[i])), TOLD_E_UNKNOWN);
		assert_int_equal(set_count(&set), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_leads_back_to_its_value),
		cmocka_unit_test(test_codes_read_as_the_papers_write_them),
		cmocka_unit_test(test_every_reason_has_words_for_the_person),
		cmocka_unit_test(test_a_leaf_adds_itself_and_a_prefix_its_leaves),
		cmocka_unit_test(test_a_prefix_never_reaches_former_names_or_equality_monitoring),
		cmocka_unit_test(test_anything_else_is_unknown_and_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
