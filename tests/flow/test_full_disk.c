/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that is really full (a small tmpfs of our own): stories are busy, what protects somebody is recorded from what
 * was held back, nothing that was acknowledged is lost, and when there is room again the broker goes on without a
 * restart. */
#include "broker/base/disk.h"
#include "broker/base/file.h"
#include "flow/kit.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
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

/* Adds a line to the broker's settings and starts it again. */
static void set(struct flow *flow, const char *line)
{
	char path[PATH_MAX];
	struct told_buf file = TOLD_BUF(65536);
	assert_int_equal(flow_broker_stop(flow), 0);
	snprintf(path, sizeof path, "%.4000s/broker.yaml", flow->world.broker_dir);
	assert_int_equal(told_file_read(path, file.max_bytes, &file), TOLD_OK);
	told_buf_put_text(&file, line);
	assert_int_equal(told_file_write(path, told_buf_view(&file), 0600), TOLD_OK);
	told_buf_free(&file);
	flow_broker_start(flow);
}

static uint64_t kept_back(const struct flow *flow)
{
	char path[PATH_MAX];
	struct stat st;
	snprintf(path, sizeof path, "%.4000s/reserve", flow->world.broker_dir);
	return stat(path, &st) == 0 ? (uint64_t)st.st_blocks * 512 : 0;
}

struct small {
	struct flow *flow;
	struct flow_peer *emp, *hou;
	char dir[PATH_MAX], ballast[PATH_MAX];
};

static struct small open_small(const char *low)
{
	struct small s = {.flow = flow_new_at(2, small_disk())};
	set(s.flow, low);
	s.emp = flow_join(s.flow, &s.flow->world.consumer, true);
	s.hou = flow_join(s.flow, &s.flow->world.sender, false);
	flow_still_good(s.hou, s.emp);
	snprintf(s.dir, sizeof s.dir, "%s", s.flow->world.dir);
	snprintf(s.ballast, sizeof s.ballast, "%.4000s/ballast", s.dir);
	return s;
}

static void close_small(struct small *s)
{
	flow_still_good(s->hou, s->emp);
	flow_keep_checkpoint(s->hou);
	assert_int_equal(flow_broker_stop(s->flow), 0);
	assert_int_equal(flow_audit(s->flow), 0);
	flow_free(s->flow);
	assert_int_equal(umount2(s->dir, MNT_DETACH), 0);
}

/* As a careless setting has it: nothing is held back. Whatever finds no room is busy, whole turns at a time. */
static void test_a_full_disk_is_busy_and_then_goes_on(void **state)
{
	(void)state;
	struct small s = open_small("disk_low_mib: 0\n");
	assert_int_equal(kept_back(s.flow), 0);
	fill(s.ballast);
	struct told_outgoing accepted[64], refused = {0};
	size_t count = 0;
	for (bool busy = false; !busy;) {
		assert_true(count < 64);
		struct told_outgoing message = flow_update(s.flow, &(struct flow_twist){.size = BIG});
		const struct flow_answer *answer = flow_say(s.hou, &message);
		busy = answer->busy;
		if (!busy)
			assert_int_equal(answer->outcome, TOLD_ANSWER_ACCEPTED);
		if (busy)
			refused = message;
		else
			accepted[count++] = message;
	}
	assert_true(flow_say(s.hou, &refused)->busy); /* still */
	assert_int_equal(unlink(s.ballast), 0);
	const struct flow_answer *again = flow_say(s.hou, &refused);
	assert_int_equal(again->outcome, TOLD_ANSWER_ACCEPTED);
	assert_non_null(flow_parcel(s.emp, refused.id, FLOW_WAIT_MS));
	for (size_t i = 0; i < count; i++)
		assert_non_null(flow_parcel(s.emp, accepted[i].id, FLOW_WAIT_MS));
	close_small(&s);
}

/* Says it until it is no longer busy: the turn that finds the disk full gives up what was held back. */
static const struct flow_answer *say_through(struct flow_peer *peer, const struct told_outgoing *message)
{
	const struct flow_answer *answer = flow_say(peer, message);
	for (unsigned i = 0; i < 8 && answer->busy; i++)
		answer = flow_say(peer, message);
	return answer;
}

/* Everything that is free, another program takes; and still what protects somebody is recorded, many times over. */
static void test_on_a_full_disk_permissions_are_still_taken_back(void **state)
{
	(void)state;
	struct small s = open_small("disk_low_mib: 4\n");
	const uint8_t *other = s.flow->world.refs[1];
	assert_int_equal(kept_back(s.flow), TOLD_DISK_KEPT_BYTES);
	fill(s.ballast);
	struct told_outgoing story = flow_update(s.flow, &(struct flow_twist){.size = BIG});
	assert_true(flow_say(s.hou, &story)->busy);
	for (unsigned i = 0; i < 20; i++) {
		struct told_outgoing taken = flow_withdrawal(s.flow, &s.flow->world.sender, other);
		struct told_outgoing given = flow_consent(s.flow, &s.flow->world.sender, other);
		assert_int_equal(say_through(s.hou, &taken)->outcome, TOLD_ANSWER_ACCEPTED);
		assert_int_equal(say_through(s.hou, &given)->outcome, TOLD_ANSWER_ACCEPTED);
	}
	assert_int_equal(kept_back(s.flow), 0);
	assert_true(flow_say(s.hou, &story)->busy);
	assert_int_equal(unlink(s.ballast), 0);
	assert_int_equal(flow_say(s.hou, &story)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_non_null(flow_parcel(s.emp, story.id, FLOW_WAIT_MS));
	assert_int_equal(kept_back(s.flow), TOLD_DISK_KEPT_BYTES);
	close_small(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_full_disk_is_busy_and_then_goes_on),
		cmocka_unit_test(test_on_a_full_disk_permissions_are_still_taken_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
