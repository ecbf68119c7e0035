/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the broker may trust its clock (protocol section 7). A clock that was moved must cost nobody their story:
 * until the difference is gone or the operator confirms it, content waits, and nothing happens that time alone would
 * cause. */
#ifndef TOLD_HEALTH_H
#define TOLD_HEALTH_H

#include "broker/base/clock.h"
#include "broker/base/log.h"
#include "broker/deliver/agencies.h"
#include "told/envelope.h"

#define TOLD_CLOCK_MOVED_MS   (60 * TOLD_MS_SECOND) /* wall and boot clock part by more than this */
#define TOLD_CLOCK_DOUBTED_MS (5 * TOLD_MS_MINUTE)  /* most connected agencies differ by more than this */

/* Why health is red; a set of bits. */
enum told_health_reason {
	TOLD_HEALTH_CLOCK_MOVED = 1,
	TOLD_HEALTH_CLOCK_DOUBTED = 2,
};

/* Memory only: a restart believes the clock that it finds, and the agencies then confirm or doubt it. All zero: not
 * read yet. */
struct told_health {
	struct told_time base; /* the last reading that was believed */
	bool started;
	bool accepted; /* the operator confirmed the clock although agencies doubt it */
	unsigned red;  /* told_health_reason */
};

/* Judges a reading, and says in the log when the judgement changes. Gives the time to work with: while the wall clock
 * counts as moved, the last believed time and what has passed since by the boot clock, so that no entry carries a time
 * which later ones could not go back behind. */
struct told_time told_health_read(struct told_health *health, struct told_agencies *agencies, struct told_time now,
				  const struct told_log *log);

/* The operator says that the clock is right as it stands. */
void told_health_confirm(struct told_health *health, struct told_time now);

/* Whether what time alone causes may happen: expiry, deletion, a hold that becomes a refusal. */
static inline bool told_health_time_counts(const struct told_health *health)
{
	return health->red == 0;
}

/* Whether a parcel of this message may go: while health is red no content does, save under an override; withdrawals,
 * refusals and notices always do. */
bool told_health_lets(const struct told_health *health, const struct told_header *header);

#endif
