/* SPDX-License-Identifier: Apache-2.0 */
/* A tile is eight levels of the tree: its hashes, and all above them up to its root, computed when it is read.
 * Touches the tables tile and entry only. */
#include "evidence/audit/prove/nodes.h"

#include <stdlib.h>
#include <string.h>

#define LEVELS     7u /* 2^56 entries */
#define TILE_BITS  8u
#define TILE_BYTES (TOLD_TILE_WIDTH * TOLD_HASH_BYTES)
#define NO_TILE    UINT64_MAX
#define WAYS       16u /* tiles kept a level: a million entries have 15 full ones above the lowest */

/* rows[0]: the hashes of the tile; rows[k][i]: of the 2^k from i * 2^k on. */
struct pyramid {
	uint64_t n;
	told_hash hashes[2 * TOLD_TILE_WIDTH];
};

struct told_nodes {
	struct told_audit_store *store;
	int64_t log;
	uint64_t size;
	struct pyramid edge[LEVELS], cache[LEVELS][WAYS]; /* under 2 MiB */
};

static told_hash *row(struct pyramid *pyramid, unsigned k)
{
	return &pyramid->hashes[2 * TOLD_TILE_WIDTH - (2 * TOLD_TILE_WIDTH >> k)];
}

/* All above the first `width` hashes. */
static void raise(struct pyramid *pyramid, size_t width)
{
	for (unsigned k = 0; k < TILE_BITS; k++) {
		const told_hash *below = row(pyramid, k);
		told_hash *above = row(pyramid, k + 1);
		width /= 2;
		for (size_t i = 0; i < width; i++)
			told_node_hash(&below[2 * i], &below[2 * i + 1], &above[i]);
	}
}

/* A full tile, into the cache of its level. */
static enum told_status read_tile(struct told_nodes *nodes, unsigned level, uint64_t n, struct pyramid **out)
{
	struct pyramid *cache = &nodes->cache[level][n % WAYS];
	struct told_rows rows;
	*out = cache;
	if (cache->n == n)
		return TOLD_OK;
	const int64_t args[] = {nodes->log, level, (int64_t)n};
	enum told_status status = told_rows_open(nodes->store, TOLD_AUDIT_SQL_TILE_AT, args, 3, &rows);
	struct told_bytes data = status == TOLD_OK && rows.there ? told_rows_bytes(&rows, 0) : told_bytes(NULL, 0);
	if (status == TOLD_OK && data.len != TILE_BYTES)
		status = TOLD_E_CORRUPT;
	cache->n = NO_TILE;
	if (status == TOLD_OK) {
		memcpy(cache->hashes, data.data, TILE_BYTES);
		raise(cache, TOLD_TILE_WIDTH);
		cache->n = n;
	}
	told_rows_close(&rows);
	return status;
}

/* ---- the right edge ---- */

static enum told_status load_leaves(struct told_nodes *nodes, uint64_t first, unsigned width)
{
	struct told_rows rows;
	const int64_t args[] = {nodes->log, (int64_t)first};
	enum told_status status = told_rows_open(nodes->store, TOLD_AUDIT_SQL_HASHES, args, 2, &rows);
	for (unsigned i = 0; status == TOLD_OK && i < width; i++) {
		struct told_bytes hash = rows.there ? told_rows_bytes(&rows, 0) : told_bytes(NULL, 0);
		if (hash.len != TOLD_HASH_BYTES)
			status = TOLD_E_CORRUPT;
		else
			memcpy(nodes->edge[0].hashes[i].b, hash.data, TOLD_HASH_BYTES);
		if (status == TOLD_OK)
			status = told_rows_next(&rows);
	}
	told_rows_close(&rows);
	return status;
}

/* Above the leaves a hash is the root of a full tile one level below. */
static enum told_status load_roots(struct told_nodes *nodes, unsigned level, uint64_t first, unsigned width)
{
	enum told_status status = TOLD_OK;
	for (unsigned i = 0; status == TOLD_OK && i < width; i++) {
		struct pyramid *below;
		status = read_tile(nodes, level - 1, first + i, &below);
		if (status == TOLD_OK)
			nodes->edge[level].hashes[i] = *row(below, TILE_BITS);
	}
	return status;
}

static enum told_status load_edge(struct told_nodes *nodes, unsigned level)
{
	uint64_t hashes = nodes->size >> (TILE_BITS * level);
	unsigned width = (unsigned)(hashes % TOLD_TILE_WIDTH);
	uint64_t n = hashes / TOLD_TILE_WIDTH;
	nodes->edge[level].n = n;
	for (unsigned i = 0; i < WAYS; i++)
		nodes->cache[level][i].n = NO_TILE;
	enum told_status status = level == 0 ? load_leaves(nodes, n * TOLD_TILE_WIDTH, width)
					     : load_roots(nodes, level, n * TOLD_TILE_WIDTH, width);
	if (status == TOLD_OK)
		raise(&nodes->edge[level], width);
	return status;
}

enum told_status told_nodes_new(struct told_audit_store *store, int64_t log, uint64_t size, struct told_nodes **out)
{
	*out = NULL;
	struct told_nodes *nodes = calloc(1, sizeof *nodes);
	if (nodes == NULL)
		return TOLD_E_MEMORY;
	nodes->store = store;
	nodes->log = log;
	nodes->size = size;
	enum told_status status = TOLD_OK;
	for (unsigned level = 0; status == TOLD_OK && level < LEVELS; level++)
		status = load_edge(nodes, level);
	if (status != TOLD_OK) {
		free(nodes);
		return status;
	}
	*out = nodes;
	return TOLD_OK;
}

void told_nodes_free(struct told_nodes *nodes)
{
	free(nodes);
}

enum told_status told_nodes_node(void *ctx, unsigned level, uint64_t index, told_hash *out)
{
	struct told_nodes *nodes = ctx;
	unsigned tile_level = level / TILE_BITS, k = level % TILE_BITS;
	if (tile_level >= LEVELS || index >= nodes->size >> level)
		return TOLD_E_NOT_FOUND;
	uint64_t n = index >> (TILE_BITS - k);
	struct pyramid *pyramid = &nodes->edge[tile_level];
	if (n < pyramid->n) {
		enum told_status status = read_tile(nodes, tile_level, n, &pyramid);
		if (status != TOLD_OK)
			return status;
	}
	*out = row(pyramid, k)[index & ((TOLD_TILE_WIDTH >> k) - 1)];
	return TOLD_OK;
}
