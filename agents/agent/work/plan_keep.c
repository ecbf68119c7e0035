/* SPDX-License-Identifier: Apache-2.0 */
/* Plans as the vault keeps them. */
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/plan.h"

#define KIND "plan"
enum { OURS = 1, THEIRS = 2 }; /* who keeps it; what others keep goes with what they told us */

enum told_status told_plan_next(struct told_agent *agent, struct told_bytes client, uint64_t *after,
				struct told_bytes *whose, struct told_plan **out)
{
	struct told_kept_row row;
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, KIND, client.len > 0 ? TOLD_KEPT_CLIENT : TOLD_KEPT_ALL,
			       client, 0, *after, &row);
	if (status != TOLD_OK)
		return status;
	*after = row.seq;
	*whose = row.client;
	*out = told_arena_alloc(agent->arena, sizeof **out);
	if (*out == NULL)
		return TOLD_E_MEMORY;
	status = told_plan_read(row.doc, agent->arena, *out);
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
}

enum told_status told_plan_find(struct told_agent *agent, struct told_bytes client, struct told_bytes id,
				struct told_plan **out)
{
	struct told_plan *plan = NULL;
	struct told_bytes whose;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	*out = NULL;
	while (status == TOLD_OK) {
		status = told_plan_next(agent, client, &after, &whose, &plan);
		if (status != TOLD_OK)
			break;
		bool ours = told_bytes_equal(plan->keeper, told_agent_self(agent));
		if (id.len > 0 ? told_bytes_equal(plan->id, id) : *out == NULL || ours)
			*out = plan;
	}
	return status == TOLD_E_NOT_FOUND && *out != NULL ? TOLD_OK : status;
}

enum told_status told_plan_save(struct told_agent *agent, struct told_bytes client, const struct told_plan *plan)
{
	uint8_t id[TOLD_ID_BYTES];
	json_t *json = told_plan_json(plan);
	struct told_kept_row row = {.kind = KIND,
				    .id = told_bytes(id, sizeof id),
				    .client = client,
				    .state = told_bytes_equal(plan->keeper, told_agent_self(agent)) ? OURS : THEIRS};
	enum told_status status = told_unhex(plan->id, id, sizeof id);
	if (status == TOLD_OK)
		status = told_doc_put(agent, &row, json);
	json_decref(json);
	return status;
}
