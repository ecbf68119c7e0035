/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that the demo runs: short ones to their end, daemons until they are stopped. Every wait has a deadline.
 * Room-internal. */
#ifndef TOLD_DEMO_CHILD_H
#define TOLD_DEMO_CHILD_H

#include "told/bytes.h"

#include <sys/types.h>

#define TOLD_CHILD_OUTPUT_MAX_BYTES (16u * 1024u * 1024u)

/* Milliseconds that only run forwards. */
int64_t told_demo_clock_ms(void);

/* ---- to the end ---- */

struct told_child_result {
	struct told_buf out, err;
	int exit; /* 128 + N when signal N ended it */
};
void told_child_result_free(struct told_child_result *result);

/* Runs argv (argv[0] is a path) with this standard input. *out is the caller's, also after failure. TOLD_E_TIMEOUT: it
 * was ended; TOLD_E_SYSTEM: it could not be started; TOLD_E_LIMIT: too much output. */
TOLD_MUST_USE enum told_status told_child_run(const char *const *argv, struct told_bytes input, int64_t within_ms,
					      struct told_child_result *out);

/* ---- daemons ---- */

/* Where daemons say READY=1 (sd_notify(3)): a datagram socket with an address that the kernel chose. */
struct told_demo_ready {
	int fd;
	char address[64]; /* "@...", for NOTIFY_SOCKET */
};
TOLD_MUST_USE enum told_status told_demo_ready_open(struct told_demo_ready *out);
void told_demo_ready_close(struct told_demo_ready *ready);

/* Starts a daemon that ends when we end; its talk is appended to the file log. TOLD_E_SYSTEM. */
TOLD_MUST_USE enum told_status told_daemon_start(const char *const *argv, const char *log,
						 const struct told_demo_ready *ready, pid_t *pid);
/* Waits until it has said READY=1. TOLD_E_UNREACHABLE: it ended instead; TOLD_E_TIMEOUT. */
TOLD_MUST_USE enum told_status told_daemon_ready(const struct told_demo_ready *ready, pid_t pid, int64_t within_ms);
/* Asks it to end, and waits. *pid is 0 afterwards. TOLD_E_TIMEOUT: it had to be killed. */
TOLD_MUST_USE enum told_status told_daemon_stop(pid_t *pid, int64_t within_ms);

#endif
