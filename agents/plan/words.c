/* SPDX-License-Identifier: Apache-2.0 */
/* A plan in words, a line a step: what stands in its section for whoever reads it. Pure. */
#include "agents/plan/plan.h"

#include "broker/agree/calendar.h"
#include "told/limits.h"

#include <inttypes.h>

static const char *const said[] = {
	[TOLD_STEP_NONE] = "",     [TOLD_STEP_TO_DO] = "to do",     [TOLD_STEP_STARTED] = "started",
	[TOLD_STEP_DONE] = "done", [TOLD_STEP_STOPPED] = "stopped",
};

static void put_day(struct told_buf *out, uint64_t time_ms)
{
	struct told_day day = told_day_of((int64_t)(time_ms / (uint64_t)TOLD_MS_DAY));
	told_buf_printf(out, "%04d-%02u-%02u", day.year, day.month, day.day);
}

void told_plan_line(const struct told_step *step, struct told_buf *out)
{
	told_buf_printf(out, "%" PRIu64 ". ", step->number);
	told_buf_put_bytes(out, step->what);
	told_buf_put_text(out, " (");
	told_buf_put_bytes(out, step->owner);
	told_buf_printf(out, ", %s", said[step->state < TOLD_STEP_STATE_COUNT ? step->state : 0]);
	if (step->due_ms != 0) {
		told_buf_put_text(out, ", by ");
		put_day(out, step->due_ms);
	}
	for (size_t i = 0; i < step->waits.count; i++)
		told_buf_printf(out, "%s%" PRIu64, i == 0 ? ", after " : ", ", step->waits.items[i]);
	told_buf_put_text(out, ")");
}

void told_plan_lines(const struct told_plan *plan, struct told_buf *out)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->steps[i].owner.len == 0 || plan->steps[i].classified.count > 0)
			continue;
		told_buf_put_text(out, out->len > 0 ? "\n" : "");
		told_plan_line(&plan->steps[i], out);
	}
}

void told_plan_goal_lines(const struct told_plan *plan, struct told_buf *out)
{
	for (size_t i = 0; i < plan->goals.count; i++) {
		told_buf_put_text(out, i > 0 ? "\n" : "");
		told_buf_put_bytes(out, plan->goals.items[i]);
	}
}
