/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of an alert of ours: the table says what follows, the document says when, the log has it as codes. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"

#include <string.h>

/* The member that says when it first happened; NULL: that stands in a list of its own. */
static const char *const members[TOLD_ALERT_ACT_COUNT] = {
	[TOLD_ALERT_ACT_ARRIVE] = "arrived_ms",    [TOLD_ALERT_ACT_ANSWER] = "answered_ms",
	[TOLD_ALERT_ACT_TIME_OVER] = "overdue_ms", [TOLD_ALERT_ACT_CLOSE] = "closed_ms",
	[TOLD_ALERT_ACT_RECALL] = "recalled_ms",
};

enum told_status told_alert_happen(struct told_alert *alert, enum told_alert_act act, enum told_alert_actor actor,
				   int64_t at_ms)
{
	enum told_alert_state next;
	enum told_status status = told_alert_step(alert->state, act, actor, &next);
	if (status != TOLD_OK)
		return status;
	alert->state = next;
	if (members[act] != NULL && json_object_get(alert->doc, members[act]) == NULL)
		json_object_set_new(alert->doc, members[act], json_integer(at_ms));
	return TOLD_OK;
}

bool told_alert_lead(const struct told_alert *alert, const struct told_caller *caller)
{
	uint32_t leads = TOLD_BIT32(TOLD_ROLE_SENIOR) | TOLD_BIT32(TOLD_ROLE_DSL);
	return strcmp(told_alert_text(alert, "author"), caller->number) == 0 || (caller->roles & leads) != 0;
}

enum told_review_actor told_alert_reviewer(const struct told_alert *alert, const struct told_caller *caller)
{
	uint32_t roles = TOLD_BIT32(TOLD_ROLE_SENIOR) | TOLD_BIT32(TOLD_ROLE_DSL) | TOLD_BIT32(TOLD_ROLE_DPO);
	static const char *const theirs[] = {"author", "authoriser", "declared_by"};
	for (size_t i = 0; i < sizeof theirs / sizeof theirs[0]; i++)
		if (strcmp(told_alert_text(alert, theirs[i]), caller->number) == 0)
			return TOLD_REVIEW_BY_ITS_OWN;
	return (caller->roles & roles) != 0 ? TOLD_REVIEW_BY_REVIEWER : TOLD_REVIEW_BY_ANOTHER;
}

bool told_alert_reviews(const struct told_alert *alert, const struct told_caller *caller)
{
	return told_alert_reviewer(alert, caller) == TOLD_REVIEW_BY_REVIEWER;
}

/* ---- what we say of it ---- */

/* The message of the log that the record is about: what was told by hand has its own. */
static struct told_bytes logged(struct told_agent *agent, const struct told_alert *alert)
{
	const char *hex = told_alert_text(alert, "logged");
	uint8_t *id = told_arena_alloc(agent->arena, TOLD_ID_BYTES);
	if (id == NULL)
		return told_bytes(NULL, 0);
	if (hex[0] == '\0' || told_unhex(told_text(hex), id, TOLD_ID_BYTES) != TOLD_OK)
		memcpy(id, alert->id, TOLD_ID_BYTES);
	return told_bytes(id, TOLD_ID_BYTES);
}

/* A machine whose clock is ahead dates what it says by the broker's: what it says of was then not later. */
void told_alert_dated(const struct told_draft *draft, struct told_alert_record_part *part)
{
	if (part->at_ms > draft->header.created_ms)
		part->at_ms = draft->header.created_ms;
}

enum told_status told_alert_say(struct told_agent *agent, const struct told_caller *caller,
				const struct told_alert *alert, const struct told_alert_news *news,
				const uint8_t ticket[TOLD_ID_BYTES])
{
	struct told_draft draft;
	struct told_bytes to = told_text(told_alert_text(alert, "to"));
	struct told_alert_record_part part = {
		.event = news->event, .outcome = news->outcome, .at_ms = (uint64_t)news->at_ms};
	enum told_status status = told_draft_begin(agent, TOLD_TYPE_ALERT_RECORD, caller, told_bytes(NULL, 0), &draft);
	if (status != TOLD_OK)
		return status;
	told_alert_dated(&draft, &part);
	if (ticket != NULL)
		memcpy(draft.ticket, ticket, sizeof draft.ticket);
	draft.header.in_reply_to = logged(agent, alert);
	draft.header.alert_record = &part;
	if (news->to_them && !told_alert_by_hand(told_alert_line(agent, to)))
		draft.header.recipients = (struct told_bytes_list){.items = &to, .count = 1};
	return told_draft_queue(agent, &draft, told_bytes(NULL, 0));
}

/* ---- what they say ---- */

/* An alert of ours that went to this party; *alert.doc is NULL where the message is about none. */
static enum told_status find(struct told_agent *agent, struct told_bytes message, struct told_bytes party,
			     struct told_alert *alert)
{
	struct told_bytes id;
	*alert = (struct told_alert){0};
	enum told_status status = message.len == TOLD_ID_BYTES
					  ? told_alert_of_message(agent->vault, agent->arena, message, &id)
					  : TOLD_E_NOT_FOUND;
	if (status == TOLD_OK)
		status = told_alert_load(agent, id, alert);
	if (status == TOLD_OK && !told_bytes_equal(told_text(told_alert_text(alert, "to")), party))
		told_alert_free(alert);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status became(struct told_agent *agent, const struct told_carried_message *message,
			       enum told_alert_act act, enum told_alert_actor actor, int64_t at_ms)
{
	struct told_alert alert;
	enum told_status status = find(agent, message->header->in_reply_to, message->header->sender, &alert);
	if (status == TOLD_OK && alert.doc != NULL) {
		status = told_alert_happen(&alert, act, actor, at_ms);
		status = status == TOLD_OK          ? told_alert_save(agent, &alert)
			 : status == TOLD_E_REFUSED ? TOLD_OK /* of one that was told by hand it says nothing */
						    : status;
	}
	told_alert_free(&alert);
	return status;
}

enum told_status told_alert_heard(struct told_agent *agent, const struct told_carried_message *message)
{
	const struct told_alert_record_part *part = message->header->alert_record;
	if (part == NULL || part->event != TOLD_ALERT_EVENT_ARRIVED)
		return TOLD_OK;
	return became(agent, message, TOLD_ALERT_ACT_ARRIVE, TOLD_ALERT_ACTOR_THEIR_AGENT, (int64_t)part->at_ms);
}

/* Only what a worker of theirs wrote answers it. */
enum told_status told_alert_answered(struct told_agent *agent, const struct told_carried_message *message)
{
	const struct told_header *header = message->header;
	static const uint64_t answers =
		TOLD_BIT64(TOLD_TYPE_STATUS_UPDATE) | TOLD_BIT64(TOLD_TYPE_ALERT) | TOLD_BIT64(TOLD_TYPE_NOTE);
	if ((answers & TOLD_BIT64(header->type)) == 0 || header->author.len == 0)
		return TOLD_OK;
	return became(agent, message, TOLD_ALERT_ACT_ANSWER, TOLD_ALERT_ACTOR_THEIR_WORKER,
		      (int64_t)header->created_ms);
}
