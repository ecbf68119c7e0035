/* SPDX-License-Identifier: Apache-2.0 */
/* The team around a person as an agency keeps it. Room-internal. */
#ifndef TOLD_AGENT_WORK_TEAM_H
#define TOLD_AGENT_WORK_TEAM_H

#include "agents/agent/core/request.h"
#include "agents/team/team.h"

/* In the arena; empty where nobody has said anything yet. */
enum told_status told_team_load(struct told_agent *agent, struct told_bytes client, struct told_team **out);
enum told_status told_team_save(struct told_agent *agent, struct told_bytes client, const struct told_team *team);
/* The next team (client of 16 bytes) after a number, 0 the first; in and out. TOLD_E_NOT_FOUND. */
enum told_status told_team_next(struct told_agent *agent, uint64_t *after, struct told_bytes *client,
				struct told_team **out);
/* Ends the request with the rule's words; its status. */
enum told_status told_team_refuse(struct told_request *request, enum told_team_rule rule);
/* What a message says of the team (SUP). */
enum told_status told_team_hear(struct told_agent *agent, const struct told_carried_message *message);

/* {"client", "lead"?, "members", "supporters", "promises"}; the caller's. */
json_t *told_team_view(const struct told_agent *agent, struct told_bytes client, const struct told_team *team);

#endif
