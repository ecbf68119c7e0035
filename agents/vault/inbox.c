/* SPDX-License-Identifier: Apache-2.0 */
/* What came, and the sections in it, sealed (V2, V3). */
#include "agents/vault/db.h"

#include <string.h>

enum told_status told_inbox_put(struct told_vault *vault, const struct told_inbox_row *row, uint64_t *seq)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_INBOX_PUT);
	told_vault_bind(s, 1, row->parcel);
	told_vault_bind_u64(s, 2, row->type);
	told_vault_bind_text(s, 3, row->sender);
	told_vault_bind(s, 4, row->client);
	told_vault_bind(s, 5, row->message);
	told_vault_bind(s, 6, row->reply);
	told_vault_bind(s, 7, row->referral);
	told_vault_bind_u64(s, 8, row->entry);
	told_vault_bind_u64(s, 9, row->time_ms);
	told_vault_bind_u64(s, 10, row->received_ms);
	told_vault_bind_u64(s, 11, row->marker ? 1 : 0);
	told_vault_bind_u64(s, 12, row->result);
	told_vault_bind(s, 13, row->envelope);
	enum told_status status = told_vault_run(s);
	if (status == TOLD_OK)
		*seq = (uint64_t)sqlite3_last_insert_rowid(vault->db);
	return status;
}

static enum told_status mark(struct told_vault *vault, enum told_vault_sql which, struct told_bytes parcel)
{
	sqlite3_stmt *s = told_vault_sql(vault, which);
	told_vault_bind(s, 1, parcel);
	return told_vault_run(s);
}

enum told_status told_inbox_unack(struct told_vault *vault, struct told_bytes parcel)
{
	return mark(vault, TOLD_VAULT_SQL_INBOX_UNACK, parcel);
}

enum told_status told_inbox_acked(struct told_vault *vault, struct told_bytes parcel)
{
	return mark(vault, TOLD_VAULT_SQL_INBOX_ACKED, parcel);
}

enum told_status told_inbox_has_message(struct told_vault *vault, struct told_bytes message, uint32_t type)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_INBOX_MESSAGE);
	told_vault_bind_u64(s, 1, 0);
	told_vault_bind(s, 2, message);
	told_vault_bind_u64(s, 3, type);
	enum told_status status = told_vault_row(s);
	if (status == TOLD_OK)
		sqlite3_reset(s);
	return status;
}

enum told_status told_inbox_next(struct told_vault *vault, struct told_arena *arena, enum told_inbox_list list,
				 struct told_bytes key, uint64_t after, struct told_inbox_row *out)
{
	static const enum told_vault_sql lists[] = {
		[TOLD_INBOX_OF_ALL] = TOLD_VAULT_SQL_INBOX_NEXT,
		[TOLD_INBOX_OF_CLIENT] = TOLD_VAULT_SQL_INBOX_CLIENT,
		[TOLD_INBOX_OF_REPLY] = TOLD_VAULT_SQL_INBOX_REPLY,
		[TOLD_INBOX_OF_REFERRAL] = TOLD_VAULT_SQL_INBOX_REFERRAL,
		[TOLD_INBOX_OF_PARCEL] = TOLD_VAULT_SQL_INBOX_PARCEL,
	};
	sqlite3_stmt *s = told_vault_sql(vault, lists[list]);
	told_vault_bind_u64(s, 1, after);
	told_vault_bind(s, 2, key);
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_inbox_row){
		.seq = told_vault_column_u64(s, 0),
		.parcel = told_vault_copy(s, 1, arena),
		.type = (uint32_t)told_vault_column_u64(s, 2),
		.sender = told_vault_copy(s, 3, arena),
		.client = told_vault_copy(s, 4, arena),
		.message = told_vault_copy(s, 5, arena),
		.reply = told_vault_copy(s, 6, arena),
		.referral = told_vault_copy(s, 7, arena),
		.entry = told_vault_column_u64(s, 8),
		.time_ms = told_vault_column_u64(s, 9),
		.received_ms = told_vault_column_u64(s, 10),
		.marker = told_vault_column_u64(s, 11) != 0,
		.result = (uint32_t)told_vault_column_u64(s, 12),
		.envelope = told_vault_copy(s, 13, arena),
	};
	sqlite3_reset(s);
	return out->parcel.len == TOLD_ID_BYTES ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_inbox_unacked(struct told_vault *vault, uint64_t after, uint64_t *seq,
				    uint8_t parcel[TOLD_ID_BYTES], uint32_t *result)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_INBOX_UNACKED);
	told_vault_bind_u64(s, 1, after);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	struct told_bytes id = told_vault_column(s, 1);
	*seq = told_vault_column_u64(s, 0);
	*result = (uint32_t)told_vault_column_u64(s, 2);
	status = id.len == TOLD_ID_BYTES ? TOLD_OK : TOLD_E_CORRUPT;
	if (status == TOLD_OK)
		memcpy(parcel, id.data, TOLD_ID_BYTES);
	sqlite3_reset(s);
	return status;
}

/* ---- sections ---- */

