/* SPDX-License-Identifier: Apache-2.0 */
/* Conferences in the vault: the signed headers folded in the order of the log, and beside them what the chair noted for
 * its own agency, at the place where it was noted. */
#include "agents/agent/work/conference.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/sight.h"
#include "agents/agent/work/may_see.h"

#include "broker/decide/codes.h"
#include "broker/decide/conference.h"
#include "told/quiet.h"

#include <string.h>

#define KIND "conference"
enum { GOES_ON = 1, IS_OVER }; /* as it is kept */

/* ---- folding ---- */

static uint32_t purposes_of(const struct told_header *header)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < header->purposes.count; i++)
		bits |= TOLD_BIT32(header->purposes.items[i]);
	return bits;
}

static struct told_conference_said said_of(const struct told_header *header, uint64_t at_ms)
{
	return (struct told_conference_said){
		.event = header->workflow->event,
		.type = header->type,
		.id = header->id,
		.about = header->in_reply_to,
		.from = header->sender,
		.to = header->recipients.count > 0 ? header->recipients.items[0] : told_bytes(NULL, 0),
		.worker = header->author,
		.purposes = purposes_of(header),
		.threshold = header->workflow->threshold_met,
		.reason = header->workflow->reason,
		.due_ms = header->workflow->due_ms,
		.at_ms = at_ms,
	};
}

/* ---- what the chair noted for its own agency ---- */

static struct told_bytes id_at(struct told_agent *agent, const json_t *object, const char *member)
{
	uint8_t *id = told_arena_alloc(agent->arena, TOLD_ID_BYTES);
	const char *hex = json_string_value(json_object_get(object, member));
	bool fine = id != NULL && hex != NULL && told_unhex(told_text(hex), id, TOLD_ID_BYTES) == TOLD_OK;
	return fine ? told_bytes(id, TOLD_ID_BYTES) : told_bytes(NULL, 0);
}

static uint64_t number_at(const json_t *object, const char *member)
{
	return (uint64_t)json_integer_value(json_object_get(object, member));
}

