/* SPDX-License-Identifier: Apache-2.0 */
/* Forms that are refused, each with the place and the reason. */
#include "form/forms.h"

#define HEAD                                                                                                           \
	"{\"resourceType\":\"Questionnaire\",\"url\":\"https://a.example/"                                             \
	"q\",\"title\":\"T\",\"status\":\"active\",\"item\":["
#define ASK(ask)       "{\"url\":\"" TOLD_FORM_BASE "ask\",\"valueCode\":\"" ask "\"}"
#define CATEGORY(leaf) "{\"url\":\"" TOLD_FORM_BASE "category\",\"valueCode\":\"" leaf "\"}"
#define CODE(code)     "\"code\":[{\"system\":\"" TOLD_FORM_CODE_SYSTEM "\",\"code\":\"" code "\"}]"
#define QUESTION(id, ask, leaf, rest)                                                                                  \
	"{\"linkId\":\"" id "\",\"text\":\"Q?\"," CODE(id) ",\"extension\":[" ASK(ask) "," CATEGORY(leaf) "]," rest "}"
#define MIN(n) "{\"url\":\"http://hl7.org/fhir/StructureDefinition/minValue\",\"valueInteger\":" n "}"
#define MAX(n) "{\"url\":\"http://hl7.org/fhir/StructureDefinition/maxValue\",\"valueInteger\":" n "}"
#define BOUNDED(id, more)                                                                                              \
	"{\"linkId\":\"" id "\",\"text\":\"Q?\"," CODE(id) ",\"extension\":[" ASK("always") "," CATEGORY(              \
		"NED") "," MIN("0") "," MAX("5") "],\"type\":\"integer\"" more "}"
#define TOTAL(max)                                                                                                     \
	"{\"linkId\":\"t\",\"text\":\"Total\"," CODE("t") ",\"extension\":[" ASK("always") "," CATEGORY(               \
		"NED") "," MIN("0") "," MAX(max) ",{\"url\":\"" TOLD_FORM_BASE                                         \
						 "total-of\",\"valueString\":\"g\"}],\"type\":\"integer\","            \
						 "\"readOnly\":true}"

