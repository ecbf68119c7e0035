/* SPDX-License-Identifier: Apache-2.0 */
/* Retelling counted: small forms that are counted by hand here, the four profiles against a count of another kind, and
 * what an agreement and permissions leave of it. */
#include "measure/measure.h"

#include "told/vocabulary.h"

/* ---- small forms, counted by hand ---- */

#define ITEM(link, code, ask, category)                                                                                \
	"{\"linkId\": \"" link "\", \"text\": \"Q\", \"type\": \"string\", \"code\": [{\"system\": "                   \
	"\"https://told-once.example/fhir/item\", \"code\": \"" code "\"}], \"extension\": [{\"url\": "                \
	"\"https://told-once.example/fhir/ask\", \"valueCode\": \"" ask "\"}, {\"url\": "                              \
	"\"https://told-once.example/fhir/category\", \"valueCode\": \"" category "\"}]}"
#define FORM(items)                                                                                                    \
	"{\"resourceType\": \"Questionnaire\", \"url\": \"urn:x\", \"title\": \"X\", \"status\": \"active\", "         \
	"\"item\": [" items "]}"

/* a: once; b: confirm; c: always. */
static const char one[] = FORM(ITEM("a", "a", "once", "DEM.ID") "," ITEM("b", "b", "confirm", "HOU.SIT") "," ITEM(
	"c", "c", "always", "RSK.SELF"));
/* The same three and d: once. */
static const char two[] = FORM(ITEM("a", "a", "once", "DEM.ID") "," ITEM("b", "b", "confirm", "HOU.SIT") "," ITEM(
	"c", "c", "always", "RSK.SELF") "," ITEM("d", "d", "once", "GOA"));

static void test_two_small_forms_come_to_what_a_hand_counts(void **state)
{
	(void)state;
	struct told_retelling_ask ask = {.form_count = 2};
	ask.forms[0] = written("one.json", one);
	ask.forms[1] = written("two.json", two);
	json_t *report = counted(&ask);
	/* Alone: 3 + 4. At the second a is filled in, b read back, c asked again as it must be, d is new. */
	assert_figures(json_object_get(report, "total"),
		       (struct figures){.separately = 7, .asked = 3, .confirmed = 1, .always = 2, .prefilled = 1});
	assert_figures(json_array_get(json_object_get(report, "forms"), 0),
		       (struct figures){.separately = 3, .asked = 2, .always = 1});
	assert_figures(json_array_get(json_object_get(report, "forms"), 1),
		       (struct figures){.separately = 4, .asked = 1, .confirmed = 1, .always = 1, .prefilled = 1});
	assert_string_equal(json_string_value(json_object_get(report, "sharing")), "everything");
	assert_int_equal(json_array_size(json_object_get(report, "withheld")), 0);
	json_decref(report);
}

static void test_what_may_not_pass_is_asked_again_and_named_with_the_ruling(void **state)
{
	(void)state;
	struct told_retelling_ask ask = {.form_count = 2, .party_count = 2, .agreement_count = 1, .clock = NOON};
	ask.forms[0] = written("one.json", one);
	ask.forms[1] = written("two.json", two);
	ask.parties[0].form = "one", ask.parties[0].party = "HOU";
	ask.parties[1].form = "two", ask.parties[1].party = "TT";
	ask.agreements[0] = northtown();
	ask.permissions = yes_to("DEM.ID");
	json_t *report = counted(&ask);
	/* a passes; b (HOU.SIT) has no permission: asked again, but never "twice", because it is one to confirm. */
	assert_figures(json_object_get(report, "total"),
		       (struct figures){.separately = 7, .asked = 4, .always = 2, .prefilled = 1, .asked_again = 1});
	const json_t *line = json_array_get(json_object_get(report, "withheld"), 0);
	assert_string_equal(json_string_value(json_object_get(line, "code")), "b");
	assert_string_equal(json_string_value(json_object_get(line, "form")), "two");
	assert_string_equal(json_string_value(json_object_get(line, "why")), "CON-09");
	assert_string_equal(json_string_value(json_array_get(json_object_get(line, "told_at"), 0)), "one");
	json_decref(report);
}

static void test_within_one_party_nothing_is_asked_again(void **state)
{
	(void)state;
	struct told_retelling_ask ask = {.form_count = 2, .party_count = 2, .agreement_count = 1, .clock = NOON};
	ask.forms[0] = written("one.json", one);
	ask.forms[1] = written("two.json", two);
	ask.parties[0].form = "one", ask.parties[0].party = "HOU";
	ask.parties[1].form = "two", ask.parties[1].party = "HOU";
	ask.agreements[0] = northtown();
	json_t *report = counted(&ask);
	assert_figures(json_object_get(report, "total"),
		       (struct figures){.separately = 7, .asked = 3, .confirmed = 1, .always = 2, .prefilled = 1});
	json_decref(report);
}

/* ---- the four profiles ---- */

/* Counted from the files by another way: codes in a table, no form, no ledger. With everything permitted a code that n
 * forms have is asked once and filled in or read back n - 1 times. */
struct tally {
	json_t *seen; /* code -> how many forms */
	struct figures figures;
};

static const char *valued(const json_t *item, const char *url)
{
	size_t i;
	json_t *extension;
	json_array_foreach(json_object_get(item, "extension"), i, extension)
	{
		const char *is = json_string_value(json_object_get(extension, "url"));
		if (strcmp(is, url) == 0)
			return json_string_value(json_object_get(extension, "valueCode"));
	}
	return "";
}

