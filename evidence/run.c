/* SPDX-License-Identifier: Apache-2.0 */
/* A run of neighbouring leaves proved at once by the perfect subtrees on both sides of it (told/proof.h says which).
 * Left subtrees, leaves and right subtrees, taken in order, cover the tree. Touches memory only. */
#include "evidence/tree.h"

struct run {
	const told_hash *leaves, *left, *right;
	uint64_t first, end, size;
};

static size_t right_expected(uint64_t end, uint64_t size)
{
	size_t count = 0;
	for (uint64_t at = end; at < size; count++)
		at += UINT64_C(1) << told_fitting_level(at, size);
	return count;
}

static bool range_fits(uint64_t first, uint64_t n, uint64_t size)
{
	return n >= 1 && size <= TOLD_TREE_SIZE_MAX && first < size && n <= size - first;
}

/* The subtree that starts at a position: its hash, and its level in *level. Positions are asked for only where a left
 * subtree, a leaf or a right subtree starts. */
static const told_hash *piece(const struct run *run, uint64_t at, unsigned *level)
{
	if (at < run->first) {
		*level = told_top_bit(run->first - at);
		return &run->left[told_set_bits(at)];
	}
	*level = 0;
	if (at < run->end)
		return &run->leaves[at - run->first];
	const told_hash *right = run->right;
	for (uint64_t start = run->end; start < at; right++)
		start += UINT64_C(1) << told_fitting_level(start, run->size);
	*level = told_fitting_level(at, run->size);
	return right;
}

/* Grows a frontier by the pieces from begin to end; begin is a multiple of the size of every piece between. */
static void append_pieces(const struct run *run, uint64_t begin, uint64_t end, struct told_frontier *frontier)
{
	frontier->size = 0;
	for (uint64_t at = begin; at < end;) {
		unsigned level = 0;
		const told_hash *hash = piece(run, at, &level);
		told_frontier_put(frontier, level, hash, NULL, NULL);
		at += UINT64_C(1) << level;
	}
}

enum told_status told_run_check(const told_hash *leaves, size_t n, uint64_t first, uint64_t size, const told_hash *left,
				size_t left_count, const told_hash *right, size_t right_count, const told_hash *root)
{
	if (!range_fits(first, n, size) || left_count != told_set_bits(first) ||
	    right_count != right_expected(first + n, size))
		return TOLD_E_PROOF;
	struct run run = {leaves, left, right, first, first + n, size};
	struct told_frontier frontier;
	told_hash got;
	append_pieces(&run, 0, size, &frontier);
	told_frontier_root(&frontier, &got);
	return told_hash_equal(&got, root) ? TOLD_OK : TOLD_E_PROOF;
}

/* No subtree beside a leaf's way to the root lies inside a piece that does not hold the leaf: each is whole pieces. */
static enum told_status node_of_run(void *ctx, unsigned level, uint64_t index, told_hash *out)
{
	const struct run *run = ctx;
	struct told_frontier frontier;
	append_pieces(run, index << level, (index + 1) << level, &frontier);
	told_frontier_root(&frontier, out);
	return TOLD_OK;
}

enum told_status told_run_path(const told_hash *leaves, size_t n, uint64_t first, uint64_t size, const told_hash *left,
			       size_t left_count, const told_hash *right, size_t right_count, size_t which,
			       told_hash *path, size_t *count)
{
	*count = 0;
	if (!range_fits(first, n, size) || left_count != told_set_bits(first) ||
	    right_count != right_expected(first + n, size))
		return TOLD_E_PROOF;
	if (which >= n)
		return TOLD_E_USAGE;
	struct run run = {leaves, left, right, first, first + n, size};
	return told_tree_inclusion(node_of_run, &run, first + which, size, path, count);
}

enum told_status told_tree_run(told_node_fn node, void *ctx, uint64_t first, uint64_t n, uint64_t size, told_hash *left,
			       size_t *left_count, told_hash *right, size_t *right_count)
{
	*left_count = *right_count = 0;
	if (!range_fits(first, n, size))
		return TOLD_E_USAGE;
	if (right_expected(first + n, size) > TOLD_PROOF_MAX)
		return TOLD_E_LIMIT;
	size_t found = 0;
	for (uint64_t at = 0; at < first;) {
		unsigned level = told_top_bit(first - at);
		enum told_status status = node(ctx, level, at >> level, &left[found++]);
		if (status != TOLD_OK)
			return status;
		at += UINT64_C(1) << level;
	}
	*left_count = found;
	found = 0;
	for (uint64_t at = first + n; at < size;) {
		unsigned level = told_fitting_level(at, size);
		enum told_status status = node(ctx, level, at >> level, &right[found++]);
		if (status != TOLD_OK)
			return status;
		at += UINT64_C(1) << level;
	}
	*right_count = found;
	return TOLD_OK;
}
