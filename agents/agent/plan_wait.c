/* SPDX-License-Identifier: Apache-2.0 */
/* How long steps wait, and telling the lead worker when that is too long. */
#include "agents/agent/plan.h"

unsigned told_plan_waiting(const struct told_agent *agent, const struct told_step *step, bool *over)
{
	uint64_t now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	unsigned counted = told_plan_days(step->changed_ms, now_ms, agent->plan_wait_working);
	*over = agent->plan_wait_days != 0 && counted > agent->plan_wait_days;
	return told_plan_days(step->changed_ms, now_ms, false);
}
