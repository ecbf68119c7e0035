/* SPDX-License-Identifier: Apache-2.0 */
/* What came for our conference contact alone: listed without its words, opened by that worker with their passphrase.
 * Opening is recorded like any other and its sender hears of it; nothing of what is opened stays in the vault. */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/ring.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/conference.h"
#include "agents/agent/work/contact.h"

#include <string.h>

/* ---- ls ---- */

/* Whose keys a message is sealed to. */
static json_t *workers_json(const struct told_agent *agent, const struct told_body *body)
{
	const struct told_key *record;
	size_t cursor = 0;
	json_t *list = json_array();
	const struct told_wrap_list *wraps = &body->sections.items[0].wraps;
	while ((record = told_key_record_next(agent, TOLD_KEY_CONTACT, &cursor)) != NULL)
		for (size_t i = 0; i < wraps->count; i++)
			if (told_bytes_equal(wraps->items[i].key_id, told_bytes(record->id.b, sizeof record->id.b)))
				told_json_add(list, json_string(record->worker));
	return list;
}

static enum told_status add_closed(struct told_agent *agent, const struct told_closed_row *row, json_t *list)
{
	struct told_header *header = NULL;
	struct told_body *body = NULL;
	enum told_status status = told_header_decode(row->header, agent->arena, &header);
	if (status == TOLD_OK)
		status = told_body_decode(row->body, agent->arena, &body);
	if (status != TOLD_OK || body->sections.count == 0)
		return TOLD_E_CORRUPT;
	json_t *json = json_pack("{s:o, s:s, s:o, s:o, s:I, s:I, s:o}", "message", told_id_json(row->message), "type",
				 told_code(TOLD_LIST_TYPE, header->type), "from", told_text_json(row->sender), "client",
				 told_client_json(row->client), "received_ms", (json_int_t)row->received_ms, "sections",
				 (json_int_t)body->sections.count, "for", workers_json(agent, body));
	if (json != NULL && header->workflow != NULL && header->workflow->referral.len > 0)
		json_object_set_new(json, "conference", told_id_json(header->workflow->referral));
	return told_json_add(list, json) ? TOLD_OK : TOLD_E_MEMORY;
}

static bool seated(struct told_request *r, const struct told_caller *caller)
{
	bool is = false;
	if (r->status == TOLD_OK && told_contact_is(r->agent, caller->number, &is) != TOLD_OK)
		told_request_refuse(r, TOLD_E_STORE, "Who our contact is cannot be read.");
	else if (!is)
		told_request_refuse(r, TOLD_E_NOT_ALLOWED,
				    "This is for our contact for conferences and the deputy. told contact ls says who "
				    "they are.");
	return r->status == TOLD_OK;
}

enum told_status told_agent_contact_closed(struct told_agent *agent, const struct told_caller *caller,
					   const json_t *request, struct told_reply *reply)
{
	struct told_closed_row row = {0};
	json_t *list = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = seated(&r, caller) ? TOLD_OK : r.status;
	while (status == TOLD_OK) {
		status = told_closed_next(agent->vault, agent->arena, row.seq, &row);
		if (status == TOLD_OK)
			status = add_closed(agent, &row, list);
	}
	status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "messages", list);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* ---- opening ---- */

struct unlocking {
	struct told_request *r;
	const struct told_caller *caller;
	struct told_bytes passphrase;
	const struct told_header *header;
	struct told_open_with with; /* of the key used last */
	bool open;
	json_t *sections;
};

/* The caller's own record that a wrap is to. */
static const struct told_key *record_of(const struct unlocking *u, const struct told_wrap *wrap)
{
	const struct told_key *record;
	size_t cursor = 0;
	while ((record = told_key_record_next(u->r->agent, TOLD_KEY_CONTACT, &cursor)) != NULL)
		if (strcmp(record->worker, u->caller->number) == 0 &&
		    told_bytes_equal(wrap->key_id, told_bytes(record->id.b, sizeof record->id.b)))
			return record;
	return NULL;
}

