/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker says of the team around a person: the lead worker whom they chose, our members, supporters, promises.
 */
#include "agents/agent/work/team.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/consent.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/may_see.h"
#include "agents/agent/work/plan.h"

#include <string.h>

struct asking {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_request r;
	struct told_bytes client;
	struct told_team *team;
	uint64_t now_ms;
	bool tell; /* others are told */
};

static enum told_status begin(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
			      const char *members, struct told_reply *reply, struct asking *a)
{
	*a = (struct asking){.agent = agent, .caller = caller, .r = told_request_open(agent, request, members, reply)};
	a->now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	a->client = told_request_client(&a->r);
	enum told_status status = a->r.status;
	if (status == TOLD_OK)
		status = told_may_see(agent, caller, a->client);
	return status == TOLD_OK ? told_team_load(agent, a->client, &a->team) : status;
}

/* Our plan of the person goes to the lead worker's agency, which keeps it from now on: it hears the whole of it from us
 * first, for what comes after is its own to say. */
static enum told_status pass_plan(struct asking *a, struct told_plan_news *news, json_t *list)
{
	json_t *again = json_array();
	news->parts |= TOLD_PLAN_HEAD | TOLD_PLAN_GOALS | TOLD_PLAN_STEPS;
	enum told_status status = told_plan_tell(a->agent, news, list);
	news->plan->keeper = a->team->lead.party;
	news->plan->version++;
	news->parts = TOLD_PLAN_HEAD;
	if (status == TOLD_OK)
		status = told_plan_save(a->agent, a->client, news->plan);
	if (status == TOLD_OK)
		status = told_plan_tell(a->agent, news, again);
	json_decref(again);
	return status;
}

/* What is told to the others: the team, and with a new lead the plan that changes its keeper. */
static enum told_status tell(struct asking *a, const uint8_t *ticket, json_t *list)
{
	struct told_plan_news news = {
		.caller = a->caller, .client = a->client, .parts = TOLD_PLAN_TEAM, .ticket = ticket};
	struct told_plan *plan = NULL;
	struct told_bytes lead = a->team->lead.party;
	enum told_status status = told_plan_find(a->agent, a->client, told_bytes(NULL, 0), &plan);
	if (status == TOLD_E_NOT_FOUND) {
		plan = told_arena_alloc(a->agent->arena, sizeof *plan);
		if (plan == NULL)
			return TOLD_E_MEMORY;
		memset(plan, 0, sizeof *plan);
		status = TOLD_OK;
	}
	bool ours = status == TOLD_OK && told_bytes_equal(plan->keeper, told_agent_self(a->agent));
	news.plan = plan;
	if (ours && lead.len > 0 && !told_bytes_equal(lead, plan->keeper))
		return pass_plan(a, &news, list);
	return status == TOLD_OK ? told_plan_tell(a->agent, &news, list) : status;
}

static enum told_status finish(struct asking *a, enum told_status status, struct told_reply *reply)
{
	uint8_t ticket[TOLD_ID_BYTES];
	struct told_outbox_row row;
	json_t *told = json_array();
	if (status == TOLD_OK)
		status = told_random(ticket, sizeof ticket);
	if (status == TOLD_OK)
		status = told_team_save(a->agent, a->client, a->team);
	if (status == TOLD_OK && a->tell)
		status = tell(a, ticket, told);
	json_t *base = status != TOLD_OK ? NULL
					 : json_pack("{s:o, s:O}", "team", told_team_view(a->agent, a->client, a->team),
						     "told", told);
	json_decref(told);
	if (status == TOLD_OK)
		status = told_outbox_next(a->agent->vault, a->agent->arena, TOLD_OUTBOX_OF_TICKET,
					  told_bytes(ticket, sizeof ticket), 0, &row);
	if (status == TOLD_OK)
		status = told_agent_wait_for(a->agent, ticket, base, reply);
	else if (status == TOLD_E_NOT_FOUND && base != NULL) {
		reply->json = base;
		status = TOLD_OK;
	}
	return told_call_end(a->agent, status, reply);
}

