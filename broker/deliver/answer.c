/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: one message an agency a turn, in which every receipt proves itself. */
#include "broker/deliver/frames.h"

#include <string.h>

static struct told_opened_leaf opened(const struct told_receipt *receipt)
{
	struct told_opened_leaf leaf = {.leaf = told_receipt_leaf(receipt),
					.message_id = told_receipt_message(receipt)};
	told_receipt_parts(receipt, &leaf.facts_salt, &leaf.facts, &leaf.ruling_salt, &leaf.ruling);
	told_receipt_subject(receipt, &leaf.subject_salt, &leaf.subject);
	return leaf;
}

/* One run: neighbouring entries from receipts[0], and the hashes left and right of them. */
static enum told_status run_of(const struct told_log_view *log, struct told_arena *arena,
			       const struct told_receipt *const *receipts, size_t count, struct told_run *out)
{
	told_hash left[TOLD_PROOF_MAX], right[TOLD_PROOF_MAX];
	size_t left_count = 0, right_count = 0;
	out->first = told_receipt_index(receipts[0]);
	out->leaves.count = count;
	out->leaves.items = told_arena_alloc(arena, count * sizeof *out->leaves.items);
	if (out->leaves.items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < count; i++)
		out->leaves.items[i] = opened(receipts[i]);
	enum told_status status = told_tree_run(told_log_node, log->tree, out->first, count, log->size, left,
						&left_count, right, &right_count);
	if (status == TOLD_OK)
		status = told_hash_views(arena, left, left_count, &out->left);
	return status == TOLD_OK ? told_hash_views(arena, right, right_count, &out->right) : status;
}

/* How many receipts from here on are neighbours in the log. */
static size_t run_length(const struct told_receipt *const *receipts, size_t count)
{
	size_t n = 1;
	while (n < count && told_receipt_index(receipts[n]) == told_receipt_index(receipts[0]) + n)
		n++;
	return n;
}

enum told_status told_runs_of(const struct told_log_view *log, struct told_arena *arena,
			      const struct told_receipt *const *receipts, size_t count, struct told_run_list *out)
{
	out->items = told_arena_alloc(arena, count * sizeof *out->items);
	if (out->items == NULL)
		return TOLD_E_MEMORY;
	for (size_t at = 0; at < count;) {
		size_t n = run_length(receipts + at, count - at);
		enum told_status status = run_of(log, arena, receipts + at, n, &out->items[out->count++]);
		if (status != TOLD_OK)
			return status;
		at += n;
	}
	return TOLD_OK;
}

static enum told_status put_busy(struct told_arena *arena, const struct told_bytes *ids, size_t count,
				 struct told_busy_list *out)
{
	out->items = told_arena_alloc(arena, count * sizeof *out->items);
	if (out->items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < count; i++)
		out->items[i] = (struct told_busy){.message_id = ids[i], .retry_ms = 1000};
	out->count = count;
	return TOLD_OK;
}

/* The log that grows. */
static enum told_status newest(struct told_record *record, struct told_log_view *out)
{
	uint64_t number = 0;
	(void)told_record_origin(record, &number);
	return told_record_log(record, number, out);
}

enum told_status told_answer_build(struct told_record *record, struct told_arena *arena,
				   const struct told_receipt *const *receipts, size_t count, uint64_t confirmed,
				   const struct told_bytes *busy, size_t busy_count, struct told_frames *out)
{
	struct told_log_view log;
	struct told_answer answer = {.from_size = confirmed};
	enum told_status status = newest(record, &log);
	if (status == TOLD_OK)
		status = told_consistency_views(&log, arena, confirmed, log.size, &answer.consistency);
	answer.checkpoint = log.note;
	if (status == TOLD_OK)
		status = told_runs_of(&log, arena, receipts, count, &answer.runs);
	if (status == TOLD_OK)
		status = put_busy(arena, busy, busy_count, &answer.busy);
	return status == TOLD_OK ? told_frames_of(arena, TOLD_SESSION_ANSWER, TOLD_SCHEMA_ANSWER, &answer, out)
				 : status;
}

/* Under which checkpoint a receipt is given again: of a log that ended its last, to which nothing leads from ours. */
static enum told_status proved_under(struct told_record *record, struct told_arena *arena,
				     const struct told_receipt *receipt, struct told_log_view *log,
				     struct told_answer *answer)
{
	enum told_status status = told_record_log(record, told_receipt_log(receipt), log);
	if (status != TOLD_OK)
		return status;
	answer->checkpoint = log->note;
	if (log->ended) {
		answer->from_size = 0;
		return TOLD_OK;
	}
	status = told_record_checkpoint_at(record, arena, told_receipt_index(receipt), &log->size, &answer->checkpoint);
	if (status == TOLD_OK)
		status = told_consistency_views(log, arena, answer->from_size, log->size, &answer->consistency);
	return status;
}

