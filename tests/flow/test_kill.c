/* SPDX-License-Identifier: Apache-2.0 */
/* The seeded kill loop: SIGKILL to broker, sender or consumer at any instant under load, restart, on with it. Then
 * nothing that was acknowledged is lost, nothing was handed on twice, and the log verifies. TOLD_KILLS says how many;
 * TOLD_SEED repeats a run. */
#include "flow/ends.h"
#include "flow/kit.h"

#include "broker/base/file.h"
#include "broker/base/loop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILL_WITHIN_MS 200u
#define DRAIN_MS       INT64_C(60000)

#if defined(__SANITIZE_ADDRESS__)
#define KILLS 10u
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KILLS 10u
#endif
#endif
#ifndef KILLS
#define KILLS 100u
#endif

struct rig {
	struct flow *flow;
	struct flow_ends *ends;
	pid_t sender, consumer;
};

typedef enum told_status end_run(struct bench_world *, struct flow_ends *);

static pid_t start_end(struct rig *rig, end_run *run)
{
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	_exit((int)run(&rig->flow->world, rig->ends));
}

/* Still running: an end that stopped by itself found a fault. */
static void expect_alive(pid_t pid, const char *which)
{
	int status = 0;
	if (waitpid(pid, &status, WNOHANG) == 0)
		return;
	fail_msg("the %s ended by itself: %s", which,
		 WIFEXITED(status) ? told_status_name((enum told_status)WEXITSTATUS(status)) : "a signal");
}

static void kill_one(struct rig *rig, uint64_t which)
{
	expect_alive(rig->sender, "sender");
	expect_alive(rig->consumer, "consumer");
	expect_alive(rig->flow->world.broker, "broker");
	if (which == 0) {
		flow_broker_kill(rig->flow);
		flow_broker_start(rig->flow);
	} else if (which == 1) {
		assert_int_equal(flow_end(rig->sender, SIGKILL), -SIGKILL);
		rig->sender = start_end(rig, flow_sender_run);
	} else {
		assert_int_equal(flow_end(rig->consumer, SIGKILL), -SIGKILL);
		rig->consumer = start_end(rig, flow_consumer_run);
	}
}

/* Every other kill waits until there is traffic again, so that it hits work and not only the coming back. */
static void until_busy(struct rig *rig)
{
	uint32_t answered = rig->ends->answered;
	int64_t end_ms = bench_boot_ms() + FLOW_WAIT_MS;
	while (rig->ends->answered == answered && bench_boot_ms() < end_ms) {
		expect_alive(rig->sender, "sender");
		expect_alive(rig->consumer, "consumer");
		assert_int_equal(told_poll(NULL, 0, 2), TOLD_E_TIMEOUT);
	}
	assert_true(rig->ends->answered > answered);
}

/* Waits until everything made is answered and handed on. */
static void drain(struct rig *rig)
{
	struct flow_ends *ends = rig->ends;
	int64_t end_ms = bench_boot_ms() + DRAIN_MS;
	ends->enough = true;
	while ((ends->answered < ends->made || ends->handed_on < ends->made) && bench_boot_ms() < end_ms) {
		expect_alive(rig->sender, "sender");
		expect_alive(rig->consumer, "consumer");
		assert_int_equal(told_poll(NULL, 0, 5), TOLD_E_TIMEOUT);
	}
	print_message("made %u, answered %u, received %u, handed on %u\n", ends->made, ends->answered, ends->received,
		      ends->handed_on);
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, TOLD_ID_BYTES);
}

static void sort(struct flow_ids *ids)
{
	qsort(ids->items, ids->count, TOLD_ID_BYTES, by_bytes);
}

/* Judged from the files alone. */
static void judge(const struct rig *rig)
{
	struct flow_ids made, answered, application;
	const char *dir = rig->flow->world.dir;
	assert_int_equal(flow_outbox_ids(dir, &made), TOLD_OK);
	assert_int_equal(flow_ids_open(&answered, dir, "answered"), TOLD_OK);
	assert_int_equal(flow_ids_open(&application, dir, "application"), TOLD_OK);
	sort(&made);
	sort(&answered);
	sort(&application);
	for (size_t i = 1; i < application.count; i++)
		if (memcmp(application.items[i - 1], application.items[i], TOLD_ID_BYTES) == 0)
			fail_msg("handed on twice");
	for (size_t i = 0; i < answered.count; i++)
		if (bsearch(answered.items[i], application.items, application.count, TOLD_ID_BYTES, by_bytes) == NULL)
			fail_msg("acknowledged and lost");
	assert_int_equal(answered.count, made.count);
	assert_int_equal(application.count, made.count);
	flow_ids_close(&made);
	flow_ids_close(&answered);
	flow_ids_close(&application);
}

static void test_a_kill_at_any_instant_loses_nothing_and_repeats_nothing(void **state)
{
	struct rig *rig = *state;
	uint64_t seed = told_test_seed();
	const char *text = getenv("TOLD_KILLS");
	unsigned kills = text != NULL ? (unsigned)strtoul(text, NULL, 10) : KILLS;
	rig->sender = start_end(rig, flow_sender_run);
	rig->consumer = start_end(rig, flow_consumer_run);
	for (unsigned i = 0; i < kills; i++) {
		if (told_test_random(&seed) % 2 == 0)
			until_busy(rig);
		int64_t when_ms = (int64_t)(told_test_random(&seed) % (KILL_WITHIN_MS + 1));
		assert_int_equal(told_poll(NULL, 0, when_ms), TOLD_E_TIMEOUT);
		kill_one(rig, told_test_random(&seed) % 3);
	}
	drain(rig);
	rig->ends->done = true;
	for (int i = 0; i < 2; i++) {
		int status = 0;
		assert_int_equal(waitpid(i == 0 ? rig->sender : rig->consumer, &status, 0),
				 i == 0 ? rig->sender : rig->consumer);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == TOLD_OK);
	}
	judge(rig);
	assert_true(rig->ends->made >= kills);
	struct flow_peer *peer = flow_join(rig->flow, &rig->flow->world.sender, false);
	flow_keep_checkpoint(peer);
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	assert_int_equal(flow_audit(rig->flow), 0);
}

static int set_up(void **state)
{
	struct rig *rig = test_calloc(1, sizeof *rig);
	rig->ends = mmap(NULL, sizeof *rig->ends, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(rig->ends != MAP_FAILED);
	rig->flow = flow_new(8);
	flow_fix_endpoint(rig->flow);
	*state = rig;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	rig->ends->done = true; /* ends that a failure left behind */
	flow_free(rig->flow);
	munmap(rig->ends, sizeof *rig->ends);
	test_free(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_kill_at_any_instant_loses_nothing_and_repeats_nothing),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
