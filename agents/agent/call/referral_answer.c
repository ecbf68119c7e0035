/* SPDX-License-Identifier: Apache-2.0 */
/* Moving a referral: what each act says, what it needs, and the message that says it. Whether it may be is the broker's
 * table (broker/decide/moves.h), which rules it here first. */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/lead.h"
#include "agents/agent/work/referral.h"

#include "broker/decide/moves.h"

#include <string.h>

/* What each act sets; state 0: it stays. reason: where the act is its own. */
struct act {
	const char *name;
	uint8_t state, detail, reason;
};
static const struct act acts[] = {
	{"acknowledge", 0, TOLD_DETAIL_ACKNOWLEDGED, 0},
	{"ask", 0, TOLD_DETAIL_INFO_REQUESTED, 0},
	{"inform", 0, 0, 0},
	{"accept", TOLD_REFERRAL_ACCEPTED, 0, 0},
	{"wait", TOLD_REFERRAL_ACCEPTED, TOLD_DETAIL_WAITING_LIST, 0},
	{"decline", TOLD_REFERRAL_REJECTED, 0, 0},
	{"close", 0, 0, 0},
	{"start", TOLD_REFERRAL_IN_PROGRESS, 0, 0},
	{"pause", TOLD_REFERRAL_ON_HOLD, 0, TOLD_REASON_DOOR_OPEN},
	{"back", 0, TOLD_DETAIL_BACK, 0},
	{"revoke", TOLD_REFERRAL_CANCELLED, 0, TOLD_REASON_PERSON_DECLINED},
	{"mistake", TOLD_REFERRAL_ENTERED_IN_ERROR, 0, TOLD_REASON_SENT_IN_ERROR},
};

/* One answer on its way. */
struct moving {
	struct told_request *r;
	const struct told_caller *caller;
	struct told_found_referral found;
	const char *act; /* "" where only a state was asked for */
	struct told_workflow_part workflow;
	struct told_bytes note;
	json_t *book, *preview;
	struct told_draft draft;
};

static const struct act *act_of(struct told_request *r)
{
	struct told_bytes name = told_request_text(r, "act", false);
	if (name.len == 0)
		return NULL;
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
		if (told_bytes_equal(name, told_text(acts[i].name)))
			return &acts[i];
	told_request_refuse(r, TOLD_E_UNKNOWN,
			    "\"act\" is one of these: acknowledge, ask, inform, accept, wait, decline, close, start, "
			    "pause, back, revoke, mistake.");
	return NULL;
}

/* Who paused goes on; who was lost touch with is taken on again. */
static uint32_t state_back(const struct told_referral_facts *f)
{
	return f->state == TOLD_REFERRAL_FAILED ? TOLD_REFERRAL_ACCEPTED : TOLD_REFERRAL_IN_PROGRESS;
}

/* How a reason ends a referral, where nobody says it: as done, as not to be done, as no longer wanted. */
static uint32_t state_of_reason(uint32_t reason)
{
	static const uint32_t ends[] = {TOLD_REFERRAL_COMPLETED, TOLD_REFERRAL_FAILED, TOLD_REFERRAL_CANCELLED};
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (told_reason_states(reason) >> ends[i] & 1)
			return ends[i];
	return TOLD_REFERRAL_NONE;
}

