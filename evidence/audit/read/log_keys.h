/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that a store says its log had. Nothing here is believed of them: whoever has a policy compares. */
#ifndef TOLD_AUDIT_READ_LOG_KEYS_H
#define TOLD_AUDIT_READ_LOG_KEYS_H

#include "evidence/audit/read/store.h"
#include "told/proof.h"

/* Of the keys that the store names, oldest first, the newest that signed this note; names are views of origin.
 * TOLD_E_SIGNATURE: none did, or one did wrongly. */
TOLD_MUST_USE enum told_status told_log_key_of(struct told_audit_store *store, struct told_bytes origin,
					       struct told_bytes note, struct told_vkey *out);

#endif
