/* SPDX-License-Identifier: Apache-2.0 */
/* Compares signed headers with their entries. Touches the tables fact and detail only; whether a detail is what the log
 * commits to is judged where entries are. */
#include "evidence/audit/read/messages.h"

#include "evidence/audit/read/events.h"
#include "proto/leaf.h"
#include "told/codes.h"
#include "told/envelope.h"
#include "told/limits.h"
#include "told/proof.h"

#include <inttypes.h>
#include <stdio.h>

#define ARENA_BYTES (4 * TOLD_DECODE_FACTOR * TOLD_ENVELOPE_MAX_BYTES)

#define TODO                                                                                                           \
	"The log itself may be whole, but a signed message kept beside it is not the one that came: do not rely on "   \
	"flows, client and overrides of this copy, and find out who wrote to the store."

enum column { INDEX, TYPE, CLIENT, ENVELOPE, ATTACHMENT, IS_HERE, FACTS };

static const char sql[] =
	"SELECT f.idx, f.type, f.client, f.envelope, f.attachment, e.idx IS NOT NULL, d.facts FROM fact f"
	" LEFT JOIN entry e ON e.log = f.log AND e.idx = f.idx LEFT JOIN detail d ON d.log = f.log AND d.idx = f.idx"
	" WHERE f.log = ?1 ORDER BY f.idx";

static bool same_header(struct told_bytes header, const struct told_leaf_facts *facts)
{
	told_hash hash;
	told_sha256(header, &hash);
	return told_bytes_equal(facts->header_hash, told_bytes(hash.b, sizeof hash.b));
}

/* The columns by which it is found, and the file that the header names. */
static bool same_row(const struct told_rows *rows, const struct told_header *header, bool copy)
{
	told_hash hash;
	struct told_bytes client = told_rows_bytes(rows, CLIENT), file = told_rows_bytes(rows, ATTACHMENT);
	told_sha256(file, &hash);
	if (header->agreement_sign != NULL &&
	    !told_bytes_equal(header->agreement_sign->sha256, told_bytes(hash.b, sizeof hash.b)))
		return false;
	/* In a copy for audit people stand under other names. */
	return told_rows_u64(rows, TYPE) == header->type &&
	       (copy || client.len == 0 || told_bytes_equal(client, header->client_ref));
}

static enum told_status judge(const struct told_rows *rows, struct told_arena *arena, bool copy, const char **what)
{
	struct told_leaf_facts *facts = NULL;
	struct told_envelope *envelope = NULL;
	struct told_header *header = NULL;
	struct told_bytes stated = told_rows_bytes(rows, FACTS);
	told_arena_reset(arena);
	*what = NULL;
	if (told_rows_u64(rows, IS_HERE) == 0 && !copy)
		*what = "a signed message is kept for it, but the entry is not here";
	if (*what != NULL || stated.len == 0)
		return TOLD_OK;
	enum told_status status = told_leaf_facts_decode(stated, arena, &facts);
	if (status != TOLD_OK) /* a fault of the detail */
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
	status = told_envelope_decode(told_rows_bytes(rows, ENVELOPE), arena, &envelope);
	if (status == TOLD_OK)
		status = told_header_decode(envelope->header, arena, &header);
	if (status == TOLD_OK ? !same_header(envelope->header, facts) : told_status_class(status) == TOLD_CLASS_PEER)
		*what = "the signed message kept beside it is not the one that it commits to";
	else if (status != TOLD_OK)
		return status;
	else if (!same_row(rows, header, copy))
		*what = "the signed message kept beside it is filed as what it is not";
	return TOLD_OK;
}

enum told_status told_messages_check(struct told_source *source, int64_t log, struct told_report *report)
{
	struct told_arena *arena = NULL;
	struct told_rows rows = {0};
	const char *what = NULL;
	bool copy = source->excerpt.there;
	if (source->tiles)
		return TOLD_OK;
	enum told_status status = told_arena_new(ARENA_BYTES, &arena);
	if (status == TOLD_OK)
		status = told_beside_open(&source->store, sql, told_bytes(NULL, 0), &log, 1, &rows);
	while (status == TOLD_OK && rows.there) {
		uint64_t index = told_rows_u64(&rows, INDEX);
		status = judge(&rows, arena, copy, &what);
		if (status == TOLD_OK && what != NULL)
			told_report_fault(report, TOLD_CLAIM_INTEGRITY, index, index, TODO, "entry %" PRIu64 ": %s",
					  index, what);
		if (status == TOLD_OK)
			status = told_rows_next(&rows);
	}
	told_rows_close(&rows);
	told_arena_free(arena);
	return status;
}
