/* SPDX-License-Identifier: Apache-2.0 */
/* A database that keeps no copy of a row that went: not where SQLite moved it from, not in the log, not out of memory
 * later. The same is done to SQLite as it comes, to show that the search finds what there is to find. */
#include "broker/sqlite/sqlite.h"
#include "support/gaps.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define OK(call)       assert_int_equal(call, TOLD_OK)
#define PEOPLE         160u
#define ROWS           6u /* of one person */
#define ROW_MIN_BYTES  300u
#define ROW_SPAN_BYTES 1200u
#define SEED           4u /* one of those with which SQLite leaves much behind */

#define BEFORE         8u
#define AFTER          6u

/* What a person's reference and rows are made of, so that one look through a file finds everybody who is in it. Words
 * stand on both sides of the number, because a row may go on in another page. */
struct mark {
	char before[BEFORE];
	uint8_t person[2];
	char after[AFTER];
};

struct person {
	struct mark ref;
	struct mark row[ROWS][(ROW_MIN_BYTES + ROW_SPAN_BYTES) / sizeof(struct mark) + 1];
	size_t len[ROWS];
};

static char path[PATH_MAX];
static sqlite3 *db;
static struct person people[PEOPLE];

static void sql(const char *text)
{
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
}

static void invent(void)
{
	uint64_t seed = SEED;
	for (uint32_t i = 0; i < PEOPLE; i++) {
		struct mark mark = {.before = "told onc", .person = {(uint8_t)(i >> 8), (uint8_t)i}, .after = "e only"};
		people[i].ref = mark;
		for (size_t j = 0; j < ROWS; j++) {
			people[i].len[j] = ROW_MIN_BYTES + told_test_random(&seed) % ROW_SPAN_BYTES;
			for (size_t k = 0; k < sizeof people[i].row[j] / sizeof mark; k++)
				people[i].row[j][k] = mark;
		}
	}
}

/* The shapes that the record and the vaults have: rows by number, rows in an index, an index by person. */
static void make_tables(void)
{
	sql("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; PRAGMA synchronous = OFF;"
	    "CREATE TABLE fact(n INTEGER, m INTEGER, client BLOB, data BLOB, turn INTEGER,"
	    " PRIMARY KEY(n, m)) STRICT, WITHOUT ROWID;"
	    "CREATE INDEX fact_client ON fact(client, n, m);"
	    "CREATE TABLE message(seq INTEGER PRIMARY KEY, client BLOB, data BLOB) STRICT;"
	    "CREATE INDEX message_client ON message(client);");
}

static void write_down(const struct person *who, int n)
{
	sqlite3_stmt *fact, *message;
	sqlite3_prepare_v2(db, "INSERT INTO fact VALUES (?1, ?2, ?3, ?4, 2)", -1, &fact, NULL);
	sqlite3_prepare_v2(db, "INSERT INTO message(client, data) VALUES (?3, ?4)", -1, &message, NULL);
	sql("BEGIN");
	for (int j = 0; j < (int)ROWS; j++) {
		sqlite3_stmt *both[] = {fact, message};
		for (size_t k = 0; k < 2; k++) {
			sqlite3_bind_int(both[k], 1, n);
			sqlite3_bind_int(both[k], 2, j);
			sqlite3_bind_blob(both[k], 3, &who->ref, sizeof who->ref, SQLITE_STATIC);
			sqlite3_bind_blob(both[k], 4, who->row[j], (int)who->len[j], SQLITE_STATIC);
			assert_int_equal(sqlite3_step(both[k]), SQLITE_DONE);
			sqlite3_reset(both[k]);
		}
	}
	sql("COMMIT");
	sqlite3_finalize(fact);
	sqlite3_finalize(message);
}

static void forget(const struct person *who)
{
	static const char *const gone[] = {
		"DELETE FROM fact WHERE client = ?1",
		"UPDATE message SET client = NULL, data = x'' WHERE client = ?1",
	};
	sql("BEGIN");
	for (size_t i = 0; i < 2; i++) {
		sqlite3_stmt *one;
		sqlite3_prepare_v2(db, gone[i], -1, &one, NULL);
		sqlite3_bind_blob(one, 1, &who->ref, sizeof who->ref, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(one), SQLITE_DONE);
		sqlite3_finalize(one);
	}
	sql("COMMIT");
}

