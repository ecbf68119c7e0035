/* SPDX-License-Identifier: Apache-2.0 */
/* Counting what was turned away: bounded, however many keys or peers there are. */
#include "broker/wire/drops.h"

static size_t row_of(struct told_drops *drops, uint64_t admission)
{
	if (admission == 0)
		return 0;
	for (size_t i = 1; i <= drops->used; i++)
		if (drops->rows[i].admission == admission)
			return i;
	if (drops->used == TOLD_WIRE_KEYS_MAX)
		return 0;
	drops->rows[++drops->used].admission = admission;
	return drops->used;
}

void told_drops_add(struct told_drops *drops, uint64_t admission, enum told_wire_reason reason, uint64_t count)
{
	if (count == 0)
		return;
	drops->rows[row_of(drops, admission)].counts[reason] += count;
	drops->dirty = true;
}

bool told_drops_take(struct told_drops *drops, uint64_t *admission, enum told_wire_reason *reason, uint64_t *count)
{
	for (size_t i = 0; drops->dirty && i <= drops->used; i++)
		for (unsigned r = 1; r < TOLD_WIRE_REASON_COUNT; r++)
			if (drops->rows[i].counts[r] != 0) {
				*admission = drops->rows[i].admission;
				*reason = (enum told_wire_reason)r;
				*count = drops->rows[i].counts[r];
				drops->rows[i].counts[r] = 0;
				return true;
			}
	drops->used = 0;
	drops->dirty = false;
	return false;
}
