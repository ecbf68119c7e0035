/* SPDX-License-Identifier: Apache-2.0 */
/* What is taken over keeps its meaning: numbers keep their digits, modifiers refuse, voices are careful, one file is
 * about one person. */
#include "import/import_support.h"

#include "agents/import/category.h"

#define LOINC(code) "{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"" code "\"}]}"
#define SDOH(code)                                                                                                     \
	"{\"coding\":[{\"system\":\"http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/"                              \
	"SDOHCC-CodeSystemTemporaryCodes\",\"code\":\"" code "\"}]}"
#define PERSON "\"subject\":{\"reference\":\"Patient/1\"}"
#define OBSERVATION(rest)                                                                                              \
	"{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":" LOINC("71802-3") "," PERSON rest "}"
#define RESPONSE(rest)      "{\"resourceType\":\"QuestionnaireResponse\",\"status\":\"completed\"," PERSON rest "}"
#define ITEM(link, answers) "{\"linkId\":\"" link "\",\"answer\":[" answers "]}"

/* The values of the first item of a section, as JSON text. */
static void assert_value(const char *json, const char *value)
{
	struct told_import *import = assert_imported(json, NULL);
	char needle[256];
	snprintf(needle, sizeof needle, "\"value\":%s,", value);
	struct told_bytes section = import->sections[0].json;
	if (memmem(section.data, section.len, needle, strlen(needle)) == NULL)
		fail_msg("%.*s lacks %s", (int)section.len, (const char *)section.data, needle);
	told_import_free(import);
}

static void test_decimals_keep_their_bytes(void **state)
{
	(void)state;
	assert_value(RESPONSE(",\"item\":[" ITEM("/71802-3", "{\"valueDecimal\":1.10}") "]"), "\"1.10\"");
	assert_value(RESPONSE(",\"item\":[" ITEM("/71802-3", "{\"valueDecimal\":-0}") "]"), "\"-0\"");
	assert_value(RESPONSE(",\"item\":[" ITEM("/71802-3", "{\"valueDecimal\":1E2}") "]"), "\"1E2\"");
	assert_value(RESPONSE(",\"item\":[" ITEM("/71802-3", "{\"valueInteger\":25000}") "]"), "\"25000\"");
	assert_value(OBSERVATION(",\"valueQuantity\":{\"value\": 0.5000 ,\"comparator\":\"<\",\"unit\":\"mg\"}"),
		     "{\"comparator\":\"<\",\"number\":\"0.5000\",\"unit\":\"mg\"}");
	assert_value(OBSERVATION(",\"valueQuantity\":{\"value\":123456789012345678.123456789}"),
		     "{\"number\":\"123456789012345678.123456789\"}");
}

static void test_answers_of_each_type_are_taken_and_others_refused_at_their_place(void **state)
{
	(void)state;
	assert_value(OBSERVATION(",\"valueBoolean\":false"), "false");
	assert_value(OBSERVATION(",\"valueString\":\"in a car\""), "\"in a car\"");
	assert_value(OBSERVATION(",\"valueCodeableConcept\":{\"text\":\"in a car\"}"), "\"in a car\"");
	assert_value(OBSERVATION(",\"valueDateTime\":\"2026-02\""), "\"2026-02\"");
	assert_value(OBSERVATION(""), "null");
	assert_refused_at(OBSERVATION(",\"valueRatio\":{}"), "Observation.valueRatio");
	assert_refused_at(OBSERVATION(",\"valueInteger\":1.5"), "Observation.valueInteger");
	assert_refused_at(OBSERVATION(",\"valueDateTime\":\"2026-02-30\""), "Observation.valueDateTime");
	assert_refused_at(OBSERVATION(",\"valueString\":\"a\",\"valueBoolean\":true"), "Observation.valueString");
}

