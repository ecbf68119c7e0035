/* SPDX-License-Identifier: Apache-2.0 */
/* The statement as a page: what is said, in order, before it is text or HTML. What must not be told is not here any
 * more (safe.h): this room is given only what may be shown. */
#ifndef TOLD_STATEMENT_PAGE_H
#define TOLD_STATEMENT_PAGE_H

#include "agents/statement/catalogue.h"

#include <jansson.h>

enum told_line_kind {
	TOLD_LINE_TITLE,
	TOLD_LINE_HEADING,
	TOLD_LINE_PLAIN,
	TOLD_LINE_NEVER, /* an item of the list that comes first */
	TOLD_LINE_WHEN,  /* the day of an entry, which the next lines belong to */
	TOLD_LINE_ENTRY,
	TOLD_LINE_MORE, /* why, who opened it */
	TOLD_LINE_CLOSING,
	TOLD_LINE_DOOR,  /* what it is called; the next line says how */
	TOLD_LINE_WRITE, /* room to write by hand follows */
	TOLD_LINE_FOOT,
	TOLD_LINE_KINDS
};

struct told_line {
	enum told_line_kind kind;
	const char *text;
};

#define TOLD_PAGE_LINES_MAX 4096u
struct told_page {
	struct told_arena *arena; /* the caller's; owns the texts */
	const struct told_catalogue *words;
	struct told_line *lines; /* TOLD_PAGE_LINES_MAX of them */
	size_t count;
	enum told_status status; /* sticky */
};

/* statement: what the call "statement" of agents/agent/call/CALLS.md replies. slip: only what was passed on for help.
 * The page borrows both. TOLD_E_MEMORY, TOLD_E_LIMIT. */
TOLD_MUST_USE enum told_status told_page_make(const json_t *statement, bool slip, const struct told_catalogue *words,
					      struct told_arena *arena, struct told_page *out);

/* For a terminal, for paper without a printer's driver, and to be read aloud: lines of at most 72 columns. */
void told_page_text(const struct told_page *page, struct told_buf *out);

/* A QR code's modules, row by row, lowest bit set where dark. */
struct told_page_code {
	int width;
	const unsigned char *modules;
};
/* One A4, no script, nothing fetched; everything that came from outside is escaped. code may be NULL. */
void told_page_html(const struct told_page *page, const struct told_page_code *code, struct told_buf *out);

/* What the QR code of a statement holds: the telephone number and the page's random number, and nothing of the person.
 */
void told_page_code_text(const json_t *statement, struct told_buf *out);

/* One entry in one or two sentences, without its day. */
void told_entry_say(const json_t *entry, const struct told_catalogue *words, struct told_buf *out);

/* {"usages": [...], "usagePeriod": {...}, ...}: the shape of Estonia's findUsage 1.6, newest first. NULL: no memory. */
json_t *told_statement_usages(const json_t *statement, const struct told_catalogue *words);

#endif
