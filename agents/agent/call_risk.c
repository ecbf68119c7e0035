/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer raised stays on screen: for whoever works with the person on every reply about them, for the worker on
 * duty on every reply, until somebody writes down what they did. Nothing of it leaves the agency by itself. */
#include "agents/agent/card.h"
#include "agents/agent/incident.h"
#include "agents/agent/risk.h"
#include "agents/agent/show.h"
#include "agents/agent/worker.h"

#include "told/seal.h"

#include <stdlib.h>
#include <string.h>

enum { RISK_OPEN = 1, RISK_DONE };

static enum told_status save(struct told_agent *agent, struct told_kept_row *row, const json_t *doc)
{
	char *text = json_dumps(doc, JSON_COMPACT);
	if (text == NULL)
		return TOLD_E_MEMORY;
	row->kind = "risk";
	row->doc = told_text(text);
	enum told_status status = told_kept_put(agent->vault, row);
	told_wipe(text, strlen(text));
	free(text);
	return status;
}

/* ---- raising ---- */

static enum told_status raise_one(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
				  const json_t *answer)
{
	static const char members[] = "item question answer category";
	struct told_reply unused = {.why = TOLD_BUF(0)};
	struct told_request one = told_request_open(r->agent, answer, members, &unused);
	uint8_t *id = told_arena_alloc(r->agent->arena, TOLD_ID_BYTES);
	struct told_kept_row row = {.id = told_bytes(id, TOLD_ID_BYTES), .client = client, .state = RISK_OPEN};
	one.why = r->why;
	struct told_bytes item = told_request_text(&one, "item", true);
	json_t *doc =
		json_pack("{s:o, s:o, s:o, s:s, s:I, s:s}", "item", told_text_json(item), "question",
			  told_text_json(told_request_text(&one, "question", true)), "answer",
			  told_text_json(told_request_text(&one, "answer", true)), "category",
			  told_code(TOLD_LIST_CATEGORY, told_request_code(&one, "category", TOLD_LIST_CATEGORY, 0)),
			  "raised_ms", (json_int_t)told_clock_now(&r->agent->clock).wall_ms, "by", caller->number);
	enum told_status status = one.status == TOLD_OK && (doc == NULL || id == NULL) ? TOLD_E_MEMORY : one.status;
	if (status == TOLD_OK)
		status = told_random(id, TOLD_ID_BYTES);
	if (status == TOLD_OK)
		status = save(r->agent, &row, doc);
	json_decref(doc);
	return status;
}

enum told_status told_risk_raise(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
				 const json_t *raised)
{
	enum told_status status = r->status;
	for (size_t i = 0; i < json_array_size(raised) && status == TOLD_OK; i++)
		status = raise_one(r, caller, client, json_array_get(raised, i));
	return status;
}

/* ---- showing ---- */

static json_t *risk_json(const struct told_kept_row *row)
{
	json_t *json = told_doc_read(row->doc);
	if (json == NULL)
		return NULL;
	json_object_set_new(json, "risk", told_id_json(row->id));
	json_object_set_new(json, "client", told_client_json(row->client));
	json_object_set_new(json, "state", json_string(row->state == RISK_OPEN ? "open" : "done"));
	return json;
}

/* Somebody who is excluded from a person's record is not shown that there is one, on duty or not. */
static enum told_status add(struct told_agent *agent, const struct told_caller *caller, const struct told_kept_row *row,
			    json_t *list)
{
	enum told_status status = told_may_see(agent, caller, row->client);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	if (status == TOLD_OK && !told_json_add(list, risk_json(row)))
		status = TOLD_E_MEMORY;
	return status;
}

static bool on_duty(const struct told_agent *agent, const struct told_caller *caller)
{
	for (size_t i = 0; i < caller->team_count; i++)
		if (agent->duty_team[0] != '\0' && strcmp(caller->teams[i], agent->duty_team) == 0)
			return true;
	return false;
}

