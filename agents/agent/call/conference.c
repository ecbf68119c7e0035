/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker does in a conference: one row an act says which event it is, who hears it, and what must be given.
 * Whether it may be is the broker's table, by which it is ruled here first. */
#include "agents/agent/work/conference.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"

#include "broker/decide/codes.h"
#include "broker/decide/conference.h"

#include <string.h>

enum hears {
	HEARS_CHAIR,  /* and whom the worker names beside it */
	HEARS_ALL,    /* who sits there, or only whom the worker names */
	HEARS_NAMED,  /* whom the worker names */
	HEARS_CALLER, /* who called it */
	HEARS_OWNER   /* whose action it becomes */
};
struct act {
	const char *name;
	uint8_t event, hears;
	bool identify; /* who it is about stands in it */
	bool text;     /* words are needed */
	bool day;      /* a day is needed */
	bool about;    /* an action is named */
};
#define ACT(name, event, hears, ...)                                                                                   \
	{                                                                                                              \
		name, TOLD_CONFERENCE_EVENT_##event, HEARS_##hears, __VA_ARGS__                                        \
	}
static const struct act acts[] = {
	ACT("list", LIST, ALL, .identify = true),
	ACT("decline", DECLINE, CALLER, .identify = true),
	ACT("invite", INVITE, NAMED, .identify = true, .day = true),
	ACT("research", RESEARCH, ALL, .identify = true),
	ACT("known", KNOWN, CHAIR, .about = false),
	ACT("not-known", NOT_KNOWN, CHAIR, .about = false),
	ACT("not-sharing", NOT_SHARING, CHAIR, .about = false),
	ACT("promise", IN_CONFIDENCE, CHAIR, .about = false),
	ACT("attend", ATTENDS, CHAIR, .about = false),
	ACT("apologies", APOLOGY, CHAIR, .about = false),
	ACT("contribute", CONTRIBUTION, CHAIR, .about = false),
	ACT("start", START, ALL, .identify = true),
	ACT("action", ACTION, OWNER, .text = true, .day = true),
	ACT("done", ACTION_DONE, CHAIR, .about = true),
	ACT("not-possible", ACTION_NOT_POSSIBLE, CHAIR, .about = true),
	ACT("not-done", ACTION_NOT_DONE, CHAIR, .about = true),
	ACT("minutes", MINUTES, ALL, .identify = true, .text = true),
	ACT("approve", APPROVE, ALL, .identify = true),
	ACT("acknowledge", ACKNOWLEDGE, CHAIR, .about = false),
	ACT("object", OBJECT, CHAIR, .text = true),
	ACT("review", REVIEW, ALL, .identify = true, .day = true),
	ACT("transfer", TRANSFER, NAMED, .identify = true),
	ACT("end", END, ALL, .identify = true),
};

static const struct act *act_of(struct told_request *r)
{
	struct told_bytes name = told_request_text(r, "act", true);
	for (size_t i = 0; r->status == TOLD_OK && i < sizeof acts / sizeof acts[0]; i++)
		if (told_bytes_equal(name, told_text(acts[i].name)))
			return &acts[i];
	told_request_refuse(r, TOLD_E_UNKNOWN, "\"act\" is none that a conference has: told help conference.");
	return NULL;
}

/* ---- who hears it ---- */

struct acting {
	struct told_request *r;
	const struct told_caller *caller;
	const struct act *act;
	struct told_meeting meeting;
	struct told_bytes_list to; /* room for all who sit there and all who are named */
	struct told_gathered *words;
	struct told_utterance said;
	bool to_ourselves;
};

static void add_to(struct acting *a, struct told_bytes party)
{
	for (size_t i = 0; i < a->to.count; i++)
		if (told_bytes_equal(a->to.items[i], party))
			return;
	if (told_bytes_equal(party, told_agent_self(a->r->agent)))
		a->to_ourselves = true;
	else
		a->to.items[a->to.count++] = party;
}

static bool left_out(const struct told_meeting *m, struct told_bytes party)
{
	const char *name;
	json_t *codes;
	json_object_foreach(json_object_get(m->book, "outside"), name,
			    codes) if (told_bytes_equal(party, told_text(name))) return true;
	return false;
}

