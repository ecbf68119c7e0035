/* SPDX-License-Identifier: Apache-2.0 */
/* The team around a person in words, a handover, and the page for a supporter. */
#include "agents/cli/show.h"

static long long number(const json_t *object, const char *member)
{
	return (long long)json_integer_value(json_object_get(object, member));
}

static void print_lead(struct told_cli *cli, const json_t *lead)
{
	char until[40];
	if (lead == NULL) {
		fputs("No lead worker yet: the person chooses one (told team lead).\n", cli->out);
		return;
	}
	told_date_words(json_object_get(lead, "until_ms"), until);
	fprintf(cli->out, "Lead worker: %s of %s; deputy: %s of %s; until %s%s\n", told_text_of(lead, "lead"),
		told_party_words(cli, told_text_of(lead, "lead_party")), told_text_of(lead, "deputy"),
		told_party_words(cli, told_text_of(lead, "deputy_party")), until,
		json_is_true(json_object_get(lead, "over")) ? ". That is OVER: ask the person whom they want." : ".");
}

static void print_supporter(struct told_cli *cli, const json_t *one)
{
	size_t i = 0;
	json_t *step = NULL;
	if (json_is_true(json_object_get(one, "dropped")))
		return;
	fprintf(cli->out, "Supporter: %s (%s); steps", told_text_of(one, "name"), told_text_of(one, "how"));
	json_array_foreach(json_object_get(one, "steps"), i, step)
		fprintf(cli->out, "%s %lld", i > 0 ? "," : "", (long long)json_integer_value(step));
	fputc('\n', cli->out);
}

static void print_promise(struct told_cli *cli, const json_t *one, long long n)
{
	char due[40];
	told_date_words(json_object_get(one, "due_ms"), due);
	fprintf(cli->out, "Promise %lld: %s%s%s%s\n", n, told_text_of(one, "what"), due[0] != '\0' ? ", by " : "", due,
		json_is_true(json_object_get(one, "kept")) ? " (kept)" : "");
}

void told_show_team(struct told_cli *cli, const json_t *team)
{
	size_t i = 0;
	json_t *one = NULL;
	print_lead(cli, json_object_get(team, "lead"));
	json_array_foreach(json_object_get(team, "members"), i, one)
	{
		const char *name = told_text_of(one, "team");
		fprintf(cli->out, "%s: %s%s%s\n", told_party_words(cli, told_text_of(one, "party")),
			told_text_of(one, "worker"), name[0] != '\0' ? ", team " : "", name);
	}
	json_array_foreach(json_object_get(team, "supporters"), i, one) print_supporter(cli, one);
	json_array_foreach(json_object_get(team, "promises"), i, one) print_promise(cli, one, (long long)i + 1);
}

void told_show_team_news(struct told_cli *cli, const json_t *reply)
{
	char when[40];
	size_t i = 0;
	json_t *one = NULL;
	const json_t *news = json_object_get(reply, "news");
	json_array_foreach(news, i, one)
	{
		told_time_words(json_object_get(one, "time_ms"), when);
		fprintf(cli->out, "%s%s  %s, %s: %s\n", json_is_true(json_object_get(one, "new")) ? "NEW  " : "     ",
			when, told_text_of(one, "client"), told_party_words(cli, told_text_of(one, "from")),
			told_text_of(one, "what"));
	}
	if (json_array_size(news) == 0)
		fputs("Nothing has changed for the people whose lead worker or deputy you are.\n", cli->out);
}

void told_show_team_change(struct told_cli *cli, const json_t *reply)
{
	told_show_team(cli, json_object_get(reply, "team"));
}

static void print_person(struct told_cli *cli, const json_t *person)
{
	size_t i = 0;
	json_t *one = NULL;
	fprintf(cli->out, "%s\n", told_text_of(person, "client"));
	json_array_foreach(json_object_get(person, "steps"), i, one)
		fprintf(cli->out, "  open step %lld: %s\n", number(one, "step"), told_text_of(one, "what"));
	json_array_foreach(json_object_get(person, "promises"), i, one) print_promise(cli, one, number(one, "promise"));
	fputs("  What helps, and what not to ask again:\n", cli->out);
	told_print_sections(cli, json_object_get(person, "helps"));
}

void told_show_handover(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *person = NULL;
	const json_t *people = json_object_get(reply, "people");
	bool done = json_is_true(json_object_get(reply, "done"));
	fprintf(cli->out, "%s %s to %s:\n", done ? "Handed over from" : "To hand over from", told_text_of(reply, "old"),
		told_text_of(reply, "new"));
	json_array_foreach(people, i, person) print_person(cli, person);
	if (json_array_size(people) == 0)
		fputs("Nothing.\n", cli->out);
	else if (!done)
		fputs("Nobody asks the story again. Tell each person first; then add --do --told.\n", cli->out);
}

void told_show_plan_page(struct told_cli *cli, const json_t *reply)
{
	fprintf(cli->out, "For %s (%s)\n%s", told_text_of(reply, "for"), told_text_of(reply, "how"),
		told_text_of(reply, "page"));
	fputs("Nothing else of the plan is here. The person can stop this at any time, without a reason.\n", cli->out);
}
