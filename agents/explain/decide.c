/* SPDX-License-Identifier: Apache-2.0 */
/* The modes of `told decide`. Reads the files it is given, writes to out and err; an agent is asked by the caller. */
#include "agents/explain/decide.h"

#include "agents/explain/ask.h"
#include "agents/explain/bench.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- explaining rulings ---- */

static enum told_exit print_ruling(struct told_ask *ask, const struct told_rendering *r)
{
	struct told_buf text = TOLD_BUF(1048576);
	json_t *json = NULL;
	enum told_exit exit = TOLD_EXIT_CHECK;
	if (ask->json) {
		if (told_render_json(r, ask->audience, &json) == TOLD_OK &&
		    json_dumpf(json, ask->out, JSON_COMPACT | JSON_PRESERVE_ORDER) == 0 && fputc('\n', ask->out) != EOF)
			exit = TOLD_EXIT_DONE;
		json_decref(json);
		return exit;
	}
	told_render_text(r, ask->audience, &text);
	if (text.status == TOLD_OK && fwrite(text.data, 1, text.len, ask->out) == text.len)
		exit = TOLD_EXIT_DONE;
	told_buf_free(&text);
	return exit;
}

/* One ruling a recipient. *went: something went to somebody. */
static enum told_exit explain(struct told_ask *ask, struct told_case *c, bool *went)
{
	struct told_decision *ruling = malloc(sizeof *ruling);
	enum told_exit exit = ruling ? TOLD_EXIT_DONE : TOLD_EXIT_CHECK;
	*went = false;
	for (size_t i = 0; exit == TOLD_EXIT_DONE && i < told_case_recipients(c); i++) {
		const struct told_question *question = told_case_question(c, i);
		told_decide(question, ruling);
		told_question_digest(question, &ruling->inputs);
		*went |= ruling->effect == TOLD_EFFECT_RELEASE || ruling->effect == TOLD_EFFECT_PARTIAL;
		struct told_rendering r = {question, ruling, told_case_parties(c), told_case_labels(c)};
		if (i > 0 && !ask->json)
			fputc('\n', ask->out);
		exit = print_ruling(ask, &r);
	}
	free(ruling);
	return exit;
}

static enum told_exit tell_faults(struct told_ask *ask, const char *path, enum told_status status,
				  const struct told_faults *faults)
{
	struct told_buf text = TOLD_BUF(1048576);
	told_faults_print(faults, &text);
	if (text.len)
		fwrite(text.data, 1, text.len, ask->err);
	else
		fprintf(ask->err, "told: %s cannot be used: %s.\n", path, told_status_text(status));
	told_buf_free(&text);
	return TOLD_EXIT_CONFIG;
}

static enum told_exit explain_at(struct told_ask *ask, const struct told_casebook *book, size_t index,
				 struct told_faults *faults, bool *went)
{
	struct told_case *c = NULL;
	enum told_status status = told_case_open(book, index, &c);
	if (status != TOLD_OK)
		return tell_faults(ask, faults->name, status, faults);
	const char *id = told_casebook_id(book, index);
	if (id[0] != '\0' && !ask->json)
		fprintf(ask->out, "%s %s\n", id, told_case_title(c));
	enum told_exit exit = explain(ask, c, went);
	told_case_close(c);
	return exit;
}

enum told_exit told_decide_case(struct told_ask *ask)
{
	struct told_faults faults = TOLD_FAULTS(ask->one);
	struct told_casebook *book = NULL;
	size_t found = 0;
	bool went;
	enum told_status status = told_casebook_open(ask->one, &faults, &book);
	enum told_exit exit = TOLD_EXIT_DONE;
	if (status != TOLD_OK)
		exit = tell_faults(ask, ask->one, status, &faults);
	for (size_t i = 0; exit == TOLD_EXIT_DONE && i < told_casebook_count(book); i++) {
		if (ask->id && strcmp(ask->id, told_casebook_id(book, i)) != 0)
			continue;
		if (found++ > 0 && !ask->json)
			fputc('\n', ask->out);
		exit = explain_at(ask, book, i, &faults, &went);
	}
	if (exit == TOLD_EXIT_DONE && !found) {
		fprintf(ask->err, "told: %s has no case %s.\n", ask->one, ask->id ? ask->id : "at all");
		exit = TOLD_EXIT_CHECK;
	}
	told_casebook_close(book);
	told_faults_free(&faults);
	return exit;
}

