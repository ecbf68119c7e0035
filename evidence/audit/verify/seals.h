/* SPDX-License-Identifier: Apache-2.0 */
/* The checkpoints of a log, size by size, each with its signatures and cosignatures judged: that takes longer than all
 * else that a size costs, so it is done ahead of whoever compares roots, on a thread of its own. */
#ifndef TOLD_AUDIT_VERIFY_SEALS_H
#define TOLD_AUDIT_VERIFY_SEALS_H

#include "evidence/audit/read/source.h"
#include "evidence/judge.h"

/* One stored checkpoint. */
struct told_seal {
	uint64_t size;           /* under which it is kept */
	enum told_status status; /* TOLD_OK: the log signed it; else fault says why it is no checkpoint of the log */
	struct told_policy_fault fault;
	struct told_judged_note note;      /* what it says, by whom it is signed; without its origin's name */
	bool forged[TOLD_POLICY_KEYS_MAX]; /* a line is kept as this witness's, and is not */
	enum told_status lines;            /* TOLD_E_CORRUPT: its cosignatures cannot be read on */
};

struct told_seals;

/* Goes to the first checkpoint of a log. With a source that has a connection for them they are judged ahead; else when
 * they are asked for. The policy outlives it. TOLD_E_CORRUPT: they cannot be read; TOLD_E_MEMORY. After failure *out is
 * still to be freed. */
TOLD_MUST_USE enum told_status told_seals_new(struct told_source *source, int64_t log, const struct told_policy *policy,
					      struct told_seals **out);
/* The current one, good until the next call; NULL behind the last. */
const struct told_seal *told_seals_now(const struct told_seals *seals);
TOLD_MUST_USE enum told_status told_seals_next(struct told_seals *seals);
void told_seals_free(struct told_seals *seals); /* ends the thread; takes NULL */

#endif
