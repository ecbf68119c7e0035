/* SPDX-License-Identifier: Apache-2.0 */
/* Frames over a socket pair: whole, in order, bounded, whatever pieces the kernel makes of them. */
#include "support/support.h"

#include "broker/base/frame.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX   100000u
#define QUEUE 300000u

struct fixture {
	int fds[2];
	struct told_frame_pipe *a, *b;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, f->fds), 0);
	assert_int_equal(told_frame_open(f->fds[0], MAX, QUEUE, &f->a), TOLD_OK);
	assert_int_equal(told_frame_open(f->fds[1], MAX, QUEUE, &f->b), TOLD_OK);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	told_frame_close(f->a);
	told_frame_close(f->b);
	told_frame_close(NULL);
	close(f->fds[0]);
	close(f->fds[1]);
	free(f);
	return 0;
}

static void test_a_frame_arrives_as_it_was_sent(void **state)
{
	struct fixture *f = *state;
	struct told_frame sent = {.kind = 7,
				  .handle = UINT64_C(0x8877665544332211),
				  .number = UINT64_MAX,
				  .first = told_text("envelope"),
				  .second = told_text("body")};
	struct told_frame got;
	assert_int_equal(told_frame_next(f->b, &got), TOLD_E_BUSY);
	assert_int_equal(told_frame_put(f->a, &sent), TOLD_OK);
	assert_int_equal(told_frame_put(f->a, &(struct told_frame){.kind = 1}), TOLD_OK);
	assert_int_equal(told_frame_queued(f->a), 2 * TOLD_FRAME_HEADER_BYTES + 12);
	assert_int_equal(told_frame_flush(f->a), TOLD_OK);
	assert_int_equal(told_frame_queued(f->a), 0);
	assert_int_equal(told_frame_next(f->b, &got), TOLD_OK);
	assert_int_equal(got.kind, 7);
	assert_true(got.handle == sent.handle && got.number == sent.number);
	assert_true(told_bytes_equal(got.first, sent.first));
	assert_true(told_bytes_equal(got.second, sent.second));
	assert_int_equal(told_frame_next(f->b, &got), TOLD_OK);
	assert_int_equal(got.kind, 1);
	assert_int_equal(got.first.len + got.second.len, 0);
	assert_int_equal(told_frame_next(f->b, &got), TOLD_E_BUSY);
}

static void check(const struct told_frame *got, uint64_t number)
{
	assert_true(got->number == number);
	for (size_t i = 0; i < got->first.len; i++)
		assert_int_equal(got->first.data[i], (uint8_t)number);
	for (size_t i = 0; i < got->second.len; i++)
		assert_int_equal(got->second.data[i], (uint8_t)(number + 1));
}

static void test_thousands_of_frames_of_all_sizes_arrive_in_order(void **state)
{
	struct fixture *f = *state;
	static uint8_t first[MAX], second[MAX];
	uint64_t random = told_test_seed(), sent = 0, seen = 0;
	while (seen < 5000) {
		size_t a = told_test_random(&random) % (sent % 50 == 0 ? MAX / 2 : 500);
		size_t b = told_test_random(&random) % (sent % 70 == 0 ? MAX / 2 : 900);
		memset(first, (uint8_t)sent, a);
		memset(second, (uint8_t)(sent + 1), b);
		struct told_frame frame = {
			.kind = 1, .number = sent, .first = told_bytes(first, a), .second = told_bytes(second, b)};
		enum told_status status = sent < 5000 ? told_frame_put(f->a, &frame) : TOLD_E_BUSY;
		assert_true(status == TOLD_OK || status == TOLD_E_BUSY);
		assert_true(told_frame_queued(f->a) <= QUEUE);
		sent += status == TOLD_OK;
		if (status == TOLD_OK && told_test_random(&random) % 8 != 0)
			continue;
		status = told_frame_flush(f->a);
		assert_true(status == TOLD_OK || status == TOLD_E_BUSY);
		struct told_frame got;
		while ((status = told_frame_next(f->b, &got)) == TOLD_OK)
			check(&got, seen++);
		assert_int_equal(status, TOLD_E_BUSY);
	}
	assert_true(seen == 5000);
}

