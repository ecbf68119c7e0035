/* SPDX-License-Identifier: Apache-2.0 */
/* Compares stored tiles with recomputed ones. Touches the table tile only. */
#include "evidence/audit/verify/tiles.h"

#include <inttypes.h>
#include <string.h>

#define TILE_BITS 8u
#define TODO                                                                                                           \
	"Receipts proved from this tile are wrong. Keep this copy, compare it with a backup, and find out who wrote "  \
	"to "                                                                                                          \
	"the store."

enum told_status told_tiles_open(struct told_source *source, int64_t log, struct told_report *report,
				 struct told_tiles *tiles)
{
	tiles->report = report;
	enum told_status status = TOLD_OK;
	for (unsigned i = 0; status == TOLD_OK && i < TOLD_AUDIT_TILE_LEVELS; i++)
		status = told_rows_open(&source->store, TOLD_AUDIT_SQL_TILES, (int64_t[]){log, i}, 2,
					&tiles->levels[i].rows);
	return status;
}

/* Entries below one hash of a tile. */
static uint64_t last_below(unsigned level, uint64_t n, size_t at)
{
	return ((n * TOLD_TILE_WIDTH + at + 1) << (TILE_BITS * level)) - 1;
}

static void compare(struct told_tiles *tiles, unsigned level, uint64_t n, struct told_bytes kept)
{
	const struct told_tile_level *tile = &tiles->levels[level];
	size_t at = 0, bytes = tile->width * TOLD_HASH_BYTES;
	if (kept.len == bytes && memcmp(kept.data, tile->hashes, bytes) == 0)
		return;
	while (kept.len == bytes && memcmp(kept.data + at * TOLD_HASH_BYTES, &tile->hashes[at], TOLD_HASH_BYTES) == 0)
		at++;
	uint64_t to = last_below(level, n, at);
	uint64_t from = to - ((UINT64_C(1) << (TILE_BITS * level)) - 1);
	told_report_fault(tiles->report, TOLD_CLAIM_INTEGRITY, from, to, TODO,
			  "tile %u/%" PRIu64 ": hash %zu is not that of entry %" PRIu64 "%s", level, n, at, from,
			  from == to ? "" : " and those behind it");
}

/* The tile of this level as far as it is filled. */
static void judge(struct told_tiles *tiles, unsigned level)
{
	uint64_t n = tiles->levels[level].n;
	struct told_rows *rows = &tiles->levels[level].rows;
	while (rows->there && told_rows_u64(rows, 0) < n && tiles->status == TOLD_OK)
		tiles->status = told_rows_next(rows); /* cannot be: each was taken when it was full */
	if (rows->there && told_rows_u64(rows, 0) == n) {
		compare(tiles, level, n, told_rows_bytes(rows, 1));
		if (tiles->status == TOLD_OK)
			tiles->status = told_rows_next(rows);
		return;
	}
	uint64_t to = last_below(level, n, tiles->levels[level].width - 1), from = last_below(level, n, 0) + 1;
	from -= UINT64_C(1) << (TILE_BITS * level);
	told_report_fault(tiles->report, TOLD_CLAIM_INTEGRITY, from, to, TODO,
			  "tile %u/%" PRIu64 " (entries %" PRIu64 " to %" PRIu64 ") is missing", level, n, from, to);
}

void told_tiles_add(void *ctx, unsigned level, uint64_t index, const told_hash *hash)
{
	struct told_tiles *tiles = ctx;
	if (level % TILE_BITS != 0 || level / TILE_BITS >= TOLD_AUDIT_TILE_LEVELS)
		return;
	struct told_tile_level *tile = &tiles->levels[level / TILE_BITS];
	tile->hashes[tile->width++] = *hash;
	if (tile->width < TOLD_TILE_WIDTH)
		return;
	judge(tiles, level / TILE_BITS);
	tile->width = 0;
	tile->n = index / TOLD_TILE_WIDTH + 1;
}

static void too_many(struct told_tiles *tiles, uint64_t level, uint64_t n)
{
	told_report_fault(tiles->report, TOLD_CLAIM_INTEGRITY, TOLD_NO_ENTRY, TOLD_NO_ENTRY, TODO,
			  "tile %" PRIu64 "/%" PRIu64 " stands beyond the end of the log", level, n);
}

enum told_status told_tiles_end(struct told_source *source, int64_t log, struct told_tiles *tiles)
{
	struct told_rows elsewhere;
	bool edge = source->tiles && source->fault.len == 0;
	for (unsigned i = 0; edge && i < TOLD_AUDIT_TILE_LEVELS; i++)
		if (tiles->levels[i].width > 0)
			judge(tiles, i);
	for (unsigned i = 0; i < TOLD_AUDIT_TILE_LEVELS; i++)
		if (tiles->levels[i].rows.there)
			too_many(tiles, i, told_rows_u64(&tiles->levels[i].rows, 0));
	enum told_status status = told_rows_open(&source->store, TOLD_AUDIT_SQL_TILES_ELSEWHERE,
						 (int64_t[]){log, TOLD_AUDIT_TILE_LEVELS - 1}, 2, &elsewhere);
	if (status == TOLD_OK && elsewhere.there)
		too_many(tiles, told_rows_u64(&elsewhere, 0), told_rows_u64(&elsewhere, 1));
	told_rows_close(&elsewhere);
	return tiles->status != TOLD_OK ? tiles->status : status;
}

void told_tiles_close(struct told_tiles *tiles)
{
	for (unsigned i = 0; i < TOLD_AUDIT_TILE_LEVELS; i++)
		told_rows_close(&tiles->levels[i].rows);
}
