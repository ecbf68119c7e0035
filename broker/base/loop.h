/* SPDX-License-Identifier: Apache-2.0 */
/* The two things that every loop needs: to wait on descriptors until a time, and to get signals as one of them. */
#ifndef TOLD_BASE_LOOP_H
#define TOLD_BASE_LOOP_H

#include "told/status.h"
#include <poll.h>
#include <stdint.h>

/* poll(2) until one is ready or timeout_ms is over (negative: for ever); an interruption goes on waiting for the rest.
 * TOLD_OK: at least one revents is set; TOLD_E_TIMEOUT: none; TOLD_E_SYSTEM: the kernel refused. */
TOLD_MUST_USE enum told_status told_poll(struct pollfd *fds, nfds_t count, int64_t timeout_ms);

/* As told_poll for one descriptor. */
TOLD_MUST_USE enum told_status told_poll_one(int fd, short events, int64_t timeout_ms);

/* Blocks SIGTERM, SIGINT and SIGHUP for this thread and those it starts later, and gives a descriptor that they arrive
 * on. Call it before any thread starts; the caller closes it. */
TOLD_MUST_USE enum told_status told_signals_open(int *fd);

/* The next signal that arrived, or 0 when there is none. Never blocks. */
int told_signals_next(int fd);

#endif
