/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody with the log's key can do: another history, whole in itself and signed anew. Only what agencies keep
 * outside the store can tell. */
#include "evidence/audit/drill/drill.h"

#include <string.h>

#define LEVELS 7u /* of tiles: 2^56 entries */

/* The tree of one log, grown again from its entries. */
struct rebuild {
	struct told_drill *drill;
	int64_t log;
	struct told_frontier frontier;
	struct {
		told_hash hashes[TOLD_TILE_WIDTH];
		size_t width;
		int64_t n;
	} tiles[LEVELS];
	enum told_status status;
};

static enum told_status put(struct rebuild *r, const char *sql, int64_t a, int64_t b, struct told_bytes blob)
{
	sqlite3_stmt *statement = NULL;
	bool done = sqlite3_prepare_v2(r->drill->db, sql, -1, &statement, NULL) == SQLITE_OK &&
		    sqlite3_bind_int64(statement, 1, r->log) == SQLITE_OK &&
		    sqlite3_bind_int64(statement, 2, a) == SQLITE_OK &&
		    sqlite3_bind_int64(statement, 3, b) == SQLITE_OK &&
		    sqlite3_bind_blob(statement, 4, blob.data, (int)blob.len, SQLITE_TRANSIENT) == SQLITE_OK &&
		    sqlite3_step(statement) == SQLITE_DONE;
	sqlite3_finalize(statement);
	return done ? TOLD_OK : TOLD_E_STORE;
}

static void keep_node(void *ctx, unsigned level, uint64_t index, const told_hash *hash)
{
	struct rebuild *r = ctx;
	(void)index;
	if (level % 8 != 0 || level / 8 >= LEVELS || r->status != TOLD_OK)
		return;
	unsigned at = level / 8;
	r->tiles[at].hashes[r->tiles[at].width++] = *hash;
	if (r->tiles[at].width < TOLD_TILE_WIDTH)
		return;
	r->status = put(r, "INSERT OR REPLACE INTO tile(log, level, n, data) VALUES(?1, ?2, ?3, ?4)", at,
			r->tiles[at].n++, told_bytes(r->tiles[at].hashes, sizeof r->tiles[at].hashes));
	r->tiles[at].width = 0;
}

/* Head and checkpoint of a size that had them, over the tree as it is now. */
static enum told_status sign_head(struct rebuild *r, struct told_bytes origin, struct told_signer *signer,
				  const uint8_t key[32])
{
	struct told_checkpoint checkpoint = {.origin = origin, .size = r->frontier.size};
	struct told_buf text = TOLD_BUF(TOLD_NOTE_MAX_BYTES), note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	told_frontier_root(&r->frontier, &checkpoint.root);
	told_checkpoint_format(&checkpoint, &text);
	enum told_status status = told_note_sign(told_buf_view(&text), origin, signer, key, &note);
	if (status == TOLD_OK)
		status = put(r, "UPDATE tree_head SET root = ?4 WHERE log = ?1 AND size = ?2 AND ?3 = 0",
			     (int64_t)checkpoint.size, 0, told_bytes(checkpoint.root.b, TOLD_HASH_BYTES));
	if (status == TOLD_OK)
		status = put(r, "UPDATE checkpoint SET note = ?4 WHERE log = ?1 AND size = ?2 AND ?3 = 0",
			     (int64_t)checkpoint.size, 0, told_buf_view(&note));
	told_buf_free(&text);
	told_buf_free(&note);
	return status;
}

/* A history that ends where no head was gets one. */
static enum told_status close_log(struct rebuild *r, struct told_bytes origin, struct told_signer *signer,
				  const uint8_t key[32])
{
	static const char *const sql[] = {
		"INSERT OR IGNORE INTO tree_head(log, size, root) SELECT ?1, ?2, ?4 WHERE ?3 = 0",
		"INSERT OR IGNORE INTO checkpoint(log, size, note) SELECT ?1, ?2, ?4 WHERE ?3 = 0",
	};
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < sizeof sql / sizeof sql[0]; i++)
		status = put(r, sql[i], (int64_t)r->frontier.size, 0, told_bytes("", 1));
	return status == TOLD_OK ? sign_head(r, origin, signer, key) : status;
}

