/* SPDX-License-Identifier: Apache-2.0 */
/* Plans in the vault: found, put back, shown, counted. */
#include "agents/agent/work/plan.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"

/* ---- showing ---- */

/* Something that this party told of plans and goals is here and not hidden. */
static enum told_status still_told(struct told_agent *agent, struct told_bytes client, struct told_bytes party,
				   bool *out)
{
	struct told_section_row row = {0};
	enum told_status status = TOLD_OK;
	*out = told_bytes_equal(party, told_agent_self(agent));
	while (status == TOLD_OK && !*out) {
		status = told_section_next_of_client(agent->vault, agent->arena, client, row.id, &row);
		*out = status == TOLD_OK && !row.hidden && row.category == TOLD_CATEGORY_PLN &&
		       told_bytes_equal(row.originator, party);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static json_t *waits_json(struct told_plan *plan, const struct told_step *step)
{
	struct told_numbers waits;
	json_t *list = json_array();
	told_plan_waits(plan, step, &waits);
	for (size_t i = 0; i < waits.count; i++)
		told_json_add(list, json_pack("{s:I, s:o}", "step", (json_int_t)waits.items[i], "owner",
					      told_text_json(told_plan_step(plan, waits.items[i])->owner)));
	return list;
}

static json_t *step_json(struct told_agent *agent, struct told_plan *plan, const struct told_step *step, bool shown)
{
	uint64_t now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	bool over = false;
	if (!shown)
		return json_pack("{s:I, s:b}", "step", (json_int_t)step->number, "withheld", 1);
	json_t *json = told_fields_json(&told_plan_step_form, step), *waits = waits_json(plan, step);
	unsigned days = told_plan_waiting(agent, step, &over);
	if (json != NULL && json_array_size(waits) > 0) {
		json_object_set(json, "waiting_for", waits);
		json_object_set_new(json, "waiting_days", json_integer((json_int_t)days));
		json_object_set_new(json, "waits_too_long", json_boolean(over || step->told_ms != 0));
	}
	bool open = step->state == TOLD_STEP_TO_DO || step->state == TOLD_STEP_STARTED;
	if (json != NULL && open && step->due_ms != 0 && step->due_ms < now_ms)
		json_object_set_new(json, "overdue", json_true());
	json_decref(waits);
	return json;
}

enum told_status told_plan_view(struct told_agent *agent, struct told_bytes client, struct told_plan *plan,
				json_t **json)
{
	bool told = false;
	json_t *steps = json_array(), *goals = json_array();
	enum told_status status = still_told(agent, client, plan->keeper, &told);
	for (size_t i = 0; i < plan->count; i++) {
		const struct told_step *step = &plan->steps[i];
		bool ours = told_bytes_equal(step->owner, told_agent_self(agent));
		told_json_add(steps, step_json(agent, plan, step, step->owner.len > 0 && (told || ours)));
	}
	for (size_t i = 0; told && i < plan->goals.count; i++)
		told_json_add(goals, told_text_json(plan->goals.items[i]));
	*json = json_pack("{s:o, s:o, s:o, s:I, s:O, s:O, s:I}", "client", told_client_json(client), "plan",
			  told_text_json(plan->id), "keeper", told_text_json(plan->keeper), "version",
			  (json_int_t)plan->version, "goals", goals, "steps", steps, "out_of_order_refused",
			  (json_int_t)plan->refused);
	json_decref(steps);
	json_decref(goals);
	return status == TOLD_OK && *json == NULL ? TOLD_E_MEMORY : status;
}

/* ---- counting ---- */

enum told_status told_plan_count(struct told_agent *agent, struct told_bytes client, struct told_bytes need,
				 struct told_plan_count *out)
{
	struct told_plan *plan = NULL;
	struct told_bytes whose;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	*out = (struct told_plan_count){0};
	while (status == TOLD_OK) {
		status = told_plan_next(agent, client, &after, &whose, &plan);
		for (size_t i = 0; status == TOLD_OK && i < plan->count; i++) {
			const struct told_step *step = &plan->steps[i];
			bool here = told_bytes_equal(step->owner, told_agent_self(agent)) && step->need.len > 0 &&
				    (need.len == 0 || told_bytes_equal(step->need, need));
			out->opened += here;
			out->with_outcome += here && step->state == TOLD_STEP_DONE && step->outcome.len > 0;
		}
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
