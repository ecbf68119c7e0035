/* SPDX-License-Identifier: Apache-2.0 */
/* A language is a data file with a named human translator: what is missing, wrong or made by a machine is refused. */
#include "support/support.h"

#include "agents/statement/catalogue_state.h"

#include <string.h>

static struct told_catalogue *english;

static int load_english(void **state)
{
	(void)state;
	return told_catalogue_english(&english) == TOLD_OK ? 0 : -1;
}

static int free_english(void **state)
{
	(void)state;
	told_catalogue_free(english);
	return 0;
}

static json_t *copy(void)
{
	json_t *json = json_deep_copy(english->json);
	assert_non_null(json);
	return json;
}

/* Takes json. */
static enum told_status load(json_t *json, struct told_buf *why)
{
	struct told_catalogue *words = NULL;
	char *text = json_dumps(json, 0);
	assert_non_null(text);
	enum told_status status = told_catalogue_load(told_text(text), english, &words, why);
	assert_true((status == TOLD_OK) == (words != NULL));
	told_catalogue_free(words);
	free(text);
	json_decref(json);
	return status;
}

static void assert_refused(json_t *json, const char *says)
{
	struct told_buf why = TOLD_BUF(4096);
	assert_int_equal(load(json, &why), TOLD_E_CONFIG);
	if (strstr(told_buf_cstr(&why), says) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", told_buf_cstr(&why), says);
	told_buf_free(&why);
}

static void test_a_complete_catalogue_is_taken(void **state)
{
	(void)state;
	json_t *json = copy();
	json_object_set_new(json, "language", json_string("cy"));
	json_object_set_new(json_object_get(json, "translator"), "name", json_string("Eleri Abbott"));
	assert_int_equal(load(json, NULL), TOLD_OK);
}

static void test_a_catalogue_without_its_translators_name_is_refused(void **state)
{
	static const char *const names[] = {"", "x", "nobody", "Unknown", "TBD", "n/a"};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		json_t *json = copy();
		json_object_set_new(json_object_get(json, "translator"), "name", json_string(names[i]));
		assert_refused(json, "does not name its translator");
	}
	json_t *json = copy();
	json_object_del(json, "translator");
	assert_refused(json, "does not name its translator");
}

static void test_a_machine_is_no_translator(void **state)
{
	static const char *const names[] = {"Google", "DeepL Pro", "translated.example", "ChatGPT",
					    "machine translation"};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		json_t *json = copy();
		json_object_set_new(json_object_get(json, "translator"), "name", json_string(names[i]));
		assert_refused(json, "human translator");
	}
}

/* Each text, one by one. */
static void test_a_catalogue_without_any_one_text_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < TOLD_SAY_COUNT; i++) {
		json_t *json = copy();
		json_object_del(json_object_get(json, "texts"), told_catalogue_keys[i].key);
		assert_refused(json, told_catalogue_keys[i].key);
	}
}

static void test_a_catalogue_without_any_one_part_or_reason_is_refused(void **state)
{
	static const char *const groups[] = {"parts", "whys", "parties"};
	(void)state;
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		const char *key = NULL;
		json_t *value = NULL;
		json_object_foreach(json_object_get(english->json, groups[i]), key, value)
		{
			json_t *json = copy();
			json_object_del(json_object_get(json, groups[i]), key);
			assert_refused(json, groups[i]);
		}
	}
}

static void test_a_text_that_loses_its_place_in_braces_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < TOLD_SAY_COUNT; i++) {
		if (told_catalogue_keys[i].slots[0] == '\0')
			continue;
		json_t *json = copy();
		json_object_set_new(json_object_get(json, "texts"), told_catalogue_keys[i].key,
				    json_string("Dim byd."));
		assert_refused(json, "has no {");
	}
}

static void test_what_nothing_fills_or_reads_is_refused(void **state)
{
	(void)state;
	json_t *json = copy();
	json_object_set_new(json_object_get(json, "texts"), "closing", json_string("Ask {worker}."));
	assert_refused(json, "which nothing fills");
	json = copy();
	json_object_set_new(json_object_get(json, "texts"), "colsing", json_string("Ask us."));
	assert_refused(json, "nobody reads");
	json = copy();
	json_object_set_new(json_object_get(json, "parts"), "HOU.NONE", json_string("your home"));
	assert_refused(json, "which is no code");
	json = copy();
	json_object_set_new(json_object_get(json, "texts"), "closing", json_string("Ask\nus."));
	assert_refused(json, "control character");
}

static void test_what_is_no_json_is_malformed(void **state)
{
	struct told_catalogue *words = NULL;
	(void)state;
	assert_int_equal(told_catalogue_load(told_text("{"), english, &words, NULL), TOLD_E_MALFORMED);
	assert_int_equal(told_catalogue_load(told_text("[]"), english, &words, NULL), TOLD_E_MALFORMED);
	assert_int_equal(told_catalogue_load(told_text(""), english, &words, NULL), TOLD_E_MALFORMED);
	assert_null(words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_complete_catalogue_is_taken),
		cmocka_unit_test(test_a_catalogue_without_its_translators_name_is_refused),
		cmocka_unit_test(test_a_machine_is_no_translator),
		cmocka_unit_test(test_a_catalogue_without_any_one_text_is_refused),
		cmocka_unit_test(test_a_catalogue_without_any_one_part_or_reason_is_refused),
		cmocka_unit_test(test_a_text_that_loses_its_place_in_braces_is_refused),
		cmocka_unit_test(test_what_nothing_fills_or_reads_is_refused),
		cmocka_unit_test(test_what_is_no_json_is_malformed),
	};
	return cmocka_run_group_tests(tests, load_english, free_english);
}
