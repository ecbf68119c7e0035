/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the tree share; not a public header. */
#ifndef TOLD_EVIDENCE_TREE_H
#define TOLD_EVIDENCE_TREE_H

#include "told/proof.h"

/* Larger trees do not fit the store's signed numbers, and up to here every proof fits TOLD_PROOF_MAX. */
#define TOLD_TREE_SIZE_MAX ((uint64_t)INT64_MAX)

static inline unsigned told_set_bits(uint64_t x)
{
	return (unsigned)__builtin_popcountll(x);
}

/* The number of the highest set bit; x is not 0. */
static inline unsigned told_top_bit(uint64_t x)
{
	return 63u - (unsigned)__builtin_clzll(x);
}

/* The level of the largest perfect subtree that starts at position at > 0 and ends at or before end > at. */
static inline unsigned told_fitting_level(uint64_t at, uint64_t end)
{
	unsigned aligned = (unsigned)__builtin_ctzll(at);
	unsigned room = told_top_bit(end - at);
	return aligned < room ? aligned : room;
}

/* Appends a perfect subtree of 2^level leaves, as told_frontier_append does a leaf; the size is a multiple of 2^level.
 */
void told_frontier_put(struct told_frontier *frontier, unsigned level, const told_hash *subtree,
		       void (*done)(void *ctx, unsigned level, uint64_t index, const told_hash *hash), void *ctx);

#endif
