/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled agreement: what the signed paper says, as plain data that a ruling reads. No code, no library.
 * Made by load.c from the YAML file (decision.md 4.7); read by broker/decide, the agents and told-audit.
 * Whoever built it owns every array and text in it; all of it stays unchanged while a ruling runs. */
#ifndef TOLD_AGREEMENT_H
#define TOLD_AGREEMENT_H

#include "broker/agree/span.h"
#include "told/codes.h"
#include "told/limits.h"
#include "told/vocabulary.h"

/* Parties are numbers of the caller's name table (party.h), from 1; 0 is nobody. Sets reach to TOLD_PARTYSET_MAX: a
 * file that names more is refused at load, and a number beyond it is in no set. */
#define TOLD_PARTYSET_MAX 256u
#define TOLD_PARTY_WORDS  (TOLD_PARTYSET_MAX / 64u)
struct told_partyset {
	uint64_t w[TOLD_PARTY_WORDS]; /* bit party - 1 */
};

static inline bool told_partyset_has(const struct told_partyset *set, uint32_t party)
{
	return party >= 1 && party <= TOLD_PARTYSET_MAX && (set->w[(party - 1) / 64] >> ((party - 1) % 64) & 1);
}

static inline void told_partyset_add(struct told_partyset *set, uint32_t party)
{
	if (party >= 1 && party <= TOLD_PARTYSET_MAX)
		set->w[(party - 1) / 64] |= UINT64_C(1) << ((party - 1) % 64);
}

/* Times are UTC milliseconds, half-open [from, until): an end date without a time is stored as the next midnight. */
#define TOLD_FOREVER INT64_MAX

/* A clause number of the signed paper ("4.1"), NUL-terminated. */
#define TOLD_CLAUSE_MAX 16u
typedef char told_clause[TOLD_CLAUSE_MAX];

/* A short list of vocabulary values in the order of the paper; the first is what a message states by default. */
#define TOLD_GROUNDS_MAX 7u
struct told_grounds {
	uint8_t count;
	uint8_t value[TOLD_GROUNDS_MAX];
};

/* Bits of sets: types bit (type - 1) of 64, purposes bit (purpose - 1) of 32, roles bit (role - 1). */
#define TOLD_BIT64(value) (UINT64_C(1) << ((unsigned)(value)-1u))
#define TOLD_BIT32(value) (UINT32_C(1) << ((unsigned)(value)-1u))

/* Marks of a party: X(bit, NAME, word in the file). Decision 6.2. */
#define TOLD_MARKS(X)                                                                                                  \
	X(0, PUBLIC, "public")         /* public authority */                                                          \
	X(1, HSC, "hsc")               /* health or social care, staff owe confidentiality */                          \
	X(2, REVEALS, "reveals")       /* being known there reveals health */                                          \
	X(3, SPECIALIST, "specialist") /* rows to or from it are off the statement until marked safe */                \
	X(4, EMERGENCY, "emergency")                                                                                   \
	X(5, S213B, "s213b")   /* specified for the duty to refer, Housing Act 1996 s213B */                           \
	X(6, DEA, "dea")       /* specified for Digital Economy Act 2017 s35 */                                        \
	X(7, BYTEAM, "byteam") /* a message must name the team or branch */                                            \
	X(8, PAPER, "paper")   /* contact: only; signs nothing, a sheet is handed over */                              \
	X(9, PERSON, "person") /* no party: reached on paper or by voice */
enum told_mark {
#define X(bit, name, word) TOLD_MARK_##name = 1 << (bit),
	TOLD_MARKS(X)
#undef X
};

enum told_nation { TOLD_ENGLAND, TOLD_WALES, TOLD_SCOTLAND, TOLD_NORTHERN_IRELAND };
enum told_control { TOLD_CONTROLLER, TOLD_JOINT_CONTROLLER, TOLD_PROCESSOR };

