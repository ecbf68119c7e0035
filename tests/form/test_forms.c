/* SPDX-License-Identifier: Apache-2.0 */
/* The agencies' own forms: they load, cover what an intake must cover, agree about shared questions, and read easily.
 */
#include "form/forms.h"

#include "agents/statement/reading.h"

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

static void test_each_form_asks_a_bearable_number_of_questions(void **state)
{
	(void)state;
	for (size_t i = 0; i < AGENCY_COUNT; i++) {
		size_t questions = 0;
		for (size_t k = 0; k < told_form_count(forms[i]); k++)
			questions += told_item_is_question(told_form_item(forms[i], k));
		printf("%s: %zu questions\n", told_form_title(forms[i]), questions);
		assert_in_range(questions, 25, 45);
	}
}

static void test_every_form_begins_with_access_needs(void **state)
{
	(void)state;
	for (size_t i = 0; i < AGENCY_COUNT; i++) {
		size_t first = 0;
		while (!told_item_is_question(told_form_item(forms[i], first)))
			first++;
		assert_int_equal(told_form_item(forms[i], first)->category, TOLD_CATEGORY_PRF_ACC);
	}
}

static void test_every_form_asks_what_a_person_should_tell_only_once(void **state)
{
	static const char *const shared[] = {"access.needs",      "name.chosen",  "name.full",  "born",
					     "contact.telephone", "contact.safe", "str.good",   "goa.want",
					     "prf.not-again",     "hou.now",      "emp.status", "fam.children",
					     "rsk.self",          "rsk.from"};
	(void)state;
	for (size_t i = 0; i < AGENCY_COUNT; i++)
		for (size_t k = 0; k < sizeof shared / sizeof *shared; k++)
			if (told_form_find_code(forms[i], shared[k]) == TOLD_NO_ITEM)
				fail_msg("%s does not ask %s", agency_folders[i], shared[k]);
}

static void assert_same_question(const struct told_item *a, const struct told_item *b)
{
	assert_string_equal(a->text, b->text);
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->ask, b->ask);
	assert_int_equal(a->category, b->category);
	assert_int_equal(a->repeats, b->repeats);
	assert_int_equal(a->min, b->min);
	assert_int_equal(a->max, b->max);
	assert_int_equal(a->flag_category, b->flag_category);
	assert_int_equal(a->option_count, b->option_count);
	for (size_t i = 0; i < a->option_count; i++) {
		assert_string_equal(a->options[i].code, b->options[i].code);
		assert_string_equal(a->options[i].words, b->options[i].words);
	}
}

static void test_the_same_code_is_the_same_question_in_every_form(void **state)
{
	size_t pairs = 0;
	(void)state;
	for (size_t a = 0; a < AGENCY_COUNT; a++)
		for (size_t b = a + 1; b < AGENCY_COUNT; b++)
			for (size_t i = 0; i < told_form_count(forms[a]); i++) {
				const struct told_item *item = told_form_item(forms[a], i);
				size_t other =
					item->code != NULL ? told_form_find_code(forms[b], item->code) : TOLD_NO_ITEM;
				if (other == TOLD_NO_ITEM)
					continue;
				assert_same_question(item, told_form_item(forms[b], other));
				pairs++;
			}
	assert_true(pairs > 80);
}

static void test_questions_are_worded_for_a_reading_age_of_nine_to_eleven(void **state)
{
	(void)state;
	for (size_t i = 0; i < AGENCY_COUNT; i++) {
		struct told_reading all = {0};
		for (size_t k = 0; k < told_form_count(forms[i]); k++)
			if (told_item_is_question(told_form_item(forms[i], k)))
				told_reading_add(&all, told_text(told_form_item(forms[i], k)->text));
		printf("%s: reading age %.1f\n", told_form_title(forms[i]), told_reading_age(&all));
		assert_true(told_reading_age(&all) <= 11.0);
	}
}

static void assert_range(const struct told_form *form, const char *link_id, int64_t min, int64_t max)
{
	const struct told_item *item = item_of(form, link_id);
	assert_true(item->has_min && item->has_max);
	assert_int_equal(item->min, min);
	assert_int_equal(item->max, max);
}

static void test_measures_have_their_published_ranges(void **state)
{
	(void)state;
	assert_range(forms[1], "phq9.total", 0, 27);
	assert_range(forms[1], "gad7.total", 0, 21);
	assert_range(forms[1], "wsas.total", 0, 40);
	assert_range(forms[2], "top.alcohol", 0, 28);
	assert_range(forms[2], "top.injected", 0, 28);
	assert_range(forms[2], "top.mind", 0, 20);
	assert_range(forms[2], "top.body", 0, 20);
	assert_range(forms[2], "top.quality", 0, 20);
}

static void test_only_item_nine_of_phq9_raises_a_flag_for_harm_to_self(void **state)
{
	(void)state;
	for (int i = 1; i <= 9; i++) {
		char link_id[16];
		snprintf(link_id, sizeof link_id, "phq9.%d", i);
		const struct told_item *item = item_of(forms[1], link_id);
		assert_int_equal(item->flags, i == 9);
		assert_int_equal(item->flag_category, i == 9 ? TOLD_CATEGORY_RSK_SELF : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_form_asks_a_bearable_number_of_questions),
		cmocka_unit_test(test_every_form_begins_with_access_needs),
		cmocka_unit_test(test_every_form_asks_what_a_person_should_tell_only_once),
		cmocka_unit_test(test_the_same_code_is_the_same_question_in_every_form),
		cmocka_unit_test(test_questions_are_worded_for_a_reading_age_of_nine_to_eleven),
		cmocka_unit_test(test_measures_have_their_published_ranges),
		cmocka_unit_test(test_only_item_nine_of_phq9_raises_a_flag_for_harm_to_self),
	};
	return cmocka_run_group_tests(tests, load_all, free_all);
}
