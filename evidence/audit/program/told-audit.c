/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit: reads the clock once and hands over. */
#include "evidence/audit/base/audit.h"
#include "proto/page/page.h"

#include <time.h>

int main(int argc, char **argv)
{
	struct timespec now;
	if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
		fputs("told-audit: the clock cannot be read\n", stderr);
		return TOLD_AUDIT_CONFIG;
	}
	struct told_audit_io io = {
		.out = stdout,
		.err = stderr,
		.columns = told_page_columns(stdout),
		.now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000,
	};
	int code = told_audit_run(argc, argv, &io);
	/* a verdict that was not written was not given */
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? code : TOLD_AUDIT_CONFIG;
}
