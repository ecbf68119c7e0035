/* SPDX-License-Identifier: Apache-2.0 */
/* What was in hand at a crash: real processes that really crash, and the file that they leave. */
#include "broker/base/file.h"
#include "broker/base/in_hand.h"
#include "support/support.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OK(expression) assert_int_equal((expression), TOLD_OK)

struct world {
	struct told_time time;
	struct told_log log;
	char path[PATH_MAX];
};

static struct world *world_new(void)
{
	static struct world w;
	static unsigned number;
	w = (struct world){.time = {1000, 1000}};
	w.log = (struct told_log){told_clock_manual(&w.time), "test", STDERR_FILENO, TOLD_LOG_ERROR};
	snprintf(w.path, sizeof w.path, "%.4000s/in-hand-%u", told_test_dir(), number++);
	return &w;
}

static struct told_in_hand *open_hand(struct world *w)
{
	struct told_in_hand *hand = NULL;
	OK(told_in_hand_open(w->path, &w->log, &hand));
	return hand;
}

static bool take(struct told_in_hand *hand, const char *thing)
{
	uint8_t mark[TOLD_IN_HAND_MARK_BYTES] = {0};
	memcpy(mark, thing, strlen(thing));
	return told_in_hand_take(hand, mark);
}

/* A process takes these things and ends by this signal (0: in order). */
static void end_with(struct world *w, const char *const *things, int number)
{
	int state = 0;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const struct rlimit none = {0, 0};
		setrlimit(RLIMIT_CORE, &none);
		struct told_in_hand *hand = NULL;
		if (told_in_hand_open(w->path, &w->log, &hand) != TOLD_OK)
			_exit(1);
		for (size_t i = 0; things[i] != NULL; i++)
			if (!take(hand, things[i]))
				_exit(2);
		if (number != 0)
			raise(number);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &state, 0), pid);
	assert_true(number == 0 ? WIFEXITED(state) && WEXITSTATUS(state) == 0
				: WIFSIGNALED(state) && WTERMSIG(state) == number);
}

#define THINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_whatever_crashes_who_reads_it_is_put_aside(void **state)
{
	(void)state;
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
	for (size_t c = 0; c < sizeof crashes / sizeof crashes[0]; c++) {
		struct world *w = world_new();
		for (unsigned i = 0; i < TOLD_IN_HAND_CRASHES; i++)
			end_with(w, THINGS("poison"), crashes[c]);
		struct told_in_hand *hand = open_hand(w);
		assert_false(take(hand, "poison"));
		assert_true(take(hand, "other"));
		assert_int_equal(told_in_hand_most(hand), TOLD_IN_HAND_MAX);
		told_in_hand_close(hand);
		hand = open_hand(w); /* it stays so */
		assert_false(take(hand, "poison"));
		told_in_hand_close(hand);
	}
}

static void test_being_killed_or_ending_is_no_crash(void **state)
{
	(void)state;
	static const int ends[] = {SIGKILL, SIGTERM, SIGINT, 0};
	struct world *w = world_new();
	for (unsigned i = 0; i < 5 * TOLD_IN_HAND_CRASHES; i++)
		end_with(w, THINGS("story"), ends[i % 4]);
	struct told_in_hand *hand = open_hand(w);
	assert_int_equal(told_in_hand_most(hand), TOLD_IN_HAND_MAX);
	assert_true(take(hand, "story"));
	told_in_hand_close(hand);
}

static void test_what_stood_beside_it_is_cleared_once_it_did_no_harm(void **state)
{
	(void)state;
	struct world *w = world_new();
	end_with(w, THINGS("good", "poison", "better"), SIGSEGV);
	struct told_in_hand *hand = open_hand(w);
	assert_int_equal(told_in_hand_most(hand), 1);
	assert_true(take(hand, "good"));
	told_in_hand_done(hand);
	assert_int_equal(told_in_hand_most(hand), 1);
	assert_true(take(hand, "better"));
	told_in_hand_done(hand);
	told_in_hand_close(hand);
	end_with(w, THINGS("poison"), SIGSEGV);
	end_with(w, THINGS("poison"), SIGSEGV);
	end_with(w, THINGS("good", "better"), SIGSEGV); /* their first, counted anew */
	hand = open_hand(w);
	assert_false(take(hand, "poison"));
	assert_true(take(hand, "good"));
	assert_true(take(hand, "better"));
	told_in_hand_close(hand);
}

