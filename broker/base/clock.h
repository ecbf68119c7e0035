/* SPDX-License-Identifier: Apache-2.0 */
/* The one clock: everything that needs the time gets it from here, as an argument or through this interface (rules 30).
 */
#ifndef TOLD_BASE_CLOCK_H
#define TOLD_BASE_CLOCK_H

#include <stdint.h>

/* One reading of both clocks. wall_ms is UTC since 1970 and may jump; boot_ms runs on through suspend and never jumps.
 * Wall time is evidence, boot time drives timers, and where the two part, the wall clock was moved (protocol section
 * 7). */
struct told_time {
	int64_t wall_ms, boot_ms;
};

/* Copied freely; ctx belongs to whoever made the clock and outlives it. */
struct told_clock {
	struct told_time (*now)(void *ctx);
	void *ctx;
};

static inline struct told_time told_clock_now(const struct told_clock *clock)
{
	return clock->now(clock->ctx);
}

/* Nanoseconds of a clock that only runs on, for told_clock_beat; 0 for a clock that is moved by hand. */
uint64_t told_clock_ns(const struct told_clock *clock);
/* Sleeps until the next whole number of beats after `began_ns`: how long the work between took no longer shows. A clock
 * that is moved by hand waits for nothing. */
void told_clock_beat(const struct told_clock *clock, uint64_t began_ns, uint64_t beat_ns);

/* CLOCK_REALTIME and CLOCK_BOOTTIME. */
struct told_clock told_clock_system(void);

/* A clock that stands still until it is moved: for tests and the simulator. The time stays the caller's. */
struct told_clock told_clock_manual(struct told_time *time);

/* Moves both clocks on, as time passing does; to move one only, write the field. */
void told_time_pass(struct told_time *time, int64_t ms);

#endif
