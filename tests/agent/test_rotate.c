/* SPDX-License-Identifier: Apache-2.0 */
/* An agency's keys renewed and taken back, with a real broker: the old is believed for its grace, wraps are given anew,
 * a thief with a revoked key is cut off and heard no more. */
#include "agent/thief.h"

#include <sys/stat.h>

static struct world world;
static char client[64];

/* ---- asking ---- */

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

/* All messages of a call were accepted; how many. */
static size_t all_sent(const json_t *reply)
{
	const json_t *messages = json_object_get(reply, "messages");
	for (size_t i = 0; i < json_array_size(messages); i++)
		assert_string_equal(text(json_array_get(messages, i), "state"), "sent");
	return json_array_size(messages);
}

static void tell(const char *category, const char *words)
{
	json_t *reply = world_call(
		&world, "HOU", told_agent_tell,
		json_pack("{s:s, s:[{s:s,s:s}]}", "client", client, "sections", "category", category, "text", words));
	assert_true(all_sent(reply) > 0);
}

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	json_t *card = world_call(&world, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", json_string_value(json_object_get(card, "client")));
	tell("HOU.SIT", "Sleeping on a sofa");
	tell("PRF.ACC", "Large print");
	tell("DEM.ID", "Ada, 41");
	world_call(&world, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s,s], s:[s,s,s], s:s}", "client", client, "recipients", "TT", "purposes",
			     "REFERRAL", "COORD", "include", "DEM.ID", "HOU.*", "PRF.ACC", "evidence", "signature"));
	all_sent(world_call(&world, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "TT")));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static bool key_is(const char *party, const char *purpose, int number, const char *state, bool in_use)
{
	struct world_agent *a = world_agent(&world, party);
	struct told_reply reply = TOLD_REPLY;
	bool is = false;
	assert_int_equal(told_agent_keys(a->agent, &a->caller, NULL, &reply), TOLD_OK);
	const json_t *keys = json_object_get(reply.json, "keys");
	for (size_t i = 0; i < json_array_size(keys); i++) {
		const json_t *key = json_array_get(keys, i);
		if (strcmp(text(key, "purpose"), purpose) == 0 &&
		    json_integer_value(json_object_get(key, "number")) == number)
			is = strcmp(text(key, "state"), state) == 0 &&
			     json_is_true(json_object_get(key, "in_use")) == in_use;
	}
	told_reply_free(&reply);
	return is;
}

static bool has_file(const char *party, const char *name)
{
	char path[PATH_MAX + 64];
	struct stat st;
	snprintf(path, sizeof path, "%s/keys/%s.key", world_agent(&world, party)->dir, name);
	if (stat(path, &st) != 0)
		return false;
	assert_int_equal(st.st_mode & 0777, 0600);
	return true;
}

static json_t *rotate(const char *party, const char *purpose)
{
	return world_call(&world, party, told_agent_key_rotate, json_pack("{s:s}", "purpose", purpose));
}

static json_t *taken_back(const char *party, const char *purpose, const char *number)
{
	return world_call(&world, party, told_agent_key_revoke,
			  json_pack("{s:s, s:s}", "purpose", purpose, "number", number));
}

struct wanted {
	const char *party, *purpose;
	int number;
};
static bool in_use(struct world *w, void *ctx)
{
	struct wanted *wanted = ctx;
	(void)w;
	return key_is(wanted->party, wanted->purpose, wanted->number, "current", true) &&
	       told_client_ready(world_agent(w, wanted->party)->agent->client);
}

static void rotated(const char *party, const char *purpose, int number)
{
	assert_int_equal(all_sent(rotate(party, purpose)), 2); /* the new one, and that the old one is retired */
	struct wanted wanted = {party, purpose, number};
	world_until(&world, in_use, &wanted, "the new key in use");
	assert_true(key_is(party, purpose, number - 1, "retired", false));
}

/* TT asks, and has HOU's section, under whichever of its keys. An ask stays open until something comes. */
static void tt_asks(void)
{
	json_t *reply = world_call(&world, "TT", told_agent_ask, json_pack("{s:s}", "client", client));
	const json_t *list = json_object_get(reply, "received");
	bool found = false;
	for (size_t i = 0; i < json_array_size(list); i++)
		found |= strcmp(text(json_array_get(list, i), "category"), "HOU.SIT") == 0;
	assert_true(found);
}

/* ---- a thief ---- */

/* A key as it was before it was renewed. */
static struct told_keypair stolen;

static struct told_keypair copy_of(const char *party, enum told_agency_key which)
{
	return world_agent(&world, party)->agent->keys.of[which];
}

/* ---- tests ---- */

static void a_new_signing_key_takes_over_and_the_old_one_is_retired(void **state)
{
	(void)state;
	stolen = copy_of("HOU", TOLD_AGENCY_KEY_SIGNING);
	rotated("HOU", "signing", 2);
	assert_true(has_file("HOU", "signing-2"));
	assert_false(has_file("HOU", "signing")); /* it has said all that it had to say */
	assert_memory_not_equal(copy_of("HOU", TOLD_AGENCY_KEY_SIGNING).key, stolen.key, TOLD_KEY_BYTES);
	tell("HOU.SIT", "A hostel since Monday");
}

