/* SPDX-License-Identifier: Apache-2.0 */
/* A section's plaintext: what is built is read back the same, and nothing unsound is built or read. */
#include "support/support.h"

#include "agents/story/json.h"
#include "agents/story/section.h"
#include "told/limits.h"
#include <stdlib.h>
#include <string.h>

static const char whole[] =
	"{\"items\":["
	"{\"item\":\"http://loinc.org#71802-3\",\"code\":{\"system\":\"http://loinc.org\",\"code\":\"71802-3\"},"
	"\"value\":{\"system\":\"http://loinc.org\",\"code\":\"LA30190-5\",\"display\":\"No \\\"home\\\" \\\\ "
	"\\u000a\"},"
	"\"said_at\":\"2021-04\",\"source\":\"Observation/1\",\"voice\":\"person\"},"
	"{\"item\":\"urn:x#b\",\"code\":{\"system\":\"urn:x\",\"code\":\"b\"},\"value\":null,\"voice\":\"other\"},"
	"{\"item\":\"urn:x#c\",\"code\":{\"system\":\"urn:x\",\"code\":\"c\"},"
	"\"value\":[\"1.10\",true,false,{\"comparator\":\"<\",\"number\":\"4.00\",\"unit\":\"mg\"}],\"voice\":"
	"\"measured\"}"
	"],\"text\":\"my words\"}";

static enum told_status parse(const char *json, struct told_arena **arena, struct told_story *story)
{
	assert_int_equal(told_arena_new(1 << 20, arena), TOLD_OK);
	return told_story_parse(told_text(json), *arena, story);
}

static void assert_refused(const char *json, enum told_status expected)
{
	struct told_arena *arena;
	struct told_story story;
	enum told_status status = parse(json, &arena, &story);
	if (status != expected)
		print_message("%s\n", json);
	assert_int_equal(status, expected);
	assert_int_equal(story.item_count, 0);
	told_arena_free(arena);
}

static void test_a_section_is_read_and_written_back_byte_for_byte(void **state)
{
	(void)state;
	struct told_arena *arena;
	struct told_story story;
	struct told_buf out = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	assert_int_equal(parse(whole, &arena, &story), TOLD_OK);
	assert_int_equal(told_story_build(&story, &out), TOLD_OK);
	assert_string_equal(told_buf_cstr(&out), whole);
	told_buf_free(&out);
	told_arena_free(arena);
}

static void test_items_are_found_by_their_code_and_keep_their_parts(void **state)
{
	(void)state;
	struct told_arena *arena;
	struct told_story story;
	assert_int_equal(parse(whole, &arena, &story), TOLD_OK);
	const struct told_story_item *item = told_story_find(&story, told_text("urn:x"), told_text("c"));
	assert_non_null(item);
	assert_int_equal(item->voice, TOLD_VOICE_MEASURED);
	assert_int_equal(item->value_count, 4);
	assert_true(told_bytes_equal(item->values[0].text, told_text("1.10")));
	assert_int_equal(item->values[1].kind, TOLD_STORY_TRUTH);
	assert_true(item->values[1].truth && !item->values[2].truth);
	assert_int_equal(item->values[3].kind, TOLD_STORY_QUANTITY);
	assert_true(told_bytes_equal(item->values[3].text, told_text("4.00")));
	assert_true(told_bytes_equal(item->values[3].comparator, told_text("<")));
	assert_int_equal(told_story_find(&story, told_text("urn:x"), told_text("b"))->value_count, 0);
	assert_null(told_story_find(&story, told_text("urn:y"), told_text("c")));
	assert_true(told_bytes_equal(story.text, told_text("my words")));
	told_arena_free(arena);
}

#define ITEM(value, rest)                                                                                              \
	"{\"items\":[{\"item\":\"urn:x#a\",\"code\":{\"system\":\"urn:x\",\"code\":\"a\"},\"value\":" value rest "}]}"
#define NO_URI "{\"items\":[{\"item\":\"no uri\",\"code\":{\"system\":\"s\",\"code\":\"a\"},\"value\":null" VOICE "}]}"
#define VOICE  ",\"voice\":\"person\""

static void test_what_a_section_may_not_hold_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"items\":{}}",
		"{\"items\":[],\"other\":1}",
		"{\"items\":[],\"text\":\"\"}",
		"{\"items\":[],\"items\":[]}",
		"{\"items\":[null]}",
		"{\"items\":[]} x",
		ITEM("\"a\"", ""),
		ITEM("\"a\"", ",\"voice\":\"Person\""),
		ITEM("\"a\"", VOICE ",\"note\":\"x\""),
		ITEM("\"a\"", VOICE ",\"said_at\":2021"),
		ITEM("\"\"", VOICE),
		ITEM("1", VOICE),
		ITEM("1.5", VOICE),
		ITEM("[\"a\"]", VOICE),
		ITEM("[]", VOICE),
		ITEM("[\"a\",[\"b\",\"c\"]]", VOICE),
		ITEM("[\"a\",null]", VOICE),
		ITEM("{}", VOICE),
		ITEM("{\"system\":\"urn:x\"}", VOICE),
		ITEM("{\"code\":\"a\",\"extra\":\"b\"}", VOICE),
		ITEM("{\"number\":1}", VOICE),
		ITEM("\"\\u0000\"", VOICE),
		"{\"items\":[{\"item\":\"urn:x#a\",\"code\":{\"code\":\"a\"},\"value\":null,\"voice\":\"person\"}]}",
		NO_URI,
		"{\"items\":[{\"item\":\"urn:x#a\",\"code\":{\"system\":\"s\",\"code\":\"a\"},\"voice\":\"person\"}]}",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_refused(bad[i], TOLD_E_MALFORMED);
	assert_refused(ITEM("[[[[[\"a\"]]]]]", VOICE), TOLD_E_LIMIT);
}