/* Everybody comes, in one order. */
static void fill(void)
{
	make_tables();
	for (size_t i = 0; i < PEOPLE; i++)
		write_down(&people[i], (int)i);
}

/* The nth to go: another order than that of coming. */
static const struct person *leaver(size_t n)
{
	return &people[n * 147 % PEOPLE];
}

static size_t marks(struct told_bytes file, const struct mark *mark)
{
	const uint8_t *at = file.data, *end = file.data + file.len;
	size_t found = 0;
	while ((at = memmem(at, (size_t)(end - at), mark->before, BEFORE)) != NULL &&
	       end - at >= (ptrdiff_t)sizeof *mark) {
		found += memcmp(at, mark, sizeof *mark) == 0;
		at += BEFORE;
	}
	return found;
}

/* A file as it lies on the disk; an empty one has no view. */
static struct told_bytes look_at(const char *name)
{
	struct stat st;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	void *at = st.st_size == 0 ? NULL : mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_true(at != MAP_FAILED);
	close(fd);
	return told_bytes(at, (size_t)st.st_size);
}

static void look_away(struct told_bytes file)
{
	if (file.len > 0)
		munmap((void *)(uintptr_t)file.data, file.len);
}

static size_t left_of(const struct person *who)
{
	static const char *const files[] = {"", "-wal"};
	size_t found = 0;
	for (size_t i = 0; i < 2; i++) {
		char name[PATH_MAX + 8];
		snprintf(name, sizeof name, "%s%s", path, files[i]);
		struct told_bytes file = look_at(name);
		found += file.len == 0 ? 0 : marks(file, &who->ref);
		look_away(file);
	}
	return found;
}

static int set_up(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "%s/one.db", told_test_dir());
	invent();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sqlite3_close(db);
	db = NULL;
	return 0;
}

static void open_ours(void)
{
	OK(told_sqlite_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db));
}

/* ---- */

/* Should this fail one day, SQLite has learnt it, and this room may go. */
static void test_sqlite_as_it_comes_leaves_copies_behind(void **state)
{
	(void)state;
	size_t left = 0;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	fill();
	for (size_t n = 0; n < PEOPLE; n++) {
		forget(leaver(n));
		sql("PRAGMA wal_checkpoint(TRUNCATE)");
		left += left_of(leaver(n)) > 0;
	}
	print_message("%zu of %u people left something\n", left, PEOPLE);
	assert_true(left > 0 && told_test_bytes_in_gaps(path) > 0);
}

static void test_nothing_is_left_of_whoever_goes(void **state)
{
	(void)state;
	open_ours();
	fill();
	for (size_t n = 0; n < PEOPLE; n++) {
		assert_true(n % 16 != 0 || left_of(leaver(n)) > 0);
		forget(leaver(n));
		OK(told_sqlite_shred(db));
		assert_int_equal(left_of(leaver(n)), 0);
	}
	assert_int_equal(told_test_bytes_in_gaps(path), 0);
}

/* Pages in memory would go back into the log with what lay in them when next they are written. */
static void test_what_was_in_memory_does_not_come_back(void **state)
{
	(void)state;
	open_ours();
	sql("PRAGMA cache_size = -65536");
	fill();
	for (size_t n = 0; n < PEOPLE / 2; n++) {
		forget(leaver(n));
		OK(told_sqlite_shred(db));
		sql("UPDATE fact SET turn = 5 - turn"); /* every page is written, and no row moves */
		assert_int_equal(left_of(leaver(n)), 0);
	}
}

static void test_a_reader_is_waited_for_and_nothing_promised(void **state)
{
	(void)state;
	sqlite3 *reader;
	open_ours();
	fill();
	assert_int_equal(sqlite3_open(path, &reader), SQLITE_OK);
	assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM fact", NULL, NULL, NULL), SQLITE_OK);
	forget(leaver(0));
	assert_int_equal(told_sqlite_shred(db), TOLD_E_IN_USE);
	sqlite3_close(reader);
	OK(told_sqlite_shred(db));
	assert_int_equal(left_of(leaver(0)), 0);
}

