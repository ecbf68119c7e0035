/* SPDX-License-Identifier: Apache-2.0 */
/* Paging who is on call: what a page says, and by what it goes. A page holds coded facts and no word about the person.
 * The one that ships runs the operator's program (hook.h). */
#ifndef TOLD_ALERT_PAGER_H
#define TOLD_ALERT_PAGER_H

#include "told/bytes.h"
#include "told/limits.h"

#define TOLD_PAGE_MAX_BYTES 1024u

enum told_page_whom { TOLD_PAGE_OURS, TOLD_PAGE_THEIRS, TOLD_PAGE_WHOM_COUNT };

/* Text is NUL-terminated. */
struct told_page {
	uint8_t alert[TOLD_ID_BYTES]; /* says nothing about anybody */
	enum told_page_whom whom;
	const char *code;  /* "alert_unopened", "agent_silent" or "no_agent" */
	const char *party; /* whose contact it is, as the agreement names it */
	const char *telephone;
	int64_t raised_ms, due_ms;
};

/* One line of JSON with a newline, as programs read it. TOLD_E_LIMIT: longer than TOLD_PAGE_MAX_BYTES. */
TOLD_MUST_USE enum told_status told_page_json(const struct told_page *page, struct told_buf *out);

/* What became of a page. */
struct told_paged {
	uint8_t alert[TOLD_ID_BYTES];
	enum told_page_whom whom;
	bool reached; /* the way of paging took it; that somebody read it only a call shows */
};

struct told_pager {
	/* Begins a page and does not wait. TOLD_E_BUSY: try later. boot_ms: now. */
	enum told_status (*start)(void *ctx, const struct told_page *page, int64_t boot_ms);
	/* The next page that has ended; TOLD_E_NOT_FOUND: none has. */
	enum told_status (*poll)(void *ctx, int64_t boot_ms, struct told_paged *out);
	/* Whether a page is on its way, so that somebody should poll soon. */
	bool (*waits)(const void *ctx);
	void *ctx;
};

#endif
