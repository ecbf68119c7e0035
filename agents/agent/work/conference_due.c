/* SPDX-License-Identifier: Apache-2.0 */
/* Time passes over conferences: an action that is late goes to its owner and to the chair, a review that is due to the
 * chair; and that a MARAC is this person's second within a year, to its coordinator; that
 * names are waited for, to the contact. */
#include "agents/agent/core/show.h"
#include "agents/agent/core/sight.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/attention.h"
#include "agents/agent/work/conference.h"
#include "agents/agent/work/contact.h"
#include "agents/agent/work/may_see.h"

#include "broker/agree/span.h"
#include "broker/decide/conference.h"

#include <string.h>

#define LOOK_MS TOLD_MS_MINUTE

/* ---- what is due ---- */

/* An owner looks at its own actions, the chair at all. */
static bool late(const struct told_conference *c, const struct told_conference_action *a, int64_t now_ms)
{
	return a->state == TOLD_ACTION_OPEN && (int64_t)a->due_ms <= now_ms &&
	       (told_conference_chaired(c) || told_bytes_equal(a->owner, c->self));
}

static bool review_due(const struct told_conference *c, int64_t now_ms)
{
	return told_conference_chaired(c) && c->state == TOLD_CONFERENCE_LISTED && c->review_ms != 0 &&
	       (int64_t)c->review_ms <= now_ms;
}

static bool names_due(const struct told_conference *c, int64_t now_ms)
{
	return c->kind == TOLD_CONFERENCE_MARAC && c->names_due_ms != 0 && (int64_t)c->names_due_ms <= now_ms;
}

static bool anything_due(const struct told_conference *c, int64_t now_ms)
{
	bool due = review_due(c, now_ms) || names_due(c, now_ms) || told_conference_awaits_names(c);
	for (size_t i = 0; i < c->action_count; i++)
		due |= late(c, &c->actions[i], now_ms);
	return due && c->state != TOLD_CONFERENCE_ENDED;
}

static void watch(struct told_agent *agent, const uint8_t conference[TOLD_ID_BYTES])
{
	struct told_alert_watch *w = &agent->watch;
	for (size_t i = 0; i < w->meeting_count; i++)
		if (memcmp(w->meetings[i], conference, TOLD_ID_BYTES) == 0)
			return;
	if (w->meeting_count < TOLD_AGENT_REVIEWS_MAX)
		memcpy(w->meetings[w->meeting_count++], conference, TOLD_ID_BYTES);
}

