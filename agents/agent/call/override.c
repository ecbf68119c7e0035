/* SPDX-License-Identifier: Apache-2.0 */
/* What a second person does about a sharing without permission: confirm, give the reason, decide, review. Each is a
 * call under that worker's own token: nobody types another's number. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

/* One call about one alert. */
struct act {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_request r;
	struct told_reply *reply;
	struct told_alert alert;
	struct told_choice choice; /* the profile it was raised under */
	struct told_draft draft;
	int64_t now_ms;
	bool sent;
	json_t *sheet; /* what is to be said on the telephone now */
};

static enum told_status refuse(struct act *act, enum told_status status, const char *why)
{
	if (act->reply->why.len == 0)
		told_buf_put_text(&act->reply->why, why);
	return status;
}

/* Finds the alert and its profile; over is refused in words that say what to do. */
static enum told_status open_act(struct act *act, const json_t *request, const char *members)
{
	enum told_status status = told_call_begin(act->agent);
	if (status != TOLD_OK)
		return status;
	act->now_ms = told_clock_now(&act->agent->clock).wall_ms;
	act->r = told_request_open(act->agent, request, members, act->reply);
	struct told_bytes id = told_request_id(&act->r, "id", true);
	status = act->r.status == TOLD_OK ? told_alert_load(act->agent, id, &act->alert) : act->r.status;
	if (status == TOLD_OK)
		status = told_may_see(act->agent, act->caller, told_bytes(act->alert.client, TOLD_ID_BYTES));
	if (status == TOLD_E_NOT_FOUND)
		return refuse(act, status, "There is no such alert here. See told override ls.");
	if (status != TOLD_OK)
		return status;
	struct told_override_part block = {
		.kind = told_value(TOLD_LIST_OVERRIDE, told_text(told_alert_text(&act->alert, "kind"))),
		.mandatory_report = (uint32_t)told_alert_ms(&act->alert, "mandatory")};
	return told_choose_override(act->agent, told_agent_self(act->agent),
				    told_text(told_alert_text(&act->alert, "to")),
				    told_value(TOLD_LIST_TYPE, told_text(told_alert_text(&act->alert, "type"))),
				    told_value(TOLD_LIST_PURPOSE, told_text(told_alert_text(&act->alert, "purpose"))),
				    &block, &act->choice);
}

/* Keeps the document, and ends the call: with a ticket where something went. */
static enum told_status close_act(struct act *act, enum told_status status)
{
	struct told_reply *reply = act->reply;
	if (status == TOLD_OK)
		status = told_alert_save(act->agent, &act->alert);
	told_alert_look_soon(act->agent); /* what a decision let go is waited for; another day for a review */
	json_t *base = status == TOLD_OK ? json_pack("{s:s, s:o}", "danger", TOLD_ALERT_DANGER, "alert",
						     told_alert_view(&act->alert, act->now_ms))
					 : NULL;
	if (base != NULL && act->sheet != NULL)
		json_object_set(base, "sheet", act->sheet);
	json_decref(act->sheet);
	if (status == TOLD_OK && act->sent)
		status = told_agent_wait_for(act->agent, act->draft.ticket, base, reply);
	else
		reply->json = base;
	told_alert_free(&act->alert);
	return told_call_end(act->agent, status, reply);
}

static enum told_status still_open(struct act *act)
{
	return told_alert_over(&act->alert, act->now_ms)
		       ? refuse(act, TOLD_E_REFUSED,
				"OVR-08: The override has ended. The same people decide afresh: told override raise.")
		       : TOLD_OK;
}

static bool is(const struct act *act, const char *member)
{
	return strcmp(told_alert_text(&act->alert, member), act->caller->number) == 0;
}

static enum told_status send_rest(struct act *act, struct told_bytes words)
{
	if (json_array_size(json_object_get(act->alert.doc, "rest")) == 0)
		return TOLD_OK;
	return told_override_rest(act->agent, act->caller, &act->alert, words, &act->draft, &act->sent, &act->sheet,
				  &act->reply->why);
}

/* ---- confirm ---- */

/* Someone whose role may declare it takes it on: from now on it is theirs, and somebody else seconds. */
static enum told_status declare(struct act *act)
{
	const struct told_profile *profile = act->choice.profile;
	if (profile == NULL || (act->caller->roles & profile->declare) == 0)
		return refuse(act, TOLD_E_NOT_ALLOWED,
			      "PTY-05: Your role may not declare this. Another must take it on.");
	told_alert_met(&act->alert, "declarer");
	json_object_set_new(act->alert.doc, "declared_by", json_string(act->caller->number));
	json_object_set_new(act->alert.doc, "role", json_integer(told_alert_role(act->caller->roles, profile)));
	return TOLD_OK;
}

