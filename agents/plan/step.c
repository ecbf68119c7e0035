/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a step as a table: state, event, who may. Pure. */
#include "agents/plan/plan.h"

const char *const told_step_states[] = {NULL, "to-do", "started", "done", "stopped", NULL};
const char *const told_step_kinds[] = {NULL, "usual", "safety", "duty", "crisis", NULL};

const char *told_plan_rule_name(enum told_plan_rule rule)
{
	static const char *const names[] = {
		"",
#define X(name, word, text) word,
		TOLD_PLAN_RULES(X)
#undef X
	};
	return (unsigned)rule < TOLD_PLAN_RULE_COUNT ? names[rule] : "";
}

const char *told_plan_rule_text(enum told_plan_rule rule)
{
	static const char *const texts[] = {
		"",
#define X(name, word, text) text,
		TOLD_PLAN_RULES(X)
#undef X
	};
	return (unsigned)rule < TOLD_PLAN_RULE_COUNT ? texts[rule] : "";
}

/* P1, P2: who may cause what. */
static const unsigned actor_of[TOLD_STEP_EVENT_COUNT] = {
	[TOLD_STEP_START] = TOLD_STEP_OWNER, [TOLD_STEP_FINISH] = TOLD_STEP_OWNER,
	[TOLD_STEP_STOP] = TOLD_STEP_OWNER,  [TOLD_STEP_REOPEN] = TOLD_STEP_OWNER,
	[TOLD_STEP_MOVE] = TOLD_STEP_KEEPER, [TOLD_STEP_CONDITION] = TOLD_STEP_KEEPER,
};

/* What becomes of it; what is not written here is refused. */
static const uint32_t next_of[TOLD_STEP_STATE_COUNT][TOLD_STEP_EVENT_COUNT] = {
	[TOLD_STEP_TO_DO] =
		{
			[TOLD_STEP_START] = TOLD_STEP_STARTED,
			[TOLD_STEP_FINISH] = TOLD_STEP_DONE,
			[TOLD_STEP_STOP] = TOLD_STEP_STOPPED,
			[TOLD_STEP_MOVE] = TOLD_STEP_TO_DO,
			[TOLD_STEP_CONDITION] = TOLD_STEP_TO_DO,
		},
	[TOLD_STEP_STARTED] =
		{
			[TOLD_STEP_FINISH] = TOLD_STEP_DONE,
			[TOLD_STEP_STOP] = TOLD_STEP_STOPPED,
			[TOLD_STEP_MOVE] = TOLD_STEP_STARTED,
		},
	[TOLD_STEP_DONE] =
		{
			[TOLD_STEP_REOPEN] = TOLD_STEP_TO_DO,
			[TOLD_STEP_MOVE] = TOLD_STEP_DONE,
		},
	[TOLD_STEP_STOPPED] =
		{
			[TOLD_STEP_REOPEN] = TOLD_STEP_TO_DO,
			[TOLD_STEP_MOVE] = TOLD_STEP_STOPPED,
		},
};

uint32_t told_step_next(uint32_t state, unsigned event, unsigned actors, enum told_plan_rule *rule)
{
	*rule = TOLD_PLAN_STATE;
	if (state >= TOLD_STEP_STATE_COUNT || event >= TOLD_STEP_EVENT_COUNT)
		return TOLD_STEP_NONE;
	if ((actor_of[event] & actors) == 0) {
		*rule = actor_of[event] == TOLD_STEP_OWNER ? TOLD_PLAN_OWNER : TOLD_PLAN_KEEPER;
		return TOLD_STEP_NONE;
	}
	if (next_of[state][event] != TOLD_STEP_NONE)
		*rule = TOLD_PLAN_FINE;
	return next_of[state][event];
}
