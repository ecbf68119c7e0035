/* SPDX-License-Identifier: Apache-2.0 */
/* A permission or a referral that names a team or a role: what comes under it is shown to them and to nobody else of
 * the agency, who cannot tell the person from somebody unknown. */
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

/* ---- a referral to one team, to one role ---- */

/* What a worker of TT gets for a person, the reference aside; every list and every page that names people. */
static char *view(struct world *w, told_agent_call *call, const struct told_caller *caller, const char *whom)
{
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", whom);
	enum told_status status = call(world_agent(w, "TT")->agent, caller, request, &reply);
	char *dump = reply.json == NULL ? NULL : json_dumps(reply.json, JSON_SORT_KEYS), *out = NULL;
	struct told_buf text = TOLD_BUF(1u << 20);
	world_replace(&text, dump == NULL ? "" : dump, whom, "CLIENT");
	assert_true(asprintf(&out, "%d %s %s", (int)status, told_buf_cstr(&text),
			     told_buf_cstr(&reply.why) == NULL ? "" : told_buf_cstr(&reply.why)) > 0);
	told_buf_free(&text);
	free(dump);
	json_decref(request);
	told_reply_free(&reply);
	return out;
}

static const struct {
	const char *name;
	told_agent_call *call;
} looks[] = {
	{"story show", told_agent_story},
	{"inbox", told_agent_inbox},
	{"sent", told_agent_sent},
	{"referral ls", told_agent_referrals},
	{"consent show", told_agent_consents},
	{"plan show", told_agent_plan},
	{"team show", told_agent_team},
	{"note ls", told_agent_notes},
	{"need ls", told_agent_needs},
	{"risk ls", told_agent_risks},
	{"override ls", told_agent_alerts},
	{"disagree ls", told_agent_disagreements},
	{"complaint ls", told_agent_complaints},
	{"onward", told_agent_onward},
};

static json_t *referral_of(const char *whom, const char *member, const char *value)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "client", whom, "to", "TT", "note", "Mornings are best", member,
			 value);
}

static char person[64], nobody[64], referral[64];

static void make(struct world *w)
{
	snprintf(person, sizeof person, "%s", text(world_call(w, "HOU", told_agent_card_new, json_object()), "client"));
	snprintf(nobody, sizeof nobody, "%s", text(world_call(w, "HOU", told_agent_card_new, json_object()), "client"));
	world_call(
		w, "HOU", told_agent_tell,
		json_pack("{s:s, s:[{s:s,s:s}]}", "client", person, "sections", "category", "DEM.ID", "text", "Ben"));
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s], s:[s,s], s:s}", "client", person, "recipients", "TT", "purposes",
			     "REFERRAL", "include", "DEM.ID", "NED", "evidence", "signature"));
}

static void send_to(struct world *w, const char *member, const char *value)
{
	make(w);
	json_t *reply = world_call(w, "HOU", told_agent_refer, referral_of(person, member, value));
	snprintf(referral, sizeof referral, "%s", text(reply, "referral"));
}

static bool shows(struct world *w, const struct told_caller *caller)
{
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "referral", referral);
	bool shown = told_agent_referral(world_agent(w, "TT")->agent, caller, request, &reply) == TOLD_OK;
	json_decref(request);
	told_reply_free(&reply);
	return shown;
}

static bool arrived(struct world *w, void *ctx)
{
	return shows(w, ctx == NULL ? &world_agent(w, "TT")->caller : ctx);
}

static void assert_a_stranger(struct world *w, const struct told_caller *caller)
{
	assert_false(shows(w, caller));
	for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
		char *about = view(w, looks[i].call, caller, person), *unknown = view(w, looks[i].call, caller, nobody);
		if (strcmp(about, unknown) != 0)
			fail_msg("told %s tells them apart: %s is not %s", looks[i].name, about, unknown);
		free(about);
		free(unknown);
	}
	/* Without a name in the question: lists and notices of everybody. */
	static told_agent_call *const all[] = {told_agent_inbox, told_agent_referrals, told_agent_sent,
					       told_agent_risks};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct told_reply reply = TOLD_REPLY;
		assert_int_equal(all[i](world_agent(w, "TT")->agent, caller, NULL, &reply), TOLD_OK);
		char *dump = json_dumps(reply.json, 0);
		assert_null(strstr(dump, person));
		free(dump);
		told_reply_free(&reply);
	}
}

static void test_a_referral_to_a_team_is_that_teams_alone(void **state)
{
	struct world *w = *state;
	world_refused(w, "HOU", told_agent_refer, referral_of(client, "team", "nowhere"), TOLD_E_UNKNOWN);
	send_to(w, "team", "front");
	world_until(w, arrived, NULL, "the referral with the team that it names");
	assert_a_stranger(w, &outsider);
	struct told_reply reply = TOLD_REPLY;
	json_t *accept = json_pack("{s:s, s:s}", "referral", referral, "act", "accept");
	assert_int_equal(told_agent_answer_referral(world_agent(w, "TT")->agent, &outsider, accept, &reply),
			 TOLD_E_NOT_FOUND);
	json_decref(accept);
	told_reply_free(&reply);
	assert_true(shows(w, &world_agent(w, "TT")->caller));
}

/* What follows in the referral stays with the team: our answer, and what its sender adds. */
static bool follow_up(struct world *w, void *ctx)
{
	(void)ctx;
	char *dump = view(w, told_agent_inbox, &world_agent(w, "TT")->caller, person);
	bool there = strstr(dump, "Tuesdays") != NULL;
	free(dump);
	return there;
}

