/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that somebody must look at now, such as PHQ-9 item 9 above 0 (practice.md section 1): kept open in the vault
 * until somebody writes down what they did. They stay in this agency. Room-internal. */
#ifndef TOLD_AGENT_RISK_H
#define TOLD_AGENT_RISK_H

#include "agents/agent/request.h"
#include "agents/agent/state.h"

/* Keeps what an intake raised, [{"item", "question", "answer", "category"}], in the caller's transaction. */
enum told_status told_risk_raise(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
				 const json_t *raised);

/* Keeps which questions, by their codes, the person was spared here (spared.c); those known already stay as they are.
 */
enum told_status told_spared_note(struct told_request *r, struct told_bytes client, const json_t *items);

#endif
