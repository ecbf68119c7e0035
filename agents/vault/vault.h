/* SPDX-License-Identifier: Apache-2.0 */
/* The agency's vault: what it tells, is told, knows and has on its way, in one SQLite file, content sealed at rest
 * under the vault key. Nothing here speaks to anyone. Writes happen between told_vault_begin and told_vault_commit. */
#ifndef TOLD_VAULT_H
#define TOLD_VAULT_H

#include "told/bytes.h"
#include "told/limits.h"

struct told_vault;

/* Opens the file (made 0600 when absent, up to date after). why (may be NULL) says what is wrong. TOLD_E_PERMISSION (by
 * fstat), TOLD_E_CONFIG (another vault key), TOLD_E_IN_USE, TOLD_E_CORRUPT, TOLD_E_FULL, TOLD_E_STORE. */
TOLD_MUST_USE enum told_status told_vault_open(const char *path, const uint8_t key[TOLD_KEY_BYTES],
					       struct told_vault **out, struct told_buf *why);
void told_vault_close(struct told_vault *vault);

/* One transaction at a time. After TOLD_OK of commit it survives a power cut; after a failure nothing of it is there.
 */
TOLD_MUST_USE enum told_status told_vault_begin(struct told_vault *vault);
TOLD_MUST_USE enum told_status told_vault_commit(struct told_vault *vault);
void told_vault_rollback(struct told_vault *vault);
/* How many steps the store's machine has taken for our statements: what reading costs, however busy the machine is. */
uint64_t told_vault_steps(const struct told_vault *vault);

/* ---- whose rows are seen ---- */

struct told_sight {
	struct told_bytes who; /* the worker; empty: the machine itself */
	const uint8_t (*unseen)[TOLD_ID_BYTES];
	size_t count;
	bool outside; /* not the contact: no MARAC is there that waits for names, unless they called it themselves */
};
/* From here on, for who looks, no row is of these persons: none is read, changed or deleted, in whatever table; but
 * what they write of them meanwhile. What is in it is borrowed until the next call. */
void told_vault_look(struct told_vault *vault, struct told_sight sight);
bool told_vault_sees(const struct told_vault *vault, struct told_bytes client);
/* Whether an id is of a thing, or a message, that is there and that who looks does not see. */
bool told_vault_hides(struct told_vault *vault, struct told_bytes id);
/* Whether who looks wrote a row of a table while they did not see whose it is. */
bool told_vault_is_mine(struct told_vault *vault, const char *table, uint64_t id, struct told_bytes who);
/* Moves whenever anything in the vault is written. */
int64_t told_vault_changes(const struct told_vault *vault);
/* The machine's own work within a worker's call sees everything; and back again. */
struct told_sight told_vault_open_eyes(struct told_vault *vault);
void told_vault_narrow(struct told_vault *vault, struct told_sight was);

/* ---- MARACs that wait for names ---- */

struct told_unnamed_row {
	struct told_bytes message, conference, client, author;
};
/* A message of one, or the conference itself; again changes nothing. */
TOLD_MUST_USE enum told_status told_unnamed_put(struct told_vault *vault, const struct told_unnamed_row *row);
/* Who of us called it. TOLD_E_NOT_FOUND: it does not wait. */
TOLD_MUST_USE enum told_status told_unnamed_author(struct told_vault *vault, struct told_arena *arena,
						   struct told_bytes conference, struct told_bytes *author);
/* Its names are there: everybody who may see the person sees it. */
TOLD_MUST_USE enum told_status told_unnamed_drop(struct told_vault *vault, struct told_bytes conference);
/* The next person of one. */
TOLD_MUST_USE enum told_status told_unnamed_next_client(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES],
							bool first);
/* Whether a person is known here otherwise than by one that this worker did not call. */
TOLD_MUST_USE enum told_status told_unnamed_known(struct told_vault *vault, struct told_bytes client,
						  struct told_bytes worker, bool *known);
