/* SPDX-License-Identifier: Apache-2.0 */
/* The team around a person through a real broker and real agents: chosen, told, handed over; supporters hear what was
 * ticked and no more; agencies under one roof share a host and nothing else. */
#include "agent/world.h"

#include "agents/vault/vault.h"

#include <sys/stat.h>

#define FAR INT64_C(1900000000000)

static struct world world;
static char client[64], second[32], second_token[80];

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static json_t *of_client(void)
{
	return json_pack("{s:s}", "client", client);
}

static json_t *said(const char *member, const char *words)
{
	return json_pack("{s:s, s:s}", "client", client, member, words);
}

static int open_world(void **state)
{
	struct world *w = *state = &world;
	world_open(w);
	json_t *card = world_call(w, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID",
			     "text", "Ada", "category", "PRF.GEN", "text", "Do not ask about the fire again"));
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s,s], s:[s], s:[s,s,s], s:s}", "client", client, "recipients", "SUD", "TT",
			     "purposes", "COORD", "include", "GOA", "PLN", "SUP", "evidence", "signature"));
	json_t *made = world_call(w, "HOU", told_agent_worker_add, json_object());
	snprintf(second, sizeof second, "%s", text(made, "number"));
	snprintf(second_token, sizeof second_token, "%s", text(made, "token"));
	world_call(w, "HOU", told_agent_plan_add,
		   json_pack("{s:s, s:s, s:s}", "client", client, "what", "Ask for a place", "who",
			     world_agent(w, "HOU")->caller.number));
	world_call(w, "HOU", told_agent_plan_add, said("what", "Buy paint"));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static json_t *team_of(struct world *w, const char *party)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = of_client(), *team = NULL;
	if (told_agent_team(a->agent, &a->caller, request, &reply) == TOLD_OK)
		team = json_incref(reply.json);
	json_decref(request);
	told_reply_free(&reply);
	return team;
}

/* ---- waiting ---- */

static struct told_time shift;

static struct told_time shifted(void *ctx)
{
	struct told_time now = world_time();
	(void)ctx;
	now.wall_ms += shift.wall_ms;
	now.boot_ms += shift.boot_ms;
	return now;
}

/* Eleven days ago nobody was enrolled yet: the step stands here alone until the plan is told again. */
static void test_a_step_that_waits_too_long_says_so(void **state)
{
	struct world *w = *state;
	struct world_agent *hou = world_agent(w, "HOU");
	told_agent_set_clock(hou->agent, (struct told_clock){.now = shifted});
	shift.wall_ms = -11 * TOLD_MS_DAY;
	json_t *request = json_pack("{s:s, s:s, s:[s]}", "client", client, "what", "Hang the door", "after", "1");
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(told_agent_plan_add(hou->agent, &hou->caller, request, &reply), TOLD_OK);
	told_reply_free(&reply);
	json_decref(request);
	shift = (struct told_time){0};
	assert_int_equal(told_agent_plans(hou->agent, &hou->caller, NULL, &reply), TOLD_OK);
	const json_t *step = json_array_get(json_object_get(reply.json, "steps"), 0);
	assert_string_equal(text(step, "what"), "Hang the door");
	assert_int_equal(json_integer_value(json_object_get(step, "waiting_days")), 11);
	assert_true(json_is_true(json_object_get(step, "waits_too_long")));
	told_reply_free(&reply);
}

static bool lead_sees_wait(struct world *w, void *ctx)
{
	struct world_agent *tt = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	bool sees = told_agent_plans(tt->agent, &tt->caller, NULL, &reply) == TOLD_OK &&
		    json_object_get(json_array_get(json_object_get(reply.json, "steps"), 0), "told_ms") != NULL;
	(void)ctx;
	told_reply_free(&reply);
	return sees;
}

static void test_a_wait_over_the_limit_goes_to_the_lead_worker(void **state)
{
	shift.boot_ms = 2 * TOLD_MS_MINUTE;
	world_until(*state, lead_sees_wait, NULL, "the lead worker told of the wait");
}

