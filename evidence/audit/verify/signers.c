/* SPDX-License-Identifier: Apache-2.0 */
/* Who had which key. Touches the tables fact and entry only; nothing in it is believed but what its entry commits to,
 * which is judged elsewhere. */
#include "evidence/audit/verify/signers.h"

#include "broker/agree/directory.h"
#include "broker/rule/register.h"
#include "broker/rule/table.h"
#include "broker/verify/keys.h"
#include "evidence/audit/read/events.h"
#include "proto/leaf.h"
#include "proto/message.h"
#include "proto/types.h"

#include <stdlib.h>

#define ARENA_BYTES (4 * TOLD_DECODE_FACTOR * TOLD_ENVELOPE_MAX_BYTES + TOLD_DECODE_FACTOR * TOLD_LEAF_MAX_BYTES)

struct told_signers {
	struct told_parties *parties;
	struct told_directory *directory; /* folded as the broker folds it; entries of all logs in one order */
	bool part;                        /* a copy for audit, which may lack the message that gave a key */
	struct told_key_cache *keys;
	struct told_batch_cache batches;
};

/* ---- which there are ---- */

/* Of the logs one behind the other. */
static uint64_t number_of(int64_t log, uint64_t index)
{
	return (uint64_t)log << 48 | (index & (UINT64_MAX >> 16));
}

/* The operator's first key stands in no entry. */
static enum told_status add_operator(struct told_signers *signers, const uint8_t key[TOLD_KEY_BYTES])
{
	struct told_key_fact fact = {
		.action = TOLD_KEY_ACTION_ISSUE,
		.purpose = TOLD_KEY_OPERATOR,
		.key = key,
		.number = 1,
	};
	enum told_status status = told_party_intern(signers->parties, told_text(TOLD_BROKER_PARTY), &fact.party);
	if (status == TOLD_OK)
		status = told_directory_apply_key(signers->directory, (struct told_entry){0}, &fact);
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status; /* no key: nothing was signed with it */
}

/* What the directory refuses gives no key, and ends none. */
static enum told_status hear(struct told_signers *signers, struct told_arena *arena, const struct told_rows *row)
{
	struct told_opened_envelope opened;
	struct told_leaf *leaf = NULL;
	enum told_status status = told_envelope_open(arena, told_rows_bytes(row, 2), &opened);
	if (status == TOLD_OK)
		status = told_leaf_decode(told_rows_bytes(row, 3), arena, &leaf);
	if (status == TOLD_OK) {
		const struct told_entry entry = {
			.number = number_of(sqlite3_column_int64(row->statement, 0), told_rows_u64(row, 1)),
			.utc_ms = (int64_t)leaf->time_ms,
		};
		status = told_register_apply(signers->directory, signers->parties, opened.header, told_bytes(NULL, 0),
					     entry);
	}
	return status == TOLD_E_MEMORY ? status : TOLD_OK;
}

static enum told_status read_keys(struct told_signers *signers, struct told_source *source)
{
	static const char sql[] =
		"SELECT f.log, f.idx, f.envelope, e.data FROM fact f JOIN entry e ON e.log = f.log AND"
		" e.idx = f.idx WHERE f.type IN (?1, ?2) ORDER BY f.log, f.idx";
	const int64_t types[] = {TOLD_TYPE_PARTNER, TOLD_TYPE_KEY_RECORD};
	struct told_arena *arena = NULL;
	struct told_rows rows = {0};
	enum told_status status = told_arena_new(ARENA_BYTES, &arena);
	if (status == TOLD_OK)
		status = told_beside_open(&source->store, sql, told_bytes(NULL, 0), types, 2, &rows);
	while (status == TOLD_OK && rows.there) {
		told_arena_reset(arena);
		status = hear(signers, arena, &rows);
		if (status == TOLD_OK)
			status = told_rows_next(&rows);
	}
	told_rows_close(&rows);
	told_arena_free(arena);
	return status;
}

