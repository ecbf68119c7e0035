/* SPDX-License-Identifier: Apache-2.0 */
/* Log entries: the leaf, its place in the tree, its erasable detail, and the receipt for its sender. */
#include "broker/record/room.h"

#include "proto/types.h"

#include <string.h>

void told_entry_facts_of(const struct told_verified *verified, struct told_entry_facts *out)
{
	const struct told_opened_envelope *opened = told_verified_opened(verified);
	out->header = opened->header;
	out->sender = opened->header->sender;
	out->signer_key_id = opened->envelope->key_id;
	out->facts.header_hash = told_bytes(opened->hash.b, sizeof opened->hash.b);
	out->facts.section_digests = opened->header->section_digests;
}

enum told_status told_txid_new(const struct told_record *record, uint8_t txid[TOLD_ID_BYTES])
{
	enum told_status status = told_random(txid, TOLD_ID_BYTES);
	for (size_t i = 0; i < TOLD_TXID_TIME_BYTES; i++)
		txid[i] = (uint8_t)((uint64_t)record->when.utc_ms >> 8 * (TOLD_TXID_TIME_BYTES - 1 - i));
	return status;
}

/* Whose details they are. An erasure's own entries name nobody: they stay when the person is gone. */
static struct told_bytes person_of(const struct told_header *header)
{
	bool names = header != NULL && header->type != TOLD_TYPE_ERASURE;
	return names ? header->client_ref : told_bytes(NULL, 0);
}

static enum told_status put_detail(struct told_record *record, uint64_t index, struct told_bytes client,
				   const struct told_leaf_made *made)
{
	const struct told_part_bytes *parts[] = {&made->facts, &made->ruling, &made->subject};
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_DETAIL_PUT);
	told_bind_u64(put, 1, record->log_number);
	told_bind_u64(put, 2, index);
	for (int i = 0; i < 3; i++) {
		told_bind_blob(put, 3 + 2 * i, told_bytes(parts[i]->salt, sizeof parts[i]->salt));
		told_bind_blob(put, 4 + 2 * i, parts[i]->bytes);
	}
	if (client.len > 0)
		told_bind_blob(put, 9, client);
	return told_sql_run(put);
}

/* The leaf as the header states it; what only some phases carry comes with the facts. */
static void lay_leaf(const struct told_record *record, const struct told_entry_facts *facts, struct told_leaf *leaf)
{
	const struct told_header *header = facts->header;
	*leaf = (struct told_leaf){
		.phase = facts->phase,
		.time_ms = (uint64_t)record->when.utc_ms,
		.txid = told_bytes(facts->txid, sizeof facts->txid),
		.sender = facts->sender,
		.signer_key_id = facts->signer_key_id,
		.recipient = facts->recipient,
		.clause = told_text(facts->clause),
		.released = facts->released,
		.as_of = facts->as_of,
	};
	if (header == NULL)
		return;
	leaf->sender_seq = header->sender_seq;
	leaf->type = header->type;
	leaf->purposes = header->purposes;
	if (header->agreement != NULL) {
		leaf->agreement = header->agreement->id;
		leaf->agreement_version = header->agreement->version;
	}
}

/* A subject key is made with the first fact about a person; of anybody else the tag is random. */
static enum told_status subject_key(struct told_record *record, const struct told_header *header,
				    uint8_t key[TOLD_KEY_BYTES], const uint8_t **out)
{
	*out = NULL;
	if (person_of(header).len != TOLD_ID_BYTES)
		return TOLD_OK;
	bool make = told_person_cares(header->type);
	enum told_status status = told_record_subject(record, header->client_ref, make, key);
	if (status == TOLD_OK)
		*out = key;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_record_entry_put(struct told_record *record, struct told_arena *arena,
				       struct told_entry_facts *facts, const struct told_receipt **out)
{
	uint8_t key[TOLD_KEY_BYTES];
	const uint8_t *subject = NULL;
	struct told_leaf leaf;
	struct told_leaf_subject person = {0};
	struct told_receipt *receipt = told_arena_alloc(arena, sizeof *receipt);
	if (receipt == NULL)
		return TOLD_E_MEMORY;
	lay_leaf(record, facts, &leaf);
	if (facts->header != NULL) {
		person.client_ref = person_of(facts->header);
		person.worker = facts->header->author;
	}
	enum told_status status = subject_key(record, facts->header, key, &subject);
	if (status == TOLD_OK)
		status = told_leaf_make(arena, &leaf, &facts->facts, facts->ruling, &person, subject, &receipt->made);
	if (status == TOLD_OK)
		status = told_ledger_append(record->ledger, receipt->made.leaf, leaf.time_ms, &receipt->place.index);
	if (status == TOLD_OK)
		status = put_detail(record, receipt->place.index, person_of(facts->header), &receipt->made);
	told_wipe(key, sizeof key);
	receipt->place.log = record->log_number;
	receipt->party = facts->sender;
	receipt->look = facts->look;
	receipt->message = facts->header != NULL ? facts->header->id : facts->message;
	receipt->show_facts = receipt->show_ruling =
		facts->phase != TOLD_PHASE_ANSWERED; /* who merely asks learns nothing */
	*out = receipt;
	return status;
}

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
