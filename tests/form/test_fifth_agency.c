/* SPDX-License-Identifier: Apache-2.0 */
/* A new agency is a folder and no C: each folder is opened, its form fits its profile, and a person can be taken in. */
#include "form/people.h"

#include "agents/profile/profile.h"

static struct told_profile *open_folder(const char *folder, struct told_form **form)
{
	struct told_profile *profile = NULL;
	struct told_buf json = TOLD_BUF(TOLD_FORM_MAX_BYTES), why = TOLD_BUF(4096);
	if (told_profile_open(project_path(folder), &profile, &json, &why) != TOLD_OK)
		fail_msg("%s", told_buf_cstr(&why));
	*form = form_of(told_buf_cstr(&json));
	if (told_form_fits(*form, &profile->categories, &why) != TOLD_OK)
		fail_msg("%s: %s", folder, told_buf_cstr(&why));
	told_buf_free(&json);
	told_buf_free(&why);
	return profile;
}

static void test_the_form_of_each_agency_fits_what_its_profile_originates(void **state)
{
	(void)state;
	for (size_t i = 0; i < AGENCY_COUNT; i++) {
		struct told_form *form = NULL;
		told_profile_free(open_folder(agency_folders[i], &form));
		told_form_free(form);
	}
}

static void test_a_fifth_agency_is_a_folder_and_takes_in_someone_who_told_housing(void **state)
{
	(void)state;
	struct told_form *housing = form_in("agents/housing"), *form = NULL;
	struct told_profile *profile = open_folder("tests/data/children-and-families", &form);
	struct told_intake *first = intake_of(housing), *second = intake_of(form);
	sam_answers(first, "HOU");
	release(first, second, NULL);
	assert_string_equal(profile->id, "CFS");
	assert_int_equal(line_of(second, "name.full").handling, TOLD_HANDLING_PREFILLED);
	assert_int_equal(line_of(second, "fam.children.ages").handling, TOLD_HANDLING_CONFIRM);
	assert_int_equal(line_of(second, "fam.worry").handling, TOLD_HANDLING_ALWAYS);
	sam_answers(second, profile->id);
	assert_int_equal(json_integer_value(line_of(second, "cope.total").now.answer), 15);
	struct told_catset said = told_intake_categories(second);
	assert_true(told_catset_has(&said, TOLD_CATEGORY_SAF_CHILD));
	told_intake_free(first);
	told_intake_free(second);
	told_form_free(housing);
	told_form_free(form);
	told_profile_free(profile);
}

static void test_a_form_that_asks_for_more_than_the_agency_originates_does_not_fit(void **state)
{
	struct told_catset less = {0};
	struct told_buf why = TOLD_BUF(4096);
	(void)state;
	struct told_form *form = form_in("agents/employability");
	told_catset_add(&less, TOLD_CATEGORY_PRF_ACC);
	assert_int_equal(told_form_fits(form, &less, &why), TOLD_E_CONFIG);
	assert_non_null(strstr(told_buf_cstr(&why), "name.chosen: the profile does not list DEM.ID"));
	told_form_free(form);
	told_buf_free(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_form_of_each_agency_fits_what_its_profile_originates),
		cmocka_unit_test(test_a_fifth_agency_is_a_folder_and_takes_in_someone_who_told_housing),
		cmocka_unit_test(test_a_form_that_asks_for_more_than_the_agency_originates_does_not_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
