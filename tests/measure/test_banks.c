/* SPDX-License-Identifier: Apache-2.0 */
/* The Ministry of Justice's seven question banks, as they are, with our mapping: the figures that are published, and a
 * mapping that neither lacks a question nor has one too many. */
#include "measure/measure.h"

#include "agents/form/form.h"

static const char *const banks[] = {
	"accommodation-assessment-v4", "attitudes-thinking-and-behaviour-v4", "children-family-and-communities-v4",
	"drugs-and-alcohol-v3",        "education-skills-and-work-v4",        "finance-and-id-assessment-v3",
	"health-assessment-v3",
};
#define BANKS (sizeof banks / sizeof banks[0])

static const char *bank(size_t i)
{
	char path[256];
	snprintf(path, sizeof path, "real/moj-resettlement/assessment/%s.yml", banks[i]);
	return kept(strdup(told_test_shared(path)));
}

static const char *mapping(void)
{
	return in_source("agents/measure/moj-resettlement.json");
}

static void test_the_seven_banks_come_to_the_figures_that_are_published(void **state)
{
	(void)state;
	/* Counted by hand from the files: ids, and of them those that are asked by themselves. */
	static const struct {
		long long listed, counted, always;
	} by_hand[BANKS] = {{14, 5, 0}, {4, 2, 0}, {19, 12, 7}, {4, 2, 0}, {12, 8, 0}, {8, 4, 0}, {4, 2, 0}};
	struct told_retelling_ask ask = {.form_count = BANKS, .mapping = mapping()};
	for (size_t i = 0; i < BANKS; i++)
		ask.forms[i] = bank(i);
	json_t *report = counted(&ask);
	for (size_t i = 0; i < BANKS; i++) {
		const json_t *form = json_array_get(json_object_get(report, "forms"), i);
		assert_int_equal(number_in(form, "listed"), by_hand[i].listed);
		assert_figures(form, (struct figures){.separately = by_hand[i].counted,
						      .asked = by_hand[i].counted - by_hand[i].always,
						      .always = by_hand[i].always});
	}
	/* Seven reports by one team: no question stands in two of them. */
	assert_figures(json_object_get(report, "total"), (struct figures){.separately = 35, .asked = 28, .always = 7});
	json_decref(report);
}

static void test_the_seven_banks_before_our_four_forms(void **state)
{
	(void)state;
	struct told_retelling_ask ask = {.form_count = BANKS + 4, .mapping = mapping(), .clock = NOON};
	for (size_t i = 0; i < BANKS; i++)
		ask.forms[i] = bank(i);
	for (size_t i = 0; i < 4; i++)
		ask.forms[BANKS + i] = own_form(i);
	json_t *report = counted(&ask);
	/* 35 + 174; of ours three are read back that housing would else have asked: household, benefits, debts. */
	assert_figures(
		json_object_get(report, "total"),
		(struct figures){.separately = 209, .asked = 83, .confirmed = 21, .always = 76, .prefilled = 29});
	assert_int_equal(number_in(report, "near"), 12);
	json_decref(report);
	/* The prison is in no agreement: those three are asked again, the rest is as without it. */
	ask.agreements[ask.agreement_count++] = northtown();
	ask.permissions = yes_to(EVERYTHING);
	report = counted(&ask);
	assert_figures(json_object_get(report, "total"), (struct figures){.separately = 209,
									  .asked = 94,
									  .confirmed = 10,
									  .always = 76,
									  .prefilled = 29,
									  .asked_again = 11});
	json_decref(report);
}

/* ---- the mapping itself ---- */

/* The item of ours with this code; false: none of the four forms has it. */
static bool own_item(const char *code, struct told_item *out)
{
	bool found = false;
	for (size_t i = 0; i < 4 && !found; i++) {
		char path[512];
		struct told_form *form = NULL;
		snprintf(path, sizeof path, "%s/intake.json", own_form(i));
		struct told_bytes json = told_test_read(path);
		assert_int_equal(told_form_load(json, &form, NULL), TOLD_OK);
		size_t at = told_form_find_code(form, code);
		found = at != TOLD_NO_ITEM;
		if (found)
			*out = *told_form_item(form, at);
		told_form_free(form);
		free((void *)(uintptr_t)json.data);
	}
	return found;
}

static void check_row(const char *id, const json_t *row)
{
	static const char *const asks[] = {
		[TOLD_ASK_ONCE] = "once", [TOLD_ASK_CONFIRM] = "confirm", [TOLD_ASK_ALWAYS] = "always"};
	const char *code = json_string_value(json_object_get(row, "code"));
	const char *near = json_string_value(json_object_get(row, "near"));
	struct told_item item;
	if (json_string_length(json_object_get(row, "why")) < 10)
		fail_msg("%s: no reason", id);
	if (near != NULL && (code == NULL || !own_item(near, &item)))
		fail_msg("%s: near %s, which none of our forms has", id, near);
	if (code == NULL || !own_item(code, &item))
		return;
	assert_null(near);
	assert_string_equal(json_string_value(json_object_get(row, "ask")), asks[item.ask]);
	assert_string_equal(json_string_value(json_object_get(row, "category")),
			    told_code(TOLD_LIST_CATEGORY, item.category));
}

