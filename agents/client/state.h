/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the client share: the trail of checkpoints, what is on its way, the session. Room-internal. */
#ifndef TOLD_CLIENT_STATE_H
#define TOLD_CLIENT_STATE_H

#include "agents/client/socket/socket.h"
#include "proto/message.h"
#include "proto/session.h"
#include "told/client.h"
#include "told/proof.h"

#define TOLD_TRAIL_MAX        64u   /* sizes we told the broker of late: an answer's proof may start from any of them */
#define TOLD_FLIGHT_MAX       1024u /* sent and not answered: four batches */
#define TOLD_FLIGHT_SLOTS     2048u
#define TOLD_CLIENT_KEYS_KEPT 32u
#define TOLD_CLIENT_HEAP      (96u * 1024u * 1024u) /* one frame of 2 MiB, decoded, opened and checked */

/* ---- checkpoints (trail.c) ---- */

struct told_point {
	uint64_t size;
	told_hash root;
};
struct told_trail {
	struct told_vkey vkey; /* its name points into vkey_text */
	char vkey_text[256];
	told_log_keys_fn *log_keys; /* may be NULL */
	void *ctx;
	int64_t wall_ms;                        /* now, as the last pump said */
	struct told_point told[TOLD_TRAIL_MAX]; /* sizes that the broker was told as confirmed */
	size_t told_count, told_next;
	bool from_nothing;        /* this session began with nothing confirmed: proofs may still start there */
	struct told_point newest; /* checked; size 0 before the first */
	struct told_buf note;     /* of newest */
};

/* Takes the log's keys and the note kept from last time (may be empty). TOLD_E_CONFIG. */
enum told_status told_trail_open(struct told_trail *trail, const struct told_client_config *config);
void told_trail_free(struct told_trail *trail);
/* The broker is told that newest is confirmed. */
void told_trail_tell(struct told_trail *trail);
/* A note of this log, signed by a key whose time is not over, nothing said of its place. TOLD_E_SIGNATURE,
 * TOLD_E_MALFORMED, TOLD_E_FORK (same size, other root than what was checked before). */
enum told_status told_trail_read(const struct told_trail *trail, struct told_bytes note, struct told_point *out);
/* The same, proved consistent with what the broker was told; then a key whose time is over is enough for what lies
 * within that. TOLD_E_FORK when it is not; TOLD_E_UNKNOWN when the proof starts from a size that we never named.
 * Becomes newest when it is. */
enum told_status told_trail_follow(struct told_trail *trail, struct told_bytes note, uint64_t from_size,
				   struct told_bytes_list proof, struct told_point *out);
/* SHA-256 of the newest key of the log that is known. */
void told_trail_key_id(const struct told_trail *trail, told_hash *id);
/* As 32-byte hashes. TOLD_E_MALFORMED, TOLD_E_LIMIT. */
enum told_status told_hashes_of(struct told_bytes_list list, told_hash *out, size_t room);

/* ---- what is on its way (flight.c) ---- */

struct told_flight {
	uint8_t id[TOLD_ID_BYTES];
	told_hash header_hash, envelope_hash, key_id;
	uint64_t sender_seq;
	uint32_t type;
	int64_t sent_boot_ms;
	bool used;
};
struct told_flights {
	struct told_flight slots[TOLD_FLIGHT_SLOTS];
	size_t count;
};
struct told_flight *told_flights_find(struct told_flights *flights, struct told_bytes id);
/* A new row; NULL when it is full or the id is there. */
struct told_flight *told_flights_add(struct told_flights *flights, const uint8_t id[TOLD_ID_BYTES]);
/* One that was sent at or before boot_ms; NULL when there is none. */
struct told_flight *told_flights_overdue(struct told_flights *flights, int64_t boot_ms);
void told_flights_remove(struct told_flights *flights, struct told_flight *flight);
void told_flights_clear(struct told_flights *flights);

/* ---- the session ---- */

struct told_client_key {
	uint8_t key[TOLD_KEY_BYTES];
	struct told_verifier *verifier;
};

struct told_client {
	struct told_socket *socket;
	struct told_arena *arena;   /* of the frame in hand */
	struct told_arena *scratch; /* of one send: events may still be looked at */
	struct told_trail trail;
	struct told_flights flights;
	struct told_buf partnership, party, program;
	uint8_t epoch[TOLD_ID_BYTES];
	struct told_sealing_key sealing[TOLD_SEALING_KEYS_MAX];
	size_t sealing_count;
	struct told_signer *witness;
	uint8_t witness_key[TOLD_KEY_BYTES];
	struct told_client_log ended[TOLD_LOGS_MAX]; /* that we accepted the end of */
	size_t ended_count;
	uint64_t log_number, base; /* of the newest that we accepted */
	bool knows_nothing;        /* of any log: the first that is shown is followed */
	told_key_of_fn *key_of;
	void *key_ctx;
	struct told_client_key keys[TOLD_CLIENT_KEYS_KEPT];
	size_t next_key;

