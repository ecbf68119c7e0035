/* SPDX-License-Identifier: Apache-2.0 */
/* Witnesses: the agencies' cosignatures of our checkpoints. Each is checked under the witness key on record and kept
 * beside the log; checkpoints that are served carry them (evidence.md section 1 item 8). Touches the table cosignature
 * only. */
#include "broker/record/room.h"

#include "broker/decide/codes.h"
#include "broker/rule/register.h"
#include "proto/types.h"
#include <string.h>

#define LINE_MAX_BYTES  512  /* a name and 76 bytes in base64 */
#define LOG_LINES_MAX   2    /* of the log's own keys in one checkpoint */
#define SIZES_LOOKED_AT 4096 /* entries behind one in which a checkpoint with a quorum is looked for */

/* ---- who may sign ---- */

static enum told_status witness_key(const struct told_record *record, struct told_bytes name, struct told_vkey *out)
{
	struct told_when now = {.utc_ms = record->when.utc_ms, .log_size = TOLD_WHOLE_LOG};
	uint32_t party = told_party_find(record->parties, name);
	const struct told_key *key = NULL;
	if (party == TOLD_PARTY_NONE || told_directory_party(record->directory, party, now) != TOLD_PARTY_ENROLLED)
		return TOLD_E_KEY;
	if (told_directory_current_key(record->directory, party, TOLD_KEY_WITNESS, told_bytes(NULL, 0), now, &key) !=
	    TOLD_OK)
		return TOLD_E_KEY;
	told_vkey_make(told_text(told_party_name(record->parties, party)), TOLD_NOTE_COSIGNATURE, key->key, out);
	return TOLD_OK;
}

bool told_record_is_witness(const struct told_record *record, struct told_bytes party)
{
	struct told_vkey unused;
	return witness_key(record, party, &unused) == TOLD_OK;
}

size_t told_record_witnesses(const struct told_record *record, struct told_vkey *out, size_t room)
{
	size_t count = 0;
	uint32_t last = told_party_count(record->parties);
	for (uint32_t party = 1; party <= last && count < room; party++)
		if (witness_key(record, told_text(told_party_name(record->parties, party)), &out[count]) == TOLD_OK)
			count++;
	return count;
}

size_t told_record_former_witnesses(const struct told_record *record, struct told_vkey *out, size_t room)
{
	const struct told_key *key;
	size_t count = 0;
	for (size_t i = 0; count < room && (key = told_directory_key_at(record->directory, i)) != NULL; i++) {
		struct told_vkey now;
		if (key->purpose != TOLD_KEY_WITNESS)
			continue;
		struct told_bytes name = told_text(told_party_name(record->parties, key->party));
		if (witness_key(record, name, &now) != TOLD_OK || memcmp(now.key, key->key, sizeof now.key) != 0)
			told_vkey_make(name, TOLD_NOTE_COSIGNATURE, key->key, &out[count++]);
	}
	return count;
}

/* ---- taking a cosignature ---- */

/* The root that we signed under this size. */
static enum told_status signed_root(struct told_record *record, uint64_t size, told_hash *root)
{
	if (size == 0 || size > record->checkpoint_size)
		return TOLD_E_PROOF;
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_HEAD_AT);
	told_bind_u64(get, 1, record->log_number);
	told_bind_u64(get, 2, size);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK)
		status = told_column_fixed(get, 0, root->b, sizeof root->b);
	sqlite3_reset(get);
	return status == TOLD_E_NOT_FOUND ? TOLD_E_PROOF : status;
}

static enum told_status verify(const struct told_record *record, const struct told_vkey *vkey, uint64_t size,
			       const told_hash *root, struct told_bytes line)
{
	struct told_checkpoint checkpoint = {.origin = told_buf_view(&record->origin), .size = size, .root = *root};
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_note_line found;
	struct told_bytes text;
	size_t count = 0;
	told_checkpoint_format(&checkpoint, &note);
	told_buf_put_text(&note, "\n");
	told_buf_put_bytes(&note, line);
	enum told_status status = note.status;
	if (status == TOLD_OK)
		status = told_note_open(told_buf_view(&note), vkey, 1, &text, &found, &count);
	/* A blank line inside would have moved the cut: what was signed must be our text. */
	if (status == TOLD_OK && text.len + 1 + line.len != note.len)
		status = TOLD_E_MALFORMED;
	told_buf_free(&note);
	if (status == TOLD_OK && found.time_s > (uint64_t)(record->when.utc_ms + TOLD_FUTURE_MAX_MS) / 1000)
		status = TOLD_E_FUTURE;
	return status;
}

