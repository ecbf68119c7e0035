/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the record room: one struct, and what its files call of each other. Only files of this room include it.
 */
#ifndef TOLD_RECORD_ROOM_H
#define TOLD_RECORD_ROOM_H

#include "broker/record/anchor.h"
#include "broker/record/erased.h"
#include "broker/record/leaf.h"
#include "broker/record/ledger.h"
#include "broker/record/record.h"
#include "broker/record/spool.h"
#include "broker/rule/people.h"

#define TOLD_PEOPLE_BYTES (256u * 1024u * 1024u) /* of folded people kept in memory: some 700,000 permissions */

/* State of a message row. */
enum told_message_state {
	TOLD_MESSAGE_ACCEPTED = 1,
	TOLD_MESSAGE_HELD,
	TOLD_MESSAGE_REFUSED,
	TOLD_MESSAGE_ANSWERED,
	TOLD_MESSAGE_STRIPPED, /* says nothing any more; its body is still to be overwritten */
	TOLD_MESSAGE_GONE      /* overwritten too */
};
/* State of a parcel row; below TOLD_PARCEL_STORED it waits. */
enum told_parcel_state {
	TOLD_PARCEL_WAITING = 1,
	TOLD_PARCEL_SENT,
	TOLD_PARCEL_STORED,
	TOLD_PARCEL_REJECTED,
	TOLD_PARCEL_DROPPED
};

/* A log that ended because a restore lost its last entries. */
struct told_ended_log {
	struct told_ledger *ledger;
	uint64_t base;        /* position of its first entry */
	struct told_buf note; /* the checkpoint at which it ended; empty: with nothing */
};

struct told_record {
	struct told_store store;
	struct told_spool *spool;
	struct told_ledger *ledger;
	struct told_anchor *anchor;
	struct told_erased *erased;
	const char *backups; /* as the operator states it; NULL: not stated */
	int lock_fd;
	uint64_t log_number;
	uint64_t base;                              /* position of the log's first entry: entries of those that ended */
	struct told_ended_log ended[TOLD_LOGS_MAX]; /* log n at n - 1 */
	struct told_buf origin;                     /* "<partnership>/<n>" */
	struct told_bytes partnership;              /* view into origin */
	struct told_signer *signer;                 /* of given_key */
	told_log_signer_fn *signer_of;              /* of other keys of the log */
	void *signer_ctx;
	uint8_t given_key[TOLD_KEY_BYTES], first_key[TOLD_KEY_BYTES]; /* of the log: one that signs; the first of all */
	uint8_t operator_key[TOLD_KEY_BYTES];
	struct told_parties *parties;
	struct told_directory *directory;
	struct told_people *people;       /* folded, by reference */
	uint64_t message_seq, parcel_seq; /* last used */
	struct told_when when;            /* of the turn */
	uint64_t checkpoint_size;         /* of the newest signed checkpoint */
	uint64_t kept_size;               /* of the newest checkpoint in its table */
	struct told_buf served;           /* the newest checkpoint with cosignatures; of served_size */
	uint64_t served_size;
	told_hash stamped; /* of the time stamp looked at last */
	uint32_t quorum;   /* witnesses that make one; 0: none is asked for */
	bool in_turn;
	bool beginning;  /* of a log after a loss: a key that the old one had comes back, whatever its number */
	bool erased_now; /* this turn has an erasure: its transactions go into their file before anything is answered */
	bool erasing;    /* some erasure is not finished */
	bool bodies_left, truncated; /* of it: bodies to overwrite; nothing of it is in the write-ahead log any more */
	int64_t truncate_boot_ms;    /* not before */
	int64_t swept_ms;            /* when done rows were looked at last */
	bool state_changed;          /* this turn changed the directory: fold anew if it is rolled back */
};

/* A receipt: the entry, and what its holder may see. */
struct told_receipt {
	struct told_bytes party, message;
	struct told_place place;
	struct told_leaf_made made;
	bool show_facts, show_ruling, show_subject, again;
	const struct told_look *look;
};

