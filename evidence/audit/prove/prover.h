/* SPDX-License-Identifier: Apache-2.0 */
/* Makes .tlog-proof files out of a source: an entry, its path, and the checkpoint that it leads to. */
#ifndef TOLD_AUDIT_PROVE_PROVER_H
#define TOLD_AUDIT_PROVE_PROVER_H

#include "evidence/audit/read/source.h"

struct told_prover;

/* Of one log of a source. TOLD_E_CORRUPT: its tiles do not fit its entries. */
TOLD_MUST_USE enum told_status told_prover_new(struct told_source *source, int64_t log, struct told_prover **out);
void told_prover_free(struct told_prover *prover);
/* Appends the proof of an entry, with the leaf as its extra line. It is checked before it is handed out.
 * TOLD_E_NOT_FOUND: there is no such entry, or no signed checkpoint covers it yet. TOLD_E_PROOF: entry, tiles and
 * checkpoint do not fit together. TOLD_E_CORRUPT. */
TOLD_MUST_USE enum told_status told_prover_write(struct told_prover *prover, uint64_t index, struct told_buf *out);

#endif
