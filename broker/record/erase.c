/* SPDX-License-Identifier: Apache-2.0 */
/* Erasure that keeps the proofs (evidence.md section 1 item 5). What a person has here goes in one commit; entries
 * stay, their commitments can no longer be opened, and an entry names the transactions. What a commit cannot take back,
 * bodies in the spool and pages in the write-ahead log, is overwritten after it (erase_finish.c). */
#include "broker/record/room.h"

#include "proto/types.h"
#include "told/codes.h"

#include <stdlib.h>
#include <string.h>

#define SCRATCH_BYTES (1024u * 1024u) /* one entry decoded at a time */
#define HOLDERS_MAX   256u            /* parties that one erasure asks */
#define TXIDS_MAX     (64u * 1024u * 1024u)

static const char *const reasons[] = {
	[TOLD_ERASURE_REASON_NOT_NEEDED] = "UK GDPR Article 17(1)(a): no longer needed",
	[TOLD_ERASURE_REASON_WITHDRAWN] = "UK GDPR Article 17(1)(b): consent withdrawn",
	[TOLD_ERASURE_REASON_OBJECTION] = "UK GDPR Article 17(1)(c): objection",
	[TOLD_ERASURE_REASON_UNLAWFUL] = "UK GDPR Article 17(1)(d): unlawfully processed",
	[TOLD_ERASURE_REASON_LEGAL_DUTY] = "UK GDPR Article 17(1)(e): legal obligation",
	[TOLD_ERASURE_REASON_CHILD] = "UK GDPR Article 17(1)(f): offered to a child",
};

/* ---- what the log says of the person ---- */

/* The transactions of a person's entries, and the parties that sent or were sent something. */
struct traces {
	struct told_buf txids;
	struct told_bytes holders[HOLDERS_MAX]; /* in the turn's arena */
	size_t holder_count;
};

static enum told_status add_holder(struct traces *traces, struct told_arena *arena, struct told_bytes party)
{
	if (party.len == 0)
		return TOLD_OK;
	for (size_t i = 0; i < traces->holder_count; i++)
		if (told_bytes_equal(traces->holders[i], party))
			return TOLD_OK;
	if (traces->holder_count == HOLDERS_MAX)
		return TOLD_E_LIMIT;
	struct told_bytes copy = told_arena_copy(arena, party);
	traces->holders[traces->holder_count++] = copy;
	return copy.len == party.len ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status add_entry(struct traces *traces, struct told_arena *arena, struct told_arena *scratch,
				  struct told_bytes entry)
{
	struct told_leaf *leaf = NULL;
	enum told_status status = told_leaf_decode(entry, scratch, &leaf);
	if (status != TOLD_OK)
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
	told_buf_put_bytes(&traces->txids, leaf->txid);
	status = add_holder(traces, arena, leaf->sender);
	if (status == TOLD_OK && leaf->phase == TOLD_PHASE_DELIVERED)
		status = add_holder(traces, arena, leaf->recipient);
	return status == TOLD_OK ? traces->txids.status : status;
}

int told_txid_order(const void *a, const void *b)
{
	return memcmp(a, b, TOLD_ID_BYTES);
}

/* Each transaction once. */
static void settle_txids(struct told_buf *txids)
{
	size_t count = txids->len / TOLD_ID_BYTES, kept = 0;
	if (count == 0)
		return;
	qsort(txids->data, count, TOLD_ID_BYTES, told_txid_order);
	for (size_t i = 1; i < count; i++)
		if (told_txid_order(txids->data + kept * TOLD_ID_BYTES, txids->data + i * TOLD_ID_BYTES) != 0)
			memmove(txids->data + ++kept * TOLD_ID_BYTES, txids->data + i * TOLD_ID_BYTES, TOLD_ID_BYTES);
	txids->len = (kept + 1) * TOLD_ID_BYTES;
}

static enum told_status gather(struct told_record *record, struct told_arena *arena, struct told_bytes client,
			       struct traces *traces)
{
	struct told_arena *scratch = NULL;
	enum told_status status = told_arena_new(SCRATCH_BYTES, &scratch);
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_ERASE_ENTRIES);
	told_bind_blob(rows, 1, client);
	while (status == TOLD_OK && (status = told_sql_next(rows)) == TOLD_OK) {
		told_arena_reset(scratch);
		status = add_entry(traces, arena, scratch, told_column(rows, 0));
	}
	sqlite3_reset(rows);
	told_arena_free(scratch);
	settle_txids(&traces->txids);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- what goes ---- */

/* Wraps before the deposits that they hang on. */
static const enum told_sql deletions[] = {
	TOLD_SQL_ERASE_WRAPS,   TOLD_SQL_ERASE_DEPOSITS, TOLD_SQL_ERASE_ASKS,  TOLD_SQL_ERASE_PARCELS,
	TOLD_SQL_ERASE_HOLDERS, TOLD_SQL_ERASE_GIVEN,    TOLD_SQL_ERASE_FACTS, TOLD_SQL_ERASE_DETAILS,
	TOLD_SQL_ERASE_SUBJECT, TOLD_SQL_ERASE_MESSAGES,
};

enum told_status told_erase_rows(struct told_record *record, struct told_bytes client)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < sizeof deletions / sizeof deletions[0]; i++) {
		sqlite3_stmt *gone = told_sql(&record->store, deletions[i]);
		told_bind_blob(gone, 1, client);
		status = told_sql_run(gone);
	}
	told_record_forget_person(record, client);
	record->state_changed = true;
	record->erased_now = record->erasing = record->bodies_left = true;
	record->truncated = false;
	return status;
}

