/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log in the store: an RFC 6962 tree kept as entries, full tiles and a right edge in memory.
 * Appends happen inside the turn's transaction; proofs are read at any time. */
#ifndef TOLD_RECORD_LEDGER_H
#define TOLD_RECORD_LEDGER_H

#include "broker/record/store.h"
#include "told/proof.h"

struct told_ledger;

/* Rebuilds the right edge of log `number` from the store. TOLD_E_CORRUPT when its last tree head is not what the
 * entries give. The store stays the caller's and outlives the log. */
TOLD_MUST_USE enum told_status told_ledger_open(struct told_store *store, uint64_t number, struct told_ledger **out);
void told_ledger_close(struct told_ledger *log);

uint64_t told_ledger_size(const struct told_ledger *log);
void told_ledger_root(const struct told_ledger *log, told_hash *root);
/* Time of the last entry (its leaf states it); 0 for an empty log. */
uint64_t told_ledger_time(const struct told_ledger *log);

/* Appends an entry of 1 to TOLD_LEAF_MAX_BYTES bytes that states time_ms; *index is its place. In a transaction only.
 */
TOLD_MUST_USE enum told_status told_ledger_append(struct told_ledger *log, struct told_bytes entry, uint64_t time_ms,
						  uint64_t *index);
/* Writes the tree head of this size; last statement of a turn that appended. */
TOLD_MUST_USE enum told_status told_ledger_put_head(struct told_ledger *log);
/* Forgets what was appended since the last told_ledger_put_head, after a rolled back transaction. */
TOLD_MUST_USE enum told_status told_ledger_rewind(struct told_ledger *log);

/* An entry's bytes, into the arena. TOLD_E_NOT_FOUND; TOLD_E_CORRUPT when its hash is not the one kept beside it. */
TOLD_MUST_USE enum told_status told_ledger_entry(struct told_ledger *log, uint64_t index, struct told_arena *arena,
						 struct told_bytes *entry);
/* Hash of a perfect subtree; a told_node_fn whose ctx is the log. */
enum told_status told_ledger_node(void *log, unsigned level, uint64_t index, told_hash *out);

#endif
