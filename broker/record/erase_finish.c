/* SPDX-License-Identifier: Apache-2.0 */
/* What follows an erasure's commit: bodies are overwritten, the write-ahead log is emptied, the finished entry and the
 * file of erased transactions written. Each step can be cut off and done again. */
#include "broker/record/room.h"

#include "told/codes.h"

#include <stdio.h>

#define BODIES_AT_ONCE    16u /* each costs a sync */
#define TRUNCATE_RETRY_MS (10 * TOLD_MS_SECOND)

/* ---- after the commit ---- */

struct body {
	uint64_t seq;
	struct told_body_place place;
};

static enum told_status overwrite(struct told_record *record, const struct body *body)
{
	enum told_status status = told_spool_erase(record->spool, body->place);
	sqlite3_stmt *gone = told_sql(&record->store, TOLD_SQL_ERASE_BODY_GONE);
	told_bind_u64(gone, 1, body->seq);
	return status == TOLD_OK ? told_sql_run(gone) : status;
}

/* Rows that an earlier turn stripped: only their place is left. What this turn strips is not committed yet and waits.
 */
static enum told_status overwrite_bodies(struct told_record *record)
{
	struct body bodies[BODIES_AT_ONCE];
	size_t count = 0;
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_ERASE_BODIES);
	told_bind_u64(rows, 1, BODIES_AT_ONCE);
	enum told_status status = TOLD_OK;
	while (count < BODIES_AT_ONCE && (status = told_sql_next(rows)) == TOLD_OK) {
		bodies[count].seq = told_column_u64(rows, 0);
		bodies[count++].place = (struct told_body_place){.segment = (uint32_t)told_column_u64(rows, 1),
								 .offset = told_column_u64(rows, 2),
								 .len = (uint32_t)told_column_u64(rows, 3)};
	}
	sqlite3_reset(rows);
	if (status == TOLD_E_NOT_FOUND)
		status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = overwrite(record, &bodies[i]);
	record->bodies_left = count == BODIES_AT_ONCE;
	return status;
}

static enum told_status put_finished(struct told_record *record, struct told_arena *arena, uint64_t number,
				     struct told_bytes txid)
{
	char text[TOLD_TEXT_MAX_BYTES];
	const struct told_receipt *receipt = NULL;
	snprintf(text, sizeof text, "what remains are backups until they rotate: %s",
		 record->backups != NULL && record->backups[0] != '\0' ? record->backups
								       : "the operator has named none");
	struct told_entry_facts facts = {
		.phase = TOLD_PHASE_FINISHED,
		.sender = told_text(TOLD_BROKER_PARTY),
		.as_of = record->when.log_size,
		.facts = {.reason = told_text(text), .txids = {.items = &txid, .count = 1}},
	};
	enum told_status status = told_random(facts.txid, sizeof facts.txid);
	if (status == TOLD_OK)
		status = told_record_entry_put(record, arena, &facts, &receipt);
	sqlite3_stmt *set = told_sql(&record->store, TOLD_SQL_ERASURE_FINISHED);
	told_bind_u64(set, 1, number);
	return status == TOLD_OK ? told_sql_run(set) : status;
}

/* The next open erasure behind *number; waits: its request is still on its way to a holder. */
static enum told_status next_open(struct told_record *record, struct told_arena *arena, uint64_t *number,
				  struct told_bytes *txid, bool *waits)
{
	sqlite3_stmt *row = told_sql(&record->store, TOLD_SQL_ERASURE_OPEN);
	told_bind_u64(row, 1, *number);
	enum told_status status = told_sql_next(row);
	if (status != TOLD_OK)
		return status;
	*number = told_column_u64(row, 0);
	*txid = told_arena_copy(arena, told_column(row, 1));
	*waits = told_column_u64(row, 3) != 0;
	sqlite3_reset(row);
	return txid->len == TOLD_ID_BYTES ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status finish(struct told_record *record, struct told_arena *arena, bool *more)
{
	uint64_t number = 0;
	struct told_bytes txid;
	bool waits = false, left = false;
	enum told_status status;
	while ((status = next_open(record, arena, &number, &txid, &waits)) == TOLD_OK) {
		left |= waits;
		if (waits)
			continue;
		status = put_finished(record, arena, number, txid);
		if (status != TOLD_OK)
			return status;
		*more = true;
	}
	record->erasing = left;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_record_erasing(struct told_record *record, struct told_arena *arena, bool *more)
{
	*more = record->bodies_left;
	if (record->bodies_left)
		return overwrite_bodies(record);
	return record->erasing && record->truncated ? finish(record, arena, more) : TOLD_OK;
}

enum told_status told_record_truncate(struct told_record *record, int64_t boot_ms, bool *more)
{
	if (!record->erasing || record->bodies_left || record->truncated || boot_ms < record->truncate_boot_ms)
		return TOLD_OK;
	enum told_status status = told_sqlite_shred(record->store.db);
	if (status == TOLD_E_IN_USE) { /* a reader holds a snapshot: it is not ours to cut, and not kept waiting for */
		record->truncate_boot_ms = boot_ms + TRUNCATE_RETRY_MS;
		return TOLD_OK;
	}
	record->truncated = status == TOLD_OK;
	*more |= record->truncated;
	return status;
}

static enum told_status entry_txids(struct told_record *record, struct told_arena *arena, uint64_t number,
				    struct told_bytes_list *txids)
{
	struct told_leaf_facts *facts = NULL;
	sqlite3_stmt *at = told_sql(&record->store, TOLD_SQL_ERASURE_AT);
	told_bind_u64(at, 1, number);
	enum told_status status = told_sql_next(at);
	uint64_t log = status == TOLD_OK ? told_column_u64(at, 0) : 0;
	uint64_t index = status == TOLD_OK ? told_column_u64(at, 1) : 0;
	sqlite3_reset(at);
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_DETAIL_GET);
	told_bind_u64(get, 1, log);
	told_bind_u64(get, 2, index);
	if (status == TOLD_OK)
		status = told_sql_next(get);
	if (status == TOLD_OK)
		status = told_leaf_facts_decode(told_arena_copy(arena, told_column(get, 1)), arena, &facts);
	sqlite3_reset(get);
	if (status == TOLD_OK)
		*txids = facts->txids;
	return status == TOLD_OK ? TOLD_OK : TOLD_E_CORRUPT;
}

uint64_t told_erasures_of(struct told_record *record)
{
	sqlite3_stmt *last = told_sql(&record->store, TOLD_SQL_ERASURE_LAST);
	uint64_t number = told_sql_next(last) == TOLD_OK ? told_column_u64(last, 0) : 0;
	sqlite3_reset(last);
	return number;
}

enum told_status told_erase_note(struct told_record *record)
{
	struct told_arena *arena = NULL;
	uint64_t last = told_erasures_of(record);
	enum told_status status = told_arena_new(TOLD_ERASE_ARENA_BYTES, &arena);
	for (uint64_t n = told_erased_count(record->erased) + 1; status == TOLD_OK && n <= last; n++) {
		struct told_bytes_list txids;
		told_arena_reset(arena);
		status = entry_txids(record, arena, n, &txids);
		if (status == TOLD_OK)
			status = told_erased_append(record->erased, txids);
	}
	told_arena_free(arena);
	return status;
}
