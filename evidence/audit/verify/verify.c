/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit verify: holds the store still, reads the policy and what is outside, walks every log, shows the report. */
#include "evidence/audit/verify/verify.h"

#include "evidence/audit/base/audit.h"
#include "evidence/audit/base/given.h"
#include "evidence/audit/base/words.h"
#include "evidence/audit/read/excerpt.h"
#include "evidence/audit/verify/kept.h"
#include "evidence/audit/verify/stamps.h"
#include "evidence/audit/verify/walk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
	struct told_verify_request request;
	const char *at, *operator_key;
	uint8_t key[TOLD_KEY_BYTES];
	bool json;
};

/* All that one verification holds. */
struct verify {
	const struct told_audit_io *io;
	const struct told_verify_request *request;
	struct told_buf policy_text; /* the policy's views point into it */
	struct told_policy policy;
	struct told_source own, *source; /* the request's, or our own */
	struct told_report *report;
	struct told_anchors anchors;
	struct told_endings endings;
	struct told_senders *senders;
	struct told_erasures *erasures;
	struct told_signers *signers;
	struct told_progress progress;
};

static const char usage[] =
	"usage: told-audit verify --store FILE|--tiles DIR --policy FILE [--against NOTE...] [--receipts DIR...] [--at "
	"TIME]\n"
	"       [--operator-key HEX] [--json]\n"
	"\n"
	"  --store FILE        the broker's store (told.db); never written to, and copied if anybody else may write to "
	"it\n"
	"  --tiles DIR         or an export of it (C2SP tlog-tiles), which holds no details\n"
	"  --policy FILE       the log's verifier key and the witnesses that count (C2SP tlog-policy)\n"
	"  --against NOTE...   checkpoints or .tlog-proof files that somebody else keeps\n"
	"  --receipts DIR...   folders of agencies' receipts: checkpoint, *.checkpoint, *.tlog-proof\n"
	"  --at TIME           the copy is of this time (2026-11-22T13:45:00Z), or the log is asked about then: "
	"judges\n"
	"                      freshness there, and passes over receipts of later\n"
	"  --operator-key HEX  the operator's key (partnership.json): messages that it signed are checked too\n"
	"  --json              one JSON object instead of the table\n"
	"\n"
	"Exit: 0 all holds, 1 nothing anchors it or it is not fresh or lacks its quorum, 2 wrong use,\n"
	"5 integrity failure, 6 a file cannot be read.\n";

/* ---- arguments ---- */

static int read_arguments(struct arguments *a, int argc, char **args, const struct told_audit_io *io)
{
	struct told_verify_request *r = &a->request;
	const struct told_option options[] = {
		{"--store", TOLD_OPTION_VALUE, false, &r->store},
		{"--tiles", TOLD_OPTION_VALUE, false, &r->tiles},
		{"--policy", TOLD_OPTION_VALUE, true, &r->policy},
		{"--against", TOLD_OPTION_LIST, false, &r->against},
		{"--receipts", TOLD_OPTION_LIST, false, &r->receipts},
		{"--at", TOLD_OPTION_VALUE, false, &a->at},
		{"--operator-key", TOLD_OPTION_VALUE, false, &a->operator_key},
		{"--json", TOLD_OPTION_FLAG, false, &a->json},
	};
	enum told_status status = told_options_read(argc, args, options, sizeof options / sizeof options[0], io->err);
	if (status == TOLD_OK && a->at != NULL) {
		r->at_given = true;
		status = told_time_parse(told_text(a->at), &r->at_ms);
		if (status != TOLD_OK)
			fputs("told-audit: a time has the form 2026-11-22T13:45:00Z or 2026-11-22T13:45:00+00:00\n",
			      io->err);
	}
	if (status == TOLD_OK && a->operator_key != NULL) {
		r->operator_key = a->key;
		status = told_unhex(told_text(a->operator_key), a->key, sizeof a->key);
		if (status != TOLD_OK)
			fputs("told-audit: --operator-key takes the 64 hexadecimal digits of operator_key in "
			      "partnership.json\n",
			      io->err);
	}
	if (status == TOLD_OK)
		return TOLD_AUDIT_GOOD;
	fputs("Try: told-audit verify --help\n", io->err);
	return TOLD_AUDIT_WRONG_USE;
}

/* ---- files ---- */

