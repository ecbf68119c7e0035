/* SPDX-License-Identifier: Apache-2.0 */
/* Goes through what must be looked at now and adds it to a reply. Nothing of it leaves the agency by itself. */
#include "agents/agent/work/attention.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"

static told_attention_source *const sources[] = {told_risk_attention, told_alert_attention, told_incoming_attention,
						 told_review_attention, told_conference_attention};

enum told_status told_agent_attention(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      json_t *reply)
{
	struct told_attention a = {.agent = agent,
				   .caller = caller,
				   .request = request,
				   .reply = reply,
				   .now_ms = told_clock_now(&agent->clock).wall_ms,
				   .list = json_array()};
	told_arena_reset(agent->arena);
	enum told_status status = a.list == NULL ? TOLD_E_MEMORY : told_duty_load(agent, &a.duty);
	for (size_t i = 0; status == TOLD_OK && i < sizeof sources / sizeof sources[0]; i++)
		status = sources[i](&a);
	if (status == TOLD_OK && json_array_size(a.list) > 0 && json_object_set(reply, "look_now", a.list) != 0)
		status = TOLD_E_MEMORY;
	json_decref(a.list);
	return status;
}
