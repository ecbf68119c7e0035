/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite behind rows: read-only, with every defence that it has against a file made by somebody else. */
#include "evidence/audit/read/store.h"

#include "told/limits.h"

#include <string.h>

#define VALUE_MAX_BYTES (4 * (int)TOLD_LEAF_PART_MAX_BYTES) /* the longest row: three parts of a leaf */

static const char *const texts[] = {
#define X(name, sql) sql,
#include "evidence/audit/read/sql.h"
#undef X
};

static enum told_status settings(sqlite3 *db)
{
	int unused = 0;
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_MAX_BYTES);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	bool set =
		sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, &unused) == SQLITE_OK &&
		sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &unused) == SQLITE_OK &&
		sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, &unused) == SQLITE_OK && /* a table is a table */
		sqlite3_exec(db, "PRAGMA cell_size_check = ON", NULL, NULL, NULL) == SQLITE_OK;
	return set ? TOLD_OK : TOLD_E_SYSTEM;
}

/* What a failing step or statement means. */
static enum told_status fault(sqlite3 *db, struct told_buf *why)
{
	int code = sqlite3_errcode(db);
	told_buf_put_text(why, sqlite3_errmsg(db));
	switch (code & 0xff) {
	case SQLITE_NOMEM: return TOLD_E_MEMORY;
	case SQLITE_CORRUPT:
	case SQLITE_TOOBIG: return TOLD_E_CORRUPT;
	case SQLITE_IOERR: return code == SQLITE_IOERR_SHORT_READ ? TOLD_E_CORRUPT : TOLD_E_SYSTEM;
	default: return TOLD_E_CONFIG; /* no database, or other tables than ours */
	}
}

/* A database with some of our tables is a store: that it lacks others is a finding, and no slip of whoever asks. */
static enum told_status find_missing(sqlite3 *db, const char *const *tables, struct told_buf *why)
{
	static const char sql[] = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1";
	sqlite3_stmt *find = NULL;
	const char *missing = NULL;
	size_t found = 0;
	bool good = sqlite3_prepare_v2(db, sql, -1, &find, NULL) == SQLITE_OK;
	for (size_t i = 0; good && tables[i] != NULL; i++) {
		good = sqlite3_bind_text(find, 1, tables[i], -1, SQLITE_STATIC) == SQLITE_OK &&
		       sqlite3_step(find) == SQLITE_ROW;
		bool here = good && sqlite3_column_int(find, 0) > 0;
		found += here;
		missing = here || missing != NULL ? missing : tables[i];
		sqlite3_reset(find);
	}
	sqlite3_finalize(find);
	if (!good)
		return fault(db, why);
	if (missing != NULL && found > 0)
		told_buf_printf(why, "its table %s is missing", missing);
	else if (missing != NULL)
		told_buf_put_text(why, "it holds none of the tables of a store");
	return missing == NULL ? TOLD_OK : found > 0 ? TOLD_E_CORRUPT : TOLD_E_CONFIG;
}

/* A statement that does not compile names a column that is not there. */
static enum told_status check_tables(sqlite3 *db, struct told_buf *why)
{
	static const char *const tables[] = {"entry",  "tile",    "tree_head", "checkpoint", "cosignature",
					     "detail", "message", "meta",      NULL};
	enum told_status status = find_missing(db, tables, why);
	for (size_t i = 0; status == TOLD_OK && i < TOLD_AUDIT_SQL_COUNT; i++) {
		sqlite3_stmt *statement = NULL;
		if (sqlite3_prepare_v2(db, texts[i], -1, &statement, NULL) != SQLITE_OK) {
			status = fault(db, why);
			status = status == TOLD_E_CONFIG ? TOLD_E_CORRUPT : status;
		}
		sqlite3_finalize(statement);
	}
	return status;
}

