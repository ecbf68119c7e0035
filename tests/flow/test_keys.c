/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown of each key's renewal and end, as one table; and what no other test shows: how soon a live session
 * ends after the commit, by the test's own clock, and that an ended witness signs nothing more. Real processes. */
#include "agent/thief.h"
#include "flow/crash.h"
#include "flow/kit.h"

#include <sqlite3.h>

/* ---- key by act, and the test that shows it ---- */

struct shown {
	const char *key, *act, *what, *file, *test;
};

/* clang-format off */
static const struct shown table[] = {
	{"identity", "rotate", "a new folder, a new version of the agreement; what was said before still verifies",
	 "tests/told/keys.sh", "identity_is_renewed"},
	{"identity", "revoke", "all that it certified ends; the live session is cut within a second",
	 "tests/flow/test_keys.c", "a_revoked_agency_is_cut_within_a_second_of_the_commit"},
	{"signing", "rotate", "the new one takes over; what the old one signed still verifies",
	 "tests/agent/test_rotate.c", "a_new_signing_key_takes_over_and_the_old_one_is_retired"},
	{"signing", "revoke", "what it signs after the commit is refused",
	 "tests/agent/test_rotate.c", "what_a_retired_key_signed_is_taken_and_what_a_revoked_one_signed_is_not"},
	{"sealing", "rotate", "live wraps are granted anew",
	 "tests/agent/test_rotate.c", "wraps_are_given_anew_to_a_new_sealing_key"},
	{"sealing", "revoke", "wraps to it go in the same turn, its file too",
	 "tests/agent/test_rotate.c", "wraps_are_given_anew_to_a_new_sealing_key"},
	{"witness", "rotate", "the new one cosigns",
	 "tests/flow/test_keys.c", "a_new_witness_key_cosigns_and_a_revoked_one_counts_for_nothing"},
	{"witness", "both", "what the old one signed verifies for good",
	 "tests/flow/test_keys.c", "what_was_signed_before_still_verifies"},
	{"witness", "revoke", "the policy forgets it; what it signs after the commit is not kept",
	 "tests/flow/test_keys.c", "a_new_witness_key_cosigns_and_a_revoked_one_counts_for_nothing"},
	{"session", "rotate", "the agent goes on under the new one",
	 "tests/agent/test_rotate.c", "an_agent_that_starts_again_uses_its_newest_keys"},
	{"session", "revoke", "the live session is cut within a second, and never let in again",
	 "tests/flow/test_keys.c", "a_revoked_session_key_is_cut_within_a_second_of_the_commit"},
	{"contact", "rotate", "the new one opens what is new, the old one what was",
	 "tests/agent/test_contact.c", "a_renewed_key_opens_what_is_new_and_the_old_one_what_was"},
	{"contact", "revoke", "who leaves opens nothing more, and nothing more is sealed to them",
	 "tests/agent/test_contact.c", "who_leaves_opens_nothing_more_and_nothing_more_is_sealed_to_them"},
	{"log", "rotate", "both sign for 30 days; old receipts hold",
	 "tests/flow/test_log_key.c", "both_keys_sign_for_30_days_and_then_the_new_one_alone"},
	{"log", "revoke", "a stolen one signs nothing that is believed",
	 "tests/flow/test_log_key.c", "a_stolen_key_is_ended_at_once_and_signs_nothing_that_is_believed"},
	/* The vault's key never leaves its machine and stands in no entry: 0017 says why it has no act. */
};
/* clang-format on */

static void each_row_names_a_test_that_is_there(void **state)
{
	const char *source = getenv("TOLD_SOURCE");
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		char path[PATH_MAX];
		snprintf(path, sizeof path, "%.3000s/%s", source == NULL ? "." : source, table[i].file);
		struct told_bytes file = told_test_read(path);
		const char *at = strstr((const char *)file.data, table[i].test);
		print_message("%-9s %-7s %-78s %s\n", table[i].key, table[i].act, table[i].what, table[i].test);
		if (at == NULL)
			fail_msg("%s has no %s", table[i].file, table[i].test);
		free((void *)(uintptr_t)file.data);
	}
}

/* ---- a world ---- */

static struct world world;

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* In the broker's store, as it stands. */
static int64_t in_store(const struct world *w, const char *sql, const char *text)
{
	char path[PATH_MAX + 16];
	sqlite3 *db = NULL;
	sqlite3_stmt *rows = NULL;
	snprintf(path, sizeof path, "%s/told.db", w->broker_dir);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_busy_timeout(db, 5000), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
	if (text != NULL)
		assert_int_equal(sqlite3_bind_text(rows, 1, text, -1, SQLITE_STATIC), SQLITE_OK);
	assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
	int64_t number = sqlite3_column_int64(rows, 0);
	sqlite3_finalize(rows);
	sqlite3_close(db);
	return number;
}