/* Whether who looks may know of the message of a MARAC that our own log has at an entry. */
bool told_unnamed_shows(struct told_vault *vault, uint64_t entry);

/* Small values by name. TOLD_E_NOT_FOUND. */
TOLD_MUST_USE enum told_status told_vault_get(struct told_vault *vault, const char *name, struct told_buf *out);
TOLD_MUST_USE enum told_status told_vault_put(struct told_vault *vault, const char *name, struct told_bytes value);
/* A number by name, 0 when it is not there; and the next after it, put back. */
TOLD_MUST_USE enum told_status told_vault_number(struct told_vault *vault, const char *name, uint64_t *out);
TOLD_MUST_USE enum told_status told_vault_count_up(struct told_vault *vault, const char *name, uint64_t *out);

/* Of all "next" functions below: the first row after `after` (0: from the start) in order, in the arena;
 * TOLD_E_NOT_FOUND past the last. Of all rows: an empty view where there is nothing. */

/* ---- outbox ---- */

enum told_outbox_state {
	TOLD_OUTBOX_WAITING = 1,
	TOLD_OUTBOX_ACCEPTED,
	TOLD_OUTBOX_HELD,
	TOLD_OUTBOX_REFUSED,
	TOLD_OUTBOX_ANSWERED,
	TOLD_OUTBOX_EXPIRED,
	TOLD_OUTBOX_FORGOTTEN, /* accepted, and nobody asks for it again but a log that lost it; in no list */
};
struct told_outbox_row {
	uint64_t seq; /* local order */
	struct told_bytes id, ticket, client, header, envelope, body, ruling, receipt, author;
	uint32_t type, signed_by, state, status;
	uint64_t queued_ms, expires_ms, entry, time_ms;
};
/* Which entry the log has about a message. */
struct told_outbox_place {
	uint8_t id[TOLD_ID_BYTES];
	uint64_t entry;
};
/* Queues a message, unsigned; of row: id to author, type, signed_by, queued_ms, expires_ms. */
TOLD_MUST_USE enum told_status told_outbox_put(struct told_vault *vault, const struct told_outbox_row *row);
TOLD_MUST_USE enum told_status told_outbox_sign(struct told_vault *vault, uint64_t seq, struct told_bytes envelope);
/* What this purpose's key signed and nobody has answered is to be signed again: the key is taken back. */
TOLD_MUST_USE enum told_status told_outbox_unsign(struct told_vault *vault, uint32_t signed_by);
/* Of row: id, state, entry, time_ms, status, ruling, receipt. The body of what is held stays; that of what was accepted
 * or answered is kept apart for TOLD_REOFFER_MS, or until it expires, should the log lose its entry. */
TOLD_MUST_USE enum told_status told_outbox_answer(struct told_vault *vault, const struct told_outbox_row *row);
/* The same receipt with more signatures; it goes to the folder again. */
TOLD_MUST_USE enum told_status told_outbox_receipt(struct told_vault *vault, uint64_t seq, struct told_bytes receipt);
TOLD_MUST_USE enum told_status told_outbox_exported(struct told_vault *vault, uint64_t seq);
/* Of row: id, entry, time_ms. An acknowledgement that was accepted: it goes once it need not be offered again. */
TOLD_MUST_USE enum told_status told_outbox_forget(struct told_vault *vault, const struct told_outbox_row *row);
enum told_outbox_list {
	TOLD_OUTBOX_OF_ALL,
	TOLD_OUTBOX_OF_UNSIGNED,
	TOLD_OUTBOX_OF_WAITING, /* signed, not answered or held: what a new session sends again */
	TOLD_OUTBOX_OF_TICKET,
	TOLD_OUTBOX_OF_CLIENT,
	TOLD_OUTBOX_OF_UNEXPORTED, /* receipts that are not in the folder yet */
};
TOLD_MUST_USE enum told_status told_outbox_next(struct told_vault *vault, struct told_arena *arena,
						enum told_outbox_list list, struct told_bytes key, uint64_t after,
						struct told_outbox_row *out);
