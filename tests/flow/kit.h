/* SPDX-License-Identifier: Apache-2.0 */
/* A partnership of real processes for tests: a broker, two agencies' sessions over real sockets, real keys
 * (agents/bench makes the world), every wait on a state with a deadline. Whatever fails inside fails the test. */
#ifndef TOLD_TEST_FLOW_H
#define TOLD_TEST_FLOW_H

#include "agents/bench/world.h"
#include "broker/decide/codes.h"
#include "support/support.h"

#define FLOW_WAIT_MS INT64_C(20000) /* a state that is not there by then does not come */
#define FLOW_HEARD   8192u
#define FLOW_PEERS   6u

/* What came back for a message. */
struct flow_answer {
	uint8_t id[TOLD_ID_BYTES];
	uint32_t outcome, phase;
	uint32_t status; /* refused before a ruling */
	uint32_t code;   /* the ruling's first reason */
	uint64_t index;
	told_hash header_hash;
	uint8_t leaf[512]; /* the entry, as it came */
	size_t leaf_len, path_count;
	bool opened; /* some part of the entry came with it */
	bool busy;   /* not taken: nothing else is set */
};

/* A parcel that came. */
struct flow_parcel {
	uint8_t parcel[TOLD_ID_BYTES], message[TOLD_ID_BYTES];
	uint32_t type, result;
	size_t sections;
	char content[32]; /* how the first section begins */
};

/* One agency's session. */
struct flow_peer {
	struct flow *flow;
	struct bench_party *party;
	struct told_client *client;
	struct told_parties *parties; /* what it has verified itself */
	struct told_directory *directory;
	struct flow_answer answers[FLOW_HEARD];
	struct flow_parcel parcels[FLOW_HEARD];
	struct told_ack_entry acks[TOLD_ACK_LINES_MAX];
	size_t answer_count, parcel_count, ack_count, acked;
	uint32_t ready_count, lost_count;
	size_t view_count, viewed; /* looks at the log that gave something; how many entries the last one gave */
	enum told_status fault;
	bool silent;    /* acknowledges nothing */
	bool forgetful; /* folds no agreement: knows of no fingerprint */
};

struct flow {
	struct bench_world world;
	struct told_arena *arena; /* of all that the test makes */
	struct flow_peer *peers[FLOW_PEERS];
	size_t peer_count;
	int64_t boot_shift_ms; /* how far the sessions' clock is ahead */
};

/* A world of `people` persons whose permission stands; nobody is connected. */
struct flow *flow_new(uint32_t people);
struct flow *flow_new_at(uint32_t people, const char *dir);
/* Stops the broker, which must end in order, and frees all. */
void flow_free(struct flow *flow);

/* The broker process. flow_fix_endpoint: from now on it listens on an address of its own, the same after each start. */
void flow_fix_endpoint(struct flow *flow);
void flow_broker_start(struct flow *flow);
void flow_broker_kill(struct flow *flow);
/* SIGTERM; gives its exit code, which must come within 5 s (rules A16). */
int flow_broker_stop(struct flow *flow);
/* Has told-audit check the store against a checkpoint that an agency holds; gives its exit code. The broker must be
 * stopped, the checkpoint kept before (flow_keep_checkpoint). */
void flow_keep_checkpoint(struct flow_peer *peer);
int flow_audit(struct flow *flow);

/* Runs a program of ours and gives its exit code; text (may be NULL) gets stdout and stderr, NUL-terminated. */
int flow_run(const char *const *argv, struct told_buf *text);
/* The full path of a program of ours; NULL when it was not built. Static memory, reused. */
const char *flow_program(const char *name);
/* Ends a process of ours and gives its exit code, or -signal. */
int flow_end(pid_t pid, int signal);

/* A session as one of the two. pulls: takes parcels and believes what it has folded. */
struct flow_peer *flow_join(struct flow *flow, struct bench_party *party, bool pulls);
/* Ends the session; what was heard stays readable. */
void flow_leave(struct flow_peer *peer);
/* Opens it again, from the checkpoint it had. */
void flow_rejoin(struct flow_peer *peer);

/* Pumps every session until done(ctx) holds; false when it does not within limit_ms. */
typedef bool flow_done(void *ctx);
bool flow_until(struct flow *flow, flow_done *done, void *ctx, int64_t limit_ms);
void flow_until_ready(struct flow_peer *peer);
/* Pumps until everything that was sent before is answered: a question to the broker, and its answer. */
void flow_send(struct flow_peer *peer, const struct told_outgoing *message);
/* The last answer for an id, once there is one. */
const struct flow_answer *flow_answer(struct flow_peer *peer, const uint8_t id[TOLD_ID_BYTES]);
/* Sends and waits for the answer. */
const struct flow_answer *flow_say(struct flow_peer *peer, const struct told_outgoing *message);
/* The parcel that carries this message, once it is there; NULL at once when `limit_ms` is over. */
const struct flow_parcel *flow_parcel(struct flow_peer *peer, const uint8_t message[TOLD_ID_BYTES], int64_t limit_ms);
/* How many parcels carried this message. */
size_t flow_times(const struct flow_peer *peer, const uint8_t message[TOLD_ID_BYTES]);

/* ---- messages ---- */

/* How an update from the sender to the consumer differs from a good one; zero is a good one. */
struct flow_twist {
	const char *to, *author, *agreement;
	const told_hash *agreement_hash;
	uint32_t agreement_version; /* 0: 1 */
	int64_t created_shift_ms, expires_in_ms;
	const uint8_t *client, *id;
	size_t size;
	uint32_t person;
	const char *content;
	struct bench_party *as; /* whose header it is; NULL: the sender's */
};
struct told_outgoing flow_update(struct flow *flow, const struct flow_twist *twist);
/* A header with a body, signed with the key that its type asks for. */
struct told_outgoing flow_signed(struct flow *flow, struct bench_party *as, const struct told_header *header,
				 const struct told_body *body);
struct told_header flow_header(struct flow *flow, struct bench_party *as, uint32_t type);
/* A permission for the consumer, recorded by `as`. */
struct told_outgoing flow_consent(struct flow *flow, struct bench_party *as, const uint8_t client[TOLD_ID_BYTES]);
/* Takes back every permission of a person. */
struct told_outgoing flow_withdrawal(struct flow *flow, struct bench_party *as, const uint8_t client[TOLD_ID_BYTES]);
/* One line of the register: until_ms 0 is open. */
struct told_outgoing flow_worker(struct flow *flow, struct bench_party *as, const char *number, uint64_t until_ms);
/* An agreement with this file. */
struct told_outgoing flow_agreement(struct flow *flow, struct bench_party *as, const char *id, struct told_bytes file);
/* A message of the operator's (PARTNER); the operator's session is separate. */
struct told_outgoing flow_partner(struct flow *flow, uint32_t action, const struct bench_party *about);
struct flow_peer *flow_join_operator(struct flow *flow);

/* What was acknowledged is still there and the way is open: a good update goes through to the consumer. */
void flow_still_good(struct flow_peer *sender, struct flow_peer *consumer);

#endif
