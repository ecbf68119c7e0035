/* SPDX-License-Identifier: Apache-2.0 */
/* Asking a service whether it has room, and saying whether we have. No person is in it, and none can be. */
#include "agents/agent/core/capacity.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/referral.h"
#include "agents/referral/here.h"

#define WEEKS_MAX 520u

enum told_status told_agent_capacity(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	struct told_draft draft;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "to team need", reply);
	struct told_bytes to = told_request_other_party(&r, "to"), team = told_request_text(&r, "team", false);
	struct told_workflow_part asked = {.need = told_request_text(&r, "need", false)};
	status = r.status;
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_CAPACITY, caller, told_bytes(NULL, 0), &draft);
	if (status == TOLD_OK) {
		draft.header.recipients = (struct told_bytes_list){.items = &to, .count = 1};
		draft.header.team = team;
		draft.header.workflow = asked.need.len > 0 ? &asked : NULL;
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	}
	json_t *base = status == TOLD_OK ? json_pack("{s:o}", "to", told_text_json(to)) : NULL;
	return told_referral_finish(agent, status, false, base, &draft, reply);
}

static uint32_t read_weeks(struct told_request *r, uint32_t room)
{
	uint64_t weeks = told_request_number(r, "weeks");
	if (room == TOLD_ROOM_NONE)
		told_request_refuse(r, TOLD_E_USAGE, "\"room\" is one of these: has_space, waiting, closed.");
	if ((room == TOLD_ROOM_WAITING) != (weeks > 0) || weeks > WEEKS_MAX)
		told_request_refuse(
			r, TOLD_E_USAGE,
			"A waiting list has its weeks, from 1 to 520; what has space or is closed has none.");
	return (uint32_t)weeks;
}

enum told_status told_agent_capacity_set(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	(void)caller;
	struct told_request r = told_request_open(agent, request, "room weeks team need", reply);
	struct told_room_now now = {.since_ms = told_clock_now(&agent->clock).wall_ms};
	now.room = told_request_word(&r, "room", told_rooms, TOLD_ROOM_CLOSED + 1, TOLD_ROOM_NONE);
	now.weeks = read_weeks(&r, now.room);
	struct told_bytes team = told_request_text(&r, "team", false), need = told_request_need(&r, false);
	if (team.len > 0)
		told_request_team_known(&r, told_agent_self(agent), team);
	status = r.status;
	if (status == TOLD_OK)
		status = told_room_set(agent, team, need, &now);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:s, s:i, s:o, s:o}", "room", told_rooms[now.room], "weeks", (int)now.weeks,
					"team", told_text_json(team), "need", told_text_json(need));
	return told_call_end(agent, status, reply);
}

/* Who may do what needs supervision: seniors and coordinators write it down. */
enum told_status told_agent_worker_train(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	struct told_worker_row row;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "number need", reply);
	struct told_bytes number = told_request_text(&r, "number", true), need = told_request_need(&r, true);
	status = r.status;
	if (status == TOLD_OK && !told_may_manage(caller->roles))
		status = TOLD_E_NOT_ALLOWED;
	if (status == TOLD_OK)
		status = told_worker_by_number(agent->vault, agent->arena, number, &row);
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(&reply->why, "Nobody here has this staff number.");
	if (status == TOLD_OK)
		status = told_trained_put(agent->vault, number, need);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:o}", "number", told_text_json(number), "need", told_text_json(need));
	return told_call_end(agent, status, reply);
}

/* What could be done here, by whom: asked before anybody is sent elsewhere. */
enum told_status told_agent_here(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	json_t *list = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "need", reply);
	struct told_bytes need = told_request_need(&r, false);
	status = r.status == TOLD_OK ? told_here_json(agent, caller, need, &list) : r.status;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "here", list);
	json_decref(list);
	return told_call_end(agent, status, reply);
}
