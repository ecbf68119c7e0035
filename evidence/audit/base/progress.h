/* SPDX-License-Identifier: Apache-2.0 */
/* A bar on a terminal, for work that takes over a second. */
#ifndef TOLD_AUDIT_BASE_PROGRESS_H
#define TOLD_AUDIT_BASE_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

struct told_progress {
	FILE *to; /* NULL: no bar */
	uint64_t total, started_ms, shown_ms;
};

/* No bar unless `to` is a terminal. */
void told_progress_start(struct told_progress *progress, FILE *to, uint64_t total);
/* Called as often as wanted: it looks at the clock every 4096th time and draws ten times a second. */
void told_progress_step(struct told_progress *progress, uint64_t done);
/* Wipes the bar away. */
void told_progress_end(struct told_progress *progress);

#endif
