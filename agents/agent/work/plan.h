/* SPDX-License-Identifier: Apache-2.0 */
/* Action plans as an agency keeps them: documents in the vault, told to whoever has a step in them. Room-internal, but
 * for what is counted. */
#ifndef TOLD_AGENT_WORK_PLAN_H
#define TOLD_AGENT_WORK_PLAN_H

#include "agents/agent/core/request.h"
#include "agents/plan/plan.h"

/* ---- plan.c: documents ---- */

/* The next plan of a person (client empty: of anybody) after a number (0: the first); in and out.
 * TOLD_E_NOT_FOUND. */
enum told_status told_plan_next(struct told_agent *agent, struct told_bytes client, uint64_t *after,
				struct told_bytes *whose, struct told_plan **out);
/* The plan of a person that this id names (32 hexadecimal digits), or, where it is empty, the one that there is: ours
 * first. TOLD_E_NOT_FOUND. */
enum told_status told_plan_find(struct told_agent *agent, struct told_bytes client, struct told_bytes id,
				struct told_plan **out);
enum told_status told_plan_save(struct told_agent *agent, struct told_bytes client, const struct told_plan *plan);
/* As a worker sees it: what rested on what was withdrawn is left out. The caller's JSON. */
enum told_status told_plan_view(struct told_agent *agent, struct told_bytes client, struct told_plan *plan,
				json_t **json);

/* Steps of ours about a person (client empty: of everybody) that were opened here for a need, and how many of them have
 * their outcome recorded: what "onward referral avoided" counts. need empty: for any need. */
struct told_plan_count {
	size_t opened, with_outcome;
};
enum told_status told_plan_count(struct told_agent *agent, struct told_bytes client, struct told_bytes need,
				 struct told_plan_count *out);

/* ---- plan_send.c ---- */

/* What is told: bits. STEP: the one of number. */
enum told_plan_part {
	TOLD_PLAN_HEAD = 1,
	TOLD_PLAN_GOALS = 2,
	TOLD_PLAN_STEPS = 4,
	TOLD_PLAN_ONE = 8,
	TOLD_PLAN_TEAM = 16
};
struct told_plan_news {
	const struct told_caller *caller;
	struct told_bytes client;
	struct told_plan *plan;
	unsigned parts;
	uint64_t number;
	struct told_bytes except; /* the party that told us; may be empty */
	const uint8_t *ticket;
};
/* Tells everybody who has a step in the plan, its keeper and the lead worker's agency, as our own ruling allows each.
 * list gets a PREVIEW for each, or {"to", "effect": "none"} where no agreement is. */
enum told_status told_plan_tell(struct told_agent *agent, const struct told_plan_news *news, json_t *list);
/* Goals and plan as sections of our story, for whoever may ask. */
enum told_status told_plan_deposit(struct told_agent *agent, const struct told_plan_news *news);

/* ---- plan_take.c ---- */

/* A message may bring parts of a plan. What the rules refuse changes nothing and is logged. */
enum told_status told_plan_take(struct told_agent *agent, const struct told_carried_message *message);

/* ---- plan_wait.c ---- */

/* Steps of ours that wait longer than the profile allows are told to the lead worker's agency, once. */
enum told_status told_plan_remind(struct told_agent *agent);
/* The days for which a step has waited, and whether that is over the limit. */
unsigned told_plan_waiting(const struct told_agent *agent, const struct told_step *step, bool *over);

#endif