static void tally_items(struct tally *tally, const json_t *items)
{
	size_t i;
	json_t *item;
	json_array_foreach(items, i, item)
	{
		const char *ask = valued(item, "https://told-once.example/fhir/ask");
		const char *code =
			json_string_value(json_object_get(json_array_get(json_object_get(item, "code"), 0), "code"));
		tally_items(tally, json_object_get(item, "item"));
		if (ask[0] == '\0' || json_is_true(json_object_get(item, "readOnly")))
			continue;
		tally->figures.separately++;
		bool before = json_object_get(tally->seen, code) != NULL;
		json_object_set_new(tally->seen, code, json_true());
		if (strcmp(ask, "always") == 0)
			tally->figures.always++;
		else if (!before)
			tally->figures.asked++;
		else if (strcmp(ask, "once") == 0)
			tally->figures.prefilled++;
		else
			tally->figures.confirmed++;
	}
}

static void test_the_four_own_forms_come_to_the_figures_that_are_published(void **state)
{
	(void)state;
	struct told_retelling_ask ask = {.form_count = 4};
	struct tally tally = {.seen = json_object()};
	for (size_t i = 0; i < 4; i++) {
		char path[256];
		ask.forms[i] = own_form(i);
		snprintf(path, sizeof path, "%s/intake.json", ask.forms[i]);
		json_t *form = json_load_file(path, 0, NULL);
		tally_items(&tally, json_object_get(form, "item"));
		json_decref(form);
	}
	json_t *report = counted(&ask);
	assert_figures(json_object_get(report, "total"), tally.figures);
	/* As docs/retelling.md says; whoever changes a form changes both. */
	assert_figures(
		json_object_get(report, "total"),
		(struct figures){.separately = 174, .asked = 58, .confirmed = 18, .always = 69, .prefilled = 29});
	json_decref(tally.seen);
	json_decref(report);
}

static void test_under_the_demo_agreement_the_forms_come_to_the_figures_that_are_published(void **state)
{
	(void)state;
	struct told_retelling_ask ask = {.form_count = 4, .agreement_count = 1, .clock = NOON};
	for (size_t i = 0; i < 4; i++)
		ask.forms[i] = own_form(i);
	ask.agreements[0] = northtown();
	ask.permissions = yes_to(EVERYTHING);
	json_t *report = counted(&ask);
	assert_figures(json_object_get(report, "total"), (struct figures){.separately = 174,
									  .asked = 66,
									  .confirmed = 10,
									  .always = 69,
									  .prefilled = 29,
									  .asked_again = 8});
	assert_int_equal(json_array_size(json_object_get(report, "withheld")), 8);
	json_decref(report);
	ask.permissions = NULL;
	report = counted(&ask);
	assert_figures(
		json_object_get(report, "total"),
		(struct figures){.separately = 174, .asked = 105, .always = 69, .asked_twice = 29, .asked_again = 47});
	json_decref(report);
}

/* Whatever the person leaves out of a permission, nothing else is asked more, nothing less is asked of the rest. */
static void test_each_category_left_out_only_ever_adds_questions(void **state)
{
	(void)state;
	struct told_retelling_ask ask = {.form_count = 4, .agreement_count = 1, .clock = NOON};
	for (size_t i = 0; i < 4; i++)
		ask.forms[i] = own_form(i);
	ask.agreements[0] = northtown();
	ask.permissions = yes_to(EVERYTHING);
	json_t *base = counted(&ask);
	struct figures all = figures_of(json_object_get(base, "total"));
	size_t worse = 0;
	for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++) {
		if (category == TOLD_CATEGORY_EQA || category == TOLD_CATEGORY_DEM_FORMER)
			continue;
		ask.permissions = yes_but(EVERYTHING, told_code(TOLD_LIST_CATEGORY, category));
		json_t *report = counted(&ask);
		struct figures f = figures_of(json_object_get(report, "total"));
		assert_int_equal(f.separately, all.separately);
		assert_int_equal(f.always, all.always);
		assert_int_equal(f.separately, f.asked + f.confirmed + f.always + f.prefilled);
		assert_int_equal(f.asked - all.asked, f.asked_again - all.asked_again);
		assert_true(f.asked >= all.asked && f.prefilled <= all.prefilled && f.confirmed <= all.confirmed);
		worse += f.asked > all.asked;
		json_decref(report);
	}
	assert_in_range(worse, 10, 20);
	json_decref(base);
}

static void test_a_form_without_a_party_or_with_an_unknown_name_is_refused(void **state)
{
	(void)state;
	struct told_retelling_ask ask = {.form_count = 1, .agreement_count = 1, .clock = NOON};
	ask.forms[0] = written("one.json", one);
	ask.agreements[0] = northtown();
	assert_refused(&ask, TOLD_E_USAGE, "Add --party one=PARTY.");
	ask.party_count = 1;
	ask.parties[0].form = "none", ask.parties[0].party = "HOU";
	assert_refused(&ask, TOLD_E_USAGE, "called \"none\"");
	ask = (struct told_retelling_ask){.form_count = 1, .forms = {written("bad.json", "{\"resourceType\": 1}")}};
	assert_refused(&ask, TOLD_E_MALFORMED, "bad.json");
	ask.forms[0] = "/nowhere/form.json";
	assert_refused(&ask, TOLD_E_NOT_FOUND, "/nowhere/form.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_small_forms_come_to_what_a_hand_counts),
		cmocka_unit_test(test_what_may_not_pass_is_asked_again_and_named_with_the_ruling),
		cmocka_unit_test(test_within_one_party_nothing_is_asked_again),
		cmocka_unit_test(test_the_four_own_forms_come_to_the_figures_that_are_published),
		cmocka_unit_test(test_under_the_demo_agreement_the_forms_come_to_the_figures_that_are_published),
		cmocka_unit_test(test_each_category_left_out_only_ever_adds_questions),
		cmocka_unit_test(test_a_form_without_a_party_or_with_an_unknown_name_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
