/* SPDX-License-Identifier: Apache-2.0 */
/* Batches: every size and index verifies, everything else is refused, and the signed bytes are pinned. */
#include "proto/seal_cases.h"

struct batch {
	uint8_t seed[32], key[32], signature[64];
	struct told_signer *signer;
	struct told_verifier *verifier;
	told_hash leaves[TOLD_BATCH_MAX];
	told_hash paths[TOLD_BATCH_MAX * TOLD_PATH_MAX];
	size_t path_counts[TOLD_BATCH_MAX];
};

static struct batch batch;

static int set_up(void **state)
{
	(void)state;
	count_up(batch.seed, sizeof batch.seed, 1);
	if (told_ed25519_public(batch.seed, batch.key) != TOLD_OK)
		return -1;
	if (told_signer_new(batch.seed, &batch.signer) != TOLD_OK)
		return -1;
	if (told_verifier_new(batch.key, &batch.verifier) != TOLD_OK)
		return -1;
	for (size_t i = 0; i < TOLD_BATCH_MAX; i++) {
		uint8_t header[2] = {(uint8_t)(i >> 8), (uint8_t)i};
		told_header_leaf(told_text("REFERRAL"), told_bytes(header, sizeof header), &batch.leaves[i]);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	told_signer_free(batch.signer);
	told_verifier_free(batch.verifier);
	return 0;
}

static void sign(uint32_t count)
{
	assert_int_equal(told_batch_sign(batch.signer, batch.key, batch.leaves, count, batch.signature, batch.paths,
					 batch.path_counts),
			 TOLD_OK);
}

static told_hash *path_of(uint32_t index)
{
	return &batch.paths[index * TOLD_PATH_MAX];
}

static enum told_status check(uint32_t count, uint32_t index)
{
	return told_batch_check(batch.verifier, batch.key, &batch.leaves[index], count, index, path_of(index),
				batch.path_counts[index], batch.signature);
}

/* Values from another implementation, written from protocol.md alone. */
static void test_the_signed_bytes_are_those_of_the_protocol(void **state)
{
	(void)state;
	uint8_t key[32];
	struct told_buf text = TOLD_BUF(256);
	told_hash leaf, id, root, digest;
	told_header_leaf(told_text("REFERRAL"), told_text("a header"), &leaf);
	assert_hex(leaf.b, sizeof leaf.b, "bb7364944e435c832631f5f9905d0d687870d8f74abb6c31a2213589ef5b0fc7");

	from_hex("605a725d2a4adfeeb1a29e17edd621c1b7593ee8cdbc44ac6c4ab6e2f805d23c", key, sizeof key);
	told_key_id(key, &id);
	told_sha256(told_text("root"), &root);
	told_batch_text(&id, 3, &root, &text);
	assert_int_equal(text.status, TOLD_OK);
	assert_int_equal(text.len, 4 + 12 + 32 + 4 + 32);
	told_sha256(told_buf_view(&text), &digest);
	assert_hex(digest.b, sizeof digest.b, "977764e762a0e77d12f2fdb73e2ac4d5f3b7ea049ea2894557e92b558b83a8d5");
	told_buf_free(&text);
}

static void test_a_leaf_is_that_of_rfc_6962_over_the_preimage(void **state)
{
	(void)state;
	struct told_buf preimage = TOLD_BUF(TOLD_HEADER_MAX_BYTES + 64);
	uint8_t *header = calloc(1, TOLD_HEADER_MAX_BYTES);
	assert_non_null(header);
	const size_t sizes[] = {0, 1, 1000, TOLD_HEADER_MAX_BYTES};
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		told_hash a, b;
		preimage.len = 0;
		told_buf_put_part(&preimage, told_text("told/1/ACK"));
		told_buf_put_part(&preimage, told_bytes(header, sizes[i]));
		assert_int_equal(preimage.status, TOLD_OK);
		told_leaf_hash(told_buf_view(&preimage), &a);
		told_header_leaf(told_text("ACK"), told_bytes(header, sizes[i]), &b);
		assert_memory_equal(&a, &b, sizeof a);
	}
	free(header);
	told_buf_free(&preimage);
}

static void test_the_type_is_part_of_the_leaf(void **state)
{
	(void)state;
	told_hash a, b;
	told_header_leaf(told_text("HOLD"), told_text("header"), &a);
	told_header_leaf(told_text("FLAG"), told_text("header"), &b);
	assert_memory_not_equal(&a, &b, sizeof a);
	told_header_leaf(told_text("HOL"), told_text("Dheader"), &b);
	assert_memory_not_equal(&a, &b, sizeof a);
}

static void test_paths_and_root_are_those_of_rfc_6962_for_every_size_and_index(void **state)
{
	(void)state;
	for (uint32_t count = 1; count <= TOLD_BATCH_MAX; count++) {
		told_hash expected[TOLD_PROOF_MAX], root, reached;
		size_t expected_count;
		sign(count);
		told_merkle_root(batch.leaves, count, &root);
		for (uint32_t i = 0; i < count; i++) {
			size_t n = batch.path_counts[i];
			if (i % 16 == 0 || i + 2 >= count) { /* the reference path hashes the whole tree each time */
				told_merkle_path(batch.leaves, count, i, expected, &expected_count);
				assert_int_equal(n, expected_count);
				assert_memory_equal(path_of(i), expected, n * sizeof *expected);
			}
			assert_int_equal(told_batch_root(&batch.leaves[i], count, i, path_of(i), n, &reached), TOLD_OK);
			assert_memory_equal(&reached, &root, sizeof root);
		}
		assert_int_equal(check(count, 0), TOLD_OK);
		assert_int_equal(check(count, count - 1), TOLD_OK);
	}
}

