/* SPDX-License-Identifier: Apache-2.0 */
/* Process hardening that needs no privilege. The unit file does the rest (rules section 6). */
#include "broker/base/harden.h"

#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum told_status told_harden(void)
{
	struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	umask(077);
	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return TOLD_E_SYSTEM;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return TOLD_E_SYSTEM;
	/* A limit on file sizes is met like a full disk: by the failed write, not by the signal. */
	if (sigaction(SIGPIPE, &ignore, NULL) != 0 || sigaction(SIGXFSZ, &ignore, NULL) != 0)
		return TOLD_E_SYSTEM;
	return TOLD_OK;
}
