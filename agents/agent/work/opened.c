/* SPDX-License-Identifier: Apache-2.0 */
/* That a worker opened a parcel: kept once, told to its sender in bulk, and believed of others (protocol section 5).
 * What we sent and nobody opened by its time says so until somebody rings. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"

#include "broker/decide/decide.h"
#include "proto/leaf.h"
#include "proto/types.h"

#include <string.h>

/* ---- ours ---- */

/* What one service says to another about a person is opened; facts between machines are not, and what came as an answer
 * to an ask has no message of one sender. */
static bool counts(const struct told_inbox_row *row)
{
	const struct told_type_rule *rule = told_type_rule(row->type);
	return row->message.len == TOLD_ID_BYTES && row->sender.len > 0 && rule != NULL && rule->ruled &&
	       row->type != TOLD_TYPE_ASK_REPLY && row->type != TOLD_TYPE_RECALL &&
	       row->type != TOLD_TYPE_RECALL_ANSWER;
}

enum told_status told_opened_now(struct told_agent *agent, const struct told_caller *caller,
				 struct told_opened_row opened)
{
	opened.time_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	opened.worker = told_text(caller->number);
	return told_opened_put(agent->vault, &opened);
}

enum told_status told_opened_note(struct told_agent *agent, const struct told_caller *caller,
				  const struct told_inbox_row *row)
{
	const struct told_opened_row opened = {.parcel = row->parcel, .message = row->message, .sender = row->sender};
	if (!counts(row))
		return TOLD_OK;
	enum told_status status = told_alert_seen(agent, row->message);
	return status == TOLD_OK ? told_opened_now(agent, caller, opened) : status;
}

/* What one OPENED says: parcels of one sender. */
struct telling {
	struct told_bytes sender;
	struct told_opened_entry entries[TOLD_ACK_LINES_MAX];
	uint64_t seqs[TOLD_ACK_LINES_MAX];
	size_t count;
};

static enum told_status collect(struct told_agent *agent, struct telling *t)
{
	struct told_opened_row row;
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK && t->count < TOLD_ACK_LINES_MAX; after = row.seq) {
		status = told_opened_untold(agent->vault, agent->arena, after, &row);
		if (status != TOLD_OK)
			break;
		if (t->count == 0)
			t->sender = row.sender;
		if (!told_bytes_equal(t->sender, row.sender))
			continue;
		t->seqs[t->count] = row.seq;
		t->entries[t->count++] = (struct told_opened_entry){
			.parcel = row.parcel, .message = row.message, .worker = row.worker, .time_ms = row.time_ms};
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status tell(struct told_agent *agent, struct telling *t)
{
	struct told_draft draft;
	struct told_lines_part lines;
	struct told_bytes body;
	enum told_status status = told_opened_make(agent->arena, t->entries, t->count, &lines, &body);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_OPENED, NULL, told_bytes(NULL, 0), &draft);
	if (status != TOLD_OK)
		return status;
	draft.header.lines = &lines;
	draft.header.recipients = (struct told_bytes_list){.items = &t->sender, .count = 1};
	status = told_draft_queue(agent, &draft, body);
	for (size_t i = 0; status == TOLD_OK && i < t->count; i++)
		status = told_opened_told(agent->vault, t->seqs[i]);
	return status;
}

enum told_status told_opened_tell(struct told_agent *agent)
{
	if (told_clock_now(&agent->clock).boot_ms < agent->ack_boot_ms)
		return TOLD_OK;
	told_arena_reset(agent->arena);
	struct telling *t = told_arena_alloc(agent->arena, sizeof *t);
	enum told_status status = t == NULL ? TOLD_E_MEMORY : collect(agent, t);
	return status == TOLD_OK && t->count > 0 ? tell(agent, t) : status;
}

/* ---- of what we sent ---- */

