/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts that stand alone: C2SP proof files, which anybody can check with the log's key only. */
#include "told/client.h"

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

static enum told_status check(const struct told_proof_file *proof, const char *log_vkey)
{
	struct told_vkey vkey;
	struct told_bytes text;
	struct told_note_line line;
	struct told_checkpoint checkpoint;
	size_t count = 0;
	told_hash leaf;
	enum told_status status = told_vkey_parse(told_text(log_vkey), &vkey);
	if (status == TOLD_OK)
		status = told_note_open(proof->checkpoint, &vkey, 1, &text, &line, &count);
	if (status == TOLD_OK)
		status = told_checkpoint_parse(text, &checkpoint);
	if (status != TOLD_OK)
		return status;
	if (!told_bytes_equal(checkpoint.origin, vkey.name))
		return TOLD_E_SIGNATURE;
	told_leaf_hash(told_buf_view(&proof->extra), &leaf);
	return told_inclusion_check(&leaf, proof->index, checkpoint.size, proof->path, proof->count, &checkpoint.root);
}

enum told_status told_receipt_check(struct told_bytes text, const char *log_vkey, struct told_buf *leaf,
				    uint64_t *index)
{
	struct told_proof_file proof;
	enum told_status status = told_proof_file_parse(text, &proof);
	if (status != TOLD_OK)
		return status;
	status = proof.has_extra ? check(&proof, log_vkey) : TOLD_E_MALFORMED;
	if (status == TOLD_OK) {
		*index = proof.index;
		if (leaf != NULL)
			told_buf_put_bytes(leaf, told_buf_view(&proof.extra));
	}
	told_buf_free(&proof.extra);
	return status;
}
