/* SPDX-License-Identifier: Apache-2.0 */
/* Counting, hiding, rounding. Why it holds: a total is shown only where all of its parts are, so no hidden cell stands
 * in any equation of its own table; and of another table of the same people each number is known to within two only. */
#include "agents/outcome/table.h"

#include <stdio.h>
#include <string.h>

enum told_status told_counts_add(struct told_counts *counts, const char *row, size_t column)
{
	size_t at = 0;
	while (at < counts->row_count && strcmp(counts->rows[at], row) != 0)
		at++;
	if (at == TOLD_TABLE_ROWS_MAX || strlen(row) > TOLD_TABLE_NAME_MAX || column >= counts->column_count)
		return TOLD_E_LIMIT;
	if (at == counts->row_count)
		snprintf(counts->rows[counts->row_count++], sizeof counts->rows[0], "%s", row);
	counts->cells[at][column]++;
	return TOLD_OK;
}

static bool is_small(uint32_t count, unsigned smallest)
{
	return count > 0 && count < smallest;
}

void told_counts_hide(const struct told_counts *c, unsigned smallest, struct told_hidden *out)
{
	memset(out, 0, sizeof *out);
	for (size_t r = 0; r < c->row_count; r++)
		for (size_t k = 0; k < c->column_count; k++) {
			bool hide = is_small(c->cells[r][k], smallest);
			out->cells[r][k] = hide;
			out->rows[r] |= hide;
			out->columns[k] |= hide;
			out->all |= hide;
		}
}

uint32_t told_counts_round(uint32_t count)
{
	return (count + TOLD_ROUND_TO / 2) / TOLD_ROUND_TO * TOLD_ROUND_TO;
}

static json_t *number(uint32_t count, bool hidden)
{
	return hidden ? json_null() : json_integer(told_counts_round(count));
}

static json_t *row_json(const struct told_counts *c, const struct told_hidden *h, size_t r)
{
	json_t *cells = json_array();
	uint32_t total = 0;
	for (size_t k = 0; k < c->column_count; k++) {
		json_array_append_new(cells, number(c->cells[r][k], h->cells[r][k]));
		total += c->cells[r][k];
	}
	return json_pack("{s:s, s:o, s:o}", "row", c->rows[r], "cells", cells, "total", number(total, h->rows[r]));
}

json_t *told_counts_json(const struct told_counts *c, unsigned smallest)
{
	struct told_hidden h;
	uint32_t all = 0;
	json_t *columns = json_array(), *rows = json_array(), *totals = json_array();
	told_counts_hide(c, smallest, &h);
	for (size_t r = 0; r < c->row_count; r++)
		json_array_append_new(rows, row_json(c, &h, r));
	for (size_t k = 0; k < c->column_count; k++) {
		uint32_t total = 0;
		for (size_t r = 0; r < c->row_count; r++)
			total += c->cells[r][k];
		all += total;
		json_array_append_new(columns, json_string(c->columns[k]));
		json_array_append_new(totals, number(total, h.columns[k]));
	}
	json_t *json = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "table", c->name, "unit", c->unit, "columns",
				 columns, "rows", rows, "totals", totals, "total", number(all, h.all));
	for (size_t i = 0; c->overlap && i < 2; i++)
		json_object_del(json, i == 0 ? "totals" : "total");
	return json;
}

static bool hides(const struct told_counts *c, unsigned smallest)
{
	struct told_hidden h;
	told_counts_hide(c, smallest, &h);
	return h.all;
}

/* Whether a table comes before this one about the same people, and any of them hides anything. */
static bool is_left_out(const struct told_counts *const *tables, size_t count, size_t at, unsigned smallest)
{
	bool first = true, any = false;
	for (size_t i = 0; i < count; i++) {
		if (tables[i]->people == 0 || tables[i]->people != tables[at]->people)
			continue;
		first &= i >= at;
		any |= hides(tables[i], smallest);
	}
	return any && !first;
}

json_t *told_counts_report(const struct told_counts *const *tables, size_t count, unsigned smallest)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *one =
			is_left_out(tables, count, i, smallest)
				? json_pack("{s:s, s:s}", "table", tables[i]->name, "left_out",
					    "it counts the same people as a table above, and together they could tell "
					    "what is hidden; a longer time may show it")
				: told_counts_json(tables[i], smallest);
		json_array_append_new(list, one);
	}
	return list;
}
