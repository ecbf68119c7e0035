/* SPDX-License-Identifier: Apache-2.0 */
/* Beginning a new log after a restore that lost entries (evidence.md section 1 item 3): its first entry names the old
 * log, as it was last anchored and as it was restored. The old log and its anchor stay as they are. */
#include "broker/record/room.h"

#include "broker/rule/log_key.h"

#include <string.h>

#define ARENA_BYTES (4u * TOLD_LEAF_MAX_BYTES * TOLD_DECODE_FACTOR)

/* What is done, step by step. */
struct beginning {
	struct told_record *record;
	struct told_arena *arena;
	const struct told_record_config *config;
	const struct told_log_key_offers *offers;
	const struct told_log_key_offer *lost_key; /* NULL: the store knows the newest */
	struct told_checkpoint anchored;
	struct told_buf old_origin, end; /* its name, and the text of the checkpoint at which it ends */
	uint64_t restored;
	struct told_new_log *out;
};

static uint32_t next_number(const struct told_record *record)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	size_t count = told_log_keys(record->directory, keys, TOLD_LOG_KEYS_MAX);
	return count > 0 ? keys[count - 1]->number + 1 : 1;
}

/* What was anchored, under keys that the loss may have taken from the store. */
static enum told_status read_anchored(struct beginning *b)
{
	struct told_bytes note = told_anchor_note(b->record->anchor);
	if (note.len == 0)
		return TOLD_E_EXISTS;
	enum told_status status =
		told_log_open_lost(b->record, note, b->offers, &b->anchored, &b->lost_key, &b->out->key_is_gone);
	if (status == TOLD_E_SIGNATURE)
		b->out->log_key = next_number(b->record);
	else if (b->lost_key != NULL)
		b->out->log_key = b->lost_key->number;
	return status == TOLD_OK ? TOLD_OK : status == TOLD_E_SIGNATURE ? TOLD_E_KEY : TOLD_E_FORK;
}

/* Only a log that is shorter than its anchor has lost anything. */
static enum told_status check_lost(struct beginning *b)
{
	struct told_record *record = b->record;
	const struct told_checkpoint *anchored = &b->anchored;
	enum told_status status = read_anchored(b);
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

/* The text of the checkpoint at which the old log ends: its last tree head. */
static enum told_status describe_end(struct beginning *b)
{
	struct told_checkpoint end = {.origin = told_buf_view(&b->record->origin), .size = b->restored};
	told_buf_put_bytes(&b->old_origin, end.origin);
	told_ledger_root(b->record->ledger, &end.root);
	told_checkpoint_format(&end, &b->end);
	return b->old_origin.status == TOLD_OK ? b->end.status : b->old_origin.status;
}

/* That checkpoint, signed. What is proved of the old log is proved under this. */
static enum told_status end_log(struct beginning *b)
{
	struct told_record *record = b->record;
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	if (b->restored == 0)
		return TOLD_OK;
	enum told_status status = told_log_sign(record, told_buf_view(&b->old_origin), told_buf_view(&b->end), &note);
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_CHECKPOINT_PUT);
	told_bind_u64(put, 1, record->log_number - 1);
	told_bind_u64(put, 2, b->restored);
	told_bind_blob(put, 3, told_buf_view(&note));
	if (status == TOLD_OK)
		status = told_sql_run(put);
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

static enum told_status put_first(struct beginning *b)
{
	const struct told_receipt *unused = NULL;
	struct told_entry_facts facts = {
		.phase = TOLD_PHASE_RESTORE,
		.sender = told_text(TOLD_BROKER_PARTY),
		.as_of = b->record->when.log_size,
		.facts = {.old_origin = told_buf_view(&b->old_origin),
			  .old_size = b->anchored.size,
			  .old_root = told_bytes(b->anchored.root.b, sizeof b->anchored.root.b),
			  .size_restored = b->restored},
	};
	enum told_status status = told_random(facts.txid, sizeof facts.txid);
	return status == TOLD_OK ? told_record_entry_put(b->record, b->arena, &facts, &unused) : status;
}

/* The key that the loss took: the operator says it again, so that what this log signs is believed by whoever knows it.
 */
static enum told_status put_key(struct beginning *b)
{
	struct told_record *record = b->record;
	const struct told_verified *said = NULL;
	const struct told_ruling *ruling = NULL;
	const struct told_receipt *unused = NULL;
	if (b->lost_key == NULL)
		return TOLD_OK;
	struct told_table table = {
		.directory = record->directory, .parties = record->parties, .when = told_record_when(record)};
	struct told_deposit_source deposits = told_record_deposits(record);
	enum told_status status = told_verified_again(b->arena, b->lost_key->envelope, b->lost_key->body, &said);
	if (status == TOLD_OK)
		status = told_rule(&table, &deposits, b->arena, said, false, told_bytes(NULL, 0), &ruling);
	record->beginning = true;
	if (status == TOLD_OK)
		status = told_record_ruled(record, b->arena, ruling, &unused);
	record->beginning = false;
	return status == TOLD_OK && next_number(record) != b->lost_key->number + 1 ? TOLD_E_KEY : status;
}

/* One transaction: the end of the old log and the beginning of the new one stand together or not at all. */
static enum told_status begin_next(struct beginning *b, int64_t clock_ms)
{
	struct told_record *record = b->record;
	struct told_when when;
	enum told_status status = told_record_begin(record, clock_ms, &when);
	if (status == TOLD_OK)
		status = describe_end(b);
	if (status == TOLD_OK)
		status = turn_over(record, b->config);
	record->checkpoint_size = record->kept_size = 0;
	if (status == TOLD_OK)
		status = put_first(b);
	if (status == TOLD_OK)
		status = put_key(b);
	if (status == TOLD_OK)
		status = told_log_can_sign(record);
	if (status == TOLD_OK)
		status = end_log(b);
	return status == TOLD_OK ? told_record_commit(record) : status;
}

static enum told_status begin_open(struct beginning *b, int64_t clock_ms)
{
	enum told_status status = check_lost(b);
	if (status == TOLD_OK && b->record->log_number == TOLD_LOGS_MAX)
		status = TOLD_E_LIMIT;
	if (status == TOLD_OK)
		status = told_record_open_spool(b->record, b->config);
	if (status != TOLD_OK)
		return status;
	b->restored = b->out->size_restored = told_ledger_size(b->record->ledger);
	b->out->number = b->record->log_number + 1;
	b->out->old_size = b->anchored.size;
	return begin_next(b, clock_ms);
}

enum told_status told_record_begin_log(const struct told_record_config *config,
				       const struct told_log_key_offers *offers, int64_t clock_ms,
				       struct told_new_log *out)
{
	struct beginning b = {.config = config,
			      .offers = offers,
			      .old_origin = TOLD_BUF(TOLD_TEXT_MAX_BYTES),
			      .end = TOLD_BUF(TOLD_NOTE_MAX_BYTES),
			      .out = out};
	memset(out, 0, sizeof *out);
	enum told_status status = told_record_open_files(config, &b.record);
	if (status == TOLD_OK)
		status = told_arena_new(ARENA_BYTES, &b.arena);
	if (status == TOLD_OK)
		status = begin_open(&b, clock_ms);
	told_record_close(b.record);
	told_arena_free(b.arena);
	told_buf_free(&b.old_origin);
	told_buf_free(&b.end);
	return status;
}
