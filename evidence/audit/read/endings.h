/* SPDX-License-Identifier: Apache-2.0 */
/* Logs that ended because a restore lost their last entries, as the first entry of the next log names them. What
 * others hold of the entries between is no second history, but what was lost (evidence.md section 1 item 3). */
#ifndef TOLD_AUDIT_READ_ENDINGS_H
#define TOLD_AUDIT_READ_ENDINGS_H

#include "evidence/audit/read/source.h"
#include "told/limits.h"
#include "told/proof.h"

struct told_ending {
	bool there;
	uint64_t restored, anchored; /* sizes */
	told_hash root;              /* of the second */
};
struct told_endings {
	struct told_ending of[TOLD_LOGS_MAX]; /* log n at n - 1 */
};

/* Reads the first entry of each log after the first; one that does not name the log before it, or whose details are not
 * there or not what it commits to, ends nothing. TOLD_E_CORRUPT, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_endings_read(struct told_source *source, struct told_endings *out);
/* NULL when the log did not end so. */
const struct told_ending *told_ending_of(const struct told_endings *endings, uint64_t log);
/* The entry of this index was in the log once, and its loss is named. */
bool told_ending_lost(const struct told_endings *endings, uint64_t log, uint64_t index);

#endif