static void test_a_frame_in_single_bytes_is_the_same_frame(void **state)
{
	struct fixture *f = *state;
	uint8_t bytes[TOLD_FRAME_HEADER_BYTES + 5] = {0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 9};
	memcpy(bytes + TOLD_FRAME_HEADER_BYTES, "abcde", 5);
	struct told_frame got;
	for (size_t i = 0; i < sizeof bytes; i++) {
		assert_int_equal(told_frame_next(f->b, &got), TOLD_E_BUSY);
		assert_int_equal(write(f->fds[0], bytes + i, 1), 1);
	}
	assert_int_equal(told_frame_next(f->b, &got), TOLD_OK);
	assert_int_equal(got.kind, 9);
	assert_true(told_bytes_equal(got.first, told_text("ab")));
	assert_true(told_bytes_equal(got.second, told_text("cde")));
}

static void expect_broken(struct fixture *f, const uint8_t header[12], uint8_t reserved, enum told_status status)
{
	uint8_t bytes[TOLD_FRAME_HEADER_BYTES] = {0};
	struct told_frame got;
	memcpy(bytes, header, 12);
	bytes[15] = reserved;
	assert_int_equal(write(f->fds[0], bytes, sizeof bytes), sizeof bytes);
	assert_int_equal(told_frame_next(f->b, &got), status);
	assert_int_equal(told_frame_next(f->b, &got), status); /* and it stays broken */
}

static void test_a_length_over_the_limit_is_refused_before_memory_is_taken(void **state)
{
	expect_broken(*state, (const uint8_t[12]){0xff, 0xff, 0xff, 0xff}, 0, TOLD_E_LIMIT);
}

static void test_a_first_part_longer_than_both_is_refused(void **state)
{
	expect_broken(*state, (const uint8_t[12]){0, 0, 0, 5, 0, 0, 0, 6}, 0, TOLD_E_MALFORMED);
}

static void test_a_header_with_something_in_the_empty_word_is_refused(void **state)
{
	expect_broken(*state, (const uint8_t[12]){0}, 1, TOLD_E_MALFORMED);
}

static void test_what_is_too_large_or_too_much_is_not_queued(void **state)
{
	struct fixture *f = *state;
	static uint8_t data[MAX + 1];
	struct told_frame large = {.kind = 1, .first = told_bytes(data, MAX), .second = told_bytes(data, 1)};
	assert_int_equal(told_frame_put(f->a, &large), TOLD_E_LIMIT);
	large.first = told_bytes(data, SIZE_MAX);
	assert_int_equal(told_frame_put(f->a, &large), TOLD_E_LIMIT);
	large = (struct told_frame){.kind = 1, .first = told_bytes(data, MAX)};
	assert_int_equal(told_frame_put(f->a, &large), TOLD_OK);
	assert_int_equal(told_frame_put(f->a, &large), TOLD_OK);
	assert_int_equal(told_frame_put(f->a, &large), TOLD_E_BUSY);
	assert_int_equal(told_frame_queued(f->a), 2 * (MAX + TOLD_FRAME_HEADER_BYTES));
}

static void test_after_the_other_end_closed_all_it_wrote_is_given_out_first(void **state)
{
	struct fixture *f = *state;
	struct told_frame got;
	assert_int_equal(told_frame_put(f->a, &(struct told_frame){.kind = 3}), TOLD_OK);
	assert_int_equal(told_frame_flush(f->a), TOLD_OK);
	assert_int_equal(write(f->fds[0], "half", 4), 4);
	assert_int_equal(shutdown(f->fds[0], SHUT_RDWR), 0);
	assert_int_equal(told_frame_next(f->b, &got), TOLD_OK);
	assert_int_equal(got.kind, 3);
	assert_int_equal(told_frame_next(f->b, &got), TOLD_E_UNREACHABLE);
	assert_int_equal(told_frame_next(f->b, &got), TOLD_E_UNREACHABLE);
	assert_int_equal(told_frame_put(f->b, &(struct told_frame){.kind = 3}), TOLD_OK);
	assert_int_equal(told_frame_flush(f->b), TOLD_E_UNREACHABLE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_frame_arrives_as_it_was_sent),
		TEST(test_thousands_of_frames_of_all_sizes_arrive_in_order),
		TEST(test_a_frame_in_single_bytes_is_the_same_frame),
		TEST(test_a_length_over_the_limit_is_refused_before_memory_is_taken),
		TEST(test_a_first_part_longer_than_both_is_refused),
		TEST(test_a_header_with_something_in_the_empty_word_is_refused),
		TEST(test_what_is_too_large_or_too_much_is_not_queued),
		TEST(test_after_the_other_end_closed_all_it_wrote_is_given_out_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
