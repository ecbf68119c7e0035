/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a conference as one page that prints. Every text is escaped, whoever it came from. */
#include "agents/conference/page.h"

#include "agents/statement/html.h"

static const char style[] =
	"@page{size:A4;margin:14mm}"
	"body{font:11pt/1.35 Arial,Helvetica,sans-serif;color:#000;background:#fff;max-width:182mm;"
	"margin:0 auto}"
	"h1{font-size:17pt;margin:0 0 2mm}h2{font-size:13pt;margin:5mm 0 1mm;border-bottom:1pt solid "
	"#000}"
	"p{margin:0 0 1mm;white-space:pre-line}.item{margin-left:4mm;break-inside:avoid}"
	".quote{margin:1mm 0 1mm 4mm;padding-left:3mm;border-left:2pt solid #000;font-weight:bold}"
	".more{margin-left:10mm}.statement{border:1pt solid #000;padding:2mm}"
	"@media print{h2{break-after:avoid}}";

static const struct {
	const char *before, *after;
} tags[TOLD_CONFERENCE_LINES] = {
	[TOLD_CONFERENCE_TITLE] = {"<h1>", "</h1>\n"},
	[TOLD_CONFERENCE_HEADING] = {"<h2>", "</h2>\n"},
	[TOLD_CONFERENCE_PLAIN] = {"<p>", "</p>\n"},
	[TOLD_CONFERENCE_STATEMENT_LINE] = {"<p class=\"statement\">", "</p>\n"},
	[TOLD_CONFERENCE_ITEM] = {"<p class=\"item\">", "</p>\n"},
	[TOLD_CONFERENCE_QUOTE] = {"<p class=\"quote\">", "</p>\n"},
	[TOLD_CONFERENCE_MORE] = {"<p class=\"more\">", "</p>\n"},
};

void told_conference_html_begin(struct told_buf *out)
{
	told_html_open("Case conference: confidential", "en-GB", "ltr", style, out);
	told_conference_html_line(TOLD_CONFERENCE_STATEMENT_LINE,
				  "CONFIDENTIAL. For the attendee who printed it, and for nobody else.", out);
}

void told_conference_html_line(enum told_conference_line kind, const char *text, struct told_buf *out)
{
	told_buf_put_text(out, tags[kind].before);
	told_html_text(text, out);
	told_buf_put_text(out, tags[kind].after);
}

void told_conference_html_end(struct told_buf *out)
{
	told_html_close(out);
}
