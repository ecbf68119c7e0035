/* SPDX-License-Identifier: Apache-2.0 */
/* A store that nobody writes to is read where it lies; when a writer comes, what was there is kept and the writer let
 * in, or nothing is said of it. */
#include "audit/fixture.h"

#include "evidence/audit/base/audit.h"
#include "evidence/audit/prove/prover.h"
#include "evidence/audit/read/source.h"
#include "evidence/audit/read/still.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NOWHERE     "/nowhere/at/all"
#define DEADLINE_S  120
#define FILE_BYTES  300000u
#define BLOCK_BYTES 4096u

/* ---- support ---- */

static void put_away(struct fixture *f)
{
	assert_int_equal(sqlite3_close(f->db), SQLITE_OK);
	f->db = NULL;
}

/* A store as a broker leaves it that was stopped: for a write-ahead log, without one. */
static struct fixture *stopped(void)
{
	struct fixture *f = fixture_full(1, 40, 3);
	sqlite3_exec(f->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	fixture_turn(f, 4);
	fixture_receipts(f, 11);
	put_away(f);
	return f;
}

static unsigned files_in(const char *dir)
{
	unsigned count = 0;
	DIR *open = opendir(dir);
	assert_non_null(open);
	while (readdir(open) != NULL)
		count++;
	closedir(open);
	return count;
}

static struct told_bytes make_file(char path[400])
{
	uint64_t random = 20261123;
	uint8_t *bytes = malloc(FILE_BYTES);
	assert_non_null(bytes);
	for (size_t i = 0; i < FILE_BYTES; i++)
		bytes[i] = (uint8_t)told_test_random(&random);
	snprintf(path, 400, "%s/file", told_test_dir());
	fixture_write(path, told_bytes(bytes, FILE_BYTES));
	return told_bytes(bytes, FILE_BYTES);
}

/* Where the kernel gives no leases there is nothing to see: such a store is always copied. */
static struct told_still *hold(const char *path)
{
	struct told_still *still = NULL;
	enum told_status status = told_still_open(path, &still);
	if (status == TOLD_E_IN_USE) {
		print_message("no read lease is to be had on the file system of this folder\n");
		skip();
	}
	assert_int_equal(status, TOLD_OK);
	return still;
}

static enum told_status read_block(struct told_still *still, uint64_t at, uint8_t out[BLOCK_BYTES])
{
	size_t got = 0;
	enum told_status status = told_still_read(still, at, out, BLOCK_BYTES, &got);
	if (status == TOLD_OK)
		assert_int_equal(got, FILE_BYTES - at < BLOCK_BYTES ? FILE_BYTES - at : BLOCK_BYTES);
	return status;
}

/* All of it is as it was. */
static void same(struct told_still *still, struct told_bytes was)
{
	uint8_t block[BLOCK_BYTES];
	assert_int_equal(told_still_bytes(still), FILE_BYTES);
	for (size_t at = 0; at < FILE_BYTES; at += BLOCK_BYTES) {
		assert_int_equal(read_block(still, at, block), TOLD_OK);
		assert_memory_equal(block, was.data + at,
				    FILE_BYTES - at < BLOCK_BYTES ? FILE_BYTES - at : BLOCK_BYTES);
	}
}

/* Somebody who opens the file and overwrites it, on a thread of its own: opening may have to wait. */
struct writer {
	const char *path;
	pthread_t thread;
	atomic_bool done;
};

static void *write_over(void *ctx)
{
	struct writer *writer = ctx;
	static const uint8_t zeros[FILE_BYTES];
	int fd = open(writer->path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, zeros, sizeof zeros) == (ssize_t)sizeof zeros;
	if (fd >= 0)
		close(fd);
	atomic_store(&writer->done, true);
	return good ? writer : NULL;
}

/* Reads until the writer is through; gives what the last reading gave. */
static enum told_status read_meanwhile(struct told_still *still, struct writer *writer)
{
	uint8_t block[BLOCK_BYTES];
	time_t end = time(NULL) + DEADLINE_S;
	enum told_status status = TOLD_OK;
	void *wrote = NULL;
	assert_int_equal(pthread_create(&writer->thread, NULL, write_over, writer), 0);
	while (!atomic_load(&writer->done) && time(NULL) < end)
		status = read_block(still, 0, block);
	assert_true(atomic_load(&writer->done));
	assert_int_equal(pthread_join(writer->thread, &wrote), 0);
	assert_ptr_equal(wrote, writer);
	return status;
}

/* ---- a store at rest ---- */

static void test_a_store_that_nobody_writes_to_is_read_where_it_lies(void **state)
{
	(void)state;
	struct fixture *f = stopped();
	told_still_free(hold(f->store));
	unsigned files = files_in(f->dir);
	setenv("TMPDIR", NOWHERE, 1);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "44 entries");
	assert_int_equal(fixture_run(f, "prove", "7", "--store", f->store, NULL), 0);
	unsetenv("TMPDIR");
	assert_int_equal(files_in(f->dir), files); /* neither a log nor its index was made beside it */
	fixture_free(f);
}

