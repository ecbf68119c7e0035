/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker asks of a plan: a goal or a step added, moved, started, done, stopped, opened again. Each change is
 * kept, and told to whoever has a step in the plan, in one transaction. */
#include "agents/agent/work/plan.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/may_see.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct asking {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_request r;
	struct told_bytes client;
	struct told_plan *plan;
	uint64_t number, now_ms;
	unsigned parts; /* what is told of it */
};

/* ---- refusing, with the rule named ---- */

static const enum told_status status_of[TOLD_PLAN_RULE_COUNT] = {
	[TOLD_PLAN_STEP] = TOLD_E_NOT_FOUND,      [TOLD_PLAN_OWNER] = TOLD_E_NOT_ALLOWED,
	[TOLD_PLAN_KEEPER] = TOLD_E_NOT_ALLOWED,  [TOLD_PLAN_STATE] = TOLD_E_REFUSED,
	[TOLD_PLAN_WAITS] = TOLD_E_REFUSED,       [TOLD_PLAN_CYCLE] = TOLD_E_REFUSED,
	[TOLD_PLAN_PAST] = TOLD_E_USAGE,          [TOLD_PLAN_CONDITION] = TOLD_E_REFUSED,
	[TOLD_PLAN_NEVER_WAITS] = TOLD_E_REFUSED, [TOLD_PLAN_WORDS] = TOLD_E_USAGE,
	[TOLD_PLAN_FULL] = TOLD_E_LIMIT,
};

static void name_steps(struct told_buf *why, const char *before, const struct told_numbers *steps, const char *between)
{
	told_buf_put_text(why, before);
	for (size_t i = 0; i < steps->count; i++)
		told_buf_printf(why, "%s%" PRIu64, i > 0 ? between : "", steps->items[i]);
	told_buf_put_text(why, ".");
}

/* The circle is the one that would have been; the plan itself has none. */
static void name_circle(struct asking *a, uint64_t number, const struct told_numbers *waits)
{
	struct told_numbers circle;
	struct told_plan *wanted = told_arena_alloc(a->agent->arena, sizeof *wanted);
	if (wanted == NULL)
		return;
	*wanted = *a->plan;
	struct told_step *step = told_plan_step(wanted, number);
	if (step == NULL)
		return;
	step->waits = *waits;
	told_plan_cycle(wanted, &circle);
	name_steps(a->r.why, " Step ", &circle, " waits for ");
}

static enum told_status refuse(struct asking *a, enum told_plan_rule rule)
{
	struct told_numbers waits = {.count = 0};
	const struct told_step *step = told_plan_step(a->plan, a->number);
	if (rule == TOLD_PLAN_FINE || a->r.status != TOLD_OK)
		return a->r.status;
	told_log(&a->agent->log, TOLD_LOG_INFO, "agent.plan_refused", TOLD_LOG_NUMBER("rule", rule));
	told_buf_printf(a->r.why, "%s: %s", told_plan_rule_name(rule), told_plan_rule_text(rule));
	struct told_bytes whose = rule == TOLD_PLAN_KEEPER                  ? a->plan->keeper
				  : rule == TOLD_PLAN_OWNER && step != NULL ? step->owner
									    : told_bytes(NULL, 0);
	if (whose.len > 0)
		told_buf_printf(a->r.why, " That is %.*s.", (int)whose.len, (const char *)whose.data);
	if (rule == TOLD_PLAN_WAITS && step != NULL) {
		told_plan_waits(a->plan, step, &waits);
		name_steps(a->r.why, " It waits for step ", &waits, " and ");
	}
	a->r.status = status_of[rule];
	return a->r.status;
}

/* ---- what every call begins and ends with ---- */

/* A number that the command line gives as a word. */
static uint64_t read_number(struct told_request *r, struct told_bytes text, const char *name)
{
	uint64_t number = 0;
	if (r->status == TOLD_OK && text.len > 0 && told_decimal(text, 1000000, &number) != TOLD_OK) {
		told_buf_printf(r->why, "\"%s\" is the number of a step, as told plan show has it.", name);
		r->status = TOLD_E_USAGE;
	}
	return number;
}