/* What could not be read of a folder of tiles is a fault of the log, not of the question. */
static int open_source(struct verify *verify)
{
	const struct told_verify_request *a = verify->request;
	int code = a->source != NULL ? TOLD_AUDIT_GOOD
				     : told_source_open_still(a->store, a->tiles, verify->io, &verify->own);
	verify->report->no_details = verify->anchors.part = verify->source->tiles;
	if (code == TOLD_AUDIT_GOOD && verify->source->fault.len > 0)
		told_report_fault(verify->report, TOLD_CLAIM_INTEGRITY, verify->source->fault_at,
				  verify->source->fault_at,
				  "Ask for the export again; if it stays so, whoever gave it to you does not have the "
				  "log that was signed.",
				  "%s", told_buf_cstr(&verify->source->fault));
	return code;
}

static void damaged(struct verify *verify)
{
	verify->report->cut_short = true;
	told_report_fault(verify->report, TOLD_CLAIM_INTEGRITY, TOLD_NO_ENTRY, TOLD_NO_ENTRY,
			  "Restore the store from a backup, and keep this copy.", "the database file is damaged");
}

/* A copy for audit: what it withholds is what the operator signed, or it counts for nothing. */
static void check_copy(struct verify *verify)
{
	struct told_excerpt *copy = &verify->source->excerpt;
	enum told_status status = verify->source->tiles ? TOLD_OK : told_excerpt_read(verify->source);
	if (status == TOLD_OK && copy->there)
		status = told_excerpt_check(&verify->source->store, copy);
	if (status != TOLD_OK)
		told_report_fault(verify->report, TOLD_CLAIM_INTEGRITY, TOLD_NO_ENTRY, TOLD_NO_ENTRY,
				  "Ask for the copy again, and find out who wrote to this one.",
				  "what the copy says of itself is not what the operator ordered and signed");
	if (status == TOLD_OK && copy->there)
		told_excerpt_words(copy, &verify->report->copy);
}

static bool is_proof(const char *path)
{
	static const char ending[] = ".tlog-proof";
	size_t len = strlen(path), tail = sizeof ending - 1;
	return len > tail && strcmp(path + len - tail, ending) == 0;
}

static const char file_todo[] = "What is given to compare with must be readable, or nothing is compared.";

static int read_anchors(struct verify *verify)
{
	const struct told_verify_request *a = verify->request;
	for (size_t i = 0; i < a->against.count; i++) {
		const char *path = a->against.items[i];
		enum told_status status = is_proof(path) ? told_anchors_proof(&verify->anchors, path)
							 : told_anchors_note(&verify->anchors, path);
		if (status == TOLD_E_CORRUPT)
			damaged(verify);
		else if (status != TOLD_OK)
			return told_complain(verify->io->err, path, status, file_todo);
	}
	for (size_t i = 0; i < a->receipts.count; i++) {
		char *failed = NULL;
		enum told_status status = told_anchors_folder(&verify->anchors, a->receipts.items[i], &failed);
		int code = TOLD_AUDIT_GOOD;
		if (status == TOLD_E_CORRUPT)
			damaged(verify);
		else if (status != TOLD_OK)
			code = told_complain(verify->io->err, failed != NULL ? failed : a->receipts.items[i], status,
					     file_todo);
		free(failed);
		if (code != TOLD_AUDIT_GOOD)
			return code;
	}
	told_anchors_sort(&verify->anchors);
	return TOLD_AUDIT_GOOD;
}

/* ---- logs ---- */

/* The name under which the policy knows a log. */
static void name_log(struct verify *verify, int64_t log)
{
	for (size_t i = 0; i < verify->policy.log_count; i++) {
		struct told_bytes name = verify->policy.keys[i].name;
		if (told_origin_number(name) != (uint64_t)log)
			continue;
		if (verify->report->origins.len > 0)
			told_buf_put_text(&verify->report->origins, ", ");
		told_buf_put_bytes(&verify->report->origins, name);
		return;
	}
	told_report_fault(
		verify->report, TOLD_CLAIM_SIGNATURE, TOLD_NO_ENTRY, TOLD_NO_ENTRY,
		"Add the verifier key of that log to the policy, or find out how its rows came into the store.",
		"the store holds rows of log %" PRId64 ", and the policy has no key for it", log);
}

