/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the SQLite file, its settings, its schema, and the few verbs with which statements are run. */
#include "broker/record/store.h"

#include "broker/record/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const texts[] = {
#define X(name, sql) sql,
#include "broker/record/sql.h"
#undef X
};

static enum told_status run_text(struct told_store *store, const char *sql)
{
	return told_sqlite_status(sqlite3_exec(store->db, sql, NULL, NULL, NULL));
}

/* A pragma whose answer must be what was asked: a setting that does not take is a fault, not a preference. */
static enum told_status pragma(struct told_store *store, const char *name, const char *value, const char *answer)
{
	char sql[96];
	snprintf(sql, sizeof sql, "PRAGMA %s = %s", name, value);
	sqlite3_stmt *statement = NULL;
	enum told_status status = told_sqlite_status(sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL));
	if (status == TOLD_OK)
		status = told_sqlite_status(sqlite3_step(statement));
	if (status == TOLD_OK && answer != NULL) {
		const char *got = (const char *)sqlite3_column_text(statement, 0);
		status = got != NULL && strcmp(got, answer) == 0 ? TOLD_OK : TOLD_E_STORE;
	}
	sqlite3_finalize(statement);
	return status;
}

static enum told_status settings(struct told_store *store)
{
	static const struct {
		const char *name, *value, *answer;
	} rows[] = {
		{"journal_mode", "WAL", "wal"},
		{"synchronous", "FULL", NULL},
		{"foreign_keys", "ON", NULL},
		{"recursive_triggers", "ON", NULL}, /* or INSERT OR REPLACE passes the triggers by */
		{"trusted_schema", "OFF", NULL},
		{"secure_delete", "ON", "1"},
		{"cell_size_check", "ON", NULL},
		{"mmap_size", "0", "0"},
		{"temp_store", "MEMORY", NULL},
		{"journal_size_limit", "67108864", "67108864"},
		{"cache_size", "-65536", NULL},
	};
	int unused = 0;
	if (sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, &unused) != SQLITE_OK)
		return TOLD_E_STORE;
	enum told_status status = told_sqlite_status(sqlite3_busy_timeout(store->db, 0));
	for (size_t i = 0; status == TOLD_OK && i < sizeof rows / sizeof rows[0]; i++)
		status = pragma(store, rows[i].name, rows[i].value, rows[i].answer);
	return status;
}

static enum told_status schema_version(struct told_store *store, unsigned *version)
{
	sqlite3_stmt *statement = NULL;
	enum told_status status =
		told_sqlite_status(sqlite3_prepare_v2(store->db, "PRAGMA user_version", -1, &statement, NULL));
	if (status == TOLD_OK)
		status = told_sqlite_status(sqlite3_step(statement));
	if (status == TOLD_OK)
		*version = (unsigned)sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return status;
}

static enum told_status migrate(struct told_store *store)
{
	unsigned version = 0;
	enum told_status status = schema_version(store, &version);
	if (status == TOLD_OK && version > 0 && told_schema_step(version - 1) == NULL)
		return TOLD_E_CORRUPT;
	for (; status == TOLD_OK && told_schema_step(version) != NULL; version++) {
		char mark[48];
		snprintf(mark, sizeof mark, "PRAGMA user_version = %u", version + 1);
		status = run_text(store, "BEGIN IMMEDIATE");
		if (status == TOLD_OK)
			status = run_text(store, told_schema_step(version));
		if (status == TOLD_OK)
			status = run_text(store, mark);
		if (status == TOLD_OK)
			status = run_text(store, "COMMIT");
	}
	return status;
}

/* Once open, the connection can no longer be made to drop a trigger, attach a file or change a setting (rules C12). It
 * is asked when a statement is prepared, and ours all are. */
static int allowed(void *unused, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)unused, (void)a, (void)b, (void)c, (void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
	case SQLITE_FUNCTION:
	case SQLITE_TRANSACTION: return SQLITE_OK;
	default: return SQLITE_DENY;
	}
}

static enum told_status prepare(struct told_store *store)
{
	enum told_status status = told_sqlite_status(sqlite3_set_authorizer(store->db, allowed, NULL));
	for (size_t i = 0; status == TOLD_OK && i < TOLD_SQL_COUNT; i++)
		status = told_sqlite_status(sqlite3_prepare_v3(store->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
							       &store->statements[i], NULL));
	return status;
}

enum told_status told_store_open(const char *path, struct told_store *store)
{
	memset(store, 0, sizeof *store);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
	mode_t old = umask(077);
	enum told_status status = told_sqlite_open(path, flags, &store->db);
	if (status == TOLD_OK)
		status = settings(store);
	if (status == TOLD_OK)
		status = migrate(store);
	if (status == TOLD_OK)
		status = prepare(store);
	umask(old);
	if (status != TOLD_OK)
		told_store_close(store);
	return status;
}

void told_store_close(struct told_store *store)
{
	for (size_t i = 0; i < TOLD_SQL_COUNT; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->db);
	memset(store, 0, sizeof *store);
}

sqlite3_stmt *told_sql(struct told_store *store, enum told_sql which)
{
	sqlite3_stmt *statement = store->statements[which];
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return statement;
}

void told_bind_blob(sqlite3_stmt *statement, int at, struct told_bytes bytes)
{
	sqlite3_bind_blob64(statement, at, bytes.len == 0 ? (const void *)"" : bytes.data, bytes.len, SQLITE_STATIC);
}

void told_bind_text(sqlite3_stmt *statement, int at, struct told_bytes text)
{
	sqlite3_bind_text64(statement, at, text.len == 0 ? "" : (const char *)text.data, text.len, SQLITE_STATIC,
			    SQLITE_UTF8);
}

void told_bind_u64(sqlite3_stmt *statement, int at, uint64_t value)
{
	sqlite3_bind_int64(statement, at, (sqlite3_int64)value);
}

struct told_bytes told_column(sqlite3_stmt *statement, int at)
{
	const void *data = sqlite3_column_blob(statement, at);
	return told_bytes(data, data == NULL ? 0 : (size_t)sqlite3_column_bytes(statement, at));
}

uint64_t told_column_u64(sqlite3_stmt *statement, int at)
{
	return (uint64_t)sqlite3_column_int64(statement, at);
}

enum told_status told_column_fixed(sqlite3_stmt *statement, int at, void *out, size_t len)
{
	struct told_bytes bytes = told_column(statement, at);
	if (bytes.len != len)
		return TOLD_E_CORRUPT;
	memcpy(out, bytes.data, len);
	return TOLD_OK;
}

enum told_status told_sql_run(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return code == SQLITE_ROW ? TOLD_E_INTERNAL : told_sqlite_status(code);
}

enum told_status told_sql_next(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return TOLD_OK;
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? TOLD_E_NOT_FOUND : told_sqlite_status(code);
}
