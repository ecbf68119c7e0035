/* SPDX-License-Identifier: Apache-2.0 */
/* An action plan through a real broker and real agents: told step by step to whoever has one, progress comes back, what
 * waits does not start, and what was withdrawn is no longer shown. */
#include "agent/world.h"

#include "agents/agent/work/plan.h"

static struct world world;
static char client[64];

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static json_t *asked(const char *step, const char *member, const char *words)
{
	json_t *request = json_pack("{s:s}", "client", client);
	if (step != NULL)
		json_object_set_new(request, "step", json_string(step));
	if (member != NULL)
		json_object_set_new(request, member, json_string(words));
	return request;
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
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s,s], s:[s], s:[s,s,s,s], s:s}", "client", client, "recipients", "SUD", "EMP",
			     "purposes", "COORD", "include", "GOA", "PLN", "SUP", "EMP.*", "evidence", "signature"));
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s], s:[s], s:s}", "client", client, "recipients", "SUD", "purposes",
			     "COORD", "include", "SUD.USE", "evidence", "signature"));
	world_call(w, "SUD", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s], s:[s], s:s}", "client", client, "recipients", "HOU", "purposes",
			     "COORD", "include", "SUD.USE", "evidence", "signature"));
	for (size_t i = 2; i < 4; i++) /* SUD and EMP would tell the others of their steps */
		world_call(w, w->agents[i].party, told_agent_consent,
			   json_pack("{s:s, s:[s,s,s], s:[s], s:[s,s], s:s}", "client", client, "recipients", "HOU",
				     "EMP", "SUD", "purposes", "COORD", "include", "GOA", "PLN", "evidence",
				     "signature"));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* The first plan as an agency's worker sees it; NULL before there is one. The caller's. */
static json_t *plan_of(struct world *w, const char *party)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = asked(NULL, NULL, NULL), *plan = NULL;
	if (told_agent_plan(a->agent, &a->caller, request, &reply) == TOLD_OK)
		plan = json_incref(json_array_get(json_object_get(reply.json, "plans"), 0));
	json_decref(request);
	told_reply_free(&reply);
	return plan;
}

struct expected {
	const char *party;
	size_t place; /* from 0 */
	const char *member, *value;
};

static bool stands(struct world *w, void *ctx)
{
	const struct expected *e = ctx;
	json_t *plan = plan_of(w, e->party);
	const json_t *step = json_array_get(json_object_get(plan, "steps"), e->place);
	bool is = step != NULL && strcmp(text(step, e->member), e->value) == 0;
	json_decref(plan);
	return is;
}

static void until_stands(struct world *w, const char *party, size_t place, const char *member, const char *value)
{
	struct expected e = {party, place, member, value};
	world_until(w, stands, &e, "a step to stand there");
}

static bool is_withheld(struct world *w, void *ctx)
{
	const struct expected *e = ctx;
	json_t *plan = plan_of(w, e->party);
	bool is = json_is_true(json_object_get(json_array_get(json_object_get(plan, "steps"), e->place), "withheld"));
	json_decref(plan);
	return is;
}

static json_t *add(const char *what, const char *owner, const char *after)
{
	json_t *request = json_pack("{s:s, s:s, s:s}", "client", client, "what", what, "owner", owner);
	if (after != NULL) {
		json_object_set_new(request, "after", json_pack("[s]", after));
		json_object_set_new(request, "wish", json_true());
	}
	return request;
}

/* ---- making it ---- */

static void test_a_plan_begins_with_a_goal_in_the_persons_own_words(void **state)
{
	json_t *reply = world_call(
		*state, "HOU", told_agent_plan_add,
		json_pack("{s:s, s:s, s:s}", "client", client, "goal", "A door of my own", "what", "Ask for a place"));
	const json_t *plan = json_object_get(reply, "plan");
	assert_string_equal(json_string_value(json_array_get(json_object_get(plan, "goals"), 0)), "A door of my own");
	assert_string_equal(text(plan, "keeper"), "HOU");
	assert_int_equal(json_integer_value(json_object_get(reply, "step")), 1);
}

static void test_each_service_hears_of_its_step(void **state)
{
	struct world *w = *state;
	json_t *secret = add("See the nurse", "SUD", NULL);
	json_object_set_new(secret, "classified", json_pack("[s]", "SUD.USE"));
	world_call(w, "HOU", told_agent_plan_add, secret);
	json_t *reply = world_call(w, "HOU", told_agent_plan_add, add("Try the course", "EMP", "2"));
	assert_int_equal(json_array_size(json_object_get(reply, "told")), 2);
	until_stands(w, "EMP", 2, "what", "Try the course");
	until_stands(w, "SUD", 1, "what", "See the nurse");
	assert_null(plan_of(w, "TT"));
}

