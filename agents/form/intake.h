/* SPDX-License-Identifier: Apache-2.0 */
/* One intake: a form, what the rulings released about the person, and what they say now. It asks what is missing, reads
 * back what may have changed, asks afresh what must be asked, and turns the answers into sections. It sees only what
 * was handed to it, so a withheld section looks exactly like one that was never told. No I/O, no clock. */
#ifndef TOLD_AGENTS_INTAKE_H
#define TOLD_AGENTS_INTAKE_H

#include "agents/form/form.h"

struct told_intake;

/* X(NAME, name in JSON): what happens to an item at this intake. */
#define TOLD_HANDLINGS(X)                                                                                              \
	X(NONE, "none")           /* a group, a note or a total */                                                     \
	X(PREFILLED, "prefilled") /* `once`, told before: filled in, not asked */                                      \
	X(CONFIRM, "confirm")     /* `confirm`, told before: read back, "Is this still right?" */                      \
	X(ASK, "ask")             /* not told before */                                                                \
	X(ALWAYS, "always")       /* asked every time */

enum told_handling {
#define X(name, word) TOLD_HANDLING_##name,
	TOLD_HANDLINGS(X)
#undef X
		TOLD_HANDLING_COUNT
};

/* "prefilled" and so on, static. */
const char *told_handling_text(enum told_handling handling);

/* An answer and where it comes from, borrowed from the intake. answer is NULL for none. */
struct told_answer {
	const json_t *answer;
	const char *said_at; /* FHIR date or time as first written; "" when unknown */
	const char *source;  /* "" when unknown */
	unsigned voice;      /* enum told_voice */
};

/* An item as it stands, borrowed until the next call that changes the intake. */
struct told_intake_line {
	const struct told_item *item;
	enum told_handling handling;
	enum told_shown shown;
	struct told_answer
		told; /* before. Of an ALWAYS item only once it was answered afresh: shown after, never instead */
	struct told_answer now; /* given or confirmed at this intake, totals worked out */
	bool done;              /* answered, confirmed, or "I would rather not say" */
};

/* The form is borrowed and must outlive the intake. E_MEMORY. */
TOLD_MUST_USE enum told_status told_intake_new(const struct told_form *form, struct told_intake **out);
void told_intake_free(struct told_intake *intake);

/* Takes a released section. Items of other forms are passed over, and so are answers that the form does not take: they
 * are asked. Of two tellings the later said_at counts. The story is copied. E_MEMORY. */
TOLD_MUST_USE enum told_status told_intake_tell(struct told_intake *intake, const struct told_story *story);

const struct told_form *told_intake_form(const struct told_intake *intake);
/* The line of an item, index below told_form_count. */
struct told_intake_line told_intake_line(const struct told_intake *intake, size_t index);
/* How many questions are shown and not done. */
size_t told_intake_left(const struct told_intake *intake);

/* What is said to read an answer back, appended: "You said on 3 November 2026: With friends. Is this still right?" The
 * line has something told. */
void told_intake_read_back(const struct told_intake_line *line, struct told_buf *out);

/* Who answers, when, through whom. source is the agency (a party id); borrowed for the call. */
struct told_saying {
	int64_t now_utc_ms;
	const char *source;
	unsigned voice; /* enum told_voice; totals are always "measured" */
};

/* {"answers": {linkId: answer or null}, "confirmed": [linkId]}; null is "I would rather not say". All or nothing: every
 * part is judged before any is taken. E_UNKNOWN: no such linkId; E_MALFORMED, E_LIMIT: an answer that the question does
 * not take, one to a question that is not asked, or a confirmation of what was not read back; E_MEMORY. why (may be
 * NULL) says which. */
TOLD_MUST_USE enum told_status told_intake_answer(struct told_intake *intake, const json_t *reply,
						  const struct told_saying *saying, struct told_buf *why);

/* Called for each answer of this intake that raises its item's flag; the caller acts on it before anything else. */
typedef void told_flag_fn(void *ctx, const struct told_item *item);
/* Gives how many there are. fn may be NULL. */
size_t told_intake_flags(const struct told_intake *intake, told_flag_fn *fn, void *ctx);

/* Categories for which this intake has something to deposit. What was only filled in is not said again. */
struct told_catset told_intake_categories(const struct told_intake *intake);
/* Appends the section of a category as its plaintext JSON. E_NOT_FOUND: nothing of it; E_LIMIT, E_MEMORY. */
TOLD_MUST_USE enum told_status told_intake_section(const struct told_intake *intake, unsigned category,
						   struct told_buf *out);

/* The whole intake for a screen, the caller's (json_decref): {"form", "title", "left", "prefilled": [], "confirm": [],
 * "ask": [], "always": [], "perhaps": [], "totals": [], "notes": [], "flags": []}. Each line stands `under` its group's
 * words; notes are what the worker sees between questions, such as when to ask alone. E_MEMORY. */
TOLD_MUST_USE enum told_status told_intake_json(const struct told_intake *intake, json_t **out);

#endif
