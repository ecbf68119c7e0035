/* SPDX-License-Identifier: Apache-2.0 */
/* The four renderings: their words, what a requester cannot learn from them, what the person is never shown, and how
 * hard the person's words are to read. */
#include "explain/rendered.h"

#include "agents/statement/reading.h"

#include <ctype.h>

static void expect_text(const char *file, const char *id, enum told_audience audience, const char *text)
{
	char *rendered = render_case(file, id, audience, false);
	assert_string_equal(rendered, text);
	free(rendered);
}

static void test_the_sender_reads_rule_clause_permission_and_cure(void **state)
{
	(void)state;
	expect_text("override.yaml", "DC054", TOLD_FOR_SENDER,
		    "EMP to ASC: ALERT for SAFEADULT, as of 2026-11-22T10:00Z\n"
		    "PARTIAL: 3 of 4 parts go, under ISA-SAFE version 1\n"
		    "Goes\n"
		    "  DEM.ID     OVR-01 Goes without permission, because somebody may be in danger or the law says "
		    "so. [override 7.1]\n"
		    "  DEM.TEL    OVR-01 Goes without permission, because somebody may be in danger or the law says "
		    "so. [override 7.1]\n"
		    "  NARR       OVR-01 Goes without permission, because somebody may be in danger or the law says "
		    "so. [override 7.1]\n"
		    "Waits\n"
		    "  SUD.USE    OVR-03 The rest waits for a second person. Who they are, how to find them and the "
		    "concern have gone. [override 7.1]\n"
		    "      To mend it: A second worker of the right role confirms; the on-call authoriser is paged. "
		    "Who: the on-call authoriser.\n"
		    "Also\n"
		    "  SEC-05 Nobody has said what this text is about. The override passes it over.\n"
		    "To be done\n"
		    "  receipt              the broker, to EMP, at once\n"
		    "  retain_until         a worker of ASC, the agreement names no end\n"
		    "  marker               the broker, to ASC, at once\n"
		    "  cure_by              the on-call authoriser of EMP, by 2026-11-23T10:00Z (OVR-03)\n"
		    "  call_if_unopened     the worker who sent it of EMP, by 2026-11-22T10:15Z\n"
		    "  review_by            a named senior of EMP, by 2026-11-23T10:00Z\n"
		    "  notify_person        the worker who sent it of EMP, at once\n");
	expect_text("consent.yaml", "DC013", TOLD_FOR_SENDER,
		    "HOU to EMP: STATUS_UPDATE for COORD, as of 2026-11-22T10:00Z\n"
		    "DENY: 0 of 1 parts go, under ISA-MD version 3\n"
		    "Does not go\n"
		    "  DEM.ID     CON-13 One record says yes and another says no. The no counts. [clause 4.3, "
		    "permission C0]\n"
		    "      To mend it: Ask the person; their new answer must replace the old one. Who: you.\n"
		    "To be done\n"
		    "  receipt              the broker, to HOU, at once\n");
}

static void test_the_person_reads_what_went_why_and_what_did_not(void **state)
{
	(void)state;
	expect_text("override.yaml", "DC054", TOLD_FOR_PERSON,
		    "adult social care was told:\n"
		    "- your name and when you were born\n"
		    "- your telephone number\n"
		    "- what you said in your own words\n"
		    "We shared this without asking, to keep somebody safe or because a law said so.\n"
		    "They have it to keep you safe.\n"
		    "Some entries may be left off by law or to keep someone safe. Ask us and a person will look.\n");
	expect_text("consent.yaml", "DC013", TOLD_FOR_PERSON,
		    "employability service, a charity was not told:\n"
		    "- your name and when you were born\n"
		    "You said yes once and no another time. We keep to the no until you tell us.\n"
		    "Some entries may be left off by law or to keep someone safe. Ask us and a person will look.\n");
}

static void test_the_requester_reads_what_came_and_the_marker(void **state)
{
	(void)state;
	expect_text("override.yaml", "DC054", TOLD_FOR_REQUESTER,
		    "Released\n  DEM.ID\n  DEM.TEL\n  NARR\nThere is more that was not released.\n");
	char *json = render_case("override.yaml", "DC054", TOLD_FOR_REQUESTER, true);
	assert_string_equal(json, "{\"released\":[\"DEM.ID\",\"DEM.TEL\",\"NARR\"],"
				  "\"text\":\"There is more that was not released.\"}");
	free(json);
}

