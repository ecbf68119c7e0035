/* SPDX-License-Identifier: Apache-2.0 */
/* What is signed and what travels: the header with its parts, the envelope and the body.
 * The structs mirror proto/header.proto and proto/body.proto field by field: absent scalars are 0, absent parts NULL,
 * enums as their numbers. All memory belongs to the arena that decoded it. */
#ifndef TOLD_ENVELOPE_H
#define TOLD_ENVELOPE_H

#include "told/bytes.h"
#include "told/codes.h"
#include "told/limits.h"
#include "told/vocabulary.h"

/* A list of numbers (enums or integers), borrowed. */
struct told_u32_list {
	uint32_t *items;
	size_t count;
};

struct told_basis_part {
	uint32_t art6;
	uint32_t art9;
	uint32_t art10;
	uint32_t confidentiality;
	uint32_t power;
	uint32_t rli_task;
	uint32_t rli_law;
	uint32_t rli_objective;
};
struct told_basis_part_list {
	struct told_basis_part *items;
	size_t count;
};

struct told_override_part {
	uint32_t kind;
	struct told_bytes clause; /* of the agreement's override profile */
	uint32_t reason_given;    /* its words stand in a sealed section */
	uint64_t raised_ms;
	uint64_t expires_ms;
	uint32_t at_risk;
	struct told_bytes order_ref;
	uint32_t mandatory_report;
	uint32_t do_not_notify;
	struct told_u32_list order_names; /* law: the categories that the order names */
};

struct told_agreement_ref {
	struct told_bytes id;
	uint32_t version;
	struct told_bytes sha256; /* 32 bytes, of the file as the sender knew it */
};

struct told_workflow_part {
	struct told_bytes referral; /* 16 bytes, id of the REFERRAL or CONF_CALL it belongs to */
	uint32_t state;             /* the state that this message sets */
	uint32_t reason;
	uint32_t attempts;
	uint32_t ways;
	uint32_t high_risk;
	uint32_t threshold_met;
	struct told_bytes reviewer; /* staff number */
	uint32_t urgent;
	uint32_t referrer_told;
	uint64_t due_ms;
	uint32_t detail;
	uint32_t weeks;            /* expected wait */
	struct told_bytes service; /* redirect: the party that can help instead */
	uint32_t place_chosen;     /* lost touch: one try at a place and time that the person chose */
	uint32_t through_others;   /* one through the lead worker or a supporter */
	uint32_t hard_asked;       /* "what made it hard to reach us?" is answered */
	uint32_t message_left;     /* words that they can keep */
	uint32_t room;             /* CAPACITY: the answer */
	struct told_bytes need;    /* CAPACITY: what for, as the service's profile names it */
	uint32_t event;            /* CONF_*: what is said; referral is then the id of the CONF_CALL */
	struct told_bytes to_team; /* the team of the recipient that alone is to see it */
	uint32_t to_role;          /* the role of the recipient's that alone is to see it */
};

struct told_deposit_part {
	struct told_bytes deposit_id; /* 16 bytes */
	uint32_t version;             /* from 1 */
};

struct told_grant_part {
	struct told_bytes recipient;
	struct told_bytes sealing_key_id; /* 32 bytes */
	struct told_bytes message_id;     /* 16 bytes, of the DEPOSIT message that carries the section */
	struct told_bytes deposit_id;     /* 16 bytes */
	uint32_t deposit_version;
	struct told_bytes section_digest; /* 32 bytes */
	struct told_bytes agreement;
	uint32_t agreement_version;
	struct told_bytes consent_id; /* 16 bytes; absent where the flow needs none */
	struct told_bytes clause;     /* of the flow relied on */
	struct told_bytes wrap_hash;  /* 32 bytes, SHA-256 of enc || wrap */
};
struct told_grant_part_list {
	struct told_grant_part *items;
	size_t count;
};

struct told_key_part {
	uint32_t purpose;
	struct told_bytes key; /* 32 bytes */
	uint64_t from_ms;
	uint64_t until_ms;
	uint32_t number; /* from 1, counts this purpose's keys */
	uint32_t action;
	struct told_bytes worker;     /* contact keys only */
	struct told_bytes possession; /* ISSUE: 64 bytes (Ed25519 keys) or 32 (X25519), PROTOCOL.md section 1 */
};

struct told_consent_recipient_part {
	struct told_bytes party;
	struct told_bytes team;
	uint32_t role;
};
struct told_consent_recipient_part_list {
	struct told_consent_recipient_part *items;
	size_t count;
};

