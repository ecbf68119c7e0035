/* SPDX-License-Identifier: Apache-2.0 */
/* An intake with everything released, with nothing, with some: what is filled in, read back, asked, and never hinted
 * at. */
#include "form/people.h"

static struct told_form *housing, *iapt;

static int load_all(void **state)
{
	(void)state;
	housing = form_in("agents/housing");
	iapt = form_in("agents/iapt");
	return 0;
}

static int free_all(void **state)
{
	(void)state;
	told_form_free(housing);
	told_form_free(iapt);
	return 0;
}

static size_t count(const struct told_intake *intake, enum told_handling handling)
{
	size_t n = 0;
	for (size_t i = 0; i < told_form_count(told_intake_form(intake)); i++)
		n += told_intake_line(intake, i).handling == handling;
	return n;
}

/* Sam has told housing everything. */
static struct told_intake *sam_at_housing(void)
{
	struct told_intake *intake = intake_of(housing);
	sam_answers(intake, "HOU");
	return intake;
}

static void test_with_nothing_told_every_question_is_asked(void **state)
{
	(void)state;
	struct told_intake *intake = intake_of(iapt);
	assert_int_equal(count(intake, TOLD_HANDLING_PREFILLED), 0);
	assert_int_equal(count(intake, TOLD_HANDLING_CONFIRM), 0);
	for (size_t i = 0; i < told_form_count(iapt); i++) {
		struct told_intake_line line = told_intake_line(intake, i);
		if (!told_item_is_question(line.item))
			continue;
		enum told_handling expected =
			line.item->ask == TOLD_ASK_ALWAYS ? TOLD_HANDLING_ALWAYS : TOLD_HANDLING_ASK;
		assert_int_equal(line.handling, expected);
	}
	told_intake_free(intake);
}

static void test_what_was_told_once_is_filled_in_and_what_may_change_is_read_back(void **state)
{
	(void)state;
	struct told_intake *first = sam_at_housing(), *second = intake_of(iapt);
	assert_true(release(first, second, NULL) > 15);
	struct told_intake_line name = line_of(second, "name.full"), home = line_of(second, "hou.now");
	assert_int_equal(name.handling, TOLD_HANDLING_PREFILLED);
	assert_string_equal(json_string_value(name.told.answer), "Samira Okafor-Lindqvist");
	assert_string_equal(name.told.source, "HOU");
	assert_string_equal(name.told.said_at, "2026-11-22T10:00:00Z");
	assert_int_equal(name.told.voice, TOLD_VOICE_PERSON);
	assert_int_equal(home.handling, TOLD_HANDLING_CONFIRM);
	assert_string_equal(json_string_value(home.told.answer), "friends");
	assert_int_equal(line_of(second, "mh.problem").handling, TOLD_HANDLING_ASK);
	told_intake_free(first);
	told_intake_free(second);
}

static void test_the_last_answer_to_what_is_always_asked_shows_only_after_the_new_one(void **state)
{
	(void)state;
	struct told_intake *first = sam_at_housing(), *second = intake_of(iapt);
	release(first, second, NULL);
	struct told_intake_line line = line_of(second, "rsk.self");
	assert_int_equal(line.handling, TOLD_HANDLING_ALWAYS);
	assert_null(line.told.answer);
	assert_null(line.now.answer);
	answer_ok(second, "{\"answers\":{\"rsk.self\":\"no\"}}", "TT");
	line = line_of(second, "rsk.self");
	assert_string_equal(json_string_value(line.now.answer), "no");
	assert_string_equal(json_string_value(line.told.answer), "passing");
	assert_string_equal(line.told.source, "HOU");
	told_intake_free(first);
	told_intake_free(second);
}

