/* SPDX-License-Identifier: Apache-2.0 */
/* Two small helpers of this room: an array that grows, and an index from a 64-bit hash to positions in an array.
 * Pure memory; what is hashed and what counts as equal is the caller's business. */
#ifndef TOLD_AGREE_INDEX_H
#define TOLD_AGREE_INDEX_H

#include "told/bytes.h"

/* Makes room for one more item of size bytes: returns the array, perhaps moved, *cap being raised. NULL when memory is
 * out or the array would pass max items; the old array is then untouched. */
void *told_list_room(void *items, size_t count, size_t *cap, size_t size, size_t max);

#define TOLD_INDEX_NONE UINT32_MAX

/* Zero-initialise. Entries are never removed. */
struct told_index {
	struct told_index_slot *slots;
	uint32_t cap, count;
};

/* FNV-1a; continue a hash over several parts by passing the last result as seed, the first time 0. Positions come only
 * from verified, signed facts, so nobody unknown can choose what collides. */
uint64_t told_index_hash(uint64_t seed, struct told_bytes part);

/* E_MEMORY; the index is then as before. */
TOLD_MUST_USE enum told_status told_index_put(struct told_index *index, uint64_t hash, uint32_t position);

/* The positions put under this hash, one a call, *cursor starting at 0; TOLD_INDEX_NONE after the last. */
uint32_t told_index_next(const struct told_index *index, uint64_t hash, uint32_t *cursor);

void told_index_free(struct told_index *index);

#endif