TOLD_MUST_USE enum told_status told_outbox_get(struct told_vault *vault, struct told_arena *arena, struct told_bytes id,
					       struct told_outbox_row *out);
/* Ids of what the log has at an entry from `from` to before `before`, in that order: *count goes in as the room there
 * is and comes out as how many there are, at most that. */
TOLD_MUST_USE enum told_status told_outbox_between(struct told_vault *vault, uint64_t from, uint64_t before,
						   struct told_outbox_place *out, size_t *count);
/* How many wait, and since when the oldest (0: none). */
TOLD_MUST_USE enum told_status told_outbox_waiting(struct told_vault *vault, uint64_t *count, uint64_t *oldest_ms);

/* ---- logs that ended (protocol section 10) ---- */

/* Entries are numbered here over all logs: base is the number of this log's first entry, next_base that of the next. */
struct told_log_row {
	uint64_t number, base, size, next_base, old_size, known, accepted_ms;
	struct told_bytes root, author;
};
TOLD_MUST_USE enum told_status told_log_put(struct told_vault *vault, const struct told_log_row *row);
TOLD_MUST_USE enum told_status told_log_next(struct told_vault *vault, struct told_arena *arena, uint64_t after,
					     struct told_log_row *out);
/* One more than the highest number that any entry has here. */
TOLD_MUST_USE enum told_status told_log_entries(struct told_vault *vault, uint64_t *out);
/* What was accepted or answered at or beyond an entry is to be sent again as the same bytes, where those are kept. */
TOLD_MUST_USE enum told_status told_offer_again(struct told_vault *vault, uint64_t from_entry, uint64_t *count);
/* What of it is kept no more, after told_offer_again; of row: seq, id, type, client, entry, time_ms. */
TOLD_MUST_USE enum told_status told_offer_gone(struct told_vault *vault, struct told_arena *arena, uint64_t from_entry,
					       uint64_t after, struct told_outbox_row *out);
/* Forgets what need not be offered any more. */
TOLD_MUST_USE enum told_status told_offer_sweep(struct told_vault *vault, uint64_t now_ms);

/* ---- inbox and what came in it ---- */

struct told_inbox_row {
	uint64_t seq;
	struct told_bytes parcel, sender, client, message, reply, referral, envelope;
	uint32_t type, result; /* enum told_type, enum told_ack_result */
	uint64_t entry, time_ms, received_ms;
	bool marker;
};
/* type 0: a message that came before under another parcel: acknowledged, never shown. *seq gets the row's number.
 * TOLD_E_EXISTS: this parcel is here already; then it is acknowledged again, and that is all. */
TOLD_MUST_USE enum told_status told_inbox_put(struct told_vault *vault, const struct told_inbox_row *row,
					      uint64_t *seq);
/* This parcel came again: it must be acknowledged again. */
TOLD_MUST_USE enum told_status told_inbox_unack(struct told_vault *vault, struct told_bytes parcel);
TOLD_MUST_USE enum told_status told_inbox_acked(struct told_vault *vault, struct told_bytes parcel);
/* Stored already under another parcel: TOLD_OK or TOLD_E_NOT_FOUND. */
TOLD_MUST_USE enum told_status told_inbox_has_message(struct told_vault *vault, struct told_bytes message,
						      uint32_t type);
enum told_inbox_list {
	TOLD_INBOX_OF_ALL,
	TOLD_INBOX_OF_CLIENT,
	TOLD_INBOX_OF_REPLY,
	TOLD_INBOX_OF_REFERRAL,
	TOLD_INBOX_OF_PARCEL, /* rejected ones too */
};
TOLD_MUST_USE enum told_status told_inbox_next(struct told_vault *vault, struct told_arena *arena,
					       enum told_inbox_list list, struct told_bytes key, uint64_t after,
					       struct told_inbox_row *out);
/* Parcels to acknowledge: parcel and result only. */
TOLD_MUST_USE enum told_status told_inbox_unacked(struct told_vault *vault, uint64_t after, uint64_t *seq,
						  uint8_t parcel[TOLD_ID_BYTES], uint32_t *result);

