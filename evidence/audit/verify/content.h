/* SPDX-License-Identifier: Apache-2.0 */
/* What an entry says: a leaf in its one form, in the order of time, and the details that it commits to. */
#ifndef TOLD_AUDIT_VERIFY_CONTENT_H
#define TOLD_AUDIT_VERIFY_CONTENT_H

#include "evidence/audit/base/report.h"
#include "evidence/audit/read/excerpt.h"
#include "evidence/audit/read/senders.h"
#include "evidence/audit/read/source.h"
#include "evidence/audit/verify/erasures.h"
#include "evidence/audit/verify/openings.h"

struct told_content {
	struct told_report *report;
	struct told_arena *arena; /* of one entry */
	struct told_source *source;
	int64_t log;
	struct told_openings *openings;
	struct told_senders *senders;   /* over all logs: the caller's */
	struct told_erasures *erasures; /* likewise */
	uint64_t base;                  /* entries of the logs before: the caller's */
	struct told_withheld withheld;
	unsigned kept_back;           /* of this entry, from a copy for audit (told_entry_part) */
	struct told_bytes party;      /* whose copy it is: of others it has not all messages, and no gap is one */
	uint64_t time_ms;             /* of the entry before */
	struct told_rows signed_rows; /* entries whose signed message is kept, in order */
};

/* Zeroed before, but for senders, erasures and base; told_content_close also after failure. */
TOLD_MUST_USE enum told_status told_content_open(struct told_source *source, int64_t log, struct told_report *report,
						 struct told_content *content);
/* Goes to entry `index` (ascending); *whole: it is here, and not withheld from this copy. TOLD_E_CORRUPT. */
TOLD_MUST_USE enum told_status told_content_at(struct told_content *content, uint64_t index, struct told_bytes entry,
					       bool *whole);
/* Judges the entry gone to. Faults go into the report; a status other than TOLD_OK ends the pass:
 * TOLD_E_CORRUPT when the details cannot be read on, TOLD_E_MEMORY, TOLD_E_LIMIT (more senders than are told apart). */
TOLD_MUST_USE enum told_status told_content_check(struct told_content *content, uint64_t index,
						  struct told_bytes entry);
/* After the last entry: details of entries that are not there. */
void told_content_end(struct told_content *content);
void told_content_close(struct told_content *content);

#endif
