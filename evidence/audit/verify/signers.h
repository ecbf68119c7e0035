/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that the log gave to its senders, and whether a message that is kept was signed with one of them. When a key
 * ended is the broker's to know when a message comes: here it is asked whether the log held the key before. */
#ifndef TOLD_AUDIT_VERIFY_SIGNERS_H
#define TOLD_AUDIT_VERIFY_SIGNERS_H

#include "evidence/audit/read/source.h"

struct told_signers;
struct told_opened_envelope;

enum told_signed {
	TOLD_SIGNED_GOOD,
	TOLD_SIGNED_FALSELY,   /* the signature does not verify, or its key was never the sender's */
	TOLD_SIGNED_NOT_KNOWN, /* a key that this store does not hold: the operator's first, which no entry names */
};

/* Reads the keys out of the signed PARTNER and KEY_RECORD messages of all logs. operator_key: 32 bytes, or NULL.
 * TOLD_E_CORRUPT, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_signers_new(struct told_source *source, const uint8_t *operator_key,
						struct told_signers **out);
void told_signers_free(struct told_signers *signers);

/* Judges the message of an entry. TOLD_E_MEMORY and other statuses of our own side. */
TOLD_MUST_USE enum told_status told_signers_check(struct told_signers *signers, int64_t log, uint64_t index,
						  const struct told_opened_envelope *message, enum told_signed *out);

#endif