struct told_party {
	uint32_t party;
	uint32_t acts_for;              /* the controller for whom it acts; 0: itself */
	uint8_t control;                /* enum told_control */
	uint8_t nation;                 /* enum told_nation */
	uint16_t marks;                 /* enum told_mark, or-ed */
	uint32_t signed_version;        /* as the file says; what counts stands in the question, from AGREEMENT_SIGN */
	int64_t assurance_until_utc_ms; /* TOLD_FOREVER where none is asked (paper, person) */
	uint8_t identity_key[TOLD_HASH_BYTES];                 /* fingerprint read out when it signed */
	struct told_bytes legal_name, dpo, spoc, on_call, ico; /* where to turn, for texts only; may be empty */
};

/* Spans and purposes that bind only some categories. */
struct told_lookback {
	struct told_catset data;
	struct told_span span;
};
struct told_not_needed {
	struct told_catset data;
	uint32_t purposes;
};
struct told_retention {
	struct told_catset data;
	struct told_partyset parties; /* recipients bound; empty: all */
	struct told_span span;
	struct told_bytes reason; /* why, where lint asks */
};

/* What a message may rest on: flows and override profiles state the same five. */
struct told_basis_lists {
	struct told_grounds art6, art9, art10, confidentiality, powers;
	int64_t policy_document_utc_ms; /* date of the appropriate policy document for art9 g; 0: none */
};

enum told_consent_mode {
	TOLD_MODE_NONE, /* the flow needs no permission */
	TOLD_MODE_PERMISSION,
	TOLD_MODE_GDPR,
	TOLD_MODE_STATUTORY_DTR,
	TOLD_MODE_STATUTORY_UC,
	TOLD_MODE_IMPLIED
};
enum told_onward { TOLD_ONWARD_ASK_ORIGINATOR, TOLD_ONWARD_NEVER };

/* Statutory bars (decision 4.6, SEC-07): X(bit, NAME, word, the person may agree). The last column is [memory]. */
#define TOLD_BARS(X)                                                                                                   \
	X(0, GENDER_HISTORY, "gender_history", true)                                                                   \
	X(1, SPENT_CONVICTION, "spent_conviction", true)                                                               \
	X(2, COMPLAINANT, "complainant", true)                                                                         \
	X(3, ADOPTION, "adoption", false)                                                                              \
	X(4, FERTILITY, "fertility", true)                                                                             \
	X(5, SEXUAL_HEALTH, "sexual_health", true)                                                                     \
	X(6, FAMILY_COURT, "family_court", false)                                                                      \
	X(7, UNSPECIFIED, "unspecified", false) /* the section header says only that there is one */
enum told_bar {
#define X(bit, name, word, agree) TOLD_BAR_##name = 1 << (bit),
	TOLD_BARS(X)
#undef X
};

struct told_flow {
	told_clause clause;
	struct told_partyset from, to;
	uint64_t types;
	uint32_t purposes;
	struct told_catset data;      /* prefixes written out; DEM.FORMER only by name, EQA never */
	struct told_catset mandatory; /* without these the message is a husk: SEC-09 */
	struct told_catset verified;  /* only sections marked verified: SEC-10 */
	struct told_catset warned;    /* only under a permission whose page gave the benefit warning: CON-09 */
	struct told_basis_lists basis;
	uint8_t consent;       /* enum told_consent_mode */
	uint8_t onward;        /* enum told_onward */
	uint8_t marker;        /* enum told_parcel_marker */
	uint8_t bars;          /* enum told_bar, or-ed: the flow names the statute's own exception */
	bool counts;           /* carries tables of counts, no personal data */
	bool others_own_basis; /* has its own basis for data about other people */
	bool needs_threshold;
	uint32_t smallest_cell;       /* of tables of counts; 0: no rule */
	struct told_span consent_max; /* shorter than the agreement's, where stated */
	struct told_span ack;         /* a referral is acknowledged within; not stated: two working days */
	const struct told_lookback *lookbacks;
	size_t lookback_count;
	const struct told_not_needed *not_needed;
	size_t not_needed_count;
};

