/* SPDX-License-Identifier: Apache-2.0 */
/* What was sent and not answered yet: a small open-addressing table by message id. Pure memory. */
#include "agents/client/state.h"

#include <string.h>

/* The end of a UUIDv7 is random; ids of a hostile caller only slow that caller down. */
static size_t home(const uint8_t id[TOLD_ID_BYTES])
{
	return told_u32(id + TOLD_ID_BYTES - 4) % TOLD_FLIGHT_SLOTS;
}

struct told_flight *told_flights_find(struct told_flights *flights, struct told_bytes id)
{
	if (id.len != TOLD_ID_BYTES)
		return NULL;
	for (size_t at = home(id.data); flights->slots[at].used; at = (at + 1) % TOLD_FLIGHT_SLOTS)
		if (memcmp(flights->slots[at].id, id.data, TOLD_ID_BYTES) == 0)
			return &flights->slots[at];
	return NULL;
}

struct told_flight *told_flights_add(struct told_flights *flights, const uint8_t id[TOLD_ID_BYTES])
{
	if (flights->count == TOLD_FLIGHT_MAX || told_flights_find(flights, told_bytes(id, TOLD_ID_BYTES)) != NULL)
		return NULL;
	size_t at = home(id);
	while (flights->slots[at].used)
		at = (at + 1) % TOLD_FLIGHT_SLOTS;
	struct told_flight *flight = &flights->slots[at];
	memset(flight, 0, sizeof *flight);
	memcpy(flight->id, id, TOLD_ID_BYTES);
	flight->used = true;
	flights->count++;
	return flight;
}

struct told_flight *told_flights_overdue(struct told_flights *flights, int64_t boot_ms)
{
	for (size_t i = 0; flights->count > 0 && i < TOLD_FLIGHT_SLOTS; i++)
		if (flights->slots[i].used && flights->slots[i].sent_boot_ms <= boot_ms)
			return &flights->slots[i];
	return NULL;
}

/* Closes the gap, so that a search may stop at the first empty slot. */
void told_flights_remove(struct told_flights *flights, struct told_flight *flight)
{
	size_t gap = (size_t)(flight - flights->slots);
	flights->count--;
	for (size_t at = (gap + 1) % TOLD_FLIGHT_SLOTS; flights->slots[at].used; at = (at + 1) % TOLD_FLIGHT_SLOTS) {
		size_t from_home = (at + TOLD_FLIGHT_SLOTS - home(flights->slots[at].id)) % TOLD_FLIGHT_SLOTS;
		size_t from_gap = (at + TOLD_FLIGHT_SLOTS - gap) % TOLD_FLIGHT_SLOTS;
		if (from_home < from_gap)
			continue;
		flights->slots[gap] = flights->slots[at];
		gap = at;
	}
	flights->slots[gap].used = false;
}

void told_flights_clear(struct told_flights *flights)
{
	memset(flights, 0, sizeof *flights);
}
