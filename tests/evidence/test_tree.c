/* SPDX-License-Identifier: Apache-2.0 */
/* Every proof in every tree up to 70 leaves, against the recursive definition; each must break with any one bit. */
#include "evidence/naive.h"

#include <string.h>

#define LEAVES 300
#define SIZES  70

static told_hash leaves[LEAVES];
static uint64_t seed;

static struct naive_store store_of(uint64_t size)
{
	return (struct naive_store){leaves, size};
}

static void test_a_root_is_the_recursive_one(void **state)
{
	(void)state;
	for (size_t n = 0; n <= LEAVES; n++) {
		told_hash got, want = naive_root(leaves, n);
		struct naive_store store = store_of(n);
		told_merkle_root(leaves, n, &got);
		assert_true(told_hash_equal(&got, &want));
		assert_int_equal(told_tree_root(naive_node, &store, n, &got), TOLD_OK);
		assert_true(told_hash_equal(&got, &want));
	}
}

struct kept {
	bool have[10][LEAVES];
	told_hash hash[10][LEAVES];
	size_t count;
};

static void keep(void *ctx, unsigned level, uint64_t index, const told_hash *hash)
{
	struct kept *kept = ctx;
	assert_in_range(level, 1, 9);
	assert_false(kept->have[level][index]);
	kept->have[level][index] = true;
	kept->hash[level][index] = *hash;
	kept->count++;
}

static void test_a_frontier_grows_through_every_root_and_names_each_subtree_once(void **state)
{
	(void)state;
	static struct kept kept;
	struct told_frontier frontier = {0};
	for (size_t n = 0; n <= LEAVES; n++) {
		told_hash got, want = naive_root(leaves, n);
		told_frontier_root(&frontier, &got);
		assert_int_equal(frontier.size, n);
		assert_true(told_hash_equal(&got, &want));
		size_t expected = 0;
		for (unsigned level = 1; level < 10; level++)
			expected += n >> level;
		assert_int_equal(kept.count, expected);
		if (n < LEAVES)
			told_frontier_append(&frontier, &leaves[n], keep, &kept);
	}
	for (unsigned level = 1; level < 10; level++) {
		for (size_t i = 0; i < (size_t)LEAVES >> level; i++) {
			told_hash want = naive_root(leaves + (i << level), (size_t)1 << level);
			assert_true(told_hash_equal(&kept.hash[level][i], &want));
		}
	}
}

static void test_a_frontier_loaded_from_a_store_goes_on_growing(void **state)
{
	(void)state;
	for (size_t n = 0; n < LEAVES; n++) {
		struct naive_store store = store_of(n);
		struct told_frontier frontier;
		assert_int_equal(told_frontier_load(naive_node, &store, n, &frontier), TOLD_OK);
		told_frontier_append(&frontier, &leaves[n], NULL, NULL);
		told_hash got, want = naive_root(leaves, n + 1);
		told_frontier_root(&frontier, &got);
		assert_true(told_hash_equal(&got, &want));
	}
}

/* Breaks a proof of one leaf in every part of it. */
static void break_inclusion(size_t index, size_t size, const told_hash *path, size_t count, told_hash root)
{
	told_hash bad[TOLD_PROOF_MAX + 1], leaf = leaves[index];
	memcpy(bad, path, sizeof bad);
	naive_flip(&leaf, 1, told_test_random(&seed));
	assert_int_equal(told_inclusion_check(&leaf, index, size, path, count, &root), TOLD_E_PROOF);
	assert_int_equal(told_inclusion_check(&leaves[index], index, size, path, count + 1, &root), TOLD_E_PROOF);
	assert_int_equal(told_inclusion_check(&leaves[index], index + size, size, path, count, &root), TOLD_E_PROOF);
	if (count > 0) {
		naive_flip(bad, count, told_test_random(&seed));
		assert_int_equal(told_inclusion_check(&leaves[index], index, size, bad, count, &root), TOLD_E_PROOF);
		assert_int_equal(told_inclusion_check(&leaves[index], index, size, path, count - 1, &root),
				 TOLD_E_PROOF);
		assert_int_equal(told_inclusion_check(&leaves[index], index ^ 1, size, path, count, &root),
				 TOLD_E_PROOF);
	}
	naive_flip(&root, 1, told_test_random(&seed));
	assert_int_equal(told_inclusion_check(&leaves[index], index, size, path, count, &root), TOLD_E_PROOF);
}

