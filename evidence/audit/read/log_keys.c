/* SPDX-License-Identifier: Apache-2.0 */
/* The first key stands in the table meta; each later one in a message of the operator's. Touches meta and fact only. */
#include "evidence/audit/read/log_keys.h"

#include "evidence/audit/read/events.h"
#include "told/codes.h"
#include "told/envelope.h"

struct keys {
	struct told_bytes origin;
	struct told_vkey vkeys[TOLD_LOG_KEYS_MAX];
	size_t count;
};

static void add(struct keys *keys, struct told_bytes key)
{
	if (key.len == TOLD_KEY_BYTES && keys->count < TOLD_LOG_KEYS_MAX && told_ed25519_key_check(key.data) == TOLD_OK)
		told_vkey_make(keys->origin, TOLD_NOTE_ED25519, key.data, &keys->vkeys[keys->count++]);
}

static enum told_status read_first(struct told_audit_store *store, struct keys *keys)
{
	struct told_rows row;
	enum told_status status = told_rows_open(store, TOLD_AUDIT_SQL_LOG_KEY, NULL, 0, &row);
	if (status == TOLD_OK && row.there)
		add(keys, told_rows_bytes(&row, 0));
	told_rows_close(&row);
	return status == TOLD_OK && keys->count == 0 ? TOLD_E_CORRUPT : status;
}

static enum told_status read_later(struct told_audit_store *store, struct keys *keys)
{
	static const char sql[] = "SELECT envelope FROM fact WHERE type = ?1 ORDER BY log, idx";
	const int64_t type = TOLD_TYPE_PARTNER;
	struct told_arena *arena = NULL;
	struct told_rows rows;
	enum told_status status = told_beside_open(store, sql, told_bytes(NULL, 0), &type, 1, &rows);
	if (status == TOLD_OK)
		status = told_arena_new(4 * TOLD_DECODE_FACTOR * TOLD_ENVELOPE_MAX_BYTES, &arena);
	for (; status == TOLD_OK && rows.there; status = told_rows_next(&rows)) {
		struct told_envelope *envelope = NULL;
		struct told_header *header = NULL;
		told_arena_reset(arena);
		if (told_envelope_decode(told_rows_bytes(&rows, 0), arena, &envelope) == TOLD_OK &&
		    told_header_decode(envelope->header, arena, &header) == TOLD_OK && header->partner != NULL &&
		    header->partner->log_key != NULL && header->partner->log_key->action == TOLD_KEY_ACTION_ISSUE)
			add(keys, header->partner->log_key->key);
	}
	told_rows_close(&rows);
	told_arena_free(arena);
	return status;
}

enum told_status told_log_key_of(struct told_audit_store *store, struct told_bytes origin, struct told_bytes note,
				 struct told_vkey *out)
{
	struct keys keys = {.origin = origin};
	struct told_note_line lines[TOLD_LOG_KEYS_MAX];
	struct told_bytes text;
	size_t count = 0, newest = 0;
	enum told_status status = read_first(store, &keys);
	if (status == TOLD_OK)
		status = read_later(store, &keys);
	if (status == TOLD_OK)
		status = told_note_open(note, keys.vkeys, keys.count, &text, lines, &count);
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		newest = lines[i].vkey > newest ? lines[i].vkey : newest;
	*out = keys.vkeys[newest];
	return status;
}
