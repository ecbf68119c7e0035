/* SPDX-License-Identifier: Apache-2.0 */
/* Signed headers that we verified (V4), and the register of our own workers. */
#include "agents/vault/db.h"

#include <string.h>

enum told_status told_fact_put(struct told_vault *vault, const struct told_fact_row *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_FACT_PUT);
	told_vault_bind_u64(s, 1, row->entry);
	told_vault_bind_u64(s, 2, row->time_ms);
	told_vault_bind_u64(s, 3, row->type);
	told_vault_bind(s, 4, row->client);
	told_vault_bind_text(s, 5, row->sender);
	told_vault_bind_u64(s, 6, row->present ? 1 : 0);
	told_vault_bind(s, 7, row->envelope);
	told_vault_bind(s, 8, row->attachment);
	return told_vault_run(s);
}

enum told_status told_fact_next(struct told_vault *vault, struct told_arena *arena, struct told_bytes client,
				uint64_t after, struct told_fact_row *out)
{
	sqlite3_stmt *s =
		told_vault_sql(vault, client.len == 0 ? TOLD_VAULT_SQL_FACT_GLOBAL : TOLD_VAULT_SQL_FACT_CLIENT);
	told_vault_bind_u64(s, 1, after);
	if (client.len > 0)
		told_vault_bind(s, 2, client);
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_fact_row){
		.entry = told_vault_column_u64(s, 0),
		.time_ms = told_vault_column_u64(s, 1),
		.type = (uint32_t)told_vault_column_u64(s, 2),
		.client = told_vault_copy(s, 3, arena),
		.sender = told_vault_copy(s, 4, arena),
		.present = told_vault_column_u64(s, 5) != 0,
		.envelope = told_vault_copy(s, 6, arena),
		.attachment = told_vault_copy(s, 7, arena),
	};
	sqlite3_reset(s);
	return out->envelope.len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_fact_next_held(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES], bool first)
{
	return told_vault_next_client(vault, TOLD_VAULT_SQL_FACT_HELD, client, first);
}

enum told_status told_fact_next_client(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES], bool first)
{
	return told_vault_next_client(vault, TOLD_VAULT_SQL_FACT_CLIENTS, client, first);
}

enum told_status told_fact_next_flagged(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES], bool first)
{
	return told_vault_next_client(vault, TOLD_VAULT_SQL_FACT_FLAGGED, client, first);
}

/* ---- workers ---- */

enum told_status told_worker_put(struct told_vault *vault, const struct told_worker_row *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_WORKER_PUT);
	told_vault_bind_text(s, 1, row->number);
	told_vault_bind(s, 2, row->token);
	told_vault_bind_u64(s, 3, row->roles);
	told_vault_bind_text(s, 4, row->teams);
	told_vault_bind_u64(s, 5, row->kind);
	told_vault_bind_u64(s, 6, row->state);
	told_vault_bind_u64(s, 7, row->from_ms);
	told_vault_bind_u64(s, 8, row->until_ms);
	return told_vault_run(s);
}

enum told_status told_worker_set(struct told_vault *vault, struct told_bytes number, uint32_t state, uint64_t until_ms)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_WORKER_STATE);
	told_vault_bind_text(s, 1, number);
	told_vault_bind_u64(s, 2, state);
	told_vault_bind_u64(s, 3, until_ms);
	return told_vault_run(s);
}

enum told_status told_worker_queued(struct told_vault *vault, struct told_bytes number)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_WORKER_QUEUED);
	told_vault_bind_text(s, 1, number);
	return told_vault_run(s);
}

static enum told_status take_worker(sqlite3_stmt *s, struct told_arena *arena, struct told_worker_row *out)
{
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_worker_row){
		.id = told_vault_column_u64(s, 0),
		.number = told_vault_copy(s, 1, arena),
		.token = told_vault_copy(s, 2, arena),
		.roles = (uint32_t)told_vault_column_u64(s, 3),
		.teams = told_vault_copy(s, 4, arena),
		.kind = (uint32_t)told_vault_column_u64(s, 5),
		.state = (uint32_t)told_vault_column_u64(s, 6),
		.from_ms = told_vault_column_u64(s, 7),
		.until_ms = told_vault_column_u64(s, 8),
		.queued = told_vault_column_u64(s, 9) != 0,
	};
	sqlite3_reset(s);
	return out->number.len > 0 && out->token.len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_worker_next(struct told_vault *vault, struct told_arena *arena, uint64_t after,
				  struct told_worker_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_WORKER_NEXT);
	told_vault_bind_u64(s, 1, after);
	return take_worker(s, arena, out);
}

enum told_status told_worker_by_number(struct told_vault *vault, struct told_arena *arena, struct told_bytes number,
				       struct told_worker_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_WORKER_NUMBER);
	told_vault_bind_u64(s, 1, 0);
	told_vault_bind_text(s, 2, number);
	return take_worker(s, arena, out);
}

enum told_status told_worker_by_token(struct told_vault *vault, struct told_arena *arena, struct told_bytes token_hash,
				      struct told_worker_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_WORKER_TOKEN);
	told_vault_bind_u64(s, 1, 0);
	told_vault_bind(s, 2, token_hash);
	return take_worker(s, arena, out);
}
