/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of a plan's parts, and the plan as one document. Touches the arena only. */
#include "agents/plan/plan.h"

#include <stddef.h>
#include <string.h>

#define SYSTEM "urn:told:plan"
#define FIELD(name, kind, member, words)                                                                               \
	{                                                                                                              \
		name, TOLD_FIELD_##kind, offsetof(struct TYPE, member), words                                          \
	}
#define FORM(fields)                                                                                                   \
	{                                                                                                              \
		SYSTEM, fields, sizeof fields / sizeof fields[0]                                                       \
	}

#define TYPE told_plan_head
static const struct told_field head_fields[] = {
	FIELD("plan", TEXT, plan, NULL),         FIELD("keeper", TEXT, keeper, NULL),
	FIELD("version", NUMBER, version, NULL), FIELD("order", NUMBERS, order, NULL),
	FIELD("over", NUMBERS, over, NULL),
};
#undef TYPE
const struct told_form_of told_plan_head_form = FORM(head_fields);

#define TYPE told_plan_goals
static const struct told_field goals_fields[] = {
	FIELD("plan", TEXT, plan, NULL),
	FIELD("goals", TEXTS, goals, NULL),
};
#undef TYPE
const struct told_form_of told_plan_goals_form = FORM(goals_fields);

#define TYPE told_step
static const struct told_field step_fields[] = {
	FIELD("plan", TEXT, plan, NULL),
	FIELD("step", NUMBER, number, NULL),
	FIELD("goal", NUMBER, goal, NULL),
	FIELD("what", TEXT, what, NULL),
	FIELD("owner", TEXT, owner, NULL),
	FIELD("who", TEXT, who, NULL),
	FIELD("kind", WORD, kind, told_step_kinds),
	FIELD("state", WORD, state, told_step_states),
	FIELD("waits", NUMBERS, waits, NULL),
	FIELD("wish", TRUTH, wish, NULL),
	FIELD("need", TEXT, need, NULL),
	FIELD("because", TEXT, because, NULL),
	FIELD("outcome", TEXT, outcome, NULL),
	FIELD("reason", TEXT, reason, NULL),
	FIELD("classified", TEXTS, classified, NULL),
	FIELD("due_ms", NUMBER, due_ms, NULL),
	FIELD("changed_ms", NUMBER, changed_ms, NULL),
	FIELD("told_ms", NUMBER, told_ms, NULL),
};
#undef TYPE
const struct told_form_of told_plan_step_form = FORM(step_fields);

#define TYPE told_plan
static const struct told_field plan_fields[] = {
	FIELD("plan", TEXT, id, NULL),           FIELD("keeper", TEXT, keeper, NULL),
	FIELD("version", NUMBER, version, NULL), FIELD("last", NUMBER, last, NULL),
	FIELD("refused", NUMBER, refused, NULL), FIELD("goals", TEXTS, goals, NULL),
};
#undef TYPE
static const struct told_form_of plan_form = FORM(plan_fields);

json_t *told_plan_json(const struct told_plan *plan)
{
	json_t *doc = told_fields_json(&plan_form, plan), *steps = json_array();
	for (size_t i = 0; i < plan->count && steps != NULL; i++)
		json_array_append_new(steps, told_fields_json(&told_plan_step_form, &plan->steps[i]));
	if (doc == NULL || json_array_size(steps) != plan->count || json_object_set(doc, "steps", steps) != 0) {
		json_decref(doc);
		doc = NULL;
	}
	json_decref(steps);
	return doc;
}

static enum told_status read_steps(const json_t *steps, struct told_arena *arena, struct told_plan *out)
{
	enum told_status status = TOLD_OK;
	if (json_array_size(steps) > TOLD_PLAN_STEPS_MAX)
		return TOLD_E_LIMIT;
	for (; status == TOLD_OK && out->count < json_array_size(steps); out->count++)
		status = told_fields_read(&told_plan_step_form, json_array_get(steps, out->count), arena,
					  &out->steps[out->count], sizeof out->steps[0]);
	return status;
}

enum told_status told_plan_read(struct told_bytes doc, struct told_arena *arena, struct told_plan *out)
{
	json_t *json = json_loadb((const char *)doc.data, doc.len, JSON_REJECT_DUPLICATES, NULL);
	enum told_status status =
		json == NULL ? TOLD_E_MALFORMED : told_fields_read(&plan_form, json, arena, out, sizeof *out);
	if (status == TOLD_OK)
		status = read_steps(json_object_get(json, "steps"), arena, out);
	json_decref(json);
	return status;
}