struct told_section_row {
	uint64_t id, inbox;
	struct told_bytes message, client, originator, deposit, consent, content; /* content in plain here */
	struct told_bytes about, told_by; /* references; empty: the person of the message */
	uint32_t number, category, voice, version, purposes;
	uint32_t type; /* of the message that brought it; read only */
	uint64_t recorded_ms, received_ms;
	bool hidden;
};
/* The same section of the same message replaces what was there, and is shown again. */
TOLD_MUST_USE enum told_status told_section_put(struct told_vault *vault, const struct told_section_row *row);
TOLD_MUST_USE enum told_status told_section_hide(struct told_vault *vault, uint64_t id);
/* Of a person, or of a parcel's row; hidden ones too. */
TOLD_MUST_USE enum told_status told_section_next_of_client(struct told_vault *vault, struct told_arena *arena,
							   struct told_bytes client, uint64_t after,
							   struct told_section_row *out);
TOLD_MUST_USE enum told_status told_section_next_of_inbox(struct told_vault *vault, struct told_arena *arena,
							  uint64_t inbox, uint64_t after, struct told_section_row *out);

/* The parcel that brought a message; TOLD_E_NOT_FOUND. */
TOLD_MUST_USE enum told_status told_proof_parcel(struct told_vault *vault, struct told_bytes message,
						 uint8_t parcel[TOLD_ID_BYTES]);
/* The same proof with more signatures. */
TOLD_MUST_USE enum told_status told_proof_better(struct told_vault *vault, struct told_bytes message,
						 struct told_bytes text);
/* The receipt (.tlog-proof text) of a message that came to us; the first one stays. */
TOLD_MUST_USE enum told_status told_proof_put(struct told_vault *vault, struct told_bytes message,
					      struct told_bytes text);
/* TOLD_E_NOT_FOUND. */
TOLD_MUST_USE enum told_status told_proof_get(struct told_vault *vault, struct told_arena *arena,
					      struct told_bytes message, struct told_bytes *text);
/* Any section without its content, the next after `after`: how long it may stay is asked of each. */
struct told_section_due {
	uint64_t id;
	struct told_bytes client, originator;
	uint32_t category;
	uint64_t received_ms;
};
TOLD_MUST_USE enum told_status told_section_next_due(struct told_vault *vault, struct told_arena *arena, uint64_t after,
						     struct told_section_due *out);
TOLD_MUST_USE enum told_status told_section_delete(struct told_vault *vault, uint64_t id);

/* ---- our own story ---- */

struct told_story_row {
	uint64_t id;
	struct told_bytes message, client, deposit, digest, header, content; /* header: canonical section header */
	uint8_t key[TOLD_KEY_BYTES];                                         /* section key, in plain here */
	uint32_t version, category, voice;
	uint64_t recorded_ms;
	bool newest;
};
TOLD_MUST_USE enum told_status told_story_put(struct told_vault *vault, const struct told_story_row *row);
TOLD_MUST_USE enum told_status told_story_next(struct told_vault *vault, struct told_arena *arena,
					       struct told_bytes client, uint64_t after, struct told_story_row *out);
/* The newest version of a category, the next of several lines. */
TOLD_MUST_USE enum told_status told_story_next_of_category(struct told_vault *vault, struct told_arena *arena,
							   struct told_bytes client, uint32_t category, uint64_t after,
							   struct told_story_row *out);
/* Everyone of whom we hold a story, by reference: the next after client (in and out). */
TOLD_MUST_USE enum told_status told_story_next_client(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES],
						      bool first);

/* ---- cards ---- */

TOLD_MUST_USE enum told_status told_card_put(struct told_vault *vault, const uint8_t client[TOLD_ID_BYTES],
					     const uint8_t key[TOLD_KEY_BYTES], uint64_t made_ms);
