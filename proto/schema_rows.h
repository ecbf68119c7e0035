/* SPDX-License-Identifier: Apache-2.0 */
/* Private to proto/schema*.c: how a row of a shape is written, and the shapes that cross files. */
#ifndef TOLD_PROTO_SCHEMA_ROWS_H
#define TOLD_PROTO_SCHEMA_ROWS_H

#include "schema.h"

/* Names: S is the struct that the rows below it describe. AT gives the member's place, and compiles only when the
 * member has the type that the kind of row fills. */
#define AT(m, type) (offsetof(struct S, m) + 0 * _Generic(((struct S *)NULL)->m, type : 1))
#define NUMBER(n, m, high)                                                                                             \
	{                                                                                                              \
#m, TOLD_KIND_U32, n, AT(m, uint32_t), .max = (high)                                                   \
	}
#define COUNTER(n, m) NUMBER(n, m, UINT32_MAX)
#define LARGE(n, m)                                                                                                    \
	{                                                                                                              \
#m, TOLD_KIND_U64, n, AT(m, uint64_t), .max = INT64_MAX                                                \
	} /* every store holds it */
#define ENUM(n, m, high)                                                                                               \
	{                                                                                                              \
#m, TOLD_KIND_ENUM, n, AT(m, uint32_t), .max = (high)                                                  \
	}
#define YES_NO(n, m) ENUM(n, m, TOLD_YES_NO_NO)
#define TEXT(n, m, longest)                                                                                            \
	{                                                                                                              \
#m, TOLD_KIND_TEXT, n, AT(m, struct told_bytes), 1, .max = (longest)                                   \
	}
#define NAME(n, m) TEXT(n, m, TOLD_NAME_MAX_BYTES)
#define BYTES(n, m, least, most)                                                                                       \
	{                                                                                                              \
#m, TOLD_KIND_BYTES, n, AT(m, struct told_bytes), least, .max = (most)                                 \
	}
#define FIXED(n, m, len) BYTES(n, m, len, len)
#define ID(n, m)         FIXED(n, m, TOLD_ID_BYTES)
#define HASH(n, m)       FIXED(n, m, TOLD_HASH_BYTES)
#define NUMBERS(n, m, high, many)                                                                                      \
	{                                                                                                              \
#m, TOLD_KIND_U32S, n, AT(m, struct told_u32_list), 0, many, .max = (high)                             \
	}
#define ENUMS(n, m, high)                                                                                              \
	{                                                                                                              \
#m, TOLD_KIND_ENUMS, n, AT(m, struct told_u32_list), 0, high, .max = (high)                            \
	}
#define NAMES(n, m, many)                                                                                              \
	{                                                                                                              \
#m, TOLD_KIND_TEXTS, n, AT(m, struct told_bytes_list), 1, many, .max = TOLD_NAME_MAX_BYTES             \
	}
#define BLOBS(n, m, least, most, many)                                                                                 \
	{                                                                                                              \
#m, TOLD_KIND_BYTES_LIST, n, AT(m, struct told_bytes_list), least, many, .max = (most)                 \
	}
#define HASHES(n, m, many) BLOBS(n, m, TOLD_HASH_BYTES, TOLD_HASH_BYTES, many)
#define PART(n, m, part)                                                                                               \
	{                                                                                                              \
#m, TOLD_KIND_PART, n, AT(m, struct told_##part *), 0, 1, 0, &part##_shape                             \
	}
#define PARTS(n, m, part, many)                                                                                        \
	{                                                                                                              \
#m, TOLD_KIND_PARTS, n, AT(m, struct told_##part##_list), 0, many, 0, &part##_shape                    \
	}
#define SHAPE(schema, part)                                                                                            \
	const struct told_shape part##_shape = {schema, sizeof(struct told_##part), part##_fields,                     \
						sizeof part##_fields / sizeof part##_fields[0]}

#define CATEGORY_MAX (TOLD_CATEGORY_COUNT - 1)
#define PURPOSE_MAX  (TOLD_PURPOSE_COUNT - 1)
#define ROLE_MAX     (TOLD_ROLE_COUNT - 1)
#define TYPE_MAX     (TOLD_TYPE_COUNT - 1)

/* Stands in headers and, as what was asked, in entries. */
extern const struct told_shape audit_view_part_shape;

/* Every schema of told/envelope.h has its shape under its own name. */
#define X(NAME, name) extern const struct told_shape name##_shape;
TOLD_ENVELOPE_SCHEMAS(X)
TOLD_SESSION_SCHEMAS(X)
TOLD_LEAF_SCHEMAS(X)
#undef X

#endif
