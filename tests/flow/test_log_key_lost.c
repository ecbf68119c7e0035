/* SPDX-License-Identifier: Apache-2.0 */
/* A restore that lost the log's newest key with the last entries: the new log says that key again, and whoever knows it
 * goes on. Without its file nothing is begun, and the operator is told what to bring. A real broker process with the
 * test's clock. */
#include "flow/log_key_world.h"

#include "agents/agent/core/state.h"
#include "flow/kit.h"
#include "support/backup.h"

#define BROKER "../tests/told-broker-shifted"

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

struct path {
	char text[PATH_MAX + 64];
};

static struct path in(const char *dir, const char *name)
{
	struct path path;
	snprintf(path.text, sizeof path.text, "%.4000s/%s", dir, name);
	return path;
}

static void back_up(struct world *w)
{
	world_stop_broker(w, SIGTERM);
	told_test_backup(w->broker_dir, in(w->dir, "backup").text);
	world_start_broker(w);
	consent_days(w, 0);
}

static void restore(struct world *w)
{
	world_stop_broker(w, SIGTERM);
	told_test_backup(in(w->dir, "backup").text, w->broker_dir);
}

/* ---- the new log ---- */

static int begin(const struct world *w, const char *says)
{
	struct told_buf text = TOLD_BUF(1u << 16);
	const char *argv[] = {BROKER, "--new-log", w->broker_dir, NULL};
	int code = flow_run(argv, &text);
	if (strstr(told_buf_cstr(&text), says) == NULL)
		fail_msg("\"%s\" is not in:\n%s", says, told_buf_cstr(&text));
	told_buf_free(&text);
	return code;
}

static bool all_are_offered(struct world *w, void *ctx)
{
	(void)ctx;
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		if (!w->agents[i].agent->offer.there)
			return false;
	return true;
}

static void go_on(struct world *w)
{
	world_start_broker(w);
	world_until(w, all_are_offered, NULL, "every agency to hear of the new log");
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		char name[128];
		snprintf(name, sizeof name, "%s/2", w->agents[i].agent->partnership.partnership);
		world_call(w, w->agents[i].party, told_agent_log_accept, json_pack("{s:s}", "log", name));
	}
	consent_days(w, 0);
}

static bool two_keys_are_known(struct world *w, void *ctx)
{
	struct told_log_key keys[TOLD_LOG_KEYS_MAX];
	(void)ctx;
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		if (told_agent_log_keys(w->agents[i].agent, keys) != 2)
			return false;
	return true;
}

/* Both the rotation and the end of the stolen key are lost; its file is gone for good. */
static struct told_keypair lose_the_newest_key(struct world *w, struct told_keypair *first)
{
	assert_int_equal(told_broker_key_load(w->broker_dir, TOLD_BROKER_KEY_LOG, 1, first), TOLD_OK);
	back_up(w);
	struct told_keypair second = log_key_rotate(w, 2);
	world_until(w, two_keys_are_known, NULL, "the new key to reach everybody");
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_REVOKE, 1, first), TOLD_ANSWER_ACCEPTED);
	for (size_t i = 0; i < 20; i++)
		world_turns(w);
	assert_false(log_key_has_file(w, 1));
	restore(w);
	return second;
}

static void the_new_log_says_the_lost_key_again_and_everybody_goes_on(void **state)
{
	struct world *w = *state;
	struct told_keypair first, second = lose_the_newest_key(w, &first), third;
	struct told_log_key keys[TOLD_LOG_KEYS_MAX];
	assert_int_equal(begin(w, "key 2 the log's newest"), 0);
	assert_int_equal(begin(w, "nothing was lost"), 1); /* what was begun stands */
	go_on(w);
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		assert_int_equal(told_agent_log_keys(w->agents[i].agent, keys), 2);
	assert_memory_equal(keys[1].key, second.key, sizeof second.key);
	/* The end of the stolen key was lost too: the operator says it again. And the log counts on from this key. */
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_REVOKE, 1, &first), TOLD_ANSWER_ACCEPTED);
	assert_int_equal(told_log_key_make(w->broker_dir, 3, &third), TOLD_OK);
	consent_days(w, 31);
	assert_int_equal(log_key_say(w, TOLD_KEY_ACTION_ISSUE, 3, &third), TOLD_ANSWER_ACCEPTED);
}

static void without_the_file_of_that_key_nothing_is_begun(void **state)
{
	struct world *w = *state;
	struct path file, kept = in(w->dir, "kept");
	struct told_keypair first, other;
	lose_the_newest_key(w, &first);
	file = in(w->broker_dir, "keys/log-2.key");
	assert_int_equal(rename(file.text, kept.text), 0);
	/* Something must be there as the log's key, or nothing can be read at all. */
	assert_int_equal(told_log_key_make(w->broker_dir, 3, &other), TOLD_OK);
	assert_int_equal(begin(w, "keys/log-2"), 5);
	assert_int_equal(rename(kept.text, file.text), 0);
	assert_int_equal(begin(w, "key 2 the log's newest"), 0);
	go_on(w);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_new_log_says_the_lost_key_again_and_everybody_goes_on),
		TEST(without_the_file_of_that_key_nothing_is_begun),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