static enum told_status walk_logs(struct verify *verify)
{
	struct told_walk_config config = {
		.source = verify->source,
		.policy = &verify->policy,
		.report = verify->report,
		.anchors = &verify->anchors,
		.progress = &verify->progress,
		.senders = verify->senders,
		.erasures = verify->erasures,
	};
	int64_t log = INT64_MIN;
	bool found = false;
	enum told_status status = told_source_next_log(verify->source, log, &log, &found);
	for (size_t i = 0; status == TOLD_OK && found; i++) {
		if (i == TOLD_AUDIT_LOGS_MAX)
			return TOLD_E_LIMIT;
		name_log(verify, log);
		told_progress_start(&verify->progress, verify->io->err, told_source_entries(verify->source, log));
		status = told_walk(&config, log);
		told_progress_end(&verify->progress);
		if (status == TOLD_OK)
			status = told_kept_check(verify->source, verify->signers, log, verify->report);
		config.base += told_source_entries(verify->source, log);
		if (status == TOLD_OK)
			status = told_source_next_log(verify->source, log, &log, &found);
	}
	if (status == TOLD_OK)
		status = told_kept_rows_check(verify->source, &verify->policy, verify->report);
	if (status == TOLD_OK)
		status = told_wraps_check(verify->source, verify->report);
	if (status == TOLD_OK)
		status = told_stamps_check(verify->source, verify->report);
	told_senders_end(verify->senders, verify->report);
	told_erasures_end(verify->erasures, verify->report);
	return status;
}

/* ---- the command ---- */

static int run(struct verify *verify)
{
	int code = told_policy_read(verify->request->policy, verify->io->err, &verify->policy_text, &verify->policy);
	if (code == TOLD_AUDIT_GOOD)
		code = open_source(verify);
	verify->report->asked_ms = verify->anchors.copied_ms = verify->request->at_given ? verify->request->at_ms : 0;
	if (code == TOLD_AUDIT_GOOD && told_endings_read(verify->source, &verify->endings) != TOLD_OK)
		damaged(verify);
	if (code == TOLD_AUDIT_GOOD)
		check_copy(verify);
	if (code == TOLD_AUDIT_GOOD)
		code = read_anchors(verify);
	if (code != TOLD_AUDIT_GOOD)
		return code;
	enum told_status status = told_signers_new(verify->source, verify->request->operator_key, &verify->signers);
	if (status == TOLD_OK)
		status = walk_logs(verify);
	if (status == TOLD_E_CORRUPT)
		damaged(verify);
	else if (status != TOLD_OK)
		return told_complain(verify->io->err, verify->source->path, status,
				     "This store is larger than told-audit can judge.");
	told_anchors_end(&verify->anchors);
	const struct told_judging judging = {
		.asks_quorum = verify->policy.quorum != TOLD_POLICY_NONE,
		.at_given = verify->request->at_given,
		.at_ms = verify->request->at_ms,
		.now_ms = verify->io->now_ms,
	};
	told_report_judge(verify->report, &judging);
	return TOLD_AUDIT_GOOD;
}

int told_verify_log(const struct told_verify_request *request, const struct told_audit_io *io,
		    struct told_report *report)
{
	struct verify *verify = calloc(1, sizeof *verify);
	if (verify == NULL)
		return TOLD_AUDIT_CONFIG;
	verify->io = io;
	verify->request = request;
	verify->report = report;
	verify->policy_text = TOLD_BUF(TOLD_POLICY_MAX_BYTES);
	verify->source = request->source != NULL ? request->source : &verify->own;
	told_anchors_init(&verify->anchors, &verify->policy, &verify->source->store, report);
	verify->anchors.endings = &verify->endings;
	enum told_status made = told_senders_new(&verify->senders);
	if (made == TOLD_OK)
		made = told_erasures_new(&verify->erasures);
	int code = made == TOLD_OK ? run(verify) : TOLD_AUDIT_CONFIG;
	if (code == TOLD_AUDIT_GOOD)
		code = told_source_stood(verify->source, io->err);
	told_senders_free(verify->senders);
	told_erasures_free(verify->erasures);
	told_signers_free(verify->signers);
	told_anchors_free(&verify->anchors);
	if (request->source == NULL)
		told_source_close(&verify->own);
	told_buf_free(&verify->policy_text);
	free(verify);
	return code;
}

static int show(const struct arguments *a, const struct told_audit_io *io)
{
	struct told_report report;
	told_report_init(&report);
	int code = told_verify_log(&a->request, io, &report);
	if (code == TOLD_AUDIT_GOOD) {
		(a->json ? told_report_json : told_report_print)(&report, io->out);
		code = told_report_exit(&report);
	}
	told_report_free(&report);
	return code;
}

int told_audit_verify(int argc, char **args, const struct told_audit_io *io)
{
	struct arguments arguments = {0};
	if (argc == 1 && strcmp(args[0], "--help") == 0) {
		fputs(usage, io->out);
		return TOLD_AUDIT_GOOD;
	}
	int code = read_arguments(&arguments, argc, args, io);
	if (code == TOLD_AUDIT_GOOD)
		code = show(&arguments, io);
	free(arguments.request.against.items);
	free(arguments.request.receipts.items);
	return code;
}
