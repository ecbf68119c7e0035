/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of the audit log over the tables entry, tile and tree_head. Touches those tables only. */
#include "broker/record/ledger.h"

#include "proto/leaf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define LEVELS     7u /* levels of tiles: 2^56 entries */
#define TILE_BITS  8u
#define TILE_BYTES (TOLD_TILE_WIDTH * TOLD_HASH_BYTES)

/* A tile with the perfect subtrees inside it, so that a proof reads hashes and computes none. */
struct tile {
	size_t width;
	told_hash rows[2 * TOLD_TILE_WIDTH]; /* row r starts at row_start(r) and holds width >> r hashes */
};

struct told_ledger {
	struct told_store *store;
	uint64_t number;
	uint64_t size;
	uint64_t time_ms;
	uint64_t head_size;       /* of the last tree head written */
	struct tile edge[LEVELS]; /* the unfinished tile of each level */
	/* The full tile last read, so that a run of proofs reads it once. */
	uint64_t cached_n;
	unsigned cached_level;
	bool cached;
	struct tile cache;
};

/* Rows of 256, 128, ..., 1 hashes, one behind the other. */
static size_t row_start(unsigned row)
{
	return 2 * TOLD_TILE_WIDTH - (2 * TOLD_TILE_WIDTH >> row);
}

/* Adds a hash to a tile that is not full, and every perfect subtree that it completes. */
static void tile_add(struct tile *tile, const told_hash *hash)
{
	size_t at = tile->width++;
	tile->rows[at] = *hash;
	for (unsigned row = 1; row <= TILE_BITS && (at & 1) != 0; row++) {
		const told_hash *below = &tile->rows[row_start(row - 1)];
		at /= 2;
		told_node_hash(&below[2 * at], &below[2 * at + 1], &tile->rows[row_start(row) + at]);
	}
}

static enum told_status put_tile(struct told_ledger *log, unsigned level, uint64_t n)
{
	sqlite3_stmt *put = told_sql(log->store, TOLD_SQL_TILE_PUT);
	told_bind_u64(put, 1, log->number);
	told_bind_u64(put, 2, level);
	told_bind_u64(put, 3, n);
	told_bind_blob(put, 4, told_bytes(log->edge[level].rows, TILE_BYTES));
	return told_sql_run(put);
}

/* Adds a hash to the unfinished tile of a level; a tile that fills is written and its root goes one level up. */
static enum told_status edge_add(struct told_ledger *log, unsigned level, uint64_t index, const told_hash *hash,
				 bool write)
{
	if (level >= LEVELS)
		return TOLD_E_LIMIT;
	struct tile *tile = &log->edge[level];
	tile_add(tile, hash);
	if (tile->width < TOLD_TILE_WIDTH)
		return TOLD_OK;
	uint64_t n = index / TOLD_TILE_WIDTH;
	enum told_status status = write ? put_tile(log, level, n) : TOLD_OK;
	if (status != TOLD_OK)
		return status;
	told_hash root = tile->rows[row_start(TILE_BITS)];
	tile->width = 0;
	return edge_add(log, level + 1, n, &root, write);
}

/* Hashes of full tiles of a level stand one level up: reads them back into the edge. */
static enum told_status load_level(struct told_ledger *log, unsigned level)
{
	uint64_t below = log->size >> (TILE_BITS * level);
	uint64_t first = below / TOLD_TILE_WIDTH * TOLD_TILE_WIDTH;
	sqlite3_stmt *range = told_sql(log->store, TOLD_SQL_TILE_RANGE);
	told_bind_u64(range, 1, log->number);
	told_bind_u64(range, 2, level - 1);
	told_bind_u64(range, 3, first);
	enum told_status status;
	while ((status = told_sql_next(range)) == TOLD_OK) {
		told_hash hashes[TOLD_TILE_WIDTH], root;
		status = told_column_fixed(range, 1, hashes, sizeof hashes);
		if (status != TOLD_OK || log->edge[level].width == TOLD_TILE_WIDTH - 1)
			break;
		told_merkle_root(hashes, TOLD_TILE_WIDTH, &root);
		tile_add(&log->edge[level], &root);
	}
	sqlite3_reset(range);
	if (status != TOLD_E_NOT_FOUND)
		return status == TOLD_OK ? TOLD_E_CORRUPT : status;
	return log->edge[level].width == below - first ? TOLD_OK : TOLD_E_CORRUPT;
}

