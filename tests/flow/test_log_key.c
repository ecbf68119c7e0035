/* SPDX-License-Identifier: Apache-2.0 */
/* The log's own key is renewed: both sign for 30 days, the old one's file goes, old receipts hold, and whoever stole
 * the old key signs nothing that anybody believes. A real broker process with the test's clock. */
#include "flow/log_key_world.h"

#include "agents/agent/core/state.h"
#include "agents/client/state.h"
#include "flow/kit.h"

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

/* A person whom HOU may tell TT of, for long. */
static struct person told_of(struct world *w)
{
	char id[40];
	struct person p = consent_person(w);
	json_t *request = consent_ask(&p, "TT", "DEM.ID,HOU.SIT");
	json_object_set_new(request, "until_ms", json_integer(world_time().wall_ms + 200 * TOLD_MS_DAY));
	consent_record(w, "HOU", request, id);
	return p;
}

/* HOU sends an update; its receipt goes to the file. */
static void send_and_keep(struct world *w, const struct person *p, const char *path)
{
	char id[40];
	json_t *sent = world_call(w, "HOU", told_agent_update,
				  json_pack("{s:s, s:s, s:o}", "client", p->client, "to", "TT", "categories",
					    consent_list("DEM.ID,HOU.SIT")));
	const json_t *message = json_array_get(json_object_get(sent, "messages"), 0);
	assert_string_equal(json_string_value(json_object_get(message, "state")), "sent");
	snprintf(id, sizeof id, "%s", json_string_value(json_object_get(message, "id")));
	const json_t *reply = world_call(w, "HOU", told_agent_receipt, json_pack("{s:s}", "message", id));
	const char *text = json_string_value(json_object_get(reply, "receipt"));
	assert_non_null(text);
	assert_int_equal(told_file_write(path, told_text(text), 0600), TOLD_OK);
}

/* Which of the two keys signed a receipt's checkpoint: 1, 2, or 3 for both. */
static unsigned signed_by(const char *path, const struct told_keypair *first, const struct told_keypair *second)
{
	struct told_proof_file proof;
	struct told_bytes text = told_test_read(path);
	assert_int_equal(told_proof_file_parse(text, &proof), TOLD_OK);
	unsigned by = log_key_signed(proof.checkpoint, first, second);
	told_buf_free(&proof.extra);
	free((void *)(uintptr_t)text.data);
	return by;
}

struct path {
	char text[PATH_MAX + 32];
};

static struct path path_of(const struct world *w, const char *name)
{
	struct path path;
	snprintf(path.text, sizeof path.text, "%.4000s/%s", w->dir, name);
	return path;
}

