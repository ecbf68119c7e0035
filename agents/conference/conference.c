/* SPDX-License-Identifier: Apache-2.0 */
/* Folding a conference: the broker's table says whether it may be said and where it leads; a row for each event says
 * what it leaves here. */
#include "agents/conference/conference.h"

#include "broker/agree/agreement.h"
#include "broker/decide/conference.h"

#include <string.h>

const char *const told_conference_kinds[] = {NULL, "mdt", "marac", NULL};
const char *const told_action_states[] = {"open", "done", "not-possible", "not-done"};

#define EVENT(name) TOLD_CONFERENCE_EVENT_##name

/* ---- who sits there ---- */

static struct told_attendee *find(struct told_conference *c, struct told_bytes party)
{
	for (size_t i = 0; i < c->attendee_count; i++)
		if (told_bytes_equal(c->attendees[i].party, party))
			return &c->attendees[i];
	return NULL;
}

const struct told_attendee *told_conference_attendee(const struct told_conference *c, struct told_bytes party)
{
	return find((struct told_conference *)(uintptr_t)c, party);
}

static struct told_attendee *seat(struct told_conference *c, struct told_bytes party)
{
	struct told_attendee *attendee = find(c, party);
	if (attendee != NULL || c->attendee_count == TOLD_CONFERENCE_ATTENDEES_MAX || party.len == 0)
		return attendee;
	attendee = &c->attendees[c->attendee_count++];
	*attendee = (struct told_attendee){.party = party};
	return attendee;
}

static struct told_conference_action *action(struct told_conference *c, struct told_bytes message)
{
	for (size_t i = 0; i < c->action_count; i++)
		if (told_bytes_equal(c->actions[i].message, message))
			return &c->actions[i];
	return NULL;
}

const struct told_conference_action *told_conference_action(const struct told_conference *c, struct told_bytes message)
{
	return action((struct told_conference *)(uintptr_t)c, message);
}

/* ---- what each event leaves ---- */

typedef enum told_status leaves(struct told_conference *c, const struct told_conference_said *s);

/* A MARAC is chaired by whom it is asked of; whoever calls another meeting chairs it. */
static enum told_status call(struct told_conference *c, const struct told_conference_said *s)
{
	bool marac = (s->purposes & TOLD_BIT32(TOLD_PURPOSE_MARAC)) != 0;
	c->id = s->id;
	c->kind = marac ? TOLD_CONFERENCE_MARAC : TOLD_CONFERENCE_MDT;
	c->caller = s->from;
	c->chair = marac ? s->to : s->from;
	c->threshold = s->threshold;
	c->called_ms = s->at_ms;
	return seat(c, s->from) != NULL && seat(c, s->to) != NULL ? TOLD_OK : TOLD_E_LIMIT;
}

/* Who did not hear the call learns from the invitation that there is one, and who chairs it. */
static enum told_status invite(struct told_conference *c, const struct told_conference_said *s)
{
	struct told_attendee *attendee = seat(c, s->to);
	if (attendee == NULL || seat(c, s->from) == NULL)
		return TOLD_E_LIMIT;
	attendee->until_ms = s->due_ms;
	return TOLD_OK;
}

static enum told_status nothing(struct told_conference *c, const struct told_conference_said *s)
{
	(void)c;
	(void)s;
	return TOLD_OK;
}

static enum told_status decline(struct told_conference *c, const struct told_conference_said *s)
{
	c->declined = s->reason;
	c->ended_ms = s->at_ms;
	return TOLD_OK;
}

static enum told_status ask_research(struct told_conference *c, const struct told_conference_said *s)
{
	struct told_attendee *attendee = seat(c, s->to);
	if (attendee == NULL)
		return TOLD_E_LIMIT;
	attendee->asked = true;
	return TOLD_OK;
}

static enum told_status research(struct told_conference *c, const struct told_conference_said *s)
{
	struct told_attendee *attendee = seat(c, s->from);
	if (attendee == NULL)
		return TOLD_E_LIMIT;
	attendee->research = s->event;
	attendee->reason = s->reason;
	return TOLD_OK;
}

static enum told_status attend(struct told_conference *c, const struct told_conference_said *s)
{
	struct told_attendee *attendee = seat(c, s->from);
	if (attendee == NULL)
		return TOLD_E_LIMIT;
	attendee->attendance = s->event;
	return TOLD_OK;
}

