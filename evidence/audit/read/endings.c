/* SPDX-License-Identifier: Apache-2.0 */
/* Reads restore entries and what they state. Touches the tables entry and detail only. */
#include "evidence/audit/read/endings.h"

#include "evidence/audit/read/notes.h"
#include "proto/leaf.h"
#include "told/codes.h"

#include <string.h>

#define ARENA_BYTES (4u * TOLD_DECODE_FACTOR * TOLD_RESTORE_MAX_BYTES + 65536u)

static void take(struct told_bytes data, struct told_bytes salt, struct told_bytes part, struct told_arena *arena,
		 uint64_t log, struct told_ending *out)
{
	struct told_leaf *leaf = NULL;
	struct told_leaf_facts *facts = NULL;
	told_hash commitment;
	if (part.len > TOLD_RESTORE_MAX_BYTES || data.len > TOLD_RESTORE_MAX_BYTES ||
	    told_leaf_decode(data, arena, &leaf) != TOLD_OK || leaf->phase != TOLD_PHASE_RESTORE)
		return;
	told_hmac(salt, part, &commitment);
	if (!told_bytes_equal(leaf->facts, told_bytes(commitment.b, sizeof commitment.b)) ||
	    told_leaf_facts_decode(part, arena, &facts) != TOLD_OK)
		return;
	if (told_origin_number(facts->old_origin) != log || facts->old_root.len != TOLD_HASH_BYTES)
		return;
	*out = (struct told_ending){.there = facts->size_restored < facts->old_size,
				    .restored = facts->size_restored,
				    .anchored = facts->old_size};
	memcpy(out->root.b, facts->old_root.data, sizeof out->root.b);
}

static enum told_status read_one(struct told_source *source, struct told_arena *arena, uint64_t log,
				 struct told_ending *out)
{
	const int64_t first[] = {(int64_t)log + 1, 0};
	struct told_rows entry, detail = {0};
	enum told_status status = told_rows_open(&source->store, TOLD_AUDIT_SQL_ENTRY_AT, first, 2, &entry);
	if (status == TOLD_OK && entry.there)
		status = told_rows_open(&source->store, TOLD_AUDIT_SQL_DETAILS, first, 2, &detail);
	if (status == TOLD_OK && entry.there && detail.there && told_rows_u64(&detail, 0) == 0)
		take(told_rows_bytes(&entry, 0), told_rows_bytes(&detail, 1), told_rows_bytes(&detail, 2), arena, log,
		     out);
	told_rows_close(&detail);
	told_rows_close(&entry);
	return status;
}

enum told_status told_endings_read(struct told_source *source, struct told_endings *out)
{
	struct told_arena *arena = NULL;
	memset(out, 0, sizeof *out);
	enum told_status status = told_arena_new(ARENA_BYTES, &arena);
	for (uint64_t log = 1; status == TOLD_OK && log < TOLD_LOGS_MAX; log++) {
		told_arena_reset(arena);
		status = read_one(source, arena, log, &out->of[log - 1]);
	}
	told_arena_free(arena);
	return status;
}

const struct told_ending *told_ending_of(const struct told_endings *endings, uint64_t log)
{
	bool there = log >= 1 && log <= TOLD_LOGS_MAX && endings->of[log - 1].there;
	return there ? &endings->of[log - 1] : NULL;
}

bool told_ending_lost(const struct told_endings *endings, uint64_t log, uint64_t index)
{
	const struct told_ending *ending = told_ending_of(endings, log);
	return ending != NULL && index >= ending->restored && index < ending->anchored;
}