static void test_one_question_stands_once_in_a_section(void **state)
{
	(void)state;
	struct told_story_item items[2] = {
		{.item = told_text("urn:x#a"),
		 .system = told_text("urn:x"),
		 .code = told_text("a"),
		 .voice = TOLD_VOICE_PERSON},
		{.item = told_text("urn:x#a2"),
		 .system = told_text("urn:x"),
		 .code = told_text("a"),
		 .voice = TOLD_VOICE_OTHER},
	};
	struct told_buf out = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	struct told_story story = {.items = items, .item_count = 2};
	assert_int_equal(told_story_build(&story, &out), TOLD_E_MALFORMED);
	assert_int_equal(out.len, 0);
	items[1].code = told_text("b");
	assert_int_equal(told_story_build(&story, &out), TOLD_OK);
	told_buf_free(&out);
}

static void test_sections_and_their_parts_have_limits(void **state)
{
	(void)state;
	static struct told_story_item items[TOLD_STORY_ITEMS_MAX + 1];
	static struct told_story_value values[TOLD_STORY_VALUES_MAX + 1];
	static char words[TOLD_STORY_TEXT_MAX_BYTES + 1];
	memset(words, 'a', sizeof words);
	struct told_buf out = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	struct told_story story = {.items = items, .item_count = TOLD_STORY_ITEMS_MAX + 1};
	assert_int_equal(told_story_build(&story, &out), TOLD_E_LIMIT);
	story = (struct told_story){.text = told_bytes(words, sizeof words)};
	assert_int_equal(told_story_build(&story, &out), TOLD_E_LIMIT);
	items[0] = (struct told_story_item){.item = told_text("urn:x#a"),
					    .system = told_text("urn:x"),
					    .code = told_text("a"),
					    .voice = TOLD_VOICE_PERSON,
					    .values = values,
					    .value_count = TOLD_STORY_VALUES_MAX + 1};
	story = (struct told_story){.items = items, .item_count = 1};
	assert_int_equal(told_story_build(&story, &out), TOLD_E_LIMIT);
	for (size_t i = 0; i < 5; i++)
		values[i].text = told_bytes(words, TOLD_STORY_TEXT_MAX_BYTES);
	items[0].value_count = 5;
	assert_int_equal(told_story_build(&story, &out), TOLD_E_LIMIT); /* each is allowed, all together are not */
	assert_int_equal(out.len, 0);
	told_buf_free(&out);
}

static void test_words_that_are_no_utf8_are_not_built(void **state)
{
	(void)state;
	struct told_buf out = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	struct told_story story = {.text = told_text("\xff")};
	assert_int_equal(told_story_build(&story, &out), TOLD_E_MALFORMED);
	told_buf_free(&out);
}

static void test_the_uri_of_a_question_is_its_system_and_code(void **state)
{
	(void)state;
	struct told_buf out = TOLD_BUF(256);
	told_story_uri(told_text("http://loinc.org"), told_text("71802-3"), &out);
	assert_string_equal(told_buf_cstr(&out), "http://loinc.org#71802-3");
	told_buf_free(&out);
	told_story_uri(told_text("urn:x#y"), told_text("a b"), &out);
	assert_string_equal(told_buf_cstr(&out), "urn:x%23y#a%20b");
	told_buf_free(&out);
}

static void test_syntax_errors_are_found_at_their_line_and_column(void **state)
{
	(void)state;
	static const struct told_json_limits limits = {.bytes = 64, .depth = 3, .values = 8};
	static const struct {
		const char *text;
		enum told_status status;
		size_t line, column;
	} cases[] = {
		{"{\n  \"a\": tru\n}", TOLD_E_MALFORMED, 2, 10},
		{"{\"a\":1,\"a\":2}", TOLD_E_MALFORMED, 1, 10},
		{"[1,\n2,\n\xc3\xa9]", TOLD_E_MALFORMED, 3, 1},
		{"[[[\n [1]]]]", TOLD_E_LIMIT, 2, 2},
		{"[1,2,3,4,5,6,7,\n8,9]", TOLD_E_LIMIT, 2, 2},
		{"[\"1234567890123456789012345678901234567890123456789012345678901234567890\"]", TOLD_E_LIMIT, 1, 1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *out;
		struct told_json_error error;
		assert_int_equal(told_json_load(told_text(cases[i].text), &limits, &out, &error), cases[i].status);
		assert_null(out);
		assert_int_equal(error.line, cases[i].line);
		assert_int_equal(error.column, cases[i].column);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_section_is_read_and_written_back_byte_for_byte),
		cmocka_unit_test(test_items_are_found_by_their_code_and_keep_their_parts),
		cmocka_unit_test(test_what_a_section_may_not_hold_is_refused),
		cmocka_unit_test(test_one_question_stands_once_in_a_section),
		cmocka_unit_test(test_sections_and_their_parts_have_limits),
		cmocka_unit_test(test_words_that_are_no_utf8_are_not_built),
		cmocka_unit_test(test_the_uri_of_a_question_is_its_system_and_code),
		cmocka_unit_test(test_syntax_errors_are_found_at_their_line_and_column),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
