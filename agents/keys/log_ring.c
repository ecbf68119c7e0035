/* SPDX-License-Identifier: Apache-2.0 */
/* Which file holds which key of the log is found out by looking: nothing else says it, so nothing can say it wrongly.
 */
#include "agents/keys/log_ring.h"

#include <string.h>

/* The file of this key. TOLD_E_KEY: there is none. */
static enum told_status find_file(const char *dir, const uint8_t key[TOLD_KEY_BYTES], uint32_t *number,
				  struct told_keypair *pair)
{
	for (*number = 1; *number <= TOLD_LOG_KEYS_MAX; (*number)++) {
		enum told_status status = told_broker_key_load(dir, TOLD_BROKER_KEY_LOG, *number, pair);
		if (status == TOLD_OK && memcmp(pair->key, key, TOLD_KEY_BYTES) == 0)
			return TOLD_OK;
		told_wipe(pair, sizeof *pair);
		if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
			return status;
	}
	return TOLD_E_KEY;
}

static enum told_status load(struct told_log_ring *ring, const uint8_t key[TOLD_KEY_BYTES], size_t at)
{
	struct told_keypair pair;
	enum told_status status = find_file(ring->dir, key, &ring->rows[at].number, &pair);
	if (status == TOLD_OK)
		status = told_signer_new(pair.secret, &ring->rows[at].signer);
	told_wipe(&pair, sizeof pair);
	if (status == TOLD_OK)
		memcpy(ring->rows[at].key, key, TOLD_KEY_BYTES);
	else
		ring->rows[at].number = 0;
	return status;
}

enum told_status told_log_ring_signer(struct told_log_ring *ring, const uint8_t key[TOLD_KEY_BYTES],
				      struct told_signer **out)
{
	size_t at = 0;
	for (; at < TOLD_LOG_KEYS_MAX && ring->rows[at].number != 0; at++)
		if (memcmp(ring->rows[at].key, key, TOLD_KEY_BYTES) == 0)
			break;
	if (at == TOLD_LOG_KEYS_MAX)
		return TOLD_E_LIMIT;
	enum told_status status = ring->rows[at].number != 0 ? TOLD_OK : load(ring, key, at);
	*out = ring->rows[at].signer;
	return status;
}

enum told_status told_log_ring_destroy(struct told_log_ring *ring, const uint8_t key[TOLD_KEY_BYTES])
{
	struct told_keypair pair;
	uint32_t number;
	size_t last = 0;
	while (last < TOLD_LOG_KEYS_MAX && ring->rows[last].number != 0)
		last++;
	for (size_t i = 0; i < last; i++) {
		if (memcmp(ring->rows[i].key, key, TOLD_KEY_BYTES) != 0)
			continue;
		told_signer_free(ring->rows[i].signer);
		ring->rows[i] = ring->rows[--last];
		memset(&ring->rows[last], 0, sizeof ring->rows[last]);
	}
	enum told_status status = find_file(ring->dir, key, &number, &pair);
	told_wipe(&pair, sizeof pair);
	if (status == TOLD_E_KEY)
		return TOLD_OK;
	return status == TOLD_OK ? told_broker_key_destroy(ring->dir, TOLD_BROKER_KEY_LOG, number) : status;
}

void told_log_ring_close(struct told_log_ring *ring)
{
	for (size_t i = 0; i < TOLD_LOG_KEYS_MAX; i++)
		told_signer_free(ring->rows[i].signer);
	memset(ring->rows, 0, sizeof ring->rows);
}

enum told_status told_log_key_make(const char *dir, uint32_t number, struct told_keypair *pair)
{
	return number > TOLD_LOG_KEYS_MAX ? TOLD_E_LIMIT : told_broker_key_make(dir, TOLD_BROKER_KEY_LOG, number, pair);
}
