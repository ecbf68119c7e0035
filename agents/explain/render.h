/* SPDX-License-Identifier: Apache-2.0 */
/* Four renderings of one ruling (decision.md 4.5): what each audience may know of it, in words and as JSON. Rules
 * nothing itself: everything shown stands in the question and the decision. No I/O. */
#ifndef TOLD_EXPLAIN_RENDER_H
#define TOLD_EXPLAIN_RENDER_H

#include "broker/agree/party.h"
#include "broker/decide/codes.h"

#include <jansson.h>

enum told_audience {
	TOLD_FOR_SENDER,    /* whoever gives (of a request: the holder): every code, the fix, who can cure it */
	TOLD_FOR_REQUESTER, /* whoever gets: what came and the marker; where nothing came, one fixed text */
	TOLD_FOR_PERSON,    /* plain words; nothing that is unsafe to tell, and no gap where it would stand */
	TOLD_FOR_AUDITOR,   /* everything, and what a replay has to match */
	TOLD_AUDIENCE_COUNT
};

/* One ruling and what its numbers are called. All borrowed. */
struct told_rendering {
	const struct told_question *question;
	const struct told_decision *decision; /* with the digest of its inputs, for the auditor */
	const struct told_parties *parties;
	const char *const *sections; /* what each section is called, in the question's order; NULL: by its category */
};

/* "sender" and so on; TOLD_AUDIENCE_COUNT for a word that is none. */
enum told_audience told_audience_named(const char *word);

/* Appends lines of text; out->status says whether all fitted. What a requester who gets nothing reads is the same in
 * every byte, whatever the reason (decision.md 4.9, 7). Of what is unsafe to tell the person reads only the closing
 * sentence that every statement has (practice.md section 4). */
void told_render_text(const struct told_rendering *r, enum told_audience audience, struct told_buf *out);

/* The same facts as JSON, the caller's; members are named in docs/man/told-decide.1.scd. E_MEMORY; *out is then NULL.
 */
TOLD_MUST_USE enum told_status told_render_json(const struct told_rendering *r, enum told_audience audience,
						json_t **out);

#endif
