/* SPDX-License-Identifier: Apache-2.0 */
/* Retelling in words: a row a form, then what it comes to, then what had to be asked again and why. */
#include "agents/cli/show.h"

#include "broker/decide/codes.h"
#include <string.h>

#define TABLE_MAX_BYTES 65536u

static void put_number(const json_t *object, const char *member, char out[24])
{
	snprintf(out, 24, "%lld", (long long)json_integer_value(json_object_get(object, member)));
}

static void form_row(struct told_buf *rows, const char *name, const char *party, const json_t *figures)
{
	static const char *const members[] = {"separately", "asked", "confirmed", "always", "prefilled", "asked_again"};
	enum { MEMBERS = sizeof members / sizeof members[0] };
	char numbers[MEMBERS][24];
	const char *cells[2 + MEMBERS] = {name, party};
	for (size_t i = 0; i < MEMBERS; i++) {
		put_number(figures, members[i], numbers[i]);
		cells[2 + i] = numbers[i];
	}
	told_table_row(rows, cells, 2 + MEMBERS);
}

static void print_forms(struct told_cli *cli, const json_t *report)
{
	static const char *const head[] = {"FORM",    "ASKED BY",   "ALONE",     "ASKED",
					   "CONFIRM", "EVERY TIME", "FILLED IN", "ASKED AGAIN"};
	struct told_buf rows = TOLD_BUF(TABLE_MAX_BYTES);
	size_t i = 0;
	json_t *form = NULL;
	told_table_row(&rows, head, sizeof head / sizeof head[0]);
	json_array_foreach(json_object_get(report, "forms"), i, form)
		form_row(&rows, told_text_of(form, "form"), told_text_of(form, "party"), form);
	form_row(&rows, "all", "", json_object_get(report, "total"));
	told_table_print(cli, &rows, "No forms.");
	told_buf_free(&rows);
}

static void print_totals(struct told_cli *cli, const json_t *report)
{
	static const char *const lines[][2] = {
		{"separately", "asked separately, each service on its own"},
		{"asked", "asked with Told Once"},
		{"confirmed", "read back: \"Is this still right?\""},
		{"always", "asked every time, because they must be"},
		{"prefilled", "filled in, not asked"},
		{"asked_twice", "asked twice, of those that are asked once"},
		{"asked_again", "asked again, because the answer was withheld here"},
	};
	const json_t *total = json_object_get(report, "total");
	fputc('\n', cli->out);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		fprintf(cli->out, "%6lld  %s\n", (long long)json_integer_value(json_object_get(total, lines[i][0])),
			lines[i][1]);
	fprintf(cli->out, "%6lld  of those asked: with a close answer to another question beside it\n",
		(long long)json_integer_value(json_object_get(report, "near")));
}

static void print_withheld(struct told_cli *cli, const json_t *report)
{
	size_t i = 0;
	json_t *line = NULL;
	const json_t *withheld = json_object_get(report, "withheld");
	if (json_array_size(withheld) > 0)
		fputs("\nWithheld, and so asked again:\n", cli->out);
	json_array_foreach(withheld, i, line)
	{
		const char *why = told_text_of(line, "why");
		const struct told_code_row *row = told_code_row(told_code_named(told_text(why)));
		fprintf(cli->out, "  %s  %s (%s), told at ", told_text_of(line, "form"), told_text_of(line, "code"),
			told_text_of(line, "category"));
		told_print_list(cli->out, json_object_get(line, "told_at"), "");
		fprintf(cli->out, ": %s %s\n", why, row != NULL ? row->sender : "");
	}
}

void told_show_retelling(struct told_cli *cli, const json_t *report)
{
	bool all = strcmp(told_text_of(report, "sharing"), "everything") == 0;
	print_forms(cli, report);
	print_totals(cli, report);
	print_withheld(cli, report);
	if (all)
		fputs("Counted as if all that was told may pass. Add --agreement and --permissions to see what does.\n",
		      cli->err);
}
