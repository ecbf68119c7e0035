/* SPDX-License-Identifier: Apache-2.0 */
/* At opening: what was erased stays erased. A store that was put back from a backup is held against the file of erased
 * transactions. */
#include "broker/record/room.h"

#include <stdlib.h>
#include <string.h>

#define PEOPLE_MAX_BYTES (64u * 1024u * 1024u)

/* All transactions that the file has and the store does not know of, in order. */
static enum told_status unknown_txids(struct told_record *record, struct told_arena *arena, uint64_t after,
				      struct told_buf *out)
{
	enum told_status status = TOLD_OK;
	for (uint64_t n = after + 1; status == TOLD_OK && n <= told_erased_count(record->erased); n++) {
		struct told_bytes_list txids;
		status = told_erased_read(record->erased, n, arena, &txids);
		for (size_t i = 0; status == TOLD_OK && i < txids.count; i++)
			told_buf_put_bytes(out, txids.items[i]);
	}
	if (status == TOLD_OK && out->len > 0)
		qsort(out->data, out->len / TOLD_ID_BYTES, TOLD_ID_BYTES, told_txid_order);
	return status == TOLD_OK ? out->status : status;
}

/* Everybody of whom an entry has one of these transactions; rows come in order of person. */
static enum told_status people_of(struct told_record *record, struct told_bytes txids, struct told_buf *people)
{
	struct told_arena *scratch = NULL;
	enum told_status status = told_arena_new(TOLD_ERASE_ARENA_BYTES, &scratch);
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_REPLAY_ENTRIES);
	while (status == TOLD_OK && (status = told_sql_next(rows)) == TOLD_OK) {
		struct told_leaf *leaf = NULL;
		struct told_bytes client = told_column(rows, 0);
		bool last = people->len > 0 && client.len == TOLD_ID_BYTES &&
			    memcmp(people->data + people->len - TOLD_ID_BYTES, client.data, TOLD_ID_BYTES) == 0;
		told_arena_reset(scratch);
		status = last ? TOLD_OK : told_leaf_decode(told_column(rows, 1), scratch, &leaf);
		if (status == TOLD_OK && !last &&
		    bsearch(leaf->txid.data, txids.data, txids.len / TOLD_ID_BYTES, TOLD_ID_BYTES, told_txid_order) !=
			    NULL)
			told_buf_put_bytes(people, client);
	}
	sqlite3_reset(rows);
	told_arena_free(scratch);
	return status == TOLD_E_NOT_FOUND ? people->status : status;
}

static enum told_status erase_again(struct told_record *record, struct told_arena *arena, struct told_bytes people,
				    uint64_t after)
{
	struct told_when when;
	enum told_status status = told_record_begin(record, told_last_time(record), &when);
	for (size_t at = 0; status == TOLD_OK && at < people.len; at += TOLD_ID_BYTES)
		status = told_erase_rows(record, told_bytes(people.data + at, TOLD_ID_BYTES));
	for (uint64_t n = after + 1; status == TOLD_OK && n <= told_erased_count(record->erased); n++) {
		struct told_leaf_facts facts = {.authority = told_text(TOLD_BROKER_PARTY),
						.reason = told_text("erased before; the store came from a backup")};
		status = told_erased_read(record->erased, n, arena, &facts.txids);
		if (status == TOLD_OK)
			status = told_erase_entry(record, arena, &facts, TOLD_ERASE_NO_REQUEST);
	}
	return status == TOLD_OK ? told_record_commit(record) : status;
}

enum told_status told_erase_settle(struct told_record *record)
{
	uint64_t known = told_erasures_of(record), noted = told_erased_count(record->erased);
	record->erasing = record->bodies_left = true; /* looked at in the first turn */
	if (known > noted)
		return told_erase_note(record);
	if (known == noted)
		return TOLD_OK;
	struct told_arena *arena = NULL;
	struct told_buf txids = TOLD_BUF(PEOPLE_MAX_BYTES), people = TOLD_BUF(PEOPLE_MAX_BYTES);
	enum told_status status = told_arena_new(PEOPLE_MAX_BYTES, &arena);
	if (status == TOLD_OK)
		status = unknown_txids(record, arena, known, &txids);
	if (status == TOLD_OK)
		status = people_of(record, told_buf_view(&txids), &people);
	if (status == TOLD_OK)
		status = erase_again(record, arena, told_buf_view(&people), known);
	told_buf_free(&txids);
	told_buf_free(&people);
	told_arena_free(arena);
	return status;
}
