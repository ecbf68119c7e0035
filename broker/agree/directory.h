/* SPDX-License-Identifier: Apache-2.0 */
/* What a verifier of signatures knows: parties, keys, agreements and who signed them, workers. Built by applying facts
 * that are verified already, one by one, in the order of the log; never changed in any other way. Pure memory, no I/O,
 * no clock. The broker, an agent and told-audit build the same directory from the same entries. */
#ifndef TOLD_AGREE_DIRECTORY_H
#define TOLD_AGREE_DIRECTORY_H

#include "broker/agree/party.h"
#include "told/codes.h"
#include "told/proof.h"
#include "told/vocabulary.h"

struct told_agreement;
struct told_directory;

/* The place of a fact: its number in the log and the log's time there. Facts come in order of number. */
struct told_entry {
	uint64_t number;
	int64_t utc_ms;
};

/* When a question is asked: the time, and how much of the log counts (facts whose number is below log_size). */
struct told_when {
	int64_t utc_ms;
	uint64_t log_size;
};

#define TOLD_WHOLE_LOG UINT64_MAX
#define TOLD_NO_END    INT64_MAX /* the end of what has none */

/* The most of each that a directory holds: a bound on memory, far above any partnership. */
#define TOLD_DIRECTORY_KEYS_MAX       262144u
#define TOLD_DIRECTORY_WORKERS_MAX    1048576u
#define TOLD_DIRECTORY_AGREEMENTS_MAX 4096u
#define TOLD_DIRECTORY_SIGNATURES_MAX 262144u
#define TOLD_WORKER_TEAMS_MAX         16u

TOLD_MUST_USE enum told_status told_directory_new(struct told_directory **out);
void told_directory_free(struct told_directory *directory);

/* For every apply function: E_USAGE when the entry's number is below one applied before; E_LIMIT, E_MEMORY; after any
 * failure the directory is as before. Text and bytes are copied. */

/* ---- parties (PARTNER, signed by the operator) ---- */

enum told_party_state {
	TOLD_PARTY_UNKNOWN,
	TOLD_PARTY_ENROLLED,
	TOLD_PARTY_SUSPENDED,
	TOLD_PARTY_LEFT,
	TOLD_PARTY_REVOKED, /* all its keys are; only a new enrolment helps */
	TOLD_PARTY_STATE_COUNT
};

struct told_partner_fact {
	uint32_t party;
	enum told_partner_action action;
	const uint8_t *identity_key; /* 32 bytes, of ENROL; else NULL */
	const uint8_t *session_key;  /* 32 bytes or NULL, of ENROL */
};

/* E_EXISTS when nothing would change, E_NOT_FOUND for a party that is not enrolled, E_KEY for an unsafe or used key. */
TOLD_MUST_USE enum told_status told_directory_apply_partner(struct told_directory *directory, struct told_entry entry,
							    const struct told_partner_fact *fact);
enum told_party_state told_directory_party(const struct told_directory *directory, uint32_t party,
					   struct told_when when);

/* ---- keys (KEY_RECORD, signed by the party's identity key; protocol section 1) ---- */

struct told_key_fact {
	uint32_t party;
	enum told_key_action action;
	enum told_key_purpose purpose;
	struct told_bytes worker; /* the staff number, of contact keys only */
	const uint8_t *key;       /* 32 bytes */
	int64_t from_utc_ms;      /* of ISSUE: half-open; until 0 means no end */
	int64_t until_utc_ms;
	uint32_t number; /* of ISSUE: above all of this party, purpose and worker since its newest identity key */
};

/* ISSUE: E_EXISTS when this key has this very job already; E_KEY when it is enrolled for another party, purpose or
 * worker, unsafe (small order, not canonical), or its number or times are wrong; E_NOT_FOUND when the party is not
 * enrolled (the operator's and the log's key need no party). RETIRE, REVOKE: E_NOT_FOUND, E_EXISTS when it is already.
 */
TOLD_MUST_USE enum told_status told_directory_apply_key(struct told_directory *directory, struct told_entry entry,
							const struct told_key_fact *fact);

enum told_key_standing {
	TOLD_KEY_UNKNOWN, /* never seen for this party and purpose, or not yet in this much of the log */
	TOLD_KEY_NOT_YET,
	TOLD_KEY_CURRENT,
	TOLD_KEY_GRACE, /* retired less than TOLD_KEY_GRACE_MS ago (the log's: TOLD_LOG_KEY_GRACE_MS): still believed,
			   never chosen */
	TOLD_KEY_ENDED, /* past its end (no grace: everybody knew it), or the grace is over */
	TOLD_KEY_REVOKED
};

struct told_key {
	uint32_t party;
	enum told_key_purpose purpose;
	uint8_t key[TOLD_KEY_BYTES];
	told_hash id;
	int64_t from_utc_ms, until_utc_ms;
	struct told_entry issued, retired, revoked; /* number TOLD_WHOLE_LOG: it has not happened */
	uint32_t number;
	char worker[TOLD_NAME_MAX_BYTES + 1];
};

enum told_key_standing told_key_standing(const struct told_key *key, struct told_when when);
/* When it is over for good, as far as is known; TOLD_NO_END. */
int64_t told_key_ends_ms(const struct told_key *key);

/* The key of this party, purpose and id when it may be believed then (current or in grace); else E_KEY and *out NULL.
 * *out lives until the next apply. */
TOLD_MUST_USE enum told_status told_directory_key(const struct told_directory *directory, uint32_t party,
						  enum told_key_purpose purpose, const told_hash *id,
						  struct told_when when, const struct told_key **out);

