/* SPDX-License-Identifier: Apache-2.0 */
/* Referrals and updates: our sections sealed anew to one recipient, ruled by ourselves first, and the answers to them.
 */
#include "agents/agent/alert.h"
#include "agents/agent/content.h"
#include "agents/agent/docket.h"
#include "agents/agent/names.h"
#include "agents/agent/request.h"
#include "agents/agent/show.h"
#include "agents/agent/state.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is sent ---- */

/* Sends, or only says what would happen: then nothing of the call is kept. */
static enum told_status finish(struct told_agent *agent, enum told_status status, bool dry, const char *name,
			       const struct told_draft *draft, json_t *preview, struct told_reply *reply)
{
	json_t *base = status == TOLD_OK ? json_pack("{s:O}", "preview", preview) : NULL;
	json_decref(preview);
	if (base != NULL && name != NULL)
		json_object_set_new(base, name, told_id_json(draft->header.id));
	if (status == TOLD_OK && dry) {
		told_vault_rollback(agent->vault);
		reply->json = base;
		return base == NULL ? TOLD_E_MEMORY : TOLD_OK;
	}
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft->ticket, base, reply);
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_refer(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	struct told_draft draft;
	struct told_workflow_part workflow = {.state = TOLD_REFERRAL_REQUESTED};
	json_t *preview = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r =
		told_request_open(agent, request, "client to categories purpose note urgent team dry_run", reply);
	struct told_bytes client = told_request_client(&r), to = told_request_other_party(&r, "to");
	struct told_bytes note = told_request_text(&r, "note", false), team = told_request_text(&r, "team", false);
	struct told_u32_list categories = told_request_categories(&r, "categories");
	uint32_t purpose = told_request_code(&r, "purpose", TOLD_LIST_PURPOSE, TOLD_PURPOSE_REFERRAL);
	bool dry = told_request_flag(&r, "dry_run") == TOLD_YES_NO_YES;
	workflow.urgent = told_request_flag(&r, "urgent");
	struct told_gathered *parcel = told_arena_alloc(agent->arena, sizeof *parcel);
	status = parcel == NULL ? TOLD_E_MEMORY : r.status;
	if (status == TOLD_OK)
		status = told_gather_story(agent, client, categories, parcel);
	if (status == TOLD_OK)
		status = told_gather_words(agent, caller, note, TOLD_CATEGORY_NED, parcel);
	if (status == TOLD_OK && parcel->count == 0) {
		told_request_refuse(&r, TOLD_E_NOT_FOUND, "There is nothing of this person's story here to send.");
		status = r.status;
	}
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_REFERRAL, caller, client, &draft);
	if (status == TOLD_OK) {
		draft.header.workflow = &workflow;
		draft.header.team = team.len > 0 ? team : draft.header.team;
		status = told_send_content(agent, &draft, to, purpose, parcel->sections, parcel->count, dry, &preview,
					   &reply->why);
	}
	return finish(agent, status, dry, "referral", &draft, preview, reply);
}

enum told_status told_agent_update(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				   struct told_reply *reply)
{
	struct told_draft draft;
	json_t *preview = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client to categories purpose note dry_run", reply);
	struct told_bytes client = told_request_client(&r), to = told_request_other_party(&r, "to");
	struct told_bytes note = told_request_text(&r, "note", false);
	struct told_u32_list categories = told_request_categories(&r, "categories");
	uint32_t purpose = told_request_code(&r, "purpose", TOLD_LIST_PURPOSE, TOLD_PURPOSE_COORD);
	bool dry = told_request_flag(&r, "dry_run") == TOLD_YES_NO_YES;
	struct told_gathered *parcel = told_arena_alloc(agent->arena, sizeof *parcel);
	status = parcel == NULL ? TOLD_E_MEMORY : r.status;
	if (status == TOLD_OK && (categories.count > 0 || note.len == 0))
		status = told_gather_story(agent, client, categories, parcel);
	if (status == TOLD_OK)
		status = told_gather_words(agent, caller, note, TOLD_CATEGORY_REF_META, parcel);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_STATUS_UPDATE, caller, client, &draft);
	if (status == TOLD_OK)
		status = told_send_content(agent, &draft, to, purpose, parcel->sections, parcel->count, dry, &preview,
					   &reply->why);
	return finish(agent, status, dry, NULL, &draft, preview, reply);
}

