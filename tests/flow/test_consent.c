/* SPDX-License-Identifier: Apache-2.0 */
/* Permission in life, through real processes: who may give it, who may take it back, what a narrower one leaves, what a
 * no does, what the gainer's own record opens. */
#include "flow/consent_world.h"

static struct world world;

static int open_world(void **state)
{
	*state = &world;
	consent_open(&world);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- names ---- */

static void a_party_that_nobody_knows_is_refused_with_the_nearest(void **state)
{
	struct person p = consent_person(*state);
	const char *why = consent_refused(*state, "HOU", told_agent_consent, consent_ask(&p, "TT,EMPX", "HOU.SIT"),
					  TOLD_E_UNKNOWN);
	assert_non_null(strstr(why, "EMPX"));
	assert_non_null(strstr(why, "Did you mean \"EMP\""));
	why = consent_refused(*state, "HOU", told_agent_withdraw,
			      json_pack("{s:s, s:[s]}", "client", p.client, "recipients", "SUDD"), TOLD_E_UNKNOWN);
	assert_non_null(strstr(why, "Did you mean \"SUD\""));
}

static void a_team_that_nobody_has_is_refused_with_the_nearest(void **state)
{
	struct person p = consent_person(*state);
	json_t *request = consent_ask(&p, "EMP", "HOU.SIT");
	json_object_set_new(request, "recipients", json_pack("[{s:s, s:s}]", "party", "TT", "team", "frnt"));
	const char *why = consent_refused(*state, "HOU", told_agent_consent, request, TOLD_E_UNKNOWN);
	assert_non_null(strstr(why, "Did you mean \"front\""));
	why = consent_refused(*state, "HOU", told_agent_relationship,
			      json_pack("{s:s, s:s}", "client", p.client, "team", "fornt"), TOLD_E_UNKNOWN);
	assert_non_null(strstr(why, "Did you mean \"front\""));
	why = consent_refused(*state, "HOU", told_agent_worker_add, json_pack("{s:[s]}", "teams", "frontt"),
			      TOLD_E_UNKNOWN);
	assert_non_null(strstr(why, "Did you mean \"front\""));
}

/* ---- partial, taking back ---- */

static void a_partial_permission_lets_through_its_part_only(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	consent_record(w, "HOU", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), id);
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT,HOU.SUP", "CON-09"), "sent");
	consent_until_sees(w, "TT", &p, "HOU.SIT", true);
	assert_true(consent_sees_now(w, &(struct sight){"TT", p.client, "HOU.SUP", false}));
}

static void any_partner_takes_a_withdrawal_for_all(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	consent_record(w, "HOU", consent_ask(&p, "TT,EMP", "DEM.ID,HOU.SIT"), id);
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
	consent_until_sees(w, "TT", &p, "HOU.SIT", true);
	json_t *reply = world_call(w, "SUD", told_agent_withdraw, json_pack("{s:s}", "client", p.client));
	assert_string_equal(consent_state(reply, 0), "sent");
	consent_until_sees(w, "TT", &p, "HOU.SIT", false);
	assert_string_equal(consent_update(w, &p, "EMP", "DEM.ID,HOU.SIT", "CON-03"), "refused");
}

static void what_waits_for_an_agency_that_is_away_is_stopped_by_a_withdrawal(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	consent_record(w, "HOU", consent_ask(&p, "EMP", "DEM.ID,HOU.SIT"), id);
	consent_off(w, "EMP");
	assert_string_equal(consent_update(w, &p, "EMP", "DEM.ID,HOU.SIT", NULL), "sent");
	world_call(w, "TT", told_agent_withdraw, json_pack("{s:s}", "client", p.client));
	consent_on(w, "EMP");
	world_until(w, consent_connected, NULL, "EMP back");
	for (size_t i = 0; i < 60; i++)
		world_turns(w);
	assert_true(consent_sees_now(w, &(struct sight){"EMP", p.client, "HOU.SIT", false}));
}