/* Whom the permission left no view is asked again only by name: the person may have changed their mind. */
static void add_all(struct acting *a)
{
	const struct told_conference *c = a->meeting.state;
	for (size_t i = 0; i < c->attendee_count; i++)
		if (!left_out(&a->meeting, c->attendees[i].party) && !told_bytes_equal(c->attendees[i].party, c->self))
			add_to(a, c->attendees[i].party);
}

static enum told_status choose_hearers(struct acting *a)
{
	struct told_request *r = a->r;
	const struct told_conference *c = a->meeting.state;
	struct told_bytes_list named = told_request_texts(r, "to");
	told_request_parties_known(r, named);
	a->to.items = told_arena_alloc(r->agent->arena,
				       (TOLD_CONFERENCE_ATTENDEES_MAX + named.count + 1) * sizeof *a->to.items);
	if (a->to.items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < named.count; i++)
		add_to(a, named.items[i]);
	if (a->act->hears == HEARS_ALL && named.count == 0)
		add_all(a);
	if (a->act->hears == HEARS_CHAIR &&
	    !(told_conference_chaired(c) && a->act->event == TOLD_CONFERENCE_EVENT_CONTRIBUTION))
		add_to(a, c->chair);
	else if (a->act->hears == HEARS_CHAIR && named.count == 0)
		add_all(a);
	if (a->act->hears == HEARS_CALLER)
		add_to(a, c->caller);
	if (r->status == TOLD_OK && a->to.count == 0 && !a->to_ourselves)
		told_request_refuse(r, TOLD_E_USAGE, "There is nobody to say it to. Name them: --to PARTY,PARTY.");
	return r->status;
}

/* ---- what is said ---- */

static enum told_status read_words(struct acting *a)
{
	struct told_request *r = a->r;
	struct told_bytes text = told_request_text(r, "text", a->act->text);
	a->words = told_arena_alloc(r->agent->arena, sizeof *a->words);
	if (a->words == NULL)
		return TOLD_E_MEMORY;
	a->words->count = 0;
	enum told_status status = told_meeting_sections(r, a->caller, a->words);
	if (status == TOLD_OK)
		status = told_gather_words(r->agent, a->caller, text,
					   told_meeting_category(a->meeting.state, a->act->event), a->words);
	if (status == TOLD_OK && a->act->event == TOLD_CONFERENCE_EVENT_CONTRIBUTION && a->words->count == 0)
		told_request_refuse(r, TOLD_E_USAGE,
				    "Say what you contribute: --fact CATEGORY=TEXT, --view CATEGORY=TEXT or "
				    "--said CATEGORY=TEXT.");
	return status == TOLD_OK ? r->status : status;
}

static bool needs_reason(uint32_t event)
{
	const struct told_conference_move *move;
	for (size_t i = 0; (move = told_conference_move_at(i)) != NULL; i++)
		if (move->event == event)
			return move->reasoned;
	return false;
}

static enum told_status read_said(struct acting *a)
{
	struct told_request *r = a->r;
	a->said = (struct told_utterance){
		.event = a->act->event,
		.sections = a->words,
		.identify = a->act->identify,
		.workflow = {.reason = told_request_code(r, "reason", TOLD_LIST_REASON, TOLD_REASON_NONE),
			     .due_ms = told_request_number(r, "due_ms")},
	};
	if (a->act->event == TOLD_CONFERENCE_EVENT_APOLOGY && told_request_flag(r, "sent") == TOLD_YES_NO_YES)
		a->said.event = TOLD_CONFERENCE_EVENT_APOLOGY_SENT;
	if (a->act->about)
		a->said.about = told_request_id(r, "action", true);
	if (a->act->day && r->status == TOLD_OK && a->said.workflow.due_ms == 0)
		told_request_refuse(r, TOLD_E_USAGE, "A day is needed: --until, --due or --on, as the act has it.");
	if (a->act->day && r->status == TOLD_OK &&
	    (int64_t)a->said.workflow.due_ms < told_clock_now(&r->agent->clock).wall_ms)
		told_request_refuse(r, TOLD_E_USAGE, "The day is in the past. Give one that is still to come.");
	if (needs_reason(a->act->event) && r->status == TOLD_OK && a->said.workflow.reason == TOLD_REASON_NONE)
		told_request_refuse(r, TOLD_E_USAGE, "A reason of the list is needed: --reason CODE.");
	if (a->act->about && r->status == TOLD_OK && told_conference_action(a->meeting.state, a->said.about) == NULL)
		told_request_refuse(r, TOLD_E_NOT_FOUND, "There is no such action here: told conference show.");
	return r->status;
}