/* What the broker's policy says of the log: receipts are young here, and no witness had the time to sign. */
static struct path log_policy(const struct world *w)
{
	struct path path = path_of(w, "log-policy"), source;
	struct told_buf text = TOLD_BUF(1u << 20), kept = TOLD_BUF(1u << 20);
	snprintf(source.text, sizeof source.text, "%.4000s/policy", w->broker_dir);
	assert_int_equal(told_file_read(source.text, text.max_bytes, &text), TOLD_OK);
	char *save = NULL;
	for (char *line = strtok_r((char *)(uintptr_t)told_buf_cstr(&text), "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		if (strncmp(line, "log ", 4) == 0 || line[0] == '#')
			told_buf_printf(&kept, "%s\n", line);
	told_buf_put_text(&kept, "quorum none\n");
	assert_int_equal(told_file_write(path.text, told_buf_view(&kept), 0600), TOLD_OK);
	told_buf_free(&text);
	told_buf_free(&kept);
	return path;
}

static int check_proof(struct world *w, const char *path)
{
	struct path policy = log_policy(w);
	struct told_buf text = TOLD_BUF(1u << 20);
	const char *argv[] = {"told-audit", "check-proof", path, "--policy", policy.text, NULL};
	int code = flow_run(argv, &text);
	if (code != 0)
		print_message("%s\n", told_buf_cstr(&text));
	told_buf_free(&text);
	return code;
}

/* The same by libtold alone, as an agency's own program would: one policy for receipts of all days. */
static enum told_status check_receipt(struct world *w, const char *path)
{
	struct path policy = log_policy(w);
	uint64_t index = 0;
	struct told_bytes text = told_test_read(path), keys = told_test_read(policy.text);
	enum told_status status = told_receipt_check(text, keys, NULL, &index);
	free((void *)(uintptr_t)text.data);
	free((void *)(uintptr_t)keys.data);
	return status;
}

static size_t keys_known(struct world *w, const char *party, struct told_log_key out[TOLD_LOG_KEYS_MAX])
{
	return told_agent_log_keys(world_agent(w, party)->agent, out);
}

static bool everybody_knows_two(struct world *w, void *ctx)
{
	struct told_log_key keys[TOLD_LOG_KEYS_MAX];
	(void)ctx;
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		if (w->agents[i].agent != NULL && keys_known(w, w->agents[i].party, keys) != 2)
			return false;
	return true;
}

static struct told_keypair first_key(const struct world *w)
{
	struct told_keypair pair;
	assert_int_equal(told_broker_key_load(w->broker_dir, TOLD_BROKER_KEY_LOG, 1, &pair), TOLD_OK);
	return pair;
}

static void restart(struct world *w, int how)
{
	world_stop_broker(w, how);
	world_start_broker(w);
	consent_days(w, 0);
}

static bool first_file_is_gone(struct world *w, void *ctx)
{
	(void)ctx;
	return !log_key_has_file(w, 1);
}

static void both_keys_sign_for_30_days_and_then_the_new_one_alone(void **state)
{
	struct world *w = *state;
	struct person p = told_of(w);
	struct told_keypair first = first_key(w);
	struct path before = path_of(w, "before"), during = path_of(w, "during"), late = path_of(w, "late"),
		    after = path_of(w, "after");
	send_and_keep(w, &p, before.text);
	struct told_keypair second = log_key_rotate(w, 2);
	world_until(w, everybody_knows_two, NULL, "the new key to reach everybody");
	send_and_keep(w, &p, during.text);
	restart(w, SIGKILL);
	consent_days(w, 29);
	send_and_keep(w, &p, late.text);
	assert_true(log_key_has_file(w, 1));
	consent_days(w, 1);
	send_and_keep(w, &p, after.text);
	assert_int_equal(signed_by(before.text, &first, &second), 1);
	assert_int_equal(signed_by(during.text, &first, &second), 3);
	assert_int_equal(signed_by(late.text, &first, &second), 3);
	assert_int_equal(signed_by(after.text, &first, &second), 2);
	world_until(w, first_file_is_gone, NULL, "the old key's file to go");
	restart(w, SIGKILL);
	send_and_keep(w, &p, after.text);
	assert_int_equal(signed_by(after.text, &first, &second), 2);
	assert_int_equal(check_proof(w, before.text), 0);
	assert_int_equal(check_proof(w, during.text), 0);
	assert_int_equal(check_proof(w, after.text), 0);
	assert_int_equal(check_receipt(w, before.text), TOLD_OK);
	assert_int_equal(check_receipt(w, during.text), TOLD_OK);
	assert_int_equal(check_receipt(w, after.text), TOLD_OK);
	consent_off(w, "TT"); /* what an agent knows of the keys outlives it */
	consent_on(w, "TT");
	consent_days(w, 0);
	assert_int_equal(keys_known(w, "TT", (struct told_log_key[TOLD_LOG_KEYS_MAX]){0}), 2);
}

static void the_log_takes_one_new_key_at_a_time_and_only_the_next(void **state)
{
	struct world *w = *state;
	struct told_keypair other, second = log_key_rotate(w, 2);
	assert_int_equal(told_log_key_make(w->broker_dir, 3, &other), TOLD_OK);
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_ISSUE, 2, &second), TOLD_ANSWER_REFUSED);
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_ISSUE, 3, &other), TOLD_ANSWER_REFUSED);
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_REVOKE, 2, &second), TOLD_ANSWER_REFUSED);
	world_until(w, everybody_knows_two, NULL, "the new key to reach everybody");
	consent_days(w, 31);
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_ISSUE, 4, &other), TOLD_ANSWER_REFUSED);
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_ISSUE, 3, &other), TOLD_ANSWER_ACCEPTED);
	restart(w, SIGTERM);
}

