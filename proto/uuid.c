/* SPDX-License-Identifier: Apache-2.0 */
/* Message ids: UUIDv7 (RFC 9562 section 5.7, rand_a as a counter after its section 6.2 method 1). Rows of the record
 * go in in key order, so ids must rise; a counter that is shared between threads is all the state there is. */
#include "message.h"

#include <stdatomic.h>
#include <string.h>

#define COUNTER_BITS 12u

/* The next value of milliseconds and counter together: never one that was given out, even when the clock stands or
 * steps back. */
static uint64_t next_tick(uint64_t now_ms)
{
	static _Atomic uint64_t last;
	uint64_t seen = atomic_load(&last), next;
	do {
		uint64_t fresh = now_ms << COUNTER_BITS;
		next = fresh > seen ? fresh : seen + 1;
	} while (!atomic_compare_exchange_weak(&last, &seen, next));
	return next;
}

enum told_status told_uuid7(uint64_t now_ms, uint8_t id[TOLD_ID_BYTES])
{
	memset(id, 0, TOLD_ID_BYTES);
	if (now_ms >> 48 != 0)
		return TOLD_E_LIMIT;
	enum told_status status = told_random(id + 8, 8);
	if (status != TOLD_OK)
		return status;
	uint64_t tick = next_tick(now_ms);
	uint64_t ms = tick >> COUNTER_BITS;
	for (unsigned i = 0; i < 6; i++)
		id[i] = (uint8_t)(ms >> (40 - 8 * i));
	id[6] = (uint8_t)(0x70 | (tick >> 8 & 0x0f));
	id[7] = (uint8_t)tick;
	id[8] = (uint8_t)(0x80 | (id[8] & 0x3f));
	return TOLD_OK;
}