/* ---- doing it ---- */

static enum told_status say(struct acting *a, json_t *told, uint8_t ticket[TOLD_ID_BYTES])
{
	struct told_request *r = a->r;
	enum told_status status = TOLD_OK;
	if (a->to_ourselves && told_conference_chaired(a->meeting.state))
		status = told_meeting_note(r->agent, a->caller, &a->meeting, &a->said);
	if (status == TOLD_OK)
		status = told_meeting_say(r->agent, a->caller, &a->meeting, &a->said, a->to, r->why, told, ticket);
	if (status != TOLD_E_REFUSED)
		return status;
	/* No agreement governs between the two: nothing can even be formed. */
	r->why->len = 0;
	return told_meeting_refuse(r, a->act->hears == HEARS_OWNER ? TOLD_WFL_07 : TOLD_WFL_06);
}

/* Between two meetings what was approved is acknowledged still; before the first there is nothing (WFL-08). */
static enum told_status refuse_early(struct acting *a)
{
	bool judges =
		a->act->event == TOLD_CONFERENCE_EVENT_ACKNOWLEDGE || a->act->event == TOLD_CONFERENCE_EVENT_OBJECT;
	return judges && told_conference_no_minutes(a->meeting.state) ? told_meeting_refuse(a->r, TOLD_WFL_08)
								      : TOLD_OK;
}

static enum told_status prepare(struct acting *a)
{
	enum told_status status = told_meeting_named(a->r, a->caller, &a->meeting);
	a->act = status == TOLD_OK ? act_of(a->r) : NULL;
	if (status == TOLD_OK)
		status = a->r->status;
	if (status == TOLD_OK)
		status = refuse_early(a);
	if (status == TOLD_OK)
		status = choose_hearers(a);
	if (status == TOLD_OK)
		status = read_words(a);
	return status == TOLD_OK ? read_said(a) : status;
}

enum told_status told_meeting_finish(struct told_agent *agent, enum told_status status, const struct told_meeting *m,
				     const uint8_t ticket[TOLD_ID_BYTES], json_t *told, struct told_reply *reply)
{
	struct told_outbox_row row;
	json_t *base = status == TOLD_OK ? json_pack("{s:o, s:o, s:O}", "conference", told_id_json(m->id), "client",
						     told_client_json(m->client), "told", told)
					 : NULL;
	enum told_status sent = status == TOLD_OK ? told_outbox_next(agent->vault, agent->arena, TOLD_OUTBOX_OF_TICKET,
								     told_bytes(ticket, TOLD_ID_BYTES), 0, &row)
						  : status;
	if (status == TOLD_OK && sent == TOLD_OK)
		status = told_agent_wait_for(agent, ticket, base, reply);
	else if (status == TOLD_OK) { /* all that there was to do was done here */
		json_object_set_new(base, "messages", json_array());
		reply->json = base;
		status = sent == TOLD_E_NOT_FOUND ? TOLD_OK : sent;
	}
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_conference_act(struct told_agent *agent, const struct told_caller *caller,
					   const json_t *request, struct told_reply *reply)
{
	uint8_t ticket[TOLD_ID_BYTES] = {0};
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(
		agent, request, "conference act to text facts views said reason due_ms action sent", reply);
	struct acting a = {.r = &r, .caller = caller};
	json_t *told = json_array();
	status = prepare(&a);
	if (status == TOLD_OK)
		status = say(&a, told, ticket);
	status = told_meeting_finish(agent, status, &a.meeting, ticket, told, reply);
	json_decref(told);
	told_meeting_drop(&a.meeting);
	return status;
}
