/* SPDX-License-Identifier: Apache-2.0 */
/* What is gone, and what erasure entries say is gone. Grows with what was erased, not with the log. */
#ifndef TOLD_AUDIT_VERIFY_ERASURES_H
#define TOLD_AUDIT_VERIFY_ERASURES_H

#include "evidence/audit/base/report.h"

struct told_erasures;

TOLD_MUST_USE enum told_status told_erasures_new(struct told_erasures **out);
void told_erasures_free(struct told_erasures *erasures);
/* An entry whose details are gone, wholly or in part. Past TOLD_AUDIT_ERASED_MAX only counted. */
TOLD_MUST_USE enum told_status told_erasures_gone(struct told_erasures *erasures, uint64_t index,
						  struct told_bytes txid);
/* A transaction that an erasure entry names. */
TOLD_MUST_USE enum told_status told_erasures_named(struct told_erasures *erasures, struct told_bytes txid);
/* Matches both: a fault of TOLD_CLAIM_ERASURES for each entry that is gone and not named. */
void told_erasures_end(struct told_erasures *erasures, struct told_report *report);

#endif
