/* SPDX-License-Identifier: Apache-2.0 */
/* Plans shown: one person's, or what waits in all of them. Nothing is changed here. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/may_see.h"
#include "agents/agent/work/plan.h"

enum told_status told_agent_plan(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	struct told_plan *plan = NULL;
	struct told_bytes whose;
	uint64_t after = 0;
	json_t *plans = json_array(), *one = NULL;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_bytes client = told_request_client(&r);
	enum told_status status = r.status;
	if (status == TOLD_OK)
		status = told_may_see(agent, caller, client);
	while (status == TOLD_OK) {
		status = told_plan_next(agent, client, &after, &whose, &plan);
		if (status == TOLD_OK)
			status = told_plan_view(agent, client, plan, &one);
		if (status == TOLD_OK && !told_json_add(plans, one))
			status = TOLD_E_MEMORY;
	}
	if (status == TOLD_E_NOT_FOUND && after > 0)
		status = TOLD_OK;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:O}", "client", told_client_json(client), "plans", plans);
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(&reply->why, "There is no plan here. told plan add begins one.");
	told_agent_head(agent, reply->json);
	json_decref(plans);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* A step that waits, or is late, with whose plan it stands in. */
static void add_waiting(json_t *list, const json_t *view, json_t *step)
{
	bool waits = json_object_get(step, "waiting_for") != NULL, late = json_object_get(step, "overdue") != NULL;
	if (!waits && !late)
		return;
	json_object_set(step, "client", json_object_get(view, "client"));
	json_object_set(step, "keeper", json_object_get(view, "keeper"));
	json_array_append(list, step);
}

enum told_status told_agent_plans(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	struct told_plan *plan = NULL;
	struct told_bytes whose;
	uint64_t after = 0;
	json_t *list = json_array(), *view = NULL, *step = NULL;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status;
	while (status == TOLD_OK) {
		size_t i = 0;
		status = told_plan_next(agent, told_bytes(NULL, 0), &after, &whose, &plan);
		if (status != TOLD_OK || told_may_see(agent, caller, whose) != TOLD_OK)
			continue;
		status = told_plan_view(agent, whose, plan, &view);
		json_array_foreach(json_object_get(view, "steps"), i, step) add_waiting(list, view, step);
		json_decref(view);
		view = NULL;
	}
	if (status == TOLD_E_NOT_FOUND)
		status = TOLD_OK;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "steps", list);
	told_agent_head(agent, reply->json);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
