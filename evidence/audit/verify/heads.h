/* SPDX-License-Identifier: Apache-2.0 */
/* The store's own tree heads and signed checkpoints against the roots that its entries give. Every commit writes a
 * head; its checkpoint is signed behind it and goes into the store with the next commit, so the newest head may stand
 * alone. */
#ifndef TOLD_AUDIT_VERIFY_HEADS_H
#define TOLD_AUDIT_VERIFY_HEADS_H

#include "evidence/audit/base/report.h"
#include "evidence/audit/read/notes.h"
#include "evidence/audit/verify/seals.h"

struct told_heads {
	struct told_report *report;
	const struct told_policy *policy;
	uint64_t log;
	struct told_rows heads;
	struct told_seals *seals;
	uint64_t good;      /* the largest size whose root was right */
	uint64_t last_head; /* size of the last head */
	uint64_t alone;     /* size of a head without checkpoint, or TOLD_NO_ENTRY */
	uint64_t checkpoints;
};

/* Zeroed before; told_heads_close also after failure. */
TOLD_MUST_USE enum told_status told_heads_open(struct told_source *source, int64_t log,
					       const struct told_policy *policy, struct told_report *report,
					       struct told_heads *heads);
/* The next size at which a root is wanted; UINT64_MAX when there is none. */
uint64_t told_heads_due(const struct told_heads *heads);
/* Judges head and checkpoint of this size, which is due. TOLD_E_CORRUPT: they cannot be read on. */
TOLD_MUST_USE enum told_status told_heads_at(struct told_heads *heads, uint64_t size, const told_hash *root);
/* What is due beyond the log, and a log that no head closes. */
void told_heads_end(struct told_heads *heads, uint64_t entries);
void told_heads_close(struct told_heads *heads);

#endif
