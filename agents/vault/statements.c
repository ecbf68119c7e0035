/* SPDX-License-Identifier: Apache-2.0 */
/* One statement of the vault: what goes in, what comes out. */
#include "agents/vault/db.h"

sqlite3_stmt *told_vault_sql(struct told_vault *vault, enum told_vault_sql which)
{
	sqlite3_stmt *statement = vault->statements[which];
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return statement;
}

void told_vault_bind(sqlite3_stmt *statement, int at, struct told_bytes bytes)
{
	sqlite3_bind_blob64(statement, at, bytes.len == 0 ? (const void *)"" : bytes.data, bytes.len, SQLITE_STATIC);
}

void told_vault_bind_text(sqlite3_stmt *statement, int at, struct told_bytes text)
{
	sqlite3_bind_text64(statement, at, text.len == 0 ? "" : (const char *)text.data, text.len, SQLITE_STATIC,
			    SQLITE_UTF8);
}

void told_vault_bind_u64(sqlite3_stmt *statement, int at, uint64_t value)
{
	sqlite3_bind_int64(statement, at, (sqlite3_int64)value);
}

struct told_bytes told_vault_column(sqlite3_stmt *statement, int at)
{
	const void *data = sqlite3_column_blob(statement, at);
	return told_bytes(data, data == NULL ? 0 : (size_t)sqlite3_column_bytes(statement, at));
}

struct told_bytes told_vault_copy(sqlite3_stmt *statement, int at, struct told_arena *arena)
{
	return told_arena_copy(arena, told_vault_column(statement, at));
}

uint64_t told_vault_column_u64(sqlite3_stmt *statement, int at)
{
	return (uint64_t)sqlite3_column_int64(statement, at);
}

enum told_status told_vault_run(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return code == SQLITE_ROW ? TOLD_E_INTERNAL : told_sqlite_status(code);
}

enum told_status told_vault_row(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return TOLD_OK;
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? TOLD_E_NOT_FOUND : told_sqlite_status(code);
}

uint64_t told_vault_steps(const struct told_vault *vault)
{
	uint64_t steps = 0;
	for (size_t i = 0; i < TOLD_VAULT_SQL_COUNT; i++)
		if (vault->statements[i] != NULL)
			steps += (unsigned)sqlite3_stmt_status(vault->statements[i], SQLITE_STMTSTATUS_VM_STEP, 0);
	return steps;
}
