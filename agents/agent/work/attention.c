/* SPDX-License-Identifier: Apache-2.0 */
/* Whom it is shown to, what must be looked at now: what is about the person spoken of, and everything to who is on
 * duty. */
#include "agents/agent/work/attention.h"
#include "agents/agent/core/card.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

/* ---- for whom ---- */

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
static bool sees_all(struct told_attention *a)
{
	bool any = false;
	const char *holder = told_duty_now(a->agent, &a->duty, NULL);
	if (on_duty(a->agent, a->caller) || (holder != NULL && strcmp(holder, a->caller->number) == 0))
		return true;
	/* That it cannot be found out is as if nobody were. */
	return holder == NULL && (anybody_on_duty(a->agent, &any) != TOLD_OK || !any);
}

bool told_attention_all(struct told_attention *a)
{
	if (!a->asked)
		a->all = sees_all(a);
	a->asked = true;
	return a->all;
}

bool told_attention_shows(struct told_attention *a, struct told_bytes client)
{
	return speaks_of(a->request, client) || speaks_of(a->reply, client) || told_attention_all(a);
}

bool told_attention_is_theirs(struct told_attention *a, const char *named)
{
	const char *who = told_duty_now(a->agent, &a->duty, named);
	return who != NULL && strcmp(who, a->caller->number) == 0;
}

/* ---- what came ---- */

static enum told_status add_incoming(struct told_attention *a, uint32_t state)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_kept_next(a->agent->vault, a->agent->arena, "incoming", TOLD_KEPT_STATE,
					told_bytes(NULL, 0), state, row.seq, &row);
		if (status != TOLD_OK || !told_attention_shows(a, row.client) ||
		    told_may_see(a->agent, a->caller, row.client) != TOLD_OK)
			continue;
		json_t *json = told_doc_read(row.doc);
		json_object_set_new(json, "what", json_string("incoming"));
		json_object_set_new(json, "client", told_client_json(row.client));
		json_object_set_new(json, "message", told_id_json(row.id));
		if (state == TOLD_INCOMING_RECALLED)
			json_object_set_new(json, "recalled", json_true());
		status = told_json_add(a->list, json) ? TOLD_OK : TOLD_E_MEMORY;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_incoming_attention(struct told_attention *a)
{
	enum told_status status = add_incoming(a, TOLD_INCOMING_UNOPENED);
	return status == TOLD_OK ? add_incoming(a, TOLD_INCOMING_RECALLED) : status;
}