static const struct {
	const char *what, *json;
	enum told_status status;
	const char *why;
} refusals[] = {
	{"no JSON", "{\"resourceType\":\n  oops}", TOLD_E_MALFORMED, "2:"},
	{"another resource", "{\"resourceType\":\"Patient\"}", TOLD_E_MALFORMED, "Questionnaire: "},
	{"an unknown member", "{\"resourceType\":\"Questionnaire\",\"colour\":1}", TOLD_E_UNKNOWN, "colour"},
	{"a retired form", "{\"resourceType\":\"Questionnaire\",\"status\":\"retired\"}", TOLD_E_UNKNOWN, "retired"},
	{"no items", HEAD "]}", TOLD_E_MALFORMED, "item"},
	{"no linkId", HEAD "{\"text\":\"x\",\"type\":\"group\"}]}", TOLD_E_MALFORMED, "Questionnaire.item[0]: "},
	{"a type that we do not take", HEAD QUESTION("a", "once", "STR", "\"type\":\"attachment\"") "]}",
	 TOLD_E_UNKNOWN, "a: type \"attachment\""},
	{"an answer given for the person", HEAD QUESTION("a", "once", "STR", "\"type\":\"text\",\"initial\":[]") "]}",
	 TOLD_E_UNKNOWN, "a: \"initial\" is not taken: a form does not answer for the person"},
	{"a value set", HEAD QUESTION("a", "once", "STR", "\"type\":\"choice\",\"answerValueSet\":\"x\"") "]}",
	 TOLD_E_UNKNOWN, "a: \"answerValueSet\""},
	{"an unknown extension",
	 HEAD "{\"linkId\":\"a\",\"text\":\"Q\",\"type\":\"text\",\"extension\":[{\"url\":\"https://x.example/y\","
	      "\"valueCode\":\"z\"}]}]}",
	 TOLD_E_UNKNOWN, "https://x.example/y"},
	{"no code", HEAD "{\"linkId\":\"a\",\"text\":\"Q\",\"type\":\"text\"}]}", TOLD_E_MALFORMED,
	 "a: a question needs a code"},
	{"no ask", HEAD "{\"linkId\":\"a\",\"text\":\"Q\",\"type\":\"text\"," CODE("a") "}]}", TOLD_E_MALFORMED,
	 "how often"},
	{"no category",
	 HEAD "{\"linkId\":\"a\",\"text\":\"Q\",\"type\":\"text\"," CODE("a") ",\"extension\":[" ASK("once") "]}]}",
	 TOLD_E_MALFORMED, "which category"},
	{"an unknown ask", HEAD QUESTION("a", "twice", "STR", "\"type\":\"text\"") "]}", TOLD_E_UNKNOWN,
	 "once, confirm or always"},
	{"a prefix as category", HEAD QUESTION("a", "once", "PRF.*", "\"type\":\"text\"") "]}", TOLD_E_UNKNOWN,
	 "one leaf"},
	{"equality monitoring", HEAD QUESTION("a", "once", "EQA", "\"type\":\"text\"") "]}", TOLD_E_MALFORMED,
	 "equality"},
	{"risk asked once", HEAD QUESTION("a", "once", "RSK.SELF", "\"type\":\"text\"") "]}", TOLD_E_MALFORMED,
	 "RSK.SELF is asked always"},
	{"safe contact read back", HEAD QUESTION("a", "confirm", "DEM.SAFE", "\"type\":\"text\"") "]}",
	 TOLD_E_MALFORMED, "DEM.SAFE is asked always"},
	{"two of one linkId",
	 HEAD QUESTION("a", "once", "STR", "\"type\":\"text\"") "," QUESTION("a", "once", "STR",
									     "\"type\":\"text\"") "]}",
	 TOLD_E_MALFORMED, "twice"},
	{"a choice without answers", HEAD QUESTION("a", "once", "STR", "\"type\":\"choice\"") "]}", TOLD_E_MALFORMED,
	 "answerOption"},
	{"a member that stands twice", HEAD "{\"linkId\":\"a\",\"linkId\":\"b\"}]}", TOLD_E_MALFORMED, "twice"},
	{"a condition on a later question",
	 HEAD QUESTION("a", "once", "STR",
		       "\"type\":\"text\",\"enableWhen\":[{\"question\":\"b\",\"operator\":\"exists\","
		       "\"answerBoolean\":true}]") "," QUESTION("b", "once", "STR", "\"type\":\"text\"") "]}",
	 TOLD_E_UNKNOWN, "a: enableWhen: no question \"b\" stands before"},
	{"a condition on itself",
	 HEAD QUESTION("a", "once", "STR",
		       "\"type\":\"text\",\"enableWhen\":[{\"question\":\"a\",\"operator\":\"exists\","
		       "\"answerBoolean\":true}]") "]}",
	 TOLD_E_UNKNOWN, "stands before"},
	{"a greater than on words",
	 HEAD QUESTION("a", "once", "STR", "\"type\":\"text\"") "," QUESTION(
		 "b", "once", "STR",
		 "\"type\":\"text\",\"enableWhen\":[{\"question\":\"a\",\"operator\":\">\",\"answerInteger\":1}]") "]}",
	 TOLD_E_UNKNOWN, "b: enableWhen: that operator"},
	{"several conditions without any or all",
	 HEAD BOUNDED("a", "") "," QUESTION(
		 "b", "once", "STR",
		 "\"type\":\"text\",\"enableWhen\":[{\"question\":\"a\",\"operator\":\">\",\"answerInteger\":1},"
		 "{\"question\":\"a\",\"operator\":\"<\",\"answerInteger\":4}]") "]}",
	 TOLD_E_MALFORMED, "b: several conditions"},
	{"a total that does not add up",
	 HEAD "{\"linkId\":\"g\",\"text\":\"G\",\"type\":\"group\",\"item\":[" BOUNDED("a", "") "," BOUNDED(
		 "b", "") "]}," TOTAL("11") "]}",
	 TOLD_E_MALFORMED, "t: this total goes from 0 to 10"},
	{"a total over words",
	 HEAD "{\"linkId\":\"g\",\"text\":\"G\",\"type\":\"group\",\"item\":[" QUESTION(
		 "a", "once", "STR", "\"type\":\"text\"") "]}," TOTAL("0") "]}",
	 TOLD_E_MALFORMED, "t: \"a\" cannot be added up"},
	{"items below a question",
	 HEAD QUESTION("a", "once", "STR",
		       "\"type\":\"text\",\"item\":[{\"linkId\":\"b\",\"text\":\"x\",\"type\":\"display\"}]") "]}",
	 TOLD_E_UNKNOWN, "a: only a group"},
	{"a note with a code", HEAD "{\"linkId\":\"a\",\"text\":\"x\",\"type\":\"display\"," CODE("a") "}]}",
	 TOLD_E_MALFORMED, "a group or note"},
};

