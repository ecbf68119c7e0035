/* SPDX-License-Identifier: Apache-2.0 */
/* Every kind of change to a store, and the verdict that finds it (evidence.md section 5, the rows that a store shows).
 */
#include "audit/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES 40u
#define TURN    3u

static struct fixture *open_log(void)
{
	struct fixture *f = fixture_full(1, ENTRIES, TURN);
	fixture_drop_triggers(f);
	assert_int_equal(fixture_verify(f), 0);
	return f;
}

/* A column of blobs, and how its rows are found. */
struct column {
	const char *get, *put;
	size_t step_bits; /* every which bit is flipped */
};

static void flip(struct fixture *f, const struct column *column, int64_t row, struct told_bytes blob, size_t bit)
{
	((uint8_t *)(uintptr_t)blob.data)[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	fixture_put_blob(f, column->put, blob, row);
}

/* Flips bits of one row, one at a time; each must exit 5 and say `named`. */
static void flip_row(struct fixture *f, const struct column *column, int64_t row, const char *named)
{
	struct told_bytes blob = fixture_blob(f, column->get, row);
	assert_true(blob.len > 0);
	for (size_t bit = (size_t)row % column->step_bits; bit < blob.len * 8; bit += column->step_bits) {
		flip(f, column, row, blob, bit);
		int code = fixture_verify(f);
		if (code != 5)
			fail_msg("exit %d after bit %zu of row %d in %s", code, bit, (int)row, column->put);
		fixture_says(f, named);
		flip(f, column, row, blob, bit);
	}
	free((void *)(uintptr_t)blob.data);
}

static void flip_entries(const struct column *column)
{
	struct fixture *f = open_log();
	for (int64_t row = 0; row < (int64_t)ENTRIES; row++) {
		char named[64];
		snprintf(named, sizeof named, "integrity     FAILED     entry %d: ", (int)row);
		flip_row(f, column, row, named);
	}
	assert_int_equal(fixture_verify(f), 0);
	fixture_free(f);
}

static void test_a_bit_flipped_in_an_entry_is_found_and_the_entry_named(void **state)
{
	(void)state;
	flip_entries(&(struct column){"SELECT data FROM entry WHERE idx = ?1",
				      "UPDATE entry SET data = ?1 WHERE idx = ?2", 197});
}

static void test_a_bit_flipped_in_a_leaf_hash_is_found_and_the_entry_named(void **state)
{
	(void)state;
	flip_entries(&(struct column){"SELECT leaf_hash FROM entry WHERE idx = ?1",
				      "UPDATE entry SET leaf_hash = ?1 WHERE idx = ?2", 83});
}

static void test_a_bit_flipped_in_any_detail_is_found_and_the_entry_named(void **state)
{
	(void)state;
	static const struct column columns[] = {
		{"SELECT facts FROM detail WHERE idx = ?1", "UPDATE detail SET facts = ?1 WHERE idx = ?2", 89},
		{"SELECT facts_salt FROM detail WHERE idx = ?1", "UPDATE detail SET facts_salt = ?1 WHERE idx = ?2",
		 89},
		{"SELECT ruling FROM detail WHERE idx = ?1", "UPDATE detail SET ruling = ?1 WHERE idx = ?2", 7},
		{"SELECT ruling_salt FROM detail WHERE idx = ?1", "UPDATE detail SET ruling_salt = ?1 WHERE idx = ?2",
		 89},
		{"SELECT subject FROM detail WHERE idx = ?1", "UPDATE detail SET subject = ?1 WHERE idx = ?2", 61},
		{"SELECT subject_salt FROM detail WHERE idx = ?1", "UPDATE detail SET subject_salt = ?1 WHERE idx = ?2",
		 89},
	};
	struct fixture *f = open_log();
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
		for (int64_t row = (int64_t)i; row < (int64_t)ENTRIES; row += 8) {
			char named[64];
			snprintf(named, sizeof named, "FAILED     entry %d: its stored ", (int)row);
			flip_row(f, &columns[i], row, named);
			fixture_says(f, "anchored      OK"); /* the log itself is whole */
		}
	}
	fixture_free(f);
}

