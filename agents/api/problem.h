/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as RFC 9457 problem objects: what happened, why, what to do, and how a command ends on it. Room-internal. */
#ifndef TOLD_API_PROBLEM_H
#define TOLD_API_PROBLEM_H

#include "told/bytes.h"
#include <jansson.h>

/* The HTTP status of one of ours. */
unsigned told_problem_http(enum told_status status);

/* {"type", "title", "status", "detail", "fix", "exit"}: title is what happened, detail why (may be NULL), fix what to
 * do (NULL: as told_fix_of says; "": detail says it, too). http 0: as told_problem_http says. NULL without memory. */
json_t *told_problem(enum told_status status, unsigned http, const char *detail, const char *fix);

#endif
