/* SPDX-License-Identifier: Apache-2.0 */
/* The person's statement through a real broker and real agents: what is off leaves no trace, the owner of a flow marks
 * it, nobody is given one who was not seen alone. */
#include "agent/world.h"

#include "agents/statement/page.h"
#include "broker/agree/agreement.h"

static struct world world;
static char open_client[64], quiet_client[64], hidden[40];
static struct told_catalogue *words;
static struct told_arena *arena;

/* ---- small things ---- */

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static json_t *confirmed(const char *client)
{
	return json_pack("{s:s, s:b, s:b, s:b, s:i}", "client", client, "identity", 1, "alone", 1, "take_away", 1,
			 "limit", 200);
}

static json_t *statement_of(const char *party, const char *client)
{
	return world_call(&world, party, told_agent_statement, confirmed(client));
}

/* The entry of a kind with a party; NULL. */
static json_t *entry_of(const json_t *statement, const char *kind, const char *party)
{
	size_t i = 0;
	json_t *entry = NULL;
	json_array_foreach(json_object_get(statement, "entries"), i,
			   entry) if (strcmp(text(entry, "kind"), kind) == 0 &&
				      strcmp(text(entry, "party"), party) == 0) return entry;
	return NULL;
}

static bool names(const json_t *json, const char *what)
{
	char *dump = json_dumps(json, 0);
	bool found = strstr(dump, what) != NULL;
	free(dump);
	return found;
}

/* As text, HTML and JSON in a row, with the page's random number and moments of no day made the same. */
static char *rendered(json_t *statement)
{
	struct told_page page;
	struct told_buf out = TOLD_BUF(1u << 20);
	size_t i = 0;
	json_t *entry = NULL;
	json_object_set_new(statement, "statement", json_string("0000-0000"));
	json_object_set_new(statement, "given_ms", json_integer(1795348800000));
	json_array_foreach(json_object_get(statement, "entries"), i, entry)
		json_object_set_new(entry, "time_ms", json_integer(1795348800000));
	json_object_del(statement, "period");
	told_arena_reset(arena);
	assert_int_equal(told_page_make(statement, false, words, arena, &page), TOLD_OK);
	told_page_text(&page, &out);
	told_page_html(&page, NULL, &out);
	json_t *usages = told_statement_usages(statement, words);
	char *dump = json_dumps(usages, 0), *raw = json_dumps(statement, JSON_SORT_KEYS), *all = NULL;
	assert_true(asprintf(&all, "%s%s%s", told_buf_cstr(&out), dump, raw) > 0);
	json_decref(usages);
	free(dump);
	free(raw);
	told_buf_free(&out);
	return all;
}

/* ---- the world ---- */

static void tell(char client[64], const char *sud)
{
	json_t *card = world_call(&world, "HOU", told_agent_card_new, json_object());
	snprintf(client, 64, "%s", text(card, "client"));
	world_call(&world, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID",
			     "text", "Ada, 41", "category", "HOU.SIT", "text", "Sleeping on a sofa"));
	world_call(&world, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s,s*], s:[s,s], s:[s,s], s:s}", "client", client, "recipients", "TT", sud,
			     "purposes", "REFERRAL", "COORD", "include", "DEM.ID", "HOU.*", "evidence", "signature"));
	world_call(&world, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "TT"));
}

struct awaited {
	const char *party, *client, *kind, *with;
};

static bool stands(struct world *w, void *ctx)
{
	const struct awaited *a = ctx;
	(void)w;
	return entry_of(statement_of(a->party, a->client), a->kind, a->with) != NULL;
}

static void wait_for(const char *party, const char *client, const char *kind, const char *with)
{
	struct awaited a = {party, client, kind, with};
	world_until(&world, stands, &a, kind);
}

static json_t *flows_off(const char *client)
{
	return json_object_get(
		world_call(&world, "HOU", told_agent_statement_off, json_pack("{s:s}", "client", client)), "flows");
}

