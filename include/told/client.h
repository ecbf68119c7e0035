/* SPDX-License-Identifier: Apache-2.0 */
/* libtold: an agency's session with the broker. Send what is signed, pull what is ours, believe only what was checked
 * here: signed checkpoints and their consistency, receipts, proofs, signatures, sections. One thread; it keeps nothing
 * on disk: the caller stores what events say, then calls told_client_confirm. */
#ifndef TOLD_CLIENT_H
#define TOLD_CLIENT_H

#include "told/envelope.h"
#include "told/seal.h"

struct told_client;

/* ---- what the client is told ---- */

/* The Ed25519 key of a party, purpose and key id that was in force at entry `entry` (counted over all logs), whose time
 * in the log is time_ms, as the caller's own directory says. content: the message carries sections; believe only keys
 * that an agreement which we signed vouches for (protocol section 1). TOLD_E_KEY when there is none. */
typedef enum told_status told_key_of_fn(void *ctx, struct told_bytes party, uint32_t purpose, const told_hash *key_id,
					uint64_t entry, uint64_t time_ms, bool content, uint8_t key[TOLD_KEY_BYTES]);

/* A log that ended when a restore lost its last entries, as its end was accepted. base: how the caller counts its first
 * entry, where entries are counted over all logs. */
struct told_client_log {
	uint64_t number, base, size;
	told_hash root;
};

/* A key of the log that the caller knows of: its own from the start, later ones from the operator's messages. */
struct told_log_key {
	uint8_t key[TOLD_KEY_BYTES];
	int64_t ends_utc_ms; /* from then on its signature alone is believed under nothing new; INT64_MAX: no end is
				known */
};
/* Fills in those that are known now, at most TOLD_LOG_KEYS_MAX, and gives how many. */
typedef size_t told_log_keys_fn(void *ctx, struct told_log_key *out);

/* A sealing key of ours that may still open wraps; the old one stays until no wrap to it is left. */
struct told_sealing_key {
	uint8_t key[TOLD_KEY_BYTES], secret[TOLD_KEY_BYTES];
};
#define TOLD_SEALING_KEYS_MAX 4u

/* Borrowed for the call; secrets are copied and wiped at the end. */
struct told_client_config {
	const char *endpoint; /* "tcp://broker.example:7443" */
	uint8_t broker_key[TOLD_KEY_BYTES];
	uint8_t session_key[TOLD_KEY_BYTES], session_secret[TOLD_KEY_BYTES];
	struct told_bytes partnership, party;
	const char *log_vkey;                /* C2SP verifier key of the newest log that was accepted */
	const struct told_client_log *ended; /* those before it, oldest first; copied */
	size_t ended_count;                  /* at most TOLD_LOGS_MAX */
	uint64_t base;                       /* of the newest */
	told_log_keys_fn *log_keys;          /* NULL: log_vkey is the only one, and has no end */
	uint8_t epoch[TOLD_ID_BYTES];
	const char *program;
	struct told_sealing_key sealing[TOLD_SEALING_KEYS_MAX];
	size_t sealing_count;
	uint8_t witness_key[TOLD_KEY_BYTES];
	const uint8_t *witness_seed;  /* 32 bytes; NULL: checkpoints are checked, not cosigned */
	struct told_bytes checkpoint; /* the last note that was confirmed; empty at first */
	bool shut;                    /* a fork was seen before: nothing is said until people have looked */
	told_key_of_fn *key_of;       /* NULL: nothing is pulled (credit 0) */
	void *ctx;                    /* of key_of and log_keys */
};

/* Starts to connect; nothing waits. TOLD_E_CONFIG: endpoint, key, vkey or kept checkpoint cannot be one. */
TOLD_MUST_USE enum told_status told_client_open(const struct told_client_config *config, struct told_client **out);
void told_client_close(struct told_client *client);

