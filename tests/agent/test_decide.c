/* SPDX-License-Identifier: Apache-2.0 */
/* A running agent explains one request from what it has verified itself: rule, clause and permission of each section,
 * what would cure a refusal, and to a requester nothing at all. Nothing is sent by asking. */
#include "agent/world.h"

static char client[64];

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	assert_non_null(w);
	world_open(w);
	*state = w;
	json_t *card = world_call(w, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", json_string_value(json_object_get(card, "client")));
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID",
			     "text", "Ada, 41", "category", "HOU.SIT", "text", "Sleeping on a sofa"));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	free(*state);
	return 0;
}

static json_t *request(const char *from, const char *to, const char *type, const char *reader)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:[s], s:[s,s,s], s:s}", "client", client, "from", from, "to", to,
			 "type", type, "purposes", strcmp(type, "REFERRAL") == 0 ? "REFERRAL" : "COORD", "categories",
			 "DEM.ID", "HOU.SIT", "SUD.RX", "for", reader);
}

static const char *text_of(const json_t *reply)
{
	return json_string_value(json_object_get(reply, "text"));
}

static const json_t *section(const json_t *reply, const char *category)
{
	size_t i;
	json_t *item;
	json_array_foreach(json_object_get(json_object_get(reply, "ruling"), "sections"), i, item)
	{
		if (strcmp(json_string_value(json_object_get(item, "section")), category) == 0)
			return item;
	}
	fail_msg("no section %s", category);
	return NULL;
}

static void without_permission_it_says_what_would_cure_it(void **state)
{
	json_t *reply = world_call(*state, "HOU", told_agent_decide, request("HOU", "TT", "REFERRAL", "sender"));
	assert_true(json_is_false(json_object_get(reply, "goes")));
	assert_non_null(strstr(text_of(reply), "CON-01"));
	assert_non_null(strstr(text_of(reply), "AGR-07")); /* no flow carries SUD.RX from here */
	assert_string_equal(json_string_value(json_object_get(section(reply, "HOU.SIT"), "code")), "CON-01");
	reply = world_call(*state, "HOU", told_agent_decide, request("HOU", "TT", "ASK", "requester"));
	assert_string_equal(text_of(reply), "Nothing to release.\n");
}

static void with_permission_it_names_clause_and_permission(void **state)
{
	json_t *reply = world_call(*state, "HOU", told_agent_consent,
				   json_pack("{s:s, s:[s], s:[s,s], s:[s,s], s:s}", "client", client, "recipients",
					     "TT", "purposes", "REFERRAL", "COORD", "include", "DEM.ID", "HOU.*",
					     "evidence", "signature"));
	char permission[64];
	snprintf(permission, sizeof permission, "%s", json_string_value(json_object_get(reply, "consent")));
	reply = world_call(*state, "HOU", told_agent_decide, request("HOU", "TT", "REFERRAL", "sender"));
	assert_true(json_is_true(json_object_get(reply, "goes")));
	const json_t *home = section(reply, "HOU.SIT");
	assert_string_equal(json_string_value(json_object_get(home, "effect")), "release");
	assert_string_equal(json_string_value(json_object_get(home, "rule")), "flow");
	assert_string_equal(json_string_value(json_object_get(home, "clause")), "4.1");
	assert_string_equal(json_string_value(json_object_get(home, "permission")), permission);
	assert_string_equal(json_string_value(json_object_get(section(reply, "SUD.RX"), "effect")), "withhold");
	reply = world_call(*state, "HOU", told_agent_decide, request("HOU", "TT", "REFERRAL", "auditor"));
	assert_non_null(json_object_get(json_object_get(reply, "ruling"), "replay"));
	reply = world_call(*state, "HOU", told_agent_decide, request("HOU", "TT", "REFERRAL", "person"));
	assert_non_null(strstr(text_of(reply), "was told"));
}