static enum told_status load_leaves(struct told_ledger *log)
{
	sqlite3_stmt *hashes = told_sql(log->store, TOLD_SQL_ENTRY_HASHES);
	told_bind_u64(hashes, 1, log->number);
	told_bind_u64(hashes, 2, log->size / TOLD_TILE_WIDTH * TOLD_TILE_WIDTH);
	told_bind_u64(hashes, 3, log->size);
	enum told_status status;
	while ((status = told_sql_next(hashes)) == TOLD_OK) {
		told_hash hash;
		status = told_column_fixed(hashes, 1, &hash, sizeof hash);
		if (status != TOLD_OK)
			break;
		tile_add(&log->edge[0], &hash);
	}
	sqlite3_reset(hashes);
	if (status != TOLD_E_NOT_FOUND)
		return status;
	return log->edge[0].width == log->size % TOLD_TILE_WIDTH ? TOLD_OK : TOLD_E_CORRUPT;
}

static enum told_status entry_time(struct told_bytes entry, uint64_t *time_ms)
{
	struct told_arena *arena = NULL;
	enum told_status status = told_arena_new(TOLD_LEAF_MAX_BYTES * (TOLD_DECODE_FACTOR + 1), &arena);
	struct told_leaf *leaf = NULL;
	if (status == TOLD_OK)
		status = told_leaf_decode(entry, arena, &leaf);
	if (status == TOLD_OK)
		*time_ms = leaf->time_ms;
	told_arena_free(arena);
	return status == TOLD_OK ? TOLD_OK : TOLD_E_CORRUPT;
}

static enum told_status load_size(struct told_ledger *log)
{
	sqlite3_stmt *last = told_sql(log->store, TOLD_SQL_ENTRY_LAST);
	told_bind_u64(last, 1, log->number);
	enum told_status status = told_sql_next(last);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	if (status == TOLD_OK) {
		log->size = told_column_u64(last, 0) + 1;
		status = entry_time(told_column(last, 1), &log->time_ms);
	}
	sqlite3_reset(last);
	return status;
}

/* The last tree head must be that of the entries: both were committed together. */
static enum told_status check_head(struct told_ledger *log)
{
	sqlite3_stmt *last = told_sql(log->store, TOLD_SQL_HEAD_LAST);
	told_bind_u64(last, 1, log->number);
	enum told_status status = told_sql_next(last);
	if (status == TOLD_E_NOT_FOUND)
		return log->size == 0 ? TOLD_OK : TOLD_E_CORRUPT;
	told_hash kept, found;
	if (status == TOLD_OK)
		status = told_column_fixed(last, 1, &kept, sizeof kept);
	if (status == TOLD_OK) {
		told_ledger_root(log, &found);
		log->head_size = told_column_u64(last, 0);
		bool same = log->head_size == log->size && told_hash_equal(&kept, &found);
		status = same ? TOLD_OK : TOLD_E_CORRUPT;
	}
	sqlite3_reset(last);
	return status;
}

static enum told_status load(struct told_ledger *log)
{
	log->size = log->time_ms = log->head_size = 0;
	log->cached = false;
	memset(log->edge, 0, sizeof log->edge);
	enum told_status status = load_size(log);
	if (status == TOLD_OK)
		status = load_leaves(log);
	for (unsigned level = 1; status == TOLD_OK && level < LEVELS; level++)
		status = load_level(log, level);
	return status == TOLD_OK ? check_head(log) : status;
}

enum told_status told_ledger_open(struct told_store *store, uint64_t number, struct told_ledger **out)
{
	*out = NULL;
	struct told_ledger *log = calloc(1, sizeof *log);
	if (log == NULL)
		return TOLD_E_MEMORY;
	log->store = store;
	log->number = number;
	enum told_status status = load(log);
	if (status != TOLD_OK) {
		told_ledger_close(log);
		return status;
	}
	*out = log;
	return TOLD_OK;
}

void told_ledger_close(struct told_ledger *log)
{
	free(log);
}

uint64_t told_ledger_size(const struct told_ledger *log)
{
	return log->size;
}

uint64_t told_ledger_time(const struct told_ledger *log)
{
	return log->time_ms;
}

void told_ledger_root(const struct told_ledger *log, told_hash *root)
{
	struct told_ledger *reading =
		(struct told_ledger *)(uintptr_t)log; /* node fills the cache of tiles, nothing else */
	enum told_status status = told_tree_root(told_ledger_node, reading, log->size, root);
	assert(status == TOLD_OK); /* the right edge lies in memory */
}

