/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the keys that a broker keeps for recipients (wraps) with the signed grants that they came with. Touches the
 * tables wrap, deposit and fact only; whether a grant is the one that came is judged where signed messages are. */
#include "evidence/audit/verify/kept.h"

#include "evidence/audit/read/events.h"
#include "proto/message.h"

#include <inttypes.h>

#define ARENA_BYTES (4 * TOLD_DECODE_FACTOR * TOLD_ENVELOPE_MAX_BYTES)

#define TODO                                                                                                           \
	"The log itself may be whole, but a key that the broker keeps for a recipient is not the one that was "        \
	"granted: it opens nothing. Ask its originator to grant again, and find out who wrote to the store."

enum column { INDEX, ENVELOPE, ORIGINATOR, DEPOSIT, RECIPIENT, KEY_ID, ENC, SEALED };

/* The grant is of this section to this key of this recipient, and it is this wrap that it names by its hash. */
static bool names(const struct told_grant_part *grant, struct told_bytes deposit, const struct told_wrap *wrap)
{
	told_hash hash;
	told_wrap_hash(wrap, &hash);
	return told_bytes_equal(grant->message_id, deposit) && told_bytes_equal(grant->recipient, wrap->recipient) &&
	       told_bytes_equal(grant->sealing_key_id, wrap->key_id) &&
	       told_bytes_equal(grant->wrap_hash, told_bytes(hash.b, sizeof hash.b));
}

static enum told_status check(const struct told_rows *row, struct told_arena *arena, bool *granted)
{
	const struct told_wrap wrap = {
		.recipient = told_rows_bytes(row, RECIPIENT),
		.key_id = told_rows_bytes(row, KEY_ID),
		.enc = told_rows_bytes(row, ENC),
		.sealed = told_rows_bytes(row, SEALED),
	};
	struct told_opened_envelope opened;
	*granted = false;
	enum told_status status = told_envelope_open(arena, told_rows_bytes(row, ENVELOPE), &opened);
	if (status != TOLD_OK)
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
	const struct told_grant_part_list *grants = &opened.header->grants;
	bool own = told_bytes_equal(opened.header->sender, told_rows_bytes(row, ORIGINATOR));
	for (size_t i = 0; own && !*granted && i < grants->count; i++)
		*granted = names(&grants->items[i], told_rows_bytes(row, DEPOSIT), &wrap);
	return TOLD_OK;
}

enum told_status told_wraps_check(struct told_source *source, struct told_report *report)
{
	static const char sql[] = "SELECT t.grant_idx, f.envelope, p.originator, t.deposit, t.recipient, t.key_id, "
				  "t.enc, t.sealed FROM wrap t"
				  " LEFT JOIN fact f ON f.log = t.grant_log AND f.idx = t.grant_idx"
				  " LEFT JOIN deposit p ON p.id = t.deposit ORDER BY t.grant_log, t.grant_idx";
	struct told_arena *arena = NULL;
	struct told_rows row = {0};
	if (source->tiles || source->excerpt.there)
		return TOLD_OK;
	enum told_status status = told_arena_new(ARENA_BYTES, &arena);
	if (status == TOLD_OK)
		status = told_beside_open(&source->store, sql, told_bytes(NULL, 0), NULL, 0, &row);
	while (status == TOLD_OK && row.there) {
		uint64_t index = told_rows_u64(&row, INDEX);
		bool granted = false;
		told_arena_reset(arena);
		status = check(&row, arena, &granted);
		if (status == TOLD_OK && !granted)
			told_report_fault(report, TOLD_CLAIM_INTEGRITY, index, index, TODO,
					  "entry %" PRIu64
					  ": a key is kept that it is said to have granted, and it has not",
					  index);
		if (status == TOLD_OK)
			status = told_rows_next(&row);
	}
	told_rows_close(&row);
	told_arena_free(arena);
	return status;
}