static void test_the_auditor_reads_all_of_it_and_the_digest_to_replay(void **state)
{
	(void)state;
	char *text = render_case("override.yaml", "DC054", TOLD_FOR_AUDITOR, false);
	char *again = render_case("override.yaml", "DC054", TOLD_FOR_AUDITOR, false);
	assert_string_equal(text, again);
	const char *const lines[] = {
		"inputs     ",
		"policy     1\n",
		"primary    OVR-03, stage 5\n",
		"agreement  ISA-SAFE version 1, clause 7.1\n",
		"section    NARR       release  OVR-01 override 7.1 passed over SEC-05\n",
		"section    SUD.USE    hold     OVR-03 override 7.1\n",
		"code       OVR-03 second authoriser none",
		"obligation cure_by              the on-call authoriser of EMP, 2026-11-23T10:00Z, detail 603\n"};
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (!strstr(text, lines[i]))
			fail_msg("\"%s\" is not in\n%s", lines[i], text);
	assert_null(strstr(text, "0000000000000000000000000000000000000000000000000000000000000000"));
	free(text);
	free(again);
}

/* ---- what nobody learns from the text ---- */

static const char *const asks[][2] = {
	{"unknown", "    person: {matches: 0}\n"},
	{"refused", "    consents: [{id: C1, kind: permission, state: refused, given: 2026-11-01, to: [TT], for: "
		    "[REFERRAL], data: []}]\n"},
	{"unrelated", "    relationships: []\n"},
	{"protected", "    person: {location-protected: yes}\n"},
	{"deceased", "    person: {died: 2026-11-01}\n"},
	{"suspended", "    directory: {suspended: [TT]}\n"},
};

static const char *book_of_asks(void)
{
	static char path[256];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(path, sizeof path, "%s/asks.yaml", told_test_dir());
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("cases:\n", file);
	for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
		bool related = strcmp(asks[i][0], "unrelated") != 0;
		fprintf(file,
			"  - id: %s\n    clock: 2026-11-22T10:00Z\n    agreement: "
			"\"%s/tests/table/decision/agreements/ISA-MD3.yaml\"\n"
			"%s%s    message: {from: TT, to: [HOU], type: ASK, for: [REFERRAL], sections: [DEM.LOC, "
			"HOU.SIT]}\n",
			asks[i][0], source, asks[i][1],
			related ? "    relationships: [{kind: referral, party: TT, from: 2026-11-01}]\n" : "");
	}
	assert_int_equal(fclose(file), 0);
	return path;
}

static void test_unknown_refused_unrelated_and_protected_read_alike_in_every_byte(void **state)
{
	(void)state;
	struct told_faults faults;
	struct told_casebook *book = open_book(book_of_asks(), &faults);
	assert_int_equal(told_casebook_count(book), sizeof asks / sizeof asks[0]);
	for (size_t i = 0; i < told_casebook_count(book); i++) {
		char *text = render_at(book, i, TOLD_FOR_REQUESTER, false);
		char *json = render_at(book, i, TOLD_FOR_REQUESTER, true);
		assert_string_equal(text, TOLD_NOTHING_TO_RELEASE "\n");
		assert_string_equal(json, "{\"released\":[],\"text\":\"" TOLD_NOTHING_TO_RELEASE "\"}");
		free(text);
		free(json);
		char *sender = render_at(book, i, TOLD_FOR_SENDER, false);
		assert_null(strstr(sender, TOLD_NOTHING_TO_RELEASE));
		free(sender);
	}
	told_casebook_close(book);
}

/* ---- over the whole table ---- */

static const char *const files[] = {"agreement.yaml", "consent.yaml", "envelope.yaml", "filters.yaml",
				    "law.yaml",       "more.yaml",    "override.yaml", "parties.yaml",
				    "person.yaml",    "release.yaml", "rights.yaml",   "workflow.yaml"};

typedef void check_fn(const struct told_rendering *r);

static void each_ruling(check_fn *check)
{
	for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
		struct told_faults faults;
		struct told_casebook *book = open_book(table(files[f]), &faults);
		for (size_t i = 0; i < told_casebook_count(book); i++) {
			struct told_case *c = NULL;
			static struct told_decision d;
			assert_int_equal(told_case_open(book, i, &c), TOLD_OK);
			for (size_t to = 0; to < told_case_recipients(c); to++) {
				const struct told_question *q = told_case_question(c, to);
				told_decide(q, &d);
				check(&(struct told_rendering){q, &d, told_case_parties(c), told_case_labels(c)});
			}
			told_case_close(c);
		}
		told_casebook_close(book);
	}
}