static void test_a_report_is_made_of_a_copy(void **state)
{
	(void)state;
	struct fixture *f = stopped();
	setenv("TMPDIR", NOWHERE, 1);
	assert_int_equal(fixture_run(f, "search", "--store", f->store, NULL), 6);
	unsetenv("TMPDIR");
	assert_int_equal(fixture_run(f, "search", "--store", f->store, NULL), 0);
	fixture_free(f);
}

static void test_a_store_that_is_open_for_writing_is_copied(void **state)
{
	(void)state;
	struct fixture *f = stopped();
	int fd = open(f->store, O_WRONLY | O_CLOEXEC);
	struct told_still *still;
	assert_true(fd >= 0);
	assert_int_equal(told_still_open(f->store, &still), TOLD_E_IN_USE);
	setenv("TMPDIR", NOWHERE, 1);
	assert_int_equal(fixture_verify(f), 6);
	unsetenv("TMPDIR");
	assert_int_equal(fixture_verify(f), 0);
	close(fd);
	fixture_free(f);
}

static void test_a_store_with_a_write_ahead_log_is_copied(void **state)
{
	(void)state;
	struct fixture *f = stopped();
	char wal[400];
	struct told_still *still;
	snprintf(wal, sizeof wal, "%s-wal", f->store);
	fixture_write(wal, told_text("not empty"));
	assert_int_equal(told_still_open(f->store, &still), TOLD_E_IN_USE);
	assert_null(still);
	fixture_free(f);
}

/* SQLite would undo pages by it, so that another reader sees another store: nothing is said of this one. */
static void test_a_store_with_a_rollback_journal_is_not_judged(void **state)
{
	(void)state;
	struct fixture *f = stopped();
	char journal[PATH_MAX];
	snprintf(journal, sizeof journal, "%.4000s-journal", f->store);
	fixture_write(journal, told_text(""));
	assert_int_equal(fixture_verify(f), 0); /* an empty one undoes nothing */
	fixture_write(journal, told_text("not empty"));
	assert_int_equal(fixture_verify(f), 6);
	fixture_says(f, "rollback journal");
	assert_int_equal(fixture_run(f, "prove", "7", "--store", f->store, NULL), 6);
	assert_int_equal(fixture_run(f, "search", "--store", f->store, NULL), 6);
	assert_int_equal(unlink(journal), 0);
	assert_int_equal(symlink("/dev/null", journal), 0);
	assert_int_equal(fixture_verify(f), 6);
	assert_int_equal(unlink(journal), 0);
	assert_int_equal(fixture_verify(f), 0);
	fixture_free(f);
}

static void test_what_is_wrong_in_a_store_at_rest_is_found_where_it_was_found_in_a_copy(void **state)
{
	(void)state;
	struct fixture *f = stopped();
	assert_int_equal(sqlite3_open(f->store, &f->db), SQLITE_OK);
	fixture_drop_triggers(f);
	fixture_sql(f, "UPDATE entry SET data = zeroblob(length(data)) WHERE idx = ?1 + 0 * ?2", 17, 0);
	assert_int_equal(fixture_verify(f), 5); /* of a copy: it is open */
	char *said = strdup(f->out);
	put_away(f);
	assert_non_null(strstr(said, "entry 17"));
	assert_int_equal(fixture_verify(f), 5);
	assert_string_equal(f->out, said);
	free(said);
	fixture_free(f);
}

/* In the order of the log and out of it: what is read in blocks and what is read page by page is the same store. A
 * proof is checked before it is handed out. */
static void test_a_long_store_at_rest_is_read_from_end_to_end_and_here_and_there(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 2000, 250);
	put_away(f);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "2000 entries");
	const struct told_audit_io io = {.out = stdout, .err = stderr, .now_ms = FIXTURE_TIME_MS};
	struct told_source source;
	struct told_prover *prover = NULL;
	told_still_free(hold(f->store));
	assert_int_equal(told_source_open_still(f->store, NULL, &io, &source), TOLD_AUDIT_GOOD);
	assert_true(told_still_bytes(source.still) > 8 * UINT64_C(65536)); /* more than is kept at once */
	assert_int_equal(told_prover_new(&source, 1, &prover), TOLD_OK);
	for (uint64_t i = 0; i < 1750; i++) {
		struct told_buf proof = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
		assert_int_equal(told_prover_write(prover, i * 911 % 1750, &proof), TOLD_OK);
		told_buf_free(&proof);
	}
	told_prover_free(prover);
	told_source_close(&source);
	fixture_free(f);
}

