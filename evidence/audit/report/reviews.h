/* SPDX-License-Identifier: Apache-2.0 */
/* Reviews of overrides, as the log has them: who declared an override records what its review found (ALERT_RECORD). */
#ifndef TOLD_AUDIT_REPORT_REVIEWS_H
#define TOLD_AUDIT_REPORT_REVIEWS_H

#include "evidence/audit/read/source.h"

struct told_review {
	uint8_t message[TOLD_ID_BYTES];       /* that it is about */
	char sender[TOLD_NAME_MAX_BYTES + 1]; /* whose record it is */
	char reviewer[TOLD_NAME_MAX_BYTES + 1];
	uint32_t outcome;
	uint64_t held_ms, logged_ms; /* as its sender says; as the log does */
};

struct told_reviews {
	struct told_review *items; /* by message, then in the order of the log */
	size_t count, room;
	uint64_t not_kept; /* records of what became of an alert that cannot be read: any may be a review */
};

/* All that the log had at that time. Zeroed before; told_reviews_free also after failure. As told_events_each. */
TOLD_MUST_USE enum told_status told_reviews_read(struct told_source *source, uint64_t until_ms,
						 struct told_reviews *out);
void told_reviews_free(struct told_reviews *reviews);
/* The first that this sender wrote of this message of its own; NULL: none. */
const struct told_review *told_reviews_find(const struct told_reviews *reviews, struct told_bytes message,
					    struct told_bytes sender);

#endif
