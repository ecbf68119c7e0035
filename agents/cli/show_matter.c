/* SPDX-License-Identifier: Apache-2.0 */
/* What a person says is wrong, and what they complain of: whose turn it is, until when. */
#include "agents/cli/show.h"

#include <string.h>

static void print_clock(struct told_cli *cli, const json_t *matter, const char *done, const char *by)
{
	char when[40];
	bool open = json_object_get(matter, done) == NULL, late = json_is_true(json_object_get(matter, "overdue"));
	told_date_words(json_object_get(matter, open ? "due_ms" : done), when);
	fprintf(cli->out, "%s%s %s.%s ", late && cli->colour ? "\x1b[31m" : "",
		!open  ? by
		: late ? "OVERDUE since"
		       : "Due by",
		when, late && cli->colour ? "\x1b[0m" : "");
}

static void print_matter(struct told_cli *cli, const json_t *matter, const char *done, const char *by)
{
	char when[40];
	told_date_words(json_object_get(matter, "time_ms"), when);
	fprintf(cli->out, "%s  %s  %s  ", told_text_of(matter, "id"), told_text_of(matter, "client"), when);
	print_clock(cli, matter, done, by);
	if (json_array_size(json_object_get(matter, "categories")) > 0) {
		told_print_categories(cli->out, json_object_get(matter, "categories"));
		fputs(": ", cli->out);
	}
	fprintf(cli->out, "\"%s\"", told_text_of(matter, "words"));
	if (told_text_of(matter, "outcome")[0] != '\0')
		fprintf(cli->out, " Outcome: %s", told_text_of(matter, "outcome"));
	fputc('\n', cli->out);
}

static void print_all(struct told_cli *cli, const json_t *matters, const char *done, const char *by)
{
	for (size_t i = 0; i < json_array_size(matters); i++)
		print_matter(cli, json_array_get(matters, i), done, by);
	if (json_array_size(matters) == 0)
		fputs("There is none.\n", cli->out);
}

void told_show_disagreements(struct told_cli *cli, const json_t *reply)
{
	print_all(cli, json_object_get(reply, "disagreements"), "decided_ms", "Decided");
}

void told_show_complaints(struct told_cli *cli, const json_t *reply)
{
	print_all(cli, json_object_get(reply, "complaints"), "acknowledged_ms", "Acknowledged");
}

void told_show_disagreement(struct told_cli *cli, const json_t *reply)
{
	char due[40];
	told_date_words(json_object_get(reply, "due_ms"), due);
	fprintf(cli->out,
		"Written down as %s. Both views are shown from now on. Until it is decided, by %s, nobody new "
		"gets: ",
		told_text_of(reply, "disagreement"), due);
	told_print_categories(cli->out, json_object_get(reply, "categories"));
	fputs(".\n", cli->out);
}

void told_show_decided(struct told_cli *cli, const json_t *reply)
{
	const json_t *holders = json_object_get(reply, "holders");
	bool corrected = strcmp(told_text_of(reply, "outcome"), "corrected") == 0;
	fputs(corrected ? "Corrected, and open again to whoever may have it.\n"
			: "Kept as it was; their own view stays beside it wherever it is shown.\n",
	      cli->out);
	told_print_holders(cli, holders);
}

void told_show_complaint(struct told_cli *cli, const json_t *reply)
{
	char when[40];
	const json_t *acknowledged = json_object_get(reply, "acknowledged_ms");
	told_date_words(acknowledged != NULL ? acknowledged : json_object_get(reply, "due_ms"), when);
	if (acknowledged == NULL)
		fprintf(cli->out, "Written down as %s. Tell them by %s that you have it: told complaint answer ID.\n",
			told_text_of(reply, "complaint"), when);
	else
		fprintf(cli->out, "Acknowledged on %s%s.\n", when,
			json_is_true(json_object_get(reply, "answered")) ? ", and answered"
									 : "; the answer is still owed");
}
