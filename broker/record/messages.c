/* SPDX-License-Identifier: Apache-2.0 */
/* Message rows and their bodies in the spool; what is read back is checked like what arrives. */
#include "broker/record/room.h"

#include <string.h>

uint64_t told_keep_until_ms(const struct told_record *record, uint64_t expires_ms)
{
	uint64_t until = (uint64_t)record->when.utc_ms + TOLD_EXPIRES_MAX_MS;
	return (expires_ms > until ? expires_ms : until) + TOLD_DUPLICATE_KEEP_MS;
}

enum told_status told_message_put(struct told_record *record, const struct told_verified *verified, uint64_t index,
				  const uint8_t txid[TOLD_ID_BYTES], uint32_t state, int64_t due_ms, uint64_t *seq)
{
	const struct told_header *header = told_verified_header(verified);
	struct told_bytes body = told_verified_body_bytes(verified);
	struct told_body_place place;
	told_hash hash;
	enum told_status status = told_spool_put(record->spool, body, &place);
	if (status != TOLD_OK)
		return status;
	told_sha256(body, &hash);
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_MESSAGE_PUT);
	told_bind_u64(put, 1, record->message_seq + 1);
	told_bind_u64(put, 2, record->log_number);
	told_bind_u64(put, 3, index);
	told_bind_blob(put, 4, told_bytes(txid, TOLD_ID_BYTES));
	told_bind_blob(put, 5, header->id);
	told_bind_text(put, 6, header->sender);
	told_bind_u64(put, 7, header->type);
	if (header->client_ref.len == TOLD_ID_BYTES)
		told_bind_blob(put, 8, header->client_ref);
	told_bind_u64(put, 9, state);
	told_bind_u64(put, 10, (uint64_t)due_ms);
	told_bind_blob(put, 11, told_verified_envelope(verified));
	told_bind_u64(put, 12, place.segment);
	told_bind_u64(put, 13, place.offset);
	told_bind_u64(put, 14, place.len);
	told_bind_blob(put, 15, told_bytes(hash.b, sizeof hash.b));
	told_bind_u64(put, 16, told_keep_until_ms(record, header->expires_ms));
	status = told_sql_run(put);
	if (status == TOLD_OK)
		*seq = ++record->message_seq;
	return status;
}

enum told_status told_message_get(struct told_record *record, struct told_arena *arena, uint64_t seq,
				  struct told_message_row *out)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_MESSAGE_GET);
	told_bind_u64(get, 1, seq);
	enum told_status status = told_sql_next(get);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_message_row){
		.seq = seq,
		.log = told_column_u64(get, 0),
		.index = told_column_u64(get, 1),
		.state = (uint32_t)told_column_u64(get, 7),
		.expires_ms = (int64_t)told_column_u64(get, 8),
		.envelope = told_arena_copy(arena, told_column(get, 9)),
		.place = {.segment = (uint32_t)told_column_u64(get, 10),
			  .offset = told_column_u64(get, 11),
			  .len = (uint32_t)told_column_u64(get, 12)},
	};
	status = told_column_fixed(get, 2, out->txid, sizeof out->txid);
	if (status == TOLD_OK)
		status = told_column_fixed(get, 13, out->body_hash.b, sizeof out->body_hash.b);
	sqlite3_reset(get);
	return status;
}

enum told_status told_message_open(struct told_record *record, struct told_arena *arena,
				   const struct told_message_row *row, const struct told_verified **out)
{
	struct told_bytes body;
	enum told_status status = told_spool_get(record->spool, row->place, &row->body_hash, arena, &body);
	return status == TOLD_OK ? told_verified_again(arena, row->envelope, body, out) : status;
}

enum told_status told_message_done(struct told_record *record, uint64_t seq)
{
	sqlite3_stmt *done = told_sql(&record->store, TOLD_SQL_MESSAGE_DONE);
	told_bind_u64(done, 1, seq);
	return told_sql_run(done);
}

/* The message behind a held row. */
static enum told_status open_held(struct told_record *record, struct told_arena *arena, uint64_t seq,
				  const struct told_verified **out)
{
	struct told_message_row row;
	enum told_status status = told_message_get(record, arena, seq, &row);
	return status == TOLD_OK ? told_message_open(record, arena, &row, out) : status;
}

static enum told_status next_held(struct told_record *record, struct told_arena *arena, sqlite3_stmt *rows,
				  uint64_t *seq, const struct told_verified **out)
{
	enum told_status status = told_sql_next(rows);
	if (status != TOLD_OK)
		return status;
	*seq = told_column_u64(rows, 0);
	sqlite3_reset(rows);
	return open_held(record, arena, *seq, out);
}

enum told_status told_record_held(struct told_record *record, struct told_arena *arena, struct told_bytes client,
				  uint64_t *seq, const struct told_verified **out)
{
	bool all = client.len == 0;
	sqlite3_stmt *rows = told_sql(&record->store, all ? TOLD_SQL_MESSAGE_HELD : TOLD_SQL_MESSAGE_HELD_OF);
	if (!all)
		told_bind_blob(rows, 1, client);
	told_bind_u64(rows, all ? 1 : 2, *seq);
	return next_held(record, arena, rows, seq, out);
}

enum told_status told_record_overdue(struct told_record *record, struct told_arena *arena, int64_t now_ms,
				     uint64_t *seq, const struct told_verified **out)
{
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_MESSAGE_HELD_DUE);
	told_bind_u64(rows, 1, (uint64_t)now_ms);
	return next_held(record, arena, rows, seq, out);
}

enum told_status told_record_tidy(struct told_record *record)
{
	sqlite3_stmt *first = told_sql(&record->store, TOLD_SQL_SEGMENT_FIRST);
	enum told_status status = told_sql_next(first);
	uint32_t live = status == TOLD_OK ? (uint32_t)told_column_u64(first, 0) : told_spool_segment(record->spool);
	sqlite3_reset(first);
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	status = TOLD_OK;
	for (uint32_t segment = told_spool_first(record->spool); status == TOLD_OK && segment < live; segment++)
		status = told_spool_drop(record->spool, segment);
	return status;
}