/* ---- the lead worker ---- */

static json_t *lead(const char *to, const char *deputy, json_int_t until_ms, int chosen)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:b}", "client", client, "to", to, "deputy", deputy, "until_ms",
			 until_ms, "chosen", chosen);
}

static void test_a_lead_worker_is_chosen_by_the_person_with_deputy_and_end(void **state)
{
	struct world *w = *state;
	world_refused(w, "HOU", told_agent_team_lead, lead("TT:T1", "TT:T2", FAR, 0), TOLD_E_REFUSED);
	world_refused(w, "HOU", told_agent_team_lead, lead("TT:T1", "TT:T1", FAR, 1), TOLD_E_USAGE);
	world_refused(w, "HOU", told_agent_team_lead, lead("TT:T1", "TT:T2", 1000, 1), TOLD_E_USAGE);
	world_refused(w, "HOU", told_agent_team_lead, lead("tt:T1", "TT:T2", FAR, 1), TOLD_E_UNKNOWN);
	json_t *reply = world_call(w, "HOU", told_agent_team_lead, lead("TT:T1", "TT:T2", FAR, 1));
	assert_string_equal(text(json_object_get(json_object_get(reply, "team"), "lead"), "lead"), "T1");
}

static bool lead_heard(struct world *w, void *ctx)
{
	json_t *team = team_of(w, ctx);
	bool heard = strcmp(text(json_object_get(team, "lead"), "lead"), "T1") == 0;
	json_decref(team);
	return heard;
}

static bool keeps_plan(struct world *w, void *ctx)
{
	struct world_agent *a = world_agent(w, ctx);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = of_client();
	bool keeps = told_agent_plan(a->agent, &a->caller, request, &reply) == TOLD_OK &&
		     strcmp(text(json_array_get(json_object_get(reply.json, "plans"), 0), "keeper"), ctx) == 0;
	json_decref(request);
	told_reply_free(&reply);
	return keeps;
}

static void test_the_lead_workers_agency_hears_of_it_and_keeps_the_plan(void **state)
{
	struct world *w = *state;
	world_until(w, lead_heard, (void *)(uintptr_t) "TT", "the lead known at TT");
	world_until(w, keeps_plan, (void *)(uintptr_t) "TT", "the plan kept by TT");
	world_refused(w, "HOU", told_agent_plan_add, said("what", "One more"), TOLD_E_NOT_ALLOWED);
	json_t *team = team_of(w, "SUD"); /* has no step: only who is in the team or the plan is told */
	assert_null(json_object_get(team, "lead"));
	json_decref(team);
}

static bool member_heard(struct world *w, void *ctx)
{
	json_t *team = team_of(w, ctx);
	bool heard = json_array_size(json_object_get(team, "members")) == 1;
	json_decref(team);
	return heard;
}

static void test_members_are_named_by_their_own_service(void **state)
{
	struct world *w = *state;
	world_refused(w, "HOU", told_agent_team_add, said("worker", "nobody"), TOLD_E_NOT_FOUND);
	world_call(w, "HOU", told_agent_team_add,
		   json_pack("{s:s, s:s, s:s}", "client", client, "worker", world_agent(w, "HOU")->caller.number,
			     "team", "front"));
	world_until(w, member_heard, (void *)(uintptr_t) "TT", "HOU's member known at TT");
}

/* ---- supporters ---- */

static json_t *supporter(const char *step, int alone)
{
	return json_pack("{s:s, s:s, s:[s], s:b}", "client", client, "name", "her sister", "steps", step, "seen_alone",
			 alone);
}

static json_t *print_for(const char *name, int step)
{
	json_t *request = said("for", name);
	if (step > 0)
		json_object_set_new(request, "step", json_integer(step));
	return request;
}

