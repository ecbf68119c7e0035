/* SPDX-License-Identifier: Apache-2.0 */
/* The tree over leaves in memory, and the two verifiers of RFC 9162 sections 2.1.3.2 and 2.1.4.2.
 * Touches memory only. */
#include "evidence/tree.h"

#include <assert.h>

void told_merkle_root(const told_hash *leaves, size_t n, told_hash *root)
{
	struct told_frontier frontier;
	frontier.size = 0;
	for (size_t i = 0; i < n; i++)
		told_frontier_append(&frontier, &leaves[i], NULL, NULL);
	told_frontier_root(&frontier, root);
}

static enum told_status node_of_leaves(void *ctx, unsigned level, uint64_t index, told_hash *out)
{
	const told_hash *const *leaves = ctx;
	told_merkle_root(*leaves + (index << level), (size_t)1 << level, out);
	return TOLD_OK;
}

void told_merkle_path(const told_hash *leaves, size_t n, size_t index, told_hash *path, size_t *count)
{
	assert(index < n);
	enum told_status status = told_tree_inclusion(node_of_leaves, &leaves, index, n, path, count);
	assert(status == TOLD_OK);
	(void)status;
}

/* Where a walk from a leaf to the root stands: its node's number in this level, and the last node's. */
struct climb {
	uint64_t at, last;
};

/* Whether the next hash of a proof stands to the left. Then levels are skipped in which our node is the last and has
 * no sibling: the proof has no hash for those. */
static bool climb_left(struct climb *climb)
{
	if ((climb->at & 1) == 0 && climb->at != climb->last)
		return false;
	while ((climb->at & 1) == 0 && climb->at != 0) {
		climb->at >>= 1;
		climb->last >>= 1;
	}
	return true;
}

static void climb_up(struct climb *climb)
{
	climb->at >>= 1;
	climb->last >>= 1;
}

enum told_status told_inclusion_check(const told_hash *leaf, uint64_t index, uint64_t size, const told_hash *path,
				      size_t count, const told_hash *root)
{
	if (index >= size)
		return TOLD_E_PROOF;
	struct climb climb = {index, size - 1};
	told_hash hash = *leaf;
	for (size_t i = 0; i < count; i++) {
		if (climb.last == 0)
			return TOLD_E_PROOF;
		if (climb_left(&climb))
			told_node_hash(&path[i], &hash, &hash);
		else
			told_node_hash(&hash, &path[i], &hash);
		climb_up(&climb);
	}
	return climb.last == 0 && told_hash_equal(&hash, root) ? TOLD_OK : TOLD_E_PROOF;
}

enum told_status told_consistency_check(uint64_t old_size, const told_hash *old_root, uint64_t new_size,
					const told_hash *new_root, const told_hash *path, size_t count)
{
	if (old_size == 0 || old_size > new_size)
		return TOLD_E_PROOF;
	if (old_size == new_size)
		return count == 0 && told_hash_equal(old_root, new_root) ? TOLD_OK : TOLD_E_PROOF;
	if (count == 0)
		return TOLD_E_PROOF;
	struct climb climb = {old_size - 1, new_size - 1};
	while (climb.at & 1)
		climb_up(&climb);
	/* an old tree that is perfect is itself the first node; otherwise the proof brings it */
	size_t next = told_set_bits(old_size) == 1 ? 0 : 1;
	told_hash old_hash = next == 0 ? *old_root : path[0];
	told_hash new_hash = old_hash;
	for (; next < count; next++) {
		if (climb.last == 0)
			return TOLD_E_PROOF;
		if (climb_left(&climb)) {
			told_node_hash(&path[next], &old_hash, &old_hash);
			told_node_hash(&path[next], &new_hash, &new_hash);
		} else {
			told_node_hash(&new_hash, &path[next], &new_hash);
		}
		climb_up(&climb);
	}
	bool fits = climb.last == 0 && told_hash_equal(&old_hash, old_root) && told_hash_equal(&new_hash, new_root);
	return fits ? TOLD_OK : TOLD_E_PROOF;
}
