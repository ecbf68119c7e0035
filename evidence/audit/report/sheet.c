/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of cells in one buffer, and the four forms that they are shown in. */
#include "evidence/audit/report/sheet.h"

#include "evidence/audit/base/words.h"
#include "proto/page/page.h"
#include "told/limits.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

void told_sheet_init(struct told_sheet *sheet, const struct told_sheet_column *columns, size_t width)
{
	assert(width > 0 && width <= TOLD_SHEET_COLUMNS_MAX);
	*sheet = (struct told_sheet){.columns = columns, .width = width, .text = TOLD_BUF(TOLD_AUDIT_SHEET_MAX_BYTES)};
}

void told_sheet_free(struct told_sheet *sheet)
{
	told_buf_free(&sheet->text);
	free(sheet->ends);
	sheet->ends = NULL;
	sheet->cells = sheet->room = 0;
}

static bool make_room(struct told_sheet *sheet)
{
	if (sheet->cells < sheet->room)
		return true;
	size_t room = sheet->room == 0 ? 64 * sheet->width : 2 * sheet->room;
	size_t *ends = realloc(sheet->ends, room * sizeof *ends);
	if (ends == NULL)
		return false;
	sheet->ends = ends;
	sheet->room = room;
	return true;
}

void told_sheet_put(struct told_sheet *sheet, struct told_bytes cell)
{
	if (sheet->status != TOLD_OK)
		return;
	told_buf_put_bytes(&sheet->text, cell);
	sheet->status = make_room(sheet) ? sheet->text.status : TOLD_E_MEMORY;
	if (sheet->status == TOLD_OK)
		sheet->ends[sheet->cells++] = sheet->text.len;
}

void told_sheet_text(struct told_sheet *sheet, const char *cell)
{
	told_sheet_put(sheet, told_text(cell));
}

void told_sheet_number(struct told_sheet *sheet, uint64_t number)
{
	char text[24];
	snprintf(text, sizeof text, "%" PRIu64, number);
	told_sheet_text(sheet, text);
}

void told_sheet_time(struct told_sheet *sheet, uint64_t ms)
{
	char text[TOLD_TIME_BYTES] = "";
	if (ms != 0)
		told_time_format(ms, text);
	told_sheet_text(sheet, text);
}

void told_sheet_hex(struct told_sheet *sheet, struct told_bytes bytes)
{
	char text[2 * TOLD_HASH_BYTES + 1] = "";
	if (bytes.len <= TOLD_HASH_BYTES)
		told_hex(bytes.data, bytes.len, text);
	told_sheet_text(sheet, text);
}

size_t told_sheet_rows(const struct told_sheet *sheet)
{
	return sheet->cells / sheet->width;
}

struct told_bytes told_sheet_cell(const struct told_sheet *sheet, size_t row, size_t column)
{
	size_t at = row * sheet->width + column;
	assert(column < sheet->width && at < sheet->cells);
	size_t from = at == 0 ? 0 : sheet->ends[at - 1];
	return told_bytes(sheet->text.data + from, sheet->ends[at] - from);
}

static void put_row(struct told_sheet *sheet, const struct told_sheet *from, size_t row)
{
	for (size_t c = 0; c < sheet->width; c++)
		told_sheet_put(sheet, told_sheet_cell(from, row, c));
}

void told_sheet_reverse(struct told_sheet *sheet)
{
	struct told_sheet turned;
	told_sheet_init(&turned, sheet->columns, sheet->width);
	turned.status = sheet->status;
	for (size_t r = told_sheet_rows(sheet); r-- > 0;)
		put_row(&turned, sheet, r);
	told_sheet_free(sheet);
	*sheet = turned;
}

enum told_status told_sheet_append(struct told_sheet *sheet, const struct told_sheet *more)
{
	assert(sheet->width == more->width);
	for (size_t r = 0; r < told_sheet_rows(more); r++)
		put_row(sheet, more, r);
	return sheet->status;
}

/* ---- as text ---- */

/* The heading, and then the rows. */
static struct told_bytes *cells_of(const struct told_sheet *sheet)
{
	size_t rows = told_sheet_rows(sheet), at = 0;
	struct told_bytes *cells = calloc((rows + 1) * sheet->width, sizeof *cells);
	for (size_t c = 0; cells != NULL && c < sheet->width; c++)
		cells[at++] = told_text(sheet->columns[c].head);
	for (size_t r = 0; cells != NULL && r < rows; r++)
		for (size_t c = 0; c < sheet->width; c++)
			cells[at++] = told_sheet_cell(sheet, r, c);
	return cells;
}

