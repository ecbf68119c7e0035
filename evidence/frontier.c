/* SPDX-License-Identifier: Apache-2.0 */
/* The right edge of a growing tree: like a binary counter, whose set bits each hold the hash of a perfect subtree.
 * Touches memory only. */
#include "evidence/tree.h"

#include <assert.h>

void told_frontier_put(struct told_frontier *frontier, unsigned level, const told_hash *subtree,
		       void (*done)(void *ctx, unsigned level, uint64_t index, const told_hash *hash), void *ctx)
{
	uint64_t size = frontier->size;
	assert(level < 64 && size <= UINT64_MAX - (UINT64_C(1) << level));
	assert((size & ((UINT64_C(1) << level) - 1)) == 0);
	unsigned count = told_set_bits(size);
	told_hash hash = *subtree;
	frontier->size = size + (UINT64_C(1) << level);
	while (size >> level & 1) {
		told_node_hash(&frontier->edge[--count], &hash, &hash);
		level++;
		if (done != NULL)
			done(ctx, level, size >> level, &hash);
	}
	frontier->edge[count] = hash;
}

void told_frontier_append(struct told_frontier *frontier, const told_hash *leaf,
			  void (*done)(void *ctx, unsigned level, uint64_t index, const told_hash *hash), void *ctx)
{
	told_frontier_put(frontier, 0, leaf, done, ctx);
}

void told_frontier_root(const struct told_frontier *frontier, told_hash *root)
{
	unsigned count = told_set_bits(frontier->size);
	if (count == 0) {
		told_sha256(told_bytes(NULL, 0), root);
		return;
	}
	told_hash hash = frontier->edge[--count];
	while (count > 0)
		told_node_hash(&frontier->edge[--count], &hash, &hash);
	*root = hash;
}
