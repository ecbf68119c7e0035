/* SPDX-License-Identifier: Apache-2.0 */
/* Tables that fit the page: as wide as they must be, folded, or row by row. Writes to the stream that it is given. */
#include "proto/page/page.h"

#include <assert.h>
#include <string.h>

#define GAP     2u
#define FURTHER 4u

static struct told_bytes cell_of(const struct told_grid *grid, size_t row, size_t column)
{
	return grid->cells[row * grid->columns + column];
}

/* ---- widths ---- */

struct widths {
	size_t all[TOLD_GRID_COLUMNS_MAX], least[TOLD_GRID_COLUMNS_MAX];
};

static size_t word_len(struct told_bytes text)
{
	const uint8_t *space = text.len > 0 ? memchr(text.data, ' ', text.len) : NULL;
	return space != NULL ? (size_t)(space - text.data) : text.len;
}

static size_t longest_word(struct told_bytes text)
{
	size_t longest = 0;
	while (text.len > 0) {
		size_t len = word_len(text), width = told_page_width(told_bytes(text.data, len));
		longest = width > longest ? width : longest;
		size_t behind = len + (len < text.len);
		text = told_bytes(text.data + behind, text.len - behind);
	}
	return longest;
}

static void widths_of(const struct told_grid *grid, struct widths *w)
{
	*w = (struct widths){.all = {0}};
	for (size_t i = 0; i < grid->rows * grid->columns; i++) {
		size_t *all = &w->all[i % grid->columns], *least = &w->least[i % grid->columns];
		size_t width = told_page_width(grid->cells[i]), word = longest_word(grid->cells[i]);
		*all = width > *all ? width : *all;
		*least = word > *least ? word : *least;
	}
}

static size_t sum(const size_t *widths, size_t count)
{
	size_t total = GAP * (count - 1);
	for (size_t i = 0; i < count; i++)
		total += widths[i];
	return total;
}

/* Takes from the widest column that words can still be folded in. */
static void narrow(const struct told_grid *grid, struct widths *w, unsigned columns)
{
	while (sum(w->all, grid->columns) > columns) {
		size_t widest = 0;
		for (size_t i = 1; i < grid->columns; i++) {
			bool gives = w->all[i] > w->least[i], first = w->all[widest] == w->least[widest];
			if (gives && (first || w->all[i] > w->all[widest]))
				widest = i;
		}
		w->all[widest]--;
	}
}

/* ---- rows of columns ---- */

/* The words at the front of a cell that fit a width, and what is left of it. */
static struct told_bytes take(struct told_bytes *cell, size_t width)
{
	struct told_bytes all = *cell;
	size_t end = word_len(all);
	if (told_page_width(all) <= width)
		end = all.len;
	while (end < all.len) {
		size_t next = end + 1 + word_len(told_bytes(all.data + end + 1, all.len - end - 1));
		if (told_page_width(told_bytes(all.data, next)) > width)
			break;
		end = next;
	}
	size_t behind = end + (end < all.len);
	*cell = told_bytes(all.data + behind, all.len - behind);
	return told_bytes(all.data, end);
}

static void print_cell(const struct told_grid *grid, size_t column, struct told_bytes text, size_t width, bool last,
		       FILE *out)
{
	size_t have = told_page_width(text);
	int pad = (int)(width > have ? width - have : 0);
	bool right = (grid->right >> column & 1) != 0;
	if (right)
		fprintf(out, "%*s", pad, "");
	grid->print(out, text);
	if (!last)
		fprintf(out, "%*s", (right ? 0 : pad) + (int)GAP, "");
}

static size_t last_of(const struct told_bytes *cells, size_t count)
{
	size_t last = 0;
	for (size_t i = 0; i < count; i++)
		last = cells[i].len > 0 ? i : last;
	return last;
}

static void print_row(const struct told_grid *grid, size_t row, const struct widths *w, FILE *out)
{
	struct told_bytes rest[TOLD_GRID_COLUMNS_MAX];
	memcpy(rest, &grid->cells[row * grid->columns], grid->columns * sizeof *rest);
	size_t last = last_of(rest, grid->columns);
	do {
		for (size_t c = 0; c <= last; c++)
			print_cell(grid, c, take(&rest[c], w->all[c]), w->all[c], c == last, out);
		fputc('\n', out);
		last = last_of(rest, grid->columns);
	} while (rest[last].len > 0);
}

/* ---- rows of words ---- */

/* A cell that no line holds is folded. */
static size_t tell_cell(const struct told_grid *grid, struct told_bytes cell, size_t used, unsigned columns, FILE *out)
{
	struct told_bytes line = take(&cell, used < columns ? columns - used : 0);
	grid->print(out, line);
	used += told_page_width(line);
	while (cell.len > 0) {
		line = take(&cell, columns - FURTHER);
		fprintf(out, "\n%*s", (int)FURTHER, "");
		grid->print(out, line);
		used = FURTHER + told_page_width(line);
	}
	return used;
}

static void tell_row(const struct told_grid *grid, size_t row, unsigned columns, FILE *out)
{
	size_t used = 0;
	for (size_t c = 0; c < grid->columns; c++) {
		struct told_bytes head = cell_of(grid, 0, c), cell = cell_of(grid, row, c);
		size_t before = told_page_width(head) + (head.len > 0);
		if (cell.len == 0)
			continue;
		bool fits = used == 0 || used + GAP + before + told_page_width(cell) <= columns;
		fprintf(out, "%s%*s", fits ? "" : "\n", (int)(used == 0 ? 0 : fits ? GAP : FURTHER), "");
		used = used == 0 ? 0 : fits ? used + GAP : FURTHER;
		grid->print(out, head);
		fputs(head.len > 0 ? " " : "", out);
		used = tell_cell(grid, cell, used + before, columns, out);
	}
	fputc('\n', out);
}

void told_grid_print(const struct told_grid *grid, FILE *out, unsigned columns)
{
	struct widths w;
	assert(grid->columns > 0 && grid->columns <= TOLD_GRID_COLUMNS_MAX);
	widths_of(grid, &w);
	bool told = columns > 0 && sum(w.least, grid->columns) > columns;
	if (columns > 0 && !told)
		narrow(grid, &w, columns);
	for (size_t row = told; row < grid->rows; row++) {
		const char *on = row == 0 ? grid->head_on : NULL;
		fputs(on != NULL ? on : "", out);
		if (told)
			tell_row(grid, row, columns, out);
		else
			print_row(grid, row, &w, out);
		fputs(on != NULL ? grid->head_off : "", out);
	}
}
