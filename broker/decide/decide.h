/* SPDX-License-Identifier: Apache-2.0 */
/* The decision: may this message, or which of its sections, pass to this recipient at this time (decision.md section
 * 4). A pure function over plain data: no I/O, clock, allocation, locale or randomness. The broker asks it at
 * acceptance and at every delivery, the originating agent before it gives anyone a key, told-audit when it replays. */
#ifndef TOLD_DECIDE_H
#define TOLD_DECIDE_H

#include "broker/decide/question.h"

/* Raised whenever the same question may get another answer. */
#define TOLD_POLICY_VERSION 1u

/* Reason codes are numbers (codes.h); a decision's set of them, and every list below, has a fixed bound. */
#define TOLD_CODE_COUNT      94u
#define TOLD_OBLIGATIONS_MAX 128u /* three for each section, and 32 of the message */
#define TOLD_RECORDS_MAX     256u /* of one person, after twenty years of yes and no */

struct told_section_decision {
	uint8_t effect;  /* enum told_section_effect */
	uint8_t rule;    /* enum told_rule: what carried it, or would have */
	uint16_t code;   /* primary: of the first stage that stopped it, or the pass code */
	uint16_t notice; /* one code that an override passed over (0: none), for tell_originator */
	uint16_t index;  /* of the section in the question */
	told_clause clause;
	uint8_t consent_id[TOLD_ID_BYTES]; /* the grant used, or the record that came closest; zero: none */
	int64_t retain_until_utc_ms; /* of a released section, by category and recipient; 0: the paper says nothing */
};

enum told_rule { TOLD_RULE_NONE, TOLD_RULE_FLOW, TOLD_RULE_PROFILE, TOLD_RULE_RIGHT };

/* Who must act: a party, and whom there. */
enum told_who {
	TOLD_WHO_BROKER,
	TOLD_WHO_AUTHOR, /* the worker who sent it */
	TOLD_WHO_WORKER, /* any worker of the party */
	TOLD_WHO_SENIOR,
	TOLD_WHO_ON_CALL, /* the on-call authoriser */
	TOLD_WHO_DPO,
	TOLD_WHO_CALDICOTT,
	TOLD_WHO_SPOC,
	TOLD_WHO_OPERATOR
};

/* Obligations: X(number, NAME, word). Whoever cannot carry one out must not release. */
#define TOLD_OBLIGATIONS(X)                                                                                            \
	X(1, RECEIPT, "receipt")                                                                                       \
	X(2, RETAIN_UNTIL, "retain_until") /* due: the longest; each section has its own */                            \
	X(3, MARKER, "marker")             /* detail: enum told_parcel_marker */                                       \
	X(4, CURE_BY, "cure_by")           /* detail: the code to be cured */                                          \
	X(5, ACK_BY, "ack_by")                                                                                         \
	X(6, ASK_ACCESS, "ask_access")                                                                                 \
	X(7, CALL_IF_UNOPENED, "call_if_unopened")                                                                     \
	X(8, NO_ONWARD, "no_onward")             /* detail: the section's index */                                     \
	X(9, TELL_ORIGINATOR, "tell_originator") /* detail: the section's index */                                     \
	X(10, REVIEW_BY, "review_by")                                                                                  \
	X(11, NOTIFY_PERSON, "notify_person")                                                                          \
	X(12, NOTIFY_DPO, "notify_dpo")                                                                                \
	X(13, NOTIFY_CALDICOTT, "notify_caldicott")                                                                    \
	X(14, RENEW_CONSENT, "renew_consent")                                                                          \
	X(15, SEAL_CONTACT, "seal_contact") /* detail: the section's index */                                          \
	X(16, TELL_RECIPIENTS_STOP, "tell_recipients_stop")
enum told_obligation_kind {
	TOLD_OBLIGATION_NONE,
#define X(number, name, word) TOLD_OBLIGATION_##name = number,
	TOLD_OBLIGATIONS(X)
#undef X
		TOLD_OBLIGATION_COUNT
};

struct told_obligation {
	uint8_t kind; /* enum told_obligation_kind */
	uint8_t who;  /* enum told_who */
	uint16_t detail;
	uint32_t party;     /* of which party; 0: of none (the operator) */
	int64_t due_utc_ms; /* 0: at once */
};

struct told_decision {
	uint32_t recipient;
	uint32_t policy_version;
	uint32_t purposes; /* ruled for; of a GRANT the one of all between the two that lets it go */
	int64_t t_utc_ms;
	uint8_t effect; /* enum told_effect */
	uint8_t stage;  /* of the primary code: 0 to 8 */
	uint16_t primary;
	told_hash inputs;               /* told_question_digest; zero until the caller has run it */
	struct told_bytes agreement_id; /* borrowed from the question; empty where none was found */
	uint32_t agreement_version;
	told_clause clause; /* of the flow or profile that carried the first section */
	uint16_t code_count;
	uint16_t codes[TOLD_CODE_COUNT]; /* the set, in the order of codes.h */
	uint16_t section_count;
	struct told_section_decision sections[TOLD_SECTIONS_MAX]; /* in the question's order */
	uint16_t obligation_count;
	struct told_obligation obligations[TOLD_OBLIGATIONS_MAX];
};

/* Rules one message for one recipient. Total: every question gets an answer, and what cannot be told is held or denied.
 * More than TOLD_SECTIONS_MAX sections is ENV-05; of more than TOLD_RECORDS_MAX consent records none is believed
 * (CON-16). Everything in *out is written; nothing is kept. */
void told_decide(const struct told_question *question, struct told_decision *out);

/* SHA-256 over the canonical form of all that told_decide reads: the same facts give the same digest, in whatever order
 * agreements, consents, relationships, workers and flags lie in memory and parties were given their numbers. Agreements
 * count by id, version and SHA-256 of their bytes, parties and workers by name. Not part of told_decide, so that a
 * caller pays for it only when it records the ruling. */
void told_question_digest(const struct told_question *question, told_hash *out);

/* The part of it that is one person's permissions, withdrawals, restrictions and holds: whoever rules about the same
 * person again keeps it until one of those changes. */
void told_records_digest(const struct told_question *question, told_hash *out);

/* What goes, in a message of a conference, to the key of the recipient's contact and never to its agency's (obligation
 * seal_contact): what the agreement (NULL: none) names, and always SAF.DA, SAF.MARAC and DEM.LOC. */
struct told_catset told_sealed_to_contact(const struct told_agreement *agreement);

/* The word of an obligation ("cure_by"), static. */
const char *told_obligation_word(unsigned kind);

#endif
