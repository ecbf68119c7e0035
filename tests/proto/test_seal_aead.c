/* SPDX-License-Identifier: Apache-2.0 */
/* ChaCha20-Poly1305 and boxes: the vector of RFC 8439, every flipped bit, nothing left behind. */
#include "proto/seal_cases.h"

#include "proto/seal_aead.h"

static const char sunscreen[] = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
				"future, sunscreen would be it.";
#define SUNSCREEN_BOX                                                                                                  \
	"070000004041424344454647"                                                                                     \
	"d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"                                             \
	"3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"                                             \
	"92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"                                             \
	"3ff4def08e4b7a9de576d26586cec64b6116"                                                                         \
	"1ae10b594f09e26a7e902ecbd0600691"

static void test_the_box_of_rfc_8439_opens_and_is_made_again_to_the_byte(void **state)
{
	(void)state;
	struct told_bytes box = told_test_hex(SUNSCREEN_BOX);
	struct told_buf plain = TOLD_BUF(4096), sealed = TOLD_BUF(4096);
	struct told_parts aad = {0};
	uint8_t key[32], aad_bytes[12];
	count_up(key, sizeof key, 0x80);
	from_hex("50515253c0c1c2c3c4c5c6c7", aad_bytes, sizeof aad_bytes);

	assert_int_equal(told_box_open(key, told_bytes(aad_bytes, sizeof aad_bytes), box, &plain), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&plain), told_text(sunscreen)));

	/* AAD in two parts is the same AAD. */
	told_parts_fixed(&aad, aad_bytes, 5);
	told_parts_fixed(&aad, aad_bytes + 5, 7);
	told_buf_put_text(&sealed, sunscreen);
	assert_int_equal(told_aead_seal_buf(key, box.data, &aad, &sealed, 0), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&sealed), told_bytes(box.data + 12, box.len - 12)));
	told_buf_free(&plain);
	told_buf_free(&sealed);
	free((void *)(uintptr_t)box.data);
}

static void test_what_was_sealed_opens_at_any_length(void **state)
{
	(void)state;
	uint8_t key[32], plain[200], sealed[216], opened[200];
	count_up(key, sizeof key, 1);
	count_up(plain, sizeof plain, 7);
	for (size_t len = 0; len <= sizeof plain; len++) {
		struct told_bytes aad = told_bytes(plain, len / 2);
		assert_int_equal(told_aead_seal(key, aad, told_bytes(plain, len), sealed), TOLD_OK);
		memset(opened, 0, sizeof opened);
		assert_int_equal(told_aead_open(key, aad, told_bytes(sealed, len + 16), opened), TOLD_OK);
		assert_memory_equal(opened, plain, len);
	}
}

static void test_sealing_in_place_is_the_same_as_sealing_elsewhere(void **state)
{
	(void)state;
	uint8_t key[32], plain[100], sealed[116], in_place[116];
	count_up(key, sizeof key, 1);
	count_up(plain, sizeof plain, 7);
	memcpy(in_place, plain, sizeof plain);
	assert_int_equal(told_aead_seal(key, told_text("aad"), told_bytes(plain, sizeof plain), sealed), TOLD_OK);
	assert_int_equal(told_aead_seal(key, told_text("aad"), told_bytes(in_place, sizeof plain), in_place), TOLD_OK);
	assert_memory_equal(in_place, sealed, sizeof sealed);
}

static void assert_refused(const uint8_t key[32], struct told_bytes aad, struct told_bytes sealed)
{
	uint8_t opened[64];
	memset(opened, 0xee, sizeof opened);
	assert_int_equal(told_aead_open(key, aad, sealed, opened), TOLD_E_TAG);
	assert_zero(opened, sealed.len - 16);
}

static void test_each_flipped_bit_of_ciphertext_tag_aad_or_key_is_refused_and_leaves_no_plaintext(void **state)
{
	(void)state;
	uint8_t key[32], aad[20], plain[64], sealed[80];
	count_up(key, sizeof key, 1);
	count_up(aad, sizeof aad, 2);
	count_up(plain, sizeof plain, 3);
	struct told_bytes a = told_bytes(aad, sizeof aad), s = told_bytes(sealed, sizeof sealed);
	assert_int_equal(told_aead_seal(key, a, told_bytes(plain, sizeof plain), sealed), TOLD_OK);
	const struct {
		uint8_t *data;
		size_t len;
	} targets[] = {
		{sealed, sizeof sealed},
		{aad, sizeof aad},
		{key, sizeof key},
	};
	for (size_t t = 0; t < 3; t++) {
		for (size_t bit = 0; bit < targets[t].len * 8; bit++) {
			flip(targets[t].data, bit);
			assert_refused(key, a, s);
			flip(targets[t].data, bit);
		}
	}
	assert_refused(key, told_bytes(aad, sizeof aad - 1), s);
	assert_int_equal(told_aead_open(key, a, s, plain), TOLD_OK);
}