static void test_a_bit_flipped_in_a_tree_head_is_found(void **state)
{
	(void)state;
	static const struct column column = {"SELECT root FROM tree_head WHERE size = ?1",
					     "UPDATE tree_head SET root = ?1 WHERE size = ?2", 19};
	struct fixture *f = open_log();
	for (int64_t size = TURN; size <= (int64_t)ENTRIES;
	     size = size + TURN < (int64_t)ENTRIES ? size + TURN : size + 1) {
		char named[96];
		snprintf(named, sizeof named, "integrity     FAILED     tree head of size %d: ", (int)size);
		flip_row(f, &column, size, named);
	}
	fixture_free(f);
}

static void test_a_bit_flipped_in_a_checkpoint_is_found(void **state)
{
	(void)state;
	static const struct column column = {"SELECT note FROM checkpoint WHERE size = ?1",
					     "UPDATE checkpoint SET note = ?1 WHERE size = ?2", 107};
	struct fixture *f = open_log();
	for (int64_t size = TURN; size < (int64_t)ENTRIES; size += TURN) {
		char named[96];
		snprintf(named, sizeof named, "signature     FAILED     checkpoint of size %d: ", (int)size);
		flip_row(f, &column, size, named);
	}
	fixture_free(f);
}

static void test_every_bit_of_one_checkpoint_counts(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 4, 2);
	fixture_drop_triggers(f);
	flip_row(f,
		 &(struct column){"SELECT note FROM checkpoint WHERE size = ?1",
				  "UPDATE checkpoint SET note = ?1 WHERE size = ?2", 1},
		 2, "signature     FAILED");
	fixture_free(f);
}

/* ---- rows gone, moved, renumbered ---- */

static void delete_last(struct fixture *f, int64_t from)
{
	fixture_sql(f, "DELETE FROM entry WHERE idx >= ?1", from, 0);
}

static void test_the_last_entries_deleted_are_missed(void **state)
{
	(void)state;
	for (int64_t from = (int64_t)ENTRIES - 1; from > (int64_t)ENTRIES - 9; from--) {
		struct fixture *f = open_log();
		delete_last(f, from);
		assert_int_equal(fixture_verify(f), 5);
		char named[128];
		snprintf(named, sizeof named, "integrity     FAILED     ");
		fixture_says(f, named);
		snprintf(named, sizeof named, "those from %d on are missing", (int)from);
		fixture_says(f, named);
		assert_int_equal(fixture_verify_alone(f), 5); /* even without a note from outside */
		fixture_free(f);
	}
}

static void test_a_turn_taken_back_whole_is_missed_by_those_who_saw_it(void **state)
{
	(void)state;
	struct fixture *f = open_log();
	delete_last(f, 39);
	fixture_sql(f, "DELETE FROM detail WHERE idx >= 39", 0, 0);
	fixture_sql(f, "DELETE FROM tree_head WHERE size > 39", 0, 0);
	assert_int_equal(fixture_verify_alone(f), 1); /* the store alone cannot tell */
	fixture_says(f, "integrity     OK");
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "anchored      FAILED");
	fixture_says(f, "but the store has 39 entries: those from 39 on are missing");
	fixture_free(f);
}

static void test_a_middle_entry_deleted_is_named(void **state)
{
	(void)state;
	for (int64_t at = 0; at < (int64_t)ENTRIES - 1; at += 3) {
		struct fixture *f = open_log();
		char named[96];
		fixture_sql(f, "DELETE FROM entry WHERE idx = ?1", at, 0);
		assert_int_equal(fixture_verify(f), 5);
		snprintf(named, sizeof named, "integrity     FAILED     entry %d is missing", (int)at);
		fixture_says(f, named);
		fixture_free(f);
	}
}

