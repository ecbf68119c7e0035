/* SPDX-License-Identifier: Apache-2.0 */
/* After hardening there is no core, no debugger, no open file mode, no SIGPIPE. In a child, because it lasts. */
#include "support/support.h"

#include "broker/base/harden.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool hardened(void)
{
	struct rlimit core;
	struct sigaction action;
	return told_harden() == TOLD_OK && getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 &&
	       prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
	       umask(0) == 077 && sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static void test_a_hardened_process_keeps_its_secrets_to_itself(void **state)
{
	(void)state;
	int result = -1;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(hardened() ? 0 : 1);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result));
	assert_int_equal(WEXITSTATUS(result), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_hardened_process_keeps_its_secrets_to_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
