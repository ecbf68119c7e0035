/* SPDX-License-Identifier: Apache-2.0 */
/* The record room: the store of record. A turn begins, writes messages, rulings, log entries and duplicate checks, and
 * commits them as one; the commit also signs the checkpoint and anchors it, and only then is there anything to answer.
 * A receipt is made here and nowhere else. One thread owns the record. */
#ifndef TOLD_RECORD_H
#define TOLD_RECORD_H

#include "broker/rule/ruling.h"
#include "proto/leaf.h"

struct told_record;

/* What signs under a key of the log, by its public half; stays the caller's, until that key is over. TOLD_E_KEY: there
 * is no such file. */
typedef enum told_status told_log_signer_fn(void *ctx, const uint8_t key[TOLD_KEY_BYTES], struct told_signer **out);

struct told_record_config {
	const char *dir;    /* holds told.db, spool/, lock */
	const char *anchor; /* the anchor file, best on another volume */
	struct told_bytes partnership;
	struct told_signer *log_signer;  /* of log_key; stays the caller's; NULL: signer_of gives all */
	uint8_t log_key[TOLD_KEY_BYTES]; /* in a new store, the log's first key */
	told_log_signer_fn *signer_of;   /* NULL: there is no other */
	void *signer_ctx;
	uint8_t operator_key[TOLD_KEY_BYTES]; /* whose PARTNER messages are believed */
	uint32_t segment_bytes;               /* TOLD_SEGMENT_BYTES; smaller in tests */
	const char *backups; /* what the operator says of backups, for finished entries; stays the caller's; or NULL */
};

/* A place in one of the logs. */
struct told_place {
	uint64_t log, index;
};

/* Opens the store, takes its lock, folds the directory, and closes the gap between tree head and anchor. TOLD_E_IN_USE
 * (a second broker), TOLD_E_FORK (the log is shorter than the anchor or another one), TOLD_E_CORRUPT, TOLD_E_CONFIG (it
 * is the store of another partnership), TOLD_E_STORE. */
TOLD_MUST_USE enum told_status told_record_open(const struct told_record_config *config, struct told_record **out);
void told_record_close(struct told_record *record);

/* A key of the log whose file is there, and the operator's signed message that says so once more. */
struct told_log_key_offer {
	uint32_t number;
	uint8_t key[TOLD_KEY_BYTES];
	struct told_bytes envelope, body;
};
struct told_log_key_offers {
	struct told_log_key_offer rows[TOLD_LOG_KEYS_MAX];
	size_t count;
};

/* What a restored store has lost, and the log that goes on after it. */
struct told_new_log {
	uint64_t number, old_size, size_restored; /* number: of the new log; old_size: as it was last anchored */
	uint32_t log_key; /* of the log's key that was lost with the entries and said anew; of the first one that the
			     store does not know, after TOLD_E_KEY; else 0 */
	bool key_is_gone; /* the old log was signed by yet another key, whose file is not there */
};
/* For a store that is shorter than its anchor: begins log n + 1, whose first entry names the old one (evidence.md
 * section 1 item 3), with an anchor of its own. Where the loss took the newest key of the log with it, the offer of
 * that key is the second entry. Nobody else may have the store open. TOLD_E_EXISTS: nothing was lost, the old log goes
 * on; TOLD_E_FORK: it is no shorter copy of what was anchored, or a later log has begun already; TOLD_E_KEY: what was
 * anchored is signed by no key that the store or an offer knows; those of told_record_open. */
TOLD_MUST_USE enum told_status told_record_begin_log(const struct told_record_config *config,
						     const struct told_log_key_offers *offers, int64_t clock_ms,
						     struct told_new_log *out);

/* ---- what verify and rule read ---- */

struct told_parties *told_record_parties(struct told_record *record);
const struct told_directory *told_record_directory(const struct told_record *record);
/* Whom a reference means, folded from the log; *out is NULL for nobody known. Good until the next call. */
TOLD_MUST_USE enum told_status told_record_person(struct told_record *record, struct told_bytes client,
						  const struct told_person **out);
/* A told_seen_fn; ctx is the record. */
enum told_status told_record_seen(void *record, struct told_bytes sender, struct told_bytes id,
				  const told_hash *header_hash);
struct told_deposit_source told_record_deposits(struct told_record *record);

/* ---- a turn ---- */

/* A place in the log and what its holder may see of it; made by the functions below, in the turn's arena. */
struct told_receipt;

