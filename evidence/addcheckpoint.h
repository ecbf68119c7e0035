/* SPDX-License-Identifier: Apache-2.0 */
/* What a log and a witness outside the partnership say to each other over HTTP (C2SP tlog-witness v1.0.0): the body of
 * add-checkpoint, and the witness's answer. No sockets here. */
#ifndef TOLD_EVIDENCE_ADDCHECKPOINT_H
#define TOLD_EVIDENCE_ADDCHECKPOINT_H

#include "told/proof.h"

#define TOLD_ADD_CHECKPOINT_PATH_MAX 63u /* hashes of a proof, as the specification bounds it */

struct told_add_checkpoint {
	uint64_t old_size;
	told_hash path[TOLD_ADD_CHECKPOINT_PATH_MAX];
	size_t count;
	struct told_bytes checkpoint; /* the note, a view into the body that was parsed */
};

/* TOLD_E_MALFORMED; TOLD_E_LIMIT: too many hashes, or a note that is too long. */
TOLD_MUST_USE enum told_status told_add_checkpoint_parse(struct told_bytes body, struct told_add_checkpoint *out);
void told_add_checkpoint_format(const struct told_add_checkpoint *request, struct told_buf *out);

/* The HTTP status that a witness owes: 200, 400, 403, 404, 409 or 422, judged in that specification's order. log: the
 * key of the one origin known; size and root: what is on record of it (size 0: nothing). After 200 *newest is what must
 * be stored, in the same step as it was compared, before the answer is given. */
unsigned told_add_checkpoint_judge(const struct told_add_checkpoint *request, const struct told_vkey *log,
				   uint64_t size, const told_hash *root, struct told_checkpoint *newest);

#endif
