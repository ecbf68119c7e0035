/* SPDX-License-Identifier: Apache-2.0 */
/* One number in a shared file: how far this clock is ahead of the machine's, wall and boot alike. */
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

static _Atomic int64_t *ahead_ms(void)
{
	static _Atomic int64_t *shared;
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
	const _Atomic int64_t *ahead = ctx;
	struct told_clock real = __real_told_clock_system();
	struct told_time now = told_clock_now(&real);
	int64_t ms = ahead == NULL ? 0 : atomic_load(ahead);
	return (struct told_time){.wall_ms = now.wall_ms + ms, .boot_ms = now.boot_ms + (ms < 0 ? 0 : ms)};
}

struct told_clock __wrap_told_clock_system(void)
{
	return (struct told_clock){.now = shifted, .ctx = (void *)(uintptr_t)ahead_ms()};
}

void shifted_clock_make(int64_t now_ms)
{
	char path[4096];
	struct told_clock real = __real_told_clock_system();
	snprintf(path, sizeof path, "%s/clock-%ld", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp",
		 (long)getpid());
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert(fd >= 0);
	int rc = ftruncate(fd, (off_t)sizeof(int64_t));
	assert(rc == 0);
	rc = setenv(WHERE, path, 1);
	assert(rc == 0);
	close(fd);
	_Atomic int64_t *ahead = ahead_ms();
	atomic_store(ahead, now_ms - told_clock_now(&real).wall_ms);
}

void shifted_clock_pass(int64_t ms)
{
	atomic_fetch_add(ahead_ms(), ms);
}
