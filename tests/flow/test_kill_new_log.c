/* SPDX-License-Identifier: Apache-2.0 */
/* told-broker --new-log is killed before each of its changes in turn. Then the old log stands, and the command is said
 * again; or the new one does, and it is not said twice: never both, never neither. Every agency hears of one new log,
 * waits for its lead, and what was acknowledged is all in the log again. Real processes; TOLD_SEED repeats a run. */
#include "agent/world.h"

#include "agents/agent/core/state.h"
#include "flow/crash.h"
#include "flow/kit.h"
#include "support/backup.h"

#define CHANGES_MAX  400u /* far above what the command does */
#define WHOLE_RUNS   6u
#define STARTS_EVERY 4u /* a start is dear */

struct rig {
	struct world world;
	struct crash_page *page;
	char lost[PATH_MAX]; /* the folders as they are after the loss */
	char client[64];
	uint64_t changes;   /* of an undisturbed run */
	uint64_t begins_at; /* killed before this change or a later one, the new log stands */
};

struct path {
	char text[PATH_MAX + 64];
};

static struct path in(const char *dir, const char *name)
{
	struct path path;
	snprintf(path.text, sizeof path.text, "%.4000s/%s", dir, name);
	return path;
}

/* ---- a broker that lost entries ---- */

static void tell(struct rig *r)
{
	json_t *card = world_call(&r->world, "HOU", told_agent_card_new, json_object());
	snprintf(r->client, sizeof r->client, "%s", json_string_value(json_object_get(card, "client")));
	world_call(&r->world, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s}]}", "client", r->client, "sections", "category", "DEM.ID",
			     "text", "Ada, 41", "category", "HOU.SIT", "text", "Sleeping on a sofa"));
	world_call(&r->world, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s,s], s:[s,s], s:s}", "client", r->client, "recipients", "TT", "purposes",
			     "REFERRAL", "COORD", "include", "DEM.ID", "HOU.SIT", "evidence", "signature"));
}

static void update(struct rig *r)
{
	json_t *reply = world_call(
		&r->world, "HOU", told_agent_update,
		json_pack("{s:s, s:s, s:[s,s]}", "client", r->client, "to", "TT", "categories", "DEM.ID", "HOU.SIT"));
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	assert_string_equal(json_string_value(json_object_get(message, "state")), "sent");
}

static void agents_off(struct world *w)
{
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		told_agent_close(w->agents[i].agent);
		w->agents[i].agent = NULL;
	}
}

static void agents_on(struct world *w)
{
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		world_open_agent(&w->agents[i]);
}

static void copy_all(struct rig *r, bool back)
{
	struct path kept = in(r->lost, "broker");
	told_test_copy_tree(back ? kept.text : r->world.broker_dir, back ? r->world.broker_dir : kept.text);
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		const struct world_agent *a = &r->world.agents[i];
		kept = in(r->lost, a->party);
		told_test_copy_tree(back ? kept.text : a->dir, back ? a->dir : kept.text);
	}
}

static void lose(struct rig *r)
{
	struct world *w = &r->world;
	struct path backup = in(w->dir, "backup");
	tell(r);
	update(r);
	world_stop_broker(w, SIGTERM);
	told_test_backup(w->broker_dir, backup.text);
	world_start_broker(w);
	for (size_t i = 0; i < 4; i++)
		update(r);
	agents_off(w);
	world_stop_broker(w, SIGTERM);
	told_test_backup(backup.text, w->broker_dir);
	copy_all(r, false);
}

/* ---- the command ---- */

static int killed_at(struct rig *r, uint64_t at)
{
	const char *argv[] = {"told-broker", "--new-log", r->world.broker_dir, NULL};
	return crash_end(crash_start(r->page, argv, at));
}

/* Said again, by whoever saw it die. */
static bool begins_now(struct rig *r)
{
	struct told_buf text = TOLD_BUF(1u << 16);
	const char *argv[] = {"told-broker", "--new-log", r->world.broker_dir, NULL};
	int code = flow_run(argv, &text);
	const char *expected = code == 0 ? "northtown.example/2 begins" : "nothing was lost";
	if ((code != 0 && code != 1) || strstr(told_buf_cstr(&text), expected) == NULL)
		fail_msg("exit %d: %s", code, told_buf_cstr(&text));
	told_buf_free(&text);
	return code == 0;
}

static void starts_and_ends(struct rig *r)
{
	world_start_broker(&r->world);
	world_stop_broker(&r->world, SIGTERM);
}

