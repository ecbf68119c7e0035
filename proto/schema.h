/* SPDX-License-Identifier: Apache-2.0 */
/* Private to proto/: the shape of every schema as a table, and the one scan that untrusted bytes meet first.
 * No foreign header here; codec.c walks these tables together with the generated descriptors. */
#ifndef TOLD_PROTO_SCHEMA_H
#define TOLD_PROTO_SCHEMA_H

#include "told/envelope.h"

enum told_kind {
	TOLD_KIND_U32,
	TOLD_KIND_U64,
	TOLD_KIND_ENUM,
	TOLD_KIND_TEXT,
	TOLD_KIND_BYTES,
	TOLD_KIND_PART,
	TOLD_KIND_U32S, /* struct told_u32_list */
	TOLD_KIND_ENUMS,
	TOLD_KIND_TEXTS, /* struct told_bytes_list */
	TOLD_KIND_BYTES_LIST,
	TOLD_KIND_PARTS, /* items and count, as all lists */
	TOLD_KIND_COUNT
};

struct told_shape;

/* One field: where it stands in our struct and what it may hold. */
struct told_field {
	const char *name; /* as in the schema */
	uint8_t kind;     /* enum told_kind */
	uint8_t number;   /* as in the schema */
	uint16_t offset;
	uint32_t min_bytes; /* text and bytes, when they are there */
	uint32_t count;     /* lists: at most so many */
	uint64_t max;       /* text and bytes: length; numbers and enums: value */
	const struct told_shape *part;
};

/* One message: its fields in number order. */
struct told_shape {
	const char *name; /* as in the schema */
	size_t size;      /* of our struct */
	const struct told_field *fields;
	size_t count;
};

/* A schema that crosses a boundary. */
struct told_schema_entry {
	const struct told_shape *shape;
	size_t max_bytes;
};
/* NULL for a number that is none. */
const struct told_schema_entry *told_schema_entry(enum told_schema schema);

/* Walks untrusted bytes without allocating: known fields in number order, wire types, counts, lengths, enums, UTF-8.
 * What passes cannot make a decoder allocate beyond the table's counts, and packs again to the same bytes.
 * TOLD_E_MALFORMED, TOLD_E_LIMIT, TOLD_E_UNKNOWN, TOLD_E_NOT_CANONICAL (order, duplicates, written-out defaults,
 * numbers in more bytes than they need). */
TOLD_MUST_USE enum told_status told_scan(const struct told_shape *shape, struct told_bytes bytes);

/* For tests: do all tables fit the generated descriptors, field by field? *where is the first name that does not. */
bool told_schema_fits(const char **where);

#endif
