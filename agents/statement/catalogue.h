/* SPDX-License-Identifier: Apache-2.0 */
/* Texts for the person as message catalogues: a language is a data file with a named human translator, never made by a
 * machine. English is built in from words/en.json; it is also what every other language must be complete against. */
#ifndef TOLD_STATEMENT_CATALOGUE_H
#define TOLD_STATEMENT_CATALOGUE_H

#include "told/vocabulary.h"

#define TOLD_CATALOGUE_MAX_BYTES      262144u /* English has 12 kB; three bytes a letter and much longer words fit */
#define TOLD_CATALOGUE_TEXT_MAX_BYTES 1024u   /* one text: a paragraph */

/* X(NAME, "key", "what stands in braces in it, separated by blanks"). */
#define TOLD_SAY_KEYS(X)                                                                                               \
	X(TITLE, "title", "")                                                                                          \
	X(INTRO, "intro", "service")                                                                                   \
	X(NEVER_TITLE, "never_title", "")                                                                              \
	X(NEVER_TO, "never_to", "name")                                                                                \
	X(NEVER_CRIME, "never_crime", "")                                                                              \
	X(NEVER_FOR, "never_for", "why")                                                                               \
	X(ENTRIES_TITLE, "entries_title", "")                                                                          \
	X(NOTHING, "nothing", "")                                                                                      \
	X(SENT, "sent", "name what")                                                                                   \
	X(LET, "let", "name what")                                                                                     \
	X(TOLD_IN_PERSON, "told_in_person", "name what")                                                               \
	X(TOLD_TELEPHONE, "told_telephone", "name what")                                                               \
	X(TOLD_MEETING, "told_meeting", "name what")                                                                   \
	X(TOLD_PAPER, "told_paper", "name what")                                                                       \
	X(DECLINED, "declined", "name what")                                                                           \
	X(WITHHELD, "withheld", "name what")                                                                           \
	X(GOT, "got", "name what")                                                                                     \
	X(OPENED, "opened", "team when")                                                                               \
	X(OPENED_NAMED, "opened_named", "name when")                                                                   \
	X(WHY, "why", "why")                                                                                           \
	X(BECAUSE_YES, "because_yes", "")                                                                              \
	X(BECAUSE_RULES, "because_rules", "")                                                                          \
	X(BECAUSE_DANGER, "because_danger", "")                                                                        \
	X(BECAUSE_LAW, "because_law", "")                                                                              \
	X(CHECKED_TITLE, "checked_title", "")                                                                          \
	X(CHECKED, "checked", "name")                                                                                  \
	X(PART_OTHER, "part_other", "")                                                                                \
	X(AND, "and", "")                                                                                              \
	X(OTHER_SERVICE, "other_service", "")                                                                          \
	X(MORE, "more", "")                                                                                            \
	X(CLOSING, "closing", "")                                                                                      \
	X(DOORS_TITLE, "doors_title", "")                                                                              \
	X(WRONG_TITLE, "wrong_title", "")                                                                              \
	X(WRONG, "wrong", "")                                                                                          \
	X(STOP_TITLE, "stop_title", "")                                                                                \
	X(STOP, "stop", "")                                                                                            \
	X(COMPLAIN_TITLE, "complain_title", "")                                                                        \
	X(COMPLAIN, "complain", "due")                                                                                 \
	X(WRITE, "write", "")                                                                                          \
	X(RING, "ring", "telephone")                                                                                   \
	X(COME, "come", "")                                                                                            \
	X(REFERENCE, "reference", "reference")                                                                         \
	X(GIVEN, "given", "service when")                                                                              \
	X(SLIP_TITLE, "slip_title", "")                                                                                \
	X(SLIP_INTRO, "slip_intro", "service")                                                                         \
	X(SLIP_SOURCE, "slip_source", "name service")                                                                  \
	X(SLIP_SOURCE_US, "slip_source_us", "name")                                                                    \
	X(DISAGREED, "disagreed", "what when")                                                                         \
	X(DISAGREED_OPEN, "disagreed_open", "")                                                                        \
	X(COMPLAINED, "complained", "when due")                                                                        \
	X(COMPLAINT_ANSWERED, "complaint_answered", "when")

enum told_say {
#define X(name, key, slots) TOLD_SAY_##name,
	TOLD_SAY_KEYS(X)
#undef X
		TOLD_SAY_COUNT
};

struct told_catalogue;

/* Reads a catalogue from its bytes. base: English, which it must be complete against; NULL for English itself. why says
 * what is missing or wrong. TOLD_E_CONFIG: no named human translator, a text missing, unknown, or without its place in
 * braces; TOLD_E_MALFORMED; TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_catalogue_load(struct told_bytes json, const struct told_catalogue *base,
						   struct told_catalogue **out, struct told_buf *why);
/* The one that is built in. */
TOLD_MUST_USE enum told_status told_catalogue_english(struct told_catalogue **out);
void told_catalogue_free(struct told_catalogue *words);

/* "en", as in HTML's lang; "ltr" or "rtl". */
const char *told_catalogue_language(const struct told_catalogue *words);
const char *told_catalogue_direction(const struct told_catalogue *words);
const char *told_catalogue_translator(const struct told_catalogue *words);

const char *told_catalogue_text(const struct told_catalogue *words, enum told_say key);
/* A part of a story as one says it to the person; "something else you told us" for what has no words. */
const char *told_catalogue_part(const struct told_catalogue *words, unsigned category);
/* Completes "They have it ..."; NULL for what has no words. */
const char *told_catalogue_why(const struct told_catalogue *words, unsigned purpose);
/* What people call a party that is no service of theirs ("immigration"); NULL: its own name. */
const char *told_catalogue_party(const struct told_catalogue *words, struct told_bytes code);

/* What stands in braces. */
struct told_slot {
	const char *name, *text;
};
/* Appends the text with its braces filled. */
void told_catalogue_say(const struct told_catalogue *words, enum told_say key, const struct told_slot *slots,
			size_t count, struct told_buf *out);
/* Appends "22 November 2026", in local time. */
void told_catalogue_date(const struct told_catalogue *words, int64_t utc_ms, struct told_buf *out);

#endif