static enum told_status opened_one(struct told_agent *agent, struct told_bytes by, const struct told_opened_line *line)
{
	struct told_bytes id;
	struct told_alert alert = {0};
	enum told_status status = told_alert_of_message(agent->vault, agent->arena, line->message, &id);
	if (status == TOLD_OK)
		status = told_alert_load(agent, id, &alert);
	bool theirs = status == TOLD_OK && told_bytes_equal(told_text(told_alert_text(&alert, "to")), by);
	if (theirs && json_object_get(alert.doc, "opened") == NULL) {
		json_object_set_new(alert.doc, "opened",
				    json_pack("{s:o, s:o, s:I}", "party", told_text_json(by), "worker",
					      told_text_json(line->worker), "time_ms", (json_int_t)line->time_ms));
		status = told_alert_happen(&alert, TOLD_ALERT_ACT_OPEN, TOLD_ALERT_ACTOR_THEIR_WORKER,
					   (int64_t)line->time_ms);
		if (status == TOLD_OK)
			status = told_alert_save(agent, &alert);
	}
	told_alert_free(&alert);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_opened_take(struct told_agent *agent, const struct told_carried_message *message)
{
	const struct told_bytes_list *lines = &message->body->lines;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < lines->count; i++) {
		struct told_opened_line *line = NULL;
		status = told_opened_line_decode(lines->items[i], agent->arena, &line);
		if (told_status_class(status) == TOLD_CLASS_PEER)
			return TOLD_OK;
		if (status == TOLD_OK)
			status = told_opened_there_put(agent->vault, line->message, message->header->sender,
						       line->worker, line->time_ms);
		if (status == TOLD_OK)
			status = opened_one(agent, message->header->sender, line);
	}
	return status;
}

/* ---- watching ---- */

static uint64_t call_due(const struct told_leaf_ruling *ruling)
{
	for (size_t i = 0; i < ruling->recipients.count; i++) {
		const struct told_leaf_obligation_list *list = &ruling->recipients.items[i].obligations;
		for (size_t j = 0; j < list->count; j++)
			if (list->items[j].kind == TOLD_OBLIGATION_CALL_IF_UNOPENED)
				return list->items[j].due_ms;
	}
	return 0;
}

/* What carries risk to self is watched like an alert, though nobody raised one. */
static enum told_status watch_new(struct told_agent *agent, const struct told_outbox_row *row,
				  const struct told_header *header, uint64_t due_ms)
{
	const struct told_party *line = told_alert_line(agent, header->recipients.items[0]);
	struct told_bytes telephone = told_alert_number(line);
	struct told_alert alert = {.state = TOLD_ALERT_SENT};
	if (row->client.len != TOLD_ID_BYTES)
		return TOLD_OK;
	memcpy(alert.id, row->id.data, TOLD_ID_BYTES);
	memcpy(alert.client, row->client.data, TOLD_ID_BYTES);
	alert.doc = json_pack("{s:o, s:s, s:s, s:o, s:I, s:o, s:I}", "to", told_text_json(header->recipients.items[0]),
			      "type", told_code(TOLD_LIST_TYPE, row->type), "kind", "", "author",
			      told_text_json(row->author), "raised_ms", (json_int_t)row->queued_ms, "telephone",
			      told_text_json(telephone), "call_ms", (json_int_t)due_ms);
	enum told_status status = alert.doc == NULL ? TOLD_E_MEMORY : told_alert_save(agent, &alert);
	told_alert_look_soon(agent);
	if (status == TOLD_OK)
		status = told_alert_message(agent->vault, row->id, row->id);
	told_alert_free(&alert);
	return status;
}

enum told_status told_alert_watch(struct told_agent *agent, const struct told_outbox_row *row)
{
	struct told_leaf_ruling *ruling = NULL;
	struct told_header *header = NULL;
	struct told_bytes alert;
	if (row->ruling.len == 0 || told_leaf_ruling_decode(row->ruling, agent->arena, &ruling) != TOLD_OK)
		return TOLD_OK;
	uint64_t due_ms = call_due(ruling);
	if (due_ms == 0 || told_alert_of_message(agent->vault, agent->arena, row->id, &alert) == TOLD_OK)
		return TOLD_OK;
	enum told_status status = told_header_decode(row->header, agent->arena, &header);
	if (status != TOLD_OK || header->recipients.count == 0)
		return status;
	return watch_new(agent, row, header, due_ms);
}
