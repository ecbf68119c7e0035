/* SPDX-License-Identifier: Apache-2.0 */
/* A question bank as the Ministry of Justice's resettlement service writes it (YAML), read as one of our forms, so that
 * it is checked and counted by the same rules. Which question is which item of ours stands in a mapping file. No I/O.
 */
#ifndef TOLD_AGENTS_BANK_H
#define TOLD_AGENTS_BANK_H

#include "agents/form/form.h"

/* A mapping is {"banks": {PATHWAY: {"party": who asks it, "questions": {ID: ROW}}}}. A ROW is {"code", "ask",
 * "category", "near"?, "why"}, or {"with": ID, "why"} for what is counted as one with another question. */
struct told_bank {
	struct told_form *form; /* one item a question that counts */
	char *name, *party;     /* the pathway in lower case; who asks it */
	size_t listed;          /* question ids in the file, those counted with another included */
	json_t *near;           /* code -> the code of ours that comes closest */
};

/* E_MALFORMED: no bank, or a question or row without its other half: both files name each other's ids exactly;
 * E_UNKNOWN: a kind of question that we do not take; E_LIMIT; E_MEMORY. why (may be NULL) gets the place and what to
 * do. */
TOLD_MUST_USE enum told_status told_bank_read(struct told_bytes yaml, const char *file, const json_t *mapping,
					      struct told_bank *out, struct told_buf *why);
void told_bank_free(struct told_bank *bank);

#endif
