/* SPDX-License-Identifier: Apache-2.0 */
/* The codec's promise: what decodes encodes to the same bytes, for every schema, and nothing else decodes. */
#include "codec_fill.h"

#include <stdio.h>

#define ARENA_BYTES (32u * 1024u * 1024u)

static struct told_arena *arena;

static int set_up(void **state)
{
	(void)state;
	return told_arena_new(ARENA_BYTES, &arena) == TOLD_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	told_arena_free(arena);
	return 0;
}

static void test_every_table_fits_its_schema(void **state)
{
	(void)state;
	const char *where = NULL;
	if (!told_schema_fits(&where))
		fail_msg("the table differs from the schema at %s", where);
}

static void round_trip(unsigned schema, uint64_t seed, unsigned chance)
{
	const struct told_shape *shape = told_schema_entry(schema)->shape;
	void *message = fill_schema(arena, schema, seed, chance);
	struct told_bytes bytes = fill_encoded(arena, schema, message);
	void *back = NULL;
	assert_int_equal(told_decode(schema, bytes, arena, &back), TOLD_OK);
	assert_true(same_shape(shape, message, back));
	assert_true(told_bytes_equal(fill_encoded(arena, schema, back), bytes));
}

static void test_every_schema_comes_back_with_all_fields_set(void **state)
{
	(void)state;
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++)
		for (uint64_t seed = 1; seed <= 20; seed++) {
			round_trip(schema, seed, FILL_ALL);
			told_arena_reset(arena);
		}
}

static void test_every_schema_comes_back_with_some_fields_set(void **state)
{
	(void)state;
	uint64_t seed = told_test_seed();
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++)
		for (unsigned n = 0; n < 200; n++) {
			round_trip(schema, told_test_random(&seed), n % 100);
			told_arena_reset(arena);
		}
}

static void test_nothing_set_is_no_bytes_and_back(void **state)
{
	(void)state;
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++) {
		void *empty = told_arena_alloc(arena, told_schema_entry(schema)->shape->size);
		assert_int_equal(fill_encoded(arena, schema, empty).len, 0);
		assert_int_equal(refused_or_canonical(arena, schema, told_bytes(NULL, 0)), TOLD_OK);
	}
}

static void test_bytes_cut_anywhere_are_refused_or_a_whole_message(void **state)
{
	(void)state;
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++) {
		told_arena_reset(arena);
		struct told_bytes whole = fill_encoded(arena, schema, fill_schema(arena, schema, 7, FILL_ALL));
		size_t refused = 0;
		for (size_t len = 0; len < whole.len; len++) {
			struct told_bytes cut = told_arena_copy(arena, told_bytes(whole.data, len));
			refused += refused_or_canonical(arena, schema, cut) != TOLD_OK;
		}
		assert_true(refused > 0);
	}
}

static void test_no_flipped_bit_leaves_two_forms_of_one_message(void **state)
{
	(void)state;
	struct told_arena *scratch;
	assert_int_equal(told_arena_new(ARENA_BYTES, &scratch), TOLD_OK);
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++) {
		told_arena_reset(arena);
		struct told_bytes whole = fill_encoded(arena, schema, fill_schema(arena, schema, 11, FILL_ALL));
		for (size_t bit = 0; bit < whole.len * 8; bit++) {
			told_arena_reset(scratch);
			uint8_t *flipped = told_arena_alloc(scratch, whole.len);
			memcpy(flipped, whole.data, whole.len);
			flipped[bit / 8] ^= (uint8_t)(1u << bit % 8);
			(void)refused_or_canonical(scratch, schema, told_bytes(flipped, whole.len));
		}
	}
	told_arena_free(scratch);
}

/* ---- By hand: one wrong thing at a time ---- */

struct wrong {
	const char *what, *hex;
	unsigned schema;
	enum told_status status;
};

