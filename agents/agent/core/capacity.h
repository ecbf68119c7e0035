/* SPDX-License-Identifier: Apache-2.0 */
/* Whether we have room, as somebody here said it. Room-internal. */
#ifndef TOLD_AGENT_CORE_CAPACITY_H
#define TOLD_AGENT_CORE_CAPACITY_H

#include "agents/agent/core/state.h"

#define TOLD_ROOM_NAME_BYTES (2 * TOLD_NAME_MAX_BYTES + 16)

/* "has_space", "waiting", "closed"; [0] NULL. */
extern const char *const told_rooms[TOLD_ROOM_CLOSED + 1];

struct told_room_now {
	uint32_t room, weeks; /* enum told_room; weeks of a waiting list */
	int64_t since_ms;
};
/* Of a team and for a need; either may be empty: of all. */
enum told_status told_room_set(struct told_agent *agent, struct told_bytes team, struct told_bytes need,
			       const struct told_room_now *room);
/* The narrowest that was set. */
enum told_status told_room_now(struct told_agent *agent, struct told_bytes team, struct told_bytes need,
			       struct told_room_now *out);
/* A question is answered from what was set here; an answer is kept. */
enum told_status told_capacity_take(struct told_agent *agent, const struct told_carried_message *message);
/* What came for a question of ours. */
enum told_status told_capacity_received(struct told_agent *agent, struct told_bytes question, json_t *list);

#endif