/* Begins the one transaction of a turn. clock_ms: UTC; *when gets t = max(clock, time of the last entry) and the log's
 * size. */
TOLD_MUST_USE enum told_status told_record_begin(struct told_record *record, int64_t clock_ms, struct told_when *when);

/* Writes a ruled message with all that follows from it: entry, duplicate row, state, deposits, wraps, parcels. After
 * TOLD_E_FULL or TOLD_E_LIMIT the turn must be aborted; TOLD_CLASS_FATAL: stop. */
TOLD_MUST_USE enum told_status told_record_ruled(struct told_record *record, struct told_arena *arena,
						 const struct told_ruling *ruling, const struct told_receipt **out);
/* Writes what verify refused. */
TOLD_MUST_USE enum told_status told_record_refused(struct told_record *record, struct told_arena *arena,
						   const struct told_refused *refused, const struct told_receipt **out);
/* The receipt of a message that was recorded before: its first entry, nothing new. */
TOLD_MUST_USE enum told_status told_record_again(struct told_record *record, struct told_arena *arena,
						 const struct told_verified *verified, const struct told_receipt **out);
/* The receipt of an entry once more, under the name that its holder gives it: of one of the party's own entries, or,
 * where a parcel is named, of the message that this parcel brought to the party. TOLD_E_NOT_FOUND: it is neither. */
TOLD_MUST_USE enum told_status told_record_receipt(struct told_record *record, struct told_arena *arena,
						   struct told_bytes party, struct told_bytes message,
						   struct told_place place, struct told_bytes parcel,
						   const struct told_receipt **out);
/* A fresh entry, so that silence and truncation differ; counts what was not logged one by one. */
TOLD_MUST_USE enum told_status told_record_heartbeat(struct told_record *record, struct told_arena *arena,
						     uint32_t busy, uint32_t dropped);

/* Held messages, oldest first, whose person is client (empty: all): the next after *seq. TOLD_E_NOT_FOUND at the end.
 */
TOLD_MUST_USE enum told_status told_record_held(struct told_record *record, struct told_arena *arena,
						struct told_bytes client, uint64_t *seq,
						const struct told_verified **out);
/* A held message whose time is over: the first; TOLD_E_NOT_FOUND. */
TOLD_MUST_USE enum told_status told_record_overdue(struct told_record *record, struct told_arena *arena, int64_t now_ms,
						   uint64_t *seq, const struct told_verified **out);
/* Writes the new ruling of a held message; one that is held again changes nothing and gives no receipt (*out NULL).
 * final: its time is over, a hold becomes a refusal. */
TOLD_MUST_USE enum told_status told_record_reruled(struct told_record *record, struct told_arena *arena, uint64_t seq,
						   const struct told_ruling *ruling, bool final,
						   const struct told_receipt **out);

/* The same of a held message that its sender takes back: it is refused, whatever the ruling. */
TOLD_MUST_USE enum told_status told_record_taken_back(struct told_record *record, struct told_arena *arena,
						      uint64_t seq, const struct told_ruling *ruling,
						      const struct told_receipt **out);

/* What a party has still to hear of its messages: holds that ended, parcels that expired or no longer may go. The first
 * at or behind position *from, which moves behind it; party must live as long as the arena. TOLD_E_NOT_FOUND at the
 * end.
 */
TOLD_MUST_USE enum told_status told_record_unheard(struct told_record *record, struct told_arena *arena,
						   struct told_bytes party, uint64_t *from,
						   const struct told_receipt **out);
/* The party has heard of all entries before this position: nothing of them is kept for it. Part of a turn. */
TOLD_MUST_USE enum told_status told_record_heard(struct told_record *record, struct told_bytes party, uint64_t before);

/* This turn's time, and the log as it stands now within the turn: what rulings from here on are as of. */
struct told_when told_record_when(const struct told_record *record);
/* Whether this turn changed what rulings read, so that what waits must be ruled again. */
bool told_record_changed(const struct told_record *record);
/* Sweeps the wraps of a person (R6): deletes each that no ruling would release any more. Part of the turn that changed
 * the person's state. */
TOLD_MUST_USE enum told_status told_record_sweep(struct told_record *record, struct told_arena *arena,
						 struct told_bytes client, struct told_when when);
/* The next person, in order of reference, of whom wraps exist: *client goes from one to the next, from zeros on.
 * TOLD_E_NOT_FOUND after the last. For what concerns everybody: an agreement suspended, a date that passed. */
