/* SPDX-License-Identifier: Apache-2.0 */
/* Incidents through a real broker and real agents: what went is listed, the flow stops, the recall hides at once, every
 * recipient answers, 72 hours run, the sheet has what Article 33 asks. */
#include "agent/world.h"

static struct world world;
static struct told_time hou_time; /* how far the clock of HOU is ahead */
static char client[64], incident[40], asked[40];

static struct told_time ahead(void *ctx)
{
	const struct told_time *shift = ctx;
	struct told_time now = world_time();
	now.wall_ms += shift->wall_ms;
	return now;
}

static void make_senior(struct world *w, const char *party)
{
	struct world_agent *a = world_agent(w, party);
	json_t *made = world_call(w, party, told_agent_worker_add, json_pack("{s:[s]}", "roles", "senior"));
	assert_int_equal(
		told_agent_caller(a->agent, told_text(json_string_value(json_object_get(made, "token"))), &a->caller),
		TOLD_OK);
}

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static size_t number(const json_t *object, const char *member)
{
	return (size_t)json_integer_value(json_object_get(object, member));
}

static const char *first_state(const json_t *reply)
{
	return text(json_array_get(json_object_get(reply, "messages"), 0), "state");
}

static bool registered(struct world *w, void *ctx)
{
	struct world_agent *a = world_agent(w, ctx);
	struct told_reply reply = TOLD_REPLY;
	size_t sent = 0, i = 0;
	json_t *m = NULL;
	assert_int_equal(told_agent_sent(a->agent, &a->caller, NULL, &reply), TOLD_OK);
	json_array_foreach(json_object_get(reply.json, "messages"), i, m) sent +=
		strcmp(text(m, "type"), "WORKER_REGISTER") == 0 && strcmp(text(m, "state"), "sent") == 0;
	told_reply_free(&reply);
	return sent >= 2;
}

static size_t seen_by_tt(struct world *w)
{
	struct world_agent *tt = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client), *parcel = NULL;
	size_t count = 0, i = 0;
	assert_int_equal(told_agent_inbox(tt->agent, &tt->caller, request, &reply), TOLD_OK);
	json_array_foreach(json_object_get(reply.json, "parcels"), i, parcel) count +=
		json_array_size(json_object_get(parcel, "sections"));
	json_decref(request);
	told_reply_free(&reply);
	return count;
}

static bool tt_sees_it(struct world *w, void *ctx)
{
	(void)ctx;
	return seen_by_tt(w) > 0;
}

static int open_world(void **state)
{
	struct world *w = *state = &world;
	world_open(w);
	make_senior(w, "HOU");
	make_senior(w, "TT");
	world_until(w, registered, (void *)(uintptr_t) "HOU", "HOU's senior in the log");
	world_until(w, registered, (void *)(uintptr_t) "TT", "TT's senior in the log");
	json_t *card = world_call(w, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID",
			     "text", "Ada, 41", "category", "HOU.SIT", "text", "Sleeping on a sofa"));
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s,s], s:[s,s,s], s:s}", "client", client, "recipients", "TT", "purposes",
			     "REFERRAL", "COORD", "include", "DEM.ID", "HOU.*", "NED", "evidence", "signature"));
	json_t *sent = world_call(w, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "TT"));
	assert_string_equal(first_state(sent), "sent");
	world_until(w, tt_sees_it, NULL, "the referral at TT");
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- opening ---- */

static void test_an_incident_that_does_not_say_what_is_meant_is_refused(void **state)
{
	world_refused(*state, "HOU", told_agent_incident_open, json_object(), TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_incident_open, json_pack("{s:s}", "kind", "wrong-person"),
		      TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_incident_open, json_pack("{s:s}", "kind", "wrong-recipient"),
		      TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_incident_open, json_pack("{s:s}", "kind", "lost-device"), TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_incident_open, json_pack("{s:s}", "kind", "key-stolen"), TOLD_E_USAGE);
}

static void test_what_went_is_listed_and_a_dry_run_calls_nothing_back(void **state)
{
	struct world *w = *state;
	json_t *dry = world_call(
		w, "HOU", told_agent_incident_open,
		json_pack("{s:s,s:s,s:s,s:b}", "kind", "wrong-recipient", "client", client, "to", "TT", "dry_run", 1));
	assert_string_equal(text(json_array_get(json_object_get(dry, "went"), 0), "party"), "TT");
	json_t *list = world_call(w, "HOU", told_agent_incidents, json_object());
	assert_int_equal(json_array_size(json_object_get(list, "incidents")), 0);
	assert_true(seen_by_tt(w) > 0);
}