/* Descriptor to poll for POLLIN, and for how long at most (0: there is work now, -1: for ever). */
int told_client_fd(const struct told_client *client);
int64_t told_client_timeout_ms(struct told_client *client, int64_t boot_ms);

/* The session stands: welcomed, and no fork was seen. */
bool told_client_ready(const struct told_client *client);
/* What is wrong with the connection and what to do, for `told doctor`; static. */
const char *told_client_advice(const struct told_client *client);
/* The broker's clock now, from its last welcome or heartbeat and what has passed since; 0: not heard yet. */
int64_t told_client_broker_utc_ms(const struct told_client *client, int64_t boot_ms);

/* ---- sending ---- */

/* One signed message. header and body are canonical bytes (told_message_seal, told_header_encode). */
struct told_outgoing {
	struct told_bytes header, body;
	struct told_bytes envelope; /* set by told_outgoing_sign */
	uint32_t type;
	uint8_t id[TOLD_ID_BYTES];
	uint64_t sender_seq;
};

/* Signs 1 to TOLD_BATCH_MAX messages of one key as one batch; envelopes live in the arena. */
TOLD_MUST_USE enum told_status told_outgoing_sign(struct told_arena *arena, struct told_signer *signer,
						  const uint8_t key[TOLD_KEY_BYTES], struct told_outgoing *messages,
						  size_t count);

/* How many more messages may be sent before answers come. */
size_t told_client_room(const struct told_client *client);
/* Sends one; it is remembered until its answer comes or the connection ends (then the caller sends the same bytes
 * again). TOLD_E_BUSY: not ready, no room, or this id is on its way already. TOLD_E_LIMIT: larger than a frame. */
TOLD_MUST_USE enum told_status told_client_send(struct told_client *client, const struct told_outgoing *message);
/* A receipt to be given again: of our own message by its entry (counted over all logs), of what came by its parcel. */
struct told_again_ref {
	uint8_t message[TOLD_ID_BYTES], parcel[TOLD_ID_BYTES];
	uint64_t entry;
	bool came;
};
/* Asks for one, with what witnesses have signed since; it comes as an answer under the message's id, not in flight.
 * TOLD_E_BUSY: not connected; TOLD_E_NOT_FOUND: its log has ended, and nobody signs it any more. */
TOLD_MUST_USE enum told_status told_client_again(struct told_client *client, const struct told_again_ref *ref);
/* Sent on this connection and not answered yet. */
bool told_client_in_flight(struct told_client *client, const uint8_t id[TOLD_ID_BYTES]);

/* ---- what happens ---- */

enum told_client_event_kind {
	TOLD_CLIENT_READY,  /* welcomed: send again what has no receipt */
	TOLD_CLIENT_ANSWER, /* a receipt, checked */
	TOLD_CLIENT_BUSY,   /* not taken, or no answer came in 20 s: the same bytes later, with the same receipt */
	TOLD_CLIENT_PARCEL, /* something for us, checked or to be rejected */
	TOLD_CLIENT_VIEW,   /* what a query of the log gave, checked; its receipt comes behind it */
	TOLD_CLIENT_DISCONNECTED, /* what was on its way may be lost */
	TOLD_CLIENT_NEW_LOG,      /* our log has ended and another has begun: nothing goes on until that is accepted */
	TOLD_CLIENT_LOG_KEY, /* a key of the log that came while we were away, as the operator said it: know it at once
			      */
	TOLD_CLIENT_FAULT,   /* the broker said what cannot be: see status; after TOLD_E_FORK the session stays shut */
};

/* What a receipt says. */
enum told_answer_outcome {
	TOLD_ANSWER_NONE,
	TOLD_ANSWER_ACCEPTED,
	TOLD_ANSWER_HELD,
	TOLD_ANSWER_REFUSED,
	TOLD_ANSWER_ANSWERED, /* an ask: nothing is said of what was or was not released */
	TOLD_ANSWER_EXPIRED,  /* accepted or held before; its time is over */
};

