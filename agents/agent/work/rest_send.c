/* SPDX-License-Identifier: Apache-2.0 */
/* Sending the rest of a message: once we have heard ourselves what the log had ruled by, and our own ruling lets it go
 * too. It names the message that it is the rest of; what a message moved, its rest does not move again. */
#include "agents/agent/work/content.h"
#include "agents/agent/work/rest.h"
#include "broker/decide/conference.h"

#include <string.h>

/* As what the rest of a message goes. Conferences and what ends something are said once: their rest is for a person. */
static const struct {
	uint32_t type, as;
} kinds[] = {
	{TOLD_TYPE_REFERRAL, TOLD_TYPE_STATUS_UPDATE},
	{TOLD_TYPE_STATUS_UPDATE, TOLD_TYPE_STATUS_UPDATE},
	{TOLD_TYPE_REFERRAL_ANSWER, TOLD_TYPE_STATUS_UPDATE},
	{TOLD_TYPE_NOTE, TOLD_TYPE_NOTE},
};

struct rest_sending {
	struct told_agent *agent;
	struct told_header *first; /* of the message that it is the rest of */
	enum told_rest_state state;
	uint32_t type;
	struct told_workflow_part workflow;
	struct told_draft draft;
	struct told_rest rests[TOLD_SECTIONS_MAX];
	struct told_to_send sections[TOLD_SECTIONS_MAX];
	size_t count;
};

static uint32_t kind_of(uint32_t type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].type == type)
			return kinds[i].as;
	return 0;
}

static enum told_status gather(struct rest_sending *s, struct told_bytes client, struct told_bytes message)
{
	struct told_rest rest = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && s->count < TOLD_SECTIONS_MAX) {
		status = told_rest_next(s->agent, client, rest.seq, &rest);
		if (status == TOLD_OK && rest.state == s->state && told_bytes_equal(rest.message, message))
			s->rests[s->count++] = rest;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static void lay(struct rest_sending *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->sections[i] = (struct told_to_send){.header = *s->rests[i].header, .content = s->rests[i].content};
}

/* Its words once more, in the same conference. Who said it may have left us since: then somebody who is here says it.
 */
static enum told_status say_again(struct rest_sending *s)
{
	const struct told_header *first = s->first;
	struct told_agent *agent = s->agent;
	struct told_when now = told_agent_now(agent);
	struct told_caller other;
	struct told_header *h = &s->draft.header;
	const struct told_worker *author = told_directory_worker(agent->directory, agent->self, first->author, now);
	bool opens = told_conference_opens(first->type, first->workflow->event);
	s->workflow = *first->workflow;
	s->workflow.event = told_rest_event(first->type);
	s->workflow.referral = opens ? first->id : first->workflow->referral;
	if (first->workflow->event == s->workflow.event) /* again once more: of the same message */
		h->in_reply_to = first->in_reply_to;
	if (author != NULL && told_worker_live(author, now.utc_ms))
		return TOLD_OK;
	enum told_status status = told_agent_any_worker(agent, &other);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_E_REFUSED : status;
	h->author = told_arena_copy(agent->arena, told_text(other.number));
	return TOLD_OK;
}

/* By the worker whose message it was, and in the same referral. */
static enum told_status begin(struct rest_sending *s)
{
	const struct told_header *first = s->first;
	enum told_status status = told_draft_begin(s->agent, s->type, NULL, first->client_ref, &s->draft);
	struct told_header *h = &s->draft.header;
	h->author = first->author;
	h->role = first->role;
	h->team = first->team;
	h->in_reply_to = first->id;
	s->workflow.referral = first->type == TOLD_TYPE_REFERRAL ? first->id
			       : first->workflow != NULL         ? first->workflow->referral
								 : told_bytes(NULL, 0);
	if (status == TOLD_OK && s->state == TOLD_REST_CONTACT)
		status = say_again(s);
	if (s->workflow.referral.len > 0)
		h->workflow = &s->workflow;
	return status;
}

static enum told_status send(struct rest_sending *s, bool dry, json_t **preview)
{
	struct told_buf why = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	lay(s);
	enum told_status status =
		told_send_content(s->agent, &s->draft, s->first->recipients.items[0], s->first->purposes.items[0],
				  s->sections, s->count, dry, preview, &why);
	told_buf_free(&why);
	return status;
}

/* Those of the sections that our own ruling lets go now. */
static void keep_released(struct rest_sending *s, const json_t *preview)
{
	bool goes[TOLD_SECTIONS_MAX] = {false};
	size_t i, kept = 0;
	const json_t *one;
	json_array_foreach(json_object_get(preview, "sections"), i, one)
	{
		json_int_t at = json_integer_value(json_object_get(one, "number")) - 1;
		if (at >= 0 && at < (json_int_t)s->count)
			goes[at] = strcmp(json_string_value(json_object_get(one, "effect")), "release") == 0;
	}
	const char *effect = json_string_value(json_object_get(preview, "effect"));
	bool any = strcmp(effect, "release") == 0 || strcmp(effect, "partial") == 0;
	for (i = 0; i < s->count; i++)
		if (any && goes[i])
			s->rests[kept++] = s->rests[i];
	s->count = kept;
}

static enum told_status drop_all(struct rest_sending *s)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < s->count; i++)
		status = told_rest_drop(s->agent, &s->rests[i]);
	return status;
}

