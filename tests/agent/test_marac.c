/* SPDX-License-Identifier: Apache-2.0 */
/* A MARAC through a real broker and real agents: it runs on the threshold of its agreement and not on permission, and a
 * threshold that is neither met nor argued waits for somebody. */
#include "agent/meeting.h"

static struct world world;
static char declined[40]; /* the first MARAC about this person */

static int open_world(void **state)
{
	struct world *w = *state = &world;
	size_t second = 1;
	world_with =
		(struct world_change){.from = "to: [ASC]\n    types: [ALERT, STATUS_UPDATE, DISCLOSURE_RECORD]",
				      .to = "to: [ASC, SUD]\n    types: [ALERT, STATUS_UPDATE, DISCLOSURE_RECORD]"};
	world_open(w);
	char *paper = world_paper(w, "marac.yaml.in");
	world_sign(w, paper);
	world_until(w, world_agreed, &second, "the second agreement signed by all");
	free(paper);
	json_t *card = world_call(w, "EMP", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	world_call(
		w, "EMP", told_agent_tell,
		json_pack("{s:s, s:[{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID", "text", "Ada"));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static json_t *called(int score, const char *way, const char *why)
{
	json_t *request = json_pack("{s:s, s:s, s:[s], s:s, s:s, s:i}", "client", client, "kind", "marac", "to", "HOU",
				    "grounds", "Threats since Friday", "tool", "DASH", "score", score);
	if (way != NULL)
		json_object_set_new(request, way, json_string(why));
	return request;
}

static void test_a_threshold_not_met_and_not_argued_is_held(void **state)
{
	json_t *reply = world_call(*state, "EMP", told_agent_conference_call, called(9, NULL, NULL));
	assert_int_equal(sent(reply, "held"), 1);
	assert_true(says(json_object_get(reply, "messages"), "OVR-07"));
	snprintf(meeting, sizeof meeting, "%s", text(reply, "conference"));
	json_t *seen = seen_by(*state, "EMP");
	assert_string_equal(text(seen, "state"), "not called yet");
	json_decref(seen);
	assert_null(seen_by(*state, "HOU"));
}

static void test_one_way_is_argued_and_not_two(void **state)
{
	json_t *two = called(9, "judgement", "She is afraid to go home");
	json_object_set_new(two, "repeat", json_string("The second since May"));
	world_refused(*state, "EMP", told_agent_conference_call, two, TOLD_E_USAGE);
	world_refused(*state, "EMP", told_agent_conference_call,
		      json_pack("{s:s, s:s, s:[s,s], s:s}", "client", client, "kind", "marac", "to", "HOU", "TT",
				"grounds", "Threats"),
		      TOLD_E_USAGE);
}

static void test_a_score_below_another_checklists_opens_nothing(void **state)
{
	json_t *other = called(15, NULL, NULL);
	json_object_set_new(other, "tool", json_string("DARA"));
	json_t *reply = world_call(*state, "EMP", told_agent_conference_call, other);
	assert_int_equal(sent(reply, "held"), 1);
}

static void test_a_score_opens_it_and_the_coordinator_may_decline_with_a_reason(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "EMP", told_agent_conference_call, called(14, NULL, NULL));
	assert_int_equal(sent(reply, "sent"), 1);
	snprintf(meeting, sizeof meeting, "%s", text(reply, "conference"));
	until(w, "HOU", "threshold", "score");
	world_refused(w, "HOU", told_agent_conference_act, asked("decline"), TOLD_E_USAGE);
	act(w, "HOU", with(asked("decline"), "reason", "duplicate"), 1);
	until(w, "EMP", "declined", "duplicate");
	until(w, "EMP", "state", "ended");
	snprintf(declined, sizeof declined, "%s", meeting);
}

static void test_judgement_opens_it_below_the_score(void **state)
{
	struct world *w = *state;
	json_t *reply =
		world_call(w, "EMP", told_agent_conference_call, called(9, "judgement", "She is afraid to go home"));
	assert_int_equal(sent(reply, "sent"), 1);
	snprintf(meeting, sizeof meeting, "%s", text(reply, "conference"));
	until(w, "HOU", "threshold", "judgement");
	until(w, "HOU", "kind", "marac");
	until(w, "EMP", "chair", "HOU");
}

/* The first was declined; that it was called counts. */
static void test_a_second_within_a_year_is_told_to_the_coordinator_alone(void **state)
{
	struct world *w = *state;
	json_t *chair = seen_by(w, "HOU"), *caller = seen_by(w, "EMP");
	assert_string_equal(text(json_object_get(chair, "repeat"), "conference"), declined);
	assert_null(json_object_get(caller, "repeat"));
	json_decref(chair);
	json_decref(caller);
	char second[sizeof meeting];
	snprintf(second, sizeof second, "%s", meeting);
	snprintf(meeting, sizeof meeting, "%s", declined);
	chair = seen_by(w, "HOU");
	assert_null(json_object_get(chair, "repeat")); /* of the first there was none before */
	json_decref(chair);
	snprintf(meeting, sizeof meeting, "%s", second);
}

static void test_it_runs_without_a_permission(void **state)
{
	struct world *w = *state;
	act(w, "HOU", asked("list"), 1);
	json_t *invite = in_a_month(asked("invite"));
	json_object_set_new(invite, "to", json_pack("[s,s]", "TT", "SUD"));
	act(w, "HOU", invite, 2);
	until(w, "SUD", "state", "listed");
	until(w, "TT", "state", "listed");
	act(w, "HOU", asked("research"), 3);
	act(w, "SUD", asked("known"), 1);
	act(w, "TT", asked("not-known"), 1);
	act(w, "SUD", part(asked("contribute"), "facts", "SUD.TX", "In treatment since May"), 1);
	act(w, "EMP", part(asked("contribute"), "said", "RSK.FROM", "I am afraid of Friday"), 1);
	act(w, "HOU", asked("promise"), 0);
}

static void name_contact(struct world *w, const char *party)
{
	world_call(w, party, told_agent_contact_name,
		   json_pack("{s:s}", "worker", world_agent(w, party)->caller.number));
	world_call(w, party, told_agent_contact_key, json_pack("{s:s}", "passphrase", "correct horse battery staple"));
}

static void names_nobody(struct world *w, const char *party)
{
	world_call(w, party, told_agent_sight_name, json_pack("{s:s, s:b}", "conference", meeting, "none", true));
}

static void test_nothing_opens_before_the_contact_has_named(void **state)
{
	struct world *w = *state;
	json_t *seen = seen_by(w, "HOU");
	assert_string_equal(text(seen, "access"), "names");
	assert_true(says(seen, "PTY-07") && says(seen, "told conference name"));
	assert_false(says(seen, "afraid") || says(seen, "treatment") || says(seen, "agenda"));
	json_decref(seen);
	name_contact(w, "HOU");
	until(w, "HOU", "access", "names"); /* a contact who has not looked changes nothing */
	names_nobody(w, "HOU");
	until(w, "HOU", "access", "open");
}

static bool both(struct world *w, void *ctx)
{
	(void)ctx;
	json_t *seen = seen_by(w, "HOU");
	bool is = json_array_size(json_object_get(seen, "agenda")) == 2;
	json_decref(seen);
	return is;
}

static void test_the_persons_own_view_is_the_first_item_and_everybody_hears_all(void **state)
{
	struct world *w = *state;
	world_until(w, both, NULL, "both contributions");
	json_t *seen = seen_by(w, "HOU");
	const json_t *agenda = json_object_get(seen, "agenda"), *first = json_array_get(agenda, 0);
	assert_string_equal(text(first, "from"), "EMP");
	assert_true(json_is_true(json_object_get(first, "own_words")));
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(json_array_size(json_object_get(json_array_get(agenda, i), "not_for")), 0);
	assert_true(says(json_object_get(seen, "grounds"), "She is afraid to go home"));
	json_decref(seen);
}

/* SUD's and EMP's contacts have a key of their own. */
static bool contacts_known(struct world *w, void *ctx)
{
	struct world_agent *a = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	(void)ctx;
	assert_int_equal(told_agent_contacts(a->agent, &a->caller, NULL, &reply), TOLD_OK);
	bool is = says(reply.json, "\"SUD\"") && says(reply.json, "\"EMP\"");
	told_reply_free(&reply);
	return is;
}

struct held {
	const char *party;
	char message[40];
};

/* The newest of the conference; the minutes are said first, then approved without words. */
static bool came_closed(struct world *w, void *ctx)
{
	struct held *held = ctx;
	const json_t *one = NULL;
	json_t *list = json_incref(world_call(w, held->party, told_agent_contact_closed, json_object()));
	size_t i = 0;
	json_array_foreach(json_object_get(list, "messages"), i,
			   one) if (strcmp(text(one, "type"), "CONF_MINUTES") == 0)
		snprintf(held->message, sizeof held->message, "%s", text(one, "message"));
	json_decref(list);
	return held->message[0] != '\0';
}

static void test_minutes_reach_each_and_are_acknowledged(void **state)
{
	struct world *w = *state;
	name_contact(w, "SUD");
	name_contact(w, "EMP");
	world_until(w, contacts_known, NULL, "the contacts' keys at the chair's agency");
	act(w, "HOU", asked("start"), 3);
	act(w, "HOU", in_a_month(list_of(with(asked("action"), "text", "Change the locks"), "to", "EMP")), 1);
	act(w, "HOU", with(asked("minutes"), "text", "Locks by Friday"), 3);
	act(w, "HOU", asked("approve"), 3);
	until(w, "SUD", "state", "approved");
	act(w, "SUD", asked("promise"), 1);
	until(w, "SUD", "access", "names");
	struct held minutes = {.party = "SUD"};
	world_until(w, came_closed, &minutes, "the minutes for the contact of SUD");
	json_t *asks =
		json_pack("{s:s, s:s}", "message", minutes.message, "passphrase", "correct horse battery staple");
	world_refused(w, "SUD", told_agent_contact_open, json_incref(asks), TOLD_E_REFUSED); /* their own key, too */
	names_nobody(w, "SUD");
	until(w, "SUD", "access", "open");
	json_t *seen = seen_by(w, "SUD");
	assert_false(says(seen, "Locks by Friday")); /* sealed to the contact, and opened by name */
	assert_string_equal(text(json_object_get(seen, "minutes"), "closed"), minutes.message);
	json_t *opened = world_call(w, "SUD", told_agent_contact_open, asks);
	assert_true(says(opened, "Locks by Friday"));
	json_decref(seen);
	act(w, "SUD", asked("acknowledge"), 1);
}

/* ---- an alert about somebody for whom a worker may not be there ---- */

/* What a worker of SUD is shown of it: above their reply, and in the inbox. */
static bool shown_to(struct world *w, const struct told_caller *worker)
{
	struct world_agent *a = world_agent(w, "SUD");
	struct told_reply inbox = TOLD_REPLY;
	json_t *above = json_object();
	assert_int_equal(told_agent_as(a->agent, worker), TOLD_OK);
	assert_int_equal(told_agent_attention(a->agent, worker, NULL, above), TOLD_OK);
	assert_int_equal(told_agent_inbox(a->agent, worker, NULL, &inbox), TOLD_OK);
	assert_int_equal(told_agent_as(a->agent, NULL), TOLD_OK);
	bool is = says(above, "incoming") || says(inbox.json, "coming back tonight") || says(inbox.json, "\"ALERT\"");
	json_decref(above);
	told_reply_free(&inbox);
	return is;
}

static bool came_to_sud(struct world *w, void *ctx)
{
	struct world_agent *a = world_agent(w, "SUD");
	json_t *above = json_object();
	(void)ctx;
	assert_int_equal(told_agent_attention(a->agent, &a->caller, NULL, above), TOLD_OK);
	bool is = says(above, "incoming");
	json_decref(above);
	return is;
}

static bool hou_says(struct world *w, void *ctx)
{
	return says(world_call(w, "HOU", told_agent_alerts, json_object()), ctx);
}

static void test_an_alert_is_neither_shown_to_nor_opened_by_who_is_named_for_the_other_party(void **state)
{
	struct world *w = *state;
	struct told_caller named, other;
	json_t *made = world_call(w, "SUD", told_agent_worker_add, json_pack("{s:[s]}", "roles", "senior"));
	assert_int_equal(told_agent_caller(world_agent(w, "SUD")->agent, told_text(text(made, "token")), &named),
			 TOLD_OK);
	made = world_call(w, "SUD", told_agent_worker_add, json_pack("{s:[s]}", "roles", "senior"));
	assert_int_equal(told_agent_caller(world_agent(w, "SUD")->agent, told_text(text(made, "token")), &other),
			 TOLD_OK);
	world_call(w, "SUD", told_agent_sight_name,
		   json_pack("{s:s, s:[s]}", "conference", meeting, "alleged", named.number));
	world_call(w, "HOU", told_agent_alert,
		   json_pack("{s:s, s:s, s:s, s:[s], s:s, s:s}", "client", client, "to", "SUD", "kind", "safeguarding",
			     "categories", "DEM.ID", "concern", "He is coming back tonight", "reason",
			     "Not safe to ask"));
	world_until(w, came_to_sud, NULL, "the alert at SUD");
	world_until(w, hou_says, (void *)(uintptr_t) "\"delivered\"", "its sender to hear that it is there");
	assert_false(shown_to(w, &named));
	world_turns(w);
	assert_true(hou_says(w, (void *)(uintptr_t) "\"delivered\"")); /* a look that showed nothing opened nothing */
	assert_true(shown_to(w, &other));
	world_until(w, hou_says, (void *)(uintptr_t) "\"opened\"", "the alert opened by somebody else");
}

static void test_another_area_hears_whom_it_is_about_and_it_ends_here(void **state)
{
	struct world *w = *state;
	act(w, "HOU", list_of(asked("transfer"), "to", "TT"), 1);
	until(w, "HOU", "state", "ended");
	until(w, "HOU", "handed_to", "TT");
	act(w, "HOU", asked("end"), 3);
	until(w, "SUD", "access", "over");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_threshold_not_met_and_not_argued_is_held),
		cmocka_unit_test(test_one_way_is_argued_and_not_two),
		cmocka_unit_test(test_a_score_below_another_checklists_opens_nothing),
		cmocka_unit_test(test_a_score_opens_it_and_the_coordinator_may_decline_with_a_reason),
		cmocka_unit_test(test_judgement_opens_it_below_the_score),
		cmocka_unit_test(test_a_second_within_a_year_is_told_to_the_coordinator_alone),
		cmocka_unit_test(test_it_runs_without_a_permission),
		cmocka_unit_test(test_nothing_opens_before_the_contact_has_named),
		cmocka_unit_test(test_the_persons_own_view_is_the_first_item_and_everybody_hears_all),
		cmocka_unit_test(test_minutes_reach_each_and_are_acknowledged),
		cmocka_unit_test(test_an_alert_is_neither_shown_to_nor_opened_by_who_is_named_for_the_other_party),
		cmocka_unit_test(test_another_area_hears_whom_it_is_about_and_it_ends_here),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
