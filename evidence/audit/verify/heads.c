/* SPDX-License-Identifier: Apache-2.0 */
/* Compares tree heads and judged checkpoints with roots. Touches the table tree_head only. */
#include "evidence/audit/verify/heads.h"

#include <inttypes.h>

#define TODO_ROOT                                                                                                      \
	"Keep this copy. Either the entries or this row were changed after it was written: compare with a backup and " \
	"with the agencies' receipts, and find out who wrote to the store."
#define TODO_SIGNATURE                                                                                                 \
	"Check that the policy names the key that the operator gave you; if it does, this row was not written by the " \
	"broker."
#define TODO_MISSING "Rows of the log are never deleted: compare with a backup, and find out who wrote to the store."

enum told_status told_heads_open(struct told_source *source, int64_t log, const struct told_policy *policy,
				 struct told_report *report, struct told_heads *heads)
{
	heads->report = report;
	heads->policy = policy;
	heads->log = (uint64_t)log;
	heads->alone = TOLD_NO_ENTRY;
	enum told_status status = told_rows_open(&source->store, TOLD_AUDIT_SQL_HEADS, &log, 1, &heads->heads);
	return status == TOLD_OK ? told_seals_new(source, log, policy, &heads->seals) : status;
}

static uint64_t head_due(const struct told_heads *heads)
{
	return heads->heads.there ? told_rows_u64(&heads->heads, 0) : UINT64_MAX;
}

static uint64_t seal_due(const struct told_heads *heads)
{
	const struct told_seal *seal = told_seals_now(heads->seals);
	return seal != NULL ? seal->size : UINT64_MAX;
}

uint64_t told_heads_due(const struct told_heads *heads)
{
	uint64_t head = head_due(heads), seal = seal_due(heads);
	return head < seal ? head : seal;
}

/* A fault of the entries behind the last good root, up to this size. */
#define FAULT(heads, claim, size, todo, ...)                                                                           \
	told_report_fault((heads)->report, (claim), (heads)->good, (size) > 0 ? (size)-1 : 0, (todo), __VA_ARGS__)

/* ---- one size ---- */

static bool check_head(struct told_heads *heads, uint64_t size, const told_hash *root)
{
	heads->last_head = size;
	if (told_bytes_equal(told_rows_bytes(&heads->heads, 1), told_bytes(root->b, sizeof root->b)))
		return true;
	FAULT(heads, TOLD_CLAIM_INTEGRITY, size, TODO_ROOT,
	      "tree head of size %" PRIu64 ": its root is not that of the entries; the first bad one is from %" PRIu64
	      " to %" PRIu64,
	      size, heads->good, size > 0 ? size - 1 : 0);
	return false;
}

/* What a checkpoint says, once its signature holds. */
static bool check_said(struct told_heads *heads, uint64_t size, const told_hash *root,
		       const struct told_judged_note *note)
{
	if (note->log != heads->log) {
		FAULT(heads, TOLD_CLAIM_SIGNATURE, size, TODO_SIGNATURE,
		      "checkpoint of size %" PRIu64 ": it is signed for another log", size);
		return false;
	}
	if (note->checkpoint.size != size) {
		FAULT(heads, TOLD_CLAIM_INTEGRITY, size, TODO_ROOT,
		      "checkpoint of size %" PRIu64 ": the signed note is of size %" PRIu64, size,
		      note->checkpoint.size);
		return false;
	}
	if (told_hash_equal(&note->checkpoint.root, root))
		return true;
	FAULT(heads, TOLD_CLAIM_INTEGRITY, size, TODO_ROOT,
	      "checkpoint of size %" PRIu64 ": the signed root is not that of the entries; the first bad one is from "
	      "%" PRIu64 " to %" PRIu64,
	      size, heads->good, size > 0 ? size - 1 : 0);
	return false;
}

