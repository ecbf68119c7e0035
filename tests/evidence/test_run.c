/* SPDX-License-Identifier: Apache-2.0 */
/* Every run of neighbouring leaves in every tree up to 40 leaves. */
#include "evidence/naive.h"

#include <string.h>

#define SIZES 40

static told_hash leaves[SIZES];
static uint64_t seed;

struct proof {
	told_hash leaves[SIZES + 1], left[TOLD_PROOF_MAX + 1], right[TOLD_PROOF_MAX + 1], root;
	size_t n, left_count, right_count;
	uint64_t first, size;
};

static enum told_status check(const struct proof *p)
{
	return told_run_check(p->leaves, p->n, p->first, p->size, p->left, p->left_count, p->right, p->right_count,
			      &p->root);
}

static struct proof prove(uint64_t first, size_t n, uint64_t size)
{
	struct proof p = {.root = naive_root(leaves, size), .n = n, .first = first, .size = size};
	struct naive_store store = {leaves, size};
	memcpy(p.leaves, leaves + first, n * sizeof *leaves);
	assert_int_equal(
		told_tree_run(naive_node, &store, first, n, size, p.left, &p.left_count, p.right, &p.right_count),
		TOLD_OK);
	return p;
}

/* One bit in any hash, one hash or leaf too many or too few, another place: nothing of that may pass. */
static void break_run(const struct proof *good)
{
	struct proof bad = *good;
	naive_flip(bad.leaves, bad.n, told_test_random(&seed));
	assert_int_equal(check(&bad), TOLD_E_PROOF);
	bad = *good;
	naive_flip(&bad.root, 1, told_test_random(&seed));
	assert_int_equal(check(&bad), TOLD_E_PROOF);
	bad = *good;
	if (bad.left_count > 0) {
		naive_flip(bad.left, bad.left_count, told_test_random(&seed));
		assert_int_equal(check(&bad), TOLD_E_PROOF);
		bad = *good;
		bad.left_count--;
		assert_int_equal(check(&bad), TOLD_E_PROOF);
		bad = *good;
		bad.first--;
		assert_int_equal(check(&bad), TOLD_E_PROOF);
	}
	bad = *good;
	if (bad.right_count > 0) {
		naive_flip(bad.right, bad.right_count, told_test_random(&seed));
		assert_int_equal(check(&bad), TOLD_E_PROOF);
		bad = *good;
		bad.right_count--;
		assert_int_equal(check(&bad), TOLD_E_PROOF);
	}
	bad = *good;
	bad.left_count++;
	assert_int_equal(check(&bad), TOLD_E_PROOF);
	bad = *good;
	bad.right_count++;
	assert_int_equal(check(&bad), TOLD_E_PROOF);
	bad = *good;
	bad.n--;
	assert_int_equal(check(&bad), TOLD_E_PROOF);
	bad = *good;
	bad.n++;
	assert_int_equal(check(&bad), TOLD_E_PROOF);
}

static void check_paths(const struct proof *p)
{
	for (size_t which = 0; which < p->n; which++) {
		told_hash want[TOLD_PROOF_MAX], got[TOLD_PROOF_MAX];
		size_t count, wanted = naive_path(leaves, p->size, p->first + which, want);
		assert_int_equal(told_run_path(p->leaves, p->n, p->first, p->size, p->left, p->left_count, p->right,
					       p->right_count, which, got, &count),
				 TOLD_OK);
		assert_int_equal(count, wanted);
		assert_hashes_equal(got, want, count);
	}
}

static void test_every_run_is_proved_breaks_with_one_bit_and_gives_each_leaf_its_path(void **state)
{
	(void)state;
	for (uint64_t size = 1; size <= SIZES; size++) {
		for (uint64_t first = 0; first < size; first++) {
			for (size_t n = 1; n <= size - first; n++) {
				struct proof p = prove(first, n, size);
				assert_int_equal(check(&p), TOLD_OK);
				break_run(&p);
				check_paths(&p);
			}
		}
	}
}

