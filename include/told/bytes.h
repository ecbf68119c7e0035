/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes: a borrowed view, a growing buffer with a ceiling, an arena for one turn, and the strict text forms. */
#ifndef TOLD_BYTES_H
#define TOLD_BYTES_H

#include "told/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A borrowed view; never owns. {NULL, 0} is empty. Text is held the same way, without a closing NUL. */
struct told_bytes {
	const uint8_t *data;
	size_t len;
};

/* A list of views, borrowed like its items. */
struct told_bytes_list {
	struct told_bytes *items;
	size_t count;
};

static inline struct told_bytes told_bytes(const void *data, size_t len)
{
	return (struct told_bytes){.data = data, .len = len};
}

/* The view of a C string, without its NUL; of NULL the empty view. */
struct told_bytes told_text(const char *text);

/* Equal in length and content; not constant in time: for public values only. */
bool told_bytes_equal(struct told_bytes a, struct told_bytes b);

/* Equal, in time that depends on len only; for secrets, MACs and tokens. */
bool told_equal_secret(const void *a, const void *b, size_t len);

/* Overwrites len bytes in a way that is never optimised away. */
void told_wipe(void *data, size_t len);

/* Fills len bytes from getrandom(2). TOLD_E_RANDOM on failure, and then the bytes are zero. */
TOLD_MUST_USE enum told_status told_random(void *out, size_t len);

/* A buffer that owns its bytes and grows up to max_bytes. Zero-initialise with TOLD_BUF(max). */
struct told_buf {
	uint8_t *data;
	size_t len, cap, max_bytes;
	enum told_status status; /* sticky: the first failure of an append, TOLD_OK before */
};

#define TOLD_BUF(max) ((struct told_buf){.max_bytes = (max), .status = TOLD_OK})

/* Appending never fails loudly: it sets status once (E_LIMIT, E_MEMORY) and later appends do nothing. */
void told_buf_put(struct told_buf *buf, const void *data, size_t len);
void told_buf_put_bytes(struct told_buf *buf, struct told_bytes bytes);
void told_buf_put_text(struct told_buf *buf, const char *text);
void told_buf_put_u16(struct told_buf *buf, uint16_t value); /* big-endian */
void told_buf_put_u32(struct told_buf *buf, uint32_t value);
void told_buf_put_u64(struct told_buf *buf, uint64_t value);
/* A part of variable length: its length as u32, then its bytes (protocol section 0). */
void told_buf_put_part(struct told_buf *buf, struct told_bytes part);
/* printf into the buffer, without the closing NUL. */
__attribute__((format(printf, 2, 3))) void told_buf_printf(struct told_buf *buf, const char *format, ...);
/* Makes sure that data ends in a NUL that len does not count; NULL when status is not OK. */
const char *told_buf_cstr(struct told_buf *buf);
struct told_bytes told_buf_view(const struct told_buf *buf);
/* Frees, and wipes first: buffers may have held secrets. Leaves an empty, usable buffer. */
void told_buf_free(struct told_buf *buf);

/* An arena: everything one turn or one call makes, freed at once. Memory is zeroed, aligned to 16, and wiped at reset.
 */
struct told_arena;
/* max_bytes is the ceiling over all allocations; the first block is allocated at once. */
TOLD_MUST_USE enum told_status told_arena_new(size_t max_bytes, struct told_arena **out);
/* NULL when the ceiling is reached or memory is out. Size 0 gives a valid pointer. */
void *told_arena_alloc(struct told_arena *arena, size_t size);
/* A copy of the bytes in the arena; {NULL, 0} on failure or when the source is empty. */
struct told_bytes told_arena_copy(struct told_arena *arena, struct told_bytes bytes);
/* As above with a closing NUL; NULL on failure. */
char *told_arena_text(struct told_arena *arena, struct told_bytes bytes);
/* Wipes and forgets everything, keeps one block for reuse. */
void told_arena_reset(struct told_arena *arena);
void told_arena_free(struct told_arena *arena);

/* Big-endian reads; the caller has checked that the bytes are there. */
uint16_t told_u16(const uint8_t *p);
uint32_t told_u32(const uint8_t *p);
uint64_t told_u64(const uint8_t *p);

/* Lower-case hexadecimal; out holds 2 * len + 1 with the NUL. */
void told_hex(const void *data, size_t len, char *out);
/* Exactly len bytes from 2 * len hexadecimal characters of either case; else TOLD_E_MALFORMED. */
TOLD_MUST_USE enum told_status told_unhex(struct told_bytes text, uint8_t *out, size_t len);
/* Standard base64 with padding (RFC 4648 section 4). */
void told_base64(struct told_bytes bytes, struct told_buf *out);
/* Strict: alphabet, padding and canonical last character; no white space. TOLD_E_MALFORMED otherwise. */
TOLD_MUST_USE enum told_status told_unbase64(struct told_bytes text, struct told_buf *out);
/* Valid UTF-8 (RFC 3629: no surrogates, no overlong forms), and no NUL. */
bool told_utf8_valid(struct told_bytes text);
/* A whole decimal number without sign, blank or leading zero, at most max. */
TOLD_MUST_USE enum told_status told_decimal(struct told_bytes text, uint64_t max, uint64_t *out);

#endif
