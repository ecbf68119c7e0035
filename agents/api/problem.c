/* SPDX-License-Identifier: Apache-2.0 */
/* Problem objects. Touches jansson only. */
#include "agents/api/problem.h"

#include "agents/exit/exit.h"
#include <stdio.h>

#define PROBLEM_BASE "https://told-once.example/problem/"

/* What is not listed is our own fault: 500. */
static const unsigned short https[TOLD_STATUS_COUNT] = {
	[TOLD_OK] = 200,
	[TOLD_E_MALFORMED] = 400,
	[TOLD_E_LIMIT] = 413,
	[TOLD_E_UNKNOWN] = 400,
	[TOLD_E_REFUSED] = 403,
	[TOLD_E_NOT_ALLOWED] = 403,
	[TOLD_E_NOT_FOUND] = 404,
	[TOLD_E_EXISTS] = 409,
	[TOLD_E_REPLAY] = 409,
	[TOLD_E_STALE] = 409,
	[TOLD_E_USAGE] = 400,
	[TOLD_E_BUSY] = 503,
	[TOLD_E_UNREACHABLE] = 503,
	[TOLD_E_TIMEOUT] = 504,
	[TOLD_E_FULL] = 507,
};

unsigned told_problem_http(enum told_status status)
{
	unsigned http = (unsigned)status < TOLD_STATUS_COUNT ? https[status] : 0;
	return http != 0 ? http : 500;
}

json_t *told_problem(enum told_status status, unsigned http, const char *detail, const char *fix)
{
	char type[sizeof PROBLEM_BASE + 32];
	fix = fix == NULL ? told_fix_of(status) : fix[0] != '\0' ? fix : NULL;
	snprintf(type, sizeof type, "%s%s", PROBLEM_BASE, told_status_name(status));
	return json_pack("{s:s, s:s, s:i, s:s*, s:s*, s:i}", "type", type, "title", told_status_text(status), "status",
			 (int)(http != 0 ? http : told_problem_http(status)), "detail", detail, "fix", fix, "exit",
			 (int)told_exit_of(status));
}