static const struct wrong WRONGS[] = {
	{"one byte too many in a varint", "088100", TOLD_SCHEMA_HEADER, TOLD_E_NOT_CANONICAL},
	{"one byte too many in a tag", "88000a", TOLD_SCHEMA_HEADER, TOLD_E_NOT_CANONICAL},
	{"one byte too many in a length", "22810061", TOLD_SCHEMA_HEADER, TOLD_E_NOT_CANONICAL},
	{"an 11-byte varint", "08ffffffffffffffffffff01", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"a varint over 64 bits", "30ffffffffffffffffff02", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"a number over 32 bits", "088080808010", TOLD_SCHEMA_HEADER, TOLD_E_LIMIT},
	{"a number over 63 bits", "3080808080808080808001", TOLD_SCHEMA_HEADER, TOLD_E_LIMIT},
	{"the same field twice", "08010801", TOLD_SCHEMA_HEADER, TOLD_E_NOT_CANONICAL},
	{"the same part twice", "a201020801a201020801", TOLD_SCHEMA_HEADER, TOLD_E_NOT_CANONICAL},
	{"fields out of order", "10010801", TOLD_SCHEMA_HEADER, TOLD_E_NOT_CANONICAL},
	{"a list interrupted by another field", "4201414a1042424242424242424242424242424242420143", TOLD_SCHEMA_HEADER,
	 TOLD_E_NOT_CANONICAL},
	{"a default written out", "0800", TOLD_SCHEMA_HEADER, TOLD_E_NOT_CANONICAL},
	{"an empty text written out", "2200", TOLD_SCHEMA_HEADER, TOLD_E_NOT_CANONICAL},
	{"an empty text in a list", "4200", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"an empty list written out", "8a0100", TOLD_SCHEMA_HEADER, TOLD_E_NOT_CANONICAL},
	{"numbers of a list one by one", "880101880102", TOLD_SCHEMA_HEADER, TOLD_E_NOT_CANONICAL},
	{"an unknown field", "e00701", TOLD_SCHEMA_HEADER, TOLD_E_UNKNOWN},
	{"an unknown field between known ones", "e00101", TOLD_SCHEMA_HEADER, TOLD_E_UNKNOWN},
	{"an unknown field in a part", "a201027801", TOLD_SCHEMA_HEADER, TOLD_E_UNKNOWN},
	{"an unknown field in a part of a part", "0a042a024801", TOLD_SCHEMA_BODY, TOLD_E_UNKNOWN},
	{"field number 0", "0001", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"a group", "0b0c", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"a fixed number in a varint's place", "0d01000000", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"an unknown type", "1063", TOLD_SCHEMA_HEADER, TOLD_E_UNKNOWN},
	{"a negative enum", "10ffffffffffffffffff01", TOLD_SCHEMA_HEADER, TOLD_E_UNKNOWN},
	{"an unknown value in a list of enums", "8a01020163", TOLD_SCHEMA_HEADER, TOLD_E_UNKNOWN},
	{"zero in a list of enums", "8a01020100", TOLD_SCHEMA_HEADER, TOLD_E_UNKNOWN},
	{"an unknown enum in a part", "a201020863", TOLD_SCHEMA_HEADER, TOLD_E_UNKNOWN},
	{"a NUL in a text", "22026100", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"nothing wrong at all", "220161", TOLD_SCHEMA_HEADER, TOLD_OK},
	{"half a character in a text", "2201c3", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"a surrogate in a text", "2203eda080", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"an overlong character in a text", "2202c080", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"an id that is too short", "1a020102", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"an id that is too long", "1a11010203040506070809101112131415161718", TOLD_SCHEMA_HEADER, TOLD_E_LIMIT},
	{"a length beyond the end", "22ff0161", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"a length of 2^64 - 1", "22ffffffffffffffffff01", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"a tag without a value", "08", TOLD_SCHEMA_HEADER, TOLD_E_MALFORMED},
	{"credit over its limit", "088102", TOLD_SCHEMA_CREDIT, TOLD_E_LIMIT},
	{"credit at its limit", "088002", TOLD_SCHEMA_CREDIT, TOLD_OK},
};

static struct told_bytes hex(const char *text)
{
	char packed[256];
	size_t len = 0;
	for (const char *c = text; *c != '\0'; c++)
		if (*c != ' ')
			packed[len++] = *c;
	uint8_t *out = told_arena_alloc(arena, len / 2);
	assert_int_equal(told_unhex(told_bytes(packed, len), out, len / 2), TOLD_OK);
	return told_bytes(out, len / 2);
}

static void test_each_wrong_form_is_refused_for_what_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof WRONGS / sizeof WRONGS[0]; i++) {
		enum told_status status = refused_or_canonical(arena, WRONGS[i].schema, hex(WRONGS[i].hex));
		if (status != WRONGS[i].status)
			fail_msg("%s: %s", WRONGS[i].what, told_status_name(status));
	}
}

