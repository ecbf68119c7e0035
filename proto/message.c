/* SPDX-License-Identifier: Apache-2.0 */
/* Making whole messages: sections sealed, wrapped, listed; headers signed in batches; wraps for later grants. Section
 * keys and HPKE contexts live here for one call and are wiped on every path. */
#include "message.h"
#include "types.h"

#include <string.h>

/* What sealing one message needs at hand: the contexts of its recipients, one each. */
struct sealing {
	struct told_arena *arena;
	const struct told_header *header;
	const struct told_seal_to *to;
	size_t to_count;
	struct told_hpke hpke[TOLD_RECIPIENTS_MAX];
	told_hash key_ids[TOLD_RECIPIENTS_MAX];
	struct told_body body;
	size_t sealed_bytes;
};

static enum told_status hpke_to(struct told_bytes sender, const struct told_seal_to *to, told_hash *key_id,
				struct told_hpke *hpke)
{
	struct told_buf info = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	told_key_id(to->key, key_id);
	told_wrap_info(sender, to->recipient, key_id, &info);
	enum told_status status = info.status;
	if (status == TOLD_OK)
		status = told_hpke_send(to->key, told_buf_view(&info), hpke);
	told_buf_free(&info);
	return status;
}

/* Bytes that outlive the call: a copy in the arena. */
static enum told_status keep(struct told_arena *arena, const void *data, size_t len, struct told_bytes *out)
{
	*out = told_arena_copy(arena, told_bytes(data, len));
	return out->len == len ? TOLD_OK : TOLD_E_LIMIT;
}

static enum told_status keep_buf(struct told_arena *arena, struct told_buf *buf, struct told_bytes *out)
{
	enum told_status status = buf->status;
	if (status == TOLD_OK)
		status = keep(arena, buf->data, buf->len, out);
	told_buf_free(buf);
	return status;
}

static enum told_status encode(struct told_arena *arena, enum told_schema schema, const void *message,
			       struct told_bytes *out)
{
	struct told_buf buf = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	enum told_status status = told_encode(schema, message, &buf);
	if (status == TOLD_OK)
		return keep_buf(arena, &buf, out);
	told_buf_free(&buf);
	return status;
}

static enum told_status fill_wrap(struct told_arena *arena, const struct told_seal_to *to, const told_hash *key_id,
				  const struct told_hpke *hpke, const uint8_t message_id[TOLD_ID_BYTES],
				  const told_hash *digest, const uint8_t section_key[TOLD_KEY_BYTES],
				  struct told_wrap *wrap)
{
	uint8_t sealed[TOLD_WRAP_BYTES];
	enum told_status status = told_wrap_seal(hpke, message_id, digest, section_key, sealed);
	wrap->recipient = to->recipient;
	if (status == TOLD_OK)
		status = keep(arena, key_id->b, sizeof key_id->b, &wrap->key_id);
	if (status == TOLD_OK)
		status = keep(arena, hpke->enc, sizeof hpke->enc, &wrap->enc);
	if (status == TOLD_OK)
		status = keep(arena, sealed, sizeof sealed, &wrap->sealed);
	return status;
}

static enum told_status wrap_section(struct sealing *s, const struct told_plain_section *plain,
				     struct told_wrap_list *wraps)
{
	if (s->to_count == 0) /* a deposit is granted later */
		return TOLD_OK;
	wraps->items = told_arena_alloc(s->arena, s->to_count * sizeof *wraps->items);
	if (wraps->items == NULL)
		return TOLD_E_LIMIT;
	wraps->count = s->to_count;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < s->to_count; i++)
		status = fill_wrap(s->arena, &s->to[i], &s->key_ids[i], &s->hpke[i], s->header->id.data, &plain->digest,
				   plain->key, &wraps->items[i]);
	return status;
}

static enum told_status encrypt(struct sealing *s, const struct told_plain_section *plain,
				struct told_sealed_section *sealed)
{
	struct told_buf ciphertext = TOLD_BUF(TOLD_CIPHERTEXT_MAX_BYTES);
	enum told_status status = told_section_seal(plain->key, s->header->sender, s->header->id.data, sealed->header,
						    plain->content, &ciphertext);
	if (status != TOLD_OK) {
		told_buf_free(&ciphertext);
		return status;
	}
	s->sealed_bytes += ciphertext.len;
	status = keep_buf(s->arena, &ciphertext, &sealed->ciphertext);
	return status == TOLD_OK && s->sealed_bytes > TOLD_CIPHERTEXT_MAX_BYTES ? TOLD_E_LIMIT : status;
}

