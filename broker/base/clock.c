/* SPDX-License-Identifier: Apache-2.0 */
/* The system's two clocks and the manual one. The only file of the broker that reads the time. */
#include "broker/base/clock.h"

#include <assert.h>
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

struct told_clock told_clock_manual(struct told_time *time)
{
	return (struct told_clock){.now = manual_now, .ctx = time};
}

void told_time_pass(struct told_time *time, int64_t ms)
{
	time->wall_ms += ms;
	time->boot_ms += ms;
}
