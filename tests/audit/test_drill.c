/* SPDX-License-Identifier: Apache-2.0 */
/* The tamper drill over small logs: exhaustive, with and without the log's key; and that it can fail. */
#include "audit/fixture.h"

#include "evidence/audit/drill/drill.h"

#include <stdlib.h>
#include <string.h>

#define KEY 1u

static void test_every_row_and_every_bit_of_a_small_log_counts(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(KEY, 8, 4);
	char key[400];
	fixture_key(f, KEY, key);
	int code = fixture_run(f, "drill", "--store", f->store, "--policy", f->policy, "--receipts", f->receipts,
			       "--key", key, "--all", NULL);
	if (code != 0)
		fail_msg("%s", f->out);
	fixture_says(f, " detected, 0 missed\n");
	fixture_free(f);
}

/* One row of evidence.md section 5 each: what was done, and the verdict that must see it. */
static void test_each_kind_is_caught_by_the_verdict_that_is_for_it(void **state)
{
	static const struct {
		const char *kind, *verdict;
	} rows[] = {
		{"one bit of an entry turned", " integrity"},
		{"one bit of an entry's hash turned", " integrity"},
		{"one bit of a tile turned", " integrity"},
		{"one bit of a tree head turned", " integrity"},
		{"one bit of a checkpoint turned", " signature"},
		{"one bit of the facts of an entry turned", " integrity"},
		{"one bit of a ruling turned", " integrity"},
		{"one bit of whom an entry is about turned", " integrity"},
		{"an entry deleted", " integrity"},
		{"a tile deleted", " integrity"},
		{"a tree head deleted", " integrity"},
		{"a checkpoint deleted", " integrity"},
		{"details deleted without an erasure", " erasures"},
		{"an entry deleted and the rest numbered anew", " integrity"},
		{"the last entries deleted, and all that tells of them", " anchored"},
		{"two entries swapped", " integrity"},
		{"an entry written over by INSERT OR REPLACE", " integrity"},
		{"an entry added", " integrity"},
		{"the signatures of all checkpoints removed", " signature"},
		{"a checkpoint of size 0 added", " integrity"},
		{"a checkpoint signed by an ended key beyond its end", " signature"},
		{"with the log's key: the log ends earlier, all of it", " anchored"},
		{"with the log's key: an entry replaced by another", " anchored"},
		{"with the log's key: an entry suppressed", " anchored"},
	};
	(void)state;
	struct fixture *f = fixture_full(KEY, 300, 40); /* enough for a tile */
	char key[400];
	fixture_key(f, KEY, key);
	assert_int_equal(fixture_run(f, "drill", "--store", f->store, "--policy", f->policy, "--receipts", f->receipts,
				     "--key", key, NULL),
			 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		fixture_caught(f, rows[i].kind, rows[i].verdict);
	fixture_free(f);
}

static void test_without_the_key_what_needs_it_is_named_and_not_counted(void **state)
{
	char line[256];
	(void)state;
	struct fixture *f = fixture_full(KEY, 8, 4);
	assert_int_equal(
		fixture_run(f, "drill", "--store", f->store, "--policy", f->policy, "--receipts", f->receipts, NULL),
		0);
	fixture_line(f, "with the log's key: an entry suppressed", line);
	assert_non_null(strstr(line, "not tried: it needs --key"));
	fixture_free(f);
}

static void test_a_drill_on_a_log_that_nothing_anchors_is_refused(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(KEY, 8, 4);
	assert_int_equal(fixture_run(f, "drill", "--store", f->store, "--policy", f->policy, NULL), 5);
	fixture_says(f, "nothing from outside anchors it");
	fixture_free(f);
}

/* Who keeps an old checkpoint only cannot see that later entries went: the drill must say that it was missed. */
static void test_what_old_receipts_cannot_show_is_said_to_be_missed(void **state)
{
	char note[400], line[256];
	(void)state;
	struct fixture *f = fixture_full(KEY, 8, 4);
	snprintf(note, sizeof note, "%s/old.checkpoint", f->dir);
	fixture_write(note, told_buf_view(&f->note));
	for (unsigned i = 0; i < 4; i++)
		fixture_turn(f, 4);
	assert_int_equal(
		fixture_run(f, "drill", "--store", f->store, "--policy", f->policy, "--against", note, "--all", NULL),
		5);
	fixture_line(f, "the last entries deleted", line);
	assert_non_null(strstr(line, "MISSED"));
	fixture_free(f);
}

static void test_the_store_is_left_as_it_was(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(KEY, 8, 4);
	struct told_bytes before = told_test_read(f->store);
	assert_int_equal(
		fixture_run(f, "drill", "--store", f->store, "--policy", f->policy, "--receipts", f->receipts, NULL),
		0);
	struct told_bytes after = told_test_read(f->store);
	assert_true(told_bytes_equal(before, after));
	free((void *)(uintptr_t)before.data);
	free((void *)(uintptr_t)after.data);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_and_every_bit_of_a_small_log_counts),
		cmocka_unit_test(test_each_kind_is_caught_by_the_verdict_that_is_for_it),
		cmocka_unit_test(test_without_the_key_what_needs_it_is_named_and_not_counted),
		cmocka_unit_test(test_a_drill_on_a_log_that_nothing_anchors_is_refused),
		cmocka_unit_test(test_what_old_receipts_cannot_show_is_said_to_be_missed),
		cmocka_unit_test(test_the_store_is_left_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
