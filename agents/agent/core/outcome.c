/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of every call: a transaction around it, a ticket for what the broker has yet to say, and how it stands. */
#include "agents/agent/core/capacity.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"

#include <string.h>

void told_reply_free(struct told_reply *reply)
{
	json_decref(reply->json);
	told_buf_free(&reply->why);
	*reply = TOLD_REPLY;
}

enum told_status told_call_begin(struct told_agent *agent)
{
	told_arena_reset(agent->arena);
	return told_vault_begin(agent->vault);
}

enum told_status told_call_end(struct told_agent *agent, enum told_status status, struct told_reply *reply)
{
	if (status == TOLD_OK && reply->json == NULL)
		status = TOLD_E_MEMORY;
	if (status == TOLD_OK)
		status = told_agent_commit(agent);
	else
		told_vault_rollback(agent->vault);
	if (status == TOLD_OK)
		return TOLD_OK;
	if (reply->why.len == 0)
		told_buf_printf(&reply->why, "It did not work: %s.", told_status_text(status));
	json_decref(reply->json);
	reply->json = NULL;
	reply->waits = false;
	return status;
}

/* ---- tickets ---- */

enum told_status told_agent_wait_for(struct told_agent *agent, const uint8_t ticket[TOLD_ID_BYTES], json_t *base,
				     struct told_reply *reply)
{
	struct told_ticket *slot = &agent->tickets[agent->next_ticket++ % TOLD_AGENT_TICKETS_MAX];
	bool final = false;
	if (base == NULL)
		return TOLD_E_MEMORY;
	json_decref(slot->base);
	memcpy(slot->id, ticket, sizeof slot->id);
	slot->base = base;
	memcpy(reply->ticket, ticket, sizeof reply->ticket);
	reply->waits = true;
	return told_agent_outcome(agent, ticket, reply, &final);
}

static json_t *base_of(struct told_agent *agent, const uint8_t ticket[TOLD_ID_BYTES])
{
	for (size_t i = 0; i < TOLD_AGENT_TICKETS_MAX; i++)
		if (agent->tickets[i].base != NULL && memcmp(agent->tickets[i].id, ticket, TOLD_ID_BYTES) == 0)
			return json_copy(agent->tickets[i].base);
	return json_object();
}

/* What an ask has brought so far. */
static enum told_status add_received(struct told_agent *agent, struct told_bytes ask, json_t *list)
{
	struct told_inbox_row parcel;
	struct told_section_row section;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_inbox_next(agent->vault, agent->arena, TOLD_INBOX_OF_REPLY, ask, after, &parcel);
		uint64_t at = 0;
		enum told_status more = status;
		while (more == TOLD_OK) {
			more = told_section_next_of_inbox(agent->vault, agent->arena, parcel.seq, at, &section);
			at = section.id;
			if (more == TOLD_OK && !section.hidden)
				told_json_add(list, told_section_json(&section, NULL));
		}
		if (status == TOLD_OK && more != TOLD_E_NOT_FOUND)
			status = more;
		after = parcel.seq;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

struct standing {
	json_t *messages, *received;
	size_t count, waiting, asks;
};

static enum told_status stand(struct told_agent *agent, struct told_bytes ticket, struct standing *s)
{
	struct told_outbox_row row;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_outbox_next(agent->vault, agent->arena, TOLD_OUTBOX_OF_TICKET, ticket, after, &row);
		if (status != TOLD_OK)
			break;
		after = row.seq;
		s->count++;
		s->waiting += row.state == TOLD_OUTBOX_WAITING;
		told_json_add(s->messages, told_message_json(agent, &row));
		if (row.type == TOLD_TYPE_ASK) {
			s->asks++;
			status = add_received(agent, row.id, s->received);
		}
		if (row.type == TOLD_TYPE_CAPACITY) {
			s->asks++;
			status = told_capacity_received(agent, row.id, s->received);
		}
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_outcome(struct told_agent *agent, const uint8_t ticket[TOLD_ID_BYTES],
				    struct told_reply *reply, bool *final)
{
	struct standing s = {.messages = json_array(), .received = json_array()};
	enum told_status status = stand(agent, told_bytes(ticket, TOLD_ID_BYTES), &s);
	if (status == TOLD_OK && s.count == 0)
		status = TOLD_E_NOT_FOUND;
	json_t *json = status == TOLD_OK ? base_of(agent, ticket) : NULL;
	if (json != NULL) {
		json_object_set(json, "messages", s.messages);
		if (s.asks > 0)
			json_object_set(json, "received", s.received);
		json_decref(reply->json);
		reply->json = json;
	} else if (status == TOLD_OK) {
		status = TOLD_E_MEMORY;
	}
	*final = s.waiting == 0 && (s.asks == 0 || json_array_size(s.received) > 0);
	json_decref(s.messages);
	json_decref(s.received);
	return status;
}
