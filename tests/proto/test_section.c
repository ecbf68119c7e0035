/* SPDX-License-Identifier: Apache-2.0 */
/* Sections: what is sealed opens unchanged, anything changed does not, and digests and commitments bind what they name.
 */
#include "proto/seal_cases.h"

/* The values that all tests start from; count_up fills the rest. */
struct section {
	uint8_t key[32], message_id[16], salt[16], header[14];
	struct told_bytes sender;
	uint32_t number;
	told_hash commitment, digest;
	struct told_buf ciphertext;
};

static struct told_bytes header_of(const struct section *s)
{
	return told_bytes(s->header, sizeof s->header);
}

static enum told_status open_section(const struct section *s, struct told_buf *content)
{
	return told_section_open(s->key, s->sender, s->message_id, header_of(s), told_buf_view(&s->ciphertext),
				 content);
}

static void seal_section(struct section *s, struct told_bytes content)
{
	*s = (struct section){.sender = told_text("housing"), .number = 3, .ciphertext = TOLD_BUF(2 << 20)};
	count_up(s->key, sizeof s->key, 0);
	count_up(s->message_id, sizeof s->message_id, 0x40);
	count_up(s->salt, sizeof s->salt, 0x60);
	memcpy(s->header, "section header", sizeof s->header);
	assert_int_equal(told_section_seal(s->key, s->sender, s->message_id, header_of(s), content, &s->ciphertext),
			 TOLD_OK);
	told_key_commitment(s->key, s->message_id, s->number, &s->commitment);
	told_section_digest(s->salt, header_of(s), told_buf_view(&s->ciphertext), &s->commitment, &s->digest);
}

/* Values from another implementation, written from protocol.md alone. */
static void test_ciphertext_commitment_and_digest_are_those_of_the_protocol(void **state)
{
	(void)state;
	struct section s;
	told_hash hash;
	seal_section(&s, told_text("I told it once."));
	told_sha256(told_buf_view(&s.ciphertext), &hash);
	assert_hex(hash.b, 32, "ac8467fd77b547d2d9c9bd0d394dd7045a36c14ee53b82779718c1c807ee542e");
	assert_hex(s.commitment.b, 32, "596c7140412efd1cc69838033121c70fbe237ce96ee13ecb1adb511c74015928");
	assert_hex(s.digest.b, 32, "56827e29223e3393eb314ae352092ac99dd0dc002f4209e1073346fd60e33ca6");
	told_buf_free(&s.ciphertext);
}

static void test_content_of_any_length_opens_unchanged_and_shows_only_its_padded_length(void **state)
{
	(void)state;
	static const struct {
		size_t content, padded;
	} cases[] = {
		{0, 256},
		{1, 256},
		{254, 256},
		{255, 256},
		{256, 512},
		{257, 512},
		{511, 512},
		{512, 768},
		{1048576 - 1, 1048576},
		{1048576, 1048576 + 256},
	};
	uint8_t *content = malloc(1048576);
	assert_non_null(content);
	memset(content, 0x80, 1048576); /* content that looks like padding */
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct section s;
		struct told_buf opened = TOLD_BUF(2 << 20);
		seal_section(&s, told_bytes(content, cases[i].content));
		assert_int_equal(s.ciphertext.len, cases[i].padded + TOLD_TAG_BYTES);
		assert_int_equal(open_section(&s, &opened), TOLD_OK);
		assert_true(told_bytes_equal(told_buf_view(&opened), told_bytes(content, cases[i].content)));
		told_buf_free(&opened);
		told_buf_free(&s.ciphertext);
	}
	free(content);
}

static void test_content_that_ends_in_zeros_keeps_them(void **state)
{
	(void)state;
	static const uint8_t zeros[300];
	for (size_t len = 0; len <= sizeof zeros; len += 50) {
		struct section s;
		struct told_buf opened = TOLD_BUF(1024);
		seal_section(&s, told_bytes(zeros, len));
		assert_int_equal(open_section(&s, &opened), TOLD_OK);
		assert_int_equal(opened.len, len);
		told_buf_free(&opened);
		told_buf_free(&s.ciphertext);
	}
}

