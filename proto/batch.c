/* SPDX-License-Identifier: Apache-2.0 */
/* Batches: many headers under one signature (protocol section 2). Pure but for the signature; touches no store. */
#include "proto/seal_parts.h"
#include "told/seal.h"

#include <string.h>

#define BATCH_TEXT_MAX_BYTES 128u /* the text is 84 bytes */

/* The pre-image is hashed in parts, so that a header of 64 KiB is not copied for each check. */
void told_header_leaf(struct told_bytes type, struct told_bytes header, told_hash *leaf)
{
	static const char prefix[] = "told/1/";
	const uint8_t leaf_mark = 0x00; /* RFC 6962 section 2.1 */
	struct told_parts parts = {0};

	told_parts_fixed(&parts, &leaf_mark, sizeof leaf_mark);
	told_parts_u32(&parts, (uint32_t)(sizeof prefix - 1 + type.len));
	told_parts_fixed(&parts, prefix, sizeof prefix - 1);
	told_parts_fixed(&parts, type.data, type.len);
	told_parts_put(&parts, header);
	told_parts_sha256(&parts, leaf);
}

void told_batch_text(const told_hash *key_id, uint32_t count, const told_hash *root, struct told_buf *out)
{
	told_buf_put_part(out, told_text("told/1/batch"));
	told_buf_put(out, key_id->b, sizeof key_id->b);
	told_buf_put_u32(out, count);
	told_buf_put(out, root->b, sizeof root->b);
}

/* Root and all paths in one climb, count - 1 node hashes in place of a tree for each path: the nodes of a level replace
 * those below, and each leaf notes its sibling before they go. A last node without sibling moves up as it is, which
 * is the split of RFC 6962 section 2.1. */
static void climb(const told_hash *leaves, uint32_t count, told_hash *paths, size_t *path_counts, told_hash *root)
{
	told_hash node[TOLD_BATCH_MAX];
	unsigned level = 0;

	memcpy(node, leaves, count * sizeof *node);
	memset(path_counts, 0, count * sizeof *path_counts);
	for (uint32_t width = count; width > 1; width = (width + 1) / 2, level++) {
		for (uint32_t i = 0; i < count; i++) {
			uint32_t sibling = (i >> level) ^ 1;
			if (sibling < width)
				paths[i * TOLD_PATH_MAX + path_counts[i]++] = node[sibling];
		}
		for (uint32_t i = 0; i < width / 2; i++) {
			told_hash above;
			told_node_hash(&node[2 * i], &node[2 * i + 1], &above);
			node[i] = above;
		}
		if (width % 2 == 1)
			node[width / 2] = node[width - 1];
	}
	*root = node[0];
}

static enum told_status batch_text_of(const uint8_t key[32], uint32_t count, const told_hash *root,
				      struct told_buf *text)
{
	told_hash key_id;
	told_key_id(key, &key_id);
	told_batch_text(&key_id, count, root, text);
	return text->status;
}

enum told_status told_batch_sign(struct told_signer *signer, const uint8_t key[32], const told_hash *leaves,
				 uint32_t count, uint8_t signature[64], told_hash *paths, size_t *path_counts)
{
	struct told_buf text = TOLD_BUF(BATCH_TEXT_MAX_BYTES);
	told_hash root;

	if (count < 1 || count > TOLD_BATCH_MAX)
		return TOLD_E_MALFORMED;
	climb(leaves, count, paths, path_counts, &root);
	enum told_status status = batch_text_of(key, count, &root, &text);
	if (status == TOLD_OK)
		status = told_signer_sign(signer, told_buf_view(&text), signature);
	told_buf_free(&text);
	return status;
}

/* RFC 9162 section 2.1.3.2, up to the comparison: the root is what the signature then vouches for. */
enum told_status told_batch_root(const told_hash *leaf, uint32_t count, uint32_t index, const told_hash *path,
				 size_t path_count, told_hash *root)
{
	if (count < 1 || count > TOLD_BATCH_MAX || index >= count)
		return TOLD_E_MALFORMED;
	told_hash node = *leaf;
	size_t used = 0;
	for (uint32_t last = count - 1; last > 0; last >>= 1, index >>= 1) {
		if (index == last && index % 2 == 0)
			continue; /* no sibling on this level */
		if (used == path_count)
			return TOLD_E_PROOF;
		told_hash below = node;
		if (index % 2 == 1)
			told_node_hash(&path[used++], &below, &node);
		else
			told_node_hash(&below, &path[used++], &node);
	}
	if (used != path_count)
		return TOLD_E_PROOF;
	*root = node;
	return TOLD_OK;
}

enum told_status told_batch_check(struct told_verifier *verifier, const uint8_t key[32], const told_hash *leaf,
				  uint32_t count, uint32_t index, const told_hash *path, size_t path_count,
				  const uint8_t signature[64])
{
	struct told_buf text = TOLD_BUF(BATCH_TEXT_MAX_BYTES);
	told_hash root;

	enum told_status status = told_batch_root(leaf, count, index, path, path_count, &root);
	if (status == TOLD_OK)
		status = batch_text_of(key, count, &root, &text);
	if (status == TOLD_OK)
		status = told_verifier_check(verifier, told_buf_view(&text), signature);
	told_buf_free(&text);
	return status;
}
