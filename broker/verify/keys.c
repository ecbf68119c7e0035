/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures, cheaply: prepared keys kept over turns, batch roots remembered within one. */
#include "broker/verify/keys.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_KEPT 64u /* a partnership's signing keys; more only cost a fresh preparation */

struct told_key_cache {
	struct {
		uint8_t key[TOLD_KEY_BYTES];
		struct told_verifier *verifier;
	} rows[KEYS_KEPT];
	size_t next;
};

enum told_status told_key_cache_new(struct told_key_cache **out)
{
	*out = calloc(1, sizeof **out);
	return *out == NULL ? TOLD_E_MEMORY : TOLD_OK;
}

void told_key_cache_free(struct told_key_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < KEYS_KEPT; i++)
		told_verifier_free(cache->rows[i].verifier);
	free(cache);
}

static enum told_status prepared(struct told_key_cache *cache, const uint8_t key[TOLD_KEY_BYTES],
				 struct told_verifier **out)
{
	for (size_t i = 0; i < KEYS_KEPT; i++) {
		if (cache->rows[i].verifier != NULL && memcmp(cache->rows[i].key, key, TOLD_KEY_BYTES) == 0) {
			*out = cache->rows[i].verifier;
			return TOLD_OK;
		}
	}
	enum told_status status = told_verifier_new(key, out);
	if (status != TOLD_OK)
		return status;
	size_t at = cache->next++ % KEYS_KEPT;
	told_verifier_free(cache->rows[at].verifier);
	cache->rows[at].verifier = *out;
	memcpy(cache->rows[at].key, key, TOLD_KEY_BYTES);
	return TOLD_OK;
}

/* The root that this message and its path lead to. */
static enum told_status batch_root(const struct told_opened_envelope *opened, told_hash *root)
{
	const struct told_envelope *envelope = opened->envelope;
	told_hash path[TOLD_PATH_MAX];
	if (envelope->path.count > TOLD_PATH_MAX)
		return TOLD_E_LIMIT;
	for (size_t i = 0; i < envelope->path.count; i++) {
		if (envelope->path.items[i].len != sizeof path[i].b)
			return TOLD_E_MALFORMED;
		memcpy(path[i].b, envelope->path.items[i].data, sizeof path[i].b);
	}
	return told_batch_root(&opened->leaf, envelope->count, envelope->index, path, envelope->path.count, root);
}

/* This very signature over this very root was verified this turn. */
static bool verified_before(const struct told_batch_cache *batches, const struct told_envelope *envelope,
			    const told_hash *root)
{
	for (size_t i = 0; i < TOLD_BATCH_CACHE; i++) {
		if (batches->rows[i].good && batches->rows[i].count == envelope->count &&
		    told_hash_equal(&batches->rows[i].root, root) &&
		    memcmp(batches->rows[i].key_id.b, envelope->key_id.data, TOLD_HASH_BYTES) == 0 &&
		    memcmp(batches->rows[i].signature, envelope->signature.data, TOLD_SIGNATURE_BYTES) == 0)
			return true;
	}
	return false;
}

static void remember(struct told_batch_cache *batches, const struct told_envelope *envelope, const told_hash *root)
{
	size_t at = batches->next++ % TOLD_BATCH_CACHE;
	batches->rows[at].good = true;
	batches->rows[at].count = envelope->count;
	batches->rows[at].root = *root;
	memcpy(batches->rows[at].key_id.b, envelope->key_id.data, TOLD_HASH_BYTES);
	memcpy(batches->rows[at].signature, envelope->signature.data, TOLD_SIGNATURE_BYTES);
}

enum told_status told_keys_check(struct told_key_cache *keys, struct told_batch_cache *batches,
				 const struct told_opened_envelope *opened, const uint8_t key[TOLD_KEY_BYTES])
{
	told_hash root, id;
	told_key_id(key, &id);
	if (memcmp(id.b, opened->envelope->key_id.data, sizeof id.b) != 0)
		return TOLD_E_KEY;
	enum told_status status = batch_root(opened, &root);
	if (status != TOLD_OK)
		return status;
	if (verified_before(batches, opened->envelope, &root))
		return TOLD_OK;
	struct told_verifier *verifier = NULL;
	status = prepared(keys, key, &verifier);
	if (status == TOLD_OK)
		status = told_envelope_verify(opened, verifier, key);
	if (status == TOLD_OK)
		remember(batches, opened->envelope, &root);
	return status;
}