static void read_moving(struct moving *m)
{
	struct told_request *r = m->r;
	const struct act *act = act_of(r);
	struct told_workflow_part *w = &m->workflow;
	m->act = act != NULL ? act->name : "";
	*w = (struct told_workflow_part){
		.referral = told_referral_id(&m->found),
		.state = told_request_code(r, "state", TOLD_LIST_REFERRAL, act != NULL ? act->state : 0),
		.reason = told_request_code(r, "reason", TOLD_LIST_REASON, act != NULL ? act->reason : 0),
		.detail = act != NULL ? act->detail : 0,
		.weeks = (uint32_t)told_request_number(r, "weeks"),
		.due_ms = told_request_number(r, "until_ms"),
		.service = told_request_text(r, "instead", false),
	};
	m->note = told_request_text(r, "note", false);
	if (w->detail == TOLD_DETAIL_BACK)
		w->state = state_back(m->found.facts);
	if (w->weeks > 0 && w->state == TOLD_REFERRAL_ACCEPTED && w->detail == 0)
		w->detail = TOLD_DETAIL_WAITING_LIST;
	bool closes = act == NULL || strcmp(act->name, "close") == 0;
	if (closes && w->state == 0)
		w->state = state_of_reason(w->reason);
	if (w->service.len > 0)
		told_request_party_known(r, w->service);
	if (closes && w->state == 0)
		told_request_refuse(r, TOLD_E_USAGE,
				    "ENV-05: A reason of the list is needed that ends a referral: --reason CODE. "
				    "Nothing was closed.");
	bool declines = w->state == TOLD_REFERRAL_REJECTED && w->reason == TOLD_REASON_NONE;
	if (declines)
		told_request_refuse(r, TOLD_E_USAGE,
				    "ENV-05: Nothing is declined without a reason of the list: --reason CODE.");
	if (w->reason == TOLD_REASON_OTHER && m->note.len == 0)
		told_request_refuse(r, TOLD_E_USAGE, "ENV-05: The reason \"other\" needs a few words: --note TEXT.");
}

/* The type that says it: whoever was asked answers and closes, whoever asked takes back, either informs. */
static uint32_t type_of(const struct moving *m)
{
	uint32_t state = m->workflow.state;
	if (strcmp(m->act, "inform") == 0)
		return TOLD_TYPE_STATUS_UPDATE;
	if (m->found.facts->referrer == m->r->agent->self)
		return TOLD_TYPE_CANCEL;
	bool ends =
		state == TOLD_REFERRAL_COMPLETED || state == TOLD_REFERRAL_FAILED || state == TOLD_REFERRAL_CANCELLED;
	return ends ? TOLD_TYPE_CLOSURE : TOLD_TYPE_REFERRAL_ANSWER;
}

/* ---- lost touch ---- */

static void keep_text(json_t *book, const char *member, struct told_bytes text)
{
	if (text.len > 0)
		json_object_set_new(book, member, told_text_json(text));
}

/* Whoever looks at it is a senior of ours, active, and somebody else. */
static void read_reviewer(struct moving *m)
{
	struct told_worker_row row;
	struct told_bytes number = told_request_text(m->r, "reviewer", false);
	if (number.len == 0 || m->r->status != TOLD_OK)
		return;
	enum told_status status = told_worker_by_number(m->r->agent->vault, m->r->agent->arena, number, &row);
	bool fit = status == TOLD_OK && row.state == TOLD_WORKER_ACTIVE && told_may_manage(row.roles) &&
		   !told_bytes_equal(number, told_text(m->caller->number));
	if (!fit)
		told_request_refuse(
			m->r, TOLD_E_REFUSED,
			"WFL-05: the reviewer must be a senior or coordinator of ours who works here now, and "
			"not yourself.");
	keep_text(m->book, "reviewer", number);
}

static bool risk(uint32_t category)
{
	return category == TOLD_CATEGORY_RSK_SELF || category == TOLD_CATEGORY_RSK_FROM ||
	       category == TOLD_CATEGORY_SAF_ADULT || category == TOLD_CATEGORY_SAF_CHILD ||
	       category == TOLD_CATEGORY_SAF_DA || category == TOLD_CATEGORY_SAF_MARAC;
}

static enum told_status seen_risk(void *ctx, const struct told_story_row *story, const struct told_section_row *section)
{
	bool *found = ctx;
	*found |= risk(story != NULL ? story->category : section->category);
	return TOLD_OK;
}

/* High risk is what the worker says, and whatever lies here about a risk or safeguarding. */
static enum told_status high_risk(struct moving *m, bool *out)
{
	static const char *const words[] = {NULL, "yes", "no"}; /* enum told_yes_no */
	uint32_t said = told_request_word(m->r, "high_risk", words, 3, TOLD_YES_NO_NONE);
	*out = said == TOLD_YES_NO_YES;
	enum told_status status = told_each_section(m->r->agent, m->found.client, seen_risk, out);
	if (status == TOLD_OK && !*out && said == TOLD_YES_NO_NONE)
		told_request_refuse(m->r, TOLD_E_USAGE,
				    "WFL-05: say whether the person is at high risk: --high-risk yes or no.");
	return status == TOLD_OK ? m->r->status : status;
}

