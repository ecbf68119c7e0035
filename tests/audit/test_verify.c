/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit verify on stores as they should be, on stores that are a little behind, and on wrong words. */
#include "audit/fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SMALL 40u

static void test_a_whole_log_with_receipts_is_good(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, SMALL, 3);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "northtown/1: 40 entries, 13 checkpoints");
	fixture_says(f, "signature     OK");
	fixture_says(f, "integrity     OK");
	fixture_says(f, "anchored      OK         40 of 40 entries");
	fixture_says(f, "freshness     OK");
	fixture_says(f, "quorum        NONE ASKED");
	fixture_says(f, "completeness  OK         no gap in what 3 senders numbered");
	fixture_says(f, "erasures      OK");
	fixture_free(f);
}

static void test_without_a_note_from_outside_it_is_not_anchored(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, SMALL, 3);
	assert_int_equal(fixture_verify_alone(f), 1);
	fixture_says(f, "anchored      NOT SHOWN  not anchored");
	fixture_says(f, "integrity     OK");
	fixture_free(f);
}

static void test_an_older_note_anchors_what_it_covers_and_says_what_not(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 30, 3);
	char kept[400];
	snprintf(kept, sizeof kept, "%s/old.checkpoint", f->dir);
	fixture_write(kept, told_buf_view(&f->note));
	fixture_turn(f, 5);
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, "--against", kept, NULL),
			 0);
	fixture_says(f, "30 of 35 entries, by 1 file from outside (0 proofs); the last 5 are not");
	fixture_free(f);
}

static void test_tiles_are_checked_in_a_log_that_has_some(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 530, 100);
	assert_int_equal(fixture_verify(f), 0);
	fixture_drop_triggers(f);
	struct told_bytes tile = fixture_blob(f, "SELECT data FROM tile WHERE n = ?1", 1);
	((uint8_t *)(uintptr_t)tile.data)[44 * 32 + 5] ^= 0x10;
	fixture_put_blob(f, "UPDATE tile SET data = ?1 WHERE n = ?2", tile, 1);
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "integrity     FAILED     tile 0/1: hash 44 is not that of entry 300");
	fixture_says(f, "anchored      OK");
	((uint8_t *)(uintptr_t)tile.data)[44 * 32 + 5] ^= 0x10;
	fixture_put_blob(f, "UPDATE tile SET data = ?1 WHERE n = ?2", tile, 1);
	assert_int_equal(fixture_verify(f), 0);

	fixture_sql(f, "DELETE FROM tile WHERE n = ?1", 0, 0);
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "tile 0/0 (entries 0 to 255) is missing");
	fixture_sql(f, "INSERT INTO tile SELECT 1, 0, 0, data FROM tile WHERE n = 1", 0, 0);
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "tile 0/0: hash 0 is not that of entry 0");
	free((void *)(uintptr_t)tile.data);
	fixture_free(f);
}

static void test_a_tile_too_many_is_found_at_any_level(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 270, 90);
	fixture_drop_triggers(f);
	for (int64_t level = -1; level < 9; level++) {
		fixture_sql(f, "INSERT INTO tile SELECT 1, ?1, 5, data FROM tile WHERE n = 0", level, 0);
		assert_int_equal(fixture_verify(f), 5);
		fixture_says(f, "stands beyond the end of the log");
		fixture_sql(f, "DELETE FROM tile WHERE n = 5", 0, 0);
	}
	assert_int_equal(fixture_verify(f), 0);
	fixture_free(f);
}

static void test_the_first_turn_needs_a_note_from_outside(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 4, 4);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "no checkpoint in the store yet");
	assert_int_equal(fixture_verify_alone(f), 5);
	fixture_says(f, "signature     FAILED     no checkpoint signs these entries");
	fixture_free(f);
}

static void test_an_empty_store_shows_nothing(void **state)
{
	(void)state;
	struct fixture *f = fixture_new(1);
	assert_int_equal(fixture_verify_alone(f), 1);
	fixture_says(f, "integrity     NOT SHOWN  the log is empty");
	fixture_free(f);
}

static unsigned leftovers(const char *dir)
{
	unsigned count = 0;
	DIR *open = opendir(dir);
	assert_non_null(open);
	for (struct dirent *entry; (entry = readdir(open)) != NULL;)
		count += strncmp(entry->d_name, "told-audit-", 11) == 0;
	closedir(open);
	return count;
}

static void test_a_store_in_use_is_read_with_its_write_ahead_log_and_left_alone(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, SMALL, 5);
	char wal[400];
	struct stat before, after, wal_before, wal_after;
	sqlite3_exec(f->db, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0", NULL, NULL, NULL);
	fixture_turn(f, 4); /* only in the write-ahead log, whose connection stays open */
	fixture_receipts(f, 11);
	snprintf(wal, sizeof wal, "%s-wal", f->store);
	assert_int_equal(stat(f->store, &before), 0);
	assert_int_equal(stat(wal, &wal_before), 0);
	assert_true(wal_before.st_size > 0);
	setenv("TMPDIR", f->dir, 1);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "44 entries");
	assert_int_equal(leftovers(f->dir), 0);
	unsetenv("TMPDIR");
	assert_int_equal(stat(f->store, &after), 0);
	assert_int_equal(stat(wal, &wal_after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof before.st_mtim);
	assert_memory_equal(&wal_before.st_mtim, &wal_after.st_mtim, sizeof wal_before.st_mtim);
	assert_int_equal(wal_before.st_size, wal_after.st_size);
	fixture_free(f);
}

