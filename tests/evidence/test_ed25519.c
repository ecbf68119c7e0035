/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 by the examples of RFC 8032, and the keys and signatures that must not be believed. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "told/proof.h"

static void unhex(const char *hex, uint8_t *out, size_t len)
{
	assert_int_equal(told_unhex(told_text(hex), out, len), TOLD_OK);
}

struct example {
	const char *seed, *key, *message, *signature;
};

/* RFC 8032 section 7.1, tests 1 to 3. */
static const struct example examples[] = {
	{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	 "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bb"
	 "e2465"
	 "5141438e7a100b"},
	{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	 "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	 "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302"
	 "aeeb0"
	 "0d291612bb0c00"},
	{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	 "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
	 "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed"
	 "28dc0"
	 "27beceea1ec40a"},
};

static void test_keys_and_signatures_are_those_of_rfc_8032(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
		const struct example *e = &examples[i];
		uint8_t seed[32], key[32], want_key[32], want[64], signature[64], text[2];
		struct told_bytes message = told_bytes(text, strlen(e->message) / 2);
		unhex(e->seed, seed, 32);
		unhex(e->key, want_key, 32);
		unhex(e->message, text, message.len);
		unhex(e->signature, want, 64);
		assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
		assert_memory_equal(key, want_key, 32);
		assert_int_equal(told_ed25519_sign(seed, message, signature), TOLD_OK);
		assert_memory_equal(signature, want, 64);
		assert_int_equal(told_ed25519_verify(key, message, signature), TOLD_OK);
	}
}

static void test_one_flipped_bit_anywhere_breaks_a_signature(void **state)
{
	(void)state;
	uint8_t seed[32] = {9}, key[32], signature[64], message[40] = "the quick brown fox";
	struct told_bytes text = told_bytes(message, sizeof message);
	struct told_verifier *verifier = NULL;
	assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
	assert_int_equal(told_ed25519_sign(seed, text, signature), TOLD_OK);
	assert_int_equal(told_verifier_new(key, &verifier), TOLD_OK);
	for (unsigned bit = 0; bit < 512; bit++) {
		signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(told_verifier_check(verifier, text, signature), TOLD_E_SIGNATURE);
		signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (unsigned bit = 0; bit < 320; bit++) {
		message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(told_verifier_check(verifier, text, signature), TOLD_E_SIGNATURE);
		message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	assert_int_equal(told_verifier_check(verifier, text, signature), TOLD_OK);
	assert_int_equal(told_verifier_check(verifier, told_bytes(message, 39), signature), TOLD_E_SIGNATURE);
	for (unsigned bit = 0; bit < 256; bit++) {
		key[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_not_equal(told_ed25519_verify(key, text, signature), TOLD_OK);
		key[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	told_verifier_free(verifier);
	told_verifier_free(NULL);
}

/* L, the order of the group, little-endian: S + L is the same scalar in a second form. */
static void test_a_signature_has_no_second_form(void **state)
{
	(void)state;
	static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
					  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
					  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
	uint8_t seed[32] = {3}, key[32], signature[64];
	assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
	assert_int_equal(told_ed25519_sign(seed, told_text("x"), signature), TOLD_OK);
	unsigned carry = 0;
	for (size_t i = 0; i < 32; i++) {
		carry += (unsigned)signature[32 + i] + order[i];
		signature[32 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	assert_int_equal(told_ed25519_verify(key, told_text("x"), signature), TOLD_E_SIGNATURE);
}

/* The eight points of small order, and their second forms: y + p where that fits, and x = 0 with a sign. */
static const char *const unsafe[] = {
	"0100000000000000000000000000000000000000000000000000000000000000",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0000000000000000000000000000000000000000000000000000000000000080",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	"0100000000000000000000000000000000000000000000000000000000000080",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

static void test_small_order_keys_are_refused_whatever_they_sign(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof unsafe / sizeof unsafe[0]; i++) {
		uint8_t key[32], signature[64] = {1};
		struct told_verifier *verifier = NULL;
		unhex(unsafe[i], key, 32);
		assert_int_equal(told_ed25519_key_check(key), TOLD_E_KEY);
		assert_int_equal(told_verifier_new(key, &verifier), TOLD_E_KEY);
		assert_null(verifier);
		assert_int_equal(told_ed25519_verify(key, told_text("any"), signature), TOLD_E_KEY);
	}
}

static void test_every_y_that_is_not_canonical_is_refused(void **state)
{
	(void)state;
	uint8_t key[32];
	memset(key, 0xff, sizeof key);
	for (unsigned low = 0xed; low <= 0xff; low++) {
		key[0] = (uint8_t)low;
		key[31] = 0x7f;
		assert_int_equal(told_ed25519_key_check(key), TOLD_E_KEY);
		key[31] = 0xff;
		assert_int_equal(told_ed25519_key_check(key), TOLD_E_KEY);
	}
	key[0] = 0xeb;
	assert_int_equal(told_ed25519_key_check(key), TOLD_OK);
	key[0] = 0xff;
	key[17] = 0xfe;
	assert_int_equal(told_ed25519_key_check(key), TOLD_OK);
}

static void test_a_signer_signs_again_and_again(void **state)
{
	(void)state;
	uint8_t seed[32] = {5}, key[32], once[64], again[64];
	struct told_signer *signer = NULL;
	assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
	assert_int_equal(told_signer_new(seed, &signer), TOLD_OK);
	for (uint8_t i = 0; i < 20; i++) {
		assert_int_equal(told_signer_sign(signer, told_bytes(&i, 1), again), TOLD_OK);
		assert_int_equal(told_ed25519_sign(seed, told_bytes(&i, 1), once), TOLD_OK);
		assert_memory_equal(once, again, 64);
		assert_int_equal(told_ed25519_verify(key, told_bytes(&i, 1), again), TOLD_OK);
	}
	told_signer_free(signer);
	told_signer_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_and_signatures_are_those_of_rfc_8032),
		cmocka_unit_test(test_one_flipped_bit_anywhere_breaks_a_signature),
		cmocka_unit_test(test_a_signature_has_no_second_form),
		cmocka_unit_test(test_small_order_keys_are_refused_whatever_they_sign),
		cmocka_unit_test(test_every_y_that_is_not_canonical_is_refused),
		cmocka_unit_test(test_a_signer_signs_again_and_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
