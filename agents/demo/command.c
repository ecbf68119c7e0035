/* SPDX-License-Identifier: Apache-2.0 */
/* The command told, run as a worker would type it, and its reply as JSON. */
#include "agents/demo/say.h"

#include "agents/exit/exit.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 64u

/* argv: told WORDS --json [--agent DIR --as FILE]. */
struct line {
	char program[PATH_MAX];
	const char *argv[WORDS_MAX];
	size_t count;
};

static void add(struct line *line, const char *word)
{
	if (line->count + 1 < WORDS_MAX)
		line->argv[line->count++] = word;
}

static enum told_status compose(struct told_demo *demo, const struct told_demo_command *command, struct line *line)
{
	*line = (struct line){.count = 0};
	enum told_status status = told_demo_path(demo, line->program, demo->bin, "told");
	add(line, line->program);
	for (size_t i = 0; command->words[i] != NULL; i++)
		add(line, command->words[i]);
	add(line, "--json");
	if (command->agency != NULL) {
		add(line, "--agent");
		add(line, command->agency->dir);
		add(line, "--as");
		add(line, command->agency->token);
	}
	return status;
}

static json_t *json_of(const struct told_buf *text)
{
	return json_loadb((const char *)text->data, text->len, JSON_REJECT_DUPLICATES, NULL);
}

/* What a failing command said, as one of our own errors. */
static enum told_status failed(struct told_demo *demo, const struct told_demo_command *command,
			       struct told_child_result *result)
{
	json_t *problem = json_of(&result->err);
	const char *verb = command->words[1] != NULL ? command->words[1] : "";
	const char *raw = told_buf_cstr(&result->err);
	enum told_status status = result->exit == TOLD_EXIT_INTEGRITY ? TOLD_E_CORRUPT : TOLD_E_CONFIG;
	if (problem != NULL)
		told_demo_fail(demo, status, "told %s %s ended with %d. %s %s %s", command->words[0], verb,
			       result->exit, told_member(problem, "title"), told_member(problem, "detail"),
			       told_member(problem, "fix"));
	else
		told_demo_fail(demo, status, "told %s %s ended with %d: %s", command->words[0], verb, result->exit,
			       raw != NULL ? raw : "");
	json_decref(problem);
	return status;
}

enum told_status told_demo_run(struct told_demo *demo, const struct told_demo_command *command, json_t **reply)
{
	struct told_child_result result = {0};
	struct line line;
	*reply = NULL;
	if (command->shown)
		told_say_command(demo, "told", command->words);
	enum told_status status = compose(demo, command, &line);
	if (status != TOLD_OK)
		return status;
	status = told_child_run(line.argv, command->input, TOLD_DEMO_CALL_MS, &result);
	if (status != TOLD_OK)
		told_demo_fail(demo, status, "told %s: %s.", command->words[0], told_status_text(status));
	if (status == TOLD_OK) {
		*reply = json_of(&result.out);
		if (result.exit == TOLD_EXIT_REFUSED)
			status = TOLD_E_REFUSED;
		else if (result.exit == TOLD_EXIT_TIMEOUT)
			status = TOLD_E_TIMEOUT;
		else if (result.exit != TOLD_EXIT_DONE)
			status = failed(demo, command, &result);
	}
	told_child_result_free(&result);
	return status;
}

enum told_status told_demo_told(struct told_demo *demo, const struct told_demo_agency *agency, const char *const *words,
				json_t **reply)
{
	const struct told_demo_command command = {.agency = agency, .words = words};
	enum told_status status = told_demo_run(demo, &command, reply);
	if (status == TOLD_OK)
		return TOLD_OK;
	json_decref(*reply);
	*reply = NULL;
	return told_demo_fail(demo, status, "told %s %s: %s.", words[0], words[1] != NULL ? words[1] : "",
			      told_status_text(status));
}

enum told_status told_demo_do(struct told_demo *demo, enum told_demo_who who, const char *const *words)
{
	const struct told_demo_command command = {.agency = &demo->agencies[who], .words = words, .shown = true};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	json_decref(reply);
	return status == TOLD_OK ? TOLD_OK
				 : told_demo_fail(demo, status, "told %s %s: %s.", words[0],
						  words[1] != NULL ? words[1] : "", told_status_text(status));
}

enum told_status told_demo_not(struct told_demo *demo, enum told_demo_who who, const char *const *words,
			       const char *passed)
{
	const struct told_demo_command command = {.agency = &demo->agencies[who], .words = words, .shown = true};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	json_decref(reply);
	return status == TOLD_E_REFUSED ? TOLD_OK : told_demo_fail(demo, TOLD_E_INTERNAL, "%s", passed);
}

enum told_status told_demo_until(struct told_demo *demo, const struct told_demo_agency *agency,
				 const char *const *words, told_demo_look *look, void *ctx, const char *what)
{
	int64_t deadline = told_demo_clock_ms() + TOLD_DEMO_STATE_MS;
	enum told_status status = TOLD_E_BUSY;
	while (status == TOLD_E_BUSY && told_demo_clock_ms() < deadline) {
		json_t *reply = NULL;
		status = told_demo_told(demo, agency, words, &reply);
		if (status == TOLD_OK)
			status = look(demo, reply, ctx);
		json_decref(reply);
	}
	if (status == TOLD_E_BUSY)
		return told_demo_fail(demo, TOLD_E_TIMEOUT, "Waited %d seconds in vain: %s.", TOLD_DEMO_STATE_MS / 1000,
				      what);
	return status;
}
