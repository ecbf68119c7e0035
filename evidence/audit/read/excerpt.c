/* SPDX-License-Identifier: Apache-2.0 */
/* What a copy for audit says of itself, held against the log. Touches the tables audit_copy, withheld and fact, and the
 * one entry that orders the copy. */
#include "evidence/audit/read/excerpt.h"

#include "evidence/audit/base/words.h"
#include "evidence/audit/read/events.h"
#include "evidence/audit/read/reader.h"
#include "told/codes.h"
#include "told/seal.h"

#include <string.h>

#define STATEMENT_LABEL "told/1/audit-copy"
#define VALUE_MAX_BYTES 1024u /* a row of the list: numbers and two short names */

const char told_excerpt_schema[] =
	"CREATE TABLE made.entry(log INTEGER NOT NULL, idx INTEGER NOT NULL, data BLOB NOT NULL, leaf_hash BLOB NOT "
	"NULL,"
	" PRIMARY KEY(log, idx)) WITHOUT ROWID;"
	"CREATE TABLE made.tile(log INTEGER NOT NULL, level INTEGER NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL,"
	" PRIMARY KEY(log, level, n)) WITHOUT ROWID;"
	"CREATE TABLE made.tree_head(log INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,"
	" PRIMARY KEY(log, size)) WITHOUT ROWID;"
	"CREATE TABLE made.checkpoint(log INTEGER NOT NULL, size INTEGER NOT NULL, note BLOB NOT NULL,"
	" PRIMARY KEY(log, size)) WITHOUT ROWID;"
	"CREATE TABLE made.cosignature(log INTEGER NOT NULL, size INTEGER NOT NULL, name TEXT NOT NULL, line BLOB NOT"
	" NULL, PRIMARY KEY(log, size, name)) WITHOUT ROWID;"
	"CREATE TABLE made.timestamp(log INTEGER NOT NULL, size INTEGER NOT NULL, token BLOB NOT NULL,"
	" PRIMARY KEY(log, size)) WITHOUT ROWID;"
	"CREATE TABLE made.detail(log INTEGER NOT NULL, idx INTEGER NOT NULL, facts_salt BLOB, facts BLOB, ruling_salt"
	" BLOB, ruling BLOB, subject_salt BLOB, subject BLOB, PRIMARY KEY(log, idx)) WITHOUT ROWID;"
	"CREATE TABLE made.message(seq INTEGER PRIMARY KEY, log INTEGER NOT NULL, idx INTEGER NOT NULL, txid BLOB NOT "
	"NULL,"
	" id BLOB NOT NULL, sender TEXT NOT NULL, type INTEGER NOT NULL, envelope BLOB NOT NULL);"
	"CREATE TABLE made.fact(log INTEGER NOT NULL, idx INTEGER NOT NULL, type INTEGER NOT NULL, client BLOB, "
	"envelope"
	" BLOB NOT NULL, attachment BLOB, PRIMARY KEY(log, idx)) WITHOUT ROWID;"
	"CREATE TABLE made.duplicate(sender TEXT NOT NULL, id BLOB NOT NULL, header_hash BLOB NOT NULL, log INTEGER NOT"
	" NULL, idx INTEGER NOT NULL, until_ms INTEGER NOT NULL, PRIMARY KEY(sender, id)) WITHOUT ROWID;"
	"CREATE TABLE made.meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE made.audit_copy(log INTEGER NOT NULL, idx INTEGER NOT NULL, entries INTEGER NOT NULL,"
	" operator_key BLOB NOT NULL, signature BLOB NOT NULL);"
	"CREATE TABLE made.withheld(log INTEGER NOT NULL, idx INTEGER NOT NULL, parts INTEGER NOT NULL, person BLOB,"
	" worker BLOB, PRIMARY KEY(log, idx)) WITHOUT ROWID;";

/* ---- the order, as it was logged ---- */

static void take_name(struct told_bytes name, char out[TOLD_NAME_MAX_BYTES + 1])
{
	size_t len = name.len <= TOLD_NAME_MAX_BYTES ? name.len : 0;
	if (len > 0)
		memcpy(out, name.data, len);
	out[len] = '\0';
}

static void take_order(const struct told_audit_copy_part *part, struct told_excerpt *out)
{
	take_name(part->party, out->party);
	take_name(part->asker, out->asker);
	out->purpose = part->purpose;
	out->asked_by = part->asked_by;
	out->until_ms = part->until_ms;
}