static bool sud_is_off(struct world *w, void *ctx)
{
	bool sent = false, let = false;
	size_t i = 0;
	json_t *flow = NULL;
	(void)w, (void)ctx;
	json_array_foreach(flows_off(quiet_client), i, flow)
	{
		bool sud = strcmp(text(flow, "party"), "SUD") == 0;
		sent |= sud && strcmp(text(flow, "kind"), "sent") == 0;
		let |= sud && strcmp(text(flow, "kind"), "let") == 0;
	}
	return sent && let;
}

/* Of two people who were told of alike, one also has what must not be read: a referral to a specialist service, words
 * about abuse to a service that was telephoned, a conference, and a safeguarding alert. */
static int open_world(void **state)
{
	struct world *w = *state = &world;
	setenv("TZ", "UTC", 1);
	world_with = (struct world_change){"name: Clearwater Drug and Alcohol Service\n    role: joint-controller\n"
					   "    marks: [hsc, reveals]",
					   "name: Clearwater Drug and Alcohol Service\n    role: joint-controller\n"
					   "    marks: [hsc, reveals, specialist]"};
	assert_int_equal(told_catalogue_english(&words), TOLD_OK);
	assert_int_equal(told_arena_new(1u << 22, &arena), TOLD_OK);
	world_open(w);
	tell(open_client, NULL);
	tell(quiet_client, "SUD");
	world_call(w, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", quiet_client, "to", "SUD"));
	world_call(w, "HOU", told_agent_disclosure,
		   json_pack("{s:s,s:s,s:[s,s],s:s,s:s}", "client", quiet_client, "to", "ASC", "categories", "DEM.ID",
			     "SAF.DA", "why", "Asked by telephone", "purpose", "SAFEADULT"));
	world_call(w, "HOU", told_agent_disclosure,
		   json_pack("{s:s,s:s,s:[s],s:s,s:s,s:s}", "client", quiet_client, "to", "TT", "categories", "HOU.SIT",
			     "why", "For the list", "purpose", "MARAC", "how", "meeting"));
	wait_for("HOU", open_client, "let", "TT");
	wait_for("HOU", quiet_client, "let", "TT");
	world_until(w, sud_is_off, NULL, "the referral and the grant to SUD");
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	told_catalogue_free(words);
	told_arena_free(arena);
	return 0;
}

/* ---- before it is given ---- */

static void test_it_is_refused_unless_identity_alone_and_take_away_are_confirmed(void **state)
{
	static const char *const flags[] = {"identity", "alone", "take_away"};
	(void)state;
	for (unsigned set = 0; set < 8; set++) {
		json_t *request = json_pack("{s:s}", "client", open_client);
		for (unsigned i = 0; i < 3; i++)
			json_object_set_new(request, flags[i], json_boolean(set >> i & 1));
		if (set == 7)
			assert_non_null(world_call(&world, "HOU", told_agent_statement, request));
		else
			world_refused(&world, "HOU", told_agent_statement, request, TOLD_E_USAGE);
	}
}

static void test_read_aloud_it_need_not_be_safe_to_take_away_but_they_must_be_alone(void **state)
{
	(void)state;
	world_call(&world, "HOU", told_agent_statement,
		   json_pack("{s:s,s:b,s:b,s:b}", "client", open_client, "identity", 1, "alone", 1, "aloud", 1));
	world_refused(&world, "HOU", told_agent_statement,
		      json_pack("{s:s,s:b,s:b}", "client", open_client, "identity", 1, "aloud", 1), TOLD_E_USAGE);
	world_refused(&world, "HOU", told_agent_statement,
		      json_pack("{s:s,s:b,s:b,s:b,s:b}", "client", open_client, "identity", 1, "alone", 1, "aloud", 1,
				"take_away", 1),
		      TOLD_E_USAGE);
}

/* ---- what is off ---- */

static void test_a_statement_with_hidden_rows_is_byte_for_byte_one_where_they_never_were(void **state)
{
	(void)state;
	char *never = rendered(statement_of("HOU", open_client));
	assert_true(json_array_size(flows_off(open_client)) == 0);
	assert_true(json_array_size(flows_off(quiet_client)) >= 4);
	char *hides = rendered(statement_of("HOU", quiet_client));
	assert_string_equal(never, hides);
	assert_null(strstr(hides, "Clearwater"));
	assert_null(strstr(hides, "SUD"));
	assert_null(strstr(hides, "ASC"));
	free(never);
	free(hides);
}

static void test_pages_of_one_entry_have_no_gap_either(void **state)
{
	(void)state;
	for (int offset = 0; offset < 4; offset++) {
		char *pages[2];
		const char *const clients[] = {open_client, quiet_client};
		for (int i = 0; i < 2; i++) {
			json_t *request = confirmed(clients[i]);
			json_object_set_new(request, "limit", json_integer(1));
			json_object_set_new(request, "offset", json_integer(offset));
			pages[i] = rendered(world_call(&world, "HOU", told_agent_statement, request));
		}
		assert_string_equal(pages[0], pages[1]);
		free(pages[0]);
		free(pages[1]);
	}
}

static const char *off_message(const char *party, const char *kind, bool conference)
{
	size_t i = 0;
	json_t *flow = NULL;
	json_array_foreach(flows_off(quiet_client), i,
			   flow) if (strcmp(text(flow, "party"), party) == 0 && strcmp(text(flow, "kind"), kind) == 0 &&
				     json_is_true(json_object_get(flow, "conference")) == conference)
		snprintf(hidden, sizeof hidden, "%s", text(flow, "message"));
	assert_int_equal(strlen(hidden), 32);
	return hidden;
}

static json_t *mark(const char *message, int64_t days)
{
	return json_pack("{s:s, s:I}", "message", message, "review_ms",
			 (json_int_t)(world_time().wall_ms + days * TOLD_MS_DAY));
}

static void test_only_whoever_owns_a_flow_marks_it_and_only_to_a_day_to_come(void **state)
{
	struct world_agent *hou = world_agent(*state, "HOU");
	struct told_caller own = hou->caller;
	const char *message = off_message("SUD", "sent", false);
	world_refused(*state, "TT", told_agent_statement_safe, mark(message, 30), TOLD_E_NOT_FOUND);
	world_refused(*state, "HOU", told_agent_statement_safe, json_pack("{s:s}", "message", message), TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_statement_safe, mark(message, -1), TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_statement_safe, mark(message, 400), TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_statement_safe, mark("00000000000000000000000000000000", 30),
		      TOLD_E_NOT_FOUND);
	hou->caller.roles = TOLD_BIT32(TOLD_ROLE_PRACTITIONER);
	world_refused(*state, "HOU", told_agent_statement_safe, mark(message, 30), TOLD_E_NOT_ALLOWED);
	world_refused(*state, "HOU", told_agent_statement_off, json_pack("{s:s}", "client", quiet_client),
		      TOLD_E_NOT_ALLOWED);
	hou->caller = own;
	assert_null(entry_of(statement_of("HOU", quiet_client), "sent", "SUD"));
}

static void test_a_marked_flow_is_shown_until_it_is_taken_back(void **state)
{
	const char *message = off_message("SUD", "sent", false);
	world_call(*state, "HOU", told_agent_statement_safe, mark(message, 30));
	assert_non_null(entry_of(statement_of("HOU", quiet_client), "sent", "SUD"));
	world_call(*state, "HOU", told_agent_statement_safe,
		   json_pack("{s:s,s:b}", "message", message, "take_back", 1));
	assert_null(entry_of(statement_of("HOU", quiet_client), "sent", "SUD"));
}

static bool sud_may_tell(struct world *w, void *ctx)
{
	const bool *shown = ctx;
	(void)w;
	return (entry_of(statement_of("SUD", quiet_client), "got", "HOU") != NULL) == *shown;
}

/* The owner's word is signed and goes to whoever was sent it: they may tell it too, and no longer when it is taken
 * back.
 */
static void test_whoever_was_sent_it_follows_the_owners_mark(void **state)
{
	bool shown = false;
	const char *message = off_message("SUD", "sent", false);
	world_until(*state, sud_may_tell, &shown, "off at SUD");
	world_call(*state, "HOU", told_agent_statement_safe, mark(message, 30));
	shown = true;
	world_until(*state, sud_may_tell, &shown, "marked at SUD");
	world_call(*state, "HOU", told_agent_statement_safe,
		   json_pack("{s:s,s:b}", "message", message, "take_back", 1));
	shown = false;
	world_until(*state, sud_may_tell, &shown, "taken back at SUD");
}

static struct told_time months_later(void *ctx)
{
	struct told_time now = world_time();
	(void)ctx;
	now.wall_ms += 60 * TOLD_MS_DAY;
	return now;
}

static void test_after_its_review_date_a_mark_no_longer_counts(void **state)
{
	struct told_clock later = {.now = months_later};
	world_call(*state, "HOU", told_agent_statement_safe, mark(off_message("SUD", "sent", false), 30));
	assert_non_null(entry_of(statement_of("HOU", quiet_client), "sent", "SUD"));
	told_agent_set_clock(world_agent(*state, "HOU")->agent, later);
	assert_null(entry_of(statement_of("HOU", quiet_client), "sent", "SUD"));
	told_agent_set_clock(world_agent(*state, "HOU")->agent, told_clock_system());
}

static void test_names_of_specialist_services_are_left_out_when_asked(void **state)
{
	json_t *request = confirmed(quiet_client);
	world_call(*state, "HOU", told_agent_statement_safe, mark(off_message("SUD", "sent", false), 30));
	json_object_set_new(request, "hide_names", json_true());
	json_t *statement = world_call(*state, "HOU", told_agent_statement, request);
	assert_non_null(entry_of(statement, "sent", ""));
	assert_false(names(statement, "Clearwater"));
	assert_false(names(statement, "SUD"));
	world_call(*state, "HOU", told_agent_statement_safe,
		   json_pack("{s:s,s:b}", "message", off_message("SUD", "sent", false), "take_back", 1));
}

/* ---- conferences ---- */

static void test_who_is_only_named_in_a_conference_never_has_it_on_the_statement(void **state)
{
	const char *message = off_message("TT", "told", true);
	world_refused(*state, "HOU", told_agent_statement_safe, mark(message, 30), TOLD_E_REFUSED);
	assert_null(entry_of(statement_of("HOU", quiet_client), "told", "TT"));
	json_t *request = mark(message, 30);
	json_object_set_new(request, "own_conference", json_true());
	world_call(*state, "HOU", told_agent_statement_safe, request);
	json_t *told = entry_of(statement_of("HOU", quiet_client), "told", "TT");
	assert_string_equal(text(told, "how"), "meeting");
	world_call(*state, "HOU", told_agent_statement_safe,
		   json_pack("{s:s,s:b}", "message", message, "take_back", 1));
}

/* ---- what is shown ---- */

static void test_opened_is_said_only_once_a_worker_there_has_opened_it(void **state)
{
	assert_int_equal(
		json_array_size(json_object_get(entry_of(statement_of("HOU", open_client), "sent", "TT"), "opened")),
		0);
	world_call(*state, "TT", told_agent_inbox, json_pack("{s:s}", "client", open_client));
	int64_t end_ms = world_now_ms() + WORLD_WAIT_MS;
	size_t opened = 0;
	while (opened == 0 && world_now_ms() < end_ms) {
		world_turns(*state);
		const json_t *sent = entry_of(statement_of("HOU", open_client), "sent", "TT");
		opened = json_array_size(json_object_get(sent, "opened"));
		if (opened > 0)
			assert_string_equal(text(json_array_get(json_object_get(sent, "opened"), 0), "team"), "front");
	}
	assert_int_equal(opened, 1);
}

static void test_what_was_told_by_hand_and_what_was_declined_stand_there(void **state)
{
	world_call(*state, "HOU", told_agent_disclosure,
		   json_pack("{s:s,s:s,s:[s],s:s,s:s}", "client", open_client, "to", "TT", "categories", "HOU.SIT",
			     "why", "Joint visit", "how", "in_person"));
	world_call(*state, "HOU", told_agent_disclosure,
		   json_pack("{s:s,s:s,s:[s],s:s,s:s,s:s}", "client", open_client, "to", "EMP", "categories", "HOU.SIT",
			     "why", "She said no", "outcome", "declined", "reason", "no_consent"));
	const json_t *statement = statement_of("HOU", open_client);
	assert_string_equal(text(entry_of(statement, "told", "TT"), "how"), "in_person");
	assert_non_null(entry_of(statement, "declined", "EMP"));
	assert_false(names(statement, "Joint visit"));
	assert_false(names(statement, "She said no"));
}

static void test_who_was_told_says_who_told_them_and_the_slip_too(void **state)
{
	(void)state;
	wait_for("TT", open_client, "got", "HOU");
	json_t *request = confirmed(open_client);
	json_object_set_new(request, "slip", json_true());
	const json_t *slip = world_call(&world, "TT", told_agent_statement, request);
	assert_int_equal(json_array_size(json_object_get(slip, "entries")), 1);
	assert_non_null(entry_of(slip, "got", "HOU"));
	request = confirmed(quiet_client);
	json_object_set_new(request, "slip", json_true());
	slip = world_call(&world, "HOU", told_agent_statement, request);
	assert_int_equal(json_array_size(json_object_get(slip, "entries")), 1);
	assert_non_null(entry_of(slip, "sent", "TT"));
}

static void test_what_the_agreement_never_does_is_there(void **state)
{
	(void)state;
	const json_t *never = json_object_get(statement_of("HOU", open_client), "never");
	assert_int_equal(json_array_size(never), 2);
	assert_string_equal(text(json_array_get(never, 0), "party"), "HOME_OFFICE");
	assert_string_equal(text(json_array_get(never, 1), "purpose"), "CRIME");
}

static void test_each_statement_has_a_number_of_its_own_and_nothing_of_the_person(void **state)
{
	(void)state;
	char first[32];
	snprintf(first, sizeof first, "%s", text(statement_of("HOU", open_client), "statement"));
	const json_t *second = statement_of("HOU", open_client);
	assert_int_equal(strlen(first), 9);
	assert_string_not_equal(first, text(second, "statement"));
	assert_false(names(second, open_client));
	assert_false(names(second, "Ada"));
	assert_false(names(second, "sofa"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_refused_unless_identity_alone_and_take_away_are_confirmed),
		cmocka_unit_test(test_read_aloud_it_need_not_be_safe_to_take_away_but_they_must_be_alone),
		cmocka_unit_test(test_a_statement_with_hidden_rows_is_byte_for_byte_one_where_they_never_were),
		cmocka_unit_test(test_pages_of_one_entry_have_no_gap_either),
		cmocka_unit_test(test_only_whoever_owns_a_flow_marks_it_and_only_to_a_day_to_come),
		cmocka_unit_test(test_a_marked_flow_is_shown_until_it_is_taken_back),
		cmocka_unit_test(test_whoever_was_sent_it_follows_the_owners_mark),
		cmocka_unit_test(test_after_its_review_date_a_mark_no_longer_counts),
		cmocka_unit_test(test_names_of_specialist_services_are_left_out_when_asked),
		cmocka_unit_test(test_who_is_only_named_in_a_conference_never_has_it_on_the_statement),
		cmocka_unit_test(test_opened_is_said_only_once_a_worker_there_has_opened_it),
		cmocka_unit_test(test_what_was_told_by_hand_and_what_was_declined_stand_there),
		cmocka_unit_test(test_who_was_told_says_who_told_them_and_the_slip_too),
		cmocka_unit_test(test_what_the_agreement_never_does_is_there),
		cmocka_unit_test(test_each_statement_has_a_number_of_its_own_and_nothing_of_the_person),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