/* How many facts of a type the log has: it grows with the commit that takes one. */
static int64_t facts(const struct world *w, uint32_t type)
{
	char sql[96];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM fact WHERE type = %u", type);
	return in_store(w, sql, NULL);
}

/* ---- sessions ---- */

/* Whoever has the key is connected now; an act is on its way, which ends that. Both moments by our clock. */
static void is_cut(struct world *w, struct thief *thief, uint32_t type, int64_t facts_before)
{
	int64_t committed_ms = 0, gone_ms = 0, end_ms = world_now_ms() + WORLD_WAIT_MS;
	while (committed_ms == 0 || gone_ms == 0) {
		assert_true(world_now_ms() < end_ms);
		thief_turn(thief);
		if (committed_ms == 0 && facts(w, type) > facts_before)
			committed_ms = world_now_ms();
		if (gone_ms == 0 && thief->gone)
			gone_ms = world_now_ms();
		world_turns(w);
	}
	print_message("cut %lld ms after the commit\n", (long long)(gone_ms - committed_ms));
	assert_true(gone_ms - committed_ms <= TOLD_MS_SECOND);
}

/* What is said with the key from then on reaches nobody, and it is not let in again. */
static void stays_out(struct world *w, struct thief *thief, const char *party, const struct told_keypair *session)
{
	struct thief again;
	int64_t entries = in_store(w, "SELECT count(*) FROM entry WHERE idx >= 0", NULL);
	int64_t workers = facts(w, TOLD_TYPE_WORKER_REGISTER), end_ms = world_now_ms() + 2 * TOLD_MS_SECOND;
	thief_open(&again, w, party, session);
	thief_writes(&again, w, party, &world_agent(w, party)->agent->keys.of[TOLD_AGENCY_KEY_SIGNING]);
	while (world_now_ms() < end_ms) {
		thief_turn(thief);
		thief_turn(&again);
		world_turns(w);
		(void)!told_client_send(again.client, &again.message);
		assert_false(told_client_ready(thief->client) || told_client_ready(again.client));
	}
	assert_int_equal(facts(w, TOLD_TYPE_WORKER_REGISTER), workers);
	assert_true(in_store(w, "SELECT count(*) FROM entry WHERE idx >= 0", NULL) >= entries);
	thief_close(&again);
}

static void a_revoked_session_key_is_cut_within_a_second_of_the_commit(void **state)
{
	struct world *w = *state;
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_keypair stolen = hou->agent->keys.of[TOLD_AGENCY_KEY_SESSION];
	struct told_reply reply = TOLD_REPLY;
	struct thief thief;
	world_call(w, "HOU", told_agent_key_rotate, json_pack("{s:s}", "purpose", "session"));
	thief_open(&thief, w, "HOU", &stolen);
	world_until(w, thief_ready, &thief, "the thief, within the grace");
	int64_t before = facts(w, TOLD_TYPE_KEY_RECORD);
	json_t *request = json_pack("{s:s, s:s}", "purpose", "session", "number", "1");
	assert_int_equal(told_agent_key_revoke(hou->agent, &hou->caller, request, &reply), TOLD_OK);
	is_cut(w, &thief, TOLD_TYPE_KEY_RECORD, before);
	stays_out(w, &thief, "HOU", &stolen);
	assert_true(told_client_ready(hou->agent->client)); /* it goes on under its new one */
	json_decref(request);
	told_reply_free(&reply);
	thief_close(&thief);
}

static void a_revoked_agency_is_cut_within_a_second_of_the_commit(void **state)
{
	struct world *w = *state;
	struct told_keypair session = world_agent(w, "SUD")->agent->keys.of[TOLD_AGENCY_KEY_SESSION];
	struct crash_page *command = crash_new("told");
	const char *argv[] = {"told", "partner", "revoke", "SUD", "--broker", w->broker_dir, NULL};
	struct thief thief;
	thief_open(&thief, w, "SUD", &session);
	world_until(w, thief_ready, &thief, "the thief, with the agency's own key");
	int64_t before = facts(w, TOLD_TYPE_PARTNER);
	pid_t pid = crash_start(command, argv, CRASH_NEVER);
	is_cut(w, &thief, TOLD_TYPE_PARTNER, before);
	assert_int_equal(crash_end(pid), 0);
	stays_out(w, &thief, "SUD", &session);
	assert_false(told_client_ready(world_agent(w, "SUD")->agent->client)); /* nor the agency itself */
	thief_close(&thief);
}

/* ---- witnesses ---- */

static void vkey_of(const struct told_keypair *pair, char out[TOLD_VKEY_MAX_BYTES])
{
	struct told_vkey vkey;
	struct told_buf text = TOLD_BUF(TOLD_VKEY_MAX_BYTES - 1);
	told_vkey_make(told_text("EMP"), TOLD_NOTE_COSIGNATURE, pair->key, &vkey);
	told_vkey_format(&vkey, &text);
	snprintf(out, TOLD_VKEY_MAX_BYTES, "%s", told_buf_cstr(&text));
	told_buf_free(&text);
}