/* The signed header that is kept beside the entry, if it is the one that the entry commits to. */
static enum told_status read_header(struct told_source *source, const struct told_reader *entry,
				    struct told_excerpt *out)
{
	static const char sql[] = "SELECT envelope FROM fact WHERE log = ?1 AND idx = ?2";
	const int64_t place[] = {out->log, (int64_t)out->index};
	struct told_rows row;
	struct told_envelope *envelope = NULL;
	struct told_header *header = NULL;
	told_hash hash;
	enum told_status status = told_beside_open(&source->store, sql, told_bytes(NULL, 0), place, 2, &row);
	if (status == TOLD_OK && row.there)
		status = told_envelope_decode(told_rows_bytes(&row, 0), entry->arena, &envelope);
	if (status == TOLD_OK && envelope != NULL)
		status = told_header_decode(envelope->header, entry->arena, &header);
	if (status == TOLD_OK && (header == NULL || header->audit_copy == NULL))
		status = TOLD_E_NOT_FOUND;
	if (status == TOLD_OK) {
		told_sha256(envelope->header, &hash);
		status = told_bytes_equal(entry->facts->header_hash, told_bytes(hash.b, sizeof hash.b)) ? TOLD_OK
													: TOLD_E_PROOF;
	}
	if (status == TOLD_OK)
		take_order(header->audit_copy, out);
	told_rows_close(&row);
	return told_status_class(status) == TOLD_CLASS_PEER && status != TOLD_E_NOT_FOUND ? TOLD_E_PROOF : status;
}

static bool is_order(const struct told_reader *entry, uint64_t index)
{
	return entry->there && entry->index == index && entry->leaf != NULL && entry->facts != NULL &&
	       entry->leaf->type == TOLD_TYPE_AUDIT_COPY && entry->leaf->phase == TOLD_PHASE_ADMIN;
}

enum told_status told_excerpt_order(struct told_source *source, int64_t log, uint64_t index, struct told_excerpt *out)
{
	struct told_reader entry;
	out->log = log;
	out->index = index;
	enum told_status status = told_reader_open(source, log, index, &entry);
	if (status == TOLD_OK && !is_order(&entry, index))
		status = TOLD_E_NOT_FOUND;
	if (status == TOLD_OK && entry.leaf->signer_key_id.len == TOLD_HASH_BYTES)
		memcpy(out->operator_key_id, entry.leaf->signer_key_id.data, TOLD_HASH_BYTES);
	if (status == TOLD_OK)
		status = read_header(source, &entry, out);
	told_reader_close(&entry);
	return status;
}

/* ---- the copy ---- */

/* What the copy says of itself; nothing of it is believed yet. */
static enum told_status read_row(struct told_audit_store *store, struct told_excerpt *out)
{
	static const char sql[] = "SELECT log, idx, entries, operator_key, signature FROM audit_copy LIMIT 1";
	struct told_rows row;
	enum told_status status = told_beside_open(store, sql, told_bytes(NULL, 0), NULL, 0, &row);
	out->there = status == TOLD_OK && row.there;
	if (out->there) {
		struct told_bytes key = told_rows_bytes(&row, 3), signature = told_rows_bytes(&row, 4);
		out->log = (int64_t)(told_rows_u64(&row, 0) & INT64_MAX);
		out->index = told_rows_u64(&row, 1);
		out->entries = told_rows_u64(&row, 2);
		if (key.len == TOLD_KEY_BYTES && signature.len == TOLD_SIGNATURE_BYTES) {
			memcpy(out->operator_key, key.data, TOLD_KEY_BYTES);
			memcpy(out->signature, signature.data, TOLD_SIGNATURE_BYTES);
		}
	}
	told_rows_close(&row);
	return status;
}

/* What is withheld from nobody's copy is no list: whoever took the order away left it behind. */
static enum told_status no_list(struct told_audit_store *store)
{
	struct told_rows row;
	enum told_status status =
		told_beside_open(store, "SELECT 1 FROM withheld LIMIT 1", told_bytes(NULL, 0), NULL, 0, &row);
	if (status == TOLD_OK && row.there)
		status = TOLD_E_PROOF;
	told_rows_close(&row);
	return status;
}

enum told_status told_excerpt_read(struct told_source *source)
{
	struct told_excerpt *out = &source->excerpt;
	told_hash key_id;
	*out = (struct told_excerpt){0};
	enum told_status status = read_row(&source->store, out);
	if (status == TOLD_OK && !out->there)
		status = no_list(&source->store);
	if (status != TOLD_OK || !out->there)
		return status;
	status = told_excerpt_order(source, out->log, out->index, out);
	told_key_id(out->operator_key, &key_id);
	if (status == TOLD_OK && memcmp(key_id.b, out->operator_key_id, TOLD_HASH_BYTES) != 0)
		status = TOLD_E_PROOF;
	return status == TOLD_E_NOT_FOUND ? TOLD_E_PROOF : status;
}

/* ---- the list ---- */

/* Each row hashed with its lengths, so that no two lists read alike; a chain, because there may be one for each entry.
 */
static enum told_status chain(told_hash *hash, const struct told_rows *row, struct told_buf *bytes)
{
	bytes->len = 0;
	told_buf_put(bytes, hash->b, sizeof hash->b);
	for (int i = 0; i < 3; i++)
		told_buf_put_u64(bytes, told_rows_u64(row, i));
	for (int i = 3; i < 5; i++)
		told_buf_put_part(bytes, told_rows_bytes(row, i));
	told_sha256(told_buf_view(bytes), hash);
	return bytes->status;
}

