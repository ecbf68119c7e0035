/* SPDX-License-Identifier: Apache-2.0 */
/* Needs, and the tables of outcomes: what is hidden is a star, and what the stars mean stands below. */
#include "agents/cli/show.h"

#include <string.h>

#define TABLE_MAX_BYTES 65536u
#define CELLS           6u

static void print_rating(FILE *out, const char *lead, const json_t *rating)
{
	static const char *const whose[][2] = {{"person", "they say"}, {"worker", "we see"}};
	if (rating == NULL)
		return;
	fputs(lead, out);
	for (size_t i = 0; i < 2; i++) {
		int n = (int)json_integer_value(json_object_get(rating, whose[i][0]));
		if (n > 0)
			fprintf(out, " %s %d", whose[i][1], n);
	}
}

static void print_need(struct told_cli *cli, const json_t *need)
{
	fprintf(cli->out, "%-20s", told_text_of(need, "need"));
	print_rating(cli->out, " at first", json_object_get(need, "first"));
	print_rating(cli->out, "; last", json_object_get(need, "last"));
	fputc('\n', cli->out);
}

void told_show_need(struct told_cli *cli, const json_t *reply)
{
	print_need(cli, json_object_get(reply, "need"));
	fprintf(cli->out, "%s\n", told_text_of(reply, "change"));
}

void told_show_needs(struct told_cli *cli, const json_t *reply)
{
	const json_t *needs = json_object_get(reply, "needs");
	size_t i = 0;
	json_t *need = NULL;
	json_array_foreach(needs, i, need) print_need(cli, need);
	if (json_array_size(needs) == 0)
		fputs("There is none.\n", cli->out);
}

/* ---- outcomes ---- */

static void put_cell(char out[24], const json_t *number)
{
	if (json_is_integer(number))
		snprintf(out, 24, "%lld", (long long)json_integer_value(number));
	else
		snprintf(out, 24, "*");
}

static void put_row(struct told_buf *rows, const char *name, const json_t *cells, const json_t *total)
{
	char numbers[CELLS][24];
	const char *texts[CELLS + 1] = {name};
	size_t count = json_array_size(cells) < CELLS - 1 ? json_array_size(cells) : CELLS - 1;
	for (size_t i = 0; i < count; i++) {
		put_cell(numbers[i], json_array_get(cells, i));
		texts[1 + i] = numbers[i];
	}
	put_cell(numbers[count], total);
	texts[1 + count] = numbers[count];
	told_table_row(rows, texts, 2 + (count == 1 ? 0 : count));
}

static void print_table(struct told_cli *cli, const json_t *table)
{
	struct told_buf rows = TOLD_BUF(TABLE_MAX_BYTES);
	const json_t *columns = json_object_get(table, "columns");
	const char *head[CELLS + 1] = {told_text_of(table, "unit")};
	size_t i = 0, count = json_array_size(columns) < CELLS - 1 ? json_array_size(columns) : CELLS - 1;
	json_t *row = NULL;
	fprintf(cli->out, "\n%s\n", told_text_of(table, "table"));
	if (told_text_of(table, "left_out")[0] != '\0') {
		fprintf(cli->out, "  left out: %s\n", told_text_of(table, "left_out"));
		return;
	}
	for (size_t k = 0; k < count; k++)
		head[1 + k] = json_string_value(json_array_get(columns, k));
	head[1 + count] = "all";
	told_table_row(&rows, head, 2 + (count == 1 ? 0 : count));
	json_array_foreach(json_object_get(table, "rows"), i, row)
		put_row(&rows, told_text_of(row, "row"), json_object_get(row, "cells"), json_object_get(row, "total"));
	if (i > 1 && json_object_get(table, "totals") != NULL)
		put_row(&rows, "all", json_object_get(table, "totals"), json_object_get(table, "total"));
	told_table_print(cli, &rows, "  nobody");
	told_buf_free(&rows);
}

void told_show_outcomes(struct told_cli *cli, const json_t *reply)
{
	size_t i = 0;
	json_t *table = NULL;
	fprintf(cli->out, "%s to %s\n", told_text_of(reply, "from"), told_text_of(reply, "to"));
	json_array_foreach(json_object_get(reply, "tables"), i, table) print_table(cli, table);
	fprintf(cli->out,
		"\n* fewer than %lld, or a total that would give one away. Every number is rounded to the nearest "
		"%lld.\n",
		(long long)json_integer_value(json_object_get(reply, "smallest")),
		(long long)json_integer_value(json_object_get(reply, "rounded_to")));
}
