/* SPDX-License-Identifier: Apache-2.0 */
/* What the front tells the core. */
#include "broker/wire/front.h"

enum told_status told_front_say(struct told_front *front, const struct told_frame *frame)
{
	enum told_status status = told_frame_put(front->core, frame);
	return status == TOLD_E_BUSY ? TOLD_E_INTERNAL : status;
}

enum told_status told_front_gone(struct told_front *front, struct told_session *session)
{
	struct told_frame frame = {.kind = TOLD_WIRE_GONE, .handle = session->handle, .number = session->admission};
	told_sessions_remove(front->sessions, session);
	return told_front_say(front, &frame);
}