void told_sheet_print(const struct told_sheet *sheet, const struct told_audit_io *io)
{
	struct told_bytes *cells = cells_of(sheet);
	struct told_grid grid = {
		.cells = cells, .columns = sheet->width, .rows = told_sheet_rows(sheet) + 1, .print = told_print_plain};
	for (size_t c = 0; c < sheet->width; c++)
		grid.right |= sheet->columns[c].number ? 1u << c : 0;
	if (cells != NULL)
		told_grid_print(&grid, io->out, io->columns);
	else
		fputs("There is no memory left to show the table; --csv needs less.\n", io->err);
	free(cells);
}

/* ---- as CSV (RFC 4180) ---- */

/* A cell that a spreadsheet would take for a formula gets a quote in front, so that it stays text. */
static bool is_formula(struct told_bytes text)
{
	return text.len > 0 && (text.data[0] == '=' || text.data[0] == '+' || text.data[0] == '-' ||
				text.data[0] == '@' || text.data[0] == '\t' || text.data[0] == '\r');
}

static void csv_cell(struct told_bytes text, FILE *out)
{
	fputc('"', out);
	if (is_formula(text))
		fputc('\'', out);
	for (size_t i = 0, from = 0; i <= text.len; i++) {
		if (i < text.len && text.data[i] != '"')
			continue;
		told_print_plain(out, told_bytes(text.data + from, i - from));
		fputs(i < text.len ? "\"\"" : "\"", out);
		from = i + 1;
	}
}

void told_sheet_csv(const struct told_sheet *sheet, FILE *out)
{
	for (size_t c = 0; c < sheet->width; c++)
		fprintf(out, "%s%s", sheet->columns[c].key, c + 1 < sheet->width ? "," : "\r\n");
	for (size_t r = 0; r < told_sheet_rows(sheet); r++)
		for (size_t c = 0; c < sheet->width; c++) {
			struct told_bytes cell = told_sheet_cell(sheet, r, c);
			if (sheet->columns[c].number)
				told_print_plain(out, cell);
			else
				csv_cell(cell, out);
			fputs(c + 1 < sheet->width ? "," : "\r\n", out);
		}
}

/* ---- as JSON ---- */

void told_sheet_json(const struct told_sheet *sheet, FILE *out)
{
	fputc('[', out);
	for (size_t r = 0; r < told_sheet_rows(sheet); r++)
		for (size_t c = 0; c < sheet->width; c++) {
			struct told_bytes cell = told_sheet_cell(sheet, r, c);
			fprintf(out, "%s\"%s\":", c > 0 ? "," : r > 0 ? ",\n{" : "{", sheet->columns[c].key);
			if (!sheet->columns[c].number)
				told_print_json(out, cell);
			else if (cell.len > 0)
				told_print_plain(out, cell);
			else
				fputs("null", out);
			if (c + 1 == sheet->width)
				fputc('}', out);
		}
	fputc(']', out);
}

/* ---- as HTML ---- */

static const char *entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void told_print_html(FILE *to, struct told_bytes text)
{
	size_t from = 0;
	for (size_t i = 0; i < text.len; i++) {
		const char *instead = entity((char)text.data[i]);
		if (instead == NULL)
			continue;
		told_print_plain(to, told_bytes(text.data + from, i - from));
		fputs(instead, to);
		from = i + 1;
	}
	if (from < text.len)
		told_print_plain(to, told_bytes(text.data + from, text.len - from));
}

void told_sheet_html(const struct told_sheet *sheet, const char *caption, FILE *out)
{
	fputs("<table>\n<caption>", out);
	told_print_html(out, told_text(caption));
	fputs("</caption>\n<thead><tr>", out);
	for (size_t c = 0; c < sheet->width; c++)
		fprintf(out, "<th scope=\"col\"%s>%s</th>", sheet->columns[c].number ? " class=\"n\"" : "",
			sheet->columns[c].head);
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t r = 0; r < told_sheet_rows(sheet); r++) {
		fputs("<tr>", out);
		for (size_t c = 0; c < sheet->width; c++) {
			fputs(sheet->columns[c].number ? "<td class=\"n\">" : "<td>", out);
			told_print_html(out, told_sheet_cell(sheet, r, c));
			fputs("</td>", out);
		}
		fputs("</tr>\n", out);
	}
	fputs("</tbody>\n</table>\n", out);
}
