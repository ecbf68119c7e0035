/* SPDX-License-Identifier: Apache-2.0 */
/* The arena: a chain of blocks, newest first, each larger than the one before, under one ceiling. What is handed out is
 * zeroed then, and wiped when it is forgotten; what is never handed out costs nothing. Touches the heap only. */
#include "told/bytes.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define ALIGN       16u
#define BLOCK_BYTES 16384u   /* one message's header and its parts fit in the first block */
#define BLOCK_MOST  4194304u /* blocks double up to here, so that an arena that is reused comes to one block */

struct block {
	struct block *next;
	size_t cap, used;
	alignas(ALIGN) uint8_t data[];
};

struct told_arena {
	struct block *newest; /* never NULL */
	size_t max_bytes, used;
};

static struct block *block_new(size_t cap)
{
	if (cap > SIZE_MAX - sizeof(struct block))
		return NULL;
	struct block *block = malloc(sizeof *block + cap);
	if (block == NULL)
		return NULL;
	block->next = NULL;
	block->cap = cap;
	block->used = 0;
	return block;
}

static void block_wipe(struct block *block)
{
	told_wipe(block->data, block->used);
	block->used = 0;
}

static size_t block_size(size_t need, size_t left, size_t usual)
{
	usual = usual < BLOCK_MOST ? usual : BLOCK_MOST;
	usual = left < usual ? left : usual;
	return need > usual ? need : usual;
}

enum told_status told_arena_new(size_t max_bytes, struct told_arena **out)
{
	*out = NULL;
	struct told_arena *arena = calloc(1, sizeof *arena);
	if (arena == NULL)
		return TOLD_E_MEMORY;
	arena->max_bytes = max_bytes;
	arena->newest = block_new(block_size(0, max_bytes, BLOCK_BYTES));
	if (arena->newest == NULL) {
		free(arena);
		return TOLD_E_MEMORY;
	}
	*out = arena;
	return TOLD_OK;
}

void *told_arena_alloc(struct told_arena *arena, size_t size)
{
	if (size > SIZE_MAX - (ALIGN - 1))
		return NULL;
	size_t need = (size + ALIGN - 1) / ALIGN * ALIGN;
	size_t left = arena->max_bytes - arena->used;
	if (need > left)
		return NULL;
	if (need > arena->newest->cap - arena->newest->used) {
		struct block *block = block_new(block_size(need, left, 2 * arena->newest->cap));
		if (block == NULL)
			return NULL;
		block->next = arena->newest;
		arena->newest = block;
	}
	void *at = arena->newest->data + arena->newest->used;
	memset(at, 0, need);
	arena->newest->used += need;
	arena->used += need;
	return at;
}

struct told_bytes told_arena_copy(struct told_arena *arena, struct told_bytes bytes)
{
	if (bytes.len == 0)
		return told_bytes(NULL, 0);
	uint8_t *copy = told_arena_alloc(arena, bytes.len);
	if (copy == NULL)
		return told_bytes(NULL, 0);
	memcpy(copy, bytes.data, bytes.len);
	return told_bytes(copy, bytes.len);
}

char *told_arena_text(struct told_arena *arena, struct told_bytes bytes)
{
	if (bytes.len == SIZE_MAX)
		return NULL;
	char *copy = told_arena_alloc(arena, bytes.len + 1);
	if (copy != NULL && bytes.len > 0)
		memcpy(copy, bytes.data, bytes.len);
	return copy;
}

/* Keeps the largest block of the usual sizes; what one large allocation asked for is given back. */
void told_arena_reset(struct told_arena *arena)
{
	struct block *kept = NULL;
	for (struct block *block = arena->newest; block != NULL;) {
		struct block *next = block->next;
		block_wipe(block);
		if (kept == NULL && (block->cap <= BLOCK_MOST || next == NULL))
			kept = block;
		else
			free(block);
		block = next;
	}
	kept->next = NULL;
	arena->newest = kept;
	arena->used = 0;
}

void told_arena_free(struct told_arena *arena)
{
	if (arena == NULL)
		return;
	told_arena_reset(arena);
	free(arena->newest);
	free(arena);
}
