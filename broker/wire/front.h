/* SPDX-License-Identifier: Apache-2.0 */
/* The front: what runs behind told_wire_run. It holds libzmq and the CURVE secret, no database and no signing key, and
 * may die at any time without anything acknowledged being lost (rules 13). One thread, and one for ZAP. */
#ifndef TOLD_WIRE_FRONT_H
#define TOLD_WIRE_FRONT_H

#include "broker/wire/drops.h"
#include "broker/wire/pair.h"
#include "broker/wire/probe.h"
#include "broker/wire/sessions.h"
#include "broker/wire/zap.h"

/* What makes the lock. Tests put broken ones in; everything else uses told_front_doors. */
struct told_front_doors {
	told_zap_answer *answer;
	told_router_secure *secure;
};

extern const struct told_front_doors told_front_doors;

struct told_front {
	const struct told_wire_config *config;
	struct told_clock clock;
	int core_fd;
	struct told_frame_pipe *core;
	void *context, *router, *monitor;
	struct told_zap *zap;
	struct told_gate *gate;
	struct told_sessions *sessions;
	struct told_drops drops;
	struct told_probe *probe; /* NULL between probes */
	uint8_t server_key[TOLD_KEY_BYTES];
	char port[8]; /* ":7443", once listening */
	int64_t next_probe_ms, next_report_ms;
	bool tested;            /* the self-test passed once */
	bool listen, listening; /* asked to; done */
	bool stop;
	enum told_status health;
};

/* told_wire_run with other doors. */
TOLD_MUST_USE enum told_status told_front_run(const struct told_wire_config *config, int core_fd,
					      const struct told_front_doors *doors);

/* Tells the core. There is always room for what is small; TOLD_E_INTERNAL when there is not. */
TOLD_MUST_USE enum told_status told_front_say(struct told_front *front, const struct told_frame *frame);

/* Forgets a session, and tells the core. */
TOLD_MUST_USE enum told_status told_front_gone(struct told_front *front, struct told_session *session);

/* Opens the public port when it was asked for and the self-test has passed; says READY. */
TOLD_MUST_USE enum told_status told_front_listen(struct told_front *front);

/* inbound.c: takes what peers sent, a bounded number of messages, and passes on what has shape and identity. */
TOLD_MUST_USE enum told_status told_inbound_take(struct told_front *front);

/* orders.c: does what the core says, as far as there is room to answer. */
TOLD_MUST_USE enum told_status told_orders_obey(struct told_front *front);

/* watch.c: connections that ended, handshakes that failed, the probe of our own lock, the counts for the core. */
TOLD_MUST_USE enum told_status told_watch_open(struct told_front *front);
TOLD_MUST_USE enum told_status told_watch_look(struct told_front *front);
/* How long a turn may wait before the watch has something to do. */
int64_t told_watch_wait_ms(const struct told_front *front);
void told_watch_close(struct told_front *front);

#endif