static void test_a_supporter_is_named_when_the_person_was_seen_alone(void **state)
{
	struct world *w = *state;
	world_refused(w, "HOU", told_agent_team_supporter, supporter("1", 0), TOLD_E_REFUSED);
	world_refused(w, "HOU", told_agent_plan_print, print_for("her sister", 0), TOLD_E_NOT_FOUND);
	json_t *reply = world_call(w, "HOU", told_agent_team_supporter, supporter("1", 1));
	assert_int_equal(strlen(text(reply, "consent")), 32);
}

static void test_a_supporter_hears_what_was_ticked_and_no_more(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "HOU", told_agent_plan_print, print_for("her sister", 0));
	assert_non_null(strstr(text(reply, "page"), "Ask for a place"));
	assert_null(strstr(text(reply, "page"), "paint"));
	assert_string_equal(text(json_object_get(reply, "record"), "to"), "SUPPORTER");
	assert_string_equal(text(json_array_get(json_object_get(reply, "messages"), 0), "state"), "sent");
	world_refused(w, "HOU", told_agent_plan_print, print_for("her sister", 2), TOLD_E_REFUSED);
	world_refused(w, "HOU", told_agent_plan_print, print_for("her brother", 1), TOLD_E_NOT_FOUND);
}

static void test_a_supporter_is_dropped_without_a_reason(void **state)
{
	struct world *w = *state;
	world_call(w, "HOU", told_agent_team_drop, said("name", "her sister"));
	world_refused(w, "HOU", told_agent_plan_print, print_for("her sister", 1), TOLD_E_NOT_FOUND);
	world_refused(w, "HOU", told_agent_team_drop, said("name", "her sister"), TOLD_E_NOT_FOUND);
}

/* ---- handing over ---- */

static json_t *handover(int go, int told)
{
	return json_pack("{s:s, s:s, s:b, s:b}", "old", world_agent(&world, "HOU")->caller.number, "new", second, "do",
			 go, "told", told);
}

static void test_a_handover_lists_steps_promises_and_what_not_to_ask_again(void **state)
{
	struct world *w = *state;
	world_call(w, "HOU", told_agent_team_promise, said("what", "I ring you on Friday"));
	json_t *reply = world_call(w, "HOU", told_agent_team_handover, handover(0, 0));
	const json_t *person = json_array_get(json_object_get(reply, "people"), 0);
	assert_string_equal(text(person, "client"), client);
	assert_string_equal(text(json_array_get(json_object_get(person, "steps"), 0), "what"), "Ask for a place");
	assert_string_equal(text(json_array_get(json_object_get(person, "promises"), 0), "what"),
			    "I ring you on Friday");
	char *helps = json_dumps(json_object_get(person, "helps"), 0);
	assert_non_null(strstr(helps, "the fire"));
	free(helps);
}

static void test_the_person_is_told_first(void **state)
{
	struct world *w = *state;
	world_refused(w, "HOU", told_agent_team_handover, handover(1, 0), TOLD_E_REFUSED);
	world_call(w, "HOU", told_agent_team_handover, handover(1, 1));
	json_t *reply = world_call(w, "HOU", told_agent_team_handover, handover(0, 0));
	assert_int_equal(json_array_size(json_object_get(reply, "people")), 0);
	json_t *team = team_of(w, "HOU");
	assert_string_equal(text(json_array_get(json_object_get(team, "members"), 0), "worker"), second);
	json_decref(team);
}

static void test_a_leavers_token_is_refused_at_once(void **state)
{
	struct world *w = *state;
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_caller caller;
	assert_int_equal(told_agent_caller(hou->agent, told_text(second_token), &caller), TOLD_OK);
	world_call(w, "HOU", told_agent_worker_set, json_pack("{s:s, s:s}", "number", second, "state", "left"));
	assert_int_equal(told_agent_caller(hou->agent, told_text(second_token), &caller), TOLD_E_NOT_ALLOWED);
	world_refused(w, "HOU", told_agent_team_add, said("worker", second), TOLD_E_NOT_FOUND);
	world_refused(w, "HOU", told_agent_team_handover,
		      json_pack("{s:s, s:s}", "old", hou->caller.number, "new", second), TOLD_E_NOT_FOUND);
}

