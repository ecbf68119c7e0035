/* SPDX-License-Identifier: Apache-2.0 */
/* A conference as one worker may see it. What was said is shown to whom accepted the confidentiality statement, until
 * their agency's access ends; who sits there and how it stands, to every worker who may see the person. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/conference.h"
#include "agents/agent/work/may_see.h"

#include "broker/decide/conference.h"

#include <string.h>

static const char statement[] =
	"What is said here is confidential and is used only to keep people safe and to support them. I pass it on only "
	"as the agreement between our organisations allows. I keep notes and minutes as securely as our own records. I "
	"say so now if I know anybody whom this meeting is about other than through my work.";

static const char *event_code(uint32_t event)
{
	return event == 0 ? "" : told_conference_event_code(event);
}

/* ---- who sits there ---- */

static json_t *confidants_of(const struct told_conference *c, struct told_bytes party)
{
	json_t *list = json_array();
	for (size_t i = 0; i < c->confidant_count; i++)
		if (told_bytes_equal(c->confidants[i].party, party))
			told_json_add(list, told_text_json(c->confidants[i].worker));
	return list;
}

static json_t *attendee_json(struct told_agent *agent, const struct told_meeting *m, const struct told_attendee *a,
			     bool open)
{
	json_t *json = json_pack("{s:o, s:s, s:s, s:s, s:o}", "party", told_text_json(a->party), "research",
				 event_code(a->research), "attendance", event_code(a->attendance), "minutes",
				 event_code(a->minutes), "confidants", confidants_of(m->state, a->party));
	if (json == NULL)
		return NULL;
	json_object_set_new(json, "asked", json_boolean(a->asked));
	if (a->until_ms != 0)
		json_object_set_new(json, "until_ms", json_integer((json_int_t)a->until_ms));
	if (a->research == TOLD_CONFERENCE_EVENT_NOT_SHARING)
		json_object_set_new(json, "reason", json_string(told_code(TOLD_LIST_REASON, a->reason)));
	if (open && a->objection.len > 0)
		json_object_set_new(json, "objection", told_meeting_words(agent, m, a->objection));
	return json;
}

static json_t *attendees_json(struct told_agent *agent, const struct told_meeting *m, bool open)
{
	json_t *list = json_array();
	for (size_t i = 0; i < m->state->attendee_count; i++)
		told_json_add(list, attendee_json(agent, m, &m->state->attendees[i], open));
	return list;
}

/* ---- what was said ---- */

/* Parts of it are sealed to our contact's own key: they are opened there, by name, and never shown here. */
static void mark_closed(struct told_agent *agent, struct told_bytes message, json_t *json)
{
	struct told_closed_row row;
	if (json != NULL && told_closed_get(agent->vault, agent->arena, message, &row) == TOLD_OK)
		json_object_set_new(json, "closed", told_id_json(message));
}

static const char *ticket_of(const struct told_meeting *m, struct told_bytes message)
{
	char id[2 * TOLD_ID_BYTES + 1];
	told_hex(message.data, message.len, id);
	return json_string_value(json_object_get(json_object_get(json_object_get(m->book, "said"), id), "ticket"));
}

/* The same words to several: one contribution, to all of them. */
static json_t *same(json_t *list, const char *ticket)
{
	size_t i = 0;
	json_t *one = NULL;
	json_array_foreach(list, i, one)
	{
		const char *is = json_string_value(json_object_get(one, "ticket"));
		if (ticket != NULL && is != NULL && strcmp(is, ticket) == 0)
			return one;
	}
	return NULL;
}

static json_t *contributions_json(struct told_agent *agent, const struct told_meeting *m)
{
	json_t *list = json_array();
	for (size_t i = 0; i < m->state->contribution_count; i++) {
		const struct told_contribution *c = &m->state->contributions[i];
		const char *ticket = ticket_of(m, c->message);
		json_t *one = same(list, ticket);
		if (one == NULL) {
			one = json_pack("{s:o, s:o, s:I, s:o, s:o}", "message", told_id_json(c->message), "from",
					told_text_json(c->from), "at_ms", (json_int_t)c->at_ms, "to", json_array(),
					"sections", told_meeting_words(agent, m, c->message));
			if (ticket != NULL && one != NULL)
				json_object_set_new(one, "ticket", json_string(ticket));
			mark_closed(agent, c->message, one);
			told_json_add(list, one);
		}
		told_json_add(json_object_get(one, "to"), told_text_json(c->to));
	}
	return list;
}

static json_t *actions_json(struct told_agent *agent, const struct told_meeting *m)
{
	json_t *list = json_array();
	uint64_t now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	for (size_t i = 0; i < m->state->action_count; i++) {
		const struct told_conference_action *a = &m->state->actions[i];
		json_t *json = json_pack("{s:o, s:o, s:I, s:s, s:b, s:o}", "action", told_id_json(a->message), "owner",
					 told_text_json(a->owner), "due_ms", (json_int_t)a->due_ms, "state",
					 told_action_states[a->state], "late",
					 a->state == TOLD_ACTION_OPEN && a->due_ms < now_ms, "sections",
					 told_meeting_words(agent, m, a->message));
		if (json != NULL && a->state == TOLD_ACTION_NOT_POSSIBLE)
			json_object_set_new(json, "reason", json_string(told_code(TOLD_LIST_REASON, a->reason)));
		mark_closed(agent, a->message, json);
		if (json != NULL && a->answer.len > 0)
			json_object_set_new(json, "answer", told_meeting_words(agent, m, a->answer));
		told_json_add(list, json);
	}
	return list;
}

