/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over all entries and the details beside them. Touches the store for reading only. */
#include "evidence/audit/read/events.h"

#include "evidence/audit/read/reader.h"
#include "told/proof.h"

#include <string.h>

enum told_status told_beside_open(struct told_audit_store *store, const char *sql, struct told_bytes blob,
				  const int64_t *numbers, size_t n, struct told_rows *out)
{
	*out = (struct told_rows){0};
	if (sqlite3_prepare_v2(store->db, sql, -1, &out->statement, NULL) != SQLITE_OK)
		return sqlite3_errcode(store->db) == SQLITE_ERROR ? TOLD_OK : TOLD_E_CORRUPT;
	int at = 1;
	if (blob.len > 0 &&
	    sqlite3_bind_blob(out->statement, at++, blob.data, (int)blob.len, SQLITE_TRANSIENT) != SQLITE_OK)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < n; i++)
		if (sqlite3_bind_int64(out->statement, at++, numbers[i]) != SQLITE_OK)
			return TOLD_E_INTERNAL;
	out->there = true;
	return told_rows_next(out);
}

/* ---- events ---- */

static void count(const struct told_reader *reader, struct told_events_seen *seen)
{
	bool closed = false, broken = reader->leaf == NULL && reader->entry.len > 0;
	for (int i = 0; reader->leaf != NULL && i < TOLD_PART_COUNT; i++) {
		closed |= reader->state[i] == TOLD_PART_GONE || reader->state[i] == TOLD_PART_WITHHELD;
		broken |= reader->state[i] == TOLD_PART_FALSE;
	}
	seen->entries++;
	seen->withheld += reader->entry.len == 0;
	seen->closed += closed;
	seen->broken += broken;
}

static enum told_status one(const struct told_reader *reader, int64_t log, told_audit_hear *hear, void *ctx)
{
	const struct told_audit_event event = {
		.log = (uint64_t)log,
		.index = reader->index,
		.leaf = reader->leaf,
		.facts = reader->facts,
		.ruling = reader->ruling,
		.subject = reader->subject,
		.person = reader->person,
	};
	return reader->leaf != NULL ? hear(ctx, &event) : TOLD_OK;
}

static enum told_status each_of(struct told_source *source, int64_t log, told_audit_hear *hear, void *ctx,
				struct told_events_seen *seen)
{
	struct told_reader reader;
	enum told_status status = told_reader_open(source, log, 0, &reader);
	while (status == TOLD_OK && reader.there) {
		count(&reader, seen);
		status = one(&reader, log, hear, ctx);
		if (status == TOLD_OK)
			status = told_reader_next(&reader);
	}
	told_reader_close(&reader);
	return status;
}

enum told_status told_events_each(struct told_source *source, told_audit_hear *hear, void *ctx,
				  struct told_events_seen *seen)
{
	int64_t log = INT64_MIN;
	bool found = false;
	*seen = (struct told_events_seen){0};
	enum told_status status = told_source_next_log(source, log, &log, &found);
	while (status == TOLD_OK && found) {
		status = each_of(source, log, hear, ctx, seen);
		if (status == TOLD_OK)
			status = told_source_next_log(source, log, &log, &found);
	}
	return status;
}

/* ---- headers ---- */

enum told_status told_headers_open(struct told_audit_store *store, struct told_headers *headers)
{
	static const char messages[] = "SELECT log, idx, envelope FROM message ORDER BY seq";
	static const char facts[] = "SELECT log, idx, envelope FROM fact ORDER BY log, idx";
	headers->store = store;
	enum told_status status = told_arena_new(4 * TOLD_DECODE_FACTOR * TOLD_ENVELOPE_MAX_BYTES, &headers->arena);
	if (status == TOLD_OK)
		status = told_beside_open(store, messages, told_bytes(NULL, 0), NULL, 0, &headers->messages);
	if (status == TOLD_OK)
		status = told_beside_open(store, facts, told_bytes(NULL, 0), NULL, 0, &headers->facts);
	return status;
}

void told_headers_close(struct told_headers *headers)
{
	told_rows_close(&headers->messages);
	told_rows_close(&headers->facts);
	told_arena_free(headers->arena);
	*headers = (struct told_headers){0};
}

/* Rows ascend like the events that ask for them: those behind are passed by. */
static enum told_status go_to(struct told_rows *rows, const struct told_audit_event *event, bool *found)
{
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && rows->there &&
	       (told_rows_u64(rows, 0) < event->log ||
		(told_rows_u64(rows, 0) == event->log && told_rows_u64(rows, 1) < event->index)))
		status = told_rows_next(rows);
	*found = rows->there && told_rows_u64(rows, 0) == event->log && told_rows_u64(rows, 1) == event->index;
	return status;
}

static enum told_status decode(struct told_headers *headers, struct told_bytes envelope_bytes,
			       const struct told_audit_event *event, const struct told_header **out)
{
	struct told_envelope *envelope = NULL;
	struct told_header *header = NULL;
	told_hash hash;
	told_arena_reset(headers->arena);
	enum told_status status = told_envelope_decode(envelope_bytes, headers->arena, &envelope);
	if (status == TOLD_OK)
		status = told_header_decode(envelope->header, headers->arena, &header);
	if (status != TOLD_OK)
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
	told_sha256(envelope->header, &hash);
	if (event->facts == NULL || told_bytes_equal(event->facts->header_hash, told_bytes(hash.b, sizeof hash.b)))
		*out = header;
	return TOLD_OK;
}

/* A message that waited was written down when it came; what became of it later has the same txid. */
static enum told_status by_txid(struct told_headers *headers, const struct told_audit_event *event,
				const struct told_header **out)
{
	static const char sql[] = "SELECT envelope FROM message WHERE txid = ?1";
	struct told_rows row;
	enum told_status status = told_beside_open(headers->store, sql, event->leaf->txid, NULL, 0, &row);
	if (status == TOLD_OK && row.there)
		status = decode(headers, told_rows_bytes(&row, 0), event, out);
	told_rows_close(&row);
	return status;
}

enum told_status told_headers_at(struct told_headers *headers, const struct told_audit_event *event,
				 const struct told_header **out)
{
	bool message = false, fact = false;
	*out = NULL;
	enum told_status status = go_to(&headers->messages, event, &message);
	if (status == TOLD_OK)
		status = go_to(&headers->facts, event, &fact);
	if (status != TOLD_OK)
		return status;
	if (!message && !fact)
		return by_txid(headers, event, out);
	return decode(headers, told_rows_bytes(message ? &headers->messages : &headers->facts, 2), event, out);
}

/* ---- words ---- */

void told_join(struct told_buf *out, const char *word)
{
	if (out->len > 0)
		told_buf_put_text(out, ", ");
	told_buf_put_text(out, word);
}

void told_join_codes(struct told_buf *out, enum told_list list, const struct told_u32_list *values)
{
	for (size_t i = 0; i < values->count; i++)
		told_join(out, told_code(list, values->items[i]));
}
