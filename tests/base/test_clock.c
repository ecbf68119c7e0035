/* SPDX-License-Identifier: Apache-2.0 */
/* The two clocks, and waiting on them. */
#include "support/support.h"

#include "broker/base/clock.h"
#include "broker/base/loop.h"
#include <signal.h>
#include <unistd.h>

static void test_the_system_clock_reads_both_and_boot_time_never_goes_back(void **state)
{
	(void)state;
	struct told_clock clock = told_clock_system();
	struct told_time first = told_clock_now(&clock);
	assert_true(first.wall_ms > INT64_C(1700000000000));
	for (int i = 0; i < 1000; i++) {
		struct told_time next = told_clock_now(&clock);
		assert_true(next.boot_ms >= first.boot_ms);
		first = next;
	}
}

static void test_a_manual_clock_moves_only_when_it_is_moved(void **state)
{
	(void)state;
	struct told_time time = {.wall_ms = 1000, .boot_ms = 5};
	struct told_clock clock = told_clock_manual(&time);
	assert_int_equal(told_clock_now(&clock).wall_ms, 1000);
	told_time_pass(&time, 250);
	assert_int_equal(told_clock_now(&clock).wall_ms, 1250);
	assert_int_equal(told_clock_now(&clock).boot_ms, 255);
	time.wall_ms = 0;
	assert_int_equal(told_clock_now(&clock).wall_ms, 0);
	assert_int_equal(told_clock_now(&clock).boot_ms, 255);
}

static void on_alarm(int signal)
{
	(void)signal;
}

static void test_an_interruption_does_not_shorten_a_wait(void **state)
{
	(void)state;
	struct sigaction action = {.sa_handler = on_alarm}, old;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(sigaction(SIGALRM, &action, &old), 0);
	struct told_clock clock = told_clock_system();
	int64_t start_ms = told_clock_now(&clock).boot_ms;
	ualarm(10000, 10000);
	assert_int_equal(told_poll_one(fds[0], POLLIN, 60), TOLD_E_TIMEOUT);
	ualarm(0, 0);
	assert_true(told_clock_now(&clock).boot_ms - start_ms >= 60);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(told_poll_one(fds[0], POLLIN, -1), TOLD_OK);
	assert_int_equal(sigaction(SIGALRM, &old, NULL), 0);
	close(fds[0]);
	close(fds[1]);
}

static void test_signals_arrive_on_a_descriptor(void **state)
{
	(void)state;
	int fd = -1;
	assert_int_equal(told_signals_open(&fd), TOLD_OK);
	assert_int_equal(told_signals_next(fd), 0);
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(told_poll_one(fd, POLLIN, 5000), TOLD_OK);
	assert_int_equal(told_signals_next(fd), SIGTERM);
	assert_int_equal(told_signals_next(fd), 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_system_clock_reads_both_and_boot_time_never_goes_back),
		cmocka_unit_test(test_a_manual_clock_moves_only_when_it_is_moved),
		cmocka_unit_test(test_an_interruption_does_not_shorten_a_wait),
		cmocka_unit_test(test_signals_arrive_on_a_descriptor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
