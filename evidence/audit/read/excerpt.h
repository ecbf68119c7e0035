/* SPDX-License-Identifier: Apache-2.0 */
/* A copy made for audit (AUDIT_COPY): a store of its own in which the whole tree stands and some of what hangs on it is
 * withheld. What is withheld is listed and signed by the operator's key that signed the logged order for the copy; the
 * order itself is an entry of the log, so for whom, why and until when cannot be written into a copy afterwards. */
#ifndef TOLD_AUDIT_READ_EXCERPT_H
#define TOLD_AUDIT_READ_EXCERPT_H

#include "evidence/audit/read/source.h"
#include "told/envelope.h"
#include "told/proof.h"

/* The tables of a copy: those of the log, and two of its own. */
extern const char told_excerpt_schema[];

/* Reads into the source which copy it is, with for whom, why and until when from the entry that orders it. TOLD_OK
 * without `there`: an ordinary store. TOLD_E_PROOF: what the copy says of itself is not what was logged.
 * TOLD_E_CORRUPT, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_excerpt_read(struct told_source *source);
/* The same for an ordinary store and the order at an entry of it. TOLD_E_NOT_FOUND: no order for a copy stands there.
 */
TOLD_MUST_USE enum told_status told_excerpt_order(struct told_source *source, int64_t log, uint64_t index,
						  struct told_excerpt *out);
/* Whether the list of what is withheld, and the number of entries, are what the operator signed. TOLD_E_PROOF. */
TOLD_MUST_USE enum told_status told_excerpt_check(struct told_audit_store *store, const struct told_excerpt *excerpt);
/* What the operator signs: the order's place, how many entries there are, the hash of the list. */
TOLD_MUST_USE enum told_status told_excerpt_statement(struct told_audit_store *store, const char *list_sql,
						      const struct told_excerpt *excerpt, struct told_buf *out);
/* "of the flows of HOU, for a complaint, asked for by ..., until ..." */
void told_excerpt_words(const struct told_excerpt *excerpt, struct told_buf *out);

/* What is withheld, entry by entry in the order of one log. Of an ordinary store nothing is. */
struct told_withheld {
	struct told_rows rows; /* idx, parts, person, worker */
};
TOLD_MUST_USE enum told_status told_withheld_open(struct told_audit_store *store, int64_t log, uint64_t from,
						  struct told_withheld *out);
void told_withheld_close(struct told_withheld *withheld);
/* Goes to an entry (ascending); *parts gets what of it is withheld (told_entry_part). TOLD_E_CORRUPT. */
TOLD_MUST_USE enum told_status told_withheld_at(struct told_withheld *withheld, uint64_t index, unsigned *parts);
/* Of the entry gone to: the names under which the person and the worker stand in this copy; empty where none does. */
struct told_bytes told_withheld_person(const struct told_withheld *withheld);
struct told_bytes told_withheld_worker(const struct told_withheld *withheld);

#endif
