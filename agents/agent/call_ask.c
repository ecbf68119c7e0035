/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for what others were told. The answer says nothing but that the question was put; what may be had comes by
 * itself. */
#include "agents/agent/content.h"
#include "agents/agent/request.h"
#include "agents/agent/show.h"
#include "agents/agent/state.h"

/* Everyone who could hold something: the parties of agreements that we signed. */
static struct told_bytes_list everyone(struct told_agent *agent)
{
	struct told_bytes_list out = {.items = told_arena_alloc(agent->arena, TOLD_RECIPIENTS_MAX * sizeof *out.items)};
	for (uint32_t party = 1; party <= told_party_count(agent->parties) && out.items != NULL; party++) {
		struct told_bytes name = told_text(told_party_name(agent->parties, party));
		bool enrolled =
			told_directory_party(agent->directory, party, told_agent_now(agent)) == TOLD_PARTY_ENROLLED;
		if (party != agent->self && enrolled && told_agent_believes(agent, name) &&
		    out.count < TOLD_RECIPIENTS_MAX)
			out.items[out.count++] = name;
	}
	return out;
}

static struct told_u32_list everything(struct told_agent *agent)
{
	struct told_u32_list out = {.items = told_arena_alloc(agent->arena, TOLD_CATEGORY_COUNT * sizeof *out.items)};
	for (uint32_t c = 1; c < TOLD_CATEGORY_COUNT && out.items != NULL; c++)
		if (c != TOLD_CATEGORY_DEM_FORMER && c != TOLD_CATEGORY_EQA)
			out.items[out.count++] = c;
	return out;
}

static enum told_status ask(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
			    struct told_draft *draft)
{
	struct told_agent *agent = r->agent;
	struct told_choice choice;
	uint32_t purpose = told_request_code(r, "purpose", TOLD_LIST_PURPOSE, TOLD_PURPOSE_COORD);
	struct told_u32_list asked = told_request_categories(r, "categories");
	struct told_bytes_list from = told_request_texts(r, "from");
	struct told_bytes team = told_request_text(r, "team", false);
	if (r->status != TOLD_OK)
		return r->status;
	asked = asked.count == 0 ? everything(agent) : asked;
	from = from.count == 0 ? everyone(agent) : from;
	enum told_status status = TOLD_E_REFUSED;
	for (size_t i = 0; status == TOLD_E_REFUSED && i < from.count; i++)
		status = told_choose(agent, from.items[i], told_agent_self(agent), TOLD_TYPE_ASK, purpose, asked.items,
				     asked.count, &choice);
	if (status == TOLD_E_REFUSED)
		told_request_refuse(r, status,
				    "No agreement that both have signed is in force with anyone whom you ask.");
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_ASK, caller, client, draft);
	if (status != TOLD_OK)
		return status;
	struct told_header *h = &draft->header;
	h->recipients = from;
	h->purposes = (struct told_u32_list){.items = &purpose, .count = 1};
	h->bases = (struct told_basis_part_list){.items = choice.bases, .count = choice.flow_count};
	h->agreement = &choice.ref;
	h->asked = asked;
	if (team.len > 0)
		h->team = team;
	return told_draft_queue(agent, draft, told_bytes(NULL, 0));
}

enum told_status told_agent_ask(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				struct told_reply *reply)
{
	struct told_draft draft;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client categories purpose from team", reply);
	struct told_bytes client = told_request_client(&r);
	status = ask(&r, caller, client, &draft);
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket, json_object(), reply);
	return told_call_end(agent, status, reply);
}
