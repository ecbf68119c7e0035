/* SPDX-License-Identifier: Apache-2.0 */
/* `told partner log-key rotate` and `retire --now`, of which either the command or the broker is killed before some
 * change of its own, drawn at random for each of the log's keys in turn. Then the old state stands or the new one, what
 * the command was told is true, and every agency goes on. Real processes; TOLD_SEED repeats a run. */
#include "flow/log_key_world.h"

#include "agents/agent/core/state.h"
#include "flow/crash.h"
#include "flow/kit.h"

#if defined(__SANITIZE_ADDRESS__)
#define KEYS 6u
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEYS 6u
#endif
#endif
#ifndef KEYS
#define KEYS 24u
#endif

/* How many changes a run makes at most, about: a kill beyond the last is none. */
#define COMMAND_CHANGES 18u
#define BROKER_CHANGES  80u

struct rig {
	struct world world;
	struct crash_page *broker, *command;
	uint64_t seed;
	size_t killed_old, killed_new, not_killed; /* what stood after */
};

/* ---- the broker, which may die ---- */

static void start(struct rig *r)
{
	crash_use(r->broker);
	crash_arm(r->broker, CRASH_NEVER);
	world_start_broker(&r->world);
}

static void stop(struct rig *r, int how)
{
	if (how == SIGKILL)
		crash_kill(r->broker);
	else
		assert_int_equal(kill(r->world.broker, how), 0);
	assert_int_equal(crash_end(r->world.broker), how == SIGKILL ? -SIGKILL : 0);
	r->world.broker = 0;
}

static void start_again(struct rig *r)
{
	start(r);
	for (size_t i = 0; i < 20; i++)
		world_turns(&r->world);
	world_until(&r->world, consent_connected, NULL, "every agency connected again");
}

/* ---- what stands ---- */

/* The newest key, as whoever joins today is told. */
static uint32_t newest(const struct rig *r)
{
	char path[PATH_MAX + 32];
	struct told_partnership paper;
	snprintf(path, sizeof path, "%s/partnership.json", r->world.broker_dir);
	assert_int_equal(told_partnership_read(path, &paper, NULL), TOLD_OK);
	return (uint32_t)paper.log_keys_before + 1;
}

/* Of what the command says there are two states only; a broker's start tells which of them stands. */
static bool done(const struct rig *r, const char *act, uint32_t number)
{
	if (strcmp(act, "rotate") == 0)
		return newest(r) == number;
	return !log_key_has_file(&r->world, number - 1);
}

/* Who signs what the agencies hold: the newest key of those, and the one before it as long as it is not over. */
static unsigned signers(struct rig *r, uint32_t number)
{
	struct told_keypair pairs[2] = {0};
	struct told_agent *agent = world_agent(&r->world, "HOU")->agent;
	for (uint32_t i = 0; i < 2; i++) {
		struct told_log_key keys[TOLD_LOG_KEYS_MAX];
		size_t count = told_agent_log_keys(agent, keys);
		assert_int_equal(count, number);
		memcpy(pairs[i].key, keys[number - 2 + i].key, sizeof pairs[i].key);
	}
	return log_key_signed(told_client_checkpoint(agent->client, NULL, NULL), &pairs[0], &pairs[1]);
}

struct wanted {
	struct rig *rig;
	uint32_t number;
	unsigned signers;
};

static bool everybody_has_it(struct world *w, void *ctx)
{
	const struct wanted *wanted = ctx;
	struct told_log_key keys[TOLD_LOG_KEYS_MAX];
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		if (told_agent_log_keys(w->agents[i].agent, keys) != wanted->number ||
		    (wanted->signers == 2 && keys[wanted->number - 2].ends_utc_ms > world_time().wall_ms))
			return false;
	return consent_connected(w, NULL) && signers(wanted->rig, wanted->number) == wanted->signers;
}

/* ---- one act, and its death ---- */

static pid_t say(struct rig *r, const char *act, uint64_t at)
{
	bool now = strcmp(act, "retire") == 0;
	const char *argv[] = {"told", "partner", "log-key", act, "--broker", r->world.broker_dir, now ? "--now" : NULL,
			      NULL};
	return crash_start(r->command, argv, at);
}