/* Nobody can sign with what is not in the broker's folder, so nobody is told of it. */
static void a_key_without_a_file_is_not_taken(void **state)
{
	struct world *w = *state;
	struct told_keypair pair = {0};
	assert_int_equal(told_random(pair.secret, sizeof pair.secret), TOLD_OK);
	assert_int_equal(told_ed25519_public(pair.secret, pair.key), TOLD_OK);
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_ISSUE, 2, &pair), TOLD_ANSWER_REFUSED);
	restart(w, SIGKILL);
}

/* A checkpoint of our own making under the key that was stolen, larger than what the agent has. */
static struct told_buf forge(const struct told_agent *agent, const struct told_keypair *stolen)
{
	struct told_checkpoint checkpoint = {.origin = agent->client->trail.vkey.name,
					     .size = agent->client->trail.newest.size + 7};
	struct told_buf text = TOLD_BUF(4096), note = TOLD_BUF(4096);
	struct told_signer *signer = NULL;
	assert_int_equal(told_signer_new(stolen->secret, &signer), TOLD_OK);
	memset(checkpoint.root.b, 7, sizeof checkpoint.root.b);
	told_checkpoint_format(&checkpoint, &text);
	assert_int_equal(told_note_sign(told_buf_view(&text), checkpoint.origin, signer, stolen->key, &note), TOLD_OK);
	told_signer_free(signer);
	told_buf_free(&text);
	return note;
}

/* The receipt's checkpoint, signed by this key alone. */
static void resign(const char *path, const struct told_keypair *by)
{
	struct told_proof_file proof;
	struct told_checkpoint checkpoint;
	struct told_signer *signer = NULL;
	struct told_bytes text = told_test_read(path), note_text;
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES), out = TOLD_BUF(TOLD_NOTE_MAX_BYTES * 2);
	assert_int_equal(told_proof_file_parse(text, &proof), TOLD_OK);
	assert_int_equal(told_note_text(proof.checkpoint, &note_text), TOLD_OK);
	assert_int_equal(told_checkpoint_parse(note_text, &checkpoint), TOLD_OK);
	assert_int_equal(told_signer_new(by->secret, &signer), TOLD_OK);
	assert_int_equal(told_note_sign(note_text, checkpoint.origin, signer, by->key, &note), TOLD_OK);
	proof.checkpoint = told_buf_view(&note);
	told_proof_file_format(&proof, &out);
	assert_int_equal(told_file_write(path, told_buf_view(&out), 0600), TOLD_OK);
	told_signer_free(signer);
	told_buf_free(&proof.extra);
	told_buf_free(&note);
	told_buf_free(&out);
	free((void *)(uintptr_t)text.data);
}

static enum told_status shown(struct world *w, const struct told_keypair *stolen)
{
	struct told_agent *agent = world_agent(w, "TT")->agent;
	struct told_point point;
	struct told_buf note = forge(agent, stolen);
	enum told_status status = told_trail_read(&agent->client->trail, told_buf_view(&note), &point);
	told_buf_free(&note);
	return status;
}

static bool the_first_is_over(struct world *w, void *ctx)
{
	struct told_log_key keys[TOLD_LOG_KEYS_MAX];
	(void)ctx;
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		if (keys_known(w, w->agents[i].party, keys) != 2 || keys[0].ends_utc_ms > world_time().wall_ms)
			return false;
	return true;
}

static void a_stolen_key_is_ended_at_once_and_signs_nothing_that_is_believed(void **state)
{
	struct world *w = *state;
	struct person p = told_of(w);
	struct told_keypair first = first_key(w);
	struct path during = path_of(w, "during"), after = path_of(w, "after");
	assert_int_equal(shown(w, &first), TOLD_OK); /* as long as nobody knows better */
	struct told_keypair second = log_key_rotate(w, 2);
	world_until(w, everybody_knows_two, NULL, "the new key to reach everybody");
	send_and_keep(w, &p, during.text);
	assert_int_equal(shown(w, &first), TOLD_OK);
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_REVOKE, 1, &first), TOLD_ANSWER_ACCEPTED);
	world_until(w, the_first_is_over, NULL, "the end of the old key to reach everybody");
	assert_false(log_key_has_file(w, 1));
	assert_int_equal(shown(w, &first), TOLD_E_SIGNATURE);
	assert_int_equal(shown(w, &second), TOLD_OK);
	send_and_keep(w, &p, after.text);
	assert_int_equal(signed_by(after.text, &first, &second), 2);
	assert_int_equal(check_proof(w, during.text), 0);
	assert_int_equal(check_proof(w, after.text), 0);
	resign(after.text, &second);
	assert_int_equal(check_proof(w, after.text), 0);
	resign(after.text, &first); /* the very same checkpoint, under the key that was stolen */
	assert_int_not_equal(check_proof(w, after.text), 0);
	assert_int_equal(check_receipt(w, after.text), TOLD_E_SIGNATURE);
	consent_off(w, "TT");
	consent_on(w, "TT");
	world_turns(w);
	assert_int_equal(shown(w, &first), TOLD_E_SIGNATURE);
}

