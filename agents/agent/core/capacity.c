/* SPDX-License-Identifier: Apache-2.0 */
/* "Do you have room?", with no person in it: what was set here, the answer that goes by itself, the answers that came.
 */
#include "agents/agent/core/capacity.h"

#include "agents/agent/core/capacity.h"
#include "agents/agent/core/show.h"

#include <stdio.h>
#include <string.h>

const char *const told_rooms[TOLD_ROOM_CLOSED + 1] = {NULL, "has_space", "waiting", "closed"};

/* ---- what was set: "ROOM WEEKS SINCE_MS" under a name ---- */

static void name_of(struct told_bytes team, struct told_bytes need, char out[TOLD_ROOM_NAME_BYTES])
{
	snprintf(out, TOLD_ROOM_NAME_BYTES, "room/%.*s/%.*s", (int)team.len, (const char *)team.data, (int)need.len,
		 (const char *)need.data);
}

enum told_status told_room_set(struct told_agent *agent, struct told_bytes team, struct told_bytes need,
			       const struct told_room_now *room)
{
	char name[TOLD_ROOM_NAME_BYTES], value[64];
	name_of(team, need, name);
	snprintf(value, sizeof value, "%u %u %lld", room->room, room->weeks, (long long)room->since_ms);
	return told_vault_put(agent->vault, name, told_text(value));
}

static enum told_status read_one(struct told_agent *agent, struct told_bytes team, struct told_bytes need,
				 struct told_room_now *out)
{
	char name[TOLD_ROOM_NAME_BYTES];
	struct told_buf text = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	long long since = 0;
	name_of(team, need, name);
	enum told_status status = told_vault_get(agent->vault, name, &text);
	if (status == TOLD_OK && sscanf(told_buf_cstr(&text), "%u %u %lld", &out->room, &out->weeks, &since) != 3)
		status = TOLD_E_CORRUPT;
	out->since_ms = since;
	told_buf_free(&text);
	return status;
}

/* The narrowest that was set: team and need, need, team, all of us. Nothing set: nobody has said. */
enum told_status told_room_now(struct told_agent *agent, struct told_bytes team, struct told_bytes need,
			       struct told_room_now *out)
{
	const struct told_bytes none = told_bytes(NULL, 0);
	const struct told_bytes order[][2] = {{team, need}, {none, need}, {team, none}, {none, none}};
	*out = (struct told_room_now){.room = TOLD_ROOM_NONE};
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		enum told_status status = read_one(agent, order[i][0], order[i][1], out);
		if (status != TOLD_E_NOT_FOUND)
			return status;
	}
	return TOLD_OK;
}

/* ---- answering ---- */

enum told_status told_capacity_take(struct told_agent *agent, const struct told_carried_message *message)
{
	const struct told_header *asked = message->header;
	struct told_caller worker;
	struct told_draft draft;
	struct told_room_now now;
	struct told_bytes to = asked->sender, need = told_bytes(NULL, 0);
	if (asked->in_reply_to.len > 0)
		return TOLD_OK; /* an answer: it is read where it was asked for */
	if (asked->workflow != NULL)
		need = asked->workflow->need;
	enum told_status status = told_agent_any_worker(agent, &worker);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	if (status == TOLD_OK)
		status = told_room_now(agent, asked->team, need, &now);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_CAPACITY, &worker, told_bytes(NULL, 0), &draft);
	if (status != TOLD_OK)
		return status;
	struct told_workflow_part answer = {.room = now.room, .weeks = now.weeks, .need = need};
	draft.header.recipients = (struct told_bytes_list){.items = &to, .count = 1};
	draft.header.in_reply_to = asked->id;
	draft.header.team = asked->team;
	draft.header.workflow = &answer;
	return told_draft_queue(agent, &draft, told_bytes(NULL, 0));
}

/* ---- what came ---- */

static json_t *answer_json(const struct told_inbox_row *row, const struct told_header *header)
{
	const struct told_workflow_part *w = header->workflow;
	uint32_t room = w == NULL ? TOLD_ROOM_NONE : w->room;
	json_t *json = json_pack("{s:o, s:s, s:I}", "from", told_text_json(row->sender), "room",
				 room == TOLD_ROOM_NONE || room > TOLD_ROOM_CLOSED ? "not_said" : told_rooms[room],
				 "at_ms", (json_int_t)row->time_ms);
	if (json != NULL && w != NULL && w->weeks > 0)
		json_object_set_new(json, "weeks", json_integer(w->weeks));
	if (json != NULL && w != NULL && w->need.len > 0)
		json_object_set_new(json, "need", told_text_json(w->need));
	return json;
}

enum told_status told_capacity_received(struct told_agent *agent, struct told_bytes question, json_t *list)
{
	struct told_inbox_row row;
	struct told_opened_envelope opened;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_inbox_next(agent->vault, agent->arena, TOLD_INBOX_OF_REPLY, question, after, &row);
		after = row.seq;
		if (status != TOLD_OK || row.type != TOLD_TYPE_CAPACITY)
			continue;
		if (told_envelope_open(agent->arena, row.envelope, &opened) != TOLD_OK)
			return TOLD_E_CORRUPT;
		if (!told_json_add(list, answer_json(&row, opened.header)))
			return TOLD_E_MEMORY;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