static void test_so_is_what_follows_in_it(void **state)
{
	struct world *w = *state;
	world_call(w, "TT", told_agent_answer_referral,
		   json_pack("{s:s, s:s, s:s}", "referral", referral, "act", "ask", "note", "Which mornings?"));
	world_call(w, "HOU", told_agent_answer_referral,
		   json_pack("{s:s, s:s, s:s}", "referral", referral, "act", "inform", "note", "Tuesdays"));
	world_until(w, follow_up, NULL, "what the sender adds");
	assert_a_stranger(w, &outsider);
}

static void test_a_referral_to_a_role_is_that_roles_alone(void **state)
{
	struct world *w = *state;
	send_to(w, "role", "senior");
	world_until(w, arrived, NULL, "the referral with the role that it names");
	assert_a_stranger(w, &outsider);
}

static void test_a_role_that_nobody_has_any_more_loses_no_referral(void **state)
{
	struct world *w = *state;
	struct told_caller only;
	json_t *made = world_call(w, "TT", told_agent_worker_add, json_pack("{s:[s]}", "roles", "dsl"));
	char number[64];
	snprintf(number, sizeof number, "%s", text(made, "number"));
	assert_int_equal(told_agent_caller(world_agent(w, "TT")->agent, told_text(text(made, "token")), &only),
			 TOLD_OK);
	send_to(w, "role", "dsl");
	world_until(w, arrived, &only, "the referral with the one worker of the role");
	assert_false(shows(w, &world_agent(w, "TT")->caller));
	world_call(w, "TT", told_agent_worker_set, json_pack("{s:s, s:s}", "number", number, "state", "left"));
	assert_true(shows(w, &world_agent(w, "TT")->caller));
	assert_a_stranger(w, &outsider);
}

/* ---- an update, a note ---- */

static bool front_has(struct world *w, void *words)
{
	char *dump = view(w, told_agent_inbox, &world_agent(w, "TT")->caller, person);
	bool there = strstr(dump, words) != NULL;
	free(dump);
	return there;
}

static void test_an_update_and_a_note_may_be_for_one_team(void **state)
{
	struct world *w = *state;
	make(w);
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s], s:[s,s], s:s}", "client", person, "recipients", "TT", "purposes",
			     "COORD", "include", "HOU.SIT", "REF.META", "evidence", "signature"));
	world_refused(
		w, "HOU", told_agent_update,
		json_pack("{s:s, s:s, s:s, s:s}", "client", person, "to", "TT", "note", "Hello", "team", "nowhere"),
		TOLD_E_UNKNOWN);
	world_call(w, "HOU", told_agent_note_add,
		   json_pack("{s:s, s:s, s:[s], s:[s], s:s, s:b}", "client", person, "text", "Viewing on Friday", "to",
			     "TT", "about", "HOU.SIT", "team", "front", "yes", 1));
	world_until(w, front_has, (void *)(uintptr_t) "Viewing", "the note with the team that it names");
	world_call(
		w, "HOU", told_agent_update,
		json_pack("{s:s, s:s, s:s, s:s}", "client", person, "to", "TT", "note", "Still on", "team", "front"));
	world_until(w, front_has, (void *)(uintptr_t) "Still on", "the update with the team that it names");
	assert_a_stranger(w, &outsider);
}

/* ---- a permission that names a role ---- */

static bool role_sees(struct world *w, void *ctx)
{
	(void)ctx;
	char *dump = view(w, told_agent_story, &world_agent(w, "TT")->caller, person);
	bool there = strstr(dump, "Cleo") != NULL;
	free(dump);
	return there;
}

static void test_a_permission_that_names_a_role_is_kept_to_it(void **state)
{
	struct world *w = *state;
	snprintf(person, sizeof person, "%s", text(world_call(w, "HOU", told_agent_card_new, json_object()), "client"));
	world_call(
		w, "HOU", told_agent_tell,
		json_pack("{s:s, s:[{s:s,s:s}]}", "client", person, "sections", "category", "DEM.ID", "text", "Cleo"));
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[{s:s,s:s}], s:[s], s:[s], s:s}", "client", person, "recipients", "party", "TT",
			     "role", "practitioner", "purposes", "COORD", "include", "DEM.ID", "evidence",
			     "signature"));
	world_call(w, "TT", told_agent_relationship, json_pack("{s:s}", "client", person));
	world_call(w, "TT", told_agent_ask,
		   json_pack("{s:s, s:[s], s:[s]}", "client", person, "from", "HOU", "categories", "DEM.ID"));
	world_until(w, role_sees, NULL, "the story with the role that the permission names");
	struct told_caller other;
	json_t *made = world_call(w, "TT", told_agent_worker_add, json_pack("{s:[s]}", "roles", "dsl"));
	assert_int_equal(told_agent_caller(world_agent(w, "TT")->agent, told_text(text(made, "token")), &other),
			 TOLD_OK);
	char *dump = view(w, told_agent_story, &other, person);
	assert_null(strstr(dump, "Cleo"));
	free(dump);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_named_team_gets_what_it_asks_for),
		cmocka_unit_test(test_nobody_else_of_the_agency_sees_it),
		cmocka_unit_test(test_a_referral_to_a_team_is_that_teams_alone),
		cmocka_unit_test(test_so_is_what_follows_in_it),
		cmocka_unit_test(test_a_referral_to_a_role_is_that_roles_alone),
		cmocka_unit_test(test_a_role_that_nobody_has_any_more_loses_no_referral),
		cmocka_unit_test(test_an_update_and_a_note_may_be_for_one_team),
		cmocka_unit_test(test_a_permission_that_names_a_role_is_kept_to_it),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
