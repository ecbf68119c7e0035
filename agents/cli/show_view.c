/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the broker's log, and flows added up, in words. */
#include "agents/cli/show.h"

#include <stdio.h>

/* Cells of one row; text that is made for it lives here. */
struct row {
	char entry[24], when[40], what[128], why[128];
};

static void write_what(const json_t *entry, char out[128])
{
	const char *type = told_text_of(entry, "type");
	snprintf(out, 128, "%s%s%s", told_text_of(entry, "phase"), type[0] != '\0' ? " " : "", type);
}

/* Purposes of what was sent, codes of what was ruled, and of a look what it was for and, to the operator, how much it
 * gave. */
static void write_why(const json_t *entry, char out[128])
{
	const json_t *looked = json_object_get(entry, "looked"), *codes = json_object_get(entry, "codes");
	const json_t *purposes = json_object_get(entry, "purposes");
	const char *purpose = json_string_value(json_array_get(purposes, 0));
	const char *code = json_string_value(json_array_get(codes, 0));
	const json_t *given = json_object_get(looked, "given");
	if (given != NULL)
		snprintf(out, 128, "for %s, %" JSON_INTEGER_FORMAT " given", told_text_of(looked, "purpose"),
			 json_integer_value(given));
	else if (looked != NULL)
		snprintf(out, 128, "for %s", told_text_of(looked, "purpose"));
	else
		snprintf(out, 128, "%s%s%s", purpose != NULL ? purpose : "",
			 purpose != NULL && code != NULL ? ", " : "", code != NULL ? code : "");
}

static void add_entry(struct told_buf *rows, const json_t *entry)
{
	struct row row;
	snprintf(row.entry, sizeof row.entry, "%" JSON_INTEGER_FORMAT,
		 json_integer_value(json_object_get(entry, "entry")));
	told_time_words(json_object_get(entry, "time_ms"), row.when);
	write_what(entry, row.what);
	write_why(entry, row.why);
	const char *cells[] = {row.entry,
			       row.when,
			       row.what,
			       told_text_of(entry, "from"),
			       told_text_of(entry, "to"),
			       told_text_of(entry, "worker"),
			       row.why};
	told_table_row(rows, cells, 7);
}

static void print_entries(struct told_cli *cli, const json_t *entries)
{
	static const char *const head[] = {"ENTRY", "WHEN", "WHAT", "FROM", "TO", "WORKER", "WHY"};
	struct told_buf rows = TOLD_BUF(4194304);
	size_t i = 0;
	json_t *entry = NULL;
	told_table_row(&rows, head, 7);
	json_array_foreach(entries, i, entry) add_entry(&rows, entry);
	told_table_print(cli, &rows, "No entry fits.");
	told_buf_free(&rows);
}

static void add_flow(struct told_buf *rows, const json_t *flow)
{
	struct row row;
	snprintf(row.entry, sizeof row.entry, "%" JSON_INTEGER_FORMAT,
		 json_integer_value(json_object_get(flow, "count")));
	told_time_words(json_object_get(flow, "time_ms"), row.when);
	write_why(flow, row.why);
	const char *cells[] = {told_text_of(flow, "from"),
			       told_text_of(flow, "to"),
			       told_text_of(flow, "type"),
			       row.why,
			       told_text_of(flow, "clause"),
			       row.entry,
			       row.when};
	told_table_row(rows, cells, 7);
}

static void print_flows(struct told_cli *cli, const json_t *flows)
{
	static const char *const head[] = {"FROM", "TO", "TYPE", "FOR", "CLAUSE", "TIMES", "LAST"};
	struct told_buf rows = TOLD_BUF(4194304);
	size_t i = 0;
	json_t *flow = NULL;
	told_table_row(&rows, head, 7);
	json_array_foreach(flows, i, flow) add_flow(&rows, flow);
	told_table_print(cli, &rows, "Nothing was delivered in what was looked at.");
	told_buf_free(&rows);
}

/* A receipt without its entry: the broker hides something. */
static void print_missing(struct told_cli *cli, const json_t *missing)
{
	if (missing == NULL)
		return;
	fprintf(cli->out,
		"THE BROKER LEFT OUT %zu ENTRIES for which this agency holds receipts: call the auditor, and keep the "
		"receipts folder. Messages: ",
		json_array_size(missing));
	told_print_list(cli->out, missing, "");
	fputc('\n', cli->out);
}

void told_show_audit_view(struct told_cli *cli, const json_t *reply)
{
	const json_t *flows = json_object_get(reply, "flows"), *entries = json_object_get(reply, "entries");
	if (entries == NULL) {
		if (json_object_get(reply, "view_refused") != NULL)
			fputs("The broker gave what was not asked for. None of it is shown: tell the operator.\n",
			      cli->out);
		told_show_sent(cli, reply);
		return;
	}
	print_missing(cli, json_object_get(reply, "missing"));
	if (flows != NULL)
		print_flows(cli, flows);
	else
		print_entries(cli, entries);
	json_int_t next = json_integer_value(json_object_get(reply, "next"));
	if (next > 0)
		fprintf(cli->out, "More follows: add --from %" JSON_INTEGER_FORMAT ".\n", next);
	fprintf(cli->out, "Looked at by %" JSON_INTEGER_FORMAT " logged %s.\n",
		json_integer_value(json_object_get(reply, "queries")),
		json_integer_value(json_object_get(reply, "queries")) == 1 ? "query" : "queries");
}