static enum told_status grow(struct rebuild *r, struct told_bytes origin, struct told_signer *signer,
			     const uint8_t key[32])
{
	sqlite3_stmt *rows = NULL;
	enum told_status status =
		sqlite3_prepare_v2(r->drill->db, "SELECT idx, data FROM entry WHERE log = ?1 ORDER BY idx", -1, &rows,
				   NULL) == SQLITE_OK &&
				sqlite3_bind_int64(rows, 1, r->log) == SQLITE_OK
			? TOLD_OK
			: TOLD_E_STORE;
	while (status == TOLD_OK && sqlite3_step(rows) == SQLITE_ROW) {
		told_hash leaf;
		told_leaf_hash(told_bytes(sqlite3_column_blob(rows, 1), (size_t)sqlite3_column_bytes(rows, 1)), &leaf);
		status = put(r, "UPDATE entry SET leaf_hash = ?4 WHERE log = ?1 AND idx = ?2 AND ?3 = 0",
			     sqlite3_column_int64(rows, 0), 0, told_bytes(leaf.b, TOLD_HASH_BYTES));
		keep_node(r, 0, r->frontier.size, &leaf);
		told_frontier_append(&r->frontier, &leaf, keep_node, r);
		if (status == TOLD_OK)
			status = r->status;
		if (status == TOLD_OK)
			status = sign_head(r, origin, signer, key);
	}
	sqlite3_finalize(rows);
	return status == TOLD_OK ? close_log(r, origin, signer, key) : status;
}

/* A store keeps full tiles only, an export those at the right edge too. */
static enum told_status keep_edge(struct rebuild *r)
{
	enum told_status status = TOLD_OK;
	for (unsigned at = 0; r->drill->folder != NULL && status == TOLD_OK && at < LEVELS; at++)
		if (r->tiles[at].width > 0)
			status = put(r, "INSERT OR REPLACE INTO tile(log, level, n, data) VALUES(?1, ?2, ?3, ?4)", at,
				     r->tiles[at].n,
				     told_bytes(r->tiles[at].hashes, r->tiles[at].width * TOLD_HASH_BYTES));
	return status;
}

/* The origin stands in the first line of every checkpoint. */
static enum told_status origin_of(struct told_drill *drill, int64_t log, struct told_buf *out)
{
	sqlite3_stmt *row = NULL;
	enum told_status status = TOLD_E_NOT_FOUND;
	if (sqlite3_prepare_v2(drill->db, "SELECT note FROM checkpoint WHERE log = ?1 LIMIT 1", -1, &row, NULL) ==
		    SQLITE_OK &&
	    sqlite3_bind_int64(row, 1, log) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW) {
		const uint8_t *note = sqlite3_column_blob(row, 0);
		size_t len = (size_t)sqlite3_column_bytes(row, 0);
		const uint8_t *end = note != NULL ? memchr(note, '\n', len) : NULL;
		if (end != NULL) {
			told_buf_put_bytes(out, told_bytes(note, (size_t)(end - note)));
			status = out->status;
		}
	}
	sqlite3_finalize(row);
	return status;
}

/* Hashes, tiles, heads and checkpoints of the newest log, made anew over whatever its entries are now. */
static enum told_status sign_anew(struct told_drill *drill)
{
	struct rebuild r = {.drill = drill, .status = TOLD_OK};
	struct told_signer *signer = NULL;
	struct told_buf origin = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	uint8_t key[32];
	uint64_t log = 0;
	enum told_status status = told_drill_number(drill, "SELECT max(log) FROM entry", 0, &log);
	r.log = (int64_t)log;
	if (status == TOLD_OK)
		status = origin_of(drill, r.log, &origin);
	if (status == TOLD_OK)
		status = told_ed25519_public(drill->seed, key);
	if (status == TOLD_OK)
		status = told_signer_new(drill->seed, &signer);
	if (status == TOLD_OK)
		status = grow(&r, told_buf_view(&origin), signer, key);
	if (status == TOLD_OK)
		status = keep_edge(&r);
	told_signer_free(signer);
	told_buf_free(&origin);
	return status;
}

/* ---- kinds ---- */

static enum told_status entries(struct told_drill *drill, const struct told_tampering *self, uint64_t *count)
{
	enum told_status status = told_drill_number(
		drill, "SELECT count(*) FROM entry WHERE log = (SELECT max(log) FROM entry)", 0, count);
	*count -= *count > 0 && self->column != NULL; /* the last has no successor */
	return status;
}

static enum told_status rewrite(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	/* its details too, or they would give it away */
	static const char details[] = "UPDATE detail SET (facts_salt, facts, ruling_salt, ruling, subject_salt, "
				      "subject) = (SELECT facts_salt, facts,"
				      " ruling_salt, ruling, subject_salt, subject FROM detail d WHERE d.log = "
				      "detail.log AND d.idx = detail.idx + 1)"
				      " WHERE log = (SELECT max(log) FROM entry) AND idx = ?1";
	enum told_status status = told_drill_sql(drill, self->sql, (int64_t)place);
	if (status == TOLD_OK)
		status = told_drill_sql(drill, details, (int64_t)place);
	return status == TOLD_OK || status == TOLD_E_NOT_FOUND ? sign_anew(drill) : status;
}

