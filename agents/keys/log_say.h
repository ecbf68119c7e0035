/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator says of a key of the log, signed by the operator's key. */
#ifndef TOLD_KEYS_LOG_SAY_H
#define TOLD_KEYS_LOG_SAY_H

#include "agents/keys/keys.h"
#include "told/envelope.h"

/* The key record that makes a key the log's newest; its views are of the key and of proof. */
TOLD_MUST_USE enum told_status told_log_key_record(const struct told_keypair *pair, uint32_t number,
						   uint8_t proof[TOLD_SIGNATURE_BYTES], struct told_key_part *out);

/* The operator's header, filled in where each of them is alike: a fresh id (16 bytes, the caller's), one day to live,
 * the first and only message of its epoch. */
TOLD_MUST_USE enum told_status told_operator_header(struct told_bytes partnership, const uint8_t epoch[TOLD_ID_BYTES],
						    uint64_t now_ms, uint8_t id[TOLD_ID_BYTES],
						    struct told_header *header);
/* The message that says the key, ready for the log; into the arena. */
TOLD_MUST_USE enum told_status told_log_key_say(const struct told_keypair *operator_key, struct told_bytes partnership,
						const struct told_keypair *pair, uint32_t number, uint64_t now_ms,
						struct told_arena *arena, struct told_bytes *envelope,
						struct told_bytes *body);

#endif
