/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a proof together and checks it. Touches the tables of the log through its neighbours only. */
#include "evidence/audit/prove/prover.h"

#include "evidence/audit/prove/nodes.h"
#include "evidence/audit/read/signed.h"

#include <stdlib.h>

struct told_prover {
	struct told_audit_store *store;
	int64_t log;
	struct told_nodes *nodes;
	struct told_buf note;
	struct told_proof_file proof;
};

/* Rows stand in every page on the way to a row, so the way to any of a million is 24 MB of pages. */
#define CACHE "PRAGMA cache_size = -32768"

enum told_status told_prover_new(struct told_source *source, int64_t log, struct told_prover **out)
{
	*out = NULL;
	struct told_prover *prover = calloc(1, sizeof *prover);
	if (prover == NULL)
		return TOLD_E_MEMORY;
	prover->store = &source->store;
	prover->log = log;
	enum told_status status =
		sqlite3_exec(source->store.db, CACHE, NULL, NULL, NULL) == SQLITE_OK ? TOLD_OK : TOLD_E_CORRUPT;
	if (status == TOLD_OK)
		status = told_nodes_new(&source->store, log, told_source_entries(source, log), &prover->nodes);
	if (status != TOLD_OK) {
		free(prover);
		return status;
	}
	*out = prover;
	return TOLD_OK;
}

void told_prover_free(struct told_prover *prover)
{
	if (prover == NULL)
		return;
	told_nodes_free(prover->nodes);
	free(prover);
}

static enum told_status read_leaf(struct told_prover *prover, uint64_t index, struct told_buf *out)
{
	const int64_t args[] = {prover->log, (int64_t)index};
	struct told_rows row;
	enum told_status status = told_rows_open(prover->store, TOLD_AUDIT_SQL_ENTRY_AT, args, 2, &row);
	if (status == TOLD_OK && !row.there)
		status = TOLD_E_NOT_FOUND;
	if (status == TOLD_OK && told_rows_bytes(&row, 0).len == 0)
		status = TOLD_E_NOT_ALLOWED; /* withheld from a copy for audit: no entry is empty */
	if (status == TOLD_OK)
		told_buf_put_bytes(out, told_rows_bytes(&row, 0));
	told_rows_close(&row);
	return status == TOLD_OK ? out->status : status;
}

static enum told_status prove(struct told_prover *prover, uint64_t index)
{
	struct told_proof_file *proof = &prover->proof;
	struct told_checkpoint checkpoint;
	told_hash leaf;
	proof->index = index;
	proof->has_extra = true;
	enum told_status status = read_leaf(prover, index, &proof->extra);
	if (status == TOLD_OK)
		status = told_signed_for(prover->store, prover->log, index, &prover->note);
	if (status == TOLD_OK)
		status = told_signed_read(&prover->note, &checkpoint);
	if (status == TOLD_OK)
		status = told_tree_inclusion(told_nodes_node, prover->nodes, index, checkpoint.size, proof->path,
					     &proof->count);
	if (status != TOLD_OK)
		return status;
	proof->checkpoint = told_buf_view(&prover->note);
	told_leaf_hash(told_buf_view(&proof->extra), &leaf);
	return told_inclusion_check(&leaf, index, checkpoint.size, proof->path, proof->count, &checkpoint.root);
}

enum told_status told_prover_write(struct told_prover *prover, uint64_t index, struct told_buf *out)
{
	if (index > INT64_MAX)
		return TOLD_E_NOT_FOUND;
	prover->note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	prover->proof = (struct told_proof_file){.extra = TOLD_BUF(TOLD_LEAF_MAX_BYTES)};
	enum told_status status = prove(prover, index);
	if (status == TOLD_OK) {
		told_proof_file_format(&prover->proof, out);
		status = out->status;
	}
	told_buf_free(&prover->proof.extra);
	told_buf_free(&prover->note);
	return status;
}
