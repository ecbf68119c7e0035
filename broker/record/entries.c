/* SPDX-License-Identifier: Apache-2.0 */
/* Log entries: the leaf, its place in the tree, its erasable detail, and the receipt for its sender. */
#include "broker/record/room.h"

#include "proto/types.h"

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
