/* SPDX-License-Identifier: Apache-2.0 */
/* A page as one line of JSON. Pure. */
#include "agents/alert/pager.h"

#include <inttypes.h>

static void put_string(struct told_buf *out, const char *text)
{
	told_buf_put_text(out, "\"");
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
		if (*c < 0x20 || *c == '"' || *c == '\\')
			told_buf_printf(out, "\\u%04x", *c);
		else
			told_buf_put(out, c, 1);
	}
	told_buf_put_text(out, "\"");
}

static void put_member(struct told_buf *out, const char *name, const char *text)
{
	told_buf_printf(out, ",\"%s\":", name);
	put_string(out, text);
}

enum told_status told_page_json(const struct told_page *page, struct told_buf *out)
{
	static const char *const whom[TOLD_PAGE_WHOM_COUNT] = {"ours", "theirs"};
	char alert[2 * TOLD_ID_BYTES + 1];
	told_hex(page->alert, TOLD_ID_BYTES, alert);
	size_t before = out->len;
	told_buf_printf(out, "{\"page\":\"%s\"", whom[page->whom]);
	put_member(out, "alert", alert);
	put_member(out, "code", page->code);
	put_member(out, "party", page->party);
	put_member(out, "telephone", page->telephone);
	told_buf_printf(out, ",\"raised_ms\":%" PRId64 ",\"due_ms\":%" PRId64 "}\n", page->raised_ms, page->due_ms);
	if (out->status != TOLD_OK)
		return out->status;
	return out->len - before <= TOLD_PAGE_MAX_BYTES ? TOLD_OK : TOLD_E_LIMIT;
}
