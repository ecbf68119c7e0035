/* SPDX-License-Identifier: Apache-2.0 */
/* A meeting of several services through a real broker and real agents, from its call to acknowledged minutes: one
 * refusal takes away one agency's view and not the meeting, nothing is shown before the statement is accepted, and what
 * may not be is refused with its rule named. */
#include "agent/meeting.h"

static struct world world;
static char action[40];

static void permit(struct world *w, const char *from, const char *to, const char *a, const char *b, const char *c)
{
	world_call(w, from, told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s], s:[s,s,s], s:s}", "client", client, "recipients", to, "purposes",
			     "MDT", "include", a, b, c, "evidence", "signature"));
}

static int open_world(void **state)
{
	struct world *w = *state = &world;
	world_open(w);
	json_t *card = world_call(w, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	world_call(
		w, "HOU", told_agent_tell,
		json_pack("{s:s, s:[{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID", "text", "Ada"));
	permit(w, "HOU", "TT", "DEM.ID", "PLN", "NED");
	permit(w, "HOU", "EMP", "DEM.ID", "PLN", "NED");
	permit(w, "TT", "HOU", "MH.ATT", "NED", "PLN");
	permit(w, "EMP", "HOU", "EMP.STAT", "NED", "PLN");
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s], s:s}", "client", client, "recipients", "SUD", "purposes", "MDT",
			     "state", "refused"));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- what the chair has ---- */

static bool attendee_says(struct world *w, void *ctx)
{
	const struct expected *e = ctx;
	json_t *json = seen_by(w, "HOU");
	bool is = strcmp(text(attendee(json, e->party), e->member), e->value) == 0;
	json_decref(json);
	return is;
}

static void until_chair_has(struct world *w, const char *party, const char *member, const char *value)
{
	struct expected e = {party, member, value};
	world_until(w, attendee_says, &e, "the chair to hear it");
}

/* ---- the meeting ---- */

static void test_a_meeting_is_called_and_listed(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "HOU", told_agent_conference_call,
				   json_pack("{s:s, s:s, s:[s,s], s:s}", "client", client, "kind", "mdt", "to", "SUD",
					     "TT", "grounds", "Four services, no plan"));
	snprintf(meeting, sizeof meeting, "%s", text(reply, "conference"));
	/* SUD is left out, for the person said no to it; TT hears the call. */
	const json_t *told = json_object_get(reply, "told");
	assert_int_equal(json_array_size(told), 2);
	assert_true(json_is_true(json_object_get(json_array_get(told, 0), "left_out")));
	assert_true(says(json_array_get(told, 0), "CON-02"));
	assert_int_equal(sent(reply, "sent"), 1);
	until(w, "HOU", "state", "called");
	act(w, "HOU", asked("list"), 1);
	until(w, "TT", "state", "listed");
	assert_null(seen_by(w, "EMP"));
	assert_null(seen_by(w, "SUD"));
}

static void test_one_refusal_takes_away_one_view_and_not_the_meeting(void **state)
{
	struct world *w = *state;
	json_t *past = asked("invite");
	json_object_set_new(past, "due_ms", json_integer(1000));
	world_refused(w, "HOU", told_agent_conference_act, past, TOLD_E_USAGE);
	json_t *request = in_a_month(asked("invite"));
	json_object_set_new(request, "to", json_pack("[s,s,s]", "SUD", "EMP", "TT"));
	json_t *reply = act(w, "HOU", request, 2);
	assert_true(json_is_true(json_object_get(json_array_get(json_object_get(reply, "told"), 0), "left_out")));
	until(w, "EMP", "state", "listed");
	until(w, "EMP", "chair", "HOU");
	assert_null(seen_by(w, "SUD"));
	json_t *seen = seen_by(w, "EMP");
	assert_null(attendee(seen, "TT")); /* nobody learns who else was asked */
	json_decref(seen);
}

static void test_research_says_known_or_not_and_why_not_shared(void **state)
{
	struct world *w = *state;
	act(w, "HOU", asked("research"), 2);
	act(w, "TT", asked("known"), 1);
	world_refused(w, "EMP", told_agent_conference_act, asked("not-sharing"), TOLD_E_USAGE);
	act(w, "EMP", with(asked("not-sharing"), "reason", "no_consent"), 1);
	until_chair_has(w, "TT", "research", "known");
	until_chair_has(w, "EMP", "research", "not-sharing");
	json_t *seen = seen_by(w, "HOU");
	assert_string_equal(text(attendee(seen, "EMP"), "reason"), "no_consent");
	json_decref(seen);
}

