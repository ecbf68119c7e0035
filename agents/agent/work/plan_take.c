/* SPDX-License-Identifier: Apache-2.0 */
/* What other services say of a plan, taken as the rules allow (agents/plan/take.c). */
#include "agents/agent/work/plan.h"
#include "agents/agent/work/team.h"

#include <string.h>

struct taking {
	struct told_agent *agent;
	const struct told_carried_message *message;
	struct told_plan *plan;
	bool changed, progress;
};

static void judge(struct taking *t, enum told_plan_rule rule)
{
	if (rule == TOLD_PLAN_FINE)
		t->changed = true;
	else
		told_log(&t->agent->log, TOLD_LOG_WARNING, "agent.plan_refused", TOLD_LOG_NUMBER("rule", rule));
}

/* A plan travels in sections of these two categories; other words of theirs are no plan. */
static bool may_hold(const struct told_read_section *section)
{
	return section->header->category == TOLD_CATEGORY_PLN || section->header->category == TOLD_CATEGORY_GOA;
}

static enum told_status find_plan(struct taking *t, struct told_bytes id)
{
	struct told_bytes client = t->message->header->client_ref;
	uint8_t raw[TOLD_ID_BYTES];
	if (t->plan != NULL)
		return told_bytes_equal(t->plan->id, id) ? TOLD_OK : TOLD_E_NOT_FOUND;
	if (told_unhex(id, raw, sizeof raw) != TOLD_OK)
		return TOLD_E_NOT_FOUND;
	return told_plan_find(t->agent, client, id, &t->plan);
}

static enum told_status take_head(struct taking *t, const struct told_read_section *section)
{
	struct told_plan_head head;
	enum told_status status =
		told_fields_take(&told_plan_head_form, section->content, t->agent->arena, &head, sizeof head);
	if (status != TOLD_OK || head.keeper.len == 0 || head.plan.len != 2 * TOLD_ID_BYTES)
		return status;
	status = find_plan(t, head.plan);
	if (status == TOLD_E_NOT_FOUND && t->plan == NULL) {
		t->plan = told_arena_alloc(t->agent->arena, sizeof *t->plan);
		if (t->plan == NULL)
			return TOLD_E_MEMORY;
		memset(t->plan, 0, sizeof *t->plan);
		status = TOLD_OK;
	}
	if (status == TOLD_OK)
		judge(t, told_plan_take_head(t->plan, t->message->header->sender, &head));
	return status;
}

static enum told_status take_goals(struct taking *t, const struct told_read_section *section)
{
	struct told_plan_goals goals;
	enum told_status status =
		told_fields_take(&told_plan_goals_form, section->content, t->agent->arena, &goals, sizeof goals);
	if (status != TOLD_OK || goals.goals.count == 0)
		return status;
	status = find_plan(t, goals.plan);
	if (status == TOLD_OK)
		judge(t, told_plan_take_goals(t->plan, t->message->header->sender, &goals));
	return status;
}

static enum told_status take_step(struct taking *t, const struct told_read_section *section)
{
	struct told_step step;
	enum told_status status =
		told_fields_take(&told_plan_step_form, section->content, t->agent->arena, &step, sizeof step);
	if (status != TOLD_OK || step.number == 0)
		return status;
	status = find_plan(t, step.plan);
	if (status == TOLD_OK) {
		judge(t, told_plan_take_step(t->plan, t->message->header->sender, &step));
		t->progress = true;
	}
	return status;
}

/* Order first: steps need their places. */
static enum told_status take_all(struct taking *t)
{
	static enum told_status (*const takers[])(struct taking * t, const struct told_read_section *section) = {
		take_head, take_goals, take_step};
	enum told_status status = TOLD_OK;
	for (size_t k = 0; k < sizeof takers / sizeof takers[0]; k++)
		for (size_t i = 0; status == TOLD_OK && i < t->message->section_count; i++) {
			if (!may_hold(&t->message->sections[i]))
				continue;
			status = takers[k](t, &t->message->sections[i]);
			if (told_status_class(status) == TOLD_CLASS_PEER)
				status = TOLD_OK; /* no plan, or none of ours */
		}
	return status;
}

/* The keeper tells the others that a step is over: whoever waits for it may not have heard from its owner. */
static enum told_status pass_on(struct taking *t)
{
	uint8_t ticket[TOLD_ID_BYTES] = {0};
	struct told_caller worker;
	json_t *list = json_array();
	struct told_plan_news news = {.caller = &worker,
				      .client = t->message->header->client_ref,
				      .plan = t->plan,
				      .parts = TOLD_PLAN_HEAD,
				      .except = t->message->header->sender,
				      .ticket = ticket};
	enum told_status status = told_agent_any_worker(t->agent, &worker);
	if (status == TOLD_OK)
		status = told_plan_tell(t->agent, &news, list);
	news.parts = TOLD_PLAN_ONE;
	if (status == TOLD_OK)
		status = told_plan_deposit(t->agent, &news);
	json_decref(list);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_plan_take(struct told_agent *agent, const struct told_carried_message *message)
{
	struct taking t = {.agent = agent, .message = message};
	if (message->header->type != TOLD_TYPE_PLAN_STEP && message->header->type != TOLD_TYPE_STATUS_UPDATE)
		return TOLD_OK;
	enum told_status status = told_team_hear(agent, message);
	if (status == TOLD_OK)
		status = take_all(&t);
	if (status != TOLD_OK || !t.changed || t.plan->id.len == 0)
		return status;
	status = told_plan_save(agent, message->header->client_ref, t.plan);
	bool keeper = told_bytes_equal(t.plan->keeper, told_agent_self(agent));
	return status == TOLD_OK && keeper && t.progress ? pass_on(&t) : status;
}