/* Opens what was changed: refused as a changed ciphertext, what stood in the buffer stays, no plaintext in it. */
static void assert_tag_refused(const struct section *s, struct told_buf *content)
{
	assert_int_equal(open_section(s, content), TOLD_E_TAG);
	assert_int_equal(content->len, 6);
	assert_zero(content->data + 6, s->ciphertext.len);
}

static void test_each_flipped_bit_of_ciphertext_key_id_or_header_is_refused_and_leaves_no_plaintext(void **state)
{
	(void)state;
	struct section s;
	struct told_buf content = TOLD_BUF(1024);
	seal_section(&s, told_text("I told it once."));
	told_buf_put_text(&content, "before");
	const struct {
		uint8_t *data;
		size_t len;
	} targets[] = {
		{s.ciphertext.data, s.ciphertext.len},
		{s.key, sizeof s.key},
		{s.message_id, sizeof s.message_id},
		{s.header, sizeof s.header},
	};
	for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
		for (size_t bit = 0; bit < targets[t].len * 8; bit++) {
			flip(targets[t].data, bit);
			assert_tag_refused(&s, &content);
			flip(targets[t].data, bit);
		}
	}
	assert_int_equal(open_section(&s, &content), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&content), told_text("beforeI told it once.")));
	told_buf_free(&content);
	told_buf_free(&s.ciphertext);
}

static void test_a_section_opens_under_no_other_sender(void **state)
{
	(void)state;
	static const char *const others[] = {"", "Housing", "housin", "housing ", "therapies"};
	struct section s;
	struct told_buf content = TOLD_BUF(1024);
	seal_section(&s, told_text("I told it once."));
	told_buf_put_text(&content, "before");
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		s.sender = told_text(others[i]);
		assert_tag_refused(&s, &content);
	}
	s.sender = told_bytes("housing", 8); /* with its NUL */
	assert_tag_refused(&s, &content);
	/* The same bytes with the border between sender and message id moved. */
	s.sender = told_bytes("housing\x40", 8);
	assert_tag_refused(&s, &content);
	told_buf_free(&content);
	told_buf_free(&s.ciphertext);
}

static void test_a_section_cut_short_is_refused(void **state)
{
	(void)state;
	struct section s;
	struct told_buf content = TOLD_BUF(1024);
	seal_section(&s, told_text("I told it once."));
	for (size_t len = 0; len < s.ciphertext.len; len++)
		assert_int_equal(told_section_open(s.key, s.sender, s.message_id, header_of(&s),
						   told_bytes(s.ciphertext.data, len), &content),
				 TOLD_E_TAG);
	assert_int_equal(content.len, 0);
	told_buf_free(&content);
	told_buf_free(&s.ciphertext);
}

/* Seals padded bytes as they are, as an agent with a fault or a malicious one could. */
static enum told_status open_padded(const uint8_t *padded, size_t len, struct told_buf *content)
{
	struct told_buf aad = TOLD_BUF(256);
	struct section s;
	uint8_t sealed[512 + TOLD_TAG_BYTES];
	seal_section(&s, told_text(""));
	told_buf_put_part(&aad, told_text("told/1/section"));
	told_buf_put_part(&aad, s.sender);
	told_buf_put(&aad, s.message_id, sizeof s.message_id);
	told_buf_put_part(&aad, header_of(&s));
	assert_int_equal(told_aead_seal(s.key, told_buf_view(&aad), told_bytes(padded, len), sealed), TOLD_OK);
	enum told_status status = told_section_open(s.key, s.sender, s.message_id, header_of(&s),
						    told_bytes(sealed, len + TOLD_TAG_BYTES), content);
	told_buf_free(&aad);
	told_buf_free(&s.ciphertext);
	return status;
}

