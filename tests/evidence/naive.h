/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6962 section 2.1, written down as it stands there: slow, recursive, and the judge of the code that is neither. */
#ifndef TOLD_TEST_NAIVE_H
#define TOLD_TEST_NAIVE_H

#include "support/support.h"

#include "told/proof.h"

/* Leaf hashes of the entries 0, 1, 2, ... as four big-endian bytes. */
static inline void naive_leaves(told_hash *leaves, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t entry[4] = {(uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
		told_leaf_hash(told_bytes(entry, sizeof entry), &leaves[i]);
	}
}

/* The largest power of two smaller than n. */
static inline size_t naive_split(size_t n)
{
	size_t k = 1;
	while (k * 2 < n)
		k *= 2;
	return k;
}

/* MTH(D[n]) */
static inline told_hash naive_root(const told_hash *leaves, size_t n)
{
	told_hash root;
	if (n == 0) {
		told_sha256(told_bytes(NULL, 0), &root);
		return root;
	}
	if (n == 1)
		return leaves[0];
	size_t k = naive_split(n);
	told_hash left = naive_root(leaves, k), right = naive_root(leaves + k, n - k);
	told_node_hash(&left, &right, &root);
	return root;
}

/* PATH(m, D[n]) */
static inline size_t naive_path(const told_hash *leaves, size_t n, size_t m, told_hash *path)
{
	if (n == 1)
		return 0;
	size_t k = naive_split(n);
	size_t count = m < k ? naive_path(leaves, k, m, path) : naive_path(leaves + k, n - k, m - k, path);
	path[count] = m < k ? naive_root(leaves + k, n - k) : naive_root(leaves, k);
	return count + 1;
}

/* SUBPROOF(m, D[n], whole) */
static inline size_t naive_subproof(const told_hash *leaves, size_t n, size_t m, bool whole, told_hash *path)
{
	if (m == n && whole)
		return 0;
	if (m == n) {
		path[0] = naive_root(leaves, n);
		return 1;
	}
	size_t k = naive_split(n);
	size_t count = m <= k ? naive_subproof(leaves, k, m, whole, path)
			      : naive_subproof(leaves + k, n - k, m - k, false, path);
	path[count] = m <= k ? naive_root(leaves + k, n - k) : naive_root(leaves, k);
	return count + 1;
}

/* A store over leaves in memory, that refuses what is not a perfect subtree inside it. */
struct naive_store {
	const told_hash *leaves;
	uint64_t size;
};

static inline enum told_status naive_node(void *ctx, unsigned level, uint64_t index, told_hash *out)
{
	const struct naive_store *store = ctx;
	if (level > 40 || (index + 1) << level > store->size)
		return TOLD_E_NOT_FOUND;
	*out = naive_root(store->leaves + (index << level), (size_t)1 << level);
	return TOLD_OK;
}

/* Flips one bit, anywhere in the hashes. */
static inline void naive_flip(told_hash *hashes, size_t count, uint64_t random)
{
	uint64_t bit = random % (count * sizeof(told_hash) * 8);
	hashes[bit / 256].b[bit / 8 % 32] ^= (uint8_t)(1u << (bit % 8));
}

static inline void assert_hashes_equal(const told_hash *a, const told_hash *b, size_t count)
{
	if (count > 0)
		assert_memory_equal(a, b, count * sizeof *a);
}

#endif