static void a_withdrawal_takes_the_wraps_with_it(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	consent_record(w, "HOU", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), id);
	world_call(w, "TT", told_agent_relationship, json_pack("{s:s, s:s}", "client", p.client, "kind", "team"));
	for (size_t i = 0; i < 40; i++)
		world_turns(w);
	assert_true(consent_asks(w, "TT", &p) > 0);
	world_call(w, "EMP", told_agent_withdraw, json_pack("{s:s, s:s}", "client", p.client, "consent", id));
	assert_int_equal(consent_asks(w, "TT", &p), 0);
}

/* ---- an agency that was away ---- */

static bool headed(struct world *w, const char *party, const char *client)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client);
	assert_int_equal(told_agent_story(a->agent, &a->caller, request, &reply), TOLD_OK);
	json_decref(request);
	bool is = json_object_get(reply.json, "not_checked_since_ms") != NULL;
	told_reply_free(&reply);
	return is;
}

static bool is_checked(struct world *w, void *ctx)
{
	return !headed(w, "TT", ctx);
}

static void who_was_away_says_not_checked_until_withdrawals_were_taken(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	consent_record(w, "HOU", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), id);
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
	consent_until_sees(w, "TT", &p, "HOU.SIT", true);
	world_until(w, is_checked, p.client, "TT to be up to date");
	consent_off(w, "TT");
	world_call(w, "SUD", told_agent_withdraw, json_pack("{s:s}", "client", p.client));
	consent_on(w, "TT");
	assert_true(headed(w, "TT", p.client));
	world_until(w, is_checked, p.client, "TT to be up to date again");
	assert_true(consent_sees_now(w, &(struct sight){"TT", p.client, "HOU.SIT", false}));
}

/* ---- narrowing ---- */

static void a_narrower_permission_takes_back_what_it_leaves_out(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char wide[40], narrow[40];
	consent_record(w, "HOU", consent_ask(&p, "TT,EMP", "DEM.ID,HOU.SIT,HOU.SUP"), wide);
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT,HOU.SUP", NULL), "sent");
	assert_string_equal(consent_update(w, &p, "EMP", "DEM.ID,HOU.SIT", NULL), "sent");
	consent_until_sees(w, "TT", &p, "HOU.SUP", true);
	consent_until_sees(w, "EMP", &p, "HOU.SIT", true);
	consent_record(w, "SUD", consent_with(consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), "supersedes", wide), narrow);
	/* SUD never held the wide one, so only who has the record can say what fell away: the holder of the story. */
	consent_record(w, "HOU", consent_with(consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), "supersedes", wide), narrow);
	consent_until_sees(w, "TT", &p, "HOU.SUP", false);
	consent_until_sees(w, "EMP", &p, "HOU.SIT", false);
	assert_true(consent_sees_now(w, &(struct sight){"TT", p.client, "HOU.SIT", true}));
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
	assert_string_equal(consent_update(w, &p, "EMP", "DEM.ID,HOU.SIT", NULL), "refused");
}

static void the_number_of_a_replaced_permission_takes_back_what_stands_now(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char old[40], now[40];
	consent_record(w, "HOU", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), old);
	consent_record(w, "HOU", consent_with(consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), "supersedes", old), now);
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
	world_call(w, "HOU", told_agent_withdraw, json_pack("{s:s, s:s}", "client", p.client, "consent", old));
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", "CON-03"), "refused");
}

/* ---- a no ---- */

static void a_no_outweighs_a_yes_until_the_person_takes_it_back(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char yes[40], no[40], again[40];
	consent_record(w, "HOU", consent_ask(&p, "TT,EMP", "DEM.ID,HOU.SIT"), yes);
	consent_record(w, "SUD", consent_with(consent_ask(&p, "EMP", "DEM.ID,HOU.SIT"), "state", "refused"), no);
	assert_string_equal(consent_update(w, &p, "EMP", "DEM.ID,HOU.SIT", "CON-13"), "refused");
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
	const char *why =
		consent_refused(w, "HOU", told_agent_consent, consent_ask(&p, "EMP", "DEM.ID,HOU.SIT"), TOLD_E_REFUSED);
	assert_non_null(strstr(why, no));
	assert_non_null(strstr(why, "--supersedes"));
	consent_record(w, "HOU", consent_with(consent_ask(&p, "EMP", "DEM.ID,HOU.SIT"), "supersedes", no), again);
	assert_string_equal(consent_update(w, &p, "EMP", "DEM.ID,HOU.SIT", NULL), "sent");
}

