/* SPDX-License-Identifier: Apache-2.0 */
/* What goes into a copy for audit, and what is withheld: a party's copy has that party's entries and of all others the
 * hash; a partnership's has all entries, and people and workers under names made for this copy. The key of those names
 * is forgotten with the process. Touches the private copy and the file attached to it. */
#include "evidence/audit/export/excerpt_make.h"

#include "evidence/audit/read/events.h"
#include "evidence/audit/read/reader.h"
#include "told/codes.h"
#include "told/seal.h"

#include <string.h>

#define BROKER_PARTY "broker"
#define LEAST_ROOM   512u

struct making {
	struct told_excerpt_making *out;
	struct told_excerpt *order;
	sqlite3 *db;
	sqlite3_stmt *reach, *reached, *entry, *detail, *withheld;
	uint8_t names_key[TOLD_KEY_BYTES];
	int64_t log;
};

static enum told_status status_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return TOLD_OK;
	case SQLITE_NOMEM: return TOLD_E_MEMORY;
	case SQLITE_FULL: return TOLD_E_FULL;
	case SQLITE_CORRUPT: return TOLD_E_CORRUPT;
	default: return TOLD_E_STORE;
	}
}

static bool whole_partnership(const struct making *m)
{
	return m->order->party[0] == '\0';
}

/* ---- statements ---- */

static enum told_status prepare(struct making *m)
{
	const struct {
		sqlite3_stmt **to;
		const char *sql;
	} rows[] = {
		{&m->reach, "INSERT OR IGNORE INTO temp.theirs(txid) VALUES (?1)"},
		{&m->reached, "SELECT 1 FROM temp.theirs WHERE txid = ?1"},
		{&m->entry, "INSERT INTO made.entry SELECT log, idx, iif(?3, data, x''), leaf_hash FROM main.entry"
			    " WHERE log = ?1 AND idx = ?2"},
		{&m->detail,
		 "INSERT INTO made.detail SELECT log, idx, iif(?3 & 2, facts_salt, NULL), iif(?3 & 2, facts, NULL),"
		 " iif(?3 & 4, ruling_salt, NULL), iif(?3 & 4, ruling, NULL), iif(?3 & 8, subject_salt, NULL),"
		 " iif(?3 & 8, subject, NULL) FROM main.detail WHERE log = ?1 AND idx = ?2"},
		{&m->withheld, "INSERT INTO made.withheld VALUES (?1, ?2, ?3, ?4, ?5)"},
	};
	int code =
		sqlite3_exec(m->db, "CREATE TEMP TABLE theirs(txid BLOB PRIMARY KEY) WITHOUT ROWID", NULL, NULL, NULL);
	for (size_t i = 0; code == SQLITE_OK && i < sizeof rows / sizeof rows[0]; i++)
		code = sqlite3_prepare_v2(m->db, rows[i].sql, -1, rows[i].to, NULL);
	return status_of(code);
}

static void finish(struct making *m)
{
	sqlite3_stmt *all[] = {m->reach, m->reached, m->entry, m->detail, m->withheld};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		sqlite3_finalize(all[i]);
	told_wipe(m->names_key, sizeof m->names_key);
}

/* Runs a statement that is about one entry; value goes into ?3. */
static enum told_status run(const struct making *m, sqlite3_stmt *statement, uint64_t index, unsigned value)
{
	int code = sqlite3_bind_int64(statement, 1, m->log);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(statement, 2, (int64_t)index);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(statement, 3, value);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return status_of(code);
}

/* ---- whose an entry is ---- */

