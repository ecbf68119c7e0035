/* SPDX-License-Identifier: Apache-2.0 */
/* Private to proto/: one message out of its bytes into our struct, and out of ours into protobuf-c's. */
#ifndef TOLD_PROTO_CONVERT_H
#define TOLD_PROTO_CONVERT_H

#include "schema.h"

#include <protobuf-c/protobuf-c.h>

/* A share of an arena with a ceiling of its own: left counts what may still be taken from the arena. */
struct told_share {
	struct told_arena *arena;
	uint8_t *at;
	size_t room, left;
};
/* Zeroed, aligned to 8; NULL when the share or the arena is used up. share is a struct told_share, as protobuf-c asks.
 */
void *told_share_alloc(void *share, size_t size);

/* Fills our struct (shape->size zero bytes) with views into bytes, of which it takes the canonical form only: statuses
 * as told_scan, and TOLD_E_LIMIT when the share is used up. What it filled until a failure is of no use. */
TOLD_MUST_USE enum told_status told_read_message(const struct told_shape *shape, struct told_bytes bytes,
						 struct told_share *share, uint8_t *ours);
/* Makes their struct with views into ours; text is copied, since theirs ends in NUL. TOLD_E_LIMIT for lists and texts
 * over the shape's limits, TOLD_E_MALFORMED for text that is not UTF-8 or holds a NUL. */
TOLD_MUST_USE enum told_status told_write_message(const struct told_shape *shape,
						  const ProtobufCMessageDescriptor *descriptor, const uint8_t *ours,
						  struct told_share *share, ProtobufCMessage **out);

#endif
