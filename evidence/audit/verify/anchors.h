/* SPDX-License-Identifier: Apache-2.0 */
/* Notes and proofs from outside the store: what agencies and witnesses have seen, and the operator cannot take back.
 * What they prove beyond the copy's end was cut off, or came after the copy (docs/decisions/0038). */
#ifndef TOLD_AUDIT_VERIFY_ANCHORS_H
#define TOLD_AUDIT_VERIFY_ANCHORS_H

#include "evidence/audit/base/report.h"
#include "evidence/audit/read/endings.h"
#include "evidence/audit/read/notes.h"
#include "evidence/audit/read/store.h"

#define TOLD_ANCHOR_WORDS ((TOLD_POLICY_KEYS_MAX + 63) / 64)

/* A checkpoint from outside. */
struct told_anchor_note {
	uint64_t log, size;
	told_hash root;
	uint64_t signed_by[TOLD_ANCHOR_WORDS]; /* bit i: keys[i] of the policy */
	uint64_t cosigned_s;
	char *from; /* path of the first file that holds it */
};

struct told_anchors {
	const struct told_policy *policy;
	struct told_audit_store *store;
	struct told_report *report;
	bool part;                          /* the source is an export, which may end before what others have seen */
	const struct told_endings *endings; /* may be NULL */
	uint64_t lost;                      /* notes and proofs of entries whose loss is named */
	uint64_t beyond;                    /* notes and proofs that it is too short for */
	uint64_t copied_ms;                 /* when the copy was made, as whoever asks says; 0: not said */
	uint64_t later;                     /* proofs of entries that were made after that */
	uint64_t sooner;                    /* and of such that were there already, and are not in the copy */
	struct told_anchor_note *items;     /* sorted by log and size once told_anchors_sort has run */
	size_t count, room, at;
	uint64_t files, proofs; /* that were good so far, of both kinds and of the second */
	uint64_t met;           /* items whose root was found to be right */
	uint64_t good;          /* the largest size of them in the log that is being walked */
};

void told_anchors_init(struct told_anchors *anchors, const struct told_policy *policy, struct told_audit_store *store,
		       struct told_report *report);
void told_anchors_free(struct told_anchors *anchors);

/* A file with a checkpoint note, or with a .tlog-proof, whose leaf is looked up in the store at once. What is wrong
 * with its content is a fault of TOLD_CLAIM_ANCHORED; a status is about the file: as told_audit_read. TOLD_E_LIMIT: too
 * many files; TOLD_E_CORRUPT: the store cannot be read. */
TOLD_MUST_USE enum told_status told_anchors_note(struct told_anchors *anchors, const char *path);
TOLD_MUST_USE enum told_status told_anchors_proof(struct told_anchors *anchors, const char *path);
/* All in a folder and below: files named `checkpoint` or *.checkpoint, and *.tlog-proof; links are not followed.
 * After a failure *failed (caller frees) is the path that it is about. */
TOLD_MUST_USE enum told_status told_anchors_folder(struct told_anchors *anchors, const char *dir, char **failed);

/* Sorts, and joins what says the same. */
void told_anchors_sort(struct told_anchors *anchors);
/* Before a log; logs ascend. */
void told_anchors_log_begin(struct told_anchors *anchors, uint64_t log);
/* Next size of this log at which a root is wanted, or UINT64_MAX; sizes ascend. */
uint64_t told_anchors_due(const struct told_anchors *anchors, uint64_t log);
void told_anchors_at(struct told_anchors *anchors, uint64_t size, const told_hash *root);
/* After a log: what is still due is longer than the store. */
void told_anchors_log_end(struct told_anchors *anchors, uint64_t log, uint64_t entries);
/* After all logs: the verdict. */
void told_anchors_end(struct told_anchors *anchors);

#endif