/* Two intakes, one where a section was withheld and one where it was never told, are the same to the last byte. */
static void test_a_withheld_section_looks_like_one_that_was_never_told(void **state)
{
	static const char *const never_told =
		"{\"answers\":{\"name.full\":\"Samira Okafor-Lindqvist\",\"born\":\"1990-04-27\"}}";
	(void)state;
	struct told_intake *knows = intake_of(housing), *knows_less = intake_of(housing);
	struct told_intake *withheld = intake_of(iapt), *untold = intake_of(iapt);
	struct told_catset home = {0};
	told_catset_add(&home, TOLD_CATEGORY_HOU_SIT);
	answer_ok(knows, never_told, "HOU");
	answer_ok(knows, "{\"answers\":{\"hou.now\":\"street\"}}", "HOU");
	answer_ok(knows_less, never_told, "HOU");
	assert_int_equal(release(knows, withheld, &home), release(knows_less, untold, NULL));
	json_t *a = NULL, *b = NULL;
	assert_int_equal(told_intake_json(withheld, &a), TOLD_OK);
	assert_int_equal(told_intake_json(untold, &b), TOLD_OK);
	assert_true(json_equal(a, b));
	assert_int_equal(line_of(withheld, "hou.now").handling, TOLD_HANDLING_ASK);
	json_decref(a);
	json_decref(b);
	told_intake_free(knows);
	told_intake_free(knows_less);
	told_intake_free(withheld);
	told_intake_free(untold);
}

static void tell_home(struct told_intake *intake, const char *home, const char *said_at, const char *source)
{
	const struct told_story_value value = {.kind = TOLD_STORY_CODED, .code = told_text(home)};
	const struct told_story_item item = {
		.item = told_text(TOLD_FORM_CODE_SYSTEM "#hou.now"),
		.system = told_text(TOLD_FORM_CODE_SYSTEM),
		.code = told_text("hou.now"),
		.values = &value,
		.value_count = 1,
		.said_at = told_text(said_at),
		.source = told_text(source),
		.voice = TOLD_VOICE_PERSON,
	};
	const struct told_story story = {.items = &item, .item_count = 1};
	assert_int_equal(told_intake_tell(intake, &story), TOLD_OK);
}

static void test_the_later_telling_counts_whatever_the_order_of_arrival(void **state)
{
	static const struct {
		const char *home, *said_at, *source;
	} tellings[] = {{"street", "2026-03-01", "SUD"},
			{"hostel", "2026-06-01T09:00:00+01:00", "HOU"},
			{"family", "2025", "EMP"},
			{"own", "", "TT"}};
	(void)state;
	for (size_t first = 0; first < 4; first++) {
		struct told_intake *intake = intake_of(iapt);
		for (size_t i = 0; i < 4; i++) {
			const size_t k = (first + i) % 4;
			tell_home(intake, tellings[k].home, tellings[k].said_at, tellings[k].source);
		}
		struct told_intake_line line = line_of(intake, "hou.now");
		assert_string_equal(json_string_value(line.told.answer), "hostel");
		assert_string_equal(line.told.source, "HOU");
		assert_string_equal(line.told.said_at, "2026-06-01T09:00:00+01:00");
		told_intake_free(intake);
	}
}

static void test_only_what_was_said_here_is_deposited_again(void **state)
{
	(void)state;
	struct told_intake *first = sam_at_housing(), *second = intake_of(iapt);
	release(first, second, NULL);
	answer_ok(second, "{\"confirmed\":[\"hou.now\"],\"answers\":{\"mh.problem\":\"I cannot sleep\"}}", "TT");
	struct told_catset said = told_intake_categories(second);
	assert_true(told_catset_has(&said, TOLD_CATEGORY_HOU_SIT));
	assert_true(told_catset_has(&said, TOLD_CATEGORY_MH_PROB));
	assert_false(told_catset_has(&said, TOLD_CATEGORY_DEM_ID));
	assert_null(section_text(second, TOLD_CATEGORY_DEM_ID));
	char *text = section_text(second, TOLD_CATEGORY_HOU_SIT);
	assert_non_null(strstr(text, "\"source\":\"TT\""));
	assert_non_null(strstr(text, "\"friends\""));
	free(text);
	told_intake_free(first);
	told_intake_free(second);
}