static enum told_status suppress(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	static const char *const sql[] = {
		"DELETE FROM entry WHERE log = (SELECT max(log) FROM entry) AND idx = ?1",
		"DELETE FROM detail WHERE log = (SELECT max(log) FROM entry) AND idx = ?1",
		"UPDATE entry SET idx = -idx WHERE log = (SELECT max(log) FROM entry) AND idx > ?1",
		"UPDATE entry SET idx = -idx - 1 WHERE idx < 0",
		"UPDATE detail SET idx = -idx WHERE log = (SELECT max(log) FROM entry) AND idx > ?1",
		"UPDATE detail SET idx = -idx - 1 WHERE idx < 0",
		"DELETE FROM tree_head WHERE log = (SELECT max(log) FROM entry) AND size > (SELECT max(idx) + 1 FROM "
		"entry"
		" WHERE log = (SELECT max(log) FROM entry))",
		"DELETE FROM checkpoint WHERE log = (SELECT max(log) FROM entry) AND size > (SELECT max(idx) + 1 FROM "
		"entry"
		" WHERE log = (SELECT max(log) FROM entry))",
		"DELETE FROM tile",
	};
	/* An export may end before what others have seen; so another entry stands at its end. */
	static const char again[] =
		"INSERT INTO entry SELECT log, (SELECT max(idx) + 1 FROM entry e WHERE e.log = entry.log), data, "
		"leaf_hash"
		" FROM entry WHERE log = (SELECT max(log) FROM entry) AND idx <> ?1 ORDER BY idx LIMIT 1";
	enum told_status status = TOLD_OK;
	(void)self;
	if (drill->folder != NULL)
		status = told_drill_sql(drill, again, (int64_t)place);
	for (size_t i = 0; status == TOLD_OK && i < sizeof sql / sizeof sql[0]; i++) {
		status = told_drill_sql(drill, sql[i], (int64_t)place);
		status = status == TOLD_E_NOT_FOUND && i > 0 ? TOLD_OK : status;
	}
	return status == TOLD_OK ? sign_anew(drill) : status;
}

/* Signatures of this kind have one form: what is signed here is, byte by byte, the checkpoint that the log signed when
 * it was that long, if it signed one. An older export in the newer's place is this as well. */
static enum told_status end_earlier(struct told_drill *drill, const struct told_tampering *self, uint64_t place)
{
	static const char *const sql[] = {
		"DELETE FROM entry WHERE log = (SELECT max(log) FROM checkpoint) AND idx > ?1",
		"DELETE FROM detail WHERE log = (SELECT max(log) FROM checkpoint) AND idx > ?1",
		"DELETE FROM tree_head WHERE log = (SELECT max(log) FROM checkpoint) AND size > ?1 + 1",
		"DELETE FROM cosignature WHERE log = (SELECT max(log) FROM checkpoint) AND size > ?1 + 1",
		"DELETE FROM timestamp WHERE log = (SELECT max(log) FROM checkpoint) AND size > ?1 + 1",
		"DELETE FROM tile",
	};
	static const char later[] = "DELETE FROM checkpoint WHERE log = (SELECT max(log) FROM entry) AND size > ?1 + 1";
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < sizeof sql / sizeof sql[0]; i++) {
		bool beside = drill->folder != NULL && strstr(sql[i], "FROM timestamp") != NULL; /* no such table */
		status = beside ? TOLD_OK : told_drill_sql(drill, sql[i], (int64_t)place);
		status = status == TOLD_E_NOT_FOUND && i > 0 ? TOLD_OK : status;
	}
	(void)self;
	if (status == TOLD_OK)
		status = sign_anew(drill); /* which reads the name of the log from a checkpoint */
	return status == TOLD_OK ? told_drill_sql(drill, later, (int64_t)place) : status;
}

static const struct told_tampering kinds[] = {
	{"with the log's key: an entry replaced by another", true, entries, rewrite, "entry", "log, idx", "idx",
	 "UPDATE entry SET data = (SELECT data FROM entry e WHERE e.log = entry.log AND e.idx = entry.idx + 1)"
	 " WHERE log = (SELECT max(log) FROM entry) AND idx = ?1"},
	{"with the log's key: an entry suppressed", true, entries, suppress, "entry", "log, idx", NULL, NULL},
	/* column: but for the last entry */
	{"with the log's key: the log ends earlier, all of it", true, entries, end_earlier, "entry", "log, idx", "idx",
	 NULL},
};

const struct told_tampering *told_tampering_of_history(size_t number)
{
	return number < sizeof kinds / sizeof kinds[0] ? &kinds[number] : NULL;
}