static void test_nothing_is_shown_before_the_statement_is_accepted(void **state)
{
	struct world *w = *state;
	act(w, "TT", part(asked("contribute"), "facts", "MH.ATT", "Came to four of six sessions"), 1);
	act(w, "TT", part(asked("contribute"), "views", "NED", "A quiet room would help"), 1);
	json_t *seen = seen_by(w, "HOU");
	assert_string_equal(text(seen, "access"), "statement");
	assert_true(text(seen, "statement")[0] != '\0');
	assert_false(says(seen, "sessions") || says(seen, "no plan") || says(seen, "quiet room"));
	json_decref(seen);
	act(w, "HOU", asked("promise"), 0);
	act(w, "TT", asked("promise"), 1);
	act(w, "EMP", asked("promise"), 1);
	until(w, "TT", "access", "open");
	until(w, "HOU", "access", "open");
	seen = seen_by(w, "TT");
	assert_true(says(seen, "no plan"));
	json_decref(seen);
}

static bool two_items(struct world *w, void *ctx)
{
	(void)ctx;
	json_t *seen = seen_by(w, "HOU");
	bool is = json_array_size(json_object_get(seen, "agenda")) == 2;
	json_decref(seen);
	return is;
}

static void test_fact_stands_apart_from_opinion_and_the_agenda_names_who_may_not_be_there(void **state)
{
	struct world *w = *state;
	world_until(w, two_items, NULL, "both contributions");
	json_t *seen = seen_by(w, "HOU");
	const json_t *agenda = json_object_get(seen, "agenda");
	assert_true(says(seen, "Came to four of six sessions"));
	const json_t *list = json_object_get(seen, "contributions");
	const json_t *fact = json_array_get(json_object_get(json_array_get(list, 0), "sections"), 0);
	const json_t *view = json_array_get(json_object_get(json_array_get(list, 1), "sections"), 0);
	assert_string_not_equal(text(fact, "voice"), text(view, "voice"));
	/* Nobody permitted EMP to hear how often she came; what would help, they may hear. The reason is not there. */
	for (size_t i = 0; i < 2; i++) {
		const json_t *item = json_array_get(agenda, i), *not_for = json_object_get(item, "not_for");
		bool attendance = strcmp(text(item, "category"), "MH.ATT") == 0;
		assert_int_equal(json_array_size(not_for), attendance);
		assert_true(!attendance || strcmp(json_string_value(json_array_get(not_for, 0)), "EMP") == 0);
	}
	assert_false(says(agenda, "CON-") || says(agenda, "permission"));
	json_decref(seen);
}

static void test_words_of_a_meeting_stand_in_no_other_list(void **state)
{
	struct world *w = *state;
	json_t *inbox = world_call(w, "HOU", told_agent_inbox, json_object());
	assert_false(says(inbox, "sessions") || says(inbox, "quiet room"));
	json_t *story = world_call(w, "HOU", told_agent_story, json_pack("{s:s}", "client", client));
	assert_false(says(story, "sessions") || says(story, "quiet room"));
}

static void test_decisions_have_owners_and_stand_from_the_meeting(void **state)
{
	struct world *w = *state;
	act(w, "TT", asked("attend"), 1);
	json_t *apologies = asked("apologies");
	json_object_set_new(apologies, "sent", json_true());
	act(w, "EMP", apologies, 1);
	until_chair_has(w, "EMP", "attendance", "apology-sent");
	act(w, "HOU", asked("start"), 2);
	until(w, "TT", "state", "started");
	until(w, "EMP", "state", "started");
	act(w, "HOU", in_a_month(list_of(with(asked("action"), "text", "Ring her on Monday"), "to", "TT")), 1);
	act(w, "HOU", in_a_month(list_of(with(asked("action"), "text", "Look for a quiet room"), "to", "HOU")), 0);
	json_t *seen = seen_by(w, "HOU");
	const json_t *actions = json_object_get(seen, "actions");
	assert_int_equal(json_array_size(actions), 2);
	snprintf(action, sizeof action, "%s", text(json_array_get(actions, 0), "action"));
	assert_string_equal(text(json_array_get(actions, 0), "state"), "open");
	assert_true(says(actions, "Ring her on Monday") && says(actions, "quiet room"));
	char own[40];
	snprintf(own, sizeof own, "%s", text(json_array_get(actions, 1), "action"));
	json_decref(seen);
	act(w, "HOU", with(asked("done"), "action", own), 0);
}

