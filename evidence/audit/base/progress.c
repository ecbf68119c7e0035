/* SPDX-License-Identifier: Apache-2.0 */
/* The progress bar. Its clock is monotonic and says nothing about evidence. */
#include "evidence/audit/base/progress.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#define EVERY    4096u
#define PATIENCE 1000u /* ms without a bar */
#define REDRAW   100u  /* ms */
#define WIDTH    40u

static uint64_t monotonic_ms(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return 0;
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void told_progress_start(struct told_progress *progress, FILE *to, uint64_t total)
{
	int fd = fileno(to);
	*progress = (struct told_progress){.total = total, .started_ms = monotonic_ms()};
	if (total > 0 && fd >= 0 && isatty(fd))
		progress->to = to;
}

void told_progress_step(struct told_progress *progress, uint64_t done)
{
	if (progress->to == NULL || done % EVERY != 0)
		return;
	uint64_t now = monotonic_ms();
	if (now - progress->started_ms < PATIENCE || now - progress->shown_ms < REDRAW)
		return;
	progress->shown_ms = now;
	uint64_t part = done < progress->total ? done : progress->total;
	unsigned filled = (unsigned)((double)part * WIDTH / (double)progress->total);
	fputs("\r[", progress->to);
	for (unsigned i = 0; i < WIDTH; i++)
		fputc(i < filled ? '#' : '.', progress->to);
	fprintf(progress->to, "] %" PRIu64 " of %" PRIu64 " entries", done, progress->total);
	fflush(progress->to);
}

void told_progress_end(struct told_progress *progress)
{
	if (progress->to != NULL && progress->shown_ms != 0) {
		fputs("\r\x1b[K", progress->to);
		fflush(progress->to);
	}
	progress->to = NULL;
}