static void test_what_changes_the_meaning_is_honoured_or_refused(void **state)
{
	(void)state;
	assert_refused_at(OBSERVATION(",\"modifierExtension\":[]"), "Observation.modifierExtension");
	assert_refused_at(OBSERVATION(",\"implicitRules\":\"urn:x\""), "Observation.implicitRules");
	assert_refused_at(OBSERVATION(",\"note\":[{\"text\":\"a\"},{\"modifierExtension\":[{}]}]"),
			  "Observation.note[1].modifierExtension");
	assert_refused_at(OBSERVATION(",\"focus\":[{\"reference\":\"Patient/2\"}]"), "Observation.focus");
	assert_refused_at(OBSERVATION(",\"doNotPerform\":true"), "Observation.doNotPerform");
	assert_refused_at(OBSERVATION(",\"meta\":{\"security\":[{\"system\":\"urn:x\",\"code\":\"NODSCLCD\"}]}"),
			  "Observation.meta.security[0]");
	assert_refused_at("{\"resourceType\":\"Observation\",\"status\":\"entered-in-error\"," PERSON
			  ",\"code\":" LOINC("71802-3") "}",
			  "Observation.status");
	assert_refused_at("{\"resourceType\":\"ServiceRequest\",\"status\":\"active\",\"intent\":\"order\","
			  "\"doNotPerform\":true," PERSON "}",
			  "ServiceRequest.doNotPerform");
	assert_refused_at("{\"resourceType\":\"ServiceRequest\",\"status\":\"active\",\"intent\":\"proposal\"," PERSON
			  "}",
			  "ServiceRequest.intent");
	assert_refused_at("{\"resourceType\":\"Task\",\"status\":\"ready\",\"intent\":\"order\"}", "Task.status");
	assert_refused_at("{\"resourceType\":\"Goal\",\"lifecycleStatus\":\"entered-in-error\"," PERSON
			  ",\"description\":{\"text\":\"x\"}}",
			  "Goal.lifecycleStatus");
}

#define CONDITION(code)                                                                                                \
	"{\"resourceType\":\"Condition\",\"code\":" LOINC(                                                             \
		"71802-3") "," PERSON ",\"verificationStatus\":{\"coding\":[{"                                         \
			   "\"system\":\"http://terminology.hl7.org/CodeSystem/"                                       \
			   "condition-ver-status\",\"code\":\"" code "\"}]}}"

static void test_a_condition_is_verified_only_when_it_is_confirmed(void **state)
{
	(void)state;
	struct told_import *import = assert_imported(CONDITION("confirmed"), NULL);
	assert_true(import->sections[0].verified);
	told_import_free(import);
	import = assert_imported(CONDITION("unconfirmed"), NULL);
	assert_false(import->sections[0].verified);
	told_import_free(import);
	import = assert_imported(OBSERVATION(",\"valueBoolean\":true"), NULL);
	assert_false(import->sections[0].verified); /* what is reported is not verified by being in a file */
	told_import_free(import);
	assert_refused_at(CONDITION("refuted"), "Condition.verificationStatus");
	assert_refused_at(CONDITION("entered-in-error"), "Condition.verificationStatus");
	assert_refused_at(CONDITION("differential"), "Condition.verificationStatus");
}

static void test_a_restricted_resource_makes_a_confidential_section(void **state)
{
	(void)state;
	struct told_import *import = assert_imported(
		OBSERVATION(",\"meta\":{\"security\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/"
			    "v3-Confidentiality\",\"code\":\"R\"}]}"),
		NULL);
	assert_true(import->sections[0].confidential);
	told_import_free(import);
}

static void assert_voice(const char *json, unsigned voice)
{
	struct told_import *import = assert_imported(json, NULL);
	assert_int_equal(import->sections[0].voice, voice);
	told_import_free(import);
}

static void test_only_the_persons_own_words_are_the_persons(void **state)
{
	(void)state;
	assert_voice(OBSERVATION(",\"performer\":[{\"reference\":\"Patient/1\"}]"), TOLD_VOICE_PERSON);
	assert_voice(OBSERVATION(",\"performer\":[{\"reference\":\"Patient/2\"}]"), TOLD_VOICE_OTHER);
	assert_voice(OBSERVATION(",\"performer\":[{\"reference\":\"Practitioner/1\"}]"), TOLD_VOICE_WORKER);
	assert_voice(OBSERVATION(",\"performer\":[{\"reference\":\"Patient/1\"},{\"reference\":\"Practitioner/1\"}]"),
		     TOLD_VOICE_OTHER);
	assert_voice(OBSERVATION(",\"performer\":[{\"reference\":\"Practitioner/1\"}],\"valueQuantity\":{\"value\":4}"),
		     TOLD_VOICE_MEASURED);
	assert_voice(OBSERVATION(""), TOLD_VOICE_OTHER);
}

static void test_a_code_that_no_table_knows_is_never_guessed(void **state)
{
	(void)state;
	static const char unknown[] =
		"{\"resourceType\":\"Observation\",\"status\":\"final\"," PERSON ",\"code\":" LOINC("1-8") "}";
	const struct told_import_code own = {told_text("http://loinc.org"), told_text("1-8"), TOLD_CATEGORY_SUD_USE};
	const struct told_import_options options = {.codes = &own, .code_count = 1};
	assert_refused_at(unknown, "Observation.code");
	struct told_import *import = assert_imported(unknown, &options);
	assert_int_equal(import->sections[0].category, TOLD_CATEGORY_SUD_USE);
	told_import_free(import);
	assert_refused_at("{\"resourceType\":\"Observation\",\"status\":\"final\"," PERSON
			  ",\"code\":" LOINC("1-8") ",\"category\":[" SDOH("homelessness") "," SDOH("stress") "]}",
			  "Observation.category[1]");
	assert_refused_at(RESPONSE(",\"item\":[" ITEM("/1-8", "{\"valueBoolean\":true}") "]"),
			  "QuestionnaireResponse.item[0]");
}

