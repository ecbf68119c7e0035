/* SPDX-License-Identifier: Apache-2.0 */
/* What stands inside a sealed section (protocol section 3): questions with their answers, and words.
 *
 *   {"items": [{"item": URI, "code": {"system", "code"}, "value", "said_at", "source", "voice"}], "text"}
 *
 * A value is null (recorded without an answer), a string, true or false, a coded answer {"system", "code", "display"},
 * a quantity {"comparator", "number", "unit", "system", "code"}, or a list of two or more of these. A number is always
 * a string: the digits as they were first written. Equal codes are the same question, so a code stands once. */
#ifndef TOLD_STORY_SECTION_H
#define TOLD_STORY_SECTION_H

#include "told/bytes.h"
#include "told/vocabulary.h"

enum told_story_kind {
	TOLD_STORY_TEXT,     /* text */
	TOLD_STORY_TRUTH,    /* truth */
	TOLD_STORY_CODED,    /* code; system and display may be empty */
	TOLD_STORY_QUANTITY, /* text holds the number; comparator, unit, system and code may be empty */
};

struct told_story_value {
	enum told_story_kind kind;
	bool truth;
	struct told_bytes text, system, code, display, comparator, unit;
};

struct told_story_item {
	struct told_bytes item;         /* URI of the question */
	struct told_bytes system, code; /* the question's code */
	const struct told_story_value *values;
	size_t value_count;        /* 0: recorded, but not answered; never prefilled from */
	struct told_bytes said_at; /* a FHIR date or time as first written; may be empty */
	struct told_bytes source;  /* where it comes from, for provenance; may be empty */
	unsigned voice;            /* enum told_voice */
};

struct told_story {
	const struct told_story_item *items;
	size_t item_count;
	struct told_bytes text; /* free words; may be empty */
};

/* Appends the section's JSON, in one fixed form, to out. TOLD_E_MALFORMED (a code that stands twice, bad UTF-8, a part
 * missing), TOLD_E_LIMIT, TOLD_E_MEMORY; out is then unchanged except for its capacity. */
TOLD_MUST_USE enum told_status told_story_build(const struct told_story *story, struct told_buf *out);

/* Reads a section's JSON, all parts copied into the arena. Strict: unknown members, members or codes that stand twice,
 * bare numbers and unknown voices are TOLD_E_MALFORMED; sizes TOLD_E_LIMIT; also TOLD_E_MEMORY. *out is zero then. */
TOLD_MUST_USE enum told_status told_story_parse(struct told_bytes json, struct told_arena *arena,
						struct told_story *out);

/* The item of a question; NULL when the section does not hold it. */
const struct told_story_item *told_story_find(const struct told_story *story, struct told_bytes system,
					      struct told_bytes code);

/* A voice as sections write it: person, worker, other, measured; "" for a number that is none. */
const char *told_story_voice(unsigned voice);

/* Appends the URI of a question, system#code, with what a URI cannot hold percent-encoded. */
void told_story_uri(struct told_bytes system, struct told_bytes code, struct told_buf *out);

#endif