enum told_status told_signers_new(struct told_source *source, const uint8_t *operator_key, struct told_signers **out)
{
	struct told_signers *signers = *out = calloc(1, sizeof *signers);
	if (signers == NULL)
		return TOLD_E_MEMORY;
	signers->part = source->excerpt.there;
	enum told_status status = told_key_cache_new(&signers->keys);
	if (status == TOLD_OK)
		status = told_parties_new(&signers->parties);
	if (status == TOLD_OK)
		status = told_directory_new(&signers->directory);
	if (status == TOLD_OK && operator_key != NULL)
		status = add_operator(signers, operator_key);
	if (status == TOLD_OK && signers->part)
		status = add_operator(signers, source->excerpt.operator_key);
	return status == TOLD_OK && !source->tiles ? read_keys(signers, source) : status;
}

void told_signers_free(struct told_signers *signers)
{
	if (signers == NULL)
		return;
	told_key_cache_free(signers->keys);
	told_directory_free(signers->directory);
	told_parties_free(signers->parties);
	free(signers);
}

/* ---- who signed ---- */

static const struct told_key *find(const struct told_signers *signers, uint32_t party, enum told_key_purpose purpose,
				   struct told_bytes id)
{
	const struct told_key *key;
	for (size_t i = 0; (key = told_directory_key_at(signers->directory, i)) != NULL; i++)
		if (key->party == party && key->purpose == purpose &&
		    told_bytes_equal(id, told_bytes(key->id.b, sizeof key->id.b)))
			return key;
	return NULL;
}

/* One turn may take a message and then, before it records it, the end of its key: both have one time. */
static enum told_key_standing standing(const struct told_key *key, struct told_signed_at at)
{
	const struct told_when when = {.utc_ms = (int64_t)at.time_ms, .log_size = number_of(at.log, at.index)};
	struct told_key then = *key;
	if (then.revoked.number < when.log_size && then.revoked.utc_ms >= when.utc_ms)
		then.revoked.number = TOLD_WHOLE_LOG;
	return told_key_standing(&then, when);
}

/* What a signature that verifies is worth. */
static enum told_signed worth(const struct told_key *key, struct told_signed_at at)
{
	static const enum told_signed worths[] = {
		[TOLD_KEY_UNKNOWN] = TOLD_SIGNED_FALSELY, [TOLD_KEY_NOT_YET] = TOLD_SIGNED_FALSELY,
		[TOLD_KEY_CURRENT] = TOLD_SIGNED_GOOD,    [TOLD_KEY_GRACE] = TOLD_SIGNED_GOOD,
		[TOLD_KEY_ENDED] = TOLD_SIGNED_TOO_LATE,  [TOLD_KEY_REVOKED] = TOLD_SIGNED_TOO_LATE,
	};
	return worths[standing(key, at)];
}

enum told_status told_signers_check(struct told_signers *signers, struct told_signed_at at,
				    const struct told_opened_envelope *message, enum told_signed *out)
{
	const struct told_header *header = message->header;
	const struct told_type_rule *rule = told_type_rule(header->type);
	enum told_key_purpose purpose = rule != NULL ? told_type_signed_by(rule, header->sender) : TOLD_KEY_NONE;
	bool operator_ = purpose == TOLD_KEY_OPERATOR;
	uint32_t party = told_party_find(signers->parties, operator_ ? told_text(TOLD_BROKER_PARTY) : header->sender);
	const struct told_key *key = find(signers, party, purpose, message->envelope->key_id);
	*out = signers->part || operator_ ? TOLD_SIGNED_NOT_KNOWN : TOLD_SIGNED_FALSELY;
	if (key == NULL)
		return TOLD_OK;
	enum told_status status = told_keys_check(signers->keys, &signers->batches, message, key->key);
	*out = status == TOLD_OK ? worth(key, at) : TOLD_SIGNED_FALSELY;
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
}
