/* SPDX-License-Identifier: Apache-2.0 */
/* How long steps wait, and telling the lead worker when that is too long. */
#include "agents/agent/work/plan.h"

unsigned told_plan_waiting(const struct told_agent *agent, const struct told_step *step, bool *over)
{
	uint64_t now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	unsigned counted = told_plan_days(step->changed_ms, now_ms, agent->plan_wait_working);
	*over = agent->plan_wait_days != 0 && counted > agent->plan_wait_days;
	return told_plan_days(step->changed_ms, now_ms, false);
}

/* Those of ours that wait too long and of which nobody was told yet. */
static size_t mark_late(struct told_agent *agent, struct told_plan *plan, struct told_numbers *out)
{
	struct told_numbers waits;
	out->count = 0;
	for (size_t i = 0; i < plan->count; i++) {
		struct told_step *step = &plan->steps[i];
		bool over = false;
		if (!told_bytes_equal(step->owner, told_agent_self(agent)) || step->state != TOLD_STEP_TO_DO ||
		    step->told_ms != 0)
			continue;
		told_plan_waits(plan, step, &waits);
		(void)told_plan_waiting(agent, step, &over);
		if (waits.count == 0 || !over)
			continue;
		step->told_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
		out->items[out->count++] = step->number;
	}
	return out->count;
}

static enum told_status tell_late(struct told_agent *agent, struct told_bytes client, struct told_plan *plan,
				  const struct told_numbers *late)
{
	uint8_t ticket[TOLD_ID_BYTES] = {0};
	struct told_caller worker;
	json_t *list = json_array();
	struct told_plan_news news = {
		.caller = &worker, .client = client, .plan = plan, .parts = TOLD_PLAN_ONE, .ticket = ticket};
	enum told_status status = told_agent_any_worker(agent, &worker);
	for (size_t i = 0; status == TOLD_OK && i < late->count; i++) {
		news.number = late->items[i];
		status = told_plan_tell(agent, &news, list);
	}
	json_decref(list);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_plan_remind(struct told_agent *agent)
{
	struct told_plan *plan = NULL;
	struct told_bytes client;
	struct told_numbers late;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	told_arena_reset(agent->arena);
	while (status == TOLD_OK) {
		status = told_plan_next(agent, told_bytes(NULL, 0), &after, &client, &plan);
		if (status != TOLD_OK || mark_late(agent, plan, &late) == 0)
			continue;
		status = told_plan_save(agent, client, plan);
		if (status == TOLD_OK)
			status = tell_late(agent, client, plan, &late);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
