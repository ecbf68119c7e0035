/* SPDX-License-Identifier: Apache-2.0 */
/* The world of a bench: a broker process, two agencies with real keys, an agreement that both signed, people who said
 * yes. Private to the bench. */
#ifndef TOLD_BENCH_WORLD_H
#define TOLD_BENCH_WORLD_H

#include "agents/keys/keys.h"
#include "agents/keys/partnership.h"
#include "broker/agree/directory.h"
#include "proto/message.h"
#include "told/client.h"

#include <limits.h>
#include <sys/types.h>

#define BENCH_PEOPLE_MAX 4096u

struct bench_party {
	const char *name;
	struct told_keys keys;
	struct told_signer *identity, *signing;
	uint8_t epoch[TOLD_ID_BYTES];
	uint64_t seq;
	bool witness;                 /* its client cosigns */
	struct told_bytes checkpoint; /* what its client starts from; empty: nothing is known */
};

struct bench_world {
	char dir[PATH_MAX], broker_dir[PATH_MAX], endpoint[TOLD_ENDPOINT_MAX_BYTES];
	const char *bin; /* folder of the programs; NULL: that of this one */
	pid_t broker;
	struct told_partnership partnership;
	struct bench_party sender, consumer;
	told_hash agreement;
	uint32_t people;
	uint8_t refs[BENCH_PEOPLE_MAX][TOLD_ID_BYTES];
};

/* Makes the folders, starts the broker, enrols both, signs, registers, records the permissions: all by signed messages
 * over the wire. Says on stderr what failed. */
TOLD_MUST_USE enum told_status bench_world_make(struct bench_world *world);
void bench_world_free(struct bench_world *world);

/* Starts the broker of the world's folder and waits until its port is open. TOLD_E_UNREACHABLE: it ended instead. */
TOLD_MUST_USE enum told_status bench_broker_start(struct bench_world *world);
/* The text of an agreement between the two that ends on a date ("2099-12-31"). */
void bench_agreement(const struct bench_world *world, const char *id, const char *until, struct told_buf *out);

/* A client of one of the two; key_of may be NULL. */
TOLD_MUST_USE enum told_status bench_connect(const struct bench_world *world, const struct bench_party *party,
					     told_key_of_fn *key_of, void *ctx, struct told_client **out);
/* Fills what every header of a party has: version, id, partnership, sender, sequence, epoch, times. Views into party
 * and arena. */
TOLD_MUST_USE enum told_status bench_header(const struct bench_world *world, struct bench_party *party,
					    struct told_arena *arena, uint32_t type, struct told_header *header);
/* A message without sections, signed alone; out lives in the arena. */
TOLD_MUST_USE enum told_status bench_sign(struct told_arena *arena, const struct told_header *header,
					  const struct told_body *body, struct told_signer *signer,
					  const uint8_t key[TOLD_KEY_BYTES], struct told_outgoing *out);

int64_t bench_wall_ms(void);
int64_t bench_boot_ms(void);
uint64_t bench_now_ns(void);

#endif
