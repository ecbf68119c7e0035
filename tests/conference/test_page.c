/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a conference: everything on it is escaped, nothing is fetched, and it holds what it was given. */
#include "agents/conference/page.h"

#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#define BAD "<script src=\"https://x\">&'</script>"

static const char *party(void *ctx, const char *id)
{
	(void)ctx;
	return id;
}

static void date(const json_t *ms, char out[40])
{
	snprintf(out, 40, "%s", json_integer_value(ms) == 0 ? "" : "1 December 2026");
}

static void line(void *ctx, enum told_conference_line kind, const char *text)
{
	told_conference_html_line(kind, text, ctx);
}

static char *page_of(json_t *conference)
{
	struct told_buf out = TOLD_BUF(1u << 20);
	struct told_conference_page page = {&out, party, date, line};
	told_conference_html_begin(&out);
	told_conference_lines(conference, &page);
	told_conference_html_end(&out);
	assert_int_equal(out.status, TOLD_OK);
	char *text = strdup(told_buf_cstr(&out));
	told_buf_free(&out);
	json_decref(conference);
	return text;
}

/* Every text of a reply, wherever it stands, replaced by one that would break out of the page. */
static void spoil(json_t *json)
{
	const char *name;
	json_t *value;
	size_t i;
	json_object_foreach(json, name, value)
	{
		if (json_is_string(value))
			json_string_set(value, BAD);
		else
			spoil(value);
	}
	json_array_foreach(json, i, value)
	{
		if (json_is_string(value))
			json_string_set(value, BAD);
		else
			spoil(value);
	}
}

static json_t *conference(void)
{
	json_error_t error;
	json_t *json = json_loads(
		"{\"conference\": \"01\", \"client\": \"X\", \"kind\": \"mdt\", \"state\": \"approved\", \"chair\": "
		"\"HOU\","
		" \"access\": \"open\", \"review_ms\": 1, \"handed_to\": \"SUD\", \"threshold\": \"score\","
		" \"statement\": \"s\", \"outside\": {\"SUD\": []},"
		" \"attendees\": [{\"party\": \"TT\", \"research\": \"known\", \"attendance\": \"attends\","
		"  \"minutes\": \"object\", \"reason\": \"other\", \"confidants\": [\"U1\"], \"until_ms\": 1,"
		"  \"objection\": [{\"category\": \"PLN\", \"voice\": \"v\", \"story\": {\"text\": \"o\"}}]}],"
		" \"agenda\": [{\"from\": \"TT\", \"words\": \"w\", \"own_words\": true, \"not_for\": [\"EMP\"]}],"
		" \"grounds\": [{\"category\": \"NED\", \"voice\": \"v\", \"story\": {\"text\": \"g\"}}],"
		" \"contributions\": [{\"from\": \"TT\", \"sections\":"
		"  [{\"category\": \"MH.ATT\", \"voice\": \"v\", \"story\": {\"text\": \"c\"}}]}],"
		" \"actions\": [{\"action\": \"02\", \"owner\": \"TT\", \"due_ms\": 1, \"state\": \"not-possible\","
		"  \"late\": true, \"reason\": \"other\", \"sections\": [{\"category\": \"PLN\", \"voice\": \"v\","
		"  \"story\": {\"text\": \"a\"}}], \"answer\": []}],"
		" \"minutes\": {\"at_ms\": 1, \"approved_ms\": 1, \"sections\":"
		"  [{\"category\": \"PLN\", \"voice\": \"v\", \"story\": {\"text\": \"m\"}}]}}",
		0, &error);
	if (json == NULL)
		fail_msg("%s", error.text);
	return json;
}

static void test_no_text_breaks_out_of_the_page(void **state)
{
	(void)state;
	json_t *bad = conference();
	spoil(bad);
	char *page = page_of(bad);
	assert_null(strstr(page, "<script"));
	assert_non_null(strstr(page, "&lt;script src=&quot;https://x&quot;&gt;&amp;&#39;"));
	free(page);
}

static void test_the_page_fetches_nothing(void **state)
{
	(void)state;
	char *page = page_of(conference());
	assert_null(strstr(page, "http:"));
	assert_null(strstr(page, "https:"));
	assert_null(strstr(page, "<img"));
	assert_null(strstr(page, "<link"));
	assert_non_null(strstr(page, "default-src 'none'"));
	free(page);
}

static void test_it_has_agenda_what_was_said_actions_and_minutes(void **state)
{
	(void)state;
	static const char *const parts[] = {"<h2>Agenda</h2>",
					    "EMP: not for this item",
					    "<h2>What was said</h2>",
					    "<h2>Decisions and actions</h2>",
					    "(LATE)",
					    "<h2>Minutes, approved 1 December 2026</h2>",
					    "Objection: o",
					    "SUD: has no view"};
	char *page = page_of(conference());
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strstr(page, parts[i]) == NULL)
			fail_msg("the page lacks %s", parts[i]);
	free(page);
}

static void test_a_marac_without_the_persons_own_views_says_so(void **state)
{
	(void)state;
	json_t *marac = conference();
	json_object_set_new(marac, "kind", json_string("marac"));
	char *page = page_of(json_deep_copy(marac));
	assert_null(strstr(page, "own views are missing"));
	free(page);
	json_object_set_new(json_array_get(json_object_get(marac, "agenda"), 0), "own_words", json_false());
	page = page_of(marac);
	assert_non_null(strstr(page, "own views are missing"));
	free(page);
}

static void test_who_has_not_accepted_the_statement_reads_the_statement(void **state)
{
	(void)state;
	json_t *closed = conference();
	static const char *const open[] = {"agenda", "grounds", "contributions", "actions", "minutes"};
	for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
		json_object_del(closed, open[i]);
	char *page = page_of(closed);
	assert_non_null(strstr(page, "Before anything is shown"));
	assert_null(strstr(page, "Agenda"));
	assert_null(strstr(page, "What was said"));
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_text_breaks_out_of_the_page),
		cmocka_unit_test(test_the_page_fetches_nothing),
		cmocka_unit_test(test_it_has_agenda_what_was_said_actions_and_minutes),
		cmocka_unit_test(test_a_marac_without_the_persons_own_views_says_so),
		cmocka_unit_test(test_who_has_not_accepted_the_statement_reads_the_statement),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
