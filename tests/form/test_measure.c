/* SPDX-License-Identifier: Apache-2.0 */
/* Retelling over four services: counted from intakes that happened, and from the forms alone. */
#include "form/people.h"

#include "agents/form/measure.h"

static struct told_form *forms[AGENCY_COUNT];

static int load_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < AGENCY_COUNT; i++)
		forms[i] = form_in(agency_folders[i]);
	return 0;
}

static int free_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < AGENCY_COUNT; i++)
		told_form_free(forms[i]);
	return 0;
}

static void print_figures(const char *what, const struct told_figures *f)
{
	printf("%s: %zu services, separately %zu, with Told Once asked %zu, confirmed %zu, always %zu, filled in %zu, "
	       "asked twice %zu, asked again %zu\n",
	       what, f->services, f->separately, f->asked, f->confirmed, f->always, f->prefilled, f->asked_twice,
	       f->asked_again);
	assert_int_equal(f->separately, f->prefilled + f->confirmed + f->asked + f->always);
}

/* Sam goes to all four; each releases to those after it all but the withheld categories. */
static struct told_figures go_round(const struct told_catset *withheld)
{
	static const char *const parties[] = {"HOU", "TT", "SUD", "EMP"};
	struct told_intake *intakes[AGENCY_COUNT];
	struct told_measure *measure = NULL;
	assert_int_equal(told_measure_new(&measure), TOLD_OK);
	for (size_t i = 0; i < AGENCY_COUNT; i++) {
		intakes[i] = intake_of(forms[i]);
		for (size_t k = 0; k < i; k++)
			release(intakes[k], intakes[i], withheld);
		sam_answers(intakes[i], parties[i]);
		assert_int_equal(told_measure_visit(measure, intakes[i]), TOLD_OK);
	}
	struct told_figures figures = told_measure_figures(measure);
	for (size_t i = 0; i < AGENCY_COUNT; i++)
		told_intake_free(intakes[i]);
	told_measure_free(measure);
	return figures;
}

static void test_with_everything_permitted_nothing_is_asked_twice(void **state)
{
	(void)state;
	struct told_figures figures = go_round(NULL);
	print_figures("everything permitted", &figures);
	assert_int_equal(figures.services, 4);
	assert_int_equal(figures.asked_twice, 0);
	assert_int_equal(figures.asked_again, 0);
	assert_true(figures.asked < figures.separately);
	assert_true(figures.prefilled > 20);
	assert_true(figures.confirmed > 5);
}

static void test_with_nothing_permitted_the_count_shows_every_retelling(void **state)
{
	struct told_catset all = {0};
	(void)state;
	for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++)
		told_catset_add(&all, category);
	struct told_figures none = go_round(&all), everything = go_round(NULL);
	print_figures("nothing permitted", &none);
	assert_int_equal(none.prefilled, 0);
	assert_int_equal(none.confirmed, 0);
	assert_int_equal(none.separately, everything.separately);
	assert_int_equal(none.asked_again, everything.prefilled + everything.confirmed);
	assert_int_equal(none.asked_twice, everything.prefilled);
}

static void test_one_withheld_category_is_counted_as_asked_again(void **state)
{
	struct told_catset names = {0};
	(void)state;
	told_catset_add(&names, TOLD_CATEGORY_GOA);
	struct told_figures figures = go_round(&names);
	print_figures("goals withheld", &figures);
	assert_int_equal(figures.asked_twice, 3); /* goa.want, at three services after the first */
	assert_int_equal(figures.asked_again, 3);
}

