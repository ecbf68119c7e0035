/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts that stand alone: C2SP proof files, which anybody can check by a policy. */
#include "told/client.h"

#include "evidence/judge.h"

#include <string.h>

void told_receipt_format(const struct told_answer_event *answer, struct told_buf *out)
{
	struct told_proof_file proof = {
		.has_extra = true,
		.extra = TOLD_BUF(TOLD_LEAF_MAX_BYTES),
		.index = answer->index,
		.count = answer->path_count,
		.checkpoint = answer->note,
	};
	told_buf_put_bytes(&proof.extra, answer->leaf);
	if (answer->path_count > TOLD_PROOF_MAX || proof.extra.status != TOLD_OK) {
		out->status = TOLD_E_LIMIT;
	} else {
		memcpy(proof.path, answer->path, answer->path_count * sizeof *answer->path);
		told_proof_file_format(&proof, out);
	}
	told_buf_free(&proof.extra);
}

static enum told_status check(const struct told_proof_file *proof, const struct told_policy *policy)
{
	struct told_judged_note note;
	struct told_policy_fault fault;
	told_hash leaf;
	enum told_status status = told_note_judge(policy, proof->checkpoint, &note, &fault);
	if (status == TOLD_OK && !told_policy_met(policy, note.signed_by))
		status = TOLD_E_SIGNATURE;
	if (status != TOLD_OK)
		return status;
	told_leaf_hash(told_buf_view(&proof->extra), &leaf);
	return told_inclusion_check(&leaf, proof->index, note.checkpoint.size, proof->path, proof->count,
				    &note.checkpoint.root);
}

enum told_status told_receipt_check(struct told_bytes text, struct told_bytes policy_text, struct told_buf *leaf,
				    uint64_t *index)
{
	struct told_proof_file proof;
	struct told_policy policy;
	struct told_policy_fault fault;
	if (told_policy_parse(policy_text, &policy, &fault) != TOLD_OK)
		return TOLD_E_CONFIG;
	enum told_status status = told_proof_file_parse(text, &proof);
	if (status != TOLD_OK)
		return status;
	status = proof.has_extra ? check(&proof, &policy) : TOLD_E_MALFORMED;
	if (status == TOLD_OK) {
		*index = proof.index;
		if (leaf != NULL)
			told_buf_put_bytes(leaf, told_buf_view(&proof.extra));
	}
	told_buf_free(&proof.extra);
	return status;
}