static void test_every_deposited_section_holds_its_own_category_only(void **state)
{
	size_t items = 0, answered = 0;
	(void)state;
	struct told_intake *intake = sam_at_housing();
	struct told_catset said = told_intake_categories(intake);
	for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++) {
		struct told_arena *arena = NULL;
		struct told_story story;
		char *text = section_text(intake, category);
		assert_int_equal(text != NULL, told_catset_has(&said, category));
		if (text == NULL)
			continue;
		assert_int_equal(told_arena_new(8u * TOLD_STORY_MAX_BYTES, &arena), TOLD_OK);
		assert_int_equal(told_story_parse(told_text(text), arena, &story), TOLD_OK);
		for (size_t i = 0; i < story.item_count; i++, items++) {
			char *code = told_arena_text(arena, story.items[i].code);
			assert_int_equal(told_form_item(housing, told_form_find_code(housing, code))->category,
					 category);
		}
		told_arena_free(arena);
		free(text);
	}
	for (size_t i = 0; i < told_form_count(housing); i++)
		answered += told_intake_line(intake, i).done;
	assert_int_equal(items, answered);
	told_intake_free(intake);
}

static void test_rather_not_say_is_kept_and_never_filled_in(void **state)
{
	(void)state;
	struct told_intake *first = intake_of(housing), *second = intake_of(iapt);
	answer_ok(first, "{\"answers\":{\"goa.want\":null}}", "HOU");
	assert_true(line_of(first, "goa.want").done);
	char *text = section_text(first, TOLD_CATEGORY_GOA);
	assert_non_null(text);
	tell_text(second, text);
	assert_int_equal(line_of(second, "goa.want").handling, TOLD_HANDLING_ASK);
	free(text);
	told_intake_free(first);
	told_intake_free(second);
}

static void test_a_question_hangs_on_the_answer_before_it(void **state)
{
	(void)state;
	struct told_intake *intake = intake_of(housing);
	assert_int_equal(line_of(intake, "hou.notice").shown, TOLD_SHOWN_MAYBE);
	answer_ok(intake, "{\"answers\":{\"hou.now\":\"private-rent\"}}", "HOU");
	assert_int_equal(line_of(intake, "hou.notice").shown, TOLD_SHOWN_YES);
	answer_ok(intake, "{\"answers\":{\"hou.notice\":\"court\"}}", "HOU");
	answer_ok(intake, "{\"answers\":{\"hou.now\":\"street\"}}", "HOU");
	assert_int_equal(line_of(intake, "hou.notice").shown, TOLD_SHOWN_NO);
	assert_false(line_of(intake, "hou.notice").done);
	assert_null(section_text(intake, TOLD_CATEGORY_HOU_TEN));
	told_intake_free(intake);
}

