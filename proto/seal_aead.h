/* SPDX-License-Identifier: Apache-2.0 */
/* ChaCha20-Poly1305 over the bytes of a buffer, in place, with AAD in parts. Private to proto. */
#ifndef TOLD_PROTO_SEAL_AEAD_H
#define TOLD_PROTO_SEAL_AEAD_H

#include "proto/seal_parts.h"

#define TOLD_NONCE_BYTES 12u

/* For keys that are used once. */
extern const uint8_t told_nonce_zero[TOLD_NONCE_BYTES];

/* Encrypts what stands in buf from start on, where it stands, and appends the tag. After failure buf ends at start and
 * what stood there is wiped. The statuses of told_buf, TOLD_E_LIMIT, TOLD_E_SYSTEM. */
TOLD_MUST_USE enum told_status told_aead_seal_buf(const uint8_t key[32], const uint8_t nonce[TOLD_NONCE_BYTES],
						  const struct told_parts *aad, struct told_buf *buf, size_t start);
/* Appends the plaintext of sealed to buf. After failure buf is as long as before and the rest is wiped. TOLD_E_TAG. */
TOLD_MUST_USE enum told_status told_aead_open_buf(const uint8_t key[32], const uint8_t nonce[TOLD_NONCE_BYTES],
						  const struct told_parts *aad, struct told_bytes sealed,
						  struct told_buf *buf);
/* Wipes what stands in buf from start on, and ends it there. */
void told_buf_take_back(struct told_buf *buf, size_t start);

#endif
