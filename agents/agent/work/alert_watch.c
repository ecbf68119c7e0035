/* SPDX-License-Identifier: Apache-2.0 */
/* Time passes over alerts: what nobody opened by its time is overdue, both on-call contacts are paged, and it stays on
 * the screens of who raised it, who leads and who is on call until a call or an answer. Reviews fall due. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/attention.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

#define LOOK_MS TOLD_MS_MINUTE
#define POLL_MS (TOLD_MS_SECOND / 4) /* while a page is on its way */

/* ---- looking ---- */

/* Nothing has gone while a senior has to decide, and nothing will after they refused. */
static bool counts(const struct told_alert *alert)
{
	return told_alert_ms(alert, "call_ms") != 0 && told_alert_ms(alert, "ended_ms") == 0 &&
	       !told_alert_needs(alert, "decision");
}

static enum told_status look_at(struct told_agent *agent, struct told_alert *alert, struct told_time now)
{
	int64_t left_ms = told_alert_ms(alert, "call_ms") - now.wall_ms;
	if (!counts(alert))
		return TOLD_OK;
	if (told_alert_waits(alert->state) && left_ms > 0) {
		if (now.boot_ms + left_ms < agent->watch.look_boot_ms)
			agent->watch.look_boot_ms = now.boot_ms + left_ms;
		return TOLD_OK;
	}
	if (told_alert_waits(alert->state)) {
		enum told_status status =
			told_alert_happen(alert, TOLD_ALERT_ACT_TIME_OVER, TOLD_ALERT_ACTOR_OUR_AGENT, now.wall_ms);
		if (status == TOLD_OK)
			status = told_alert_save(agent, alert);
		if (status != TOLD_OK)
			return status;
		told_log(&agent->log, TOLD_LOG_WARNING, "agent.alert_overdue",
			 TOLD_LOG_HEX("alert", alert->id, TOLD_ID_BYTES));
	}
	if (alert->state == TOLD_ALERT_OVERDUE)
		told_alert_page(agent, alert, now.boot_ms);
	return TOLD_OK;
}

static void note_review(struct told_alert_watch *watch, const struct told_alert *alert, int64_t now_ms)
{
	if (told_alert_review_due(alert, now_ms) && watch->review_count < TOLD_AGENT_REVIEWS_MAX)
		memcpy(watch->reviews[watch->review_count++], alert->id, TOLD_ID_BYTES);
}

static enum told_status look_through(struct told_agent *agent, enum told_alert_state state, struct told_time now)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		struct told_alert alert;
		told_arena_reset(agent->arena);
		status = told_alert_walk_open(agent, state, &row, &alert);
		if (status == TOLD_OK)
			status = look_at(agent, &alert, now);
		if (status == TOLD_OK)
			note_review(&agent->watch, &alert, now.wall_ms);
		told_alert_free(&alert);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status look(struct told_agent *agent, struct told_time now)
{
	enum told_status status = TOLD_OK;
	agent->watch.look_boot_ms = now.boot_ms + LOOK_MS;
	agent->watch.review_count = 0;
	/* From the last: what becomes overdue now moves to a state that was looked through. */
	for (unsigned state = TOLD_ALERT_STATE_COUNT; status == TOLD_OK && state-- > 0;)
		status = look_through(agent, (enum told_alert_state)state, now);
	return status;
}

void told_alert_look_soon(struct told_agent *agent)
{
	agent->watch.look_boot_ms = 0;
}

enum told_status told_alert_sweep(struct told_agent *agent)
{
	struct told_time now = told_clock_now(&agent->clock);
	enum told_status status = told_alert_paged(agent, now);
	return status == TOLD_OK && now.boot_ms >= agent->watch.look_boot_ms ? look(agent, now) : status;
}

int64_t told_alert_due(const struct told_agent *agent, int64_t boot_ms)
{
	int64_t left_ms = agent->watch.look_boot_ms - boot_ms;
	if (left_ms <= 0)
		return 0;
	return agent->watch.page_count > 0 && left_ms > POLL_MS ? POLL_MS : left_ms;
}

/* ---- on screen ---- */

static json_t *overdue_json(const struct told_alert *alert, int64_t now_ms)
{
	json_t *view = told_alert_view(alert, now_ms);
	json_t *json = json_pack("{s:s, s:O, s:O, s:O, s:O, s:O, s:O?, s:O?}", "what", "alert", "alert",
				 json_object_get(view, "id"), "client", json_object_get(view, "client"), "to",
				 json_object_get(view, "to"), "stands", json_object_get(view, "stands"), "raised_ms",
				 json_object_get(view, "raised_ms"), "telephone", json_object_get(view, "telephone"),
				 "warning", json_object_get(view, "warning"));
	json_decref(view);
	return json;
}

/* For who raised it and who leads, wherever they are; for who is on call; for whoever speaks of the person. */
static bool shown(struct told_attention *a, const struct told_alert *alert)
{
	struct told_bytes client = told_bytes(alert->client, TOLD_ID_BYTES);
	bool asked = told_alert_lead(alert, a->caller) || told_attention_shows(a, client);
	return asked && told_may_see(a->agent, a->caller, client) == TOLD_OK;
}

static enum told_status add_overdue(struct told_attention *a, enum told_alert_state state)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		struct told_alert alert;
		status = told_alert_walk_open(a->agent, state, &row, &alert);
		if (status == TOLD_OK && told_alert_ms(&alert, "ended_ms") == 0 && shown(a, &alert) &&
		    !told_json_add(a->list, overdue_json(&alert, a->now_ms)))
			status = TOLD_E_MEMORY;
		told_alert_free(&alert);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_alert_attention(struct told_attention *a)
{
	enum told_status status = TOLD_OK;
	for (unsigned state = 1; status == TOLD_OK && state < TOLD_ALERT_STATE_COUNT; state++)
		if (told_alert_is_overdue(state))
			status = add_overdue(a, state);
	return status;
}

/* A review is raised to whoever may do it: not to who raised or seconded what is reviewed. */
enum told_status told_review_attention(struct told_attention *a)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < a->agent->watch.review_count; i++) {
		struct told_alert alert;
		status = told_alert_load(a->agent, told_bytes(a->agent->watch.reviews[i], TOLD_ID_BYTES), &alert);
		bool due = status == TOLD_OK && told_alert_review_due(&alert, a->now_ms);
		if (due && told_alert_reviews(&alert, a->caller) &&
		    told_may_see(a->agent, a->caller, told_bytes(alert.client, TOLD_ID_BYTES)) == TOLD_OK) {
			json_t *json = json_pack("{s:s, s:o, s:o, s:s, s:I}", "what", "review", "alert",
						 told_id_json(told_bytes(alert.id, TOLD_ID_BYTES)), "client",
						 told_client_json(told_bytes(alert.client, TOLD_ID_BYTES)), "to",
						 told_alert_text(&alert, "to"), "due_ms",
						 (json_int_t)told_alert_ms(&alert, "review_ms"));
			status = told_json_add(a->list, json) ? TOLD_OK : TOLD_E_MEMORY;
		}
		status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
		told_alert_free(&alert);
	}
	return status;
}