static void test_padding_in_any_other_form_is_refused_and_leaves_no_plaintext(void **state)
{
	(void)state;
	static const uint8_t zeros[1024];
	uint8_t text[512] = {'s', 'e', 'c', 'r', 'e', 't', 0x80};
	struct told_buf content = TOLD_BUF(sizeof zeros);
	assert_int_equal(open_padded(text, 256, &content), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&content), told_text("secret")));
	told_buf_free(&content);

	told_buf_put(&content, zeros, sizeof zeros); /* so that what is never written is known */
	content.len = 0;
	const size_t lengths[] = {0, 1, 7, 255, 257, 511, 512}; /* none, no multiple, and longer than needed */
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
		assert_int_equal(open_padded(text, lengths[i], &content), TOLD_E_MALFORMED);
	text[255] = 1; /* no mark before the zeros */
	assert_int_equal(open_padded(text, 256, &content), TOLD_E_MALFORMED);
	memset(text, 0, sizeof text); /* zeros and no mark */
	assert_int_equal(open_padded(text, 256, &content), TOLD_E_MALFORMED);
	assert_int_equal(content.len, 0);
	assert_zero(content.data, content.cap);
	told_buf_free(&content);
}

static void test_a_full_buffer_takes_no_section(void **state)
{
	(void)state;
	struct section s;
	seal_section(&s, told_text("I told it once."));
	struct told_buf sealed = TOLD_BUF(s.ciphertext.len - 1), opened = TOLD_BUF(s.ciphertext.len - 1);
	assert_int_equal(
		told_section_seal(s.key, s.sender, s.message_id, header_of(&s), told_text("I told it once."), &sealed),
		TOLD_E_LIMIT);
	assert_int_equal(sealed.len, 0);
	assert_int_equal(open_section(&s, &opened), TOLD_E_LIMIT);
	assert_int_equal(opened.len, 0);
	told_buf_free(&sealed);
	told_buf_free(&opened);
	told_buf_free(&s.ciphertext);
}

static void test_each_flipped_bit_of_key_id_or_number_changes_the_commitment(void **state)
{
	(void)state;
	struct section s;
	told_hash other;
	seal_section(&s, told_text(""));
	for (size_t bit = 0; bit < sizeof s.key * 8; bit++) {
		flip(s.key, bit);
		told_key_commitment(s.key, s.message_id, s.number, &other);
		assert_false(told_hash_equal(&s.commitment, &other));
		flip(s.key, bit);
	}
	for (size_t bit = 0; bit < sizeof s.message_id * 8; bit++) {
		flip(s.message_id, bit);
		told_key_commitment(s.key, s.message_id, s.number, &other);
		assert_false(told_hash_equal(&s.commitment, &other));
		flip(s.message_id, bit);
	}
	for (unsigned bit = 0; bit < 32; bit++) {
		told_key_commitment(s.key, s.message_id, s.number ^ UINT32_C(1) << bit, &other);
		assert_false(told_hash_equal(&s.commitment, &other));
	}
	told_buf_free(&s.ciphertext);
}

static void test_each_flipped_bit_of_salt_header_ciphertext_or_commitment_changes_the_digest(void **state)
{
	(void)state;
	struct section s;
	told_hash other;
	seal_section(&s, told_text("I told it once."));
	const struct {
		uint8_t *data;
		size_t len;
	} targets[] = {
		{s.salt, sizeof s.salt},
		{s.header, sizeof s.header},
		{s.ciphertext.data, s.ciphertext.len},
		{s.commitment.b, sizeof s.commitment.b},
	};
	for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
		for (size_t bit = 0; bit < targets[t].len * 8; bit++) {
			flip(targets[t].data, bit);
			told_section_digest(s.salt, header_of(&s), told_buf_view(&s.ciphertext), &s.commitment, &other);
			assert_false(told_hash_equal(&s.digest, &other));
			flip(targets[t].data, bit);
		}
	}
	told_buf_free(&s.ciphertext);
}