/* One line and nothing behind it. */
static bool is_one_line(struct told_bytes line)
{
	const uint8_t *end = line.len > 0 ? memchr(line.data, '\n', line.len) : NULL;
	return end == line.data + line.len - 1 && line.len < LINE_MAX_BYTES;
}

enum told_status told_record_cosigned(struct told_record *record, struct told_bytes party, uint64_t size,
				      struct told_bytes line)
{
	struct told_vkey vkey;
	told_hash root;
	enum told_status status = is_one_line(line) ? witness_key(record, party, &vkey) : TOLD_E_MALFORMED;
	if (status == TOLD_OK)
		status = signed_root(record, size, &root);
	if (status == TOLD_OK)
		status = verify(record, &vkey, size, &root, line);
	if (status != TOLD_OK)
		return status;
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_COSIGNATURE_PUT);
	told_bind_u64(put, 1, record->log_number);
	told_bind_u64(put, 2, size);
	told_bind_text(put, 3, party);
	told_bind_blob(put, 4, line);
	record->served_size = 0;
	return told_sql_run(put);
}

/* ---- giving them ---- */

/* Appends the lines of witnesses to a note, as many as a reader must take. */
static enum told_status put_lines(struct told_record *record, uint64_t size, struct told_buf *note)
{
	sqlite3_stmt *lines = told_sql(&record->store, TOLD_SQL_COSIGNATURES_AT);
	told_bind_u64(lines, 1, record->log_number);
	told_bind_u64(lines, 2, size);
	told_bind_u64(lines, 3, TOLD_NOTE_LINES_MAX - LOG_LINES_MAX);
	enum told_status status;
	while ((status = told_sql_next(lines)) == TOLD_OK) {
		struct told_bytes line = told_column(lines, 0);
		if (line.len <= note->max_bytes - note->len)
			told_buf_put_bytes(note, line);
	}
	return status == TOLD_E_NOT_FOUND ? note->status : status;
}

struct told_bytes told_record_served(struct told_record *record)
{
	if (record->served_size == record->checkpoint_size)
		return told_buf_view(&record->served);
	told_buf_free(&record->served);
	record->served = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	told_buf_put_bytes(&record->served, told_anchor_note(record->anchor));
	if (put_lines(record, record->checkpoint_size, &record->served) != TOLD_OK)
		return told_anchor_note(record->anchor); /* proofs do not wait for witnesses */
	record->served_size = record->checkpoint_size;
	return told_buf_view(&record->served);
}

/* The first size beyond an entry that a quorum signed; 0: none that is near. */
static uint64_t quorum_beyond(struct told_record *record, uint64_t index)
{
	if (record->quorum == 0)
		return 0;
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_QUORUM_BEYOND);
	told_bind_u64(get, 1, record->log_number);
	told_bind_u64(get, 2, index);
	told_bind_u64(get, 3, record->quorum);
	told_bind_u64(get, 4, SIZES_LOOKED_AT);
	uint64_t size = told_sql_next(get) == TOLD_OK ? told_column_u64(get, 0) : 0;
	sqlite3_reset(get);
	return size;
}

enum told_status told_record_stored_beyond(struct told_record *record, struct told_arena *arena,
					   struct told_place place, uint64_t *size, struct told_bytes *note)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_CHECKPOINT_AT);
	bool grows = place.log == record->log_number;
	told_bind_u64(get, 1, place.log);
	told_bind_u64(get, 2, place.index);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK) {
		*size = told_column_u64(get, 0);
		*note = told_arena_copy(arena, told_column(get, 1));
		sqlite3_reset(get);
	} else if (status == TOLD_E_NOT_FOUND && grows && place.index < record->checkpoint_size) {
		*size = record->checkpoint_size; /* the newest one goes into the table with the next turn */
		*note = told_arena_copy(arena, told_anchor_note(record->anchor));
		status = TOLD_OK;
	}
	return status == TOLD_OK && note->len == 0 ? TOLD_E_MEMORY : status;
}

