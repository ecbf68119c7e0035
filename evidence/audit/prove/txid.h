/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of one transaction, found by its number. */
#ifndef TOLD_AUDIT_PROVE_TXID_H
#define TOLD_AUDIT_PROVE_TXID_H

#include "evidence/audit/read/source.h"

/* The first entry of a log that has this transaction number. The number begins with its time, and entries stand in
 * order of time: some twenty of them are looked at. TOLD_E_CORRUPT. */
TOLD_MUST_USE enum told_status told_txid_seek(struct told_source *source, int64_t log, struct told_bytes txid,
					      uint64_t *index, bool *found);
/* The same by reading the log: numbers that older brokers gave begin with nothing. */
TOLD_MUST_USE enum told_status told_txid_scan(struct told_source *source, int64_t log, struct told_bytes txid,
					      uint64_t *index, bool *found);

#endif
