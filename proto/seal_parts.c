/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of views that are never joined. Pure: no library, no allocation. */
#include "proto/seal_parts.h"

#include <assert.h>
#include <string.h>

void told_parts_fixed(struct told_parts *parts, const void *data, size_t len)
{
	assert(parts->count < TOLD_PARTS_MAX);
	parts->view[parts->count++] = told_bytes(data, len);
}

void told_parts_u32(struct told_parts *parts, uint32_t value)
{
	assert(parts->count < TOLD_PARTS_MAX);
	uint8_t *number = parts->number[parts->count];
	for (unsigned i = 0; i < 4; i++)
		number[i] = (uint8_t)(value >> (24 - 8 * i));
	told_parts_fixed(parts, number, 4);
}

void told_parts_put(struct told_parts *parts, struct told_bytes bytes)
{
	assert(bytes.len <= UINT32_MAX);
	told_parts_u32(parts, (uint32_t)bytes.len);
	told_parts_fixed(parts, bytes.data, bytes.len);
}

void told_parts_label(struct told_parts *parts, const char *label)
{
	told_parts_put(parts, told_bytes(label, strlen(label)));
}
