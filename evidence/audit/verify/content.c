/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes entries and checks their commitments (evidence.md section 1 item 4). Touches the table detail only. */
#include "evidence/audit/verify/content.h"

#include "evidence/audit/read/events.h"
#include "proto/leaf.h"
#include "told/codes.h"
#include "told/proof.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* Decoding takes its input's bound twice (codec.c), and the facts of an erasure are the longest that is decoded. */
#define ARENA_BYTES (2 * (TOLD_DECODE_FACTOR * TOLD_LEAF_PART_MAX_BYTES + TOLD_DECODE_EXTRA_BYTES) + 65536u)

#define TODO_ENTRY                                                                                                     \
	"Keep this copy. What stands from this entry on is not what the broker recorded: compare it with a backup "    \
	"and "                                                                                                         \
	"with the agencies' receipts, and find out who wrote to the store."
#define TODO_DETAIL                                                                                                    \
	"The log itself may be whole, but what is kept beside it was changed: rely on the agencies' copies of the "    \
	"opened "                                                                                                      \
	"parts, and find out who wrote to the store."

enum told_status told_content_open(struct told_source *source, int64_t log, struct told_report *report,
				   struct told_content *content)
{
	content->report = report;
	content->source = source;
	content->log = log;
	enum told_status status = told_arena_new(ARENA_BYTES, &content->arena);
	if (status == TOLD_OK)
		status = told_openings_new(source, log, &content->openings);
	if (status == TOLD_OK)
		status = told_withheld_open(&source->store, log, 0, &content->withheld);
	content->party = told_text(source->excerpt.party);
	if (status == TOLD_OK && !source->tiles)
		status = told_beside_open(&source->store, "SELECT idx FROM fact WHERE log = ?1 ORDER BY idx",
					  told_bytes(NULL, 0), &log, 1, &content->signed_rows);
	return status;
}

__attribute__((format(printf, 4, 5))) static void entry_fault(struct told_content *content, uint64_t index,
							      const char *todo, const char *format, ...)
{
	char what[256];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	told_report_fault(content->report, TOLD_CLAIM_INTEGRITY, index, index, todo, "entry %" PRIu64 ": %s", index,
			  what);
}

/* ---- the leaf ---- */

static void check_leaf(struct told_content *content, uint64_t index, const struct told_leaf *leaf)
{
	if (leaf->version != 1)
		entry_fault(content, index, TODO_ENTRY,
			    "it is of version %" PRIu32 ", which this program does not know", leaf->version);
	if (leaf->phase == TOLD_PHASE_NONE || leaf->txid.len != TOLD_ID_BYTES || leaf->time_ms == 0)
		entry_fault(content, index, TODO_ENTRY, "its phase, time or transaction id is missing");
	if (leaf->time_ms < content->time_ms)
		entry_fault(content, index, TODO_ENTRY, "its time lies %" PRIu64 " ms before that of the entry before",
			    content->time_ms - leaf->time_ms);
	/* It counts entries over all logs; an export of a later one does not say how many came before. */
	if (leaf->as_of > content->base + index && (!content->source->tiles || content->log == 1))
		entry_fault(content, index, TODO_ENTRY, "it was ruled as of size %" PRIu64 ", which was still to come",
			    leaf->as_of);
	if (leaf->time_ms > content->time_ms)
		content->time_ms = leaf->time_ms;
	if (leaf->time_ms <= content->report->asked_ms && leaf->time_ms > content->report->newest_asked_ms)
		content->report->newest_asked_ms = leaf->time_ms;
}

/* ---- the details ---- */

static const char *const part_names[TOLD_PART_COUNT] = {
	[TOLD_PART_FACTS] = "record of facts",
	[TOLD_PART_RULING] = "ruling",
	[TOLD_PART_SUBJECT] = "subject",
};

static const unsigned part_bits[TOLD_PART_COUNT] = {TOLD_ENTRY_FACTS, TOLD_ENTRY_RULING, TOLD_ENTRY_SUBJECT};

