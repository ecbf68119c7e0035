/* SPDX-License-Identifier: Apache-2.0 */
/* Wire, the first room, as the core sees it: bounded, shaped messages of known parties, and nothing of ZeroMQ.
 * What runs behind it (the front) is a thread or a process; the core speaks to it over a stream socket pair. */
#ifndef TOLD_WIRE_WIRE_H
#define TOLD_WIRE_WIRE_H

#include "broker/base/log.h"
#include "told/bytes.h"
#include "told/limits.h"

#define TOLD_WIRE_KEYS_MAX             512u /* session keys: every partner of a large area, twice during a rotation */
#define TOLD_WIRE_SESSIONS_PER_KEY_MAX 8u   /* a restart leaves old sessions behind; more is an agent gone wrong */

/* Borrowed by told_wire_open for the call; copied where it must live on. Zero means the default of the text. */
struct told_wire_config {
	const char *endpoint;               /* "tcp://[::]:7443"; port 0 asks the system for one */
	uint8_t secret_key[TOLD_KEY_BYTES]; /* CURVE long-term secret key, raw */
	const struct told_log *log;         /* may be NULL; outlives the front */
	int handshake_ms;                   /* a peer that has not said who it is by then is cut; 4000 */
	int high_water;                     /* messages queued in memory for one peer; 128: queues live on disk */
	int64_t probe_ms;                   /* how often the front tries its own lock with a throw-away key; 30000 */
};

/* Runs the front until the core says STOP or closes core_fd, which it takes over. Never returns OK without having been
 * asked to stop. Statuses: TOLD_E_CONFIG (the socket is not as locked as it must be), TOLD_E_KEY (published key),
 * TOLD_E_IN_USE (port), TOLD_E_SYSTEM. */
TOLD_MUST_USE enum told_status told_wire_run(const struct told_wire_config *config, int core_fd);

/* How the front runs. One line in main chooses. */
struct told_wire_front;
typedef enum told_status told_wire_entry(const struct told_wire_config *config, int core_fd);
typedef enum told_status told_wire_start(const struct told_wire_config *config, int core_fd, int pair_fd,
					 told_wire_entry *entry, struct told_wire_front **out);
/* In a thread of this process. */
told_wire_start told_wire_start_thread;
/* In a process of its own: forks, so call it before any thread, ZeroMQ context or database exists (rules A17). */
told_wire_start told_wire_start_process;

struct told_wire;

/* Starts the front: ZAP handler, locks read back, self-test; the public port stays shut until told_wire_listen. The
 * outcome comes as READY or FAILED. The caller wipes its copy of the secret key. TOLD_E_SYSTEM, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_wire_open(const struct told_wire_config *config, told_wire_start *start,
					      struct told_wire **out);

/* Opens the public port once the self-test has passed. Allow the known keys first, or agents are turned away once. */
TOLD_MUST_USE enum told_status told_wire_listen(struct told_wire *wire);

/* What to poll for: the descriptor and the events (POLLIN, and POLLOUT while something waits to be written). */
int told_wire_fd(const struct told_wire *wire);
short told_wire_events(const struct told_wire *wire);

enum told_wire_kind {
	TOLD_WIRE_READY = 1, /* the port is open: envelope is the endpoint as bound, with its real port */
	TOLD_WIRE_FAILED,    /* the front did not start or had to stop: status */
	TOLD_WIRE_MESSAGE,   /* session, party, envelope, body */
	TOLD_WIRE_GONE,      /* session, party: the connection ended; nothing more can be sent on it */
	TOLD_WIRE_UNSENT,    /* session, token: that message was not sent; it still lies in the record */
	TOLD_WIRE_DROPPED,   /* party (empty: unknown), reason, count since the last such message */
	TOLD_WIRE_HEALTH,    /* status: TOLD_OK, or why nobody new can get in */
};

/* Why something was turned away before it became a message (protocol section 5: only counted). */
enum told_wire_reason {
	TOLD_WIRE_DROP_FRAMES = 1, /* not exactly two frames */
	TOLD_WIRE_DROP_SIZE,       /* a frame over its limit, or an empty envelope */
	TOLD_WIRE_DROP_IDENTITY,   /* no identity, or one that is no longer allowed */
	TOLD_WIRE_DROP_KEY,        /* handshake with a key that is not allowed */
	TOLD_WIRE_DROP_SILENT,     /* a connection that ended before its first message, whatever the cause */
	TOLD_WIRE_REASON_COUNT
};

/* Views are valid until the next call of told_wire_next. */
struct told_wire_message {
	enum told_wire_kind kind;
	uint64_t session, token, count;
	enum told_wire_reason reason;
	enum told_status status;
	struct told_bytes party, envelope, body;
};

/* The next message. TOLD_E_BUSY: none now; TOLD_E_UNREACHABLE: the front is dead, close and open anew;
 * TOLD_E_MALFORMED, TOLD_E_LIMIT: it went mad, the same. After told_wire_deny returned, no message of that key is ever
 * given out. */
TOLD_MUST_USE enum told_status told_wire_next(struct told_wire *wire, struct told_wire_message *out);

/* Queues a message for a session; token comes back in UNSENT when it could not be sent. TOLD_E_BUSY: too much waits
 * already; TOLD_E_LIMIT: too large. */
TOLD_MUST_USE enum told_status told_wire_send(struct told_wire *wire, uint64_t session, uint64_t token,
					      struct told_bytes envelope, struct told_bytes body);

/* Writes what is queued; once a turn. TOLD_OK also when some still waits (see told_wire_events). */
TOLD_MUST_USE enum told_status told_wire_flush(struct told_wire *wire);

/* Lets a session key in as party. TOLD_E_KEY: a published or unsafe key; TOLD_E_EXISTS: the key is another party's;
 * TOLD_E_MALFORMED: the party id; TOLD_E_LIMIT: too many keys. Allowing twice is allowing once. */
TOLD_MUST_USE enum told_status told_wire_allow(struct told_wire *wire, const uint8_t key[TOLD_KEY_BYTES],
					       struct told_bytes party);

/* Shuts a session key out, cuts its live sessions and drops what they had sent. Flushed at once. TOLD_E_NOT_FOUND. */
TOLD_MUST_USE enum told_status told_wire_deny(struct told_wire *wire, const uint8_t key[TOLD_KEY_BYTES]);

/* Stops the front and frees all; waits at most 5 s, then kills (process) or leaves it behind (thread) with
 * TOLD_E_TIMEOUT. Otherwise the status that the front ended with. Accepts NULL. */
enum told_status told_wire_close(struct told_wire *wire);

/* A fresh CURVE key pair, raw. TOLD_E_RANDOM. */
TOLD_MUST_USE enum told_status told_wire_keypair(uint8_t public_key[TOLD_KEY_BYTES],
						 uint8_t secret_key[TOLD_KEY_BYTES]);

#endif