static void test_every_inclusion_proof_is_the_recursive_one_and_breaks_with_one_bit(void **state)
{
	(void)state;
	for (size_t size = 1; size <= SIZES; size++) {
		told_hash root = naive_root(leaves, size);
		struct naive_store store = store_of(size);
		for (size_t index = 0; index < size; index++) {
			told_hash want[TOLD_PROOF_MAX + 1] = {0}, got[TOLD_PROOF_MAX];
			size_t count, wanted = naive_path(leaves, size, index, want);
			told_merkle_path(leaves, size, index, got, &count);
			assert_int_equal(count, wanted);
			assert_hashes_equal(got, want, count);
			assert_int_equal(told_tree_inclusion(naive_node, &store, index, size, got, &count), TOLD_OK);
			assert_int_equal(count, wanted);
			assert_hashes_equal(got, want, count);
			assert_int_equal(told_inclusion_check(&leaves[index], index, size, want, count, &root),
					 TOLD_OK);
			break_inclusion(index, size, want, count, root);
		}
	}
}

static void break_consistency(size_t m, size_t n, const told_hash *path, size_t count, told_hash old, told_hash new)
{
	told_hash bad[TOLD_PROOF_MAX + 1], bad_old = old, bad_new = new;
	memcpy(bad, path, sizeof bad);
	naive_flip(&bad_old, 1, told_test_random(&seed));
	naive_flip(&bad_new, 1, told_test_random(&seed));
	assert_int_equal(told_consistency_check(m, &bad_old, n, &new, path, count), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(m, &old, n, &bad_new, path, count), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(m, &old, n, &new, path, count + 1), TOLD_E_PROOF);
	if (m != n)
		assert_int_equal(told_consistency_check(n, &new, m, &old, path, count), TOLD_E_PROOF);
	if (count == 0)
		return;
	naive_flip(bad, count, told_test_random(&seed));
	assert_int_equal(told_consistency_check(m, &old, n, &new, bad, count), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(m, &old, n, &new, path, count - 1), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(m, &old, n, &new, path, 0), TOLD_E_PROOF);
}

static void test_every_consistency_proof_is_the_recursive_one_and_breaks_with_one_bit(void **state)
{
	(void)state;
	for (size_t n = 1; n <= SIZES; n++) {
		told_hash new = naive_root(leaves, n);
		struct naive_store store = store_of(n);
		for (size_t m = 1; m <= n; m++) {
			told_hash want[TOLD_PROOF_MAX + 1] = {0}, got[TOLD_PROOF_MAX], old = naive_root(leaves, m);
			size_t count, wanted = naive_subproof(leaves, n, m, true, want);
			assert_int_equal(told_tree_consistency(naive_node, &store, m, n, got, &count), TOLD_OK);
			assert_int_equal(count, wanted);
			assert_hashes_equal(got, want, count);
			assert_int_equal(told_consistency_check(m, &old, n, &new, want, count), TOLD_OK);
			break_consistency(m, n, want, count, old, new);
		}
	}
}

/* evidence.md 2.1: the verifier knows no proof from nothing, and none backwards. */
static void test_the_edges_of_consistency_are_refused(void **state)
{
	(void)state;
	told_hash empty = naive_root(leaves, 0), one = naive_root(leaves, 1), two = naive_root(leaves, 2);
	assert_int_equal(told_consistency_check(0, &empty, 0, &empty, NULL, 0), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(0, &empty, 1, &one, NULL, 0), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(0, &empty, 1, &one, &one, 1), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(1, &one, 1, &one, NULL, 0), TOLD_OK);
	assert_int_equal(told_consistency_check(1, &one, 1, &two, NULL, 0), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(1, &one, 1, &one, &one, 1), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(1, &one, 2, &two, NULL, 0), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(2, &two, 1, &one, NULL, 0), TOLD_E_PROOF);
	assert_int_equal(told_inclusion_check(&one, 0, 0, NULL, 0, &one), TOLD_E_PROOF);
	assert_int_equal(told_inclusion_check(&one, UINT64_MAX, UINT64_MAX, NULL, 0, &one), TOLD_E_PROOF);
}

/* Roots made to fit: the hashes lead where they should, but the proof has a hash too few or too many for the size. */
static void test_a_proof_of_the_wrong_length_fails_even_where_its_hashes_lead_to_the_root(void **state)
{
	(void)state;
	told_hash path[TOLD_PROOF_MAX], four = naive_root(leaves, 4), one = leaves[0], right, left;
	size_t count = naive_path(leaves, 4, 0, path);
	assert_int_equal(told_inclusion_check(&leaves[0], 0, 4, path, count, &four), TOLD_OK);
	assert_int_equal(told_inclusion_check(&leaves[0], 0, 8, path, count, &four), TOLD_E_PROOF);
	assert_int_equal(told_inclusion_check(&leaves[0], 0, 2, path, count, &four), TOLD_E_PROOF);
	told_node_hash(&one, &leaves[7], &right);
	told_node_hash(&leaves[7], &one, &left);
	assert_int_equal(told_inclusion_check(&one, 0, 1, &leaves[7], 1, &right), TOLD_E_PROOF);
	assert_int_equal(told_inclusion_check(&one, 0, 1, &leaves[7], 1, &left), TOLD_E_PROOF);

	count = naive_subproof(leaves, 4, 2, true, path);
	told_hash two = naive_root(leaves, 2);
	assert_int_equal(told_consistency_check(2, &two, 4, &four, path, count), TOLD_OK);
	assert_int_equal(told_consistency_check(2, &two, 8, &four, path, count), TOLD_E_PROOF);
	path[count] = leaves[9];
	told_node_hash(&four, &leaves[9], &right);
	assert_int_equal(told_consistency_check(2, &two, 4, &right, path, count + 1), TOLD_E_PROOF);
	told_node_hash(&leaves[9], &four, &left);
	told_node_hash(&leaves[9], &two, &right);
	assert_int_equal(told_consistency_check(2, &right, 4, &left, path, count + 1), TOLD_E_PROOF);
	assert_int_equal(told_consistency_check(3, &two, 5, &four, NULL, 0), TOLD_E_PROOF);
}

