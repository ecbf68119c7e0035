/* SPDX-License-Identifier: Apache-2.0 */
/* One table says how a struct is written, and two writers use it: as a JSON object (the vault, the local API) and as
 * the items of a sealed section (protocol section 3). Touches the arena only. */
#ifndef TOLD_PLAN_FIELDS_H
#define TOLD_PLAN_FIELDS_H

#include "agents/story/section.h"

#include <jansson.h>

#define TOLD_NUMBERS_MAX 64u /* what one answer of a section holds (TOLD_STORY_VALUES_MAX) */
struct told_numbers {
	uint64_t items[TOLD_NUMBERS_MAX];
	size_t count;
};
struct told_texts {
	struct told_bytes items[TOLD_NUMBERS_MAX];
	size_t count;
};

enum told_field_kind {
	TOLD_FIELD_TEXT,    /* struct told_bytes; empty: left out */
	TOLD_FIELD_NUMBER,  /* uint64_t; 0: left out */
	TOLD_FIELD_TRUTH,   /* bool; false: left out */
	TOLD_FIELD_WORD,    /* uint32_t, an index of words; 0: left out */
	TOLD_FIELD_NUMBERS, /* struct told_numbers; empty: left out */
	TOLD_FIELD_TEXTS,   /* struct told_texts; empty: left out */
};

struct told_field {
	const char *name;
	enum told_field_kind kind;
	size_t offset;
	const char *const *words; /* of a WORD: from 1, NULL past the last */
};
struct told_form_of {
	const char *system; /* of the items' codes; an item's URI is system#name */
	const struct told_field *fields;
	size_t count;
};

/* A JSON object, the caller's; NULL without memory. */
json_t *told_fields_json(const struct told_form_of *form, const void *base);
/* Fills base (zeroed here), texts copied into the arena; members that the form does not name are left alone.
 * TOLD_E_MALFORMED: a member of another kind; TOLD_E_UNKNOWN: a word that there is not; TOLD_E_LIMIT; TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_fields_read(const struct told_form_of *form, const json_t *object,
						struct told_arena *arena, void *base, size_t size);

/* A section's plaintext: one item a field that is there, in this voice, and words for people. */
TOLD_MUST_USE enum told_status told_fields_section(const struct told_form_of *form, const void *base, unsigned voice,
						   struct told_bytes text, struct told_arena *arena,
						   struct told_bytes *out);
/* The reverse, as told_fields_read. TOLD_E_NOT_FOUND: no item of this form stands in it. */
TOLD_MUST_USE enum told_status told_fields_take(const struct told_form_of *form, struct told_bytes content,
						struct told_arena *arena, void *base, size_t size);

#endif
