/* SPDX-License-Identifier: Apache-2.0 */
/* Opening whole messages: envelope taken apart, batch signature, sections against the signed list, content for whoever
 * holds a wrap. Nothing is shown before the last check; the order of checks is that of protocol.md section 3. */
#include "message.h"
#include "types.h"

#include <string.h>

#define OPEN_HEAP_BYTES (TOLD_DECODE_FACTOR * TOLD_SECTION_HEADER_MAX_BYTES * 2 + 4 * TOLD_DECODE_EXTRA_BYTES)

static told_hash hash_of(struct told_bytes bytes)
{
	told_hash hash = {0};
	memcpy(hash.b, bytes.data, sizeof hash.b);
	return hash;
}

/* A session message's envelope holds its kind alone and is none of ours. */
static bool envelope_whole(const struct told_envelope *e)
{
	return e->session == TOLD_SESSION_NONE && e->header.len > 0 && e->key_id.len == TOLD_HASH_BYTES &&
	       e->signature.len == TOLD_SIGNATURE_BYTES && e->count >= 1 && e->index < e->count;
}

enum told_status told_envelope_open(struct told_arena *arena, struct told_bytes frame, struct told_opened_envelope *out)
{
	*out = (struct told_opened_envelope){0};
	struct told_envelope *envelope = NULL;
	struct told_header *header = NULL;
	enum told_status status = told_envelope_decode(frame, arena, &envelope);
	if (status == TOLD_OK && !envelope_whole(envelope))
		status = TOLD_E_MALFORMED;
	if (status == TOLD_OK)
		status = told_header_decode(envelope->header, arena, &header);
	if (status == TOLD_OK)
		status = told_header_check(header);
	if (status != TOLD_OK)
		return status;
	out->envelope = envelope;
	out->header = header;
	told_header_leaf(told_text(told_code(TOLD_LIST_TYPE, header->type)), envelope->header, &out->leaf);
	told_sha256(envelope->header, &out->hash);
	return TOLD_OK;
}

enum told_status told_envelope_verify(const struct told_opened_envelope *opened, struct told_verifier *verifier,
				      const uint8_t key[TOLD_KEY_BYTES])
{
	const struct told_envelope *e = opened->envelope;
	told_hash key_id, path[TOLD_PATH_MAX];
	told_key_id(key, &key_id);
	if (!told_bytes_equal(e->key_id, told_bytes(key_id.b, sizeof key_id.b)))
		return TOLD_E_KEY;
	if (e->path.count > TOLD_PATH_MAX)
		return TOLD_E_PROOF;
	for (size_t i = 0; i < e->path.count; i++)
		path[i] = hash_of(e->path.items[i]);
	return told_batch_check(verifier, key, &opened->leaf, e->count, e->index, path, e->path.count,
				e->signature.data);
}

/* ---- Sections ---- */

static enum told_status section_digest(const struct told_sealed_section *section, told_hash *digest)
{
	if (section->header.len == 0 || section->salt.len != TOLD_SALT_BYTES ||
	    section->commitment.len != TOLD_HASH_BYTES || section->ciphertext.len == 0)
		return TOLD_E_MALFORMED;
	told_hash commitment = hash_of(section->commitment);
	told_section_digest(section->salt.data, section->header, section->ciphertext, &commitment, digest);
	return TOLD_OK;
}

/* The place of a digest in the signed list, or its length when it is not there. */
static size_t digest_place(const struct told_header *header, const told_hash *digest)
{
	size_t i = 0;
	while (i < header->section_digests.count &&
	       !told_bytes_equal(header->section_digests.items[i], told_bytes(digest->b, sizeof digest->b)))
		i++;
	return i;
}

/* Marks a place in a set of at most 32; false when it is taken or out of range. */
static bool claim(uint64_t *taken, size_t place)
{
	if (place > TOLD_SECTIONS_MAX || (*taken >> place & 1) != 0)
		return false;
	*taken |= UINT64_C(1) << place;
	return true;
}

static bool named(const struct told_header *header, struct told_bytes party)
{
	for (size_t i = 0; i < header->recipients.count; i++)
		if (told_bytes_equal(header->recipients.items[i], party))
			return true;
	return false;
}

static bool wraps_whole(const struct told_header *header, const struct told_wrap_list *wraps)
{
	for (size_t i = 0; i < wraps->count; i++) {
		const struct told_wrap *w = &wraps->items[i];
		if (w->key_id.len != TOLD_HASH_BYTES || w->enc.len != TOLD_KEY_BYTES ||
		    w->sealed.len != TOLD_WRAP_BYTES || !named(header, w->recipient))
			return false;
	}
	return true;
}

static bool section_header_whole(const struct told_header *header, const struct told_section_header *s)
{
	return s->number >= 1 && s->category != TOLD_CATEGORY_NONE && s->originator.len > 0 && s->recorded_ms > 0 &&
	       s->basis <= header->bases.count;
}

struct seen {
	uint64_t digests, numbers;
	size_t ciphertext_bytes;
};

static enum told_status section_check(struct told_arena *arena, const struct told_header *header,
				      const struct told_sealed_section *section, struct seen *seen,
				      struct told_section_header **out)
{
	told_hash digest;
	enum told_status status = section_digest(section, &digest);
	if (status != TOLD_OK)
		return status;
	size_t place = digest_place(header, &digest);
	if (place == header->section_digests.count || !claim(&seen->digests, place))
		return TOLD_E_DIGEST;
	seen->ciphertext_bytes += section->ciphertext.len;
	if (seen->ciphertext_bytes > TOLD_CIPHERTEXT_MAX_BYTES)
		return TOLD_E_LIMIT;
	status = told_section_header_decode(section->header, arena, out);
	if (status != TOLD_OK)
		return status;
	bool whole = section_header_whole(header, *out) && claim(&seen->numbers, (*out)->number) &&
		     wraps_whole(header, &section->wraps);
	return whole ? TOLD_OK : TOLD_E_MALFORMED;
}

