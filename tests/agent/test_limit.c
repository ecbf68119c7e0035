/* SPDX-License-Identifier: Apache-2.0 */
/* A permission that names a team: what comes under it is shown to that team and to nobody else of the agency. */
#include "agent/world.h"

static struct world world;
static char client[64];
static struct told_caller outsider; /* a worker of TT who is in no team */

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static int open_world(void **state)
{
	struct world *w = *state = &world;
	world_open(w);
	json_t *made = world_call(w, "TT", told_agent_worker_add, json_object());
	assert_int_equal(told_agent_caller(world_agent(w, "TT")->agent, told_text(text(made, "token")), &outsider),
			 TOLD_OK);
	assert_int_equal(outsider.team_count, 0);
	snprintf(client, sizeof client, "%s", text(world_call(w, "HOU", told_agent_card_new, json_object()), "client"));
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID",
			     "text", "Ada", "category", "HOU.SIT", "text", "Sleeping on a sofa"));
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[{s:s,s:s}], s:[s], s:[s,s], s:s}", "client", client, "recipients", "party", "TT",
			     "team", "front", "purposes", "COORD", "include", "DEM.ID", "HOU.SIT", "evidence",
			     "signature"));
	world_call(w, "TT", told_agent_relationship, json_pack("{s:s}", "client", client));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static size_t seen(struct world *w, told_agent_call *call, const char *list, const struct told_caller *caller)
{
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client), *one = NULL;
	size_t i = 0, count = 0;
	assert_int_equal(call(world_agent(w, "TT")->agent, caller, request, &reply), TOLD_OK);
	json_array_foreach(json_object_get(reply.json, list), i, one) count +=
		json_object_get(one, "parcel") != NULL ? json_array_size(json_object_get(one, "sections")) : 1;
	json_decref(request);
	told_reply_free(&reply);
	return count;
}

static bool team_sees(struct world *w, void *ctx)
{
	(void)ctx;
	return seen(w, told_agent_story, "sections", &world_agent(w, "TT")->caller) == 2;
}

static void test_the_named_team_gets_what_it_asks_for(void **state)
{
	struct world *w = *state;
	world_call(
		w, "TT", told_agent_ask,
		json_pack("{s:s, s:[s], s:[s,s]}", "client", client, "from", "HOU", "categories", "DEM.ID", "HOU.SIT"));
	world_until(w, team_sees, NULL, "the story with the team that the permission names");
	assert_int_equal(seen(w, told_agent_inbox, "parcels", &world_agent(w, "TT")->caller), 2);
}

static enum told_status count_one(void *ctx, const struct told_agent_section *section)
{
	(void)section;
	++*(size_t *)ctx;
	return TOLD_OK;
}

static void test_nobody_else_of_the_agency_sees_it(void **state)
{
	struct world *w = *state;
	size_t prefilled = 0;
	assert_int_equal(seen(w, told_agent_story, "sections", &outsider), 0);
	assert_int_equal(seen(w, told_agent_inbox, "parcels", &outsider), 0);
	assert_int_equal(
		told_agent_sections(world_agent(w, "TT")->agent, &outsider, told_text(client), count_one, &prefilled),
		TOLD_OK);
	assert_int_equal(prefilled, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_named_team_gets_what_it_asks_for),
		cmocka_unit_test(test_nobody_else_of_the_agency_sees_it),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
