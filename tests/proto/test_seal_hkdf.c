/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes over parts, HMAC and HKDF: the vectors of RFC 4231 and RFC 5869, and what joins and threads may not change. */
#include "proto/seal_cases.h"

#include "proto/seal_hkdf.h"

#include <pthread.h>

static void assert_hkdf(const char *salt_hex, const char *ikm_hex, const char *info_hex, const char *okm_hex)
{
	struct told_bytes salt = told_test_hex(salt_hex), ikm = told_test_hex(ikm_hex), info = told_test_hex(info_hex);
	uint8_t out[255 * 32];
	size_t len = strlen(okm_hex) / 2;
	assert_int_equal(told_hkdf(salt, ikm, info, out, len), TOLD_OK);
	assert_hex(out, len, okm_hex);
	free((void *)(uintptr_t)salt.data);
	free((void *)(uintptr_t)ikm.data);
	free((void *)(uintptr_t)info.data);
}

static void test_hkdf_gives_the_output_of_rfc_5869(void **state)
{
	(void)state;
	assert_hkdf("000102030405060708090a0b0c", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		    "f0f1f2f3f4f5f6f7f8f9",
		    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
	assert_hkdf("606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
		    "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
		    "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
		    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
		    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
		    "404142434445464748494a4b4c4d4e4f",
		    "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
		    "d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
		    "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
		    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
		    "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
		    "cc30c58179ec3e87c14c01d5c1f3434f1d87");
	assert_hkdf("", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "",
		    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

static void test_hkdf_ends_at_255_blocks(void **state)
{
	(void)state;
	static uint8_t out[255 * 32 + 1], begin[64];
	struct told_bytes ikm = told_text("key material"), none = {0};
	memset(out, 0, sizeof out);
	assert_int_equal(told_hkdf(none, ikm, none, out, sizeof out), TOLD_E_LIMIT);
	assert_zero(out, sizeof out);
	assert_int_equal(told_hkdf(none, ikm, none, out, sizeof out - 1), TOLD_OK);
	assert_int_equal(told_hkdf(none, ikm, none, begin, sizeof begin), TOLD_OK);
	assert_memory_equal(out, begin, sizeof begin);
	assert_int_equal(out[sizeof out - 1], 0);
	assert_int_equal(told_hkdf(none, ikm, none, NULL, 0), TOLD_OK);
}

static void test_hmac_gives_the_output_of_rfc_4231_for_short_and_long_keys(void **state)
{
	(void)state;
	uint8_t long_key[131];
	told_hash out;
	struct told_parts parts = {0};
	told_parts_fixed(&parts, "what do ya want ", 16);
	told_parts_fixed(&parts, "for nothing?", 12);
	told_parts_hmac(told_text("Jefe"), &parts, &out);
	assert_hex(out.b, sizeof out.b, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");

	memset(long_key, 0xaa, sizeof long_key);
	parts.count = 0;
	struct told_bytes text = told_text("Test Using Larger Than Block-Size Key - Hash Key First");
	told_parts_fixed(&parts, text.data, text.len);
	told_parts_hmac(told_bytes(long_key, sizeof long_key), &parts, &out);
	assert_hex(out.b, sizeof out.b, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void test_a_hash_over_parts_is_the_hash_of_the_joined_bytes(void **state)
{
	(void)state;
	struct told_buf joined = TOLD_BUF(256);
	struct told_parts parts = {0};
	told_hash in_parts, at_once;

	told_buf_put_part(&joined, told_text("told/1/label"));
	told_buf_put(&joined, "fixed", 5);
	told_buf_put_u32(&joined, 0x01020304);
	told_buf_put_part(&joined, told_text(""));
	told_parts_label(&parts, "told/1/label");
	told_parts_fixed(&parts, "fixed", 5);
	told_parts_u32(&parts, 0x01020304);
	told_parts_put(&parts, told_text(NULL));
	told_parts_sha256(&parts, &in_parts);
	told_sha256(told_buf_view(&joined), &at_once);
	assert_int_equal(joined.status, TOLD_OK);
	assert_memory_equal(&in_parts, &at_once, sizeof at_once);

	told_parts_hmac(told_text("key"), &parts, &in_parts);
	told_hmac(told_text("key"), told_buf_view(&joined), &at_once);
	assert_memory_equal(&in_parts, &at_once, sizeof at_once);
	told_buf_free(&joined);
}

/* Each thread hashes its own chain; a shared context would mix them. */
static void *hash_chain(void *data)
{
	told_hash *link = data;
	for (int i = 0; i < 2000; i++) {
		struct told_parts parts = {0};
		told_parts_fixed(&parts, link->b, 16);
		told_parts_fixed(&parts, link->b + 16, 16);
		told_parts_sha256(&parts, link);
	}
	return NULL;
}

static void test_threads_do_not_disturb_each_other(void **state)
{
	(void)state;
	enum { THREADS = 4 };
	pthread_t thread[THREADS];
	told_hash link[THREADS] = {{{0}}}, alone;
	for (size_t i = 0; i < THREADS; i++) {
		link[i].b[0] = (uint8_t)i;
		assert_int_equal(pthread_create(&thread[i], NULL, hash_chain, &link[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(thread[i], NULL), 0);
		alone = (told_hash){{(uint8_t)i}};
		hash_chain(&alone);
		assert_memory_equal(&link[i], &alone, sizeof alone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hkdf_gives_the_output_of_rfc_5869),
		cmocka_unit_test(test_hkdf_ends_at_255_blocks),
		cmocka_unit_test(test_hmac_gives_the_output_of_rfc_4231_for_short_and_long_keys),
		cmocka_unit_test(test_a_hash_over_parts_is_the_hash_of_the_joined_bytes),
		cmocka_unit_test(test_threads_do_not_disturb_each_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
