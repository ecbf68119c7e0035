/* SPDX-License-Identifier: Apache-2.0 */
/* A table of a report, written down once and shown as text, CSV, JSON or HTML: so the same numbers stand in all four.
 * Cells are text of others: each form escapes them for where they go. */
#ifndef TOLD_AUDIT_REPORT_SHEET_H
#define TOLD_AUDIT_REPORT_SHEET_H

#include "evidence/audit/base/audit.h"
#include "told/bytes.h"

#include <stdio.h>

#define TOLD_SHEET_COLUMNS_MAX 20u

struct told_sheet_column {
	const char *key;  /* of JSON and CSV */
	const char *head; /* of text and HTML */
	bool number;      /* cells are decimal numbers, or empty */
};

struct told_sheet {
	const struct told_sheet_column *columns;
	size_t width;
	struct told_buf text; /* cells, one behind the other */
	size_t *ends;         /* where each ends in text */
	size_t cells, room;
	enum told_status status; /* sticky: TOLD_E_LIMIT, TOLD_E_MEMORY */
};

void told_sheet_init(struct told_sheet *sheet, const struct told_sheet_column *columns, size_t width);
void told_sheet_free(struct told_sheet *sheet);

/* Cells go in from left to right, row by row. */
void told_sheet_put(struct told_sheet *sheet, struct told_bytes cell);
void told_sheet_text(struct told_sheet *sheet, const char *cell);
void told_sheet_number(struct told_sheet *sheet, uint64_t number);
/* An RFC 3339 time, or nothing for 0. */
void told_sheet_time(struct told_sheet *sheet, uint64_t ms);
/* Bytes in hexadecimal. */
void told_sheet_hex(struct told_sheet *sheet, struct told_bytes bytes);

/* The last row becomes the first. */
void told_sheet_reverse(struct told_sheet *sheet);
/* The rows of another table with these columns, behind ours; gives the status. */
TOLD_MUST_USE enum told_status told_sheet_append(struct told_sheet *sheet, const struct told_sheet *more);

size_t told_sheet_rows(const struct told_sheet *sheet);
struct told_bytes told_sheet_cell(const struct told_sheet *sheet, size_t row, size_t column);

/* Whole tables. Text fits the terminal, where there is one; JSON is the array of rows, each an object; HTML is a
 * <table> with its caption. */
void told_sheet_print(const struct told_sheet *sheet, const struct told_audit_io *io);
void told_sheet_csv(const struct told_sheet *sheet, FILE *out);
void told_sheet_json(const struct told_sheet *sheet, FILE *out);
void told_sheet_html(const struct told_sheet *sheet, const char *caption, FILE *out);

/* Text of others as HTML or XML text, or within an attribute's quotes. */
void told_print_html(FILE *to, struct told_bytes text);

#endif
