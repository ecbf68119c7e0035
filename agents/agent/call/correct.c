/* SPDX-License-Identifier: Apache-2.0 */
/* Who has put right what we corrected. */
#include "agents/agent/work/correct.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/may_see.h"

/* What the recipient said, and who of them opened it. */
static enum told_status add_answer(struct told_agent *agent, const struct told_outbox_row *row, json_t *json)
{
	struct told_kept_row kept;
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, TOLD_KEPT_APPLIED, TOLD_KEPT_ID, row->id, 0, 0, &kept);
	json_t *doc = status == TOLD_OK ? told_doc_read(kept.doc) : NULL;
	if (doc != NULL && json_is_true(json_object_get(doc, "applied")))
		json_object_set(json, "applied_ms", json_object_get(doc, "at_ms"));
	else if (doc != NULL)
		json_object_set(json, "not_held_ms", json_object_get(doc, "at_ms"));
	json_decref(doc);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status add(struct told_agent *agent, const struct told_outbox_row *row, json_t *list)
{
	struct told_header *header = NULL;
	enum told_status status = told_header_decode(row->header, agent->arena, &header);
	json_t *json = status == TOLD_OK ? told_message_json(agent, row) : NULL;
	if (json == NULL)
		return status == TOLD_OK ? TOLD_E_MEMORY : TOLD_E_CORRUPT;
	json_object_set_new(json, "corrects", told_id_json(header->in_reply_to));
	status = add_answer(agent, row, json);
	return told_json_add(list, json) ? status : TOLD_E_MEMORY;
}

enum told_status told_agent_corrections(struct told_agent *agent, const struct told_caller *caller,
					const json_t *request, struct told_reply *reply)
{
	struct told_outbox_row row;
	json_t *list = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_bytes client = told_request_client(&r);
	enum told_status status = r.status == TOLD_OK ? told_may_see(agent, caller, client) : r.status;
	for (uint64_t after = 0; status == TOLD_OK; after = row.seq) {
		status = told_outbox_next(agent->vault, agent->arena, TOLD_OUTBOX_OF_CLIENT, client, after, &row);
		if (status == TOLD_OK && row.type == TOLD_TYPE_CORRECTION)
			status = add(agent, &row, list);
	}
	status = status == TOLD_E_NOT_FOUND && r.status == TOLD_OK ? TOLD_OK : status;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:O}", "client", told_client_json(client), "corrections", list);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
