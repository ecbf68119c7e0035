/* SPDX-License-Identifier: Apache-2.0 */
/* A list of views that is hashed, authenticated or used as AAD as if it were joined, without ever being joined:
 * no allocation that could fail, no copy of a secret to wipe. Private to proto; touches nothing. */
#ifndef TOLD_PROTO_SEAL_PARTS_H
#define TOLD_PROTO_SEAL_PARTS_H

#include "told/proof.h"

/* A part with its length needs two views; the longest list (a section's digest) has seven. */
#define TOLD_PARTS_MAX 12u

/* Zero-initialise. Borrows all views, some of them into its own numbers: never copy it. */
struct told_parts {
	struct told_bytes view[TOLD_PARTS_MAX];
	uint8_t number[TOLD_PARTS_MAX][4];
	size_t count;
};

/* Fixed length: the bytes alone. */
void told_parts_fixed(struct told_parts *parts, const void *data, size_t len);
void told_parts_u32(struct told_parts *parts, uint32_t value);
/* Variable length, labels included: the length as u32, then the bytes (protocol section 0). */
void told_parts_put(struct told_parts *parts, struct told_bytes bytes);
void told_parts_label(struct told_parts *parts, const char *label);

/* SHA-256 and HMAC-SHA256 (RFC 2104) over the joined parts. No state of either stays behind in the library. */
void told_parts_sha256(const struct told_parts *parts, told_hash *out);
void told_parts_hmac(struct told_bytes key, const struct told_parts *parts, told_hash *out);

#endif