struct told_answer_event {
	uint8_t id[TOLD_ID_BYTES];
	uint32_t outcome, phase; /* enum told_answer_outcome, told_phase */
	uint64_t index, time_ms; /* index: in its log */
	uint64_t entry;          /* counted over all logs */
	uint32_t status;         /* enum told_status: refused before a ruling; 0 otherwise */
	bool in_flight;          /* compared with what was sent; else the caller compares header_hash with its own */
	const told_hash *header_hash; /* SHA-256 of the header that the entry is about; NULL when that was not opened */
	struct told_bytes leaf;       /* the entry's bytes */
	struct told_bytes ruling;     /* canonical LeafRuling, commitment checked; empty: not ours to see */
	const told_hash *path;        /* inclusion of the entry under the checkpoint of this answer */
	size_t path_count;
	struct told_bytes note; /* that checkpoint */
};

/* One section that is ours to read. */
struct told_read_section {
	const struct told_section_header *header;
	struct told_bytes content; /* plaintext, wiped after the event */
	told_hash digest;
};

/* One signed message of a parcel, every check passed unless the parcel's result says otherwise. */
struct told_carried_message {
	const struct told_header *header;
	const struct told_body *body;
	struct told_bytes envelope; /* as it was signed */
	uint64_t index, time_ms;    /* of its entry, in its log */
	uint64_t entry;             /* counted over all logs */
	struct told_bytes note;     /* the checkpoint that proves it */
	struct told_bytes leaf;     /* the entry's bytes */
	const told_hash *path;      /* its inclusion under the parcel's checkpoint */
	size_t path_count;
	const struct told_read_section *sections;
	size_t section_count;
	const struct told_grant_part *grant; /* a DEPOSIT's section came under this grant; else NULL */
};

struct told_parcel_event {
	uint8_t id[TOLD_ID_BYTES];
	uint32_t type;                 /* enum told_type */
	struct told_bytes in_reply_to; /* ASK_REPLY: the ASK */
	const struct told_carried_message *carried;
	size_t count;    /* 0 unless result is TOLD_ACK_STORED */
	uint32_t result; /* enum told_ack_result: what to acknowledge; STORED once you have stored it */
	bool marker;     /* something was withheld */
	uint32_t deliveries;
	struct told_bytes note; /* the newest checkpoint */
};

/* An entry that was looked at. Parts are canonical, commitments checked; empty: not ours to see. */
struct told_viewed_entry {
	uint64_t index;
	struct told_bytes leaf, facts, ruling, subject;
	const told_hash *path; /* inclusion under the view's checkpoint */
	size_t path_count;
};

struct told_view_event {
	struct told_bytes query;                 /* id of the AUDIT_VIEW, ours or not: whoever did not ask drops it */
	const struct told_viewed_entry *entries; /* in the order of the log */
	size_t count;
	uint64_t next;          /* entries before it were looked at; 0: there are no more */
	uint64_t size, base;    /* of the log; how its first entry is counted over all logs */
	struct told_bytes note; /* the checkpoint */
};

/* How the next log began, checked as far as it can be: signatures, the first entry and its place, sizes. */
struct told_new_log_event {
	struct told_client_log ended; /* ours, as far as it was restored; number, base, size, root */
	uint64_t known, old_size;     /* of ours: what we have checked, and what the broker anchored last */
	bool proved;                  /* what we have checked of it is in what was restored, or we know nothing of it */
	bool followed;                /* we knew nothing of any log: the client goes on with the new one by itself */
	struct told_bytes ended_note; /* signed: empty when nothing was restored */
	struct told_bytes note;       /* signed: of the new log; what to open the client with once it is accepted */
};

