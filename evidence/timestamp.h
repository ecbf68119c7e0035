/* SPDX-License-Identifier: Apache-2.0 */
/* Time from outside: RFC 3161 tokens over a checkpoint (evidence.md section 1 item 9). What is stamped is the note as
 * the log signed it, without cosignature lines, because those are added later and change the bytes. */
#ifndef TOLD_EVIDENCE_TIMESTAMP_H
#define TOLD_EVIDENCE_TIMESTAMP_H

#include "told/proof.h"

#define TOLD_TIMESTAMP_MAX_BYTES 65536u /* a response with its certificates */
#define TOLD_CA_MAX_BYTES        1048576u

/* The note with the lines of its origin's key alone. TOLD_E_MALFORMED; out's status. */
TOLD_MUST_USE enum told_status told_timestamp_text(struct told_bytes note, struct told_buf *out);
/* A request (DER) for a token over these bytes: SHA-256, a nonce, the authority's certificate wanted. */
TOLD_MUST_USE enum told_status told_timestamp_query(struct told_bytes text, struct told_buf *out);
/* What a response (DER) says that it stamped, and when; nothing of it is verified. TOLD_E_MALFORMED, TOLD_E_REFUSED
 * (the authority granted nothing). */
TOLD_MUST_USE enum told_status told_timestamp_read(struct told_bytes response, told_hash *imprint, uint64_t *time_ms);
/* Verifies a response over these bytes under the authorities of a PEM file, whose certificates are judged at the time
 * of the stamp. TOLD_E_SIGNATURE: it does not hold; TOLD_E_CONFIG: the PEM holds no certificate; else as
 * told_timestamp_read. */
TOLD_MUST_USE enum told_status told_timestamp_check(struct told_bytes response, struct told_bytes text,
						    struct told_bytes ca_pem, uint64_t *time_ms);
/* Whether a response is as its signer made it, over these bytes, by the certificate that it brings; who that signer is,
 * is not asked. TOLD_E_SIGNATURE: it was changed; TOLD_E_CONFIG: it brings no certificate, though our query wants it.
 */
TOLD_MUST_USE enum told_status told_timestamp_intact(struct told_bytes response, struct told_bytes text);

#endif
