/* SPDX-License-Identifier: Apache-2.0 */
/* What a verification found: seven claims, each judged by itself, each with its first fault. */
#ifndef TOLD_AUDIT_BASE_REPORT_H
#define TOLD_AUDIT_BASE_REPORT_H

#include "told/bytes.h"
#include "told/limits.h"

#include <stdio.h>

enum told_claim {
	TOLD_CLAIM_SIGNATURE,    /* checkpoints carry the log's signature */
	TOLD_CLAIM_INTEGRITY,    /* entries, hashes, tiles, heads and checkpoints are one history */
	TOLD_CLAIM_ANCHORED,     /* it is the history that notes from outside the store have seen */
	TOLD_CLAIM_FRESHNESS,    /* it reaches up to now */
	TOLD_CLAIM_QUORUM,       /* enough witnesses have signed it */
	TOLD_CLAIM_COMPLETENESS, /* no gap in what senders numbered */
	TOLD_CLAIM_ERASURES,     /* what is gone was erased by an entry that says so */
	TOLD_CLAIM_COUNT
};

enum told_verdict_state { TOLD_VERDICT_NOT_SHOWN, TOLD_VERDICT_OK, TOLD_VERDICT_NONE_ASKED, TOLD_VERDICT_FAILED };

#define TOLD_NO_ENTRY UINT64_MAX

struct told_verdict {
	enum told_verdict_state state;
	uint64_t faults;
	uint64_t from, to; /* entries of the first fault, or TOLD_NO_ENTRY */
	struct told_buf text;
	const char *todo; /* static, or NULL */
};

/* Numbers of a sender that no entry has. */
struct told_gap {
	char sender[TOLD_NAME_MAX_BYTES + 1];
	uint64_t from, to;
};

struct told_report {
	struct told_verdict verdicts[TOLD_CLAIM_COUNT];
	struct told_buf origins;                       /* names of the logs, parted by ", " */
	uint64_t logs, entries, checkpoints, anchored; /* anchored: entries below the largest note from outside */
	uint64_t quorum_size;                          /* the largest size that a quorum has signed */
	uint64_t newest_entry_ms, newest_cosigned_ms, judged_ms;
	uint64_t asked_ms, newest_asked_ms; /* the time that was asked about, or 0; the newest entry up to then */
	bool cut_short;                     /* a log could not be read to its end */
	bool no_details;                    /* the source is a folder of tiles */
	uint64_t erased;                    /* entries without details that an erasure names */
	uint64_t withheld_entries, withheld_parts; /* from a copy for audit, as its operator signed */
	struct told_buf copy;                      /* of what it is a copy; empty: of all */
	uint64_t signed_messages, unknown_signers; /* kept beside the log: signed by their senders; by a key not here */
	uint64_t stamps; /* tokens of time-stamping authorities over their checkpoints; their signers are not checked */
	uint64_t senders, gap_count;
	struct told_gap gaps[TOLD_AUDIT_GAPS_MAX];
};

/* About 7 KiB: not for the stack of a recursive call. */
void told_report_init(struct told_report *report);
void told_report_free(struct told_report *report);

/* A fault of a claim, which makes it FAILED. from..to: the entries that it is about. Shown is the fault with the lowest
 * `to`, of equals the first; the others are counted. */
__attribute__((format(printf, 6, 7))) void told_report_fault(struct told_report *report, enum told_claim claim,
							     uint64_t from, uint64_t to, const char *todo,
							     const char *format, ...);
/* The verdict of a claim without faults; of one with faults nothing changes. */
__attribute__((format(printf, 4, 5))) void told_report_say(struct told_report *report, enum told_claim claim,
							   enum told_verdict_state state, const char *format, ...);
bool told_report_failed(const struct told_report *report, enum told_claim claim);

/* What the verdicts are measured by. */
struct told_judging {
	bool asks_quorum;
	bool at_given;
	uint64_t at_ms, now_ms;
};
/* Gives the verdicts that rest on the whole: all but TOLD_CLAIM_ANCHORED. */
void told_report_judge(struct told_report *report, const struct told_judging *judging);

/* 5 when evidence fails, 1 when it holds but nothing anchors it, it is not fresh, or a quorum is missing; else 0. */
int told_report_exit(const struct told_report *report);

/* For people, one line a claim, then what to do; for programs, one JSON object. */
void told_report_print(const struct told_report *report, FILE *out);
void told_report_json(const struct told_report *report, FILE *out);

#endif
