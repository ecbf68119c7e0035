/* SPDX-License-Identifier: Apache-2.0 */
/* How long what others told us may stay here: agreements say it by category and recipient, and it binds us. A list of
 * what is due, and its deletion from our vault; a hold keeps it. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"

#include <string.h>

#define AHEAD_MS (30 * TOLD_MS_DAY) /* listed before it is due, so that nobody is surprised */

static bool binds(const struct told_agent *agent, const struct told_retention *line, uint32_t category)
{
	static const struct told_partyset everybody;
	bool all = memcmp(&line->parties, &everybody, sizeof everybody) == 0;
	return told_catset_has(&line->data, category) && (all || told_partyset_has(&line->parties, agent->self));
}

/* The day until which the first fitting line of each agreement of ours lets it stay, the soonest of them; 0: none says.
 */
static int64_t due_of(const struct told_agent *agent, uint32_t category, int64_t received_ms)
{
	struct told_when now = told_agent_now(agent);
	const struct told_agreement *a;
	int64_t soonest = 0;
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++) {
		if (!told_directory_signed(agent->directory, a, agent->self, now))
			continue;
		for (size_t j = 0; j < a->retention_count; j++) {
			const struct told_retention *r = &a->retentions[j];
			if (!binds(agent, r, category))
				continue;
			int64_t due = told_span_after(received_ms, r->span);
			soonest = soonest == 0 || due < soonest ? due : soonest;
			break;
		}
	}
	return soonest;
}

static enum told_status is_held(struct told_agent *agent, struct told_bytes client, bool *held)
{
	struct told_person *person = NULL;
	int64_t now_ms = told_agent_now(agent).utc_ms;
	enum told_status status = told_agent_person(agent, client, &person);
	*held = false;
	for (size_t i = 0; status == TOLD_OK && i < person->hold_count; i++)
		*held |= person->holds[i].until_utc_ms == 0 || now_ms < person->holds[i].until_utc_ms;
	told_person_free(person);
	return status;
}

/* What is done with each section that is due, or soon. */
typedef enum told_status each_due_fn(void *ctx, const struct told_section_due *section, int64_t due_ms, bool held);

static enum told_status each_due(struct told_agent *agent, int64_t until_ms, each_due_fn *fn, void *ctx)
{
	struct told_section_due section = {0};
	struct told_arena *arena = NULL;
	enum told_status status = told_arena_new(TOLD_TEXT_MAX_BYTES * 8, &arena);
	while (status == TOLD_OK) {
		bool held = false;
		told_arena_reset(arena);
		status = told_section_next_due(agent->vault, arena, section.id, &section);
		if (status != TOLD_OK)
			break;
		int64_t due_ms = due_of(agent, section.category, (int64_t)section.received_ms);
		if (due_ms == 0 || due_ms > until_ms)
			continue;
		status = is_held(agent, section.client, &held);
		if (status == TOLD_OK)
			status = fn(ctx, &section, due_ms, held);
	}
	told_arena_free(arena);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- listing ---- */

static enum told_status list_one(void *ctx, const struct told_section_due *section, int64_t due_ms, bool held)
{
	told_json_add(ctx, json_pack("{s:o, s:s, s:o, s:I, s:I, s:b}", "client", told_client_json(section->client),
				     "category", told_code(TOLD_LIST_CATEGORY, section->category), "from",
				     told_text_json(section->originator), "received_ms",
				     (json_int_t)section->received_ms, "due_ms", (json_int_t)due_ms, "held", held));
	return TOLD_OK;
}

enum told_status told_agent_retention(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	json_t *list = json_array();
	(void)caller;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status;
	if (status == TOLD_OK)
		status = each_due(agent, told_agent_now(agent).utc_ms + AHEAD_MS, list_one, list);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "due", list);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* ---- deleting ---- */

struct deleting {
	struct told_agent *agent;
	json_int_t deleted, held;
};

static enum told_status delete_one(void *ctx, const struct told_section_due *section, int64_t due_ms, bool held)
{
	struct deleting *d = ctx;
	(void)due_ms;
	d->held += held;
	d->deleted += !held;
	return held ? TOLD_OK : told_section_delete(d->agent->vault, section->id);
}

enum told_status told_agent_retention_apply(struct told_agent *agent, const struct told_caller *caller,
					    const json_t *request, struct told_reply *reply)
{
	struct deleting d = {.agent = agent};
	if ((caller->roles &
	     (TOLD_BIT32(TOLD_ROLE_SENIOR) | TOLD_BIT32(TOLD_ROLE_COORDINATOR) | TOLD_BIT32(TOLD_ROLE_DPO))) == 0) {
		told_buf_put_text(&reply->why, "Only a senior, a coordinator or the data protection officer deletes "
					       "what is due. Ask one of them.");
		return TOLD_E_NOT_ALLOWED;
	}
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "", reply);
	status = r.status;
	if (status == TOLD_OK)
		status = each_due(agent, told_agent_now(agent).utc_ms, delete_one, &d);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:I, s:I}", "deleted", d.deleted, "held", d.held);
	status = told_call_end(agent, status, reply);
	return status == TOLD_OK ? told_vault_shred(agent->vault) : status;
}
