/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit check-proof: judges one .tlog-proof by a policy, with nothing else at hand. */
#include "evidence/audit/base/audit.h"

#include "evidence/audit/base/file.h"
#include "evidence/audit/base/given.h"
#include "evidence/audit/base/options.h"
#include "evidence/audit/base/words.h"
#include "evidence/audit/read/notes.h"
#include "proto/leaf.h"

#include <inttypes.h>
#include <string.h>

#define ARENA_BYTES (2 * (TOLD_DECODE_FACTOR * TOLD_LEAF_MAX_BYTES + TOLD_DECODE_EXTRA_BYTES))

static const char usage[] =
	"usage: told-audit check-proof FILE --policy FILE\n"
	"\n"
	"  FILE           a .tlog-proof with the leaf in its extra line, as receipts and told-audit prove have it\n"
	"  --policy FILE  the log's verifier key and the witnesses that count (C2SP tlog-policy)\n"
	"\n"
	"Exit: 0 it proves its entry, 1 too few witnesses have signed its checkpoint, 2 wrong use,\n"
	"5 it proves nothing: form, signature or path is wrong, 6 a file cannot be read.\n";

struct check {
	const struct told_audit_io *io;
	const char *path, *policy_path;
	struct told_buf policy_text, text;
	struct told_policy policy;
	struct told_proof_file proof;
};

static int fails(const struct check *check, const char *why)
{
	fputs("told-audit: ", check->io->err);
	told_print_plain(check->io->err, told_text(check->path));
	fprintf(check->io->err,
		": %s\nAsk whoever gave it to you for it again; if it stays so, it is not from a log of this policy.\n",
		why);
	return TOLD_AUDIT_INTEGRITY;
}

/* What the entry says, for people. */
static void describe(const struct check *check)
{
	struct told_arena *arena = NULL;
	struct told_leaf *leaf = NULL;
	char when[TOLD_TIME_BYTES];
	if (told_arena_new(ARENA_BYTES, &arena) == TOLD_OK &&
	    told_leaf_decode(told_buf_view(&check->proof.extra), arena, &leaf) == TOLD_OK) {
		told_time_format(leaf->time_ms, when);
		fprintf(check->io->out, "  %s  %s", when, told_phase_word(leaf->phase));
		if (leaf->sender.len > 0)
			fputs("  ", check->io->out);
		told_print_plain(check->io->out, leaf->sender);
		if (leaf->recipient.len > 0)
			fputs(" to ", check->io->out);
		told_print_plain(check->io->out, leaf->recipient);
		fputc('\n', check->io->out);
	} else {
		fputs("  the entry is not one that Told Once writes\n", check->io->out);
	}
	told_arena_free(arena);
}

static int judge_quorum(const struct check *check, const struct told_judged_note *note)
{
	if (check->policy.quorum == TOLD_POLICY_NONE) {
		fputs("  the policy asks for no witnesses\n", check->io->out);
		return TOLD_AUDIT_GOOD;
	}
	if (told_policy_met(&check->policy, note->signed_by)) {
		fputs("  witnesses enough have signed its checkpoint\n", check->io->out);
		return TOLD_AUDIT_GOOD;
	}
	fputs("told-audit: too few witnesses have signed its checkpoint for the policy\n"
	      "Make the proof again later: cosignatures come after the checkpoint.\n",
	      check->io->err);
	return TOLD_AUDIT_CHECK_FAILED;
}

static int judge(struct check *check)
{
	struct told_judged_note note;
	struct told_policy_fault fault;
	char why[TOLD_NOTE_FAULT_BYTES];
	told_hash leaf;
	if (told_note_judge(&check->policy, check->proof.checkpoint, &note, &fault) != TOLD_OK) {
		if (fault.line > 0)
			fault.line += told_proof_file_lines(&check->proof);
		told_note_fault_put(&fault, why);
		return fails(check, why);
	}
	if (!check->proof.has_extra)
		return fails(check, "it carries no entry (extra line), so there is nothing that it could prove");
	told_leaf_hash(told_buf_view(&check->proof.extra), &leaf);
	if (told_inclusion_check(&leaf, check->proof.index, note.checkpoint.size, check->proof.path, check->proof.count,
				 &note.checkpoint.root) != TOLD_OK)
		return fails(check, "its path does not lead from its entry to the root of its checkpoint");
	fprintf(check->io->out, "entry %" PRIu64 " of ", check->proof.index);
	told_print_plain(check->io->out, note.checkpoint.origin);
	fprintf(check->io->out, " is in the log, by its checkpoint of size %" PRIu64 "\n", note.checkpoint.size);
	describe(check);
	return judge_quorum(check, &note);
}

static int run(struct check *check)
{
	size_t line = 0;
	int code = told_policy_read(check->policy_path, check->io->err, &check->policy_text, &check->policy);
	if (code != TOLD_AUDIT_GOOD)
		return code;
	enum told_status status = told_audit_read(check->path, &check->text);
	if (status == TOLD_E_LIMIT)
		return fails(check, "it is longer than a proof can be");
	if (status != TOLD_OK)
		return told_complain(check->io->err, check->path, status, "Give a .tlog-proof file.");
	status = told_proof_file_parse_at(told_buf_view(&check->text), &check->proof, &line);
	if (status != TOLD_OK) {
		char why[96];
		snprintf(why, sizeof why, "line %zu is not that of a proof in the form of C2SP (tlog-proof)", line);
		return fails(check, why);
	}
	code = judge(check);
	told_buf_free(&check->proof.extra);
	return code;
}

static int read_arguments(struct check *check, int argc, char **args)
{
	const struct told_option options[] = {
		{"--policy", TOLD_OPTION_VALUE, true, &check->policy_path},
	};
	if (told_options_named(argc, args, "FILE", options, sizeof options / sizeof options[0], check->io->err,
			       &check->path) == TOLD_OK)
		return TOLD_AUDIT_GOOD;
	fputs("Try: told-audit check-proof --help\n", check->io->err);
	return TOLD_AUDIT_WRONG_USE;
}

int told_audit_check_proof(int argc, char **args, const struct told_audit_io *io)
{
	if (argc == 1 && strcmp(args[0], "--help") == 0) {
		fputs(usage, io->out);
		return TOLD_AUDIT_GOOD;
	}
	struct check check = {
		.io = io,
		.policy_text = TOLD_BUF(TOLD_POLICY_MAX_BYTES),
		.text = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES),
	};
	int code = read_arguments(&check, argc, args);
	if (code == TOLD_AUDIT_GOOD)
		code = run(&check);
	told_buf_free(&check.policy_text);
	told_buf_free(&check.text);
	return code;
}
