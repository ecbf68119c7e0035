/* SPDX-License-Identifier: Apache-2.0 */
/* Handing over: what a worker leaves to another, so that nobody asks the story again. And a plan for a supporter, who
 * holds no key: the steps that the person ticked, on paper or by word of mouth, written down as told. */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/content.h"
#include "agents/agent/work/may_see.h"
#include "agents/agent/work/plan.h"
#include "agents/agent/work/team.h"

#include <string.h>

/* ---- handing over ---- */

struct handing {
	struct told_agent *agent;
	struct told_bytes from, to;
	json_t *list;
	bool do_it;
};

static bool open_step(const struct told_step *step)
{
	return step->state == TOLD_STEP_TO_DO || step->state == TOLD_STEP_STARTED;
}

/* Open steps of ours that this worker does; they become the other's. */
static enum told_status steps_of(struct handing *h, struct told_bytes client, json_t *out)
{
	struct told_plan *plan = NULL;
	struct told_bytes whose;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		size_t taken = 0;
		status = told_plan_next(h->agent, client, &after, &whose, &plan);
		for (size_t i = 0; status == TOLD_OK && i < plan->count; i++) {
			struct told_step *step = &plan->steps[i];
			if (!told_bytes_equal(step->owner, told_agent_self(h->agent)) ||
			    !told_bytes_equal(step->who, h->from) || !open_step(step))
				continue;
			told_json_add(out, told_fields_json(&told_plan_step_form, step));
			step->who = h->to;
			taken++;
		}
		if (status == TOLD_OK && taken > 0 && h->do_it)
			status = told_plan_save(h->agent, client, plan);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static json_t *promises_of(const struct told_team *team, struct told_bytes worker)
{
	json_t *list = json_array();
	for (size_t i = 0; i < team->promise_count; i++)
		if (!team->promises[i].kept && told_bytes_equal(team->promises[i].worker, worker))
			told_json_add(list, json_pack("{s:I, s:o, s:I}", "promise", (json_int_t)i + 1, "what",
						      told_text_json(team->promises[i].what), "due_ms",
						      (json_int_t)team->promises[i].due_ms));
	return list;
}

struct helping {
	struct told_agent *agent;
	json_t *list;
};

/* What helps and what not to ask again (PRF.GEN), how to be with the person (PRF.ACC), what keeps it going (FRM). */
static enum told_status help_one(void *ctx, const struct told_story_row *story, const struct told_section_row *section)
{
	struct helping *h = ctx;
	uint32_t category = story != NULL ? story->category : section->category;
	bool helps =
		category == TOLD_CATEGORY_PRF_GEN || category == TOLD_CATEGORY_PRF_ACC || category == TOLD_CATEGORY_FRM;
	if (!helps || (section != NULL && section->hidden))
		return TOLD_OK;
	return told_json_add(h->list,
			     story != NULL ? told_story_json(h->agent, story) : told_section_json(section, NULL))
		       ? TOLD_OK
		       : TOLD_E_MEMORY;
}

static enum told_status hand_one(struct handing *h, struct told_bytes client, struct told_team *team)
{
	json_t *steps = json_array(), *promises = promises_of(team, h->from);
	struct helping helping = {h->agent, json_array()};
	size_t lines = told_team_hand_over(team, told_agent_self(h->agent), h->from, h->to);
	enum told_status status = steps_of(h, client, steps);
	if (status == TOLD_OK && lines + json_array_size(steps) > 0)
		status = told_each_section(h->agent, client, help_one, &helping);
	if (status == TOLD_OK && lines + json_array_size(steps) > 0)
		told_json_add(h->list, json_pack("{s:o, s:O, s:O, s:O}", "client", told_client_json(client), "steps",
						 steps, "promises", promises, "helps", helping.list));
	if (status == TOLD_OK && h->do_it && lines > 0)
		status = told_team_save(h->agent, client, team);
	json_decref(steps);
	json_decref(promises);
	json_decref(helping.list);
	return status;
}

static enum told_status live(struct told_request *r, struct told_bytes number)
{
	struct told_worker_row row;
	enum told_status status = told_worker_by_number(r->agent->vault, r->agent->arena, number, &row);
	bool there = status == TOLD_OK && row.state == TOLD_WORKER_ACTIVE;
	return there ? TOLD_OK : told_team_refuse(r, TOLD_TEAM_MEMBER);
}

/* Everybody of whom there is a team or a plan here. A person without a team has an empty one. */
static enum told_status hand_all(struct handing *h)
{
	struct told_team *team = NULL;
	struct told_bytes client;
	struct told_plan *plan = NULL;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_team_next(h->agent, &after, &client, &team);
		if (status == TOLD_OK)
			status = hand_one(h, client, team);
	}
	for (after = 0, status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status; status == TOLD_OK;) {
		struct told_kept_row row;
		status = told_plan_next(h->agent, told_bytes(NULL, 0), &after, &client, &plan);
		if (status != TOLD_OK)
			break;
		status = told_team_load(h->agent, client, &team);
		bool teamed = status == TOLD_OK && told_kept_next(h->agent->vault, h->agent->arena, "team",
								  TOLD_KEPT_CLIENT, client, 0, 0, &row) == TOLD_OK;
		if (status == TOLD_OK && !teamed)
			status = hand_one(h, client, team);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_team_handover(struct told_agent *agent, const struct told_caller *caller,
					  const json_t *request, struct told_reply *reply)
{
	struct handing h = {.agent = agent, .list = json_array()};
	enum told_status status = told_call_begin(agent);
	struct told_request r = told_request_open(agent, request, "old new do told", reply);
	h.from = told_request_text(&r, "old", true);
	h.to = told_request_text(&r, "new", true);
	h.do_it = told_request_flag(&r, "do") == TOLD_YES_NO_YES;
	bool told = told_request_flag(&r, "told") == TOLD_YES_NO_YES;
	bool self = told_bytes_equal(h.from, told_text(caller->number));
	if (r.status == TOLD_OK && !self && !told_may_manage(caller->roles))
		told_request_refuse(&r, TOLD_E_NOT_ALLOWED, "A worker hands over their own work; a senior anybody's.");
	if (status == TOLD_OK)
		status = r.status;
	if (status == TOLD_OK)
		status = live(&r, h.to);
	if (status == TOLD_OK && h.do_it && !told)
		status = told_team_refuse(&r, TOLD_TEAM_TOLD);
	if (status == TOLD_OK)
		status = hand_all(&h);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:o, s:b, s:O}", "old", told_text_json(h.from), "new",
					told_text_json(h.to), "done", h.do_it, "people", h.list);
	json_decref(h.list);
	return told_call_end(agent, status, reply);
}

