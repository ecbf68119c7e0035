/* SPDX-License-Identifier: Apache-2.0 */
/* Notes: written for ourselves, or for services that are named; each of those is one NOTE message, ruled like any other
 * content. Corrected, it goes as a CORRECTION to whoever was given it. */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/content.h"
#include "agents/agent/work/correct.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/lead.h"
#include "agents/agent/work/may_see.h"

#include "agents/note/note.h"
#include "told/seal.h"

#include <string.h>

#define READERS_MAX 16u /* services that one note is for; more is a letter to everybody */

/* A note on its way: what is asked, and what comes of it. */
struct writing {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_request r;
	struct told_bytes client, text, replies_to[READERS_MAX];
	struct told_u32_list about;
	struct told_bytes_list to;
	uint32_t purpose;
	bool corrects, dry, queued;
	uint8_t ticket[TOLD_ID_BYTES];
	json_t *previews, *sent;         /* sent: message ids, in the order of to */
	struct told_workflow_part limit; /* which team or role of the one service */
};

static enum told_status save(struct told_agent *agent, struct told_bytes id, struct told_bytes client,
			     const json_t *doc)
{
	return told_doc_put(agent, &(struct told_kept_row){.kind = "note", .id = id, .client = client}, doc);
}

/* ---- who would see it ---- */

/* The name of a party as the first agreement that has one spells it out. */
static const char *name_of(struct told_agent *agent, struct told_bytes party)
{
	const struct told_agreement *a;
	uint32_t number = told_party_find(agent->parties, party);
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++)
		for (size_t p = 0; p < a->party_count; p++)
			if (a->parties[p].party == number && a->parties[p].legal_name.len > 0)
				return told_arena_text(agent->arena, a->parties[p].legal_name);
	return told_arena_text(agent->arena, party);
}

static bool released(const json_t *preview)
{
	const char *effect = json_string_value(json_object_get(preview, "effect"));
	return effect != NULL && (strcmp(effect, "release") == 0 || strcmp(effect, "partial") == 0);
}

/* What keeps it back, in the words of the first code; NULL: nothing does. */
static const char *why_not(const json_t *preview)
{
	const char *words =
		json_string_value(json_object_get(json_array_get(json_object_get(preview, "codes"), 0), "words"));
	if (released(preview))
		return NULL;
	return words != NULL ? words : "the agreement or the permission does not let it.";
}

static json_t *audience(const struct writing *w)
{
	struct told_note_reader_words readers[READERS_MAX] = {{0}};
	struct told_buf words = TOLD_BUF(TOLD_TEXT_MAX_BYTES * READERS_MAX);
	for (size_t i = 0; i < w->to.count; i++)
		readers[i] = (struct told_note_reader_words){
			.name = name_of(w->agent, w->to.items[i]),
			.why = why_not(json_array_get(w->previews, i)),
		};
	told_note_audience(w->agent->name, readers, w->to.count, &words);
	json_t *json = words.status == TOLD_OK ? json_string(told_buf_cstr(&words)) : NULL;
	told_buf_free(&words);
	return json;
}

/* ---- sending ---- */

/* The words as a section of what they are about. Where that is several things they are free text, classified as all of
 * them: of free text alone a ruling asks that each be allowed. */
static enum told_status section_of(const struct writing *w, struct told_gathered *out)
{
	uint32_t category = w->about.count == 1 ? w->about.items[0] : (uint32_t)TOLD_CATEGORY_NARR;
	out->count = 0;
	enum told_status status = told_gather_words(w->agent, w->caller, w->text, category, out);
	if (status == TOLD_OK && category == TOLD_CATEGORY_NARR)
		out->sections[0].header.classified = w->about;
	return status;
}