enum told_status told_ledger_append(struct told_ledger *log, struct told_bytes entry, uint64_t time_ms, uint64_t *index)
{
	if (entry.len == 0 || entry.len > TOLD_LEAF_MAX_BYTES)
		return TOLD_E_LIMIT;
	told_hash hash;
	told_leaf_hash(entry, &hash);
	sqlite3_stmt *put = told_sql(log->store, TOLD_SQL_ENTRY_PUT);
	told_bind_u64(put, 1, log->number);
	told_bind_u64(put, 2, log->size);
	told_bind_blob(put, 3, entry);
	told_bind_blob(put, 4, told_bytes(hash.b, sizeof hash.b));
	enum told_status status = told_sql_run(put);
	if (status == TOLD_OK)
		status = edge_add(log, 0, log->size, &hash, true);
	if (status != TOLD_OK)
		return status;
	log->time_ms = time_ms;
	*index = log->size++;
	return TOLD_OK;
}

enum told_status told_ledger_put_head(struct told_ledger *log)
{
	if (log->head_size == log->size)
		return TOLD_OK;
	told_hash root;
	told_ledger_root(log, &root);
	sqlite3_stmt *put = told_sql(log->store, TOLD_SQL_HEAD_PUT);
	told_bind_u64(put, 1, log->number);
	told_bind_u64(put, 2, log->size);
	told_bind_blob(put, 3, told_bytes(root.b, sizeof root.b));
	enum told_status status = told_sql_run(put);
	if (status == TOLD_OK)
		log->head_size = log->size;
	return status;
}

enum told_status told_ledger_rewind(struct told_ledger *log)
{
	return load(log);
}

enum told_status told_ledger_entry(struct told_ledger *log, uint64_t index, struct told_arena *arena,
				   struct told_bytes *entry)
{
	*entry = told_bytes(NULL, 0);
	sqlite3_stmt *get = told_sql(log->store, TOLD_SQL_ENTRY_GET);
	told_bind_u64(get, 1, log->number);
	told_bind_u64(get, 2, index);
	enum told_status status = told_sql_next(get);
	if (status != TOLD_OK)
		return status;
	told_hash kept, found;
	status = told_column_fixed(get, 1, &kept, sizeof kept);
	if (status == TOLD_OK) {
		*entry = told_arena_copy(arena, told_column(get, 0));
		told_leaf_hash(*entry, &found);
		status = entry->len == 0 ? TOLD_E_MEMORY : told_hash_equal(&kept, &found) ? TOLD_OK : TOLD_E_CORRUPT;
	}
	sqlite3_reset(get);
	return status;
}

static enum told_status read_tile(struct told_ledger *log, unsigned level, uint64_t n)
{
	if (log->cached && log->cached_level == level && log->cached_n == n)
		return TOLD_OK;
	log->cached = false;
	sqlite3_stmt *get = told_sql(log->store, TOLD_SQL_TILE_GET);
	told_bind_u64(get, 1, log->number);
	told_bind_u64(get, 2, level);
	told_bind_u64(get, 3, n);
	enum told_status status = told_sql_next(get);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_E_CORRUPT : status;
	told_hash hashes[TOLD_TILE_WIDTH];
	status = told_column_fixed(get, 0, hashes, sizeof hashes);
	sqlite3_reset(get);
	log->cache.width = 0;
	for (size_t i = 0; status == TOLD_OK && i < TOLD_TILE_WIDTH; i++)
		tile_add(&log->cache, &hashes[i]);
	log->cached = status == TOLD_OK;
	log->cached_level = level;
	log->cached_n = n;
	return status;
}

enum told_status told_ledger_node(void *ctx, unsigned level, uint64_t index, told_hash *out)
{
	struct told_ledger *log = ctx;
	unsigned tile_level = level / TILE_BITS, row = level % TILE_BITS;
	if (tile_level >= LEVELS || index >= log->size >> level)
		return TOLD_E_NOT_FOUND;
	uint64_t n = index >> (TILE_BITS - row);
	const struct tile *tile = &log->edge[tile_level];
	if (n < log->size >> (TILE_BITS * (tile_level + 1))) {
		enum told_status status = read_tile(log, tile_level, n);
		if (status != TOLD_OK)
			return status;
		tile = &log->cache;
	}
	*out = tile->rows[row_start(row) + (index & ((TOLD_TILE_WIDTH >> row) - 1))];
	return TOLD_OK;
}
