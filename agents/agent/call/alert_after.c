/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker does about an alert that was raised: ring and write down who answered, print what may be said, end it.
 */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

/* One call about one alert. */
struct after {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_request r;
	struct told_reply *reply;
	struct told_alert alert;
	int64_t now_ms;
};

static enum told_status refuse(struct after *a, enum told_status status, const char *why)
{
	if (a->reply->why.len == 0)
		told_buf_put_text(&a->reply->why, why);
	return status;
}

static enum told_status open_after(struct after *a, const json_t *request, const char *members)
{
	enum told_status status = told_call_begin(a->agent);
	if (status != TOLD_OK)
		return status;
	a->now_ms = told_clock_now(&a->agent->clock).wall_ms;
	a->r = told_request_open(a->agent, request, members, a->reply);
	struct told_bytes id = told_request_id(&a->r, "id", true);
	status = a->r.status == TOLD_OK ? told_alert_load(a->agent, id, &a->alert) : a->r.status;
	if (status == TOLD_OK)
		status = told_may_see(a->agent, a->caller, told_bytes(a->alert.client, TOLD_ID_BYTES));
	return status == TOLD_E_NOT_FOUND ? refuse(a, status, "There is no such alert here. See told alert ls.")
					  : status;
}

static json_t *view_of(const struct after *a)
{
	return json_pack("{s:s, s:o}", "danger", TOLD_ALERT_DANGER, "alert", told_alert_view(&a->alert, a->now_ms));
}

/* Keeps it, says it to the log, and ends the call. */
static enum told_status close_after(struct after *a, const struct told_alert_news *news, enum told_status status)
{
	uint8_t ticket[TOLD_ID_BYTES];
	if (status == TOLD_OK)
		status = told_random(ticket, sizeof ticket);
	if (status == TOLD_OK)
		status = told_alert_save(a->agent, &a->alert);
	if (status == TOLD_OK)
		status = told_alert_say(a->agent, a->caller, &a->alert, news, ticket);
	if (status == TOLD_OK)
		status = told_agent_wait_for(a->agent, ticket, view_of(a), a->reply);
	told_alert_free(&a->alert);
	return told_call_end(a->agent, status, a->reply);
}

/* ---- called ---- */

/* When it was, told after the fact: not before it was raised, and not to come. */
static int64_t time_of(struct after *a)
{
	int64_t at_ms = (int64_t)told_request_number(&a->r, "at_ms");
	if (at_ms == 0)
		return a->now_ms;
	if (a->r.status == TOLD_OK && (at_ms > a->now_ms || at_ms < told_alert_ms(&a->alert, "raised_ms")))
		told_request_refuse(&a->r, TOLD_E_USAGE,
				    "The call was after the alert was raised and is over: mend the time (--at).");
	return at_ms;
}

/* A machine that answers has told nobody; a switchboard that passes it on has. */
static bool reached(uint32_t who)
{
	return who == TOLD_ALERT_OUTCOME_ON_CALL || who == TOLD_ALERT_OUTCOME_WORKER ||
	       who == TOLD_ALERT_OUTCOME_SWITCHBOARD;
}

static uint32_t who_answered(struct after *a)
{
	const char *words[TOLD_ALERT_OUTCOME_WRONG_NUMBER + 1] = {NULL};
	for (uint32_t who = TOLD_ALERT_OUTCOME_ON_CALL; who <= TOLD_ALERT_OUTCOME_NOBODY; who++)
		words[who] = told_code(TOLD_LIST_ALERT_OUTCOME, who);
	words[TOLD_ALERT_OUTCOME_WRONG_NUMBER] = told_code(TOLD_LIST_ALERT_OUTCOME, TOLD_ALERT_OUTCOME_WRONG_NUMBER);
	return told_request_word(&a->r, "who_answered", words, sizeof words / sizeof words[0], 0);
}

static enum told_alert_act act_of(uint32_t who)
{
	if (who == TOLD_ALERT_OUTCOME_WRONG_NUMBER)
		return TOLD_ALERT_ACT_WRONG_NUMBER;
	return reached(who) ? TOLD_ALERT_ACT_CALL : TOLD_ALERT_ACT_RING;
}

