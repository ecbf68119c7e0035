/* SPDX-License-Identifier: Apache-2.0 */
/* A page that prints and fetches nothing: its frame, and text that cannot become a tag. Pure. */
#ifndef TOLD_STATEMENT_HTML_H
#define TOLD_STATEMENT_HTML_H

#include "told/bytes.h"

/* The page up to its first line. rules: CSS of ours. direction: "ltr" or "rtl". */
void told_html_open(const char *title, const char *language, const char *direction, const char *rules,
		    struct told_buf *out);
void told_html_close(struct told_buf *out);
/* Escaped, whoever it came from. */
void told_html_text(const char *text, struct told_buf *out);

#endif
