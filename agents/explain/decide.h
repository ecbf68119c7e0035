/* SPDX-License-Identifier: Apache-2.0 */
/* `told decide`: runs worked cases, explains one, or explains a request typed in words, all offline on files. */
#ifndef TOLD_EXPLAIN_DECIDE_H
#define TOLD_EXPLAIN_DECIDE_H

#include <stdio.h>

/* argv[0] is "decide". The exit code (agents/exit): 0 done; 1 some case failed; 2 wrong use; 4 nothing of a request may
 * go; 6 a file is wrong. */
int told_decide_main(int argc, char **argv);

/* The same, to streams of the caller, with the time that a request without --at is ruled at. */
int told_decide_run(int argc, char **argv, FILE *out, FILE *err, long long now_utc_ms);

#endif
