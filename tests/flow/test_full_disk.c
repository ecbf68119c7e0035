/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that is really full (a small tmpfs of our own): everybody hears busy, nothing that was acknowledged is lost,
 * and when there is room again the broker goes on without a restart. */
#include "flow/kit.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define DISK_MIB "32"
#define BIG      60000u

/* In a mount namespace of this process and its children. */
static const char *small_disk(void)
{
	const char *dir = told_test_dir();
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size=" DISK_MIB "m") != 0) {
		printf("skipped: a small disk needs root and mount namespaces\n");
		exit(TOLD_TEST_SKIPPED);
	}
	return dir;
}

/* Takes all the room that is left. */
static void fill(const char *path)
{
	static const char chunk[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	while (write(fd, chunk, sizeof chunk) > 0)
		;
	close(fd);
}

static void test_a_full_disk_is_busy_and_then_goes_on(void **state)
{
	(void)state;
	char ballast[PATH_MAX];
	struct flow *flow = flow_new_at(1, small_disk());
	struct flow_peer *emp = flow_join(flow, &flow->world.consumer, true);
	struct flow_peer *hou = flow_join(flow, &flow->world.sender, false);
	flow_still_good(hou, emp);
	snprintf(ballast, sizeof ballast, "%.4000s/ballast", flow->world.dir);
	fill(ballast);
	struct told_outgoing accepted[64], refused = {0};
	size_t count = 0;
	for (bool busy = false; !busy;) {
		assert_true(count < 64);
		struct told_outgoing message = flow_update(flow, &(struct flow_twist){.size = BIG});
		const struct flow_answer *answer = flow_say(hou, &message);
		busy = answer->busy;
		if (!busy)
			assert_int_equal(answer->outcome, TOLD_ANSWER_ACCEPTED);
		if (busy)
			refused = message;
		else
			accepted[count++] = message;
	}
	assert_true(flow_say(hou, &refused)->busy); /* still */
	assert_int_equal(unlink(ballast), 0);
	const struct flow_answer *again = flow_say(hou, &refused);
	assert_int_equal(again->outcome, TOLD_ANSWER_ACCEPTED);
	assert_non_null(flow_parcel(emp, refused.id, FLOW_WAIT_MS));
	for (size_t i = 0; i < count; i++)
		assert_non_null(flow_parcel(emp, accepted[i].id, FLOW_WAIT_MS));
	flow_still_good(hou, emp);
	flow_keep_checkpoint(hou);
	assert_int_equal(flow_broker_stop(flow), 0);
	assert_int_equal(flow_audit(flow), 0);
	char dir[PATH_MAX];
	snprintf(dir, sizeof dir, "%s", flow->world.dir);
	flow_free(flow);
	assert_int_equal(umount2(dir, MNT_DETACH), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_full_disk_is_busy_and_then_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
