/* SPDX-License-Identifier: Apache-2.0 */
/* A message that kills the broker that reads it (rules.md B17): after three crashes it is put aside, what stood beside
 * it goes through, and nothing that was acknowledged is lost. A broker without the fault takes it again once the
 * operator says so. */
#include "broker/base/in_hand.h"
#include "flow/kit.h"
#include "flow/poisoned.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SENT 5u
#define BAD  2u /* which of them */

struct rig {
	struct flow *flow;
	struct flow_peer *hou, *emp;
	struct told_outgoing sent[SENT];
	const char *usual; /* where the programs are */
	char bin[PATH_MAX];
	bool dead;
};

/* The broker with the fault, under the name that the world starts. */
static void use_poisoned(struct rig *rig)
{
	char target[PATH_MAX], link[PATH_MAX];
	const char *program = flow_program("../tests/told-broker-poisoned");
	assert_non_null(program);
	assert_non_null(realpath(program, target));
	snprintf(rig->bin, sizeof rig->bin, "%.3900s/bin", rig->flow->world.dir);
	assert_int_equal(mkdir(rig->bin, 0700), 0);
	snprintf(link, sizeof link, "%.4000s/told-broker", rig->bin);
	assert_int_equal(symlink(target, link), 0);
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	rig->usual = rig->flow->world.bin;
	rig->flow->world.bin = rig->bin;
	flow_broker_start(rig->flow);
}

static bool is_answered(struct rig *rig, size_t i)
{
	for (size_t a = 0; a < rig->hou->answer_count; a++)
		if (memcmp(rig->hou->answers[a].id, rig->sent[i].id, TOLD_ID_BYTES) == 0)
			return true;
	return false;
}

static bool is_dead_or_done(void *ctx)
{
	struct rig *rig = ctx;
	int state = 0;
	if (waitpid(rig->flow->world.broker, &state, WNOHANG) == rig->flow->world.broker) {
		assert_true(WIFSIGNALED(state) && WTERMSIG(state) == SIGABRT);
		rig->dead = true;
		return true;
	}
	for (size_t i = 0; i < SENT; i++)
		if (i != BAD && !is_answered(rig, i))
			return false;
	return true;
}

/* As an agent does: what has no receipt is said again, oldest first. */
static void say_what_is_left(struct rig *rig)
{
	rig->dead = false;
	for (size_t i = 0; i < SENT; i++)
		if (!is_answered(rig, i))
			flow_send(rig->hou, &rig->sent[i]);
	assert_true(flow_until(rig->flow, is_dead_or_done, rig, FLOW_WAIT_MS));
}

static void start_again(struct rig *rig)
{
	flow_leave(rig->hou);
	flow_leave(rig->emp);
	flow_broker_start(rig->flow);
	flow_rejoin(rig->hou);
	flow_rejoin(rig->emp);
	flow_until_ready(rig->hou);
	flow_until_ready(rig->emp);
}

static void expect_good_ones_arrived(struct rig *rig)
{
	for (size_t i = 0; i < SENT; i++) {
		if (i == BAD)
			continue;
		assert_int_equal(flow_answer(rig->hou, rig->sent[i].id)->outcome, TOLD_ANSWER_ACCEPTED);
		assert_non_null(flow_parcel(rig->emp, rig->sent[i].id, FLOW_WAIT_MS));
	}
}

static void test_it_is_put_aside_and_the_rest_goes_on(void **state)
{
	struct rig *rig = *state;
	unsigned crashes = 0;
	for (size_t i = 0; i < SENT; i++)
		rig->sent[i] = flow_update(rig->flow, &(struct flow_twist){.author = i == BAD ? POISON : NULL});
	for (say_what_is_left(rig); rig->dead; say_what_is_left(rig)) {
		assert_true(++crashes <= TOLD_IN_HAND_CRASHES);
		start_again(rig);
	}
	assert_int_equal(crashes, TOLD_IN_HAND_CRASHES);
	expect_good_ones_arrived(rig);
	flow_leave(rig->hou);
	flow_rejoin(rig->hou);
	flow_until_ready(rig->hou);
	flow_send(rig->hou, &rig->sent[BAD]); /* nobody dies of it any more */
	flow_still_good(rig->hou, rig->emp);
	assert_false(is_answered(rig, BAD));
}

/* Mended, and the operator has removed the file: it is judged like any other. */
static void test_a_mended_broker_takes_it_when_it_may(void **state)
{
	struct rig *rig = *state;
	char path[PATH_MAX];
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	rig->flow->world.bin = rig->usual; /* the broker without the fault */
	start_again(rig);
	flow_send(rig->hou, &rig->sent[BAD]);
	flow_still_good(rig->hou, rig->emp);
	assert_false(is_answered(rig, BAD));
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	snprintf(path, sizeof path, "%.4000s/in-hand", rig->flow->world.broker_dir);
	assert_int_equal(unlink(path), 0);
	start_again(rig);
	assert_int_equal(flow_say(rig->hou, &rig->sent[BAD])->outcome, TOLD_ANSWER_REFUSED); /* no such worker */
	flow_keep_checkpoint(rig->hou);
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	assert_int_equal(flow_audit(rig->flow), 0);
}

static int set_up(void **state)
{
	struct rig *rig = test_calloc(1, sizeof *rig);
	rig->flow = flow_new(1);
	use_poisoned(rig);
	flow_fix_endpoint(rig->flow);
	rig->emp = flow_join(rig->flow, &rig->flow->world.consumer, true);
	rig->hou = flow_join(rig->flow, &rig->flow->world.sender, false);
	flow_still_good(rig->hou, rig->emp);
	*state = rig;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	flow_free(rig->flow);
	test_free(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_put_aside_and_the_rest_goes_on),
		cmocka_unit_test(test_a_mended_broker_takes_it_when_it_may),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