static enum told_status seal_section(struct sealing *s, struct told_plain_section *plain, uint32_t number,
				     struct told_sealed_section *sealed)
{
	uint8_t salt[TOLD_SALT_BYTES];
	told_hash commitment;
	plain->header.number = number;
	enum told_status status = encode(s->arena, TOLD_SCHEMA_SECTION_HEADER, &plain->header, &sealed->header);
	if (status == TOLD_OK)
		status = told_random(plain->key, sizeof plain->key);
	if (status == TOLD_OK)
		status = told_random(salt, sizeof salt);
	if (status == TOLD_OK)
		status = encrypt(s, plain, sealed);
	if (status != TOLD_OK)
		return status;
	told_key_commitment(plain->key, s->header->id.data, number, &commitment);
	told_section_digest(salt, sealed->header, sealed->ciphertext, &commitment, &plain->digest);
	status = keep(s->arena, salt, sizeof salt, &sealed->salt);
	if (status == TOLD_OK)
		status = keep(s->arena, commitment.b, sizeof commitment.b, &sealed->commitment);
	if (status == TOLD_OK)
		status = wrap_section(s, plain, &sealed->wraps);
	return status;
}

/* The signed list: digests shuffled among padding, so that it shows neither number nor order. */
static enum told_status list_digests(struct told_arena *arena, const struct told_plain_section *sections, size_t n,
				     struct told_bytes_list *out)
{
	told_hash digests[TOLD_SECTIONS_MAX], list[TOLD_SECTIONS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		digests[i] = sections[i].digest;
	*out = (struct told_bytes_list){0};
	enum told_status status = told_digest_list(digests, n, list, &count);
	if (status != TOLD_OK || count == 0)
		return status;
	out->items = told_arena_alloc(arena, count * sizeof *out->items);
	if (out->items == NULL)
		return TOLD_E_LIMIT;
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = keep(arena, list[i].b, sizeof list[i].b, &out->items[i]);
	out->count = count;
	return status;
}

static enum told_status open_contexts(struct sealing *s)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < s->to_count; i++)
		status = hpke_to(s->header->sender, &s->to[i], &s->key_ids[i], &s->hpke[i]);
	return status;
}

static enum told_status seal_all(struct sealing *s, struct told_plain_section *sections, size_t count)
{
	if (count == 0)
		return TOLD_OK;
	s->body.sections.items = told_arena_alloc(s->arena, count * sizeof *s->body.sections.items);
	if (s->body.sections.items == NULL)
		return TOLD_E_LIMIT;
	s->body.sections.count = count;
	enum told_status status = open_contexts(s);
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = seal_section(s, &sections[i], (uint32_t)i + 1, &s->body.sections.items[i]);
	return status;
}

static enum told_status finish(struct sealing *s, struct told_header *header, const struct told_plain_section *sections,
			       size_t count, struct told_bytes *header_bytes, struct told_bytes *body_bytes)
{
	enum told_status status = list_digests(s->arena, sections, count, &header->section_digests);
	if (status == TOLD_OK)
		status = told_header_check(header);
	if (status == TOLD_OK)
		status = encode(s->arena, TOLD_SCHEMA_BODY, &s->body, body_bytes);
	if (status == TOLD_OK)
		status = encode(s->arena, TOLD_SCHEMA_HEADER, header, header_bytes);
	return status;
}

enum told_status told_message_seal(struct told_arena *arena, struct told_header *header,
				   struct told_plain_section *sections, size_t section_count,
				   const struct told_seal_to *to, size_t to_count, struct told_bytes *header_bytes,
				   struct told_bytes *body_bytes)
{
	struct sealing s = {.arena = arena, .header = header, .to = to, .to_count = to_count};
	enum told_status status = TOLD_E_LIMIT;
	*header_bytes = *body_bytes = told_bytes(NULL, 0);
	if (section_count > TOLD_SECTIONS_MAX || to_count > TOLD_RECIPIENTS_MAX)
		goto out;
	status = TOLD_E_MALFORMED;
	if (header->id.len != TOLD_ID_BYTES)
		goto out;
	status = seal_all(&s, sections, section_count);
	if (status == TOLD_OK)
		status = finish(&s, header, sections, section_count, header_bytes, body_bytes);
out:
	for (size_t i = 0; i < TOLD_RECIPIENTS_MAX; i++)
		told_hpke_wipe(&s.hpke[i]);
	for (size_t i = 0; status != TOLD_OK && i < section_count; i++)
		told_wipe(sections[i].key, sizeof sections[i].key);
	if (status != TOLD_OK)
		*header_bytes = *body_bytes = told_bytes(NULL, 0);
	return status;
}