/* ---- what is known of referrals ---- */

struct found {
	struct told_bytes client; /* of the person whose referral it is */
	struct told_person *person;
	const struct told_referral_facts *facts;
};

/* The person of a referral: it lies in our inbox or in our outbox. */
static enum told_status find(struct told_agent *agent, struct told_bytes id, struct found *out)
{
	struct told_inbox_row in;
	struct told_outbox_row sent;
	*out = (struct found){0};
	enum told_status status = told_inbox_next(agent->vault, agent->arena, TOLD_INBOX_OF_REFERRAL, id, 0, &in);
	if (status == TOLD_OK)
		out->client = in.client;
	if (status == TOLD_E_NOT_FOUND) {
		status = told_outbox_get(agent->vault, agent->arena, id, &sent);
		out->client = sent.client;
	}
	if (status == TOLD_OK)
		status = out->client.len == TOLD_ID_BYTES ? told_agent_person(agent, out->client, &out->person)
							  : TOLD_E_NOT_FOUND;
	if (status == TOLD_OK)
		out->facts = told_person_referral(out->person, id);
	if (status == TOLD_OK && out->facts == NULL)
		status = TOLD_E_NOT_FOUND;
	if (status != TOLD_OK) {
		told_person_free(out->person);
		out->person = NULL;
	}
	return status;
}

static json_t *referral_json(const struct told_agent *agent, struct told_bytes client,
			     const struct told_referral_facts *f)
{
	json_t *json = json_pack(
		"{s:o, s:o, s:s, s:s, s:s, s:I, s:I, s:s}", "referral", told_id_json(told_bytes(f->id, TOLD_ID_BYTES)),
		"client", told_client_json(client), "from", told_party_name(agent->parties, f->referrer), "to",
		told_party_name(agent->parties, f->referred_to), "state", told_code(TOLD_LIST_REFERRAL, f->state),
		"sent_ms", (json_int_t)f->sent_utc_ms, "changed_ms", (json_int_t)f->changed_utc_ms, "direction",
		f->referrer == agent->self ? "out" : "in");
	if (json != NULL && f->reason != 0) {
		json_object_set_new(json, "reason", json_string(told_code(TOLD_LIST_REASON, f->reason)));
		json_object_set_new(json, "reason_words", json_string(told_words(TOLD_LIST_REASON, f->reason)));
		json_object_set_new(json, "reason_person", json_string(told_reason_person(f->reason)));
	}
	return json;
}

static enum told_status list_person(struct told_agent *agent, struct told_bytes client, json_t *list)
{
	struct told_person *person = NULL;
	enum told_status status = told_agent_person(agent, client, &person);
	for (size_t i = 0; status == TOLD_OK && i < person->referral_count; i++)
		told_json_add(list, referral_json(agent, client, &person->referrals[i]));
	told_person_free(person);
	return status;
}

static bool listed(const uint8_t (*clients)[TOLD_ID_BYTES], size_t count, struct told_bytes client)
{
	for (size_t i = 0; i < count; i++)
		if (memcmp(clients[i], client.data, TOLD_ID_BYTES) == 0)
			return true;
	return client.len != TOLD_ID_BYTES;
}

#define CLIENTS_MAX 4096u
struct clients {
	uint8_t refs[CLIENTS_MAX][TOLD_ID_BYTES];
	size_t count;
};

static void note_client(struct clients *clients, struct told_bytes client)
{
	if (clients->count < CLIENTS_MAX && !listed(clients->refs, clients->count, client))
		memcpy(clients->refs[clients->count++], client.data, TOLD_ID_BYTES);
}

