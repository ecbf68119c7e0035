/* SPDX-License-Identifier: Apache-2.0 */
/* Leaf v1 of the audit log and the parts it commits to.
 * The structs mirror proto/leaf.proto field by field: absent scalars are 0, absent parts NULL, enums as their numbers.
 * All memory belongs to the arena that decoded it. */
#ifndef TOLD_LEAF_H
#define TOLD_LEAF_H

#include "told/envelope.h"

struct told_leaf {
	uint32_t version; /* 1 */
	uint32_t phase;
	uint64_t time_ms;
	struct told_bytes txid; /* 16 bytes, one per message: when it came in milliseconds (6), random (10) */
	struct told_bytes sender;
	uint64_t sender_seq;
	struct told_bytes signer_key_id; /* 32 bytes */
	struct told_bytes recipient;     /* delivered entries */
	uint32_t type;
	struct told_bytes agreement; /* as the header states it */
	uint32_t agreement_version;
	struct told_u32_list purposes;
	struct told_bytes clause;      /* delivered entries */
	struct told_u32_list released; /* delivered entries */
	uint64_t as_of;                /* log size whose state the ruling saw */
	struct told_bytes subject_tag; /* 16 bytes */
	struct told_bytes facts;       /* 32 bytes, HMAC-SHA256(salt, part) */
	struct told_bytes ruling;
	struct told_bytes subject;
};

/* What was asked of the log and what was given. */
struct told_audit_viewed {
	struct told_audit_view_part *asked;
	uint64_t next;  /* entries before this one were looked at */
	uint32_t count; /* so many were given */
	uint64_t order; /* place of the AUDIT_COPY that allows it, from 1; 0: none was needed */
};

struct told_leaf_facts {
	struct told_bytes header_hash; /* 32 bytes, SHA-256 of the header bytes */
	struct told_bytes_list section_digests;
	struct told_bytes other_hash; /* the same id with other bytes */
	uint32_t busy;
	uint32_t dropped;
	struct told_bytes authority;
	struct told_bytes reason;
	struct told_bytes_list txids;
	struct told_bytes old_origin;
	uint64_t old_size;
	struct told_bytes old_root;
	uint64_t size_restored;
	uint32_t size_bytes; /* refused before a ruling: how large it was */
	struct told_audit_viewed *viewed;
	struct told_bytes token; /* 32 bytes, SHA-256 of a timestamp token (RFC 3161) filed with this heartbeat */
	uint64_t token_size;     /* of the checkpoint that it stamps */
};

struct told_leaf_section_ruling {
	uint32_t number;
	uint32_t category;
	uint32_t effect;
	uint32_t code;
	struct told_bytes clause;
	struct told_bytes consent_id; /* 16 bytes */
};
struct told_leaf_section_ruling_list {
	struct told_leaf_section_ruling *items;
	size_t count;
};

struct told_leaf_obligation {
	uint32_t kind; /* decide.h */
	struct told_bytes who;
	uint64_t due_ms;
};
struct told_leaf_obligation_list {
	struct told_leaf_obligation *items;
	size_t count;
};

struct told_leaf_recipient_ruling {
	struct told_bytes recipient;
	uint32_t effect;
	uint32_t primary; /* reason code, family * 100 + number */
	struct told_u32_list codes;
	struct told_bytes agreement;
	uint32_t agreement_version;
	struct told_bytes clause;
	struct told_leaf_section_ruling_list sections;
	struct told_leaf_obligation_list obligations;
	struct told_bytes input_sha256; /* 32 bytes */
};
struct told_leaf_recipient_ruling_list {
	struct told_leaf_recipient_ruling *items;
	size_t count;
};

struct told_leaf_ruling {
	uint32_t status; /* refused before a ruling: the status */
	struct told_leaf_recipient_ruling_list recipients;
};

struct told_leaf_subject {
	struct told_bytes client_ref; /* 16 bytes */
	struct told_bytes worker;
};

/* What of an entry is open to somebody, or kept from them; or-ed. */
enum told_entry_part {
	TOLD_ENTRY_LEAF = 1,
	TOLD_ENTRY_FACTS = 2,
	TOLD_ENTRY_RULING = 4,
	TOLD_ENTRY_SUBJECT = 8,
	TOLD_ENTRY_WHOLE = 15,
};
/* What a party may see of an entry by the entry itself (evidence.md section 1 item 4): its own whole, but of what it
 * merely asked no ruling and nothing that became of it without reaching it; of what reached it no ruling either, which
 * is the sender's. 0: the entry is none of theirs. */
unsigned told_leaf_open_to(const struct told_leaf *leaf, struct told_bytes party);

/* What an entry is (enum told_phase), in one word; "?" for a number that none is. */
const char *told_phase_word(uint32_t phase);

/* Typed doors of the codec (told/envelope.h), as there. */
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
TOLD_LEAF_SCHEMAS(X)
#undef X

#endif