struct told_consent_part {
	uint32_t kind;
	uint32_t state;
	uint64_t given_ms;
	uint64_t from_ms;
	uint64_t until_ms;
	struct told_consent_recipient_part_list recipients;
	struct told_u32_list purposes;
	struct told_u32_list include;
	struct told_u32_list exclude;
	struct told_bytes_list exclude_recipients;
	struct told_bytes_list exclude_originators;
	uint64_t data_from_ms;
	uint64_t data_until_ms;
	uint32_t giver;
	uint32_t authority;
	uint32_t capacity;
	uint32_t freely_given;
	uint32_t notice_version;
	uint32_t evidence;
	struct told_bytes language;
	uint32_t interpreter;
	uint32_t others_present;
	struct told_bytes supersedes;     /* 16 bytes, id of a CONSENT message */
	struct told_bytes location_named; /* party named for a protected address */
	uint32_t seen_alone;
	uint32_t benefit_warning;
	uint32_t refer_yes; /* statutory: duty to refer */
	struct told_bytes chosen_authority;
	uint32_t contact_yes;
	uint32_t reason_named;           /* statutory: Universal Credit */
	uint64_t ended_ms;               /* the event it was given for has ended */
	struct told_u32_list plan_steps; /* numbers of the sections ticked for a supporter */
};

struct told_withdrawal_part {
	struct told_bytes consent_id;      /* 16 bytes; absent: every permission of the person */
	struct told_bytes_list recipients; /* absent: everybody */
	struct told_u32_list purposes;     /* absent: every purpose */
	struct told_u32_list categories;   /* absent: every category */
};

struct told_flag_part {
	uint32_t kind;
	uint32_t state;
	uint32_t category;        /* RESTRICTED, DISPUTED */
	struct told_bytes party;  /* OBJECTION: towards whom */
	struct told_bytes worker; /* WORKER_EXCLUDED */
	uint32_t hold;
	uint64_t since_ms;
	uint64_t until_ms;
	uint64_t review_ms;
	struct told_bytes message_id; /* the message whose section is restricted, 16 bytes */
};

struct told_relationship_part {
	uint32_t kind;
	struct told_bytes team;   /* of the sender */
	struct told_bytes worker; /* staff number, or absent for the whole team */
	uint64_t from_ms;
	uint64_t until_ms;
	uint32_t live; /* NO ends it */
};

struct told_agreement_sign_part {
	struct told_bytes id;
	uint32_t version;
	struct told_bytes sha256; /* 32 bytes, of the exact file, which stands in the body */
};

struct told_agreement_suspend_part {
	struct told_bytes id;
	uint32_t action;
};

struct told_reference_part {
	uint32_t action;
	struct told_bytes other; /* MERGE: the reference that stays, 16 bytes */
};

struct told_worker_part {
	struct told_bytes number;
	uint32_t kind;
	struct told_u32_list roles;
	struct told_bytes_list teams;
	uint64_t from_ms;
	uint64_t until_ms;         /* absent: open */
	struct told_bytes same_as; /* another number of the same human */
};
struct told_worker_part_list {
	struct told_worker_part *items;
	size_t count;
};

struct told_partner_part {
	uint32_t action;
	struct told_bytes party;
	struct told_bytes identity_key; /* 32 bytes */
	struct told_bytes session_key;  /* 32 bytes, CURVE */
	struct told_bytes acts_for;
	struct told_key_part
		*log_key; /* LOG_KEY: a new key of the log (ISSUE), or the end of an old one at once (REVOKE) */
};

struct told_lines_part {
	uint32_t count;
	struct told_bytes root; /* 32 bytes, Merkle root over the lines in the body */
};

struct told_erasure_part {
	uint32_t reason;        /* of a request, which names the person */
	uint32_t state;         /* of a holder's answer, which names the request and never the person */
	uint64_t kept_until_ms; /* KEPT, PARTLY: until when */
	struct told_bytes law;  /* KEPT, PARTLY: the law that says so */
};

struct told_recall_part {
	uint32_t kind;                    /* of a RECALL */
	struct told_bytes_list messages;  /* of a RECALL: 16 bytes each, ids of the sender's messages */
	uint32_t deleted;                 /* of an answer, which names the RECALL and never the person */
	struct told_bytes_list opened_by; /* of an answer: staff numbers */
	struct told_bytes_list passed_on; /* of an answer: party ids */
	uint32_t corrected;               /* of an answer to a CORRECTION, which has no other field */
};

struct told_audit_copy_part {
	struct told_bytes party; /* whose flows; empty: the whole partnership, under pseudonyms */
	uint32_t purpose, asked_by;
	struct told_bytes asker; /* the party that asked_by belongs to, if it is one */
	uint64_t until_ms;
};

