/* SPDX-License-Identifier: Apache-2.0 */
/* The tamper drill over small exports, file by file; and that it can fail. */
#include "audit/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY 1u

/* Of what the receipts have seen: a checkpoint comes into its table with the next turn. */
static void export(struct fixture *f, char dir[400])
{
	fixture_turn(f, 1);
	snprintf(dir, 400, "%s/export", f->dir);
	assert_int_equal(fixture_run(f, "export", "--store", f->store, "--tiles", dir, NULL), 0);
}

static int drill_export(struct fixture *f, const char *dir, const char *key, const char *how)
{
	return fixture_run(f, "drill", "--tiles", dir, "--policy", f->policy, "--receipts", f->receipts, "--key", key,
			   how, NULL);
}

static void test_every_place_of_a_small_export_counts(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(KEY, 8, 4);
	char key[400], dir[400];
	fixture_key(f, KEY, key);
	export(f, dir);
	if (drill_export(f, dir, key, "--all") != 0)
		fail_msg("%s", strstr(f->out, "with the log"));
	fixture_says(f, " detected, 0 missed\n");
	assert_null(strstr(f->out, "nothing of the kind"));
	fixture_free(f);
}

static void test_each_kind_in_an_export_is_caught_by_the_verdict_that_is_for_it(void **state)
{
	static const struct {
		const char *kind, *verdict;
	} rows[] = {
		{"one bit of an entry turned", " integrity"},
		{"one bit of an entry's length turned", " integrity"},
		{"one bit of a hash in a tile turned", " integrity"},
		{"one bit of the checkpoint turned", " signature"},
		{"an entry deleted", " integrity"},
		{"two entries swapped", " integrity"},
		{"two hashes of a tile swapped", " integrity"},
		{"an entry and its hash replaced by the next", " integrity"},
		{"a file deleted", " integrity"},
		{"a file emptied", " integrity"},
		{"a file cut short", " integrity"},
		{"a byte added to a file", " integrity"},
		{"the signatures of the checkpoint removed", " integrity"},
		{"a checkpoint signed by an ended key beyond its end", " signature"},
		{"with the log's key: an entry replaced by another", " anchored"},
		{"with the log's key: an entry suppressed", " anchored"},
		{"the last bundle and its tile deleted", " integrity"},
		{"with the log's key: the log ends earlier, all of it", " anchored"},
	};
	(void)state;
	struct fixture *f = fixture_full(KEY, 300, 40); /* two tiles and one above them */
	char key[400], dir[400];
	fixture_key(f, KEY, key);
	export(f, dir);
	if (drill_export(f, dir, key, NULL) != 0)
		fail_msg("%s", strstr(f->out, "with the log"));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		fixture_caught(f, rows[i].kind, rows[i].verdict);
	fixture_free(f);
}

/* With old receipts another history of what came later is whole; that a sender's number is missing is all that tells,
 * and where the log merely ends behind them nothing does: the drill says that this was missed. */
static void test_an_export_that_old_receipts_anchor_shows_less(void **state)
{
	char key[400], dir[400], note[400], line[256];
	(void)state;
	struct fixture *f = fixture_full(KEY, 4, 4);
	fixture_key(f, KEY, key);
	snprintf(note, sizeof note, "%s/old.checkpoint", f->dir);
	fixture_write(note, told_buf_view(&f->note));
	fixture_turn(f, 4);
	export(f, dir);
	assert_int_equal(
		fixture_run(f, "drill", "--tiles", dir, "--policy", f->policy, "--against", note, "--key", key, NULL),
		5);
	fixture_line(f, "with the log's key: an entry replaced by another", line);
	assert_non_null(strstr(line, " completeness"));
	fixture_line(f, "with the log's key: the log ends earlier, all of it", line);
	assert_non_null(strstr(line, "MISSED"));
	fixture_free(f);
}

static void test_the_export_is_left_as_it_was(void **state)
{
	static const char *const names[] = {"checkpoint", "tile/0/000.p/8", "tile/entries/000.p/8"};
	struct told_bytes before[3], after;
	char key[400], dir[400], path[500];
	(void)state;
	struct fixture *f = fixture_full(KEY, 8, 4);
	fixture_key(f, KEY, key);
	export(f, dir);
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		before[i] = told_test_read(path);
	}
	assert_int_equal(drill_export(f, dir, key, NULL), 0);
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		after = told_test_read(path);
		assert_true(told_bytes_equal(before[i], after));
		free((void *)(uintptr_t)before[i].data);
		free((void *)(uintptr_t)after.data);
	}
	fixture_free(f);
}

static void test_a_drill_takes_a_store_or_an_export_and_not_both(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(KEY, 4, 4);
	assert_int_equal(fixture_run(f, "drill", "--policy", f->policy, NULL), 2);
	assert_int_equal(fixture_run(f, "drill", "--store", f->store, "--tiles", f->dir, "--policy", f->policy, NULL),
			 2);
	fixture_says(f, "give either --store FILE");
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_place_of_a_small_export_counts),
		cmocka_unit_test(test_each_kind_in_an_export_is_caught_by_the_verdict_that_is_for_it),
		cmocka_unit_test(test_an_export_that_old_receipts_anchor_shows_less),
		cmocka_unit_test(test_the_export_is_left_as_it_was),
		cmocka_unit_test(test_a_drill_takes_a_store_or_an_export_and_not_both),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
