/* SPDX-License-Identifier: Apache-2.0 */
/* told explain RULE: what a refusal means that named a rule, and what to do. Reads the tables of the rules themselves;
 * asks no agent. */
#include "agents/agent/core/rule.h"
#include "agents/cli/do.h"
#include "agents/form/form.h"
#include "agents/plan/plan.h"
#include "agents/team/team.h"
#include "broker/decide/codes.h"

#include <string.h>

struct rule {
	const char *name, *words, *fix, *person, *who; /* fix, person, who: NULL where words say it all */
};

/* A rule of an agent's own: by its place in all the tables, in the order below. */
static const struct rule own[] = {
#define X(id, word, text) {word, text, NULL, NULL, NULL},
	TOLD_PLAN_RULES(X) TOLD_TEAM_RULES(X) TOLD_FORM_RULES(X)
#undef X
#define X(word, text) {word, text, NULL, NULL, NULL},
		TOLD_DAY_RULES(X)
#undef X
};

/* A reason code of a ruling. */
static bool find_code(struct told_bytes name, struct rule *out)
{
	const struct told_code_row *row = told_code_row(told_code_named(name));
	if (row == NULL)
		return false;
	*out = (struct rule){row->name, row->sender, row->fix, row->person, told_cure_words(row->cure)};
	return true;
}

static bool find(const char *name, struct rule *out)
{
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (strcmp(own[i].name, name) == 0) {
			*out = own[i];
			return true;
		}
	return find_code(told_text(name), out);
}

static int print_json(struct told_cli *cli, const struct rule *rule)
{
	json_t *json = json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "rule", rule->name, "words", rule->words, "fix",
				 rule->fix, "person", rule->person, "who", rule->who);
	if (json == NULL)
		return told_fail_status(cli, TOLD_E_MEMORY, rule->name, NULL);
	json_dumpf(json, cli->out, JSON_COMPACT);
	fputc('\n', cli->out);
	json_decref(json);
	return TOLD_EXIT_DONE;
}

static int print(struct told_cli *cli, const struct rule *rule)
{
	fprintf(cli->out, "%s: %s\n", rule->name, rule->words);
	if (rule->fix != NULL)
		fprintf(cli->out, "  What to do: %s\n  Who can:    %s\n  The person reads: %s\n", rule->fix, rule->who,
			rule->person);
	return TOLD_EXIT_DONE;
}

int told_do_explain(struct told_cli *cli, const struct told_args *args)
{
	struct rule rule;
	if (!find(args->words[0], &rule))
		return told_failf(cli, TOLD_EXIT_CHECK,
				  "Type it as it stood in the refusal, such as SEC-02 or plan-cycle.",
				  "There is no rule \"%.32s\".", args->words[0]);
	return cli->json ? print_json(cli, &rule) : print(cli, &rule);
}