/* What is looked for in the log, and why. */
struct told_audit_view_part {
	uint32_t purpose;
	struct told_bytes of;      /* whose entries; empty: one's own */
	uint32_t all;              /* everybody's, without persons and workers; `of` is empty then */
	struct told_bytes message; /* 16 bytes: the first entry of this message and no other */
	uint64_t log;              /* its number; 0: the one that grows */
	uint64_t from;             /* first entry to look at */
	uint32_t count;            /* at most so many are given */
	uint64_t since_ms, until_ms;
	uint32_t type, phase;
	struct told_bytes with; /* a party on the other side */
};

/* ALERT_RECORD: what became of the alert that in_reply_to names. */
struct told_alert_record_part {
	uint32_t event, outcome;
	uint64_t at_ms; /* when it happened, not when it was written down */
};

struct told_header {
	uint32_t version; /* 1 */
	uint32_t type;
	struct told_bytes id;              /* 16 bytes, UUIDv7 */
	struct told_bytes partnership;     /* origin of the log without its last part */
	struct told_bytes sender;          /* party id */
	uint64_t sender_seq;               /* from 1, dense within an epoch */
	struct told_bytes epoch;           /* 16 bytes, new at each restore of the agent */
	struct told_bytes_list recipients; /* party ids, at most 20 */
	struct told_bytes client_ref;      /* 16 bytes; absent where nobody is spoken of */
	struct told_bytes in_reply_to;     /* 16 bytes, id of a message */
	uint64_t created_ms;
	uint64_t expires_ms;      /* at most 30 days after created_ms */
	struct told_bytes author; /* staff number */
	uint32_t role;
	struct told_bytes team;
	struct told_bytes authoriser; /* staff number of the second person */
	struct told_u32_list purposes;
	struct told_basis_part_list bases;
	uint32_t recipients_visible;
	struct told_override_part *override_block;
	struct told_agreement_ref *agreement;
	struct told_workflow_part *workflow;
	struct told_bytes_list section_digests; /* 0, 4, 8, 16 or 32 of 32 bytes, shuffled */
	uint64_t seen_size;                     /* the last checkpoint that this agent cosigned */
	struct told_bytes seen_root;            /* 32 bytes */
	struct told_u32_list asked;             /* ASK: what is asked for */
	struct told_bytes presence;             /* 32 bytes, presence proof over the consent part */
	struct told_deposit_part *deposit;
	struct told_grant_part_list grants;
	struct told_key_part *key_record;
	struct told_consent_part *consent;
	struct told_withdrawal_part *withdrawal;
	struct told_flag_part *flag;
	struct told_relationship_part *relationship;
	struct told_agreement_sign_part *agreement_sign;
	struct told_agreement_suspend_part *agreement_suspend;
	struct told_reference_part *reference;
	struct told_worker_part_list workers;
	struct told_partner_part *partner;
	struct told_lines_part *lines; /* ACK and OPENED: their lines stand in the body */
	struct told_erasure_part *erasure;
	struct told_recall_part *recall;
	struct told_audit_copy_part *audit_copy;
	struct told_audit_view_part *audit_view;
	struct told_alert_record_part *alert_record;
};

/* First frame. Of a session message it holds session alone; of a signed message all but session. */
struct told_envelope {
	struct told_bytes header;    /* canonical Header */
	struct told_bytes key_id;    /* 32 bytes */
	struct told_bytes signature; /* 64 bytes, over the batch */
	uint32_t count;              /* leaves in the batch, 1 to 256 */
	uint32_t index;
	struct told_bytes_list path; /* at most 8 of 32 bytes */
	uint32_t session;
};

struct told_wrap {
	struct told_bytes recipient;
	struct told_bytes key_id; /* 32 bytes, of the recipient's sealing key */
	struct told_bytes enc;    /* 32 bytes */
	struct told_bytes sealed; /* 48 bytes */
};
struct told_wrap_list {
	struct told_wrap *items;
	size_t count;
};

struct told_sealed_section {
	struct told_bytes header;     /* canonical SectionHeader */
	struct told_bytes salt;       /* 16 bytes */
	struct told_bytes commitment; /* 32 bytes */
	struct told_bytes ciphertext;
	struct told_wrap_list wraps;
};
struct told_sealed_section_list {
	struct told_sealed_section *items;
	size_t count;
};

/* Second frame of a signed message. */
struct told_body {
	struct told_sealed_section_list sections;
	struct told_wrap_list wraps;  /* GRANT: in the order of the header's grants */
	struct told_bytes attachment; /* AGREEMENT_SIGN: the agreement file */
	struct told_bytes_list lines; /* ACK: AckLine; OPENED: OpenedLine */
};