/* ---- logs.c: the logs of the store ----
 * A position counts entries over all logs, in order: it is what facts are numbered by and what a ruling is as of. */
TOLD_MUST_USE enum told_status told_logs_open(struct told_record *record);
void told_logs_close(struct told_record *record);
/* NULL when there is none of that number. */
struct told_ledger *told_ledger_of(const struct told_record *record, uint64_t log);
uint64_t told_position(const struct told_record *record, struct told_place place);
struct told_place told_place_at(const struct told_record *record, uint64_t position);
/* A place in the log that grows. */
struct told_place told_place_now(const struct told_record *record, uint64_t index);
/* That of the entry that comes next. */
uint64_t told_position_next(const struct told_record *record);
/* Time of the last entry of all. */
int64_t told_last_time(const struct told_record *record);

/* ---- open.c: what starting a new log does too (begin.c) ---- */
/* Lock, store, logs and the anchor of the newest; told_record_close also after failure. */
TOLD_MUST_USE enum told_status told_record_open_files(const struct told_record_config *config,
						      struct told_record **out);
/* The anchored checkpoint, opened under our own key; TOLD_E_NOT_FOUND: nothing was anchored yet; TOLD_E_FORK: it is
 * somebody else's. */
TOLD_MUST_USE enum told_status told_record_anchored(struct told_record *record, struct told_checkpoint *checkpoint);
TOLD_MUST_USE enum told_status told_record_open_anchor(struct told_record *record, const char *anchor, uint64_t log,
						       struct told_anchor **out);
/* Cuts off what lies behind the last body that a row names. */
TOLD_MUST_USE enum told_status told_record_open_spool(struct told_record *record,
						      const struct told_record_config *config);
/* "<partnership>/<n>" */
TOLD_MUST_USE enum told_status told_record_name_log(struct told_record *record, struct told_bytes partnership);

/* ---- people.c: state folded from facts ---- */
TOLD_MUST_USE enum told_status told_record_fold_all(struct told_record *record);
void told_record_forget_people(struct told_record *record);
void told_record_forget_person(struct told_record *record, struct told_bytes client);
/* Asks directory or person to take the fact that an accepted message is, under the number that its entry is about to
 * get. Peer statuses and TOLD_E_CONFIG: they do not, nothing has changed, and the message is refused for that. */
TOLD_MUST_USE enum told_status told_record_enter(struct told_record *record, const struct told_verified *verified);
/* Writes the fact row of an accepted message that changes state. */
TOLD_MUST_USE enum told_status told_record_fold(struct told_record *record, const struct told_verified *verified,
						uint64_t index);
/* A person as folded so far, from memory or from the log; ours to change. */
TOLD_MUST_USE enum told_status told_record_known(struct told_record *record, struct told_bytes client,
						 struct told_person **out);
/* The secret under which a person's entries are tagged; TOLD_E_NOT_FOUND when there is none and make is false. */
TOLD_MUST_USE enum told_status told_record_subject(struct told_record *record, struct told_bytes client, bool make,
						   uint8_t key[TOLD_KEY_BYTES]);

/* ---- entries.c: leaves of what happened ---- */
struct told_entry_facts {
	const struct told_header *header; /* NULL: nothing is known of it */
	struct told_bytes message;        /* id to answer under, where the header is not believed */
	struct told_bytes signer_key_id;
	uint32_t phase;
	uint8_t txid[TOLD_ID_BYTES];
	struct told_bytes sender, recipient;
	told_clause clause;
	struct told_u32_list released;
	uint64_t as_of;
	struct told_leaf_facts facts;
	struct told_bytes ruling;
	const struct told_look *look; /* of a query: what it found */
};
/* The number of a new transaction: the turn's time in milliseconds, then chance. Entries stand in order of time, so
 * whoever has the number finds the first entry without an index. */
#define TOLD_TXID_TIME_BYTES 6u
TOLD_MUST_USE enum told_status told_txid_new(const struct told_record *record, uint8_t txid[TOLD_ID_BYTES]);
/* Appends the entry and its detail; *out is a receipt for its sender. */
TOLD_MUST_USE enum told_status told_record_entry_put(struct told_record *record, struct told_arena *arena,
						     struct told_entry_facts *facts, const struct told_receipt **out);