static enum told_status send_one(struct writing *w, size_t index)
{
	struct told_draft draft;
	json_t *preview = NULL;
	struct told_gathered *parcel = told_arena_alloc(w->agent->arena, sizeof *parcel);
	enum told_status status = parcel == NULL ? TOLD_E_MEMORY : section_of(w, parcel);
	if (status == TOLD_OK)
		status = told_draft_begin(w->agent, w->corrects ? TOLD_TYPE_CORRECTION : TOLD_TYPE_NOTE, w->caller,
					  w->client, &draft);
	if (status != TOLD_OK)
		return status;
	draft.about = told_about_one(w->agent, w->to.items[index], w->about);
	if (w->queued)
		memcpy(draft.ticket, w->ticket, sizeof draft.ticket);
	memcpy(w->ticket, draft.ticket, sizeof w->ticket);
	w->queued = true;
	draft.header.in_reply_to = w->replies_to[index];
	if (w->limit.to_team.len > 0 || w->limit.to_role != 0)
		draft.header.workflow = &w->limit;
	status = told_send_content(w->agent, &draft, w->to.items[index], w->purpose, parcel->sections, parcel->count,
				   w->dry, &preview, w->r.why);
	if (status == TOLD_OK &&
	    (!told_json_add(w->previews, preview) || !told_json_add(w->sent, told_id_json(draft.header.id))))
		status = TOLD_E_MEMORY;
	return status;
}

static enum told_status send_all(struct writing *w)
{
	enum told_status status = w->r.status;
	for (size_t i = 0; i < w->to.count && status == TOLD_OK; i++)
		status = send_one(w, i);
	return status;
}