struct told_section_header {
	uint32_t number; /* from 1, within the message */
	uint32_t category;
	struct told_u32_list classified; /* free text: what it was classified as */
	struct told_bytes about;         /* 16 bytes; absent: the person of the message */
	struct told_bytes told_by;       /* 16 bytes; absent: the person of the message */
	struct told_bytes told_by_worker;
	struct told_bytes told_by_party;
	uint32_t about_other; /* conferences: the reference stands inside */
	uint32_t voice;
	uint64_t recorded_ms;
	struct told_bytes originator; /* party id */
	struct told_bytes author;     /* staff number */
	uint32_t basis;               /* index into the header's bases, from 1 */
	uint64_t incident_ms;         /* RSK.STAFF */
	uint64_t incident_end_ms;
	uint32_t onward;
	uint32_t confidential;
	uint32_t verified;
	uint32_t locates;
	uint32_t statutory_bar;
	uint32_t unclassified; /* free text that nobody classified */
};

struct told_ack_line {
	struct told_bytes parcel; /* 16 bytes */
	uint32_t result;
	struct told_bytes salt; /* 16 random bytes */
};

struct told_opened_line {
	struct told_bytes parcel; /* 16 bytes */
	struct told_bytes worker;
	uint64_t time_ms;
	struct told_bytes salt;    /* 16 random bytes */
	struct told_bytes message; /* 16 bytes, the message that the parcel carried */
};

/* ---- The one codec ---- */

/* Every schema that crosses a boundary; told_decode and told_encode take its number. */
#define TOLD_ENVELOPE_SCHEMAS(X)                                                                                       \
	X(HEADER, header)                                                                                              \
	X(CONSENT, consent_part)                                                                                       \
	X(ENVELOPE, envelope)                                                                                          \
	X(BODY, body)                                                                                                  \
	X(SECTION_HEADER, section_header)                                                                              \
	X(SECTION, sealed_section)                                                                                     \
	X(WRAP, wrap)                                                                                                  \
	X(ACK_LINE, ack_line)                                                                                          \
	X(OPENED_LINE, opened_line)
#define TOLD_SESSION_SCHEMAS(X)                                                                                        \
	X(HELLO, hello)                                                                                                \
	X(WELCOME, welcome)                                                                                            \
	X(CREDIT, credit)                                                                                              \
	X(HEARTBEAT, heartbeat)                                                                                        \
	X(CHECKPOINT, checkpoint_message)                                                                              \
	X(COSIGNATURE, cosignature)                                                                                    \
	X(ANSWER, answer)                                                                                              \
	X(PARCEL, parcel)                                                                                              \
	X(VIEW, view)                                                                                                  \
	X(AGAIN, again)
#define TOLD_LEAF_SCHEMAS(X)                                                                                           \
	X(LEAF, leaf)                                                                                                  \
	X(LEAF_FACTS, leaf_facts)                                                                                      \
	X(LEAF_RULING, leaf_ruling)                                                                                    \
	X(LEAF_SUBJECT, leaf_subject)

enum told_schema {
#define X(NAME, name) TOLD_SCHEMA_##NAME,
	TOLD_ENVELOPE_SCHEMAS(X) TOLD_SESSION_SCHEMAS(X) TOLD_LEAF_SCHEMAS(X)
#undef X
		TOLD_SCHEMA_COUNT
};

/* Decodes untrusted bytes into the arena; the struct that matches the schema is in *out, with views into copies in the
 * arena. Bounded: input size, repeated counts and string lengths by the schema's table, heap by TOLD_DECODE_FACTOR,
 * once for parsing and once for what it hands on; an arena without that room is TOLD_E_LIMIT. TOLD_E_LIMIT,
 * TOLD_E_MALFORMED, TOLD_E_UNKNOWN (field or enum), TOLD_E_NOT_CANONICAL (packs to other bytes). */
TOLD_MUST_USE enum told_status told_decode(enum told_schema schema, struct told_bytes bytes, struct told_arena *arena,
					   void **out);
/* Appends the one canonical form. Refuses what told_decode would refuse. */
TOLD_MUST_USE enum told_status told_encode(enum told_schema schema, const void *message, struct told_buf *out);

/* told_header_decode(bytes, arena, &header) and told_header_encode(header, &buf), and so on for every schema above. */
#define X(NAME, name)                                                                                                  \
	TOLD_MUST_USE static inline enum told_status told_##name##_decode(                                             \
		struct told_bytes bytes, struct told_arena *arena, struct told_##name **out)                           \
	{                                                                                                              \
		void *made = NULL;                                                                                     \
		enum told_status status = told_decode(TOLD_SCHEMA_##NAME, bytes, arena, &made);                        \
		*out = made;                                                                                           \
		return status;                                                                                         \
	}                                                                                                              \
	TOLD_MUST_USE static inline enum told_status told_##name##_encode(const struct told_##name *message,           \
									  struct told_buf *out)                        \
	{                                                                                                              \
		return told_encode(TOLD_SCHEMA_##NAME, message, out);                                                  \
	}
TOLD_ENVELOPE_SCHEMAS(X)
#undef X

#endif