/* Fills a receipt whose index is set with its entry, read back; of an erased one there is the leaf alone. shows: its
 * holder may see the parts. */
TOLD_MUST_USE enum told_status told_receipt_read(struct told_record *record, struct told_arena *arena, bool shows,
						 struct told_receipt *receipt);
/* Facts of a verified message: header hash and digests. */
void told_entry_facts_of(const struct told_verified *verified, struct told_entry_facts *out);

/* ---- logkey.c: the keys of the log itself ---- */
/* The newest one can sign. TOLD_E_CONFIG. */
TOLD_MUST_USE enum told_status told_log_can_sign(const struct told_record *record);
/* Appends a note of this text, with a line of each key that signs at the turn's time. */
TOLD_MUST_USE enum told_status told_log_sign(struct told_record *record, struct told_bytes origin,
					     struct told_bytes text, struct told_buf *note);
/* Opens a note of ours under any key that the log ever had. As told_note_open, told_checkpoint_parse. */
TOLD_MUST_USE enum told_status told_log_open_note(const struct told_record *record, struct told_bytes note,
						  struct told_checkpoint *checkpoint);
/* The same, under keys besides which the store has lost. *newest: that of them which signed it and has the highest
 * number, or NULL; *unknown: a key signed it that is none of all these. */
TOLD_MUST_USE enum told_status told_log_open_lost(const struct told_record *record, struct told_bytes note,
						  const struct told_log_key_offers *offers,
						  struct told_checkpoint *checkpoint,
						  const struct told_log_key_offer **newest, bool *unknown);
/* Whether a message about a log key may be accepted now: a new one has to be the next, no other on its way out, and its
 * file there. TOLD_E_EXISTS, TOLD_E_KEY. */
TOLD_MUST_USE enum told_status told_log_key_may(const struct told_record *record, const struct told_header *header);

/* ---- witness.c ---- */
TOLD_MUST_USE enum told_status told_record_entry_time(struct told_record *record, struct told_arena *arena,
						      struct told_place place, int64_t *utc_ms);

/* ---- given.c ---- */
/* Writes down what a decision lets go of a message to its recipient. */
TOLD_MUST_USE enum told_status told_given_put(struct told_record *record, const struct told_verified *verified,
					      struct told_bytes recipient, const struct told_decision *decision);
/* And of the deposits in the reply to an ask. */
TOLD_MUST_USE enum told_status told_given_reply(struct told_record *record, struct told_arena *arena,
						struct told_bytes recipient, const struct told_reply *reply);
/* Nothing of it went after all. */
TOLD_MUST_USE enum told_status told_given_not(struct told_record *record, const struct told_verified *verified,
					      struct told_bytes recipient);

/* ---- look.c: the log is read through the broker ---- */
/* Whether this query may be put: one's own entries, or what an order for a copy (AUDIT_COPY) that names the asker
 * covers. TOLD_E_NOT_ALLOWED; TOLD_E_NOT_FOUND: no such log. */
TOLD_MUST_USE enum told_status told_look_may(struct told_record *record, const struct told_header *query);
/* Finds what it gives; before its own entry is written. */
TOLD_MUST_USE enum told_status told_look_take(struct told_record *record, struct told_arena *arena,
					      const struct told_header *query, struct told_look **out);

/* ---- unheard.c ---- */
/* Keeps that the receipt's party has still to hear of it. */
TOLD_MUST_USE enum told_status told_unheard_put(struct told_record *record, const struct told_receipt *receipt);

/* ---- erase.c ---- */
/* Order of two transaction numbers, for qsort and bsearch. */
int told_txid_order(const void *a, const void *b);
/* Whether an erasure may be carried out for this sender: they sat with the person or deposited. TOLD_E_NOT_ALLOWED. */
TOLD_MUST_USE enum told_status told_may_erase(struct told_record *record, const struct told_header *header);
/* Whether the flag of this header may stand: a hold is for those who may erase and those who were delivered something
 * of the person; to lift one, and any other flag, is for the fold to judge. TOLD_E_NOT_ALLOWED. */
