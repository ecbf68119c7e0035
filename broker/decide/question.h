/* SPDX-License-Identifier: Apache-2.0 */
/* All that a ruling may look at, as plain data: filled by the broker from verified headers and its record, by an agent
 * from its vault, by told-audit from the log. Everything is borrowed for the length of the call.
 * Rules of reading (decision.md 4.2): times are UTC milliseconds, half-open [from, until), 0 in an end meaning "no
 * end"; an empty list in a grant matches nothing, in a refusal or exclusion everything. */
#ifndef TOLD_QUESTION_H
#define TOLD_QUESTION_H

#include "broker/agree/agreement.h"
#include "broker/agree/party.h"
#include "told/proof.h"

/* ---- the message ---- */

/* What verify found wrong with a message that a ruling still has to refuse; bits. Expiry and clock the ruling sees
 * itself. */
enum told_envelope_fault {
	TOLD_FAULT_SIGNATURE = 1 << 0, /* does not verify, or its key has been revoked since */
	TOLD_FAULT_REPLAY = 1 << 1,
	TOLD_FAULT_MALFORMED = 1 << 2,
	TOLD_FAULT_DIGEST = 1 << 3 /* a section is not the one that was signed */
};

/* One legal basis of the header's list. Zero: not stated. */
struct told_basis_facts {
	uint8_t art6, art9, art10, confidentiality, power;
	bool rli_task, rli_law, rli_objective; /* what the request's statement names */
};

enum told_section_flag {
	TOLD_SECTION_ONWARD = 1 << 0, /* its originator lets it be passed on */
	TOLD_SECTION_CONFIDENTIAL = 1 << 1,
	TOLD_SECTION_VERIFIED = 1 << 2,
	TOLD_SECTION_LOCATES = 1 << 3,
	TOLD_SECTION_RESTRICTED = 1 << 4, /* this very section is restricted, disputed or objected to */
	/* rows of a statement (AUDIT_VIEW) */
	TOLD_ROW_SAFE = 1 << 8,       /* marked safe to tell by the owner of its flow */
	TOLD_ROW_SPECIALIST = 1 << 9, /* to or from a party marked specialist */
	TOLD_ROW_DO_NOT_NOTIFY = 1 << 10,
	TOLD_ROW_NOT_THEIRS = 1 << 11 /* a conference about somebody else */
};

enum told_section_kind { TOLD_SECTION_STORY, TOLD_SECTION_ROW, TOLD_SECTION_COUNTS };

/* Persons are the record's internal numbers; in a section 0 is the person of the message. */
#define TOLD_PERSON_OTHER UINT64_MAX /* somebody else, whom the header does not name */

struct told_section_facts {
	uint8_t kind;     /* enum told_section_kind */
	uint8_t category; /* leaf; of a row what it was about, 0 where it names none; of counts 0 */
	uint8_t voice;
	uint8_t bar;                   /* enum told_bar, or-ed: statutory bars its author marked */
	uint16_t basis;                /* index into the message's bases */
	uint16_t step;                 /* number of a plan step, from 1; 0: none */
	uint32_t flags;                /* enum told_section_flag */
	uint32_t purposes;             /* of a row: the purposes it went for */
	uint32_t smallest_cell;        /* of a table of counts */
	uint32_t originator;           /* party; 0: the sender (of a request: the holder) */
	bool authored;                 /* the header names its author */
	struct told_catset classified; /* of NARR: what it was classified as; empty: nobody has */
	uint64_t about, told_by;       /* person, 0: the person of the message */
	int64_t recorded_utc_ms;
	int64_t incident_utc_ms, ends_utc_ms; /* of RSK.STAFF; 0: not stated */
};

struct told_override_facts {
	uint8_t kind;    /* enum told_override_kind; 0: the message has no override block */
	uint8_t at_risk; /* enum told_at_risk */
	bool reason_given, mandatory_report, do_not_notify;
	bool has_order;                        /* law: the order's reference and a copy are there */
	int64_t raised_utc_ms, expires_utc_ms; /* expires 0: as the profile says */
	struct told_catset order_names;        /* law: what the order names */
};

/* Workers are numbers of this question, from 1, each a row of its workers; 0: nobody named. */
/* Whose exclusion of a worker a flag ends: nobody's, for it is no such flag; the sender's own; one that the sender has
 * not set, be there another or none; the author's. */
enum told_lift { TOLD_LIFT_NONE, TOLD_LIFT_OWN, TOLD_LIFT_NOT_OWN, TOLD_LIFT_OF_AUTHOR };