/* ---- the lead worker ---- */

/* "TT:40718"; without a party one of ours. */
static void read_worker(struct told_request *r, const char *member, struct told_bytes *party, struct told_bytes *worker)
{
	struct told_bytes text = told_request_text(r, member, true);
	const uint8_t *colon = text.len == 0 ? NULL : memchr(text.data, ':', text.len);
	size_t at = colon == NULL ? 0 : (size_t)(colon - text.data);
	*party = colon == NULL ? told_agent_self(r->agent) : told_bytes(text.data, at);
	*worker = colon == NULL ? text : told_bytes(text.data + at + 1, text.len - at - 1);
	if (r->status == TOLD_OK)
		told_request_party_known(r, *party);
}

enum told_status told_agent_team_lead(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	struct asking a;
	struct told_lead lead = {0};
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	status = begin(agent, caller, request, "client to deputy until_ms chosen", reply, &a);
	read_worker(&a.r, "to", &lead.party, &lead.worker);
	read_worker(&a.r, "deputy", &lead.deputy_party, &lead.deputy);
	lead.until_ms = told_request_number(&a.r, "until_ms");
	bool chosen = told_request_flag(&a.r, "chosen") == TOLD_YES_NO_YES;
	if (status == TOLD_OK)
		status = a.r.status;
	if (status == TOLD_OK)
		status = told_team_refuse(&a.r, told_team_choose(a.team, &lead, chosen, a.now_ms));
	a.tell = true;
	return finish(&a, status, reply);
}

/* ---- our members ---- */

static enum told_status ours(struct asking *a, struct told_bytes number)
{
	struct told_worker_row row;
	enum told_status status = told_worker_by_number(a->agent->vault, a->agent->arena, number, &row);
	if (status == TOLD_OK && row.state != TOLD_WORKER_ACTIVE)
		status = TOLD_E_NOT_FOUND;
	return status == TOLD_E_NOT_FOUND ? told_team_refuse(&a->r, TOLD_TEAM_MEMBER) : status;
}

enum told_status told_agent_team_add(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	struct asking a;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	status = begin(agent, caller, request, "client worker team", reply, &a);
	struct told_member member = {.party = told_agent_self(agent),
				     .worker = told_request_text(&a.r, "worker", true),
				     .team = told_request_text(&a.r, "team", false)};
	told_request_team_known(&a.r, member.party, member.team);
	if (status == TOLD_OK)
		status = a.r.status;
	if (status == TOLD_OK)
		status = ours(&a, member.worker);
	if (status == TOLD_OK)
		status = told_team_refuse(&a.r, told_team_join(a.team, &member));
	a.tell = true;
	return finish(&a, status, reply);
}

enum told_status told_agent_team_remove(struct told_agent *agent, const struct told_caller *caller,
					const json_t *request, struct told_reply *reply)
{
	struct asking a;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	status = begin(agent, caller, request, "client worker", reply, &a);
	struct told_bytes worker = told_request_text(&a.r, "worker", true);
	if (status == TOLD_OK)
		status = a.r.status;
	if (status == TOLD_OK)
		status = told_team_refuse(&a.r, told_team_leave(a.team, told_agent_self(agent), worker));
	a.tell = true;
	return finish(&a, status, reply);
}

/* ---- supporters ---- */

/* The permission that the ticks are: to the supporter, of these steps, and nothing else. */
static json_t *permission(struct asking *a, const struct told_numbers *steps)
{
	json_t *list = json_array();
	for (size_t i = 0; i < steps->count; i++)
		told_json_add(list, json_integer((json_int_t)steps->items[i]));
	return json_pack("{s:o, s:[s], s:[s], s:[s], s:o, s:b}", "client", told_client_json(a->client), "recipients",
			 "SUPPORTER", "purposes", "COORD", "include", "PLN", "plan_steps", list, "seen_alone", 1);
}