TOLD_MUST_USE enum told_status told_may_hold(struct told_record *record, const struct told_header *header);
/* Carries out an accepted request: what the person has here goes, the entries say so, holders are asked. index: of the
 * request's entry. */
TOLD_MUST_USE enum told_status told_erase_request(struct told_record *record, struct told_arena *arena,
						  const struct told_header *header, uint64_t index);
/* Deletes all that a person has here, but the entries. */
TOLD_MUST_USE enum told_status told_erase_rows(struct told_record *record, struct told_bytes client);
/* The entry that says so, and its row; request: index of the entry that asked for it. */
#define TOLD_ERASE_NO_REQUEST ((uint64_t)INT64_MAX)
TOLD_MUST_USE enum told_status told_erase_entry(struct told_record *record, struct told_arena *arena,
						const struct told_leaf_facts *stated, uint64_t request);
#define TOLD_ERASE_ARENA_BYTES (1024u * 1024u)
/* How many erasures the store knows of. */
uint64_t told_erasures_of(struct told_record *record);
/* The transactions of this turn's erasures into their file; after the commit, before any answer. */
TOLD_MUST_USE enum told_status told_erase_note(struct told_record *record);
/* At opening: brings the store and the file of erased transactions together, erasing again what a backup brought back.
 */
TOLD_MUST_USE enum told_status told_erase_settle(struct told_record *record);
/* A request that has reached all holders is deleted. */
TOLD_MUST_USE enum told_status told_erase_request_done(struct told_record *record, uint64_t log, uint64_t index);
TOLD_MUST_USE enum told_status told_erase_told(struct told_record *record, const struct told_parcel_row *row);

/* ---- messages.c ---- */
/* Until when rows of a message are kept: 7 days after the later of its expiry and acceptance + 30 days (protocol
 * section 5). */
uint64_t told_keep_until_ms(const struct told_record *record, uint64_t expires_ms);
struct told_message_row {
	uint64_t seq, log, index;
	uint8_t txid[TOLD_ID_BYTES];
	uint32_t state;
	int64_t expires_ms;         /* of a held one: when somebody must have acted */
	struct told_bytes envelope; /* in the arena */
	struct told_body_place place;
	told_hash body_hash;
};
TOLD_MUST_USE enum told_status told_message_put(struct told_record *record, const struct told_verified *verified,
						uint64_t index, const uint8_t txid[TOLD_ID_BYTES], uint32_t state,
						int64_t due_ms, uint64_t *seq);
TOLD_MUST_USE enum told_status told_message_get(struct told_record *record, struct told_arena *arena, uint64_t seq,
						struct told_message_row *out);
/* The message of a row, read back from row and spool and checked. */
TOLD_MUST_USE enum told_status told_message_open(struct told_record *record, struct told_arena *arena,
						 const struct told_message_row *row, const struct told_verified **out);
/* Frees the body of a message for which no parcel waits, and which is neither held nor an open ask. */
TOLD_MUST_USE enum told_status told_message_done(struct told_record *record, uint64_t seq);

/* ---- parcels.c ---- */
/* What one parcel row is made from. */
struct told_new_parcel {
	struct told_bytes recipient, reply, client;
	uint32_t type;
	uint64_t message; /* seq, or 0 for a fact */
	struct told_place fact;
	int64_t due_ms;
};
TOLD_MUST_USE enum told_status told_parcel_put(struct told_record *record, const struct told_new_parcel *parcel);
/* Whoever only has a telephone gets no parcel: nothing is queued that nobody would ever fetch (practice.md section 1).
 */
bool told_party_has_agent(struct told_record *record, struct told_bytes party);
/* Parcels that follow from an accepted message: to its released recipients, and to whom its type spreads. seq: of its
 * message row, or 0 for a fact whose place is index. */
