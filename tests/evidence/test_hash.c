/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and HMAC by their published examples, and from several threads at once. */
#include "support/support.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "told/proof.h"

static void expect_hash(const told_hash *hash, const char *hex)
{
	char got[65];
	told_hex(hash->b, sizeof hash->b, got);
	assert_string_equal(got, hex);
}

static void test_sha256_is_that_of_fips_180(void **state)
{
	(void)state;
	told_hash hash;
	told_sha256(told_bytes(NULL, 0), &hash);
	expect_hash(&hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	told_sha256(told_text("abc"), &hash);
	expect_hash(&hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	told_sha256(told_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), &hash);
	expect_hash(&hash, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void test_parts_hash_like_the_whole(void **state)
{
	(void)state;
	told_hash whole, parts;
	told_sha256(told_text("abcdef"), &whole);
	told_sha256_parts((struct told_bytes[]){told_text("ab"), {NULL, 0}, told_text("cdef")}, 3, &parts);
	assert_true(told_hash_equal(&whole, &parts));
	told_sha256_parts(NULL, 0, &parts);
	told_sha256(told_bytes(NULL, 0), &whole);
	assert_true(told_hash_equal(&whole, &parts));
	assert_false(told_hash_equal(&(told_hash){{1}}, &(told_hash){{2}}));
}

/* RFC 4231 sections 4.2, 4.3, 4.7 and 4.8. */
static void test_hmac_is_that_of_rfc_4231(void **state)
{
	(void)state;
	uint8_t key[131];
	told_hash mac;
	memset(key, 0x0b, 20);
	told_hmac(told_bytes(key, 20), told_text("Hi There"), &mac);
	expect_hash(&mac, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	told_hmac(told_text("Jefe"), told_text("what do ya want for nothing?"), &mac);
	expect_hash(&mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	told_hmac(told_bytes(key, sizeof key), told_text("Test Using Larger Than Block-Size Key - Hash Key First"),
		  &mac);
	expect_hash(&mac, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	told_hmac(
		told_bytes(key, sizeof key),
		told_text(
			"This is a test using a larger than block-size key and a larger than block-size data. The key "
			"needs to be hashed before being used by the HMAC algorithm."),
		&mac);
	expect_hash(&mac, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

static void test_an_empty_hmac_key_and_a_block_long_one_work(void **state)
{
	(void)state;
	uint8_t block[65] = {0};
	told_hash none, zeros, longer;
	told_hmac(told_bytes(NULL, 0), told_text("x"), &none);
	told_hmac(told_bytes(block, 64), told_text("x"), &zeros);
	told_hmac(told_bytes(block, 65), told_text("x"), &longer);
	assert_true(told_hash_equal(&none, &zeros));
	assert_false(told_hash_equal(&none, &longer));
}

static void *chain(void *ctx)
{
	told_hash *hash = ctx;
	for (int i = 0; i < 2000; i++)
		told_node_hash(hash, hash, hash);
	return NULL;
}

static void test_threads_do_not_disturb_each_other(void **state)
{
	(void)state;
	told_hash hashes[4] = {{{1}}, {{2}}, {{3}}, {{4}}}, alone[4] = {{{1}}, {{2}}, {{3}}, {{4}}};
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, chain, &hashes[i]), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (int i = 0; i < 4; i++) {
		chain(&alone[i]);
		assert_true(told_hash_equal(&hashes[i], &alone[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256_is_that_of_fips_180),
		cmocka_unit_test(test_parts_hash_like_the_whole),
		cmocka_unit_test(test_hmac_is_that_of_rfc_4231),
		cmocka_unit_test(test_an_empty_hmac_key_and_a_block_long_one_work),
		cmocka_unit_test(test_threads_do_not_disturb_each_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
