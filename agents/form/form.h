/* SPDX-License-Identifier: Apache-2.0 */
/* An intake form: a FHIR R4 Questionnaire, of which we take a subset and refuse the rest by name. Each question carries
 * how often it may be asked, the category that its answer belongs to, and a code: equal codes are the same question in
 * every service's form (practice.md section 2). Scores and alarms are data of the form too. No I/O, no clock. */
#ifndef TOLD_AGENTS_FORM_H
#define TOLD_AGENTS_FORM_H

#include "agents/story/section.h"
#include <jansson.h>

#define TOLD_FORM_BASE        "https://told-once.example/fhir/"
#define TOLD_FORM_CODE_SYSTEM TOLD_FORM_BASE "item"

#define TOLD_NO_ITEM          SIZE_MAX

/* ---- the rules by which answers are refused, by the name that a refusal gives ---- */

#define TOLD_FORM_RULES(X)                                                                                             \
	X(QUESTION, "form-question", "The form has no such question. See told intake CLIENT.")                         \
	X(RANGE, "form-range",                                                                                         \
	  "A score, a number, a length or a count of answers is outside what the question takes.")                     \
	X(ANSWER, "form-answer", "The question does not take an answer of that kind.")                                 \
	X(ASKED, "form-asked", "After the answers before it the question is not asked, or was not read back.")

enum told_form_rule {
	TOLD_FORM_FINE,
#define X(name, word, text) TOLD_FORM_##name,
	TOLD_FORM_RULES(X)
#undef X
		TOLD_FORM_RULE_COUNT
};
/* "form-range", and what it says; static, "" for none. */
const char *told_form_rule_name(enum told_form_rule rule);
const char *told_form_rule_text(enum told_form_rule rule);

/* X(NAME, FHIR's word) */
#define TOLD_ITEM_TYPES(X)                                                                                             \
	X(GROUP, "group")                                                                                              \
	X(DISPLAY, "display")                                                                                          \
	X(BOOLEAN, "boolean")                                                                                          \
	X(INTEGER, "integer")                                                                                          \
	X(DATE, "date")                                                                                                \
	X(STRING, "string")                                                                                            \
	X(TEXT, "text")                                                                                                \
	X(CHOICE, "choice")                                                                                            \
	X(OPEN_CHOICE, "open-choice")

enum told_item_type {
#define X(name, word) TOLD_ITEM_##name,
	TOLD_ITEM_TYPES(X)
#undef X
		TOLD_ITEM_TYPE_COUNT
};

enum told_ask {
	TOLD_ASK_NONE,    /* groups and notes */
	TOLD_ASK_ONCE,    /* told anywhere: filled in, not asked */
	TOLD_ASK_CONFIRM, /* read back with its date: "Is this still right?" */
	TOLD_ASK_ALWAYS,  /* asked every time: risk, abuse, safe contact, medicines, repeated measures */
};

struct told_option {
	const char *code, *words;
	bool has_ordinal;
	int64_t ordinal;
};

enum told_operator {
	TOLD_OP_EXISTS,
	TOLD_OP_EQUAL,
	TOLD_OP_NOT_EQUAL,
	TOLD_OP_GREATER,
	TOLD_OP_LESS,
	TOLD_OP_GREATER_OR_EQUAL,
	TOLD_OP_LESS_OR_EQUAL,
};

/* A condition on an earlier question; which of code, number and truth counts follows from that question's type. */
struct told_condition {
	size_t item;
	enum told_operator op;
	const char *code;
	int64_t number;
	bool truth;
};

/* Owned by the form. Text is UTF-8, NUL-terminated. */
struct told_item {
	const char *link_id, *text;
	const char *code; /* in TOLD_FORM_CODE_SYSTEM; NULL for groups and notes */
	enum told_item_type type;
	enum told_ask ask;
	unsigned category; /* enum told_category; 0 for groups and notes */
	size_t parent;     /* TOLD_NO_ITEM at the top */
	bool required, repeats, read_only, any_condition;
	bool has_min, has_max;
	int64_t min, max;
	size_t max_characters;
	const struct told_option *options;
	size_t option_count;
	const struct told_condition *conditions;
	size_t condition_count;
	size_t total_of; /* the group whose answers this read-only number adds up; else TOLD_NO_ITEM */
	bool flags;      /* an answer above flag_above is told to the caller at once */
	int64_t flag_above;
	unsigned flag_category;
};

