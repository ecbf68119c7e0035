/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that the log gave to its senders, and whether a message that is kept was signed with one that was in force
 * when it came (protocol section 1): given by an earlier entry, for this use, and not ended; retired ones have their
 * grace. */
#ifndef TOLD_AUDIT_VERIFY_SIGNERS_H
#define TOLD_AUDIT_VERIFY_SIGNERS_H

#include "evidence/audit/read/source.h"

struct told_signers;
struct told_opened_envelope;

enum told_signed {
	TOLD_SIGNED_GOOD,
	TOLD_SIGNED_FALSELY,   /* the signature does not verify, or its key was never the sender's */
	TOLD_SIGNED_TOO_LATE,  /* the key was the sender's, and was over */
	TOLD_SIGNED_NOT_KNOWN, /* a key that this store does not hold: the operator's first, which no entry names */
};

/* Reads the keys out of the signed PARTNER and KEY_RECORD messages of all logs. operator_key: 32 bytes, or NULL.
 * TOLD_E_CORRUPT, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_signers_new(struct told_source *source, const uint8_t *operator_key,
						struct told_signers **out);
void told_signers_free(struct told_signers *signers);

/* Where and when a message came. What was held has its time from before, in the number of its transaction. */
struct told_signed_at {
	int64_t log;
	uint64_t index, time_ms;
};
/* Judges the message of an entry. TOLD_E_MEMORY and other statuses of our own side. */
TOLD_MUST_USE enum told_status told_signers_check(struct told_signers *signers, struct told_signed_at at,
						  const struct told_opened_envelope *message, enum told_signed *out);

#endif
