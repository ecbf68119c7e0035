/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody with the files alone can do: change, delete, swap and add rows. A table of kinds over statements. */
#include "evidence/audit/drill/drill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SQL_MAX 1024

/* ---- statements ---- */

/* flip(value, n): the blob or text with its bit n (counted round) turned, or the number moved to where there is none.
 */
#define FAR 1000000000
static void flip(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	(void)argc;
	uint64_t n = (uint64_t)sqlite3_value_int64(argv[1]);
	if (sqlite3_value_type(argv[0]) == SQLITE_INTEGER) {
		sqlite3_result_int64(context, sqlite3_value_int64(argv[0]) + FAR + (int64_t)n);
		return;
	}
	int len = sqlite3_value_bytes(argv[0]);
	uint8_t *bytes = len > 0 ? malloc((size_t)len) : NULL;
	if (bytes == NULL) {
		sqlite3_result_error(context, "nothing to change", -1);
		return;
	}
	memcpy(bytes, sqlite3_value_blob(argv[0]), (size_t)len);
	bytes[n / 8 % (uint64_t)len] ^= (uint8_t)(1u << n % 8);
	sqlite3_result_blob(context, bytes, len, free);
}

enum told_status told_drill_functions(sqlite3 *db)
{
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
	return sqlite3_create_function(db, "flip", 2, flags, NULL, flip, NULL, NULL) == SQLITE_OK ? TOLD_OK
												  : TOLD_E_STORE;
}

static enum told_status run(struct told_drill *drill, const char *sql, int64_t a, int64_t b)
{
	sqlite3_stmt *statement = NULL;
	int before = sqlite3_total_changes(drill->db);
	bool done = sqlite3_prepare_v2(drill->db, sql, -1, &statement, NULL) == SQLITE_OK &&
		    (sqlite3_bind_parameter_count(statement) < 1 || sqlite3_bind_int64(statement, 1, a) == SQLITE_OK) &&
		    (sqlite3_bind_parameter_count(statement) < 2 || sqlite3_bind_int64(statement, 2, b) == SQLITE_OK) &&
		    sqlite3_step(statement) == SQLITE_DONE;
	sqlite3_finalize(statement);
	if (!done)
		return TOLD_E_STORE;
	return sqlite3_total_changes(drill->db) == before ? TOLD_E_NOT_FOUND : TOLD_OK;
}

enum told_status told_drill_sql(struct told_drill *drill, const char *sql, int64_t a)
{
	return run(drill, sql, a, 0);
}

enum told_status told_drill_number(struct told_drill *drill, const char *sql, int64_t a, uint64_t *out)
{
	sqlite3_stmt *statement = NULL;
	*out = 0;
	bool good = sqlite3_prepare_v2(drill->db, sql, -1, &statement, NULL) == SQLITE_OK &&
		    (sqlite3_bind_parameter_count(statement) == 0 || sqlite3_bind_int64(statement, 1, a) == SQLITE_OK);
	int code = good ? sqlite3_step(statement) : SQLITE_ERROR;
	if (code == SQLITE_ROW)
		*out = (uint64_t)sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? TOLD_OK : TOLD_E_STORE;
}

/* ---- one row of one table ---- */

static enum told_status count_rows(struct told_drill *drill, const struct told_tampering *self, uint64_t *count)
{
	char sql[SQL_MAX];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE %s IS NOT NULL AND length(%s) > 0", self->table,
		 self->column, self->column);
	return told_drill_number(drill, sql, 0, count);
}

/* A bit that differs from row to row. */
static enum told_status flip_row(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	char sql[SQL_MAX];
	snprintf(sql, sizeof sql,
		 "UPDATE %s SET %s = flip(%s, ?2) WHERE (%s) = (SELECT %s FROM %s WHERE %s IS NOT NULL AND length(%s) "
		 "> 0"
		 " ORDER BY %s LIMIT 1 OFFSET ?1)",
		 self->table, self->column, self->column, self->keys, self->keys, self->table, self->column,
		 self->column, self->keys);
	return run(drill, sql, (int64_t)place, (int64_t)(place * 37));
}

static enum told_status delete_row(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	char sql[SQL_MAX];
	snprintf(sql, sizeof sql, "DELETE FROM %s WHERE (%s) = (SELECT %s FROM %s ORDER BY %s LIMIT 1 OFFSET ?1)",
		 self->table, self->keys, self->keys, self->table, self->keys);
	return run(drill, sql, (int64_t)place, 0);
}

/* Each bit of each row: a place is a bit, counted through all rows in order. */
static enum told_status count_bits(struct told_drill *drill, const struct told_tampering *self, uint64_t *count)
{
	char sql[SQL_MAX];
	snprintf(sql, sizeof sql, "SELECT ifnull(sum(8 * length(%s)), 0) FROM %s", self->column, self->table);
	return told_drill_number(drill, sql, 0, count);
}