/* One ciphertext that opens under two keys, to two texts: ChaCha20-Poly1305 does not bind the key. Made by solving the
 * two tags for two free blocks, after a search for a second key whose key stream ends in the same byte, so that both
 * paddings fit. With it an agency could show one text to one recipient and another to the next under one signature. */
static const char two_key_ciphertext[] = "101bb6b149d6dfde3254c87afb6a28a7eab2f035113ce422389988143738eaf5"
					 "d6ad1bc4f5f8edcba7f452f0e20d08924f3b4e54802a52bce22b63318f7f748a"
					 "8fcbb3087015a48c210e562ff170bb8f4ed2f0eeb1880e7c848d44e9389ea3d9"
					 "bda74aababc4b2d01ff82b5f9502776e95cadd31b3303e38699beaa0d9715bec"
					 "87e90a58bc126714e2bb8bf62441363d70dfdfb59b04face633ad17818a63fb1"
					 "fbe483eafe036a54c4feffefde40c2728f7bf60fe0083b7ef0eb8ab480f3c36f"
					 "633580d55b6d2397c3528243a56415bb0856093a8d19bef67d20e8ca479b7d0e"
					 "fc70bf2266dec1d17b8fe165a7ed647dcaa4bf06e540c98a0c15808f8f74f4bc"
					 "a02b5c60daddc00937707333d7f548b0";
#define ONE_KEY     "fbe88405edea99928c0af81f7008272b27899c874f95f476094255e782692ad3"
#define ANOTHER_KEY "6655a87682731c51783a74bdffd60bed6e6f1666a1c480b4c77894a63f9c6b8f"

static void test_a_ciphertext_made_for_two_keys_is_found_out_by_the_commitment(void **state)
{
	(void)state;
	struct section s;
	struct told_buf one = TOLD_BUF(1024), another = TOLD_BUF(1024);
	struct told_bytes crafted = told_test_hex(two_key_ciphertext);
	told_hash committed, other;
	seal_section(&s, told_text(""));
	s.ciphertext.len = 0;
	told_buf_put_bytes(&s.ciphertext, crafted);

	from_hex(ONE_KEY, s.key, sizeof s.key);
	assert_int_equal(open_section(&s, &one), TOLD_OK);
	told_key_commitment(s.key, s.message_id, s.number, &committed);
	from_hex(ANOTHER_KEY, s.key, sizeof s.key);
	assert_int_equal(open_section(&s, &another), TOLD_OK);
	told_key_commitment(s.key, s.message_id, s.number, &other);
	assert_int_equal(one.len, another.len);
	assert_memory_not_equal(one.data, another.data, one.len); /* the attack is real */
	assert_false(told_hash_equal(&committed, &other));        /* and seen before anything is opened */

	told_buf_free(&one);
	told_buf_free(&another);
	told_buf_free(&s.ciphertext);
	free((void *)(uintptr_t)crafted.data);
}

static size_t find(const told_hash *list, size_t count, const told_hash *wanted)
{
	size_t at = count;
	for (size_t i = 0; i < count; i++) {
		if (!told_hash_equal(&list[i], wanted))
			continue;
		assert_int_equal(at, count); /* once only */
		at = i;
	}
	return at;
}

static void make_digests(told_hash *digests, size_t n)
{
	for (size_t i = 0; i < n; i++)
		count_up(digests[i].b, sizeof digests[i].b, (uint8_t)(i * 7 + 1));
}

