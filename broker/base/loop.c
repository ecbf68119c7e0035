/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting. May touch: poll(2), signalfd(2), the boot clock for what is left of a timeout. */
#include "broker/base/loop.h"

#include "broker/base/clock.h"
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum told_status told_poll(struct pollfd *fds, nfds_t count, int64_t timeout_ms)
{
	struct told_clock clock = told_clock_system();
	int64_t end_ms = told_clock_now(&clock).boot_ms + (timeout_ms > 0 ? timeout_ms : 0);
	int64_t left_ms = timeout_ms;
	for (;;) {
		int rc = poll(fds, count, left_ms < 0 ? -1 : left_ms > INT_MAX ? INT_MAX : (int)left_ms);
		if (rc > 0)
			return TOLD_OK;
		if (rc < 0 && errno != EINTR)
			return TOLD_E_SYSTEM;
		if (timeout_ms >= 0) {
			left_ms = end_ms - told_clock_now(&clock).boot_ms;
			if (left_ms <= 0)
				return TOLD_E_TIMEOUT;
		}
	}
}

enum told_status told_poll_one(int fd, short events, int64_t timeout_ms)
{
	struct pollfd one = {.fd = fd, .events = events};
	return told_poll(&one, 1, timeout_ms);
}

enum told_status told_signals_open(int *fd)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	*fd = -1;
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		return TOLD_E_SYSTEM;
	*fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return *fd >= 0 ? TOLD_OK : TOLD_E_SYSTEM;
}

int told_signals_next(int fd)
{
	struct signalfd_siginfo info;
	ssize_t got = -1;
	do {
		got = read(fd, &info, sizeof info);
	} while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}