static void nothing_reads_alike(const struct told_rendering *r)
{
	struct told_buf text = TOLD_BUF(65536);
	size_t went = 0;
	for (size_t i = 0; i < r->decision->section_count; i++)
		went += r->decision->sections[i].effect == TOLD_SECTION_EFFECT_RELEASE;
	told_render_text(r, TOLD_FOR_REQUESTER, &text);
	if (went == 0 && r->decision->section_count)
		assert_string_equal(told_buf_cstr(&text), TOLD_NOTHING_TO_RELEASE "\n");
	for (size_t i = 0; i < r->decision->code_count; i++)
		assert_null(strstr(told_buf_cstr(&text), told_code_row(r->decision->codes[i])->name));
	told_buf_free(&text);
}

static void test_no_ruling_of_the_table_tells_the_requester_more(void **state)
{
	(void)state;
	each_ruling(nothing_reads_alike);
}

/* What decision.md 4.3 calls unsafe leaves nothing but the sentence that every statement ends with. */
static void nothing_unsafe(const struct told_rendering *r)
{
	static const char closing[] =
		"Some entries may be left off by law or to keep someone safe. Ask us and a person will look.\n";
	const struct told_message_facts *m = &r->question->message;
	const uint32_t quiet_purposes = TOLD_BIT32(TOLD_PURPOSE_MARAC) | TOLD_BIT32(TOLD_PURPOSE_CRIME);
	struct told_buf text = TOLD_BUF(65536);
	told_render_text(r, TOLD_FOR_PERSON, &text);
	const char *words = told_buf_cstr(&text);
	assert_true(text.len >= sizeof closing - 1);
	assert_string_equal(words + text.len - (sizeof closing - 1), closing);
	if (m->purposes & quiet_purposes || m->override.do_not_notify || r->question->person.do_not_notify_since_utc_ms)
		assert_string_equal(words, closing);
	for (size_t i = 0; i < r->decision->section_count; i++) {
		assert_null(strstr(words, told_code_row(r->decision->sections[i].code)->name));
		if (m->section_count == 1 && m->sections[0].about)
			assert_string_equal(words, closing);
	}
	told_buf_free(&text);
}

static void test_the_person_is_shown_nothing_unsafe_and_no_gap(void **state)
{
	(void)state;
	each_ruling(nothing_unsafe);
	expect_text("release.yaml", "DC067", TOLD_FOR_PERSON,
		    "Some entries may be left off by law or to keep someone safe. Ask us and a person will look.\n");
}

static void every_json_can_be_made(const struct told_rendering *r)
{
	for (unsigned audience = 0; audience < TOLD_AUDIENCE_COUNT; audience++) {
		json_t *value = NULL;
		assert_int_equal(told_render_json(r, (enum told_audience)audience, &value), TOLD_OK);
		assert_true(json_is_object(value));
		json_decref(value);
	}
}

static void test_every_ruling_of_the_table_is_json_for_four_audiences(void **state)
{
	(void)state;
	each_ruling(every_json_can_be_made);
}

/* ---- reading age ---- */

static void test_the_person_reads_at_an_age_of_nine_to_eleven(void **state)
{
	(void)state;
	struct told_reading all = {0};
	double hardest = 0;
	const char *hard = "";
	for (unsigned place = 0; place < TOLD_CODE_COUNT; place++) {
		const struct told_code_row *row = told_code_at(place);
		struct told_reading one = {0};
		told_reading_add(&all, told_text(row->person));
		told_reading_add(&one, told_text(row->person));
		if (told_reading_age(&one) > hardest) {
			hardest = told_reading_age(&one);
			hard = row->name;
		}
	}
	print_message("reading age of the person's words: %.1f over all 94 codes; the hardest, %s: %.1f\n",
		      told_reading_age(&all), hard, hardest);
	assert_true(told_reading_age(&all) <= 11.0);
	assert_true(hardest <= 14.0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_sender_reads_rule_clause_permission_and_cure),
		cmocka_unit_test(test_the_person_reads_what_went_why_and_what_did_not),
		cmocka_unit_test(test_the_requester_reads_what_came_and_the_marker),
		cmocka_unit_test(test_the_auditor_reads_all_of_it_and_the_digest_to_replay),
		cmocka_unit_test(test_unknown_refused_unrelated_and_protected_read_alike_in_every_byte),
		cmocka_unit_test(test_no_ruling_of_the_table_tells_the_requester_more),
		cmocka_unit_test(test_the_person_is_shown_nothing_unsafe_and_no_gap),
		cmocka_unit_test(test_every_ruling_of_the_table_is_json_for_four_audiences),
		cmocka_unit_test(test_the_person_reads_at_an_age_of_nine_to_eleven),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
