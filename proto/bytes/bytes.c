/* SPDX-License-Identifier: Apache-2.0 */
/* Views, comparisons, big-endian numbers, wiping and random bytes. Touches the kernel's random source, nothing else. */
#include "told/bytes.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>

struct told_bytes told_text(const char *text)
{
	return told_bytes(text, text != NULL ? strlen(text) : 0);
}

bool told_bytes_equal(struct told_bytes a, struct told_bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool told_equal_secret(const void *a, const void *b, size_t len)
{
	const volatile uint8_t *x = a, *y = b;
	uint8_t difference = 0;
	for (size_t i = 0; i < len; i++)
		difference |= (uint8_t)(x[i] ^ y[i]);
	return difference == 0;
}

void told_wipe(void *data, size_t len)
{
	if (len > 0)
		explicit_bzero(data, len);
}

enum told_status told_random(void *out, size_t len)
{
	uint8_t *at = out;
	size_t left = len;
	while (left > 0) {
		ssize_t got = getrandom(at, left, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			told_wipe(out, len);
			return TOLD_E_RANDOM;
		}
		at += got;
		left -= (size_t)got;
	}
	return TOLD_OK;
}

uint16_t told_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t told_u32(const uint8_t *p)
{
	return (uint32_t)told_u16(p) << 16 | told_u16(p + 2);
}

uint64_t told_u64(const uint8_t *p)
{
	return (uint64_t)told_u32(p) << 32 | told_u32(p + 4);
}