static void what_a_retired_key_signed_is_taken_and_what_a_revoked_one_signed_is_not(void **state)
{
	struct told_keypair session = copy_of("HOU", TOLD_AGENCY_KEY_SESSION);
	struct thief late;
	(void)state;
	thief_open(&late, &world, "HOU", &session);
	world_until(&world, thief_ready, &late, "the second connection");
	thief_writes(&late, &world, "HOU", &stolen);
	assert_int_equal(told_client_send(late.client, &late.message), TOLD_OK);
	world_until(&world, thief_heard, &late, "what was signed before");
	assert_int_equal(late.outcome, TOLD_ANSWER_ACCEPTED);
	assert_int_equal(all_sent(taken_back("HOU", "signing", "1")), 1);
	late.answered = false;
	told_arena_free(late.arena);
	thief_writes(&late, &world, "HOU", &stolen);
	assert_int_equal(told_client_send(late.client, &late.message), TOLD_OK);
	world_until(&world, thief_heard, &late, "the refusal");
	assert_int_equal(late.outcome, TOLD_ANSWER_REFUSED);
	assert_int_equal(late.status, TOLD_E_KEY);
	assert_true(key_is("HOU", "signing", 1, "revoked", false));
	thief_close(&late);
}

static bool tt_opens_with_two(struct world *w, void *ctx)
{
	(void)ctx;
	return world_agent(w, "TT")->agent->sealing_count == 2;
}

static void wraps_are_given_anew_to_a_new_sealing_key(void **state)
{
	(void)state;
	tt_asks();
	rotated("TT", "sealing", 2);
	world_until(&world, tt_opens_with_two, NULL, "both keys at hand");
	assert_true(has_file("TT", "sealing")); /* a wrap to it may still come */
	tt_asks();
	assert_int_equal(all_sent(taken_back("TT", "sealing", "1")), 1);
	tt_asks();
	assert_false(has_file("TT", "sealing"));
	assert_int_equal(world_agent(&world, "TT")->agent->sealing_count, 1);
}

static void a_revoked_session_key_is_cut_within_a_second_and_never_let_in_again(void **state)
{
	struct thief thief, again;
	(void)state;
	stolen = copy_of("HOU", TOLD_AGENCY_KEY_SESSION);
	rotated("HOU", "session", 2);
	thief_open(&thief, &world, "HOU", &stolen);
	world_until(&world, thief_ready, &thief, "the thief, within the grace");
	assert_int_equal(all_sent(taken_back("HOU", "session", "1")), 1);
	int64_t answered_ms = world_now_ms();
	while (!thief.gone && world_now_ms() < answered_ms + TOLD_MS_SECOND)
		thief_turn(&thief);
	assert_true(thief.gone);
	thief_open(&again, &world, "HOU", &stolen);
	while (world_now_ms() < answered_ms + 2 * TOLD_MS_SECOND) {
		thief_turn(&thief);
		thief_turn(&again);
		world_turns(&world);
	}
	assert_false(told_client_ready(thief.client) || told_client_ready(again.client));
	thief_close(&thief);
	thief_close(&again);
	world_call(&world, "HOU", told_agent_relationship, json_pack("{s:s}", "client", client)); /* we go on */
	assert_false(has_file("HOU", "session"));
}

static void a_new_witness_key_cosigns(void **state)
{
	(void)state;
	rotated("EMP", "witness", 2);
	assert_int_equal(all_sent(taken_back("EMP", "witness", "1")), 1);
}

static void an_agent_that_starts_again_uses_its_newest_keys(void **state)
{
	static const struct wanted wanted[] = {
		{"HOU", "signing", 2}, {"HOU", "session", 2}, {"TT", "sealing", 2}, {"EMP", "witness", 2}};
	(void)state;
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		told_agent_close(world.agents[i].agent);
		world.agents[i].agent = NULL;
		world_open_agent(&world.agents[i]);
	}
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		struct wanted one = wanted[i];
		world_until(&world, in_use, &one, "the newest key after the start");
	}
	/* What the revoked key had told is believed by nobody until it is told again. */
	tell("DEM.ID", "Ada, 42");
	tell("PRF.ACC", "Larger print");
	tell("HOU.SIT", "A room of her own");
	tt_asks();
}

static void what_would_lock_the_agency_out_is_refused(void **state)
{
	struct world_agent *hou = world_agent(&world, "HOU");
	struct told_caller own = hou->caller;
	(void)state;
	world_refused(&world, "HOU", told_agent_key_revoke, json_pack("{s:s,s:s}", "purpose", "signing", "number", "2"),
		      TOLD_E_NOT_ALLOWED);
	world_refused(&world, "HOU", told_agent_key_revoke, json_pack("{s:s,s:s}", "purpose", "signing", "number", "1"),
		      TOLD_E_EXISTS);
	world_refused(&world, "HOU", told_agent_key_revoke, json_pack("{s:s,s:s}", "purpose", "signing", "number", "9"),
		      TOLD_E_NOT_FOUND);
	world_refused(&world, "HOU", told_agent_key_rotate, json_pack("{s:s}", "purpose", "identity"), TOLD_E_USAGE);
	hou->caller.roles = TOLD_BIT32(TOLD_ROLE_PRACTITIONER);
	world_refused(&world, "HOU", told_agent_key_rotate, json_pack("{s:s}", "purpose", "signing"),
		      TOLD_E_NOT_ALLOWED);
	hou->caller = own;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wraps_are_given_anew_to_a_new_sealing_key),
		cmocka_unit_test(a_new_signing_key_takes_over_and_the_old_one_is_retired),
		cmocka_unit_test(what_a_retired_key_signed_is_taken_and_what_a_revoked_one_signed_is_not),
		cmocka_unit_test(a_revoked_session_key_is_cut_within_a_second_and_never_let_in_again),
		cmocka_unit_test(a_new_witness_key_cosigns),
		cmocka_unit_test(an_agent_that_starts_again_uses_its_newest_keys),
		cmocka_unit_test(what_would_lock_the_agency_out_is_refused),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
