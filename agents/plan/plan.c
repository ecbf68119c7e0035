/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan allows: its order, what waits for what, what may be added. Pure. */
#include "agents/plan/plan.h"

#include "broker/agree/calendar.h"
#include "told/limits.h"

#include <string.h>

struct told_step *told_plan_step(struct told_plan *plan, uint64_t number)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].number == number)
			return &plan->steps[i];
	return NULL;
}

static const struct told_step *find(const struct told_plan *plan, uint64_t number)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].number == number)
			return &plan->steps[i];
	return NULL;
}

static bool over(const struct told_step *step)
{
	return step->state == TOLD_STEP_DONE || step->state == TOLD_STEP_STOPPED;
}

void told_plan_waits(const struct told_plan *plan, const struct told_step *step, struct told_numbers *out)
{
	out->count = 0;
	for (size_t i = 0; i < step->waits.count && i < TOLD_PLAN_WAITS_MAX; i++) {
		const struct told_step *before = find(plan, step->waits.items[i]);
		if (before != NULL && !over(before))
			out->items[out->count++] = before->number;
	}
}

/* ---- circles ---- */

struct walk {
	const struct told_plan *plan;
	uint8_t seen[TOLD_PLAN_STEPS_MAX]; /* 1: on the path, 2: leads to no circle */
	uint64_t path[TOLD_PLAN_STEPS_MAX + 1];
	size_t length;
	struct told_numbers *out;
};

/* From where the path met itself, to there again. */
static void name_circle(const struct walk *w, uint64_t again)
{
	size_t i = 0;
	while (w->path[i] != again)
		i++;
	w->out->count = 0;
	for (; i < w->length; i++)
		w->out->items[w->out->count++] = w->path[i];
	w->out->items[w->out->count++] = again;
}

static void follow(struct walk *w, const struct told_step *step)
{
	size_t at = (size_t)(step - w->plan->steps);
	w->seen[at] = 1;
	w->path[w->length++] = step->number;
	for (size_t i = 0; i < step->waits.count && w->out->count == 0; i++) {
		const struct told_step *before = find(w->plan, step->waits.items[i]);
		if (before != NULL && w->seen[before - w->plan->steps] == 1)
			name_circle(w, before->number);
		else if (before != NULL && w->seen[before - w->plan->steps] == 0)
			follow(w, before); /* as deep as there are steps: 30 */
	}
	w->length--;
	w->seen[at] = 2;
}

void told_plan_cycle(const struct told_plan *plan, struct told_numbers *out)
{
	struct walk w = {.plan = plan, .out = out};
	out->count = 0;
	for (size_t i = 0; i < plan->count && out->count == 0; i++)
		if (w.seen[i] == 0)
			follow(&w, &plan->steps[i]);
}

/* ---- what happens to a step ---- */

static unsigned actors(const struct told_plan *plan, const struct told_step *step, struct told_bytes self)
{
	return (told_bytes_equal(step->owner, self) ? TOLD_STEP_OWNER : 0u) |
	       (told_bytes_equal(plan->keeper, self) ? TOLD_STEP_KEEPER : 0u);
}

enum told_plan_rule told_plan_try(struct told_plan *plan, uint64_t number, unsigned event, struct told_bytes self,
				  bool because, uint32_t *next)
{
	struct told_numbers waits;
	enum told_plan_rule rule;
	const struct told_step *step = find(plan, number);
	*next = TOLD_STEP_NONE;
	if (step == NULL)
		return TOLD_PLAN_STEP;
	uint32_t state = told_step_next(step->state, event, actors(plan, step, self), &rule);
	if (rule != TOLD_PLAN_FINE)
		return rule;
	told_plan_waits(plan, step, &waits);
	bool begins = step->state == TOLD_STEP_TO_DO && (event == TOLD_STEP_START || event == TOLD_STEP_FINISH);
	if (begins && waits.count > 0 && !because)
		return TOLD_PLAN_WAITS;
	*next = state;
	return TOLD_PLAN_FINE;
}

/* ---- what may stand in it ---- */

static bool worded(struct told_bytes words)
{
	return words.len > 0 && words.len <= TOLD_PLAN_WORDS_MAX && told_utf8_valid(words);
}

