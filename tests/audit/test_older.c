/* SPDX-License-Identifier: Apache-2.0 */
/* Copies that lack something: a table, the time asked for, or what newer receipts prove. */
#include "audit/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- tables ---- */

static const char *const needed[] = {"entry",       "tile",   "tree_head", "checkpoint",
				     "cosignature", "detail", "message",   "meta"};

static void test_a_table_that_was_dropped_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
		struct fixture *f = fixture_full(1, 8, 4);
		char sql[64], named[64];
		snprintf(sql, sizeof sql, "DROP TABLE %s", needed[i]);
		snprintf(named, sizeof named, "its table %s is missing", needed[i]);
		fixture_sql(f, sql, 0, 0);
		assert_int_equal(fixture_verify(f), 5);
		fixture_says(f, named);
		fixture_free(f);
	}
}

static void test_a_column_that_was_dropped_fails_too(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 8, 4);
	fixture_sql(f, "ALTER TABLE detail DROP COLUMN ruling_salt", 0, 0);
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "ruling_salt");
	fixture_free(f);
}

static void test_a_database_of_something_else_is_no_store(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 4, 4);
	char path[400];
	sqlite3 *db = NULL;
	snprintf(path, sizeof path, "%s/other.db", f->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE bookmark(url TEXT)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(fixture_run(f, "verify", "--store", path, "--policy", f->policy, NULL), 6);
	fixture_says(f, "it holds none of the tables of a store");
	fixture_free(f);
}

static void test_a_table_that_was_emptied_fails_the_verdict_that_is_for_it(void **state)
{
	static const struct {
		const char *sql, *says;
	} rows[] = {
		{"DELETE FROM entry", "integrity     FAILED"},     {"DELETE FROM detail", "erasures      FAILED"},
		{"DELETE FROM tree_head", "integrity     FAILED"}, {"DELETE FROM checkpoint", "FAILED"},
		{"DELETE FROM tile", "integrity     FAILED"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fixture *f = fixture_full(1, 300, 100);
		fixture_drop_triggers(f);
		fixture_sql(f, rows[i].sql, 0, 0);
		assert_int_equal(fixture_verify_alone(f), 5);
		fixture_says(f, rows[i].says);
		fixture_free(f);
	}
}

/* ---- the time asked for ---- */

static int at(struct fixture *f, const char *time)
{
	return fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, "--receipts", f->receipts, "--at",
			   time, NULL);
}

/* Turns at 11:06:41, 11:06:42, and, after ten minutes in which nothing came, at 11:16:43. */
static struct fixture *with_a_pause(void)
{
	struct fixture *f = fixture_full(1, 8, 4);
	f->time_ms += 600000;
	fixture_turn(f, 4);
	fixture_receipts(f, 1);
	return f;
}

static void test_a_log_that_goes_on_is_judged_at_the_time_asked_for(void **state)
{
	(void)state;
	struct fixture *f = with_a_pause();
	assert_int_equal(at(f, "2026-11-18T11:07:42Z"), 0);
	fixture_says(f, "freshness     OK         at the time asked for the newest entry was of 2026-11-18T11:06:42Z, "
			"1 min 0 s before; the log goes on to 2026-11-18T11:16:43Z");
	fixture_free(f);
}

static void test_a_pause_is_not_answered_with_ask_for_a_newer_copy(void **state)
{
	(void)state;
	struct fixture *f = with_a_pause();
	assert_int_equal(at(f, "2026-11-18T11:11:00Z"), 1);
	fixture_says(f,
		     "freshness     FAILED     at the time asked for the newest entry was of 2026-11-18T11:06:42Z, ");
	fixture_says(f, "The broker stood still at that time, and went on later");
	assert_null(strstr(f->out, "Ask for a newer copy;"));
	assert_int_equal(at(f, "2026-11-18T10:00:00Z"), 1);
	fixture_says(f, "no entry is as old as the time asked for");
	fixture_says(f, "Ask about a time that this log covers");
	fixture_free(f);
}

/* ---- receipts of later ---- */