static enum told_status second(struct act *act)
{
	const struct told_profile *profile = act->choice.profile;
	if (is(act, "author") || is(act, "declared_by"))
		return refuse(
			act, TOLD_E_NOT_ALLOWED,
			"OVR-03: You raised this yourself. A second worker of the right role must confirm it, with "
			"their own token.");
	if (profile == NULL || (act->caller->roles & profile->second) == 0)
		return refuse(act, TOLD_E_NOT_ALLOWED,
			      "OVR-03: Your role may not confirm this. The agreement names who may; ring the on-call "
			      "authoriser.");
	told_alert_met(&act->alert, "second");
	json_object_set_new(act->alert.doc, "authoriser", json_string(act->caller->number));
	json_object_set_new(act->alert.doc, "confirmed_ms", json_integer(act->now_ms));
	return TOLD_OK;
}

static enum told_status confirm(struct act *act)
{
	enum told_status status = still_open(act);
	if (status != TOLD_OK)
		return status;
	if (told_alert_needs(&act->alert, "declarer"))
		status = declare(act);
	else if (told_alert_needs(&act->alert, "second"))
		status = second(act);
	else
		status = refuse(act, TOLD_E_REFUSED, "Nothing waits for a second person here. See told override ls.");
	return status == TOLD_OK ? send_rest(act, told_bytes(NULL, 0)) : status;
}

enum told_status told_agent_override_confirm(struct told_agent *agent, const struct told_caller *caller,
					     const json_t *request, struct told_reply *reply)
{
	struct act act = {.agent = agent, .caller = caller, .reply = reply};
	enum told_status status = open_act(&act, request, "id");
	return close_act(&act, status == TOLD_OK ? confirm(&act) : status);
}

/* ---- the reason ---- */

static enum told_status give_reason(struct act *act)
{
	struct told_bytes reason = told_request_text(&act->r, "reason", true);
	enum told_status status = act->r.status == TOLD_OK ? still_open(act) : act->r.status;
	if (status != TOLD_OK)
		return status;
	if (!told_alert_needs(&act->alert, "reason"))
		return refuse(act, TOLD_E_REFUSED, "The reason is there already. See told override ls.");
	told_alert_met(&act->alert, "reason");
	json_object_set_new(act->alert.doc, "reason", json_integer(1));
	json_object_set_new(act->alert.doc, "reason_words", told_text_json(reason));
	return send_rest(act, reason);
}

enum told_status told_agent_override_reason(struct told_agent *agent, const struct told_caller *caller,
					    const json_t *request, struct told_reply *reply)
{
	struct act act = {.agent = agent, .caller = caller, .reply = reply};
	enum told_status status = open_act(&act, request, "id reason");
	return close_act(&act, status == TOLD_OK ? give_reason(&act) : status);
}

/* ---- only the person is at risk, and has said no (OVR-09) ---- */

static const char *const answers[] = {NULL, "release", "refuse"};
enum { RELEASE = 1, REFUSE };

/* The four questions, as one sentence for the record and, after a release, for whoever gets it. */
static struct told_bytes words_of(struct act *act, struct told_bytes why)
{
	struct told_request *r = &act->r;
	struct told_buf text = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	struct told_bytes known = told_request_text(r, "who_knows", false);
	told_buf_printf(&text, "A named senior decided. Capacity in doubt: %s. Imminent: %s. Others at risk: %s. ",
			told_request_flag(r, "capacity_doubt") == TOLD_YES_NO_YES ? "yes" : "no",
			told_request_flag(r, "imminent") == TOLD_YES_NO_YES ? "yes" : "no",
			told_request_flag(r, "others_at_risk") == TOLD_YES_NO_YES ? "yes" : "no");
	told_buf_printf(&text, "Who knows already: %.*s. ", known.len > 0 ? (int)known.len : 8,
			known.len > 0 ? (const char *)known.data : "not said");
	told_buf_put(&text, why.data, why.len);
	struct told_bytes kept = told_arena_copy(act->agent->arena, told_buf_view(&text));
	told_buf_free(&text);
	return kept;
}

static bool senior(const struct told_caller *caller)
{
	return (caller->roles & (TOLD_BIT32(TOLD_ROLE_SENIOR) | TOLD_BIT32(TOLD_ROLE_DSL))) != 0;
}

