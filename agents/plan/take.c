/* SPDX-License-Identifier: Apache-2.0 */
/* What other services say of a plan: the keeper what it is, each owner how a step goes. Whatever else comes changes
 * nothing. Pure. */
#include "agents/plan/plan.h"

#include <string.h>

void told_plan_head_of(const struct told_plan *plan, struct told_plan_head *out)
{
	*out = (struct told_plan_head){.plan = plan->id, .keeper = plan->keeper, .version = plan->version};
	for (size_t i = 0; i < plan->count; i++) {
		const struct told_step *step = &plan->steps[i];
		out->order.items[out->order.count++] = step->number;
		if (step->state == TOLD_STEP_DONE || step->state == TOLD_STEP_STOPPED)
			out->over.items[out->over.count++] = step->number;
	}
}

static bool holds(const struct told_numbers *numbers, uint64_t number)
{
	for (size_t i = 0; i < numbers->count; i++)
		if (numbers->items[i] == number)
			return true;
	return false;
}

/* A step that we were not told: that it is there, and whether it still holds others up. */
static struct told_step withheld(uint64_t number, const struct told_plan_head *head)
{
	return (struct told_step){.number = number,
				  .kind = TOLD_STEP_USUAL,
				  .state = holds(&head->over, number) ? TOLD_STEP_DONE : TOLD_STEP_TO_DO};
}

static bool sound(const struct told_numbers *order)
{
	for (size_t i = 0; i < order->count; i++)
		for (size_t j = 0; j <= i; j++)
			if (order->items[i] == 0 || (j < i && order->items[i] == order->items[j]))
				return false;
	return order->count <= TOLD_PLAN_STEPS_MAX;
}

static void put_in_order(struct told_plan *plan, const struct told_plan_head *head)
{
	struct told_step steps[TOLD_PLAN_STEPS_MAX];
	for (size_t i = 0; i < head->order.count; i++) {
		uint64_t number = head->order.items[i];
		const struct told_step *known = told_plan_step(plan, number);
		bool told = known != NULL && known->owner.len > 0;
		steps[i] = told ? *known : withheld(number, head);
		plan->last = number > plan->last ? number : plan->last;
	}
	memcpy(plan->steps, steps, head->order.count * sizeof steps[0]);
	plan->count = head->order.count;
}

enum told_plan_rule told_plan_take_head(struct told_plan *plan, struct told_bytes from,
					const struct told_plan_head *head)
{
	bool first = plan->id.len == 0;
	struct told_bytes keeper = first ? head->keeper : plan->keeper;
	if (!told_bytes_equal(from, keeper) || head->keeper.len == 0)
		return TOLD_PLAN_KEEPER;
	if (!sound(&head->order))
		return TOLD_PLAN_FULL;
	if (!first && head->version < plan->version)
		return TOLD_PLAN_FINE; /* an older one that came later */
	plan->id = head->plan;
	plan->keeper = head->keeper;
	plan->version = head->version;
	put_in_order(plan, head);
	return TOLD_PLAN_FINE;
}

enum told_plan_rule told_plan_take_goals(struct told_plan *plan, struct told_bytes from,
					 const struct told_plan_goals *goals)
{
	if (!told_bytes_equal(from, plan->keeper))
		return TOLD_PLAN_KEEPER;
	if (goals->goals.count > TOLD_PLAN_GOALS_MAX)
		return TOLD_PLAN_FULL;
	if (goals->goals.count >= plan->goals.count)
		plan->goals = goals->goals; /* goals are added, never taken away */
	return TOLD_PLAN_FINE;
}

static void progress(struct told_step *step, const struct told_step *said)
{
	step->state = said->state;
	step->because = said->because;
	step->outcome = said->outcome;
	step->reason = said->reason;
	step->who = said->who;
	step->changed_ms = said->changed_ms;
	step->told_ms = said->told_ms;
}

/* P3, P4, P6: a condition that may not be there is left out, the step itself stands. */
static enum told_plan_rule judge_waits(struct told_plan *plan, struct told_step *step)
{
	struct told_numbers circle;
	enum told_plan_rule rule = TOLD_PLAN_FINE;
	if (step->waits.count > TOLD_PLAN_WAITS_MAX)
		rule = TOLD_PLAN_FULL;
	else if (step->waits.count > 0 && step->kind != TOLD_STEP_USUAL)
		rule = TOLD_PLAN_NEVER_WAITS;
	else if (step->waits.count > 0 && !step->wish && !told_bytes_equal(step->owner, plan->keeper))
		rule = TOLD_PLAN_CONDITION;
	if (rule == TOLD_PLAN_FINE) {
		told_plan_cycle(plan, &circle);
		rule = circle.count > 0 ? TOLD_PLAN_CYCLE : TOLD_PLAN_FINE;
	}
	if (rule != TOLD_PLAN_FINE)
		step->waits.count = 0;
	return rule;
}

static enum told_plan_rule from_keeper(struct told_plan *plan, struct told_step *step, const struct told_step *said)
{
	const struct told_step before = *step;
	bool known = before.owner.len > 0;
	*step = *said;
	step->plan = (struct told_bytes){0};
	if (known) /* what a step is called does not give it to another owner */
		step->owner = before.owner;
	bool theirs_to_say = told_bytes_equal(step->owner, plan->keeper) && said->changed_ms >= before.changed_ms;
	if (known && !theirs_to_say)
		progress(step, &before);
	return judge_waits(plan, step);
}

enum told_plan_rule told_plan_take_step(struct told_plan *plan, struct told_bytes from, const struct told_step *said)
{
	struct told_step *step = told_plan_step(plan, said->number);
	bool sound_step = said->owner.len > 0 && said->what.len > 0 && said->kind != 0 && said->state != 0;
	if (step == NULL || !sound_step)
		return TOLD_PLAN_STEP;
	if (told_bytes_equal(from, plan->keeper))
		return from_keeper(plan, step, said);
	if (step->owner.len == 0 || !told_bytes_equal(from, step->owner))
		return TOLD_PLAN_OWNER;
	if (said->changed_ms >= step->changed_ms)
		progress(step, said);
	return TOLD_PLAN_FINE;
}
