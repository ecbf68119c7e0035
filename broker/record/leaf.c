/* SPDX-License-Identifier: Apache-2.0 */
/* Leaf v1 and its commitments: HMAC-SHA256 under a fresh salt of 32 bytes each, so that nothing can be guessed. */
#include "broker/record/leaf.h"

#include <string.h>

static enum told_status encoded(struct told_arena *arena, enum told_schema schema, const void *message,
				struct told_bytes *out)
{
	struct told_buf buf = TOLD_BUF(TOLD_LEAF_MAX_BYTES);
	enum told_status status = told_encode(schema, message, &buf);
	if (status == TOLD_OK) {
		*out = told_arena_copy(arena, told_buf_view(&buf));
		status = out->len == buf.len ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&buf);
	return status;
}

static enum told_status commit(struct told_arena *arena, struct told_part_bytes *part, struct told_bytes *commitment)
{
	told_hash *hash = told_arena_alloc(arena, sizeof *hash);
	enum told_status status = hash == NULL ? TOLD_E_MEMORY : told_random(part->salt, sizeof part->salt);
	if (status != TOLD_OK)
		return status;
	told_hmac(told_bytes(part->salt, sizeof part->salt), part->bytes, hash);
	*commitment = told_bytes(hash->b, sizeof hash->b);
	return TOLD_OK;
}

/* HMAC-SHA256(subject key, txid || phase) cut to 16 bytes: links a person's entries for whoever holds the key. */
static enum told_status tag(struct told_arena *arena, struct told_leaf *leaf, const uint8_t *subject_key)
{
	uint8_t *bytes = told_arena_alloc(arena, TOLD_HASH_BYTES);
	if (bytes == NULL)
		return TOLD_E_MEMORY;
	leaf->subject_tag = told_bytes(bytes, TOLD_SUBJECT_TAG_BYTES);
	if (subject_key == NULL)
		return told_random(bytes, TOLD_SUBJECT_TAG_BYTES);
	struct told_buf text = TOLD_BUF(64);
	told_hash hash;
	told_buf_put_bytes(&text, leaf->txid);
	told_buf_put_u32(&text, leaf->phase);
	told_hmac(told_bytes(subject_key, TOLD_KEY_BYTES), told_buf_view(&text), &hash);
	memcpy(bytes, hash.b, TOLD_SUBJECT_TAG_BYTES);
	enum told_status status = text.status;
	told_buf_free(&text);
	return status;
}

enum told_status told_leaf_make(struct told_arena *arena, struct told_leaf *leaf, const struct told_leaf_facts *facts,
				struct told_bytes ruling, const struct told_leaf_subject *subject,
				const uint8_t *subject_key, struct told_leaf_made *out)
{
	out->ruling.bytes = ruling;
	leaf->version = 1;
	enum told_status status = encoded(arena, TOLD_SCHEMA_LEAF_FACTS, facts, &out->facts.bytes);
	if (status == TOLD_OK)
		status = encoded(arena, TOLD_SCHEMA_LEAF_SUBJECT, subject, &out->subject.bytes);
	if (status == TOLD_OK)
		status = commit(arena, &out->facts, &leaf->facts);
	if (status == TOLD_OK)
		status = commit(arena, &out->ruling, &leaf->ruling);
	if (status == TOLD_OK)
		status = commit(arena, &out->subject, &leaf->subject);
	if (status == TOLD_OK)
		status = tag(arena, leaf, subject_key);
	if (status == TOLD_OK)
		status = encoded(arena, TOLD_SCHEMA_LEAF, leaf, &out->leaf);
	return status;
}