/* Somebody at TT opened what went there, and HOU has heard it. */
static bool opened_is_known(struct world *w, void *ctx)
{
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	(void)ctx;
	json_t *request =
		json_pack("{s:s,s:s,s:s,s:b}", "kind", "wrong-recipient", "client", client, "to", "TT", "dry_run", 1);
	assert_int_equal(told_agent_incident_open(hou->agent, &hou->caller, request, &reply), TOLD_OK);
	const json_t *went = json_array_get(json_object_get(reply.json, "went"), 0);
	bool known = json_array_size(json_object_get(went, "opened")) > 0;
	json_decref(request);
	told_reply_free(&reply);
	return known;
}

static void test_who_opened_a_referral_there_is_on_the_list(void **state)
{
	struct world *w = *state;
	world_call(w, "TT", told_agent_inbox, NULL);
	world_until(w, opened_is_known, NULL, "who opened it at TT");
}

static bool recall_came(struct world *w, void *ctx)
{
	struct world_agent *tt = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	(void)ctx;
	assert_int_equal(told_agent_incidents(tt->agent, &tt->caller, NULL, &reply), TOLD_OK);
	const json_t *one = json_array_get(json_object_get(reply.json, "asked"), 0);
	snprintf(asked, sizeof asked, "%s", text(one, "recall"));
	told_reply_free(&reply);
	return asked[0] != '\0';
}

static void test_a_recall_hides_at_once_what_it_names_and_asks_for_an_answer(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "HOU", told_agent_incident_open,
				   json_pack("{s:s,s:s,s:s}", "kind", "wrong-recipient", "client", client, "to", "TT"));
	snprintf(incident, sizeof incident, "%s", text(reply, "incident"));
	assert_string_equal(first_state(reply), "sent");
	assert_int_equal(json_array_size(json_object_get(reply, "stops")), 1);
	const json_t *went = json_array_get(json_object_get(reply, "went"), 0);
	assert_string_equal(text(went, "party"), "TT");
	assert_true(json_array_size(json_object_get(went, "categories")) >= 2);
	world_until(w, recall_came, NULL, "the recall at TT");
	assert_int_equal(seen_by_tt(w), 0);
}

static void test_after_it_nothing_more_of_the_person_goes_there(void **state)
{
	json_t *reply =
		world_call(*state, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "TT"));
	assert_string_not_equal(first_state(reply), "sent");
}

/* ---- the end ---- */

static const json_t *incident_of(struct world *w)
{
	return json_object_get(world_call(w, "HOU", told_agent_incident, json_pack("{s:s}", "incident", incident)),
			       "incident");
}

static bool doctor_is_content(struct world *w, const char *party)
{
	json_t *check = NULL,
	       *checks = json_object_get(world_call(w, party, told_agent_doctor, json_object()), "checks");
	size_t i = 0;
	json_array_foreach(checks, i, check) if (strcmp(text(check, "check"), "incidents") ==
						 0) return json_is_true(json_object_get(check, "ok"));
	fail_msg("the doctor does not look at incidents");
	return false;
}

static void test_seventy_two_hours_run_until_the_commissioner_was_told(void **state)
{
	struct world *w = *state;
	const json_t *is = incident_of(w);
	assert_int_equal(json_integer_value(json_object_get(is, "due_ms")) -
				 json_integer_value(json_object_get(is, "known_ms")),
			 72 * TOLD_MS_HOUR);
	assert_false(json_is_true(json_object_get(is, "over")));
	assert_true(doctor_is_content(w, "HOU"));
	told_agent_set_clock(world_agent(w, "HOU")->agent, (struct told_clock){.now = ahead, .ctx = &hou_time});
	hou_time.wall_ms = 73 * TOLD_MS_HOUR;
	assert_true(json_is_true(json_object_get(incident_of(w), "over")));
	assert_false(doctor_is_content(w, "HOU"));
	world_call(w, "HOU", told_agent_incident_note, json_pack("{s:s,s:b}", "incident", incident, "reported", 1));
	assert_false(json_is_true(json_object_get(incident_of(w), "over")));
	hou_time.wall_ms = 0;
}

