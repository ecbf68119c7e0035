/* SPDX-License-Identifier: Apache-2.0 */
/* What an agent and the broker say to each other beside signed messages.
 * The structs mirror proto/session.proto field by field: absent scalars are 0, absent parts NULL, enums as their
 * numbers. All memory belongs to the arena that decoded it. */
#ifndef TOLD_SESSION_H
#define TOLD_SESSION_H

#include "told/envelope.h"

/* Agent: who I am and how far I have checked the log. First message after each connect. */
struct told_hello {
	struct told_bytes partnership;
	struct told_bytes epoch;   /* 16 bytes */
	uint64_t confirmed_size;   /* of the last checkpoint that I checked */
	struct told_bytes program; /* name and version, for the operator */
	uint64_t log;              /* number of the log that confirmed_size is of; 0: the first */
	struct told_bytes log_key; /* SHA-256 of the newest key of the log that I know */
};

/* Broker: how the log after the one that the hello named began: its first entry, and what is left of the one named. */
struct told_restore {
	struct told_bytes leaf;
	struct told_bytes facts_salt; /* 32 bytes */
	struct told_bytes facts;      /* canonical LeafFacts */
	struct told_bytes checkpoint; /* signed note of the log that begins */
	struct told_bytes_list path;  /* of entry 0 under it */
	struct told_bytes ended;      /* signed note of the old log at the size restored; absent when that is 0 */
	struct told_bytes_list consistency;
};

struct told_carried {
	struct told_bytes envelope; /* as it was signed */
	struct told_bytes body;     /* Body with what was released to this agency */
	struct told_bytes leaf;     /* its accepted entry */
	uint64_t index;
	struct told_bytes_list path;
	struct told_bytes checkpoint; /* that the path leads to, where the entry is of a log that ended */
};
struct told_carried_list {
	struct told_carried *items;
	size_t count;
};

/* The operator's message about the key of the log behind the one that the hello named, and the first checkpoint that
 * holds it, which the one named signed too. */
struct told_log_key_proof {
	struct told_carried *carried;
	struct told_bytes checkpoint;       /* signed note */
	uint64_t from_size;                 /* that the hello named */
	struct told_bytes_list consistency; /* between the two, whichever is larger */
};

/* Broker: the newest checkpoint, its consistency with the size confirmed, and how far I have heard you. */
struct told_welcome {
	uint64_t now_ms;
	struct told_bytes checkpoint; /* signed note */
	struct told_bytes_list consistency;
	uint64_t sender_seq;          /* highest sequence number on record in this epoch */
	struct told_restore *restore; /* the log that the hello named has ended; the checkpoint is of a later one */
	struct told_log_key_proof *log_key; /* there is a newer key of the log than the hello named */
};

/* Agent: so many parcels may be on their way to me, from now. */
struct told_credit {
	uint32_t parcels; /* at most 256 */
};

struct told_heartbeat {
	uint64_t now_ms;
	uint64_t log_size;
};

struct told_checkpoint_message {
	struct told_bytes note;
	uint64_t from_size;
	struct told_bytes_list consistency;
};

struct told_cosignature {
	uint64_t size;
	struct told_bytes line; /* one signature line of a note */
};

struct told_opened_leaf {
	struct told_bytes leaf;       /* the bytes in the log */
	struct told_bytes message_id; /* 16 bytes: which of your messages */
	struct told_bytes facts_salt; /* 32 bytes; absent: not yours to see */
	struct told_bytes facts;      /* canonical LeafFacts */
	struct told_bytes ruling_salt;
	struct told_bytes ruling;       /* canonical LeafRuling */
	struct told_bytes subject_salt; /* only in a view */
	struct told_bytes subject;      /* canonical LeafSubject */
};
struct told_opened_leaf_list {
	struct told_opened_leaf *items;
	size_t count;
};

/* Neighbouring entries of the log under the answer's checkpoint. */
struct told_run {
	uint64_t first;
	struct told_opened_leaf_list leaves;
	struct told_bytes_list left;
	struct told_bytes_list right;
};
struct told_run_list {
	struct told_run *items;
	size_t count;
};

struct told_busy {
	struct told_bytes message_id; /* 16 bytes */
	uint32_t retry_ms;
};
struct told_busy_list {
	struct told_busy *items;
	size_t count;
};

/* Broker: what a turn wrote of this agency's messages, proved at once. */
struct told_answer {
	struct told_bytes checkpoint; /* signed note */
	uint64_t from_size;           /* consistency is from this size, the last that the agency confirmed */
	struct told_bytes_list consistency;
	struct told_run_list runs;
	struct told_busy_list busy;
};

/* Broker: what an AUDIT_VIEW gives, proved like an answer. */
struct told_view {
	struct told_bytes in_reply_to;
	struct told_bytes checkpoint; /* signed note */
	uint64_t from_size;
	struct told_bytes_list consistency;
	struct told_run_list runs;
	uint64_t next; /* entries before this one were looked at; 0: there are no more */
};

/* Agent: the receipts of these again, with what witnesses have signed since. */
struct told_entry_ref {
	struct told_bytes message_id; /* 16 bytes: under which the answer comes */
	uint64_t log, index;          /* of an own message: where its entry stands */
	struct told_bytes parcel;     /* 16 bytes: of what came, instead of these */
};
struct told_entry_ref_list {
	struct told_entry_ref *items;
	size_t count;
};
struct told_again {
	struct told_entry_ref_list entries;
};

/* Broker: something for this agency, built from the record. */
struct told_parcel {
	struct told_bytes parcel_id;   /* 16 bytes */
	uint32_t type;                 /* what it is: REFERRAL, ASK_REPLY, CONSENT, ... */
	struct told_bytes in_reply_to; /* ASK_REPLY: id of the ASK */
	struct told_bytes checkpoint;  /* signed note that the proofs lead to */
	struct told_carried_list carried;
	uint32_t marker;     /* something was withheld */
	uint32_t deliveries; /* from 1 */
};

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
TOLD_SESSION_SCHEMAS(X)
#undef X

#endif
