/* SPDX-License-Identifier: Apache-2.0 */
/* The system's two clocks and the manual one. The only file of the broker that reads the time. */
#include "broker/base/clock.h"

#include <assert.h>
#include <poll.h>
#include <stddef.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec at;
	int rc = clock_gettime(id, &at);
	assert(rc == 0); /* both clocks exist on every kernel that we run on */
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static struct told_time system_now(void *ctx)
{
	(void)ctx;
	return (struct told_time){.wall_ms = read_ms(CLOCK_REALTIME), .boot_ms = read_ms(CLOCK_BOOTTIME)};
}

static struct told_time manual_now(void *ctx)
{
	return *(const struct told_time *)ctx;
}

struct told_clock told_clock_system(void)
{
	return (struct told_clock){.now = system_now, .ctx = NULL};
}

uint64_t told_clock_ns(const struct told_clock *clock)
{
	struct timespec at;
	if (clock->now != system_now)
		return 0;
	int rc = clock_gettime(CLOCK_MONOTONIC, &at);
	assert(rc == 0);
	return (uint64_t)at.tv_sec * UINT64_C(1000000000) + (uint64_t)at.tv_nsec;
}

void told_clock_beat(const struct told_clock *clock, uint64_t began_ns, uint64_t beat_ns)
{
	uint64_t now_ns = told_clock_ns(clock);
	if (now_ns < began_ns || clock->now != system_now)
		return;
	uint64_t due_ns = began_ns + ((now_ns - began_ns) / beat_ns + 1) * beat_ns;
	while (now_ns < due_ns) {
		struct timespec left = {.tv_sec = (time_t)((due_ns - now_ns) / 1000000000),
					.tv_nsec = (long)((due_ns - now_ns) % 1000000000)};
		(void)ppoll(NULL, 0, &left, NULL); /* woken early it waits on */
		now_ns = told_clock_ns(clock);
	}
}

struct told_clock told_clock_manual(struct told_time *time)
{
	return (struct told_clock){.now = manual_now, .ctx = time};
}

void told_time_pass(struct told_time *time, int64_t ms)
{
	time->wall_ms += ms;
	time->boot_ms += ms;
}
