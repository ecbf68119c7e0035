/* SPDX-License-Identifier: Apache-2.0 */
/* The published examples that nobody here wrote: what of each type is taken over, counted, and what becomes of it. */
#include "import/import_support.h"

struct count {
	const char *type;
	size_t imported, refused;
};

static const struct count sdohcc[] = {
	{"Condition", 3, 0},
	{"Consent", 0, 1},
	{"Goal", 1, 0},
	{"HealthcareService", 0, 1},
	{"Observation", 8, 0},
	{"Organization", 0, 2},
	{"Patient", 0, 1},
	{"PractitionerRole", 0, 1},
	{"Procedure", 0, 2},
	{"Questionnaire", 1, 0},
	{"QuestionnaireResponse", 2, 0},
	{"RelatedPerson", 0, 1},
	{"ServiceRequest", 2, 0},
	{"Task", 6, 0},
};

static const struct count fhir_r4[] = {
	{"AuditEvent", 0, 3},     {"CarePlan", 0, 1}, {"Condition", 0, 1}, /* contained in the CarePlan */
	{"Consent", 0, 12},       {"Contract", 0, 5}, {"EpisodeOfCare", 0, 1},
	{"Flag", 0, 1},           {"Goal", 2, 0},     {"Provenance", 0, 3}, /* one contained in a Task */
	{"ServiceRequest", 0, 3}, {"Task", 3, 0},
};

static const struct count bars[] = {
	{"-", 0, 1}, /* an entry that holds its resource in the wrong place */
	{"Appointment", 0, 1},
	{"Bundle", 6, 0},
	{"CarePlan", 0, 2},
	{"Consent", 0, 2},
	{"Encounter", 0, 4},
	{"Flag", 0, 3},
	{"HealthcareService", 0, 3},
	{"Location", 0, 4},
	{"MessageDefinition", 0, 1},
	{"MessageHeader", 0, 4},
	{"Observation", 0, 3}, /* syncope: no table knows it, so it becomes no "need" */
	{"OperationOutcome", 0, 8},
	{"Organization", 0, 15},
	{"Patient", 0, 4},
	{"Practitioner", 0, 5},
	{"PractitionerRole", 0, 5},
	{"Schedule", 0, 1},
	{"ServiceRequest", 3, 1},
	{"Slot", 0, 1},
};

/* Where a resource of a type stands among the counts; the test fails when the type is not expected. */
static size_t index_of(const char *type, const struct count *expected, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(expected[i].type, type) == 0)
			return i;
	fail_msg("a %s was not expected", type);
	return 0;
}

static void assert_counts(const char *folder_name, const struct count *expected, size_t count)
{
	struct folder folder = {0};
	size_t imported[32] = {0}, refused[32] = {0};
	assert_true(count <= 32);
	add_folder(&folder, folder_name);
	assert_true(folder.count > 0);
	for (size_t i = 0; i < folder.count; i++) {
		struct told_import *import = NULL;
		assert_int_equal(told_import_file(folder.paths[i], NULL, &import), TOLD_OK);
		assert_true(import->understood);
		assert_sound(import);
		for (size_t j = 0; j < import->resource_count; j++) {
			size_t at = index_of(import->resources[j].type, expected, count);
			if (import->resources[j].outcome == TOLD_IMPORT_IMPORTED)
				imported[at]++;
			else
				refused[at]++;
		}
		told_import_free(import);
	}
	for (size_t i = 0; i < count; i++) {
		if (imported[i] != expected[i].imported || refused[i] != expected[i].refused)
			fail_msg("%s: %zu imported, %zu refused", expected[i].type, imported[i], refused[i]);
	}
	free_folder(&folder);
}

static void test_of_sdohcc_every_kind_that_must_be_is_taken_over(void **state)
{
	(void)state;
	assert_counts("real/sdohcc", sdohcc, sizeof sdohcc / sizeof sdohcc[0]);
}

static void test_of_fhir_r4_no_consent_is_approximated(void **state)
{
	(void)state;
	assert_counts("real/fhir-r4", fhir_r4, sizeof fhir_r4 / sizeof fhir_r4[0]);
}

static void test_of_bars_each_entry_of_each_bundle_has_its_line(void **state)
{
	(void)state;
	assert_counts("real/bars-json", bars, sizeof bars / sizeof bars[0]);
}

static struct told_import *read_shared(const char *path)
{
	struct told_import *import = NULL;
	assert_int_equal(told_import_file(told_test_shared(path), NULL, &import), TOLD_OK);
	assert_sound(import);
	return import;
}

