/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256, HMAC and the two hashes of RFC 6962 section 2.1. Touches OpenSSL only.
 * The algorithm is fetched once a process and the context is kept a thread: an implicit fetch costs more than the hash.
 */
#include "told/proof.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 64u /* of SHA-256, for HMAC */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_thread_end;
static EVP_MD *sha256;
static _Thread_local EVP_MD_CTX *thread_ctx;

static void free_ctx(void *ctx)
{
	EVP_MD_CTX_free(ctx);
}

static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (sha256 == NULL || pthread_key_create(&at_thread_end, free_ctx) != 0)
		abort();
}

static EVP_MD_CTX *new_ctx(void)
{
	if (pthread_once(&once, fetch) != 0)
		abort();
	thread_ctx = EVP_MD_CTX_new();
	if (thread_ctx == NULL || pthread_setspecific(at_thread_end, thread_ctx) != 0)
		abort();
	return thread_ctx;
}

/* Without a hash there is no evidence and nothing to answer with: the process ends rather than go on. */
static void must(int ok)
{
	if (ok != 1)
		abort();
}

void told_sha256_parts(const struct told_bytes *parts, size_t n, told_hash *out)
{
	EVP_MD_CTX *ctx = thread_ctx != NULL ? thread_ctx : new_ctx();
	must(EVP_DigestInit_ex2(ctx, sha256, NULL));
	for (size_t i = 0; i < n; i++)
		must(EVP_DigestUpdate(ctx, parts[i].data, parts[i].len));
	must(EVP_DigestFinal_ex(ctx, out->b, NULL));
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