static bool action_is(struct world *w, void *ctx);

static void test_a_late_action_is_raised_to_its_owner_and_to_the_chair(void **state)
{
	struct world *w = *state;
	struct expected there = {"TT", NULL, "open"};
	world_until(w, action_is, &there, "the action to reach its owner");
	json_t *chair = reminded(w, "HOU", "action"), *owner = reminded(w, "TT", "action");
	assert_int_equal(json_array_size(chair), 1); /* what the chair's own agency did is done */
	assert_int_equal(json_array_size(owner), 1);
	assert_string_equal(text(json_array_get(chair, 0), "owner"), "TT");
	assert_string_equal(text(json_array_get(owner, 0), "action"), action);
	assert_string_equal(text(json_array_get(owner, 0), "conference"), meeting);
	assert_false(says(chair, "Ring her")); /* that it is late, and no word of it */
	json_decref(chair);
	json_decref(owner);
	assert_int_equal(reminders(w, "EMP", "action"), 0);
	json_t *now = json_object();
	struct world_agent *tt = world_agent(w, "TT");
	assert_int_equal(told_agent_attention(tt->agent, &tt->caller, NULL, now), TOLD_OK);
	assert_false(says(now, action)); /* not before its day */
	json_decref(now);
}

static bool action_is(struct world *w, void *ctx)
{
	const struct expected *e = ctx;
	json_t *seen = seen_by(w, e->party);
	bool is = strcmp(text(json_array_get(json_object_get(seen, "actions"), 0), "state"), e->value) == 0;
	json_decref(seen);
	return is;
}

static void test_the_owner_says_how_it_went_with_a_reason_where_it_was_not_possible(void **state)
{
	struct world *w = *state;
	struct expected open = {"TT", NULL, "open"}, over = {"HOU", NULL, "not-possible"};
	world_until(w, action_is, &open, "the action to reach its owner");
	world_refused(w, "TT", told_agent_conference_act, with(asked("not-possible"), "action", action), TOLD_E_USAGE);
	act(w, "TT",
	    with(with(with(asked("not-possible"), "action", action), "reason", "cannot_contact"), "text", "No answer"),
	    1);
	world_until(w, action_is, &over, "the chair to hear how it went");
	json_t *seen = seen_by(w, "HOU");
	assert_string_equal(text(json_array_get(json_object_get(seen, "actions"), 1), "state"), "done");
	json_decref(seen);
}

static void test_minutes_are_approved_by_the_chair_and_acknowledged_by_each(void **state)
{
	struct world *w = *state;
	act(w, "HOU", with(asked("minutes"), "text", "We agreed on a quiet room"), 2);
	until(w, "TT", "state", "minuted");
	act(w, "HOU", asked("approve"), 2);
	until(w, "TT", "state", "approved");
	until(w, "EMP", "state", "approved");
	act(w, "TT", asked("acknowledge"), 1);
	act(w, "EMP", with(asked("object"), "text", "We said Tuesday"), 1);
	until_chair_has(w, "TT", "minutes", "acknowledge");
	until_chair_has(w, "EMP", "minutes", "object");
	json_t *seen = seen_by(w, "HOU");
	assert_true(says(json_object_get(seen, "minutes"), "We agreed on a quiet room"));
	assert_true(says(attendee(seen, "EMP"), "We said Tuesday")); /* beside the minutes */
	json_decref(seen);
	seen = seen_by(w, "TT");
	assert_true(says(seen, "We agreed on a quiet room"));
	assert_false(says(seen, "We said Tuesday"));
	json_decref(seen);
	act(w, "HOU", in_a_month(asked("review")), 2);
	until(w, "TT", "state", "listed");
}

static void test_a_review_that_is_due_is_raised_to_the_chair_and_what_is_done_to_nobody(void **state)
{
	struct world *w = *state;
	json_t *due = reminded(w, "HOU", "conference_review");
	assert_int_equal(json_array_size(due), 1);
	assert_string_equal(text(json_array_get(due, 0), "conference"), meeting);
	json_decref(due);
	assert_int_equal(reminders(w, "TT", "conference_review"), 0);
	assert_int_equal(reminders(w, "HOU", "action") + reminders(w, "TT", "action"), 0);
}

/* The chair set the next day before everybody had read the minutes, and before every action was due. */
static void test_between_two_meetings_owners_and_agencies_still_answer(void **state)
{
	struct world *w = *state;
	act(w, "EMP", asked("acknowledge"), 1);
	until_chair_has(w, "EMP", "minutes", "acknowledge");
	act(w, "TT", with(asked("done"), "action", action), 1);
	struct expected over = {"HOU", NULL, "done"};
	world_until(w, action_is, &over, "the chair to hear how it went");
}

