/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a message after its sender was answered: a hold that ended, a parcel that no longer may go. The sender
 * may be away: a row is kept until it has heard. Touches the table unheard only. */
#include "broker/record/room.h"

enum told_status told_unheard_put(struct told_record *record, const struct told_receipt *receipt)
{
	if (told_bytes_equal(receipt->party, told_text(TOLD_BROKER_PARTY))) /* the operator reads the log */
		return TOLD_OK;
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_UNHEARD_PUT);
	told_bind_text(put, 1, receipt->party);
	told_bind_u64(put, 2, receipt->place.log);
	told_bind_u64(put, 3, receipt->place.index);
	told_bind_blob(put, 4, receipt->message);
	told_bind_u64(put, 5, told_keep_until_ms(record, 0));
	return told_sql_run(put);
}

enum told_status told_record_unheard(struct told_record *record, struct told_arena *arena, struct told_bytes party,
				     uint64_t *from, const struct told_receipt **out)
{
	struct told_receipt *receipt = told_arena_alloc(arena, sizeof *receipt);
	if (receipt == NULL)
		return TOLD_E_MEMORY;
	struct told_place place = told_place_at(record, *from);
	sqlite3_stmt *next = told_sql(&record->store, TOLD_SQL_UNHEARD_NEXT);
	told_bind_text(next, 1, party);
	told_bind_u64(next, 2, place.log);
	told_bind_u64(next, 3, place.index);
	enum told_status status = told_sql_next(next);
	if (status != TOLD_OK)
		return status;
	*receipt = (struct told_receipt){.party = party,
					 .place = {.log = told_column_u64(next, 0), .index = told_column_u64(next, 1)}};
	receipt->again = receipt->place.log != record->log_number; /* proved under the checkpoint of its own log */
	receipt->message = told_arena_copy(arena, told_column(next, 2));
	sqlite3_reset(next);
	if (receipt->message.len != TOLD_ID_BYTES)
		return TOLD_E_MEMORY;
	*from = told_position(record, receipt->place) + 1;
	*out = receipt;
	return told_receipt_read(record, arena, true, receipt);
}

enum told_status told_record_heard(struct told_record *record, struct told_bytes party, uint64_t before)
{
	struct told_place place = told_place_at(record, before);
	sqlite3_stmt *heard = told_sql(&record->store, TOLD_SQL_UNHEARD_DELETE);
	told_bind_text(heard, 1, party);
	told_bind_u64(heard, 2, place.log);
	told_bind_u64(heard, 3, place.index);
	return told_sql_run(heard);
}
