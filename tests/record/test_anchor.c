/* SPDX-License-Identifier: Apache-2.0 */
/* The anchor: what is in it survives a torn write, and nobody replaces what they have not seen. */
#include "broker/record/anchor.h"
#include "support/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OK(call)   assert_int_equal(call, TOLD_OK)
#define SLOT_BYTES 4096

static char path[256];

static int set_up(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "%s/anchor", told_test_dir());
	return 0;
}

static struct told_anchor *opened(void)
{
	struct told_anchor *anchor = NULL;
	OK(told_anchor_open(path, &anchor));
	return anchor;
}

static void holds(const char *text)
{
	struct told_anchor *anchor = opened();
	assert_true(told_bytes_equal(told_anchor_note(anchor), told_text(text)));
	told_anchor_close(anchor);
}

static void swap(const char *old, const char *new)
{
	struct told_anchor *anchor = opened();
	OK(told_anchor_swap(anchor, told_text(old), told_text(new)));
	assert_true(told_bytes_equal(told_anchor_note(anchor), told_text(new)));
	told_anchor_close(anchor);
}

static void change(off_t at)
{
	int fd = open(path, O_RDWR);
	uint8_t byte;
	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static void test_a_new_anchor_is_empty_and_private(void **state)
{
	(void)state;
	struct stat st;
	holds("");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, SLOT_BYTES);
}

static void test_the_newest_note_is_kept_over_many_swaps(void **state)
{
	(void)state;
	char old[32] = "", new[32];
	for (int i = 1; i <= 9; i++) {
		snprintf(new, sizeof new, "note %d", i);
		swap(old, new);
		holds(new);
		memcpy(old, new, sizeof old);
	}
}

/* Whichever byte of the slot written last is torn, the note before it stands. */
static void test_a_torn_write_leaves_the_note_before(void **state)
{
	(void)state;
	swap("", "first");       /* counter 3, second slot */
	swap("first", "second"); /* counter 4, first slot */
	static const off_t places[] = {0, 7, 8, 11, 12, 43, 44, 49};
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		change(places[i]);
		holds("first");
		change(places[i]);
		holds("second");
	}
	change(0);
	swap("first", "third"); /* over the torn slot */
	holds("third");
}

static void test_a_torn_first_write_leaves_an_empty_anchor(void **state)
{
	(void)state;
	swap("", "first");
	change(SLOT_BYTES + 44);
	holds("");
}

static void test_no_whole_slot_is_corruption(void **state)
{
	(void)state;
	struct told_anchor *anchor = NULL;
	swap("", "first");
	change(0);
	change(SLOT_BYTES);
	assert_int_equal(told_anchor_open(path, &anchor), TOLD_E_CORRUPT);
	assert_null(anchor);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(told_anchor_open(path, &anchor), TOLD_E_CORRUPT);
}

static void test_a_swap_that_does_not_know_the_note_is_a_fork(void **state)
{
	(void)state;
	swap("", "first");
	struct told_anchor *anchor = opened();
	assert_int_equal(told_anchor_swap(anchor, told_text("another"), told_text("second")), TOLD_E_FORK);
	assert_int_equal(told_anchor_swap(anchor, told_text(""), told_text("second")), TOLD_E_FORK);
	told_anchor_close(anchor);
	holds("first");
}

/* An old file put back while the broker runs: its memory says one thing, the file another. */
static void test_a_file_put_back_under_us_is_a_fork(void **state)
{
	(void)state;
	swap("", "first");
	struct told_bytes old = told_test_read(path);
	struct told_anchor *anchor = opened();
	OK(told_anchor_swap(anchor, told_text("first"), told_text("second")));
	int fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, old.data, old.len, 0), (ssize_t)old.len);
	close(fd);
	free((void *)(uintptr_t)old.data);
	assert_int_equal(told_anchor_swap(anchor, told_text("second"), told_text("third")), TOLD_E_FORK);
	told_anchor_close(anchor);
}

static void test_only_one_has_it_open(void **state)
{
	(void)state;
	struct told_anchor *anchor = opened(), *second = NULL;
	assert_int_equal(told_anchor_open(path, &second), TOLD_E_IN_USE);
	told_anchor_close(anchor);
	holds("");
}

static void test_what_others_may_write_is_not_believed(void **state)
{
	(void)state;
	struct told_anchor *anchor = NULL;
	char link[300];
	holds("");
	assert_int_equal(chmod(path, 0660), 0);
	assert_int_equal(told_anchor_open(path, &anchor), TOLD_E_PERMISSION);
	assert_int_equal(chmod(path, 0640), 0);
	holds("");
	snprintf(link, sizeof link, "%s.link", path);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(told_anchor_open(link, &anchor), TOLD_E_PERMISSION);
}

static void test_the_longest_note_fits_and_a_longer_one_does_not(void **state)
{
	(void)state;
	static char text[SLOT_BYTES];
	memset(text, 'n', sizeof text);
	struct told_anchor *anchor = opened();
	assert_int_equal(told_anchor_swap(anchor, told_text(""), told_bytes(text, SLOT_BYTES - 43)), TOLD_E_LIMIT);
	OK(told_anchor_swap(anchor, told_text(""), told_bytes(text, SLOT_BYTES - 44)));
	told_anchor_close(anchor);
	text[SLOT_BYTES - 44] = '\0';
	holds(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_a_new_anchor_is_empty_and_private, set_up),
		cmocka_unit_test_setup(test_the_newest_note_is_kept_over_many_swaps, set_up),
		cmocka_unit_test_setup(test_a_torn_write_leaves_the_note_before, set_up),
		cmocka_unit_test_setup(test_a_torn_first_write_leaves_an_empty_anchor, set_up),
		cmocka_unit_test_setup(test_no_whole_slot_is_corruption, set_up),
		cmocka_unit_test_setup(test_a_swap_that_does_not_know_the_note_is_a_fork, set_up),
		cmocka_unit_test_setup(test_a_file_put_back_under_us_is_a_fork, set_up),
		cmocka_unit_test_setup(test_only_one_has_it_open, set_up),
		cmocka_unit_test_setup(test_what_others_may_write_is_not_believed, set_up),
		cmocka_unit_test_setup(test_the_longest_note_fits_and_a_longer_one_does_not, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