static enum told_status flip_bit(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	char sql[SQL_MAX];
	snprintf(sql, sizeof sql,
		 "WITH at AS (SELECT %s, 8 * (sum(length(%s)) OVER (ORDER BY %s) - length(%s)) AS first,"
		 " 8 * length(%s) AS bits FROM %s)"
		 " UPDATE %s SET %s = flip(%s, ?1 - at.first) FROM at WHERE (%s) = (at.log, at.size)"
		 " AND ?1 >= at.first AND ?1 < at.first + at.bits",
		 self->keys, self->column, self->keys, self->column, self->column, self->table, self->table,
		 self->column, self->column, "checkpoint.log, checkpoint.size");
	return run(drill, sql, (int64_t)place, 0);
}

/* ---- several rows ---- */

static enum told_status by_sql(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	return run(drill, self->sql, (int64_t)place, 0);
}

static enum told_status count_inner(struct told_drill *drill, const struct told_tampering *self, uint64_t *count)
{
	enum told_status status = count_rows(drill, self, count);
	*count -= *count > 0;
	return status;
}

/* Runs statements one after another; the first must change something. */
static enum told_status several(struct told_drill *drill, const char *const *sql, uint64_t place)
{
	enum told_status status = told_drill_sql(drill, sql[0], (int64_t)place);
	for (size_t i = 1; status == TOLD_OK && sql[i] != NULL; i++) {
		status = told_drill_sql(drill, sql[i], (int64_t)place);
		status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	}
	return status;
}

/* The log ends earlier, and nothing in the store says that it was longer. */
static enum told_status truncate_log(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	static const char *const sql[] = {
		"DELETE FROM entry WHERE idx >= ?1",
		"DELETE FROM detail WHERE idx >= ?1",
		"DELETE FROM tree_head WHERE size > ?1",
		"DELETE FROM checkpoint WHERE size > ?1",
		"DELETE FROM cosignature WHERE size > ?1",
		"DELETE FROM timestamp WHERE size > ?1",
		"DELETE FROM tile WHERE (n + 1) * (1 << (8 * (level + 1))) > ?1",
		NULL,
	};
	(void)self;
	return several(drill, sql, place);
}

static enum told_status close_gap(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	static const char *const sql[] = {
		"DELETE FROM entry WHERE idx = ?1",
		"DELETE FROM detail WHERE idx = ?1",
		"UPDATE entry SET idx = -idx WHERE idx > ?1", /* over itself, by way of numbers that are free */
		"UPDATE entry SET idx = -idx - 1 WHERE idx < 0",
		"UPDATE detail SET idx = -idx WHERE idx > ?1",
		"UPDATE detail SET idx = -idx - 1 WHERE idx < 0",
		NULL,
	};
	(void)self;
	return several(drill, sql, place);
}

static enum told_status swap(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	static const char *const sql[] = {
		"UPDATE entry SET idx = -1 WHERE idx = ?1",
		"UPDATE entry SET idx = ?1 WHERE idx = ?1 + 1",
		"UPDATE entry SET idx = ?1 + 1 WHERE idx = -1",
		NULL,
	};
	(void)self;
	return several(drill, sql, place);
}

/* Each has the other's token, which stamps another checkpoint. */
static enum told_status swap_tokens(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	static const char *const sql[] = {
		"CREATE TEMP TABLE pair AS SELECT log, size, token FROM timestamp ORDER BY log, size LIMIT 2 OFFSET ?1",
		"UPDATE timestamp SET token = (SELECT token FROM pair p WHERE (p.log, p.size) <> (timestamp.log,"
		" timestamp.size)) WHERE (log, size) IN (SELECT log, size FROM pair)",
		"DROP TABLE pair",
		NULL,
	};
	enum told_status status = TOLD_OK;
	(void)self;
	for (size_t i = 0; status == TOLD_OK && sql[i] != NULL; i++) {
		status = told_drill_sql(drill, sql[i], (int64_t)place);
		status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	}
	return status;
}

static enum told_status once(struct told_drill *drill, const struct told_tampering *self, uint64_t *count)
{
	(void)drill, (void)self;
	*count = 1;
	return TOLD_OK;
}

#define ENTRY        "entry", "log, idx"
#define DETAIL       "detail", "log, idx"
#define SIZED(table) #table, "log, size"

