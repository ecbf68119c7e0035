/* SPDX-License-Identifier: Apache-2.0 */
/* The signed headers that a store keeps beside its entries: what flows, client and overrides read. Each must be the one
 * that its entry commits to. */
#ifndef TOLD_AUDIT_READ_MESSAGES_H
#define TOLD_AUDIT_READ_MESSAGES_H

#include "evidence/audit/base/report.h"
#include "evidence/audit/read/source.h"

/* Judges those of one log; what is wrong is a fault of integrity. Those whose entry's details are erased or withheld
 * cannot be compared and are passed over. TOLD_E_CORRUPT, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_messages_check(struct told_source *source, int64_t log, struct told_report *report);

#endif
