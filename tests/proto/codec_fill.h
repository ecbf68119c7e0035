/* SPDX-License-Identifier: Apache-2.0 */
/* Fills any schema's struct from a seed, by the codec's own tables, and compares two of them. Included by the codec's
 * tests only. */
#ifndef TOLD_TEST_CODEC_FILL_H
#define TOLD_TEST_CODEC_FILL_H

#include "proto/schema.h"
#include "support/support.h"

#include <string.h>

#define FILL_ALL  100u /* every field is set */
#define FILL_SOME 60u  /* each field with this chance in a hundred */

struct fill {
	struct told_arena *arena;
	uint64_t random;
	unsigned chance;
};

static inline uint64_t fill_below(struct fill *f, uint64_t n)
{
	return told_test_random(&f->random) % n;
}

static inline void *fill_alloc(struct fill *f, size_t size)
{
	void *made = told_arena_alloc(f->arena, size);
	assert_non_null(made);
	return made;
}

/* 1 to max, of every magnitude. */
static inline uint64_t fill_number(struct fill *f, uint64_t max)
{
	uint64_t value = told_test_random(&f->random) >> fill_below(f, 64);
	return 1 + value % max;
}

static inline struct told_bytes fill_bytes(struct fill *f, const struct told_field *row, bool text)
{
	size_t min = row->min_bytes > 0 ? row->min_bytes : 1;
	size_t room = row->max - min < 12 ? row->max - min : 12;
	size_t len = min + fill_below(f, room + 1);
	uint8_t *data = fill_alloc(f, len);
	for (size_t i = 0; i < len; i++)
		data[i] = text ? (uint8_t)('A' + fill_below(f, 26)) : (uint8_t)fill_below(f, 256);
	if (text && len >= 2 && fill_below(f, 4) == 0)
		memcpy(data, "\xc3\xa9", 2);
	return told_bytes(data, len);
}

static inline void fill_shape(struct fill *f, const struct told_shape *shape, uint8_t *out);

static inline size_t fill_size(const struct told_field *row)
{
	switch (row->kind) {
	case TOLD_KIND_U32S:
	case TOLD_KIND_ENUMS: return sizeof(uint32_t);
	case TOLD_KIND_PARTS: return row->part->size;
	default: return sizeof(struct told_bytes);
	}
}

static inline void fill_item(struct fill *f, const struct told_field *row, uint8_t *at)
{
	switch (row->kind) {
	case TOLD_KIND_U32S:
	case TOLD_KIND_ENUMS: *(uint32_t *)at = (uint32_t)fill_number(f, row->max); break;
	case TOLD_KIND_PARTS: fill_shape(f, row->part, at); break;
	default: *(struct told_bytes *)at = fill_bytes(f, row, row->kind == TOLD_KIND_TEXTS);
	}
}

static inline void fill_list(struct fill *f, const struct told_field *row, struct told_bytes_list *list)
{
	size_t size = fill_size(row);
	list->count = 1 + fill_below(f, row->count < 3 ? row->count : 3);
	uint8_t *items = fill_alloc(f, list->count * size);
	for (size_t i = 0; i < list->count; i++)
		fill_item(f, row, items + i * size);
	list->items = (struct told_bytes *)items;
}

static inline void fill_field(struct fill *f, const struct told_field *row, uint8_t *at)
{
	switch (row->kind) {
	case TOLD_KIND_U32:
	case TOLD_KIND_ENUM: *(uint32_t *)at = (uint32_t)fill_number(f, row->max); break;
	case TOLD_KIND_U64: *(uint64_t *)at = fill_number(f, row->max); break;
	case TOLD_KIND_TEXT: *(struct told_bytes *)at = fill_bytes(f, row, true); break;
	case TOLD_KIND_BYTES: *(struct told_bytes *)at = fill_bytes(f, row, false); break;
	case TOLD_KIND_PART:
		*(void **)at = fill_alloc(f, row->part->size);
		fill_shape(f, row->part, *(uint8_t **)at);
		break;
	default: fill_list(f, row, (struct told_bytes_list *)at);
	}
}

