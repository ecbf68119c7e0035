/* SPDX-License-Identifier: Apache-2.0 */
/* The strict text forms: hexadecimal, base64 (RFC 4648), UTF-8 (RFC 3629), decimal. Strict, because two texts for one
 * value are two signatures for one statement. Touches memory only. */
#include "told/bytes.h"

/* ---- Hexadecimal ---- */

void told_hex(const void *data, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = data;
	for (size_t i = 0; i < len; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

/* -1 for a character that is no digit. */
static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	uint8_t lower = c | 0x20;
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

enum told_status told_unhex(struct told_bytes text, uint8_t *out, size_t len)
{
	if (len > SIZE_MAX / 2 || text.len != 2 * len)
		return TOLD_E_MALFORMED;
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit(text.data[2 * i]);
		int low = hex_digit(text.data[2 * i + 1]);
		if (high < 0 || low < 0)
			return TOLD_E_MALFORMED;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return TOLD_OK;
}

/* ---- Base64 ---- */

/* Four characters for the first n (1 to 3) bytes at in. */
static void base64_quad(const uint8_t *in, size_t n, uint8_t out[4])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = (uint32_t)in[0] << 16;
	if (n > 1)
		bits |= (uint32_t)in[1] << 8;
	if (n > 2)
		bits |= in[2];
	for (size_t i = 0; i < 4; i++)
		out[i] = i <= n ? (uint8_t)alphabet[bits >> (18 - 6 * i) & 63] : '=';
}

void told_base64(struct told_bytes bytes, struct told_buf *out)
{
	for (size_t i = 0; i < bytes.len; i += 3) {
		uint8_t quad[4];
		base64_quad(bytes.data + i, bytes.len - i < 3 ? bytes.len - i : 3, quad);
		told_buf_put(out, quad, sizeof quad);
	}
}

/* -1 for a character outside the alphabet, padding included. */
static int base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* The n (1 to 3) bytes that a quad stands for; false when a character is wrong or a bit is set that no byte uses. */
static bool base64_unquad(const uint8_t quad[4], size_t n, uint8_t out[3])
{
	uint32_t bits = 0;
	for (size_t i = 0; i <= n; i++) {
		int digit = base64_digit(quad[i]);
		if (digit < 0)
			return false;
		bits |= (uint32_t)digit << (18 - 6 * i);
	}
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(bits >> (16 - 8 * i));
	return (bits & ((UINT32_C(1) << (24 - 8 * n)) - 1)) == 0;
}

enum told_status told_unbase64(struct told_bytes text, struct told_buf *out)
{
	if (text.len % 4 != 0)
		return TOLD_E_MALFORMED;
	size_t before = out->len;
	for (size_t i = 0; i < text.len; i += 4) {
		const uint8_t *quad = text.data + i;
		size_t n = 3;
		if (i + 4 == text.len && quad[3] == '=')
			n = quad[2] == '=' ? 1 : 2;
		uint8_t bytes[3];
		if (!base64_unquad(quad, n, bytes)) {
			out->len = before;
			return TOLD_E_MALFORMED;
		}
		told_buf_put(out, bytes, n);
	}
	return out->status;
}

/* ---- UTF-8 ---- */

/* RFC 3629 section 4: the lead byte fixes the length and the range of the second byte; the rest are 80 to BF. */
struct lead {
	uint8_t from, to, len, second_from, second_to;
};

static const struct lead leads[] = {
	{0x01, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
	{0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
	{0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

/* How many bytes the character at the front takes; 0 when it is none. */
static size_t utf8_length(const uint8_t *at, size_t left)
{
	const struct lead *lead = leads;
	while (lead < leads + sizeof leads / sizeof leads[0] && (at[0] < lead->from || at[0] > lead->to))
		lead++;
	if (lead == leads + sizeof leads / sizeof leads[0] || lead->len > left)
		return 0;
	if (lead->len > 1 && (at[1] < lead->second_from || at[1] > lead->second_to))
		return 0;
	for (size_t i = 2; i < lead->len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return lead->len;
}

bool told_utf8_valid(struct told_bytes text)
{
	for (size_t i = 0; i < text.len;) {
		size_t len = utf8_length(text.data + i, text.len - i);
		if (len == 0)
			return false;
		i += len;
	}
	return true;
}

/* ---- Decimal ---- */

enum told_status told_decimal(struct told_bytes text, uint64_t max, uint64_t *out)
{
	if (text.len == 0 || (text.len > 1 && text.data[0] == '0'))
		return TOLD_E_MALFORMED;
	uint64_t value = 0;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];
		if (c < '0' || c > '9')
			return TOLD_E_MALFORMED;
		uint64_t digit = c - '0';
		if (digit > max || value > (max - digit) / 10)
			return TOLD_E_LIMIT;
		value = value * 10 + digit;
	}
	*out = value;
	return TOLD_OK;
}
