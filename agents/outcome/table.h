/* SPDX-License-Identifier: Apache-2.0 */
/* A table of counts of people, made fit to be given away (practice.md section 8): small numbers and their complements
 * are hidden, and every other number is rounded, so that nothing hidden can be worked out from totals, from another
 * table about the same people, or from what is known of how small a hidden number is. Pure. */
#ifndef TOLD_OUTCOME_TABLE_H
#define TOLD_OUTCOME_TABLE_H

#include "told/bytes.h"

#include <jansson.h>

#define TOLD_TABLE_ROWS_MAX    40u /* needs of a profile, reasons of the list */
#define TOLD_TABLE_COLUMNS_OUT 4u
#define TOLD_TABLE_NAME_MAX    64u

/* Fewer people than this could be recognised by who knows one of them; official statistics on health hide below five
 * and round to five, and an agreement may ask for more, never for less. */
#define TOLD_SMALLEST_DEFAULT 5u
#define TOLD_SMALLEST_MAX     100u
#define TOLD_ROUND_TO         5u

struct told_counts {
	const char *name, *unit; /* "needs", "people" */
	unsigned people;         /* tables with the same number count the same people; 0: nobody else's */
	bool overlap;            /* rows may count the same person: nothing is added up over them */
	const char *columns[TOLD_TABLE_COLUMNS_OUT];
	size_t column_count;
	char rows[TOLD_TABLE_ROWS_MAX][TOLD_TABLE_NAME_MAX + 1];
	size_t row_count;
	uint32_t cells[TOLD_TABLE_ROWS_MAX][TOLD_TABLE_COLUMNS_OUT];
};

/* Adds one to the cell of a row, which is made when it is new. E_LIMIT: too many rows, or the name is too long. */
TOLD_MUST_USE enum told_status told_counts_add(struct told_counts *counts, const char *row, size_t column);

/* What of a table is hidden: cells, and totals of rows, columns and all. */
struct told_hidden {
	bool cells[TOLD_TABLE_ROWS_MAX][TOLD_TABLE_COLUMNS_OUT];
	bool rows[TOLD_TABLE_ROWS_MAX], columns[TOLD_TABLE_COLUMNS_OUT], all;
};
/* Hides what is above 0 and below smallest, and each total that it is a part of: with that, what is left of the total
 * would be its complement. */
void told_counts_hide(const struct told_counts *counts, unsigned smallest, struct told_hidden *out);

/* A number as it is given away: to the nearest five; 0 stays 0. */
uint32_t told_counts_round(uint32_t count);

/* Tables together, as a list: of those about the same people only the first is given where any of them hides anything,
 * because what one hides another could tell; in place of the others stands {"table", "left_out": why}. The caller's. */
json_t *told_counts_report(const struct told_counts *const *tables, size_t count, unsigned smallest);

/* {"table", "unit", "columns", "rows": [{"row", "cells": [number or null], "total"}], "totals": [..], "total"}; null is
 * hidden; without totals and total where rows overlap. The caller's; NULL without memory. */
json_t *told_counts_json(const struct told_counts *counts, unsigned smallest);

#endif