/* TOLD_E_NOT_FOUND: not our card, or retired (*retired tells). The caller wipes. */
TOLD_MUST_USE enum told_status told_card_get(struct told_vault *vault, struct told_bytes client,
					     uint8_t key[TOLD_KEY_BYTES], bool *retired);
TOLD_MUST_USE enum told_status told_card_retire(struct told_vault *vault, struct told_bytes client);

/* ---- facts: signed headers that we verified, by their place in the log ---- */

struct told_fact_row {
	uint64_t entry, time_ms;
	struct told_bytes client, sender, envelope, attachment; /* client empty: it is about parties */
	uint32_t type;
	bool present;
};
/* The same entry again changes nothing. */
TOLD_MUST_USE enum told_status told_fact_put(struct told_vault *vault, const struct told_fact_row *row);
/* after: entry + 1, 0 from the start. client empty: those about parties. */
TOLD_MUST_USE enum told_status told_fact_next(struct told_vault *vault, struct told_arena *arena,
					      struct told_bytes client, uint64_t after, struct told_fact_row *out);
/* The next person, in order of reference, of whom a fact is kept; TOLD_E_NOT_FOUND after the last. */
TOLD_MUST_USE enum told_status told_fact_next_client(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES],
						     bool first);

/* The same of those of whom a flag is kept, and of those of whom something came that is limited to a team or role. */
TOLD_MUST_USE enum told_status told_fact_next_flagged(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES],
						      bool first);
TOLD_MUST_USE enum told_status told_limit_next_client(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES],
						      bool first);

/* Everyone of whom we know a hold, by reference: the next after client (in and out). */
TOLD_MUST_USE enum told_status told_fact_next_held(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES], bool first);

/* ---- erasure ---- */

struct told_erasure_row {
	struct told_bytes id, asker, client, law; /* id: of the request; client empty: erased here */
	uint32_t reason, state;                   /* state: enum told_erasure_state of our answer; 0: open */
	uint64_t asked_ms, answered_ms, kept_until_ms;
};
/* A request that reached us, or was ours and accepted. The same again changes nothing. */
TOLD_MUST_USE enum told_status told_erasure_put(struct told_vault *vault, const struct told_erasure_row *row);
/* Of row: id, state, answered_ms, kept_until_ms, law. */
TOLD_MUST_USE enum told_status told_erasure_answer(struct told_vault *vault, const struct told_erasure_row *row);
/* In order of id, which is that of time; after empty: from the start. */
TOLD_MUST_USE enum told_status told_erasure_next(struct told_vault *vault, struct told_arena *arena,
						 struct told_bytes after, struct told_erasure_row *out);
TOLD_MUST_USE enum told_status told_erasure_get(struct told_vault *vault, struct told_arena *arena,
						struct told_bytes id, struct told_erasure_row *out);
/* What a holder answered to a request; a later answer takes the place of an earlier one. */
struct told_erasure_heard {
	struct told_bytes request, party, law;
	uint32_t state;
	uint64_t kept_until_ms, at_ms;
};
TOLD_MUST_USE enum told_status told_erasure_heard(struct told_vault *vault, const struct told_erasure_heard *row);
TOLD_MUST_USE enum told_status told_erasure_next_heard(struct told_vault *vault, struct told_arena *arena,
						       struct told_bytes request, struct told_bytes after,
						       struct told_erasure_heard *out);
/* Deletes all that is of a person, or only what others told us. Part of a transaction. TOLD_E_BUSY: a message about
 * them still waits to be sent; nothing was deleted. */
TOLD_MUST_USE enum told_status told_vault_erase(struct told_vault *vault, struct told_bytes client, bool only_received);
/* After the commit: empties the write-ahead log, in which deleted pages live on. Also done at each opening. */
TOLD_MUST_USE enum told_status told_vault_shred(struct told_vault *vault);

/* ---- workers ---- */