static void test_every_message_of_a_full_batch_verifies_alone(void **state)
{
	(void)state;
	sign(TOLD_BATCH_MAX);
	for (uint32_t i = 0; i < TOLD_BATCH_MAX; i++)
		assert_int_equal(check(TOLD_BATCH_MAX, i), TOLD_OK);
}

static void test_a_batch_of_one_is_a_tree_of_one(void **state)
{
	(void)state;
	told_hash root;
	sign(1);
	assert_int_equal(batch.path_counts[0], 0);
	assert_int_equal(told_batch_root(&batch.leaves[0], 1, 0, NULL, 0, &root), TOLD_OK);
	assert_memory_equal(&root, &batch.leaves[0], sizeof root);
	assert_int_equal(told_batch_check(batch.verifier, batch.key, &batch.leaves[0], 1, 0, NULL, 0, batch.signature),
			 TOLD_OK);
}

static void test_each_flipped_bit_of_leaf_path_signature_or_key_id_is_refused(void **state)
{
	(void)state;
	const uint32_t count = 11, index = 5;
	uint8_t key[32];
	sign(count);
	memcpy(key, batch.key, sizeof key);
	const struct {
		uint8_t *data;
		size_t len;
	} targets[] = {
		{batch.leaves[index].b, TOLD_HASH_BYTES},
		{path_of(index)->b, batch.path_counts[index] * TOLD_HASH_BYTES},
		{batch.signature, TOLD_SIGNATURE_BYTES},
		{batch.key, TOLD_KEY_BYTES},
	};
	for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
		for (size_t bit = 0; bit < targets[t].len * 8; bit++) {
			flip(targets[t].data, bit);
			assert_int_equal(check(count, index), TOLD_E_SIGNATURE);
			flip(targets[t].data, bit);
		}
	}
	assert_int_equal(check(count, index), TOLD_OK);
}

static void test_a_wrong_count_or_index_is_refused(void **state)
{
	(void)state;
	const uint32_t counts[] = {1, 2, 3, 7, 8, 11, 255, 256};
	for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
		uint32_t right = counts[c], index = right / 2;
		sign(right);
		for (uint32_t count = 0; count <= TOLD_BATCH_MAX + 1; count++) {
			enum told_status status = check(count, index);
			if (count == 0 || count > TOLD_BATCH_MAX || index >= count)
				assert_int_equal(status, TOLD_E_MALFORMED);
			else if (count != right)
				assert_true(status == TOLD_E_PROOF || status == TOLD_E_SIGNATURE);
			else
				assert_int_equal(status, TOLD_OK);
		}
		for (uint32_t other = 0; other < right; other++) {
			enum told_status status =
				told_batch_check(batch.verifier, batch.key, &batch.leaves[index], right, other,
						 path_of(index), batch.path_counts[index], batch.signature);
			if (other == index)
				assert_int_equal(status, TOLD_OK);
			else
				assert_true(status == TOLD_E_PROOF || status == TOLD_E_SIGNATURE);
		}
	}
}

static void test_a_path_that_is_too_short_or_too_long_is_refused(void **state)
{
	(void)state;
	for (uint32_t count = 1; count <= 9; count++) {
		sign(count);
		for (size_t n = 0; n <= TOLD_PATH_MAX + 1; n++) {
			/* No longer than needed, so that a sanitizer sees a step too far. */
			told_hash *path = malloc(n * sizeof *path + 1);
			told_hash root;
			assert_non_null(path);
			memset(path, 0, n * sizeof *path);
			for (uint32_t i = 0; i < count; i++) {
				if (n != batch.path_counts[i])
					assert_int_equal(told_batch_root(&batch.leaves[i], count, i, path, n, &root),
							 TOLD_E_PROOF);
			}
			free(path);
		}
	}
}

static void test_a_batch_of_none_or_too_many_is_not_signed(void **state)
{
	(void)state;
	const uint32_t counts[] = {0, TOLD_BATCH_MAX + 1, UINT32_MAX};
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(told_batch_sign(batch.signer, batch.key, batch.leaves, counts[i], batch.signature,
						 batch.paths, batch.path_counts),
				 TOLD_E_MALFORMED);
}

/* An inner node is no leaf: offered as one, with the rest of the path, it must not pass for a message. */
static void test_an_inner_node_does_not_pass_for_a_message(void **state)
{
	(void)state;
	told_hash inner;
	sign(4);
	told_node_hash(&batch.leaves[0], &batch.leaves[1], &inner);
	assert_int_equal(told_batch_check(batch.verifier, batch.key, &inner, 2, 0, path_of(0) + 1, 1, batch.signature),
			 TOLD_E_SIGNATURE);
	assert_int_equal(told_batch_check(batch.verifier, batch.key, &inner, 4, 0, path_of(0) + 1, 1, batch.signature),
			 TOLD_E_PROOF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_signed_bytes_are_those_of_the_protocol),
		cmocka_unit_test(test_a_leaf_is_that_of_rfc_6962_over_the_preimage),
		cmocka_unit_test(test_the_type_is_part_of_the_leaf),
		cmocka_unit_test(test_paths_and_root_are_those_of_rfc_6962_for_every_size_and_index),
		cmocka_unit_test(test_every_message_of_a_full_batch_verifies_alone),
		cmocka_unit_test(test_a_batch_of_one_is_a_tree_of_one),
		cmocka_unit_test(test_each_flipped_bit_of_leaf_path_signature_or_key_id_is_refused),
		cmocka_unit_test(test_a_wrong_count_or_index_is_refused),
		cmocka_unit_test(test_a_path_that_is_too_short_or_too_long_is_refused),
		cmocka_unit_test(test_a_batch_of_none_or_too_many_is_not_signed),
		cmocka_unit_test(test_an_inner_node_does_not_pass_for_a_message),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