static void test_an_answer_below_another_belongs_to_its_own_question(void **state)
{
	(void)state;
	struct told_import *import = assert_imported(
		RESPONSE(",\"item\":[{\"linkId\":\"/71802-3\",\"answer\":[{\"valueBoolean\":true,\"item\":[" ITEM(
			"/93033-9", "{\"valueBoolean\":false}") "]}]}]"),
		NULL);
	assert_int_equal(import->section_count, 1);
	told_import_free(import);
}

static void test_a_group_that_repeats_keeps_its_answers_together(void **state)
{
	(void)state;
	struct told_import *import = assert_imported(
		RESPONSE(",\"item\":[{\"linkId\":\"g\",\"item\":[" ITEM(
			"/71802-3",
			"{\"valueBoolean\":true}") "]},"
						   "{\"linkId\":\"g\",\"item\":[" ITEM(
							   "/71802-3",
							   "{\"valueBoolean\":"
							   "false}") "," ITEM("/93033-9",
									      "{\"valueBoolean\":false}") "]}]"),
		NULL);
	assert_int_equal(import->section_count, 2);
	assert_non_null(memmem(import->sections[0].json.data, import->sections[0].json.len, "true", 4));
	assert_null(memmem(import->sections[0].json.data, import->sections[0].json.len, "93033", 5));
	assert_non_null(memmem(import->sections[1].json.data, import->sections[1].json.len, "93033", 5));
	told_import_free(import);
}

static void test_a_form_in_the_same_file_names_the_questions_of_its_answers(void **state)
{
	(void)state;
	struct told_import *import =
		read_text("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":" RESPONSE(
			",\"questionnaire\":\"urn:form|2\",\"item\":[" ITEM(
				"q1",
				"{\"valueString\":\"a\"}") "]") "},"
								"{\"resource\":{\"resourceType\":\"Questionnaire\","
								"\"status\":\"active\",\"url\":\"urn:form\",\"item\":[{"
								"\"linkId\":\"q1\",\"type\":\"string\",\"code\":[{"
								"\"system\":\"urn:own\",\"code\":\"sofa\"}],"
								"\"extension\":[{\"url\":\"https://told-once.example/"
								"fhir/category\",\"valueCode\":\"HOU.SUP\"}]}]}}]}");
	assert_int_equal(import->resource_count, 3);
	assert_int_equal(import->section_count, 1);
	assert_int_equal(import->sections[0].category, TOLD_CATEGORY_HOU_SUP);
	assert_non_null(memmem(import->sections[0].json.data, import->sections[0].json.len, "urn:own#sofa", 12));
	assert_int_equal(import->form_count, 1);
	assert_int_equal(import->forms[0].questions, 1);
	told_import_free(import);
}

static void test_one_file_is_about_one_person(void **state)
{
	(void)state;
	struct told_import *import =
		read_text("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":" OBSERVATION(
			"") "},{\"resource\":"
			    "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":" LOINC(
				    "71802-3") ",\"subject\":{\"reference\":\"Patient/2\"}}}]}");
	assert_int_equal(import->resource_count, 3);
	assert_int_equal(import->section_count, 1);
	assert_int_equal(import->resources[2].outcome, TOLD_IMPORT_REFUSED);
	assert_string_equal(import->resources[2].where, "Bundle.entry[1].resource.subject");
	told_import_free(import);
	assert_refused_at("{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":" LOINC(
				  "71802-3") ",\"subject\":{\"reference\":\"Group/2\"}}",
			  "Observation.subject");
}

static void test_a_refused_bundle_names_and_refuses_all_it_holds(void **state)
{
	(void)state;
	struct told_import *import = read_text(
		"{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
		"{\"resource\":" OBSERVATION(
			"") "},{\"resource\":{\"resourceType\":"
			    "\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":" OBSERVATION("") "}]}}]}");
	assert_int_equal(import->resource_count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(import->resources[i].outcome, TOLD_IMPORT_REFUSED);
	assert_string_equal(import->resources[3].where, "Bundle.entry[1].resource.entry[0].resource");
	assert_int_equal(import->section_count, 0);
	told_import_free(import);
}

static void test_a_modifier_beside_a_resource_refuses_it(void **state)
{
	(void)state;
	struct told_import *import = read_text("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{"
					       "\"modifierExtension\":[{}],\"resource\":" OBSERVATION("") "}]}");
	assert_int_equal(import->resource_count, 2);
	assert_int_equal(import->resources[1].outcome, TOLD_IMPORT_REFUSED);
	told_import_free(import);
}