TOLD_MUST_USE enum told_status told_record_next_wrapped(struct told_record *record, uint8_t client[TOLD_ID_BYTES]);
/* Forgets what time alone ends: asks that are over, duplicate rows past their time. Part of a turn. */
TOLD_MUST_USE enum told_status told_record_forget(struct told_record *record, int64_t now_ms);

/* Goes on with erasures that earlier turns committed: overwrites bodies, writes the finished entry. The first thing in
 * a turn. *more: something was done, come again soon. */
TOLD_MUST_USE enum told_status told_record_erasing(struct told_record *record, struct told_arena *arena, bool *more);
/* Between turns: empties the write-ahead log of what was erased. A reader that is in the way costs ten seconds. *more:
 * it is empty now, and a turn has something to write. */
TOLD_MUST_USE enum told_status told_record_truncate(struct told_record *record, int64_t boot_ms, bool *more);

/* Commits spool, rows, checkpoint and anchor, in that order. After TOLD_OK everything of the turn is durable and
 * proved; nothing may be answered before. TOLD_E_FULL: nothing was kept, answer busy. TOLD_CLASS_FATAL: stop. A turn
 * that wrote nothing costs no sync. */
TOLD_MUST_USE enum told_status told_record_commit(struct told_record *record);
/* Rolls the turn back and folds the state anew. */
TOLD_MUST_USE enum told_status told_record_abort(struct told_record *record);

/* ---- receipts ---- */

/* Whose receipt it is: the sender of the message. */
struct told_bytes told_receipt_party(const struct told_receipt *receipt);
uint64_t told_receipt_index(const struct told_receipt *receipt);
uint64_t told_receipt_log(const struct told_receipt *receipt);
/* Id of the message; empty where the bytes had none. */
struct told_bytes told_receipt_message(const struct told_receipt *receipt);
/* The leaf's bytes, and the parts that its holder may see (empty salt: not this one). */
struct told_bytes told_receipt_leaf(const struct told_receipt *receipt);
void told_receipt_parts(const struct told_receipt *receipt, struct told_bytes *facts_salt, struct told_bytes *facts,
			struct told_bytes *ruling_salt, struct told_bytes *ruling);
/* The receipt was asked for again: it is proved under the checkpoint that first proved it. */
bool told_receipt_again(const struct told_receipt *receipt);
/* Of an entry that was looked at: whom it is about and who wrote it, where its reader may see that. */
void told_receipt_subject(const struct told_receipt *receipt, struct told_bytes *salt, struct told_bytes *subject);

/* What an AUDIT_VIEW found (look.c): entries of one log in their order, each opened so far (enum told_entry_part). Its
 * own entry states how many, so nothing leaves that is not written down. */
struct told_looked {
	uint64_t index;
	unsigned parts;
};
struct told_look {
	uint64_t log, next; /* next: entries before it were looked at; 0: there are no more */
	struct told_looked *items;
	size_t count;
	bool one; /* a message was asked for: it is proved under the checkpoint that most witnesses signed */
	struct told_audit_viewed viewed;
};
/* NULL: the receipt is of no query that was allowed, or was given again: one entry, one answer. */
const struct told_look *told_receipt_look(const struct told_receipt *receipt);
/* One of the entries, opened as far as it may be. */
TOLD_MUST_USE enum told_status told_record_looked(struct told_record *record, struct told_arena *arena,
						  const struct told_look *look, size_t which,
						  const struct told_receipt **out);

/* ---- proofs ---- */

uint64_t told_record_size(const struct told_record *record);
/* The newest signed checkpoint; a view good until the next commit. */
struct told_bytes told_record_checkpoint(const struct told_record *record);
/* The same with the cosignatures that are there so far; a view good until the next call, cosignature or commit. */
struct told_bytes told_record_served(struct told_record *record);
/* The checkpoint that proves an entry: the first beyond it that a quorum signed, else the first stored one; with its
 * cosignatures, into the arena. */
TOLD_MUST_USE enum told_status told_record_checkpoint_at(struct told_record *record, struct told_arena *arena,
							 uint64_t index, uint64_t *size, struct told_bytes *note);
/* The first checkpoint that was stored beyond an entry, of whichever log, with the log's own signatures alone; into the
 * arena. */
TOLD_MUST_USE enum told_status told_record_stored_beyond(struct told_record *record, struct told_arena *arena,
							 struct told_place place, uint64_t *size,
							 struct told_bytes *note);
/* Hash of a perfect subtree of the log: a told_node_fn whose ctx is the record. */
enum told_status told_record_node(void *record, unsigned level, uint64_t index, told_hash *out);

