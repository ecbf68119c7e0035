/* SPDX-License-Identifier: Apache-2.0 */
/* One table: what each type of message is made of, who signs it, what becomes of it. Source: protocol.md section 2. */
#ifndef TOLD_PROTO_TYPES_H
#define TOLD_PROTO_TYPES_H

#include "told/envelope.h"

/* The parts of a header that a type may or must have; bits. */
enum told_part {
	TOLD_PART_CLIENT = 1u << 0,     /* client_ref */
	TOLD_PART_RECIPIENTS = 1u << 1, /* at least one */
	TOLD_PART_REPLY = 1u << 2,      /* in_reply_to */
	TOLD_PART_AUTHOR = 1u << 3,     /* author and role */
	TOLD_PART_PURPOSES = 1u << 4,
	TOLD_PART_BASES = 1u << 5,
	TOLD_PART_AGREEMENT = 1u << 6,
	TOLD_PART_WORKFLOW = 1u << 7,
	TOLD_PART_OVERRIDE = 1u << 8,
	TOLD_PART_SECTIONS = 1u << 9, /* section digests and a body with sections */
	TOLD_PART_ASKED = 1u << 10,
	TOLD_PART_DEPOSIT = 1u << 11,
	TOLD_PART_GRANTS = 1u << 12, /* and the body's wraps, one each */
	TOLD_PART_KEY = 1u << 13,
	TOLD_PART_CONSENT = 1u << 14,
	TOLD_PART_WITHDRAWAL = 1u << 15,
	TOLD_PART_FLAG = 1u << 16,
	TOLD_PART_RELATIONSHIP = 1u << 17,
	TOLD_PART_AGREEMENT_SIGN = 1u << 18, /* and the body's attachment */
	TOLD_PART_AGREEMENT_SUSPEND = 1u << 19,
	TOLD_PART_REFERENCE = 1u << 20,
	TOLD_PART_WORKERS = 1u << 21,
	TOLD_PART_PARTNER = 1u << 22,
	TOLD_PART_LINES = 1u << 23, /* and the body's lines */
	TOLD_PART_PRESENCE = 1u << 24,
	TOLD_PART_ERASURE = 1u << 25,
	TOLD_PART_RECALL = 1u << 26,
	TOLD_PART_AUDIT_COPY = 1u << 27,
	TOLD_PART_ALERT_RECORD = 1u << 28,
	TOLD_PART_AUDIT_VIEW = 1u << 29,
};

/* To whom the broker passes the signed message on besides its recipients. */
enum told_spread {
	TOLD_SPREAD_NONE,
	TOLD_SPREAD_ALL,    /* every enrolled party: keys, agreements */
	TOLD_SPREAD_PERSON, /* every party that holds or may hold something of the person: consents, withdrawals, ... */
	TOLD_SPREAD_HOLDERS, /* every party that was sent something of the person */
};

struct told_type_rule {
	uint32_t needs;     /* enum told_part bits that must be there */
	uint32_t may;       /* bits that may be there besides; everything else must be absent */
	uint8_t signed_by;  /* enum told_key_purpose: SIGNING, IDENTITY or OPERATOR */
	bool operator_too;  /* or the operator's key, of a message of the operator's */
	bool carried;       /* this version carries it; else TOLD_E_UNKNOWN */
	bool ruled;         /* its content is ruled section by section */
	bool changes_state; /* applied first in a turn, in order of arrival */
	uint8_t phase;      /* enum told_phase of its entry when accepted (OVERRIDE goes before) */
	uint8_t spread;     /* enum told_spread */
};

/* The purpose of the key that signs a type for this sender (enum told_key_purpose). */
unsigned told_type_signed_by(const struct told_type_rule *rule, struct told_bytes sender);

/* The rule of a type; NULL for a number that is none. */
const struct told_type_rule *told_type_rule(unsigned type);

/* Checks a decoded header against its rule and against the lengths and ranges of protocol.md section 2: version, id and
 * epoch lengths, UUIDv7, expires at most 30 days after created, parts present and absent, digest counts 0/4/8/16/32,
 * recipients distinct and not the sender, party ids [A-Z0-9_]{1,32}. TOLD_E_MALFORMED or TOLD_E_UNKNOWN. */
TOLD_MUST_USE enum told_status told_header_check(const struct told_header *header);

#endif