/* Whoever asks knows only their own side: their agreement, their worker, their relationship. */
static void what_we_may_ask_for_is_ruled_too(void **state)
{
	json_t *reply = world_call(*state, "TT", told_agent_decide, request("HOU", "TT", "ASK", "sender"));
	assert_true(json_is_false(json_object_get(reply, "goes")));
}

static void what_others_do_among_themselves_is_not_ruled_here(void **state)
{
	world_refused(*state, "HOU", told_agent_decide, request("TT", "EMP", "REFERRAL", "sender"), TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_decide, request("TT", "HOU", "REFERRAL", "sender"), TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_decide, request("HOU", "TT", "REFERRAL", "neighbour"), TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_decide,
		      json_pack("{s:s,s:s,s:s,s:[s],s:[]}", "client", client, "from", "HOU", "to", "TT", "purposes",
				"COORD", "categories"),
		      TOLD_E_USAGE);
}

static void asking_for_a_ruling_sends_nothing(void **state)
{
	json_t *before = json_deep_copy(world_call(*state, "HOU", told_agent_sent, json_object()));
	world_call(*state, "HOU", told_agent_decide, request("HOU", "TT", "REFERRAL", "sender"));
	assert_true(json_equal(before, world_call(*state, "HOU", told_agent_sent, json_object())));
	json_decref(before);
}

/* The uniform reply could not tell, so the asker's own agent does: the agreement says what each answer must hold. */
static void an_ask_that_leaves_out_what_every_answer_must_hold_is_not_sent(void **state)
{
	struct world *w = *state;
	struct told_reply reply = TOLD_REPLY;
	struct world_agent *tt = world_agent(w, "TT");
	json_t *short_of = json_pack("{s:s, s:[s], s:[s]}", "client", client, "categories", "HOU.SIT", "from", "HOU");
	assert_int_equal(told_agent_ask(tt->agent, &tt->caller, short_of, &reply), TOLD_E_REFUSED);
	assert_non_null(strstr(told_buf_cstr(&reply.why), "clause 4.1 must hold DEM.ID"));
	assert_non_null(strstr(told_buf_cstr(&reply.why), "nothing was sent"));
	told_reply_free(&reply);
	json_decref(short_of);
	reply = TOLD_REPLY;
	json_t *whole =
		json_pack("{s:s, s:[s,s], s:[s]}", "client", client, "categories", "DEM.ID", "HOU.SIT", "from", "HOU");
	assert_int_equal(told_agent_ask(tt->agent, &tt->caller, whole, &reply), TOLD_OK);
	told_reply_free(&reply);
	json_decref(whole);
}

static void other_bytes_under_a_signed_version_are_told_to_take_a_new_number(void **state)
{
	struct world *w = *state;
	struct told_reply reply = TOLD_REPLY;
	struct told_buf text = TOLD_BUF(1048576);
	struct world_agent *hou = world_agent(w, "HOU");
	told_buf_printf(&text, "# another word\n%s", w->agreement);
	json_t *again = json_pack("{s:s}", "file", told_buf_cstr(&text));
	assert_int_equal(told_agent_agreement_sign(hou->agent, &hou->caller, again, &reply), TOLD_E_EXISTS);
	assert_non_null(strstr(told_buf_cstr(&reply.why), "new version number (version: 4)"));
	told_reply_free(&reply);
	json_decref(again);
	told_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_permission_it_says_what_would_cure_it),
		cmocka_unit_test(with_permission_it_names_clause_and_permission),
		cmocka_unit_test(what_we_may_ask_for_is_ruled_too),
		cmocka_unit_test(what_others_do_among_themselves_is_not_ruled_here),
		cmocka_unit_test(asking_for_a_ruling_sends_nothing),
		cmocka_unit_test(an_ask_that_leaves_out_what_every_answer_must_hold_is_not_sent),
		cmocka_unit_test(other_bytes_under_a_signed_version_are_told_to_take_a_new_number),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
