/* SPDX-License-Identifier: Apache-2.0 */
/* Judges tree heads, checkpoints and cosignatures. Touches the tables tree_head, checkpoint and cosignature only. */
#include "evidence/audit/verify/heads.h"

#include <inttypes.h>

#define TODO_ROOT                                                                                                      \
	"Keep this copy. Either the entries or this row were changed after it was written: compare with a backup and " \
	"with the agencies' receipts, and find out who wrote to the store."
#define TODO_SIGNATURE                                                                                                 \
	"Check that the policy names the key that the operator gave you; if it does, this row was not written by the " \
	"broker."
#define TODO_MISSING "Rows of the log are never deleted: compare with a backup, and find out who wrote to the store."

enum told_status told_heads_open(struct told_audit_store *store, int64_t log, const struct told_policy *policy,
				 struct told_report *report, struct told_heads *heads)
{
	heads->report = report;
	heads->policy = policy;
	heads->log = (uint64_t)log;
	heads->alone = TOLD_NO_ENTRY;
	enum told_status status = told_rows_open(store, TOLD_AUDIT_SQL_HEADS, &log, 1, &heads->heads);
	if (status == TOLD_OK)
		status = told_rows_open(store, TOLD_AUDIT_SQL_CHECKPOINTS, &log, 1, &heads->notes);
	if (status == TOLD_OK)
		status = told_rows_open(store, TOLD_AUDIT_SQL_COSIGNATURES, &log, 1, &heads->cosignatures);
	return status;
}

static uint64_t size_of(const struct told_rows *rows)
{
	return rows->there ? told_rows_u64(rows, 0) : UINT64_MAX;
}

uint64_t told_heads_due(const struct told_heads *heads)
{
	uint64_t head = size_of(&heads->heads), note = size_of(&heads->notes);
	return head < note ? head : note;
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

static bool known_witness(const struct told_policy *policy, struct told_bytes name)
{
	for (size_t i = policy->log_count; i < policy->key_count; i++)
		if (told_bytes_equal(policy->keys[i].name, name))
			return true;
	return false;
}

/* One cosignature row: joined to the note it must verify, if its witness is known. */
static enum told_status check_cosignature(struct told_heads *heads, struct told_bytes note, uint64_t size,
					  struct told_judged_note *judged)
{
	struct told_bytes name = told_rows_bytes(&heads->cosignatures, 1);
	struct told_buf joined = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_judged_note more = {0};
	struct told_policy_fault why;
	if (!known_witness(heads->policy, name))
		return TOLD_OK;
	told_buf_put_bytes(&joined, note);
	told_buf_put_bytes(&joined, told_rows_bytes(&heads->cosignatures, 2));
	enum told_status status = joined.status;
	if (status == TOLD_OK)
		status = told_note_judge(heads->policy, told_buf_view(&joined), &more, &why);
	bool by_name = false;
	for (size_t i = heads->policy->log_count; status == TOLD_OK && i < heads->policy->key_count; i++) {
		by_name |= more.signed_by[i] && told_bytes_equal(heads->policy->keys[i].name, name);
		judged->signed_by[i] |= more.signed_by[i];
	}
	if (!by_name)
		FAULT(heads, TOLD_CLAIM_SIGNATURE, size, TODO_SIGNATURE,
		      "cosignature of checkpoint %" PRIu64 " by %.*s does not verify", size, (int)name.len,
		      (const char *)name.data);
	else if (more.cosigned_s > judged->cosigned_s)
		judged->cosigned_s = more.cosigned_s;
	told_buf_free(&joined);
	return TOLD_OK;
}

static enum told_status check_cosignatures(struct told_heads *heads, struct told_bytes note, uint64_t size,
					   struct told_judged_note *judged)
{
	struct told_rows *rows = &heads->cosignatures;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && rows->there && size_of(rows) <= size) {
		if (size_of(rows) == size)
			status = check_cosignature(heads, note, size, judged);
		if (status == TOLD_OK)
			status = told_rows_next(rows);
	}
	return status;
}

static enum told_status check_note(struct told_heads *heads, uint64_t size, const told_hash *root, bool *good)
{
	struct told_judged_note judged;
	struct told_bytes note = told_rows_bytes(&heads->notes, 1);
	struct told_policy_fault fault;
	char why[TOLD_NOTE_FAULT_BYTES];
	*good = false;
	heads->checkpoints++;
	if (told_note_judge(heads->policy, note, &judged, &fault) != TOLD_OK) {
		told_note_fault_put(&fault, why);
		FAULT(heads, TOLD_CLAIM_SIGNATURE, size, TODO_SIGNATURE, "checkpoint of size %" PRIu64 ": %s", size,
		      why);
		return TOLD_OK;
	}
	*good = check_said(heads, size, root, &judged);
	enum told_status status = check_cosignatures(heads, note, size, &judged);
	if (status == TOLD_OK && *good)
		told_witnessed(heads->report, heads->policy, &judged);
	return status;
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
	bool head = size_of(&heads->heads) == size, note = size_of(&heads->notes) == size;
	bool good = true, note_good = true;
	enum told_status status = TOLD_OK;
	check_pair(heads, size, head, note);
	if (head) {
		good = check_head(heads, size, root);
		status = told_rows_next(&heads->heads);
	}
	if (note && status == TOLD_OK) {
		status = check_note(heads, size, root, &note_good);
		if (status == TOLD_OK)
			status = told_rows_next(&heads->notes);
	}
	if (good && note_good)
		heads->good = size;
	return status;
}

static void beyond(struct told_heads *heads, const struct told_rows *rows, const char *what, uint64_t entries)
{
	if (rows->there)
		told_report_fault(heads->report, TOLD_CLAIM_INTEGRITY, entries, entries, TODO_MISSING,
				  "%s of size %" PRIu64 ", but the store has %" PRIu64 " entries: those from %" PRIu64
				  " on are missing",
				  what, size_of(rows), entries, entries);
}

void told_heads_end(struct told_heads *heads, uint64_t entries)
{
	beyond(heads, &heads->heads, "a tree head", entries);
	beyond(heads, &heads->notes, "a checkpoint", entries);
	if (heads->last_head < entries && !heads->heads.there)
		told_report_fault(heads->report, TOLD_CLAIM_INTEGRITY, heads->last_head, entries - 1, TODO_MISSING,
				  "no tree head covers entries %" PRIu64 " to %" PRIu64, heads->last_head, entries - 1);
	heads->report->checkpoints += heads->checkpoints;
}

void told_heads_close(struct told_heads *heads)
{
	told_rows_close(&heads->heads);
	told_rows_close(&heads->notes);
	told_rows_close(&heads->cosignatures);
}
