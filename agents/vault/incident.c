/* SPDX-License-Identifier: Apache-2.0 */
/* Recalls sent by us or asked of us, as sealed documents (V3); and who elsewhere opened what we sent. An incident is
 * kept (kept.c) without a person and outlives their erasure, its recalls do not. */
#include "agents/vault/db.h"

#include <string.h>

#define STORED_DOC_MAX_BYTES TOLD_CIPHERTEXT_MAX_BYTES

/* ---- recalls ---- */

enum told_status told_recall_put(struct told_vault *vault, const struct told_recall_row *row)
{
	struct told_buf sealed = TOLD_BUF(STORED_DOC_MAX_BYTES);
	enum told_status status = told_vault_seal(vault, "recall", row->id, row->doc, &sealed);
	if (status == TOLD_OK) {
		sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_RECALL_PUT);
		told_vault_bind(s, 1, row->id);
		told_vault_bind(s, 2, row->incident);
		told_vault_bind(s, 3, row->client);
		told_vault_bind(s, 4, told_buf_view(&sealed));
		status = told_vault_run(s);
	}
	told_buf_free(&sealed);
	return status;
}

static enum told_status take_recall(struct told_vault *vault, sqlite3_stmt *s, struct told_arena *arena,
				    struct told_recall_row *out)
{
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	out->seq = told_vault_column_u64(s, 0);
	out->id = told_vault_copy(s, 1, arena);
	out->incident = told_vault_copy(s, 2, arena);
	out->client = told_vault_copy(s, 3, arena);
	status = told_vault_unseal(vault, "recall", out->id, told_vault_column(s, 4), arena, &out->doc);
	sqlite3_reset(s);
	return status;
}

enum told_status told_recall_next(struct told_vault *vault, struct told_arena *arena, struct told_bytes incident,
				  uint64_t after, struct told_recall_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_RECALL_NEXT);
	told_vault_bind_u64(s, 1, after);
	told_vault_bind(s, 2, incident);
	return take_recall(vault, s, arena, out);
}

enum told_status told_recall_get(struct told_vault *vault, struct told_arena *arena, struct told_bytes id,
				 struct told_recall_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_RECALL_GET);
	told_vault_bind(s, 1, id);
	return take_recall(vault, s, arena, out);
}

/* ---- who opened what ---- */

enum told_status told_opened_there_put(struct told_vault *vault, struct told_bytes message, struct told_bytes party,
				       struct told_bytes worker, uint64_t time_ms)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OPENED_THERE_PUT);
	told_vault_bind(s, 1, message);
	told_vault_bind_text(s, 2, party);
	told_vault_bind_text(s, 3, worker);
	told_vault_bind_u64(s, 4, time_ms);
	return told_vault_run(s);
}

enum told_status told_opened_next(struct told_vault *vault, struct told_arena *arena, struct told_bytes message,
				  struct told_bytes party, struct told_bytes after, struct told_bytes *worker,
				  uint64_t *time_ms)
{
	sqlite3_stmt *s = told_vault_sql(vault, party.len > 0 ? TOLD_VAULT_SQL_OPENED_THERE_NEXT
							      : TOLD_VAULT_SQL_OPENED_HERE_NEXT);
	told_vault_bind(s, 1, message);
	told_vault_bind_text(s, 2, after);
	if (party.len > 0)
		told_vault_bind_text(s, 3, party);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*worker = told_vault_copy(s, 0, arena);
	*time_ms = told_vault_column_u64(s, 1);
	sqlite3_reset(s);
	return worker->len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}
