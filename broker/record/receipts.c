/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts as they are given: an entry, with the parts of it that its reader may open. */
#include "broker/record/room.h"
#include "proto/types.h"

#include "broker/decide/codes.h"
#include "broker/rule/register.h"
#include <string.h>

static void part_of(sqlite3_stmt *row, int at, struct told_arena *arena, struct told_part_bytes *out)
{
	struct told_bytes salt = told_column(row, at);
	if (salt.len == sizeof out->salt)
		memcpy(out->salt, salt.data, sizeof out->salt);
	out->bytes = told_arena_copy(arena, told_column(row, at + 1));
}

enum told_status told_receipt_read(struct told_record *record, struct told_arena *arena, bool shows,
				   struct told_receipt *receipt)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_DETAIL_GET);
	told_bind_u64(get, 1, receipt->place.log);
	told_bind_u64(get, 2, receipt->place.index);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK) {
		part_of(get, 0, arena, &receipt->made.facts);
		part_of(get, 2, arena, &receipt->made.ruling);
		part_of(get, 4, arena, &receipt->made.subject);
		receipt->show_facts = receipt->show_ruling = shows;
		sqlite3_reset(get);
	}
	if (status == TOLD_OK || status == TOLD_E_NOT_FOUND) /* erased: the entry alone */
		status = told_record_entry(record, arena, receipt->place, &receipt->made.leaf);
	return status;
}

/* The receipt of an earlier entry, read back. */
enum told_status told_record_again(struct told_record *record, struct told_arena *arena,
				   const struct told_verified *verified, const struct told_receipt **out)
{
	const struct told_header *header = told_verified_header(verified);
	struct told_receipt *receipt = told_arena_alloc(arena, sizeof *receipt);
	if (receipt == NULL)
		return TOLD_E_MEMORY;
	*receipt = (struct told_receipt){.party = header->sender, .message = header->id, .again = true};
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_DUPLICATE_GET);
	told_bind_text(get, 1, header->sender);
	told_bind_blob(get, 2, header->id);
	enum told_status status = told_sql_next(get);
	if (status != TOLD_OK)
		return status;
	receipt->place = (struct told_place){.log = told_column_u64(get, 1), .index = told_column_u64(get, 2)};
	sqlite3_reset(get);
	*out = receipt;
	return told_receipt_read(record, arena, header->type != TOLD_TYPE_ASK && header->type != TOLD_TYPE_KNOWN,
				 receipt);
}

/* Of what came to the party the place is in the record; of the party's own the leaf says whose it is. */
static enum told_status place_of_parcel(struct told_record *record, struct told_arena *arena, struct told_bytes party,
					struct told_bytes parcel, struct told_place *place)
{
	struct told_parcel_row row;
	struct told_message_row message;
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_PARCEL_BY_ID);
	told_bind_blob(get, 1, parcel);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK) {
		status = told_parcel_read(get, arena, &row);
		sqlite3_reset(get);
	}
	if (status == TOLD_OK && (!told_bytes_equal(row.recipient, party) || row.deliveries == 0))
		status = TOLD_E_NOT_FOUND;
	if (status != TOLD_OK)
		return status;
	*place = row.fact;
	if (row.message == 0)
		return TOLD_OK;
	status = told_message_get(record, arena, row.message, &message);
	*place = (struct told_place){.log = message.log, .index = message.index};
	return status;
}

enum told_status told_record_receipt(struct told_record *record, struct told_arena *arena, struct told_bytes party,
				     struct told_bytes message, struct told_place place, struct told_bytes parcel,
				     const struct told_receipt **out)
{
	struct told_receipt *receipt = told_arena_alloc(arena, sizeof *receipt);
	struct told_leaf *leaf = NULL;
	enum told_status status = receipt == NULL ? TOLD_E_MEMORY : TOLD_OK;
	if (status == TOLD_OK && parcel.len > 0)
		status = place_of_parcel(record, arena, party, parcel, &place);
	if (status != TOLD_OK)
		return status;
	*receipt = (struct told_receipt){.party = party, .message = message, .place = place, .again = true};
	status = told_receipt_read(record, arena, true, receipt);
	if (status == TOLD_OK)
		status = told_leaf_decode(receipt->made.leaf, arena, &leaf);
	if (status != TOLD_OK)
		return status;
	unsigned open = told_leaf_open_to(leaf, party);
	if (parcel.len == 0 && open == 0)
		return TOLD_E_NOT_FOUND;
	bool own = parcel.len == 0 && (open & TOLD_ENTRY_RULING) != 0;
	receipt->show_facts &= own;
	receipt->show_ruling &= own;
	*out = receipt;
	return TOLD_OK;
}

struct told_bytes told_receipt_party(const struct told_receipt *receipt)
{
	return receipt->party;
}

uint64_t told_receipt_index(const struct told_receipt *receipt)
{
	return receipt->place.index;
}

uint64_t told_receipt_log(const struct told_receipt *receipt)
{
	return receipt->place.log;
}

struct told_bytes told_receipt_message(const struct told_receipt *receipt)
{
	return receipt->message;
}

struct told_bytes told_receipt_leaf(const struct told_receipt *receipt)
{
	return receipt->made.leaf;
}

void told_receipt_parts(const struct told_receipt *receipt, struct told_bytes *facts_salt, struct told_bytes *facts,
			struct told_bytes *ruling_salt, struct told_bytes *ruling)
{
	*facts_salt = *facts = *ruling_salt = *ruling = told_bytes(NULL, 0);
	if (receipt->show_facts) {
		*facts_salt = told_bytes(receipt->made.facts.salt, TOLD_LEAF_SALT_BYTES);
		*facts = receipt->made.facts.bytes;
	}
	if (receipt->show_ruling) {
		*ruling_salt = told_bytes(receipt->made.ruling.salt, TOLD_LEAF_SALT_BYTES);
		*ruling = receipt->made.ruling.bytes;
	}
}

void told_receipt_subject(const struct told_receipt *receipt, struct told_bytes *salt, struct told_bytes *subject)
{
	*salt = receipt->show_subject ? told_bytes(receipt->made.subject.salt, TOLD_LEAF_SALT_BYTES)
				      : told_bytes(NULL, 0);
	*subject = receipt->show_subject ? receipt->made.subject.bytes : told_bytes(NULL, 0);
}

bool told_receipt_again(const struct told_receipt *receipt)
{
	return receipt->again;
}

enum told_status told_record_began(struct told_record *record, struct told_arena *arena, uint64_t log,
				   struct told_log_begun *out)
{
	struct told_receipt *first = told_arena_alloc(arena, sizeof *first);
	if (first == NULL)
		return TOLD_E_MEMORY;
	first->place.log = log;
	enum told_status status = told_receipt_read(record, arena, true, first);
	*out = (struct told_log_begun){
		.leaf = first->made.leaf,
		.facts = first->made.facts.bytes,
		.facts_salt = told_bytes(first->made.facts.salt, TOLD_LEAF_SALT_BYTES),
	};
	return status;
}