static enum told_status hash_list(struct told_audit_store *store, const char *sql, told_hash *hash)
{
	struct told_rows row;
	struct told_buf bytes = TOLD_BUF(VALUE_MAX_BYTES);
	memset(hash, 0, sizeof *hash);
	enum told_status status = told_beside_open(store, sql, told_bytes(NULL, 0), NULL, 0, &row);
	while (status == TOLD_OK && row.there) {
		status = chain(hash, &row, &bytes);
		if (status == TOLD_OK)
			status = told_rows_next(&row);
	}
	told_rows_close(&row);
	told_buf_free(&bytes);
	return status == TOLD_E_LIMIT ? TOLD_E_PROOF : status;
}

enum told_status told_excerpt_statement(struct told_audit_store *store, const char *list_sql,
					const struct told_excerpt *excerpt, struct told_buf *out)
{
	told_hash hash;
	enum told_status status = hash_list(store, list_sql, &hash);
	told_buf_put_part(out, told_text(STATEMENT_LABEL));
	told_buf_put_u64(out, (uint64_t)excerpt->log);
	told_buf_put_u64(out, excerpt->index);
	told_buf_put_u64(out, excerpt->entries);
	told_buf_put(out, hash.b, sizeof hash.b);
	return status == TOLD_OK ? out->status : status;
}

static enum told_status count_entries(struct told_audit_store *store, uint64_t *count)
{
	struct told_rows row;
	enum told_status status =
		told_beside_open(store, "SELECT count(*) FROM entry", told_bytes(NULL, 0), NULL, 0, &row);
	*count = status == TOLD_OK && row.there ? told_rows_u64(&row, 0) : UINT64_MAX;
	told_rows_close(&row);
	return status;
}

enum told_status told_excerpt_check(struct told_audit_store *store, const struct told_excerpt *excerpt)
{
	static const char list[] = "SELECT log, idx, parts, person, worker FROM withheld ORDER BY log, idx";
	struct told_buf statement = TOLD_BUF(1024);
	uint64_t entries = 0;
	enum told_status status = count_entries(store, &entries);
	if (status == TOLD_OK)
		status = told_excerpt_statement(store, list, excerpt, &statement);
	if (status == TOLD_OK)
		status = told_ed25519_verify(excerpt->operator_key, told_buf_view(&statement), excerpt->signature) ==
						 TOLD_OK &&
					 entries == excerpt->entries
				 ? TOLD_OK
				 : TOLD_E_PROOF;
	told_buf_free(&statement);
	return status;
}

void told_excerpt_words(const struct told_excerpt *excerpt, struct told_buf *out)
{
	char until[TOLD_TIME_BYTES];
	told_time_format(excerpt->until_ms, until);
	if (excerpt->party[0] != '\0')
		told_buf_printf(out, "of the flows of %s", excerpt->party);
	else
		told_buf_put_text(out, "of the whole partnership, people and workers under other names");
	told_buf_printf(out, "; made for %s; asked for by %s", told_words(TOLD_LIST_AUDIT_PURPOSE, excerpt->purpose),
			told_words(TOLD_LIST_AUDIT_ASKER, excerpt->asked_by));
	if (excerpt->asker[0] != '\0')
		told_buf_printf(out, " of %s", excerpt->asker);
	told_buf_printf(out, "; good until %s; ordered in entry %llu", until, (unsigned long long)excerpt->index);
}

/* ---- what is withheld ---- */

enum told_status told_withheld_open(struct told_audit_store *store, int64_t log, uint64_t from,
				    struct told_withheld *out)
{
	static const char sql[] =
		"SELECT idx, parts, person, worker FROM withheld WHERE log = ?1 AND idx >= ?2 ORDER BY idx";
	const int64_t place[] = {log, (int64_t)(from & INT64_MAX)};
	return told_beside_open(store, sql, told_bytes(NULL, 0), place, 2, &out->rows);
}

void told_withheld_close(struct told_withheld *withheld)
{
	told_rows_close(&withheld->rows);
}

enum told_status told_withheld_at(struct told_withheld *withheld, uint64_t index, unsigned *parts)
{
	struct told_rows *rows = &withheld->rows;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && rows->there && told_rows_u64(rows, 0) < index)
		status = told_rows_next(rows);
	bool here = status == TOLD_OK && rows->there && told_rows_u64(rows, 0) == index;
	*parts = here ? (unsigned)told_rows_u64(rows, 1) & TOLD_ENTRY_WHOLE : 0;
	return status;
}

struct told_bytes told_withheld_person(const struct told_withheld *withheld)
{
	return told_rows_bytes(&withheld->rows, 2);
}

struct told_bytes told_withheld_worker(const struct told_withheld *withheld)
{
	return told_rows_bytes(&withheld->rows, 3);
}
