/* SPDX-License-Identifier: Apache-2.0 */
/* Action plans in words: goals as the person said them, steps in the person's order, and what waits for what. */
#include "agents/cli/show.h"

#include <string.h>

static long long number(const json_t *object, const char *member)
{
	return (long long)json_integer_value(json_object_get(object, member));
}

static void print_goals(struct told_cli *cli, const json_t *goals)
{
	size_t i = 0;
	json_t *goal = NULL;
	json_array_foreach(goals, i, goal) fprintf(cli->out, "Goal %zu: \"%s\"\n", i + 1, json_string_value(goal));
}

static void print_words(struct told_cli *cli, const json_t *step, const char *member, const char *before)
{
	if (json_object_get(step, member) != NULL)
		fprintf(cli->out, "      %s: %s\n", before, told_text_of(step, member));
}

static void print_waiting(struct told_cli *cli, const json_t *step)
{
	size_t i = 0;
	json_t *one = NULL;
	const json_t *waits = json_object_get(step, "waiting_for");
	long long days = number(step, "waiting_days");
	if (waits == NULL)
		return;
	fputs("      waiting for step ", cli->out);
	json_array_foreach(waits, i, one)
	{
		const char *owner = told_text_of(one, "owner");
		fprintf(cli->out, "%s%lld", i > 0 ? ", " : "", number(one, "step"));
		fprintf(cli->out, " (%s)", owner[0] == '\0' ? "not shared with us" : told_party_words(cli, owner));
	}
	fprintf(cli->out, " for %lld day%s%s\n", days, days == 1 ? "" : "s",
		json_is_true(json_object_get(step, "waits_too_long")) ? ": too long, the lead worker is told" : "");
}

static void print_step(struct told_cli *cli, const json_t *step)
{
	char due[40];
	const char *kind = told_text_of(step, "kind"), *who = told_text_of(step, "who");
	if (json_is_true(json_object_get(step, "withheld"))) {
		fprintf(cli->out, "  %2lld. a step that is not shared with us\n", number(step, "step"));
		return;
	}
	told_date_words(json_object_get(step, "due_ms"), due);
	fprintf(cli->out, "  %2lld. %s\n", number(step, "step"), told_text_of(step, "what"));
	fprintf(cli->out, "      %s, %s%s%s", told_text_of(step, "state"),
		told_party_words(cli, told_text_of(step, "owner")), who[0] != '\0' ? ": " : "", who);
	if (strcmp(kind, "usual") != 0)
		fprintf(cli->out, ", a %s step: it never waits", kind);
	if (due[0] != '\0')
		fprintf(cli->out, ", by %s%s", due, json_object_get(step, "overdue") != NULL ? " (LATE)" : "");
	fputc('\n', cli->out);
	print_waiting(cli, step);
	print_words(cli, step, "because", "began out of order because");
	print_words(cli, step, "outcome", "outcome");
	print_words(cli, step, "reason", "reason");
}

static void print_plan(struct told_cli *cli, const json_t *plan)
{
	size_t i = 0;
	json_t *step = NULL;
	const json_t *steps = json_object_get(plan, "steps");
	fprintf(cli->out, "Plan of %s, kept by %s\n", told_text_of(plan, "client"),
		told_party_words(cli, told_text_of(plan, "keeper")));
	print_goals(cli, json_object_get(plan, "goals"));
	json_array_foreach(steps, i, step) print_step(cli, step);
	if (json_array_size(steps) == 0)
		fputs("  no step yet\n", cli->out);
}

void told_show_plans(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *plan = NULL;
	json_array_foreach(json_object_get(reply, "plans"), i, plan) print_plan(cli, plan);
}

static bool went(const json_t *preview)
{
	const char *effect = told_text_of(preview, "effect");
	return strcmp(effect, "release") == 0 || strcmp(effect, "partial") == 0;
}

void told_show_plan_change(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0, j = 0;
	json_t *one = NULL, *code = NULL;
	print_plan(cli, json_object_get(reply, "plan"));
	json_array_foreach(json_object_get(reply, "told"), i, one)
	{
		fprintf(cli->out, "%s: %s\n", told_party_words(cli, told_text_of(one, "to")),
			went(one) ? "told, as far as it may go" : "not told");
		json_array_foreach(json_object_get(one, "codes"), j, code)
		{
			fputs("  ", cli->out);
			told_print_code(cli->out, code);
			fputc('\n', cli->out);
		}
	}
}

void told_show_plan_steps(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *step = NULL;
	const json_t *steps = json_object_get(reply, "steps");
	json_array_foreach(steps, i, step)
	{
		fprintf(cli->out, "%s\n", told_text_of(step, "client"));
		print_step(cli, step);
	}
	if (json_array_size(steps) == 0)
		fputs("Nothing waits.\n", cli->out);
}