static void check_part(struct told_content *content, enum told_part part, struct told_bytes committed)
{
	const struct told_opening *opening = told_openings_now(content->openings);
	bool here = opening->state[part] != TOLD_PART_GONE;
	if (here && (content->kept_back & part_bits[part]) != 0)
		entry_fault(content, opening->index, TODO_DETAIL,
			    "its %s is here, and the copy says that it was withheld", part_names[part]);
	const told_hash *commitment = &opening->commitment[part];
	if (opening->state[part] == TOLD_PART_GONE ||
	    (opening->state[part] == TOLD_PART_OPEN &&
	     told_bytes_equal(committed, told_bytes(commitment->b, sizeof commitment->b))))
		return;
	entry_fault(content, opening->index, TODO_DETAIL, "its stored %s is not what it commits to", part_names[part]);
}

/* A timestamp token that a heartbeat says was filed. */
static enum told_status check_token(struct told_content *content, uint64_t index, const struct told_leaf_facts *facts)
{
	static const char sql[] = "SELECT token FROM timestamp WHERE log = ?1 AND size = ?2";
	const int64_t at[] = {content->log, (int64_t)facts->token_size};
	struct told_rows row;
	told_hash hash = {0};
	if (facts->token.len == 0)
		return TOLD_OK;
	enum told_status status = told_beside_open(&content->source->store, sql, told_bytes(NULL, 0), at, 2, &row);
	if (status == TOLD_OK && row.there)
		told_sha256(told_rows_bytes(&row, 0), &hash);
	if (status == TOLD_OK && !told_bytes_equal(facts->token, told_bytes(hash.b, sizeof hash.b)))
		entry_fault(content, index, TODO_DETAIL, "the timestamp that it says was filed is gone, or is another");
	told_rows_close(&row);
	return status;
}

/* The transactions that the facts of an erasure name; the token that a heartbeat does. */
static enum told_status hear_facts(struct told_content *content, uint64_t index, struct told_bytes bytes)
{
	struct told_leaf_facts *facts = NULL;
	if (told_leaf_facts_decode(bytes, content->arena, &facts) != TOLD_OK) {
		entry_fault(content, index, TODO_ENTRY, "the facts of this entry cannot be read");
		return TOLD_OK;
	}
	enum told_status status = check_token(content, index, facts);
	for (size_t i = 0; status == TOLD_OK && i < facts->txids.count; i++)
		status = told_erasures_named(content->erasures, facts->txids.items[i]);
	return status;
}

/* Only facts that the log commits to are listened to. */
static enum told_status hear(struct told_content *content, const struct told_leaf *leaf, uint64_t index)
{
	const int64_t args[] = {content->log, (int64_t)index};
	struct told_rows row;
	told_hash hash;
	enum told_status status = told_rows_open(&content->source->store, TOLD_AUDIT_SQL_FACTS_AT, args, 2, &row);
	if (status == TOLD_OK && row.there) {
		struct told_bytes facts = told_rows_bytes(&row, 1);
		told_hmac(told_rows_bytes(&row, 0), facts, &hash);
		if (told_bytes_equal(leaf->facts, told_bytes(hash.b, sizeof hash.b)))
			status = hear_facts(content, index, facts);
	}
	told_rows_close(&row);
	return status;
}

/* From a copy for audit, as the operator signed: it is not gone, and it is counted. */
static bool is_kept_back(struct told_content *content, enum told_part part)
{
	bool kept_back = (content->kept_back & part_bits[part]) != 0;
	content->report->withheld_parts += kept_back;
	return kept_back;
}

/* What changes the state of the partnership or of a person is kept as it was signed, as long as its details are. */
static enum told_status check_signed(struct told_content *content, uint64_t index, uint32_t phase)
{
	struct told_rows *rows = &content->signed_rows;
	bool open = told_openings_now(content->openings)->state[TOLD_PART_FACTS] == TOLD_PART_OPEN;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && rows->there && told_rows_u64(rows, 0) < index)
		status = told_rows_next(rows);
	bool kept = rows->there && told_rows_u64(rows, 0) == index;
	if (status == TOLD_OK && open && !kept && phase >= TOLD_PHASE_KEY && phase <= TOLD_PHASE_ADMIN &&
	    !content->source->excerpt.there)
		entry_fault(content, index, TODO_DETAIL, "the signed message that it records is not in the store");
	return status;
}

