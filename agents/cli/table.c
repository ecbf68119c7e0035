/* SPDX-License-Identifier: Apache-2.0 */
/* Tables for people: the first row is the heading, columns are as wide as they must be. */
#include "agents/cli/show.h"

#include "proto/page/page.h"

#include <stdlib.h>
#include <string.h>

#define CELL "\x1f"
#define ROW  "\x1e"

/* Cells are kept with separators that no cell holds: controls are shown as '?'. */
static void put_cell(struct told_buf *rows, const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		told_buf_put(rows, (unsigned char)*c < 0x20 || *c == 0x7f ? "?" : c, 1);
}

void told_table_row(struct told_buf *rows, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < TOLD_TABLE_COLUMNS_MAX; i++) {
		put_cell(rows, i < count && cells[i] != NULL ? cells[i] : "");
		told_buf_put_text(rows, CELL);
	}
	told_buf_put_text(rows, ROW);
}

static struct told_bytes next_cell(struct told_bytes *rest)
{
	const uint8_t *end = memchr(rest->data, CELL[0], rest->len);
	struct told_bytes cell = told_bytes(rest->data, (size_t)(end - rest->data));
	*rest = told_bytes(end + 1, rest->len - cell.len - 1);
	return cell;
}

static size_t rows_of(struct told_bytes text)
{
	size_t rows = 0;
	for (size_t i = 0; i < text.len; i++)
		rows += text.data[i] == ROW[0];
	return rows;
}

static void put_text(FILE *out, struct told_bytes text)
{
	fprintf(out, "%.*s", (int)text.len, text.data);
}

/* As many as have a heading. */
static size_t columns_of(struct told_bytes rest)
{
	size_t columns = 1;
	for (size_t i = 0; i < TOLD_TABLE_COLUMNS_MAX; i++)
		columns = next_cell(&rest).len > 0 ? i + 1 : columns;
	return columns;
}

static struct told_bytes *cells_of(struct told_bytes rest, size_t rows, size_t columns)
{
	struct told_bytes *cells = calloc(rows * columns, sizeof *cells);
	for (size_t row = 0; cells != NULL && row < rows; row++) {
		for (size_t i = 0; i < TOLD_TABLE_COLUMNS_MAX; i++) {
			struct told_bytes cell = next_cell(&rest);
			if (i < columns)
				cells[row * columns + i] = cell;
		}
		rest = told_bytes(rest.data + 1, rest.len - 1);
	}
	return cells;
}

void told_table_print(struct told_cli *cli, const struct told_buf *rows, const char *empty)
{
	size_t count = rows_of(told_buf_view(rows));
	if (rows->status != TOLD_OK)
		fputs("The list is too long to show whole; use --json.\n", cli->err);
	if (count < 2) {
		fprintf(cli->out, "%s\n", empty);
		return;
	}
	size_t columns = columns_of(told_buf_view(rows));
	struct told_bytes *cells = cells_of(told_buf_view(rows), count, columns);
	const struct told_grid grid = {.cells = cells,
				       .columns = columns,
				       .rows = count,
				       .print = put_text,
				       .head_on = cli->colour ? "\x1b[1m" : "",
				       .head_off = cli->colour ? "\x1b[0m" : ""};
	if (cells != NULL)
		told_grid_print(&grid, cli->out, cli->columns);
	free(cells);
}
