/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes made to blow a decoder up: refused, and the heap stays within its budget (rules.md B10, M14). */
#include "codec_fill.h"

#include <stdio.h>

#define MIB        (1024u * 1024u)
#define MUTATIONS  200000u
#define ROOM_BYTES 65536u

/* What the codec may take: one share for protobuf-c, one for our structs, and the arena's rounding. */
static size_t budget(size_t input)
{
	return 2 * (TOLD_DECODE_FACTOR * input + TOLD_DECODE_EXTRA_BYTES) + 64;
}

/* Decodes in an arena that has ROOM_BYTES beyond the budget, and takes them all after: the codec left them. */
static enum told_status decode_within_budget(unsigned schema, struct told_bytes bytes)
{
	struct told_arena *arena;
	assert_int_equal(told_arena_new(budget(bytes.len) + ROOM_BYTES, &arena), TOLD_OK);
	void *made = NULL;
	enum told_status status = told_decode(schema, bytes, arena, &made);
	assert_non_null(told_arena_alloc(arena, ROOM_BYTES));
	told_arena_free(arena);
	return status;
}

/* unit over and over, to len bytes, behind an opening. */
static void bomb(unsigned schema, struct told_bytes opening, struct told_bytes unit, size_t len)
{
	struct told_buf buf = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	told_buf_put_bytes(&buf, opening);
	while (buf.len + unit.len <= len)
		told_buf_put_bytes(&buf, unit);
	assert_int_equal(buf.status, TOLD_OK);
	enum told_status status = decode_within_budget(schema, told_buf_view(&buf));
	assert_int_equal(told_status_class(status), TOLD_CLASS_PEER);
	told_buf_free(&buf);
}

#define HEX(text) told_bytes(text, sizeof(text) - 1)

static void test_bombs_are_refused_within_the_heap_budget(void **state)
{
	(void)state;
	static const size_t sizes[] = {60, 600, 6000, 60000};
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		bomb(TOLD_SCHEMA_HEADER, HEX(""), HEX("\x92\x01\x00"),
		     sizes[i] + 100);                                             /* empty bases, over their count */
		bomb(TOLD_SCHEMA_HEADER, HEX(""), HEX("\xe0\x07\x01"), sizes[i]); /* unknown fields */
		bomb(TOLD_SCHEMA_HEADER, HEX(""), HEX("\x2a\x01\x41"), sizes[i]); /* one text again and again */
		bomb(TOLD_SCHEMA_HEADER, HEX(""), HEX("\xa2\x01\x00"), sizes[i]); /* one part again and again */
		bomb(TOLD_SCHEMA_HEADER, HEX(""), HEX("\x42\x01\x41"), sizes[i] + 100); /* recipients */
	}
	bomb(TOLD_SCHEMA_HEADER, HEX(""), HEX("\x92\x03\x00"), 3000); /* empty workers, within their count */
	bomb(TOLD_SCHEMA_BODY, HEX(""), HEX("\x0a\x00"), MIB);
	bomb(TOLD_SCHEMA_BODY, HEX(""), HEX("\x12\x00"), MIB);
	bomb(TOLD_SCHEMA_BODY, HEX(""), HEX("\x22\x01\x41"), MIB);
	bomb(TOLD_SCHEMA_ANSWER, HEX(""), HEX("\x22\x00"), 2000);
	bomb(TOLD_SCHEMA_ANSWER, HEX(""), HEX("\x22\x00"), MIB);
	bomb(TOLD_SCHEMA_ANSWER, HEX(""), HEX("\x22\x04\x12\x00\x12\x00"), 6000);
	bomb(TOLD_SCHEMA_PARCEL, HEX(""), HEX("\x2a\x00"), 2000);
	bomb(TOLD_SCHEMA_LEAF_RULING, HEX(""), HEX("\x12\x00"), 200000);
}

static void test_a_mebibyte_of_junk_is_refused(void **state)
{
	(void)state;
	uint64_t seed = told_test_seed();
	static uint8_t junk[MIB];
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++) {
		for (size_t i = 0; i < sizeof junk; i++)
			junk[i] = (uint8_t)told_test_random(&seed);
		assert_int_not_equal(decode_within_budget(schema, told_bytes(junk, sizeof junk)), TOLD_OK);
	}
}

static void test_real_messages_fit_the_budget(void **state)
{
	(void)state;
	struct told_arena *arena;
	assert_int_equal(told_arena_new(64 * MIB, &arena), TOLD_OK);
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++)
		for (uint64_t seed = 1; seed <= 50; seed++) {
			told_arena_reset(arena);
			void *message = fill_schema(arena, schema, seed, FILL_ALL);
			assert_int_equal(decode_within_budget(schema, fill_encoded(arena, schema, message)), TOLD_OK);
		}
	told_arena_free(arena);
}

/* A register of 1,024 short lines is the tightest list: little on the wire, much in memory. */
static void test_the_longest_worker_register_fits_the_budget(void **state)
{
	(void)state;
	static struct told_worker_part workers[TOLD_LIST_MAX];
	struct told_bytes team = told_text("DUTY");
	uint32_t role = TOLD_ROLE_PRACTITIONER;
	for (size_t i = 0; i < TOLD_LIST_MAX; i++)
		workers[i] = (struct told_worker_part){.number = told_text("U11"),
						       .kind = TOLD_WORKER_KIND_EMPLOYED,
						       .roles = {&role, 1},
						       .teams = {&team, 1},
						       .from_ms = UINT64_C(1790000000000)};
	struct told_header header = {.workers = {workers, TOLD_LIST_MAX}};
	struct told_buf bytes = TOLD_BUF(TOLD_HEADER_MAX_BYTES);
	assert_int_equal(told_header_encode(&header, &bytes), TOLD_OK);
	assert_int_equal(decode_within_budget(TOLD_SCHEMA_HEADER, told_buf_view(&bytes)), TOLD_OK);
	told_buf_free(&bytes);
}

