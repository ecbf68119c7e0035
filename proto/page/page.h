/* SPDX-License-Identifier: Apache-2.0 */
/* Text as a person meets it on a terminal: how wide it is, lines folded, tables that fit, one of a thing and many. */
#ifndef TOLD_PAGE_H
#define TOLD_PAGE_H

#include "told/bytes.h"

#include <stdio.h>

/* Where nothing says how wide the page is. */
#define TOLD_PAGE_COLUMNS 80u

/* How wide the terminal behind a stream is; 0: it is none, and nothing is folded for who reads a file or a pipe. */
unsigned told_page_columns(FILE *out);

/* Columns that a text takes as it is printed: its characters, or each byte of what is not UTF-8. */
size_t told_page_width(struct told_bytes text);

/* "1 sender", "2 senders". */
const char *told_many(uint64_t count, const char *one, const char *many);

/* One line without its end, folded at spaces under its own indent, or under what stands behind its label. A command
 * (told ..., $ ...) is folded as a shell takes it, at spaces outside quotes with a backslash. A word that is too long
 * stands as it is. columns 0: whole. */
void told_fold(FILE *out, struct told_bytes line, unsigned columns);

/* A stream that folds each of its lines on the way to another; the caller closes it, which ends the last line.
 * NULL when there is no memory. */
FILE *told_fold_open(FILE *to, unsigned columns);

/* A table, its heading the first row: cells from left to right. */
struct told_grid {
	const struct told_bytes *cells;
	size_t columns, rows;
	uint32_t right; /* bit n: column n stands to the right */
	void (*print)(FILE *out, struct told_bytes cell);
	const char *head_on, *head_off; /* colour around the heading; may be NULL */
};

#define TOLD_GRID_COLUMNS_MAX 20u

/* Columns as wide as they must be. What is wider than `columns` (0: nothing is) has its cells folded, and where not
 * even that fits, each row is told in a few lines: "HEAD cell  HEAD cell". */
void told_grid_print(const struct told_grid *grid, FILE *out, unsigned columns);

#endif