enum told_status told_record_checkpoint_at(struct told_record *record, struct told_arena *arena, uint64_t index,
					   uint64_t *size, struct told_bytes *note)
{
	uint64_t quorum = quorum_beyond(record, index);
	struct told_buf full = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_place from = told_place_now(record, quorum > 0 ? quorum - 1 : index);
	enum told_status status = told_record_stored_beyond(record, arena, from, size, note);
	if (status == TOLD_OK) {
		told_buf_put_bytes(&full, *note);
		status = put_lines(record, *size, &full);
	}
	if (status == TOLD_OK)
		*note = told_arena_copy(arena, told_buf_view(&full));
	told_buf_free(&full);
	return status == TOLD_OK && note->len == 0 ? TOLD_E_MEMORY : status;
}

/* ---- quorum ---- */

void told_record_set_quorum(struct told_record *record, uint32_t quorum)
{
	record->quorum = quorum;
}

bool told_record_has_quorum(struct told_record *record, uint64_t size)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_COSIGNATURE_COUNT);
	told_bind_u64(get, 1, record->log_number);
	told_bind_u64(get, 2, size);
	uint64_t count = told_sql_next(get) == TOLD_OK ? told_column_u64(get, 0) : 0;
	sqlite3_reset(get);
	return record->quorum == 0 || count >= record->quorum;
}

/* When the last witness was there who could sign. */
static int64_t complete_since(const struct told_record *record)
{
	struct told_when now = {.utc_ms = record->when.utc_ms, .log_size = TOLD_WHOLE_LOG};
	const struct told_key *key;
	int64_t since_ms = 0;
	for (size_t i = 0; (key = told_directory_key_at(record->directory, i)) != NULL; i++)
		if (key->purpose == TOLD_KEY_WITNESS && told_key_standing(key, now) == TOLD_KEY_CURRENT &&
		    key->issued.utc_ms > since_ms)
			since_ms = key->issued.utc_ms;
	return since_ms;
}

enum told_status told_record_entry_time(struct told_record *record, struct told_arena *arena, struct told_place place,
					int64_t *utc_ms)
{
	struct told_bytes entry;
	struct told_leaf *leaf = NULL;
	enum told_status status = told_record_entry(record, arena, place, &entry);
	if (status == TOLD_OK)
		status = told_leaf_decode(entry, arena, &leaf);
	if (status == TOLD_OK)
		*utc_ms = (int64_t)leaf->time_ms;
	return status;
}

enum told_status told_record_quorum_time(struct told_record *record, struct told_arena *arena, int64_t *utc_ms)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_QUORUM_NEWEST);
	told_bind_u64(get, 1, record->log_number);
	told_bind_u64(get, 2, record->quorum);
	enum told_status status = told_sql_next(get);
	uint64_t size = status == TOLD_OK ? told_column_u64(get, 0) : 0;
	sqlite3_reset(get);
	*utc_ms = complete_since(record);
	if (status == TOLD_OK)
		return told_record_entry_time(record, arena, told_place_now(record, size - 1), utc_ms);
	if (status != TOLD_E_NOT_FOUND || record->log_number == 1)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	/* Nobody can have signed a log before it began. */
	int64_t began_ms = 0;
	status = told_record_entry_time(record, arena, told_place_now(record, 0), &began_ms);
	*utc_ms = began_ms > *utc_ms ? began_ms : *utc_ms;
	return status;
}

enum told_status told_record_log(struct told_record *record, uint64_t log, struct told_log_view *out)
{
	struct told_ledger *ledger = told_ledger_of(record, log);
	if (ledger == NULL)
		return TOLD_E_NOT_FOUND;
	*out = (struct told_log_view){.tree = ledger, .number = log};
	if (log == record->log_number) {
		out->size = record->checkpoint_size;
		out->note = told_record_served(record);
		return TOLD_OK;
	}
	out->size = told_ledger_size(ledger);
	out->note = told_buf_view(&record->ended[log - 1].note);
	out->ended = true;
	return TOLD_OK;
}
