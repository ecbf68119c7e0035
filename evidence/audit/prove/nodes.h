/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes of perfect subtrees out of a source's tiles and entries, for proofs. What it reads is believed by nobody: a
 * proof is checked against a signed root before it leaves. */
#ifndef TOLD_AUDIT_PROVE_NODES_H
#define TOLD_AUDIT_PROVE_NODES_H

#include "evidence/audit/read/store.h"
#include "told/proof.h"

struct told_nodes;

/* Loads the right edge of a log of `size` entries; costs up to 256 tiles. TOLD_E_CORRUPT: a tile or an entry is missing
 * or has another length than a tile. */
TOLD_MUST_USE enum told_status told_nodes_new(struct told_audit_store *store, int64_t log, uint64_t size,
					      struct told_nodes **out);
void told_nodes_free(struct told_nodes *nodes);
/* A told_node_fn; ctx is the struct told_nodes. Keeps some tiles of each level that were read before. */
TOLD_MUST_USE enum told_status told_nodes_node(void *ctx, unsigned level, uint64_t index, told_hash *out);

#endif
