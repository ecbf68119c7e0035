/* SPDX-License-Identifier: Apache-2.0 */
/* The spool: what was committed is there to the byte or its absence is noticed; what was not committed is gone. */
#include "broker/record/spool.h"
#include "support/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OK(call)      assert_int_equal(call, TOLD_OK)
#define SEGMENT_BYTES 1024u

static char dir[256];
static struct told_arena *arena;
static struct told_spool *spool;

static void open_at(struct told_body_place end)
{
	OK(told_spool_open(dir, end, SEGMENT_BYTES, &spool));
}

static int set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "%s/spool", told_test_dir());
	OK(told_arena_new(1u << 24, &arena));
	open_at((struct told_body_place){0});
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	told_spool_close(spool);
	spool = NULL;
	told_arena_free(arena);
	return 0;
}

static void reopen(struct told_body_place end)
{
	told_spool_close(spool);
	open_at(end);
}

static struct told_body_place behind(struct told_body_place place)
{
	place.offset += place.len;
	return place;
}

/* A body of len bytes that is told apart by its number. */
static struct told_bytes body(unsigned number, size_t len)
{
	uint8_t *data = told_arena_alloc(arena, len);
	assert_non_null(data);
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)(number * 31 + i);
	return told_bytes(data, len);
}

static struct told_body_place put(unsigned number, size_t len)
{
	struct told_body_place place;
	OK(told_spool_put(spool, body(number, len), &place));
	assert_int_equal(place.len, len);
	return place;
}

static enum told_status get(unsigned number, struct told_body_place place)
{
	struct told_bytes wanted = body(number, place.len), found;
	told_hash hash;
	told_sha256(wanted, &hash);
	enum told_status status = told_spool_get(spool, place, &hash, arena, &found);
	assert_true(status != TOLD_OK || told_bytes_equal(found, wanted));
	return status;
}

static const char *segment(uint32_t number)
{
	static char path[300];
	snprintf(path, sizeof path, "%s/%08x.bodies", dir, number);
	return path;
}

static off_t size_of(uint32_t number)
{
	struct stat st;
	return stat(segment(number), &st) == 0 ? st.st_size : -1;
}

static void commit(void)
{
	OK(told_spool_sync(spool));
	told_spool_keep(spool);
}

static void test_bodies_come_back_as_they_were_put(void **state)
{
	(void)state;
	struct told_body_place a = put(1, 100), b = put(2, 1), none;
	OK(told_spool_put(spool, told_bytes(NULL, 0), &none));
	assert_int_equal(none.len, 0);
	commit();
	OK(get(1, a));
	OK(get(2, b));
	OK(get(3, none));
	reopen(behind(b));
	OK(get(1, a));
	OK(get(2, b));
}

static void test_a_tail_without_rows_is_cut_off_at_opening(void **state)
{
	(void)state;
	struct told_body_place a = put(1, 100);
	put(2, 200);
	commit();
	reopen(behind(a));
	assert_int_equal(size_of(1), 100);
	OK(get(1, a));
	struct told_body_place b = put(3, 50);
	assert_int_equal(b.offset, 100);
}

static void test_a_missing_byte_is_noticed_at_opening(void **state)
{
	(void)state;
	struct told_body_place a = put(1, 100);
	commit();
	told_spool_close(spool);
	spool = NULL;
	assert_int_equal(truncate(segment(1), 99), 0);
	assert_int_equal(told_spool_open(dir, behind(a), SEGMENT_BYTES, &spool), TOLD_E_CORRUPT);
	assert_int_equal(unlink(segment(1)), 0);
	assert_int_equal(told_spool_open(dir, behind(a), SEGMENT_BYTES, &spool), TOLD_E_CORRUPT);
	assert_null(spool);
}

static void test_a_changed_byte_is_noticed_at_reading(void **state)
{
	(void)state;
	struct told_body_place a = put(1, 100);
	commit();
	int fd = open(segment(1), O_RDWR);
	for (off_t i = 0; i < 100; i += 33) {
		uint8_t byte, other;
		assert_int_equal(pread(fd, &byte, 1, i), 1);
		other = byte ^ 4;
		assert_int_equal(pwrite(fd, &other, 1, i), 1);
		assert_int_equal(get(1, a), TOLD_E_CORRUPT);
		assert_int_equal(pwrite(fd, &byte, 1, i), 1);
		OK(get(1, a));
	}
	close(fd);
}