/* The longest list and text that a row allows pass; one more does not. */
static void test_lists_and_texts_end_at_their_limit(void **state)
{
	(void)state;
	struct told_buf bytes = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	for (unsigned n = 0; n < TOLD_RECIPIENTS_MAX; n++)
		told_buf_put(&bytes, "\x42\x01Z", 3);
	assert_int_equal(refused_or_canonical(arena, TOLD_SCHEMA_HEADER, told_buf_view(&bytes)), TOLD_OK);
	told_buf_put(&bytes, "\x42\x01Z", 3);
	assert_int_equal(refused_or_canonical(arena, TOLD_SCHEMA_HEADER, told_buf_view(&bytes)), TOLD_E_LIMIT);
	told_buf_free(&bytes);

	uint8_t name[2 + TOLD_NAME_MAX_BYTES + 1] = {0x2a, TOLD_NAME_MAX_BYTES};
	memset(name + 2, 'A', TOLD_NAME_MAX_BYTES + 1);
	assert_int_equal(refused_or_canonical(arena, TOLD_SCHEMA_HEADER, told_bytes(name, sizeof name - 1)), TOLD_OK);
	name[1]++;
	assert_int_equal(refused_or_canonical(arena, TOLD_SCHEMA_HEADER, told_bytes(name, sizeof name)), TOLD_E_LIMIT);
}

static void test_input_over_its_schema_s_size_is_not_even_scanned(void **state)
{
	(void)state;
	static const uint8_t big[TOLD_FRAME_MAX_BYTES + 1];
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++) {
		size_t max = told_schema_entry(schema)->max_bytes;
		assert_int_equal(refused_or_canonical(arena, schema, told_bytes(big, max + 1)), TOLD_E_LIMIT);
	}
}

/* ---- The encoder refuses what the decoder would ---- */

static void refuses(const struct told_header *header, enum told_status expected)
{
	struct told_buf out = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	told_buf_put_text(&out, "before");
	assert_int_equal(told_header_encode(header, &out), expected);
	assert_true(told_bytes_equal(told_buf_view(&out), told_text("before")));
	told_buf_free(&out);
}

static void test_the_encoder_refuses_what_the_decoder_would(void **state)
{
	(void)state;
	uint32_t bad_list[] = {1, 99}, long_list[TOLD_PURPOSE_COUNT] = {0};
	struct told_bytes many[TOLD_RECIPIENTS_MAX + 1];
	char name[TOLD_NAME_MAX_BYTES + 1];
	memset(name, 'A', sizeof name);
	for (size_t i = 0; i <= TOLD_RECIPIENTS_MAX; i++)
		many[i] = told_text("HOU");
	for (size_t i = 0; i < TOLD_PURPOSE_COUNT; i++)
		long_list[i] = 1;
	refuses(&(struct told_header){.type = 99}, TOLD_E_UNKNOWN);
	refuses(&(struct told_header){.type = UINT32_MAX}, TOLD_E_UNKNOWN);
	refuses(&(struct told_header){.sender_seq = UINT64_MAX}, TOLD_E_LIMIT);
	refuses(&(struct told_header){.id = told_text("short")}, TOLD_E_MALFORMED);
	refuses(&(struct told_header){.sender = told_bytes("a\0b", 3)}, TOLD_E_MALFORMED);
	refuses(&(struct told_header){.sender = told_bytes("\xff", 1)}, TOLD_E_MALFORMED);
	refuses(&(struct told_header){.sender = told_bytes(name, sizeof name)}, TOLD_E_LIMIT);
	refuses(&(struct told_header){.purposes = {bad_list, 2}}, TOLD_E_UNKNOWN);
	refuses(&(struct told_header){.purposes = {long_list, TOLD_PURPOSE_COUNT}}, TOLD_E_LIMIT);
	refuses(&(struct told_header){.recipients = {many, TOLD_RECIPIENTS_MAX + 1}}, TOLD_E_LIMIT);
}

static void test_a_full_buffer_is_a_failure_of_the_encoder(void **state)
{
	(void)state;
	struct told_buf out = TOLD_BUF(4);
	assert_int_equal(told_header_encode(&(struct told_header){.sender = told_text("HOUSING")}, &out), TOLD_E_LIMIT);
	told_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_table_fits_its_schema),
		cmocka_unit_test(test_every_schema_comes_back_with_all_fields_set),
		cmocka_unit_test(test_every_schema_comes_back_with_some_fields_set),
		cmocka_unit_test(test_nothing_set_is_no_bytes_and_back),
		cmocka_unit_test(test_bytes_cut_anywhere_are_refused_or_a_whole_message),
		cmocka_unit_test(test_no_flipped_bit_leaves_two_forms_of_one_message),
		cmocka_unit_test(test_each_wrong_form_is_refused_for_what_it_is),
		cmocka_unit_test(test_lists_and_texts_end_at_their_limit),
		cmocka_unit_test(test_input_over_its_schema_s_size_is_not_even_scanned),
		cmocka_unit_test(test_the_encoder_refuses_what_the_decoder_would),
		cmocka_unit_test(test_a_full_buffer_is_a_failure_of_the_encoder),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