/* A log as it can be proved: the one that grows under its newest checkpoint, one that ended under its last. */
struct told_log_view {
	void *tree; /* ctx of told_log_node */
	uint64_t number, size;
	struct told_bytes note; /* empty of a log that ended with nothing; good as long as told_record_served */
	bool ended;
};
TOLD_MUST_USE enum told_status told_record_log(struct told_record *record, uint64_t log, struct told_log_view *out);
enum told_status told_log_node(void *tree, unsigned level, uint64_t index, told_hash *out);
/* The first entry of a log that is not the first, with what it states. */
struct told_log_begun {
	struct told_bytes leaf, facts_salt, facts;
};
TOLD_MUST_USE enum told_status told_record_began(struct told_record *record, struct told_arena *arena, uint64_t log,
						 struct told_log_begun *out);

/* ---- witnesses (witness.c) ---- */

/* Keeps a party's cosignature of our checkpoint of that size. Part of a turn. TOLD_E_KEY: no witness key of an enrolled
 * party is on record; TOLD_E_PROOF: no such checkpoint; TOLD_E_SIGNATURE, TOLD_E_MALFORMED, TOLD_E_FUTURE. */
TOLD_MUST_USE enum told_status told_record_cosigned(struct told_record *record, struct told_bytes party, uint64_t size,
						    struct told_bytes line);
bool told_record_is_witness(const struct told_record *record, struct told_bytes party);
/* The keys of those who may sign now; names live as long as the directory's parties. Gives how many. */
size_t told_record_witnesses(const struct told_record *record, struct told_vkey *out, size_t room);
/* The keys with which somebody once signed and may no longer: retired, ended, revoked, or of a party that left. */
size_t told_record_former_witnesses(const struct told_record *record, struct told_vkey *out, size_t room);
/* How many witnesses make a quorum; 0: none is asked for. */
void told_record_set_quorum(struct told_record *record, uint32_t quorum);
bool told_record_has_quorum(struct told_record *record, uint64_t size);
/* When the newest checkpoint that a quorum signed was made; of none, when the last witness key went on record. */
TOLD_MUST_USE enum told_status told_record_quorum_time(struct told_record *record, struct told_arena *arena,
						       int64_t *utc_ms);
/* The log's origin "<partnership>/<n>", and n. */
struct told_bytes told_record_origin(const struct told_record *record, uint64_t *number);
/* A size of this log as a count over all logs, as told_when has it. */
uint64_t told_record_position(const struct told_record *record, uint64_t size);

/* A key of the log: the last of them signs, one before it until its time is over. */
struct told_record_log_key {
	uint8_t key[TOLD_KEY_BYTES];
	uint32_t number;
	int64_t since_utc_ms; /* of the first, when the first log began; 0: it has no entry yet */
	int64_t ends_utc_ms;  /* TOLD_NO_END: not known yet */
	uint64_t last_size;   /* no checkpoint beyond it is signed with this key; TOLD_WHOLE_LOG: not known yet */
};
/* All that there ever were, by number, and how each stands in log `log`: of one that ended, none signed beyond the size
 * at which it was last anchored (logkey.c). */
TOLD_MUST_USE enum told_status told_record_log_keys(struct told_record *record, struct told_arena *arena, uint64_t log,
						    struct told_record_log_key out[TOLD_LOG_KEYS_MAX], size_t *count);

/* The operator's message about the key of the log behind the one whose id is `known`, where it stands, and the first
 * checkpoint that holds it. TOLD_E_NOT_FOUND: there is no newer one, or it does not know that one. */
struct told_record_log_key_proof {
	struct told_place place;
	uint64_t size;                    /* of that checkpoint */
	struct told_bytes note, envelope; /* in the arena */
};
TOLD_MUST_USE enum told_status told_record_log_key_after(struct told_record *record, struct told_arena *arena,
							 struct told_bytes known,
							 struct told_record_log_key_proof *out);

/* Files an RFC 3161 response with the checkpoint that it stamps (stamp.c), and enters a heartbeat that says so; *size
 * is that checkpoint's, 0 when these very bytes were looked at last, or it has a token. Part of a turn.
 * TOLD_E_UNKNOWN: it stamps none of our newest; TOLD_E_MALFORMED, TOLD_E_REFUSED, TOLD_E_LIMIT. */
TOLD_MUST_USE enum told_status told_record_timestamp(struct told_record *record, struct told_arena *arena,
						     struct told_bytes token, uint64_t *size);