/* What told/proof.h says in words, for a tree of 13 and the run 5, 6. */
static void test_the_two_sides_are_the_subtrees_that_the_header_names(void **state)
{
	(void)state;
	struct proof p = prove(5, 2, 13);
	told_hash left[2] = {naive_root(leaves, 4), leaves[4]};
	told_hash right[3] = {leaves[7], naive_root(leaves + 8, 4), leaves[12]};
	assert_int_equal(p.left_count, 2);
	assert_hashes_equal(p.left, left, 2);
	assert_int_equal(p.right_count, 3);
	assert_hashes_equal(p.right, right, 3);
}

static void test_a_run_that_is_none_is_refused(void **state)
{
	(void)state;
	struct naive_store store = {leaves, SIZES};
	static const uint64_t bad[][3] = {{0, 0, 5}, {5, 1, 5},          {4, 2, 5},
					  {0, 1, 0}, {UINT64_MAX, 2, 5}, {1, UINT64_MAX, 5}};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct proof p = {.first = bad[i][0], .n = bad[i][1], .size = bad[i][2]};
		assert_int_equal(check(&p), TOLD_E_PROOF);
		assert_int_equal(told_tree_run(naive_node, &store, p.first, p.n, p.size, p.left, &p.left_count, p.right,
					       &p.right_count),
				 TOLD_E_USAGE);
	}
	struct proof p = prove(3, 4, 9);
	told_hash path[TOLD_PROOF_MAX];
	size_t count = 1;
	assert_int_equal(told_run_path(p.leaves, p.n, p.first, p.size, p.left, p.left_count, p.right, p.right_count, 4,
				       path, &count),
			 TOLD_E_USAGE);
	assert_int_equal(told_run_path(p.leaves, p.n, p.first, p.size, p.left, p.left_count, p.right, p.right_count + 1,
				       0, path, &count),
			 TOLD_E_PROOF);
	assert_int_equal(count, 0);
	store.size = 6;
	assert_int_equal(told_tree_run(naive_node, &store, 3, 2, 9, p.left, &p.left_count, p.right, &p.right_count),
			 TOLD_E_NOT_FOUND);
}

static enum told_status same_node(void *ctx, unsigned level, uint64_t index, told_hash *out)
{
	(void)index;
	*out = ((const told_hash *)ctx)[level];
	return TOLD_OK;
}

static void test_the_sides_of_a_run_fit_below_two_to_the_33_and_are_refused_beyond(void **state)
{
	(void)state;
	told_hash levels[64];
	levels[0] = leaves[0];
	for (unsigned i = 1; i < 64; i++)
		told_node_hash(&levels[i - 1], &levels[i - 1], &levels[i]);
	struct proof p = {.first = 0, .n = 1, .size = (UINT64_C(1) << 33) - 1, .leaves = {leaves[0]}};
	assert_int_equal(
		told_tree_run(same_node, levels, p.first, p.n, p.size, p.left, &p.left_count, p.right, &p.right_count),
		TOLD_OK);
	assert_int_equal(p.right_count, TOLD_PROOF_MAX);
	assert_int_equal(told_tree_root(same_node, levels, p.size, &p.root), TOLD_OK);
	assert_int_equal(check(&p), TOLD_OK);
	p.size = (UINT64_C(1) << 34) - 1;
	assert_int_equal(
		told_tree_run(same_node, levels, p.first, p.n, p.size, p.left, &p.left_count, p.right, &p.right_count),
		TOLD_E_LIMIT);
}

int main(void)
{
	seed = told_test_seed();
	naive_leaves(leaves, SIZES);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_run_is_proved_breaks_with_one_bit_and_gives_each_leaf_its_path),
		cmocka_unit_test(test_the_two_sides_are_the_subtrees_that_the_header_names),
		cmocka_unit_test(test_a_run_that_is_none_is_refused),
		cmocka_unit_test(test_the_sides_of_a_run_fit_below_two_to_the_33_and_are_refused_beyond),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