static void test_each_row_has_a_reason_and_agrees_with_our_forms(void **state)
{
	(void)state;
	json_t *file = json_load_file(mapping(), 0, NULL), *one;
	const char *name, *id;
	size_t rows = 0;
	json_object_foreach(json_object_get(file, "banks"), name, one)
	{
		json_t *row;
		json_object_foreach(json_object_get(one, "questions"), id, row)
		{
			check_row(id, row);
			rows++;
		}
	}
	assert_int_equal(rows, 65);
	json_decref(file);
}

/* Where a text of theirs is longer than a word it may not stand in our file. */
static void test_no_text_of_the_banks_stands_in_the_mapping(void **state)
{
	(void)state;
	struct told_bytes ours = told_test_read(mapping());
	for (size_t i = 0; i < BANKS; i++) {
		struct told_bytes theirs = told_test_read(bank(i));
		char *rest = NULL;
		for (char *line = strtok_r((char *)(uintptr_t)theirs.data, "\n", &rest); line != NULL;
		     line = strtok_r(NULL, "\n", &rest)) {
			char *text = strstr(line, "itle: \"") != NULL ? strchr(line, '"') + 1 : NULL;
			if (text == NULL || strlen(text) < 24)
				continue;
			text[strlen(text) - 1] = '\0';
			if (strstr((const char *)ours.data, text) != NULL)
				fail_msg("copied: %s", text);
		}
		free((void *)(uintptr_t)theirs.data);
	}
	free((void *)(uintptr_t)ours.data);
}

static void test_a_question_without_a_row_and_a_row_without_a_question_are_refused(void **state)
{
	(void)state;
	struct told_bytes text = told_test_read(bank(6)); /* health: small */
	struct told_retelling_ask ask = {.form_count = 1, .mapping = mapping()};
	char *at = strstr((char *)(uintptr_t)text.data, "REGISTERED_WITH_GP\"");
	assert_non_null(at);
	at[0] = 'X';
	ask.forms[0] = written("health.yml", (const char *)text.data);
	assert_refused(&ask, TOLD_E_MALFORMED, "no row for the question XEGISTERED_WITH_GP");
	at[0] = 'R';
	*strstr(at, "      - id: \"NEEDS_HELP_WITH_DAY_TO_DAY_LIVING_ADDITIONAL") = '\0';
	ask.forms[0] = written("health.yml", (const char *)text.data);
	assert_refused(&ask, TOLD_E_MALFORMED, "take out the rows that are gone");
	ask.mapping = NULL;
	assert_refused(&ask, TOLD_E_MALFORMED, "the mapping has no bank");
	free((void *)(uintptr_t)text.data);
}

static void test_a_mapping_cannot_make_a_question_of_risk_one_to_ask_once(void **state)
{
	(void)state;
	static const char yaml[] =
		"pathway: P\npages:\n  - id: X\n    questions:\n      - id: Q\n        title: T\n      "
		"  type: SHORT_TEXT\n";
	static const char json[] = "{\"banks\": {\"P\": {\"party\": \"RES\", \"questions\": {\"Q\": {\"code\": \"q\", "
				   "\"ask\": \"once\", \"category\": \"RSK.SELF\", \"why\": \"because\"}}}}}";
	struct told_retelling_ask ask = {.form_count = 1, .mapping = written("map.json", json)};
	ask.forms[0] = written("p.yml", yaml);
	assert_refused(&ask, TOLD_E_MALFORMED, "is asked always");
	ask.forms[0] = written("p.yml", "pathway: P\npages:\n  - questions:\n      - id: Q\n        type: SLIDER\n");
	assert_refused(&ask, TOLD_E_UNKNOWN, "p.yml:4:9: the type \"SLIDER\" is not taken");
	ask.mapping =
		written("map.json", "{\"banks\": {\"P\": {\"party\": \"RES\", \"questions\": {\"Q\": {\"with\": \"R\", "
				    "\"why\": \"because\"}}}}}");
	assert_refused(&ask, TOLD_E_MALFORMED, "does not count itself");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_seven_banks_come_to_the_figures_that_are_published),
		cmocka_unit_test(test_the_seven_banks_before_our_four_forms),
		cmocka_unit_test(test_each_row_has_a_reason_and_agrees_with_our_forms),
		cmocka_unit_test(test_no_text_of_the_banks_stands_in_the_mapping),
		cmocka_unit_test(test_a_question_without_a_row_and_a_row_without_a_question_are_refused),
		cmocka_unit_test(test_a_mapping_cannot_make_a_question_of_risk_one_to_ask_once),
	};
	told_test_need_shared("real/moj-resettlement/assessment");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
