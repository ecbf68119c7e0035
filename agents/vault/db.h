/* SPDX-License-Identifier: Apache-2.0 */
/* The vault's SQLite file: opened once, one connection, every statement written once in sql.h, prepared at open and
 * named by number; and the sealing of what lies in it. Room-internal. */
#ifndef TOLD_VAULT_DB_H
#define TOLD_VAULT_DB_H

#include "agents/vault/vault.h"
#include "broker/sqlite/sqlite.h"

enum told_vault_sql {
#define X(name, sql) TOLD_VAULT_SQL_##name,
#include "agents/vault/sql.h"
#undef X
	TOLD_VAULT_SQL_COUNT
};

struct told_vault {
	sqlite3 *db;
	sqlite3_stmt *statements[TOLD_VAULT_SQL_COUNT];
	uint8_t key[TOLD_KEY_BYTES];
	bool open;               /* a transaction is */
	struct told_sight sight; /* sight.c: who looks, and whom they do not see; borrowed */
};

/* ---- sight.c ---- */

/* Makes the views over every table that says of whom a row is; after the schema, before any statement. */
enum told_status told_vault_views(struct told_vault *vault);
/* A statement of sql.h as it is prepared; sqlite3_free it. NULL without memory. */
char *told_vault_writing(const char *sql);

/* A statement, reset and with no bindings. */
sqlite3_stmt *told_vault_sql(struct told_vault *vault, enum told_vault_sql which);
/* The next person of a statement that gives the first client behind one; TOLD_E_NOT_FOUND after the last. */
enum told_status told_vault_next_client(struct told_vault *vault, enum told_vault_sql which,
					uint8_t client[TOLD_ID_BYTES], bool first);
/* Binds by position; failures show at the next step. Empty bytes are bound as an empty blob, not NULL. */
void told_vault_bind(sqlite3_stmt *statement, int at, struct told_bytes bytes);
void told_vault_bind_text(sqlite3_stmt *statement, int at, struct told_bytes text);
void told_vault_bind_u64(sqlite3_stmt *statement, int at, uint64_t value);
/* A column's bytes, good until the next step or reset; and a copy of them in the arena. */
struct told_bytes told_vault_column(sqlite3_stmt *statement, int at);
struct told_bytes told_vault_copy(sqlite3_stmt *statement, int at, struct told_arena *arena);
uint64_t told_vault_column_u64(sqlite3_stmt *statement, int at);

/* Runs a statement that gives no row: TOLD_OK, TOLD_E_EXISTS (constraint), TOLD_E_FULL, TOLD_E_STORE. Resets it. */
enum told_status told_vault_run(sqlite3_stmt *statement);
/* First row: TOLD_OK (the caller resets), or TOLD_E_NOT_FOUND or a failure (reset). */
enum told_status told_vault_row(sqlite3_stmt *statement);

/* Sealed under the vault key, bound to its place: table and id. */
enum told_status told_vault_seal(const struct told_vault *vault, const char *table, struct told_bytes id,
				 struct told_bytes plain, struct told_buf *out);
/* Into the arena, which wipes. TOLD_E_CORRUPT when it is not what was sealed there. */
enum told_status told_vault_unseal(const struct told_vault *vault, const char *table, struct told_bytes id,
				   struct told_bytes sealed, struct told_arena *arena, struct told_bytes *out);

#endif
