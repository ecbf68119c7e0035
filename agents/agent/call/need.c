/* SPDX-License-Identifier: Apache-2.0 */
/* A person's needs here, and how much each is in the way: rated by themselves and by a worker, first and again. Kept in
 * our vault; what other services may know of a need is told as a section like any story. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/may_see.h"

#include "agents/outcome/need.h"
#include "told/seal.h"

#include <string.h>

/* The row of a need of a person; a new one is given an id. */
static enum told_status find(struct told_agent *agent, struct told_bytes client, const char *need,
			     struct told_kept_row *row, json_t **doc)
{
	enum told_status status = TOLD_OK;
	*row = (struct told_kept_row){.kind = "need"};
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, "need", TOLD_KEPT_CLIENT, client, 0, row->seq, row);
		json_t *one = status == TOLD_OK ? told_doc_read(row->doc) : NULL;
		const char *name = json_string_value(json_object_get(one, "need"));
		if (name != NULL && strcmp(name, need) == 0) {
			*doc = one;
			return TOLD_OK;
		}
		json_decref(one);
	}
	if (status != TOLD_E_NOT_FOUND)
		return status;
	uint8_t *id = told_arena_alloc(agent->arena, TOLD_ID_BYTES);
	*row = (struct told_kept_row){.kind = "need", .id = told_bytes(id, TOLD_ID_BYTES), .client = client};
	return id == NULL ? TOLD_E_MEMORY : told_random(id, TOLD_ID_BYTES);
}

static enum told_status rate(struct told_request *r, struct told_bytes client, struct told_bytes need, json_t **doc)
{
	struct told_kept_row row;
	const char *name = told_arena_text(r->agent->arena, need);
	const struct told_rating rating = {
		.person = (int)told_request_number(r, "person"),
		.worker = (int)told_request_number(r, "worker"),
		.at_utc_ms = told_clock_now(&r->agent->clock).wall_ms,
	};
	enum told_status status = r->status;
	if (status == TOLD_OK)
		status = name != NULL ? find(r->agent, client, name, &row, doc) : TOLD_E_MEMORY;
	if (status == TOLD_OK)
		status = told_need_rate(doc, name, &rating);
	if (status == TOLD_E_USAGE)
		told_request_refuse(
			r, TOLD_E_USAGE,
			"Say how much it is in the way, from 1 (hardly) to 5 (it stops everything): \"person\" as "
			"they say it, \"worker\" as you see it.");
	return status == TOLD_OK ? told_doc_put(r->agent, &row, *doc) : status;
}

enum told_status told_agent_need(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	json_t *doc = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client need person worker", reply);
	struct told_bytes client = told_request_client(&r), need = told_request_need(&r, true);
	status = r.status == TOLD_OK ? told_may_see(agent, caller, client) : r.status;
	if (status == TOLD_OK)
		status = rate(&r, client, need, &doc);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:O, s:s}", "client", told_client_json(client), "need", doc, "change",
					told_change_words[told_need_change(doc, false)]);
	json_decref(doc);
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_needs(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	struct told_kept_row row = {0};
	json_t *list = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_bytes client = told_request_client(&r);
	enum told_status status = r.status == TOLD_OK ? told_may_see(agent, caller, client) : r.status;
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, "need", TOLD_KEPT_CLIENT, client, 0, row.seq, &row);
		if (status == TOLD_OK && !told_json_add(list, told_doc_read(row.doc)))
			status = TOLD_E_CORRUPT;
	}
	status = status == TOLD_E_NOT_FOUND && r.status == TOLD_OK ? TOLD_OK : status;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:O}", "client", told_client_json(client), "needs", list);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
