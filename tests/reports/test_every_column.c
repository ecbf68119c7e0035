/* SPDX-License-Identifier: Apache-2.0 */
/* Every column of every table of a broker's store, changed in one row to another value, to none, to an empty one and to
 * that of another row, and every table emptied: verify must see it, or the column stands in the
 * list below of what is no evidence, with what a change could do and what catches it elsewhere. A new table or column
 * fails this test until somebody has thought about it. */
#include "reports/changes.h"
#include "reports/rig.h"

#include "broker/record/room.h"
#include "evidence/timestamp.h"
#include "support/authority.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char found[65536];

/* ---- a store to change ---- */

/* What an authority says of the newest checkpoint, and a turn behind it. */
static void stamp(struct rig *rig)
{
	struct told_buf query = TOLD_BUF(65536), token = TOLD_BUF(65536);
	struct told_bytes newest = told_record_checkpoint(rig->world->record);
	uint64_t size = 0;
	assert_int_equal(told_timestamp_query(newest, &query), TOLD_OK);
	test_authority_make(rig->world->dir, "tsa");
	test_authority_answer(rig->world->dir, "tsa", told_buf_view(&query), &token);
	struct test_agency *tt = &rig->world->of[TEST_TT];
	test_phase(rig->world, tt, test_relationship(rig->world, tt, TOLD_YES_NO_YES), TOLD_PHASE_FLAG);
	test_begin(rig->world);
	assert_int_equal(told_record_timestamp(rig->world->record, rig->world->arena, told_buf_view(&token), &size),
			 TOLD_OK);
	assert_true(size > 0);
	test_commit(rig->world);
	told_buf_free(&query);
	told_buf_free(&token);
}