static enum told_status begin(struct writing *w)
{
	w->previews = json_array();
	w->sent = json_array();
	return w->previews != NULL && w->sent != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

/* Who sees it, in words; and, where it only would be, that nothing was saved. */
static enum told_status finish(struct writing *w, enum told_status status, struct told_bytes id,
			       struct told_reply *reply)
{
	json_t *base = NULL;
	if (status == TOLD_OK)
		base = json_pack("{s:o, s:b, s:O}", "audience", audience(w), "saved", (int)!w->dry, "previews",
				 w->previews);
	if (base != NULL && !w->dry)
		json_object_set_new(base, "note", told_id_json(id));
	json_decref(w->previews);
	json_decref(w->sent);
	if (status == TOLD_OK && w->dry) {
		told_vault_rollback(w->agent->vault);
		reply->json = base;
		return base == NULL ? TOLD_E_MEMORY : TOLD_OK;
	}
	if (status == TOLD_OK && w->queued)
		status = told_agent_wait_for(w->agent, w->ticket, base, reply);
	else
		reply->json = base;
	return told_call_end(w->agent, status, reply);
}

/* ---- adding ---- */

static void check_readers(struct writing *w)
{
	if (w->to.count > READERS_MAX)
		told_request_refuse(&w->r, TOLD_E_LIMIT, "A note is for at most 16 services.");
	for (size_t i = 0; i < w->to.count && w->r.status == TOLD_OK; i++) {
		if (told_bytes_equal(w->to.items[i], told_agent_self(w->agent)))
			told_request_refuse(&w->r, TOLD_E_USAGE,
					    "\"to\" names this agency itself, which keeps it anyway.");
		for (size_t k = 0; k < i; k++)
			if (told_bytes_equal(w->to.items[i], w->to.items[k]))
				told_request_refuse(&w->r, TOLD_E_USAGE, "\"to\" names a service twice.");
	}
	if (w->to.count > 0 && w->about.count == 0)
		told_request_refuse(&w->r, TOLD_E_USAGE,
				    "Say what the note speaks of (\"about\"), so that it can be ruled who may see it.");
}

static void read_add(struct writing *w)
{
	w->client = told_request_client(&w->r);
	w->text = told_request_text(&w->r, "text", true);
	w->to = told_request_texts(&w->r, "to");
	w->about = told_request_categories(&w->r, "about");
	w->purpose = told_request_code(&w->r, "purpose", TOLD_LIST_PURPOSE, TOLD_PURPOSE_COORD);
	w->dry = w->to.count > 0 && told_request_flag(&w->r, "yes") != TOLD_YES_NO_YES;
	told_request_parties_known(&w->r, w->to);
	check_readers(w);
	if (w->to.count == 1)
		w->limit = told_referral_limit(&w->r, w->to.items[0]);
	else if (told_request_text(&w->r, "team", false).len > 0 || told_request_text(&w->r, "role", false).len > 0)
		told_request_refuse(&w->r, TOLD_E_USAGE, "A \"team\" or \"role\" is of one service: name that one.");
}

static json_t *about_json(const struct writing *w)
{
	json_t *about = json_array();
	for (size_t i = 0; i < w->about.count; i++)
		told_json_add(about, json_string(told_code(TOLD_LIST_CATEGORY, w->about.items[i])));
	return about;
}

static enum told_status keep_new(const struct writing *w, struct told_bytes id)
{
	const struct told_note_by by = {w->caller->number, told_clock_now(&w->agent->clock).wall_ms};
	const char *text = told_arena_text(w->agent->arena, w->text);
	json_t *about = about_json(w), *doc = NULL;
	enum told_status status = text == NULL ? TOLD_E_MEMORY : told_note_new(text, about, &by, &doc);
	for (size_t i = 0; i < w->to.count && status == TOLD_OK; i++)
		status = told_note_to(doc, told_arena_text(w->agent->arena, w->to.items[i]),
				      json_string_value(json_array_get(w->sent, i)),
				      released(json_array_get(w->previews, i)));
	if (status == TOLD_OK)
		status = save(w->agent, id, w->client, doc);
	json_decref(about);
	json_decref(doc);
	return status;
}

/* The lead worker hears that a note was shared, where they may know what it speaks of; never what it says. */
static enum told_status tell_lead(const struct writing *w)
{
	bool shared = false;
	for (size_t i = 0; i < w->to.count; i++)
		shared |= released(json_array_get(w->previews, i));
	const struct told_lead_news news = {
		.client = w->client, .what = "A note was shared between services.", .about = w->about};
	return shared ? told_lead_tell(w->agent, w->caller, &news) : TOLD_OK;
}

enum told_status told_agent_note_add(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	struct writing w = {.agent = agent, .caller = caller};
	uint8_t id[TOLD_ID_BYTES];
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	w.r = told_request_open(agent, request, "client text to about purpose team role yes", reply);
	read_add(&w);
	status = w.r.status == TOLD_OK ? begin(&w) : w.r.status;
	if (status == TOLD_OK)
		status = told_may_see(agent, caller, w.client);
	if (status == TOLD_OK)
		status = send_all(&w);
	if (status == TOLD_OK)
		status = told_random(id, sizeof id);
	if (status == TOLD_OK && !w.dry)
		status = keep_new(&w, told_bytes(id, sizeof id));
	if (status == TOLD_OK && !w.dry)
		status = tell_lead(&w);
	return finish(&w, status, told_bytes(id, sizeof id), reply);
}

/* ---- correcting ---- */

/* Whoever was given the note is given the correction; others never had it. */
static enum told_status read_readers(struct writing *w, const json_t *doc)
{
	const char *party, *message;
	bool sees;
	w->to.items = told_arena_alloc(w->agent->arena, READERS_MAX * sizeof *w->to.items);
	for (size_t i = 0; w->to.items != NULL && (party = told_note_reader(doc, i, &sees, &message)) != NULL; i++) {
		uint8_t *id = told_arena_alloc(w->agent->arena, TOLD_ID_BYTES);
		if (!sees || w->to.count == READERS_MAX)
			continue;
		if (id == NULL || message == NULL || told_unhex(told_text(message), id, TOLD_ID_BYTES) != TOLD_OK)
			return TOLD_E_CORRUPT;
		w->replies_to[w->to.count] = told_bytes(id, TOLD_ID_BYTES);
		w->to.items[w->to.count++] = told_arena_copy(w->agent->arena, told_text(party));
	}
	return w->to.items != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status read_about(struct writing *w, const json_t *doc)
{
	const json_t *about = json_object_get(doc, "about");
	w->about.items = told_arena_alloc(w->agent->arena, (json_array_size(about) + 1) * sizeof *w->about.items);
	if (w->about.items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < json_array_size(about); i++)
		w->about.items[w->about.count++] =
			told_value(TOLD_LIST_CATEGORY, told_text(json_string_value(json_array_get(about, i))));
	return TOLD_OK;
}

static enum told_status find(struct writing *w, struct told_bytes id, json_t **doc)
{
	struct told_kept_row row;
	enum told_status status = w->r.status;
	if (status == TOLD_OK)
		status = told_kept_next(w->agent->vault, w->agent->arena, "note", TOLD_KEPT_ID, id, 0, 0, &row);
	if (status == TOLD_OK)
		status = told_may_see(w->agent, w->caller, row.client);
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(w->r.why, "There is no such note of ours. See told note ls CLIENT.");
	if (status != TOLD_OK)
		return status;
	w->client = row.client;
	*doc = told_doc_read(row.doc);
	return *doc != NULL ? TOLD_OK : TOLD_E_CORRUPT;
}

static enum told_status correct(struct writing *w, json_t *doc)
{
	const struct told_note_by by = {w->caller->number, told_clock_now(&w->agent->clock).wall_ms};
	const char *text = told_arena_text(w->agent->arena, w->text);
	enum told_status status = text == NULL ? TOLD_E_MEMORY : told_note_correct(doc, text, &by);
	if (status == TOLD_E_USAGE)
		told_buf_put_text(w->r.why, "The note says this already: there is nothing to correct.");
	if (status == TOLD_OK)
		status = read_readers(w, doc);
	return status == TOLD_OK ? read_about(w, doc) : status;
}

enum told_status told_agent_note_correct(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	struct writing w = {.agent = agent, .caller = caller, .corrects = true};
	json_t *doc = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	w.r = told_request_open(agent, request, "note text yes", reply);
	struct told_bytes id = told_request_id(&w.r, "note", true);
	w.text = told_request_text(&w.r, "text", true);
	status = begin(&w);
	if (status == TOLD_OK)
		status = find(&w, id, &doc);
	if (status == TOLD_OK)
		status = correct(&w, doc);
	w.dry = w.to.count > 0 && told_request_flag(&w.r, "yes") != TOLD_YES_NO_YES;
	if (status == TOLD_OK)
		status = send_all(&w);
	if (status == TOLD_OK && !w.dry)
		status = save(agent, id, w.client, doc);
	json_decref(doc);
	return finish(&w, status, id, reply);
}

/* ---- listing ---- */

static enum told_status add_own(struct told_agent *agent, struct told_bytes client, json_t *list)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, "note", TOLD_KEPT_CLIENT, client, 0, row.seq, &row);
		json_t *note = status == TOLD_OK ? told_doc_read(row.doc) : NULL;
		if (status == TOLD_OK && note == NULL)
			status = TOLD_E_CORRUPT;
		if (status != TOLD_OK)
			break;
		json_object_set_new(note, "note", told_id_json(row.id));
		if (!told_json_add(list, note))
			status = TOLD_E_MEMORY;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status add_words(struct told_agent *agent, const struct told_inbox_row *in, json_t *list)
{
	struct told_section_row section;
	enum told_status status = TOLD_OK;
	for (uint64_t at = 0; status == TOLD_OK; at = section.id) {
		status = told_section_next_of_inbox(agent->vault, agent->arena, in->seq, at, &section);
		if (status != TOLD_OK || section.hidden)
			continue;
		json_t *one = NULL;
		status = told_section_shown(agent, &section, &one);
		json_object_set_new(one, "type", json_string(told_code(TOLD_LIST_TYPE, in->type)));
		if (status == TOLD_OK && !told_json_add(list, one))
			status = TOLD_E_MEMORY;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* A note for us, or the correction of one. */
static bool is_note(struct told_agent *agent, const struct told_inbox_row *in)
{
	return in->type == TOLD_TYPE_NOTE ||
	       (in->type == TOLD_TYPE_CORRECTION &&
		told_inbox_has_message(agent->vault, in->reply, TOLD_TYPE_NOTE) == TOLD_OK);
}

/* What others wrote for us, each correction beside what it corrects. Shown is opened. */
static enum told_status add_received(struct told_agent *agent, const struct told_caller *caller,
				     struct told_bytes client, json_t *list)
{
	struct told_inbox_row in;
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK; after = in.seq) {
		status = told_inbox_next(agent->vault, agent->arena, TOLD_INBOX_OF_CLIENT, client, after, &in);
		if (status != TOLD_OK || !is_note(agent, &in))
			continue;
		status = told_opened_note(agent, caller, &in);
		if (status == TOLD_OK)
			status = add_words(agent, &in, list);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_notes(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	json_t *own = json_array(), *received = json_array();
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		goto out;
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_bytes client = told_request_client(&r), whose = client;
	status = r.status == TOLD_OK ? told_look(agent, caller, client, &whose) : r.status;
	if (status == TOLD_OK)
		status = add_own(agent, whose, own);
	if (status == TOLD_OK)
		status = add_received(agent, caller, whose, received);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:O, s:O}", "client", told_client_json(client), "notes", own, "received",
					received);
	told_agent_head(agent, reply->json);
	status = told_call_end(agent, status, reply);
out:
	json_decref(own);
	json_decref(received);
	return status;
}