/* What `told doctor` says of the log's key; it is content while that is not much older than a year. */
static bool doctor_says(struct world *w, const char *what)
{
	const json_t *check, *checks = json_object_get(world_call(w, "TT", told_agent_doctor, json_object()), "checks");
	for (size_t i = 0; (check = json_array_get(checks, i)) != NULL; i++) {
		if (strcmp(json_string_value(json_object_get(check, "check")), "log key") != 0)
			continue;
		assert_string_equal(json_string_value(json_object_get(check, "what")), what);
		return json_is_true(json_object_get(check, "ok"));
	}
	fail_msg("the doctor does not look at the log's key");
	return false;
}

static void the_doctor_tells_how_old_the_logs_key_is(void **state)
{
	struct world *w = *state;
	assert_true(doctor_says(w, "its key is number 1 and 0 days old"));
	consent_days(w, 396);
	assert_false(doctor_says(w, "its key is number 1 and 396 days old"));
	log_key_rotate(w, 2);
	world_until(w, everybody_knows_two, NULL, "the new key to reach everybody");
	consent_days(w, 20);
	assert_true(doctor_says(w, "its key is number 2 and 20 days old"));
}

/* Neither the message nor a signature that it knows waits for whoever was away: its welcome leads it. */
static void an_agency_that_was_away_all_the_time_is_led_to_the_new_key(void **state)
{
	struct world *w = *state;
	struct person p = told_of(w);
	struct told_keypair first = first_key(w);
	struct told_log_key keys[TOLD_LOG_KEYS_MAX];
	struct path after = path_of(w, "after");
	consent_off(w, "TT");
	log_key_rotate(w, 2);
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_REVOKE, 1, &first), TOLD_ANSWER_ACCEPTED);
	world_until(w, everybody_knows_two, NULL, "the new key to reach everybody else");
	consent_on(w, "TT");
	consent_days(w, 0);
	world_until(w, the_first_is_over, NULL, "the end of the old key to reach everybody");
	assert_int_equal(shown(w, &first), TOLD_E_SIGNATURE);
	send_and_keep(w, &p, after.text);
	assert_int_equal(check_proof(w, after.text), 0);
	consent_off(w, "TT"); /* and it keeps what it was led to */
	consent_on(w, "TT");
	assert_int_equal(keys_known(w, "TT", keys), 2);
}

static void it_is_led_over_several_keys(void **state)
{
	struct world *w = *state;
	struct told_log_key keys[TOLD_LOG_KEYS_MAX];
	consent_off(w, "TT");
	log_key_rotate(w, 2);
	world_until(w, everybody_knows_two, NULL, "the new key to reach everybody else");
	consent_days(w, 31);
	log_key_rotate(w, 3);
	for (size_t i = 0; i < 20; i++)
		world_turns(w);
	consent_days(w, 31);
	consent_on(w, "TT");
	consent_days(w, 0);
	assert_int_equal(keys_known(w, "TT", keys), 3);
	assert_true(keys[1].ends_utc_ms <= world_time().wall_ms);
	assert_true(keys[2].ends_utc_ms == INT64_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_keys_sign_for_30_days_and_then_the_new_one_alone),
		TEST(the_log_takes_one_new_key_at_a_time_and_only_the_next),
		TEST(a_key_without_a_file_is_not_taken),
		TEST(a_stolen_key_is_ended_at_once_and_signs_nothing_that_is_believed),
		TEST(the_doctor_tells_how_old_the_logs_key_is),
		TEST(an_agency_that_was_away_all_the_time_is_led_to_the_new_key),
		TEST(it_is_led_over_several_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
