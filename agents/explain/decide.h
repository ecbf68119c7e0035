/* SPDX-License-Identifier: Apache-2.0 */
/* `told decide`: runs worked cases, explains one, or explains a request typed in words, on files; or has a running
 * agent explain it, which the caller reaches. */
#ifndef TOLD_EXPLAIN_DECIDE_H
#define TOLD_EXPLAIN_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What a running agent is asked. All borrowed; agent, worker and type may be NULL. */
struct told_decide_question {
	const char *agent, *worker; /* --agent, --as */
	const char *client, *from, *to, *type, *audience;
	const char *const *purposes, *const *categories;
	size_t purpose_count, category_count;
	bool json;
};
/* Asks the agent and prints what it answers; the exit code. */
typedef int told_decide_live(void *ctx, const struct told_decide_question *question, FILE *out, FILE *err);

/* argv[0] is "decide"; live may be NULL: there is no agent to ask. The exit code (agents/exit): 0 done; 1 some case
 * failed; 2 wrong use; 4 nothing of a request may go; 6 a file is wrong. */
int told_decide_main(int argc, char **argv, told_decide_live *live, void *ctx);

/* The same, to streams of the caller, with the time that a request without --at is ruled at. */
int told_decide_run(int argc, char **argv, FILE *out, FILE *err, long long now_utc_ms, told_decide_live *live,
		    void *ctx);

#endif