static void test_a_segment_that_is_full_gives_way_to_the_next(void **state)
{
	(void)state;
	struct told_body_place places[10];
	for (unsigned i = 0; i < 10; i++)
		places[i] = put(i, 400);
	commit();
	assert_int_equal(told_spool_segment(spool), 5);
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(places[i].segment, 1 + i / 2);
		OK(get(i, places[i]));
	}
	struct told_body_place large =
		put(11, 3 * SEGMENT_BYTES); /* one that is larger than a segment has one of its own */
	assert_int_equal(large.segment, 6);
	commit();
	OK(get(11, large));
	reopen(behind(places[3]));
	assert_int_equal(told_spool_segment(spool), 2);
	assert_int_equal(size_of(3), -1); /* segments without rows are gone */
	OK(get(3, places[3]));
}

static void test_a_turn_that_is_rolled_back_leaves_no_byte(void **state)
{
	(void)state;
	struct told_body_place a = put(1, 100);
	commit();
	put(2, 100);
	OK(told_spool_rewind(spool));
	assert_int_equal(size_of(1), 100);
	put(3, 100);
	OK(told_spool_sync(spool)); /* synced, and then the rows could not be committed */
	OK(told_spool_rewind(spool));
	assert_int_equal(size_of(1), 100);
	for (unsigned i = 0; i < 8; i++)
		put(i, 400); /* over several segments */
	assert_true(told_spool_segment(spool) > 2);
	OK(told_spool_rewind(spool));
	assert_int_equal(told_spool_segment(spool), 1);
	assert_int_equal(size_of(1), 100);
	assert_int_equal(size_of(2), -1);
	OK(get(1, a));
	struct told_body_place b = put(4, 10);
	assert_int_equal(b.offset, 100);
	commit();
	OK(get(4, b));
}

static void test_an_erased_body_is_zeros_and_its_neighbours_stay(void **state)
{
	(void)state;
	struct told_body_place a = put(1, 100), b = put(2, 100), c = put(3, 100);
	commit();
	OK(told_spool_erase(spool, b));
	OK(get(1, a));
	OK(get(3, c));
	assert_int_equal(get(2, b), TOLD_E_CORRUPT);
	struct told_bytes file = told_test_read(segment(1));
	for (size_t i = 100; i < 200; i++)
		assert_int_equal(file.data[i], 0);
	free((void *)(uintptr_t)file.data);
}

static void test_a_dropped_segment_is_gone_but_never_the_one_being_written(void **state)
{
	(void)state;
	struct told_body_place a = put(1, 900);
	put(2, 900);
	struct told_body_place c = put(3, 900);
	commit();
	assert_int_equal(told_spool_first(spool), 1);
	OK(get(1, a));
	OK(told_spool_drop(spool, 1));
	assert_int_equal(size_of(1), -1);
	assert_int_equal(told_spool_first(spool), 2);
	assert_int_equal(get(1, a), TOLD_E_CORRUPT);
	OK(told_spool_erase(spool, a)); /* erased already */
	assert_int_equal(told_spool_drop(spool, 3), TOLD_E_INTERNAL);
	OK(told_spool_drop(spool, 2));
	OK(told_spool_drop(spool, 2)); /* twice is once */
	OK(get(3, c));
	reopen(behind(c));
	assert_int_equal(told_spool_first(spool), 3);
}

static void test_seeded_turns_agree_with_a_plain_model(void **state)
{
	(void)state;
	uint64_t seed = told_test_seed();
	struct told_body_place kept[400], end = {0};
	unsigned numbers[400];
	size_t count = 0;
	for (unsigned turn = 0; turn < 120; turn++) {
		size_t before = count;
		struct told_body_place end_before = end;
		for (uint64_t n = told_test_random(&seed) % 4; n > 0 && count < 400; n--) {
			numbers[count] = turn * 7 + (unsigned)n;
			kept[count] = put(numbers[count], 1 + told_test_random(&seed) % 600);
			end = behind(kept[count++]);
		}
		switch (told_test_random(&seed) % 4) {
		case 0:
			OK(told_spool_rewind(spool));
			count = before;
			end = end_before;
			break;
		case 1: /* a crash before the rows were committed */
			count = before;
			end = end_before;
			reopen(end);
			break;
		default: commit();
		}
		for (size_t i = 0; i < count; i++)
			OK(get(numbers[i], kept[i]));
		told_arena_reset(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bodies_come_back_as_they_were_put, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_tail_without_rows_is_cut_off_at_opening, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_missing_byte_is_noticed_at_opening, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_changed_byte_is_noticed_at_reading, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_segment_that_is_full_gives_way_to_the_next, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_turn_that_is_rolled_back_leaves_no_byte, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_erased_body_is_zeros_and_its_neighbours_stay, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_dropped_segment_is_gone_but_never_the_one_being_written, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_seeded_turns_agree_with_a_plain_model, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
