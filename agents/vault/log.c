/* SPDX-License-Identifier: Apache-2.0 */
/* Logs that ended and were accepted as ended, and what is kept to be offered again to the next one (V8). Touches the
 * tables ended_log, reoffer and outbox. */
#include "agents/vault/db.h"

enum told_status told_log_put(struct told_vault *vault, const struct told_log_row *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_LOG_PUT);
	told_vault_bind_u64(s, 1, row->number);
	told_vault_bind_u64(s, 2, row->base);
	told_vault_bind_u64(s, 3, row->size);
	told_vault_bind(s, 4, row->root);
	told_vault_bind_u64(s, 5, row->next_base);
	told_vault_bind_u64(s, 6, row->old_size);
	told_vault_bind_u64(s, 7, row->known);
	told_vault_bind_u64(s, 8, row->accepted_ms);
	told_vault_bind_text(s, 9, row->author);
	return told_vault_run(s);
}

enum told_status told_log_next(struct told_vault *vault, struct told_arena *arena, uint64_t after,
			       struct told_log_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_LOG_NEXT);
	told_vault_bind_u64(s, 1, after);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_log_row){
		.number = told_vault_column_u64(s, 0),
		.base = told_vault_column_u64(s, 1),
		.size = told_vault_column_u64(s, 2),
		.root = told_vault_copy(s, 3, arena),
		.next_base = told_vault_column_u64(s, 4),
		.old_size = told_vault_column_u64(s, 5),
		.known = told_vault_column_u64(s, 6),
		.accepted_ms = told_vault_column_u64(s, 7),
		.author = told_vault_copy(s, 8, arena),
	};
	sqlite3_reset(s);
	return out->root.len == TOLD_HASH_BYTES ? TOLD_OK : TOLD_E_CORRUPT;
}

enum told_status told_log_entries(struct told_vault *vault, uint64_t *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_LOG_ENTRIES);
	enum told_status status = told_vault_row(s);
	*out = status == TOLD_OK ? told_vault_column_u64(s, 0) : 0;
	if (status == TOLD_OK)
		sqlite3_reset(s);
	return status;
}

enum told_status told_offer_again(struct told_vault *vault, uint64_t from_entry, uint64_t *count)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OFFER_AGAIN);
	told_vault_bind_u64(s, 1, from_entry);
	enum told_status status = told_vault_run(s);
	*count = status == TOLD_OK ? (uint64_t)sqlite3_changes(vault->db) : 0;
	return status;
}

enum told_status told_offer_gone(struct told_vault *vault, struct told_arena *arena, uint64_t from_entry,
				 uint64_t after, struct told_outbox_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OFFER_GONE);
	told_vault_bind_u64(s, 1, from_entry);
	told_vault_bind_u64(s, 2, after);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_outbox_row){
		.seq = told_vault_column_u64(s, 0),
		.id = told_vault_copy(s, 1, arena),
		.type = (uint32_t)told_vault_column_u64(s, 2),
		.client = told_vault_copy(s, 3, arena),
		.entry = told_vault_column_u64(s, 4),
		.time_ms = told_vault_column_u64(s, 5),
	};
	sqlite3_reset(s);
	return out->id.len == TOLD_ID_BYTES ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_offer_sweep(struct told_vault *vault, uint64_t now_ms)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OFFER_SWEEP);
	told_vault_bind_u64(s, 1, now_ms);
	enum told_status status = told_vault_run(s);
	return status == TOLD_OK ? told_vault_run(told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_FORGOTTEN)) : status;
}