/* ---- parties ---- */

/* How far an agency is: the size it has checked, and the highest sequence number heard in this epoch. */
TOLD_MUST_USE enum told_status told_record_party(struct told_record *record, struct told_bytes party,
						 struct told_bytes epoch, uint64_t *confirmed, uint64_t *sender_seq);
TOLD_MUST_USE enum told_status told_record_confirm(struct told_record *record, struct told_bytes party,
						   struct told_bytes epoch, uint64_t confirmed);

/* ---- parcels: what waits for an agency ---- */

struct told_parcel_row {
	uint64_t seq;
	uint8_t id[TOLD_ID_BYTES];
	struct told_bytes recipient; /* these views lie in the arena given */
	uint32_t type;
	struct told_bytes reply;
	struct told_bytes client;
	uint64_t message; /* 0: it carries a fact */
	struct told_place fact;
	uint32_t deliveries;
	int64_t due_ms;
};

/* The parcel that was made last; those up to here when a turn begins may be delivered in it. */
uint64_t told_record_last_parcel(const struct told_record *record);
/* Up to *count parcels of a party behind after_seq, oldest first; *count gets how many there were. */
TOLD_MUST_USE enum told_status told_record_waiting(struct told_record *record, struct told_arena *arena,
						   struct told_bytes party, uint64_t after_seq,
						   struct told_parcel_row *rows, size_t *count);
/* What a parcel carries, read back and checked: the message or fact, and the place of its accepted entry.
 * TOLD_E_CORRUPT. */
TOLD_MUST_USE enum told_status told_record_carried(struct told_record *record, struct told_arena *arena,
						   const struct told_parcel_row *row,
						   const struct told_verified **verified, struct told_place *place);
/* A deposited section with the wrap for a recipient and the grant that allows it. TOLD_E_NOT_FOUND without a wrap. */
struct told_carried_deposit {
	struct told_bytes envelope, section; /* of the DEPOSIT; section without wraps */
	struct told_place place;
	struct told_bytes key_id, enc, sealed;
	struct told_bytes grant_envelope; /* empty: the deposit itself named the recipient */
	struct told_place grant;
};
TOLD_MUST_USE enum told_status told_record_deposit(struct told_record *record, struct told_arena *arena,
						   struct told_bytes id, struct told_bytes recipient,
						   struct told_carried_deposit *out);
/* Bytes of an entry. */
TOLD_MUST_USE enum told_status told_record_entry(struct told_record *record, struct told_arena *arena,
						 struct told_place place, struct told_bytes *entry);

/* What the ruling of an ask gives the asker now: deposits that are released to it, that a wrap opens, and that fit into
 * one parcel; more: some did not fit. Ids are views of the ruling's. */
/* What was given of the message that this header corrects: one of the sender's own, about the same person. NULL where
 * it corrects none, or one that gave nobody anything. */
TOLD_MUST_USE enum told_status told_record_about(struct told_record *record, struct told_arena *arena,
						 const struct told_header *header, const struct told_about **out);

struct told_reply {
	struct {
		struct told_bytes id;
		uint32_t category;
	} * rows;
	size_t count, bytes;
	bool more;
};
TOLD_MUST_USE enum told_status told_record_reply(struct told_record *record, struct told_arena *arena,
						 const struct told_ruling *ruling, struct told_bytes asker,
						 struct told_reply *out);

/* Writes the delivery of a parcel: the second ruling (NULL for facts, which are not ruled) and the delivered entry with
 * what is released (reply: of an ask, else NULL), or the entry that says it no longer may go; the sender gets the
 * receipt of the latter, who merely asked none. released tells which. TOLD_E_BUSY: held, nothing was written. */
TOLD_MUST_USE enum told_status told_record_delivered(struct told_record *record, struct told_arena *arena,
						     const struct told_parcel_row *row,
						     const struct told_verified *verified,
						     const struct told_ruling *ruling, const struct told_reply *reply,
						     bool *released, const struct told_receipt **out);
/* The first parcel past its time gets its expired entry and its sender a receipt, who merely asked none (*out NULL).
 * TOLD_E_NOT_FOUND when there is none. */
TOLD_MUST_USE enum told_status told_record_expire(struct told_record *record, struct told_arena *arena, int64_t now_ms,
						  const struct told_receipt **out);

/* Zeroes and removes spool segments in which nothing waits any more. */
TOLD_MUST_USE enum told_status told_record_tidy(struct told_record *record);

#endif
