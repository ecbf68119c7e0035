/* SPDX-License-Identifier: Apache-2.0 */
/* A worker's note and who sees it (practice.md section 5 and conventions 1.1): kept in our own agency unless services
 * are named, said in words before it is saved, corrected beside the old text and never deleted. Documents only: no
 * vault, no clock, no messages. */
#ifndef TOLD_AGENTS_NOTE_H
#define TOLD_AGENTS_NOTE_H

#include "told/bytes.h"

#include <jansson.h>

/* Who writes, when. */
struct told_note_by {
	const char *worker;
	int64_t now_utc_ms;
};

/* {"text", "by", "written_ms", "about": [category], "to": [], "was": []}; about is borrowed. The caller's. E_MEMORY. */
TOLD_MUST_USE enum told_status told_note_new(const char *text, const json_t *about, const struct told_note_by *by,
					     json_t **out);

/* A service that was sent the note: its party, the message that took it there, and whether it may see it. Adds to "to".
 * E_EXISTS: it is named twice. */
TOLD_MUST_USE enum told_status told_note_to(json_t *note, const char *party, const char *message, bool sees);

/* Whether a party of a note sees it, by its place; the party, or NULL past the last. */
const char *told_note_reader(const json_t *note, size_t index, bool *sees, const char **message);

/* Puts a new text in; the old one goes into "was" with who wrote it and when, and stays. E_USAGE: nothing would change.
 */
TOLD_MUST_USE enum told_status told_note_correct(json_t *note, const char *text, const struct told_note_by *by);

/* A service that would be sent it, in words. why: what keeps it from seeing; NULL: it will see it. */
struct told_note_reader_words {
	const char *name, *why;
};

/* "Housing and Talking Therapies will see this. Employability will not see it: ..."; without readers, that only we do.
 * Appended. */
void told_note_audience(const char *own, const struct told_note_reader_words *readers, size_t count,
			struct told_buf *out);

#endif
