/* SPDX-License-Identifier: Apache-2.0 */
/* What the lead worker hears, through a real broker and real agents: every change that the rulings allow, wherever it
 * happened, in one list; nothing that they do not allow, and nothing for anybody else. */
#include "agent/world.h"

#define FAR INT64_C(1900000000000)

static struct world world;
static char client[64], referral[64], lead_number[64];
static struct told_caller lead; /* a worker of SUD */

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static void permit(struct world *w, const char *at, const char *to, const char *const *categories)
{
	json_t *list = json_array();
	for (size_t i = 0; categories[i] != NULL; i++)
		json_array_append_new(list, json_string(categories[i]));
	world_call(w, at, told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s,s], s:o, s:s}", "client", client, "recipients", to, "purposes", "COORD",
			     "REFERRAL", "include", list, "evidence", "signature"));
}

static int open_world(void **state)
{
	struct world *w = *state = &world;
	world_open(w);
	json_t *made = world_call(w, "SUD", told_agent_worker_add, json_object());
	snprintf(lead_number, sizeof lead_number, "%s", text(made, "number"));
	assert_int_equal(told_agent_caller(world_agent(w, "SUD")->agent, told_text(text(made, "token")), &lead),
			 TOLD_OK);
	snprintf(client, sizeof client, "%s", text(world_call(w, "HOU", told_agent_card_new, json_object()), "client"));
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID",
			     "text", "Ada", "category", "HOU.SIT", "text", "Sleeping on a sofa"));
	permit(w, "HOU", "TT", (const char *const[]){"DEM.ID", "HOU.SIT", "NED", "SUP", "GOA", "PLN", NULL});
	permit(w, "HOU", "SUD", (const char *const[]){"REF.META", "HOU.SIT", "SUP", "GOA", "PLN", NULL});
	world_call(w, "HOU", told_agent_plan_add,
		   json_pack("{s:s, s:s, s:s}", "client", client, "what", "Talk about sleep", "owner", "TT"));
	char to[96], deputy[96];
	snprintf(to, sizeof to, "SUD:%s", lead_number);
	snprintf(deputy, sizeof deputy, "HOU:%s", world_agent(w, "HOU")->caller.number);
	world_call(w, "HOU", told_agent_team_lead,
		   json_pack("{s:s, s:s, s:s, s:I, s:b}", "client", client, "to", to, "deputy", deputy, "until_ms", FAR,
			     "chosen", 1));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* How often the list of a worker has a line with these words; new: only lines that are new. */
static size_t lines(struct world *w, const char *party, const struct told_caller *caller, const char *words)
{
	struct told_reply reply = TOLD_REPLY;
	size_t i, count = 0;
	json_t *one = NULL;
	assert_int_equal(told_agent_team_news(world_agent(w, party)->agent, caller, NULL, &reply), TOLD_OK);
	json_array_foreach(json_object_get(reply.json, "news"), i, one)
	{
		count += strstr(text(one, "what"), words) != NULL && strcmp(text(one, "client"), client) == 0;
	}
	told_reply_free(&reply);
	return count;
}

struct heard {
	const char *party;
	const struct told_caller *caller;
	const char *words;
};

static bool heard(struct world *w, void *ctx)
{
	const struct heard *h = ctx;
	return lines(w, h->party, h->caller, h->words) > 0;
}

static void lead_hears(struct world *w, const char *words)
{
	struct heard h = {"SUD", &lead, words};
	world_until(w, heard, &h, words);
}

static bool knows_lead(struct world *w, void *party)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client);
	bool knows = told_agent_team(a->agent, &a->caller, request, &reply) == TOLD_OK &&
		     strcmp(text(json_object_get(reply.json, "lead"), "lead"), lead_number) == 0;
	json_decref(request);
	told_reply_free(&reply);
	return knows;
}

static void test_the_lead_hears_of_the_plan_and_of_a_referral_to_another_service(void **state)
{
	struct world *w = *state;
	world_until(w, knows_lead, (void *)(uintptr_t) "SUD", "the lead known at SUD");
	world_until(w, knows_lead, (void *)(uintptr_t) "TT", "the lead known at TT");
	lead_hears(w, "The plan or the team changed.");
	json_t *reply =
		world_call(w, "HOU", told_agent_refer,
			   json_pack("{s:s, s:s, s:s}", "client", client, "to", "TT", "note", "Mornings are best"));
	snprintf(referral, sizeof referral, "%s", text(reply, "referral"));
	lead_hears(w, "Referred to TT.");
}

static bool at_tt(struct world *w, void *ctx)
{
	struct world_agent *a = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "referral", referral);
	bool there = told_agent_referral(a->agent, &a->caller, request, &reply) == TOLD_OK;
	(void)ctx;
	json_decref(request);
	told_reply_free(&reply);
	return there;
}