static enum told_status open_plan(struct asking *a, bool may_begin)
{
	struct told_bytes id = told_request_text(&a->r, "plan", false);
	a->client = told_request_client(&a->r);
	enum told_status status = a->r.status;
	if (status == TOLD_OK)
		status = told_may_see(a->agent, a->caller, a->client);
	if (status == TOLD_OK)
		status = told_plan_find(a->agent, a->client, id, &a->plan);
	if (status == TOLD_E_NOT_FOUND && may_begin && id.len == 0) {
		uint8_t raw[TOLD_ID_BYTES];
		char hex[2 * TOLD_ID_BYTES + 1];
		a->plan = told_arena_alloc(a->agent->arena, sizeof *a->plan);
		status = a->plan == NULL ? TOLD_E_MEMORY : told_uuid7(a->now_ms, raw);
		if (status != TOLD_OK)
			return status;
		told_hex(raw, sizeof raw, hex);
		memset(a->plan, 0, sizeof *a->plan);
		a->plan->id = told_arena_copy(a->agent->arena, told_text(hex));
		a->plan->keeper = told_agent_self(a->agent);
		a->plan->version = 1;
	}
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(a->r.why, "There is no such plan here. told plan add begins one.");
	return status;
}

static struct asking *begin(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
			    const char *members, struct told_reply *reply)
{
	struct asking *a = told_arena_alloc(agent->arena, sizeof *a);
	if (a == NULL)
		return NULL;
	memset(a, 0, sizeof *a);
	a->agent = agent;
	a->caller = caller;
	a->r = told_request_open(agent, request, members, reply);
	a->now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	return a;
}