/* The store as it was, beside one that went on and gave receipts. */
static struct fixture *copied_before(char copy[400])
{
	struct fixture *f = fixture_full(1, 8, 4);
	snprintf(copy, 400, "%s/older.db", f->dir);
	char sql[500];
	snprintf(sql, sizeof sql, "VACUUM INTO '%s'", copy);
	fixture_sql(f, sql, 0, 0);
	f->time_ms += 600000;
	fixture_turn(f, 4);
	fixture_receipts(f, 1); /* all under the newest note */
	return f;
}

/* Of the size that the copy has. */
static void keep_note(struct fixture *f, char note[400])
{
	struct told_bytes own = fixture_blob(f, "SELECT note FROM checkpoint WHERE size = ?1", 8);
	snprintf(note, 400, "%s/then.checkpoint", f->dir);
	fixture_write(note, own);
	free((void *)(uintptr_t)own.data);
}

static int verify_copy(struct fixture *f, const char *copy, const char *note, const char *time)
{
	return fixture_run(f, "verify", "--store", copy, "--policy", f->policy, "--receipts", f->receipts, "--against",
			   note, "--at", time, NULL);
}

static void test_receipts_that_are_newer_than_the_copy_are_called_that(void **state)
{
	char copy[400], note[400];
	(void)state;
	struct fixture *f = copied_before(copy);
	keep_note(f, note);
	assert_int_equal(fixture_run(f, "verify", "--store", copy, "--policy", f->policy, "--receipts", f->receipts,
				     "--against", note, NULL),
			 5); /* not said when it was copied: it may have been cut */
	fixture_says(f, "entry 8 is missing: ");
	fixture_says(f, " proves that it was in the log at 2026-11-18T11:16:43Z");
	fixture_says(f, "or it was copied before these receipts were given");
	assert_int_equal(verify_copy(f, copy, note, "2026-11-18T11:07:00Z"), 0);
	fixture_says(f, "; 5 more were given after the time of this copy"); /* 4 proofs and the checkpoint */
	fixture_free(f);
}

static void test_a_cut_is_no_older_copy_when_the_time_says_otherwise(void **state)
{
	char copy[400], note[400];
	(void)state;
	struct fixture *f = copied_before(copy);
	keep_note(f, note);
	assert_int_equal(verify_copy(f, copy, note, "2026-11-18T11:16:43Z"), 5);
	fixture_says(f, "The end of this store was cut off, or it was copied earlier than the time given with --at");
	fixture_free(f);
}

/* A note without a time, and nothing that says it is of later: the cautious answer. */
static void test_a_note_beyond_the_copy_that_no_time_excuses_fails(void **state)
{
	char copy[400], note[400];
	(void)state;
	struct fixture *f = copied_before(copy);
	snprintf(note, sizeof note, "%s/newest.checkpoint", f->dir);
	fixture_write(note, told_buf_view(&f->note));
	assert_int_equal(fixture_run(f, "verify", "--store", copy, "--policy", f->policy, "--against", note, "--at",
				     "2026-11-18T11:07:00Z", NULL),
			 5);
	fixture_says(f, "signed for size 12 of log 1, but the store has 8 entries: those from 8 on are missing");
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_table_that_was_dropped_is_named),
		cmocka_unit_test(test_a_column_that_was_dropped_fails_too),
		cmocka_unit_test(test_a_database_of_something_else_is_no_store),
		cmocka_unit_test(test_a_table_that_was_emptied_fails_the_verdict_that_is_for_it),
		cmocka_unit_test(test_a_log_that_goes_on_is_judged_at_the_time_asked_for),
		cmocka_unit_test(test_a_pause_is_not_answered_with_ask_for_a_newer_copy),
		cmocka_unit_test(test_receipts_that_are_newer_than_the_copy_are_called_that),
		cmocka_unit_test(test_a_cut_is_no_older_copy_when_the_time_says_otherwise),
		cmocka_unit_test(test_a_note_beyond_the_copy_that_no_time_excuses_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
