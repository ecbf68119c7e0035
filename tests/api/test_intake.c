/* SPDX-License-Identifier: Apache-2.0 */
/* The intake through the API: what was told before is filled in, answers become a story, faults are said by question.
 */
#include "api/rig.h"

#include "agents/form/form.h"

static struct told_form *housing_form(void)
{
	char path[4096];
	const char *root = getenv("TOLD_SOURCE");
	struct told_form *form = NULL;
	snprintf(path, sizeof path, "%s/agents/housing/intake.json", root != NULL ? root : ".");
	struct told_bytes json = told_test_read(path);
	assert_int_equal(told_form_load(json, &form, NULL), TOLD_OK);
	free((void *)(uintptr_t)json.data);
	return form;
}

static const json_t *line_of(const json_t *intake, const char *list, const char *code)
{
	size_t i = 0;
	json_t *line = NULL;
	json_array_foreach(json_object_get(intake, list), i,
			   line) if (strcmp(json_string_value(json_object_get(line, "linkId")), code) == 0) return line;
	return NULL;
}

static void test_a_fresh_intake_lists_what_to_ask(void **state)
{
	(void)state;
	struct rig rig;
	struct told_form *form = housing_form();
	rig_open(&rig, form, 0);
	json_t *json = rig_json(rig_ask(&rig, "GET", "/v1/intake/352CK", AUTH, ""));
	const json_t *intake = json_object_get(json, "intake");
	assert_string_equal(json_string_value(json_object_get(json, "client")), "352CK");
	assert_true(json_array_size(json_object_get(intake, "ask")) > 0);
	assert_int_equal(json_array_size(json_object_get(intake, "prefilled")), 0);
	assert_int_equal(agent_double.calls, 0);
	json_decref(json);
	rig_close(&rig);
	told_form_free(form);
}

static void test_what_was_told_elsewhere_is_filled_in_and_not_asked(void **state)
{
	(void)state;
	struct rig rig;
	struct told_form *form = housing_form();
	rig_open(&rig, form, 0);
	agent_double.section = "{\"items\":[{\"item\":\"" TOLD_FORM_CODE_SYSTEM
			       "#name.chosen\",\"code\":{\"system\":\"" TOLD_FORM_CODE_SYSTEM
			       "\",\"code\":\"name.chosen\"},\"value\":\"Sam\",\"said_at\":\"2026-11-01\",\"source\":"
			       "\"TT\",\"voice\":\"person\"}]}";
	json_t *json = rig_json(rig_ask(&rig, "GET", "/v1/intake/352CK", AUTH, ""));
	const json_t *intake = json_object_get(json, "intake");
	assert_non_null(line_of(intake, "prefilled", "name.chosen"));
	assert_null(line_of(intake, "ask", "name.chosen"));
	json_decref(json);
	rig_close(&rig);
	told_form_free(form);
}

static void test_answers_are_told_as_sections_of_their_categories(void **state)
{
	(void)state;
	struct rig rig;
	struct told_form *form = housing_form();
	rig_open(&rig, form, 0);
	const char *answer = rig_ask(&rig, "POST", "/v1/intake", AUTH,
				     "{\"client\":\"352CK\",\"answers\":{\"name.chosen\":\"Sam\"}}");
	assert_int_equal(rig_status(answer), 200);
	assert_string_equal(agent_double.called, "story tell");
	assert_non_null(strstr(agent_double.request, "\"category\":\"DEM.ID\""));
	assert_non_null(strstr(agent_double.request, "\"value\":\"Sam\""));
	assert_non_null(strstr(answer, "\"intake\":"));
	rig_close(&rig);
	told_form_free(form);
}

static void test_an_answer_that_the_question_does_not_take_tells_nothing(void **state)
{
	(void)state;
	struct rig rig;
	struct told_form *form = housing_form();
	rig_open(&rig, form, 0);
	rig_problem(
		rig_ask(&rig, "POST", "/v1/intake", AUTH, "{\"client\":\"352CK\",\"answers\":{\"name.chosen\":12}}"),
		400, 2);
	rig_problem(rig_ask(&rig, "POST", "/v1/intake", AUTH, "{\"client\":\"352CK\",\"answers\":{\"no.such\":1}}"),
		    400, 2);
	rig_problem(rig_ask(&rig, "POST", "/v1/intake", AUTH, "{\"client\":\"352CK\",\"other\":1}"), 400, 2);
	rig_problem(rig_ask(&rig, "POST", "/v1/intake", AUTH, "{}"), 400, 2);
	assert_int_equal(agent_double.calls, 0);
	rig_close(&rig);
	told_form_free(form);
}