/* ---- a plan for a supporter ---- */

static const uint32_t pln = TOLD_CATEGORY_PLN;

struct printing {
	struct told_agent *agent;
	struct told_bytes client;
	struct told_plan *plan;
	const struct told_supporter *supporter;
	const struct told_step *steps[TOLD_PLAN_STEPS_MAX];
	struct told_section_header headers[TOLD_PLAN_STEPS_MAX], *list[TOLD_PLAN_STEPS_MAX];
	size_t count;
};

/* The steps that were ticked and that we know; one, where one was asked for. */
static void choose_steps(struct printing *p, const struct told_caller *caller, uint64_t only)
{
	for (size_t i = 0; i < p->plan->count; i++) {
		const struct told_step *step = &p->plan->steps[i];
		bool ticked = false;
		for (size_t j = 0; j < p->supporter->steps.count; j++)
			ticked |= p->supporter->steps.items[j] == step->number;
		if (!ticked || step->owner.len == 0 || (only != 0 && step->number != only))
			continue;
		p->headers[p->count] = (struct told_section_header){
			.number = (uint32_t)step->number,
			.category = TOLD_CATEGORY_PLN,
			.voice = TOLD_VOICE_WORKER,
			.recorded_ms = (uint64_t)told_clock_now(&p->agent->clock).wall_ms,
			.originator = told_agent_self(p->agent),
			.author = told_text(caller->number),
		};
		p->list[p->count] = &p->headers[p->count];
		p->steps[p->count++] = step;
	}
}

