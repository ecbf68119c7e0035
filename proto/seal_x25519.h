/* SPDX-License-Identifier: Apache-2.0 */
/* The X25519 agreement under HPKE. Private to proto; callers outside seal with told_hpke_*. */
#ifndef TOLD_PROTO_SEAL_X25519_H
#define TOLD_PROTO_SEAL_X25519_H

#include "told/status.h"
#include <stdint.h>

/* own = the public key of secret, shared = X25519(secret, peer) (RFC 7748 section 6.1), both 32 bytes; shared is the
 * caller's to wipe. TOLD_E_KEY for a peer key that told_x25519_key_check refuses, and for an all-zero result; both
 * are zero after failure. */
TOLD_MUST_USE enum told_status told_x25519_agree(const uint8_t secret[32], const uint8_t peer[32], uint8_t own[32],
						 uint8_t shared[32]);

#endif
