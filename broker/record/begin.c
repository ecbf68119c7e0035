/* SPDX-License-Identifier: Apache-2.0 */
/* Beginning a new log after a restore that lost entries (evidence.md section 1 item 3): its first entry names the old
 * log, as it was last anchored and as it was restored. The old log and its anchor stay as they are. */
#include "broker/record/room.h"

#include <string.h>

#define ARENA_BYTES (4u * TOLD_LEAF_MAX_BYTES * TOLD_DECODE_FACTOR)

/* Only a log that is shorter than its anchor has lost anything. */
static enum told_status check_lost(struct told_record *record, struct told_checkpoint *anchored)
{
	enum told_status status = told_record_anchored(record, anchored);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_E_EXISTS;
	if (status != TOLD_OK)
		return status;
	uint64_t size = told_ledger_size(record->ledger);
	told_hash root;
	if (size < anchored->size)
		return TOLD_OK;
	status = told_tree_root(told_ledger_node, record->ledger, anchored->size, &root);
	if (status != TOLD_OK)
		return status;
	return told_hash_equal(&root, &anchored->root) ? TOLD_E_EXISTS : TOLD_E_FORK;
}

/* The checkpoint at which the old log ends: its last tree head, signed. What is proved of it is proved under this. */
static enum told_status end_log(struct told_record *record)
{
	struct told_checkpoint end = {.origin = told_buf_view(&record->origin),
				      .size = told_ledger_size(record->ledger)};
	struct told_buf text = TOLD_BUF(TOLD_NOTE_MAX_BYTES), note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	if (end.size == 0)
		return TOLD_OK;
	told_ledger_root(record->ledger, &end.root);
	told_checkpoint_format(&end, &text);
	enum told_status status = text.status;
	if (status == TOLD_OK)
		status = told_log_sign(record, told_buf_view(&text), &note);
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_CHECKPOINT_PUT);
	told_bind_u64(put, 1, record->log_number);
	told_bind_u64(put, 2, end.size);
	told_bind_blob(put, 3, told_buf_view(&note));
	if (status == TOLD_OK)
		status = told_sql_run(put);
	told_buf_free(&text);
	told_buf_free(&note);
	return status;
}

/* From here on the record is that of the new log, which is empty. */
static enum told_status turn_over(struct told_record *record, const struct told_record_config *config)
{
	uint64_t next = record->log_number + 1;
	struct told_ended_log *ended = &record->ended[record->log_number - 1];
	told_anchor_close(record->anchor);
	record->anchor = NULL;
	enum told_status status = told_record_open_anchor(record, config->anchor, next, &record->anchor);
	if (status != TOLD_OK)
		return status;
	*ended = (struct told_ended_log){.ledger = record->ledger, .base = record->base};
	record->base += told_ledger_size(record->ledger);
	record->ledger = NULL;
	record->log_number = next;
	status = told_record_name_log(record, config->partnership);
	return status == TOLD_OK ? told_ledger_open(&record->store, next, &record->ledger) : status;
}

static enum told_status put_first(struct told_record *record, const struct told_leaf_facts *stated)
{
	const struct told_receipt *unused = NULL;
	struct told_arena *arena = NULL;
	struct told_entry_facts facts = {
		.phase = TOLD_PHASE_RESTORE,
		.sender = told_text(TOLD_BROKER_PARTY),
		.as_of = record->when.log_size,
		.facts = *stated,
	};
	enum told_status status = told_arena_new(ARENA_BYTES, &arena);
	if (status == TOLD_OK)
		status = told_txid_new(record, facts.txid);
	if (status == TOLD_OK)
		status = told_record_entry_put(record, arena, &facts, &unused);
	told_arena_free(arena);
	return status;
}

/* One transaction: the end of the old log and the beginning of the new one stand together or not at all. */
static enum told_status begin_next(struct told_record *record, const struct told_record_config *config,
				   int64_t clock_ms, const struct told_leaf_facts *stated)
{
	struct told_when when;
	enum told_status status = told_record_begin(record, clock_ms, &when);
	if (status == TOLD_OK)
		status = end_log(record);
	if (status == TOLD_OK)
		status = turn_over(record, config);
	record->checkpoint_size = record->kept_size = 0;
	if (status == TOLD_OK)
		status = put_first(record, stated);
	return status == TOLD_OK ? told_record_commit(record) : status;
}

enum told_status told_record_begin_log(const struct told_record_config *config, int64_t clock_ms,
				       struct told_new_log *out)
{
	struct told_record *record = NULL;
	struct told_checkpoint anchored;
	struct told_buf origin = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	memset(out, 0, sizeof *out);
	enum told_status status = told_record_open_files(config, &record);
	if (status == TOLD_OK)
		status = check_lost(record, &anchored);
	if (status == TOLD_OK && record->log_number == TOLD_LOGS_MAX)
		status = TOLD_E_LIMIT;
	if (status == TOLD_OK)
		status = told_record_open_spool(record, config);
	if (status == TOLD_OK) {
		*out = (struct told_new_log){.number = record->log_number + 1,
					     .old_size = anchored.size,
					     .size_restored = told_ledger_size(record->ledger)};
		told_buf_put_bytes(&origin, anchored.origin);
		struct told_leaf_facts stated = {
			.old_origin = told_buf_view(&origin),
			.old_size = anchored.size,
			.old_root = told_bytes(anchored.root.b, sizeof anchored.root.b),
			.size_restored = out->size_restored,
		};
		status = origin.status == TOLD_OK ? begin_next(record, config, clock_ms, &stated) : origin.status;
	}
	told_record_close(record);
	told_buf_free(&origin);
	return status;
}
