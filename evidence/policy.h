/* SPDX-License-Identifier: Apache-2.0 */
/* Trust policies (C2SP tlog-policy, draft of 2026-07-22): which logs are believed, and which witnesses together make a
 * quorum. Stricter than C2SP in one point: any two quorums must share a witness (evidence.md section 1 item 8). */
#ifndef TOLD_EVIDENCE_POLICY_H
#define TOLD_EVIDENCE_POLICY_H

#include "told/proof.h"

#define TOLD_POLICY_KEYS_MAX (TOLD_POLICY_LOGS_MAX + TOLD_POLICY_NAMES_MAX)
#define TOLD_POLICY_NONE     SIZE_MAX

/* A witness or a group. */
struct told_policy_name {
	struct told_bytes name;
	size_t key;                /* of a witness: where in keys; TOLD_POLICY_NONE for a group */
	size_t threshold, members; /* of a group */
	size_t group;              /* the group it belongs to, or TOLD_POLICY_NONE */
	bool splits;               /* two sides without a common witness could both satisfy it */
};

/* All views point into the text that was parsed. */
struct told_policy {
	struct told_vkey keys[TOLD_POLICY_KEYS_MAX]; /* the logs, then the witnesses: what told_note_open wants */
	uint64_t last_size[TOLD_POLICY_LOGS_MAX];    /* of a log's key: beyond it its signature counts for nothing */
	size_t log_count, key_count;
	struct told_policy_name names[TOLD_POLICY_NAMES_MAX]; /* in the order of the file */
	size_t name_count;
	size_t quorum; /* index into names; TOLD_POLICY_NONE: none is asked */
};

/* Where and why a policy was refused. */
struct told_policy_fault {
	size_t line;      /* from 1; 0: the file as a whole */
	const char *what; /* static: completes "line N: ..." */
};

/* TOLD_E_MALFORMED, TOLD_E_LIMIT (too long, too many), TOLD_E_KEY (unsafe key); fault then says where and why. */
TOLD_MUST_USE enum told_status told_policy_parse(struct told_bytes text, struct told_policy *out,
						 struct told_policy_fault *fault);
/* Appends the line that says up to which size a log's key signed. To other readers of policies it is a comment. */
void told_policy_put_end(const struct told_vkey *vkey, uint64_t last_size, struct told_buf *out);
/* Appends the line of a log that ended, whose key signs a later log of the partnership too: C2SP allows one log line a
 * public key, so to other readers this is a comment as well. */
void told_policy_put_log(const struct told_vkey *vkey, uint64_t last_size, struct told_buf *out);
/* Appends the line of a key that a witness had before: what it signed then still verifies, and counts for no quorum. To
 * other readers it is a comment. */
void told_policy_put_witness(const struct told_vkey *vkey, struct told_buf *out);
/* Whether those who signed make a quorum; signed_by[i] is about keys[i]. True when none is asked. */
bool told_policy_met(const struct told_policy *policy, const bool signed_by[TOLD_POLICY_KEYS_MAX]);

#endif