/* ---- a writer who comes ---- */

static void test_a_writer_who_comes_is_let_in_and_what_was_there_is_read_on(void **state)
{
	(void)state;
	char path[400];
	struct told_bytes was = make_file(path);
	struct told_still *still = hold(path);
	struct writer writer = {.path = path};
	same(still, was);
	assert_int_equal(read_meanwhile(still, &writer), TOLD_OK);
	same(still, was);
	assert_int_equal(told_still_status(still), TOLD_OK);
	struct told_bytes is = told_test_read(path);
	assert_int_equal(is.data[0] | is.data[FILE_BYTES - 1], 0);
	told_still_free(still);
	free((void *)(uintptr_t)is.data);
	free((void *)(uintptr_t)was.data);
}

static void test_a_writer_who_comes_when_there_is_no_room_ends_the_reading(void **state)
{
	(void)state;
	char path[400];
	struct told_bytes was = make_file(path);
	struct told_still *still = hold(path);
	struct writer writer = {.path = path};
	setenv("TMPDIR", NOWHERE, 1);
	assert_int_not_equal(read_meanwhile(still, &writer), TOLD_OK);
	unsetenv("TMPDIR");
	uint8_t block[BLOCK_BYTES];
	assert_int_not_equal(read_block(still, 0, block), TOLD_OK); /* and it stays so */
	assert_int_not_equal(told_still_status(still), TOLD_OK);
	told_still_free(still);
	free((void *)(uintptr_t)was.data);
}

/* As the kernel does when its patience ends. */
static void take_lease_away(void)
{
	unsigned taken = 0;
	for (int fd = 3; fd < 256; fd++)
		taken += fcntl(fd, F_GETLEASE) == F_RDLCK && fcntl(fd, F_SETLEASE, F_UNLCK) == 0;
	assert_int_equal(taken, 1);
}

static void test_a_lease_that_was_taken_away_ends_the_reading(void **state)
{
	(void)state;
	char path[400];
	struct told_bytes was = make_file(path);
	struct told_still *still = hold(path);
	uint8_t block[BLOCK_BYTES];
	assert_int_equal(read_block(still, 0, block), TOLD_OK);
	take_lease_away();
	assert_int_equal(read_block(still, 0, block), TOLD_E_IN_USE);
	assert_int_equal(read_block(still, 0, block), TOLD_E_IN_USE);
	told_still_free(still);
	free((void *)(uintptr_t)was.data);
}

/* Nothing is said of such a store: neither that it is good nor that it is damaged. */
static void test_a_store_that_could_not_be_kept_still_is_not_judged(void **state)
{
	(void)state;
	struct fixture *f = stopped();
	char *said = NULL;
	size_t len = 0;
	FILE *err = open_memstream(&said, &len);
	const struct told_audit_io io = {.out = err, .err = err, .now_ms = FIXTURE_TIME_MS};
	struct told_source source;
	told_still_free(hold(f->store));
	assert_int_equal(told_source_open_still(f->store, NULL, &io, &source), TOLD_AUDIT_GOOD);
	assert_int_equal(told_source_stood(&source, err), TOLD_AUDIT_GOOD);
	take_lease_away();
	uint8_t block[BLOCK_BYTES];
	size_t got;
	assert_int_equal(told_still_read(source.still, 0, block, sizeof block, &got), TOLD_E_IN_USE);
	assert_int_equal(told_source_stood(&source, err), TOLD_AUDIT_CONFIG);
	told_source_close(&source);
	fclose(err);
	assert_non_null(strstr(said, "A program began to write to it"));
	free(said);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_store_that_nobody_writes_to_is_read_where_it_lies),
		cmocka_unit_test(test_a_report_is_made_of_a_copy),
		cmocka_unit_test(test_a_store_that_is_open_for_writing_is_copied),
		cmocka_unit_test(test_a_store_with_a_write_ahead_log_is_copied),
		cmocka_unit_test(test_a_store_with_a_rollback_journal_is_not_judged),
		cmocka_unit_test(test_what_is_wrong_in_a_store_at_rest_is_found_where_it_was_found_in_a_copy),
		cmocka_unit_test(test_a_long_store_at_rest_is_read_from_end_to_end_and_here_and_there),
		cmocka_unit_test(test_a_writer_who_comes_is_let_in_and_what_was_there_is_read_on),
		cmocka_unit_test(test_a_writer_who_comes_when_there_is_no_room_ends_the_reading),
		cmocka_unit_test(test_a_lease_that_was_taken_away_ends_the_reading),
		cmocka_unit_test(test_a_store_that_could_not_be_kept_still_is_not_judged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
