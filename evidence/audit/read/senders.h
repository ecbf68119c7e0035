/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that senders give to their messages: which are missing. A turn writes state changes first, and a held message
 * is written again when it is ruled again, so numbers come out of order and twice; only what never comes is a gap. */
#ifndef TOLD_AUDIT_READ_SENDERS_H
#define TOLD_AUDIT_READ_SENDERS_H

#include "evidence/audit/base/report.h"

struct told_senders;

TOLD_MUST_USE enum told_status told_senders_new(struct told_senders **out);
void told_senders_free(struct told_senders *senders);
/* An entry of this sender with this number (0: it has none). TOLD_E_LIMIT: more senders than are told apart. */
TOLD_MUST_USE enum told_status told_senders_add(struct told_senders *senders, struct told_bytes sender,
						uint64_t number);
/* Adds the gaps and the count of senders to the report. */
void told_senders_end(struct told_senders *senders, struct told_report *report);

#endif
