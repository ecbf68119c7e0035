/* SPDX-License-Identifier: Apache-2.0 */
/* The one door through which JSON text enters an agent: size, depth and count are judged before a tree is built. */
#ifndef TOLD_STORY_JSON_H
#define TOLD_STORY_JSON_H

#include "told/bytes.h"
#include <jansson.h>

struct told_json_limits {
	size_t bytes, depth, values;
};

/* What is wrong and where: static words that never quote the text, line and column from 1 (column in characters). */
struct told_json_error {
	const char *why;
	size_t line, column;
};

/* Parses one object or array; members that stand twice, NULs, bad UTF-8 and anything after the end are refused.
 * The caller owns *out (json_decref). TOLD_E_LIMIT, TOLD_E_MALFORMED with *error set; TOLD_E_MEMORY. *out is NULL
 * after failure. */
TOLD_MUST_USE enum told_status told_json_load(struct told_bytes text, const struct told_json_limits *limits,
					      json_t **out, struct told_json_error *error);

/* The object for jansson's iterators, which do not write though they take no const. */
static inline json_t *told_json_members(const json_t *object)
{
	return (json_t *)(uintptr_t)object;
}

/* A string with its quotes, escaped as RFC 8259 asks and no more; the caller has checked that it is UTF-8. */
void told_json_put(struct told_buf *out, struct told_bytes text);

#endif
