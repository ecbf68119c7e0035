/* SPDX-License-Identifier: Apache-2.0 */
/* The page as plain lines: for a terminal, a printer, a voice. Touches only its arguments. */
#include "agents/statement/entry.h"

#include <string.h>

#define COLUMNS 72u

/* How a kind of line is set off: blank line before, what stands before its first line and the others. */
static const struct {
	bool gap;
	const char *first, *rest;
} styles[TOLD_LINE_KINDS] = {
	[TOLD_LINE_TITLE] = {false, "", ""},    [TOLD_LINE_HEADING] = {true, "", ""},
	[TOLD_LINE_PLAIN] = {false, "", ""},    [TOLD_LINE_NEVER] = {false, "- ", "  "},
	[TOLD_LINE_WHEN] = {true, "", ""},      [TOLD_LINE_ENTRY] = {false, "  ", "  "},
	[TOLD_LINE_MORE] = {false, "  ", "  "}, [TOLD_LINE_CLOSING] = {true, "", ""},
	[TOLD_LINE_DOOR] = {false, "* ", "  "}, [TOLD_LINE_WRITE] = {true, "", ""},
	[TOLD_LINE_FOOT] = {false, "", ""},
};

static size_t columns_of(const char *text, size_t bytes)
{
	size_t columns = 0;
	for (size_t i = 0; i < bytes; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

/* Words until the line is full; at least one. */
static size_t fit(const char *text, size_t columns)
{
	size_t end = strcspn(text, " ");
	while (text[end] == ' ') {
		size_t next = end + 1 + strcspn(text + end + 1, " ");
		if (columns_of(text, next) > columns)
			break;
		end = next;
	}
	return end;
}

static void put_wrapped(const char *first, const char *rest, const char *text, struct told_buf *out)
{
	const char *before = first;
	while (*text != '\0') {
		size_t len = fit(text, COLUMNS - strlen(before));
		told_buf_put_text(out, before);
		told_buf_put(out, text, len);
		told_buf_put_text(out, "\n");
		text += len + (text[len] == ' ');
		before = rest;
	}
}

static void put_capitals(const char *text, struct told_buf *out)
{
	for (; *text != '\0'; text++) {
		char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
		told_buf_put(out, &c, 1);
	}
	told_buf_put_text(out, "\n");
}

static void put_room(struct told_buf *out)
{
	for (int row = 0; row < 3; row++) {
		for (unsigned i = 0; i < COLUMNS; i++)
			told_buf_put_text(out, "_");
		told_buf_put_text(out, "\n");
	}
}

void told_page_text(const struct told_page *page, struct told_buf *out)
{
	for (size_t i = 0; i < page->count; i++) {
		const struct told_line *line = &page->lines[i];
		bool plain_after_list =
			line->kind == TOLD_LINE_PLAIN && i > 0 && page->lines[i - 1].kind == TOLD_LINE_NEVER;
		bool foot_begins = line->kind == TOLD_LINE_FOOT && page->lines[i - 1].kind != TOLD_LINE_FOOT;
		if (styles[line->kind].gap || plain_after_list || foot_begins)
			told_buf_put_text(out, "\n");
		if (line->kind == TOLD_LINE_TITLE || line->kind == TOLD_LINE_HEADING)
			put_capitals(line->text, out);
		else
			put_wrapped(styles[line->kind].first, styles[line->kind].rest, line->text, out);
		if (line->kind == TOLD_LINE_WRITE)
			put_room(out);
	}
}