/* Our own ruling, step by step, as if each were sent to somebody without an agent. */
static enum told_status rule(struct printing *p, const struct told_caller *caller, uint64_t *withhold)
{
	struct told_choice choice;
	struct told_draft draft;
	struct told_person *person = NULL;
	struct told_bytes to = told_text("SUPPORTER");
	uint32_t purpose = TOLD_PURPOSE_COORD;
	json_t *preview = NULL;
	bool nothing = false;
	enum told_status status =
		told_choose(p->agent, told_agent_self(p->agent), to, TOLD_TYPE_PLAN_STEP, purpose, &pln, 1, &choice);
	if (status == TOLD_OK)
		status = told_draft_begin(p->agent, TOLD_TYPE_PLAN_STEP, caller, p->client, &draft);
	if (status != TOLD_OK)
		return status;
	draft.header.recipients = (struct told_bytes_list){.items = &to, .count = 1};
	draft.header.purposes = (struct told_u32_list){.items = &purpose, .count = 1};
	draft.header.bases = (struct told_basis_part_list){.items = choice.bases, .count = choice.flow_count};
	draft.header.agreement = &choice.ref;
	for (size_t i = 0; i < p->count; i++)
		p->headers[i].basis = told_choice_basis(&choice, TOLD_CATEGORY_PLN);
	status = told_agent_person(p->agent, p->client, &person);
	if (status == TOLD_OK)
		status = told_preview(p->agent, &draft.header, p->list, p->count, to, person, NULL, &preview, withhold,
				      &nothing);
	told_person_free(person);
	json_decref(preview);
	return status;
}

static enum told_status put_page(const struct printing *p, uint64_t withhold, struct told_buf *page, json_t *numbers)
{
	for (size_t i = 0; i < p->count; i++) {
		if (withhold >> i & 1)
			continue;
		told_plan_line(p->steps[i], page);
		told_buf_put_text(page, "\n");
		told_json_add(numbers, json_integer((json_int_t)p->steps[i]->number));
	}
	return page->status;
}

static enum told_status write_down(const struct printing *p, const struct told_caller *caller, struct told_buf *page,
				   json_t *numbers, struct told_reply *reply)
{
	bool paper = p->supporter->how == TOLD_SUPPORT_PAPER;
	json_t *more = json_pack("{s:o, s:s, s:s, s:O}", "for", told_text_json(p->supporter->name), "how",
				 paper ? "paper" : "spoken", "page", told_buf_cstr(page), "steps", numbers);
	json_t *request = json_pack("{s:o, s:s, s:[s], s:s, s:s}", "client", told_client_json(p->client), "to",
				    "SUPPORTER", "categories", "PLN", "why", "Steps of the plan that the person ticked",
				    "how", paper ? "paper" : "in_person");
	enum told_status status = told_disclose(p->agent, caller, request, more, reply);
	json_decref(more);
	json_decref(request);
	return status;
}

static enum told_status print_steps(struct printing *p, const struct told_caller *caller, struct told_request *r,
				    struct told_reply *reply)
{
	uint64_t withhold = 0;
	struct told_buf page = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	json_t *numbers = json_array();
	enum told_status status = p->count == 0 ? told_team_refuse(r, TOLD_TEAM_TICKED) : rule(p, caller, &withhold);
	if (status == TOLD_OK)
		status = put_page(p, withhold, &page, numbers);
	if (status == TOLD_OK && json_array_size(numbers) == 0) {
		told_request_refuse(r, TOLD_E_REFUSED, "The permission for this supporter does not stand any more.");
		status = r->status;
	}
	if (status == TOLD_OK)
		status = write_down(p, caller, &page, numbers, reply);
	told_buf_free(&page);
	json_decref(numbers);
	return status;
}

enum told_status told_agent_plan_print(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	struct told_team *team = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct printing *p = told_arena_alloc(agent->arena, sizeof *p);
	if (p == NULL)
		return told_call_end(agent, TOLD_E_MEMORY, reply);
	memset(p, 0, sizeof *p);
	p->agent = agent;
	struct told_request r = told_request_open(agent, request, "client for step plan", reply);
	struct told_bytes name = told_request_text(&r, "for", true);
	uint64_t step = told_request_number(&r, "step");
	p->client = told_request_client(&r);
	status = r.status;
	if (status == TOLD_OK)
		status = told_may_see(agent, caller, p->client);
	if (status == TOLD_OK)
		status = told_team_load(agent, p->client, &team);
	if (status == TOLD_OK)
		status = told_team_refuse(&r, told_team_may_hear(team, name, step, &p->supporter));
	if (status == TOLD_OK)
		status = told_plan_find(agent, p->client, told_request_text(&r, "plan", false), &p->plan);
	if (status == TOLD_OK)
		choose_steps(p, caller, step);
	if (status == TOLD_OK)
		status = print_steps(p, caller, &r, reply);
	return told_call_end(agent, status, reply);
}
