/* SPDX-License-Identifier: Apache-2.0 */
/* The page that the person holds: its order, its sentences, its three forms, its reading age. */
#include "support/support.h"

#include "agents/statement/page.h"
#include "agents/statement/reading.h"

#include <stdlib.h>
#include <string.h>

#define CLOSING "Some entries may be left off by law or to keep someone safe. Ask us and a person will look."
#define GIVEN   INT64_C(1795348800000) /* 22 November 2026 */

static struct told_catalogue *words;
static struct told_arena *arena;

static int open_words(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	return told_catalogue_english(&words) == TOLD_OK && told_arena_new(1u << 22, &arena) == TOLD_OK ? 0 : -1;
}

static int close_words(void **state)
{
	(void)state;
	told_catalogue_free(words);
	told_arena_free(arena);
	return 0;
}

/* One entry of each kind, as the agent replies them. */
static json_t *statement(void)
{
	json_t *json = json_pack(
		"{s:s, s:I, s:{s:s, s:s, s:s}, s:[{s:s,s:s},{s:s}], s:[], s:[], s:[], s:{s:I,s:I}, s:b, s:i, s:i}",
		"statement", "7F3K-22QM", "given_ms", (json_int_t)GIVEN, "service", "code", "HOU", "name",
		"Council housing team", "telephone", "0113 496 0100", "never", "party", "HOME_OFFICE", "name",
		"Home Office", "purpose", "CRIME", "entries", "checks", "matters", "period", "start_ms",
		(json_int_t)GIVEN - 9000000, "end_ms", (json_int_t)GIVEN, "more", 0, "offset", 0, "limit", 8);
	assert_non_null(json);
	return json;
}

static json_t *entry(const char *kind, const char *name, const char *category, const char *purpose)
{
	return json_pack("{s:s, s:I, s:s, s:s, s:[s,s], s:[s], s:s, s:s, s:[]}", "kind", kind, "time_ms",
			 (json_int_t)GIVEN - 86400000, "party", "TT", "name", name, "categories", "DEM.ID", category,
			 "purposes", purpose, "ground", "yes", "how", strcmp(kind, "told") == 0 ? "in_person" : "",
			 "opened");
}

static json_t *full(void)
{
	static const char *const kinds[] = {"sent", "let", "told", "declined", "withheld", "got"};
	json_t *json = statement(), *entries = json_object_get(json, "entries");
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		json_array_append_new(entries, entry(kinds[i], "Talking Therapies", "HOU.SIT", "REFERRAL"));
	json_array_append_new(json_object_get(json_array_get(entries, 0), "opened"),
			      json_pack("{s:s, s:I}", "team", "front door", "time_ms", (json_int_t)GIVEN));
	json_array_append_new(json_object_get(json_array_get(entries, 0), "opened"),
			      json_pack("{s:s, s:I}", "team", "", "time_ms", (json_int_t)GIVEN));
	json_array_append_new(json_object_get(json, "checks"), entry("checked", "The auditor", "NED", "AUDIT"));
	return json;
}

static char *text_of(const json_t *json, bool slip)
{
	struct told_page page;
	struct told_buf out = TOLD_BUF(1u << 20);
	told_arena_reset(arena);
	assert_int_equal(told_page_make(json, slip, words, arena, &page), TOLD_OK);
	told_page_text(&page, &out);
	char *text = strdup(told_buf_cstr(&out));
	told_buf_free(&out);
	return text;
}

static char *html_of(const json_t *json)
{
	static const unsigned char modules[] = {1, 0, 0, 1};
	const struct told_page_code code = {.width = 2, .modules = modules};
	struct told_page page;
	struct told_buf out = TOLD_BUF(1u << 20);
	told_arena_reset(arena);
	assert_int_equal(told_page_make(json, false, words, arena, &page), TOLD_OK);
	told_page_html(&page, &code, &out);
	char *text = strdup(told_buf_cstr(&out));
	told_buf_free(&out);
	return text;
}