static void test_a_bad_reply_is_refused_whole_and_changes_nothing(void **state)
{
	static const struct {
		const char *reply;
		enum told_status status;
		const char *why;
	} cases[] = {
		{"[]", TOLD_E_MALFORMED, "a reply is"},
		{"{}", TOLD_E_MALFORMED, "a reply is"},
		{"{\"answer\":{}}", TOLD_E_MALFORMED, "a reply is"},
		{"{\"answers\":[]}", TOLD_E_MALFORMED, "a reply is"},
		{"{\"answers\":{\"name.full\":\"A\",\"nope\":1}}", TOLD_E_UNKNOWN, "no question \"nope\""},
		{"{\"answers\":{\"name.full\":\"A\",\"born\":\"yesterday\"}}", TOLD_E_MALFORMED, "born"},
		{"{\"answers\":{\"name.full\":\"A\",\"you\":null}}", TOLD_E_MALFORMED, "heading"},
		{"{\"answers\":{\"name.full\":\"A\"},\"confirmed\":[\"hou.now\"]}", TOLD_E_MALFORMED,
		 "was not read back"},
		{"{\"answers\":{\"name.full\":\"A\"},\"confirmed\":[1]}", TOLD_E_UNKNOWN, "no question"},
		{"{\"answers\":{\"name.full\":\"A\",\"hou.now\":\"street\",\"hou.notice\":\"no\"}}", TOLD_E_MALFORMED,
		 "hou.notice (Have you been given a letter"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct told_intake *intake = intake_of(housing);
		struct told_buf why = TOLD_BUF(4096);
		enum told_status status = answer(intake, cases[i].reply, "HOU", &why);
		if (status != cases[i].status || strstr(told_buf_cstr(&why), cases[i].why) == NULL)
			fail_msg("%s: %s \"%s\"", cases[i].reply, told_status_name(status), told_buf_cstr(&why));
		assert_false(line_of(intake, "name.full").done);
		told_buf_free(&why);
		told_intake_free(intake);
	}
}

static void test_the_screen_gets_each_question_in_one_list(void **state)
{
	static const char *const lists[] = {"prefilled", "confirm", "ask", "always", "perhaps"};
	size_t listed = 0, shown = 0;
	json_t *json = NULL;
	(void)state;
	struct told_intake *first = sam_at_housing(), *second = intake_of(iapt);
	release(first, second, NULL);
	assert_int_equal(told_intake_json(second, &json), TOLD_OK);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		listed += json_array_size(json_object_get(json, lists[i]));
	for (size_t i = 0; i < told_form_count(iapt); i++)
		shown += told_item_is_question(told_form_item(iapt, i)) &&
			 told_intake_line(second, i).shown != TOLD_SHOWN_NO;
	assert_int_equal(listed, shown);
	assert_int_equal(json_integer_value(json_object_get(json, "left")), told_intake_left(second));
	assert_int_equal(json_array_size(json_object_get(json, "flags")), 0);
	json_decref(json);
	told_intake_free(first);
	told_intake_free(second);
}

static void assert_read_back(const char *said_at, unsigned voice, const char *expected)
{
	struct told_buf words = TOLD_BUF(4096);
	json_t *friends = json_string("friends");
	struct told_intake_line line = {
		.item = item_of(housing, "hou.now"),
		.told = {.answer = friends, .said_at = said_at, .source = "HOU", .voice = voice},
	};
	told_intake_read_back(&line, &words);
	assert_string_equal(told_buf_cstr(&words), expected);
	told_buf_free(&words);
	json_decref(friends);
}

static void test_an_answer_is_read_back_with_its_date_and_whose_words_it_was(void **state)
{
#define HOME ": With friends, or from sofa to sofa. Is this still right?"
	(void)state;
	assert_read_back("2026-11-03T09:00:00Z", TOLD_VOICE_PERSON, "You said on 3 November 2026" HOME);
	assert_read_back("2026-02", TOLD_VOICE_WORKER, "A worker wrote in February 2026" HOME);
	assert_read_back("2026", TOLD_VOICE_OTHER, "Someone else said in 2026" HOME);
	assert_read_back("", TOLD_VOICE_PERSON, "You said before" HOME);
	assert_read_back("soon", TOLD_VOICE_PERSON, "You said before" HOME);
#undef HOME
}

static void test_the_screen_says_when_to_ask_alone_and_where_to_ring_in_danger(void **state)
{
	json_t *json = NULL;
	(void)state;
	struct told_intake *intake = intake_of(housing);
	assert_int_equal(told_intake_json(intake, &json), TOLD_OK);
	const json_t *note = json_array_get(json_object_get(json, "notes"), 1);
	assert_string_equal(json_string_value(json_object_get(note, "under")), "Keeping safe");
	assert_non_null(strstr(json_string_value(json_object_get(note, "text")), "Ring 999"));
	json_decref(json);
	told_intake_free(intake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_with_nothing_told_every_question_is_asked),
		cmocka_unit_test(test_what_was_told_once_is_filled_in_and_what_may_change_is_read_back),
		cmocka_unit_test(test_the_last_answer_to_what_is_always_asked_shows_only_after_the_new_one),
		cmocka_unit_test(test_a_withheld_section_looks_like_one_that_was_never_told),
		cmocka_unit_test(test_the_later_telling_counts_whatever_the_order_of_arrival),
		cmocka_unit_test(test_only_what_was_said_here_is_deposited_again),
		cmocka_unit_test(test_every_deposited_section_holds_its_own_category_only),
		cmocka_unit_test(test_rather_not_say_is_kept_and_never_filled_in),
		cmocka_unit_test(test_a_question_hangs_on_the_answer_before_it),
		cmocka_unit_test(test_a_bad_reply_is_refused_whole_and_changes_nothing),
		cmocka_unit_test(test_an_answer_is_read_back_with_its_date_and_whose_words_it_was),
		cmocka_unit_test(test_the_screen_says_when_to_ask_alone_and_where_to_ring_in_danger),
		cmocka_unit_test(test_the_screen_gets_each_question_in_one_list),
	};
	return cmocka_run_group_tests(tests, load_all, free_all);
}