static void test_a_middle_entry_deleted_and_the_rest_renumbered_is_found(void **state)
{
	(void)state;
	struct fixture *f = open_log();
	fixture_sql(f, "DELETE FROM entry WHERE idx = 17", 0, 0);
	fixture_sql(f, "DELETE FROM detail WHERE idx = 17", 0, 0);
	for (int64_t i = 18; i < (int64_t)ENTRIES; i++) {
		fixture_sql(f, "UPDATE entry SET idx = idx - 1 WHERE idx = ?1", i, 0);
		fixture_sql(f, "UPDATE detail SET idx = idx - 1 WHERE idx = ?1", i, 0);
	}
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(
		f, "integrity     FAILED     tree head of size 18: its root is not that of the entries; the first bad "
		   "one is from 15 to 17");
	fixture_says(f, "anchored      FAILED");
	fixture_free(f);
}

static void test_two_entries_swapped_are_found(void **state)
{
	(void)state;
	static const int64_t pairs[][2] = {{0, 1}, {4, 20}, {21, 23}, {38, 39}};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct fixture *f = open_log();
		fixture_sql(f, "UPDATE entry SET idx = -5 WHERE idx = ?1", pairs[i][0], 0);
		fixture_sql(f, "UPDATE entry SET idx = ?1 WHERE idx = ?2", pairs[i][0], pairs[i][1]);
		fixture_sql(f, "UPDATE entry SET idx = ?1 WHERE idx = -5", pairs[i][1], 0);
		assert_int_equal(fixture_verify(f), 5);
		char named[64];
		snprintf(named, sizeof named, "integrity     FAILED     entry %d: its stored ", (int)pairs[i][0]);
		fixture_says(f, named);
		fixture_free(f);
	}
}

static void test_an_entry_inserted_or_numbered_wrongly_is_found(void **state)
{
	(void)state;
	static const char *const changes[] = {
		"INSERT INTO entry SELECT 1, 40, data, leaf_hash FROM entry WHERE idx = 3",
		"INSERT INTO entry SELECT 1, -1, data, leaf_hash FROM entry WHERE idx = 3",
		"UPDATE entry SET idx = 900 WHERE idx = 12",
		"UPDATE entry SET log = 2 WHERE idx = 12",
		"UPDATE entry SET data = x'' WHERE idx = 12",
		"UPDATE detail SET idx = 900 WHERE idx = 12",
		"UPDATE detail SET log = 2 WHERE idx = 12",
		"UPDATE detail SET idx = -4 WHERE idx = 12",
		"DELETE FROM detail WHERE idx = 12",
		"UPDATE detail SET subject_salt = NULL WHERE idx = 12",
		"UPDATE detail SET ruling = NULL WHERE idx = 12",
		"DELETE FROM tree_head WHERE size = 12",
		"DELETE FROM tree_head WHERE size = 40",
		"DELETE FROM tree_head",
		"UPDATE tree_head SET size = 13 WHERE size = 12",
		"UPDATE tree_head SET size = -12 WHERE size = 12",
		"UPDATE tree_head SET log = 7 WHERE size = 12",
		"UPDATE tree_head SET root = x'00' WHERE size = 12",
		"INSERT INTO tree_head SELECT 1, 41, root FROM tree_head WHERE size = 12",
		"DELETE FROM checkpoint WHERE size = 12",
		"DELETE FROM checkpoint WHERE size = 39",
		"DELETE FROM checkpoint",
		"UPDATE checkpoint SET size = 13 WHERE size = 12",
		"UPDATE checkpoint SET size = -12 WHERE size = 12",
		"UPDATE checkpoint SET size = 4000 WHERE size = 12",
		"UPDATE checkpoint SET log = 0 WHERE size = 12",
		"UPDATE checkpoint SET note = x'' WHERE size = 12",
		"UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 15) WHERE size = 12",
	};
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		struct fixture *f = open_log();
		fixture_sql(f, changes[i], 0, 0);
		int code = fixture_verify(f);
		if (code != 5)
			fail_msg("exit %d after: %s\n%s", code, changes[i], f->out);
		fixture_free(f);
	}
}

/* ---- the whole rewritten ---- */