struct told_client_event {
	enum told_client_event_kind kind;
	enum told_status status; /* FAULT; DISCONNECTED: TOLD_E_UNREACHABLE */
	union {
		struct told_answer_event answer;
		struct told_parcel_event parcel;
		struct told_view_event view;
		struct {
			uint8_t id[TOLD_ID_BYTES];
			uint32_t retry_ms;
		} busy;
		struct told_new_log_event new_log;
		const struct told_carried_message *log_key;
		struct {
			uint64_t sender_seq; /* highest that the broker has on record in this epoch */
		} ready;
		struct {
			struct told_bytes kept, note; /* TOLD_E_FORK: the two that contradict each other */
		} fault;
	};
};

/* Called for each event, in order; views live for the call. A failure ends the pump and is handed on. */
typedef enum told_status told_client_event_fn(void *ctx, const struct told_client_event *event);

/* Takes what has arrived, at most about TOLD_BATCH_MAX frames, and does what time asks for (hello, heartbeats). */
TOLD_MUST_USE enum told_status told_client_pump(struct told_client *client, int64_t wall_ms, int64_t boot_ms,
						told_client_event_fn *fn, void *ctx);

/* "<partnership>/<number>" and the verifier key of that log, whose key is that of another log of the partnership.
 * TOLD_E_CONFIG. */
TOLD_MUST_USE enum told_status told_log_vkey_of(const char *vkey, uint64_t number, struct told_buf *out);
/* The number at the end of a verifier key's name or of a checkpoint's first line; 0 when there is none. */
uint64_t told_log_number_of(struct told_bytes text);

/* ---- after the caller has stored what it was told ---- */

/* The newest checkpoint that was checked: what to store and to open the client with next time. Empty before the first.
 */
struct told_bytes told_client_checkpoint(const struct told_client *client, uint64_t *size, told_hash *root);
/* When we last cosigned, as told_client_confirm was told the time; 0: never on this client. */
int64_t told_client_cosigned_boot_ms(const struct told_client *client);
/* Everything up to now is stored: cosigns the checkpoint that the broker has just offered, if any, and asks for more
 * parcels. A checkpoint that is not stored must never be cosigned: a witness that forgets may sign two histories. */
TOLD_MUST_USE enum told_status told_client_confirm(struct told_client *client, int64_t wall_ms, int64_t boot_ms);

/* ---- acknowledging ---- */

struct told_ack_entry {
	uint8_t parcel[TOLD_ID_BYTES];
	uint32_t result; /* enum told_ack_result */
};
/* Fills the lines part of an ACK header and its body (both in the arena): 1 to TOLD_ACK_LINES_MAX parcels, each line
 * with a fresh salt, in random order. */
TOLD_MUST_USE enum told_status told_ack_make(struct told_arena *arena, const struct told_ack_entry *entries,
					     size_t count, struct told_lines_part *lines, struct told_bytes *body);

/* A worker opened a parcel; borrowed. */
struct told_opened_entry {
	struct told_bytes parcel, message, worker; /* message: what the parcel carried */
	uint64_t time_ms;
};
/* The same for OPENED: parcels of one sender, to whom the header names as its recipient. */
TOLD_MUST_USE enum told_status told_opened_make(struct told_arena *arena, const struct told_opened_entry *entries,
						size_t count, struct told_lines_part *lines, struct told_bytes *body);

/* ---- proofs that stand alone ---- */

/* The .tlog-proof text of a receipt: the leaf's bytes as extra data, index, path and checkpoint. */
void told_receipt_format(const struct told_answer_event *answer, struct told_buf *out);
/* Checks a .tlog-proof of a receipt by a policy (C2SP tlog-policy, as the broker writes it): signed by a key of the log
 * that counts at that size, and by the quorum. A receipt made before the log's key was renewed holds under the policy
 * that names both. leaf (may be NULL) gets the entry's bytes, *index its place. TOLD_E_CONFIG: the policy is none;
 * TOLD_E_PROOF, TOLD_E_SIGNATURE (of witnesses too), TOLD_E_MALFORMED. */
TOLD_MUST_USE enum told_status told_receipt_check(struct told_bytes text, struct told_bytes policy,
						  struct told_buf *leaf, uint64_t *index);

#endif
