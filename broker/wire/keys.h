/* SPDX-License-Identifier: Apache-2.0 */
/* The table of allowed session keys, kept alike at both ends of the pair; and the keys that nobody may use. */
#ifndef TOLD_WIRE_KEYS_H
#define TOLD_WIRE_KEYS_H

#include "broker/wire/wire.h"

struct told_key_row {
	uint64_t admission;
	uint8_t key[TOLD_KEY_BYTES];
	uint8_t party[TOLD_NAME_MAX_BYTES]; /* empty in the front: it needs no names */
	size_t party_len;
};

/* Rows ascend by admission. Zero-initialised is empty. */
struct told_keys {
	struct told_key_row rows[TOLD_WIRE_KEYS_MAX];
	size_t count;
};

/* False for the key pairs printed in zmq_curve(7), whose secret halves all the world knows, and for the X25519 points
 * of small order, with which every shared secret is the same (RFC 7748 section 6.1). */
bool told_key_safe(const uint8_t key[TOLD_KEY_BYTES]);

/* Adds a row; admission must be above all before it. TOLD_E_KEY, TOLD_E_EXISTS, TOLD_E_LIMIT; then nothing changed. */
TOLD_MUST_USE enum told_status told_keys_add(struct told_keys *keys, const uint8_t key[TOLD_KEY_BYTES],
					     uint64_t admission, struct told_bytes party);

/* Removes the row of an admission; false when there is none. */
bool told_keys_remove(struct told_keys *keys, uint64_t admission);

/* NULL when there is no such row. Valid until the table changes. */
const struct told_key_row *told_keys_by_key(const struct told_keys *keys, const uint8_t key[TOLD_KEY_BYTES]);
const struct told_key_row *told_keys_by_admission(const struct told_keys *keys, uint64_t admission);

#endif