struct told_message_facts {
	uint8_t id[TOLD_ID_BYTES];
	uint8_t type;   /* enum told_type */
	uint8_t role;   /* enum told_role, of the author */
	uint8_t faults; /* enum told_envelope_fault, or-ed */
	uint8_t lifts;  /* enum told_lift */
	bool recipients_visible;
	bool queued;                          /* accepted before and waiting: what it rested on may have gone */
	uint32_t sender, recipient;           /* parties */
	uint32_t sender_team, recipient_team; /* 0: not named */
	uint8_t recipient_role;               /* enum told_role, 0: not named */
	uint32_t author, authoriser, recipient_worker; /* workers */
	uint32_t purposes;
	uint64_t person; /* 0: speaks of nobody */
	int64_t created_utc_ms, expires_utc_ms;
	const uint32_t *recipients; /* all parties it goes to */
	size_t recipient_count;
	struct told_bytes agreement_id; /* the agreement that the header names */
	uint32_t agreement_version;
	struct told_override_facts override;
	const struct told_basis_facts *bases;
	size_t basis_count;
	const struct told_section_facts *sections; /* of a request: what is asked for */
	size_t section_count;
	/* coded facts of the workflow part */
	uint8_t sets_state;    /* enum told_referral_state */
	uint8_t reason;        /* enum told_reason */
	uint8_t threshold_met; /* enum told_threshold */
	uint8_t high_risk;     /* enum told_yes_no */
	uint8_t attempts, ways;
	bool reviewer_named, referrer_told;
	uint8_t detail;     /* enum told_detail */
	uint32_t service;   /* redirect: the party named instead */
	int64_t due_utc_ms; /* a day that it names; 0: none */
	/* lost touch: how somebody was looked for (practice.md section 5) */
	bool place_chosen, through_others, hard_asked, message_left;
	uint8_t conference_event;      /* enum told_conference_event */
	const uint32_t *action_owners; /* CONF_ACTION: parties */
	size_t action_owner_count;
};

/* ---- the agreements, as they stand between the two parties ---- */

struct told_agreement_facts {
	const struct told_agreement *agreement;
	uint32_t sender_signed,
		recipient_signed; /* highest version of this id that each has signed and not left; 0: none */
	bool sender_suspended, recipient_suspended; /* at this time */
};

/* ---- the person's records ---- */

struct told_consent_recipient {
	uint32_t party, team; /* team 0: all of the party */
	uint8_t role;         /* enum told_role; 0: any */
};

enum told_consent_flag {
	TOLD_CONSENT_NOT_FREE = 1 << 0,
	TOLD_CONSENT_NOT_SPECIFIC = 1 << 1, /* "*" arrived where a list belongs */
	TOLD_CONSENT_PRESENCE = 1 << 2,     /* presence proof checked, or a worker of the originator confirmed */
	TOLD_CONSENT_SEEN_ALONE = 1 << 3,
	TOLD_CONSENT_WARNED = 1 << 4,  /* the page said: this could affect your benefit */
	TOLD_CONSENT_REFER = 1 << 5,   /* duty to refer: yes to the referral */
	TOLD_CONSENT_CONTACT = 1 << 6, /* duty to refer: yes to passing on contact details */
	TOLD_CONSENT_REASON = 1 << 7   /* Universal Credit: the reason is named */
};

struct told_consent {
	uint8_t id[TOLD_ID_BYTES], supersedes[TOLD_ID_BYTES]; /* supersedes zero: nothing */
	uint8_t kind, state, giver, evidence; /* enum told_consent_kind, _state, told_giver, told_evidence */
	uint8_t capacity, authority;          /* enum told_capacity, told_authority */
	uint16_t flags;                       /* enum told_consent_flag */
	uint64_t person;
	int64_t given_utc_ms, from_utc_ms, until_utc_ms, ended_utc_ms; /* ended: its event; 0: has not come */
	int64_t data_from_utc_ms, data_until_utc_ms;                   /* both 0: no window */
	uint32_t purposes, notice_version, taken_by;
	uint32_t location_named; /* party named for a protected address; 0: none */
	uint32_t chosen;         /* duty to refer: the authority the person chose */
	uint64_t plan_steps;     /* bit step - 1 */
	struct told_catset include, exclude;
	struct told_partyset not_to, not_from; /* excluded recipients, excluded originators */
	const struct told_consent_recipient *recipients;
	size_t recipient_count;
	const uint64_t *not_about; /* excluded persons */
	size_t not_about_count;
};

/* A withdrawal, whoever took it. Empty lists: everything. */
struct told_withdrawal_facts {
	uint8_t consent_id[TOLD_ID_BYTES]; /* zero: every permission of the person */
	struct told_partyset recipients;
	uint32_t purposes;
	struct told_catset categories;
	int64_t at_utc_ms;
};