static void test_a_step_that_the_permission_does_not_cover_is_withheld_and_keeps_its_place(void **state)
{
	struct world *w = *state;
	struct expected e = {"EMP", 1, NULL, NULL};
	world_until(w, is_withheld, &e, "the nurse withheld from employability");
	json_t *plan = plan_of(w, "EMP");
	char *dump = json_dumps(plan, 0);
	assert_null(strstr(dump, "nurse"));
	assert_non_null(strstr(dump, "A door of my own"));
	const json_t *third = json_array_get(json_object_get(plan, "steps"), 2);
	const json_t *waits = json_array_get(json_object_get(third, "waiting_for"), 0);
	assert_int_equal(json_integer_value(json_object_get(waits, "step")), 2);
	assert_string_equal(text(waits, "owner"), "");
	free(dump);
	json_decref(plan);
}

/* ---- how it goes ---- */

static void test_a_step_does_not_start_before_what_it_waits_for_and_that_is_counted(void **state)
{
	struct world *w = *state;
	world_refused(w, "EMP", told_agent_plan_start, asked("3", NULL, NULL), TOLD_E_REFUSED);
	world_refused(w, "EMP", told_agent_plan_done, asked("3", "outcome", "It is done"), TOLD_E_REFUSED);
	json_t *plan = plan_of(w, "EMP");
	assert_int_equal(json_integer_value(json_object_get(plan, "out_of_order_refused")), 2);
	json_decref(plan);
	until_stands(w, "EMP", 2, "state", "to-do");
}

static void test_another_services_step_is_not_ours_to_speak_of(void **state)
{
	struct world *w = *state;
	world_refused(w, "HOU", told_agent_plan_start, asked("2", NULL, NULL), TOLD_E_NOT_ALLOWED);
	world_refused(w, "SUD", told_agent_plan_add, add("Something", "SUD", NULL), TOLD_E_NOT_ALLOWED);
	world_refused(w, "SUD", told_agent_plan_move,
		      json_pack("{s:s, s:s, s:i}", "client", client, "step", "1", "place", 2), TOLD_E_NOT_ALLOWED);
	world_refused(w, "HOU", told_agent_plan_start, asked("9", NULL, NULL), TOLD_E_NOT_FOUND);
	world_refused(w, "HOU", told_agent_plan_start, asked("two", NULL, NULL), TOLD_E_USAGE);
	world_refused(w, "TT", told_agent_plan_start, asked("1", NULL, NULL), TOLD_E_NOT_FOUND);
}

static void test_what_may_not_stand_in_a_plan_is_refused(void **state)
{
	struct world *w = *state;
	json_t *past = add("Ring them", "HOU", NULL), *condition = add("Wait", "SUD", "1"),
	       *crisis = add("Ring 999", "HOU", "1");
	json_object_set_new(past, "due_ms", json_integer(1000));
	json_object_del(condition, "wish");
	json_object_set_new(crisis, "kind", json_string("crisis"));
	world_refused(w, "HOU", told_agent_plan_add, past, TOLD_E_USAGE);
	world_refused(w, "HOU", told_agent_plan_add, condition, TOLD_E_REFUSED);
	world_refused(w, "HOU", told_agent_plan_add, crisis, TOLD_E_REFUSED);
	world_refused(w, "HOU", told_agent_plan_move,
		      json_pack("{s:s, s:s, s:[s], s:b}", "client", client, "step", "2", "after", "3", "wish", 1),
		      TOLD_E_REFUSED);
	world_refused(w, "HOU", told_agent_plan_add, json_pack("{s:s}", "client", client), TOLD_E_USAGE);
	json_t *plan = plan_of(w, "HOU");
	assert_int_equal(json_array_size(json_object_get(plan, "steps")), 3);
	json_decref(plan);
}

static void test_progress_comes_back_and_lets_the_next_one_start(void **state)
{
	struct world *w = *state;
	world_call(w, "SUD", told_agent_plan_start, asked("2", NULL, NULL));
	until_stands(w, "HOU", 1, "state", "started");
	world_call(w, "SUD", told_agent_plan_done, asked("2", "outcome", "Seen on Monday"));
	until_stands(w, "HOU", 1, "state", "done");
	until_stands(w, "HOU", 1, "outcome", "Seen on Monday");
	struct told_reply reply = TOLD_REPLY;
	struct world_agent *emp = world_agent(w, "EMP");
	int64_t end_ms = world_now_ms() + WORLD_WAIT_MS;
	enum told_status status;
	do { /* the keeper says that step 2 is over, though not what it was */
		assert_true(world_now_ms() < end_ms);
		world_turns(w);
		json_t *request = asked("3", NULL, NULL);
		told_reply_free(&reply);
		status = told_agent_plan_start(emp->agent, &emp->caller, request, &reply);
		json_decref(request);
	} while (status == TOLD_E_REFUSED);
	assert_int_equal(status, TOLD_OK);
	told_reply_free(&reply);
	until_stands(w, "HOU", 2, "state", "started");
}

