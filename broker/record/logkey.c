/* SPDX-License-Identifier: Apache-2.0 */
/* The log's own keys in the record: with which a checkpoint is signed, under which the anchored one is believed, and
 * what a message about them must be. While an old key has its last 30 days, both sign (protocol section 1). */
#include "broker/record/room.h"

#include "broker/rule/log_key.h"
#include "proto/leaf.h"

#include <stdio.h>
#include <string.h>

static enum told_status signer_of(const struct told_record *record, const uint8_t key[TOLD_KEY_BYTES],
				  struct told_signer **out)
{
	*out = record->signer;
	if (record->signer != NULL && memcmp(key, record->given_key, TOLD_KEY_BYTES) == 0)
		return TOLD_OK;
	return record->signer_of != NULL ? record->signer_of(record->signer_ctx, key, out) : TOLD_E_KEY;
}

enum told_status told_log_can_sign(const struct told_record *record)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	struct told_signer *unused;
	size_t count = told_log_keys(record->directory, keys, TOLD_LOG_KEYS_MAX);
	if (count == 0)
		return TOLD_E_CONFIG;
	enum told_status status = signer_of(record, keys[count - 1]->key, &unused);
	return status == TOLD_E_KEY ? TOLD_E_CONFIG : status;
}

/* ---- checkpoints ---- */

/* Of an old key whose file is lost nothing is signed; without the newest nothing is signed at all. */
static enum told_status put_line(struct told_record *record, struct told_bytes origin, struct told_bytes text,
				 const struct told_key *key, bool newest, struct told_buf *note)
{
	struct told_signer *signer = NULL;
	enum told_status status = signer_of(record, key->key, &signer);
	if (status == TOLD_E_KEY && !newest)
		return TOLD_OK;
	return status == TOLD_OK ? told_note_sign_line(text, origin, signer, key->key, note) : status;
}

enum told_status told_log_sign(struct told_record *record, struct told_bytes origin, struct told_bytes text,
			       struct told_buf *note)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	size_t count = told_log_keys(record->directory, keys, TOLD_LOG_KEYS_MAX);
	enum told_status status = count > 0 ? TOLD_OK : TOLD_E_CONFIG;
	told_buf_put_bytes(note, text);
	told_buf_put_text(note, "\n");
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		if (told_log_key_signs(keys[i], record->when.utc_ms))
			status = put_line(record, origin, text, keys[i], i + 1 == count, note);
	return status == TOLD_OK ? note->status : status;
}

/* Lines that a key of the log's name has signed. */
static size_t lines_of(const struct told_record *record, struct told_bytes note)
{
	char mark[TOLD_NAME_MAX_BYTES * 8 + 8];
	size_t len = (size_t)snprintf(mark, sizeof mark, "\n\xe2\x80\x94 %.*s ", (int)record->origin.len,
				      (const char *)record->origin.data);
	size_t count = 0;
	for (const uint8_t *at = note.data, *end = at + note.len;
	     (at = memmem(at, (size_t)(end - at), mark, len)) != NULL; at++)
		count++;
	return count;
}