static void test_names_that_could_harm_a_terminal_are_not_printed(void **state)
{
	(void)state;
	assert_refused_at(OBSERVATION(",\"\\u001b[2J\":1"), "Observation");
	struct told_import *import = read_text("{\"resourceType\":\"Pat\\u001bient\"}");
	assert_false(import->understood);
	assert_string_equal(import->resources[0].type, "-");
	told_import_free(import);
	assert_refused_at(OBSERVATION(",\"id\":\"\\u001b\""), "Observation.id");
}

/* LOINC's check digit by its published example (LOINC Users' Guide): 12345-? and the codes of our own table. */
static bool loinc_sound(const char *code)
{
	unsigned sum = 0;
	size_t len = strlen(code);
	for (size_t i = 0; i + 2 < len; i++) {
		unsigned digit = (unsigned)(code[len - 3 - i] - '0') * (i % 2 == 0 ? 2 : 1);
		sum += digit / 10 + digit % 10;
	}
	return code[len - 2] == '-' && (unsigned)(code[len - 1] - '0') == (10 - sum % 10) % 10;
}

static void test_every_row_of_the_tables_is_sound_and_stands_once(void **state)
{
	(void)state;
	const char *system, *code, *other_system, *other_code;
	unsigned category, other;
	size_t rows = 0;
	for (size_t i = 0; told_fhir_category_row(i, &system, &code, &category); i++, rows++) {
		assert_true(category >= 1 && category < TOLD_CATEGORY_COUNT);
		if (strcmp(system, TOLD_IMPORT_LOINC) == 0 && !loinc_sound(code))
			fail_msg("%s has a wrong check digit", code);
		for (size_t j = 0; j < i; j++) {
			assert_true(told_fhir_category_row(j, &other_system, &other_code, &other));
			assert_false(strcmp(system, other_system) == 0 && strcmp(code, other_code) == 0);
		}
	}
	assert_true(rows > 60);
}

static void assert_time(const char *text, bool end, int64_t ms)
{
	int64_t found = 0;
	enum told_status status = told_fhir_parse_time(told_text(text), end, &found);
	assert_int_equal(status, ms == TOLD_IMPORT_NO_TIME ? TOLD_E_MALFORMED : TOLD_OK);
	assert_int_equal(found, ms);
}

static void test_dates_of_each_precision_are_read_and_others_refused(void **state)
{
	(void)state;
	assert_time("1970", false, 0);
	assert_time("1970", true, INT64_C(31536000000));
	assert_time("2024-02", true, INT64_C(1709251200000));
	assert_time("2024-02-29", true, INT64_C(1709251200000));
	assert_time("2021-04-26T13:56:33.747Z", false, INT64_C(1619445393747));
	assert_time("2016-06-23T17:02:33+10:00", true, INT64_C(1466665353000));
	assert_time("1964-01-01", false, INT64_C(-189388800000));
	static const char *const bad[] = {"",
					  "21",
					  "2021-13",
					  "2021-02-29",
					  "2021-4-1",
					  "2021-04-26T13:56:33",
					  "2021-04-26T13:56Z",
					  "2021-04-26T25:00:00Z",
					  "2021-04-26 ",
					  "0000",
					  "2021-04-26T13:56:33+15:00",
					  "2021-04-26T13:56:33.Z"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_time(bad[i], false, TOLD_IMPORT_NO_TIME);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decimals_keep_their_bytes),
		cmocka_unit_test(test_answers_of_each_type_are_taken_and_others_refused_at_their_place),
		cmocka_unit_test(test_what_changes_the_meaning_is_honoured_or_refused),
		cmocka_unit_test(test_a_condition_is_verified_only_when_it_is_confirmed),
		cmocka_unit_test(test_a_restricted_resource_makes_a_confidential_section),
		cmocka_unit_test(test_only_the_persons_own_words_are_the_persons),
		cmocka_unit_test(test_a_code_that_no_table_knows_is_never_guessed),
		cmocka_unit_test(test_an_answer_below_another_belongs_to_its_own_question),
		cmocka_unit_test(test_a_group_that_repeats_keeps_its_answers_together),
		cmocka_unit_test(test_a_form_in_the_same_file_names_the_questions_of_its_answers),
		cmocka_unit_test(test_one_file_is_about_one_person),
		cmocka_unit_test(test_a_refused_bundle_names_and_refuses_all_it_holds),
		cmocka_unit_test(test_a_modifier_beside_a_resource_refuses_it),
		cmocka_unit_test(test_names_that_could_harm_a_terminal_are_not_printed),
		cmocka_unit_test(test_every_row_of_the_tables_is_sound_and_stands_once),
		cmocka_unit_test(test_dates_of_each_precision_are_read_and_others_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
