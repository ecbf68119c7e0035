/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sessions: slots, and buckets by routing id. May touch: getpeername and shutdown of libzmq's sockets. */
#include "broker/wire/sessions.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BUCKETS 1024u
#define SLOT_BITS                                                                                                      \
	16u /* a handle is a serial number above the slot, so that it is found at once and never comes again */

struct told_sessions {
	uint64_t serial, uses;
	size_t top; /* slots from here on were never used */
	uint32_t buckets[BUCKETS];
	struct told_session slots[TOLD_SESSIONS_MAX];
};

_Static_assert(TOLD_SESSIONS_MAX <= 1u << SLOT_BITS, "a slot fits into a handle");

enum told_status told_sessions_new(struct told_sessions **out)
{
	*out = calloc(1, sizeof **out);
	return *out != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

void told_sessions_free(struct told_sessions *sessions)
{
	free(sessions);
}

/* libzmq counts its ids up, so their last bits spread by themselves. */
static uint32_t *bucket_of(struct told_sessions *sessions, const uint8_t id[TOLD_ROUTING_ID_BYTES])
{
	uint32_t number = 0;
	memcpy(&number, id + 1, sizeof number);
	return &sessions->buckets[(number ^ number >> 16) % BUCKETS];
}

struct told_session *told_sessions_by_id(struct told_sessions *sessions, const uint8_t id[TOLD_ROUTING_ID_BYTES])
{
	for (uint32_t at = *bucket_of(sessions, id); at != 0; at = sessions->slots[at - 1].next) {
		struct told_session *session = &sessions->slots[at - 1];
		if (memcmp(session->id, id, TOLD_ROUTING_ID_BYTES) == 0)
			return session;
	}
	return NULL;
}

struct told_session *told_sessions_by_handle(struct told_sessions *sessions, uint64_t handle)
{
	size_t slot = handle & ((1u << SLOT_BITS) - 1);
	if (handle == 0 || slot >= TOLD_SESSIONS_MAX || sessions->slots[slot].handle != handle)
		return NULL;
	return &sessions->slots[slot];
}

struct told_session *told_sessions_by_admission(struct told_sessions *sessions, uint64_t admission)
{
	for (size_t i = 0; i < sessions->top; i++)
		if (sessions->slots[i].handle != 0 && sessions->slots[i].admission == admission)
			return &sessions->slots[i];
	return NULL;
}

struct told_session *told_sessions_by_fd(struct told_sessions *sessions, int fd)
{
	for (size_t i = 0; i < sessions->top; i++)
		if (sessions->slots[i].handle != 0 && sessions->slots[i].fd == fd)
			return &sessions->slots[i];
	return NULL;
}

struct told_session *told_sessions_surplus(struct told_sessions *sessions, uint64_t admission)
{
	struct told_session *oldest = NULL;
	size_t count = 0;
	for (size_t i = 0; i < sessions->top; i++) {
		struct told_session *session = &sessions->slots[i];
		if (session->handle == 0 || session->admission != admission)
			continue;
		count++;
		if (oldest == NULL || session->used < oldest->used)
			oldest = session;
	}
	return count >= TOLD_WIRE_SESSIONS_PER_KEY_MAX ? oldest : NULL;
}

static struct told_session *free_slot(struct told_sessions *sessions)
{
	for (size_t i = 0; i < sessions->top; i++)
		if (sessions->slots[i].handle == 0)
			return &sessions->slots[i];
	return sessions->top < TOLD_SESSIONS_MAX ? &sessions->slots[sessions->top++] : NULL;
}

static bool peer_of(int fd, struct sockaddr_in6 *peer)
{
	socklen_t len = sizeof *peer;
	memset(peer, 0, sizeof *peer);
	return getpeername(fd, (struct sockaddr *)peer, &len) == 0 && len <= sizeof *peer;
}

struct told_session *told_sessions_add(struct told_sessions *sessions, const uint8_t id[TOLD_ROUTING_ID_BYTES],
				       uint64_t admission, int fd)
{
	struct told_session *session = free_slot(sessions);
	if (session == NULL)
		return NULL;
	uint32_t *bucket = bucket_of(sessions, id);
	size_t slot = (size_t)(session - sessions->slots);
	*session = (struct told_session){
		.handle = ++sessions->serial << SLOT_BITS | slot, .admission = admission, .fd = fd, .next = *bucket};
	memcpy(session->id, id, TOLD_ROUTING_ID_BYTES);
	*bucket = (uint32_t)slot + 1;
	if (!peer_of(fd, &session->peer))
		session->fd = -1; /* it is gone already: nothing to cut */
	told_sessions_touch(sessions, session);
	return session;
}

void told_sessions_touch(struct told_sessions *sessions, struct told_session *session)
{
	session->used = ++sessions->uses;
}

void told_sessions_remove(struct told_sessions *sessions, struct told_session *session)
{
	uint32_t number = (uint32_t)(session - sessions->slots) + 1;
	uint32_t *at = bucket_of(sessions, session->id);
	while (*at != 0 && *at != number)
		at = &sessions->slots[*at - 1].next;
	if (*at == number)
		*at = session->next;
	*session = (struct told_session){.handle = 0};
}

bool told_session_connected(const struct told_session *session)
{
	struct sockaddr_in6 peer;
	return session->fd >= 0 && peer_of(session->fd, &peer) && memcmp(&peer, &session->peer, sizeof peer) == 0;
}

void told_session_cut(const struct told_session *session)
{
	if (told_session_connected(session))
		shutdown(session->fd, SHUT_RDWR);
}
