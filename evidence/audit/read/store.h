/* SPDX-License-Identifier: Apache-2.0 */
/* The copied store, read-only, as rows. What is in it is untrusted: every value may be of any length and any number. */
#ifndef TOLD_AUDIT_READ_STORE_H
#define TOLD_AUDIT_READ_STORE_H

#include "told/bytes.h"

#include <sqlite3.h>

enum told_audit_sql {
#define X(name, sql) TOLD_AUDIT_SQL_##name,
#include "evidence/audit/read/sql.h"
#undef X
	TOLD_AUDIT_SQL_COUNT
};

struct told_audit_store {
	sqlite3 *db;
	sqlite3_stmt *spare[TOLD_AUDIT_SQL_COUNT]; /* compiled and not in use: compiling costs more than a row */
};

/* Opens the copy and begins to read, after which its files may be removed; through the door of this name (blocks.h),
 * or, when it is NULL, as SQLite opens files. TOLD_E_CONFIG: no database, or not a store;
 * TOLD_E_CORRUPT: a store that is damaged, or that lacks a table or column; why says which. */
TOLD_MUST_USE enum told_status told_audit_store_open(const char *path, const char *door, struct told_audit_store *store,
						     struct told_buf *why);
/* The same for a database that is open already; closes it after failure. */
TOLD_MUST_USE enum told_status told_audit_store_begin(struct told_audit_store *store, struct told_buf *why);
void told_audit_store_close(struct told_audit_store *store);

/* Rows of a statement, one at a time. */
struct told_rows {
	struct told_audit_store *store;
	enum told_audit_sql which;
	sqlite3_stmt *statement;
	bool there; /* a row is current */
};

/* Opens and goes to the first row; told_rows_close also after failure. TOLD_E_CORRUPT: the store cannot be read there;
 * rows are then at their end. */
TOLD_MUST_USE enum told_status told_rows_open(struct told_audit_store *store, enum told_audit_sql which,
					      const int64_t *args, size_t n, struct told_rows *out);
TOLD_MUST_USE enum told_status told_rows_next(struct told_rows *rows);
void told_rows_close(struct told_rows *rows);
/* The same with a first argument of bytes, which live until the rows are closed. */
TOLD_MUST_USE enum told_status told_rows_find(struct told_audit_store *store, enum told_audit_sql which,
					      struct told_bytes key, struct told_rows *out);

/* Columns of the current row; views are good until the next row. A number that is negative or no number is UINT64_MAX,
 * which no log reaches: it is then found where it does not belong. */
uint64_t told_rows_u64(const struct told_rows *rows, int column);
struct told_bytes told_rows_bytes(const struct told_rows *rows, int column);
bool told_rows_null(const struct told_rows *rows, int column);

#endif
