/* SPDX-License-Identifier: Apache-2.0 */
/* Who is on call here, and who is away: what is raised goes to a named person, or to who stands for them. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/attention.h"

#include <stdio.h>
#include <string.h>

#define AWAY_MAX_MS (366 * TOLD_MS_DAY)

static json_t *view(struct told_agent *agent, const struct told_duty *duty)
{
	const char *now = told_duty_now(agent, duty, NULL);
	json_t *json = told_duty_json(duty);
	if (json != NULL)
		json_object_set_new(json, "now", now == NULL ? json_null() : json_string(now));
	return json;
}

static enum told_status end_duty(struct told_agent *agent, const struct told_duty *duty, enum told_status status,
				 struct told_reply *reply)
{
	if (status == TOLD_OK)
		status = told_duty_save(agent, duty);
	if (status == TOLD_OK)
		reply->json = view(agent, duty);
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_duty(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	struct told_duty duty;
	(void)caller;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status == TOLD_OK ? told_duty_load(agent, &duty) : r.status;
	if (status == TOLD_OK)
		reply->json = view(agent, &duty);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

static void name(struct told_bytes number, char out[TOLD_NAME_MAX_BYTES + 1])
{
	snprintf(out, TOLD_NAME_MAX_BYTES + 1, "%.*s", (int)number.len, (const char *)number.data);
}

static enum told_status set(struct told_request *r, const struct told_caller *caller, struct told_duty *duty)
{
	bool deputy = r->object != NULL && json_object_get(r->object, "deputy") != NULL;
	struct told_bytes contact = told_request_worker(r, "contact");
	struct told_bytes second = deputy ? told_request_worker(r, "deputy") : told_bytes(NULL, 0);
	if (r->status == TOLD_OK && !told_may_manage(caller->roles))
		told_request_refuse(r, TOLD_E_NOT_ALLOWED, "A senior or coordinator says who is on call.");
	if (r->status == TOLD_OK && told_bytes_equal(contact, second))
		told_request_refuse(r, TOLD_E_USAGE, "The deputy is somebody else than the contact.");
	if (r->status != TOLD_OK)
		return r->status;
	name(contact, duty->contact);
	name(second, duty->deputy);
	return TOLD_OK;
}

enum told_status told_agent_duty_set(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	struct told_duty duty;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "contact deputy", reply);
	status = told_duty_load(agent, &duty);
	return end_duty(agent, &duty, status == TOLD_OK ? set(&r, caller, &duty) : status, reply);
}

/* Everybody says it of themselves; who manages, of anybody. */
static enum told_status away(struct told_request *r, const struct told_caller *caller, struct told_duty *duty)
{
	int64_t now_ms = told_clock_now(&r->agent->clock).wall_ms;
	bool other = r->object != NULL && json_object_get(r->object, "worker") != NULL;
	int64_t until_ms = (int64_t)told_request_number(r, "until_ms");
	char number[TOLD_NAME_MAX_BYTES + 1];
	snprintf(number, sizeof number, "%s", caller->number);
	if (other)
		name(told_request_worker(r, "worker"), number);
	if (r->status == TOLD_OK && strcmp(number, caller->number) != 0 && !told_may_manage(caller->roles))
		told_request_refuse(r, TOLD_E_NOT_ALLOWED, "Only a senior or coordinator says that of somebody else.");
	if (r->status == TOLD_OK && until_ms > now_ms + AWAY_MAX_MS)
		told_request_refuse(r, TOLD_E_USAGE, "Nobody is away for longer than a year: mend the day (--until).");
	return r->status == TOLD_OK ? told_duty_set_away(duty, number, until_ms, now_ms) : r->status;
}

enum told_status told_agent_duty_away(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	struct told_duty duty;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "worker until_ms", reply);
	status = told_duty_load(agent, &duty);
	if (status == TOLD_OK)
		status = away(&r, caller, &duty);
	if (status == TOLD_E_LIMIT)
		told_buf_put_text(&reply->why, "64 people are away already. Say first who is back: told duty back.");
	return end_duty(agent, &duty, status, reply);
}
