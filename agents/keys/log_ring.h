/* SPDX-License-Identifier: Apache-2.0 */
/* The files of the log's own keys, in a broker's folder: DIR/keys/log.key, log-2.key and so on. Those that are loaded
 * sign; one that is over is destroyed. */
#ifndef TOLD_KEYS_LOG_RING_H
#define TOLD_KEYS_LOG_RING_H

#include "agents/keys/keys.h"
#include "told/proof.h"

/* Zeroed with dir set (it stays the caller's); told_log_ring_close at the end. */
struct told_log_ring {
	const char *dir;
	struct {
		uint32_t number; /* 0: free */
		uint8_t key[TOLD_KEY_BYTES];
		struct told_signer *signer;
	} rows[TOLD_LOG_KEYS_MAX];
};

/* What signs under this key, read from its file when it is asked for first. TOLD_E_KEY: no file has it. */
TOLD_MUST_USE enum told_status told_log_ring_signer(struct told_log_ring *ring, const uint8_t key[TOLD_KEY_BYTES],
						    struct told_signer **out);
/* The key is over: it is forgotten and its file removed. TOLD_OK too where there is none. */
TOLD_MUST_USE enum told_status told_log_ring_destroy(struct told_log_ring *ring, const uint8_t key[TOLD_KEY_BYTES]);
void told_log_ring_close(struct told_log_ring *ring);

/* The key of that number, made when there is none yet; the caller wipes. */
TOLD_MUST_USE enum told_status told_log_key_make(const char *dir, uint32_t number, struct told_keypair *pair);

#endif