/* ---- who gives it ---- */

static bool noted(struct world *w, const char *party, json_t *request, const char *code, char id[40])
{
	json_t *reply = world_call(w, party, told_agent_consent, request);
	snprintf(id, 40, "%s", json_string_value(json_object_get(reply, "consent")));
	return consent_has_code(json_object_get(reply, "notes"), code);
}

static void flag(struct world *w, const struct person *p, const char *kind)
{
	json_t *reply =
		world_call(w, "HOU", told_agent_flag, json_pack("{s:s, s:s}", "client", p->client, "kind", kind));
	assert_string_equal(consent_state(reply, 0), "sent");
}

static void an_attorney_decides_only_while_the_person_cannot_and_once_it_is_checked(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	const char *what = "DEM.ID,HOU.SIT";
	json_t *request = consent_with(consent_ask(&p, "TT", what), "giver", "attorney");
	assert_true(noted(w, "HOU", consent_with(request, "authority", "checked"), "CON-12", id));
	assert_string_equal(consent_update(w, &p, "TT", what, "CON-12"), "held");
	flag(w, &p, "lacks_capacity");
	assert_string_equal(consent_update(w, &p, "TT", what, NULL), "sent");
	/* Another whose paper nobody has seen, and one whose paper is not good. */
	assert_true(noted(w, "HOU", consent_with(consent_ask(&p, "EMP", what), "giver", "deputy"), "CON-12", id));
	assert_string_equal(consent_update(w, &p, "EMP", what, "CON-12"), "held");
	request = consent_with(consent_with(consent_ask(&p, "SUD", what), "giver", "deputy"), "authority", "rejected");
	assert_true(noted(w, "HOU", request, "CON-12", id));
	assert_string_equal(consent_update(w, &p, "SUD", what, "CON-12"), "refused");
}

static void the_own_yes_of_who_cannot_decide_is_held(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	flag(w, &p, "lacks_capacity");
	assert_true(noted(w, "HOU", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), "CON-11", id));
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", "CON-11"), "held");
}

static void a_parent_decides_for_a_child_and_a_child_who_understands_for_itself(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	const char *what = "DEM.ID,HOU.SIT";
	json_t *request = consent_with(consent_ask(&p, "TT", what), "giver", "parent");
	assert_true(noted(w, "HOU", consent_with(request, "authority", "checked"), "CON-12", id));
	assert_string_equal(consent_update(w, &p, "TT", what, "CON-12"), "held");
	flag(w, &p, "under_16");
	assert_string_equal(consent_update(w, &p, "TT", what, NULL), "sent");
	assert_true(noted(w, "HOU", consent_ask(&p, "EMP", what), "CON-11", id));
	assert_false(noted(w, "HOU", consent_with(consent_ask(&p, "EMP", what), "capacity", "competent_child"),
			   "CON-11", id));
	assert_string_equal(consent_update(w, &p, "EMP", what, NULL), "sent");
}

static void a_wish_opens_nothing(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	assert_true(
		noted(w, "HOU", consent_with(consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), "kind", "wish"), "CON-00", id));
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", "CON-01"), "refused");
}

/* ---- taken by who would gain ---- */