/* Is the answer to this LOINC question in a section of this category, with these words? */
static void assert_answer(const struct told_import *import, const char *code, unsigned category, const char *words)
{
	for (size_t i = 0; i < import->section_count; i++) {
		struct told_arena *arena;
		struct told_story story;
		assert_int_equal(told_arena_new(1 << 20, &arena), TOLD_OK);
		assert_int_equal(told_story_parse(import->sections[i].json, arena, &story), TOLD_OK);
		const struct told_story_item *item =
			told_story_find(&story, told_text("http://loinc.org"), told_text(code));
		bool here = item != NULL;
		if (here) {
			assert_int_equal(import->sections[i].category, category);
			const struct told_story_value *value = &item->values[0];
			struct told_bytes said = value->kind == TOLD_STORY_CODED ? value->display : value->text;
			assert_true(told_bytes_equal(said, told_text(words)));
		}
		told_arena_free(arena);
		if (here)
			return;
	}
	fail_msg("no section holds %s", code);
}

static void test_prapare_answers_go_to_the_sections_of_their_own_categories(void **state)
{
	(void)state;
	told_test_need_shared("real/sdohcc");
	struct told_import *import =
		read_shared("real/sdohcc/QuestionnaireResponse-SDOHCC-QuestionnaireResponsePRAPAREExample.json");
	assert_int_equal(import->section_count, 12);
	assert_answer(import, "67875-5", TOLD_CATEGORY_EMP_STAT, "Unemployed");
	assert_answer(import, "63586-2", TOLD_CATEGORY_FIN_DEBT, "25000");
	assert_answer(import, "56799-0", TOLD_CATEGORY_DEM_LOC, "Broadway");
	assert_answer(import, "76501-6", TOLD_CATEGORY_SAF_DA, "No");
	assert_answer(import, "93026-3", TOLD_CATEGORY_RSK_FROM, "No");
	for (size_t i = 0; i < import->section_count; i++) {
		assert_int_equal(import->sections[i].voice, TOLD_VOICE_OTHER); /* the file does not say who answered */
		assert_int_equal(import->sections[i].recorded_at_ms, INT64_C(1619445393747));
		assert_true(told_bytes_equal(import->sections[i].subject, told_text("Patient/pat-53234")));
	}
	told_import_free(import);
}

static void test_an_sdohcc_request_becomes_a_referral_and_its_task_a_state(void **state)
{
	(void)state;
	told_test_need_shared("real/sdohcc");
	struct told_import *request = read_shared(
		"real/sdohcc/ServiceRequest-SDOHCC-ServiceRequestActiveFoodPantryApplicationAssistExample.json");
	assert_int_equal(request->referral_count, 1);
	assert_int_equal(request->referrals[0].state, TOLD_REFERRAL_REQUESTED);
	assert_int_equal(request->referrals[0].section, 0);
	assert_int_equal(request->sections[0].category, TOLD_CATEGORY_NED);
	struct told_import *task =
		read_shared("real/sdohcc/Task-SDOHCC-TaskReferralManagementOrderFulfillmentAcceptedExample.json");
	assert_int_equal(task->referral_count, 1);
	assert_true(task->referrals[0].task);
	assert_int_equal(task->referrals[0].state, TOLD_REFERRAL_ACCEPTED);
	assert_true(told_bytes_equal(task->referrals[0].focus, request->referrals[0].reference));
	told_import_free(request);
	told_import_free(task);
}

static void test_the_original_is_kept_byte_for_byte(void **state)
{
	(void)state;
	told_test_need_shared("real/sdohcc");
	const char *path = told_test_shared("real/sdohcc/Condition-SDOHCC-ConditionHomelessExample.json");
	struct told_bytes file = told_test_read(path);
	struct told_import *import = read_bytes(file, NULL);
	const struct told_bytes original = import->sections[0].original;
	assert_true(original.len <= file.len && original.data[0] == '{' && original.data[original.len - 1] == '}');
	assert_memory_equal(original.data, memchr(file.data, '{', file.len), original.len);
	told_import_free(import);
	free((void *)(uintptr_t)file.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_sdohcc_every_kind_that_must_be_is_taken_over),
		cmocka_unit_test(test_of_fhir_r4_no_consent_is_approximated),
		cmocka_unit_test(test_of_bars_each_entry_of_each_bundle_has_its_line),
		cmocka_unit_test(test_prapare_answers_go_to_the_sections_of_their_own_categories),
		cmocka_unit_test(test_an_sdohcc_request_becomes_a_referral_and_its_task_a_state),
		cmocka_unit_test(test_the_original_is_kept_byte_for_byte),
	};
	told_test_need_shared("real");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