static void test_a_store_is_asked_only_for_what_can_exist_and_its_failures_come_back(void **state)
{
	(void)state;
	told_hash path[TOLD_PROOF_MAX], root;
	struct told_frontier frontier;
	size_t count = 9;
	struct naive_store store = store_of(5);
	assert_int_equal(told_tree_inclusion(naive_node, &store, 6, 6, path, &count), TOLD_E_USAGE);
	assert_int_equal(count, 0);
	assert_int_equal(told_tree_inclusion(naive_node, &store, 0, 8, path, &count), TOLD_E_NOT_FOUND);
	assert_int_equal(told_tree_consistency(naive_node, &store, 0, 5, path, &count), TOLD_E_USAGE);
	assert_int_equal(told_tree_consistency(naive_node, &store, 6, 5, path, &count), TOLD_E_USAGE);
	assert_int_equal(told_tree_consistency(naive_node, &store, 2, 7, path, &count), TOLD_E_NOT_FOUND);
	assert_int_equal(told_tree_root(naive_node, &store, 6, &root), TOLD_E_NOT_FOUND);
	assert_int_equal(told_tree_root(naive_node, &store, UINT64_MAX, &root), TOLD_E_LIMIT);
	assert_int_equal(told_frontier_load(naive_node, &store, 7, &frontier), TOLD_E_NOT_FOUND);
	assert_int_equal(frontier.size, 0);
}

/* A tree whose leaves are all alike has one hash for each level, so its proofs can be made at any size. */
static enum told_status same_node(void *ctx, unsigned level, uint64_t index, told_hash *out)
{
	(void)index;
	*out = ((const told_hash *)ctx)[level];
	return TOLD_OK;
}

static void test_the_largest_trees_have_proofs_that_fit(void **state)
{
	(void)state;
	told_hash levels[64], path[TOLD_PROOF_MAX], root, old;
	levels[0] = leaves[0];
	for (unsigned i = 1; i < 64; i++)
		told_node_hash(&levels[i - 1], &levels[i - 1], &levels[i]);
	for (int i = 0; i < 500; i++) {
		uint64_t size = told_test_random(&seed) >> 1 >> (i % 62);
		size = i == 0 ? INT64_MAX : size + 1 - (size == INT64_MAX);
		uint64_t index = i == 1 ? size - 1 : told_test_random(&seed) % size;
		size_t count;
		assert_int_equal(told_tree_root(same_node, levels, size, &root), TOLD_OK);
		assert_int_equal(told_tree_inclusion(same_node, levels, index, size, path, &count), TOLD_OK);
		assert_in_range(count, 0, 63);
		assert_int_equal(told_inclusion_check(&levels[0], index, size, path, count, &root), TOLD_OK);
		assert_int_equal(told_tree_root(same_node, levels, index + 1, &old), TOLD_OK);
		assert_int_equal(told_tree_consistency(same_node, levels, index + 1, size, path, &count), TOLD_OK);
		assert_in_range(count, 0, TOLD_PROOF_MAX);
		assert_int_equal(told_consistency_check(index + 1, &old, size, &root, path, count), TOLD_OK);
	}
}

int main(void)
{
	seed = told_test_seed();
	naive_leaves(leaves, LEAVES);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_root_is_the_recursive_one),
		cmocka_unit_test(test_a_frontier_grows_through_every_root_and_names_each_subtree_once),
		cmocka_unit_test(test_a_frontier_loaded_from_a_store_goes_on_growing),
		cmocka_unit_test(test_every_inclusion_proof_is_the_recursive_one_and_breaks_with_one_bit),
		cmocka_unit_test(test_every_consistency_proof_is_the_recursive_one_and_breaks_with_one_bit),
		cmocka_unit_test(test_the_edges_of_consistency_are_refused),
		cmocka_unit_test(test_a_proof_of_the_wrong_length_fails_even_where_its_hashes_lead_to_the_root),
		cmocka_unit_test(test_a_store_is_asked_only_for_what_can_exist_and_its_failures_come_back),
		cmocka_unit_test(test_the_largest_trees_have_proofs_that_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
