/* SPDX-License-Identifier: Apache-2.0 */
/* The sheet of flows, added up between two parties each, and as a graph. Reads nothing but the sheet's own cells, so
 * that picture and table cannot differ. */
#include "evidence/audit/report/flows.h"

#include "evidence/audit/base/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int compare(struct told_bytes a, struct told_bytes b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len > 0 ? memcmp(a.data, b.data, len) : 0;
	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_names(const void *a, const void *b)
{
	const struct told_flow_pair *x = a, *y = b;
	int order = compare(x->from, y->from);
	return order != 0 ? order : compare(x->to, y->to);
}

/* One item a row that was sent, then equals joined. */
static void join(struct told_flow_pairs *pairs)
{
	size_t kept = 0;
	qsort(pairs->items, pairs->count, sizeof *pairs->items, by_names);
	for (size_t i = 0; i < pairs->count; i++) {
		struct told_flow_pair *last = kept > 0 ? &pairs->items[kept - 1] : NULL;
		if (last != NULL && by_names(last, &pairs->items[i]) == 0) {
			last->sent += pairs->items[i].sent;
			last->differing += pairs->items[i].differing;
		} else {
			pairs->items[kept++] = pairs->items[i];
		}
	}
	pairs->count = kept;
}

static bool differs(struct told_bytes standing)
{
	for (unsigned i = 0; i < TOLD_STANDING_COUNT; i++)
		if (told_standing_differs(i) && told_bytes_equal(standing, told_text(told_standing_words(i))))
			return true;
	return false;
}

enum told_status told_flow_pairs_of(const struct told_flows *flows, struct told_flow_pairs *out)
{
	const struct told_sheet *sheet = &flows->sheet;
	size_t rows = told_sheet_rows(sheet);
	*out = (struct told_flow_pairs){.items = calloc(rows + 1, sizeof *out->items)};
	if (out->items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < rows; i++) {
		struct told_flow_pair *pair = &out->items[out->count];
		pair->from = told_sheet_cell(sheet, i, TOLD_FLOW_FROM);
		pair->to = told_sheet_cell(sheet, i, TOLD_FLOW_TO);
		if (told_decimal(told_sheet_cell(sheet, i, TOLD_FLOW_SENT), UINT64_MAX, &pair->sent) != TOLD_OK)
			return TOLD_E_INTERNAL;
		pair->differing = differs(told_sheet_cell(sheet, i, TOLD_FLOW_STANDING)) ? pair->sent : 0;
		out->count += pair->sent > 0;
	}
	join(out);
	return TOLD_OK;
}

/* ---- Graphviz ---- */

static void dot_name(struct told_bytes name, FILE *out)
{
	told_print_json(out, name); /* a DOT string is quoted like one of JSON */
}

void told_flows_dot(const struct told_flow_pairs *pairs, FILE *out)
{
	fputs("digraph flows {\n\trankdir=LR;\n\tnode [shape=box];\n", out);
	for (size_t i = 0; i < pairs->count; i++) {
		const struct told_flow_pair *pair = &pairs->items[i];
		fputc('\t', out);
		dot_name(pair->from, out);
		fputs(" -> ", out);
		dot_name(pair->to, out);
		fprintf(out, " [label=\"%" PRIu64 "\"", pair->sent);
		if (pair->differing > 0)
			fprintf(out, ", color=\"#b00020\", style=bold, tooltip=\"%" PRIu64 " not declared\"",
				pair->differing);
		fputs("];\n", out);
	}
	fputs("}\n", out);
}