static enum told_status decide(struct act *act)
{
	uint32_t answer = told_request_word(&act->r, "answer", answers, 3, 0);
	struct told_bytes why = told_request_text(&act->r, "why", true);
	struct told_bytes words = words_of(act, why);
	enum told_status status = act->r.status == TOLD_OK ? still_open(act) : act->r.status;
	if (status != TOLD_OK)
		return status;
	if (answer == 0)
		return refuse(act, TOLD_E_USAGE, "\"answer\" is release or refuse.");
	if (!told_alert_needs(&act->alert, "decision"))
		return refuse(act, TOLD_E_REFUSED, "Nobody has to decide anything here. See told override ls.");
	if (is(act, "author") || !senior(act->caller))
		return refuse(
			act, TOLD_E_NOT_ALLOWED,
			"OVR-09: A named senior decides with the worker who raised it, and not that worker alone.");
	told_alert_met(&act->alert, "decision");
	told_alert_append(&act->alert, "decision", act->caller->number, act->now_ms,
			  json_pack("{s:s, s:o}", "answer", answers[answer], "words", told_text_json(words)));
	if (answer == REFUSE) {
		json_object_set_new(act->alert.doc, "ended_ms", json_integer(act->now_ms));
		return TOLD_OK;
	}
	/* The header says that a senior decided: their number stands beside the author's, and "self only" no longer. */
	bool others = told_request_flag(&act->r, "others_at_risk") == TOLD_YES_NO_YES;
	json_object_set_new(act->alert.doc, "at_risk",
			    json_integer(others ? TOLD_AT_RISK_OTHERS_TOO : TOLD_AT_RISK_NONE));
	json_object_set_new(act->alert.doc, "authoriser", json_string(act->caller->number));
	return send_rest(act, words);
}

enum told_status told_agent_override_decide(struct told_agent *agent, const struct told_caller *caller,
					    const json_t *request, struct told_reply *reply)
{
	struct act act = {.agent = agent, .caller = caller, .reply = reply};
	enum told_status status =
		open_act(&act, request, "id answer why capacity_doubt imminent others_at_risk who_knows");
	return close_act(&act, status == TOLD_OK ? decide(&act) : status);
}

/* ---- afterwards ---- */

/* The log has who reviewed it, when and with what outcome; the note stays here. */
static enum told_status log_review(struct act *act, uint32_t outcome)
{
	struct told_alert_news news = {.event = TOLD_ALERT_EVENT_REVIEWED, .outcome = outcome, .at_ms = act->now_ms};
	enum told_status status = told_random(act->draft.ticket, sizeof act->draft.ticket);
	act->sent = status == TOLD_OK;
	return status == TOLD_OK ? told_alert_say(act->agent, act->caller, &act->alert, &news, act->draft.ticket)
				 : status;
}

static enum told_review_state stands(const struct act *act)
{
	if (told_alert_ms(&act->alert, "ended_ms") != 0)
		return TOLD_REVIEW_ENDED;
	return told_alert_over(&act->alert, act->now_ms) ? TOLD_REVIEW_OVER : TOLD_REVIEW_RUNS;
}

static enum told_status refuse_review(struct act *act, enum told_status status)
{
	static const struct {
		enum told_status status;
		const char *why;
	} words[] = {
		{TOLD_E_USAGE, "\"outcome\" is right, too_much, wrong or ended."},
		{TOLD_E_REFUSED, "It was reviewed and is over. Whoever is worried raises it afresh."},
		{TOLD_E_NOT_ALLOWED, "A senior, safeguarding lead or data protection officer who neither raised nor "
				     "confirmed it reviews it."},
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (words[i].status == status)
			return refuse(act, status, words[i].why);
	return status;
}

/* Reviewed by somebody else than who raised it. It is reviewed again while it runs, at the profile's distance. */
static enum told_status review(struct act *act)
{
	uint32_t outcome = told_request_code_of(&act->r, "outcome", TOLD_LIST_ALERT_OUTCOME, TOLD_ALERT_OUTCOME_RIGHT,
						TOLD_ALERT_OUTCOME_ENDED);
	struct told_bytes note = told_request_text(&act->r, "note", false);
	const struct told_profile *profile = act->choice.profile;
	enum told_review_state next;
	bool again;
	if (act->r.status != TOLD_OK)
		return act->r.status;
	enum told_status status =
		told_review_step(stands(act), outcome, told_alert_reviewer(&act->alert, act->caller), &next, &again);
	if (status != TOLD_OK)
		return refuse_review(act, status);
	told_alert_append(&act->alert, "reviews", act->caller->number, act->now_ms,
			  json_pack("{s:s, s:o}", "outcome", told_code(TOLD_LIST_ALERT_OUTCOME, outcome), "note",
				    told_text_json(note)));
	again = again && profile != NULL && profile->review.unit != TOLD_SPAN_NONE;
	json_object_set_new(act->alert.doc, "review_ms",
			    json_integer(again ? told_span_after(act->now_ms, profile->review) : 0));
	if (next == TOLD_REVIEW_ENDED)
		json_object_set_new(act->alert.doc, "ended_ms", json_integer(act->now_ms));
	return log_review(act, outcome);
}

enum told_status told_agent_override_review(struct told_agent *agent, const struct told_caller *caller,
					    const json_t *request, struct told_reply *reply)
{
	struct act act = {.agent = agent, .caller = caller, .reply = reply};
	enum told_status status = open_act(&act, request, "id outcome note");
	return close_act(&act, status == TOLD_OK ? review(&act) : status);
}
