/* SPDX-License-Identifier: Apache-2.0 */
/* The card's words: a slow key that both agents reach, and the proof that a person was present. */
#include "proto/seal_cases.h"

static const char words[] = "river candle orange seven";

/* Values from another implementation, written from protocol.md alone, over libsodium's Argon2id. */
static void test_words_and_reference_give_the_key_and_proof_of_the_protocol(void **state)
{
	(void)state;
	uint8_t ref[16], key[32];
	told_hash proof;
	count_up(ref, sizeof ref, 0x40);
	assert_int_equal(told_card_key(told_text(words), ref, key), TOLD_OK);
	assert_hex(key, sizeof key, "756cdc6826baf90620c4bff57ae266bb74a07d0871973466b096dade6696ef3a");
	told_presence_proof(key, told_text("a consent record"), &proof);
	assert_hex(proof.b, sizeof proof.b, "fbe2a3e1d09974f33c9aa3a6705d407827da409d71e56b47bcfe9327fee4ccb0");
}

static void test_another_reference_or_other_words_give_another_key(void **state)
{
	(void)state;
	uint8_t ref[16], key[32], other[32];
	count_up(ref, sizeof ref, 0x40);
	assert_int_equal(told_card_key(told_text(words), ref, key), TOLD_OK);
	assert_int_equal(told_card_key(told_text("river candle orange eight"), ref, other), TOLD_OK);
	assert_memory_not_equal(key, other, sizeof key);
	flip(ref, 0);
	assert_int_equal(told_card_key(told_text(words), ref, other), TOLD_OK);
	assert_memory_not_equal(key, other, sizeof key);
}

static void test_no_words_and_endless_words_are_refused_before_any_work(void **state)
{
	(void)state;
	static char endless[TOLD_TEXT_MAX_BYTES + 1];
	uint8_t ref[16] = {0}, key[32];
	memset(endless, 'a', sizeof endless);
	memset(key, 0xee, sizeof key);
	assert_int_equal(told_card_key(told_text(""), ref, key), TOLD_E_MALFORMED);
	assert_zero(key, sizeof key);
	memset(key, 0xee, sizeof key);
	assert_int_equal(told_card_key(told_bytes(endless, sizeof endless), ref, key), TOLD_E_LIMIT);
	assert_zero(key, sizeof key);
}

static void test_each_flipped_bit_of_key_or_record_changes_the_proof(void **state)
{
	(void)state;
	uint8_t key[32], record[40];
	told_hash proof, other;
	count_up(key, sizeof key, 1);
	count_up(record, sizeof record, 2);
	told_presence_proof(key, told_bytes(record, sizeof record), &proof);
	for (size_t bit = 0; bit < sizeof key * 8; bit++) {
		flip(key, bit);
		told_presence_proof(key, told_bytes(record, sizeof record), &other);
		assert_false(told_equal_secret(&proof, &other, sizeof proof));
		flip(key, bit);
	}
	for (size_t bit = 0; bit < sizeof record * 8; bit++) {
		flip(record, bit);
		told_presence_proof(key, told_bytes(record, sizeof record), &other);
		assert_false(told_equal_secret(&proof, &other, sizeof proof));
		flip(record, bit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_and_reference_give_the_key_and_proof_of_the_protocol),
		cmocka_unit_test(test_another_reference_or_other_words_give_another_key),
		cmocka_unit_test(test_no_words_and_endless_words_are_refused_before_any_work),
		cmocka_unit_test(test_each_flipped_bit_of_key_or_record_changes_the_proof),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
