/* SPDX-License-Identifier: Apache-2.0 */
/* The agent's end of the wire: one CURVE connection to the broker, kept up, in frames of two. Knows nothing of what is
 * in them. One thread; what is unsent when a connection ends is lost here, and lies in the agent's outbox. */
#ifndef TOLD_CLIENT_SOCKET_H
#define TOLD_CLIENT_SOCKET_H

#include "told/bytes.h"
#include "told/limits.h"

/* Borrowed by told_socket_open for the call. Zero means the default of the text. */
struct told_socket_config {
	const char *endpoint;               /* "tcp://broker.example:7443" */
	uint8_t server_key[TOLD_KEY_BYTES]; /* the broker's public key, from the agreement's papers, never from the net
					     */
	uint8_t public_key[TOLD_KEY_BYTES], secret_key[TOLD_KEY_BYTES]; /* our session key, raw */
	int high_water;                                                 /* messages queued in memory each way; 128 */
};

enum told_socket_state {
	TOLD_SOCKET_CONNECTING, /* nobody answers at the address, yet */
	TOLD_SOCKET_UNANSWERED, /* somebody answers, but not as the broker with that key */
	TOLD_SOCKET_REFUSED,    /* the broker answers and does not know our key */
	TOLD_SOCKET_CONNECTED,
};

struct told_socket;

/* Starts to connect; nothing waits. The caller wipes its copy of the secret key. TOLD_E_CONFIG: an endpoint or key that
 * cannot be one; TOLD_E_SYSTEM, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_socket_open(const struct told_socket_config *config, struct told_socket **out);
/* Closes at once; what was not sent yet is dropped. Accepts NULL. */
void told_socket_close(struct told_socket *socket);

/* The descriptor to poll for POLLIN, never read; and how long at most: 0 when there is something to do already (the
 * descriptor tells only of what is new since the last call), else until the next attempt, -1 for ever. */
int told_socket_fd(const struct told_socket *socket);
int64_t told_socket_timeout_ms(struct told_socket *socket, int64_t boot_ms);

/* After every poll: takes notice of what happened to the connection; one that ended is dropped with all that was queued
 * either way, and a fresh one tried (at 200 ms doubling to 30 s, with jitter). Then send and receive until TOLD_E_BUSY.
 * TOLD_E_SYSTEM. */
TOLD_MUST_USE enum told_status told_socket_pump(struct told_socket *socket, int64_t boot_ms);

enum told_socket_state told_socket_state(const struct told_socket *socket);
/* How often a connection has come up: two that follow within one pump are told apart by this. */
uint64_t told_socket_connections(const struct told_socket *socket);
/* What a state means and what to do about it, for `told doctor`; static. */
const char *told_socket_advice(enum told_socket_state state);

/* TOLD_OK: on its way, not more. TOLD_E_BUSY: not connected, or too much is on its way. TOLD_E_LIMIT: too large. */
TOLD_MUST_USE enum told_status told_socket_send(struct told_socket *socket, struct told_bytes envelope,
						struct told_bytes body);

/* The next message; its parts stay valid until the next call. TOLD_E_BUSY: none; TOLD_E_MALFORMED: one came that had
 * not two frames within their limits, and was dropped: call again. */
TOLD_MUST_USE enum told_status told_socket_receive(struct told_socket *socket, struct told_bytes *envelope,
						   struct told_bytes *body);

/* A fresh CURVE key pair, raw (X25519); and the public half of a secret one. TOLD_E_RANDOM; TOLD_E_KEY. */
TOLD_MUST_USE enum told_status told_curve_keypair(uint8_t public_key[TOLD_KEY_BYTES],
						  uint8_t secret_key[TOLD_KEY_BYTES]);
TOLD_MUST_USE enum told_status told_curve_public(const uint8_t secret_key[TOLD_KEY_BYTES],
						 uint8_t public_key[TOLD_KEY_BYTES]);

#endif
