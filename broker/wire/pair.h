/* SPDX-License-Identifier: Apache-2.0 */
/* What core and front say to each other over the socket pair (broker/base/frame.h carries it). An admission is the
 * number that the core gives a key when it allows it; it is never used twice, so what was denied stays denied. */
#ifndef TOLD_WIRE_PAIR_H
#define TOLD_WIRE_PAIR_H

#include "broker/base/frame.h"
#include "broker/wire/wire.h"

/* Kinds from the front are those of enum told_wire_kind: READY (first: endpoint), FAILED (number: status), MESSAGE
 * (handle: session, number: admission, envelope, body), GONE (handle, number: admission), UNSENT (handle, number:
 * token), DROPPED (handle: admission, number: count, first: reason, one byte), HEALTH (number: status). Kinds from the
 * core: */
enum told_pair_kind {
	TOLD_PAIR_ALLOW = 16, /* number: admission, first: key */
	TOLD_PAIR_DENY,       /* number: admission */
	TOLD_PAIR_LISTEN,
	TOLD_PAIR_SEND, /* handle: session, number: token, envelope, body */
	TOLD_PAIR_STOP,
};

#define TOLD_PAIR_MAX_BYTES   (TOLD_ENVELOPE_MAX_BYTES + TOLD_FRAME_MAX_BYTES)
#define TOLD_PAIR_BULK_BYTES  (2u * 1024u * 1024u) /* beyond this no messages are queued, either way */
#define TOLD_PAIR_SMALL_BYTES (1024u * 1024u)      /* and this much more for what is not a message */
#define TOLD_PAIR_QUEUE_BYTES (TOLD_PAIR_BULK_BYTES + TOLD_PAIR_MAX_BYTES + 2u * TOLD_PAIR_SMALL_BYTES)

/* As told_wire_open, with the front's entry given: for tests that put a broken lock in it. */
TOLD_MUST_USE enum told_status told_wire_open_with(const struct told_wire_config *config, told_wire_start *start,
						   told_wire_entry *entry, struct told_wire **out);

/* Waits for the front's end, at most timeout_ms, and frees it. See told_wire_close. Accepts NULL. */
enum told_status told_wire_front_end(struct told_wire_front *front, int64_t timeout_ms);

#endif
