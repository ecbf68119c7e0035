/* SPDX-License-Identifier: Apache-2.0 */
/* What the thief of a key that is over can do: sign a checkpoint beyond its end. Nobody has such a key's secret any
 * more, so the drill makes one, has a policy of its own say that the log had it and where it ended, and signs with it.
 */
#include "evidence/audit/drill/drill.h"

#include "evidence/audit/base/file.h"
#include "evidence/policy.h"

#include <string.h>

#define NEWEST "log = (SELECT max(log) FROM checkpoint)"

struct thief {
	struct told_drill *drill;
	uint8_t seed[32];
	struct told_vkey vkey;
	struct told_buf note;     /* as it stands in the copy */
	struct told_bytes text;   /* of that */
	uint64_t size, last_size; /* of the checkpoint, and of the one before it: there the key ended */
};

static enum told_status places(struct told_drill *drill, const struct told_tampering *self, uint64_t *count)
{
	(void)self;
	enum told_status status =
		told_drill_number(drill, "SELECT count(*) FROM checkpoint WHERE " NEWEST " AND ?1 = ?1", 0, count);
	*count -= *count > 0 && drill->folder == NULL; /* before the first no key has ended; an export has no other */
	return status;
}

static enum told_status read_place(struct thief *t, uint64_t place)
{
	static const char *const sizes = "SELECT size FROM checkpoint WHERE " NEWEST " ORDER BY size LIMIT 1 OFFSET ?1";
	sqlite3_stmt *row = NULL;
	bool only = t->drill->folder != NULL;
	enum told_status status = told_drill_number(t->drill, sizes, (int64_t)place, &t->last_size);
	if (status == TOLD_OK)
		status = told_drill_number(t->drill, sizes, (int64_t)place + !only, &t->size);
	if (status == TOLD_OK && only)
		t->last_size = t->size - (t->size > 0);
	if (status != TOLD_OK)
		return status;
	status = TOLD_E_STORE;
	if (sqlite3_prepare_v2(t->drill->db, "SELECT note FROM checkpoint WHERE " NEWEST " AND size = ?1", -1, &row,
			       NULL) == SQLITE_OK &&
	    sqlite3_bind_int64(row, 1, (int64_t)t->size) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW) {
		told_buf_put(&t->note, sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0));
		status = t->note.status;
	}
	sqlite3_finalize(row);
	return status == TOLD_OK ? told_note_text(told_buf_view(&t->note), &t->text) : status;
}

/* The checkpoint as it is, under the ended key alone. */
static enum told_status sign(struct thief *t)
{
	struct told_checkpoint checkpoint;
	struct told_signer *signer = NULL;
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	sqlite3_stmt *put = NULL;
	uint8_t key[32];
	enum told_status status = told_checkpoint_parse(t->text, &checkpoint);
	if (status == TOLD_OK)
		status = told_random(t->seed, sizeof t->seed);
	if (status == TOLD_OK)
		status = told_ed25519_public(t->seed, key);
	if (status == TOLD_OK)
		status = told_signer_new(t->seed, &signer);
	if (status == TOLD_OK)
		status = told_note_sign(t->text, checkpoint.origin, signer, key, &note);
	told_vkey_make(checkpoint.origin, TOLD_NOTE_ED25519, key, &t->vkey);
	if (status == TOLD_OK &&
	    (sqlite3_prepare_v2(t->drill->db, "UPDATE checkpoint SET note = ?1 WHERE " NEWEST " AND size = ?2", -1,
				&put, NULL) != SQLITE_OK ||
	     sqlite3_bind_blob(put, 1, note.data, (int)note.len, SQLITE_TRANSIENT) != SQLITE_OK ||
	     sqlite3_bind_int64(put, 2, (int64_t)t->size) != SQLITE_OK || sqlite3_step(put) != SQLITE_DONE))
		status = TOLD_E_STORE;
	sqlite3_finalize(put);
	told_signer_free(signer);
	told_buf_free(&note);
	return status;
}

/* The policy, and before it that key as one that the log had up to the checkpoint before. */
static enum told_status name_key(struct thief *t)
{
	struct told_drill *drill = t->drill;
	struct told_buf whole = TOLD_BUF(TOLD_POLICY_MAX_BYTES), text = TOLD_BUF(TOLD_POLICY_MAX_BYTES);
	enum told_status status = told_audit_read(drill->request.policy, &whole);
	told_buf_put_text(&text, "log ");
	told_vkey_format(&t->vkey, &text);
	told_buf_put_text(&text, "\n");
	told_policy_put_end(&t->vkey, t->last_size, &text);
	told_buf_put_bytes(&text, told_buf_view(&whole));
	if (status == TOLD_OK)
		status = text.status;
	if (status == TOLD_OK)
		status = told_audit_write(drill->policy, told_buf_view(&text));
	if (status == TOLD_OK)
		drill->request.policy = drill->policy;
	told_buf_free(&whole);
	told_buf_free(&text);
	return status;
}

static enum told_status beyond_its_end(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	struct thief thief = {.drill = drill, .note = TOLD_BUF(TOLD_NOTE_MAX_BYTES)};
	(void)self;
	enum told_status status = read_place(&thief, place);
	if (status == TOLD_OK)
		status = sign(&thief);
	if (status == TOLD_OK)
		status = name_key(&thief);
	told_wipe(thief.seed, sizeof thief.seed);
	told_buf_free(&thief.note);
	return status;
}

static const struct told_tampering kinds[] = {
	{"a checkpoint signed by an ended key beyond its end", false, places, beyond_its_end, "checkpoint", "log, size",
	 NULL, NULL},
};

const struct told_tampering *told_tampering_of_key(size_t number)
{
	return number < sizeof kinds / sizeof kinds[0] ? &kinds[number] : NULL;
}
