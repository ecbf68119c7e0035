/* SPDX-License-Identifier: Apache-2.0 */
/* Case conferences in words: one as its page, the list, and who heard what was said. */
#include "agents/cli/show.h"

#include "agents/conference/page.h"

#include <string.h>

static const char *party_of(void *ctx, const char *id)
{
	return told_party_words(ctx, id);
}

static void print_line(void *ctx, enum told_conference_line kind, const char *text)
{
	static const char *const before[TOLD_CONFERENCE_LINES] = {
		[TOLD_CONFERENCE_HEADING] = "\n",  [TOLD_CONFERENCE_STATEMENT_LINE] = "  ",
		[TOLD_CONFERENCE_ITEM] = "  ",     [TOLD_CONFERENCE_QUOTE] = "  ",
		[TOLD_CONFERENCE_MORE] = "      ",
	};
	const struct told_cli *cli = ctx;
	fprintf(cli->out, "%s%s\n", before[kind] == NULL ? "" : before[kind], text);
}

void told_show_conference(struct told_cli *cli, const json_t *reply)
{
	struct told_conference_page page = {cli, party_of, told_date_words, print_line};
	told_conference_lines(reply, &page);
}

void told_show_conferences(struct told_cli *cli, const json_t *reply)
{
	struct told_buf rows = TOLD_BUF(1u << 20);
	size_t i = 0;
	json_t *one = NULL;
	static const char *const heads[] = {"CONFERENCE", "PERSON", "KIND", "STATE", "CHAIR"};
	const json_t *list = json_object_get(reply, "conferences");
	told_table_row(&rows, heads, 5);
	json_array_foreach(list, i, one)
	{
		const char *cells[] = {told_text_of(one, "conference"), told_text_of(one, "client"),
				       told_text_of(one, "kind"), told_text_of(one, "state"),
				       told_party_words(cli, told_text_of(one, "chair"))};
		told_table_row(&rows, cells, 5);
	}
	if (json_array_size(list) == 0)
		fputs("There is none.\n", cli->out);
	else
		told_table_print(cli, &rows, NULL);
	told_buf_free(&rows);
}

static void print_left_out(struct told_cli *cli, const json_t *told)
{
	size_t i = 0, j = 0;
	json_t *one = NULL, *code = NULL;
	json_array_foreach(told, i, one)
	{
		if (!json_is_true(json_object_get(one, "left_out")))
			continue;
		fprintf(cli->out, "%s was not written to; the conference goes on without their view.\n",
			told_party_words(cli, told_text_of(one, "to")));
		json_array_foreach(json_object_get(one, "codes"), j, code)
		{
			fputs("  ", cli->out);
			told_print_code(cli->out, code);
			fputc('\n', cli->out);
		}
	}
}

void told_show_conference_said(struct told_cli *cli, const json_t *reply)
{
	fprintf(cli->out, "Conference %s\n", told_text_of(reply, "conference"));
	print_left_out(cli, json_object_get(reply, "told"));
	if (json_array_size(json_object_get(reply, "messages")) > 0)
		told_show_sent(cli, reply);
	else
		fputs("Noted.\n", cli->out);
}