static enum told_status called(struct after *a, struct told_alert_news *news)
{
	uint32_t who = who_answered(a);
	struct told_bytes note = told_request_text(&a->r, "note", false);
	int64_t at_ms = time_of(a);
	bool lead = told_alert_lead(&a->alert, a->caller);
	if (who == 0)
		told_request_refuse(&a->r, TOLD_E_USAGE,
				    "Say who answered (--who-answered): on_call, worker, switchboard, voicemail, "
				    "nobody or wrong_number.");
	if (a->r.status != TOLD_OK)
		return a->r.status;
	if (told_alert_needs(&a->alert, "by_hand") && reached(who)) /* also once it is overdue */
		return refuse(a, TOLD_E_REFUSED,
			      "They have no agent, so what you said is the only record: told disclosure record CLIENT "
			      "--alert ID.");
	enum told_status status = told_alert_happen(
		&a->alert, act_of(who), lead ? TOLD_ALERT_ACTOR_OUR_LEAD : TOLD_ALERT_ACTOR_OUR_WORKER, at_ms);
	if (status != TOLD_OK)
		return refuse(a, status, "A call changes nothing about this alert now. See told alert ls.");
	told_alert_append(&a->alert, "calls", a->caller->number, a->now_ms,
			  json_pack("{s:s, s:I, s:o}", "who_answered", told_code(TOLD_LIST_ALERT_OUTCOME, who), "at_ms",
				    (json_int_t)at_ms, "note", told_text_json(note)));
	if (!reached(who))
		told_alert_try_another(a->agent, &a->alert, who == TOLD_ALERT_OUTCOME_WRONG_NUMBER);
	*news = (struct told_alert_news){
		.event = TOLD_ALERT_EVENT_CALLED, .outcome = who, .at_ms = at_ms, .to_them = true};
	return TOLD_OK;
}

enum told_status told_agent_alert_called(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	struct after a = {.agent = agent, .caller = caller, .reply = reply};
	struct told_alert_news news = {0};
	enum told_status status = open_after(&a, request, "id who_answered at_ms note");
	return close_after(&a, &news, status == TOLD_OK ? called(&a, &news) : status);
}

/* ---- over ---- */

static enum told_status end(struct after *a, struct told_alert_news *news)
{
	enum told_alert_actor actor =
		told_alert_lead(&a->alert, a->caller) ? TOLD_ALERT_ACTOR_OUR_LEAD : TOLD_ALERT_ACTOR_OUR_WORKER;
	enum told_status status = told_alert_happen(&a->alert, TOLD_ALERT_ACT_CLOSE, actor, a->now_ms);
	*news = (struct told_alert_news){.event = TOLD_ALERT_EVENT_CLOSED, .at_ms = a->now_ms};
	if (status == TOLD_E_NOT_ALLOWED)
		return refuse(a, status, "Whoever raised it ends it, or a senior or safeguarding lead.");
	if (status == TOLD_E_REFUSED)
		return refuse(a, status,
			      a->alert.state == TOLD_ALERT_CLOSED
				      ? "It is over already."
				      : "Nobody there has opened it or was told. Telephone, then: told alert called.");
	return status;
}

enum told_status told_agent_alert_close(struct told_agent *agent, const struct told_caller *caller,
					const json_t *request, struct told_reply *reply)
{
	struct after a = {.agent = agent, .caller = caller, .reply = reply};
	struct told_alert_news news = {0};
	enum told_status status = open_after(&a, request, "id");
	return close_after(&a, &news, status == TOLD_OK ? end(&a, &news) : status);
}

/* ---- the sheet ---- */

enum told_status told_agent_alert_sheet(struct told_agent *agent, const struct told_caller *caller,
					const json_t *request, struct told_reply *reply)
{
	struct after a = {.agent = agent, .caller = caller, .reply = reply};
	json_t *sheet = NULL;
	enum told_status status = open_after(&a, request, "id");
	if (status == TOLD_OK)
		status = told_alert_sheet_now(agent, caller, &a.alert, &sheet, &reply->why);
	json_t *json = status == TOLD_OK ? view_of(&a) : NULL;
	if (json != NULL) {
		json_object_set(json, "sheet", sheet);
		json_object_set_new(json, "from", json_string(agent->name));
		json_object_set_new(json, "printed_ms", json_integer(a.now_ms));
	}
	reply->json = json;
	json_decref(sheet);
	told_alert_free(&a.alert);
	return told_call_end(agent, status == TOLD_OK && json == NULL ? TOLD_E_MEMORY : status, reply);
}
