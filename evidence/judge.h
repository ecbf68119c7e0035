/* SPDX-License-Identifier: Apache-2.0 */
/* One note under a policy: whose it is, what it says, who cosigned it. */
#ifndef TOLD_EVIDENCE_JUDGE_H
#define TOLD_EVIDENCE_JUDGE_H

#include "evidence/policy.h"

struct told_judged_note {
	struct told_checkpoint checkpoint; /* its origin points into the note */
	uint64_t log;                      /* the number at the end of its origin */
	bool signed_by[TOLD_POLICY_KEYS_MAX];
	uint64_t cosigned_s; /* the latest cosignature of a known witness, or 0 */
};

/* Accepts a checkpoint that a log of the policy has signed under its own name. Otherwise fault says in which line of
 * the note and why, and the status is TOLD_E_SIGNATURE, TOLD_E_MALFORMED or TOLD_E_LIMIT. */
TOLD_MUST_USE enum told_status told_note_judge(const struct told_policy *policy, struct told_bytes note,
					       struct told_judged_note *out, struct told_policy_fault *fault);
/* The form alone: no signature is looked at. */
TOLD_MUST_USE enum told_status told_note_read(struct told_bytes note, struct told_checkpoint *out,
					      struct told_policy_fault *fault);

/* The number behind the last '/' of an origin ("<partnership>/<n>"); 0 when there is none. */
uint64_t told_origin_number(struct told_bytes origin);

#endif