static enum told_status take_own(struct told_agent *agent, struct told_meeting *m, const json_t *own)
{
	const char *worker = json_string_value(json_object_get(own, "worker"));
	uint32_t event = (uint32_t)number_at(own, "event");
	struct told_conference_said said = {
		.event = event,
		.type = event == TOLD_CONFERENCE_EVENT_ACTION ? TOLD_TYPE_CONF_ACTION : TOLD_TYPE_CONF_CONTRIB,
		.id = id_at(agent, own, "id"),
		.about = id_at(agent, own, "about"),
		.from = told_agent_self(agent),
		.to = told_agent_self(agent),
		.worker = told_arena_copy(agent->arena, told_text(worker == NULL ? "" : worker)),
		.reason = (uint32_t)number_at(own, "reason"),
		.due_ms = number_at(own, "due_ms"),
		.at_ms = number_at(own, "at_ms"),
	};
	enum told_status status = told_conference_take(m->state, &said);
	return status == TOLD_E_REFUSED || status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* Those that were noted before this entry was known. */
static enum told_status take_owns(struct told_agent *agent, struct told_meeting *m, uint64_t before, size_t *next)
{
	enum told_status status = TOLD_OK;
	const json_t *list = json_object_get(m->book, "own");
	while (status == TOLD_OK && *next < json_array_size(list) &&
	       number_at(json_array_get(list, *next), "after") < before)
		status = take_own(agent, m, json_array_get(list, (*next)++));
	return status;
}

static enum told_status take_fact(struct told_agent *agent, struct told_meeting *m, const struct told_fact_row *fact)
{
	struct told_opened_envelope opened;
	if (!told_quiet_type(fact->type) || !told_agent_believes(agent, fact->sender))
		return TOLD_OK;
	if (told_envelope_open(agent->arena, fact->envelope, &opened) != TOLD_OK)
		return TOLD_E_CORRUPT;
	if (!told_bytes_equal(told_conference_of(opened.header), m->id))
		return TOLD_OK;
	m->entry = fact->entry;
	struct told_conference_said said = said_of(opened.header, fact->time_ms);
	enum told_status status = told_conference_take(m->state, &said);
	return status == TOLD_E_REFUSED || status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status fold_facts(struct told_agent *agent, struct told_meeting *m)
{
	struct told_fact_row fact;
	uint64_t after = 0;
	size_t own = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_fact_next(agent->vault, agent->arena, m->client, after, &fact);
		if (status == TOLD_OK)
			status = take_owns(agent, m, fact.entry, &own);
		if (status == TOLD_OK)
			status = take_fact(agent, m, &fact);
		after = fact.entry + 1;
	}
	return status == TOLD_E_NOT_FOUND ? take_owns(agent, m, UINT64_MAX, &own) : status;
}

/* Beside what was said: whether our contact has looked who of us works with the other party, and is to look again. */
static enum told_status fold(struct told_agent *agent, struct told_meeting *m)
{
	struct told_sight_book book;
	m->state = told_arena_alloc(agent->arena, sizeof *m->state);
	if (m->state == NULL)
		return TOLD_E_MEMORY;
	memset(m->state, 0, sizeof *m->state);
	m->state->id = m->id;
	m->state->self = told_agent_self(agent);
	enum told_status status = told_sight_open(agent, m->id, m->client, &book);
	m->state->declared = status == TOLD_OK && told_sight_declared(book.book);
	if (status == TOLD_OK)
		status = fold_facts(agent, m);
	if (status == TOLD_OK)
		m->state->names_due_ms =
			told_sight_look_due(book.book, m->state->review_ms, m->state->state != TOLD_CONFERENCE_ENDED);
	json_decref(book.book);
	return status;
}

/* ---- keeping ---- */

static enum told_status read_row(struct told_agent *agent, const struct told_kept_row *row, struct told_meeting *out)
{
	*out = (struct told_meeting){.id = row->id, .client = row->client};
	out->book = told_doc_read(row->doc);
	enum told_status status = out->book == NULL ? TOLD_E_CORRUPT : fold(agent, out);
	if (status != TOLD_OK)
		told_meeting_drop(out);
	return status;
}

enum told_status told_meeting_load(struct told_agent *agent, struct told_bytes id, struct told_meeting *out)
{
	struct told_kept_row row;
	*out = (struct told_meeting){.book = NULL};
	enum told_status status = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_ID, id, 0, 0, &row);
	return status == TOLD_OK ? read_row(agent, &row, out) : status;
}

enum told_status told_meeting_next(struct told_agent *agent, struct told_bytes client, uint64_t *after,
				   struct told_meeting *out)
{
	struct told_kept_row row;
	*out = (struct told_meeting){.book = NULL};
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, KIND, client.len > 0 ? TOLD_KEPT_CLIENT : TOLD_KEPT_ALL,
			       client, 0, *after, &row);
	if (status != TOLD_OK)
		return status;
	*after = row.seq;
	return read_row(agent, &row, out);
}

enum told_status told_meeting_next_open(struct told_agent *agent, uint64_t *after, struct told_meeting *out)
{
	struct told_kept_row row;
	*out = (struct told_meeting){.book = NULL};
	enum told_status status = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_STATE, told_bytes(NULL, 0),
						 GOES_ON, *after, &row);
	if (status != TOLD_OK)
		return status;
	*after = row.seq;
	return read_row(agent, &row, out);
}

void told_meeting_drop(struct told_meeting *meeting)
{
	json_decref(meeting->book);
	meeting->book = NULL;
}

enum told_status told_meeting_save(struct told_agent *agent, const struct told_meeting *m)
{
	bool ended = m->state != NULL && m->state->state == TOLD_CONFERENCE_ENDED;
	struct told_kept_row row = {.kind = KIND, .id = m->id, .client = m->client, .state = ended ? IS_OVER : GOES_ON};
	return told_doc_put(agent, &row, m->book);
}

enum told_status told_meeting_take(struct told_agent *agent, const struct told_carried_message *message)
{
	struct told_kept_row row;
	struct told_meeting m = {.id = told_conference_of(message->header), .client = message->header->client_ref};
	if (m.id.len != TOLD_ID_BYTES || m.client.len != TOLD_ID_BYTES)
		return TOLD_OK;
	enum told_status status = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_ID, m.id, 0, 0, &row);
	if (status != TOLD_E_NOT_FOUND)
		return status;
	m.book = json_object();
	status = m.book == NULL ? TOLD_E_MEMORY : told_meeting_save(agent, &m);
	told_meeting_drop(&m);
	return status;
}

