/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit flows: reads agreements and log, shows the differences first. Writes the one file that --html names. */
#include "evidence/audit/base/words.h"
#include "evidence/audit/report/flows.h"
#include "evidence/audit/report/report_common.h"
#include "proto/page/page.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
	struct told_common common;
	struct told_words agreements;
	const char *html;
	bool csv, dot;
};

static const char usage[] =
	"usage: told-audit flows --store FILE|--tiles DIR [--agreement FILE...] [--csv|--dot|--json] [--html FILE]\n"
	"\n"
	"  --store FILE         a copy of the broker's store, or a copy for audit\n"
	"  --tiles DIR          a folder of tiles; it holds no agreements, so name them\n"
	"  --agreement FILE...  compare with these, not with those that were signed in the log\n"
	"  --csv, --dot, --json the table for a spreadsheet, a graph for Graphviz, or one JSON object\n"
	"  --html FILE          write a page with tables and a picture as well\n"
	"\n"
	"Exit: 0 all that was sent is declared, 1 something is not, 2 wrong use, 5 the copy is damaged, 6 a file "
	"fails.\n";

static int write_page(const struct told_flows *flows, const struct told_flow_pairs *pairs, const char *path,
		      const struct told_audit_io *io)
{
	FILE *file = fopen(path, "we");
	enum told_status status = TOLD_E_SYSTEM;
	int why = errno;
	if (file != NULL) {
		status = told_flows_html(flows, pairs, io->now_ms, file);
		bool written = ferror(file) == 0;
		written = fclose(file) == 0 && written;
		why = errno;
		if (status == TOLD_OK && written)
			return TOLD_AUDIT_GOOD;
	}
	fputs("told-audit: ", io->err);
	told_print_plain(io->err, told_text(path));
	fprintf(io->err, ": the page cannot be written: %s\nName a file in a folder that you may write to.\n",
		strerror(why));
	return TOLD_AUDIT_CONFIG;
}

static void show_json(const struct told_flows *flows, FILE *out)
{
	fputc('{', out);
	told_common_seen_json(&flows->seen, out);
	fprintf(out, "\"agreements\":%zu,\"not_declared\":%" PRIu64 ",\"never_seen\":%" PRIu64 ",\"flows\":",
		flows->declared.count, told_flows_differing(flows), flows->standing[TOLD_STANDING_NEVER_SEEN]);
	told_sheet_json(&flows->sheet, out);
	fputs("}\n", out);
}

static void show_text(const struct told_flows *flows, const struct told_audit_io *io)
{
	fprintf(io->out, "%" PRIu64 " flow%s not declared, %" PRIu64 " declared and never seen, %zu agreement%s.\n\n",
		told_flows_differing(flows), told_many(told_flows_differing(flows), "", "s"),
		flows->standing[TOLD_STANDING_NEVER_SEEN], flows->declared.count,
		told_many(flows->declared.count, "", "s"));
	told_sheet_print(&flows->sheet, io);
	told_common_seen(&flows->seen, io->out);
}

static int show(const struct arguments *a, const struct told_flows *flows, const struct told_audit_io *io)
{
	struct told_flow_pairs pairs = {0};
	enum told_status status = told_flow_pairs_of(flows, &pairs);
	int code = status == TOLD_OK ? TOLD_AUDIT_GOOD : told_common_fail(status, io);
	if (code == TOLD_AUDIT_GOOD && a->html != NULL)
		code = write_page(flows, &pairs, a->html, io);
	if (code == TOLD_AUDIT_GOOD && a->dot)
		told_flows_dot(&pairs, io->out);
	else if (code == TOLD_AUDIT_GOOD && a->csv)
		told_sheet_csv(&flows->sheet, io->out);
	else if (code == TOLD_AUDIT_GOOD && a->common.json)
		show_json(flows, io->out);
	else if (code == TOLD_AUDIT_GOOD)
		show_text(flows, io);
	free(pairs.items);
	if (code == TOLD_AUDIT_GOOD && told_flows_differing(flows) > 0)
		code = TOLD_AUDIT_CHECK_FAILED;
	return code;
}

static int report(void *ctx, struct told_source *source, const struct told_audit_io *io)
{
	const struct arguments *a = ctx;
	struct told_flows flows = {0};
	int code = TOLD_AUDIT_GOOD;
	enum told_status status = told_declared_init(&flows.declared);
	if (status == TOLD_OK && a->agreements.count == 0)
		status = told_declared_store(&flows.declared, &source->store);
	if (status == TOLD_OK && told_declared_files(&flows.declared, &a->agreements, io->err) != TOLD_OK)
		code = TOLD_AUDIT_CONFIG; /* which file, it has said itself */
	if (status == TOLD_OK && code == TOLD_AUDIT_GOOD)
		status = told_flows_read(&flows, source);
	if (status != TOLD_OK)
		code = told_common_fail(status, io);
	else if (code == TOLD_AUDIT_GOOD)
		code = show(a, &flows, io);
	told_flows_free(&flows);
	return code;
}

int told_audit_flows(int argc, char **args, const struct told_audit_io *io)
{
	struct arguments a = {0};
	const struct told_option options[] = {
		TOLD_COMMON_OPTIONS(&a.common),
		{"--agreement", TOLD_OPTION_LIST, false, &a.agreements},
		{"--csv", TOLD_OPTION_FLAG, false, &a.csv},
		{"--dot", TOLD_OPTION_FLAG, false, &a.dot},
		{"--html", TOLD_OPTION_VALUE, false, &a.html},
	};
	bool go = false;
	int code = told_common_read(argc, args, usage, options, sizeof options / sizeof options[0], io, &go);
	if (go)
		code = told_common_run(&a.common, report, &a, io);
	free(a.agreements.items);
	return code;
}
