/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit as a process: it needs no server and believes nobody. */
#include "agents/demo/audit.h"

#include "agents/demo/say.h"

#define ARGS_MAX 16u

/* argv of one verification: the paths live here. */
struct line {
	char program[PATH_MAX], policy[PATH_MAX], receipts[TOLD_DEMO_AGENCIES][PATH_MAX];
	const char *argv[ARGS_MAX];
};

static enum told_status compose(struct told_demo *demo, const char *store, struct line *line)
{
	size_t count = 0;
	enum told_status status = told_demo_path(demo, line->program, demo->bin, "told-audit");
	if (status == TOLD_OK)
		status = told_demo_path(demo, line->policy, demo->dir, "broker/policy");
	for (size_t i = 0; i < TOLD_DEMO_AGENCIES && status == TOLD_OK; i++)
		status = told_demo_path(demo, line->receipts[i], demo->agencies[i].dir, "receipts");
	const char *const first[] = {line->program, "verify", "--store", store, "--policy", line->policy, "--receipts"};
	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
		line->argv[count++] = first[i];
	for (size_t i = 0; i < TOLD_DEMO_AGENCIES; i++)
		line->argv[count++] = line->receipts[i];
	line->argv[count++] = "--json";
	line->argv[count] = NULL;
	return status;
}

static void say_verdicts(struct told_demo *demo, const json_t *report)
{
	const char *name = NULL;
	json_t *verdict = NULL;
	json_object_foreach(json_object_get(report, "verdicts"), name, verdict)
	{
		told_say_line(demo, name, "%s: %s", told_member(verdict, "verdict"), told_member(verdict, "text"));
	}
}

enum told_status told_demo_audit(struct told_demo *demo, const char *store, json_t **report, int *exit)
{
	struct told_child_result result = {0};
	struct line line;
	*report = NULL;
	enum told_status status = compose(demo, store, &line);
	if (status != TOLD_OK)
		return status;
	told_say_command(demo, "told-audit", line.argv + 1);
	status = told_child_run(line.argv, told_bytes(NULL, 0), TOLD_DEMO_CALL_MS, &result);
	if (status == TOLD_OK) {
		*exit = result.exit;
		*report = json_loadb((const char *)result.out.data, result.out.len, JSON_REJECT_DUPLICATES, NULL);
		if (*report == NULL)
			status = told_demo_fail(demo, TOLD_E_MALFORMED, "told-audit ended with %d: %s", result.exit,
						told_buf_cstr(&result.err));
		else
			say_verdicts(demo, *report);
	}
	told_child_result_free(&result);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "told-audit: %s.", told_status_text(status));
}
