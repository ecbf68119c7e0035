/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked of `told decide`, read from the command line. Private to this room. */
#ifndef TOLD_EXPLAIN_ASK_H
#define TOLD_EXPLAIN_ASK_H

#include "agents/exit/exit.h"
#include "agents/explain/decide.h"
#include "agents/explain/render.h"
#include "broker/cases/cases.h"

#include <stdio.h>

#define TOLD_ASK_WORDS_MAX 512u

struct told_ask_list {
	const char *items[TOLD_ASK_WORDS_MAX];
	size_t count;
};

struct told_ask {
	struct told_ask_list cases, agreements, purposes, sections;
	const char *one, *id, *audience_word, *from, *to, *type, *facts, *at, *client, *agent, *worker;
	bool json, help, bench;
	enum told_audience audience;
	char words[16384]; /* what was split at commas */
	size_t words_len;
	FILE *out, *err;
	long long now_utc_ms;
	told_decide_live *live;
	void *live_ctx;
};

/* Reads argv[1..]. TOLD_EXIT_DONE, or TOLD_EXIT_USAGE after saying on err what is wrong. */
enum told_exit told_ask_read(struct told_ask *ask, int argc, char **argv);
void told_ask_help(FILE *out);

/* run.c: one mode each. */
enum told_exit told_decide_cases(struct told_ask *ask);
enum told_exit told_decide_case(struct told_ask *ask);
enum told_exit told_decide_request(struct told_ask *ask);

#endif