/* Until the command is over, or dies with the broker: whoever sits there presses Ctrl-C. Whether it said that it was
 * done. */
static bool hear(struct rig *r, pid_t command)
{
	int code = -1;
	int64_t end_ms = world_now_ms() + WORLD_WAIT_MS;
	while (!crash_over(command, &code)) {
		int broker = 0;
		assert_true(world_now_ms() < end_ms);
		world_turns(&r->world);
		if (r->world.broker == 0 || !crash_over(r->world.broker, &broker))
			continue;
		assert_int_equal(broker, -SIGKILL);
		r->world.broker = 0;
		crash_kill(r->command);
	}
	return code == 0;
}

static void act_and_die(struct rig *r, const char *act, uint32_t number)
{
	bool broker = told_test_random(&r->seed) % 2 == 0;
	uint64_t at = 1 + told_test_random(&r->seed) % (broker ? BROKER_CHANGES : COMMAND_CHANGES);
	if (broker)
		crash_arm(r->broker, at);
	bool told = hear(r, say(r, act, broker ? CRASH_NEVER : at));
	bool died = broker ? r->world.broker == 0 : crash_seen(r->command) >= at;
	if (r->world.broker != 0)
		stop(r, SIGKILL);
	start_again(r);
	bool stands = done(r, act, number);
	if (told && !stands)
		fail_msg("%s of key %u was acknowledged and is lost", act, number);
	print_message("key %u, %s: the %s %s before its change %llu; %s stands\n", number, act,
		      broker ? "broker" : "command", died ? "died" : "ended", (unsigned long long)at,
		      stands ? "the new state" : "the old state");
	*(!died ? &r->not_killed : stands ? &r->killed_new : &r->killed_old) += 1;
	if (!stands)
		assert_true(hear(r, say(r, act, CRASH_NEVER)));
	struct wanted wanted = {r, number, strcmp(act, "rotate") == 0 ? 3 : 2};
	world_until(&r->world, everybody_has_it, &wanted, "every agency to know, and the right keys to sign");
	assert_true(done(r, act, number));
	assert_int_equal(newest(r), number);
	assert_int_equal(log_key_has_file(&r->world, number - 1), strcmp(act, "rotate") == 0);
}

static int audit(struct rig *r)
{
	struct world *w = &r->world;
	char store[PATH_MAX], policy[PATH_MAX], receipts[PATH_MAX];
	struct told_buf text = TOLD_BUF(1u << 22);
	snprintf(store, sizeof store, "%.4000s/told.db", w->broker_dir);
	snprintf(policy, sizeof policy, "%.4000s/policy", w->broker_dir);
	snprintf(receipts, sizeof receipts, "%.4000s/receipts", world_agent(w, "HOU")->dir);
	const char *argv[] = {"told-audit", "verify",     "--store", store, "--policy",
			      policy,       "--receipts", receipts,  NULL};
	int code = flow_run(argv, &text);
	if (code != 0)
		print_message("%s\n", told_buf_cstr(&text));
	told_buf_free(&text);
	return code;
}

static void whoever_dies_the_log_has_one_newest_key_and_it_signs(void **state)
{
	struct rig *r = *state;
	for (uint32_t number = 2; number <= KEYS; number++) {
		act_and_die(r, "rotate", number);
		act_and_die(r, "retire", number);
	}
	print_message("%zu died before it was so, %zu after, %zu not at all\n", r->killed_old, r->killed_new,
		      r->not_killed);
	assert_true(r->killed_old > 0 && r->killed_new > 0);
	stop(r, SIGTERM);
	assert_int_equal(audit(r), 0);
}

static int open_world(void **state)
{
	static struct rig rig;
	*state = &rig;
	rig.seed = told_test_seed();
	rig.broker = crash_new("told-broker");
	rig.command = crash_new("told");
	crash_use(rig.broker);
	assert_int_equal(setenv("TOLD_TEST_BROKER", CRASH_RUNNER, 1), 0);
	world_open(&rig.world);
	return 0;
}

static int close_world(void **state)
{
	struct rig *r = *state;
	world_close(&r->world);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_dies_the_log_has_one_newest_key_and_it_signs),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
