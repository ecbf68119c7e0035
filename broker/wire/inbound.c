/* SPDX-License-Identifier: Apache-2.0 */
/* From peers to the core. May touch: libzmq. A message has two frames and an identity that ZAP gave, or it is dropped
 * and counted; nothing that the peer says of itself is believed (rules 11). */
#include "broker/wire/front.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <zmq.h>

#define TAKE_MAX 64 /* messages a turn: orders and ended connections are seen between them */

enum part { PART_ID, PART_ENVELOPE, PART_BODY, PART_SURPLUS, PART_COUNT };

/* One message, whole: libzmq gives out either all of its frames or none. */
struct arrival {
	zmq_msg_t parts[PART_COUNT];
	size_t frames; /* with the routing id */
	uint64_t admission;
	int fd;
};

/* User-Id is what our ZAP handler gave; it is missing on the routing id frame after a poll (rules M5), hence read on
 * those behind it. */
static void read_identity(struct arrival *arrival, zmq_msg_t *part)
{
	const char *user = zmq_msg_gets(part, "User-Id");
	char *end = NULL;
	arrival->fd = zmq_msg_get(part, ZMQ_SRCFD);
	arrival->admission = 0;
	if (user == NULL || strlen(user) != 16)
		return;
	errno = 0;
	uint64_t admission = strtoull(user, &end, 16);
	if (errno == 0 && *end == '\0')
		arrival->admission = admission;
}

/* False when nothing waits. */
static bool receive(void *router, struct arrival *arrival)
{
	int more = 1;
	arrival->fd = -1;
	arrival->admission = 0;
	for (arrival->frames = 0; more != 0; arrival->frames++) {
		zmq_msg_t *part = &arrival->parts[arrival->frames < PART_SURPLUS ? arrival->frames : PART_SURPLUS];
		if (zmq_msg_recv(part, router, ZMQ_DONTWAIT) < 0)
			return false;
		more = zmq_msg_more(part);
		if (arrival->frames >= PART_ENVELOPE)
			read_identity(arrival, part);
	}
	return true;
}

static struct told_bytes view(zmq_msg_t *part)
{
	return told_bytes(zmq_msg_data(part), zmq_msg_size(part));
}

/* libzmq's own ids only: a peer that named itself could take over a name that another had before it (rules M7). */
static bool is_own_id(struct told_bytes id)
{
	return id.len == TOLD_ROUTING_ID_BYTES && id.data[0] == 0;
}

/* Why a message goes no further; 0 when it does. Cheap to dear. */
static unsigned objection(struct told_front *front, struct arrival *arrival)
{
	if (arrival->admission == 0 || !told_gate_admits(front->gate, arrival->admission) ||
	    !is_own_id(view(&arrival->parts[PART_ID])))
		return TOLD_WIRE_DROP_IDENTITY;
	if (arrival->frames != 3)
		return TOLD_WIRE_DROP_FRAMES;
	size_t envelope_len = zmq_msg_size(&arrival->parts[PART_ENVELOPE]);
	if (envelope_len == 0 || envelope_len > TOLD_ENVELOPE_MAX_BYTES ||
	    zmq_msg_size(&arrival->parts[PART_BODY]) > TOLD_BODY_MAX_BYTES)
		return TOLD_WIRE_DROP_SIZE;
	return 0;
}

/* Ends the connection of a peer that must not be there: one that was silent when its key was denied, for example. */
static void cut_stranger(int fd)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof own;
	if (fd >= 0 && getsockname(fd, (struct sockaddr *)&own, &len) == 0 &&
	    (own.ss_family == AF_INET || own.ss_family == AF_INET6))
		shutdown(fd, SHUT_RDWR);
}

static enum told_status drop(struct told_front *front, const struct arrival *arrival, enum told_wire_reason reason)
{
	bool known = told_gate_admits(front->gate, arrival->admission);
	told_drops_add(&front->drops, known ? arrival->admission : 0, reason, 1);
	if (reason == TOLD_WIRE_DROP_IDENTITY)
		cut_stranger(arrival->fd);
	return TOLD_OK;
}

/* A session that the new one replaces: its id or its descriptor is in use again, so its own connection has ended. */
static enum told_status retire(struct told_front *front, struct told_session *session)
{
	return session != NULL ? told_front_gone(front, session) : TOLD_OK;
}

static enum told_status new_session(struct told_front *front, const struct arrival *arrival, const uint8_t *id,
				    struct told_session **out)
{
	enum told_status status = retire(front, told_sessions_by_id(front->sessions, id));
	if (status == TOLD_OK)
		status = retire(front, told_sessions_by_fd(front->sessions, arrival->fd));
	struct told_session *surplus = told_sessions_surplus(front->sessions, arrival->admission);
	if (status == TOLD_OK && surplus != NULL) {
		told_session_cut(surplus);
		status = told_front_gone(front, surplus);
	}
	if (status != TOLD_OK)
		return status;
	*out = told_sessions_add(front->sessions, id, arrival->admission, arrival->fd);
	return *out != NULL ? TOLD_OK : TOLD_E_INTERNAL;
}

static enum told_status pass_on(struct told_front *front, struct arrival *arrival)
{
	const uint8_t *id = view(&arrival->parts[PART_ID]).data;
	struct told_session *session = told_sessions_by_id(front->sessions, id);
	enum told_status status = TOLD_OK;
	if (session == NULL || session->admission != arrival->admission || session->fd != arrival->fd)
		status = new_session(front, arrival, id, &session);
	if (status != TOLD_OK)
		return status;
	told_sessions_touch(front->sessions, session);
	return told_front_say(front, &(struct told_frame){
					     .kind = TOLD_WIRE_MESSAGE,
					     .handle = session->handle,
					     .number = arrival->admission,
					     .first = view(&arrival->parts[PART_ENVELOPE]),
					     .second = view(&arrival->parts[PART_BODY]),
				     });
}

enum told_status told_inbound_take(struct told_front *front)
{
	struct arrival arrival;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; i < PART_COUNT; i++)
		zmq_msg_init(&arrival.parts[i]);
	for (int taken = 0; taken < TAKE_MAX && status == TOLD_OK; taken++) {
		if (told_frame_queued(front->core) >= TOLD_PAIR_BULK_BYTES || !receive(front->router, &arrival))
			break;
		unsigned reason = objection(front, &arrival);
		status = reason == 0 ? pass_on(front, &arrival) : drop(front, &arrival, (enum told_wire_reason)reason);
	}
	for (size_t i = 0; i < PART_COUNT; i++)
		zmq_msg_close(&arrival.parts[i]);
	return status;
}