static enum told_status remember(const struct making *m, struct told_bytes txid)
{
	int code = sqlite3_bind_blob64(m->reach, 1, txid.data, txid.len, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(m->reach);
	sqlite3_reset(m->reach);
	return status_of(code);
}

static enum told_status is_theirs(const struct making *m, struct told_bytes txid, bool *theirs)
{
	int code = sqlite3_bind_blob64(m->reached, 1, txid.data, txid.len, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(m->reached);
	*theirs = code == SQLITE_ROW;
	sqlite3_reset(m->reached);
	return status_of(code);
}

/* The transactions that the party sent, or that reached it. */
static enum told_status find_theirs(struct making *m)
{
	struct told_reader reader;
	struct told_bytes party = told_text(m->order->party);
	enum told_status status = told_reader_open(&m->out->source, m->log, 0, &reader);
	while (status == TOLD_OK && reader.there) {
		if (reader.leaf != NULL && told_leaf_open_to(reader.leaf, party) != 0)
			status = remember(m, reader.leaf->txid);
		if (status == TOLD_OK)
			status = told_reader_next(&reader);
	}
	told_reader_close(&reader);
	return status;
}

/* The entry that let a message go: its recipient was given it, with its proof, beside the message. */
static bool let_go(const struct told_leaf *leaf)
{
	static const uint8_t phases[] = {TOLD_PHASE_ACCEPTED, TOLD_PHASE_KEY,  TOLD_PHASE_AGREEMENT,
					 TOLD_PHASE_CONSENT,  TOLD_PHASE_FLAG, TOLD_PHASE_ADMIN,
					 TOLD_PHASE_OVERRIDE};
	for (size_t i = 0; i < sizeof phases; i++)
		if (leaf->phase == phases[i])
			return true;
	return false;
}

static bool is_own(const struct making *m, const struct told_reader *reader)
{
	return m->log == m->order->log && reader->index == m->order->index;
}

/* The broker's own: beats say that the log lives; an erasure, and that it is finished, are theirs if they name theirs.
 */
static enum told_status of_broker(const struct making *m, const struct told_reader *reader, unsigned *open)
{
	const struct told_leaf *leaf = reader->leaf;
	bool theirs = leaf->phase == TOLD_PHASE_HEARTBEAT || leaf->phase == TOLD_PHASE_RESTORE;
	bool names = leaf->phase == TOLD_PHASE_ERASURE || leaf->phase == TOLD_PHASE_FINISHED;
	enum told_status status = TOLD_OK;
	for (size_t i = 0;
	     names && !theirs && status == TOLD_OK && reader->facts != NULL && i < reader->facts->txids.count; i++)
		status = is_theirs(m, reader->facts->txids.items[i], &theirs);
	*open = theirs ? TOLD_ENTRY_WHOLE : 0;
	if (status == TOLD_OK && theirs && names)
		status = remember(m, leaf->txid);
	return status;
}

static enum told_status open_to_party(const struct making *m, const struct told_reader *reader, unsigned *open)
{
	const struct told_leaf *leaf = reader->leaf;
	bool reached = false;
	enum told_status status = TOLD_OK;
	*open = told_leaf_open_to(leaf, told_text(m->order->party));
	if (*open != 0)
		return TOLD_OK;
	if (leaf->type == 0 && told_bytes_equal(leaf->sender, told_text(BROKER_PARTY)))
		return of_broker(m, reader, open);
	if (let_go(leaf))
		status = is_theirs(m, leaf->txid, &reached);
	if (reached)
		*open = TOLD_ENTRY_WHOLE & ~(unsigned)TOLD_ENTRY_RULING;
	return status;
}

/* Of the partnership everything but who the people and the workers are. */
static unsigned open_to_all(const struct told_reader *reader)
{
	bool names = reader->part[TOLD_PART_SUBJECT].len > 0 || reader->state[TOLD_PART_SUBJECT] == TOLD_PART_FALSE;
	return names ? TOLD_ENTRY_WHOLE & ~(unsigned)TOLD_ENTRY_SUBJECT : TOLD_ENTRY_WHOLE;
}

static enum told_status open_parts(const struct making *m, const struct told_reader *reader, unsigned *open)
{
	*open = TOLD_ENTRY_WHOLE;
	if (is_own(m, reader) || reader->leaf == NULL)
		return TOLD_OK; /* what is no leaf is a fault of the store, and the copy shows it */
	if (!whole_partnership(m))
		return open_to_party(m, reader, open);
	*open = open_to_all(reader);
	return TOLD_OK;
}

/* ---- one entry ---- */

/* The name of somebody in this copy: the same whenever they occur in it, and in no other copy. */
static int bind_name(const struct making *m, int at, const char *kind, struct told_bytes who)
{
	struct told_buf text = TOLD_BUF(LEAST_ROOM);
	told_hash name;
	if (who.len == 0)
		return sqlite3_bind_null(m->withheld, at);
	told_buf_put_part(&text, told_text(kind));
	told_buf_put_part(&text, who);
	told_hmac(told_bytes(m->names_key, sizeof m->names_key), told_buf_view(&text), &name);
	enum told_status status = text.status;
	told_buf_free(&text);
	return status == TOLD_OK ? sqlite3_bind_blob(m->withheld, at, name.b, TOLD_ID_BYTES, SQLITE_TRANSIENT)
				 : SQLITE_TOOBIG;
}

static enum told_status put_withheld(const struct making *m, const struct told_reader *reader, unsigned withheld)
{
	const struct told_leaf_subject none = {0};
	bool named = whole_partnership(m) && reader->subject != NULL;
	const struct told_leaf_subject *subject = named ? reader->subject : &none;
	int code = bind_name(m, 4, "person", subject->client_ref);
	if (code == SQLITE_OK)
		code = bind_name(m, 5, "worker", subject->worker);
	return code == SQLITE_OK ? run(m, m->withheld, reader->index, withheld) : status_of(code);
}

static enum told_status put_entry(const struct making *m, const struct told_reader *reader)
{
	static const unsigned parts[TOLD_PART_COUNT] = {TOLD_ENTRY_FACTS, TOLD_ENTRY_RULING, TOLD_ENTRY_SUBJECT};
	unsigned open = 0, there = TOLD_ENTRY_LEAF;
	enum told_status status = open_parts(m, reader, &open);
	for (int i = 0; i < TOLD_PART_COUNT; i++)
		there |= reader->state[i] != TOLD_PART_GONE ? parts[i] : 0;
	if (status == TOLD_OK)
		status = run(m, m->entry, reader->index, open & TOLD_ENTRY_LEAF);
	if (status == TOLD_OK && (open & there & ~(unsigned)TOLD_ENTRY_LEAF) != 0)
		status = run(m, m->detail, reader->index, open);
	if (status == TOLD_OK && (there & ~open) != 0)
		status = put_withheld(m, reader, there & ~open);
	m->out->shown += (open & TOLD_ENTRY_LEAF) != 0;
	m->out->withheld += (open & TOLD_ENTRY_LEAF) == 0;
	return status;
}

static enum told_status put_log(struct making *m)
{
	struct told_reader reader;
	enum told_status status = whole_partnership(m) ? TOLD_OK : find_theirs(m);
	if (status == TOLD_OK)
		status = told_reader_open(&m->out->source, m->log, 0, &reader);
	else
		return status;
	while (status == TOLD_OK && reader.there) {
		status = put_entry(m, &reader);
		if (status == TOLD_OK)
			status = told_reader_next(&reader);
	}
	told_reader_close(&reader);
	return status;
}

static enum told_status put_logs(struct making *m)
{
	bool found = false;
	m->log = INT64_MIN;
	enum told_status status = told_source_next_log(&m->out->source, m->log, &m->log, &found);
	while (status == TOLD_OK && found) {
		status = put_log(m);
		if (status == TOLD_OK)
			status = told_source_next_log(&m->out->source, m->log, &m->log, &found);
	}
	return status;
}

/* ---- what stands beside the entries ---- */

/* An entry whose leaf and ruling are open is the party's own. */
#define IS_OWN(table)                                                                                                  \
	" WHERE NOT EXISTS (SELECT 1 FROM made.withheld w WHERE w.log = " table ".log AND w.idx = " table              \
	".idx AND w.parts & 5 <> 0)"
#define IS_SHOWN(table)                                                                                                \
	" WHERE NOT EXISTS (SELECT 1 FROM made.withheld w WHERE w.log = " table ".log AND w.idx = " table              \
	".idx AND w.parts & 1 <> 0)"

/* The tree and who signed it: nothing in it says anything of anybody. */
static const char tree_sql[] = "INSERT INTO made.tile SELECT log, level, n, data FROM main.tile;"
			       "INSERT INTO made.tree_head SELECT log, size, root FROM main.tree_head;"
			       "INSERT INTO made.checkpoint SELECT log, size, note FROM main.checkpoint;"
			       "INSERT INTO made.cosignature SELECT log, size, name, line FROM main.cosignature;"
			       "INSERT INTO made.timestamp SELECT log, size, token FROM main.timestamp;"
			       "INSERT INTO made.meta SELECT key, value FROM main.meta;";
static const char party_sql[] =
	"INSERT INTO made.message SELECT seq, log, idx, txid, id, sender, type, envelope FROM main.message" IS_OWN(
		"message") ";"
			   "INSERT INTO made.fact SELECT log, idx, type, client, envelope, attachment FROM "
			   "main.fact" IS_SHOWN("fact") ";"
							"INSERT INTO made.duplicate SELECT sender, id, header_hash, "
							"log, idx, until_ms FROM main.duplicate" IS_OWN(
								"duplicate") ";";
/* Signed headers name people and workers, but for those of agreements, partners and copies (types 20, 25, 45). */
static const char partnership_sql[] =
	"INSERT INTO made.message SELECT seq, log, idx, txid, id, sender, type, x'' FROM main.message;"
	"INSERT INTO made.fact SELECT log, idx, type, client, envelope, attachment FROM main.fact"
	" WHERE type IN (20, 25, 45);"
	"INSERT INTO made.duplicate SELECT sender, id, header_hash, log, idx, until_ms FROM main.duplicate;";

static enum told_status put_beside(const struct making *m)
{
	int code = sqlite3_exec(m->db, tree_sql, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(m->db, whole_partnership(m) ? partnership_sql : party_sql, NULL, NULL, NULL);
	return status_of(code);
}

/* ---- the signature ---- */

static enum told_status put_order(struct making *m)
{
	static const char list[] = "SELECT log, idx, parts, person, worker FROM made.withheld ORDER BY log, idx";
	struct told_buf statement = TOLD_BUF(LEAST_ROOM);
	sqlite3_stmt *put = NULL;
	m->order->entries = m->out->shown + m->out->withheld;
	enum told_status status = told_excerpt_statement(&m->out->source.store, list, m->order, &statement);
	if (status == TOLD_OK)
		status = told_ed25519_sign(m->out->seed, told_buf_view(&statement), m->order->signature);
	told_buf_free(&statement);
	if (status != TOLD_OK)
		return status;
	int code = sqlite3_prepare_v2(m->db, "INSERT INTO made.audit_copy VALUES (?1, ?2, ?3, ?4, ?5)", -1, &put, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(put, 1, m->order->log);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(put, 2, (int64_t)m->order->index);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int64(put, 3, (int64_t)m->order->entries);
	if (code == SQLITE_OK)
		code = sqlite3_bind_blob(put, 4, m->order->operator_key, TOLD_KEY_BYTES, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_bind_blob(put, 5, m->order->signature, TOLD_SIGNATURE_BYTES, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(put);
	sqlite3_finalize(put);
	return status_of(code);
}

/* Who signs the list is who ordered the copy. */
static enum told_status take_key(struct making *m)
{
	told_hash id;
	enum told_status status = told_ed25519_public(m->out->seed, m->order->operator_key);
	told_key_id(m->order->operator_key, &id);
	if (status == TOLD_OK && memcmp(id.b, m->order->operator_key_id, TOLD_HASH_BYTES) != 0)
		status = TOLD_E_KEY;
	return status;
}

enum told_status told_excerpt_make(struct told_excerpt_making *out)
{
	struct making m = {.out = out, .order = &out->source.excerpt, .db = out->source.store.db};
	enum told_status status = take_key(&m);
	if (status == TOLD_OK)
		status = told_random(m.names_key, sizeof m.names_key);
	if (status == TOLD_OK)
		status = prepare(&m);
	if (status == TOLD_OK)
		status = put_logs(&m);
	if (status == TOLD_OK)
		status = put_beside(&m);
	if (status == TOLD_OK)
		status = put_order(&m);
	finish(&m);
	return status;
}
