/* SPDX-License-Identifier: Apache-2.0 */
/* Roots and proofs out of a store that gives hashes of perfect subtrees. Touches what the caller's function touches. */
#include "evidence/tree.h"

/* The frontier of the n leaves from begin on; begin is a multiple of a power of two that is n or more. */
static enum told_status load(told_node_fn node, void *ctx, uint64_t begin, uint64_t n, struct told_frontier *out)
{
	out->size = 0;
	while (out->size < n) {
		unsigned level = told_top_bit(n - out->size);
		told_hash *edge = &out->edge[told_set_bits(out->size)];
		enum told_status status = node(ctx, level, (begin + out->size) >> level, edge);
		if (status != TOLD_OK)
			return status;
		out->size += UINT64_C(1) << level;
	}
	return TOLD_OK;
}

static enum told_status range_hash(told_node_fn node, void *ctx, uint64_t begin, uint64_t end, told_hash *out)
{
	struct told_frontier frontier;
	enum told_status status = load(node, ctx, begin, end - begin, &frontier);
	if (status == TOLD_OK)
		told_frontier_root(&frontier, out);
	return status;
}

enum told_status told_frontier_load(told_node_fn node, void *ctx, uint64_t size, struct told_frontier *frontier)
{
	enum told_status status = size > TOLD_TREE_SIZE_MAX ? TOLD_E_LIMIT : load(node, ctx, 0, size, frontier);
	if (status != TOLD_OK)
		frontier->size = 0;
	return status;
}

enum told_status told_tree_root(told_node_fn node, void *ctx, uint64_t size, told_hash *root)
{
	return size > TOLD_TREE_SIZE_MAX ? TOLD_E_LIMIT : range_hash(node, ctx, 0, size, root);
}

/* Proofs are found from the root down and written from the leaf up. */
static void reverse(told_hash *path, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		told_hash kept = path[i];
		path[i] = path[count - 1 - i];
		path[count - 1 - i] = kept;
	}
}

/* Where a subtree [begin, end) of two or more leaves splits: after the largest power of two below its size. */
static uint64_t split(uint64_t begin, uint64_t end)
{
	return begin + (UINT64_C(1) << told_top_bit(end - begin - 1));
}

enum told_status told_tree_inclusion(told_node_fn node, void *ctx, uint64_t index, uint64_t size, told_hash *path,
				     size_t *count)
{
	*count = 0;
	if (index >= size)
		return TOLD_E_USAGE;
	if (size > TOLD_TREE_SIZE_MAX)
		return TOLD_E_LIMIT;
	size_t found = 0;
	for (uint64_t begin = 0, end = size; end - begin > 1;) {
		uint64_t middle = split(begin, end);
		bool left = index < middle;
		enum told_status status = left ? range_hash(node, ctx, middle, end, &path[found])
					       : range_hash(node, ctx, begin, middle, &path[found]);
		if (status != TOLD_OK)
			return status;
		found++;
		begin = left ? begin : middle;
		end = left ? middle : end;
	}
	reverse(path, found);
	*count = found;
	return TOLD_OK;
}

/* RFC 6962 section 2.1.2: down to the subtree that ends where the old tree ended; its hash is left out when it is
 * the whole old tree, because the verifier has that. */
enum told_status told_tree_consistency(told_node_fn node, void *ctx, uint64_t old_size, uint64_t new_size,
				       told_hash *path, size_t *count)
{
	*count = 0;
	if (old_size == 0 || old_size > new_size)
		return TOLD_E_USAGE;
	if (new_size > TOLD_TREE_SIZE_MAX)
		return TOLD_E_LIMIT;
	size_t found = 0;
	uint64_t begin = 0, end = new_size;
	enum told_status status = TOLD_OK;
	while (end != old_size) {
		uint64_t middle = split(begin, end);
		bool left = old_size <= middle;
		status = left ? range_hash(node, ctx, middle, end, &path[found])
			      : range_hash(node, ctx, begin, middle, &path[found]);
		if (status != TOLD_OK)
			return status;
		found++;
		begin = left ? begin : middle;
		end = left ? middle : end;
	}
	if (begin != 0)
		status = range_hash(node, ctx, begin, end, &path[found++]);
	if (status != TOLD_OK)
		return status;
	reverse(path, found);
	*count = found;
	return TOLD_OK;
}