static void what_the_gainer_recorded_opens_nothing_until_the_holder_confirms(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	json_t *reply = world_call(w, "TT", told_agent_consent, consent_ask(&p, "TT", "DEM.ID,HOU.SIT"));
	snprintf(id, sizeof id, "%s", json_string_value(json_object_get(reply, "consent")));
	const json_t *note = json_array_get(json_object_get(reply, "notes"), 0);
	assert_string_equal(json_string_value(json_object_get(note, "code")), "CON-16");
	assert_non_null(strstr(json_string_value(json_object_get(note, "fix")), "told consent confirm"));
	assert_non_null(strstr(json_string_value(json_object_get(note, "fix")), id));
	world_call(w, "TT", told_agent_relationship, json_pack("{s:s, s:s}", "client", p.client, "kind", "team"));
	assert_int_equal(consent_asks(w, "TT", &p), 0);
	/* The holder's worker finds it in the list of what is due, asks the person, and confirms. */
	reply = world_call(w, "HOU", told_agent_consents_due, json_object());
	const json_t *due = json_object_get(reply, "due");
	bool listed = false;
	for (size_t i = 0; i < json_array_size(due); i++)
		listed |= strcmp(json_string_value(json_object_get(json_array_get(due, i), "id")), id) == 0 &&
			  strcmp(json_string_value(json_object_get(json_array_get(due, i), "due")), "unconfirmed") == 0;
	assert_true(listed);
	reply = world_call(w, "HOU", told_agent_consent_confirm,
			   json_pack("{s:s, s:s}", "client", p.client, "consent", id));
	assert_string_equal(consent_state(reply, 0), "sent");
	for (size_t i = 0; i < 40; i++)
		world_turns(w);
	assert_true(consent_asks(w, "TT", &p) > 0);
}

static void nobody_confirms_their_own_record(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	consent_record(w, "HOU", consent_ask(&p, "HOU,TT", "DEM.ID,HOU.SIT"), id);
	(void)consent_refused(w, "HOU", told_agent_consent_confirm,
			      json_pack("{s:s, s:s}", "client", p.client, "consent", id), TOLD_E_REFUSED);
}

static void the_cards_words_open_at_once_and_wrong_ones_do_not(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w), q = consent_person(w);
	char id[40];
	consent_record(w, "TT", consent_with(consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), "words", p.words), id);
	consent_record(w, "TT", consent_with(consent_ask(&q, "TT", "DEM.ID,HOU.SIT"), "words", p.words), id);
	world_call(w, "TT", told_agent_relationship, json_pack("{s:s, s:s}", "client", p.client, "kind", "team"));
	world_call(w, "TT", told_agent_relationship, json_pack("{s:s, s:s}", "client", q.client, "kind", "team"));
	for (size_t i = 0; i < 40; i++)
		world_turns(w);
	assert_true(consent_asks(w, "TT", &p) > 0);
	assert_int_equal(consent_asks(w, "TT", &q), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_party_that_nobody_knows_is_refused_with_the_nearest),
		cmocka_unit_test(a_team_that_nobody_has_is_refused_with_the_nearest),
		cmocka_unit_test(a_partial_permission_lets_through_its_part_only),
		cmocka_unit_test(any_partner_takes_a_withdrawal_for_all),
		cmocka_unit_test(what_waits_for_an_agency_that_is_away_is_stopped_by_a_withdrawal),
		cmocka_unit_test(a_withdrawal_takes_the_wraps_with_it),
		cmocka_unit_test(who_was_away_says_not_checked_until_withdrawals_were_taken),
		cmocka_unit_test(a_narrower_permission_takes_back_what_it_leaves_out),
		cmocka_unit_test(the_number_of_a_replaced_permission_takes_back_what_stands_now),
		cmocka_unit_test(a_no_outweighs_a_yes_until_the_person_takes_it_back),
		cmocka_unit_test(an_attorney_decides_only_while_the_person_cannot_and_once_it_is_checked),
		cmocka_unit_test(the_own_yes_of_who_cannot_decide_is_held),
		cmocka_unit_test(a_parent_decides_for_a_child_and_a_child_who_understands_for_itself),
		cmocka_unit_test(a_wish_opens_nothing),
		cmocka_unit_test(what_the_gainer_recorded_opens_nothing_until_the_holder_confirms),
		cmocka_unit_test(nobody_confirms_their_own_record),
		cmocka_unit_test(the_cards_words_open_at_once_and_wrong_ones_do_not),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
