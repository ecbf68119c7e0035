/* SPDX-License-Identifier: Apache-2.0 */
/* "This is wrong" and "I want to complain": written down in the person's words, with a clock. While somebody looks at
 * what is disputed, nobody new gets that part, anywhere (SUB-06). */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/correct.h"
#include "agents/agent/work/docket.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

#define LOOK_MS                                                                                                        \
	(30 * TOLD_MS_DAY) /* rectification without undue delay, at the latest in a month (UK GDPR Article 12(3)) */

static int64_t now_of(const struct told_agent *agent)
{
	return told_clock_now(&agent->clock).wall_ms;
}

static json_t *codes_json(struct told_u32_list codes)
{
	json_t *list = json_array();
	for (size_t i = 0; i < codes.count; i++)
		told_json_add(list, json_string(told_code(TOLD_LIST_CATEGORY, codes.items[i])));
	return list;
}

/* As shown to workers: the document, its number, whose it is, whether it is late. */
static json_t *view_of(const struct told_kept_row *row, int64_t now_ms, const char *done)
{
	json_t *view = told_doc_read(row->doc);
	if (view == NULL)
		return NULL;
	bool open = json_object_get(view, done) == NULL;
	json_object_set_new(view, "id", told_id_json(row->id));
	json_object_set_new(view, "client", told_client_json(row->client));
	json_object_set_new(view, "overdue",
			    json_boolean(open && now_ms >= json_integer_value(json_object_get(view, "due_ms"))));
	return view;
}

