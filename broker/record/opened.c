/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to one agency about a message that went between the two: openings, of which the broker passes on what is
 * true, recalls and their answers. */
#include "broker/record/room.h"

#include "proto/types.h"
#include "told/codes.h"

#include <string.h>

static enum told_status sender_of_message(struct told_record *record, uint64_t seq, struct told_arena *arena,
					  struct told_bytes *id, struct told_bytes *sender)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_MESSAGE_GET);
	told_bind_u64(get, 1, seq);
	enum told_status status = told_sql_next(get);
	if (status != TOLD_OK)
		return status;
	*id = told_arena_copy(arena, told_column(get, 3));
	*sender = told_arena_copy(arena, told_column(get, 4));
	sqlite3_reset(get);
	return TOLD_OK;
}

/* The line speaks of a parcel of this agency that carried a message of the one who is told. */
static enum told_status is_theirs(struct told_record *record, struct told_arena *arena,
				  const struct told_header *header, struct told_bytes line, bool *theirs)
{
	struct told_opened_line *opened = NULL;
	struct told_parcel_row parcel;
	struct told_bytes id, sender;
	*theirs = false;
	enum told_status status = told_opened_line_decode(line, arena, &opened);
	if (status != TOLD_OK)
		return status;
	sqlite3_stmt *row = told_sql(&record->store, TOLD_SQL_PARCEL_BY_ID);
	told_bind_blob(row, 1, opened->parcel);
	status = told_sql_next(row);
	if (status == TOLD_OK) {
		status = told_parcel_read(row, arena, &parcel);
		sqlite3_reset(row);
	}
	if (status == TOLD_OK)
		status = sender_of_message(record, parcel.message, arena, &id, &sender);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	*theirs = told_bytes_equal(parcel.recipient, header->sender) && told_bytes_equal(id, opened->message) &&
		  told_bytes_equal(sender, header->recipients.items[0]);
	return TOLD_OK;
}

bool told_parcels_tell_one(const struct told_header *header)
{
	bool one = header->type == TOLD_TYPE_OPENED || header->type == TOLD_TYPE_RECALL ||
		   header->type == TOLD_TYPE_RECALL_ANSWER;
	return one && header->recipients.count == 1;
}

enum told_status told_parcels_one(struct told_record *record, struct told_arena *arena,
				  const struct told_verified *verified, uint64_t seq)
{
	const struct told_header *header = told_verified_header(verified);
	const struct told_bytes_list *lines = &told_verified_body(verified)->lines; /* of an OPENED alone */
	enum told_status status = TOLD_OK;
	for (size_t i = 0; i < lines->count; i++) {
		bool theirs = false;
		status = is_theirs(record, arena, header, lines->items[i], &theirs);
		if (status != TOLD_OK && told_status_class(status) != TOLD_CLASS_PEER)
			return status;
		if (!theirs) /* one line that is not so, and nobody is told anything */
			return told_message_done(record, seq);
	}
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
