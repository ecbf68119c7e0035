/* SPDX-License-Identifier: Apache-2.0 */
/* Signed checkpoints out of a source, each with the cosignature lines that stand beside it. */
#ifndef TOLD_AUDIT_READ_SIGNED_H
#define TOLD_AUDIT_READ_SIGNED_H

#include "evidence/audit/read/store.h"
#include "told/proof.h"

/* The checkpoint that a proof of entry `index` rests on: of the next 64 that cover it and that witnesses have cosigned
 * the first that most have, else the first that covers it. Appends the note to out. TOLD_E_NOT_FOUND: none covers it
 * yet. TOLD_E_CORRUPT. */
TOLD_MUST_USE enum told_status told_signed_for(struct told_audit_store *store, int64_t log, uint64_t index,
					       struct told_buf *out);
/* The newest; with `cosigned`, the newest that a witness has cosigned. */
TOLD_MUST_USE enum told_status told_signed_last(struct told_audit_store *store, int64_t log, bool cosigned,
						struct told_buf *out);
/* What a note says, before anything is believed. TOLD_E_CORRUPT: it is no checkpoint, or larger than a log can be. */
TOLD_MUST_USE enum told_status told_signed_read(const struct told_buf *note, struct told_checkpoint *out);

#endif