static void test_what_is_cut_short_is_refused(void **state)
{
	(void)state;
	uint8_t key[32], plain[64], sealed[80];
	count_up(key, sizeof key, 1);
	count_up(plain, sizeof plain, 3);
	assert_int_equal(told_aead_seal(key, told_text(""), told_bytes(plain, sizeof plain), sealed), TOLD_OK);
	for (size_t len = 16; len < sizeof sealed; len++)
		assert_refused(key, told_text(""), told_bytes(sealed, len));
	for (size_t len = 0; len < 16; len++)
		assert_int_equal(told_aead_open(key, told_text(""), told_bytes(sealed, len), plain), TOLD_E_TAG);
}

static void test_each_flipped_bit_of_a_box_is_refused_and_what_stood_in_the_buffer_stays(void **state)
{
	(void)state;
	struct told_buf box = TOLD_BUF(4096), out = TOLD_BUF(4096);
	struct told_bytes aad = told_text("row 7");
	uint8_t key[32];
	count_up(key, sizeof key, 9);
	assert_int_equal(told_box_seal(key, aad, told_text("a short secret"), &box), TOLD_OK);
	assert_int_equal(box.len, 12 + 14 + 16);
	told_buf_put_text(&out, "before");
	for (size_t bit = 0; bit < box.len * 8; bit++) {
		flip(box.data, bit);
		assert_int_equal(told_box_open(key, aad, told_buf_view(&box), &out), TOLD_E_TAG);
		assert_int_equal(out.len, 6);
		assert_zero(out.data + out.len, 14 + 16);
		flip(box.data, bit);
	}
	for (size_t len = 0; len < box.len; len++)
		assert_int_equal(told_box_open(key, aad, told_bytes(box.data, len), &out), TOLD_E_TAG);
	assert_int_equal(told_box_open(key, told_text("row 8"), told_buf_view(&box), &out), TOLD_E_TAG);
	assert_int_equal(told_box_open(key, aad, told_buf_view(&box), &out), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&out), told_text("beforea short secret")));
	told_buf_free(&box);
	told_buf_free(&out);
}

static void test_two_boxes_of_the_same_text_differ(void **state)
{
	(void)state;
	struct told_buf box = TOLD_BUF(4096);
	uint8_t key[32];
	count_up(key, sizeof key, 9);
	assert_int_equal(told_box_seal(key, told_text(""), told_text("the same"), &box), TOLD_OK);
	size_t half = box.len;
	assert_int_equal(told_box_seal(key, told_text(""), told_text("the same"), &box), TOLD_OK);
	assert_int_equal(box.len, 2 * half);
	assert_memory_not_equal(box.data, box.data + half, half);
	told_buf_free(&box);
}

static void test_a_full_buffer_takes_nothing_and_keeps_no_plaintext(void **state)
{
	(void)state;
	static const uint8_t zeros[128];
	uint8_t key[32], plain[64];
	count_up(key, sizeof key, 9);
	memset(plain, 0xcc, sizeof plain);
	for (size_t room = 0; room < 12 + sizeof plain + 16; room++) {
		struct told_buf box = TOLD_BUF(6 + room);
		told_buf_put_text(&box, "before");
		told_buf_put(&box, zeros, room); /* so that what is never written is known */
		box.len = 6;
		assert_int_equal(told_box_seal(key, told_text(""), told_bytes(plain, sizeof plain), &box),
				 TOLD_E_LIMIT);
		assert_int_equal(box.len, 6);
		assert_zero(box.data + 6, room);
		told_buf_free(&box);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_box_of_rfc_8439_opens_and_is_made_again_to_the_byte),
		cmocka_unit_test(test_what_was_sealed_opens_at_any_length),
		cmocka_unit_test(test_sealing_in_place_is_the_same_as_sealing_elsewhere),
		cmocka_unit_test(test_each_flipped_bit_of_ciphertext_tag_aad_or_key_is_refused_and_leaves_no_plaintext),
		cmocka_unit_test(test_what_is_cut_short_is_refused),
		cmocka_unit_test(test_each_flipped_bit_of_a_box_is_refused_and_what_stood_in_the_buffer_stays),
		cmocka_unit_test(test_two_boxes_of_the_same_text_differ),
		cmocka_unit_test(test_a_full_buffer_takes_nothing_and_keeps_no_plaintext),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