/* P3, P4, P6 of a step as it stands in the plan. */
static enum told_plan_rule may_wait(const struct told_plan *plan, const struct told_step *step)
{
	struct told_numbers circle;
	if (step->waits.count == 0)
		return TOLD_PLAN_FINE;
	if (step->waits.count > TOLD_PLAN_WAITS_MAX)
		return TOLD_PLAN_FULL;
	if (step->kind != TOLD_STEP_USUAL)
		return TOLD_PLAN_NEVER_WAITS;
	if (!step->wish && !told_bytes_equal(step->owner, plan->keeper))
		return TOLD_PLAN_CONDITION;
	for (size_t i = 0; i < step->waits.count; i++)
		if (find(plan, step->waits.items[i]) == NULL)
			return TOLD_PLAN_STEP;
	told_plan_cycle(plan, &circle);
	return circle.count > 0 ? TOLD_PLAN_CYCLE : TOLD_PLAN_FINE;
}

enum told_plan_rule told_plan_add(struct told_plan *plan, struct told_bytes self, const struct told_step *step,
				  uint64_t now_ms)
{
	if (!told_bytes_equal(plan->keeper, self))
		return TOLD_PLAN_KEEPER;
	if (!worded(step->what) || step->owner.len == 0 || step->who.len > TOLD_PLAN_WORDS_MAX)
		return TOLD_PLAN_WORDS;
	if (step->due_ms != 0 && step->due_ms < now_ms)
		return TOLD_PLAN_PAST;
	if (plan->count == TOLD_PLAN_STEPS_MAX || step->goal > plan->goals.count)
		return plan->count == TOLD_PLAN_STEPS_MAX ? TOLD_PLAN_FULL : TOLD_PLAN_STEP;
	struct told_step *added = &plan->steps[plan->count++];
	*added = *step;
	added->number = plan->last + 1;
	added->state = TOLD_STEP_TO_DO;
	added->changed_ms = now_ms;
	enum told_plan_rule rule = may_wait(plan, added);
	if (rule != TOLD_PLAN_FINE) {
		plan->count--;
		return rule;
	}
	plan->last++;
	plan->version++;
	return TOLD_PLAN_FINE;
}

static void place_at(struct told_plan *plan, struct told_step *step, size_t place)
{
	struct told_step moved = *step;
	size_t from = (size_t)(step - plan->steps), to = place > plan->count ? plan->count - 1 : place - 1;
	if (from < to)
		memmove(&plan->steps[from], &plan->steps[from + 1], (to - from) * sizeof moved);
	else
		memmove(&plan->steps[to + 1], &plan->steps[to], (from - to) * sizeof moved);
	plan->steps[to] = moved;
}

static enum told_plan_rule wait_for(struct told_plan *plan, struct told_bytes self, struct told_step *step,
				    const struct told_plan_order *order)
{
	const struct told_step before = *step;
	uint32_t next;
	enum told_plan_rule rule = told_plan_try(plan, step->number, TOLD_STEP_CONDITION, self, true, &next);
	if (rule != TOLD_PLAN_FINE)
		return rule;
	step->waits = *order->waits;
	step->wish = order->wish;
	rule = may_wait(plan, step);
	if (rule != TOLD_PLAN_FINE)
		*step = before;
	return rule;
}

enum told_plan_rule told_plan_move(struct told_plan *plan, struct told_bytes self, const struct told_plan_order *order,
				   uint64_t now_ms)
{
	uint32_t next;
	struct told_step *step = told_plan_step(plan, order->number);
	enum told_plan_rule rule = told_plan_try(plan, order->number, TOLD_STEP_MOVE, self, true, &next);
	if (rule == TOLD_PLAN_FINE && order->due_ms != 0 && order->due_ms < now_ms)
		rule = TOLD_PLAN_PAST;
	if (rule == TOLD_PLAN_FINE && order->waits != NULL)
		rule = wait_for(plan, self, step, order);
	if (rule != TOLD_PLAN_FINE)
		return rule;
	step->due_ms = order->due_ms != 0 ? order->due_ms : step->due_ms;
	if (order->place > 0)
		place_at(plan, step, order->place);
	plan->version++;
	return TOLD_PLAN_FINE;
}

unsigned told_plan_days(uint64_t from_ms, uint64_t to_ms, bool working)
{
	unsigned days = 0;
	int64_t last = (int64_t)(to_ms / (uint64_t)TOLD_MS_DAY);
	for (int64_t day = (int64_t)(from_ms / (uint64_t)TOLD_MS_DAY) + 1; day <= last; day++)
		days += !working || told_working_day(day);
	return days;
}
