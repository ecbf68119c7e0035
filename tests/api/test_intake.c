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
		cmocka_unit_test(test_without_a_form_there_is_no_intake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