static struct told_form *iapt_form(void)
{
	char path[4096];
	const char *root = getenv("TOLD_SOURCE");
	struct told_form *form = NULL;
	snprintf(path, sizeof path, "%s/agents/iapt/intake.json", root != NULL ? root : ".");
	struct told_bytes json = told_test_read(path);
	assert_int_equal(told_form_load(json, &form, NULL), TOLD_OK);
	free((void *)(uintptr_t)json.data);
	return form;
}

static void test_item_nine_above_zero_is_handed_on_with_its_question_and_answer(void **state)
{
	(void)state;
	struct rig rig;
	struct told_form *form = iapt_form();
	rig_open(&rig, form, 0);
	const char *answer = rig_ask(&rig, "POST", "/v1/intake", AUTH,
				     "{\"client\":\"352CK\",\"answers\":{\"phq9.9\":\"several-days\"}}");
	assert_int_equal(rig_status(answer), 200);
	assert_non_null(strstr(agent_double.request, "\"raised\":[{\"answer\":\"On some days\",\"category\":"
						     "\"RSK.SELF\",\"item\":\"phq9.9\",\"question\":"));
	rig_ask(&rig, "POST", "/v1/intake", AUTH, "{\"client\":\"352CK\",\"answers\":{\"phq9.9\":\"not-at-all\"}}");
	assert_non_null(strstr(agent_double.request, "\"raised\":[]"));
	rig_close(&rig);
	told_form_free(form);
}

#define STORY(system, code, value)                                                                                     \
	"{\"client\":\"352CK\",\"sections\":[{\"category\":\"MH.ITEM\",\"story\":{\"items\":[{\"item\":\"" system      \
	"#" code "\",\"code\":{\"system\":\"" system "\",\"code\":\"" code "\"},\"value\":" value                      \
	",\"said_at\":\"2026-11-01\",\"source\":\"TT\",\"voice\":\"person\"}]}}]}"

static void test_item_nine_is_found_in_a_story_too_whatever_system_it_is_coded_in(void **state)
{
	(void)state;
	static const struct {
		const char *story;
		bool raised;
	} stories[] = {
		{STORY(TOLD_FORM_CODE_SYSTEM, "phq9.9", "\"Nearly every day\""), true},
		{STORY(TOLD_FORM_CODE_SYSTEM, "phq9.9", "\"Not at all\""), false},
		{STORY(TOLD_FORM_CODE_SYSTEM, "phq9.9", "\"sometimes, I think\""), true},
		{STORY(TOLD_FORM_CODE_SYSTEM, "phq9.8", "\"Nearly every day\""), false},
		{STORY("http://loinc.org", "44260-8", "\"More than half the days\""), true},
		{STORY("http://loinc.org", "44260-8", "\"Not at all\""), false},
		{STORY("http://loinc.org", "44259-0", "\"More than half the days\""), false},
	};
	struct rig rig;
	struct told_form *form = iapt_form();
	rig_open(&rig, form, 0);
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
		assert_int_equal(rig_status(rig_ask(&rig, "POST", "/v1/story", AUTH, stories[i].story)), 200);
		if ((strstr(agent_double.request, "\"raised\":[{") != NULL) != stories[i].raised)
			fail_msg("%s", agent_double.request);
	}
	rig_close(&rig);
	told_form_free(form);
}

static void test_what_must_be_looked_at_now_stands_on_every_answer_and_refusal(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	agent_double.attention = "[{\"item\":\"phq9.9\"}]";
	assert_non_null(strstr(rig_ask(&rig, "GET", "/v1/sent", AUTH, ""), "\"look_now\":[{\"item\":\"phq9.9\"}]"));
	agent_double.status = TOLD_E_NOT_FOUND;
	assert_non_null(strstr(rig_ask(&rig, "GET", "/v1/story/352CK", AUTH, ""), "\"look_now\":"));
	agent_double.status = TOLD_OK;
	rig_close(&rig);
}

static void test_without_a_form_there_is_no_intake(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	rig_problem(rig_ask(&rig, "GET", "/v1/intake/352CK", AUTH, ""), 404, 1);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_fresh_intake_lists_what_to_ask),
		cmocka_unit_test(test_what_was_told_elsewhere_is_filled_in_and_not_asked),
		cmocka_unit_test(test_answers_are_told_as_sections_of_their_categories),
		cmocka_unit_test(test_an_answer_that_the_question_does_not_take_tells_nothing),
		cmocka_unit_test(test_item_nine_above_zero_is_handed_on_with_its_question_and_answer),
		cmocka_unit_test(test_item_nine_is_found_in_a_story_too_whatever_system_it_is_coded_in),
		cmocka_unit_test(test_what_must_be_looked_at_now_stands_on_every_answer_and_refusal),
		cmocka_unit_test(test_without_a_form_there_is_no_intake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
