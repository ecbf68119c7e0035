/* SPDX-License-Identifier: Apache-2.0 */
/* Every column of every table of a broker's store, changed in one row: verify must see it, or the column stands in the
 * list below of what is no evidence, with what a change could do and what catches it elsewhere. A new table or column
 * fails this test until somebody has thought about it. */
#include "reports/rig.h"

#include "broker/record/room.h"
#include "evidence/timestamp.h"
#include "support/authority.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char policy[400], note[400], found[65536];

/* ---- a store to change ---- */

static void write_files(struct rig *rig)
{
	struct test_world *w = rig->world;
	struct told_vkey vkey;
	struct told_buf text = TOLD_BUF(1024);
	told_vkey_make(told_text(TEST_PARTNERSHIP "/1"), TOLD_NOTE_ED25519, w->log.key, &vkey);
	told_buf_put_text(&text, "log ");
	told_vkey_format(&vkey, &text);
	told_buf_put_text(&text, "\nquorum none\n");
	snprintf(policy, sizeof policy, "%.380s/policy", w->dir);
	snprintf(note, sizeof note, "%.380s/note", w->dir);
	fixture_write(policy, told_buf_view(&text));
	fixture_write(note, told_record_checkpoint(w->record));
	told_buf_free(&text);
}

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
	assert_int_equal(told_record_timestamp(rig->world->record, told_buf_view(&token), &size), TOLD_OK);
	assert_true(size > 0);
	test_commit(rig->world);
	told_buf_free(&query);
	told_buf_free(&token);
}

static int verify(struct rig *rig)
{
	return fixture_run(&rig->run, "verify", "--store", rig->store, "--policy", policy, "--against", note, NULL);
}

/* The words of a statement's first column, one behind the other. */
static size_t list(sqlite3 *db, const char *sql, char out[][64], size_t max)
{
	sqlite3_stmt *rows = NULL;
	size_t count = 0;
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		assert_true(count < max);
		snprintf(out[count++], 64, "%s", (const char *)sqlite3_column_text(rows, 0));
	}
	sqlite3_finalize(rows);
	return count;
}

static void without_triggers(sqlite3 *db)
{
	char names[64][64], sql[128];
	size_t count = list(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", names, 64);
	for (size_t i = 0; i < count; i++) {
		snprintf(sql, sizeof sql, "DROP TRIGGER %s", names[i]);
		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	}
}

/* Changes the column in the table's first row that has a value; false: no row has one. */
static bool change(const char *store, const char *table, const char *column)
{
	char keys[8][64], key[512] = "", sql[2048];
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(store, &db), SQLITE_OK);
	without_triggers(db);
	snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s') WHERE pk > 0 ORDER BY pk", table);
	size_t count = list(db, sql, keys, 8);
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		strcat(key, i > 0 ? ", " : "");
		strcat(key, keys[i]);
	}
	snprintf(sql, sizeof sql,
		 "UPDATE %s SET %s = CASE typeof(%s) WHEN 'integer' THEN %s - 1000003 WHEN 'text' THEN %s || 'X'"
		 " ELSE randomblob(length(%s)) END WHERE (%s) = (SELECT %s FROM %s WHERE length(%s) > 0"
		 " ORDER BY %s LIMIT 1)",
		 table, column, column, column, column, column, key, key, table, column, key);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	bool changed = sqlite3_total_changes(db) > 0;
	sqlite3_close(db);
	return changed;
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
	{"parcel.seq parcel.parcel_id parcel.recipient parcel.type parcel.reply parcel.message parcel.client "
	 "parcel.state"
	 " parcel.deliveries parcel.due_ms parcel.until_ms",
	 "what waits goes late, never, or to another, who cannot open it",
	 "sections are sealed to one key; the recipient's agent checks its own name and the proof; reconcile"},
	{"wrap.deposit wrap.recipient wrap.key_id wrap.enc wrap.sealed", "a section cannot be opened",
	 "the recipient's agent compares the wrap with the signed grant"},
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

static bool is_argued(const char *name)
{
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
		const char *at = strstr(reasons[i].columns, name);
		size_t len = strlen(name);
		if (at != NULL && (at == reasons[i].columns || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return reasons[i].could[0] != '\0' && reasons[i].caught[0] != '\0';
	}
	return false;
}

/* ---- the test ---- */

/* A good token, filed with a checkpoint that it does not stamp. */
static void check_moved_token(struct rig *rig)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(rig->store, &db), SQLITE_OK);
	without_triggers(db);
	assert_int_equal(sqlite3_exec(db,
				      "UPDATE timestamp SET size = (SELECT max(size) FROM checkpoint c"
				      " WHERE c.size < timestamp.size)",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(verify(rig), 5);
	fixture_says(&rig->run, "it stamps something else than this checkpoint");
}

static void one(struct rig *rig, const struct told_bytes *whole, const char *table, const char *column)
{
	char name[160], line[300] = "";
	snprintf(name, sizeof name, "%s.%s", table, column);
	fixture_write(rig->store, *whole);
	bool there = change(rig->store, table, column);
	bool caught = there && verify(rig) == 5;
	if (there && caught == is_argued(name))
		snprintf(line, sizeof line, "%s: %s\n", name, caught ? "caught, and argued away" : "MISSED");
	else if (!there && !is_argued(name))
		snprintf(line, sizeof line, "%s: no row, and not argued\n", name);
	strcat(found, line);
}

static void test_every_column_is_evidence_or_argued_about(void **state)
{
	struct rig *rig = *state;
	char tables[64][64], columns[64][64], sql[256];
	sqlite3 *db = NULL;
	stamp(rig);
	write_files(rig);
	test_world_close(rig->world);
	assert_int_equal(sqlite3_open(rig->store, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE", NULL, NULL, NULL),
		SQLITE_OK);
	size_t n = list(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", tables,
			64);
	assert_int_equal(verify(rig), 0);
	fixture_says(&rig->run, "timestamps    1 checkpoint: as its signer made it; who that is, is not checked");
	struct told_bytes whole = told_test_read(rig->store);
	check_moved_token(rig);
	for (size_t t = 0; t < n; t++) {
		snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s')", tables[t]);
		size_t count = list(db, sql, columns, 64);
		for (size_t c = 0; c < count; c++)
			one(rig, &whole, tables[t], columns[c]);
	}
	sqlite3_close(db);
	free((void *)(uintptr_t)whole.data);
	if (found[0] != 0)
		print_error("%s", found);
	assert_int_equal(found[0], 0);
}

int main(void)
{
	if (!test_authority_possible()) {
		printf("skipped: there is no openssl command here\n");
		return 77;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_column_is_evidence_or_argued_about, rig_set_up,
						rig_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
