/* SPDX-License-Identifier: Apache-2.0 */
/* The verdicts that rest on the whole of what was found. Touches the report only. */
#include "evidence/audit/base/report.h"

#include "evidence/audit/base/words.h"
#include "proto/page/page.h"

#include <inttypes.h>

static void judge_signature(struct told_report *report)
{
	bool outside = report->anchored > 0;
	char kept[160] = "", unknown[160] = "";
	if (report->signed_messages > 0)
		snprintf(kept, sizeof kept, "; %" PRIu64 " kept messages, all signed by their senders",
			 report->signed_messages);
	if (report->unknown_signers > 0)
		snprintf(unknown, sizeof unknown,
			 "; %" PRIu64 " more of the operator's, under a key that is not here (--operator-key)",
			 report->unknown_signers);
	if (report->checkpoints > 0)
		told_report_say(report, TOLD_CLAIM_SIGNATURE, TOLD_VERDICT_OK,
				"%" PRIu64 " checkpoint%s signed by the log%s%s", report->checkpoints,
				told_many(report->checkpoints, ",", "s, all"), kept, unknown);
	else if (outside)
		told_report_say(report, TOLD_CLAIM_SIGNATURE, TOLD_VERDICT_OK,
				"no checkpoint in the store yet; those from outside are signed by the log");
	else if (report->entries > 0)
		told_report_fault(report, TOLD_CLAIM_SIGNATURE, 0, report->entries - 1,
				  "A store without checkpoints proves nothing by itself: give a note from outside.",
				  "no checkpoint signs these entries");
	else
		told_report_say(report, TOLD_CLAIM_SIGNATURE, TOLD_VERDICT_NOT_SHOWN, "the log is empty");
}

static void judge_integrity(struct told_report *report)
{
	if (report->entries == 0)
		told_report_say(report, TOLD_CLAIM_INTEGRITY, TOLD_VERDICT_NOT_SHOWN, "the log is empty");
	else
		told_report_say(report, TOLD_CLAIM_INTEGRITY, TOLD_VERDICT_OK,
				"%" PRIu64 " entr%s, every hash, tile, head and checkpoint computed anew",
				report->entries, told_many(report->entries, "y", "ies"));
}

/* The log goes on beyond the time asked for: whether it was moving then. */
static void judge_earlier(struct told_report *report, uint64_t newest)
{
	char asked[TOLD_TIME_BYTES], end[TOLD_TIME_BYTES], age[TOLD_SPAN_BYTES];
	told_time_format(newest, end);
	told_time_format(report->newest_asked_ms, asked);
	if (report->newest_asked_ms == 0) {
		told_report_fault(report, TOLD_CLAIM_FRESHNESS, TOLD_NO_ENTRY, TOLD_NO_ENTRY,
				  "Ask about a time that this log covers, or leave --at away.",
				  "no entry is as old as the time asked for; the newest is of %s", end);
		return;
	}
	uint64_t span = report->asked_ms - report->newest_asked_ms;
	told_span_format(span, age);
	if (span >= (uint64_t)TOLD_FRESH_MS)
		told_report_fault(
			report, TOLD_CLAIM_FRESHNESS, TOLD_NO_ENTRY, TOLD_NO_ENTRY,
			"The broker stood still at that time, and went on later: ask its operator why. A newer "
			"copy says no more; without --at the newest entry counts.",
			"at the time asked for the newest entry was of %s, %s before; the log goes on to %s", asked,
			age, end);
	else
		told_report_say(report, TOLD_CLAIM_FRESHNESS, TOLD_VERDICT_OK,
				"at the time asked for the newest entry was of %s, %s before; the log goes on to %s",
				asked, age, end);
}