	uint64_t connections; /* of the socket, as of the last hello */
	bool hailed, ready, shut;
	bool offered;         /* the newest checkpoint is to be cosigned once it is stored */
	uint64_t hailed_size; /* what the last hello named: the welcome is proved from there */
	int64_t hailed_boot_ms, heard_boot_ms, beaten_boot_ms, cosigned_boot_ms;
	int64_t boot_ms, looked_boot_ms;   /* now, as the last pump said; when overdue flights were looked for */
	int64_t told_utc_ms, told_boot_ms; /* what the broker said that its clock shows, and when it did */
	uint32_t credit;                   /* parcels that may still come */
};

/* One frame of each kind, checked; events go to fn. */
enum told_status told_client_take_answer(struct told_client *client, struct told_bytes body, told_client_event_fn *fn,
					 void *ctx);
enum told_status told_client_take_parcel(struct told_client *client, struct told_bytes body, told_client_event_fn *fn,
					 void *ctx);
enum told_status told_client_take_view(struct told_client *client, struct told_bytes body, told_client_event_fn *fn,
				       void *ctx);

/* ---- answer.c: what answers and views share ---- */

/* A run of entries that was checked under a checkpoint, its proof as hashes; all in the frame's arena. */
struct told_run_read {
	const struct told_run *run;
	told_hash *leaves;
	told_hash left[TOLD_PROOF_MAX], right[TOLD_PROOF_MAX];
};
/* Checks each run. TOLD_E_PROOF, TOLD_E_LIMIT. */
enum told_status told_runs_read(struct told_client *client, const struct told_point *point,
				const struct told_run_list *list, struct told_run_read **out);
/* The path of one of its entries under a checkpoint of that size. */
enum told_status told_run_read_path(const struct told_run_read *read, uint64_t size, size_t which,
				    told_hash path[TOLD_PROOF_MAX], size_t *count);
/* A part that was opened must be the one that the leaf commits to: TOLD_E_COMMITMENT. */
enum told_status told_part_check(struct told_bytes salt, struct told_bytes part, struct told_bytes commitment);
/* Checkpoint and consistency of an answer: *point is what its entries are proved under, *base how the first entry of
 * its log is counted. TOLD_E_UNKNOWN: it goes from a size that this session did not name. */
enum told_status told_client_follow(struct told_client *client, struct told_bytes note, uint64_t from_size,
				    struct told_bytes_list consistency, struct told_point *point, uint64_t *base);
/* The log's next key, as a welcome proves it: under a checkpoint which the newest key known signed, and which is of the
 * history that we know. TOLD_OK: the caller knows it now. TOLD_E_EXISTS: it did.
 * TOLD_E_SIGNATURE, TOLD_E_PROOF, TOLD_E_FORK, TOLD_E_KEY. */
enum told_status told_client_take_log_key(struct told_client *client, const struct told_log_key_proof *proof,
					  told_client_event_fn *fn, void *ctx);
/* The broker speaks as if it did not know our session (its end of it was lost): the session begins anew with a hello.
 */
enum told_status told_client_begin_anew(struct told_client *client, told_client_event_fn *fn, void *ctx);
/* ---- logs.c: one log after another ---- */

/* The log of a note as it is proved: ours, or one that ended, whose last checkpoint it must be. *base: how its first
 * entry is counted. TOLD_E_SIGNATURE, TOLD_E_MALFORMED, TOLD_E_FORK: that log ended otherwise. */
enum told_status told_client_ended(const struct told_client *client, struct told_bytes note, struct told_point *point,
				   uint64_t *base);
/* Whether a note says that it is of a log that we know to have ended. */
bool told_client_is_ended(const struct told_client *client, struct told_bytes note);
/* A welcome of another log than ours. */
enum told_status told_client_hear_other(struct told_client *client, const struct told_welcome *welcome,
					told_client_event_fn *fn, void *ctx);

/* Says what cannot be; after a fork the session stays shut. */
enum told_status told_client_fault(struct told_client *client, enum told_status status, struct told_bytes note,
				   told_client_event_fn *fn, void *ctx);

#endif
