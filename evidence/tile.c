/* SPDX-License-Identifier: Apache-2.0 */
/* Names and widths of tiles and entry bundles (C2SP tlog-tiles). Touches memory only. */
#include "told/proof.h"

#include <inttypes.h>

#define LEVEL_MAX  63
#define LEVEL_BITS 8u /* a tile is 2^8 hashes wide */

/* Groups of three digits, all but the last behind an x: 1234067 is x001/x234/067. */
static void put_index(struct told_buf *out, uint64_t index)
{
	uint64_t unit = 1;
	while (index / unit >= 1000)
		unit *= 1000;
	for (; unit > 1; unit /= 1000)
		told_buf_printf(out, "x%03" PRIu64 "/", index / unit % 1000);
	told_buf_printf(out, "%03" PRIu64, index % 1000);
}

void told_tile_path(int level, uint64_t index, unsigned width, struct told_buf *out)
{
	if ((level < -1 || level > LEVEL_MAX || width < 1 || width > TOLD_TILE_WIDTH) && out->status == TOLD_OK)
		out->status = TOLD_E_USAGE;
	if (level < 0)
		told_buf_put_text(out, "tile/entries/");
	else
		told_buf_printf(out, "tile/%d/", level);
	put_index(out, index);
	if (width < TOLD_TILE_WIDTH)
		told_buf_printf(out, ".p/%u", width);
}

unsigned told_tile_width(int level, uint64_t index, uint64_t size)
{
	unsigned shift = level > 0 ? (unsigned)level * LEVEL_BITS : 0;
	uint64_t hashes = shift < 64 ? size >> shift : 0;
	uint64_t full = hashes / TOLD_TILE_WIDTH;
	if (index < full)
		return TOLD_TILE_WIDTH;
	return index == full ? (unsigned)(hashes % TOLD_TILE_WIDTH) : 0;
}