/* ---- what may not be ---- */

/* Refused by our own ruling and by the broker, in the log; the conference stands as before. */
static void refused(struct world *w, const char *party, json_t *request, const char *rule)
{
	json_t *before = seen_by(w, party);
	json_t *reply = world_call(w, party, told_agent_conference_act, request);
	assert_int_equal(sent(reply, "refused"), 1);
	assert_true(says(json_object_get(reply, "messages"), rule));
	json_t *after = seen_by(w, party);
	assert_true(json_equal(before, after));
	json_decref(before);
	json_decref(after);
}

static void test_an_action_for_an_agency_outside_is_refused(void **state)
{
	struct world *w = *state;
	act(w, "HOU", asked("start"), 2);
	until(w, "HOU", "state", "started");
	refused(w, "HOU", in_a_month(list_of(with(asked("action"), "text", "Come"), "to", "SUD")), "WFL-07");
	json_t *outside = in_a_month(list_of(with(asked("action"), "text", "Come"), "to", "ASC"));
	refused(w, "HOU", outside, "WFL-07");
}

static void test_minutes_to_a_person_who_is_no_party_are_refused(void **state)
{
	struct world *w = *state;
	refused(w, "HOU", list_of(with(asked("minutes"), "text", "All of it"), "to", "NOK"), "WFL-06");
}

static void test_a_contribution_after_the_close_is_refused(void **state)
{
	struct world *w = *state;
	act(w, "HOU", asked("end"), 2);
	until(w, "TT", "state", "ended");
	until(w, "TT", "access", "over");
	refused(w, "TT", part(asked("contribute"), "facts", "MH.ATT", "One more"), "WFL-02");
	json_t *seen = seen_by(w, "TT");
	assert_false(says(seen, "We agreed on a quiet room")); /* access ended by itself */
	json_decref(seen);
}

static void test_a_chair_who_is_kept_from_the_person_sees_what_a_stranger_would(void **state)
{
	struct world *w = *state;
	struct world_agent *a = world_agent(w, "HOU");
	world_call(
		w, "TT", told_agent_flag,
		json_pack("{s:s, s:s, s:s}", "client", client, "kind", "worker_excluded", "worker", a->caller.number));
	json_t *seen = NULL;
	int64_t end_ms = world_now_ms() + WORLD_WAIT_MS;
	while ((seen = seen_by(w, "HOU")) != NULL) {
		json_decref(seen);
		assert_true(world_now_ms() < end_ms);
		world_turns(w);
	}
	world_refused(w, "HOU", told_agent_conference_act, asked("end"), TOLD_E_NOT_FOUND);
	json_t *all = world_call(w, "HOU", told_agent_conferences, json_object());
	assert_int_equal(json_array_size(json_object_get(all, "conferences")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_meeting_is_called_and_listed),
		cmocka_unit_test(test_one_refusal_takes_away_one_view_and_not_the_meeting),
		cmocka_unit_test(test_research_says_known_or_not_and_why_not_shared),
		cmocka_unit_test(test_nothing_is_shown_before_the_statement_is_accepted),
		cmocka_unit_test(test_fact_stands_apart_from_opinion_and_the_agenda_names_who_may_not_be_there),
		cmocka_unit_test(test_words_of_a_meeting_stand_in_no_other_list),
		cmocka_unit_test(test_decisions_have_owners_and_stand_from_the_meeting),
		cmocka_unit_test(test_a_late_action_is_raised_to_its_owner_and_to_the_chair),
		cmocka_unit_test(test_the_owner_says_how_it_went_with_a_reason_where_it_was_not_possible),
		cmocka_unit_test(test_minutes_are_approved_by_the_chair_and_acknowledged_by_each),
		cmocka_unit_test(test_a_review_that_is_due_is_raised_to_the_chair_and_what_is_done_to_nobody),
		cmocka_unit_test(test_between_two_meetings_owners_and_agencies_still_answer),
		cmocka_unit_test(test_an_action_for_an_agency_outside_is_refused),
		cmocka_unit_test(test_minutes_to_a_person_who_is_no_party_are_refused),
		cmocka_unit_test(test_a_contribution_after_the_close_is_refused),
		cmocka_unit_test(test_a_chair_who_is_kept_from_the_person_sees_what_a_stranger_would),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
