/* SPDX-License-Identifier: Apache-2.0 */
/* Single answers, and scores: what a question takes, what it refuses and in which words, what it adds up to. */
#include "form/forms.h"

static struct told_form *housing, *iapt, *addiction;

static int load_all(void **state)
{
	(void)state;
	housing = form_in("agents/housing");
	iapt = form_in("agents/iapt");
	addiction = form_in("agents/addiction");
	return 0;
}

static int free_all(void **state)
{
	(void)state;
	told_form_free(housing);
	told_form_free(iapt);
	told_form_free(addiction);
	return 0;
}

static void test_answers_are_judged_and_refusals_name_the_question(void **state)
{
	const struct {
		const struct told_form *form;
		const char *link_id, *answer;
		enum told_status status;
		const char *why;
	} cases[] = {
		{iapt, "phq9.1", "\"several-days\"", TOLD_OK, NULL},
		{iapt, "phq9.1", "\"sometimes\"", TOLD_E_UNKNOWN,
		 "one of not-at-all, several-days, more-than-half, nearly-every-day"},
		{iapt, "phq9.1", "4", TOLD_E_MALFORMED, "phq9.1 (Have you had little interest"},
		{iapt, "phq9.1", "[\"several-days\"]", TOLD_E_MALFORMED, "phq9.1"},
		{iapt, "wsas.home", "8", TOLD_OK, NULL},
		{iapt, "wsas.home", "9", TOLD_E_LIMIT, "wsas.home (How much does it get in the way of jobs at home"},
		{iapt, "wsas.home", "-1", TOLD_E_LIMIT, "from 0 to 8"},
		{iapt, "wsas.home", "3.5", TOLD_E_MALFORMED, "whole number"},
		{iapt, "wsas.home", "\"3\"", TOLD_E_MALFORMED, "whole number"},
		{iapt, "phq9.total", "12", TOLD_E_MALFORMED, "worked out"},
		{iapt, "phq9", "true", TOLD_E_MALFORMED, "heading"},
		{addiction, "top.alcohol", "28", TOLD_OK, NULL},
		{addiction, "top.alcohol", "29", TOLD_E_LIMIT, "from 0 to 28"},
		{addiction, "top.mind", "20", TOLD_OK, NULL},
		{addiction, "top.mind", "21", TOLD_E_LIMIT, "from 0 to 20"},
		{addiction, "top.mind", "-1", TOLD_E_LIMIT, "from 0 to 20"},
		{addiction, "top.shared", "true", TOLD_OK, NULL},
		{addiction, "top.shared", "\"yes\"", TOLD_E_MALFORMED, "yes or no"},
		{housing, "born", "\"1990-04-27\"", TOLD_OK, NULL},
		{housing, "born", "\"2000-02-29\"", TOLD_OK, NULL},
		{housing, "born", "\"1900-02-29\"", TOLD_E_MALFORMED, "born (When were you born?)"},
		{housing, "born", "\"27/04/1990\"", TOLD_E_MALFORMED, "1990-04-27"},
		{housing, "born", "\"1990-04\"", TOLD_E_MALFORMED, "day of the calendar"},
		{housing, "name.full", "\"\"", TOLD_E_MALFORMED, "leave it out"},
		{housing, "name.full", "\" \\t\"", TOLD_E_MALFORMED, "leave it out"},
		{housing, "name.full", "\"A\\u0007B\"", TOLD_E_MALFORMED, "cannot be shown"},
		{housing, "name.full", "\"\\u0160\\u00e1ra\"", TOLD_OK, NULL},
		{housing, "str.good", "\"One line\\nand another\"", TOLD_OK, NULL},
		{housing, "access.needs", "[\"bsl\", \"A hearing loop\"]", TOLD_OK, NULL},
		{housing, "access.needs", "\"bsl\"", TOLD_E_MALFORMED, "a list"},
		{housing, "access.needs", "[]", TOLD_E_LIMIT, "answers"},
		{housing, "access.needs", "[\"bsl\", \"bsl\"]", TOLD_E_MALFORMED, "twice"},
		{housing, "contact.safe", "[\"pigeon\"]", TOLD_E_UNKNOWN, "contact.safe"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *answer = json_of(cases[i].answer);
		struct told_buf why = TOLD_BUF(4096);
		enum told_status status = told_answer_check(item_of(cases[i].form, cases[i].link_id), answer, &why);
		const char *text = told_buf_cstr(&why);
		if (status != cases[i].status || (cases[i].why != NULL && strstr(text, cases[i].why) == NULL))
			fail_msg("%s %s: %s \"%s\"", cases[i].link_id, cases[i].answer, told_status_name(status), text);
		told_buf_free(&why);
		json_decref(answer);
	}
}

static void test_an_answer_that_is_too_long_is_refused_and_not_quoted(void **state)
{
	struct told_buf why = TOLD_BUF(4096);
	char text[200];
	(void)state;
	memset(text, 'x', sizeof text);
	json_t *answer = json_stringn(text, 121);
	assert_int_equal(told_answer_check(item_of(housing, "name.full"), answer, &why), TOLD_E_LIMIT);
	assert_non_null(strstr(told_buf_cstr(&why), "at most 120 characters"));
	assert_null(strstr(told_buf_cstr(&why), "xxx"));
	json_decref(answer);
	told_buf_free(&why);
}

/* Fills phq9, gad7 and wsas with one step of their scale each and gives the reply's text. */
static void fill_scores(struct told_intake *intake, unsigned step, unsigned wsas)
{
	static const char *const steps[] = {"not-at-all", "several-days", "more-than-half", "nearly-every-day"};
	struct told_buf reply = TOLD_BUF(8192);
	told_buf_put_text(&reply, "{\"answers\":{\"emp.status\":\"looking\"");
	for (int i = 1; i <= 9; i++)
		told_buf_printf(&reply, ",\"phq9.%d\":\"%s\"", i, steps[step]);
	for (int i = 1; i <= 7; i++)
		told_buf_printf(&reply, ",\"gad7.%d\":\"%s\"", i, steps[step]);
	for (size_t i = 0; i < told_form_count(iapt); i++)
		if (strncmp(told_form_item(iapt, i)->link_id, "wsas.", 5) == 0 &&
		    told_item_is_question(told_form_item(iapt, i)))
			told_buf_printf(&reply, ",\"%s\":%u", told_form_item(iapt, i)->link_id, wsas);
	told_buf_put_text(&reply, "}}");
	answer_ok(intake, told_buf_cstr(&reply), "TT");
	told_buf_free(&reply);
}

static int64_t total_of(const struct told_intake *intake, const char *link_id)
{
	struct told_intake_line line = line_of(intake, link_id);
	assert_true(line.done);
	assert_int_equal(line.now.voice, TOLD_VOICE_MEASURED);
	return json_integer_value(line.now.answer);
}

static void test_scores_add_up_from_the_least_to_the_most(void **state)
{
	(void)state;
	for (unsigned step = 0; step < 4; step++) {
		struct told_intake *intake = intake_of(iapt);
		fill_scores(intake, step, step == 3 ? 8 : step);
		assert_int_equal(total_of(intake, "phq9.total"), 9 * step);
		assert_int_equal(total_of(intake, "gad7.total"), 7 * step);
		assert_int_equal(total_of(intake, "wsas.total"), 5 * (step == 3 ? 8 : step));
		told_intake_free(intake);
	}
}

static void test_an_unfinished_measure_has_no_total(void **state)
{
	(void)state;
	struct told_intake *intake = intake_of(iapt);
	answer_ok(intake, "{\"answers\":{\"phq9.1\":\"nearly-every-day\"}}", "TT");
	assert_false(line_of(intake, "phq9.total").done);
	assert_null(line_of(intake, "phq9.total").now.answer);
	assert_null(section_text(intake, TOLD_CATEGORY_MH_SCORE));
	told_intake_free(intake);
}

static void test_a_total_follows_a_corrected_answer(void **state)
{
	(void)state;
	struct told_intake *intake = intake_of(iapt);
	fill_scores(intake, 1, 1);
	answer_ok(intake, "{\"answers\":{\"phq9.2\":\"nearly-every-day\"}}", "TT");
	assert_int_equal(total_of(intake, "phq9.total"), 11);
	answer_ok(intake, "{\"answers\":{\"phq9.3\":null}}", "TT");
	assert_false(line_of(intake, "phq9.total").done);
	told_intake_free(intake);
}

static void test_wsas_without_its_work_item_is_added_up_over_four(void **state)
{
	(void)state;
	struct told_intake *intake = intake_of(iapt);
	answer_ok(intake,
		  "{\"answers\":{\"emp.status\":\"retired\",\"wsas.home\":8,\"wsas.people\":8,\"wsas.alone\":8,\"wsas."
		  "close\":8}}",
		  "TT");
	assert_int_equal(line_of(intake, "wsas.work").shown, TOLD_SHOWN_NO);
	assert_int_equal(total_of(intake, "wsas.total"), 32);
	told_intake_free(intake);
}

static void note_flag(void *ctx, const struct told_item *item)
{
	struct told_buf *out = ctx;
	told_buf_printf(out, "%s>%s ", item->link_id, told_code(TOLD_LIST_CATEGORY, item->flag_category));
}

static void test_item_nine_above_zero_raises_a_flag_at_once_and_zero_raises_none(void **state)
{
	struct told_buf flags = TOLD_BUF(4096);
	(void)state;
	struct told_intake *intake = intake_of(iapt);
	answer_ok(intake, "{\"answers\":{\"phq9.9\":\"not-at-all\",\"phq9.1\":\"nearly-every-day\"}}", "TT");
	assert_int_equal(told_intake_flags(intake, NULL, NULL), 0);
	answer_ok(intake, "{\"answers\":{\"phq9.9\":\"several-days\"}}", "TT");
	assert_int_equal(told_intake_flags(intake, note_flag, &flags), 1);
	assert_string_equal(told_buf_cstr(&flags), "phq9.9>RSK.SELF ");
	told_intake_free(intake);
	told_buf_free(&flags);
}

static void test_an_answer_survives_the_way_into_a_section_and_back(void **state)
{
	static const struct {
		const char *link_id, *answer;
	} cases[] = {
		{"born", "\"1990-04-27\""},
		{"hou.tonight", "false"},
		{"hou.arrears", "1250"},
		{"hou.now", "\"private-rent\""},
		{"str.good", "\"I listen.\\nI cook.\""},
		{"contact.safe", "[\"text\", \"post\"]"},
		{"access.needs", "[\"bsl\", \"A hearing loop\"]"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct told_arena *arena = NULL;
		struct told_story_item story = {0};
		json_t *before = json_of(cases[i].answer), *after = NULL;
		const struct told_item *item = item_of(housing, cases[i].link_id);
		assert_int_equal(told_arena_new(65536, &arena), TOLD_OK);
		assert_int_equal(told_answer_write(item, before, arena, &story), TOLD_OK);
		assert_int_equal(told_answer_read(item, &story, &after), TOLD_OK);
		assert_true(json_equal(before, after));
		json_decref(before);
		json_decref(after);
		told_arena_free(arena);
	}
}

static void test_a_story_that_does_not_fit_the_question_is_not_bent_to_fit(void **state)
{
	const struct told_story_value values[] = {
		{.kind = TOLD_STORY_QUANTITY, .comparator = told_text(">"), .text = told_text("3")},
		{.kind = TOLD_STORY_QUANTITY, .text = told_text("3.5")},
		{.kind = TOLD_STORY_QUANTITY, .text = told_text("9")},
		{.kind = TOLD_STORY_TEXT, .text = told_text("a lot")},
		{.kind = TOLD_STORY_TRUTH, .truth = true},
		{.kind = TOLD_STORY_CODED, .system = told_text("http://loinc.org"), .code = told_text("3")},
	};
	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct told_story_item story = {.values = &values[i], .value_count = 1};
		json_t *answer = NULL;
		assert_int_equal(told_answer_read(item_of(iapt, "wsas.home"), &story, &answer), TOLD_E_UNKNOWN);
		assert_null(answer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_are_judged_and_refusals_name_the_question),
		cmocka_unit_test(test_an_answer_that_is_too_long_is_refused_and_not_quoted),
		cmocka_unit_test(test_scores_add_up_from_the_least_to_the_most),
		cmocka_unit_test(test_an_unfinished_measure_has_no_total),
		cmocka_unit_test(test_a_total_follows_a_corrected_answer),
		cmocka_unit_test(test_wsas_without_its_work_item_is_added_up_over_four),
		cmocka_unit_test(test_item_nine_above_zero_raises_a_flag_at_once_and_zero_raises_none),
		cmocka_unit_test(test_an_answer_survives_the_way_into_a_section_and_back),
		cmocka_unit_test(test_a_story_that_does_not_fit_the_question_is_not_bent_to_fit),
	};
	return cmocka_run_group_tests(tests, load_all, free_all);
}