enum told_status told_log_open_lost(const struct told_record *record, struct told_bytes note,
				    const struct told_log_key_offers *offers, struct told_checkpoint *checkpoint,
				    const struct told_log_key_offer **newest, bool *unknown)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	struct told_vkey vkeys[2 * TOLD_LOG_KEYS_MAX];
	struct told_note_line lines[2 * TOLD_LOG_KEYS_MAX];
	const struct told_log_key_offer *offered[TOLD_LOG_KEYS_MAX];
	struct told_bytes text, name = told_buf_view(&record->origin);
	size_t known = told_log_keys(record->directory, keys, TOLD_LOG_KEYS_MAX), count = known, verified = 0;
	*newest = NULL;
	*unknown = false;
	if (known == 0)
		return TOLD_E_CONFIG;
	for (size_t i = 0; i < known; i++)
		told_vkey_make(name, TOLD_NOTE_ED25519, keys[i]->key, &vkeys[i]);
	for (size_t i = 0; i < offers->count; i++) {
		if (offers->rows[i].number <= keys[known - 1]->number)
			continue;
		offered[count - known] = &offers->rows[i];
		told_vkey_make(name, TOLD_NOTE_ED25519, offers->rows[i].key, &vkeys[count++]);
	}
	enum told_status status = told_note_open(note, vkeys, count, &text, lines, &verified);
	*unknown = status == TOLD_E_SIGNATURE || lines_of(record, note) > verified;
	for (size_t i = 0; status == TOLD_OK && i < verified; i++)
		if (lines[i].vkey >= known &&
		    (*newest == NULL || (*newest)->number < offered[lines[i].vkey - known]->number))
			*newest = offered[lines[i].vkey - known];
	return status == TOLD_OK ? told_checkpoint_parse(text, checkpoint) : status;
}

enum told_status told_log_open_note(const struct told_record *record, struct told_bytes note,
				    struct told_checkpoint *checkpoint)
{
	static const struct told_log_key_offers none;
	const struct told_log_key_offer *newest;
	bool unknown;
	return told_log_open_lost(record, note, &none, checkpoint, &newest, &unknown);
}

/* ---- what the operator says of keys ---- */

/* The next one, while no other is on its way out, and only one that can sign: its file must be there before anybody is
 * told of it. */
static enum told_status may_issue(const struct told_record *record, const struct told_key_part *part)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	struct told_signer *unused;
	size_t count = told_log_keys(record->directory, keys, TOLD_LOG_KEYS_MAX);
	if (record->beginning) /* it was the newest before the loss, and the numbers between may be lost too */
		return count > 0 && part->number > keys[count - 1]->number ? signer_of(record, part->key.data, &unused)
									   : TOLD_E_KEY;
	for (size_t i = 0; i < count; i++) {
		bool old = i + 1 < count && told_log_key_signs(keys[i], record->when.utc_ms);
		if (old || told_bytes_equal(part->key, told_bytes(keys[i]->key, TOLD_KEY_BYTES)))
			return TOLD_E_EXISTS;
	}
	if (count == 0 || part->number != keys[count - 1]->number + 1)
		return TOLD_E_KEY;
	return signer_of(record, part->key.data, &unused);
}

/* Not before a checkpoint that the old key signed holds the new one's entry: nobody who was away could be led on. */
static enum told_status may_revoke(const struct told_record *record)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	size_t count = told_log_keys(record->directory, keys, TOLD_LOG_KEYS_MAX);
	bool proved = count < 2 || keys[count - 1]->issued.number < record->base + record->checkpoint_size;
	return proved ? TOLD_OK : TOLD_E_NOT_ALLOWED;
}

enum told_status told_log_key_may(const struct told_record *record, const struct told_header *header)
{
	const struct told_key_part *part = header->partner != NULL ? header->partner->log_key : NULL;
	if (part == NULL)
		return TOLD_OK;
	return part->action == TOLD_KEY_ACTION_ISSUE ? may_issue(record, part) : may_revoke(record);
}

/* ---- how they stand ---- */

/* One log of them, as keys stand in it. */
struct standing_in {
	uint64_t log, base, size;
	uint64_t last; /* beyond it nothing was signed at all */
};

/* The first entry of that time or later: times in a log never go back. */
static enum told_status first_at(struct told_record *record, struct told_arena *arena, const struct standing_in *in,
				 int64_t utc_ms, uint64_t *out)
{
	uint64_t low = 0, high = in->size;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && low < high) {
		struct told_place middle = {.log = in->log, .index = low + (high - low) / 2};
		int64_t time_ms = 0;
		status = told_record_entry_time(record, arena, middle, &time_ms);
		if (time_ms < utc_ms)
			low = middle.index + 1;
		else
			high = middle.index;
	}
	*out = low < in->size ? low : in->last;
	return status;
}