/* Each worker accepts for themselves; again changes nothing. */
static enum told_status promise(struct told_conference *c, const struct told_conference_said *s)
{
	for (size_t i = 0; i < c->confidant_count; i++)
		if (told_bytes_equal(c->confidants[i].party, s->from) &&
		    told_bytes_equal(c->confidants[i].worker, s->worker))
			return TOLD_OK;
	if (c->confidant_count == TOLD_CONFERENCE_PROMISES_MAX)
		return TOLD_E_LIMIT;
	c->confidants[c->confidant_count++] = (struct told_confidant){s->from, s->worker, s->at_ms};
	return TOLD_OK;
}

static enum told_status contribute(struct told_conference *c, const struct told_conference_said *s)
{
	if (c->contribution_count == TOLD_CONFERENCE_CONTRIBUTIONS_MAX)
		return TOLD_E_LIMIT;
	c->contributions[c->contribution_count++] = (struct told_contribution){s->id, s->from, s->to, s->at_ms};
	return TOLD_OK;
}

static enum told_status start(struct told_conference *c, const struct told_conference_said *s)
{
	if (c->started_ms == 0 || c->state == TOLD_CONFERENCE_LISTED)
		c->started_ms = s->at_ms;
	return TOLD_OK;
}

static enum told_status decide(struct told_conference *c, const struct told_conference_said *s)
{
	if (c->action_count == TOLD_CONFERENCE_ACTIONS_MAX)
		return TOLD_E_LIMIT;
	c->actions[c->action_count++] = (struct told_conference_action){
		.message = s->id, .owner = s->to, .due_ms = s->due_ms, .at_ms = s->at_ms};
	return TOLD_OK;
}

/* How it went is said by who owns it; an action that is over may be said anew, for somebody may have been wrong. */
static enum told_status went(struct told_conference *c, const struct told_conference_said *s)
{
	static const uint8_t states[] = {[EVENT(ACTION_DONE)] = TOLD_ACTION_DONE,
					 [EVENT(ACTION_NOT_POSSIBLE)] = TOLD_ACTION_NOT_POSSIBLE,
					 [EVENT(ACTION_NOT_DONE)] = TOLD_ACTION_NOT_DONE};
	struct told_conference_action *a = action(c, s->about);
	if (a == NULL)
		return TOLD_E_NOT_FOUND;
	if (!told_bytes_equal(a->owner, s->from))
		return TOLD_E_REFUSED;
	a->state = states[s->event];
	a->reason = s->reason;
	a->answer = s->id;
	a->answered_ms = s->at_ms;
	return TOLD_OK;
}

/* A new draft is to be acknowledged anew. */
static enum told_status draft(struct told_conference *c, const struct told_conference_said *s)
{
	c->minutes = s->id;
	c->minutes_ms = s->at_ms;
	return TOLD_OK;
}

static enum told_status approve(struct told_conference *c, const struct told_conference_said *s)
{
	if (c->state != TOLD_CONFERENCE_APPROVED)
		c->approved_ms = s->at_ms;
	return TOLD_OK;
}

/* The last word of an agency counts; an objection stands beside the minutes. */
static enum told_status judge(struct told_conference *c, const struct told_conference_said *s)
{
	if (told_conference_no_minutes(c))
		return TOLD_E_REFUSED;
	struct told_attendee *attendee = seat(c, s->from);
	if (attendee == NULL)
		return TOLD_E_LIMIT;
	attendee->minutes = s->event;
	if (s->event == EVENT(OBJECT))
		attendee->objection = s->id;
	return TOLD_OK;
}

static enum told_status review(struct told_conference *c, const struct told_conference_said *s)
{
	c->review_ms = s->due_ms;
	return TOLD_OK;
}

static enum told_status transfer(struct told_conference *c, const struct told_conference_said *s)
{
	c->handed_to = s->to;
	c->ended_ms = s->at_ms;
	return TOLD_OK;
}

static enum told_status end(struct told_conference *c, const struct told_conference_said *s)
{
	if (c->ended_ms == 0)
		c->ended_ms = s->at_ms;
	return TOLD_OK;
}

static leaves *const left_by[] = {
	[EVENT(CALL)] = call,
	[EVENT(LIST)] = nothing,
	[EVENT(DECLINE)] = decline,
	[EVENT(INVITE)] = invite,
	[EVENT(RESEARCH)] = ask_research,
	[EVENT(KNOWN)] = research,
	[EVENT(NOT_KNOWN)] = research,
	[EVENT(NOT_SHARING)] = research,
	[EVENT(IN_CONFIDENCE)] = promise,
	[EVENT(ATTENDS)] = attend,
	[EVENT(APOLOGY_SENT)] = attend,
	[EVENT(APOLOGY)] = attend,
	[EVENT(CONTRIBUTION)] = contribute,
	[EVENT(START)] = start,
	[EVENT(ACTION)] = decide,
	[EVENT(ACTION_DONE)] = went,
	[EVENT(ACTION_NOT_POSSIBLE)] = went,
	[EVENT(ACTION_NOT_DONE)] = went,
	[EVENT(MINUTES)] = draft,
	[EVENT(APPROVE)] = approve,
	[EVENT(ACKNOWLEDGE)] = judge,
	[EVENT(OBJECT)] = judge,
	[EVENT(REVIEW)] = review,
	[EVENT(TRANSFER)] = transfer,
	[EVENT(END)] = end,
	[EVENT(CALL_AGAIN)] = nothing,
	[EVENT(CONTRIBUTION_AGAIN)] = nothing,
	[EVENT(MINUTES_AGAIN)] = nothing,
};