/* ---- Batches ---- */

struct batch {
	told_hash leaves[TOLD_BATCH_MAX];
	told_hash paths[TOLD_BATCH_MAX * TOLD_PATH_MAX];
	size_t path_counts[TOLD_BATCH_MAX];
	uint8_t signature[TOLD_SIGNATURE_BYTES];
	told_hash key_id;
};

static enum told_status frame(struct told_arena *arena, const struct batch *batch, struct told_bytes header,
			      uint32_t count, uint32_t index, struct told_bytes *out)
{
	struct told_bytes path[TOLD_PATH_MAX];
	size_t n = batch->path_counts[index];
	for (size_t i = 0; i < n; i++)
		path[i] = told_bytes(batch->paths[index * TOLD_PATH_MAX + i].b, TOLD_HASH_BYTES);
	struct told_envelope envelope = {
		.header = header,
		.key_id = told_bytes(batch->key_id.b, sizeof batch->key_id.b),
		.signature = told_bytes(batch->signature, sizeof batch->signature),
		.count = count,
		.index = index,
		.path = {.items = path, .count = n},
	};
	return encode(arena, TOLD_SCHEMA_ENVELOPE, &envelope, out);
}

enum told_status told_envelopes_sign(struct told_arena *arena, struct told_signer *signer,
				     const uint8_t key[TOLD_KEY_BYTES], const struct told_bytes *headers,
				     const uint32_t *types, size_t count, struct told_bytes *envelopes)
{
	if (count < 1 || count > TOLD_BATCH_MAX)
		return TOLD_E_LIMIT;
	struct batch *batch = told_arena_alloc(arena, sizeof *batch);
	if (batch == NULL)
		return TOLD_E_LIMIT;
	for (size_t i = 0; i < count; i++) {
		if (told_type_rule(types[i]) == NULL)
			return TOLD_E_UNKNOWN;
		told_header_leaf(told_text(told_code(TOLD_LIST_TYPE, types[i])), headers[i], &batch->leaves[i]);
	}
	told_key_id(key, &batch->key_id);
	enum told_status status = told_batch_sign(signer, key, batch->leaves, (uint32_t)count, batch->signature,
						  batch->paths, batch->path_counts);
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = frame(arena, batch, headers[i], (uint32_t)count, (uint32_t)i, &envelopes[i]);
	return status;
}

/* ---- Wraps for grants ---- */

void told_wrap_hash(const struct told_wrap *wrap, told_hash *out)
{
	uint8_t both[TOLD_KEY_BYTES + TOLD_WRAP_BYTES] = {0};
	if (wrap->enc.len == TOLD_KEY_BYTES && wrap->sealed.len == TOLD_WRAP_BYTES) {
		memcpy(both, wrap->enc.data, TOLD_KEY_BYTES);
		memcpy(both + TOLD_KEY_BYTES, wrap->sealed.data, TOLD_WRAP_BYTES);
	}
	told_sha256(told_bytes(both, sizeof both), out);
}

enum told_status told_wrap_make(struct told_arena *arena, struct told_bytes sender, const struct told_seal_to *to,
				const uint8_t message_id[TOLD_ID_BYTES], const told_hash *digest,
				const uint8_t section_key[TOLD_KEY_BYTES], struct told_wrap *wrap, told_hash *wrap_hash)
{
	struct told_hpke hpke = {0};
	told_hash key_id;
	*wrap = (struct told_wrap){0};
	enum told_status status = hpke_to(sender, to, &key_id, &hpke);
	if (status == TOLD_OK)
		status = fill_wrap(arena, to, &key_id, &hpke, message_id, digest, section_key, wrap);
	if (status == TOLD_OK)
		told_wrap_hash(wrap, wrap_hash);
	told_hpke_wipe(&hpke);
	return status;
}