/* The log of the rig with a token, in one file; how it is. */
static struct told_bytes make_store(struct rig *rig)
{
	sqlite3 *db = NULL;
	stamp(rig);
	rig_outside(rig);
	test_world_close(rig->world);
	assert_int_equal(sqlite3_open(rig->store, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE", NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(rig_verify(rig), 0);
	fixture_says(&rig->run, "timestamps    1 checkpoint: as its signer made it; who that is, is not checked");
	return told_test_read(rig->store);
}

/* ---- what is no evidence ---- */

struct reason {
	const char *columns, *could, *caught;
};

static const struct reason reasons[] = {
	{"tile.log tile.level tile.n tile.data cosignature.log cosignature.size cosignature.name cosignature.line",
	 "no row in so small a log", "audit_test_drill changes them in one that has some"},
	{"duplicate.id duplicate.until_ms", "a message sent again is taken a second time",
	 "two entries with one number of one sender, and two receipts: reconcile"},
	{"message.seq message.state message.expires_ms message.segment message.offset message.length message.body_hash"
	 " message.until_ms",
	 "what waits is lost, late, or cannot be read",
	 "the spool's hash at the broker; reconcile names what never came"},
	{"parcel.seq parcel.parcel_id parcel.recipient parcel.type parcel.reply parcel.client "
	 "parcel.state"
	 " parcel.deliveries parcel.due_ms parcel.until_ms",
	 "what waits goes late, never, or to another, who cannot open it",
	 "sections are sealed to one key; the recipient's agent checks its own name and the proof; reconcile"},
	{"open_ask.message open_ask.asker open_ask.client open_ask.expires_ms", "an answer is late or never comes",
	 "the asker's own deadline; an answer is ruled anew before it goes"},
	{"party.party party.epoch party.sender_seq party.confirmed", "an agency must begin its session anew",
	 "its agent compares both numbers with its own and says so"},
	{"holder.client holder.party given.sender given.message given.recipient given.client given.released",
	 "somebody is not told of an erasure, a withdrawal or a correction",
	 "derived from delivered entries, which name the recipient: told-audit client"},
	{"erasure.n erasure.request erasure.finished", "what was erased is swept again, or too late",
	 "the entry that says it is finished is missing: search --phase finished"},
	{"erasure.txid erasure.log erasure.idx unheard.party unheard.log unheard.idx unheard.message unheard.until_ms",
	 "no row in this log", "the entry that they name must be there: kept_rows.c"},
};

/* Tables of which all rows may be gone. */
static const struct reason emptied[] = {
	{"tile cosignature erasure unheard", "no row in this log",
	 "audit_test_drill deletes them in one that has some"},
	{"duplicate", "a message sent again is taken a second time",
	 "two entries with one number of one sender, and two receipts: reconcile"},
	{"message parcel", "what waits never comes", "rows go when all is done; reconcile names what never came"},
	{"wrap", "sections cannot be opened", "a withdrawal takes them too; originators grant again"},
	{"open_ask", "an answer never comes", "the asker's own deadline"},
	{"party", "every agency must begin its session anew", "their agents say so"},
	{"holder given", "nobody is told of an erasure, a withdrawal or a correction",
	 "derived from delivered entries, which name the recipient: told-audit client"},
};

static bool is_in(const struct reason *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		const char *at = strstr(list[i].columns, name);
		size_t len = strlen(name);
		if (at != NULL && (at == list[i].columns || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return list[i].could[0] != '\0' && list[i].caught[0] != '\0';
	}
	return false;
}

static bool is_argued(const char *name)
{
	return is_in(reasons, sizeof reasons / sizeof reasons[0], name);
}

/* ---- the test ---- */

/* A good token, filed with a checkpoint that it does not stamp. */
static void check_moved_token(struct rig *rig)
{
	assert_true(change_sql(rig->store, "UPDATE timestamp SET size = (SELECT max(size) FROM checkpoint c"
					   " WHERE c.size < timestamp.size)"));
	assert_int_equal(rig_verify(rig), 5);
	fixture_says(&rig->run, "it stamps something else than this checkpoint");
}

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	size_t len = strlen(found);
	va_list args;
	va_start(args, format);
	vsnprintf(found + len, sizeof found - len, format, args);
	va_end(args);
}

static void end(const struct told_bytes *whole)
{
	free((void *)(uintptr_t)whole->data);
	fputs(found, stderr);
	assert_int_equal(found[0], 0);
}

/* One value in one way; false: no row can have it. What is argued about may be seen all the same where it is no longer
 * a value of its kind. */
static bool one(struct rig *rig, const struct told_bytes *whole, const char *name, enum change_way way, size_t row)
{
	char table[64];
	const char *dot = strchr(name, '.');
	snprintf(table, sizeof table, "%.*s", (int)(dot - name), name);
	fixture_write(rig->store, *whole);
	bool there = change_value(rig->store, table, dot + 1, way, row);
	bool caught = there && rig_verify(rig) == 5;
	if (there && !caught && !is_argued(name))
		say("%s %s in row %zu: MISSED\n", name, change_names[way], row);
	if (caught && way == CHANGE_TURNED && is_argued(name))
		say("%s: caught, and argued away\n", name);
	return there;
}

static void column(struct rig *rig, const struct told_bytes *whole, const char *name)
{
	static const size_t rows_of[CHANGE_WAYS] = {1, 2, 1, 1}; /* to NULL it may matter what else the row says */
	size_t rows = 0;
	for (enum change_way way = 0; way < CHANGE_WAYS; way++)
		for (size_t row = 0; row < rows_of[way]; row++)
			rows += one(rig, whole, name, way, row);
	if (rows == 0 && !is_argued(name))
		say("%s: no row, and not argued\n", name);
}

static void test_every_column_is_evidence_or_argued_about(void **state)
{
	struct rig *rig = *state;
	char names[256][64];
	struct told_bytes whole = make_store(rig);
	sqlite3 *db = NULL;
	check_moved_token(rig);
	assert_int_equal(sqlite3_open(rig->store, &db), SQLITE_OK);
	size_t count = change_list(db,
				   "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
				   " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid",
				   names, 256);
	sqlite3_close(db);
	for (size_t i = 0; i < count; i++)
		column(rig, &whole, names[i]);
	end(&whole);
}

/* Every table without a row, and the store without each line of what it says of itself. */
static void test_every_table_that_is_emptied_is_seen_or_argued_about(void **state)
{
	struct rig *rig = *state;
	char names[64][64], keys[8][64], sql[256];
	struct told_bytes whole = make_store(rig);
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(rig->store, &db), SQLITE_OK);
	size_t count = change_list(
		db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", names, 64);
	size_t lines = change_list(db, "SELECT key FROM meta", keys, 8);
	sqlite3_close(db);
	assert_int_equal(lines, 2);
	for (size_t i = 0; i < count + lines; i++) {
		const char *name = i < count ? names[i] : keys[i - count];
		if (i < count)
			snprintf(sql, sizeof sql, "DELETE FROM %s", name);
		else
			snprintf(sql, sizeof sql, "DELETE FROM meta WHERE key = '%s'", name);
		fixture_write(rig->store, whole);
		bool argued = is_in(emptied, sizeof emptied / sizeof emptied[0], name);
		bool changed = change_sql(rig->store, sql), caught = changed && rig_verify(rig) == 5;
		if (changed && caught == argued)
			say("%s: %s\n", sql, caught ? "caught, and argued away" : "MISSED");
	}
	end(&whole);
}

int main(void)
{
	if (!test_authority_possible()) {
		printf("skipped: there is no openssl command here\n");
		return 77;
	}
#define T(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)
	const struct CMUnitTest tests[] = {
		T(test_every_column_is_evidence_or_argued_about),
		T(test_every_table_that_is_emptied_is_seen_or_argued_about),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
