/* SPDX-License-Identifier: Apache-2.0 */
/* Incidents in words: what to do first, then what went, who opened it, who has not answered, the sheet. */
#include "agents/cli/show.h"
#include "proto/page/page.h"

static size_t number(const json_t *object, const char *member)
{
	return (size_t)json_integer_value(json_object_get(object, member));
}

static void print_opened(struct told_cli *cli, const json_t *opened)
{
	size_t i = 0;
	json_t *one = NULL;
	json_array_foreach(opened, i, one)
		fprintf(cli->out, "%s%s", i == 0 ? "; opened by " : ", ", told_text_of(one, "worker"));
}

static void print_answer(struct told_cli *cli, const json_t *line)
{
	const json_t *answer = json_object_get(line, "answer");
	if (answer == NULL) {
		fputs(json_object_get(line, "recall") != NULL ? "; not answered\n" : "\n", cli->out);
		return;
	}
	fputs(json_is_true(json_object_get(answer, "deleted")) ? "; deleted; opened by " : "; kept; opened by ",
	      cli->out);
	told_print_list(cli->out, json_object_get(answer, "opened_by"), "nobody");
	fputs("; passed on to ", cli->out);
	told_print_list(cli->out, json_object_get(answer, "passed_on"), "nobody");
	fputc('\n', cli->out);
}

static void print_went(struct told_cli *cli, const json_t *went)
{
	size_t i = 0;
	json_t *line = NULL;
	json_array_foreach(went, i, line)
	{
		fprintf(cli->out, "  %s, %s: ", told_party_words(cli, told_text_of(line, "party")),
			told_text_of(line, "client"));
		told_print_categories(cli->out, json_object_get(line, "categories"));
		print_opened(cli, json_object_get(line, "opened"));
		print_answer(cli, line);
	}
}

static void print_stops(struct told_cli *cli, const json_t *stops)
{
	size_t i = 0;
	json_t *stop = NULL;
	json_array_foreach(stops, i, stop)
	{
		if (json_object_get(stop, "run") != NULL)
			fprintf(cli->out, "To do now, %s: %s\n", told_text_of(stop, "who"), told_text_of(stop, "run"));
		else
			fprintf(cli->out, "Stopped: nothing more about %s goes.\n", told_text_of(stop, "client"));
	}
}

static void print_sheet(struct told_cli *cli, const json_t *sheet)
{
	static const char *const lines[][2] = {{"nature", "Nature"},
					       {"contact", "Contact"},
					       {"consequences", "Likely consequences"},
					       {"measures", "Measures"}};
	fprintf(cli->out, "Kind: %s. About %zu %s, %zu record%s: ", told_text_of(sheet, "kind"),
		number(sheet, "persons"), told_many(number(sheet, "persons"), "person", "people"),
		number(sheet, "records"), told_many(number(sheet, "records"), "", "s"));
	told_print_categories(cli->out, json_object_get(sheet, "categories"));
	fputc('\n', cli->out);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		fprintf(cli->out, "%s: %s\n", lines[i][1],
			json_object_get(sheet, lines[i][0]) != NULL ? told_text_of(sheet, lines[i][0])
								    : "to be written (told incident note)");
}

/* Red where the 72 hours are over and nobody was told. */
static void print_clock(struct told_cli *cli, const json_t *incident)
{
	char due[40];
	bool over = json_is_true(json_object_get(incident, "over"));
	told_time_words(json_object_get(incident, "due_ms"), due);
	fprintf(cli->out, "%s  %s  %s\n", told_text_of(incident, "incident"), told_text_of(incident, "state"),
		told_text_of(incident, "kind"));
	fprintf(cli->out, "  %s%s %s.%s %zu of %zu recall%s answered.\n", over && cli->colour ? "\x1b[31m" : "",
		over ? "72 hours are OVER since" : "72 hours end", due, over && cli->colour ? "\x1b[0m" : "",
		number(incident, "answered"), number(incident, "recalls"),
		told_many(number(incident, "recalls"), "", "s"));
}

void told_show_incident(struct told_cli *cli, const json_t *reply)
{
	const json_t *incident = json_object_get(reply, "incident"), *sheet = json_object_get(reply, "sheet");
	if (json_is_object(incident))
		print_clock(cli, incident);
	else if (json_is_string(incident))
		fprintf(cli->out, "Incident %s\n", json_string_value(incident));
	print_stops(cli, json_object_get(reply, "stops"));
	if (sheet != NULL)
		print_sheet(cli, sheet);
	print_went(cli, json_object_get(reply, "went"));
}

void told_show_incidents(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *one = NULL, *ours = json_object_get(reply, "incidents"), *asked = json_object_get(reply, "asked");
	json_array_foreach(ours, i, one) print_clock(cli, one);
	json_array_foreach(asked, i, one)
	{
		fprintf(cli->out, "%s calls back %zu message%s about %s (%s)",
			told_party_words(cli, told_text_of(one, "from")),
			json_array_size(json_object_get(one, "messages")),
			told_many(json_array_size(json_object_get(one, "messages")), "", "s"),
			told_text_of(one, "client"), told_text_of(one, "kind"));
		print_opened(cli, json_object_get(one, "opened"));
		print_answer(cli, one);
		if (json_object_get(one, "answer") == NULL)
			fprintf(cli->out, "  Answer it: told incident answer %s --deleted\n",
				told_text_of(one, "recall"));
	}
	if (json_array_size(ours) + json_array_size(asked) == 0)
		fputs("There is none.\n", cli->out);
}
