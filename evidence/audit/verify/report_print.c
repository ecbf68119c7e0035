/* SPDX-License-Identifier: Apache-2.0 */
/* Shows a report: a line a claim for people, one JSON object for programs. */
#include "evidence/audit/base/report.h"

#include "evidence/audit/base/audit.h"
#include "evidence/audit/base/words.h"
#include "proto/page/page.h"

#include <inttypes.h>

static const char *const names[TOLD_CLAIM_COUNT] = {
	[TOLD_CLAIM_SIGNATURE] = "signature", [TOLD_CLAIM_INTEGRITY] = "integrity",
	[TOLD_CLAIM_ANCHORED] = "anchored",   [TOLD_CLAIM_FRESHNESS] = "freshness",
	[TOLD_CLAIM_QUORUM] = "quorum",       [TOLD_CLAIM_COMPLETENESS] = "completeness",
	[TOLD_CLAIM_ERASURES] = "erasures",
};

static const char *const states[] = {
	[TOLD_VERDICT_NOT_SHOWN] = "NOT SHOWN",
	[TOLD_VERDICT_OK] = "OK",
	[TOLD_VERDICT_NONE_ASKED] = "NONE ASKED",
	[TOLD_VERDICT_FAILED] = "FAILED",
};

static void print_verdict(const char *name, const struct told_verdict *verdict, FILE *out)
{
	fprintf(out, "%-13s %-10s ", name, states[verdict->state]);
	told_print_plain(out, told_buf_view(&verdict->text));
	if (verdict->faults > 1)
		fprintf(out, " (and %" PRIu64 " more)", verdict->faults - 1);
	fputc('\n', out);
}

/* What is withheld is no verdict: it is as the operator signed, or integrity has failed. */
static void print_copy(const struct told_report *report, FILE *out)
{
	if (report->copy.len == 0)
		return;
	fprintf(out, "%-13s %" PRIu64 " entries, and %" PRIu64 " parts of others, as the operator signed\n", "withheld",
		report->withheld_entries, report->withheld_parts);
	fputs("\nThis is a copy for audit ", out);
	told_print_plain(out, told_buf_view(&report->copy));
	fputs(".\n", out);
}

void told_report_print(const struct told_report *report, FILE *out)
{
	told_print_plain(out, told_buf_view(&report->origins));
	fprintf(out, "%s%" PRIu64 " entr%s, %" PRIu64 " checkpoint%s\n\n", report->origins.len > 0 ? ": " : "",
		report->entries, told_many(report->entries, "y", "ies"), report->checkpoints,
		told_many(report->checkpoints, "", "s"));
	for (size_t i = 0; i < TOLD_CLAIM_COUNT; i++)
		print_verdict(names[i], &report->verdicts[i], out);
	if (report->stamps > 0)
		fprintf(out, "%-13s %" PRIu64 " checkpoint%s; who that is, is not checked\n", "timestamps",
			report->stamps,
			told_many(report->stamps, ": as its signer made it", "s: as their signer made them"));
	print_copy(report, out);
	const char *last = NULL;
	for (size_t i = 0; i < TOLD_CLAIM_COUNT; i++) {
		const char *todo = report->verdicts[i].todo;
		if (todo != NULL && todo != last)
			fprintf(out, "%s%s\n", last == NULL ? "\nWhat to do:\n  " : "  ", todo);
		last = todo != NULL ? todo : last;
	}
}

static void json_number(FILE *out, const char *name, uint64_t value)
{
	fprintf(out, ",\"%s\":%" PRIu64, name, value);
}

static void json_verdict(const char *name, const struct told_verdict *verdict, FILE *out)
{
	fprintf(out, "\"%s\":{\"verdict\":\"%s\",\"faults\":%" PRIu64 ",\"first_bad\":", name, states[verdict->state],
		verdict->faults);
	if (verdict->to == TOLD_NO_ENTRY)
		fputs("null", out);
	else
		fprintf(out, "{\"from\":%" PRIu64 ",\"to\":%" PRIu64 "}", verdict->from, verdict->to);
	fputs(",\"text\":", out);
	told_print_json(out, told_buf_view(&verdict->text));
	fputs(",\"todo\":", out);
	if (verdict->todo == NULL)
		fputs("null", out);
	else
		told_print_json(out, told_text(verdict->todo));
	fputc('}', out);
}

static void json_gaps(const struct told_report *report, FILE *out)
{
	fprintf(out, ",\"gap_count\":%" PRIu64 ",\"gaps\":[", report->gap_count);
	for (size_t i = 0; i < report->gap_count && i < TOLD_AUDIT_GAPS_MAX; i++) {
		fprintf(out, "%s{\"sender\":", i > 0 ? "," : "");
		told_print_json(out, told_text(report->gaps[i].sender));
		fprintf(out, ",\"from\":%" PRIu64 ",\"to\":%" PRIu64 "}", report->gaps[i].from, report->gaps[i].to);
	}
	fputc(']', out);
}

void told_report_json(const struct told_report *report, FILE *out)
{
	int code = told_report_exit(report);
	fputs("{\"log\":", out);
	told_print_json(out, told_buf_view(&report->origins));
	json_number(out, "entries", report->entries);
	json_number(out, "checkpoints", report->checkpoints);
	json_number(out, "anchored_entries", report->anchored);
	json_number(out, "erased_entries", report->erased);
	json_number(out, "withheld_entries", report->withheld_entries);
	json_number(out, "withheld_parts", report->withheld_parts);
	json_number(out, "signed_messages", report->signed_messages);
	json_number(out, "unknown_signers", report->unknown_signers);
	json_number(out, "timestamps", report->stamps);
	json_number(out, "newest_entry_ms", report->newest_entry_ms);
	json_number(out, "newest_cosigned_ms", report->newest_cosigned_ms);
	json_number(out, "judged_ms", report->judged_ms);
	fprintf(out, ",\"verified\":%s,\"exit\":%d,\"verdicts\":{", code == TOLD_AUDIT_GOOD ? "true" : "false", code);
	for (size_t i = 0; i < TOLD_CLAIM_COUNT; i++) {
		if (i > 0)
			fputc(',', out);
		json_verdict(names[i], &report->verdicts[i], out);
	}
	fputc('}', out);
	json_gaps(report, out);
	fputs("}\n", out);
}