static void test_nobody_goes_slowly_for_ever(void **state)
{
	(void)state;
	struct world *w = world_new();
	end_with(w, THINGS("gone"), SIGABRT);
	struct told_in_hand *hand = open_hand(w);
	told_time_pass(&w->time, TOLD_IN_HAND_PATIENCE_MS - 1);
	told_in_hand_done(hand);
	assert_int_equal(told_in_hand_most(hand), 1);
	told_time_pass(&w->time, 1);
	told_in_hand_done(hand);
	assert_int_equal(told_in_hand_most(hand), TOLD_IN_HAND_MAX);
	told_in_hand_close(hand);
}

static void test_more_than_it_can_count_is_taken_all_the_same(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct told_in_hand *hand = open_hand(w);
	for (uint32_t i = 0; i < 3 * TOLD_IN_HAND_MAX; i++)
		assert_true(told_in_hand_take(hand,
					      (const uint8_t[TOLD_IN_HAND_MARK_BYTES]){(uint8_t)i, (uint8_t)(i >> 8)}));
	told_in_hand_close(hand);
	assert_true(take(NULL, "anything"));
	told_in_hand_done(NULL);
	told_in_hand_close(NULL);
	assert_int_equal(told_in_hand_most(NULL), TOLD_IN_HAND_MAX);
}

/* Every byte set to 0xff in turn, and every shorter file. */
static void test_a_damaged_file_stops_nobody(void **state)
{
	(void)state;
	struct world *w = world_new();
	end_with(w, THINGS("poison"), SIGSEGV);
	struct stat st;
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	for (off_t at = 0; at < 64; at++) {
		int fd = open(w->path, O_RDWR | O_CLOEXEC);
		assert_true(fd >= 0);
		assert_int_equal(pwrite(fd, "\xff", 1, at), 1);
		close(fd);
		told_in_hand_close(open_hand(w));
	}
	for (off_t size = st.st_size; size >= 0; size -= 509) {
		assert_int_equal(truncate(w->path, size), 0);
		told_in_hand_close(open_hand(w));
	}
}

static void test_a_file_that_others_may_write_is_refused(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct told_in_hand *hand = NULL;
	char other[PATH_MAX + 8];
	snprintf(other, sizeof other, "%s-2", w->path);
	told_in_hand_close(open_hand(w));
	assert_int_equal(chmod(w->path, 0620), 0);
	assert_int_equal(told_in_hand_open(w->path, &w->log, &hand), TOLD_E_PERMISSION);
	assert_int_equal(chmod(w->path, 0600), 0);
	assert_int_equal(link(w->path, other), 0);
	assert_int_equal(told_in_hand_open(w->path, &w->log, &hand), TOLD_E_PERMISSION);
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(mkfifo(w->path, 0600), 0);
	assert_int_equal(told_in_hand_open(w->path, &w->log, &hand), TOLD_E_PERMISSION);
	assert_null(hand);
}

static void test_a_link_in_its_place_is_not_followed(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct told_in_hand *hand = NULL;
	assert_int_equal(symlink("/dev/null", w->path), 0);
	assert_int_equal(told_in_hand_open(w->path, &w->log, &hand), TOLD_E_PERMISSION);
	assert_null(hand);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whatever_crashes_who_reads_it_is_put_aside),
		cmocka_unit_test(test_being_killed_or_ending_is_no_crash),
		cmocka_unit_test(test_what_stood_beside_it_is_cleared_once_it_did_no_harm),
		cmocka_unit_test(test_nobody_goes_slowly_for_ever),
		cmocka_unit_test(test_more_than_it_can_count_is_taken_all_the_same),
		cmocka_unit_test(test_a_damaged_file_stops_nobody),
		cmocka_unit_test(test_a_file_that_others_may_write_is_refused),
		cmocka_unit_test(test_a_link_in_its_place_is_not_followed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