static enum told_status check_details(struct told_content *content, uint64_t index, const struct told_leaf *leaf)
{
	const struct told_opening *opening = told_openings_now(content->openings);
	bool gone = false;
	check_part(content, TOLD_PART_FACTS, leaf->facts);
	check_part(content, TOLD_PART_RULING, leaf->ruling);
	check_part(content, TOLD_PART_SUBJECT, leaf->subject);
	for (enum told_part part = 0; part < TOLD_PART_COUNT; part++)
		gone |= opening->state[part] == TOLD_PART_GONE && !is_kept_back(content, part);
	enum told_status status = check_signed(content, index, leaf->phase);
	if (status == TOLD_OK && gone)
		status = told_erasures_gone(content->erasures, index, leaf->txid);
	if (status == TOLD_OK && (leaf->phase == TOLD_PHASE_ERASURE || leaf->phase == TOLD_PHASE_HEARTBEAT))
		status = hear(content, leaf, index);
	return status;
}

/* Number of the entry whose details stand next; UINT64_MAX behind the last. */
static uint64_t next_details(const struct told_content *content)
{
	const struct told_opening *opening = told_openings_now(content->openings);
	return opening != NULL ? opening->index : UINT64_MAX;
}

static void orphan(struct told_content *content)
{
	uint64_t index = next_details(content);
	told_report_fault(content->report, TOLD_CLAIM_INTEGRITY, index, index, TODO_ENTRY,
			  "entry %" PRIu64 ": its details are in the store, but the entry is not", index);
}

/* Goes to the details of this entry; those before it have none. */
static enum told_status seek(struct told_content *content, uint64_t index)
{
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && next_details(content) < index) {
		orphan(content);
		status = told_openings_next(content->openings);
	}
	return status;
}

static enum told_status check_parts(struct told_content *content, uint64_t index, const struct told_leaf *leaf)
{
	enum told_status status = seek(content, index);
	if (status != TOLD_OK)
		return status;
	bool gone = false;
	for (enum told_part part = 0; next_details(content) != index && part < TOLD_PART_COUNT; part++)
		gone |= !is_kept_back(content, part);
	if (next_details(content) != index)
		return gone ? told_erasures_gone(content->erasures, index, leaf->txid) : TOLD_OK;
	status = check_details(content, index, leaf);
	return status == TOLD_OK ? told_openings_next(content->openings) : status;
}

enum told_status told_content_at(struct told_content *content, uint64_t index, struct told_bytes entry, bool *whole)
{
	enum told_status status = told_withheld_at(&content->withheld, index, &content->kept_back);
	bool kept_back = (content->kept_back & TOLD_ENTRY_LEAF) != 0;
	*whole = !kept_back || entry.len > 0;
	if (kept_back && entry.len > 0)
		entry_fault(content, index, TODO_ENTRY, "it is here, and the copy says that it was withheld");
	content->report->withheld_entries += !*whole;
	return status;
}

enum told_status told_content_check(struct told_content *content, uint64_t index, struct told_bytes entry)
{
	struct told_leaf *leaf = NULL;
	told_arena_reset(content->arena);
	enum told_status status = told_leaf_decode(entry, content->arena, &leaf);
	if (status != TOLD_OK) {
		entry_fault(content, index, TODO_ENTRY, "it is not a leaf: %s", told_status_text(status));
		status = seek(content, index);
		if (status == TOLD_OK && next_details(content) == index)
			status = told_openings_next(content->openings); /* nothing to compare it with */
		return status;
	}
	check_leaf(content, index, leaf);
	bool all_of_them = content->party.len == 0 || told_bytes_equal(leaf->sender, content->party);
	status = all_of_them ? told_senders_add(content->senders, leaf->sender, leaf->sender_seq) : TOLD_OK;
	bool details = !content->source->tiles; /* else it has none at all, and nothing is gone */
	return status == TOLD_OK && details ? check_parts(content, index, leaf) : status;
}

void told_content_end(struct told_content *content)
{
	if (told_openings_now(content->openings) != NULL)
		orphan(content); /* the first of them */
	if (content->time_ms > content->report->newest_entry_ms)
		content->report->newest_entry_ms = content->time_ms;
}

void told_content_close(struct told_content *content)
{
	told_openings_free(content->openings);
	told_rows_close(&content->signed_rows);
	told_withheld_close(&content->withheld);
	told_arena_free(content->arena);
	*content = (struct told_content){0};
}