enum told_status told_audit_store_begin(struct told_audit_store *store, struct told_buf *why)
{
	enum told_status status = settings(store->db);
	/* one transaction: all rows are of one moment, and every file is open when the folder goes */
	if (status == TOLD_OK &&
	    sqlite3_exec(store->db, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) != SQLITE_OK)
		status = fault(store->db, why);
	if (status == TOLD_OK)
		status = check_tables(store->db, why);
	if (status != TOLD_OK)
		told_audit_store_close(store);
	return status;
}

enum told_status told_audit_store_open(const char *path, const char *door, struct told_audit_store *store,
				       struct told_buf *why)
{
	*store = (struct told_audit_store){0};
	if (sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, door) != SQLITE_OK) {
		told_buf_put_text(why, "SQLite cannot open it");
		told_audit_store_close(store);
		return TOLD_E_CONFIG;
	}
	return told_audit_store_begin(store, why);
}

void told_audit_store_close(struct told_audit_store *store)
{
	for (size_t i = 0; i < TOLD_AUDIT_SQL_COUNT; i++)
		sqlite3_finalize(store->spare[i]);
	sqlite3_close(store->db);
	*store = (struct told_audit_store){0};
}

static enum told_status step(struct told_rows *rows)
{
	int code = sqlite3_step(rows->statement);
	rows->there = code == SQLITE_ROW;
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return TOLD_OK;
	return code == SQLITE_NOMEM ? TOLD_E_MEMORY : TOLD_E_CORRUPT;
}

/* A compiled statement, the spare one if it is not in use. */
static enum told_status take(struct told_audit_store *store, enum told_audit_sql which, struct told_rows *out)
{
	*out = (struct told_rows){.store = store, .which = which, .statement = store->spare[which]};
	store->spare[which] = NULL;
	if (out->statement != NULL)
		return TOLD_OK;
	int code = sqlite3_prepare_v3(store->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, &out->statement, NULL);
	return code == SQLITE_OK ? TOLD_OK : TOLD_E_CORRUPT;
}

enum told_status told_rows_open(struct told_audit_store *store, enum told_audit_sql which, const int64_t *args,
				size_t n, struct told_rows *out)
{
	enum told_status status = take(store, which, out);
	for (size_t i = 0; status == TOLD_OK && i < n; i++)
		if (sqlite3_bind_int64(out->statement, (int)i + 1, args[i]) != SQLITE_OK)
			status = TOLD_E_INTERNAL;
	return status == TOLD_OK ? step(out) : status;
}

enum told_status told_rows_find(struct told_audit_store *store, enum told_audit_sql which, struct told_bytes key,
				struct told_rows *out)
{
	enum told_status status = take(store, which, out);
	if (status == TOLD_OK && sqlite3_bind_blob64(out->statement, 1, key.data, key.len, SQLITE_STATIC) != SQLITE_OK)
		status = TOLD_E_INTERNAL;
	return status == TOLD_OK ? step(out) : status;
}

enum told_status told_rows_next(struct told_rows *rows)
{
	return rows->there ? step(rows) : TOLD_OK;
}

void told_rows_close(struct told_rows *rows)
{
	if (rows->store != NULL && rows->store->spare[rows->which] == NULL && rows->statement != NULL) {
		sqlite3_reset(rows->statement);
		rows->store->spare[rows->which] = rows->statement;
	} else {
		sqlite3_finalize(rows->statement);
	}
	*rows = (struct told_rows){0};
}

uint64_t told_rows_u64(const struct told_rows *rows, int column)
{
	int64_t value = sqlite3_column_int64(rows->statement, column);
	bool number = sqlite3_column_type(rows->statement, column) == SQLITE_INTEGER;
	return number && value >= 0 ? (uint64_t)value : UINT64_MAX;
}

struct told_bytes told_rows_bytes(const struct told_rows *rows, int column)
{
	const void *data = sqlite3_column_blob(rows->statement, column);
	int len = sqlite3_column_bytes(rows->statement, column);
	return data != NULL && len > 0 ? told_bytes(data, (size_t)len) : told_bytes(NULL, 0);
}

bool told_rows_null(const struct told_rows *rows, int column)
{
	return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}