/* Where the words stand; lines were broken at blanks. */
static const char *find(const char *text, const char *sentence)
{
	for (const char *at = text; *at != '\0'; at++) {
		const char *a = at, *b = sentence;
		while (*b != '\0' && (*a == *b || (*b == ' ' && (*a == '\n' || *a == ' ')))) {
			if (*a == '\n')
				while (a[1] == ' ')
					a++;
			a++, b++;
		}
		if (*b == '\0')
			return at;
	}
	return NULL;
}

static void assert_says(const char *text, const char *sentence)
{
	if (find(text, sentence) == NULL)
		fail_msg("it does not say \"%s\":\n%s", sentence, text);
}

static void test_it_says_sent_opened_told_and_checked_each_in_its_own_words(void **state)
{
	json_t *json = full();
	char *text = text_of(json, false);
	(void)state;
	assert_says(text,
		    "Sent to Talking Therapies: your name and when you were born and where you stay at the moment.");
	assert_says(text, "They have it so that they can help you. You said yes to this.");
	assert_says(text, "Opened by the front door team on 22 November 2026.");
	assert_says(text, "Opened by the Talking Therapies team on 22 November 2026.");
	assert_says(text, "Told in person to Talking Therapies:");
	assert_says(text, "Not sent to Talking Therapies:");
	assert_says(text, "You said no, so we did not send it.");
	assert_says(text, "Talking Therapies told us:");
	assert_says(text, "PEOPLE WHO CHECKED US");
	free(text);
	json_decref(json);
}

static void test_the_never_lines_come_first_and_the_doors_last(void **state)
{
	json_t *json = full();
	char *text = text_of(json, false);
	(void)state;
	const char *never = find(text, "We do not tell immigration."), *entries = strstr(text, "WHAT WAS TOLD");
	const char *closing = find(text, CLOSING), *wrong = strstr(text, "This is wrong");
	const char *stop = strstr(text, "* Stop"), *complain = strstr(text, "I want to complain");
	assert_non_null(never);
	assert_says(text, "We do not tell the police unless someone is in danger or a court orders it.");
	assert_true(never < entries && entries < closing && closing < wrong && wrong < stop && stop < complain);
	assert_says(text, "we must tell you by 22 December 2026 that we have got it");
	assert_says(text, "Ring us on 0113 496 0100.");
	free(text);
	json_decref(json);
}

/* The page of whom nothing is told differs from a page of entries in the entries alone. */
static void test_the_closing_sentence_is_the_same_with_and_without_entries(void **state)
{
	json_t *with = full(), *without = statement();
	char *a = text_of(with, false), *b = text_of(without, false);
	(void)state;
	assert_string_equal(find(a, CLOSING), find(b, CLOSING));
	assert_says(b, "There is nothing to show on this page.");
	free(a);
	free(b);
	json_decref(with);
	json_decref(without);
}