/* clang-format off */
static const struct told_tampering kinds[] = {
	{"one bit of an entry turned", false, count_rows, flip_row, ENTRY, "data", NULL},
	{"one bit of an entry's hash turned", false, count_rows, flip_row, ENTRY, "leaf_hash", NULL},
	{"an entry given another number", false, count_rows, flip_row, ENTRY, "idx", NULL},
	{"one bit of a tile turned", false, count_rows, flip_row, "tile", "log, level, n", "data", NULL},
	{"one bit of a tree head turned", false, count_rows, flip_row, SIZED(tree_head), "root", NULL},
	{"a tree head given another size", false, count_rows, flip_row, SIZED(tree_head), "size", NULL},
	{"one bit of a checkpoint turned", false, count_bits, flip_bit, SIZED(checkpoint), "note", NULL},
	{"a checkpoint given another size", false, count_rows, flip_row, SIZED(checkpoint), "size", NULL},
	{"one bit of a timestamp turned", false, count_rows, flip_row, SIZED(timestamp), "token", NULL},
	{"a timestamp deleted", false, count_rows, delete_row, SIZED(timestamp), "token", NULL},
	{"a timestamp filed with another checkpoint", false, count_rows, by_sql, SIZED(timestamp), "token",
		"UPDATE timestamp SET size = (SELECT size FROM checkpoint c WHERE c.log = timestamp.log AND NOT EXISTS"
		" (SELECT 1 FROM timestamp t WHERE t.log = c.log AND t.size = c.size) LIMIT 1)"
		" WHERE (log, size) = (SELECT log, size FROM timestamp ORDER BY log, size LIMIT 1 OFFSET ?1)"},
	{"two timestamps swapped", false, count_inner, swap_tokens, SIZED(timestamp), "token", NULL},
	{"one bit of a cosignature turned", false, count_rows, flip_row, "cosignature", "log, size, name", "line", NULL},
	{"one bit of the facts of an entry turned", false, count_rows, flip_row, DETAIL, "facts", NULL},
	{"one bit of the salt of the facts turned", false, count_rows, flip_row, DETAIL, "facts_salt", NULL},
	{"one bit of a ruling turned", false, count_rows, flip_row, DETAIL, "ruling", NULL},
	{"one bit of the salt of a ruling turned", false, count_rows, flip_row, DETAIL, "ruling_salt", NULL},
	{"one bit of whom an entry is about turned", false, count_rows, flip_row, DETAIL, "subject", NULL},
	{"one bit of the salt of whom turned", false, count_rows, flip_row, DETAIL, "subject_salt", NULL},
	{"an entry deleted", false, count_rows, delete_row, ENTRY, "idx", NULL},
	{"a tile deleted", false, count_rows, delete_row, "tile", "log, level, n", "n", NULL},
	{"a tree head deleted", false, count_rows, delete_row, SIZED(tree_head), "root", NULL},
	{"a checkpoint deleted", false, count_rows, delete_row, SIZED(checkpoint), "note", NULL},
	{"details deleted without an erasure", false, count_rows, delete_row, DETAIL, "idx", NULL},
	{"an entry deleted and the rest numbered anew", false, count_inner, close_gap, ENTRY, "idx", NULL},
	{"the last entries deleted, and all that tells of them", false, count_rows, truncate_log, ENTRY, "idx", NULL},
	{"two entries swapped", false, count_inner, swap, ENTRY, "idx", NULL},
	{"an entry written over by INSERT OR REPLACE", false, count_inner, by_sql, ENTRY, "idx",
		"INSERT OR REPLACE INTO entry SELECT log, ?1, data, leaf_hash FROM entry WHERE idx = ?1 + 1"},
	{"an entry added", false, once, by_sql, ENTRY, "idx",
		"INSERT INTO entry SELECT log, idx + 1, data, leaf_hash FROM entry ORDER BY log DESC, idx DESC LIMIT 1"},
	{"the signatures of all checkpoints removed", false, once, by_sql, SIZED(checkpoint), "note",
		"UPDATE checkpoint SET note = CAST(substr(CAST(note AS TEXT), 1, instr(CAST(note AS TEXT), char(10, 10)) + 1) AS BLOB)"},
	{"a checkpoint of size 0 added", false, once, by_sql, SIZED(checkpoint), "note",
		"INSERT INTO checkpoint SELECT log, 0, note FROM checkpoint ORDER BY size LIMIT 1"},
	{"every checkpoint deleted", false, once, by_sql, SIZED(checkpoint), "note", "DELETE FROM checkpoint"},
	{"every tree head deleted", false, once, by_sql, SIZED(tree_head), "root", "DELETE FROM tree_head"},
	{"every entry deleted", false, once, by_sql, ENTRY, "idx", "DELETE FROM entry"},
};
/* clang-format on */

const struct told_tampering *told_tampering_of_rows(size_t number)
{
	return number < sizeof kinds / sizeof kinds[0] ? &kinds[number] : NULL;
}
