/* SPDX-License-Identifier: Apache-2.0 */
/* Who is connected: libzmq's routing ids, which stay in here, behind numbers that are never used twice. */
#ifndef TOLD_WIRE_SESSIONS_H
#define TOLD_WIRE_SESSIONS_H

#include "broker/wire/wire.h"
#include <netinet/in.h>

#define TOLD_ROUTING_ID_BYTES 5u /* a zero and four bytes of libzmq's own counter; self-chosen ids are turned away */
#define TOLD_SESSIONS_MAX     (TOLD_WIRE_KEYS_MAX * TOLD_WIRE_SESSIONS_PER_KEY_MAX)

struct told_session {
	uint64_t handle;    /* what the core knows it by; 0: the slot is free */
	uint64_t admission; /* of the key that its handshake was made with */
	uint64_t used;      /* when, in messages counted over all sessions */
	int fd;
	uint8_t id[TOLD_ROUTING_ID_BYTES];
	struct sockaddr_in6 peer; /* where fd leads, as long as it is still that connection; holds IPv4 too */
	uint32_t next;            /* in its bucket, slot + 1 */
};

struct told_sessions;

TOLD_MUST_USE enum told_status told_sessions_new(struct told_sessions **out);
void told_sessions_free(struct told_sessions *sessions);

/* The session by its routing id, or by its handle; NULL when there is none. */
struct told_session *told_sessions_by_id(struct told_sessions *sessions, const uint8_t id[TOLD_ROUTING_ID_BYTES]);
struct told_session *told_sessions_by_handle(struct told_sessions *sessions, uint64_t handle);
/* Any session of an admission, or on a descriptor; NULL when there is none. */
struct told_session *told_sessions_by_admission(struct told_sessions *sessions, uint64_t admission);
struct told_session *told_sessions_by_fd(struct told_sessions *sessions, int fd);
/* The session of an admission that was used longest ago, when it has as many as it may; else NULL. */
struct told_session *told_sessions_surplus(struct told_sessions *sessions, uint64_t admission);

/* A new session; NULL when all slots are taken, which cannot be as long as surplus ones go first. */
struct told_session *told_sessions_add(struct told_sessions *sessions, const uint8_t id[TOLD_ROUTING_ID_BYTES],
				       uint64_t admission, int fd);
void told_sessions_touch(struct told_sessions *sessions, struct told_session *session);
void told_sessions_remove(struct told_sessions *sessions, struct told_session *session);

/* Whether its descriptor still is the connection that it was: descriptors are used again. */
bool told_session_connected(const struct told_session *session);
/* Ends its connection at once, and no other (rules M8: shutdown, never close). */
void told_session_cut(const struct told_session *session);

#endif