/* Everyone for whom a referral came or went. */
static enum told_status collect_clients(struct told_agent *agent, struct clients *clients)
{
	struct told_arena *arena = NULL;
	struct told_inbox_row in;
	struct told_outbox_row out;
	enum told_status status = told_arena_new(TOLD_AGENT_HEAP, &arena);
	for (uint64_t after = 0; status == TOLD_OK; after = in.seq) {
		told_arena_reset(arena);
		status = told_inbox_next(agent->vault, arena, TOLD_INBOX_OF_ALL, told_bytes(NULL, 0), after, &in);
		if (status == TOLD_OK && in.type == TOLD_TYPE_REFERRAL)
			note_client(clients, in.client);
	}
	status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	for (uint64_t after = 0; status == TOLD_OK; after = out.seq) {
		told_arena_reset(arena);
		status = told_outbox_next(agent->vault, arena, TOLD_OUTBOX_OF_ALL, told_bytes(NULL, 0), after, &out);
		if (status == TOLD_OK && out.type == TOLD_TYPE_REFERRAL)
			note_client(clients, out.client);
	}
	told_arena_free(arena);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_referrals(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	json_t *list = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct clients *clients = told_arena_alloc(agent->arena, sizeof *clients);
	enum told_status status = clients == NULL ? TOLD_E_MEMORY : r.status;
	if (status == TOLD_OK && request != NULL && json_object_get(request, "client") != NULL) {
		struct told_bytes client = told_request_client(&r);
		status = r.status;
		if (status == TOLD_OK)
			note_client(clients, client);
	} else if (status == TOLD_OK) {
		status = collect_clients(agent, clients);
	}
	for (size_t i = 0; status == TOLD_OK && i < clients->count; i++) {
		struct told_bytes client = told_bytes(clients->refs[i], TOLD_ID_BYTES);
		if (told_may_see(agent, caller, client) == TOLD_OK)
			status = list_person(agent, client, list);
	}
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "referrals", list);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

static enum told_status add_parcels(struct told_agent *agent, const struct told_caller *caller,
				    struct told_bytes referral, json_t *sections, json_t *history)
{
	struct told_inbox_row in;
	struct told_section_row section;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_inbox_next(agent->vault, agent->arena, TOLD_INBOX_OF_REFERRAL, referral, after, &in);
		after = in.seq;
		if (status == TOLD_OK)
			told_json_add(history,
				      json_pack("{s:s, s:o, s:I}", "type", told_code(TOLD_LIST_TYPE, in.type), "from",
						told_text_json(in.sender), "time_ms", (json_int_t)in.time_ms));
		if (status == TOLD_OK) /* shown is opened */
			status = told_opened_note(agent, caller, &in);
		enum told_status more = status;
		for (uint64_t at = 0; more == TOLD_OK; at = section.id) {
			more = told_section_next_of_inbox(agent->vault, agent->arena, in.seq, at, &section);
			if (more == TOLD_OK && !section.hidden)
				told_json_add(sections, told_section_json(&section, NULL));
		}
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_referral(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	struct found f = {0};
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	json_t *sections = json_array(), *history = json_array();
	struct told_request r = told_request_open(agent, request, "referral", reply);
	struct told_bytes id = told_request_id(&r, "referral", true);
	status = r.status == TOLD_OK ? find(agent, id, &f) : r.status;
	if (status == TOLD_OK)
		status = told_may_see(agent, caller, f.client);
	if (status == TOLD_OK)
		status = add_parcels(agent, caller, id, sections, history);
	if (status == TOLD_OK)
		status = told_beside_sections(agent, f.client, sections);
	if (status == TOLD_OK)
		reply->json = referral_json(agent, f.client, f.facts);
	told_agent_head(agent, reply->json);
	if (reply->json != NULL) {
		json_object_set(reply->json, "sections", sections);
		json_object_set(reply->json, "history", history);
	}
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(&reply->why, "There is no such referral here.");
	json_decref(sections);
	json_decref(history);
	told_person_free(f.person);
	return told_call_end(agent, status, reply);
}

/* ---- answering ---- */

/* The type that says it: whoever was asked answers, whoever asked cancels, either closes. */
static uint32_t answer_type(const struct told_agent *agent, const struct told_referral_facts *f, uint32_t state)
{
	if (f->referrer == agent->self)
		return TOLD_TYPE_CANCEL;
	bool first = f->state == TOLD_REFERRAL_REQUESTED;
	return !first && (state == TOLD_REFERRAL_COMPLETED || state == TOLD_REFERRAL_FAILED)
		       ? TOLD_TYPE_CLOSURE
		       : TOLD_TYPE_REFERRAL_ANSWER;
}

/* A closed referral is no reason to look any more; who holds the story must know. */
static enum told_status unrelate(struct told_agent *agent, const struct told_caller *caller, const struct found *f,
				 uint32_t state, const uint8_t ticket[TOLD_ID_BYTES])
{
	if (!told_referral_closed(state) || f->facts->referred_to != agent->self)
		return TOLD_OK;
	return told_agent_relate(agent, caller, f->client, TOLD_RELATIONSHIP_REFERRAL, told_bytes(NULL, 0), false, 0,
				 ticket);
}

static enum told_status answer(struct told_request *r, const struct told_caller *caller, const struct found *f,
			       struct told_bytes id, struct told_draft *draft, json_t **preview)
{
	struct told_agent *agent = r->agent;
	struct told_workflow_part workflow = {
		.referral = id,
		.state = told_request_code(r, "state", TOLD_LIST_REFERRAL, 0),
		.reason = told_request_code(r, "reason", TOLD_LIST_REASON, 0),
		.attempts = (uint32_t)told_request_number(r, "attempts"),
		.ways = (uint32_t)told_request_number(r, "ways"),
	};
	struct told_bytes note = told_request_text(r, "note", false);
	if (r->status == TOLD_OK && workflow.state == 0)
		told_request_refuse(r, TOLD_E_USAGE, "\"state\" is needed: what becomes of the referral.");
	bool ours = f->facts->referrer == agent->self;
	struct told_bytes other =
		told_text(told_party_name(agent->parties, ours ? f->facts->referred_to : f->facts->referrer));
	struct told_gathered *parcel = told_arena_alloc(agent->arena, sizeof *parcel);
	enum told_status status = parcel == NULL ? TOLD_E_MEMORY : r->status;
	if (status == TOLD_OK)
		status = told_gather_words(agent, caller, note, TOLD_CATEGORY_REF_META, parcel);
	if (status == TOLD_OK)
		status =
			told_draft_begin(agent, answer_type(agent, f->facts, workflow.state), caller, f->client, draft);
	if (status != TOLD_OK)
		return status;
	draft->header.in_reply_to = id;
	draft->header.workflow = &workflow;
	status = told_send_content(agent, draft, other, TOLD_PURPOSE_REFERRAL, parcel->sections, parcel->count, false,
				   preview, r->why);
	draft->header.workflow = NULL;
	return status == TOLD_OK ? unrelate(agent, caller, f, workflow.state, draft->ticket) : status;
}

enum told_status told_agent_answer_referral(struct told_agent *agent, const struct told_caller *caller,
					    const json_t *request, struct told_reply *reply)
{
	struct told_draft draft;
	struct found f = {0};
	json_t *preview = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "referral state reason attempts ways note", reply);
	struct told_bytes id = told_request_id(&r, "referral", true);
	status = r.status == TOLD_OK ? find(agent, id, &f) : r.status;
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(&reply->why, "There is no such referral here.");
	if (status == TOLD_OK)
		status = answer(&r, caller, &f, id, &draft, &preview);
	told_person_free(f.person);
	return finish(agent, status, false, NULL, &draft, preview, reply);
}
