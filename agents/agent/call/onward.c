/* SPDX-License-Identifier: Apache-2.0 */
/* Onward referrals: those that were avoided, because a plan step was opened here for the need and its outcome recorded,
 * and, never without them, those that the person asked for and we refused (practice.md section 5). */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/may_see.h"
#include "agents/agent/work/plan.h"
#include "agents/agent/work/referral.h"

#include <string.h>

/* Kept sealed among what we wrote down about referrals, under a number of its own. */
static enum told_status keep(struct told_agent *agent, struct told_bytes client, const json_t *refusal)
{
	uint8_t id[TOLD_ID_BYTES];
	struct told_found_referral none = {.client = client};
	struct told_referral_facts facts = {0};
	enum told_status status = told_uuid7((uint64_t)told_clock_now(&agent->clock).wall_ms, id);
	json_t *book = status == TOLD_OK ? json_pack("{s:O}", "refused", refusal) : NULL;
	if (status == TOLD_OK && book == NULL)
		status = TOLD_E_MEMORY;
	memcpy(facts.id, id, sizeof id);
	none.facts = &facts;
	if (status == TOLD_OK)
		status = told_book_save(agent, &none, book);
	json_decref(book);
	return status;
}

enum told_status told_agent_onward_refuse(struct told_agent *agent, const struct told_caller *caller,
					  const json_t *request, struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client to need why", reply);
	struct told_bytes client = told_request_client(&r), to = told_request_other_party(&r, "to");
	struct told_bytes need = told_request_need(&r, true), why = told_request_text(&r, "why", true);
	status = r.status == TOLD_OK ? told_may_see(agent, caller, client) : r.status;
	if (status == TOLD_OK)
		reply->json =
			json_pack("{s:o, s:o, s:o, s:o, s:s, s:I}", "client", told_client_json(client), "to",
				  told_text_json(to), "need", told_text_json(need), "why", told_text_json(why), "by",
				  caller->number, "at_ms", (json_int_t)told_clock_now(&agent->clock).wall_ms);
	if (status == TOLD_OK)
		status = reply->json == NULL ? TOLD_E_MEMORY : keep(agent, client, reply->json);
	return told_call_end(agent, status, reply);
}

static bool refused_for(const json_t *book, struct told_bytes need)
{
	const json_t *refusal = json_object_get(book, "refused");
	const char *for_need = json_string_value(json_object_get(refusal, "need"));
	return for_need != NULL && (need.len == 0 || told_bytes_equal(need, told_text(for_need)));
}

static enum told_status count_refused(struct told_agent *agent, struct told_bytes client, struct told_bytes need,
				      size_t *out)
{
	uint8_t at[TOLD_ID_BYTES] = {0};
	struct told_bytes whose, doc;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_referral_doc_next(agent->vault, agent->arena, at, &whose, &doc);
		if (status != TOLD_OK || (client.len > 0 && !told_bytes_equal(client, whose)))
			continue;
		json_t *book = told_doc_read(doc);
		if (book == NULL)
			return TOLD_E_CORRUPT;
		*out += refused_for(book, need);
		json_decref(book);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* Counts alone: no name, no reference. */
enum told_status told_agent_onward(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				   struct told_reply *reply)
{
	struct told_plan_count steps = {0};
	struct told_bytes client = told_bytes(NULL, 0);
	size_t refused = 0;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client need", reply);
	struct told_bytes need = told_request_need(&r, false);
	if (request != NULL && json_object_get(request, "client") != NULL)
		client = told_request_client(&r);
	status = r.status;
	if (status == TOLD_OK && client.len > 0)
		status = told_look(agent, caller, client, &client);
	if (status == TOLD_OK)
		status = told_plan_count(agent, client, need, &steps);
	if (status == TOLD_OK)
		status = count_refused(agent, client, need, &refused);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:i, s:i, s:i}", "opened_here", (int)steps.opened, "avoided",
					(int)steps.with_outcome, "asked_for_and_refused", (int)refused);
	return told_call_end(agent, status, reply);
}