static void test_a_digest_list_is_padded_to_4_8_16_or_32_and_holds_each_digest_once(void **state)
{
	(void)state;
	told_hash digests[TOLD_SECTIONS_MAX], list[TOLD_SECTIONS_MAX];
	make_digests(digests, TOLD_SECTIONS_MAX);
	for (size_t n = 0; n <= TOLD_SECTIONS_MAX; n++) {
		size_t expected = n == 0 ? 0 : n <= 4 ? 4 : n <= 8 ? 8 : n <= 16 ? 16 : 32, count = 99;
		assert_int_equal(told_digest_list(digests, n, list, &count), TOLD_OK);
		assert_int_equal(count, expected);
		for (size_t i = 0; i < n; i++)
			assert_true(find(list, count, &digests[i]) < count);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(find(list, count, &list[i]), i); /* no padding twice */
	}
}

static void test_more_digests_than_a_message_may_have_are_refused(void **state)
{
	(void)state;
	told_hash digests[TOLD_SECTIONS_MAX + 1], list[TOLD_SECTIONS_MAX];
	size_t count = 99;
	make_digests(digests, TOLD_SECTIONS_MAX + 1);
	assert_int_equal(told_digest_list(digests, TOLD_SECTIONS_MAX + 1, list, &count), TOLD_E_LIMIT);
	assert_int_equal(count, 0);
}

/* Chance of a false alarm: a given digest misses a given one of 4 places 400 times, (3/4)^400, below 1e-49. */
static void test_digests_and_padding_stand_anywhere_in_any_order(void **state)
{
	(void)state;
	told_hash digests[3], list[TOLD_SECTIONS_MAX], last_padding = {{0}};
	bool place[3][4] = {{false}}, order[27] = {false};
	size_t count, orders = 0;
	make_digests(digests, 3);
	for (int run = 0; run < 400; run++) {
		size_t at[3], rank[3];
		assert_int_equal(told_digest_list(digests, 3, list, &count), TOLD_OK);
		for (size_t i = 0; i < 3; i++) {
			at[i] = find(list, count, &digests[i]);
			place[i][at[i]] = true;
		}
		for (size_t i = 0; i < 3; i++)
			rank[i] = (size_t)(at[i] > at[0]) + (at[i] > at[1]) + (at[i] > at[2]);
		order[rank[0] * 9 + rank[1] * 3 + rank[2]] = true;
		const told_hash *padding = &list[6 - at[0] - at[1] - at[2]];
		assert_false(told_hash_equal(padding, &last_padding));
		last_padding = *padding;
	}
	for (size_t i = 0; i < 12; i++)
		assert_true(place[i / 4][i % 4]);
	for (size_t i = 0; i < 27; i++)
		orders += order[i];
	assert_int_equal(orders, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ciphertext_commitment_and_digest_are_those_of_the_protocol),
		cmocka_unit_test(test_content_of_any_length_opens_unchanged_and_shows_only_its_padded_length),
		cmocka_unit_test(test_content_that_ends_in_zeros_keeps_them),
		cmocka_unit_test(
			test_each_flipped_bit_of_ciphertext_key_id_or_header_is_refused_and_leaves_no_plaintext),
		cmocka_unit_test(test_a_section_opens_under_no_other_sender),
		cmocka_unit_test(test_a_section_cut_short_is_refused),
		cmocka_unit_test(test_padding_in_any_other_form_is_refused_and_leaves_no_plaintext),
		cmocka_unit_test(test_a_full_buffer_takes_no_section),
		cmocka_unit_test(test_each_flipped_bit_of_key_id_or_number_changes_the_commitment),
		cmocka_unit_test(test_each_flipped_bit_of_salt_header_ciphertext_or_commitment_changes_the_digest),
		cmocka_unit_test(test_a_ciphertext_made_for_two_keys_is_found_out_by_the_commitment),
		cmocka_unit_test(test_a_digest_list_is_padded_to_4_8_16_or_32_and_holds_each_digest_once),
		cmocka_unit_test(test_more_digests_than_a_message_may_have_are_refused),
		cmocka_unit_test(test_digests_and_padding_stand_anywhere_in_any_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