static void test_the_largest_acknowledgement_fits_the_budget(void **state)
{
	(void)state;
	static uint8_t line[38];
	static struct told_bytes lines[TOLD_ACK_LINES_MAX];
	for (size_t i = 0; i < TOLD_ACK_LINES_MAX; i++)
		lines[i] = told_bytes(line, sizeof line);
	struct told_body body = {.lines = {lines, TOLD_ACK_LINES_MAX}};
	struct told_buf bytes = TOLD_BUF(TOLD_BODY_MAX_BYTES);
	assert_int_equal(told_body_encode(&body, &bytes), TOLD_OK);
	assert_int_equal(decode_within_budget(TOLD_SCHEMA_BODY, told_buf_view(&bytes)), TOLD_OK);
	told_buf_free(&bytes);
}

static void test_an_arena_that_is_too_small_is_a_refusal(void **state)
{
	(void)state;
	struct told_arena *big, *small;
	assert_int_equal(told_arena_new(MIB, &big), TOLD_OK);
	struct told_bytes bytes =
		fill_encoded(big, TOLD_SCHEMA_HEADER, fill_schema(big, TOLD_SCHEMA_HEADER, 3, FILL_ALL));
	for (size_t room = 0; room < 6000; room += 100) {
		void *made = NULL;
		assert_int_equal(told_arena_new(room, &small), TOLD_OK);
		enum told_status status = told_decode(TOLD_SCHEMA_HEADER, bytes, small, &made);
		assert_true(status == TOLD_OK || status == TOLD_E_LIMIT);
		assert_true((status == TOLD_OK) == (made != NULL));
		told_arena_free(small);
	}
	told_arena_free(big);
}

/* ---- Mutations ---- */

static size_t mutate(uint64_t *seed, uint8_t *data, size_t len, size_t cap)
{
	size_t at = told_test_random(seed) % (len + 1);
	switch (told_test_random(seed) % 6) {
	case 0: /* another byte */
		if (at < len)
			data[at] = (uint8_t)told_test_random(seed);
		return len;
	case 1: /* a byte more */
		if (len == cap)
			return len;
		memmove(data + at + 1, data + at, len - at);
		data[at] = (uint8_t)told_test_random(seed);
		return len + 1;
	case 2: /* a byte less */
		if (at == len)
			return len;
		memmove(data + at, data + at + 1, len - at - 1);
		return len - 1;
	case 3: /* a little more or less */
		if (at < len)
			data[at] = (uint8_t)(data[at] + (told_test_random(seed) % 3) - 1);
		return len;
	case 4: /* a piece from elsewhere */
		if (at < len) {
			size_t from = told_test_random(seed) % len;
			size_t n = told_test_random(seed) % (len - (at > from ? at : from));
			memmove(data + at, data + from, n);
		}
		return len;
	default: return at; /* cut */
	}
}

static void test_two_hundred_thousand_mutations_are_refused_or_canonical(void **state)
{
	(void)state;
	uint64_t seed = told_test_seed();
	struct told_arena *keep, *scratch;
	assert_int_equal(told_arena_new(4 * MIB, &keep), TOLD_OK);
	assert_int_equal(told_arena_new(4 * MIB, &scratch), TOLD_OK);
	static uint8_t data[ROOM_BYTES];
	size_t passed = 0;
	struct told_bytes whole = {0};
	unsigned schema = 0;
	for (unsigned n = 0; n < MUTATIONS; n++) {
		if (n % 100 == 0) {
			told_arena_reset(keep);
			schema = n / 100 % TOLD_SCHEMA_COUNT;
			whole = fill_encoded(keep, schema,
					     fill_schema(keep, schema, told_test_random(&seed), FILL_SOME));
		}
		told_arena_reset(scratch);
		memcpy(data, whole.data != NULL ? whole.data : data, whole.len);
		size_t len = whole.len;
		for (uint64_t times = 1 + told_test_random(&seed) % 4; times > 0; times--)
			len = mutate(&seed, data, len, sizeof data);
		struct told_bytes exact = told_arena_copy(scratch, told_bytes(data, len));
		passed += refused_or_canonical(scratch, schema, exact) == TOLD_OK;
	}
	printf("%zu of %u mutations were still well-formed\n", passed, MUTATIONS);
	assert_true(passed > 0 && passed < MUTATIONS);
	told_arena_free(keep);
	told_arena_free(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bombs_are_refused_within_the_heap_budget),
		cmocka_unit_test(test_a_mebibyte_of_junk_is_refused),
		cmocka_unit_test(test_real_messages_fit_the_budget),
		cmocka_unit_test(test_the_longest_worker_register_fits_the_budget),
		cmocka_unit_test(test_the_largest_acknowledgement_fits_the_budget),
		cmocka_unit_test(test_an_arena_that_is_too_small_is_a_refusal),
		cmocka_unit_test(test_two_hundred_thousand_mutations_are_refused_or_canonical),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