static inline void fill_shape(struct fill *f, const struct told_shape *shape, uint8_t *out)
{
	for (size_t i = 0; i < shape->count; i++)
		if (fill_below(f, 100) < f->chance)
			fill_field(f, &shape->fields[i], out + shape->fields[i].offset);
}

/* A struct of the schema, in the arena. */
static inline void *fill_schema(struct told_arena *arena, unsigned schema, uint64_t seed, unsigned chance)
{
	struct fill f = {.arena = arena, .random = seed, .chance = chance};
	const struct told_shape *shape = told_schema_entry(schema)->shape;
	void *made = fill_alloc(&f, shape->size);
	fill_shape(&f, shape, made);
	return made;
}

static inline bool same_shape(const struct told_shape *shape, const uint8_t *a, const uint8_t *b);

static inline bool same_item(const struct told_field *row, const uint8_t *a, const uint8_t *b)
{
	switch (row->kind) {
	case TOLD_KIND_U32S:
	case TOLD_KIND_ENUMS: return memcmp(a, b, sizeof(uint32_t)) == 0;
	case TOLD_KIND_PARTS: return same_shape(row->part, a, b);
	default: return told_bytes_equal(*(const struct told_bytes *)a, *(const struct told_bytes *)b);
	}
}

static inline bool same_field(const struct told_field *row, const uint8_t *a, const uint8_t *b)
{
	switch (row->kind) {
	case TOLD_KIND_U32:
	case TOLD_KIND_ENUM: return memcmp(a, b, sizeof(uint32_t)) == 0;
	case TOLD_KIND_U64: return memcmp(a, b, sizeof(uint64_t)) == 0;
	case TOLD_KIND_TEXT:
	case TOLD_KIND_BYTES: return same_item(row, a, b);
	default: break;
	}
	if (row->kind == TOLD_KIND_PART) {
		const uint8_t *x = *(uint8_t *const *)a, *y = *(uint8_t *const *)b;
		return (x == NULL) == (y == NULL) && (x == NULL || same_shape(row->part, x, y));
	}
	const struct told_bytes_list *x = (const void *)a, *y = (const void *)b;
	bool same = x->count == y->count;
	for (size_t i = 0; same && i < x->count; i++)
		same = same_item(row, (const uint8_t *)x->items + i * fill_size(row),
				 (const uint8_t *)y->items + i * fill_size(row));
	return same;
}

static inline bool same_shape(const struct told_shape *shape, const uint8_t *a, const uint8_t *b)
{
	bool same = true;
	for (size_t i = 0; same && i < shape->count; i++)
		same = same_field(&shape->fields[i], a + shape->fields[i].offset, b + shape->fields[i].offset);
	return same;
}

/* Encodes, or fails the test; the bytes stand in the arena. */
static inline struct told_bytes fill_encoded(struct told_arena *arena, unsigned schema, const void *message)
{
	struct told_buf buf = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	assert_int_equal(told_encode(schema, message, &buf), TOLD_OK);
	struct told_bytes bytes = told_arena_copy(arena, told_buf_view(&buf));
	assert_int_equal(bytes.len, buf.len);
	told_buf_free(&buf);
	return bytes;
}

/* What every decoder must hold to: bytes are refused, or they are the canonical form of what was decoded. */
static inline enum told_status refused_or_canonical(struct told_arena *arena, unsigned schema, struct told_bytes bytes)
{
	void *made = NULL;
	enum told_status status = told_decode(schema, bytes, arena, &made);
	if (status != TOLD_OK) {
		assert_null(made);
		return status;
	}
	struct told_buf again = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	assert_int_equal(told_encode(schema, made, &again), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&again), bytes));
	told_buf_free(&again);
	return status;
}

#endif
