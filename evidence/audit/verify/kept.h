/* SPDX-License-Identifier: Apache-2.0 */
/* What a store keeps beside its entries: signed messages, which must be those that their entries commit to and be
 * signed by their senders, and rows that say of themselves which entry they belong to. */
#ifndef TOLD_AUDIT_VERIFY_KEPT_H
#define TOLD_AUDIT_VERIFY_KEPT_H

#include "evidence/audit/base/report.h"
#include "evidence/audit/read/source.h"
#include "evidence/audit/verify/signers.h"
#include "evidence/policy.h"

/* Judges the signed messages of one log: state changes, messages, deposits. What is wrong is a fault of integrity, or
 * of signature. Where an entry's details are erased or withheld, a message cannot be compared with it, and its
 * signature is checked all the same. TOLD_E_CORRUPT, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_kept_check(struct told_source *source, struct told_signers *signers, int64_t log,
					       struct told_report *report);
/* Judges the rows of other tables, over all logs (kept_rows.c). TOLD_E_CORRUPT, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_kept_rows_check(struct told_source *source, const struct told_policy *policy,
						    struct told_report *report);
/* Judges the wraps, over all logs: each is one that a signed grant names by its hash. TOLD_E_CORRUPT, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_wraps_check(struct told_source *source, struct told_report *report);

#endif
