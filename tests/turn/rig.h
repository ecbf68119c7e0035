/* SPDX-License-Identifier: Apache-2.0 */
/* The broker's loop, turn by turn, over a wire that is two arrays and a clock that the test holds. Every function fails
 * the test when the loop does. */
#ifndef TOLD_TEST_RIG_H
#define TOLD_TEST_RIG_H

#include "broker/broker.h"
#include "support/agency.h"
#include "turn/fake_wire.h"

struct rig {
	struct test_world *w;
	struct told_broker broker;
	struct told_wire wire;
	struct told_time time;
};

/* Takes over the record of a world and runs the first turn. */
struct rig *rig_of(struct test_world *w);
/* cmocka's set-up and tear-down: a rig over a world that is ready. */
int rig_set_up(void **state);
int rig_tear_down(void **state);

/* One turn; whether work is left. */
bool rig_turn(struct rig *rig);
/* Turns until nothing is left to do; how many. */
unsigned rig_turns(struct rig *rig);

/* ---- what agencies say ---- */
uint64_t rig_session(const struct test_agency *agency);
void rig_push(struct rig *rig, const struct test_agency *from, struct told_bytes envelope, struct told_bytes body);
void rig_send(struct rig *rig, const struct test_agency *from, const struct test_message *m);
void rig_say(struct rig *rig, const struct test_agency *from, unsigned kind, enum told_schema schema,
	     const void *message);
void rig_hello(struct rig *rig, const struct test_agency *from, uint64_t confirmed);
void rig_credit(struct rig *rig, const struct test_agency *from, uint32_t parcels);
/* Connects an agency that has heard what was old. */
void rig_connect(struct rig *rig, struct test_agency *agency);

/* ---- what they hear ---- */
size_t rig_heard(const struct rig *rig, const struct test_agency *agency, unsigned kind);
/* The phase that the last answer gives of a message; busy: UINT32_MAX; nothing: 0. */
uint32_t rig_answered(const struct rig *rig, const struct test_agency *agency, const struct test_message *m);

/* ---- witnesses ---- */
/* Everybody is connected, the first `count` agencies are witnesses; gives their keys. */
void rig_witnesses(struct rig *rig, struct test_keypair *keys, size_t count);
/* Time passes, and the loop turns. */
void rig_pass(struct rig *rig, int64_t ms);
struct told_checkpoint rig_newest(struct rig *rig);
/* A cosignature arrives on an agency's session, under a name of the test's choice. */
void rig_cosign_as(struct rig *rig, const struct test_agency *agency, const char *name, const struct test_keypair *key,
		   const struct told_checkpoint *checkpoint);
/* An agency signs the newest checkpoint. */
void rig_cosign(struct rig *rig, size_t which, const struct test_keypair *keys);

#endif