static void check_cosignatures(struct told_heads *heads, const struct told_seal *seal)
{
	for (size_t i = heads->policy->log_count; i < heads->policy->key_count; i++) {
		struct told_bytes name = heads->policy->keys[i].name;
		if (seal->forged[i])
			FAULT(heads, TOLD_CLAIM_SIGNATURE, seal->size, TODO_SIGNATURE,
			      "cosignature of checkpoint %" PRIu64 " by %.*s does not verify", seal->size,
			      (int)name.len, (const char *)name.data);
	}
}

static enum told_status check_seal(struct told_heads *heads, const told_hash *root, bool *good)
{
	const struct told_seal *seal = told_seals_now(heads->seals);
	char why[TOLD_NOTE_FAULT_BYTES];
	*good = false;
	heads->checkpoints++;
	if (seal->status != TOLD_OK) {
		told_note_fault_put(&seal->fault, why);
		FAULT(heads, TOLD_CLAIM_SIGNATURE, seal->size, TODO_SIGNATURE, "checkpoint of size %" PRIu64 ": %s",
		      seal->size, why);
		return TOLD_OK;
	}
	*good = check_said(heads, seal->size, root, &seal->note);
	check_cosignatures(heads, seal);
	if (seal->lines == TOLD_OK && *good)
		told_witnessed(heads->report, heads->policy, &seal->note);
	return seal->lines;
}

/* Every head but the newest has its checkpoint, and every checkpoint its head. */
static void check_pair(struct told_heads *heads, uint64_t size, bool head, bool note)
{
	if (heads->alone != TOLD_NO_ENTRY) {
		uint64_t last = heads->alone > 0 ? heads->alone - 1 : 0;
		told_report_fault(heads->report, TOLD_CLAIM_INTEGRITY, last, last, TODO_MISSING,
				  "the checkpoint of size %" PRIu64 " is missing", heads->alone);
	}
	heads->alone = head && !note ? size : TOLD_NO_ENTRY;
	if (!head)
		FAULT(heads, TOLD_CLAIM_INTEGRITY, size, TODO_MISSING, "the tree head of size %" PRIu64 " is missing",
		      size);
}

enum told_status told_heads_at(struct told_heads *heads, uint64_t size, const told_hash *root)
{
	bool head = head_due(heads) == size, note = seal_due(heads) == size;
	bool good = true, note_good = true;
	enum told_status status = TOLD_OK;
	check_pair(heads, size, head, note);
	if (head) {
		good = check_head(heads, size, root);
		status = told_rows_next(&heads->heads);
	}
	if (note && status == TOLD_OK) {
		status = check_seal(heads, root, &note_good);
		if (status == TOLD_OK)
			status = told_seals_next(heads->seals);
	}
	if (good && note_good)
		heads->good = size;
	return status;
}

static void beyond(struct told_heads *heads, const char *what, uint64_t size, uint64_t entries)
{
	told_report_fault(heads->report, TOLD_CLAIM_INTEGRITY, entries, entries, TODO_MISSING,
			  "%s of size %" PRIu64 ", but the store has %" PRIu64 " entries: those from %" PRIu64
			  " on are missing",
			  what, size, entries, entries);
}

void told_heads_end(struct told_heads *heads, uint64_t entries)
{
	if (heads->heads.there)
		beyond(heads, "a tree head", head_due(heads), entries);
	if (told_seals_now(heads->seals) != NULL)
		beyond(heads, "a checkpoint", seal_due(heads), entries);
	if (heads->last_head < entries && !heads->heads.there)
		told_report_fault(heads->report, TOLD_CLAIM_INTEGRITY, heads->last_head, entries - 1, TODO_MISSING,
				  "no tree head covers entries %" PRIu64 " to %" PRIu64, heads->last_head, entries - 1);
	heads->report->checkpoints += heads->checkpoints;
}

void told_heads_close(struct told_heads *heads)
{
	told_rows_close(&heads->heads);
	told_seals_free(heads->seals);
}
