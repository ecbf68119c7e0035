/* SPDX-License-Identifier: Apache-2.0 */
/* Parcels as rows: what waits for a party, and what it was given. */
#include "broker/record/room.h"
#include "proto/types.h"

enum told_status told_parcel_put(struct told_record *record, const struct told_new_parcel *parcel)
{
	uint8_t id[TOLD_ID_BYTES];
	enum told_status status = told_random(id, sizeof id);
	if (status != TOLD_OK)
		return status;
	sqlite3_stmt *row = told_sql(&record->store, TOLD_SQL_PARCEL_PUT);
	told_bind_u64(row, 1, record->parcel_seq + 1);
	told_bind_blob(row, 2, told_bytes(id, sizeof id));
	told_bind_text(row, 3, parcel->recipient);
	told_bind_u64(row, 4, parcel->type);
	if (parcel->reply.len > 0)
		told_bind_blob(row, 5, parcel->reply);
	told_bind_u64(row, 6, parcel->message);
	if (parcel->client.len > 0)
		told_bind_blob(row, 7, parcel->client);
	told_bind_u64(row, 8, (uint64_t)parcel->due_ms);
	told_bind_u64(row, 9, parcel->fact.log);
	told_bind_u64(row, 10, parcel->fact.index);
	told_bind_u64(row, 11, told_keep_until_ms(record, parcel->due_ms == INT64_MAX ? 0 : (uint64_t)parcel->due_ms));
	status = told_sql_run(row);
	if (status == TOLD_OK)
		record->parcel_seq++;
	return status;
}

bool told_party_has_agent(struct told_record *record, struct told_bytes party)
{
	uint32_t number = told_party_find(record->parties, party);
	enum told_party_state state = told_directory_party(record->directory, number, told_record_when(record));
	return state == TOLD_PARTY_ENROLLED || state == TOLD_PARTY_SUSPENDED;
}

enum told_status told_parcel_read(sqlite3_stmt *row, struct told_arena *arena, struct told_parcel_row *out)
{
	*out = (struct told_parcel_row){
		.seq = told_column_u64(row, 0),
		.recipient = told_arena_copy(arena, told_column(row, 2)),
		.type = (uint32_t)told_column_u64(row, 3),
		.reply = told_arena_copy(arena, told_column(row, 4)),
		.message = told_column_u64(row, 5),
		.client = told_arena_copy(arena, told_column(row, 6)),
		.deliveries = (uint32_t)told_column_u64(row, 8),
		.due_ms = (int64_t)told_column_u64(row, 9),
		.fact = {.log = told_column_u64(row, 10), .index = told_column_u64(row, 11)},
	};
	return told_column_fixed(row, 1, out->id, sizeof out->id);
}
