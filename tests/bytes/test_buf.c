/* SPDX-License-Identifier: Apache-2.0 */
/* The growing buffer, the arena, views, big-endian numbers, random bytes. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "told/bytes.h"

static void test_a_buffer_holds_what_was_put_in_order(void **state)
{
	(void)state;
	struct told_buf buf = TOLD_BUF(1000);
	told_buf_put_u16(&buf, 0x0102);
	told_buf_put_u32(&buf, 0x03040506);
	told_buf_put_u64(&buf, UINT64_C(0x0708090a0b0c0d0e));
	told_buf_put_part(&buf, told_text("ab"));
	told_buf_printf(&buf, "%s-%d", "x", 7);
	static const uint8_t want[] = "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\0\0\0\2abx-7";
	assert_int_equal(buf.status, TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&buf), told_bytes(want, sizeof want - 1)));
	assert_int_equal(told_u16(buf.data), 0x0102);
	assert_int_equal(told_u32(buf.data + 2), 0x03040506);
	assert_true(told_u64(buf.data + 6) == UINT64_C(0x0708090a0b0c0d0e));
	told_buf_free(&buf);
}

static void test_the_ceiling_is_exact_and_the_first_failure_stays(void **state)
{
	(void)state;
	struct told_buf buf = TOLD_BUF(5);
	told_buf_put_text(&buf, "12345");
	assert_int_equal(buf.status, TOLD_OK);
	assert_string_equal(told_buf_cstr(&buf), "12345");
	told_buf_put_text(&buf, "6");
	assert_int_equal(buf.status, TOLD_E_LIMIT);
	assert_null(told_buf_cstr(&buf));
	told_buf_put(&buf, "", 0);
	assert_int_equal(buf.len, 5);
	told_buf_free(&buf);
	assert_int_equal(buf.status, TOLD_OK);
	told_buf_printf(&buf, "%05d", 12345);
	assert_string_equal(told_buf_cstr(&buf), "12345");
	told_buf_printf(&buf, "%d", 1);
	assert_int_equal(buf.status, TOLD_E_LIMIT);
	told_buf_free(&buf);
}

static void test_a_length_near_the_largest_number_does_not_wrap(void **state)
{
	(void)state;
	struct told_buf buf = TOLD_BUF(SIZE_MAX);
	told_buf_put_text(&buf, "x");
	told_buf_put(&buf, "y", SIZE_MAX);
	assert_int_equal(buf.status, TOLD_E_LIMIT);
	told_buf_free(&buf);
	told_buf_put(&buf, "y", SIZE_MAX);
	assert_int_equal(buf.status, TOLD_E_LIMIT);
	told_buf_free(&buf);
	told_buf_put_part(&buf, told_bytes("y", (size_t)UINT32_MAX + 1));
	assert_int_equal(buf.status, TOLD_E_LIMIT);
	told_buf_free(&buf);
}

static void test_an_empty_buffer_is_an_empty_text(void **state)
{
	(void)state;
	struct told_buf buf = TOLD_BUF(0);
	assert_string_equal(told_buf_cstr(&buf), "");
	assert_int_equal(told_buf_view(&buf).len, 0);
	told_buf_free(&buf);
	told_buf_free(NULL);
}

static void test_a_buffer_grown_byte_by_byte_keeps_every_byte(void **state)
{
	(void)state;
	struct told_buf buf = TOLD_BUF(10000);
	for (unsigned i = 0; i < 10000; i++)
		told_buf_put(&buf, &(uint8_t){(uint8_t)(i * 7)}, 1);
	assert_int_equal(buf.status, TOLD_OK);
	for (unsigned i = 0; i < 10000; i++)
		assert_int_equal(buf.data[i], (uint8_t)(i * 7));
	told_buf_free(&buf);
}

static void test_an_arena_gives_zeroed_aligned_memory_up_to_its_ceiling(void **state)
{
	(void)state;
	struct told_arena *arena = NULL;
	assert_int_equal(told_arena_new(100000, &arena), TOLD_OK);
	for (int turn = 0; turn < 3; turn++) {
		size_t total = 0;
		for (size_t size = 1; total + (size + 15) / 16 * 16 <= 100000; size += 37) {
			uint8_t *at = told_arena_alloc(arena, size);
			assert_non_null(at);
			assert_int_equal((uintptr_t)at % 16, 0);
			for (size_t i = 0; i < size; i++)
				assert_int_equal(at[i], 0);
			memset(at, 0xa5, size);
			total += (size + 15) / 16 * 16;
		}
		assert_null(told_arena_alloc(arena, 100000 - total + 1));
		assert_null(told_arena_alloc(arena, SIZE_MAX));
		assert_non_null(told_arena_alloc(arena, 0));
		told_arena_reset(arena);
	}
	assert_non_null(told_arena_alloc(arena, 100000));
	assert_null(told_arena_alloc(arena, 1));
	told_arena_free(arena);
	told_arena_free(NULL);
}

static void test_an_arena_copies_bytes_and_closes_texts(void **state)
{
	(void)state;
	struct told_arena *arena = NULL;
	assert_int_equal(told_arena_new(64, &arena), TOLD_OK);
	struct told_bytes copy = told_arena_copy(arena, told_text("abc"));
	assert_true(told_bytes_equal(copy, told_text("abc")));
	assert_null(told_arena_copy(arena, told_bytes(NULL, 0)).data);
	assert_string_equal(told_arena_text(arena, told_bytes("abcdef", 3)), "abc");
	assert_string_equal(told_arena_text(arena, told_bytes(NULL, 0)), "");
	assert_null(told_arena_text(arena, told_text("seventeen letters")));
	assert_null(told_arena_copy(arena, told_text("seventeen letters")).data);
	told_arena_free(arena);
}

static void test_equal_means_same_length_and_same_bytes(void **state)
{
	(void)state;
	assert_true(told_bytes_equal(told_text(NULL), told_text("")));
	assert_true(told_bytes_equal(told_text("a"), told_text("a")));
	assert_false(told_bytes_equal(told_text("a"), told_text("b")));
	assert_false(told_bytes_equal(told_text("a"), told_text("ab")));
	assert_true(told_equal_secret("abc", "abd", 2));
	assert_false(told_equal_secret("abc", "abd", 3));
	assert_true(told_equal_secret("a", "b", 0));
}

static void test_random_bytes_differ_and_wiped_bytes_are_zero(void **state)
{
	(void)state;
	uint8_t a[64] = {0}, b[64] = {0};
	assert_int_equal(told_random(a, sizeof a), TOLD_OK);
	assert_int_equal(told_random(b, sizeof b), TOLD_OK);
	assert_memory_not_equal(a, b, sizeof a);
	told_wipe(a, sizeof a);
	assert_memory_equal(a, (uint8_t[64]){0}, sizeof a);
	told_wipe(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_buffer_holds_what_was_put_in_order),
		cmocka_unit_test(test_the_ceiling_is_exact_and_the_first_failure_stays),
		cmocka_unit_test(test_a_length_near_the_largest_number_does_not_wrap),
		cmocka_unit_test(test_an_empty_buffer_is_an_empty_text),
		cmocka_unit_test(test_a_buffer_grown_byte_by_byte_keeps_every_byte),
		cmocka_unit_test(test_an_arena_gives_zeroed_aligned_memory_up_to_its_ceiling),
		cmocka_unit_test(test_an_arena_copies_bytes_and_closes_texts),
		cmocka_unit_test(test_equal_means_same_length_and_same_bytes),
		cmocka_unit_test(test_random_bytes_differ_and_wiped_bytes_are_zero),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