static enum told_status list(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
			     const char *kind, const char *member, const char *done, struct told_reply *reply)
{
	struct told_kept_row row = {0};
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	bool one = request != NULL && json_object_get(request, "client") != NULL;
	struct told_bytes client = one ? told_request_client(&r) : told_bytes(NULL, 0);
	json_t *views = json_array();
	enum told_status status = r.status;
	while (status == TOLD_OK) {
		status = told_docket_next(agent, agent->arena, kind, client, row.seq, &row);
		if (status == TOLD_OK && told_may_see(agent, caller, row.client) == TOLD_OK)
			told_json_add(views, view_of(&row, now_of(agent), done));
	}
	status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", member, views);
	json_decref(views);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* ---- this is wrong ---- */

struct disagreement {
	struct told_request r;
	const struct told_caller *caller;
	struct told_bytes client;
	struct told_u32_list categories;
	uint8_t ticket[TOLD_ID_BYTES], id[TOLD_ID_BYTES];
};

/* One flag a category, all under one ticket: a later word about the same category takes the place of this one. */
static enum told_status dispute(struct disagreement *d, uint32_t state)
{
	struct told_agent *agent = d->r.agent;
	enum told_status status = told_random(d->ticket, sizeof d->ticket);
	for (size_t i = 0; status == TOLD_OK && i < d->categories.count; i++) {
		struct told_draft draft;
		struct told_flag_part part = {.kind = TOLD_FLAG_DISPUTED,
					      .state = state,
					      .category = d->categories.items[i],
					      .since_ms = (uint64_t)now_of(agent)};
		status = told_draft_begin(agent, TOLD_TYPE_FLAG, d->caller, d->client, &draft);
		if (status != TOLD_OK)
			break;
		memcpy(draft.ticket, d->ticket, sizeof draft.ticket);
		draft.header.flag = &part;
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	}
	return status;
}

static enum told_status disagree(struct disagreement *d, struct told_bytes words, struct told_reply *reply)
{
	struct told_agent *agent = d->r.agent;
	int64_t now_ms = now_of(agent);
	enum told_status status = told_may_see(agent, d->caller, d->client);
	if (status == TOLD_OK)
		status = told_uuid7((uint64_t)now_ms, d->id);
	if (status == TOLD_OK)
		status = dispute(d, TOLD_FLAG_STATE_BEING_LOOKED_AT);
	if (status != TOLD_OK)
		return status;
	json_t *doc = json_pack("{s:o, s:o, s:s, s:I, s:I}", "words", told_text_json(words), "categories",
				codes_json(d->categories), "by", d->caller->number, "time_ms", (json_int_t)now_ms,
				"due_ms", (json_int_t)(now_ms + LOOK_MS));
	status = told_docket_keep(agent, TOLD_DOCKET_DISAGREEMENT, told_bytes(d->id, TOLD_ID_BYTES), d->client, doc);
	json_t *base = json_pack("{s:o, s:o, s:I}", "disagreement", told_id_json(told_bytes(d->id, TOLD_ID_BYTES)),
				 "categories", codes_json(d->categories), "due_ms", (json_int_t)(now_ms + LOOK_MS));
	return status == TOLD_OK ? told_agent_wait_for(agent, d->ticket, base, reply) : (json_decref(base), status);
}

enum told_status told_agent_disagree(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct disagreement d = {.r = told_request_open(agent, request, "client categories words", reply),
				 .caller = caller};
	d.client = told_request_client(&d.r);
	d.categories = told_request_categories(&d.r, "categories");
	struct told_bytes words = told_request_text(&d.r, "words", true);
	if (d.categories.count == 0)
		told_request_refuse(&d.r, TOLD_E_USAGE, "Say which part they do not agree with (--category).");
	status = d.r.status == TOLD_OK ? disagree(&d, words, reply) : d.r.status;
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_disagreements(struct told_agent *agent, const struct told_caller *caller,
					  const json_t *request, struct told_reply *reply)
{
	return list(agent, caller, request, TOLD_DOCKET_DISAGREEMENT, "disagreements", "decided_ms", reply);
}

/* ---- what was decided ---- */

static struct told_u32_list categories_of(struct told_agent *agent, const json_t *doc)
{
	const json_t *codes = json_object_get(doc, "categories");
	struct told_u32_list out = {.items =
					    told_arena_alloc(agent->arena, json_array_size(codes) * sizeof *out.items)};
	for (size_t i = 0; out.items != NULL && i < json_array_size(codes); i++)
		out.items[out.count++] =
			told_value(TOLD_LIST_CATEGORY, told_text(json_string_value(json_array_get(codes, i))));
	return out;
}

/* Told anew since they disagreed, each part of it: a correction without the right words corrects nothing. */
static enum told_status told_anew(struct disagreement *d, int64_t since_ms)
{
	struct told_agent *agent = d->r.agent;
	for (size_t i = 0; i < d->categories.count; i++) {
		struct told_story_row story = {0};
		bool anew = false;
		enum told_status status = TOLD_OK;
		while (status == TOLD_OK) {
			status = told_story_next_of_category(agent->vault, agent->arena, d->client,
							     d->categories.items[i], story.id, &story);
			anew |= status == TOLD_OK && (int64_t)story.recorded_ms >= since_ms;
		}
		if (status != TOLD_E_NOT_FOUND)
			return status;
		if (!anew) {
			told_buf_put_text(d->r.why, "Tell it as it is right first: told story tell CLIENT --replace "
						    "--section CATEGORY=TEXT. Then decide.");
			return TOLD_E_REFUSED;
		}
	}
	return TOLD_OK;
}

static enum told_status decide(struct disagreement *d, struct told_bytes id, uint32_t outcome, struct told_bytes why,
			       struct told_reply *reply)
{
	static const char *const words[] = {NULL, "corrected", "kept"};
	struct told_agent *agent = d->r.agent;
	json_t *doc = NULL;
	enum told_status status = told_docket_load(agent, TOLD_DOCKET_DISAGREEMENT, id, &d->client, &doc);
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(d->r.why, "There is no such disagreement here. See told disagree ls.");
	if (status == TOLD_OK)
		status = told_may_see(agent, d->caller, d->client);
	if (status == TOLD_OK && json_object_get(doc, "decided_ms") != NULL) {
		told_buf_put_text(d->r.why, "It was decided already.");
		status = TOLD_E_REFUSED;
	}
	d->categories = categories_of(agent, doc);
	if (status == TOLD_OK && outcome == 1)
		status = told_anew(d, json_integer_value(json_object_get(doc, "time_ms")));
	if (status == TOLD_OK)
		status = dispute(d, TOLD_FLAG_STATE_CLEARED);
	if (status != TOLD_OK) {
		json_decref(doc);
		return status;
	}
	json_object_set_new(doc, "outcome", json_string(words[outcome]));
	json_object_set_new(doc, "why", told_text_json(why));
	json_object_set_new(doc, "decided_by", json_string(d->caller->number));
	json_object_set_new(doc, "decided_ms", json_integer(now_of(agent)));
	json_t *wrong = json_array();
	if (outcome == 1)
		status = told_correct(&d->r, d->caller, d->client, d->categories, wrong);
	json_t *base = json_pack("{s:o, s:s, s:o}", "disagreement", told_id_json(id), "outcome", words[outcome],
				 "holders", wrong);
	if (status != TOLD_OK) {
		json_decref(doc);
		json_decref(base);
		return status;
	}
	status = told_docket_keep(agent, TOLD_DOCKET_DISAGREEMENT, id, d->client, doc);
	return status == TOLD_OK ? told_agent_wait_for(agent, d->ticket, base, reply) : (json_decref(base), status);
}

enum told_status told_agent_disagree_decide(struct told_agent *agent, const struct told_caller *caller,
					    const json_t *request, struct told_reply *reply)
{
	static const char *const outcomes[] = {NULL, "corrected", "kept"};
	if (!told_may_answer(caller->roles)) {
		told_buf_put_text(&reply->why, "A senior, a coordinator or the data protection officer decides.");
		return TOLD_E_NOT_ALLOWED;
	}
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct disagreement d = {.r = told_request_open(agent, request, "id outcome why", reply), .caller = caller};
	struct told_bytes id = told_request_id(&d.r, "id", true), why = told_request_text(&d.r, "why", true);
	uint32_t outcome = told_request_word(&d.r, "outcome", outcomes, 3, 0);
	if (outcome == 0)
		told_request_refuse(&d.r, TOLD_E_USAGE, "Say how it was decided: corrected or kept (--outcome).");
	status = d.r.status == TOLD_OK ? decide(&d, id, outcome, why, reply) : d.r.status;
	return told_call_end(agent, status, reply);
}

/* ---- complaints ---- */

enum told_status told_agent_complaint(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	uint8_t id[TOLD_ID_BYTES];
	int64_t now_ms = now_of(agent);
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client words", reply);
	struct told_bytes client = told_request_client(&r), words = told_request_text(&r, "words", true);
	status = r.status == TOLD_OK ? told_may_see(agent, caller, client) : r.status;
	if (status == TOLD_OK)
		status = told_uuid7((uint64_t)now_ms, id);
	if (status == TOLD_OK)
		status = told_docket_keep(agent, TOLD_DOCKET_COMPLAINT, told_bytes(id, sizeof id), client,
					  json_pack("{s:o, s:s, s:I, s:I}", "words", told_text_json(words), "by",
						    caller->number, "time_ms", (json_int_t)now_ms, "due_ms",
						    (json_int_t)(now_ms + TOLD_COMPLAINT_MS)));
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:I}", "complaint", told_id_json(told_bytes(id, sizeof id)), "due_ms",
					(json_int_t)(now_ms + TOLD_COMPLAINT_MS));
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_complaints(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	return list(agent, caller, request, TOLD_DOCKET_COMPLAINT, "complaints", "acknowledged_ms", reply);
}

static enum told_status answer(struct told_request *r, const struct told_caller *caller, struct told_bytes id,
			       struct told_bytes outcome, struct told_reply *reply)
{
	struct told_agent *agent = r->agent;
	struct told_bytes client = {0};
	json_t *doc = NULL;
	enum told_status status = told_docket_load(agent, TOLD_DOCKET_COMPLAINT, id, &client, &doc);
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(r->why, "There is no such complaint here. See told complaint ls.");
	if (status == TOLD_OK)
		status = told_may_see(agent, caller, client);
	if (status == TOLD_OK && json_object_get(doc, "answered_ms") != NULL) {
		told_buf_put_text(r->why, "It was answered already, and that stays as it was said.");
		status = TOLD_E_REFUSED;
	}
	if (status != TOLD_OK) {
		json_decref(doc);
		return status;
	}
	if (json_object_get(doc, "acknowledged_ms") == NULL)
		json_object_set_new(doc, "acknowledged_ms", json_integer(now_of(agent)));
	if (outcome.len > 0) {
		json_object_set_new(doc, "outcome", told_text_json(outcome));
		json_object_set_new(doc, "answered_ms", json_integer(now_of(agent)));
	}
	json_object_set_new(doc, "answered_by", json_string(caller->number));
	reply->json = json_pack("{s:o, s:O, s:b}", "complaint", told_id_json(id), "acknowledged_ms",
				json_object_get(doc, "acknowledged_ms"), "answered", outcome.len > 0);
	status = told_docket_keep(agent, TOLD_DOCKET_COMPLAINT, id, client, doc);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

enum told_status told_agent_complaint_answer(struct told_agent *agent, const struct told_caller *caller,
					     const json_t *request, struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "id outcome", reply);
	struct told_bytes id = told_request_id(&r, "id", true), outcome = told_request_text(&r, "outcome", false);
	status = r.status == TOLD_OK ? answer(&r, caller, id, outcome, reply) : r.status;
	return told_call_end(agent, status, reply);
}