static void test_forms_alone_give_the_same_order_of_figures_without_a_person(void **state)
{
	struct told_measure *measure = NULL;
	json_t *json = NULL;
	(void)state;
	assert_int_equal(told_measure_new(&measure), TOLD_OK);
	assert_int_equal(told_measure_forms(measure, (const struct told_form *const *)forms, AGENCY_COUNT, NULL, NULL),
			 TOLD_OK);
	struct told_figures figures = told_measure_figures(measure);
	print_figures("forms alone", &figures);
	size_t questions = 0;
	for (size_t i = 0; i < AGENCY_COUNT; i++)
		for (size_t k = 0; k < told_form_count(forms[i]); k++)
			questions += told_item_is_question(told_form_item(forms[i], k));
	assert_int_equal(figures.separately, questions);
	assert_int_equal(figures.asked_twice, 0);
	assert_int_equal(told_measure_json(measure, &json), TOLD_OK);
	assert_int_equal(json_integer_value(json_object_get(json, "separately")), questions);
	assert_int_equal(json_array_size(json_object_get(json, "again")), 0);
	json_decref(json);
	told_measure_free(measure);
}

static void test_a_screen_counts_like_the_intake_behind_it(void **state)
{
	struct told_measure *by_intake = NULL, *by_screen = NULL;
	(void)state;
	assert_int_equal(told_measure_new(&by_intake), TOLD_OK);
	assert_int_equal(told_measure_new(&by_screen), TOLD_OK);
	struct told_intake *first = intake_of(forms[0]);
	sam_answers(first, "HOU");
	for (size_t i = 1; i < AGENCY_COUNT; i++) {
		json_t *screen = NULL;
		struct told_intake *intake = intake_of(forms[i]);
		release(first, intake, NULL);
		sam_answers(intake, "X");
		assert_int_equal(told_intake_json(intake, &screen), TOLD_OK);
		assert_int_equal(told_measure_visit(by_intake, intake), TOLD_OK);
		assert_int_equal(told_measure_screen(by_screen, forms[i], screen), TOLD_OK);
		json_decref(screen);
		told_intake_free(intake);
	}
	struct told_figures a = told_measure_figures(by_intake), b = told_measure_figures(by_screen);
	assert_memory_equal(&a, &b, sizeof a);
	json_t *other =
		json_pack("{s:[], s:[], s:[{s:s}], s:[]}", "prefilled", "confirm", "ask", "linkId", "none", "always");
	assert_int_equal(told_measure_screen(by_screen, forms[0], other), TOLD_E_MALFORMED);
	json_decref(other);
	told_intake_free(first);
	told_measure_free(by_intake);
	told_measure_free(by_screen);
}

static bool not_from_housing(void *ctx, size_t from, size_t to, unsigned category)
{
	(void)ctx, (void)to, (void)category;
	return from != 0;
}

static void test_a_service_that_shares_nothing_makes_the_second_ask_again_and_no_other(void **state)
{
	struct told_measure *measure = NULL;
	json_t *json = NULL;
	(void)state;
	assert_int_equal(told_measure_new(&measure), TOLD_OK);
	assert_int_equal(told_measure_forms(measure, (const struct told_form *const *)forms, AGENCY_COUNT,
					    not_from_housing, NULL),
			 TOLD_OK);
	struct told_figures figures = told_measure_figures(measure);
	print_figures("housing shares nothing", &figures);
	assert_true(figures.asked_twice > 0);
	assert_int_equal(told_measure_json(measure, &json), TOLD_OK);
	const json_t *again = json_object_get(json, "again");
	assert_int_equal(json_array_size(again), figures.asked_again);
	for (size_t i = 0; i < json_array_size(again); i++)
		for (size_t k = i + 1; k < json_array_size(again); k++)
			assert_false(json_equal(json_array_get(again, i), json_array_get(again, k)));
	json_decref(json);
	told_measure_free(measure);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_with_everything_permitted_nothing_is_asked_twice),
		cmocka_unit_test(test_with_nothing_permitted_the_count_shows_every_retelling),
		cmocka_unit_test(test_one_withheld_category_is_counted_as_asked_again),
		cmocka_unit_test(test_a_screen_counts_like_the_intake_behind_it),
		cmocka_unit_test(test_forms_alone_give_the_same_order_of_figures_without_a_person),
		cmocka_unit_test(test_a_service_that_shares_nothing_makes_the_second_ask_again_and_no_other),
	};
	return cmocka_run_group_tests(tests, load_all, free_all);
}
