/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of time-stamping authorities that a store keeps: each must be one, over the checkpoint that it is filed with.
 * Whether its signer is believed is asked of told-audit timestamp, which is given the authorities. */
#ifndef TOLD_AUDIT_VERIFY_STAMPS_H
#define TOLD_AUDIT_VERIFY_STAMPS_H

#include "evidence/audit/base/report.h"
#include "evidence/audit/read/source.h"

/* Judges every token, over all logs; what is wrong is a fault of integrity that names the size. A source without the
 * table has none. TOLD_E_CORRUPT, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_stamps_check(struct told_source *source, struct told_report *report);

#endif