enum told_status told_answer_again(struct told_record *record, struct told_arena *arena,
				   const struct told_receipt *receipt, uint64_t confirmed, struct told_frames *out)
{
	struct told_log_view log;
	struct told_answer answer = {.from_size = confirmed};
	struct told_run *run = told_arena_alloc(arena, sizeof *run);
	if (run == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = proved_under(record, arena, receipt, &log, &answer);
	if (status == TOLD_OK)
		status = run_of(&log, arena, &receipt, 1, run);
	answer.runs = (struct told_run_list){.items = run, .count = 1};
	return status == TOLD_OK ? told_frames_of(arena, TOLD_SESSION_ANSWER, TOLD_SCHEMA_ANSWER, &answer, out)
				 : status;
}

/* How the log after the one that the agency knows began, and what of that one is left. */
static enum told_status restore_of(struct told_record *record, struct told_arena *arena, uint64_t known,
				   uint64_t confirmed, struct told_restore *out)
{
	struct told_log_view old, next;
	struct told_log_begun begun;
	enum told_status status = told_record_log(record, known, &old);
	if (status == TOLD_OK)
		status = told_record_log(record, known + 1, &next);
	if (status == TOLD_OK)
		status = told_record_began(record, arena, known + 1, &begun);
	/* The first of them: keys that this log got later are unknown to whoever stands before it. */
	struct told_place first = {.log = known + 1};
	if (status == TOLD_OK)
		status = told_record_stored_beyond(record, arena, first, &next.size, &next.note);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_restore){.leaf = begun.leaf,
				     .facts_salt = begun.facts_salt,
				     .facts = begun.facts,
				     .checkpoint = next.note,
				     .ended = old.note};
	status = told_path_views(&next, arena, 0, &out->path);
	if (status == TOLD_OK && confirmed <= old.size)
		status = told_consistency_views(&old, arena, confirmed, old.size, &out->consistency);
	return status;
}

/* Whoever was away while both keys signed knows neither signature: it is led to the next key, from the one it named.
 * What became of keys before its log began, it has learned in the log before. */
static enum told_status next_log_key(struct told_record *record, struct told_arena *arena,
				     const struct told_heard_hello *hello, struct told_log_key_proof **out)
{
	struct told_record_log_key_proof proof;
	struct told_log_view log;
	enum told_status status = told_record_log_key_after(record, arena, hello->log_key, &proof);
	if (status != TOLD_OK || proof.place.log != hello->log)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	struct told_log_key_proof *made = told_arena_alloc(arena, sizeof *made);
	struct told_carried *carried = told_arena_alloc(arena, sizeof *carried);
	if (made == NULL || carried == NULL)
		return TOLD_E_MEMORY;
	*carried = (struct told_carried){.envelope = proof.envelope, .index = proof.place.index};
	*made = (struct told_log_key_proof){
		.carried = carried, .checkpoint = proof.note, .from_size = hello->confirmed};
	status = told_record_log(record, hello->log, &log);
	if (status != TOLD_OK || hello->confirmed > log.size) /* nothing leads there */
		return status;
	status = told_consistency_views(&log, arena, hello->confirmed, proof.size, &made->consistency);
	log.size = proof.size;
	if (status == TOLD_OK)
		status = told_path_views(&log, arena, proof.place.index, &carried->path);
	if (status == TOLD_OK)
		status = told_record_entry(record, arena, proof.place, &carried->leaf);
	*out = made;
	return status;
}

enum told_status told_welcome_build(struct told_record *record, struct told_arena *arena,
				    const struct told_heard_hello *hello, uint64_t sender_seq, int64_t now_ms,
				    struct told_frames *out)
{
	struct told_log_view log;
	struct told_restore restore;
	enum told_status status = newest(record, &log);
	if (status != TOLD_OK)
		return status;
	struct told_welcome welcome = {.now_ms = (uint64_t)now_ms, .checkpoint = log.note, .sender_seq = sender_seq};
	if (hello->log < log.number) {
		status = restore_of(record, arena, hello->log, hello->confirmed, &restore);
		welcome.restore = &restore;
	} else if (hello->log == log.number) {
		status = told_consistency_views(&log, arena, hello->confirmed, log.size, &welcome.consistency);
	}
	if (status == TOLD_OK && hello->log_key.len > 0)
		status = next_log_key(record, arena, hello, &welcome.log_key);
	return status == TOLD_OK ? told_frames_of(arena, TOLD_SESSION_WELCOME, TOLD_SCHEMA_WELCOME, &welcome, out)
				 : status;
}

enum told_status told_offer_build(struct told_record *record, struct told_arena *arena, uint64_t confirmed,
				  struct told_frames *out)
{
	struct told_log_view log;
	struct told_checkpoint_message offer = {.from_size = confirmed};
	enum told_status status = newest(record, &log);
	if (status == TOLD_OK)
		status = told_consistency_views(&log, arena, confirmed, log.size, &offer.consistency);
	offer.note = log.note;
	return status == TOLD_OK ? told_frames_of(arena, TOLD_SESSION_CHECKPOINT, TOLD_SCHEMA_CHECKPOINT, &offer, out)
				 : status;
}

enum told_status told_heartbeat_build(struct told_arena *arena, uint64_t size, int64_t now_ms, struct told_frames *out)
{
	struct told_heartbeat beat = {.now_ms = (uint64_t)now_ms, .log_size = size};
	return told_frames_of(arena, TOLD_SESSION_HEARTBEAT, TOLD_SCHEMA_HEARTBEAT, &beat, out);
}
