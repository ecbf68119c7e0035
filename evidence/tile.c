/* SPDX-License-Identifier: Apache-2.0 */
/* Names and widths of tiles and entry bundles, and what a bundle holds (C2SP tlog-tiles). Touches memory only. */
#include "evidence/line.h"

#include <inttypes.h>
#include <string.h>

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

/* A tile's number, one group of digits at a time; a group of zeros may not lead. */
static bool take_index(struct told_bytes *rest, uint64_t *index)
{
	for (*index = 0;;) {
		uint64_t group = 0;
		bool more = told_line_skip(rest, "x");
		if (rest->len < 3)
			return false;
		for (size_t i = 0; i < 3; i++) {
			if (rest->data[i] < '0' || rest->data[i] > '9')
				return false;
			group = group * 10 + (uint64_t)(rest->data[i] - '0');
		}
		*rest = told_bytes(rest->data + 3, rest->len - 3);
		if (*index > (UINT64_MAX - group) / 1000)
			return false;
		*index = *index * 1000 + group;
		if (!more)
			return true;
		if (*index == 0 || !told_line_skip(rest, "/"))
			return false;
	}
}

static bool take_level(struct told_bytes *rest, int *level)
{
	const uint8_t *slash = rest->len > 0 ? memchr(rest->data, '/', rest->len) : NULL;
	uint64_t number;
	if (slash == NULL)
		return false;
	struct told_bytes word = told_bytes(rest->data, (size_t)(slash - rest->data));
	*rest = told_bytes(slash + 1, rest->len - word.len - 1);
	*level = -1;
	if (told_bytes_equal(word, told_text("entries")))
		return true;
	if (told_decimal(word, LEVEL_MAX, &number) != TOLD_OK)
		return false;
	*level = (int)number;
	return true;
}

enum told_status told_tile_parse(struct told_bytes path, int *level, uint64_t *index, unsigned *width)
{
	uint64_t partial = TOLD_TILE_WIDTH;
	if (!told_line_skip(&path, "tile/") || !take_level(&path, level) || !take_index(&path, index))
		return TOLD_E_MALFORMED;
	if (path.len > 0 && (!told_line_skip(&path, ".p/") ||
			     told_decimal(path, TOLD_TILE_WIDTH - 1, &partial) != TOLD_OK || partial == 0))
		return TOLD_E_MALFORMED;
	*width = (unsigned)partial;
	return TOLD_OK;
}

bool told_bundle_take(struct told_bytes *bundle, struct told_bytes *entry)
{
	if (bundle->len < 2 || told_u16(bundle->data) > bundle->len - 2)
		return false;
	*entry = told_bytes(bundle->data + 2, told_u16(bundle->data));
	*bundle = told_bytes(entry->data + entry->len, bundle->len - 2 - entry->len);
	return true;
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
