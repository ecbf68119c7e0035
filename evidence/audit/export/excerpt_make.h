/* SPDX-License-Identifier: Apache-2.0 */
/* Making a copy for audit out of a broker's store, by the order that was logged for it. */
#ifndef TOLD_AUDIT_EXPORT_EXCERPT_MAKE_H
#define TOLD_AUDIT_EXPORT_EXCERPT_MAKE_H

#include "evidence/audit/read/excerpt.h"

struct told_excerpt_making {
	struct told_source source;    /* a private copy of the store, writable, with the new file attached as "made" */
	uint8_t seed[TOLD_KEY_BYTES]; /* of the operator's key */
	uint64_t shown, withheld;     /* entries */
};

/* Fills the attached, empty file. source.excerpt has the order. TOLD_E_KEY: the key is not the one that signed the
 * order; TOLD_E_FULL, TOLD_E_STORE: the file cannot be written; TOLD_E_CORRUPT: the store cannot be read. */
TOLD_MUST_USE enum told_status told_excerpt_make(struct told_excerpt_making *making);

#endif