enum told_exit told_decide_request(struct told_ask *ask)
{
	char now[24];
	time_t seconds = (time_t)(ask->now_utc_ms / 1000);
	struct tm utc;
	strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
	const struct told_case_request request = {
		.agreements = ask->agreements.items,
		.agreement_count = ask->agreements.count,
		.from = ask->from,
		.to = ask->to,
		.type = ask->type ? ask->type : "REFERRAL",
		.clock = ask->at ? ask->at : now,
		.purposes = ask->purposes.items,
		.purpose_count = ask->purposes.count,
		.sections = ask->sections.items,
		.section_count = ask->sections.count,
		.facts = ask->facts,
	};
	struct told_faults faults = TOLD_FAULTS(ask->facts ? ask->facts : "request");
	struct told_casebook *book = NULL;
	bool went = false;
	enum told_status status = told_casebook_ask(&request, &faults, &book);
	enum told_exit exit = status == TOLD_OK ? explain_at(ask, book, 0, &faults, &went)
						: tell_faults(ask, faults.name, status, &faults);
	if (exit == TOLD_EXIT_DONE && !went)
		exit = TOLD_EXIT_REFUSED;
	told_casebook_close(book);
	told_faults_free(&faults);
	return exit;
}

/* ---- running cases ---- */

struct tally {
	struct told_ask *ask;
	unsigned long passed, failed, disputed;
};

static void print_outcome(struct told_ask *ask, const struct told_case_outcome *o)
{
	const char *id = o->id ? o->id : "";
	if (ask->json) {
		json_t *line = json_pack("{s:s, s:s, s:b, s:s?, s:s}", "file", o->file, "id", id, "passed",
					 (int)o->passed, "disputed", o->disputed, "why", o->why);
		json_dumpf(line, ask->out, JSON_COMPACT | JSON_PRESERVE_ORDER);
		fputc('\n', ask->out);
		json_decref(line);
		return;
	}
	if (o->disputed)
		fprintf(ask->out, "disputed %s: %s\n", id, o->disputed);
	if (!o->passed)
		fprintf(ask->out, "failed %s %s:%s\n", o->file, id, o->why);
}

static void count_outcome(void *ctx, const struct told_case_outcome *outcome)
{
	struct tally *tally = ctx;
	tally->passed += outcome->passed;
	tally->failed += !outcome->passed;
	tally->disputed += outcome->disputed != NULL;
	print_outcome(tally->ask, outcome);
}

/* A path that cannot be run counts as a failure: a folder that is gone must not look like a folder that passes. */
enum told_exit told_decide_cases(struct told_ask *ask)
{
	struct tally tally = {.ask = ask};
	for (size_t i = 0; i < ask->cases.count; i++) {
		enum told_status status = told_cases_run(ask->cases.items[i], count_outcome, &tally);
		if (status == TOLD_OK)
			continue;
		fprintf(ask->err, "told: %s: %s.\n", ask->cases.items[i], told_status_text(status));
		tally.failed++;
	}
	if (ask->json)
		fprintf(ask->out, "{\"passed\":%lu,\"failed\":%lu,\"disputed\":%lu}\n", tally.passed, tally.failed,
			tally.disputed);
	else
		fprintf(ask->out, "%lu passed, %lu failed\n", tally.passed, tally.failed);
	return tally.failed || !tally.passed ? TOLD_EXIT_CHECK : TOLD_EXIT_DONE;
}

/* ---- the command ---- */

static enum told_exit ask_agent(const struct told_ask *ask)
{
	const struct told_decide_question question = {
		.agent = ask->agent,
		.worker = ask->worker,
		.client = ask->client,
		.from = ask->from,
		.to = ask->to,
		.type = ask->type,
		.audience = ask->audience_word,
		.purposes = ask->purposes.items,
		.purpose_count = ask->purposes.count,
		.categories = ask->sections.items,
		.category_count = ask->sections.count,
		.json = ask->json,
	};
	return (enum told_exit)ask->live(ask->live_ctx, &question, ask->out, ask->err);
}

int told_decide_run(int argc, char **argv, FILE *out, FILE *err, long long now_utc_ms, told_decide_live *live,
		    void *ctx)
{
	struct told_ask *ask = calloc(1, sizeof *ask);
	if (!ask)
		return TOLD_EXIT_CHECK;
	ask->out = out;
	ask->err = err;
	ask->now_utc_ms = now_utc_ms;
	ask->live = live;
	ask->live_ctx = ctx;
	enum told_exit exit = told_ask_read(ask, argc, argv);
	if (exit == TOLD_EXIT_DONE && ask->help)
		told_ask_help(out);
	else if (exit == TOLD_EXIT_DONE && ask->cases.count)
		exit = told_decide_cases(ask);
	else if (exit == TOLD_EXIT_DONE && ask->bench)
		exit = told_decide_bench(&told_bench_full, ask->json, out, err);
	else if (exit == TOLD_EXIT_DONE && ask->client)
		exit = ask_agent(ask);
	else if (exit == TOLD_EXIT_DONE && ask->one)
		exit = told_decide_case(ask);
	else if (exit == TOLD_EXIT_DONE)
		exit = told_decide_request(ask);
	free(ask);
	return (int)exit;
}

int told_decide_main(int argc, char **argv, told_decide_live *live, void *ctx)
{
	return told_decide_run(argc, argv, stdout, stderr, (long long)time(NULL) * 1000, live, ctx);
}
