/* SPDX-License-Identifier: Apache-2.0 */
/* What is on its way, and what became of it (V1). */
#include "agents/vault/db.h"

#include <string.h>

enum told_status told_outbox_put(struct told_vault *vault, const struct told_outbox_row *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_PUT);
	told_vault_bind(s, 1, row->id);
	told_vault_bind_u64(s, 2, row->type);
	told_vault_bind(s, 3, row->ticket);
	told_vault_bind(s, 4, row->client);
	told_vault_bind_u64(s, 5, row->signed_by);
	told_vault_bind_u64(s, 6, row->queued_ms);
	told_vault_bind_u64(s, 7, row->expires_ms);
	told_vault_bind(s, 8, row->header);
	told_vault_bind(s, 9, row->body);
	told_vault_bind_text(s, 10, row->author);
	return told_vault_run(s);
}

enum told_status told_outbox_sign(struct told_vault *vault, uint64_t seq, struct told_bytes envelope)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_SIGN);
	told_vault_bind_u64(s, 1, seq);
	told_vault_bind(s, 2, envelope);
	return told_vault_run(s);
}

enum told_status told_outbox_unsign(struct told_vault *vault, uint32_t signed_by)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_UNSIGN);
	told_vault_bind_u64(s, 1, signed_by);
	return told_vault_run(s);
}

static enum told_status keep(struct told_vault *vault, const struct told_outbox_row *row)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_KEEP);
	told_vault_bind(s, 1, row->id);
	told_vault_bind_u64(s, 2, row->time_ms + (uint64_t)TOLD_REOFFER_MS);
	return told_vault_run(s);
}

enum told_status told_outbox_answer(struct told_vault *vault, const struct told_outbox_row *row)
{
	bool done = row->state == TOLD_OUTBOX_ACCEPTED || row->state == TOLD_OUTBOX_ANSWERED;
	enum told_status status = done ? keep(vault, row) : TOLD_OK;
	if (status != TOLD_OK)
		return status;
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_ANSWER);
	told_vault_bind(s, 1, row->id);
	told_vault_bind_u64(s, 2, row->state);
	told_vault_bind_u64(s, 3, row->entry);
	told_vault_bind_u64(s, 4, row->time_ms);
	told_vault_bind_u64(s, 5, row->status);
	told_vault_bind(s, 6, row->ruling);
	told_vault_bind(s, 7, row->receipt);
	return told_vault_run(s);
}

enum told_status told_outbox_receipt(struct told_vault *vault, uint64_t seq, struct told_bytes receipt)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_RECEIPT);
	told_vault_bind_u64(s, 1, seq);
	told_vault_bind(s, 2, receipt);
	return told_vault_run(s);
}

enum told_status told_outbox_exported(struct told_vault *vault, uint64_t seq)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_EXPORTED);
	told_vault_bind_u64(s, 1, seq);
	return told_vault_run(s);
}

enum told_status told_outbox_forget(struct told_vault *vault, const struct told_outbox_row *row)
{
	enum told_status status = keep(vault, row);
	if (status != TOLD_OK)
		return status;
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_FORGET);
	told_vault_bind(s, 1, row->id);
	told_vault_bind_u64(s, 2, row->entry);
	return told_vault_run(s);
}

static enum told_status take_row(sqlite3_stmt *s, struct told_arena *arena, struct told_outbox_row *out)
{
	enum told_status status = told_vault_row(s);
	memset(out, 0, sizeof *out);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_outbox_row){
		.seq = told_vault_column_u64(s, 0),
		.id = told_vault_copy(s, 1, arena),
		.type = (uint32_t)told_vault_column_u64(s, 2),
		.ticket = told_vault_copy(s, 3, arena),
		.client = told_vault_copy(s, 4, arena),
		.signed_by = (uint32_t)told_vault_column_u64(s, 5),
		.state = (uint32_t)told_vault_column_u64(s, 6),
		.queued_ms = told_vault_column_u64(s, 7),
		.expires_ms = told_vault_column_u64(s, 8),
		.header = told_vault_copy(s, 9, arena),
		.envelope = told_vault_copy(s, 10, arena),
		.body = told_vault_copy(s, 11, arena),
		.entry = told_vault_column_u64(s, 12),
		.time_ms = told_vault_column_u64(s, 13),
		.status = (uint32_t)told_vault_column_u64(s, 14),
		.ruling = told_vault_copy(s, 15, arena),
		.receipt = told_vault_copy(s, 16, arena),
		.author = told_vault_copy(s, 17, arena),
	};
	sqlite3_reset(s);
	/* Each has a header and an id: an empty one is memory that was not there. */
	return out->id.len == TOLD_ID_BYTES && out->header.len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_outbox_next(struct told_vault *vault, struct told_arena *arena, enum told_outbox_list list,
				  struct told_bytes key, uint64_t after, struct told_outbox_row *out)
{
	static const enum told_vault_sql lists[] = {
		[TOLD_OUTBOX_OF_ALL] = TOLD_VAULT_SQL_OUTBOX_ALL,
		[TOLD_OUTBOX_OF_UNSIGNED] = TOLD_VAULT_SQL_OUTBOX_UNSIGNED,
		[TOLD_OUTBOX_OF_WAITING] = TOLD_VAULT_SQL_OUTBOX_WAITING,
		[TOLD_OUTBOX_OF_TICKET] = TOLD_VAULT_SQL_OUTBOX_TICKET,
		[TOLD_OUTBOX_OF_CLIENT] = TOLD_VAULT_SQL_OUTBOX_CLIENT,
		[TOLD_OUTBOX_OF_UNEXPORTED] = TOLD_VAULT_SQL_OUTBOX_UNEXPORTED,
	};
	sqlite3_stmt *s = told_vault_sql(vault, lists[list]);
	told_vault_bind_u64(s, 1, after);
	told_vault_bind(s, 2, key); /* out of range, and so without effect, where the statement has no ?2 */
	return take_row(s, arena, out);
}

enum told_status told_outbox_get(struct told_vault *vault, struct told_arena *arena, struct told_bytes id,
				 struct told_outbox_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_ID);
	told_vault_bind_u64(s, 1, 0);
	told_vault_bind(s, 2, id);
	return take_row(s, arena, out);
}

enum told_status told_outbox_between(struct told_vault *vault, uint64_t from, uint64_t before,
				     struct told_outbox_place *out, size_t *count)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_BETWEEN);
	size_t room = *count;
	told_vault_bind_u64(s, 1, from);
	told_vault_bind_u64(s, 2, before);
	told_vault_bind_u64(s, 3, room);
	enum told_status status = TOLD_OK;
	for (*count = 0; *count < room && (status = told_vault_row(s)) == TOLD_OK; (*count)++) {
		struct told_bytes id = told_vault_column(s, 0);
		if (id.len != TOLD_ID_BYTES) {
			status = TOLD_E_CORRUPT;
			break;
		}
		memcpy(out[*count].id, id.data, TOLD_ID_BYTES);
		out[*count].entry = told_vault_column_u64(s, 1);
	}
	sqlite3_reset(s);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_outbox_waiting(struct told_vault *vault, uint64_t *count, uint64_t *oldest_ms)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_OUTBOX_COUNT);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*count = told_vault_column_u64(s, 0);
	*oldest_ms = told_vault_column_u64(s, 1);
	sqlite3_reset(s);
	return TOLD_OK;
}