/* A section's place in the file: its message and number. */
static enum told_status section_place(struct told_bytes message, uint32_t number, struct told_buf *out)
{
	told_buf_put_bytes(out, message);
	told_buf_put_u32(out, number);
	return out->status;
}

enum told_status told_section_put(struct told_vault *vault, const struct told_section_row *row)
{
	struct told_buf at = TOLD_BUF(TOLD_TEXT_MAX_BYTES), sealed = TOLD_BUF(TOLD_CIPHERTEXT_MAX_BYTES + 64u);
	enum told_status status = section_place(row->message, row->number, &at);
	if (status == TOLD_OK)
		status = told_vault_seal(vault, "section", told_buf_view(&at), row->content, &sealed);
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_SECTION_PUT);
	told_vault_bind_u64(s, 1, row->inbox);
	told_vault_bind(s, 2, row->message);
	told_vault_bind_u64(s, 3, row->number);
	told_vault_bind(s, 4, row->client);
	told_vault_bind_text(s, 5, row->originator);
	told_vault_bind_u64(s, 6, row->category);
	told_vault_bind_u64(s, 7, row->voice);
	told_vault_bind_u64(s, 8, row->recorded_ms);
	told_vault_bind_u64(s, 9, row->received_ms);
	told_vault_bind(s, 10, row->deposit);
	told_vault_bind_u64(s, 11, row->version);
	told_vault_bind(s, 12, row->consent);
	told_vault_bind_u64(s, 13, row->purposes);
	told_vault_bind(s, 14, told_buf_view(&sealed));
	told_vault_bind(s, 15, row->about);
	told_vault_bind(s, 16, row->told_by);
	if (status == TOLD_OK)
		status = told_vault_run(s);
	told_vault_sql(vault, TOLD_VAULT_SQL_SECTION_PUT); /* lets go of what was bound */
	told_buf_free(&at);
	told_buf_free(&sealed);
	return status;
}

enum told_status told_section_hide(struct told_vault *vault, uint64_t id)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_SECTION_HIDE);
	told_vault_bind_u64(s, 1, id);
	return told_vault_run(s);
}

static enum told_status take_section(struct told_vault *vault, sqlite3_stmt *s, struct told_arena *arena,
				     struct told_section_row *out)
{
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_section_row){
		.id = told_vault_column_u64(s, 0),
		.inbox = told_vault_column_u64(s, 1),
		.message = told_vault_copy(s, 2, arena),
		.number = (uint32_t)told_vault_column_u64(s, 3),
		.client = told_vault_copy(s, 4, arena),
		.originator = told_vault_copy(s, 5, arena),
		.category = (uint32_t)told_vault_column_u64(s, 6),
		.voice = (uint32_t)told_vault_column_u64(s, 7),
		.recorded_ms = told_vault_column_u64(s, 8),
		.received_ms = told_vault_column_u64(s, 9),
		.deposit = told_vault_copy(s, 10, arena),
		.version = (uint32_t)told_vault_column_u64(s, 11),
		.consent = told_vault_copy(s, 12, arena),
		.purposes = (uint32_t)told_vault_column_u64(s, 13),
		.hidden = told_vault_column_u64(s, 14) != 0,
		.about = told_vault_copy(s, 16, arena),
		.told_by = told_vault_copy(s, 17, arena),
		.type = (uint32_t)told_vault_column_u64(s, 18),
	};
	struct told_buf at = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	status = section_place(out->message, out->number, &at);
	if (status == TOLD_OK)
		status = told_vault_unseal(vault, "section", told_buf_view(&at), told_vault_column(s, 15), arena,
					   &out->content);
	told_buf_free(&at);
	sqlite3_reset(s);
	return status;
}

enum told_status told_section_next_of_client(struct told_vault *vault, struct told_arena *arena,
					     struct told_bytes client, uint64_t after, struct told_section_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_SECTION_CLIENT);
	told_vault_bind_u64(s, 1, after);
	told_vault_bind(s, 2, client);
	return take_section(vault, s, arena, out);
}

enum told_status told_section_next_of_inbox(struct told_vault *vault, struct told_arena *arena, uint64_t inbox,
					    uint64_t after, struct told_section_row *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_SECTION_INBOX);
	told_vault_bind_u64(s, 1, after);
	told_vault_bind_u64(s, 2, inbox);
	return take_section(vault, s, arena, out);
}

enum told_status told_section_next_due(struct told_vault *vault, struct told_arena *arena, uint64_t after,
				       struct told_section_due *out)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_SECTION_DUE);
	told_vault_bind_u64(s, 1, after);
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_row(s);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_section_due){
		.id = told_vault_column_u64(s, 0),
		.client = told_vault_copy(s, 1, arena),
		.originator = told_vault_copy(s, 2, arena),
		.category = (uint32_t)told_vault_column_u64(s, 3),
		.received_ms = told_vault_column_u64(s, 4),
	};
	sqlite3_reset(s);
	return TOLD_OK;
}

enum told_status told_section_delete(struct told_vault *vault, uint64_t id)
{
	sqlite3_stmt *s = told_vault_sql(vault, TOLD_VAULT_SQL_SECTION_DELETE);
	told_vault_bind_u64(s, 1, id);
	return told_vault_run(s);
}