static void test_freshness_is_judged_at_the_time_asked_for(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, SMALL, 40); /* one turn, at FIXTURE_TIME_MS + 1 s: 2026-11-18T11:06:41Z */
	fixture_turn(f, 1);
	fixture_receipts(f, 9);
#define AT(time)                                                                                                       \
	fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, "--receipts", f->receipts, "--at", time,  \
		    NULL)
	assert_int_equal(AT("2026-11-18T11:08:42Z"), 0);
	fixture_says(f, "newest 2026-11-18T11:06:42Z, 2 min 0 s before the time asked for");
	assert_int_equal(AT("2026-11-18T12:09:41.9+01:00"), 0);
	assert_int_equal(AT("2026-11-18T11:09:42Z"), 1);
	fixture_says(f, "freshness     FAILED     newest 2026-11-18T11:06:42Z, 3 min 0 s before");
	assert_int_equal(AT("2026-11-18T11:01:42Z"), 0);
	assert_int_equal(AT("2026-11-18T11:01:41Z"), 1);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "as of its own newest, 2026-11-18T11:06:42Z, which is 59 min 58 s before now");
	assert_int_equal(AT("yesterday"), 2);
	assert_int_equal(AT("2026-02-30T00:00:00Z"), 2);
#undef AT
	fixture_free(f);
}

static void test_json_says_the_same(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, SMALL, 3);
	assert_int_equal(fixture_run(f, "verify", "--json", "--store", f->store, "--policy", f->policy, "--receipts",
				     f->receipts, NULL),
			 0);
	fixture_says(f, "{\"log\":\"northtown/1\",\"entries\":40,\"checkpoints\":13,\"anchored_entries\":40,");
	fixture_says(f, "\"verified\":true,\"exit\":0");
	fixture_says(f, "\"integrity\":{\"verdict\":\"OK\",\"faults\":0,\"first_bad\":null,");
	fixture_drop_triggers(f);
	fixture_sql(f, "UPDATE entry SET data = x'00' WHERE idx = ?1", 7, 0);
	assert_int_equal(fixture_run(f, "verify", "--json", "--store", f->store, "--policy", f->policy, "--receipts",
				     f->receipts, NULL),
			 5);
	fixture_says(f, "\"verified\":false,\"exit\":5");
	fixture_says(f, "\"first_bad\":{\"from\":7,\"to\":7}");
	fixture_free(f);
}

static void test_wrong_words_exit_2_with_the_nearest(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 4, 2);
	assert_int_equal(fixture_run(f, "verfy", NULL), 2);
	fixture_says(f, "there is no command verfy; the nearest is verify");
	assert_int_equal(fixture_run(f, NULL), 2);
	assert_int_equal(fixture_run(f, "--help", NULL), 0);
	assert_int_equal(fixture_run(f, "verify", "--help", NULL), 0);
	assert_int_equal(fixture_run(f, "verify", "--policy", f->policy, NULL), 2);
	fixture_says(f, "give either --store FILE");
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, "--tiles", f->dir, "--policy", f->policy, NULL),
			 2);
	fixture_says(f, "give either --store FILE");
	assert_int_equal(fixture_run(f, "verify", "--stor", f->store, NULL), 2);
	fixture_says(f, "The nearest is --store");
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, NULL), 2);
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, "--store", f->store, NULL), 2);
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, "--against", NULL), 2);
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, "stray", NULL), 2);
	assert_int_equal(fixture_run(f, "verify", "--json=yes", "--store", f->store, "--policy", f->policy, NULL), 2);
	fixture_free(f);
}

static void test_files_that_cannot_be_read_exit_6(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 8, 2);
	char path[400];
	snprintf(path, sizeof path, "%s/nothing", f->dir);
	assert_int_equal(fixture_run(f, "verify", "--store", path, "--policy", f->policy, NULL), 6);
	assert_int_equal(fixture_run(f, "verify", "--store", f->dir, "--policy", f->policy, NULL), 6);
	assert_int_equal(fixture_run(f, "verify", "--store", f->policy, "--policy", f->policy, NULL), 6);
	fixture_says(f, "file is not a database");
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, "--policy", path, NULL), 6);
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, "--receipts", path, NULL),
			 6);
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, "--against", path, NULL),
			 6);
	fixture_write(path, told_text("log nonsense\nquorum none\n"));
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, "--policy", path, NULL), 6);
	fixture_says(f, "line 1: the verifier key has not the form");
	fixture_write(path, told_text("quorum none\n"));
	assert_int_equal(fixture_run(f, "verify", "--store", f->store, "--policy", path, NULL), 6);
	fixture_write(path, told_bytes("", 0));
	assert_int_equal(fixture_run(f, "verify", "--store", path, "--policy", f->policy, NULL), 6);
	fixture_says(f, "it holds none of the tables of a store");
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_whole_log_with_receipts_is_good),
		cmocka_unit_test(test_without_a_note_from_outside_it_is_not_anchored),
		cmocka_unit_test(test_an_older_note_anchors_what_it_covers_and_says_what_not),
		cmocka_unit_test(test_tiles_are_checked_in_a_log_that_has_some),
		cmocka_unit_test(test_a_tile_too_many_is_found_at_any_level),
		cmocka_unit_test(test_the_first_turn_needs_a_note_from_outside),
		cmocka_unit_test(test_an_empty_store_shows_nothing),
		cmocka_unit_test(test_a_store_in_use_is_read_with_its_write_ahead_log_and_left_alone),
		cmocka_unit_test(test_freshness_is_judged_at_the_time_asked_for),
		cmocka_unit_test(test_json_says_the_same),
		cmocka_unit_test(test_wrong_words_exit_2_with_the_nearest),
		cmocka_unit_test(test_files_that_cannot_be_read_exit_6),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