static bool policy_names(const struct world *w, const struct told_keypair *pair)
{
	char path[PATH_MAX + 16], vkey[TOLD_VKEY_MAX_BYTES], line[TOLD_VKEY_MAX_BYTES + 16];
	vkey_of(pair, vkey);
	snprintf(line, sizeof line, "\nwitness EMP %s", vkey);
	snprintf(path, sizeof path, "%s/policy", w->broker_dir);
	struct told_bytes file = told_test_read(path);
	bool named = strstr((const char *)file.data, line) != NULL;
	free((void *)(uintptr_t)file.data);
	return named;
}

static bool policy_names_the_new_one(struct world *w, void *ctx)
{
	(void)ctx;
	return policy_names(w, &world_agent(w, "EMP")->agent->keys.of[TOLD_AGENCY_KEY_WITNESS]);
}

static bool policy_forgot(struct world *w, void *ctx)
{
	return !policy_names(w, ctx);
}

/* Lines of EMP's that the store keeps. */
static int64_t lines(const struct world *w)
{
	return in_store(w, "SELECT count(*) FROM cosignature WHERE name = ?1", "EMP");
}

static bool emp_cosigned_more(struct world *w, void *ctx)
{
	const int64_t *before = ctx;
	return lines(w) > *before;
}

static void worker(struct world *w, const char *party)
{
	world_call(w, party, told_agent_worker_add, json_pack("{s:[s]}", "teams", "front"));
}

static void a_new_witness_key_cosigns_and_a_revoked_one_counts_for_nothing(void **state)
{
	struct world *w = *state;
	struct told_agent *emp = world_agent(w, "EMP")->agent;
	struct told_keypair old = emp->keys.of[TOLD_AGENCY_KEY_WITNESS];
	world_call(w, "EMP", told_agent_key_rotate, json_pack("{s:s}", "purpose", "witness"));
	world_until(w, policy_names_the_new_one, NULL, "the policy to name the new witness key");
	int64_t before = lines(w);
	worker(w, "TT");
	world_until(w, emp_cosigned_more, &before, "the new key to cosign");
	json_t *request = json_pack("{s:s, s:s}", "purpose", "witness", "number", "1");
	world_call(w, "EMP", told_agent_key_revoke, request);
	world_until(w, policy_forgot, &old, "the policy to forget the old one");
	/* Its session goes on; under the ended key it may say what it likes. */
	struct told_keypair current = emp->keys.of[TOLD_AGENCY_KEY_WITNESS];
	emp->keys.of[TOLD_AGENCY_KEY_WITNESS] = old;
	assert_int_equal(told_agent_connect(emp), TOLD_OK);
	worker(w, "TT");
	for (size_t i = 0; i < 40; i++)
		world_turns(w);
	before = lines(w);
	for (size_t i = 0; i < 3; i++) {
		worker(w, "TT");
		for (size_t turn = 0; turn < 40; turn++)
			world_turns(w);
	}
	assert_int_equal(lines(w), before);
	emp->keys.of[TOLD_AGENCY_KEY_WITNESS] = current;
	assert_int_equal(told_agent_connect(emp), TOLD_OK);
	worker(w, "TT");
	world_until(w, emp_cosigned_more, &before, "the new key to cosign again");
}

/* Cosignatures of the old witness key, entries of the revoked agency, receipts of all: after all that was done above.
 */
static void what_was_signed_before_still_verifies(void **state)
{
	struct world *w = *state;
	char store[PATH_MAX + 16], policy[PATH_MAX + 16], receipts[PATH_MAX + 16];
	struct told_buf text = TOLD_BUF(1u << 22);
	world_stop_broker(w, SIGTERM);
	snprintf(store, sizeof store, "%s/told.db", w->broker_dir);
	snprintf(policy, sizeof policy, "%s/policy", w->broker_dir);
	snprintf(receipts, sizeof receipts, "%s/receipts", world_agent(w, "EMP")->dir);
	const char *argv[] = {"told-audit", "verify",     "--store", store, "--policy",
			      policy,       "--receipts", receipts,  NULL};
	int code = flow_run(argv, &text);
	if (code != 0)
		fail_msg("told-audit %d: %s", code, told_buf_cstr(&text));
	told_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_names_a_test_that_is_there),
		cmocka_unit_test(a_new_witness_key_cosigns_and_a_revoked_one_counts_for_nothing),
		cmocka_unit_test(a_revoked_session_key_is_cut_within_a_second_of_the_commit),
		cmocka_unit_test(a_revoked_agency_is_cut_within_a_second_of_the_commit),
		cmocka_unit_test(what_was_signed_before_still_verifies), /* the last: nothing runs after it */
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
