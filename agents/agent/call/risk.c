/* SPDX-License-Identifier: Apache-2.0 */
/* What was raised stays on screen until somebody writes down what they did: listing it, handing it to another, closing
 * it. */
#include "agents/agent/work/risk.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/attention.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/may_see.h"

/* ---- showing ---- */

static json_t *risk_json(struct told_agent *agent, const struct told_duty *duty, const struct told_kept_row *row)
{
	json_t *json = told_doc_read(row->doc);
	if (json == NULL)
		return NULL;
	const char *named = json_string_value(json_object_get(json, "named"));
	const char *who = row->state == TOLD_RISK_OPEN ? told_duty_now(agent, duty, named) : NULL;
	if (who != NULL)
		json_object_set_new(json, "for", json_string(who));
	json_object_set_new(json, "risk", told_id_json(row->id));
	json_object_set_new(json, "client", told_client_json(row->client));
	json_object_set_new(json, "state", json_string(row->state == TOLD_RISK_OPEN ? "open" : "done"));
	return json;
}

/* Somebody who is excluded from a person's record is not shown that there is one, on duty or not. */
static enum told_status add(struct told_agent *agent, const struct told_caller *caller, const struct told_kept_row *row,
			    json_t *risk, json_t *list)
{
	enum told_status status = told_may_see(agent, caller, row->client);
	if (status == TOLD_OK && !told_json_add(list, risk))
		return TOLD_E_MEMORY;
	if (status != TOLD_OK)
		json_decref(risk);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* For the named person, whoever stands for them, everybody on duty, and whoever speaks of the person. */
enum told_status told_risk_attention(struct told_attention *a)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_kept_next(a->agent->vault, a->agent->arena, "risk", TOLD_KEPT_STATE, told_bytes(NULL, 0),
					TOLD_RISK_OPEN, row.seq, &row);
		json_t *risk = status == TOLD_OK ? risk_json(a->agent, &a->duty, &row) : NULL;
		bool theirs = told_attention_is_theirs(a, json_string_value(json_object_get(risk, "for")));
		if (status == TOLD_OK && (theirs || told_attention_shows(a, row.client)))
			status = add(a->agent, a->caller, &row, json_incref(risk), a->list);
		json_decref(risk);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_risks(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	struct told_kept_row row = {0};
	struct told_duty duty;
	json_t *list = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	bool one = request != NULL && json_object_get(request, "client") != NULL;
	struct told_bytes client = one ? told_request_client(&r) : told_bytes(NULL, 0);
	enum told_status status = r.status == TOLD_OK ? told_duty_load(agent, &duty) : r.status;
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, "risk", one ? TOLD_KEPT_CLIENT : TOLD_KEPT_ALL,
					client, 0, row.seq, &row);
		if (status == TOLD_OK)
			status = add(agent, caller, &row, risk_json(agent, &duty, &row), list);
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
	row->state = TOLD_RISK_DONE;
	enum told_status status = told_risk_save(agent, row, doc);
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
		if (status == TOLD_OK && row.state == TOLD_RISK_OPEN)
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

/* ---- handing over ---- */

/* To somebody who is a worker here, with or without the risks of the person changing hands before. */
static enum told_status hand_all(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
				 struct told_bytes to, size_t *count)
{
	struct told_agent *agent = r->agent;
	struct told_kept_row row = {0};
	enum told_status status = told_may_see(agent, caller, client);
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, "risk", TOLD_KEPT_CLIENT, client, 0, row.seq, &row);
		json_t *doc = status == TOLD_OK && row.state == TOLD_RISK_OPEN ? told_doc_read(row.doc) : NULL;
		if (doc == NULL)
			continue;
		json_t *handed = json_object_get(doc, "handed");
		if (handed == NULL)
			json_object_set_new(doc, "handed", handed = json_array());
		told_json_add(handed, json_pack("{s:s, s:o, s:I}", "by", caller->number, "to", told_text_json(to),
						"time_ms", (json_int_t)told_clock_now(&agent->clock).wall_ms));
		json_object_set_new(doc, "named", told_text_json(to));
		status = told_risk_save(agent, &row, doc);
		*count += status == TOLD_OK;
		json_decref(doc);
	}
	return status == TOLD_E_NOT_FOUND && *count > 0 ? TOLD_OK : status;
}

enum told_status told_agent_risk_hand(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	size_t count = 0;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client to", reply);
	struct told_bytes client = told_request_client(&r), to = told_request_worker(&r, "to");
	status = r.status == TOLD_OK ? hand_all(&r, caller, client, to, &count) : r.status;
	if (status == TOLD_E_NOT_FOUND && reply->why.len == 0)
		told_buf_put_text(&reply->why, "No answer of this person waits for somebody to act. See told risk ls.");
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:o, s:I}", "client", told_client_json(client), "to", told_text_json(to),
					"handed", (json_int_t)count);
	return told_call_end(agent, status, reply);
}