/* The slow hash runs once a key, not once a section. */
static enum told_status unlock(struct unlocking *u, const struct told_key *record)
{
	struct told_keypair pair;
	if (u->open && memcmp(u->with.key, record->key, TOLD_KEY_BYTES) == 0)
		return TOLD_OK;
	enum told_status status = told_contact_unlock(u->r, record, u->passphrase, &pair);
	u->open = status == TOLD_OK;
	u->with.recipient = told_agent_self(u->r->agent);
	memcpy(u->with.key, pair.key, sizeof u->with.key);
	memcpy(u->with.secret, pair.secret, sizeof u->with.secret);
	told_wipe(&pair, sizeof pair);
	return status;
}

static enum told_status add_section(struct unlocking *u, const struct told_sealed_section *section,
				    struct told_bytes content)
{
	struct told_section_header *header = NULL;
	enum told_status status = told_section_header_decode(section->header, u->r->agent->arena, &header);
	if (status != TOLD_OK)
		return status;
	json_t *story = json_loadb((const char *)content.data, content.len, 0, NULL);
	json_t *json = json_pack(
		"{s:s, s:s, s:o, s:I, s:o}", "category", told_code(TOLD_LIST_CATEGORY, header->category), "voice",
		told_code(TOLD_LIST_VOICE, header->voice), "originator", told_text_json(header->originator),
		"recorded_ms", (json_int_t)header->recorded_ms, "story", story != NULL ? story : json_null());
	return told_json_add(u->sections, json) ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status open_section(struct unlocking *u, const struct told_sealed_section *section)
{
	struct told_buf content = TOLD_BUF(TOLD_CIPHERTEXT_MAX_BYTES);
	enum told_status status = TOLD_E_NOT_FOR_ME;
	for (size_t i = 0; status == TOLD_E_NOT_FOR_ME && i < section->wraps.count; i++) {
		const struct told_key *record = record_of(u, &section->wraps.items[i]);
		if (record == NULL)
			continue;
		status = unlock(u, record);
		if (status == TOLD_OK)
			status = told_section_read(u->header, section, &section->wraps.items[i], &u->with, &content,
						   NULL);
	}
	if (status == TOLD_OK)
		status = add_section(u, section, told_buf_view(&content));
	told_buf_free(&content);
	return status;
}

static enum told_status open_all(struct unlocking *u, const struct told_closed_row *row)
{
	struct told_header *header = NULL;
	struct told_body *body = NULL;
	enum told_status status = told_header_decode(row->header, u->r->agent->arena, &header);
	if (status == TOLD_OK)
		status = told_body_decode(row->body, u->r->agent->arena, &body);
	u->header = header;
	if (status == TOLD_OK)
		status = told_meeting_named_first(u->r, header);
	for (size_t i = 0; status == TOLD_OK && i < body->sections.count; i++)
		status = open_section(u, &body->sections.items[i]);
	told_wipe(&u->with, sizeof u->with);
	if (status == TOLD_E_NOT_FOR_ME)
		told_request_refuse(
			u->r, TOLD_E_NOT_ALLOWED,
			"This was sealed to another contact's key than yours. told contact closed says whose.");
	return u->r->status != TOLD_OK ? u->r->status : status;
}

enum told_status told_agent_contact_open(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	struct told_closed_row row;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "message passphrase", reply);
	struct unlocking u = {.r = &r, .caller = caller, .sections = json_array()};
	struct told_bytes message = told_request_id(&r, "message", true);
	u.passphrase = told_request_text(&r, "passphrase", true);
	status = seated(&r, caller) ? told_closed_get(agent->vault, agent->arena, message, &row) : r.status;
	if (status == TOLD_E_NOT_FOUND)
		told_request_refuse(&r, status,
				    "Nothing of this number came for our contact. See told contact closed.");
	if (status == TOLD_OK)
		status = open_all(&u, &row);
	if (status == TOLD_OK)
		status = told_opened_now(
			agent, caller,
			(struct told_opened_row){.parcel = row.parcel, .message = row.message, .sender = row.sender});
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:o, s:O}", "message", told_id_json(row.message), "client",
					told_client_json(row.client), "sections", u.sections);
	json_decref(u.sections);
	return told_call_end(agent, status, reply);
}