/* ---- finding ---- */

enum told_status told_meeting_named(struct told_request *r, const struct told_caller *caller, struct told_meeting *out)
{
	struct told_bytes id = told_request_id(r, "conference", true);
	*out = (struct told_meeting){.book = NULL};
	enum told_status status = r->status;
	if (status == TOLD_OK)
		status = told_meeting_load(r->agent, id, out);
	if (status == TOLD_OK) {
		status = told_may_see(r->agent, caller, out->client);
		if (status == TOLD_E_NOT_FOUND) /* the rule is for our log, not for them */
			told_log(&r->agent->log, TOLD_LOG_WARNING, "agent.conference_refused",
				 TOLD_LOG_NUMBER("code", TOLD_PTY_07));
	}
	if (status == TOLD_E_NOT_FOUND && r->why->len == 0)
		told_buf_put_text(r->why, "There is no such conference here. told conference ls lists them.");
	if (status != TOLD_OK)
		told_meeting_drop(out);
	return status;
}

/* ---- words ---- */

static enum told_status add_received(struct told_agent *agent, const struct told_meeting *m, struct told_bytes message,
				     json_t *list)
{
	struct told_section_row row;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_section_next_of_client(agent->vault, agent->arena, m->client, after, &row);
		after = row.id;
		if (status == TOLD_OK && !row.hidden && told_bytes_equal(row.message, message))
			told_json_add(list, told_section_json(&row, NULL));
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static const json_t *own_of(const struct told_meeting *m, const char *id)
{
	size_t i = 0;
	json_t *own = NULL;
	json_array_foreach(json_object_get(m->book, "own"), i, own)
	{
		const char *is = json_string_value(json_object_get(own, "id"));
		if (is != NULL && strcmp(is, id) == 0)
			return own;
	}
	return json_object_get(json_object_get(m->book, "said"), id);
}

json_t *told_meeting_words(struct told_agent *agent, const struct told_meeting *m, struct told_bytes message)
{
	char id[2 * TOLD_ID_BYTES + 1];
	json_t *list = json_array();
	if (message.len != TOLD_ID_BYTES || told_conference_awaits_names(m->state))
		return list;
	told_hex(message.data, message.len, id);
	const json_t *ours = json_object_get(own_of(m, id), "sections");
	if (ours != NULL)
		json_array_extend(list, (json_t *)(uintptr_t)ours);
	else if (add_received(agent, m, message, list) != TOLD_OK)
		json_array_clear(list);
	return list;
}

const char *const told_meeting_names_first =
	"PTY-07: nothing of a MARAC opens here before our contact for conferences has said who of our workers works "
	"with the alleged perpetrator or the household. The contact types: told conference name CONFERENCE --alleged "
	"WORKER,... or, where there are none, --none. told contact ls says who the contact is.";

enum told_status told_meeting_named_first(struct told_request *r, const struct told_header *header)
{
	struct told_meeting m;
	if (r->status == TOLD_OK)
		r->status = told_meeting_load(r->agent, told_conference_of(header), &m);
	if (r->status != TOLD_OK)
		return r->status;
	bool awaits = told_conference_awaits_names(m.state);
	told_meeting_drop(&m);
	if (awaits) {
		told_log(&r->agent->log, TOLD_LOG_WARNING, "agent.conference_refused",
			 TOLD_LOG_NUMBER("code", TOLD_PTY_07));
		told_request_refuse(r, TOLD_E_REFUSED, told_meeting_names_first);
	}
	return r->status;
}

enum told_status told_meeting_refuse(struct told_request *r, unsigned code)
{
	const struct told_code_row *row = told_code_row(code);
	if (r->status != TOLD_OK || row == NULL)
		return r->status;
	told_log(&r->agent->log, TOLD_LOG_WARNING, "agent.conference_refused", TOLD_LOG_NUMBER("code", code));
	told_buf_printf(r->why, "%s: %s %s Nothing was changed.", row->name, row->sender, row->fix);
	r->status = TOLD_E_REFUSED;
	return r->status;
}
