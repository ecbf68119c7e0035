/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of time-stamping authorities, filed with the checkpoint that they stamp. Whether a token is believed is for
 * auditors, who choose their authorities. Touches the table timestamp, and the log. */
#include "broker/record/room.h"

#include "evidence/timestamp.h"

#define LOOK_BACK 100000 /* checkpoints; a token comes within the day */

/* The size whose stored note has this hash; 0: none of the newest. */
static enum told_status stamped_size(struct told_record *record, const told_hash *imprint, uint64_t *size)
{
	sqlite3_stmt *notes = told_sql(&record->store, TOLD_SQL_CHECKPOINT_NEWEST);
	told_bind_u64(notes, 1, record->log_number);
	told_bind_u64(notes, 2, LOOK_BACK);
	enum told_status status;
	*size = 0;
	while (*size == 0 && (status = told_sql_next(notes)) == TOLD_OK) {
		told_hash hash;
		told_sha256(told_column(notes, 1), &hash);
		if (told_hash_equal(&hash, imprint))
			*size = told_column_u64(notes, 0);
	}
	sqlite3_reset(notes);
	return *size > 0 || status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* A token that is gone, or another, is seen by whoever has the log. */
static enum told_status enter(struct told_record *record, struct told_arena *arena, const told_hash *token,
			      uint64_t size)
{
	const struct told_receipt *unused = NULL;
	struct told_entry_facts facts = {
		.phase = TOLD_PHASE_HEARTBEAT,
		.sender = told_text(TOLD_BROKER_PARTY),
		.as_of = record->when.log_size,
		.facts = {.token = told_bytes(token->b, sizeof token->b), .token_size = size},
	};
	enum told_status status = told_txid_new(record, facts.txid);
	return status == TOLD_OK ? told_record_entry_put(record, arena, &facts, &unused) : status;
}

enum told_status told_record_timestamp(struct told_record *record, struct told_arena *arena, struct told_bytes token,
				       uint64_t *size)
{
	told_hash imprint, hash;
	uint64_t time_ms = 0;
	*size = 0;
	told_sha256(token, &hash);
	if (told_hash_equal(&hash, &record->stamped))
		return TOLD_OK; /* the same file as last time */
	record->stamped = hash;
	enum told_status status = told_timestamp_read(token, &imprint, &time_ms);
	if (status == TOLD_OK)
		status = stamped_size(record, &imprint, size);
	if (status == TOLD_OK && *size == 0)
		return TOLD_E_UNKNOWN;
	if (status != TOLD_OK)
		return status;
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_TIMESTAMP_PUT);
	told_bind_u64(put, 1, record->log_number);
	told_bind_u64(put, 2, *size);
	told_bind_blob(put, 3, token);
	status = told_sql_run(put);
	if (status == TOLD_OK && sqlite3_changes(record->store.db) == 0)
		*size = 0; /* it has one */
	return status == TOLD_OK && *size > 0 ? enter(record, arena, &hash, *size) : status;
}
