/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the C2SP text formats and what may stand in them. Touches memory only. */
#include "evidence/line.h"

#include <string.h>

bool told_line_take(struct told_bytes *rest, struct told_bytes *line)
{
	const uint8_t *end = rest->len > 0 ? memchr(rest->data, '\n', rest->len) : NULL;
	if (end == NULL)
		return false;
	*line = told_bytes(rest->data, (size_t)(end - rest->data));
	*rest = told_bytes(end + 1, rest->len - line->len - 1);
	return true;
}

bool told_line_skip(struct told_bytes *line, const char *prefix)
{
	size_t len = strlen(prefix);
	if (line->len < len || memcmp(line->data, prefix, len) != 0)
		return false;
	*line = told_bytes(line->data + len, line->len - len);
	return true;
}

enum told_status told_line_hash(struct told_bytes line, told_hash *out)
{
	struct told_buf bytes = TOLD_BUF(TOLD_HASH_BYTES);
	bool fits = told_unbase64(line, &bytes) == TOLD_OK && bytes.len == TOLD_HASH_BYTES;
	if (fits)
		memcpy(out->b, bytes.data, TOLD_HASH_BYTES);
	told_buf_free(&bytes);
	return fits ? TOLD_OK : TOLD_E_MALFORMED;
}

void told_line_put_hash(struct told_buf *out, const told_hash *hash)
{
	told_base64(told_bytes(hash->b, sizeof hash->b), out);
	told_buf_put_text(out, "\n");
}

bool told_text_printable(struct told_bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 0x20 && text.data[i] != '\n')
			return false;
	return told_utf8_valid(text);
}

/* Unicode's White_Space beyond ASCII, in UTF-8: U+0085 U+00A0 U+1680 U+2000-200A U+2028 U+2029 U+202F U+205F U+3000. */
static const char *const spaces[] = {
	"\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
	"\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a",
	"\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
};

bool told_name_valid(struct told_bytes name)
{
	if (name.len == 0 || !told_text_printable(name))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] == ' ' || name.data[i] == '\n' || name.data[i] == '+')
			return false;
	for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
		if (memmem(name.data, name.len, spaces[i], strlen(spaces[i])) != NULL)
			return false;
	return true;
}