static json_t *minutes_json(struct told_agent *agent, const struct told_meeting *m)
{
	const struct told_conference *c = m->state;
	json_t *json = json_pack("{s:I, s:I, s:o}", "at_ms", (json_int_t)c->minutes_ms, "approved_ms",
				 (json_int_t)c->approved_ms, "sections", told_meeting_words(agent, m, c->minutes));
	mark_closed(agent, c->minutes, json);
	return json;
}

static enum told_status add_content(struct told_agent *agent, const struct told_meeting *m, json_t *json)
{
	const struct told_conference *c = m->state;
	json_t *agenda = NULL;
	enum told_status status = told_meeting_agenda(agent, m, &agenda);
	json_object_set_new(json, "grounds", told_meeting_words(agent, m, m->id));
	mark_closed(agent, m->id, json);
	json_object_set_new(json, "contributions", contributions_json(agent, m));
	json_object_set_new(json, "actions", actions_json(agent, m));
	if (c->minutes.len > 0)
		json_object_set_new(json, "minutes", minutes_json(agent, m));
	if (told_conference_chaired(c)) {
		json_object_set(json, "agenda", agenda);
		if (json_object_get(m->book, "outside") != NULL)
			json_object_set(json, "outside", json_object_get(m->book, "outside"));
	}
	json_decref(agenda);
	return status;
}

/* ---- the whole ---- */

static const char *const accesses[] = {"open", "statement", "over", "names"};

static json_t *head_json(const struct told_meeting *m, enum told_conference_access access)
{
	const struct told_conference *c = m->state;
	static const char *const thresholds[] = {"", "score", "judgement", "escalation", "repeat"};
	json_t *json =
		json_pack("{s:o, s:o, s:s, s:s, s:o, s:o, s:I, s:s}", "conference", told_id_json(m->id), "client",
			  told_client_json(m->client), "kind", c->kind == 0 ? "" : told_conference_kinds[c->kind],
			  "state", c->state == 0 ? "not called yet" : told_conference_state_code(c->state), "chair",
			  told_text_json(c->chair), "caller", told_text_json(c->caller), "called_ms",
			  (json_int_t)c->called_ms, "access", accesses[access]);
	if (json == NULL)
		return NULL;
	json_object_set_new(json, "chaired", json_boolean(told_conference_chaired(c)));
	if (c->threshold != TOLD_THRESHOLD_NONE)
		json_object_set_new(json, "threshold", json_string(thresholds[c->threshold]));
	if (c->review_ms != 0)
		json_object_set_new(json, "review_ms", json_integer((json_int_t)c->review_ms));
	if (c->handed_to.len > 0)
		json_object_set_new(json, "handed_to", told_text_json(c->handed_to));
	if (c->declined != 0)
		json_object_set_new(json, "declined", json_string(told_code(TOLD_LIST_REASON, c->declined)));
	if (access != TOLD_CONFERENCE_OVER && told_conference_awaits_names(c))
		json_object_set_new(json, "names_first", json_string(told_meeting_names_first));
	if (access == TOLD_CONFERENCE_STATEMENT)
		json_object_set_new(json, "statement", json_string(statement));
	return json;
}

static enum told_status meeting_json(struct told_agent *agent, const struct told_caller *caller,
				     const struct told_meeting *m, bool whole, json_t **out)
{
	enum told_conference_access access = told_conference_access(m->state, told_text(caller->number),
								    (uint64_t)told_clock_now(&agent->clock).wall_ms);
	bool open = access == TOLD_CONFERENCE_OPEN;
	json_t *repeat = NULL;
	*out = head_json(m, access);
	enum told_status status = *out == NULL ? TOLD_E_MEMORY : told_meeting_repeat(agent, m, &repeat);
	if (status != TOLD_OK)
		return status;
	if (repeat != NULL)
		json_object_set_new(*out, "repeat", repeat);
	json_object_set_new(*out, "attendees", attendees_json(agent, m, whole && open));
	return whole && open ? add_content(agent, m, *out) : TOLD_OK;
}

enum told_status told_agent_conference(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	struct told_meeting m;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "conference", reply);
	enum told_status status = told_meeting_named(&r, caller, &m);
	if (status == TOLD_OK)
		status = meeting_json(agent, caller, &m, true, &reply->json);
	told_agent_head(agent, reply->json);
	told_meeting_drop(&m);
	return status;
}

enum told_status told_agent_conferences(struct told_agent *agent, const struct told_caller *caller,
					const json_t *request, struct told_reply *reply)
{
	struct told_meeting m;
	uint64_t after = 0;
	json_t *list = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status;
	while (status == TOLD_OK) {
		json_t *one = NULL;
		status = told_meeting_next(agent, told_bytes(NULL, 0), &after, &m);
		if (status != TOLD_OK)
			break;
		if (told_may_see(agent, caller, m.client) == TOLD_OK)
			status = meeting_json(agent, caller, &m, false, &one);
		if (one != NULL)
			told_json_add(list, one);
		told_meeting_drop(&m);
	}
	if (status == TOLD_E_NOT_FOUND)
		status = TOLD_OK;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "conferences", list);
	told_agent_head(agent, reply->json);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
