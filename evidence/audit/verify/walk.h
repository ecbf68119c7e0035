/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over one log, in the order of its entries: every hash is computed anew, memory does not grow with the log.
 */
#ifndef TOLD_AUDIT_VERIFY_WALK_H
#define TOLD_AUDIT_VERIFY_WALK_H

#include "evidence/audit/base/progress.h"
#include "evidence/audit/read/senders.h"
#include "evidence/audit/read/source.h"
#include "evidence/audit/verify/anchors.h"
#include "evidence/audit/verify/erasures.h"

struct told_walk_config {
	struct told_source *source;
	const struct told_policy *policy;
	struct told_report *report;
	struct told_anchors *anchors; /* sorted */
	struct told_progress *progress;
	struct told_senders *senders;   /* over all logs */
	uint64_t base;                  /* entries of the logs before */
	struct told_erasures *erasures; /* likewise: an entry may be erased long after its log ended */
};

/* Judges everything that the source holds of this log, and adds to the report. What is wrong with the store is a fault
 * there; a status is TOLD_E_MEMORY or TOLD_E_LIMIT (more senders than are told apart). */
TOLD_MUST_USE enum told_status told_walk(const struct told_walk_config *config, int64_t log);

#endif
