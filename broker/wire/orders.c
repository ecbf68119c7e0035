/* SPDX-License-Identifier: Apache-2.0 */
/* From the core to the gate and to peers. May touch: libzmq. */
#include "broker/wire/front.h"

#include <errno.h>
#include <zmq.h>

static enum told_status allow(struct told_front *front, const struct told_frame *frame)
{
	if (frame->first.len != TOLD_KEY_BYTES)
		return TOLD_E_INTERNAL;
	return told_gate_allow(front->gate, frame->first.data, frame->number);
}

/* The gate first, then what is already inside. A session that never sent anything is not known here: it can be sent
 * nothing, and its first message finds the gate shut and is cut (inbound.c). */
static enum told_status deny(struct told_front *front, const struct told_frame *frame)
{
	struct told_session *session = NULL;
	enum told_status status = TOLD_OK;
	told_gate_deny(front->gate, frame->number);
	while (status == TOLD_OK && (session = told_sessions_by_admission(front->sessions, frame->number)) != NULL) {
		told_session_cut(session);
		status = told_front_gone(front, session);
	}
	return status;
}

static enum told_status listen_now(struct told_front *front, const struct told_frame *frame)
{
	(void)frame;
	front->listen = true;
	return told_front_listen(front);
}

static enum told_status stop(struct told_front *front, const struct told_frame *frame)
{
	(void)frame;
	front->stop = true;
	return TOLD_OK;
}

static bool send_part(void *router, struct told_bytes part, int flags)
{
	return zmq_send(router, part.data, part.len, ZMQ_DONTWAIT | flags) >= 0;
}

/* The connection is looked at first: a routing id alone does not prove that it still is the same peer. */
static bool send_to(void *router, const struct told_session *session, const struct told_frame *frame)
{
	if (!told_session_connected(session)) {
		errno = EHOSTUNREACH;
		return false;
	}
	return send_part(router, told_bytes(session->id, sizeof session->id), ZMQ_SNDMORE) &&
	       send_part(router, frame->first, ZMQ_SNDMORE) && send_part(router, frame->second, 0);
}

/* What cannot go now is reported and forgotten: its row is in the record (rules 15). */
static enum told_status send_frame(struct told_front *front, const struct told_frame *frame)
{
	struct told_session *session = told_sessions_by_handle(front->sessions, frame->handle);
	enum told_status status = TOLD_OK;
	if (session != NULL && send_to(front->router, session, frame))
		return TOLD_OK;
	if (session != NULL && errno != EAGAIN)
		status = told_front_gone(front, session);
	if (status != TOLD_OK)
		return status;
	return told_front_say(
		front,
		&(struct told_frame){.kind = TOLD_WIRE_UNSENT, .handle = frame->handle, .number = frame->number});
}

typedef enum told_status order(struct told_front *, const struct told_frame *);

static order *const orders[] = {
	[TOLD_PAIR_ALLOW] = allow,     [TOLD_PAIR_DENY] = deny, [TOLD_PAIR_LISTEN] = listen_now,
	[TOLD_PAIR_SEND] = send_frame, [TOLD_PAIR_STOP] = stop,
};

enum told_status told_orders_obey(struct told_front *front)
{
	struct told_frame frame;
	enum told_status status = TOLD_OK;
	while (!front->stop && told_frame_queued(front->core) < TOLD_PAIR_BULK_BYTES + TOLD_PAIR_SMALL_BYTES) {
		status = told_frame_next(front->core, &frame);
		if (status != TOLD_OK)
			break;
		if (frame.kind >= sizeof orders / sizeof orders[0] || orders[frame.kind] == NULL)
			return TOLD_E_INTERNAL;
		status = orders[frame.kind](front, &frame);
		if (status != TOLD_OK)
			return status;
	}
	return status == TOLD_E_BUSY ? TOLD_OK : status;
}