/* ---- one roof ---- */

static void test_agencies_under_one_roof_share_neither_keys_nor_vaults(void **state)
{
	static const char *const secrets[] = {"keys/identity.key", "keys/signing.key", "keys/sealing.key",
					      "keys/witness.key",  "keys/session.key", "keys/vault.key",
					      "vault.db"};
	struct world *w = *state;
	const struct world_agent *one = world_agent(w, "HOU"), *other = world_agent(w, "SUD");
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		char a[PATH_MAX + 32], b[PATH_MAX + 32];
		struct stat sa, sb;
		snprintf(a, sizeof a, "%s/%s", one->dir, secrets[i]);
		snprintf(b, sizeof b, "%s/%s", other->dir, secrets[i]);
		assert_int_equal(stat(a, &sa), 0);
		assert_int_equal(stat(b, &sb), 0);
		assert_int_equal(sa.st_mode & 0777, 0600);
		assert_int_equal(sb.st_mode & 0777, 0600);
		assert_true(sa.st_ino != sb.st_ino);
		struct told_bytes ta = told_test_read(a), tb = told_test_read(b);
		assert_false(told_bytes_equal(ta, tb));
		free((void *)(uintptr_t)ta.data);
		free((void *)(uintptr_t)tb.data);
	}
	struct stat dir;
	assert_int_equal(stat(one->dir, &dir), 0);
	assert_int_equal(dir.st_mode & 0777, 0700);
}

static void test_one_agency_cannot_open_anothers_vault(void **state)
{
	struct world *w = *state;
	struct world_agent *one = world_agent(w, "EMP"), *other = world_agent(w, "SUD");
	struct told_vault *vault = NULL;
	char theirs[PATH_MAX + 32], key[PATH_MAX + 32];
	uint8_t secret[TOLD_KEY_BYTES];
	struct told_buf hex = TOLD_BUF(256);
	snprintf(theirs, sizeof theirs, "%s/vault.db", other->dir);
	snprintf(key, sizeof key, "%s/keys/vault.key", one->dir);
	assert_int_equal(told_file_read_secret(key, 256, &hex), TOLD_OK);
	assert_int_equal(told_unhex(told_bytes(hex.data, 2 * TOLD_KEY_BYTES), secret, sizeof secret), TOLD_OK);
	assert_int_equal(told_vault_open(theirs, secret, &vault, NULL), TOLD_E_IN_USE);
	told_agent_close(other->agent);
	other->agent = NULL;
	assert_int_equal(told_vault_open(theirs, secret, &vault, NULL), TOLD_E_CONFIG);
	assert_null(vault);
	told_buf_free(&hex);
	world_open_agent(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_step_that_waits_too_long_says_so),
		cmocka_unit_test(test_a_lead_worker_is_chosen_by_the_person_with_deputy_and_end),
		cmocka_unit_test(test_the_lead_workers_agency_hears_of_it_and_keeps_the_plan),
		cmocka_unit_test(test_a_wait_over_the_limit_goes_to_the_lead_worker),
		cmocka_unit_test(test_members_are_named_by_their_own_service),
		cmocka_unit_test(test_a_supporter_is_named_when_the_person_was_seen_alone),
		cmocka_unit_test(test_a_supporter_hears_what_was_ticked_and_no_more),
		cmocka_unit_test(test_a_supporter_is_dropped_without_a_reason),
		cmocka_unit_test(test_a_handover_lists_steps_promises_and_what_not_to_ask_again),
		cmocka_unit_test(test_the_person_is_told_first),
		cmocka_unit_test(test_a_leavers_token_is_refused_at_once),
		cmocka_unit_test(test_agencies_under_one_roof_share_neither_keys_nor_vaults),
		cmocka_unit_test(test_one_agency_cannot_open_anothers_vault),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
