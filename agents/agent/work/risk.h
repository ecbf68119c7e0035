/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody must look at now, such as PHQ-9 item 9 above 0 or words under RSK.* (practice.md section 1): kept open
 * in the vault until somebody writes down what they did. It stays in this agency. Room-internal. */
#ifndef TOLD_AGENT_WORK_RISK_H
#define TOLD_AGENT_WORK_RISK_H

#include "agents/agent/core/request.h"
#include "agents/agent/core/state.h"

/* Keeps what an intake raised, [{"item", "question", "answer", "category"}], in the caller's transaction. */
enum told_status told_risk_raise(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
				 const json_t *raised);

/* Words were told here under a category: of RSK.* they are raised, of any other not. by: the worker who was told. */
enum told_status told_risk_words(struct told_agent *agent, struct told_bytes client, uint32_t category, const char *by);
/* The same of a section that came from another party. A section that comes again, with a later answer, is raised once:
 * who is told the same thing ten times no longer looks. */
enum told_status told_risk_came(struct told_agent *agent, const struct told_header *header,
				const struct told_section_header *section);
bool told_risk_is(uint32_t category);
/* Keeps one as it now is. Of row: id, client, state. */
enum told_status told_risk_save(struct told_agent *agent, struct told_kept_row *row, const json_t *doc);

/* Keeps which questions, by their codes, the person was spared here (spared.c); those known already stay as they are.
 */
enum told_status told_spared_note(struct told_request *r, struct told_bytes client, const json_t *items);

#endif