static void test_what_comes_from_outside_is_escaped_and_nothing_runs(void **state)
{
	json_t *json = full();
	(void)state;
	json_array_append_new(json_object_get(json, "entries"),
			      entry("sent", "<script>alert(1)</script> & \"Sons\" 'x'", "NED", "COORD"));
	json_object_set_new(json_object_get(json, "service"), "name", json_string("<img src=x onerror=y>"));
	json_object_set_new(json_object_get(json, "service"), "telephone", json_string("<b>0113</b>"));
	char *html = html_of(json);
	assert_null(strcasestr(html, "<script"));
	assert_null(strcasestr(html, "<img"));
	assert_null(strstr(html, "<b>"));
	assert_null(strcasestr(html, "http://"));
	assert_null(strcasestr(html, "https://"));
	assert_non_null(strstr(html, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Sons&quot; &#39;x&#39;"));
	assert_non_null(strstr(html, "default-src 'none'"));
	assert_non_null(strstr(html, "@page{size:A4"));
	assert_non_null(strstr(html, "<svg"));
	assert_non_null(strstr(html, "<html lang=\"en\" dir=\"ltr\">"));
	free(html);
	json_decref(json);
}

static void test_every_tag_that_opens_is_closed(void **state)
{
	static const char *const tags[] = {"html", "head", "body", "main", "ul", "li",
					   "div",  "p",    "h1",   "h2",   "h3", "svg"};
	json_t *json = full();
	char *html = html_of(json);
	(void)state;
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
		char open[16], open_with[16], close[16];
		size_t opened = 0, closed = 0;
		snprintf(open, sizeof open, "<%s>", tags[i]);
		snprintf(open_with, sizeof open_with, "<%s ", tags[i]);
		snprintf(close, sizeof close, "</%s>", tags[i]);
		for (const char *at = html; *at != '\0'; at++) {
			opened +=
				strncmp(at, open, strlen(open)) == 0 || strncmp(at, open_with, strlen(open_with)) == 0;
			closed += strncmp(at, close, strlen(close)) == 0;
		}
		assert_true(opened > 0);
		assert_int_equal(opened, closed);
	}
	free(html);
	json_decref(json);
}

static void test_the_code_holds_a_number_to_ring_and_nothing_of_the_person(void **state)
{
	struct told_buf out = TOLD_BUF(256);
	json_t *json = full();
	(void)state;
	told_page_code_text(json, &out);
	assert_string_equal(told_buf_cstr(&out), "tel:01134960100;ext=7F3K-22QM");
	told_buf_free(&out);
	json_decref(json);
}

/* The first five fields of Estonia's tracker, in their order, newest first. */
static void test_the_json_has_the_fields_of_find_usage(void **state)
{
	static const char *const fields[] = {"logtime", "action", "receiverCode", "receiverName", "receiverSystem"};
	json_t *json = full(), *usages = told_statement_usages(json, words);
	(void)state;
	const json_t *list = json_object_get(usages, "usages");
	json_t *first = json_array_get(list, 0);
	assert_int_equal(json_array_size(list), 6);
	assert_int_equal(json_object_size(first), 5);
	size_t at = 0;
	for (void *i = json_object_iter(first); i != NULL; i = json_object_iter_next(first, i))
		assert_string_equal(json_object_iter_key(i), fields[at++]);
	assert_string_equal(json_string_value(json_object_get(first, "logtime")), "2026-11-21T12:00:00.000Z");
	assert_string_equal(json_string_value(json_object_get(first, "receiverCode")), "TT");
	assert_non_null(json_object_get(json_object_get(usages, "usagePeriod"), "start"));
	assert_string_equal(json_string_value(json_object_get(usages, "closing")), CLOSING);
	json_decref(usages);
	json_decref(json);
}

static void test_the_slip_says_where_they_have_it_from(void **state)
{
	json_t *json = statement();
	(void)state;
	json_array_append_new(json_object_get(json, "entries"),
			      entry("sent", "Talking Therapies", "HOU.SIT", "REFERRAL"));
	char *text = text_of(json, true);
	assert_says(text, "WE ASKED FOR HELP FOR YOU");
	assert_says(text, "Talking Therapies got this from Council housing team.");
	assert_says(text, CLOSING);
	free(text);
	json_array_clear(json_object_get(json, "entries"));
	json_array_append_new(json_object_get(json, "entries"),
			      entry("got", "Talking Therapies", "HOU.SIT", "REFERRAL"));
	text = text_of(json, true);
	assert_says(text, "We got this from Talking Therapies.");
	free(text);
	json_decref(json);
}

static void test_a_service_without_a_name_to_print_is_another_service(void **state)
{
	json_t *json = statement();
	(void)state;
	json_t *nameless = entry("sent", "", "HOU.SIT", "REFERRAL");
	json_object_set_new(nameless, "party", json_string(""));
	json_array_append_new(json_object_get(json, "entries"), nameless);
	char *text = text_of(json, false);
	assert_says(text, "Sent to another service:");
	free(text);
	json_decref(json);
}

/* ---- reading age ---- */

/* The rendered page of every kind of entry, every part of a story and every reason: the age it needs, and of each
 * sentence that is always there. */
static void test_the_page_is_for_a_reading_age_of_nine_to_eleven(void **state)
{
	json_t *json = full(), *entries = json_object_get(json, "entries");
	struct told_reading all = {0};
	(void)state;
	for (uint32_t purpose = 1; purpose < TOLD_PURPOSE_COUNT; purpose++)
		json_array_append_new(entries,
				      entry("sent", "Talking Therapies", "NED", told_code(TOLD_LIST_PURPOSE, purpose)));
	for (unsigned category = 1; category < TOLD_CATEGORY_COUNT; category++)
		json_array_append_new(
			entries, entry("got", "Talking Therapies", told_code(TOLD_LIST_CATEGORY, category), "COORD"));
	char *text = text_of(json, false);
	struct told_buf flat = TOLD_BUF(1u << 20);
	for (const char *at = text; *at != '\0'; at++) /* a broken line ends no sentence; a heading does */
		told_buf_put(&flat, *at == '\n' && at[1] != '\n' && at[1] != '*' && at[1] != '-' ? " " : at, 1);
	told_reading_add(&all, told_buf_view(&flat));
	print_message("the statement: %u words, %u sentences, %u syllables; reading age %.1f\n", all.words,
		      all.sentences, all.syllables, told_reading_age(&all));
	assert_true(told_reading_age(&all) >= 9.0);
	assert_true(told_reading_age(&all) <= 11.0);
	told_buf_free(&flat);
	free(text);
	json_decref(json);
}

static void test_no_sentence_of_the_catalogue_is_much_harder(void **state)
{
	double hardest = 0;
	const char *which = "";
	(void)state;
	for (enum told_say key = 0; key < TOLD_SAY_COUNT; key++) {
		const struct told_slot slots[] = {{"name", "Ann"},   {"what", "your name"},  {"when", "1 May 2026"},
						  {"team", "home"},  {"why", "to help you"}, {"due", "1 June 2026"},
						  {"service", "Us"}, {"telephone", "1"},     {"reference", "A"}};
		struct told_buf out = TOLD_BUF(4096);
		struct told_reading one = {0};
		told_catalogue_say(words, key, slots, sizeof slots / sizeof slots[0], &out);
		told_reading_add(&one, told_buf_view(&out));
		if (one.words >= 6 && told_reading_age(&one) > hardest) {
			hardest = told_reading_age(&one);
			which = told_catalogue_text(words, key);
		}
		told_buf_free(&out);
	}
	print_message("the hardest text: %.1f: %s\n", hardest, which);
	assert_true(hardest <= 13.0);
}

/* The formula itself, on texts counted by hand. */
static void test_the_reading_age_is_the_flesch_kincaid_grade_and_five(void **state)
{
	struct told_reading easy = {0}, hard = {0};
	(void)state;
	told_reading_add(&easy, told_text("The cat sat on the mat. It was warm."));
	assert_int_equal(easy.words, 9);
	assert_int_equal(easy.sentences, 2);
	assert_int_equal(easy.syllables, 9);
	assert_true(told_reading_age(&easy) > 2.9 && told_reading_age(&easy) < 3.0);
	told_reading_add(&hard,
			 told_text("Notwithstanding organisational confidentiality considerations, multidisciplinary "
				   "information governance necessitates proportionality"));
	assert_int_equal(hard.sentences, 1);
	assert_true(told_reading_age(&hard) > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_says_sent_opened_told_and_checked_each_in_its_own_words),
		cmocka_unit_test(test_the_never_lines_come_first_and_the_doors_last),
		cmocka_unit_test(test_the_closing_sentence_is_the_same_with_and_without_entries),
		cmocka_unit_test(test_what_comes_from_outside_is_escaped_and_nothing_runs),
		cmocka_unit_test(test_every_tag_that_opens_is_closed),
		cmocka_unit_test(test_the_code_holds_a_number_to_ring_and_nothing_of_the_person),
		cmocka_unit_test(test_the_json_has_the_fields_of_find_usage),
		cmocka_unit_test(test_the_slip_says_where_they_have_it_from),
		cmocka_unit_test(test_a_service_without_a_name_to_print_is_another_service),
		cmocka_unit_test(test_the_page_is_for_a_reading_age_of_nine_to_eleven),
		cmocka_unit_test(test_no_sentence_of_the_catalogue_is_much_harder),
		cmocka_unit_test(test_the_reading_age_is_the_flesch_kincaid_grade_and_five),
	};
	return cmocka_run_group_tests(tests, open_words, close_words);
}