/* What may not go yet is looked at again when something more is known of the person. */
static enum told_status try_now(struct rest_sending *s)
{
	json_t *preview = NULL;
	enum told_status status = begin(s);
	if (status == TOLD_OK)
		status = send(s, true, &preview);
	if (status == TOLD_OK)
		keep_released(s, preview);
	json_decref(preview);
	preview = NULL;
	if (status == TOLD_E_REFUSED || (status == TOLD_OK && s->count == 0))
		return told_draft_drop(s->agent, &s->draft);
	if (status == TOLD_OK)
		status = send(s, false, &preview);
	json_decref(preview);
	if (status == TOLD_OK)
		told_log(&s->agent->log, TOLD_LOG_INFO, "agent.rest_sent", TOLD_LOG_NUMBER("sections", s->count));
	return status == TOLD_OK ? drop_all(s) : status;
}

/* What is owed goes until the message's own time is over. */
static enum told_status send_owed(struct rest_sending *s)
{
	if (s->first->expires_ms <= (uint64_t)told_agent_now(s->agent).utc_ms)
		return drop_all(s);
	s->type = kind_of(s->first->type);
	bool can = s->type != 0 && told_can_seal_to(s->agent, s->first->recipients.items[0]);
	return can ? try_now(s) : TOLD_OK;
}

/* What is for a contact goes for as long as the conference goes on. */
static enum told_status send_to_contact(struct rest_sending *s)
{
	bool goes = false, over = false;
	s->type = s->first->type;
	enum told_status status = told_rest_to_contact(s->agent, s->first, s->rests[0].keys, &goes, &over);
	if (status != TOLD_OK || over || told_rest_event(s->type) == TOLD_CONFERENCE_EVENT_NONE)
		return status == TOLD_OK ? drop_all(s) : status;
	return goes ? try_now(s) : TOLD_OK;
}

static enum told_status send_rest_of(struct told_agent *agent, const struct told_rest *of)
{
	struct told_outbox_row row;
	struct rest_sending *s = told_arena_alloc(agent->arena, sizeof *s);
	enum told_status status =
		s == NULL ? TOLD_E_MEMORY : told_outbox_get(agent->vault, agent->arena, of->message, &row);
	if (s == NULL)
		return status;
	*s = (struct rest_sending){.agent = agent, .state = of->state};
	if (status == TOLD_OK && of->state == TOLD_REST_CONTACT && row.state != TOLD_OUTBOX_ACCEPTED)
		return TOLD_OK;
	if (status == TOLD_OK)
		status = gather(s, of->client, of->message);
	if (status == TOLD_OK && told_header_decode(row.header, agent->arena, &s->first) != TOLD_OK)
		status = TOLD_E_CORRUPT;
	if (status != TOLD_OK || s->count == 0)
		return status;
	return s->state == TOLD_REST_OWED ? send_owed(s) : send_to_contact(s);
}

enum told_status told_rest_send(struct told_agent *agent, struct told_bytes client)
{
	uint8_t last[TOLD_ID_BYTES] = {0};
	struct told_rest rest = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_rest_next(agent, client, rest.seq, &rest);
		if (status != TOLD_OK || rest.state == TOLD_REST_UNSURE ||
		    memcmp(last, rest.message.data, sizeof last) == 0)
			continue;
		memcpy(last, rest.message.data, sizeof last);
		status = send_rest_of(agent, &rest);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