/* A restriction, dispute or objection. Empty lists: everything. state: enum told_flag_state. */
struct told_restriction_facts {
	uint8_t kind; /* enum told_flag_kind: RESTRICTED, DISPUTED, OBJECTION */
	uint8_t state;
	uint32_t party, purposes;
	struct told_catset categories;
	int64_t since_utc_ms;
	uint32_t by; /* who set it and may lift it; not decided on */
};

struct told_hold_facts {
	uint8_t kind; /* enum told_hold_kind */
	int64_t since_utc_ms, until_utc_ms;
	uint32_t party;        /* who set it and may lift it; not decided on, like the next */
	int64_t review_utc_ms; /* when somebody looks at it again */
};

enum told_age { TOLD_ADULT, TOLD_UNDER_16, TOLD_16_OR_17 };

struct told_person_facts {
	uint32_t matches; /* how many people the reference may be; 1 is right */
	uint8_t age;      /* enum told_age */
	uint8_t capacity; /* enum told_capacity, for this decision; NONE: presumed */
	bool merge_pending, location_protected;
	int64_t died_utc_ms;                /* 0: alive */
	int64_t do_not_notify_since_utc_ms; /* 0: not set */
	const struct told_restriction_facts *restrictions;
	size_t restriction_count;
	const struct told_hold_facts *holds;
	size_t hold_count;
	const uint32_t *excluded_workers; /* worker numbers of this question; conference contacts' lists included */
	size_t excluded_worker_count;
};

struct told_relationship_facts {
	uint8_t kind;                 /* enum told_relationship_kind */
	uint32_t party, team, worker; /* worker 0: the whole team; team 0: the whole party */
	uint64_t person;
	int64_t from_utc_ms, until_utc_ms;
};

/* ---- the directory ---- */

enum told_standing { TOLD_STANDING_UNKNOWN, TOLD_STANDING_ACTIVE, TOLD_STANDING_SUSPENDED, TOLD_STANDING_LEFT };

struct told_directory_facts {
	uint32_t party;
	uint8_t standing;        /* enum told_standing, at this time */
	bool operator;           /* the broker's own operator: signs without a worker */
	bool location_protected; /* a person reached by paper or voice whose own address is protected */
};

struct told_worker_facts {
	uint32_t worker; /* number in this question */
	uint32_t human;  /* same for every number of one human */
	uint32_t party;
	uint32_t roles;           /* TOLD_BIT32(enum told_role), or-ed */
	struct told_bytes number; /* the staff number, for the digest */
	int64_t from_utc_ms, until_utc_ms;
};

/* What a role may send at a party; where no row names the role it may send every type. */
struct told_role_facts {
	uint32_t party; /* 0: every party */
	uint8_t role;
	uint64_t types;
};

/* ---- the workflow it belongs to ---- */

enum told_event { TOLD_EVENT_MESSAGE, TOLD_EVENT_ACK_OVERDUE };

struct told_workflow_facts {
	uint8_t event;                  /* enum told_event */
	uint8_t referral_state;         /* enum told_referral_state; 0: it belongs to no referral */
	bool open_duplicate;            /* same person, same service, same need, still open */
	uint32_t referrer, referred_to; /* parties of the referral */
	uint8_t referral_reason;        /* enum told_reason that its state has */
	int64_t changed_utc_ms;         /* since when it is in that state */
	bool rests_on_consent;
	uint8_t consent_id[TOLD_ID_BYTES]; /* the permission that referral, queued message or WITHDRAWAL is about */
	int64_t ack_due_utc_ms;            /* 0: none is due */
	/* the message that this one corrects or gives notice of */
	bool about_known;
	uint32_t about_sender;
	struct told_partyset about_recipients;
	struct told_catset about_released;
	/* the conference */
	uint8_t conference_state; /* enum told_conference_state */
	uint32_t chair;
	bool has_conference; /* its members are known */
	struct told_partyset members;
	/* permissions under which something was delivered to this recipient */
	const uint8_t (*delivered_under)[TOLD_ID_BYTES];
	size_t delivered_under_count;
};

struct told_question {
	int64_t t_utc_ms;
	const struct told_parties *names; /* whose numbers the parties are: read by the digest only */
	const told_hash *records;         /* told_records_digest of these records, where the caller keeps it; or NULL */
	struct told_message_facts message;
	struct told_person_facts person;
	struct told_workflow_facts workflow;
	const struct told_agreement_facts *agreements; /* the named one and all others between the two */
	size_t agreement_count;
	const struct told_consent *consents; /* of the person, and of others whom sections are about */
	size_t consent_count;
	const struct told_withdrawal_facts *withdrawals;
	size_t withdrawal_count;
	const struct told_relationship_facts *relationships;
	size_t relationship_count;
	const struct told_directory_facts *directory; /* every party that the message names */
	size_t directory_count;
	const struct told_worker_facts *workers;
	size_t worker_count;
	const struct told_role_facts *roles;
	size_t role_count;
};

#endif