static json_t *act(const char *name, const char *member, const char *value)
{
	json_t *request = json_pack("{s:s, s:s}", "referral", referral, "act", name);
	if (member != NULL)
		json_object_set_new(request, member, json_string(value));
	return request;
}

/* TT has no permission yet to tell SUD how anything stands. */
static void test_what_the_ruling_does_not_allow_is_not_told(void **state)
{
	struct world *w = *state;
	world_until(w, at_tt, NULL, "the referral at TT");
	world_call(w, "TT", told_agent_answer_referral, act("accept", NULL, NULL));
	/* What came after it has come: then it would have come, too. */
	world_call(w, "HOU", told_agent_note_add,
		   json_pack("{s:s, s:s, s:[s], s:[s], s:b}", "client", client, "text", "Viewing on Friday", "to", "TT",
			     "about", "HOU.SIT", "yes", 1));
	struct heard deputy = {"HOU", &world_agent(w, "HOU")->caller, "They answered a referral: accepted."};
	world_until(w, heard, &deputy, "the deputy's line, by the answer itself");
	lead_hears(w, "A note was shared between services.");
	assert_int_equal(lines(w, "SUD", &lead, "Referral to TT"), 0);
}

static void test_the_lead_hears_of_a_missed_meeting_a_pause_and_a_closure(void **state)
{
	struct world *w = *state;
	permit(w, "TT", "SUD", (const char *const[]){"REF.META", NULL});
	world_call(w, "TT", told_agent_referral_tried,
		   json_pack("{s:s, s:s, s:s}", "referral", referral, "way", "meeting", "result", "not_met"));
	lead_hears(w, "We did not meet.");
	world_call(w, "TT", told_agent_answer_referral, act("pause", "reason", "door_open"));
	lead_hears(w, "Referral to TT: on-hold");
	world_call(w, "TT", told_agent_answer_referral, act("back", NULL, NULL));
	world_call(w, "TT", told_agent_answer_referral, act("close", "reason", "completed"));
	lead_hears(w, "Referral to TT: completed");
}

/* An alert speaks of what SUD may not know here (RSK.SELF is in no permission to it). */
static void test_an_alert_is_heard_of_only_by_who_may_know_what_it_speaks_of(void **state)
{
	struct world *w = *state;
	struct world_agent *hou = world_agent(w, "HOU");
	json_t *request = json_pack("{s:s, s:s, s:s, s:s, s:s}", "client", client, "to", "ASC", "kind", "safeguarding",
				    "concern", "He is coming", "reason", "Not safe to ask");
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(told_agent_alert(hou->agent, &hou->caller, request, &reply), TOLD_OK);
	json_decref(request);
	told_reply_free(&reply);
	struct heard deputy = {"HOU", &hou->caller, "An alert was raised"};
	world_until(w, heard, &deputy, "the deputy's line, where the alert was raised");
	world_call(w, "TT", told_agent_answer_referral, act("inform", "note", "All is well"));
	assert_int_equal(lines(w, "SUD", &lead, "An alert"), 0);
}

static void test_nobody_else_has_a_list_and_what_is_new_is_said_once(void **state)
{
	struct world *w = *state;
	struct world_agent *sud = world_agent(w, "SUD");
	struct told_reply reply = TOLD_REPLY;
	json_t *one = NULL;
	size_t i;
	assert_int_equal(told_agent_team_news(sud->agent, &sud->caller, NULL, &reply), TOLD_OK);
	assert_int_equal(json_array_size(json_object_get(reply.json, "news")), 0);
	told_reply_free(&reply);
	assert_int_equal(told_agent_team_news(sud->agent, &lead, NULL, &reply), TOLD_OK);
	assert_true(json_array_size(json_object_get(reply.json, "news")) > 4);
	json_int_t before = INT64_MAX;
	json_array_foreach(json_object_get(reply.json, "news"), i, one)
	{
		json_int_t time_ms = json_integer_value(json_object_get(one, "time_ms"));
		assert_true(json_is_false(json_object_get(one, "new")));
		assert_true(time_ms <= before);
		before = time_ms;
	}
	told_reply_free(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_lead_hears_of_the_plan_and_of_a_referral_to_another_service),
		cmocka_unit_test(test_what_the_ruling_does_not_allow_is_not_told),
		cmocka_unit_test(test_the_lead_hears_of_a_missed_meeting_a_pause_and_a_closure),
		cmocka_unit_test(test_an_alert_is_heard_of_only_by_who_may_know_what_it_speaks_of),
		cmocka_unit_test(test_nobody_else_has_a_list_and_what_is_new_is_said_once),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
