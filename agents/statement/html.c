/* SPDX-License-Identifier: Apache-2.0 */
/* The page as one HTML file that prints on one A4: no script, no font, no picture from anywhere. Every text is escaped,
 * whoever it came from. Touches only its arguments. */
#include "agents/statement/html.h"
#include "agents/statement/entry.h"

#include <string.h>

static const char style[] =
	"@page{size:A4;margin:14mm}"
	"body{font:11pt/1.3 Arial,Helvetica,sans-serif;color:#000;background:#fff;max-width:182mm;margin:0 auto}"
	"h1{font-size:18pt;margin:0 0 2mm}h2{font-size:13pt;margin:4mm 0 1mm}h3{font-size:11pt;margin:2mm 0 0}"
	"p{margin:0 0 1mm}ul{margin:0 0 2mm;padding-left:5mm}.entry{margin:0 0 2mm;break-inside:avoid}"
	".when{font-weight:bold}.closing{border:1pt solid #000;padding:2mm;margin:3mm 0;font-weight:bold}"
	".room{border:1pt solid #000;height:18mm;margin:1mm 0 2mm}.foot{font-weight:bold}"
	"svg{float:right;width:26mm;height:26mm;margin:0 0 2mm 4mm}"
	"@media print{a{color:#000;text-decoration:none}h2,h3{break-after:avoid}}";

void told_html_text(const char *text, struct told_buf *out)
{
	static const struct {
		char plain;
		const char *escaped;
	} rows[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
	for (; *text != '\0'; text++) {
		size_t i = 0;
		while (i < sizeof rows / sizeof rows[0] && rows[i].plain != *text)
			i++;
		if (i < sizeof rows / sizeof rows[0])
			told_buf_put_text(out, rows[i].escaped);
		else
			told_buf_put(out, text, 1);
	}
}

void told_html_open(const char *title, const char *language, const char *direction, const char *rules,
		    struct told_buf *out)
{
	told_buf_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
			language, direction);
	told_buf_put_text(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
			       "'unsafe-inline'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	told_html_text(title, out);
	told_buf_printf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n", rules);
}

void told_html_close(struct told_buf *out)
{
	told_buf_put_text(out, "</main>\n</body>\n</html>\n");
}

/* Around each kind: a list is opened by its first line and closed after its last. */
static const struct {
	const char *before, *after;
} tags[TOLD_LINE_KINDS] = {
	[TOLD_LINE_TITLE] = {"<h1>", "</h1>\n"},
	[TOLD_LINE_HEADING] = {"<h2>", "</h2>\n"},
	[TOLD_LINE_PLAIN] = {"<p>", "</p>\n"},
	[TOLD_LINE_NEVER] = {"<li>", "</li>\n"},
	[TOLD_LINE_WHEN] = {"<p class=\"when\">", "</p>\n"},
	[TOLD_LINE_ENTRY] = {"<p>", "</p>\n"},
	[TOLD_LINE_MORE] = {"<p>", "</p>\n"},
	[TOLD_LINE_CLOSING] = {"<p class=\"closing\">", "</p>\n"},
	[TOLD_LINE_DOOR] = {"<h3>", "</h3>\n"},
	[TOLD_LINE_WRITE] = {"<p>", "</p>\n<div class=\"room\"></div>\n"},
	[TOLD_LINE_FOOT] = {"<p class=\"foot\">", "</p>\n"},
};

static bool of_entry(enum told_line_kind kind)
{
	return kind == TOLD_LINE_WHEN || kind == TOLD_LINE_ENTRY || kind == TOLD_LINE_MORE;
}

static void put_line(const struct told_page *page, size_t i, struct told_buf *out)
{
	const struct told_line *line = &page->lines[i];
	bool last = i + 1 == page->count;
	enum told_line_kind next = last ? TOLD_LINE_FOOT : page->lines[i + 1].kind;
	if (line->kind == TOLD_LINE_NEVER && page->lines[i - 1].kind != TOLD_LINE_NEVER)
		told_buf_put_text(out, "<ul>\n");
	if (line->kind == TOLD_LINE_WHEN)
		told_buf_put_text(out, "<div class=\"entry\">\n");
	told_buf_put_text(out, tags[line->kind].before);
	told_html_text(line->text, out);
	told_buf_put_text(out, tags[line->kind].after);
	if (line->kind == TOLD_LINE_NEVER && next != TOLD_LINE_NEVER)
		told_buf_put_text(out, "</ul>\n");
	if (of_entry(line->kind) && (next == TOLD_LINE_WHEN || !of_entry(next)))
		told_buf_put_text(out, "</div>\n");
}

/* One path: each dark module a square. The quiet zone is four modules, as ISO/IEC 18004 asks. */
static void put_code(const struct told_page_code *code, const char *title, struct told_buf *out)
{
	told_buf_printf(out, "<svg viewBox=\"-4 -4 %d %d\" role=\"img\" shape-rendering=\"crispEdges\"><title>",
			code->width + 8, code->width + 8);
	told_html_text(title, out);
	told_buf_put_text(out, "</title><path d=\"");
	for (int row = 0; row < code->width; row++)
		for (int column = 0; column < code->width; column++)
			if (code->modules[row * code->width + column] & 1)
				told_buf_printf(out, "M%d %dh1v1h-1z", column, row);
	told_buf_put_text(out, "\"/></svg>\n");
}

/* The whole foot, for whoever cannot see the code. */
static const char *code_title(const struct told_page *page)
{
	for (size_t i = 0; i < page->count; i++)
		if (page->lines[i].kind == TOLD_LINE_FOOT)
			return page->lines[i].text;
	return "";
}

void told_page_html(const struct told_page *page, const struct told_page_code *code, struct told_buf *out)
{
	const char *title = page->count > 0 ? page->lines[0].text : "";
	told_html_open(title, told_catalogue_language(page->words), told_catalogue_direction(page->words), style, out);
	if (code != NULL)
		put_code(code, code_title(page), out);
	for (size_t i = 0; i < page->count; i++)
		put_line(page, i, out);
	told_html_close(out);
}

/* A telephone reads it as a number to ring, if somebody has one; the page's own number is what to say. */
void told_page_code_text(const json_t *statement, struct told_buf *out)
{
	const char *telephone = told_entry_text(json_object_get(statement, "service"), "telephone");
	told_buf_put_text(out, telephone[0] != '\0' ? "tel:" : "");
	for (; *telephone != '\0'; telephone++)
		if ((*telephone >= '0' && *telephone <= '9') || *telephone == '+')
			told_buf_put(out, telephone, 1);
	told_buf_printf(out, "%s%s", out->len > 0 ? ";ext=" : "", told_entry_text(statement, "statement"));
}