enum told_status told_sections_check(struct told_arena *arena, const struct told_header *header,
				     const struct told_body *body, struct told_section_header ***headers)
{
	struct seen seen = {0};
	size_t n = body->sections.count;
	*headers = NULL;
	if (n > TOLD_SECTIONS_MAX || (header->type == TOLD_TYPE_DEPOSIT && n > 1))
		return TOLD_E_LIMIT;
	struct told_section_header **made = told_arena_alloc(arena, n * sizeof *made);
	if (made == NULL)
		return TOLD_E_LIMIT;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < n; i++)
		status = section_check(arena, header, &body->sections.items[i], &seen, &made[i]);
	if (status == TOLD_OK)
		*headers = made;
	return status;
}

/* ---- Reading ---- */

static bool wrap_for(const struct told_wrap *wrap, const struct told_open_with *with)
{
	told_hash key_id;
	told_key_id(with->key, &key_id);
	return told_bytes_equal(wrap->recipient, with->recipient) &&
	       told_bytes_equal(wrap->key_id, told_bytes(key_id.b, sizeof key_id.b)) &&
	       wrap->enc.len == TOLD_KEY_BYTES && wrap->sealed.len == TOLD_WRAP_BYTES;
}

/* A section's own wraps count only for whom the header names; any other comes with a grant. */
static bool carried_by(const struct told_sealed_section *section, const struct told_wrap *wrap)
{
	for (size_t i = 0; i < section->wraps.count; i++)
		if (&section->wraps.items[i] == wrap)
			return true;
	return false;
}

static enum told_status unwrap(const struct told_header *header, const struct told_wrap *wrap,
			       const struct told_open_with *with, const told_hash *digest, uint8_t key[TOLD_KEY_BYTES])
{
	struct told_buf info = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	struct told_hpke hpke = {0};
	told_hash key_id;
	told_key_id(with->key, &key_id);
	told_wrap_info(header->sender, with->recipient, &key_id, &info);
	enum told_status status = info.status;
	if (status == TOLD_OK)
		status = told_hpke_receive(wrap->enc.data, with->secret, told_buf_view(&info), &hpke);
	if (status == TOLD_OK)
		status = told_wrap_open(&hpke, header->id.data, digest, wrap->sealed.data, key);
	told_hpke_wipe(&hpke);
	told_buf_free(&info);
	return status;
}

static enum told_status section_number(struct told_bytes bytes, uint32_t *number)
{
	struct told_arena *arena = NULL;
	struct told_section_header *header = NULL;
	enum told_status status = told_arena_new(OPEN_HEAP_BYTES, &arena);
	if (status == TOLD_OK)
		status = told_section_header_decode(bytes, arena, &header);
	if (status == TOLD_OK)
		*number = header->number;
	told_arena_free(arena);
	return status;
}

static enum told_status open_with_key(const struct told_header *header, const struct told_sealed_section *section,
				      const uint8_t key[TOLD_KEY_BYTES], struct told_buf *content)
{
	uint32_t number = 0;
	told_hash committed;
	enum told_status status = section_number(section->header, &number);
	if (status != TOLD_OK)
		return status;
	told_key_commitment(key, header->id.data, number, &committed);
	if (!told_equal_secret(committed.b, section->commitment.data, sizeof committed.b))
		return TOLD_E_COMMITMENT;
	return told_section_open(key, header->sender, header->id.data, section->header, section->ciphertext, content);
}

enum told_status told_section_read(const struct told_header *header, const struct told_sealed_section *section,
				   const struct told_wrap *wrap, const struct told_open_with *with,
				   struct told_buf *content, uint8_t section_key[TOLD_KEY_BYTES])
{
	uint8_t key[TOLD_KEY_BYTES] = {0};
	told_hash digest;
	if (!wrap_for(wrap, with) || (carried_by(section, wrap) && !named(header, with->recipient)))
		return TOLD_E_NOT_FOR_ME;
	enum told_status status = section_digest(section, &digest);
	if (status != TOLD_OK)
		return status;
	if (digest_place(header, &digest) == header->section_digests.count)
		return TOLD_E_DIGEST;
	status = unwrap(header, wrap, with, &digest, key);
	if (status == TOLD_OK)
		status = open_with_key(header, section, key, content);
	if (status == TOLD_OK && section_key != NULL)
		memcpy(section_key, key, sizeof key);
	told_wipe(key, sizeof key);
	return status;
}

enum told_status told_grant_check(const struct told_header *grant_header, const struct told_grant_part *grant,
				  const struct told_header *deposit, const struct told_sealed_section *section,
				  const struct told_wrap *wrap, const struct told_open_with *with)
{
	told_hash digest, hash;
	if (!wrap_for(wrap, with) || !told_bytes_equal(grant->recipient, with->recipient) ||
	    !told_bytes_equal(grant->sealing_key_id, wrap->key_id))
		return TOLD_E_NOT_FOR_ME;
	if (!told_bytes_equal(grant_header->sender, deposit->sender))
		return TOLD_E_NOT_FOR_ME;
	enum told_status status = section_digest(section, &digest);
	if (status != TOLD_OK)
		return status;
	told_wrap_hash(wrap, &hash);
	bool same = told_bytes_equal(grant->message_id, deposit->id) &&
		    told_bytes_equal(grant->section_digest, told_bytes(digest.b, sizeof digest.b)) &&
		    told_bytes_equal(grant->wrap_hash, told_bytes(hash.b, sizeof hash.b));
	return same ? TOLD_OK : TOLD_E_DIGEST;
}