static void read_steps(struct told_request *r, struct told_numbers *out)
{
	struct told_bytes_list list = told_request_texts(r, "steps");
	if (r->status == TOLD_OK && (list.count == 0 || list.count > TOLD_NUMBERS_MAX))
		told_request_refuse(r, TOLD_E_USAGE, "Say which steps the person ticked for them (--steps 1,3).");
	for (size_t i = 0; r->status == TOLD_OK && i < list.count; i++)
		if (told_decimal(list.items[i], 64, &out->items[out->count++]) != TOLD_OK)
			told_request_refuse(r, TOLD_E_USAGE, "\"steps\" are numbers of the plan's steps, 1 to 64.");
}

enum told_status told_agent_team_supporter(struct told_agent *agent, const struct told_caller *caller,
					   const json_t *request, struct told_reply *reply)
{
	struct asking a;
	struct told_supporter one = {0};
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	status = begin(agent, caller, request, "client name steps how seen_alone", reply, &a);
	one.name = told_request_text(&a.r, "name", true);
	one.how = told_request_word(&a.r, "how", told_support_ways, 3, TOLD_SUPPORT_PAPER);
	one.since_ms = a.now_ms;
	read_steps(&a.r, &one.steps);
	bool alone = told_request_flag(&a.r, "seen_alone") == TOLD_YES_NO_YES;
	if (status == TOLD_OK)
		status = a.r.status;
	if (status == TOLD_OK)
		status = told_team_refuse(&a.r,
					  told_team_support(a.team, &one, alone)); /* before anything is recorded */
	json_t *consent = status == TOLD_OK ? permission(&a, &one.steps) : NULL;
	if (status == TOLD_OK)
		status = told_consent_write(agent, caller, consent, reply);
	if (status == TOLD_OK) {
		one.consent = told_text(json_string_value(json_object_get(reply->json, "consent")));
		status = told_team_refuse(&a.r, told_team_support(a.team, &one, true));
	}
	if (status == TOLD_OK)
		status = told_team_save(agent, a.client, a.team);
	json_decref(consent);
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_team_drop(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	struct asking a;
	struct told_bytes consent = {0};
	uint8_t id[TOLD_ID_BYTES];
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	status = begin(agent, caller, request, "client name", reply, &a);
	struct told_bytes name = told_request_text(&a.r, "name", true);
	if (status == TOLD_OK)
		status = a.r.status;
	if (status == TOLD_OK)
		status = told_team_refuse(&a.r, told_team_drop(a.team, name, &consent));
	if (status == TOLD_OK)
		status = told_team_save(agent, a.client, a.team);
	if (status == TOLD_OK)
		status = told_unhex(consent, id, sizeof id);
	if (status == TOLD_OK)
		status = told_consent_take_back(agent, caller, a.client, told_bytes(id, sizeof id), reply);
	return told_call_end(agent, status, reply);
}

/* ---- promises ---- */

enum told_status told_agent_team_promise(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	struct asking a;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	status = begin(agent, caller, request, "client what due_ms kept", reply, &a);
	struct told_promise promise = {.what = told_request_text(&a.r, "what", false),
				       .worker = told_text(caller->number),
				       .due_ms = told_request_number(&a.r, "due_ms")};
	uint64_t kept = told_request_number(&a.r, "kept");
	if (status == TOLD_OK)
		status = a.r.status;
	if (status == TOLD_OK)
		status = told_team_refuse(&a.r, kept != 0 ? told_team_keep(a.team, kept)
							  : told_team_promise(a.team, &promise, a.now_ms));
	return finish(&a, status, reply);
}

/* ---- showing ---- */

enum told_status told_agent_team(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	struct told_team *team = NULL;
	struct told_bytes whose;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_bytes client = told_request_client(&r);
	enum told_status status = r.status == TOLD_OK ? told_look(agent, caller, client, &whose) : r.status;
	if (status == TOLD_OK)
		status = told_team_load(agent, whose, &team);
	if (status == TOLD_OK)
		reply->json = told_team_view(agent, client, team);
	told_agent_head(agent, reply->json);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
