/* SPDX-License-Identifier: Apache-2.0 */
/* The logs of one store: the one that grows, and before it those that ended when a restore lost their last entries.
 * What the old ones still hold stays provable under the checkpoint at which each ended. Touches their tables only. */
#include "broker/record/room.h"

#include "broker/decide/codes.h"
#include "broker/rule/register.h"
#include "proto/types.h"

/* The checkpoint at which a log ended was written with the first entry of the next. */
static enum told_status ended_note(struct told_record *record, uint64_t log, uint64_t size, struct told_buf *note)
{
	*note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	if (size == 0)
		return TOLD_OK;
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_CHECKPOINT_AT);
	told_bind_u64(get, 1, log);
	told_bind_u64(get, 2, size - 1);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK && told_column_u64(get, 0) != size)
		status = TOLD_E_CORRUPT;
	if (status == TOLD_OK)
		told_buf_put_bytes(note, told_column(get, 1));
	sqlite3_reset(get);
	return status == TOLD_OK ? note->status : status == TOLD_E_NOT_FOUND ? TOLD_E_CORRUPT : status;
}

static enum told_status open_ended(struct told_record *record, uint64_t log)
{
	struct told_ended_log *ended = &record->ended[log - 1];
	enum told_status status = told_ledger_open(&record->store, log, &ended->ledger);
	if (status != TOLD_OK)
		return status;
	uint64_t size = told_ledger_size(ended->ledger);
	ended->base = record->base;
	record->base += size;
	return ended_note(record, log, size, &ended->note);
}

enum told_status told_logs_open(struct told_record *record)
{
	sqlite3_stmt *last = told_sql(&record->store, TOLD_SQL_LOG_LAST);
	enum told_status status = told_sql_next(last);
	if (status == TOLD_OK)
		record->log_number = told_column_u64(last, 0);
	sqlite3_reset(last);
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	if (record->log_number == 0)
		record->log_number = 1;
	if (record->log_number > TOLD_LOGS_MAX)
		return TOLD_E_CORRUPT;
	status = TOLD_OK;
	for (uint64_t log = 1; status == TOLD_OK && log < record->log_number; log++)
		status = open_ended(record, log);
	return status == TOLD_OK ? told_ledger_open(&record->store, record->log_number, &record->ledger) : status;
}

void told_logs_close(struct told_record *record)
{
	for (size_t i = 0; i < TOLD_LOGS_MAX; i++) {
		told_ledger_close(record->ended[i].ledger);
		told_buf_free(&record->ended[i].note);
	}
	told_ledger_close(record->ledger);
}

struct told_ledger *told_ledger_of(const struct told_record *record, uint64_t log)
{
	if (log == record->log_number)
		return record->ledger;
	return log > 0 && log < record->log_number ? record->ended[log - 1].ledger : NULL;
}

uint64_t told_position(const struct told_record *record, struct told_place place)
{
	bool ended = place.log > 0 && place.log < record->log_number;
	return (ended ? record->ended[place.log - 1].base : record->base) + place.index;
}

struct told_place told_place_at(const struct told_record *record, uint64_t position)
{
	uint64_t log = record->log_number, base = record->base;
	while (log > 1 && position < base)
		base = record->ended[--log - 1].base;
	return (struct told_place){.log = log, .index = position - base};
}

struct told_place told_place_now(const struct told_record *record, uint64_t index)
{
	return (struct told_place){.log = record->log_number, .index = index};
}

uint64_t told_position_next(const struct told_record *record)
{
	return record->base + told_ledger_size(record->ledger);
}

uint64_t told_record_position(const struct told_record *record, uint64_t size)
{
	return record->base + size;
}

int64_t told_last_time(const struct told_record *record)
{
	const struct told_ledger *last = record->ledger;
	for (uint64_t log = record->log_number; log > 1 && told_ledger_size(last) == 0; log--)
		last = record->ended[log - 2].ledger;
	return (int64_t)told_ledger_time(last);
}

/* ---- what answers and parcels are proved with ---- */

enum told_status told_log_node(void *tree, unsigned level, uint64_t index, told_hash *out)
{
	return told_ledger_node(tree, level, index, out);
}

enum told_status told_record_entry(struct told_record *record, struct told_arena *arena, struct told_place place,
				   struct told_bytes *entry)
{
	struct told_ledger *ledger = told_ledger_of(record, place.log);
	return ledger == NULL ? TOLD_E_NOT_FOUND : told_ledger_entry(ledger, place.index, arena, entry);
}

struct told_when told_record_when(const struct told_record *record)
{
	return (struct told_when){.utc_ms = record->when.utc_ms, .log_size = told_position_next(record)};
}
