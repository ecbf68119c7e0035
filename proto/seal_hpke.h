/* SPDX-License-Identifier: Apache-2.0 */
/* HPKE's key schedule with the AEAD named by the caller: only so that tests can hold it against both suites of
 * RFC 9180 appendix A. The product has one suite and uses told_hpke_*. */
#ifndef TOLD_PROTO_SEAL_HPKE_H
#define TOLD_PROTO_SEAL_HPKE_H

#include "told/proof.h"

#define TOLD_HPKE_AEAD_AES128   0x0001u /* never used, in published vectors only */
#define TOLD_HPKE_AEAD_CHACHA20 0x0003u
#define TOLD_HPKE_CONTEXT_BYTES 65u /* mode || psk_id_hash || info_hash */

/* All secret; the caller wipes it. */
struct told_hpke_schedule {
	uint8_t context[TOLD_HPKE_CONTEXT_BYTES];
	told_hash secret;
	told_hash exporter;
};

/* ExtractAndExpand of DHKEM(X25519, HKDF-SHA256), RFC 9180 section 4.1. */
TOLD_MUST_USE enum told_status told_hpke_shared(const uint8_t dh[32], const uint8_t enc[32],
						const uint8_t recipient_key[32], told_hash *shared);
/* KeySchedule in base mode, RFC 9180 section 5.1, without key and nonce, which nothing here uses. */
TOLD_MUST_USE enum told_status told_hpke_schedule(uint16_t aead, const told_hash *shared, struct told_bytes info,
						  struct told_hpke_schedule *out);
/* Context.Export, RFC 9180 section 5.3. */
TOLD_MUST_USE enum told_status told_hpke_export_as(uint16_t aead, const told_hash *exporter, struct told_bytes context,
						   uint8_t *out, size_t out_len);

#endif
