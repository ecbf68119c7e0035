/* SPDX-License-Identifier: Apache-2.0 */
/* Compares signed messages with their entries and with their senders' keys. Touches the tables fact, message and
 * deposit; whether a detail is what the log commits to is judged where entries are. */
#include "evidence/audit/verify/kept.h"

#include "broker/agree/agreement.h"
#include "evidence/audit/read/events.h"
#include "evidence/audit/read/reader.h"
#include "proto/leaf.h"
#include "proto/message.h"

#include <inttypes.h>
#include <stdio.h>

#define ARENA_BYTES (4 * TOLD_DECODE_FACTOR * TOLD_ENVELOPE_MAX_BYTES + 2 * TOLD_DECODE_FACTOR * TOLD_BODY_MAX_BYTES)

#define TODO                                                                                                           \
	"The log itself may be whole, but a signed message kept beside it is not the one that came: do not rely on "   \
	"flows, client and overrides of this copy, and find out who wrote to the store."

/* Of every statement below; behind them stands what the table files the message under. */
enum column { INDEX, ENVELOPE, ENTRY, FACTS, OWN };

struct kept {
	struct told_rows rows;
	struct told_arena *arena;
	struct told_signers *signers;
	int64_t log;
	bool copy; /* for audit: people stand under other names */
	struct told_report *report;
};

/* One table. filed: whether the columns behind OWN are those of this message. */
struct table {
	const char *sql;
	bool (*filed)(const struct kept *kept, const struct told_header *header);
};

#define SELECT_KEPT "SELECT t.idx, t.envelope, e.data, d.facts, "
#define FROM(table, which)                                                                                             \
	" FROM " table " t LEFT JOIN entry e ON e.log = t.log AND e.idx = t.idx"                                       \
	" LEFT JOIN detail d ON d.log = t.log AND d.idx = t.idx"                                                       \
	" WHERE t.log = ?1" which " ORDER BY t.idx"

/* ---- what it is filed under ---- */

static struct told_bytes own(const struct kept *kept, int column)
{
	return told_rows_bytes(&kept->rows, OWN + column);
}

static bool is_type(const struct kept *kept, const struct told_header *header)
{
	return told_rows_u64(&kept->rows, OWN) == header->type;
}

static bool is_client(const struct kept *kept, const struct told_header *header, int column)
{
	return kept->copy || told_bytes_equal(own(kept, column), header->client_ref);
}

/* The person's key is the one under which the entry's tag was made: it came with the first fact about them. */
static bool is_tagged(const struct kept *kept, const struct told_header *header)
{
	const uint64_t about = TOLD_BIT64(TOLD_TYPE_CONSENT) | TOLD_BIT64(TOLD_TYPE_WITHDRAWAL) |
			       TOLD_BIT64(TOLD_TYPE_FLAG) | TOLD_BIT64(TOLD_TYPE_RELATIONSHIP);
	struct told_buf text = TOLD_BUF(64);
	struct told_leaf *leaf = NULL;
	told_hash hash;
	if (kept->copy || header->client_ref.len == 0 || (about & TOLD_BIT64(header->type)) == 0)
		return true;
	if (told_leaf_decode(told_rows_bytes(&kept->rows, ENTRY), kept->arena, &leaf) != TOLD_OK)
		return true; /* a fault of the entry */
	told_buf_put_bytes(&text, leaf->txid);
	told_buf_put_u32(&text, leaf->phase);
	told_hmac(own(kept, 3), told_buf_view(&text), &hash);
	told_buf_free(&text);
	return told_bytes_equal(leaf->subject_tag, told_bytes(hash.b, TOLD_SUBJECT_TAG_BYTES));
}

/* Of two types nobody's row names a person. */
static bool is_person(const struct kept *kept, const struct told_header *header)
{
	bool nobodys = header->type == TOLD_TYPE_ERASURE || header->type == TOLD_TYPE_AUDIT_COPY;
	return nobodys ? own(kept, 1).len == 0 : is_client(kept, header, 1);
}

/* And the file that the header names. */
static bool filed_fact(const struct kept *kept, const struct told_header *header)
{
	told_hash hash;
	told_sha256(own(kept, 2), &hash);
	if (header->agreement_sign != NULL &&
	    !told_bytes_equal(header->agreement_sign->sha256, told_bytes(hash.b, sizeof hash.b)))
		return false;
	return is_type(kept, header) && is_person(kept, header) && is_tagged(kept, header);
}

static bool filed_message(const struct kept *kept, const struct told_header *header)
{
	struct told_leaf *leaf = NULL;
	return is_type(kept, header) && is_client(kept, header, 1) && told_bytes_equal(own(kept, 2), header->id) &&
	       told_bytes_equal(own(kept, 3), header->sender) &&
	       told_leaf_decode(told_rows_bytes(&kept->rows, ENTRY), kept->arena, &leaf) == TOLD_OK &&
	       told_bytes_equal(own(kept, 4), leaf->txid);
}

/* The section is one that the header names by its digest, and of the category under which it stands. */
static bool filed_section(const struct kept *kept, const struct told_header *header)
{
	struct told_sealed_section *section = NULL;
	struct told_section_header **headers = NULL;
	if (told_sealed_section_decode(own(kept, 5), kept->arena, &section) != TOLD_OK)
		return false;
	const struct told_body body = {.sections = {.items = section, .count = 1}};
	return told_sections_check(kept->arena, header, &body, &headers) == TOLD_OK &&
	       told_rows_u64(&kept->rows, OWN + 6) == headers[0]->category;
}