static enum told_status last_erasure(struct told_record *record, uint64_t *number)
{
	sqlite3_stmt *last = told_sql(&record->store, TOLD_SQL_ERASURE_LAST);
	enum told_status status = told_sql_next(last);
	*number = status == TOLD_OK ? told_column_u64(last, 0) : 0;
	sqlite3_reset(last);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_erase_entry(struct told_record *record, struct told_arena *arena,
				  const struct told_leaf_facts *stated, uint64_t request)
{
	const struct told_receipt *receipt = NULL;
	uint64_t number = 0;
	struct told_entry_facts facts = {
		.phase = TOLD_PHASE_ERASURE,
		.sender = told_text(TOLD_BROKER_PARTY),
		.as_of = record->when.log_size,
		.facts = *stated,
	};
	enum told_status status = last_erasure(record, &number);
	if (status == TOLD_OK)
		status = told_txid_new(record, facts.txid);
	if (status == TOLD_OK)
		status = told_record_entry_put(record, arena, &facts, &receipt);
	if (status != TOLD_OK)
		return status;
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_ERASURE_PUT);
	told_bind_u64(put, 1, number + 1);
	told_bind_blob(put, 2, told_bytes(facts.txid, sizeof facts.txid));
	told_bind_u64(put, 3, record->log_number);
	told_bind_u64(put, 4, told_receipt_index(receipt));
	told_bind_u64(put, 5, request);
	return told_sql_run(put);
}

/* One entry names at most TOLD_LIST_MAX transactions; a long story takes several. */
static enum told_status put_entries(struct told_record *record, struct told_arena *arena,
				    const struct told_header *header, struct told_bytes txids, uint64_t request)
{
	struct told_leaf_facts facts = {.authority = header->sender,
					.reason = told_text(reasons[header->erasure->reason])};
	enum told_status status = TOLD_OK;
	do {
		size_t count = txids.len / TOLD_ID_BYTES;
		count = count < TOLD_LIST_MAX ? count : TOLD_LIST_MAX;
		facts.txids.items = told_arena_alloc(arena, count * sizeof *facts.txids.items);
		facts.txids.count = count;
		if (facts.txids.items == NULL)
			return TOLD_E_MEMORY;
		for (size_t i = 0; i < count; i++)
			facts.txids.items[i] = told_bytes(txids.data + i * TOLD_ID_BYTES, TOLD_ID_BYTES);
		status = told_erase_entry(record, arena, &facts, request);
		txids = told_bytes(txids.data + count * TOLD_ID_BYTES, txids.len - count * TOLD_ID_BYTES);
	} while (status == TOLD_OK && txids.len > 0);
	return status;
}

enum told_status told_erase_request(struct told_record *record, struct told_arena *arena,
				    const struct told_header *header, uint64_t index)
{
	struct traces *traces = told_arena_alloc(arena, sizeof *traces);
	if (traces == NULL)
		return TOLD_E_MEMORY;
	traces->txids = TOLD_BUF(TXIDS_MAX);
	enum told_status status = gather(record, arena, header->client_ref, traces);
	for (size_t i = 0; status == TOLD_OK && i < traces->holder_count; i++)
		status = told_parcels_tell(record, header, traces->holders[i], index);
	if (status == TOLD_OK)
		status = told_erase_rows(record, header->client_ref);
	if (status == TOLD_OK)
		status = put_entries(record, arena, header, told_buf_view(&traces->txids), index);
	if (status == TOLD_OK)
		status = told_erase_request_done(record, record->log_number, index); /* where there is nobody to ask */
	told_buf_free(&traces->txids);
	return status;
}