struct told_profile {
	told_clause clause;
	uint8_t kind; /* enum told_override_kind */
	bool mandatory_report;
	bool any_data;    /* "any": every leaf is of the first set */
	bool order_names; /* beyond the first set: what the order in hand names */
	bool others_own_basis;
	bool needs_reason;
	bool anyone;  /* every worker may declare, whatever the role */
	uint8_t bars; /* enum told_bar, or-ed: the statute's own exception is named */
	struct told_partyset from, to;
	uint64_t types;
	uint32_t purposes;
	struct told_catset first, beyond;
	struct told_basis_lists basis;
	uint32_t declare; /* roles that may declare */
	uint32_t second;  /* roles of which one must second; 0: nobody needs to */
	struct told_span expires, review;
};

/* "my home": words for the permission page. */
struct told_group {
	struct told_bytes name, words;
	struct told_catset data;
};

/* A privacy notice. A permission given under an older one stays good, unless the newer changed what it was about. */
struct told_notice {
	uint32_t version;
	int64_t from_utc_ms;
	struct told_partyset changed_from, changed_to; /* both empty: nothing between parties changed */
	uint32_t changed_purposes;                     /* 0: all purposes between them */
	struct told_catset changed_data;               /* empty: all data between them */
};

/* Ways that open a conference, numbered as on the wire; a header says only which was met. */
enum told_threshold {
	TOLD_THRESHOLD_NONE, /* not met, or not stated */
	TOLD_THRESHOLD_SCORE,
	TOLD_THRESHOLD_JUDGEMENT,
	TOLD_THRESHOLD_ESCALATION,
	TOLD_THRESHOLD_REPEAT
};
struct told_threshold_rule {
	struct told_bytes tool; /* "DASH" */
	uint32_t tool_version, score;
	uint8_t ways; /* TOLD_BIT32(enum told_threshold), or-ed: the ways that open it */
	struct told_span repeat_within;
};

enum told_agreement_kind { TOLD_ISP, TOLD_DDA, TOLD_JCA };
enum told_agreement_status {
	TOLD_AGREEMENT_DRAFT,
	TOLD_AGREEMENT_ASSURED,
	TOLD_AGREEMENT_SIGNED,
	TOLD_AGREEMENT_SUSPENDED,
	TOLD_AGREEMENT_ENDED
};
/* What lateness does: warn is a notice, and a hold once the grace is over; the others act at once. */
enum told_late { TOLD_LATE_WARN, TOLD_LATE_HOLD, TOLD_LATE_DENY };

/* One version of one agreement. Suspended parties are not here: they change by message and come with the question. */
struct told_agreement {
	struct told_bytes id, title;
	uint32_t version;
	uint8_t kind;                                     /* enum told_agreement_kind */
	uint8_t status;                                   /* enum told_agreement_status */
	uint8_t review_late, assurance_late;              /* enum told_late */
	uint8_t sha256[TOLD_HASH_BYTES];                  /* of the exact bytes that the parties signed */
	int64_t from_utc_ms, until_utc_ms, review_utc_ms; /* until, review: TOLD_FOREVER where the paper has none */
	struct told_span grace, consent_max;
	struct told_partyset never_to;
	uint32_t never_for;
	struct told_partyset locate;      /* cleared for protected addresses */
	struct told_catset seal;          /* sealed to the conference contact in CONF_* messages */
	struct told_bytes under;          /* id of the agreement under which this one is the narrower; empty: none */
	const struct told_party *parties; /* paper and person contacts included */
	size_t party_count;
	const struct told_flow *flows;
	size_t flow_count;
	const struct told_profile *profiles;
	size_t profile_count;
	const struct told_group *groups;
	size_t group_count;
	const struct told_notice *notices;
	size_t notice_count;
	const struct told_threshold_rule *thresholds;
	size_t threshold_count;
	const struct told_retention *retentions; /* first that fits category and recipient counts */
	size_t retention_count;
};

#endif