static void judge_freshness(struct told_report *report, const struct told_judging *judging)
{
	static const char todo[] =
		"Ask for a newer copy; if there is none, the broker stands still, or the copy was cut off.";
	uint64_t newest = report->newest_entry_ms > report->newest_cosigned_ms ? report->newest_entry_ms
									       : report->newest_cosigned_ms;
	char when[TOLD_TIME_BYTES], age[TOLD_SPAN_BYTES];
	bool given = judging->at_given;
	report->judged_ms = given ? judging->at_ms : newest;
	told_time_format(newest, when);
	if (newest == 0) {
		told_report_say(report, TOLD_CLAIM_FRESHNESS, TOLD_VERDICT_NOT_SHOWN,
				"there is nothing to tell the time by");
		return;
	}
	uint64_t judge = given ? report->judged_ms : judging->now_ms;
	told_span_format(judge > newest ? judge - newest : newest - judge, age);
	const char *side = judge >= newest ? "before" : "after";
	uint64_t late = report->judged_ms > newest ? report->judged_ms - newest : 0;
	if (newest > report->judged_ms && newest - report->judged_ms > (uint64_t)TOLD_FUTURE_MAX_MS)
		judge_earlier(report, newest);
	else if (late >= (uint64_t)TOLD_FRESH_MS)
		told_report_fault(report, TOLD_CLAIM_FRESHNESS, TOLD_NO_ENTRY, TOLD_NO_ENTRY, todo,
				  "newest %s, %s %s the time asked for", when, age, side);
	else if (given)
		told_report_say(report, TOLD_CLAIM_FRESHNESS, TOLD_VERDICT_OK, "newest %s, %s %s the time asked for",
				when, age, side);
	else
		told_report_say(report, TOLD_CLAIM_FRESHNESS, TOLD_VERDICT_OK,
				"as of its own newest, %s, which is %s %s now; --at judges at a time", when, age, side);
}

static void judge_quorum(struct told_report *report, const struct told_judging *judging)
{
	if (!judging->asks_quorum)
		told_report_say(report, TOLD_CLAIM_QUORUM, TOLD_VERDICT_NONE_ASKED, "the policy asks for no witnesses");
	else if (report->quorum_size > 0)
		told_report_say(report, TOLD_CLAIM_QUORUM, TOLD_VERDICT_OK,
				"witnesses enough have signed up to size %" PRIu64, report->quorum_size);
	else
		told_report_fault(report, TOLD_CLAIM_QUORUM, TOLD_NO_ENTRY, TOLD_NO_ENTRY,
				  "Ask the agencies whether their agents run and cosign (told doctor).",
				  "no checkpoint has the cosignatures that the policy asks for");
}

static void judge_completeness(struct told_report *report)
{
	const struct told_gap *gap = &report->gaps[0];
	if (report->entries == 0)
		told_report_say(report, TOLD_CLAIM_COMPLETENESS, TOLD_VERDICT_NOT_SHOWN, "the log is empty");
	else if (report->gap_count == 0)
		told_report_say(report, TOLD_CLAIM_COMPLETENESS, TOLD_VERDICT_OK,
				"no gap in what %" PRIu64 " sender%s numbered", report->senders,
				told_many(report->senders, "", "s"));
	else
		told_report_say(report, TOLD_CLAIM_COMPLETENESS, TOLD_VERDICT_NOT_SHOWN,
				"%" PRIu64 " gap%s in what senders numbered, the first of %s: %" PRIu64 " to %" PRIu64
				" are in no entry",
				report->gap_count, told_many(report->gap_count, "", "s"), gap->sender, gap->from,
				gap->to);
	if (report->gap_count > 0 && !told_report_failed(report, TOLD_CLAIM_COMPLETENESS))
		report->verdicts[TOLD_CLAIM_COMPLETENESS].todo = "A gap is a message that was lost, not yet sent, or "
								 "refused before it was believed: ask its sender "
								 "for the receipt.";
}

static void judge_erasures(struct told_report *report)
{
	if (report->no_details)
		told_report_say(report, TOLD_CLAIM_ERASURES, TOLD_VERDICT_NONE_ASKED,
				"not judged: a folder of tiles holds no details; verify the store for that");
	else if (report->erased > 0)
		told_report_say(report, TOLD_CLAIM_ERASURES, TOLD_VERDICT_OK, "%" PRIu64 " entr%s named by an erasure",
				report->erased,
				told_many(report->erased, "y without its details,", "ies without their details, each"));
	else
		told_report_say(report, TOLD_CLAIM_ERASURES, TOLD_VERDICT_OK, "nothing is gone");
}

void told_report_judge(struct told_report *report, const struct told_judging *judging)
{
	judge_signature(report);
	judge_integrity(report);
	judge_freshness(report, judging);
	judge_quorum(report, judging);
	judge_completeness(report);
	judge_erasures(report);
	if (!report->cut_short)
		return;
	told_report_say(report, TOLD_CLAIM_COMPLETENESS, TOLD_VERDICT_NOT_SHOWN,
			"the store could not be read to its end");
	told_report_say(report, TOLD_CLAIM_ERASURES, TOLD_VERDICT_NOT_SHOWN, "the store could not be read to its end");
}