/* Where nobody may be told and nothing is deposited, there is nothing to wait for. */
static enum told_status wait_if_any(struct asking *a, const uint8_t ticket[TOLD_ID_BYTES], json_t *base,
				    struct told_reply *reply)
{
	struct told_outbox_row row;
	enum told_status status = told_outbox_next(a->agent->vault, a->agent->arena, TOLD_OUTBOX_OF_TICKET,
						   told_bytes(ticket, TOLD_ID_BYTES), 0, &row);
	if (status == TOLD_OK)
		return told_agent_wait_for(a->agent, ticket, base, reply);
	if (base != NULL)
		json_object_set_new(base, "messages", json_array());
	reply->json = base;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status keep_and_tell(struct asking *a, struct told_reply *reply)
{
	uint8_t ticket[TOLD_ID_BYTES];
	json_t *told = json_array(), *view = NULL;
	struct told_plan_news news = {.caller = a->caller,
				      .client = a->client,
				      .plan = a->plan,
				      .parts = a->parts,
				      .number = a->number,
				      .ticket = ticket};
	bool keeper = told_bytes_equal(a->plan->keeper, told_agent_self(a->agent));
	enum told_status status = told_random(ticket, sizeof ticket);
	if (status == TOLD_OK)
		status = told_plan_save(a->agent, a->client, a->plan);
	if (status == TOLD_OK && keeper)
		status = told_plan_deposit(a->agent, &news);
	if (status == TOLD_OK)
		status = told_plan_tell(a->agent, &news, told);
	if (status == TOLD_OK)
		status = told_plan_view(a->agent, a->client, a->plan, &view);
	json_t *base = status == TOLD_OK
			       ? json_pack("{s:I, s:O, s:O}", "step", (json_int_t)a->number, "plan", view, "told", told)
			       : NULL;
	json_decref(told);
	json_decref(view);
	return status == TOLD_OK ? wait_if_any(a, ticket, base, reply) : status;
}

static enum told_status end(struct asking *a, enum told_status status, struct told_reply *reply)
{
	if (status == TOLD_OK)
		status = keep_and_tell(a, reply);
	struct told_agent *agent = a->agent;
	uint8_t client[TOLD_ID_BYTES] = {0};
	if (a->client.len == sizeof client)
		memcpy(client, a->client.data, sizeof client);
	status = told_call_end(agent, status, reply);
	if (status == TOLD_OK)
		told_agent_touch(agent, told_bytes(client, sizeof client));
	return status;
}

/* ---- adding ---- */

static void read_waits(struct told_request *r, struct told_numbers *out)
{
	struct told_bytes_list list = told_request_texts(r, "after");
	if (list.count > TOLD_PLAN_WAITS_MAX)
		told_request_refuse(r, TOLD_E_LIMIT, "A step waits for at most 8 others.");
	for (size_t i = 0; r->status == TOLD_OK && i < list.count; i++)
		out->items[out->count++] = read_number(r, list.items[i], "after");
}

static void read_categories(struct told_request *r, struct told_texts *out)
{
	struct told_bytes_list list = told_request_texts(r, "classified");
	(void)told_request_categories(r, "classified"); /* refuses what is none */
	for (size_t i = 0; r->status == TOLD_OK && i < list.count && i < TOLD_NUMBERS_MAX; i++)
		out->items[out->count++] = list.items[i];
}

static size_t words_count(const char *const *words)
{
	size_t n = 1;
	while (words[n] != NULL)
		n++;
	return n;
}

static void read_step(struct asking *a, struct told_step *out)
{
	struct told_request *r = &a->r;
	*out = (struct told_step){
		.what = told_request_text(r, "what", false),
		.owner = told_request_text(r, "owner", false),
		.who = told_request_text(r, "who", false),
		.goal = told_request_number(r, "for_goal"),
		.need = told_request_need(r, false),
		.due_ms = told_request_number(r, "due_ms"),
		.wish = told_request_flag(r, "wish") == TOLD_YES_NO_YES,
		.kind = told_request_word(r, "kind", told_step_kinds, words_count(told_step_kinds), TOLD_STEP_USUAL),
	};
	read_waits(r, &out->waits);
	read_categories(r, &out->classified);
	if (out->owner.len == 0)
		out->owner = told_agent_self(a->agent);
	else
		told_request_party_known(r, out->owner);
}

static enum told_status add_goal(struct asking *a, struct told_bytes goal)
{
	struct told_texts *goals = &a->plan->goals;
	if (goal.len == 0)
		return TOLD_OK;
	if (!told_bytes_equal(a->plan->keeper, told_agent_self(a->agent)))
		return refuse(a, TOLD_PLAN_KEEPER);
	if (goal.len > TOLD_PLAN_WORDS_MAX || goals->count == TOLD_PLAN_GOALS_MAX)
		return refuse(a, goal.len > TOLD_PLAN_WORDS_MAX ? TOLD_PLAN_WORDS : TOLD_PLAN_FULL);
	goals->items[goals->count++] = goal;
	a->plan->version++;
	return TOLD_OK;
}

static enum told_status add_step(struct asking *a)
{
	struct told_step step;
	struct told_bytes goal = told_request_text(&a->r, "goal", false);
	read_step(a, &step);
	if (a->r.status == TOLD_OK && goal.len == 0 && step.what.len == 0)
		told_request_refuse(&a->r, TOLD_E_USAGE,
				    "Say a goal in the person's own words, or what is to be done.");
	enum told_status status = a->r.status == TOLD_OK ? add_goal(a, goal) : a->r.status;
	if (status != TOLD_OK || step.what.len == 0)
		return status;
	if (goal.len > 0 && step.goal == 0)
		step.goal = a->plan->goals.count;
	enum told_plan_rule rule = told_plan_add(a->plan, told_agent_self(a->agent), &step, a->now_ms);
	if (rule == TOLD_PLAN_FINE)
		a->number = a->plan->last;
	return refuse(a, rule);
}

enum told_status told_agent_plan_add(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct asking *a =
		begin(agent, caller, request,
		      "client plan goal what owner who for_goal need due_ms wish kind after classified", reply);
	if (a == NULL)
		return told_call_end(agent, TOLD_E_MEMORY, reply);
	a->parts = TOLD_PLAN_HEAD | TOLD_PLAN_GOALS | TOLD_PLAN_STEPS;
	status = open_plan(a, true);
	return end(a, status == TOLD_OK ? add_step(a) : status, reply);
}

/* ---- the order ---- */

static enum told_status move(struct asking *a)
{
	struct told_numbers waits = {.count = 0};
	bool free = told_request_flag(&a->r, "free") == TOLD_YES_NO_YES;
	struct told_plan_order order = {.number = a->number,
					.place = told_request_number(&a->r, "place"),
					.due_ms = told_request_number(&a->r, "due_ms"),
					.wish = told_request_flag(&a->r, "wish") == TOLD_YES_NO_YES};
	read_waits(&a->r, &waits);
	if (waits.count > 0 || free)
		order.waits = &waits;
	if (a->r.status == TOLD_OK && order.place == 0 && order.due_ms == 0 && order.waits == NULL)
		told_request_refuse(
			&a->r, TOLD_E_USAGE,
			"Say where it goes (--to), what it waits for (--after, --free), or by when (--due).");
	if (a->r.status != TOLD_OK)
		return a->r.status;
	enum told_plan_rule rule = told_plan_move(a->plan, told_agent_self(a->agent), &order, a->now_ms);
	enum told_status status = refuse(a, rule);
	if (rule == TOLD_PLAN_CYCLE)
		name_circle(a, a->number, &waits);
	return status;
}

enum told_status told_agent_plan_move(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct asking *a = begin(agent, caller, request, "client plan step place due_ms after free wish", reply);
	if (a == NULL)
		return told_call_end(agent, TOLD_E_MEMORY, reply);
	a->parts = TOLD_PLAN_HEAD | TOLD_PLAN_STEPS;
	a->number = read_number(&a->r, told_request_text(&a->r, "step", true), "step");
	status = open_plan(a, false);
	return end(a, status == TOLD_OK ? move(a) : status, reply);
}

/* ---- how it goes ---- */

/* One row an event: the member that says why or what came of it, and where its words are kept. */
static const struct {
	unsigned event;
	const char *member;
	size_t offset;
	bool needed;
} sayings[] = {
	{TOLD_STEP_START, "because", offsetof(struct told_step, because), false},
	{TOLD_STEP_FINISH, "outcome", offsetof(struct told_step, outcome), true},
	{TOLD_STEP_STOP, "reason", offsetof(struct told_step, reason), true},
	{TOLD_STEP_REOPEN, "reason", offsetof(struct told_step, reason), true},
};

/* Counted and kept although the call is refused: the demo and the lead worker ask how often it was tried. */
static enum told_status count_refused(struct asking *a)
{
	a->plan->refused++;
	enum told_status status = told_plan_save(a->agent, a->client, a->plan);
	if (status == TOLD_OK)
		status = told_agent_commit(a->agent);
	else
		told_vault_rollback(a->agent->vault);
	return status == TOLD_OK ? refuse(a, TOLD_PLAN_WAITS) : status;
}

static enum told_status say(struct asking *a, size_t which, bool *counted)
{
	uint32_t next;
	struct told_bytes words = told_request_text(&a->r, sayings[which].member, sayings[which].needed);
	struct told_bytes because = told_request_text(&a->r, "because", false);
	if (a->r.status == TOLD_OK && (words.len > TOLD_PLAN_WORDS_MAX || because.len > TOLD_PLAN_WORDS_MAX))
		return refuse(a, TOLD_PLAN_WORDS);
	if (a->r.status != TOLD_OK)
		return a->r.status;
	enum told_plan_rule rule = told_plan_try(a->plan, a->number, sayings[which].event, told_agent_self(a->agent),
						 because.len > 0, &next);
	*counted = rule == TOLD_PLAN_WAITS;
	if (*counted)
		return count_refused(a);
	if (rule != TOLD_PLAN_FINE)
		return refuse(a, rule);
	struct told_step *step = told_plan_step(a->plan, a->number);
	step->state = next;
	step->changed_ms = a->now_ms;
	step->told_ms = 0;
	if (because.len > 0)
		step->because = because;
	memcpy((uint8_t *)step + sayings[which].offset, &words, sizeof words);
	return TOLD_OK;
}

static enum told_status progress(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply, size_t which, const char *members)
{
	bool counted = false;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct asking *a = begin(agent, caller, request, members, reply);
	if (a == NULL)
		return told_call_end(agent, TOLD_E_MEMORY, reply);
	a->parts = TOLD_PLAN_ONE;
	a->number = read_number(&a->r, told_request_text(&a->r, "step", true), "step");
	status = open_plan(a, false);
	if (status == TOLD_OK)
		status = say(a, which, &counted);
	if (counted)
		return status;
	if (status == TOLD_OK && told_bytes_equal(a->plan->keeper, told_agent_self(agent)))
		a->parts |= TOLD_PLAN_HEAD;
	return end(a, status, reply);
}

enum told_status told_agent_plan_start(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	return progress(agent, caller, request, reply, 0, "client plan step because");
}

enum told_status told_agent_plan_done(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	return progress(agent, caller, request, reply, 1, "client plan step because outcome");
}

enum told_status told_agent_plan_stop(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	return progress(agent, caller, request, reply, 2, "client plan step reason");
}

enum told_status told_agent_plan_reopen(struct told_agent *agent, const struct told_caller *caller,
					const json_t *request, struct told_reply *reply)
{
	return progress(agent, caller, request, reply, 3, "client plan step reason");
}