static uint32_t yes_no(bool yes)
{
	return yes ? TOLD_YES_NO_YES : TOLD_YES_NO_NO;
}

static enum told_status refuse_lost(struct moving *m, const struct told_search *s)
{
	struct told_buf missing = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	bool enough = told_search_enough(s, &missing);
	if (!enough)
		told_buf_printf(m->r->why, "WFL-05: this cannot be closed as lost touch yet. %s",
				told_buf_cstr(&missing));
	told_buf_free(&missing);
	if (!enough)
		told_log(&m->r->agent->log, TOLD_LOG_WARNING, "agent.closing_refused",
			 TOLD_LOG_NUMBER("attempts", s->attempts), TOLD_LOG_NUMBER("ways", s->ways));
	return enough ? TOLD_OK : TOLD_E_REFUSED;
}

/* The tries that were written down are what is stated; nobody types a number (practice.md section 5). */
static enum told_status lost_touch(struct moving *m)
{
	struct told_search s;
	struct told_workflow_part *w = &m->workflow;
	keep_text(m->book, "hard", told_request_text(m->r, "hard", false));
	keep_text(m->book, "left", told_request_text(m->r, "left", false));
	read_reviewer(m);
	enum told_status status = told_book_search(m->book, &s);
	if (status == TOLD_OK)
		status = high_risk(m, &s.high_risk);
	if (status == TOLD_OK)
		status = refuse_lost(m, &s);
	w->attempts = s.attempts;
	w->ways = s.ways;
	w->place_chosen = yes_no(s.place_chosen);
	w->through_others = yes_no(s.through_others);
	w->hard_asked = yes_no(s.hard_asked);
	w->message_left = yes_no(s.message_left);
	w->high_risk = yes_no(s.high_risk);
	w->referrer_told = yes_no(s.referrer_told);
	const char *reviewer = json_string_value(json_object_get(m->book, "reviewer"));
	if (reviewer != NULL)
		w->reviewer = told_arena_copy(m->r->agent->arena, told_text(reviewer));
	return status;
}

/* ---- what we keep of it ---- */

static void note_worker(struct moving *m)
{
	uint32_t state = m->workflow.state;
	bool takes_on = state == TOLD_REFERRAL_ACCEPTED || state == TOLD_REFERRAL_IN_PROGRESS;
	if (takes_on && (m->workflow.detail != TOLD_DETAIL_BACK || json_object_get(m->book, "worker") == NULL))
		json_object_set_new(m->book, "worker", json_string(m->caller->number));
	if (strcmp(m->act, "inform") == 0 && m->found.facts->referred_to == m->r->agent->self)
		json_object_set_new(m->book, "informed_ms",
				    json_integer((json_int_t)told_clock_now(&m->r->agent->clock).wall_ms));
}

/* A closed referral is no reason to look any more, and who comes back is one again; who holds the story must know. */
static enum told_status relate(struct moving *m)
{
	bool closed = told_referral_closed(m->workflow.state), back = told_referral_closed(m->found.facts->state);
	if (m->found.facts->referred_to != m->r->agent->self || m->workflow.state == 0 || closed == back)
		return TOLD_OK;
	return told_agent_relate(m->r->agent, m->caller, m->found.client, TOLD_RELATIONSHIP_REFERRAL,
				 told_bytes(NULL, 0), !closed, 0, m->draft.ticket);
}

