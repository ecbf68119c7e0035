/* SPDX-License-Identifier: Apache-2.0 */
/* What was turned away, counted per key and reason until the core is told. */
#ifndef TOLD_WIRE_DROPS_H
#define TOLD_WIRE_DROPS_H

#include "broker/wire/wire.h"

/* Zero-initialised is empty. Row 0 counts for the unknown, and for keys beyond the table. */
struct told_drops {
	struct {
		uint64_t admission;
		uint64_t counts[TOLD_WIRE_REASON_COUNT];
	} rows[TOLD_WIRE_KEYS_MAX + 1];
	size_t used;
	bool dirty;
};

void told_drops_add(struct told_drops *drops, uint64_t admission, enum told_wire_reason reason, uint64_t count);

/* Takes one count out; false, and all rows free again, when there is none left. */
bool told_drops_take(struct told_drops *drops, uint64_t *admission, enum told_wire_reason *reason, uint64_t *count);

#endif
