/* SPDX-License-Identifier: Apache-2.0 */
/* The logs of the partnership as this agency knows them, and accepting one that began after a restore. */
#include "agents/agent/core/log.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"

#include <inttypes.h>
#include <stdio.h>

#define GONE_SHOWN 100u /* messages that cannot be offered again, by name */

static json_t *origin_json(const struct told_agent *agent, uint64_t number)
{
	char origin[TOLD_NAME_MAX_BYTES + 24];
	snprintf(origin, sizeof origin, "%s/%" PRIu64, agent->partnership.partnership, number);
	return json_string(origin);
}

static json_t *numbers(uint64_t known, uint64_t old_size, uint64_t restored)
{
	return json_pack("{s:I, s:I, s:I}", "known", (json_int_t)known, "anchored", (json_int_t)old_size, "restored",
			 (json_int_t)restored);
}

/* ---- ls ---- */

static json_t *ended_json(const struct told_agent *agent, const struct told_log_row *row)
{
	json_t *json = numbers(row->known, row->old_size, row->size);
	if (json == NULL)
		return NULL;
	json_object_set_new(json, "log", origin_json(agent, row->number));
	json_object_set_new(json, "state", json_string("ended"));
	json_object_set_new(json, "accepted_ms", json_integer((json_int_t)row->accepted_ms));
	if (row->author.len > 0)
		json_object_set_new(json, "accepted_by", json_stringn((const char *)row->author.data, row->author.len));
	return json;
}

static json_t *current_json(const struct told_agent *agent, uint64_t number)
{
	uint64_t size = 0;
	(void)told_client_checkpoint(agent->client, &size, NULL);
	json_t *json = json_pack("{s:s, s:I}", "state", agent->offer.there ? "ended, waits for you" : "in use", "known",
				 (json_int_t)size);
	if (json != NULL)
		json_object_set_new(json, "log", origin_json(agent, number));
	return json;
}

static json_t *offer_json(const struct told_agent *agent)
{
	const struct told_log_offer *offer = &agent->offer;
	json_t *json = numbers(offer->known, offer->old_size, offer->ended.size);
	if (json == NULL)
		return NULL;
	json_object_set_new(json, "log", origin_json(agent, offer->ended.number + 1));
	json_object_set_new(json, "names", origin_json(agent, offer->ended.number));
	json_object_set_new(json, "state", json_string("offered"));
	json_object_set_new(json, "proved", json_boolean(offer->proved));
	return json;
}

enum told_status told_agent_logs(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	struct told_log_row row = {0};
	uint64_t number = told_log_number_of(told_text(agent->partnership.log_vkey));
	(void)caller;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	if (r.status != TOLD_OK)
		return r.status;
	json_t *list = json_array();
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_log_next(agent->vault, agent->arena, row.number, &row);
		if (status == TOLD_OK) {
			told_json_add(list, ended_json(agent, &row));
			number = row.number + 1;
		}
	}
	told_json_add(list, current_json(agent, number));
	if (agent->offer.there)
		told_json_add(list, offer_json(agent));
	reply->json = json_pack("{s:o}", "logs", list);
	return status != TOLD_E_NOT_FOUND ? status : reply->json == NULL ? TOLD_E_MEMORY : TOLD_OK;
}

/* ---- accept ---- */

/* What the old log lost and we no longer hold: nobody can offer it again from here. */
static enum told_status list_gone(struct told_agent *agent, uint64_t from_entry, json_t *list, uint64_t *count)
{
	struct told_outbox_row row = {0};
	enum told_status status = TOLD_OK;
	for (*count = 0; status == TOLD_OK;) {
		status = told_offer_gone(agent->vault, agent->arena, from_entry, row.seq, &row);
		if (status != TOLD_OK)
			break;
		char id[2 * TOLD_ID_BYTES + 1];
		told_hex(row.id.data, TOLD_ID_BYTES, id);
		if ((*count)++ < GONE_SHOWN)
			told_json_add(list, json_pack("{s:s, s:s, s:I}", "id", id, "type",
						      told_code(TOLD_LIST_TYPE, row.type), "accepted_ms",
						      (json_int_t)row.time_ms));
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status accept(struct told_agent *agent, const struct told_caller *caller, json_t *json)
{
	uint64_t again = 0, gone = 0, from = agent->offer.ended.base + agent->offer.ended.size;
	json_t *list = json_array();
	enum told_status status = told_log_accept(agent, told_text(caller->number), &again);
	if (status == TOLD_OK)
		status = list_gone(agent, from, list, &gone);
	json_object_set_new(json, "offered_again", json_integer((json_int_t)again));
	json_object_set_new(json, "gone", json_integer((json_int_t)gone));
	json_object_set_new(json, "gone_messages", list);
	if (gone > 0)
		told_log(&agent->log, TOLD_LOG_ERROR, "agent.cannot_offer_again", TOLD_LOG_NUMBER("messages", gone));
	return status;
}

/* The lead has read the numbers and types the log's name: a yes to this log and to no later one. */
static bool may(struct told_request *r, const struct told_caller *caller, struct told_bytes name)
{
	const struct told_agent *agent = r->agent;
	json_t *wanted = agent->offer.there ? origin_json(agent, agent->offer.ended.number + 1) : NULL;
	if (!told_may_answer(caller->roles))
		told_request_refuse(
			r, TOLD_E_NOT_ALLOWED,
			"Only a senior, a coordinator or the data protection officer of this agency accepts a "
			"new log.");
	else if (r->status == TOLD_OK && wanted == NULL)
		told_request_refuse(r, TOLD_E_NOT_FOUND,
				    "No new log waits to be accepted. told log ls shows which is in use.");
	else if (r->status == TOLD_OK && !told_bytes_equal(name, told_text(json_string_value(wanted))))
		told_request_refuse(r, TOLD_E_USAGE, "That is not the log that waits. told log ls shows its name.");
	json_decref(wanted);
	return r->status == TOLD_OK;
}

enum told_status told_agent_log_accept(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "log", reply);
	struct told_bytes name = told_request_text(&r, "log", true);
	if (may(&r, caller, name)) {
		reply->json = offer_json(agent);
		r.status = reply->json == NULL ? TOLD_E_MEMORY : accept(agent, caller, reply->json);
		if (r.status == TOLD_OK)
			json_object_set_new(reply->json, "state", json_string("accepted"));
	}
	status = told_call_end(agent, r.status, reply);
	if (status != TOLD_OK)
		return status;
	told_log_offer_free(&agent->offer);
	agent->saved_size = agent->published_size = 0;
	return told_agent_connect(agent);
}
