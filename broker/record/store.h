/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite file: opened once, one writing connection, schema in numbered steps, every statement written once in
 * sql.h, prepared at open and named by number. Only files of this room include this header. */
#ifndef TOLD_RECORD_STORE_H
#define TOLD_RECORD_STORE_H

#include "broker/sqlite/sqlite.h"
#include "told/bytes.h"

enum told_sql {
#define X(name, sql) TOLD_SQL_##name,
#include "broker/record/sql.h"
#undef X
	TOLD_SQL_COUNT
};

struct told_store {
	sqlite3 *db;
	sqlite3_stmt *statements[TOLD_SQL_COUNT];
};

/* Opens or makes the file with the settings of rules.md section 6 and brings the schema up to date. TOLD_E_STORE,
 * TOLD_E_CORRUPT (no database, or a later schema than this program knows), TOLD_E_FULL, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_store_open(const char *path, struct told_store *store);
void told_store_close(struct told_store *store);

/* A statement, reset and with no bindings. */
sqlite3_stmt *told_sql(struct told_store *store, enum told_sql which);
/* Binds by position; failures show at the next step. Empty bytes are bound as an empty blob, not NULL. */
void told_bind_blob(sqlite3_stmt *statement, int at, struct told_bytes bytes);
void told_bind_text(sqlite3_stmt *statement, int at, struct told_bytes text);
void told_bind_u64(sqlite3_stmt *statement, int at, uint64_t value);
/* A column's bytes, good until the next step or reset of the statement. */
struct told_bytes told_column(sqlite3_stmt *statement, int at);
uint64_t told_column_u64(sqlite3_stmt *statement, int at);
/* A column that must have exactly len bytes: TOLD_E_CORRUPT otherwise. */
TOLD_MUST_USE enum told_status told_column_fixed(sqlite3_stmt *statement, int at, void *out, size_t len);

/* Runs a statement that gives no row: TOLD_OK, TOLD_E_EXISTS (constraint), TOLD_E_FULL, TOLD_E_STORE. Resets it. */
TOLD_MUST_USE enum told_status told_sql_run(sqlite3_stmt *statement);
/* Next row: TOLD_OK, or TOLD_E_NOT_FOUND after the last (then it is reset), or a failure (reset). */
TOLD_MUST_USE enum told_status told_sql_next(sqlite3_stmt *statement);

#endif