/* A name outlives its conference: so does the asking. */
static enum told_status look_at_names(struct told_agent *agent, int64_t now_ms)
{
	uint8_t conference[TOLD_ID_BYTES];
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		told_arena_reset(agent->arena);
		status = told_sight_next_due(agent, (uint64_t)now_ms, &after, conference);
		if (status == TOLD_OK)
			watch(agent, conference);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status look(struct told_agent *agent, int64_t now_ms)
{
	struct told_meeting m;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	agent->watch.meeting_count = 0;
	while (status == TOLD_OK) {
		told_arena_reset(agent->arena);
		status = told_meeting_next_open(agent, &after, &m);
		if (status == TOLD_OK && m.state->state == TOLD_CONFERENCE_ENDED)
			status = told_meeting_save(agent, &m); /* it is passed over from now on */
		else if (status == TOLD_OK && anything_due(m.state, now_ms))
			watch(agent, m.id.data);
		told_meeting_drop(&m);
	}
	return status == TOLD_E_NOT_FOUND ? look_at_names(agent, now_ms) : status;
}

enum told_status told_meeting_sweep(struct told_agent *agent)
{
	struct told_time now = told_clock_now(&agent->clock);
	if (now.boot_ms < agent->watch.meeting_boot_ms)
		return TOLD_OK;
	agent->watch.meeting_boot_ms = now.boot_ms + LOOK_MS;
	return look(agent, now.wall_ms);
}

/* ---- on screen ---- */

/* While it waits for names, our contact; then whoever promised confidentiality there; where nobody here has, whoever is
 * on duty. */
static bool asked(struct told_attention *a, const struct told_conference *c)
{
	bool anybody = false, contact = false;
	if (told_conference_awaits_names(c))
		return told_contact_is(a->agent, a->caller->number, &contact) == TOLD_OK && contact;
	for (size_t i = 0; i < c->confidant_count; i++) {
		if (!told_bytes_equal(c->confidants[i].party, c->self))
			continue;
		anybody = true;
		if (told_bytes_equal(c->confidants[i].worker, told_text(a->caller->number)))
			return true;
	}
	return !anybody && told_attention_all(a);
}

static bool add(struct told_attention *a, const struct told_meeting *m, const char *what, uint64_t due_ms,
		const struct told_conference_action *action)
{
	json_t *json = json_pack("{s:s, s:o, s:o, s:I}", "what", what, "conference", told_id_json(m->id), "client",
				 told_client_json(m->client), "due_ms", (json_int_t)due_ms);
	if (json != NULL && action != NULL) {
		json_object_set_new(json, "action", told_id_json(action->message));
		json_object_set_new(json, "owner", told_text_json(action->owner));
	}
	return told_json_add(a->list, json);
}

static enum told_status add_due(struct told_attention *a, const struct told_meeting *m)
{
	const struct told_conference *c = m->state;
	bool added = true;
	for (size_t i = 0; i < c->action_count; i++)
		if (late(c, &c->actions[i], a->now_ms))
			added &= add(a, m, "action", c->actions[i].due_ms, &c->actions[i]);
	if (told_conference_awaits_names(c))
		added &= add(a, m, "conference_names", c->called_ms, NULL);
	if (review_due(c, a->now_ms))
		added &= add(a, m, "conference_review", c->review_ms, NULL);
	return added ? TOLD_OK : TOLD_E_MEMORY;
}

/* Who could name a contact hears that there is none, whether or not any conference waits for one. */
static enum told_status add_missing(struct told_attention *a)
{
	bool missing = false;
	if (!told_may_manage(a->caller->roles))
		return TOLD_OK;
	enum told_status status = told_contact_missing(a->agent, &missing);
	if (status == TOLD_OK && missing && !told_json_add(a->list, json_pack("{s:s}", "what", "no_contact")))
		status = TOLD_E_MEMORY;
	return status;
}

/* Read anew: to whom is named for somebody else in it, it is not there. */
enum told_status told_conference_attention(struct told_attention *a)
{
	bool contact = false;
	enum told_status status = add_missing(a);
	if (status == TOLD_OK)
		status = told_contact_is(a->agent, a->caller->number, &contact);
	for (size_t i = 0; status == TOLD_OK && i < a->agent->watch.meeting_count; i++) {
		struct told_meeting m;
		status = told_meeting_load(a->agent, told_bytes(a->agent->watch.meetings[i], TOLD_ID_BYTES), &m);
		bool sees = status == TOLD_OK && told_may_see(a->agent, a->caller, m.client) == TOLD_OK;
		if (sees && m.state->state != TOLD_CONFERENCE_ENDED && asked(a, m.state))
			status = add_due(a, &m);
		if (sees && status == TOLD_OK && contact && names_due(m.state, a->now_ms) &&
		    !add(a, &m, "names_review", m.state->names_due_ms, NULL))
			status = TOLD_E_MEMORY;
		told_meeting_drop(&m);
		status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	}
	return status;
}

/* ---- the second within a year ---- */

static bool within_a_year(const struct told_conference *before, const struct told_conference *now)
{
	static const struct told_span year = {.count = 12, .unit = TOLD_SPAN_MONTHS};
	return before->kind == TOLD_CONFERENCE_MARAC && before->called_ms < now->called_ms &&
	       (int64_t)now->called_ms < told_span_after((int64_t)before->called_ms, year);
}

enum told_status told_meeting_repeat(struct told_agent *agent, const struct told_meeting *m, json_t **out)
{
	struct told_meeting before;
	uint64_t after = 0, newest_ms = 0;
	enum told_status status = TOLD_OK;
	*out = NULL;
	if (m->state->kind != TOLD_CONFERENCE_MARAC || !told_conference_chaired(m->state))
		return TOLD_OK;
	while (status == TOLD_OK) {
		status = told_meeting_next(agent, m->client, &after, &before);
		if (status == TOLD_OK && within_a_year(before.state, m->state) && before.state->called_ms > newest_ms) {
			newest_ms = before.state->called_ms;
			json_decref(*out);
			*out = json_pack("{s:o, s:I}", "conference", told_id_json(before.id), "called_ms",
					 (json_int_t)newest_ms);
		}
		told_meeting_drop(&before);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
