/* SPDX-License-Identifier: Apache-2.0 */
/* Who had which key. Touches the table fact only; nothing in it is believed but what its entry commits to, which is
 * judged elsewhere. */
#include "evidence/audit/verify/signers.h"

#include "broker/agree/index.h"
#include "broker/verify/keys.h"
#include "evidence/audit/read/events.h"
#include "proto/message.h"
#include "proto/types.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES (4 * TOLD_DECODE_FACTOR * TOLD_ENVELOPE_MAX_BYTES)

struct signer {
	char party[TOLD_NAME_MAX_BYTES];
	size_t party_len;
	uint8_t key[TOLD_KEY_BYTES];
	told_hash id;
	int64_t log;
	uint64_t index; /* of the entry that gave it */
};

struct told_signers {
	struct signer *items;
	size_t count, room;
	bool part; /* a copy for audit, which may lack the message that gave a key */
	struct told_key_cache *keys;
	struct told_batch_cache batches;
};

/* ---- which there are ---- */

static enum told_status add(struct told_signers *signers, struct told_bytes party, struct told_bytes key, int64_t log,
			    uint64_t index)
{
	if (key.len != TOLD_KEY_BYTES || party.len > TOLD_NAME_MAX_BYTES)
		return TOLD_OK;
	struct signer *more = told_list_room(signers->items, signers->count, &signers->room, sizeof *more, UINT32_MAX);
	if (more == NULL)
		return TOLD_E_MEMORY;
	signers->items = more;
	struct signer *item = &signers->items[signers->count++];
	*item = (struct signer){.party_len = party.len, .log = log, .index = index};
	if (party.len > 0)
		memcpy(item->party, party.data, party.len);
	memcpy(item->key, key.data, sizeof item->key);
	told_key_id(item->key, &item->id);
	return TOLD_OK;
}

static enum told_status hear(struct told_signers *signers, const struct told_header *header, int64_t log,
			     uint64_t index)
{
	if (header->partner != NULL)
		return add(signers, header->partner->party, header->partner->identity_key, log, index);
	if (header->key_record != NULL && header->key_record->action == TOLD_KEY_ACTION_ISSUE)
		return add(signers, header->sender, header->key_record->key, log, index);
	return TOLD_OK;
}

static enum told_status read_keys(struct told_signers *signers, struct told_source *source)
{
	static const char sql[] = "SELECT log, idx, envelope FROM fact WHERE type IN (?1, ?2) ORDER BY log, idx";
	const int64_t types[] = {TOLD_TYPE_PARTNER, TOLD_TYPE_KEY_RECORD};
	struct told_arena *arena = NULL;
	struct told_rows rows = {0};
	enum told_status status = told_arena_new(ARENA_BYTES, &arena);
	if (status == TOLD_OK)
		status = told_beside_open(&source->store, sql, told_bytes(NULL, 0), types, 2, &rows);
	while (status == TOLD_OK && rows.there) {
		struct told_opened_envelope opened;
		told_arena_reset(arena);
		status = told_envelope_open(arena, told_rows_bytes(&rows, 2), &opened);
		if (status == TOLD_OK)
			status = hear(signers, opened.header, sqlite3_column_int64(rows.statement, 0),
				      told_rows_u64(&rows, 1));
		else if (told_status_class(status) == TOLD_CLASS_PEER)
			status = TOLD_OK; /* what is no message gives no key */
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
	if (status == TOLD_OK && operator_key != NULL)
		status = add(signers, told_text("broker"), told_bytes(operator_key, TOLD_KEY_BYTES), INT64_MIN, 0);
	if (status == TOLD_OK && signers->part)
		status = add(signers, told_text("broker"), told_bytes(source->excerpt.operator_key, TOLD_KEY_BYTES),
			     INT64_MIN, 0);
	return status == TOLD_OK && !source->tiles ? read_keys(signers, source) : status;
}

void told_signers_free(struct told_signers *signers)
{
	if (signers == NULL)
		return;
	told_key_cache_free(signers->keys);
	free(signers->items);
	free(signers);
}

/* ---- who signed ---- */

static bool was_before(const struct signer *signer, int64_t log, uint64_t index)
{
	return signer->log < log || (signer->log == log && signer->index < index);
}

static const struct signer *find(const struct told_signers *signers, struct told_bytes party, struct told_bytes id,
				 int64_t log, uint64_t index)
{
	for (size_t i = 0; i < signers->count; i++) {
		const struct signer *item = &signers->items[i];
		if (told_bytes_equal(id, told_bytes(item->id.b, sizeof item->id.b)) &&
		    told_bytes_equal(party, told_bytes(item->party, item->party_len)) && was_before(item, log, index))
			return item;
	}
	return NULL;
}

static bool of_operator(const struct told_header *header)
{
	const struct told_type_rule *rule = told_type_rule(header->type);
	return rule != NULL && told_type_signed_by(rule, header->sender) == TOLD_KEY_OPERATOR;
}

enum told_status told_signers_check(struct told_signers *signers, int64_t log, uint64_t index,
				    const struct told_opened_envelope *message, enum told_signed *out)
{
	const struct told_header *header = message->header;
	struct told_bytes party = of_operator(header) ? told_text("broker") : header->sender;
	const struct signer *signer = find(signers, party, message->envelope->key_id, log, index);
	*out = signers->part || of_operator(header) ? TOLD_SIGNED_NOT_KNOWN : TOLD_SIGNED_FALSELY;
	if (signer == NULL)
		return TOLD_OK;
	enum told_status status = told_keys_check(signers->keys, &signers->batches, message, signer->key);
	*out = status == TOLD_OK ? TOLD_SIGNED_GOOD : TOLD_SIGNED_FALSELY;
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
}
