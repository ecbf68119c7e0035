/* SPDX-License-Identifier: Apache-2.0 */
/* Names of keys: the id that stands in envelopes and the fingerprint that is read out by telephone. Pure. */
#include "told/seal.h"

#include <string.h>

#define PREFIX "SHA256:"

void told_key_id(const uint8_t key[32], told_hash *id)
{
	told_sha256(told_bytes(key, TOLD_KEY_BYTES), id);
}

void told_fingerprint(const uint8_t key[32], char out[72])
{
	told_hash id;
	told_key_id(key, &id);
	memcpy(out, PREFIX, sizeof PREFIX - 1);
	told_hex(id.b, sizeof id.b, out + sizeof PREFIX - 1);
}