/* ---- taking ---- */

/* A chair notes for its own agency what has no message: there is nobody to send it to. */
static bool noted_for_itself(const struct told_conference *c, const struct told_conference_said *s)
{
	return told_conference_chaired(c) && told_bytes_equal(s->from, c->self) && told_bytes_equal(s->to, c->self) &&
	       (s->event == EVENT(IN_CONFIDENCE) || s->event == EVENT(ACTION_DONE) ||
		s->event == EVENT(ACTION_NOT_POSSIBLE) || s->event == EVENT(ACTION_NOT_DONE));
}

/* Of a meeting that we do not chair we saw the messages to us and from us: what else was said, the broker knew. */
static const struct told_conference_move *move_of(const struct told_conference *c, const struct told_conference_said *s)
{
	enum told_seat by = c->state == TOLD_CONFERENCE_NONE               ? TOLD_SEAT_NONE
			    : told_bytes_equal(s->from, c->chair)          ? TOLD_SEAT_CHAIR
			    : told_conference_attendee(c, s->from) != NULL ? TOLD_SEAT_MEMBER
									   : TOLD_SEAT_NONE;
	bool chaired = told_conference_chaired(c);
	if (noted_for_itself(c, s))
		return told_conference_may(s->event, s->type, TOLD_SEAT_MEMBER, c->state);
	if (!chaired && c->state != TOLD_CONFERENCE_NONE && by == TOLD_SEAT_NONE)
		by = TOLD_SEAT_MEMBER; /* we do not see who else was invited */
	const struct told_conference_move *move = told_conference_may(s->event, s->type, by, c->state);
	return move == NULL && !chaired && by != TOLD_SEAT_NONE ? told_conference_said(s->event, s->type, by) : move;
}

/* Who did not hear the call hears of it by an invitation, or when another area hands it over. */
static bool first_heard(const struct told_conference *c, const struct told_conference_said *s)
{
	bool invited = s->event == EVENT(INVITE) && s->type == TOLD_TYPE_CONF_INVITE;
	bool handed = s->event == EVENT(TRANSFER) && s->type == TOLD_TYPE_CONF_LIST && told_bytes_equal(s->to, c->self);
	return c->state == TOLD_CONFERENCE_NONE && (invited || handed);
}

enum told_status told_conference_take(struct told_conference *c, const struct told_conference_said *s)
{
	if (first_heard(c, s)) {
		c->chair = s->from;
		c->kind = s->purposes & TOLD_BIT32(TOLD_PURPOSE_MARAC) ? TOLD_CONFERENCE_MARAC : TOLD_CONFERENCE_MDT;
		c->state = TOLD_CONFERENCE_LISTED;
	}
	const struct told_conference_move *move = move_of(c, s);
	if (move == NULL || s->event >= sizeof left_by / sizeof left_by[0] || left_by[s->event] == NULL)
		return TOLD_E_REFUSED;
	enum told_status status = left_by[s->event](c, s);
	if (status == TOLD_OK && move->to != TOLD_CONFERENCE_NONE)
		c->state = move->to;
	return status;
}

enum told_conference_access told_conference_access(const struct told_conference *c, struct told_bytes worker,
						   uint64_t now_ms)
{
	const struct told_attendee *us = told_conference_attendee(c, c->self);
	bool past = us != NULL && us->until_ms != 0 && us->until_ms <= now_ms;
	if (!told_conference_chaired(c) && (past || c->state == TOLD_CONFERENCE_ENDED))
		return TOLD_CONFERENCE_OVER;
	for (size_t i = 0; i < c->confidant_count; i++)
		if (told_bytes_equal(c->confidants[i].party, c->self) &&
		    told_bytes_equal(c->confidants[i].worker, worker))
			return told_conference_awaits_names(c) ? TOLD_CONFERENCE_NAMES : TOLD_CONFERENCE_OPEN;
	return TOLD_CONFERENCE_STATEMENT;
}