static void test_another_history_under_the_right_key_is_caught_by_receipts(void **state)
{
	(void)state;
	struct fixture *seen = fixture_full(1, ENTRIES, TURN), *shown = fixture_full(1, ENTRIES, TURN);
	assert_int_equal(fixture_verify_alone(shown), 1); /* whole in itself */
	fixture_says(shown, "signature     OK");
	fixture_says(shown, "integrity     OK");
	int code = fixture_run(shown, "verify", "--store", shown->store, "--policy", shown->policy, "--receipts",
			       seen->receipts, NULL);
	assert_int_equal(code, 5);
	fixture_says(shown, "integrity     OK");
	fixture_says(shown, "anchored      FAILED     entry 0 is not the one that ");
	char note[400];
	snprintf(note, sizeof note, "%s/housing/checkpoint", seen->receipts);
	code = fixture_run(shown, "verify", "--store", shown->store, "--policy", shown->policy, "--against", note,
			   NULL);
	assert_int_equal(code, 5);
	fixture_says(shown, "signed for size 40 with another root");
	fixture_free(seen);
	fixture_free(shown);
}

static void test_yesterdays_store_is_caught_by_receipts(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 30, TURN);
	char old[400];
	snprintf(old, sizeof old, "%s/old.db", f->dir);
	struct told_bytes yesterday = told_test_read(f->store);
	fixture_write(old, yesterday);
	free((void *)(uintptr_t)yesterday.data);
	fixture_turn(f, 4);
	fixture_receipts(f, 5);
	int code = fixture_run(f, "verify", "--store", old, "--policy", f->policy, "--receipts", f->receipts, NULL);
	assert_int_equal(code, 5);
	fixture_says(f, "integrity     OK");
	fixture_says(f, "anchored      FAILED     entry 30 is missing");
	fixture_free(f);
}

static void test_a_log_signed_by_an_unknown_key_is_not_believed(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, ENTRIES, TURN), *other = fixture_full(2, 4, 2);
	int code = fixture_run(f, "verify", "--store", f->store, "--policy", other->policy, NULL);
	assert_int_equal(code, 5);
	fixture_says(f, "signature     FAILED     checkpoint of size 3: no signature under a key of the policy");
	fixture_says(f, "integrity     OK");
	fixture_free(f);
	fixture_free(other);
}

static void test_a_damaged_database_file_is_an_integrity_failure(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 300, 50);
	struct told_bytes whole = told_test_read(f->store);
	char cut[400];
	snprintf(cut, sizeof cut, "%s/cut.db", f->dir);
	size_t lens[] = {whole.len - 4096, whole.len / 2, whole.len / 2 + 100, 8192 + 17};
	for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
		fixture_write(cut, told_bytes(whole.data, lens[i]));
		int code = fixture_run(f, "verify", "--store", cut, "--policy", f->policy, "--receipts", f->receipts,
				       NULL);
		if (code != 5)
			fail_msg("exit %d after a cut to %zu of %zu\n%s", code, lens[i], whole.len, f->out);
	}
	free((void *)(uintptr_t)whole.data);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_bit_flipped_in_an_entry_is_found_and_the_entry_named),
		cmocka_unit_test(test_a_bit_flipped_in_a_leaf_hash_is_found_and_the_entry_named),
		cmocka_unit_test(test_a_bit_flipped_in_any_detail_is_found_and_the_entry_named),
		cmocka_unit_test(test_a_bit_flipped_in_a_tree_head_is_found),
		cmocka_unit_test(test_a_bit_flipped_in_a_checkpoint_is_found),
		cmocka_unit_test(test_every_bit_of_one_checkpoint_counts),
		cmocka_unit_test(test_the_last_entries_deleted_are_missed),
		cmocka_unit_test(test_a_turn_taken_back_whole_is_missed_by_those_who_saw_it),
		cmocka_unit_test(test_a_middle_entry_deleted_is_named),
		cmocka_unit_test(test_a_middle_entry_deleted_and_the_rest_renumbered_is_found),
		cmocka_unit_test(test_two_entries_swapped_are_found),
		cmocka_unit_test(test_an_entry_inserted_or_numbered_wrongly_is_found),
		cmocka_unit_test(test_another_history_under_the_right_key_is_caught_by_receipts),
		cmocka_unit_test(test_yesterdays_store_is_caught_by_receipts),
		cmocka_unit_test(test_a_log_signed_by_an_unknown_key_is_not_believed),
		cmocka_unit_test(test_a_damaged_database_file_is_an_integrity_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