static enum told_status last_size(struct told_record *record, struct told_arena *arena, const struct standing_in *in,
				  const struct told_key *key, uint64_t *out)
{
	uint64_t revoked = key->revoked.number;
	if (revoked == TOLD_WHOLE_LOG)
		return first_at(record, arena, in, told_key_ends_ms(key), out);
	*out = revoked < in->base ? 0 : revoked - in->base < in->size ? revoked - in->base : in->last;
	return TOLD_OK;
}

/* How far a log that ended went before its last entries were lost, as the one after it names it. */
static enum told_status stand_in(struct told_record *record, struct told_arena *arena, uint64_t log,
				 struct standing_in *out)
{
	struct told_log_begun next;
	struct told_leaf_facts *facts = NULL;
	const struct told_ledger *ledger = told_ledger_of(record, log);
	if (ledger == NULL)
		return TOLD_E_NOT_FOUND;
	*out = (struct standing_in){.log = log,
				    .base = told_position(record, (struct told_place){.log = log}),
				    .size = told_ledger_size(ledger),
				    .last = TOLD_WHOLE_LOG};
	if (log == record->log_number)
		return TOLD_OK;
	enum told_status status = told_record_began(record, arena, log + 1, &next);
	if (status == TOLD_OK)
		status = told_leaf_facts_decode(next.facts, arena, &facts);
	if (status == TOLD_OK)
		out->last = facts->old_size;
	return status;
}

enum told_status told_record_log_keys(struct told_record *record, struct told_arena *arena, uint64_t log,
				      struct told_record_log_key out[TOLD_LOG_KEYS_MAX], size_t *count)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	struct standing_in in;
	enum told_status status = stand_in(record, arena, log, &in);
	*count = told_log_keys(record->directory, keys, TOLD_LOG_KEYS_MAX);
	for (size_t i = 0; status == TOLD_OK && i < *count; i++) {
		out[i] = (struct told_record_log_key){.number = keys[i]->number,
						      .since_utc_ms = keys[i]->issued.utc_ms,
						      .ends_utc_ms = told_key_ends_ms(keys[i])};
		memcpy(out[i].key, keys[i]->key, TOLD_KEY_BYTES);
		if (out[i].since_utc_ms == 0 && told_position_next(record) > 0)
			status = told_record_entry_time(record, arena, told_place_at(record, 0), &out[i].since_utc_ms);
		if (status != TOLD_OK)
			return status;
		status = last_size(record, arena, &in, keys[i], &out[i].last_size);
	}
	return status;
}

/* ---- leading whoever was away from one key to the next ---- */

static enum told_status message_at(struct told_record *record, struct told_arena *arena, struct told_place place,
				   struct told_bytes *envelope)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_FACT_AT);
	told_bind_u64(get, 1, place.log);
	told_bind_u64(get, 2, place.index);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK)
		*envelope = told_arena_copy(arena, told_column(get, 0));
	sqlite3_reset(get);
	if (status == TOLD_OK)
		return envelope->len > 0 ? TOLD_OK : TOLD_E_MEMORY;
	return status == TOLD_E_NOT_FOUND ? TOLD_E_CORRUPT : status;
}

enum told_status told_record_log_key_after(struct told_record *record, struct told_arena *arena,
					   struct told_bytes known, struct told_record_log_key_proof *out)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	size_t count = told_log_keys(record->directory, keys, TOLD_LOG_KEYS_MAX), next = 1;
	while (next < count && !told_bytes_equal(known, told_bytes(keys[next - 1]->id.b, TOLD_HASH_BYTES)))
		next++;
	if (next >= count)
		return TOLD_E_NOT_FOUND;
	*out = (struct told_record_log_key_proof){.place = told_place_at(record, keys[next]->issued.number)};
	enum told_status status = message_at(record, arena, out->place, &out->envelope);
	return status == TOLD_OK ? told_record_stored_beyond(record, arena, out->place, &out->size, &out->note)
				 : status;
}