struct told_form;

/* Reads and checks a Questionnaire. On failure *out is NULL and why (may be NULL) says where and what to do.
 * E_MALFORMED: not JSON, or contradicts itself; E_UNKNOWN: something that we do not take; E_LIMIT; E_MEMORY. */
TOLD_MUST_USE enum told_status told_form_load(struct told_bytes json, struct told_form **out, struct told_buf *why);
void told_form_free(struct told_form *form);

const char *told_form_url(const struct told_form *form);
const char *told_form_title(const struct told_form *form);
size_t told_form_count(const struct told_form *form);
/* The item at an index below the count, in the order of the form: parents before children. */
const struct told_item *told_form_item(const struct told_form *form, size_t index);
/* The index of a linkId; TOLD_NO_ITEM when the form has none. */
size_t told_form_find(const struct told_form *form, const char *link_id);
/* The index of a question's code; TOLD_NO_ITEM. */
size_t told_form_find_code(const struct told_form *form, const char *code);
/* Something that a person answers: no group, no note, no total. */
bool told_item_is_question(const struct told_item *item);
/* Categories that answers to this form belong to. */
struct told_catset told_form_categories(const struct told_form *form);
/* Whether the agency originates all of them (its profile's categories). E_CONFIG, why names the first that it does not.
 */
TOLD_MUST_USE enum told_status told_form_fits(const struct told_form *form, const struct told_catset *originates,
					      struct told_buf *why);

/* -- answers: JSON true/false, a whole number, "2026-11-22", text, an option's code; where repeats, a list of these --
 */

/* Judges one answer. E_MALFORMED: wrong kind; E_LIMIT: out of range or too long; E_UNKNOWN: no such option. why (may be
 * NULL) names the question and what it takes, and never quotes the answer. */
TOLD_MUST_USE enum told_status told_answer_check(const struct told_item *item, const json_t *answer,
						 struct told_buf *why);
/* The answer that a story's item gives to this question. E_UNKNOWN: it holds none that fits (*out is NULL). E_MEMORY.
 */
TOLD_MUST_USE enum told_status told_answer_read(const struct told_item *item, const struct told_story_item *story,
						json_t **out);
/* A checked answer as a story's values, made in the arena, borrowing the form's and the answer's text. E_MEMORY. */
TOLD_MUST_USE enum told_status told_answer_write(const struct told_item *item, const json_t *answer,
						 struct told_arena *arena, struct told_story_item *out);
/* A checked answer in words, appended: options by their words. */
void told_answer_words(const struct told_item *item, const json_t *answer, struct told_buf *out);
/* The number that a checked answer counts as: a whole number, an option's ordinal, 1 for yes. False: it has none. */
bool told_answer_number(const struct told_item *item, const json_t *answer, int64_t *out);
/* Whether a checked answer raises the item's flag, for instance PHQ-9 item 9 above 0. */
bool told_answer_flags(const struct told_item *item, const json_t *answer);

/* -- a form being filled in: values[i] is the checked answer to item i, NULL where there is none -- */

enum told_shown {
	TOLD_SHOWN_NO,
	TOLD_SHOWN_MAYBE, /* hangs on a question that is not answered yet */
	TOLD_SHOWN_YES,
};

/* Judges every condition (enableWhen, and that of the groups above). shown has told_form_count entries. */
void told_form_show(const struct told_form *form, const json_t *const *values, enum told_shown *shown);

struct told_total {
	int64_t sum, min, max; /* min and max over what was shown: WSAS without its work item is 0 to 32 */
	size_t answered, shown;
};

/* Adds up the group of a total. E_NOT_FOUND: not every shown answer is there, so there is no total (answered and shown
 * are set); E_USAGE: the item is no total. */
TOLD_MUST_USE enum told_status told_form_total(const struct told_form *form, size_t index, const json_t *const *values,
					       const enum told_shown *shown, struct told_total *out);

#endif
