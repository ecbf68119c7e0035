/* SPDX-License-Identifier: Apache-2.0 */
/* The growing buffer. A ceiling is checked before memory is asked for, and old memory is wiped when it moves,
 * because a buffer may hold secrets. Touches the heap only. */
#include "told/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES 64u

static void fail(struct told_buf *buf, enum told_status status)
{
	if (buf->status == TOLD_OK)
		buf->status = status;
}

/* cap leaves out one byte that is always there for a closing NUL. */
static enum told_status move_to(struct told_buf *buf, size_t cap)
{
	if (cap == SIZE_MAX)
		return TOLD_E_LIMIT;
	uint8_t *data = malloc(cap + 1);
	if (data == NULL)
		return TOLD_E_MEMORY;
	if (buf->len > 0)
		memcpy(data, buf->data, buf->len);
	told_wipe(buf->data, buf->len);
	free(buf->data);
	buf->data = data;
	buf->cap = cap;
	return TOLD_OK;
}

/* Room for len more bytes: where they go, or NULL after the status was set. */
static uint8_t *grow(struct told_buf *buf, size_t len)
{
	if (buf->status != TOLD_OK)
		return NULL;
	if (len > buf->max_bytes || buf->len > buf->max_bytes - len) {
		fail(buf, TOLD_E_LIMIT);
		return NULL;
	}
	size_t need = buf->len + len;
	if (buf->data == NULL || need > buf->cap) {
		size_t cap = buf->cap > buf->max_bytes / 2 ? buf->max_bytes : buf->cap * 2;
		if (cap < FIRST_BYTES)
			cap = buf->max_bytes < FIRST_BYTES ? buf->max_bytes : FIRST_BYTES;
		enum told_status status = move_to(buf, cap > need ? cap : need);
		if (status != TOLD_OK) {
			fail(buf, status);
			return NULL;
		}
	}
	return buf->data + buf->len;
}

void told_buf_put(struct told_buf *buf, const void *data, size_t len)
{
	if (len == 0)
		return;
	uint8_t *at = grow(buf, len);
	if (at == NULL)
		return;
	memcpy(at, data, len);
	buf->len += len;
}

void told_buf_put_bytes(struct told_buf *buf, struct told_bytes bytes)
{
	told_buf_put(buf, bytes.data, bytes.len);
}

void told_buf_put_text(struct told_buf *buf, const char *text)
{
	told_buf_put_bytes(buf, told_text(text));
}

/* The lowest size bytes of value, highest first. */
static void put_number(struct told_buf *buf, uint64_t value, size_t size)
{
	uint8_t bytes[8];
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
	told_buf_put(buf, bytes, size);
}

void told_buf_put_u16(struct told_buf *buf, uint16_t value)
{
	put_number(buf, value, 2);
}

void told_buf_put_u32(struct told_buf *buf, uint32_t value)
{
	put_number(buf, value, 4);
}

void told_buf_put_u64(struct told_buf *buf, uint64_t value)
{
	put_number(buf, value, 8);
}

void told_buf_put_part(struct told_buf *buf, struct told_bytes part)
{
	if (part.len > UINT32_MAX) {
		fail(buf, TOLD_E_LIMIT);
		return;
	}
	told_buf_put_u32(buf, (uint32_t)part.len);
	told_buf_put_bytes(buf, part);
}

void told_buf_printf(struct told_buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0) {
		fail(buf, TOLD_E_INTERNAL);
		return;
	}
	uint8_t *at = grow(buf, (size_t)len);
	if (at == NULL)
		return;
	va_start(args, format);
	vsnprintf((char *)at, (size_t)len + 1, format, args); /* the NUL takes the spare byte */
	va_end(args);
	buf->len += (size_t)len;
}

const char *told_buf_cstr(struct told_buf *buf)
{
	uint8_t *end = grow(buf, 0);
	if (end == NULL)
		return NULL;
	*end = '\0';
	return (const char *)buf->data;
}

struct told_bytes told_buf_view(const struct told_buf *buf)
{
	return told_bytes(buf->data, buf->len);
}

void told_buf_free(struct told_buf *buf)
{
	if (buf == NULL)
		return;
	if (buf->data != NULL)
		told_wipe(buf->data, buf->cap + 1);
	free(buf->data);
	*buf = TOLD_BUF(buf->max_bytes);
}
