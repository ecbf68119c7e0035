/* SPDX-License-Identifier: Apache-2.0 */
/* The growing array and the hash index of this room: open addressing, linear probing, at most half full. */
#include "broker/agree/index.h"

#include <stdlib.h>
#include <string.h>

struct told_index_slot {
	uint64_t hash;
	uint32_t position; /* TOLD_INDEX_NONE: free */
};

void *told_list_room(void *items, size_t count, size_t *cap, size_t size, size_t max)
{
	if (count < *cap)
		return items;
	if (count >= max || size == 0 || max > SIZE_MAX / size)
		return NULL;
	size_t wanted = *cap == 0 ? 8 : *cap * 2;
	if (wanted > max)
		wanted = max;
	void *moved = realloc(items, wanted * size);
	if (moved != NULL)
		*cap = wanted;
	return moved;
}

uint64_t told_index_hash(uint64_t seed, struct told_bytes part)
{
	uint64_t hash = seed == 0 ? UINT64_C(0xcbf29ce484222325) : seed;
	for (size_t i = 0; i < part.len; i++)
		hash = (hash ^ part.data[i]) * UINT64_C(0x100000001b3);
	/* The length goes in as well, so that "AB" + "C" and "A" + "BC" part. */
	return (hash ^ (part.len + 1)) * UINT64_C(0x100000001b3);
}

static void place(struct told_index *index, uint64_t hash, uint32_t position)
{
	uint32_t i = (uint32_t)(hash ^ hash >> 32) & (index->cap - 1);
	while (index->slots[i].position != TOLD_INDEX_NONE)
		i = (i + 1) & (index->cap - 1);
	index->slots[i] = (struct told_index_slot){.hash = hash, .position = position};
}

static enum told_status grow(struct told_index *index)
{
	struct told_index bigger = {.cap = index->cap == 0 ? 16 : index->cap * 2, .count = index->count};
	if (bigger.cap > UINT32_MAX / 4)
		return TOLD_E_LIMIT;
	bigger.slots = malloc(bigger.cap * sizeof *bigger.slots);
	if (bigger.slots == NULL)
		return TOLD_E_MEMORY;
	for (uint32_t i = 0; i < bigger.cap; i++)
		bigger.slots[i].position = TOLD_INDEX_NONE;
	for (uint32_t i = 0; i < index->cap; i++)
		if (index->slots[i].position != TOLD_INDEX_NONE)
			place(&bigger, index->slots[i].hash, index->slots[i].position);
	free(index->slots);
	*index = bigger;
	return TOLD_OK;
}

enum told_status told_index_put(struct told_index *index, uint64_t hash, uint32_t position)
{
	if (index->count >= index->cap / 2) {
		enum told_status status = grow(index);
		if (status != TOLD_OK)
			return status;
	}
	place(index, hash, position);
	index->count++;
	return TOLD_OK;
}

uint32_t told_index_next(const struct told_index *index, uint64_t hash, uint32_t *cursor)
{
	if (index->cap == 0)
		return TOLD_INDEX_NONE;
	uint32_t start = (uint32_t)(hash ^ hash >> 32);
	for (;;) {
		const struct told_index_slot *slot = &index->slots[(start + *cursor) & (index->cap - 1)];
		if (slot->position == TOLD_INDEX_NONE)
			return TOLD_INDEX_NONE;
		(*cursor)++;
		if (slot->hash == hash)
			return slot->position;
	}
}

void told_index_free(struct told_index *index)
{
	free(index->slots);
	*index = (struct told_index){0};
}
