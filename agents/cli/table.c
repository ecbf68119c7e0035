/* SPDX-License-Identifier: Apache-2.0 */
/* Tables for people: the first row is the heading, columns are as wide as they must be. */
#include "agents/cli/show.h"

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

/* Characters, not bytes. */
static size_t width_of(struct told_bytes cell)
{
	size_t width = 0;
	for (size_t i = 0; i < cell.len; i++)
		width += (cell.data[i] & 0xc0) != 0x80;
	return width;
}

static struct told_bytes next_cell(struct told_bytes *rest)
{
	const uint8_t *end = memchr(rest->data, CELL[0], rest->len);
	struct told_bytes cell = told_bytes(rest->data, (size_t)(end - rest->data));
	*rest = told_bytes(end + 1, rest->len - cell.len - 1);
	return cell;
}

static struct told_bytes next_row(struct told_bytes *rest)
{
	const uint8_t *end = memchr(rest->data, ROW[0], rest->len);
	struct told_bytes row = told_bytes(rest->data, (size_t)(end - rest->data));
	*rest = told_bytes(end + 1, rest->len - row.len - 1);
	return row;
}

static void print_row(FILE *out, struct told_bytes row, const size_t *widths)
{
	struct told_bytes cells[TOLD_TABLE_COLUMNS_MAX];
	size_t last = 0;
	for (size_t i = 0; i < TOLD_TABLE_COLUMNS_MAX; i++) {
		cells[i] = next_cell(&row);
		last = cells[i].len > 0 ? i : last;
	}
	for (size_t i = 0; i <= last; i++) {
		size_t pad = i < last ? widths[i] - width_of(cells[i]) + 2 : 0;
		fprintf(out, "%.*s%*s", (int)cells[i].len, cells[i].data, (int)pad, "");
	}
	fputc('\n', out);
}

void told_table_print(struct told_cli *cli, const struct told_buf *rows, const char *empty)
{
	size_t widths[TOLD_TABLE_COLUMNS_MAX] = {0}, count = 0;
	struct told_bytes rest = told_buf_view(rows);
	if (rows->status != TOLD_OK)
		fputs("The list is too long to show whole; use --json.\n", cli->err);
	for (; rest.len > 0 && memchr(rest.data, ROW[0], rest.len) != NULL; count++) {
		struct told_bytes row = next_row(&rest);
		for (size_t i = 0; i < TOLD_TABLE_COLUMNS_MAX; i++) {
			size_t width = width_of(next_cell(&row));
			widths[i] = width > widths[i] ? width : widths[i];
		}
	}
	if (count < 2) {
		fprintf(cli->out, "%s\n", empty);
		return;
	}
	rest = told_buf_view(rows);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 && cli->colour)
			fputs("\x1b[1m", cli->out);
		print_row(cli->out, next_row(&rest), widths);
		if (i == 0 && cli->colour)
			fputs("\x1b[0m", cli->out);
	}
}