static void test_an_owner_may_go_first_and_says_why(void **state)
{
	struct world *w = *state;
	world_call(w, "HOU", told_agent_plan_add, add("Measure for curtains", "HOU", "3"));
	world_refused(w, "HOU", told_agent_plan_start, asked("4", NULL, NULL), TOLD_E_REFUSED);
	world_call(w, "HOU", told_agent_plan_start, asked("4", "because", "The shop was open today"));
	until_stands(w, "EMP", 3, "because", "The shop was open today");
}

static void test_the_order_is_the_persons_and_is_told(void **state)
{
	struct world *w = *state;
	world_call(w, "HOU", told_agent_plan_move,
		   json_pack("{s:s, s:s, s:i}", "client", client, "step", "3", "place", 1));
	until_stands(w, "EMP", 0, "what", "Try the course");
	until_stands(w, "SUD", 0, "what", "Try the course");
}

static void test_only_a_step_with_its_outcome_counts_as_a_referral_avoided(void **state)
{
	struct world *w = *state;
	struct told_plan_count count;
	struct told_agent *hou = world_agent(w, "HOU")->agent;
	json_t *step = add("First steps for low mood", "HOU", NULL);
	json_object_set_new(step, "need", json_string("low-mood-first-steps"));
	world_call(w, "HOU", told_agent_plan_add, step);
	assert_int_equal(told_plan_count(hou, told_bytes(NULL, 0), told_bytes(NULL, 0), &count), TOLD_OK);
	assert_int_equal(count.opened, 1);
	assert_int_equal(count.with_outcome, 0);
	world_refused(w, "HOU", told_agent_plan_done, asked("5", NULL, NULL), TOLD_E_USAGE);
	world_call(w, "HOU", told_agent_plan_done, asked("5", "outcome", "Sleeps through the night"));
	assert_int_equal(told_plan_count(hou, told_bytes(NULL, 0), told_text("low-mood-first-steps"), &count), TOLD_OK);
	assert_int_equal(count.with_outcome, 1);
	assert_int_equal(told_plan_count(hou, told_bytes(NULL, 0), told_text("rent-arrears"), &count), TOLD_OK);
	assert_int_equal(count.opened, 0);
}

/* ---- taking back ---- */

static bool only_their_own(struct world *w, void *ctx)
{
	json_t *plan = plan_of(w, ctx), *step = NULL;
	size_t i = 0, shown = 0;
	json_array_foreach(json_object_get(plan, "steps"), i, step) shown += json_object_get(step, "what") != NULL;
	bool is = shown == 1 && json_array_size(json_object_get(plan, "goals")) == 0;
	json_decref(plan);
	return is;
}

static void test_after_a_withdrawal_a_service_sees_its_own_step_alone(void **state)
{
	struct world *w = *state;
	world_call(
		w, "HOU", told_agent_withdraw,
		json_pack("{s:s, s:[s], s:[s,s]}", "client", client, "recipients", "EMP", "categories", "PLN", "GOA"));
	world_until(w, only_their_own, (void *)(uintptr_t) "EMP", "the plan hidden at employability");
	json_t *reply = world_call(w, "HOU", told_agent_plan_add, add("Choose a colour", "HOU", NULL));
	const json_t *told = json_object_get(reply, "told");
	size_t denied = 0;
	for (size_t i = 0; i < json_array_size(told); i++)
		denied += strcmp(text(json_array_get(told, i), "effect"), "deny") == 0;
	assert_int_equal(denied, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_plan_begins_with_a_goal_in_the_persons_own_words),
		cmocka_unit_test(test_each_service_hears_of_its_step),
		cmocka_unit_test(test_a_step_that_the_permission_does_not_cover_is_withheld_and_keeps_its_place),
		cmocka_unit_test(test_a_step_does_not_start_before_what_it_waits_for_and_that_is_counted),
		cmocka_unit_test(test_another_services_step_is_not_ours_to_speak_of),
		cmocka_unit_test(test_what_may_not_stand_in_a_plan_is_refused),
		cmocka_unit_test(test_progress_comes_back_and_lets_the_next_one_start),
		cmocka_unit_test(test_an_owner_may_go_first_and_says_why),
		cmocka_unit_test(test_the_order_is_the_persons_and_is_told),
		cmocka_unit_test(test_only_a_step_with_its_outcome_counts_as_a_referral_avoided),
		cmocka_unit_test(test_after_a_withdrawal_a_service_sees_its_own_step_alone),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