/* The key to use now: current, of the highest number. worker: of contact keys, else empty. E_NOT_FOUND. */
TOLD_MUST_USE enum told_status told_directory_current_key(const struct told_directory *directory, uint32_t party,
							  enum told_key_purpose purpose, struct told_bytes worker,
							  struct told_when when, const struct told_key **out);

/* Every key in the order applied; NULL past the last. Lives until the next apply. */
const struct told_key *told_directory_key_at(const struct told_directory *directory, size_t index);

/* ---- agreements (AGREEMENT_SIGN, AGREEMENT_SUSPEND, signed by identity keys; design section 4) ---- */

/* Takes ownership of *agreement and nulls it, also when E_EXISTS says that these bytes are known. */
TOLD_MUST_USE enum told_status told_directory_apply_agreement(struct told_directory *directory, struct told_entry entry,
							      struct told_agreement **agreement);

/* party signed the exact bytes. E_NOT_FOUND for unknown bytes, E_NOT_ALLOWED when they do not name it as a party that
 * signs, E_EXISTS when it has signed them and not left since, E_EQUIVOCATION when it has signed other bytes of the same
 * id and version. */
TOLD_MUST_USE enum told_status told_directory_apply_signature(struct told_directory *directory, struct told_entry entry,
							      uint32_t party, const told_hash *sha256);

/* A party suspends, leaves or lifts, for itself and at once. A suspension between two parties ends when each of the two
 * has lifted after it. Leaving ends its signatures under this id. E_NOT_FOUND unless it has signed a version. */
TOLD_MUST_USE enum told_status told_directory_apply_agreement_action(struct told_directory *directory,
								     struct told_entry entry, uint32_t party,
								     struct told_bytes id,
								     enum told_agreement_action action);

/* The agreement of these bytes; with sha256 NULL the one of this id and version that most parties have signed, of
 * equals the first. NULL when there is none. Borrowed; lives as long as the directory. */
const struct told_agreement *told_directory_agreement(const struct told_directory *directory, struct told_bytes id,
						      uint32_t version, const told_hash *sha256, struct told_when when);

bool told_directory_signed(const struct told_directory *directory, const struct told_agreement *agreement,
			   uint32_t party, struct told_when when);

/* The highest version of this id that the party has signed and not left; 0 when there is none. */
uint32_t told_directory_signed_version(const struct told_directory *directory, struct told_bytes id, uint32_t party,
				       struct told_when when);

/* Both have signed these exact bytes and neither has left; who is `contact: only` or a person need not sign, but one of
 * the two must have. Its dates and suspensions are not asked. */
bool told_directory_in_force(const struct told_directory *directory, const struct told_agreement *agreement, uint32_t a,
			     uint32_t b, struct told_when when);

/* The version of this id that governs between the two: in force, the highest of those that have begun; if none has
 * begun, the lowest. NULL when none is in force. */
const struct told_agreement *told_directory_governing(const struct told_directory *directory, struct told_bytes id,
						      uint32_t a, uint32_t b, struct told_when when);

/* One of the two has suspended this agreement and not both have lifted it. */
bool told_directory_suspended(const struct told_directory *directory, struct told_bytes id, uint32_t a, uint32_t b,
			      struct told_when when);

/* `by` has signed an agreement that names this key's fingerprint for the party: what an agent asks before it believes
 * an identity key (protocol section 1). */
bool told_directory_vouched(const struct told_directory *directory, uint32_t by, uint32_t party,
			    const told_hash *identity_key_id, struct told_when when);

/* The agreements that name both, in the order applied, one a call, *cursor starting at 0; NULL past the last. Takes no
 * longer for the agreements of others. */
const struct told_agreement *told_directory_between(const struct told_directory *directory, uint32_t a, uint32_t b,
						    size_t *cursor);

/* Every agreement in the order applied; NULL past the last. For lists and for the sender's own choice. */
const struct told_agreement *told_directory_agreement_at(const struct told_directory *directory, size_t index);

/* ---- workers (WORKER_REGISTER, signed by the party) ---- */

struct told_worker {
	uint32_t party;
	struct told_bytes number; /* random staff number, never a name */
	enum told_worker_kind kind;
	uint32_t roles; /* bit (role - 1) of enum told_role */
	struct told_bytes teams[TOLD_WORKER_TEAMS_MAX];
	size_t team_count;
	int64_t from_utc_ms, until_utc_ms; /* half-open; until 0 or TOLD_NO_END: open */
	struct told_bytes same_as;         /* another number of the same human, or empty */
};

/* A newer line of the same number replaces the older. E_MALFORMED for an empty or long number, E_NOT_FOUND when the
 * party is not enrolled. */
TOLD_MUST_USE enum told_status told_directory_apply_worker(struct told_directory *directory, struct told_entry entry,
							   const struct told_worker *worker);

/* The worker's line as it stands in this much of the log, live or not; NULL when unknown. Lives until the next apply.
 */
const struct told_worker *told_directory_worker(const struct told_directory *directory, uint32_t party,
						struct told_bytes number, struct told_when when);

/* Every line of every register in the order applied; NULL past the last. For lists and guesses. */
const struct told_worker *told_directory_worker_at(const struct told_directory *directory, size_t index);

/* from <= t < until. */
bool told_worker_live(const struct told_worker *worker, int64_t t_utc_ms);

/* The two numbers are one, or lines of the register say that one human has both, directly or over others. */
bool told_directory_same_human(const struct told_directory *directory, uint32_t party, struct told_bytes a,
			       struct told_bytes b, struct told_when when);

#endif
