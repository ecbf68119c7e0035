/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and HMAC over parts. Touches libcrypto only.
 *
 * HMAC is written out over the one hash context (RFC 2104 is two hashes): EVP_MAC would keep a copy of the key in a
 * context of its own, and looks the digest up again at each new key. After each hash the context is started anew:
 * that overwrites its state, which is the digest and may be a secret, and costs neither a fetch nor an allocation. */
#include "proto/seal_parts.h"
#include "proto/seal_tools.h"

#include <string.h>

#define BLOCK_BYTES 64u
#define INNER_PAD   0x36
#define OUTER_PAD   0x5c

static void add(EVP_MD_CTX *ctx, struct told_bytes bytes)
{
	if (bytes.len > 0)
		told_seal_must(EVP_DigestUpdate(ctx, bytes.data, bytes.len));
}

static void add_all(EVP_MD_CTX *ctx, const struct told_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		add(ctx, parts->view[i]);
}

static void finish(EVP_MD_CTX *ctx, told_hash *out)
{
	told_seal_must(EVP_DigestFinal_ex(ctx, out->b, NULL));
	told_seal_must(EVP_DigestInit_ex2(ctx, NULL, NULL));
}

void told_parts_sha256(const struct told_parts *parts, told_hash *out)
{
	EVP_MD_CTX *ctx = told_seal_tools()->sha256;
	add_all(ctx, parts);
	finish(ctx, out);
}

/* The key as one block: longer keys are hashed first, shorter ones end in zeros. */
static void key_block(EVP_MD_CTX *ctx, struct told_bytes key, uint8_t block[BLOCK_BYTES])
{
	memset(block, 0, BLOCK_BYTES);
	if (key.len > BLOCK_BYTES) {
		told_hash hashed;
		add(ctx, key);
		finish(ctx, &hashed);
		memcpy(block, hashed.b, sizeof hashed.b);
		told_wipe(&hashed, sizeof hashed);
	} else if (key.len > 0) {
		memcpy(block, key.data, key.len);
	}
}

void told_parts_hmac(struct told_bytes key, const struct told_parts *parts, told_hash *out)
{
	EVP_MD_CTX *ctx = told_seal_tools()->sha256;
	uint8_t block[BLOCK_BYTES];
	told_hash inner;

	key_block(ctx, key, block);
	for (size_t i = 0; i < BLOCK_BYTES; i++)
		block[i] ^= INNER_PAD;
	add(ctx, told_bytes(block, BLOCK_BYTES));
	add_all(ctx, parts);
	finish(ctx, &inner);

	for (size_t i = 0; i < BLOCK_BYTES; i++)
		block[i] ^= INNER_PAD ^ OUTER_PAD;
	add(ctx, told_bytes(block, BLOCK_BYTES));
	add(ctx, told_bytes(inner.b, sizeof inner.b));
	finish(ctx, out);

	told_wipe(block, sizeof block);
	told_wipe(&inner, sizeof inner);
}
