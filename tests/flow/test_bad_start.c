/* SPDX-License-Identifier: Apache-2.0 */
/* A broker that must not start says why and what to do, and the one that runs is not disturbed; one that can no longer
 * write stops, and nothing that was acknowledged is lost. */
#include "flow/kit.h"

#include "agents/keys/init.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

struct rig {
	struct flow *flow;
	struct flow_peer *hou, *emp;
};

static struct rig *rig_of(void **state)
{
	return *state;
}

/* Runs a broker that must end at once: with this code, saying this. */
static void refuses_to_start(const char *dir, int code, const char *says)
{
	struct told_buf text = TOLD_BUF(65536);
	const char *argv[] = {"told-broker", dir, NULL};
	assert_int_equal(flow_run(argv, &text), code);
	print_message("%s", told_buf_cstr(&text));
	assert_non_null(strstr(told_buf_cstr(&text), says));
	told_buf_free(&text);
}

static void test_a_second_broker_on_the_same_store_does_not_start(void **state)
{
	struct rig *rig = rig_of(state);
	refuses_to_start(rig->flow->world.broker_dir, 6, "another broker uses this folder or this port");
	flow_still_good(rig->hou, rig->emp);
}

static void test_a_broker_whose_port_is_in_use_does_not_start(void **state)
{
	struct rig *rig = rig_of(state);
	char dir[PATH_MAX];
	struct told_buf why = TOLD_BUF(4096);
	snprintf(dir, sizeof dir, "%s/broker", told_test_dir());
	assert_int_equal(told_init_broker(dir, "other.example", rig->flow->world.endpoint, &why), TOLD_OK);
	refuses_to_start(dir, 6, "another broker uses this folder or this port");
	flow_still_good(rig->hou, rig->emp);
	told_buf_free(&why);
}

static void test_a_key_file_that_others_may_read_keeps_the_broker_from_starting(void **state)
{
	char key[PATH_MAX];
	(void)state;
	struct told_buf why = TOLD_BUF(4096);
	char dir[2048];
	snprintf(dir, sizeof dir, "%s/broker", told_test_dir());
	assert_int_equal(told_init_broker(dir, "other.example", "tcp://127.0.0.1:0", &why), TOLD_OK);
	snprintf(key, sizeof key, "%s/keys/log.key", dir);
	assert_int_equal(chmod(key, 0640), 0);
	refuses_to_start(dir, 6, "log.key");
	told_buf_free(&why);
}

/* EFBIG at every write, as a disk that fails: the broker stops of its own accord and comes back with all it had
 * acknowledged. */
static void test_a_broker_that_cannot_write_stops_and_loses_nothing(void **state)
{
	struct rig *rig = rig_of(state);
	struct flow *flow = rig->flow;
	struct told_outgoing kept = flow_update(flow, &(struct flow_twist){.content = "before"});
	uint64_t index = flow_say(rig->hou, &kept)->index;
	struct rlimit none = {.rlim_cur = 0, .rlim_max = RLIM_INFINITY};
	assert_int_equal(prlimit(flow->world.broker, RLIMIT_FSIZE, &none, NULL), 0);
	struct told_outgoing lost = flow_update(flow, &(struct flow_twist){.content = "after"});
	/* It may have found out before, at a write of its own: then nobody is there to take this. */
	enum told_status sent = told_client_send(rig->hou->client, &lost);
	assert_true(sent == TOLD_OK || sent == TOLD_E_BUSY);
	int status = 0;
	assert_int_equal(waitpid(flow->world.broker, &status, 0),
			 flow->world.broker); /* ctest's timeout is the deadline */
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
	print_message("exit code %d\n", WEXITSTATUS(status));
	for (size_t i = 0; i < rig->hou->answer_count; i++)
		assert_memory_not_equal(rig->hou->answers[i].id, lost.id, TOLD_ID_BYTES);
	flow_broker_start(flow);
	flow_leave(rig->hou);
	flow_rejoin(rig->hou);
	assert_int_equal(flow_say(rig->hou, &kept)->index, index);
	assert_int_equal(flow_say(rig->hou, &lost)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_non_null(flow_parcel(rig->emp, lost.id, FLOW_WAIT_MS));
	assert_true(flow_times(rig->emp, kept.id) > 0);
	flow_keep_checkpoint(rig->hou);
	assert_int_equal(flow_broker_stop(flow), 0);
	assert_int_equal(flow_audit(flow), 0);
}

static int set_up(void **state)
{
	struct rig *rig = test_calloc(1, sizeof *rig);
	rig->flow = flow_new(1);
	flow_fix_endpoint(rig->flow);
	rig->emp = flow_join(rig->flow, &rig->flow->world.consumer, true);
	rig->hou = flow_join(rig->flow, &rig->flow->world.sender, false);
	flow_still_good(rig->hou, rig->emp);
	*state = rig;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = rig_of(state);
	flow_free(rig->flow);
	test_free(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_second_broker_on_the_same_store_does_not_start),
		cmocka_unit_test(test_a_broker_whose_port_is_in_use_does_not_start),
		cmocka_unit_test(test_a_key_file_that_others_may_read_keeps_the_broker_from_starting),
		cmocka_unit_test(test_a_broker_that_cannot_write_stops_and_loses_nothing),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