static void test_each_unsound_form_is_refused_with_its_place_and_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		struct told_form *form = NULL;
		struct told_buf why = TOLD_BUF(4096);
		enum told_status status = told_form_load(told_text(refusals[i].json), &form, &why);
		const char *text = told_buf_cstr(&why);
		if (status != refusals[i].status || strstr(text, refusals[i].why) == NULL)
			fail_msg("%s: %s \"%s\"", refusals[i].what, told_status_name(status), text);
		assert_null(form);
		told_buf_free(&why);
	}
}

static void test_a_sound_form_with_a_total_loads(void **state)
{
	(void)state;
	told_form_free(form_of(HEAD "{\"linkId\":\"g\",\"text\":\"G\",\"type\":\"group\",\"item\":[" BOUNDED(
		"a", "") "," BOUNDED("b", "") "]}," TOTAL("10") "]}"));
}

static void test_a_form_that_nests_too_deep_is_refused(void **state)
{
	struct told_buf json = TOLD_BUF(65536), why = TOLD_BUF(4096);
	struct told_form *form = NULL;
	(void)state;
	told_buf_put_text(&json, HEAD);
	for (unsigned i = 0; i < TOLD_FORM_DEPTH_MAX + 1; i++)
		told_buf_printf(&json, "{\"linkId\":\"g%u\",\"text\":\"G\",\"type\":\"group\",\"item\":[", i);
	told_buf_put_text(&json, "{\"linkId\":\"x\",\"text\":\"x\",\"type\":\"display\"}");
	for (unsigned i = 0; i < TOLD_FORM_DEPTH_MAX + 1; i++)
		told_buf_put_text(&json, "]}");
	told_buf_put_text(&json, "]}");
	assert_int_equal(told_form_load(told_buf_view(&json), &form, &why), TOLD_E_LIMIT);
	assert_non_null(strstr(told_buf_cstr(&why), "deep"));
	told_buf_free(&json);
	told_buf_free(&why);
}

/* Every prefix of a real form, and every form with one byte changed in turn, is judged without a crash. */
static void test_cut_and_bent_forms_never_crash_the_loader(void **state)
{
	struct told_bytes json = told_test_read(project_path("agents/iapt/intake.json"));
	uint64_t seed = told_test_seed();
	(void)state;
	for (int i = 0; i < 400; i++) {
		struct told_form *form = NULL;
		size_t len = i % 2 == 0 ? told_test_random(&seed) % json.len : json.len;
		uint8_t *copy = malloc(len + 1);
		assert_non_null(copy);
		memcpy(copy, json.data, len);
		if (len > 0)
			copy[told_test_random(&seed) % len] = (uint8_t)told_test_random(&seed);
		enum told_status status = told_form_load(told_bytes(copy, len), &form, NULL);
		assert_true((status == TOLD_OK) == (form != NULL));
		told_form_free(form);
		free(copy);
	}
	free((void *)(uintptr_t)json.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_unsound_form_is_refused_with_its_place_and_reason),
		cmocka_unit_test(test_a_sound_form_with_a_total_loads),
		cmocka_unit_test(test_a_form_that_nests_too_deep_is_refused),
		cmocka_unit_test(test_cut_and_bent_forms_never_crash_the_loader),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