enum told_worker_state { TOLD_WORKER_ACTIVE = 1, TOLD_WORKER_SUSPENDED, TOLD_WORKER_LEFT };
struct told_worker_row {
	uint64_t id;
	struct told_bytes number, token, teams; /* token: SHA-256; teams joined by commas */
	uint32_t roles, kind, state;
	uint64_t from_ms, until_ms; /* until 0: open */
	bool queued;                /* a WORKER_REGISTER that says so is in the outbox */
};
/* TOLD_E_EXISTS: the number is taken. */
TOLD_MUST_USE enum told_status told_worker_put(struct told_vault *vault, const struct told_worker_row *row);
TOLD_MUST_USE enum told_status told_worker_set(struct told_vault *vault, struct told_bytes number, uint32_t state,
					       uint64_t until_ms);
TOLD_MUST_USE enum told_status told_worker_queued(struct told_vault *vault, struct told_bytes number);
TOLD_MUST_USE enum told_status told_worker_next(struct told_vault *vault, struct told_arena *arena, uint64_t after,
						struct told_worker_row *out);
TOLD_MUST_USE enum told_status told_worker_by_number(struct told_vault *vault, struct told_arena *arena,
						     struct told_bytes number, struct told_worker_row *out);
TOLD_MUST_USE enum told_status told_worker_by_token(struct told_vault *vault, struct told_arena *arena,
						    struct told_bytes token_hash, struct told_worker_row *out);

/* ---- which messages belong to which alert ---- */

/* A message of ours belongs to an alert; and the alert of a message, TOLD_E_NOT_FOUND. */
TOLD_MUST_USE enum told_status told_alert_message(struct told_vault *vault, struct told_bytes message,
						  struct told_bytes alert);
TOLD_MUST_USE enum told_status told_alert_of_message(struct told_vault *vault, struct told_arena *arena,
						     struct told_bytes message, struct told_bytes *alert);

/* ---- recalls of ours and asked of us ---- */

struct told_recall_row {
	uint64_t seq;
	struct told_bytes id, incident, client, doc; /* incident is empty where another asks us */
};
TOLD_MUST_USE enum told_status told_recall_put(struct told_vault *vault, const struct told_recall_row *row);
/* Of an incident; of all that others asked, where it is empty. */
TOLD_MUST_USE enum told_status told_recall_next(struct told_vault *vault, struct told_arena *arena,
						struct told_bytes incident, uint64_t after,
						struct told_recall_row *out);
TOLD_MUST_USE enum told_status told_recall_get(struct told_vault *vault, struct told_arena *arena, struct told_bytes id,
					       struct told_recall_row *out);
/* A worker of another party opened a message of ours. */
TOLD_MUST_USE enum told_status told_opened_there_put(struct told_vault *vault, struct told_bytes message,
						     struct told_bytes party, struct told_bytes worker,
						     uint64_t time_ms);
/* Who opened a message: of that party, or of us where it is empty; the next worker after `after`. */
TOLD_MUST_USE enum told_status told_opened_next(struct told_vault *vault, struct told_arena *arena,
						struct told_bytes message, struct told_bytes party,
						struct told_bytes after, struct told_bytes *worker, uint64_t *time_ms);

/* ---- what we write down of a person for ourselves ---- */

/* Which rows of a kind: all, those in a state, those of a person, the one of an id. */
enum told_kept_which { TOLD_KEPT_ALL, TOLD_KEPT_STATE, TOLD_KEPT_CLIENT, TOLD_KEPT_ID };
struct told_kept_row {
	uint64_t seq;
	const char *kind;                  /* "risk", "note", "alert", ...: a word of ours */
	struct told_bytes id, client, doc; /* id: one of its kind. doc: in plain here; JSON, but of "rest" (rest.c) */
	uint32_t state;                    /* as the kind has it */
};
/* Puts a document, or its newer state. Of row: kind, id, client, state, doc. */
TOLD_MUST_USE enum told_status told_kept_put(struct told_vault *vault, const struct told_kept_row *row);
/* Lets go of one; it need not be there. */
TOLD_MUST_USE enum told_status told_kept_drop(struct told_vault *vault, const char *kind, struct told_bytes id);
/* The next after `after`. key: the person or the id; state: of TOLD_KEPT_STATE. TOLD_E_NOT_FOUND past the last. */
TOLD_MUST_USE enum told_status told_kept_next(struct told_vault *vault, struct told_arena *arena, const char *kind,
					      enum told_kept_which which, struct told_bytes key, uint32_t state,
					      uint64_t after, struct told_kept_row *out);