/* Every receipt and the note that each agency holds, against the store. */
static int audit(struct rig *r, const char *act)
{
	struct path store = in(r->world.broker_dir, "told.db"), policy = in(r->world.broker_dir, "policy");
	struct path receipts[WORLD_AGENTS];
	struct told_buf text = TOLD_BUF(1u << 22);
	const char *argv[8 + 2 * WORLD_AGENTS] = {"told-audit", act, "--store", store.text};
	size_t n = 4;
	if (strcmp(act, "verify") == 0) {
		argv[n++] = "--policy";
		argv[n++] = policy.text;
	}
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		receipts[i] = in(r->world.agents[i].dir, "receipts");
		argv[n++] = "--receipts";
		argv[n++] = receipts[i].text;
	}
	int code = flow_run(argv, &text);
	if (code != 0)
		print_message("%s\n", told_buf_cstr(&text));
	told_buf_free(&text);
	return code;
}

static void a_kill_before_any_change_leaves_the_old_log_or_the_new_one(void **state)
{
	struct rig *r = *state;
	for (uint64_t at = 1; at < CHANGES_MAX; at++) {
		told_test_copy_tree(in(r->lost, "broker").text, r->world.broker_dir);
		int code = killed_at(r, at);
		assert_true(code == -SIGKILL || code == 0);
		bool again = begins_now(r);
		if (!again && r->begins_at == 0)
			r->begins_at = at;
		assert_true(again == (r->begins_at == 0)); /* once it stands, it stands */
		assert_false(begins_now(r));
		if (at % STARTS_EVERY == 0 || at == r->begins_at)
			starts_and_ends(r);
		if (code == 0) {
			r->changes = at - 1;
			break;
		}
	}
	assert_true(r->changes > 4 && r->begins_at > 1 && r->begins_at <= r->changes);
	print_message("%llu changes; killed before %llu or a later one, the new log stands\n",
		      (unsigned long long)r->changes, (unsigned long long)r->begins_at);
}

/* ---- and everybody goes on ---- */

static bool all_are_offered(struct world *w, void *ctx)
{
	(void)ctx;
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		if (!w->agents[i].agent->offer.there)
			return false;
	return true;
}

static bool all_is_sent(struct world *w, void *ctx)
{
	(void)ctx;
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		const json_t *list =
			json_object_get(world_call(w, w->agents[i].party, told_agent_sent, json_object()), "messages");
		for (size_t j = 0; j < json_array_size(list); j++) {
			const char *state = json_string_value(json_object_get(json_array_get(list, j), "state"));
			if (strcmp(state, "waiting") == 0)
				return false;
		}
	}
	return true;
}

static bool all_is_in_the_log_again(struct world *w, void *ctx)
{
	(void)ctx;
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		if (!told_client_ready(w->agents[i].agent->client))
			return false;
	return all_is_sent(w, NULL);
}

static void go_on(struct rig *r)
{
	struct world *w = &r->world;
	world_start_broker(w);
	agents_on(w);
	world_until(w, all_are_offered, NULL, "every agency to hear of the new log");
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		world_call(w, w->agents[i].party, told_agent_log_accept,
			   json_pack("{s:s}", "log", "northtown.example/2"));
	world_until(w, all_is_in_the_log_again, NULL, "what was lost to be in the log again");
	update(r);
	for (size_t i = 0; i < 60; i++)
		world_turns(w); /* the last acknowledgements and receipts */
	world_stop_broker(w, SIGTERM);
	agents_off(w);
}

static void whole_run(struct rig *r, uint64_t at)
{
	print_message("the whole way, killed before change %llu\n", (unsigned long long)at);
	copy_all(r, true);
	(void)killed_at(r, at);
	if (begins_now(r))
		assert_true(at < r->begins_at);
	go_on(r);
	assert_int_equal(audit(r, "verify"), 0);
	assert_int_equal(audit(r, "reconcile"), 0);
}

static void every_agency_goes_on_and_nothing_acknowledged_is_lost(void **state)
{
	struct rig *r = *state;
	uint64_t seed = told_test_seed();
	assert_true(r->changes > 0);
	whole_run(r, r->begins_at - 1);
	whole_run(r, r->begins_at);
	for (size_t i = 2; i < WHOLE_RUNS; i++)
		whole_run(r, 1 + told_test_random(&seed) % r->changes);
}

static int set_up(void **state)
{
	static struct rig rig;
	*state = &rig;
	world_open(&rig.world);
	rig.page = crash_new("told-broker");
	snprintf(rig.lost, sizeof rig.lost, "%s", told_test_dir());
	lose(&rig);
	return 0;
}

static int tear_down(void **state)
{
	struct rig *r = *state;
	world_close(&r->world);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kill_before_any_change_leaves_the_old_log_or_the_new_one),
		cmocka_unit_test(every_agency_goes_on_and_nothing_acknowledged_is_lost),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
