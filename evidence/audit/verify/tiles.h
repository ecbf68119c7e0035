/* SPDX-License-Identifier: Apache-2.0 */
/* The full tiles of a log, compared with the hashes that its entries give, as they complete. */
#ifndef TOLD_AUDIT_VERIFY_TILES_H
#define TOLD_AUDIT_VERIFY_TILES_H

#include "evidence/audit/base/report.h"
#include "evidence/audit/read/source.h"
#include "told/proof.h"

#define TOLD_AUDIT_TILE_LEVELS 7u /* 2^56 entries */

struct told_tile_level {
	struct told_rows rows;
	uint64_t n; /* the tile that is filled */
	size_t width;
	told_hash hashes[TOLD_TILE_WIDTH];
};

struct told_tiles {
	struct told_report *report;
	struct told_tile_level levels[TOLD_AUDIT_TILE_LEVELS];
	enum told_status status; /* sticky: adding is called from within the tree */
};

/* Zeroed before; told_tiles_close also after failure. */
TOLD_MUST_USE enum told_status told_tiles_open(struct told_source *source, int64_t log, struct told_report *report,
					       struct told_tiles *tiles);
/* The hash of the perfect subtree `index` of 2^level leaves. Levels in between tiles are left out; the signature is
 * that of told_frontier_append's done. */
void told_tiles_add(void *tiles, unsigned level, uint64_t index, const told_hash *hash);
/* What stands beyond the log is a fault; the right edge is judged in a folder of tiles, a store keeps none of it.
 * TOLD_E_CORRUPT when a tile could not be read. */
TOLD_MUST_USE enum told_status told_tiles_end(struct told_source *source, int64_t log, struct told_tiles *tiles);
void told_tiles_close(struct told_tiles *tiles);

#endif
