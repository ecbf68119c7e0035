/* SPDX-License-Identifier: Apache-2.0 */
/* The two halves of HKDF-SHA256 (RFC 5869), over parts, for HPKE's labelled forms. Private to proto. */
#ifndef TOLD_PROTO_SEAL_HKDF_H
#define TOLD_PROTO_SEAL_HKDF_H

#include "proto/seal_parts.h"

/* Section 2.2: prk = HMAC(salt, ikm); an empty salt is 32 zeros. */
void told_hkdf_extract(struct told_bytes salt, const struct told_parts *ikm, told_hash *prk);
/* Section 2.3. info may have TOLD_PARTS_MAX - 2 parts. TOLD_E_LIMIT above 255 * 32 bytes, and out is untouched. */
TOLD_MUST_USE enum told_status told_hkdf_expand(const told_hash *prk, const struct told_parts *info, uint8_t *out,
						size_t out_len);

#endif
