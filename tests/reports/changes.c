/* SPDX-License-Identifier: Apache-2.0 */
/* Writes to stores as an intruder would, who has the file and no key. */
#include "reports/changes.h"

#include "audit/fixture.h"

#include <stdio.h>
#include <string.h>

const char *const change_names[CHANGE_WAYS] = {
	[CHANGE_TURNED] = "turned",
	[CHANGE_NULL] = "to NULL",
	[CHANGE_EMPTY] = "to empty",
	[CHANGE_ANOTHERS] = "to another row's",
};

size_t change_list(sqlite3 *db, const char *sql, char out[][64], size_t max)
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

sqlite3 *change_open(const char *store)
{
	char names[64][64], sql[128];
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(store, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY", NULL, NULL, NULL),
			 SQLITE_OK);
	size_t count = change_list(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", names, 64);
	for (size_t i = 0; i < count; i++) {
		snprintf(sql, sizeof sql, "DROP TRIGGER %s", names[i]);
		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	}
	assert_int_equal(
		sqlite3_exec(db,
			     "PRAGMA writable_schema = ON;"
			     "UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE type = 'table';"
			     "PRAGMA writable_schema = RESET",
			     NULL, NULL, NULL),
		SQLITE_OK);
	return db;
}

/* The columns of a table's key, parted by commas. */
static void key_of(sqlite3 *db, const char *table, char key[512])
{
	char keys[8][64], sql[256];
	snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s') WHERE pk > 0 ORDER BY pk", table);
	size_t count = change_list(db, sql, keys, 8);
	assert_true(count > 0);
	key[0] = 0;
	for (size_t i = 0; i < count; i++) {
		strcat(key, i > 0 ? ", " : "");
		strcat(key, keys[i]);
	}
}

/* What the column is to be, in words of SQL. */
static void new_value(const char *table, const char *column, enum change_way way, char out[512])
{
	static const char turned[] = "CASE typeof(v) WHEN 'integer' THEN v - 1000003 WHEN 'text' THEN v || 'X'"
				     " ELSE randomblob(length(v)) END";
	static const char empty[] = "CASE typeof(v) WHEN 'integer' THEN 0 WHEN 'text' THEN '' ELSE x'' END";
	if (way == CHANGE_NULL)
		snprintf(out, 512, "NULL");
	else if (way == CHANGE_ANOTHERS)
		snprintf(out, 512,
			 "ifnull((SELECT o.%s FROM %s o WHERE length(o.%s) > 0 AND o.%s <> %s.%s ORDER BY 1 LIMIT 1), "
			 "%s)",
			 column, table, column, column, table, column, column);
	else
		snprintf(out, 512, "(SELECT %s FROM (SELECT %s.%s AS v))", way == CHANGE_TURNED ? turned : empty, table,
			 column);
}

bool change_value(const char *store, const char *table, const char *column, enum change_way way, size_t row)
{
	char key[512], value[512], sql[2048];
	sqlite3 *db = change_open(store);
	key_of(db, table, key);
	new_value(table, column, way, value);
	snprintf(sql, sizeof sql,
		 "UPDATE OR REPLACE %s SET %s = %s WHERE (%s) = (SELECT %s FROM %s WHERE length(%s) > 0 ORDER BY %s"
		 " LIMIT 1 OFFSET %zu) AND (%s) IS NOT %s",
		 table, column, value, key, key, table, column, key, row, value, column);
	int before = sqlite3_total_changes(db), code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	bool in_key = strstr(key, column) != NULL;
	if (code != SQLITE_OK && !(way == CHANGE_NULL && in_key))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	bool changed = code == SQLITE_OK && sqlite3_total_changes(db) > before;
	sqlite3_close(db);
	return changed;
}

bool change_sql(const char *store, const char *sql)
{
	sqlite3 *db = change_open(store);
	int before = sqlite3_total_changes(db);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	bool changed = sqlite3_total_changes(db) > before;
	sqlite3_close(db);
	return changed;
}
