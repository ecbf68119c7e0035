/* SPDX-License-Identifier: Apache-2.0 */
/* A conference as lines, in the order of the meeting, before they are text or HTML: what the call "conference show"
 * gave this one attendee, and nothing else. Pure. */
#ifndef TOLD_CONFERENCE_PAGE_H
#define TOLD_CONFERENCE_PAGE_H

#include "told/bytes.h"

#include <jansson.h>

enum told_conference_line {
	TOLD_CONFERENCE_TITLE,
	TOLD_CONFERENCE_HEADING,
	TOLD_CONFERENCE_PLAIN,
	TOLD_CONFERENCE_STATEMENT_LINE, /* to be accepted first */
	TOLD_CONFERENCE_ITEM,
	TOLD_CONFERENCE_QUOTE, /* the person's own words */
	TOLD_CONFERENCE_MORE,  /* belongs to the line before */
	TOLD_CONFERENCE_LINES
};

struct told_conference_page {
	void *ctx;
	const char *(*party)(void *ctx, const char *id);                           /* the full name, else the id */
	void (*date)(const json_t *ms, char out[40]);                              /* "22 November 2026" */
	void (*line)(void *ctx, enum told_conference_line kind, const char *text); /* one line of the page */
};

/* Calls page->line for each line of a reply. */
void told_conference_lines(const json_t *conference, const struct told_conference_page *page);

/* One printable page around lines that come one by one: begins it, one line, ends it. */
void told_conference_html_begin(struct told_buf *out);
void told_conference_html_line(enum told_conference_line kind, const char *text, struct told_buf *out);
void told_conference_html_end(struct told_buf *out);

#endif