/* The same worker if possible, and no new story. */
static enum told_status add_back(struct moving *m, json_t *base)
{
	struct told_worker_row row;
	const char *number = json_string_value(json_object_get(m->book, "worker"));
	bool there =
		number != NULL &&
		told_worker_by_number(m->r->agent->vault, m->r->agent->arena, told_text(number), &row) == TOLD_OK &&
		row.state == TOLD_WORKER_ACTIVE;
	if (m->workflow.detail != TOLD_DETAIL_BACK)
		return TOLD_OK;
	json_t *back =
		json_pack("{s:o, s:s}", "worker", there ? json_string(number) : json_null(), "do",
			  there ? "The same worker goes on. What was told stands here: told story show. Ask only "
				  "what is asked every time."
				: "The worker of that time is not here now. What was told stands here: told story "
				  "show. Ask only what is asked every time.");
	return json_object_set_new(base, "back", back) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

/* ---- sending ---- */

static enum told_status send(struct moving *m)
{
	struct told_agent *agent = m->r->agent;
	const struct told_referral_facts *f = m->found.facts;
	struct told_bytes other =
		told_text(told_party_name(agent->parties, f->referrer == agent->self ? f->referred_to : f->referrer));
	struct told_gathered *parcel = told_arena_alloc(agent->arena, sizeof *parcel);
	enum told_status status = parcel == NULL ? TOLD_E_MEMORY : TOLD_OK;
	uint32_t type = type_of(m);
	if (status == TOLD_OK)
		status = told_gather_words(agent, m->caller, m->note, TOLD_CATEGORY_REF_META, parcel);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, type, m->caller, m->found.client, &m->draft);
	if (status != TOLD_OK)
		return status;
	m->draft.header.in_reply_to = told_referral_id(&m->found);
	m->draft.header.workflow = &m->workflow;
	status = told_send_content(agent, &m->draft, other, TOLD_PURPOSE_REFERRAL, parcel->sections, parcel->count,
				   false, &m->preview, m->r->why);
	m->draft.header.workflow = NULL;
	return status;
}

static bool let_go(const json_t *preview)
{
	const char *effect = json_string_value(json_object_get(preview, "effect"));
	return effect != NULL && strcmp(effect, "deny") != 0 && strcmp(effect, "reject") != 0;
}

/* The lead worker hears how it stands now; the other side hears it by the message itself. */
static enum told_status tell_lead(struct moving *m)
{
	struct told_agent *agent = m->r->agent;
	const struct told_referral_facts *f = m->found.facts;
	struct told_buf what = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	if (m->workflow.state == 0)
		return TOLD_OK;
	told_buf_printf(&what, "Referral to %s: %s", told_party_name(agent->parties, f->referred_to),
			told_code(TOLD_LIST_REFERRAL, m->workflow.state));
	if (m->workflow.reason != 0)
		told_buf_printf(&what, " (%s)", told_words(TOLD_LIST_REASON, m->workflow.reason));
	told_buf_put_text(&what, ".");
	const struct told_lead_news news = {
		.client = m->found.client,
		.what = told_buf_cstr(&what),
		.referral = told_referral_id(&m->found),
		.known_to = told_text(
			told_party_name(agent->parties, f->referrer == agent->self ? f->referred_to : f->referrer))};
	enum told_status status = news.what == NULL ? TOLD_E_MEMORY : told_lead_tell(agent, m->caller, &news);
	told_buf_free(&what);
	return status;
}

static enum told_status move(struct moving *m)
{
	read_moving(m);
	enum told_status status = m->r->status;
	if (status == TOLD_OK)
		status = told_book_load(m->r->agent, told_referral_id(&m->found), &m->book);
	if (status == TOLD_OK && m->workflow.reason == TOLD_REASON_DISENGAGED)
		status = lost_touch(m);
	if (status == TOLD_OK)
		status = send(m);
	/* What will be refused changes nothing here either: the refusal is for the log. */
	if (status != TOLD_OK || !let_go(m->preview))
		return status;
	note_worker(m);
	status = told_book_save(m->r->agent, &m->found, m->book);
	if (status == TOLD_OK)
		status = tell_lead(m);
	return status == TOLD_OK ? relate(m) : status;
}

enum told_status told_agent_answer_referral(struct told_agent *agent, const struct told_caller *caller,
					    const json_t *request, struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request,
						  "referral act state reason note weeks until_ms instead hard "
						  "left high_risk reviewer",
						  reply);
	struct moving m = {.r = &r, .caller = caller, .act = ""};
	status = told_referral_named(&r, caller, &m.found);
	if (status == TOLD_OK)
		status = move(&m);
	json_t *base = status == TOLD_OK ? json_pack("{s:O}", "preview", m.preview) : NULL;
	if (base != NULL)
		status = add_back(&m, base);
	json_decref(m.preview);
	json_decref(m.book);
	told_referral_drop(&m.found);
	return told_referral_finish(agent, status, false, base, &m.draft, reply);
}