TOLD_MUST_USE enum told_status told_parcels_of(struct told_record *record, struct told_arena *arena,
					       const struct told_ruling *ruling, uint64_t seq, uint64_t index);
/* Whether anything of what it rules about goes to its recipient. */
static inline bool told_decision_goes(const struct told_decision *decision)
{
	return decision->effect == TOLD_EFFECT_RELEASE || decision->effect == TOLD_EFFECT_PARTIAL;
}
/* Whether an accepted message leads to parcels that carry its body. */
bool told_parcels_carry(const struct told_ruling *ruling);
/* Keeps an answered ask open until it expires, and makes the reply parcel if there is something to give already. */
TOLD_MUST_USE enum told_status told_ask_put(struct told_record *record, struct told_arena *arena,
					    const struct told_ruling *ruling, uint64_t seq);
/* New wraps of this person for these recipients: open asks of theirs get a reply parcel. */
TOLD_MUST_USE enum told_status told_asks_again(struct told_record *record, struct told_arena *arena,
					       const struct told_header *grant);
/* A parcel row as the statements PARCEL_WAITING, _BY_ID and _DUE give it. */
TOLD_MUST_USE enum told_status told_parcel_read(sqlite3_stmt *row, struct told_arena *arena,
						struct told_parcel_row *out);
/* A parcel is sent, or its wait is over; with the last one of a message its body is freed. */
TOLD_MUST_USE enum told_status told_parcel_settle(struct told_record *record, const struct told_parcel_row *row,
						  enum told_parcel_state state);
/* The signed message of a fact entry to one party more. */
TOLD_MUST_USE enum told_status told_parcels_tell(struct told_record *record, const struct told_header *header,
						 struct told_bytes party, uint64_t index);
/* Carries out the lines of an ACK of this party. */
TOLD_MUST_USE enum told_status told_parcels_acknowledge(struct told_record *record, struct told_arena *arena,
							const struct told_verified *ack);
/* A message that tells one agency something about another: OPENED, RECALL, RECALL_ANSWER; then the parcel that tells
 * it, of an OPENED only if every line is about a message of that agency which this one was given. */
bool told_parcels_tell_one(const struct told_header *header);
/* The transactions of the messages that an OPENED speaks of, each once; none of anything else, nor if a line is not so.
 */
TOLD_MUST_USE enum told_status told_opened_transactions(struct told_record *record, struct told_arena *arena,
							const struct told_verified *verified,
							struct told_bytes_list *out);
TOLD_MUST_USE enum told_status told_parcels_one(struct told_record *record, struct told_arena *arena,
						const struct told_verified *verified, uint64_t seq);
/* All earlier facts for a newly enrolled party, in the order of the log. */
TOLD_MUST_USE enum told_status told_parcels_welcome(struct told_record *record, struct told_bytes party);

/* The facts about a person of whom this party did not hold anything so far. */
TOLD_MUST_USE enum told_status told_parcels_catch_up(struct told_record *record, struct told_arena *arena,
						     struct told_bytes party, struct told_bytes client);

/* ---- deposits.c ---- */
/* One deposit and whose it is; ctx is the record (told_deposit_source). */
TOLD_MUST_USE enum told_status told_deposit_by_id(void *ctx, struct told_arena *arena, struct told_bytes id,
						  struct told_bytes *client, struct told_deposit_facts *out);
/* TOLD_E_EXISTS when a deposit has this id: another agency's, or one so old that its duplicate row is gone. */
TOLD_MUST_USE enum told_status told_deposit_free(struct told_record *record, struct told_bytes id);
/* Wraps to a key that was revoked go at once. */
TOLD_MUST_USE enum told_status told_wraps_revoke(struct told_record *record, const struct told_header *key_record);
TOLD_MUST_USE enum told_status told_deposit_put(struct told_record *record, struct told_arena *arena,
						const struct told_verified *verified, uint64_t index);
TOLD_MUST_USE enum told_status told_grants_put(struct told_record *record, struct told_arena *arena,
					       const struct told_ruling *ruling, uint64_t index);

#endif