static enum told_status anybody_on_duty(struct told_agent *agent, bool *out)
{
	struct told_worker_row row = {0};
	struct told_caller worker;
	enum told_status status = TOLD_OK;
	*out = false;
	for (uint64_t after = 0; status == TOLD_OK && !*out; after = row.id) {
		status = told_worker_next(agent->vault, agent->arena, after, &row);
		if (status != TOLD_OK || row.state != TOLD_WORKER_ACTIVE)
			continue;
		told_worker_caller(&row, &worker);
		*out = on_duty(agent, &worker);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* Whether any member "client" in what is shown or was asked names this person. */
static bool speaks_of(const json_t *json, struct told_bytes client)
{
	uint8_t ref[TOLD_ID_BYTES];
	const char *name;
	json_t *value;
	size_t i;
	if (json_is_array(json)) {
		json_array_foreach(json, i, value) if (speaks_of(value, client)) return true;
		return false;
	}
	json_object_foreach((json_t *)(uintptr_t)json, name, value)
	{
		bool named = json_is_string(value) && strcmp(name, "client") == 0 &&
			     told_code_read(told_text(json_string_value(value)), ref) == TOLD_OK &&
			     told_bytes_equal(told_bytes(ref, sizeof ref), client);
		if (named || speaks_of(value, client))
			return true;
	}
	return false;
}

/* Where nobody is on duty, everybody is: raised to nobody must not be. */
static enum told_status sees_all(struct told_agent *agent, const struct told_caller *caller, bool *out)
{
	bool any = false;
	*out = on_duty(agent, caller);
	enum told_status status = *out ? TOLD_OK : anybody_on_duty(agent, &any);
	*out = *out || (status == TOLD_OK && !any);
	return status;
}

enum told_status told_agent_attention(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      json_t *reply)
{
	struct told_kept_row row = {0};
	bool all = false;
	told_arena_reset(agent->arena);
	enum told_status status = told_kept_next(agent->vault, agent->arena, "risk", TOLD_KEPT_STATE,
						 told_bytes(NULL, 0), RISK_OPEN, 0, &row);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	json_t *list = json_array();
	status = sees_all(agent, caller, &all);
	while (status == TOLD_OK) {
		if (all || speaks_of(request, row.client) || speaks_of(reply, row.client))
			status = add(agent, caller, &row, list);
		if (status == TOLD_OK)
			status = told_kept_next(agent->vault, agent->arena, "risk", TOLD_KEPT_STATE,
						told_bytes(NULL, 0), RISK_OPEN, row.seq, &row);
	}
	if (status == TOLD_E_NOT_FOUND)
		status = TOLD_OK;
	if (status == TOLD_OK && json_array_size(list) > 0 && json_object_set(reply, "look_now", list) != 0)
		status = TOLD_E_MEMORY;
	json_decref(list);
	return status;
}

enum told_status told_agent_risks(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	struct told_kept_row row = {0};
	json_t *list = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	bool one = request != NULL && json_object_get(request, "client") != NULL;
	struct told_bytes client = one ? told_request_client(&r) : told_bytes(NULL, 0);
	enum told_status status = r.status;
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, "risk", one ? TOLD_KEPT_CLIENT : TOLD_KEPT_ALL,
					client, 0, row.seq, &row);
		if (status == TOLD_OK)
			status = add(agent, caller, &row, list);
	}
	if (status == TOLD_E_NOT_FOUND)
		status = TOLD_OK;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "risks", list);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* ---- what was done ---- */

static enum told_status close_one(struct told_agent *agent, const struct told_caller *caller, struct told_kept_row *row,
				  struct told_bytes did, json_t *list)
{
	json_t *doc = told_doc_read(row->doc);
	if (doc == NULL)
		return TOLD_E_CORRUPT;
	json_object_set_new(doc, "did", told_text_json(did));
	json_object_set_new(doc, "did_by", json_string(caller->number));
	json_object_set_new(doc, "did_ms", json_integer((json_int_t)told_clock_now(&agent->clock).wall_ms));
	row->state = RISK_DONE;
	enum told_status status = save(agent, row, doc);
	if (status == TOLD_OK && !told_json_add(list, json_deep_copy(json_object_get(doc, "item"))))
		status = TOLD_E_MEMORY;
	json_decref(doc);
	return status;
}

static enum told_status close_all(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
				  struct told_bytes did, json_t *list)
{
	struct told_agent *agent = r->agent;
	struct told_kept_row row = {0};
	enum told_status status = told_may_see(agent, caller, client);
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, "risk", TOLD_KEPT_CLIENT, client, 0, row.seq, &row);
		if (status == TOLD_OK && row.state == RISK_OPEN)
			status = close_one(agent, caller, &row, did, list);
	}
	if (status != TOLD_E_NOT_FOUND || json_array_size(list) > 0)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	told_request_refuse(r, TOLD_E_NOT_FOUND,
			    "No answer of this person waits for somebody to act. See told risk ls.");
	return TOLD_E_NOT_FOUND;
}

enum told_status told_agent_risk_done(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	json_t *list = json_array();
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		goto out;
	struct told_request r = told_request_open(agent, request, "client did", reply);
	struct told_bytes client = told_request_client(&r), did = told_request_text(&r, "did", true);
	status = r.status;
	if (status == TOLD_OK)
		status = close_all(&r, caller, client, did, list);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:O}", "client", told_client_json(client), "done", list);
	status = told_call_end(agent, status, reply);
out:
	json_decref(list);
	return status;
}
