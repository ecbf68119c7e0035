/* SPDX-License-Identifier: Apache-2.0 */
/* Judges the clock by the boot clock and by the agencies' clocks. Touches nothing but its own struct and the log. */
#include "broker/health.h"

#include "proto/types.h"

static bool apart(int64_t difference_ms, int64_t most_ms)
{
	return difference_ms > most_ms || difference_ms < -most_ms;
}

/* Wall time as the boot clock makes it from the last reading that was believed. */
static int64_t expected_ms(const struct told_health *health, struct told_time now)
{
	return health->base.wall_ms + (now.boot_ms - health->base.boot_ms);
}

/* More than half of the agencies that told us their time, and at least two: one wrong clock is that agency's. */
static bool doubted(struct told_agencies *agencies)
{
	size_t known = 0, differ = 0;
	for (size_t i = 0; i < told_agencies_count(agencies); i++) {
		const struct told_agency *agency = told_agency_at(agencies, i);
		if (!agency->clock_known || agency->link_count == 0)
			continue;
		known++;
		differ += apart(agency->clock_ahead_ms, TOLD_CLOCK_DOUBTED_MS);
	}
	return differ >= 2 && differ * 2 > known;
}

static void say(unsigned before, unsigned red, int64_t moved_ms, const struct told_log *log)
{
	if (red == before)
		return;
	if (red == 0)
		told_log(log, TOLD_LOG_WARNING, "health.green");
	else
		told_log(log, TOLD_LOG_ERROR, "health.red",
			 TOLD_LOG_NUMBER("clock_moved", (red & TOLD_HEALTH_CLOCK_MOVED) != 0),
			 TOLD_LOG_NUMBER("clock_doubted", (red & TOLD_HEALTH_CLOCK_DOUBTED) != 0),
			 TOLD_LOG_NUMBER("moved_ms", moved_ms));
}

struct told_time told_health_read(struct told_health *health, struct told_agencies *agencies, struct told_time now,
				  const struct told_log *log)
{
	unsigned before = health->red;
	if (!health->started)
		told_health_confirm(health, now);
	health->started = true;
	int64_t moved_ms = now.wall_ms - expected_ms(health, now);
	bool doubt = doubted(agencies);
	health->accepted &= doubt;
	health->red = (apart(moved_ms, TOLD_CLOCK_MOVED_MS) ? TOLD_HEALTH_CLOCK_MOVED : 0u) |
		      (doubt && !health->accepted ? TOLD_HEALTH_CLOCK_DOUBTED : 0u);
	say(before, health->red, moved_ms, log);
	if ((health->red & TOLD_HEALTH_CLOCK_MOVED) != 0)
		now.wall_ms = expected_ms(health, now);
	return now;
}

void told_health_confirm(struct told_health *health, struct told_time now)
{
	health->base = now;
	health->accepted = true;
}

bool told_health_lets(const struct told_health *health, const struct told_header *header)
{
	const struct told_type_rule *rule = told_type_rule(header->type);
	return health->red == 0 || (rule != NULL && !rule->ruled) || header->override_block != NULL;
}
