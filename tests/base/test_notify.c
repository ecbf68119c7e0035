/* SPDX-License-Identifier: Apache-2.0 */
/* The service manager hears us, by path and by abstract name. */
#include "support/support.h"

#include "broker/base/notify.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_as(const char *name, bool abstract)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	strcpy(address.sun_path + (abstract ? 1 : 0), name);
	/* One byte for the NUL that ends a path or starts an abstract name. */
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name) + 1);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	return fd;
}

static void expect_heard(int fd, const char *state)
{
	char got[256] = "";
	assert_int_equal(recv(fd, got, sizeof got - 1, 0), strlen(state));
	assert_string_equal(got, state);
}

static void test_a_state_reaches_a_socket_with_a_path(void **state)
{
	(void)state;
	char path[128];
	snprintf(path, sizeof path, "%s/notify", told_test_dir());
	int fd = listen_as(path, false);
	setenv("NOTIFY_SOCKET", path, 1);
	assert_int_equal(told_notify(TOLD_NOTIFY_READY), TOLD_OK);
	expect_heard(fd, "READY=1");
	assert_int_equal(told_notify("STATUS=3 agents\nWATCHDOG=1"), TOLD_OK);
	expect_heard(fd, "STATUS=3 agents\nWATCHDOG=1");
	close(fd);
	assert_int_equal(told_notify(TOLD_NOTIFY_STOPPING), TOLD_E_UNREACHABLE);
}

static void test_a_state_reaches_an_abstract_socket(void **state)
{
	(void)state;
	char name[64], given[65];
	snprintf(name, sizeof name, "told-notify-%d", (int)getpid());
	snprintf(given, sizeof given, "@%s", name);
	int fd = listen_as(name, true);
	setenv("NOTIFY_SOCKET", given, 1);
	assert_int_equal(told_notify(TOLD_NOTIFY_STOPPING), TOLD_OK);
	expect_heard(fd, "STOPPING=1");
	close(fd);
}

static void test_nobody_listening_is_no_fault_and_a_bad_name_is(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(told_notify(TOLD_NOTIFY_READY), TOLD_OK);
	setenv("NOTIFY_SOCKET", "notify", 1);
	assert_int_equal(told_notify(TOLD_NOTIFY_READY), TOLD_E_CONFIG);
	char longer[200];
	memset(longer, '/', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	setenv("NOTIFY_SOCKET", longer, 1);
	assert_int_equal(told_notify(TOLD_NOTIFY_READY), TOLD_E_CONFIG);
	unsetenv("NOTIFY_SOCKET");
}

static void test_the_watchdog_is_for_the_process_that_it_names(void **state)
{
	(void)state;
	char pid[16];
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	assert_int_equal(told_notify_watchdog_ms(), 0);
	setenv("WATCHDOG_USEC", "30000000", 1);
	assert_int_equal(told_notify_watchdog_ms(), 15000);
	snprintf(pid, sizeof pid, "%d", (int)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	assert_int_equal(told_notify_watchdog_ms(), 15000);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(told_notify_watchdog_ms(), 0);
	unsetenv("WATCHDOG_PID");
	setenv("WATCHDOG_USEC", "soon", 1);
	assert_int_equal(told_notify_watchdog_ms(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_state_reaches_a_socket_with_a_path),
		cmocka_unit_test(test_a_state_reaches_an_abstract_socket),
		cmocka_unit_test(test_nobody_listening_is_no_fault_and_a_bad_name_is),
		cmocka_unit_test(test_the_watchdog_is_for_the_process_that_it_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
