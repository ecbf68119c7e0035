/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to one agency about a message that went between the two: openings, of which the broker passes on what is
 * true, recalls and their answers, what became of an alert. */
#include "broker/record/room.h"

#include "proto/types.h"
#include "told/codes.h"

#include <string.h>

struct origin {
	struct told_bytes txid, id, sender;
};

static enum told_status origin_of(struct told_record *record, uint64_t seq, struct told_arena *arena,
				  struct origin *out)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_MESSAGE_GET);
	told_bind_u64(get, 1, seq);
	enum told_status status = told_sql_next(get);
	if (status != TOLD_OK)
		return status;
	out->txid = told_arena_copy(arena, told_column(get, 2));
	out->id = told_arena_copy(arena, told_column(get, 3));
	out->sender = told_arena_copy(arena, told_column(get, 4));
	sqlite3_reset(get);
	return TOLD_OK;
}

/* The transaction of the message that a line speaks of; empty unless a parcel of this agency carried it and it is of
 * the one who is told. */
static enum told_status transaction_of(struct told_record *record, struct told_arena *arena,
				       const struct told_header *header, struct told_bytes line,
				       struct told_bytes *txid)
{
	struct told_opened_line *opened = NULL;
	struct told_parcel_row parcel;
	struct origin origin;
	*txid = told_bytes(NULL, 0);
	enum told_status status = told_opened_line_decode(line, arena, &opened);
	if (status != TOLD_OK)
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
	sqlite3_stmt *row = told_sql(&record->store, TOLD_SQL_PARCEL_BY_ID);
	told_bind_blob(row, 1, opened->parcel);
	status = told_sql_next(row);
	if (status == TOLD_OK) {
		status = told_parcel_read(row, arena, &parcel);
		sqlite3_reset(row);
	}
	if (status == TOLD_OK)
		status = origin_of(record, parcel.message, arena, &origin);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	if (told_bytes_equal(parcel.recipient, header->sender) && told_bytes_equal(origin.id, opened->message) &&
	    told_bytes_equal(origin.sender, header->recipients.items[0]))
		*txid = origin.txid;
	return TOLD_OK;
}

/* Two workers may have opened one message. */
static void add_once(struct told_bytes_list *list, struct told_bytes txid)
{
	for (size_t i = 0; i < list->count; i++)
		if (told_bytes_equal(list->items[i], txid))
			return;
	list->items[list->count++] = txid;
}

enum told_status told_opened_transactions(struct told_record *record, struct told_arena *arena,
					  const struct told_verified *verified, struct told_bytes_list *out)
{
	const struct told_header *header = told_verified_header(verified);
	const struct told_bytes_list *lines = &told_verified_body(verified)->lines;
	enum told_status status = TOLD_OK;
	*out = (struct told_bytes_list){0};
	if (header->type != TOLD_TYPE_OPENED || header->recipients.count != 1 || lines->count == 0)
		return TOLD_OK;
	out->items = told_arena_alloc(arena, lines->count * sizeof *out->items);
	if (out->items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; status == TOLD_OK && i < lines->count; i++) {
		struct told_bytes txid;
		status = transaction_of(record, arena, header, lines->items[i], &txid);
		if (status == TOLD_OK && txid.len == 0) { /* one line that is not so, and none of them counts */
			out->count = 0;
			return TOLD_OK;
		}
		if (status == TOLD_OK)
			add_once(out, txid);
	}
	return status;
}

bool told_parcels_tell_one(const struct told_header *header)
{
	static const uint64_t tell_one = TOLD_BIT64(TOLD_TYPE_OPENED) | TOLD_BIT64(TOLD_TYPE_RECALL) |
					 TOLD_BIT64(TOLD_TYPE_RECALL_ANSWER) | TOLD_BIT64(TOLD_TYPE_CAPACITY) |
					 TOLD_BIT64(TOLD_TYPE_ALERT_RECORD);
	return (tell_one & TOLD_BIT64(header->type)) != 0 && header->recipients.count == 1;
}

enum told_status told_parcels_one(struct told_record *record, struct told_arena *arena,
				  const struct told_verified *verified, uint64_t seq)
{
	const struct told_header *header = told_verified_header(verified);
	struct told_bytes_list opened;
	enum told_status status = told_opened_transactions(record, arena, verified, &opened);
	if (status != TOLD_OK)
		return status;
	if (header->type == TOLD_TYPE_OPENED && opened.count == 0) /* what is not so is told to nobody */
		return told_message_done(record, seq);
	struct told_new_parcel parcel = {
		.recipient = header->recipients.items[0],
		.type = header->type,
		.client = header->client_ref,
		.message = seq,
		.due_ms = (int64_t)header->expires_ms,
	};
	return told_party_has_agent(record, parcel.recipient) ? told_parcel_put(record, &parcel)
							      : told_message_done(record, seq);
}
