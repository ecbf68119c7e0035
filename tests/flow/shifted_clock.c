/* SPDX-License-Identifier: Apache-2.0 */
/* Two numbers in a shared file: where the wall clock was set, once, and what has passed since, for both clocks at once,
 * as a broker that compares them expects. */
#include "flow/shifted_clock.h"

#include "broker/base/clock.h"

#include <assert.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define WHERE "TOLD_TEST_CLOCK"

struct told_clock __real_told_clock_system(void);
struct told_clock __wrap_told_clock_system(void);

struct ahead {
	_Atomic int64_t set_ms, passed_ms;
};

static struct ahead *ahead_of(void)
{
	static struct ahead *shared;
	const char *path = getenv(WHERE);
	if (shared != NULL || path == NULL)
		return shared;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	void *page = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert(page != MAP_FAILED);
	close(fd);
	shared = page;
	return shared;
}

static struct told_time shifted(void *ctx)
{
	struct ahead *ahead = ctx;
	struct told_clock real = __real_told_clock_system();
	struct told_time now = told_clock_now(&real);
	if (ahead == NULL)
		return now;
	int64_t passed_ms = atomic_load(&ahead->passed_ms);
	return (struct told_time){.wall_ms = now.wall_ms + atomic_load(&ahead->set_ms) + passed_ms,
				  .boot_ms = now.boot_ms + passed_ms};
}

struct told_clock __wrap_told_clock_system(void)
{
	return (struct told_clock){.now = shifted, .ctx = ahead_of()};
}

void shifted_clock_make(int64_t now_ms)
{
	char path[4096];
	struct told_clock real = __real_told_clock_system();
	snprintf(path, sizeof path, "%s/clock-%ld", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp",
		 (long)getpid());
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert(fd >= 0);
	int rc = ftruncate(fd, (off_t)sizeof(struct ahead));
	assert(rc == 0);
	rc = setenv(WHERE, path, 1);
	assert(rc == 0);
	close(fd);
	atomic_store(&ahead_of()->set_ms, now_ms - told_clock_now(&real).wall_ms);
}

void shifted_clock_pass(int64_t ms)
{
	atomic_fetch_add(&ahead_of()->passed_ms, ms);
}
