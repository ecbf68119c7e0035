/* SPDX-License-Identifier: Apache-2.0 */
/* What the details of a log commit to, entry by entry: the parts are read and hashed ahead of whoever compares them
 * with the leaves, on a thread of their own, and are forgotten there. Only hashes come out, so many at a time and no
 * more. */
#ifndef TOLD_AUDIT_VERIFY_OPENINGS_H
#define TOLD_AUDIT_VERIFY_OPENINGS_H

#include "evidence/audit/read/reader.h"
#include "told/proof.h"

/* One row of details. state is GONE, FALSE (the salt has another length than a salt) or OPEN: what the part commits to
 * is computed then, and is yet to be compared with the leaf. */
struct told_opening {
	uint64_t index;
	enum told_part_state state[TOLD_PART_COUNT];
	told_hash commitment[TOLD_PART_COUNT];
};

struct told_openings;

/* Goes to the first row of a log. With a source that has a connection for them the rows are read ahead; else when
 * they are asked for. TOLD_E_CORRUPT: the store cannot be read there; TOLD_E_MEMORY, TOLD_E_SYSTEM. */
TOLD_MUST_USE enum told_status told_openings_new(struct told_source *source, int64_t log, struct told_openings **out);
/* The current row, good until the next call; NULL behind the last. */
const struct told_opening *told_openings_now(const struct told_openings *openings);
TOLD_MUST_USE enum told_status told_openings_next(struct told_openings *openings);
void told_openings_free(struct told_openings *openings); /* ends the thread; takes NULL */

#endif