static void test_the_sheet_has_what_article_33_asks_and_says_what_is_missing(void **state)
{
	struct world *w = *state;
	json_t *shown = world_call(w, "HOU", told_agent_incident, json_pack("{s:s}", "incident", incident));
	json_t *sheet = json_object_get(shown, "sheet");
	assert_int_equal(json_array_size(json_object_get(sheet, "missing")), 4);
	assert_int_equal(number(sheet, "persons"), 1);
	assert_true(number(sheet, "records") >= 1);
	assert_true(json_array_size(json_object_get(sheet, "categories")) >= 2);
	world_call(w, "HOU", told_agent_incident_note,
		   json_pack("{s:s,s:s,s:s,s:s,s:s}", "incident", incident, "nature", "Sent to the wrong service",
			     "contact", "DPO, 01632 960100", "consequences", "None seen", "measures", "Called back"));
	shown = world_call(w, "HOU", told_agent_incident, json_pack("{s:s}", "incident", incident));
	sheet = json_object_get(shown, "sheet");
	assert_int_equal(json_array_size(json_object_get(sheet, "missing")), 0);
	assert_string_equal(text(sheet, "measures"), "Called back");
}

static bool answer_came(struct world *w, void *ctx)
{
	(void)ctx;
	return number(incident_of(w), "answered") == 1;
}

static void test_it_closes_with_every_answer_or_a_reason(void **state)
{
	struct world *w = *state;
	world_refused(w, "HOU", told_agent_incident_close,
		      json_pack("{s:s,s:s}", "incident", incident, "outcome", "done"), TOLD_E_REFUSED);
	assert_false(doctor_is_content(w, "TT"));
	world_refused(w, "TT", told_agent_incident_answer,
		      json_pack("{s:s,s:b,s:[s]}", "recall", asked, "deleted", 1, "passed_on", "the neighbour"),
		      TOLD_E_MALFORMED);
	json_t *said = world_call(w, "TT", told_agent_incident_answer,
				  json_pack("{s:s,s:b,s:[s],s:[s]}", "recall", asked, "deleted", 1, "opened_by",
					    world_agent(w, "TT")->caller.number, "passed_on", "SUD"));
	assert_string_equal(first_state(said), "sent");
	world_refused(w, "TT", told_agent_incident_answer, json_pack("{s:s,s:b}", "recall", asked, "deleted", 1),
		      TOLD_E_EXISTS);
	assert_true(doctor_is_content(w, "TT"));
	world_until(w, answer_came, NULL, "the answer at HOU");
	json_t *shown = world_call(w, "HOU", told_agent_incident, json_pack("{s:s}", "incident", incident));
	const json_t *answer = json_object_get(json_array_get(json_object_get(shown, "went"), 0), "answer");
	assert_true(json_is_true(json_object_get(answer, "deleted")));
	assert_string_equal(json_string_value(json_array_get(json_object_get(answer, "passed_on"), 0)), "SUD");
	json_t *closed = world_call(w, "HOU", told_agent_incident_close,
				    json_pack("{s:s,s:s}", "incident", incident, "outcome", "deleted there"));
	assert_string_equal(text(json_object_get(closed, "incident"), "state"), "closed");
}

static void test_a_stolen_key_names_the_commands_that_stop_it(void **state)
{
	struct world *w = *state;
	json_t *reply =
		world_call(w, "HOU", told_agent_incident_open,
			   json_pack("{s:s,s:I,s:b}", "kind", "key-stolen", "since_ms", (json_int_t)1, "dry_run", 1));
	const json_t *stops = json_object_get(reply, "stops");
	assert_true(json_array_size(stops) >= 2);
	assert_string_equal(text(json_array_get(stops, 0), "run"), "told partner revoke HOU");
	assert_true(json_array_size(json_object_get(reply, "went")) >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_incident_that_does_not_say_what_is_meant_is_refused),
		cmocka_unit_test(test_what_went_is_listed_and_a_dry_run_calls_nothing_back),
		cmocka_unit_test(test_who_opened_a_referral_there_is_on_the_list),
		cmocka_unit_test(test_a_recall_hides_at_once_what_it_names_and_asks_for_an_answer),
		cmocka_unit_test(test_after_it_nothing_more_of_the_person_goes_there),
		cmocka_unit_test(test_seventy_two_hours_run_until_the_commissioner_was_told),
		cmocka_unit_test(test_the_sheet_has_what_article_33_asks_and_says_what_is_missing),
		cmocka_unit_test(test_it_closes_with_every_answer_or_a_reason),
		cmocka_unit_test(test_a_stolen_key_names_the_commands_that_stop_it),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
