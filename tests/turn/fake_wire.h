/* SPDX-License-Identifier: Apache-2.0 */
/* A wire without sockets for tests of the loop: what the test pushes arrives, what the broker sends is kept. */
#ifndef TOLD_TEST_FAKE_WIRE_H
#define TOLD_TEST_FAKE_WIRE_H

#include "broker/wire/wire.h"
#include "support/support.h"

#define FAKE_QUEUE_MAX 1024

struct fake_sent {
	uint64_t session, token;
	struct told_bytes envelope, body; /* malloc'd */
};

struct told_wire {
	struct told_wire_message queue[FAKE_QUEUE_MAX];
	size_t head, tail;
	struct fake_sent sent[FAKE_QUEUE_MAX];
	size_t sent_count;
	size_t allowed, denied;
	bool listening, full; /* full: every send is turned away */
};

/* Bytes stay the test's and live until the turn is over. */
void fake_push(struct told_wire *wire, struct told_wire_message message);
/* Forgets what was sent. */
void fake_forget(struct told_wire *wire);

#endif
