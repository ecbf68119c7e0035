/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256, HMAC and the two hashes of RFC 6962 section 2.1. Touches OpenSSL only, and here its deprecated calls: the
 * log is made of short hashes, and those that replaced them allocate anew for each (decision 0016). Nothing is kept.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "told/proof.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 64u /* of SHA-256, for HMAC */

/* Without a hash there is no evidence and nothing to answer with: the process ends rather than go on. */
static void must(int ok)
{
	if (ok != 1)
		abort();
}

void told_sha256_parts(const struct told_bytes *parts, size_t n, told_hash *out)
{
	SHA256_CTX ctx;
	must(SHA256_Init(&ctx));
	for (size_t i = 0; i < n; i++)
		must(SHA256_Update(&ctx, parts[i].data, parts[i].len));
	must(SHA256_Final(out->b, &ctx));
	told_wipe(&ctx, sizeof ctx);
}

void told_sha256(struct told_bytes bytes, told_hash *out)
{
	told_sha256_parts(&bytes, 1, out);
}

/* H(key block XOR pad || bytes), one half of RFC 2104 section 2. */
static void hmac_half(const uint8_t block[BLOCK_BYTES], uint8_t pad, struct told_bytes bytes, told_hash *out)
{
	uint8_t padded[BLOCK_BYTES];
	for (size_t i = 0; i < sizeof padded; i++)
		padded[i] = block[i] ^ pad;
	told_sha256_parts((struct told_bytes[]){{padded, sizeof padded}, bytes}, 2, out);
	told_wipe(padded, sizeof padded);
}

void told_hmac(struct told_bytes key, struct told_bytes bytes, told_hash *out)
{
	uint8_t block[BLOCK_BYTES] = {0};
	told_hash inner;
	if (key.len > sizeof block) {
		told_sha256(key, &inner);
		memcpy(block, inner.b, sizeof inner.b);
	} else if (key.len > 0) {
		memcpy(block, key.data, key.len);
	}
	hmac_half(block, 0x36, bytes, &inner);
	hmac_half(block, 0x5c, told_bytes(inner.b, sizeof inner.b), out);
	told_wipe(block, sizeof block);
	told_wipe(&inner, sizeof inner);
}

bool told_hash_equal(const told_hash *a, const told_hash *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

void told_leaf_hash(struct told_bytes entry, told_hash *out)
{
	static const uint8_t prefix = 0x00;
	told_sha256_parts((struct told_bytes[]){{&prefix, 1}, entry}, 2, out);
}

void told_node_hash(const told_hash *left, const told_hash *right, told_hash *out)
{
	uint8_t node[1 + 2 * TOLD_HASH_BYTES] = {0x01};
	memcpy(node + 1, left->b, TOLD_HASH_BYTES);
	memcpy(node + 1 + TOLD_HASH_BYTES, right->b, TOLD_HASH_BYTES);
	told_sha256(told_bytes(node, sizeof node), out);
}