/* ---- who of us opened what ---- */

struct told_opened_row {
	uint64_t seq, time_ms;
	struct told_bytes parcel, worker, message, sender;
};
/* The first time counts; again changes nothing. */
TOLD_MUST_USE enum told_status told_opened_put(struct told_vault *vault, const struct told_opened_row *row);
/* What the log does not know yet, and that it does now. */
TOLD_MUST_USE enum told_status told_opened_untold(struct told_vault *vault, struct told_arena *arena, uint64_t after,
						  struct told_opened_row *out);
TOLD_MUST_USE enum told_status told_opened_told(struct told_vault *vault, uint64_t seq);
/* It did not take it after all. */
TOLD_MUST_USE enum told_status told_opened_untell(struct told_vault *vault, struct told_bytes parcel,
						  struct told_bytes worker);

/* ---- what came for our conference contact alone ---- */

struct told_closed_row {
	uint64_t seq, received_ms;
	struct told_bytes message, client, parcel, sender, header, body; /* body: the sections that only they open */
};
/* The same message again replaces the body: a wrap to one more contact. */
TOLD_MUST_USE enum told_status told_closed_put(struct told_vault *vault, const struct told_closed_row *row);
TOLD_MUST_USE enum told_status told_closed_next(struct told_vault *vault, struct told_arena *arena, uint64_t after,
						struct told_closed_row *out);
TOLD_MUST_USE enum told_status told_closed_get(struct told_vault *vault, struct told_arena *arena,
					       struct told_bytes message, struct told_closed_row *out);

/* ---- grants that we made ---- */

TOLD_MUST_USE enum told_status told_granted_put(struct told_vault *vault, struct told_bytes deposit,
						struct told_bytes recipient, struct told_bytes key_id,
						struct told_bytes message);
/* TOLD_OK or TOLD_E_NOT_FOUND. */
TOLD_MUST_USE enum told_status told_granted(struct told_vault *vault, struct told_bytes deposit,
					    struct told_bytes recipient, struct told_bytes key_id);
TOLD_MUST_USE enum told_status told_granted_drop(struct told_vault *vault, struct told_bytes deposit,
						 struct told_bytes recipient);

/* ---- referrals: what we wrote down about one, in plain here; who is trained for what ---- */

TOLD_MUST_USE enum told_status told_referral_doc_put(struct told_vault *vault, struct told_bytes referral,
						     struct told_bytes client, struct told_bytes doc);
TOLD_MUST_USE enum told_status told_referral_doc_get(struct told_vault *vault, struct told_arena *arena,
						     struct told_bytes referral, struct told_bytes *doc);
/* The next of all in order of their numbers; id in and out, zeroes at first. */
TOLD_MUST_USE enum told_status told_referral_doc_next(struct told_vault *vault, struct told_arena *arena,
						      uint8_t id[TOLD_ID_BYTES], struct told_bytes *client,
						      struct told_bytes *doc);
/* Everyone of whom we know a referral, by reference: the next after client (in and out). */
TOLD_MUST_USE enum told_status told_fact_next_referred(struct told_vault *vault, uint8_t client[TOLD_ID_BYTES],
						       bool first);
TOLD_MUST_USE enum told_status told_trained_put(struct told_vault *vault, struct told_bytes number,
						struct told_bytes need);
/* The next worker after `after` who is trained for a need. */
TOLD_MUST_USE enum told_status told_trained_next(struct told_vault *vault, struct told_arena *arena,
						 struct told_bytes need, struct told_bytes after,
						 struct told_bytes *number);

#endif
