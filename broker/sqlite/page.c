/* SPDX-License-Identifier: Apache-2.0 */
/* Where no row lies in a page of a b-tree. Touches memory only. */
#include "broker/sqlite/page.h"

#define FILE_HEADER_BYTES 100u /* in front of the first page's own header */
#define LEAF_HEADER_BYTES 8u
#define NODE_HEADER_BYTES 12u
#define POINTER_BYTES     2u

enum { INDEX_NODE = 2, TABLE_NODE = 5, INDEX_LEAF = 10, TABLE_LEAF = 13 };

static size_t header_bytes(uint8_t kind)
{
	switch (kind) {
	case INDEX_NODE:
	case TABLE_NODE: return NODE_HEADER_BYTES;
	case INDEX_LEAF:
	case TABLE_LEAF: return LEAF_HEADER_BYTES;
	default: return 0;
	}
}

static size_t u16(const uint8_t *at)
{
	return (size_t)at[0] << 8 | at[1];
}

bool told_page_gap(const uint8_t *page, size_t len, bool first, size_t *from, size_t *to)
{
	size_t at = first ? FILE_HEADER_BYTES : 0;
	if (len < TOLD_PAGE_MIN_BYTES || len > TOLD_PAGE_MAX_BYTES)
		return false;
	size_t header = header_bytes(page[at]);
	if (header == 0)
		return false;
	*from = at + header + u16(page + at + 3) * POINTER_BYTES;
	*to = u16(page + at + 5);
	if (*to == 0)
		*to = TOLD_PAGE_MAX_BYTES;
	return *from <= *to && *to <= len;
}
