/* SPDX-License-Identifier: Apache-2.0 */
/* Names of keys, and X25519: the vectors of RFC 7748, and every key that must be refused. */
#include "proto/seal_cases.h"

#include "proto/seal_x25519.h"

#define ALICE     "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"
#define ALICE_KEY "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
#define BOB       "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
#define BOB_KEY   "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
#define SHARED    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"

static void assert_agrees(const char *secret_hex, const char *peer_hex, const char *own_hex, const char *shared_hex)
{
	uint8_t secret[32], peer[32], own[32], shared[32];
	from_hex(secret_hex, secret, sizeof secret);
	from_hex(peer_hex, peer, sizeof peer);
	assert_int_equal(told_x25519_agree(secret, peer, own, shared), TOLD_OK);
	if (own_hex != NULL)
		assert_hex(own, sizeof own, own_hex);
	assert_hex(shared, sizeof shared, shared_hex);
}

static void test_both_sides_reach_the_shared_secret_of_rfc_7748(void **state)
{
	(void)state;
	assert_agrees(ALICE, BOB_KEY, ALICE_KEY, SHARED);
	assert_agrees(BOB, ALICE_KEY, BOB_KEY, SHARED);
	assert_agrees("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
		      "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", NULL,
		      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
}

static void test_a_thousand_rounds_end_where_rfc_7748_says(void **state)
{
	(void)state;
	uint8_t k[32] = {9}, u[32] = {9}, own[32], next[32];
	for (int round = 1; round <= 1000; round++) {
		assert_int_equal(told_x25519_agree(k, u, own, next), TOLD_OK);
		memcpy(u, k, sizeof u);
		memcpy(k, next, sizeof k);
		if (round == 1)
			assert_hex(k, 32, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
	}
	assert_hex(k, 32, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

static void test_a_public_key_is_that_of_its_secret(void **state)
{
	(void)state;
	uint8_t secret[32], key[32];
	from_hex(ALICE, secret, sizeof secret);
	assert_int_equal(told_x25519_public(secret, key), TOLD_OK);
	assert_hex(key, sizeof key, ALICE_KEY);
	assert_int_equal(told_x25519_key_check(key), TOLD_OK);
}

/* Everything that leads to a predictable result, and every second spelling of a key. */
static const char *const unsafe_keys[] = {
	"0000000000000000000000000000000000000000000000000000000000000000", /* 0 */
	"0100000000000000000000000000000000000000000000000000000000000000", /* 1 */
	"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800", /* order 8 */
	"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157", /* order 8 */
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* p - 1 */
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* p */
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* p + 1 */
	"f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* p + 9, the base point again */
	"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* 2^255 - 1 */
	"0900000000000000000000000000000000000000000000000000000000000080", /* the top bit, which X25519 ignores */
	"e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", /* RFC 7748's own example of that */
	"cdeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880", /* order 8, top bit */
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", /* p - 1, top bit */
};

static void test_small_order_and_second_spellings_of_keys_are_refused(void **state)
{
	(void)state;
	uint8_t secret[32], peer[32], own[32], shared[32];
	count_up(secret, sizeof secret, 1);
	for (size_t i = 0; i < sizeof unsafe_keys / sizeof unsafe_keys[0]; i++) {
		from_hex(unsafe_keys[i], peer, sizeof peer);
		assert_int_equal(told_x25519_key_check(peer), TOLD_E_KEY);
		memset(own, 0xee, sizeof own);
		memset(shared, 0xee, sizeof shared);
		assert_int_equal(told_x25519_agree(secret, peer, own, shared), TOLD_E_KEY);
		assert_zero(own, sizeof own);
		assert_zero(shared, sizeof shared);
	}
}

static void test_keys_next_to_the_unsafe_ones_are_taken(void **state)
{
	(void)state;
	uint8_t key[32] = {2};
	assert_int_equal(told_x25519_key_check(key), TOLD_OK);
	from_hex("ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", key, sizeof key); /* p - 2 */
	assert_int_equal(told_x25519_key_check(key), TOLD_OK);
	from_hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe7f", key, sizeof key);
	assert_int_equal(told_x25519_key_check(key), TOLD_OK);
}

static void test_a_key_is_named_by_its_sha256(void **state)
{
	(void)state;
	uint8_t key[32] = {0};
	told_hash id;
	char fingerprint[72];
	told_key_id(key, &id);
	assert_hex(id.b, sizeof id.b, "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
	memset(fingerprint, 'x', sizeof fingerprint);
	told_fingerprint(key, fingerprint);
	assert_string_equal(fingerprint, "SHA256:66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_sides_reach_the_shared_secret_of_rfc_7748),
		cmocka_unit_test(test_a_thousand_rounds_end_where_rfc_7748_says),
		cmocka_unit_test(test_a_public_key_is_that_of_its_secret),
		cmocka_unit_test(test_small_order_and_second_spellings_of_keys_are_refused),
		cmocka_unit_test(test_keys_next_to_the_unsafe_ones_are_taken),
		cmocka_unit_test(test_a_key_is_named_by_its_sha256),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
