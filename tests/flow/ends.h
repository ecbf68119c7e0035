/* SPDX-License-Identifier: Apache-2.0 */
/* The two ends of a flow as processes that may be killed at any instant: each keeps what it must not forget in files
 * that are synced before anybody is told of them. */
#ifndef TOLD_TEST_ENDS_H
#define TOLD_TEST_ENDS_H

#include "agents/bench/world.h"

#include <stdatomic.h>

/* Shared with the test: how far the ends are, and whether the sender may make more. Counts are of what is on disk. */
struct flow_ends {
	_Atomic uint32_t made, answered, received, handed_on;
	_Atomic bool enough; /* the sender makes no more */
	_Atomic bool done;   /* both end */
};

/* Run for ever, or until done, then TOLD_OK; a fork of the test calls one of them. DIR/outbox, DIR/answered, DIR/note
 * (the checkpoint). */
TOLD_MUST_USE enum told_status flow_sender_run(struct bench_world *world, struct flow_ends *ends);
/* DIR/inbox: message ids, synced before they are acknowledged; DIR/application: each handed on once. */
TOLD_MUST_USE enum told_status flow_consumer_run(struct bench_world *world, struct flow_ends *ends);

/* A file of message ids, and whether an id is in it. Room for FLOW_IDS_MAX. */
#define FLOW_IDS_MAX 65536u
struct flow_ids {
	uint8_t (*items)[TOLD_ID_BYTES];
	size_t count;
	int fd;
};
/* Reads what is there and opens the end for appending; half a record at the end, which a kill left, is cut off. */
TOLD_MUST_USE enum told_status flow_ids_open(struct flow_ids *ids, const char *dir, const char *name);
void flow_ids_close(struct flow_ids *ids);
bool flow_ids_has(const struct flow_ids *ids, const uint8_t id[TOLD_ID_BYTES]);
TOLD_MUST_USE enum told_status flow_ids_add(struct flow_ids *ids, const uint8_t id[TOLD_ID_BYTES]);
TOLD_MUST_USE enum told_status flow_ids_sync(const struct flow_ids *ids);

/* The ids of all that an outbox holds. */
TOLD_MUST_USE enum told_status flow_outbox_ids(const char *dir, struct flow_ids *out);

#endif