static bool filed_deposit(const struct kept *kept, const struct told_header *header)
{
	return header->deposit != NULL && told_bytes_equal(own(kept, 0), header->id) && is_client(kept, header, 1) &&
	       told_bytes_equal(own(kept, 2), header->sender) &&
	       told_bytes_equal(own(kept, 3), header->deposit->deposit_id) &&
	       told_rows_u64(&kept->rows, OWN + 4) == header->deposit->version && filed_section(kept, header);
}

static const struct table tables[] = {
	{SELECT_KEPT
	 "t.type, t.client, t.attachment, (SELECT s.key FROM subject s WHERE s.client = t.client)" FROM("fact", ""),
	 filed_fact},
	/* of one that was erased (state 5, then 6) the row alone is left */
	{SELECT_KEPT "t.type, t.client, t.id, t.sender, t.txid" FROM("message", " AND t.state < 5"), filed_message},
	{SELECT_KEPT "t.id, t.client, t.originator, t.deposit_id, t.version, t.section, t.category" FROM("deposit", ""),
	 filed_deposit},
};

/* ---- one message ---- */

static bool same_header(const struct told_opened_envelope *opened, const struct told_leaf_facts *facts)
{
	return facts->header_hash.len == 0 || /* an entry of the broker's own */
	       told_bytes_equal(facts->header_hash, told_bytes(opened->hash.b, sizeof opened->hash.b));
}

static void integrity(struct kept *kept, const char *what)
{
	uint64_t index = told_rows_u64(&kept->rows, INDEX);
	told_report_fault(kept->report, TOLD_CLAIM_INTEGRITY, index, index, TODO, "entry %" PRIu64 ": %s", index, what);
}

/* When it came; what was held then was recorded again later. */
static uint64_t came_ms(struct kept *kept)
{
	struct told_leaf *leaf = NULL;
	enum told_status status = told_leaf_decode(told_rows_bytes(&kept->rows, ENTRY), kept->arena, &leaf);
	return status == TOLD_OK ? told_txid_ms(leaf->txid) : 0; /* else a fault of the entry */
}

static enum told_status check_signature(struct kept *kept, const struct told_opened_envelope *opened)
{
	static const char *const words[] = {
		[TOLD_SIGNED_FALSELY] = "is not signed by its sender",
		[TOLD_SIGNED_TOO_LATE] = "is signed with a key of its sender's that was over by then",
		[TOLD_SIGNED_NOT_KNOWN] = NULL,
	};
	const struct told_signed_at at = {kept->log, told_rows_u64(&kept->rows, INDEX), came_ms(kept)};
	enum told_signed is = TOLD_SIGNED_FALSELY;
	enum told_status status = told_signers_check(kept->signers, at, opened, &is);
	kept->report->signed_messages += is == TOLD_SIGNED_GOOD;
	kept->report->unknown_signers += is == TOLD_SIGNED_NOT_KNOWN;
	if (status == TOLD_OK && words[is] != NULL)
		told_report_fault(kept->report, TOLD_CLAIM_SIGNATURE, at.index, at.index, TODO,
				  "entry %" PRIu64 ": the message kept beside it %s", at.index, words[is]);
	return status;
}

static enum told_status compare(struct kept *kept, const struct table *table)
{
	struct told_leaf_facts *facts = NULL;
	struct told_opened_envelope opened;
	struct told_bytes stated = told_rows_bytes(&kept->rows, FACTS);
	enum told_status status = TOLD_OK;
	if (stated.len > 0)
		status = told_leaf_facts_decode(stated, kept->arena, &facts);
	if (status != TOLD_OK) /* a fault of the detail */
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
	status = told_envelope_open(kept->arena, told_rows_bytes(&kept->rows, ENVELOPE), &opened);
	if (status != TOLD_OK && told_status_class(status) != TOLD_CLASS_PEER)
		return status;
	if (status != TOLD_OK || (facts != NULL && !same_header(&opened, facts))) {
		integrity(kept, "the signed message kept beside it is not the one that it commits to");
		return TOLD_OK;
	}
	if (!table->filed(kept, opened.header))
		integrity(kept, "the signed message kept beside it is filed as what it is not");
	return check_signature(kept, &opened);
}

/* One without an entry is found where rows are (kept_rows.c). */
static enum told_status judge(struct kept *kept, const struct table *table)
{
	told_arena_reset(kept->arena);
	return told_rows_null(&kept->rows, ENTRY) ? TOLD_OK : compare(kept, table);
}

static enum told_status each(struct kept *kept, struct told_source *source, const struct table *table)
{
	enum told_status status =
		told_beside_open(&source->store, table->sql, told_bytes(NULL, 0), &kept->log, 1, &kept->rows);
	while (status == TOLD_OK && kept->rows.there) {
		status = judge(kept, table);
		if (status == TOLD_OK)
			status = told_rows_next(&kept->rows);
	}
	told_rows_close(&kept->rows);
	return status;
}

enum told_status told_kept_check(struct told_source *source, struct told_signers *signers, int64_t log,
				 struct told_report *report)
{
	struct kept kept = {.signers = signers, .log = log, .copy = source->excerpt.there, .report = report};
	if (source->tiles)
		return TOLD_OK;
	enum told_status status = told_arena_new(ARENA_BYTES, &kept.arena);
	for (size_t i = 0; status == TOLD_OK && i < sizeof tables / sizeof tables[0]; i++)
		status = each(&kept, source, &tables[i]);
	told_arena_free(kept.arena);
	return status;
}
