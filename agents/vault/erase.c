/* SPDX-License-Identifier: Apache-2.0 */
/* Erasure in this vault: what we were asked, what we answered, what others answered us; and the deleting itself, which
 * only our own answer does (evidence.md section 1 item 5). */
#include "agents/vault/db.h"

#include <stdio.h>
#include <string.h>

/* ---- what is asked and answered ---- */

enum told_status told_erasure_put(struct told_vault *vault, const struct told_erasure_row *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_ERASURE_PUT);
	told_vault_bind(s, 1, row->id);
	told_vault_bind_text(s, 2, row->asker);
	told_vault_bind_u64(s, 3, row->reason);
	told_vault_bind_u64(s, 4, row->asked_ms);
	told_vault_bind(s, 5, row->client);
	return told_vault_run(s);
}

enum told_status told_erasure_answer(struct told_vault *vault, const struct told_erasure_row *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_ERASURE_ANSWER);
	told_vault_bind(s, 1, row->id);
	told_vault_bind_u64(s, 2, row->state);
	told_vault_bind_u64(s, 3, row->answered_ms);
	told_vault_bind_u64(s, 4, row->kept_until_ms);
	told_vault_bind_text(s, 5, row->law);
	return told_vault_run(s);
}

static enum told_status take_erasure(sqlite3_stmt *s, struct told_arena *arena, struct told_erasure_row *out)
{
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_erasure_row){
		.id = told_vault_copy(s, 0, arena),
		.asker = told_vault_copy(s, 1, arena),
		.reason = (uint32_t)told_vault_column_u64(s, 2),
		.asked_ms = told_vault_column_u64(s, 3),
		.client = told_vault_copy(s, 4, arena),
		.state = (uint32_t)told_vault_column_u64(s, 5),
		.answered_ms = told_vault_column_u64(s, 6),
		.kept_until_ms = told_vault_column_u64(s, 7),
		.law = told_vault_copy(s, 8, arena),
	};
	sqlite3_reset(s);
	return out->id.len == TOLD_ID_BYTES ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_erasure_next(struct told_vault *vault, struct told_arena *arena, struct told_bytes after,
				   struct told_erasure_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_ERASURE_NEXT);
	told_vault_bind(s, 1, after);
	return take_erasure(s, arena, out);
}

enum told_status told_erasure_get(struct told_vault *vault, struct told_arena *arena, struct told_bytes id,
				  struct told_erasure_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_ERASURE_GET);
	told_vault_bind(s, 1, id);
	return take_erasure(s, arena, out);
}

enum told_status told_erasure_heard(struct told_vault *vault, const struct told_erasure_heard *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_ERASURE_HEARD);
	told_vault_bind(s, 1, row->request);
	told_vault_bind_text(s, 2, row->party);
	told_vault_bind_u64(s, 3, row->state);
	told_vault_bind_u64(s, 4, row->kept_until_ms);
	told_vault_bind_text(s, 5, row->law);
	told_vault_bind_u64(s, 6, row->at_ms);
	return told_vault_run(s);
}

enum told_status told_erasure_next_heard(struct told_vault *vault, struct told_arena *arena, struct told_bytes request,
					 struct told_bytes after, struct told_erasure_heard *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_ERASURE_NEXT_HEARD);
	told_vault_bind(s, 1, request);
	told_vault_bind_text(s, 2, after);
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_erasure_heard){
		.request = request,
		.party = told_vault_copy(s, 0, arena),
		.state = (uint32_t)told_vault_column_u64(s, 1),
		.kept_until_ms = told_vault_column_u64(s, 2),
		.law = told_vault_copy(s, 3, arena),
		.at_ms = told_vault_column_u64(s, 4),
	};
	sqlite3_reset(s);
	return out->party.len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}

/* ---- the deleting ---- */

/* What others told us. An inbox row keeps the parcel's number alone: should the parcel come again, it is acknowledged
 * again and not shown. */
static const enum told_vault_sql received[] = {TOLD_VAULT_SQL_ERASE_SECTIONS, TOLD_VAULT_SQL_ERASE_INBOX,
					       TOLD_VAULT_SQL_ERASE_PAPERS};

static enum told_status run_one(struct told_vault *vault, enum told_vault_sql which, struct told_bytes client)
{
	sqlite3_stmt *s = told_vault_sql(vault, which);
	told_vault_bind(s, 1, client);
	return told_vault_run(s);
}

static enum told_status empty_table(struct told_vault *vault, const char *table, struct told_bytes client)
{
	sqlite3_stmt *gone = NULL;
	char *sql = sqlite3_mprintf("DELETE FROM main.\"%w\" WHERE client = ?1", table);
	if (sql == NULL)
		return TOLD_E_MEMORY;
	int code = sqlite3_prepare_v2(vault->db, sql, -1, &gone, NULL);
	sqlite3_free(sql);
	if (code != SQLITE_OK)
		return TOLD_E_STORE;
	told_vault_bind(gone, 1, client);
	enum told_status status = told_vault_run(gone);
	sqlite3_finalize(gone);
	return status;
}

#define TABLES_MAX 64u

/* Every table that says of whom a row is, so that no table of a later day is forgotten here. */
static enum told_status empty_tables(struct told_vault *vault, struct told_bytes client)
{
	char tables[TABLES_MAX][64];
	size_t count = 0;
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_ERASE_TABLES);
	int code = SQLITE_ROW;
	while (count < TABLES_MAX && (code = sqlite3_step(s)) == SQLITE_ROW)
		snprintf(tables[count++], sizeof tables[0], "%s", (const char *)sqlite3_column_text(s, 0));
	sqlite3_reset(s);
	enum told_status status = code == SQLITE_DONE ? TOLD_OK : TOLD_E_STORE;
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = empty_table(vault, tables[i], client);
	return status;
}

static enum told_status nothing_waits(struct told_vault *vault, struct told_bytes client)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_ERASE_WAITS);
	told_vault_bind(s, 1, client);
	enum told_status status = told_vault_row(s);
	sqlite3_reset(s);
	return status == TOLD_OK ? TOLD_E_BUSY : status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_vault_erase(struct told_vault *vault, struct told_bytes client, bool only_received)
{
	enum told_status status = nothing_waits(vault, client);
	for (size_t i = 0; status == TOLD_OK && i < sizeof received / sizeof received[0]; i++)
		status = run_one(vault, received[i], client);
	if (status != TOLD_OK || only_received)
		return status;
	status = run_one(vault, TOLD_VAULT_SQL_ERASE_GRANTED, client); /* found by the story that it is of */
	if (status == TOLD_OK)
		status = run_one(vault, TOLD_VAULT_SQL_ERASE_INCIDENTS, client);
	if (status == TOLD_OK)
		status = empty_tables(vault, client);
	return status == TOLD_OK ? run_one(vault, TOLD_VAULT_SQL_ERASE_REQUESTS, client) : status;
}

enum told_status told_vault_shred(struct told_vault *vault)
{
	if (vault->open)
		return TOLD_E_INTERNAL;
	return told_sqlite_shred(vault->db);
}
