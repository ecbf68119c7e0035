/* SPDX-License-Identifier: Apache-2.0 */
/* Does a body hold what its signed header says? The header commits to everything in it: sections by their digests
 * (message_open.c), wraps, attachment and lines here. */
#include "message.h"
#include "types.h"

static bool is_hash(struct told_bytes bytes, const told_hash *hash)
{
	return told_bytes_equal(bytes, told_bytes(hash->b, sizeof hash->b));
}

enum told_status told_lines_root(struct told_arena *arena, const struct told_bytes_list *lines, told_hash *root)
{
	if (lines->count > TOLD_ACK_LINES_MAX)
		return TOLD_E_LIMIT;
	told_hash *leaves = told_arena_alloc(arena, lines->count * sizeof *leaves);
	if (leaves == NULL)
		return TOLD_E_LIMIT;
	for (size_t i = 0; i < lines->count; i++)
		told_leaf_hash(lines->items[i], &leaves[i]);
	told_merkle_root(leaves, lines->count, root);
	return TOLD_OK;
}

static enum told_status check_sections(struct told_arena *arena, const struct told_header *header,
				       const struct told_body *body)
{
	(void)arena;
	return body->sections.count <= header->section_digests.count ? TOLD_OK : TOLD_E_MALFORMED;
}

static enum told_status check_wraps(struct told_arena *arena, const struct told_header *header,
				    const struct told_body *body)
{
	(void)arena;
	if (body->wraps.count != header->grants.count)
		return TOLD_E_MALFORMED;
	for (size_t i = 0; i < body->wraps.count; i++) {
		const struct told_wrap *wrap = &body->wraps.items[i];
		const struct told_grant_part *grant = &header->grants.items[i];
		told_hash hash;
		if (wrap->enc.len != TOLD_KEY_BYTES || wrap->sealed.len != TOLD_WRAP_BYTES)
			return TOLD_E_MALFORMED;
		told_wrap_hash(wrap, &hash);
		if (!is_hash(grant->wrap_hash, &hash) || !told_bytes_equal(wrap->recipient, grant->recipient) ||
		    !told_bytes_equal(wrap->key_id, grant->sealing_key_id))
			return TOLD_E_DIGEST;
	}
	return TOLD_OK;
}

static enum told_status check_attachment(struct told_arena *arena, const struct told_header *header,
					 const struct told_body *body)
{
	(void)arena;
	told_hash hash;
	if ((header->agreement_sign != NULL) != (body->attachment.len > 0))
		return TOLD_E_MALFORMED;
	if (header->agreement_sign == NULL)
		return TOLD_OK;
	told_sha256(body->attachment, &hash);
	return is_hash(header->agreement_sign->sha256, &hash) ? TOLD_OK : TOLD_E_DIGEST;
}

static enum told_status check_lines(struct told_arena *arena, const struct told_header *header,
				    const struct told_body *body)
{
	told_hash root;
	if (body->lines.count != (header->lines != NULL ? header->lines->count : 0))
		return TOLD_E_MALFORMED;
	if (header->lines == NULL)
		return TOLD_OK;
	enum told_status status = told_lines_root(arena, &body->lines, &root);
	if (status != TOLD_OK)
		return status;
	return is_hash(header->lines->root, &root) ? TOLD_OK : TOLD_E_DIGEST;
}

enum told_status told_body_check(struct told_arena *arena, const struct told_header *header,
				 const struct told_body *body)
{
	static enum told_status (*const checks[])(struct told_arena * arena, const struct told_header *header,
						  const struct told_body *body) = {
		check_sections,
		check_wraps,
		check_attachment,
		check_lines,
	};
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < sizeof checks / sizeof checks[0]; i++)
		status = checks[i](arena, header, body);
	return status;
}