static void expect_text(const char *query, const char *expected)
{
	sqlite3_stmt *one;
	assert_int_equal(sqlite3_prepare_v2(db, query, -1, &one, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(one), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(one, 0), expected);
	sqlite3_finalize(one);
}

static void test_whoever_stays_is_whole(void **state)
{
	(void)state;
	open_ours();
	fill();
	for (size_t n = 0; n < PEOPLE / 2; n++)
		forget(leaver(n));
	OK(told_sqlite_shred(db));
	sqlite3_close(db);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK); /* read by SQLite as it comes */
	expect_text("PRAGMA integrity_check", "ok");
	sqlite3_stmt *rows;
	sqlite3_prepare_v2(db, "SELECT n, m, data FROM fact ORDER BY n, m", -1, &rows, NULL);
	size_t seen = 0;
	for (; sqlite3_step(rows) == SQLITE_ROW; seen++) {
		const struct person *who = &people[sqlite3_column_int(rows, 0)];
		int j = sqlite3_column_int(rows, 1);
		assert_int_equal(sqlite3_column_bytes(rows, 2), who->len[j]);
		assert_memory_equal(sqlite3_column_blob(rows, 2), who->row[j], who->len[j]);
	}
	sqlite3_finalize(rows);
	assert_int_equal(seen, PEOPLE / 2 * ROWS);
}

static void test_a_database_stays_below_the_size_at_which_pages_could_be_confused(void **state)
{
	(void)state;
	open_ours();
	expect_text("PRAGMA max_page_count", "33554431");
}

/* ---- pages ---- */

static void test_the_gap_of_a_page_lies_between_its_pointers_and_its_cells(void **state)
{
	static const struct {
		bool first;
		uint8_t kind;
		size_t cells, content, from, to; /* to 0: no gap may be touched */
	} rows[] = {
		{false, 13, 0, 4096, 8, 4096}, {false, 13, 3, 4000, 14, 4000}, {false, 10, 3, 4000, 14, 4000},
		{false, 5, 3, 4000, 18, 4000}, {false, 2, 3, 18, 18, 18},      {true, 13, 3, 4000, 114, 4000},
		{false, 2, 3, 17, 0, 0},       {false, 13, 0, 4097, 0, 0},     {false, 13, 0, 0, 0, 0},
		{false, 0, 3, 4000, 0, 0},     {false, 1, 3, 4000, 0, 0},      {false, 3, 3, 4000, 0, 0},
		{false, 11, 3, 4000, 0, 0},    {false, 13, 2045, 4095, 0, 0},  {false, 13, 65535, 4096, 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t page[4096] = {0}, *at = page + (rows[i].first ? 100 : 0);
		size_t from = 0, to = 0;
		at[0] = rows[i].kind;
		at[3] = (uint8_t)(rows[i].cells >> 8), at[4] = (uint8_t)rows[i].cells;
		at[5] = (uint8_t)(rows[i].content >> 8), at[6] = (uint8_t)rows[i].content;
		assert_int_equal(told_page_gap(page, sizeof page, rows[i].first, &from, &to), rows[i].to != 0);
		if (rows[i].to == 0)
			continue;
		assert_int_equal(from, rows[i].from);
		assert_int_equal(to, rows[i].to);
	}
}

static void test_a_page_of_the_largest_size_says_zero_for_its_end(void **state)
{
	static uint8_t page[TOLD_PAGE_MAX_BYTES] = {13};
	size_t from = 0, to = 0;
	(void)state;
	assert_true(told_page_gap(page, sizeof page, false, &from, &to));
	assert_int_equal(to, sizeof page);
	assert_false(told_page_gap(page, TOLD_PAGE_MIN_BYTES - 1, false, &from, &to));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_sqlite_as_it_comes_leaves_copies_behind),
		TEST(test_nothing_is_left_of_whoever_goes),
		TEST(test_what_was_in_memory_does_not_come_back),
		TEST(test_a_reader_is_waited_for_and_nothing_promised),
		TEST(test_whoever_stays_is_whole),
		TEST(test_a_database_stays_below_the_size_at_which_pages_could_be_confused),
		TEST(test_the_gap_of_a_page_lies_between_its_pointers_and_its_cells),
		TEST(test_a_page_of_the_largest_size_says_zero_for_its_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
