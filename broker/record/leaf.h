/* SPDX-License-Identifier: Apache-2.0 */
/* Making leaf v1: the bytes that go into the log, and the three salted parts that stand in the erasable table. */
#ifndef TOLD_RECORD_LEAF_H
#define TOLD_RECORD_LEAF_H

#include "proto/leaf.h"
#include "told/proof.h"

/* A part of a leaf: its bytes and the salt of its commitment. */
struct told_part_bytes {
	uint8_t salt[TOLD_LEAF_SALT_BYTES];
	struct told_bytes bytes;
};

/* A leaf and what it commits to, in the arena. */
struct told_leaf_made {
	struct told_bytes leaf;
	struct told_part_bytes facts, ruling, subject;
};

/* Commits to the three parts under fresh salts and encodes the leaf. leaf holds everything but the commitments and the
 * subject tag; subject_key is NULL where the person is unknown or nobody is spoken of: the tag is random then. */
TOLD_MUST_USE enum told_status told_leaf_make(struct told_arena *arena, struct told_leaf *leaf,
					      const struct told_leaf_facts *facts, struct told_bytes ruling,
					      const struct told_leaf_subject *subject, const uint8_t *subject_key,
					      struct told_leaf_made *out);

#endif
