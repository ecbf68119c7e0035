/* SPDX-License-Identifier: Apache-2.0 */
/* After an incident was opened: how it stands, the sheet that Article 33 asks for, what a recipient answers to a
 * recall, and the end. */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

static enum told_status refuse(struct told_reply *reply, enum told_status status, const char *why)
{
	told_buf_put_text(&reply->why, why);
	return status;
}

static int64_t now_of(const struct told_agent *agent)
{
	return told_clock_now(&agent->clock).wall_ms;
}

/* ---- showing ---- */

json_t *told_incident_opened(struct told_agent *agent, const json_t *messages, struct told_bytes party)
{
	uint8_t id[TOLD_ID_BYTES];
	json_t *list = json_array();
	for (size_t i = 0; i < json_array_size(messages); i++) {
		struct told_bytes worker = told_bytes(NULL, 0);
		uint64_t time_ms = 0;
		if (told_unhex(told_text(json_string_value(json_array_get(messages, i))), id, sizeof id) != TOLD_OK)
			continue;
		while (told_opened_next(agent->vault, agent->arena, told_bytes(id, sizeof id), party, worker, &worker,
					&time_ms) == TOLD_OK)
			told_json_add(list, json_pack("{s:o, s:I}", "worker", told_text_json(worker), "time_ms",
						      (json_int_t)time_ms));
	}
	return list;
}

/* One recall: of ours, with who opened it there; or asked of us, with who opened it here. */
static json_t *recall_json(struct told_agent *agent, const struct told_recall_row *row)
{
	json_t *doc = told_doc_read(row->doc);
	const char *party = json_string_value(json_object_get(doc, "party"));
	if (doc == NULL)
		return NULL;
	json_object_set_new(doc, "recall", told_id_json(row->id));
	json_object_set_new(doc, "client", told_client_json(row->client));
	json_object_set_new(doc, "opened",
			    told_incident_opened(agent, json_object_get(doc, "messages"),
						 party != NULL ? told_text(party) : told_bytes(NULL, 0)));
	return doc;
}

static enum told_status add_recalls(struct told_agent *agent, const struct told_caller *caller,
				    struct told_bytes incident, json_t *list)
{
	struct told_recall_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_recall_next(agent->vault, agent->arena, incident, row.seq, &row);
		if (status == TOLD_OK && told_may_see(agent, caller, row.client) == TOLD_OK)
			told_json_add(list, recall_json(agent, &row));
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status view(struct told_agent *agent, struct told_bytes id, json_t *doc)
{
	size_t sent = 0, answered = 0;
	enum told_status status = told_incident_narrow(agent, id, doc);
	if (status == TOLD_OK)
		status = told_incident_answers(agent, id, &sent, &answered);
	json_object_set_new(doc, "incident", told_id_json(id));
	json_object_set_new(doc, "state", json_string(json_object_get(doc, "closed_ms") != NULL ? "closed" : "open"));
	json_object_set_new(doc, "over", json_boolean(told_incident_over(doc, now_of(agent))));
	json_object_set_new(doc, "recalls", json_integer((json_int_t)sent));
	json_object_set_new(doc, "answered", json_integer((json_int_t)answered));
	return status;
}

static enum told_status add_ours(struct told_agent *agent, json_t *list)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		json_t *doc = NULL;
		status = told_incident_next(agent, row.seq, &row, &doc);
		if (status == TOLD_OK)
			status = view(agent, row.id, doc);
		if (doc != NULL)
			told_json_add(list, doc);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_incidents(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	json_t *ours = json_array(), *asked = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status == TOLD_OK ? add_ours(agent, ours) : r.status;
	if (status == TOLD_OK)
		status = add_recalls(agent, caller, told_bytes(NULL, 0), asked);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O, s:O}", "incidents", ours, "asked", asked);
	json_decref(ours);
	json_decref(asked);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* UK GDPR Article 33(3): (a) nature, categories, numbers; (b) contact; (c) consequences; (d) measures. */
static json_t *sheet_of(const json_t *doc)
{
	static const char *const copied[] = {"kind",    "nature",       "categories", "persons", "records",
					     "contact", "consequences", "measures",   "due_ms",  "reported_ms"};
	json_t *sheet = json_object(), *missing = json_array();
	for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++) {
		json_t *value = json_object_get(doc, copied[i]);
		bool words = i == 1 || (i >= 5 && i <= 7);
		if (value != NULL)
			json_object_set(sheet, copied[i], value);
		else if (words)
			told_json_add(missing, json_string(copied[i]));
	}
	json_object_set_new(sheet, "missing", missing);
	return sheet;
}

static enum told_status find(struct told_request *r, struct told_bytes *id, json_t **doc)
{
	*id = told_request_id(r, "incident", true);
	*doc = NULL;
	enum told_status status = r->status == TOLD_OK ? told_incident_load(r->agent, *id, doc) : r->status;
	if (status == TOLD_E_NOT_FOUND)
		told_request_refuse(r, status, "There is no such incident here. See told incident ls.");
	return status;
}

enum told_status told_agent_incident(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	json_t *doc = NULL, *recalls = json_array();
	struct told_bytes id;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "incident", reply);
	enum told_status status = find(&r, &id, &doc);
	if (status == TOLD_OK)
		status = view(agent, id, doc);
	json_t *sheet = sheet_of(doc);
	if (status == TOLD_OK)
		status = add_recalls(agent, caller, id, recalls);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O, s:O, s:O}", "incident", doc, "sheet", sheet, "went", recalls);
	json_decref(doc);
	json_decref(sheet);
	json_decref(recalls);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* ---- writing down, and the end ---- */

static enum told_status save_and_show(struct told_request *r, struct told_bytes id, json_t *doc,
				      struct told_reply *reply)
{
	enum told_status status = told_incident_save(r->agent, id, told_bytes(NULL, 0), doc);
	if (status == TOLD_OK)
		status = view(r->agent, id, doc);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "incident", doc);
	return status;
}

/* What is learned bit by bit (Article 33(4)), and that the Commissioner was told. */
static void note(struct told_request *r, json_t *doc)
{
	static const char *const words[] = {"nature", "contact", "consequences", "measures"};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct told_bytes text = told_request_text(r, words[i], false);
		if (text.len > 0)
			json_object_set_new(doc, words[i], told_text_json(text));
	}
	if (told_request_flag(r, "reported") == TOLD_YES_NO_YES && json_object_get(doc, "reported_ms") == NULL)
		json_object_set_new(doc, "reported_ms", json_integer(now_of(r->agent)));
}

enum told_status told_agent_incident_note(struct told_agent *agent, const struct told_caller *caller,
					  const json_t *request, struct told_reply *reply)
{
	json_t *doc = NULL;
	struct told_bytes id;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r =
		told_request_open(agent, request, "incident nature contact consequences measures reported", reply);
	status = told_may_answer(caller->roles)
			 ? find(&r, &id, &doc)
			 : refuse(reply, TOLD_E_NOT_ALLOWED,
				  "A senior, coordinator or data protection officer writes this down.");
	if (status == TOLD_OK) {
		note(&r, doc);
		status = r.status;
	}
	if (status == TOLD_OK)
		status = save_and_show(&r, id, doc, reply);
	json_decref(doc);
	return told_call_end(agent, status, reply);
}

static enum told_status close_it(struct told_request *r, const struct told_caller *caller, struct told_bytes id,
				 json_t *doc)
{
	size_t sent = 0, answered = 0;
	struct told_bytes outcome = told_request_text(r, "outcome", true), why = told_request_text(r, "reason", false);
	enum told_status status =
		r->status == TOLD_OK ? told_incident_answers(r->agent, id, &sent, &answered) : r->status;
	if (status == TOLD_OK && json_object_get(doc, "closed_ms") != NULL)
		told_request_refuse(r, TOLD_E_EXISTS, "It is closed.");
	if (status == TOLD_OK && answered < sent && why.len == 0)
		told_request_refuse(r, TOLD_E_REFUSED,
				    "Not every recipient has answered. Ask them, or say with \"reason\" why it is "
				    "closed all the same.");
	json_object_set_new(doc, "outcome", told_text_json(outcome));
	if (why.len > 0)
		json_object_set_new(doc, "reason", told_text_json(why));
	json_object_set_new(doc, "closed_by", json_string(caller->number));
	json_object_set_new(doc, "closed_ms", json_integer(now_of(r->agent)));
	return status == TOLD_OK ? r->status : status;
}

enum told_status told_agent_incident_close(struct told_agent *agent, const struct told_caller *caller,
					   const json_t *request, struct told_reply *reply)
{
	json_t *doc = NULL;
	struct told_bytes id;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "incident outcome reason", reply);
	status = told_may_answer(caller->roles)
			 ? find(&r, &id, &doc)
			 : refuse(reply, TOLD_E_NOT_ALLOWED,
				  "A senior, coordinator or data protection officer closes an incident.");
	if (status == TOLD_OK)
		status = close_it(&r, caller, id, doc);
	if (status == TOLD_OK)
		status = save_and_show(&r, id, doc, reply);
	json_decref(doc);
	return told_call_end(agent, status, reply);
}

/* ---- answering a recall ---- */

static enum told_status find_recall(struct told_request *r, struct told_recall_row *row, json_t **doc)
{
	struct told_bytes id = told_request_id(r, "recall", true);
	enum told_status status =
		r->status == TOLD_OK ? told_recall_get(r->agent->vault, r->agent->arena, id, row) : r->status;
	if (status == TOLD_E_NOT_FOUND || (status == TOLD_OK && row->incident.len > 0))
		told_request_refuse(r, TOLD_E_NOT_FOUND,
				    "Nobody called back anything under that number. See told "
				    "incident ls.");
	*doc = status == TOLD_OK ? told_doc_read(row->doc) : NULL;
	if (*doc != NULL && json_object_get(*doc, "answer") != NULL)
		told_request_refuse(r, TOLD_E_EXISTS, "It is answered.");
	return status == TOLD_OK ? r->status : status;
}

static enum told_status send_answer(struct told_request *r, const struct told_caller *caller,
				    const struct told_recall_row *row, const json_t *doc, struct told_recall_part *part,
				    struct told_draft *draft)
{
	struct told_bytes to[] = {told_text(json_string_value(json_object_get(doc, "from")))};
	enum told_status status =
		told_draft_begin(r->agent, TOLD_TYPE_RECALL_ANSWER, caller, told_bytes(NULL, 0), draft);
	draft->header.in_reply_to = row->id;
	draft->header.recall = part;
	draft->header.recipients = (struct told_bytes_list){.items = to, .count = 1};
	return status == TOLD_OK ? told_draft_queue(r->agent, draft, told_bytes(NULL, 0)) : status;
}

static json_t *list_of(const struct told_request *r, const char *member)
{
	const json_t *list = json_object_get(r->object, member);
	return list != NULL ? json_deep_copy(list) : json_array();
}

/* An alert that was called back stood on the screens until here. */
static enum told_status off_screen(struct told_agent *agent, const json_t *doc)
{
	size_t i = 0;
	json_t *hex = NULL;
	enum told_status status = TOLD_OK;
	json_array_foreach(json_object_get(doc, "messages"), i, hex)
	{
		uint8_t id[TOLD_ID_BYTES];
		if (status == TOLD_OK && told_unhex(told_text(json_string_value(hex)), id, sizeof id) == TOLD_OK)
			status = told_alert_wrong_answered(agent, told_bytes(id, sizeof id));
	}
	return status;
}

static enum told_status answer(struct told_request *r, const struct told_caller *caller, struct told_draft *draft)
{
	struct told_recall_row row = {0};
	json_t *doc = NULL;
	bool deleted = told_request_flag(r, "deleted") == TOLD_YES_NO_YES;
	struct told_recall_part part = {.deleted = deleted ? TOLD_YES_NO_YES : TOLD_YES_NO_NO,
					.opened_by = told_request_texts(r, "opened_by"),
					.passed_on = told_request_texts(r, "passed_on")};
	if (part.opened_by.count > TOLD_RECALL_NAMES_MAX || part.passed_on.count > TOLD_RECALL_NAMES_MAX)
		told_request_refuse(r, TOLD_E_LIMIT, "At most 32 workers and 32 parties. Telephone about the rest.");
	enum told_status status = find_recall(r, &row, &doc);
	if (status == TOLD_OK && deleted)
		status = told_recall_apply(r->agent, &row, true);
	if (status == TOLD_OK)
		status = send_answer(r, caller, &row, doc, &part, draft);
	if (status == TOLD_E_MALFORMED)
		told_request_refuse(r, status,
				    "\"passed_on\" names parties by their id, like TT; \"opened_by\" "
				    "workers by their number.");
	if (status == TOLD_OK) {
		json_object_set_new(doc, "answer",
				    json_pack("{s:b, s:o, s:o, s:I}", "deleted", deleted, "opened_by",
					      list_of(r, "opened_by"), "passed_on", list_of(r, "passed_on"), "at_ms",
					      (json_int_t)now_of(r->agent)));
		status = told_recall_save(r->agent, &row, doc);
	}
	if (status == TOLD_OK)
		status = off_screen(r->agent, doc);
	json_decref(doc);
	return status;
}

enum told_status told_agent_incident_answer(struct told_agent *agent, const struct told_caller *caller,
					    const json_t *request, struct told_reply *reply)
{
	struct told_draft draft;
	if (!told_may_answer(caller->roles))
		return refuse(reply, TOLD_E_NOT_ALLOWED,
			      "A senior, coordinator or data protection officer of this agency answers a recall. Ask "
			      "one of them now.");
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "recall deleted opened_by passed_on", reply);
	status = r.status == TOLD_OK ? answer(&r, caller, &draft) : r.status;
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket, json_object(), reply);
	status = told_call_end(agent, status, reply);
	return status == TOLD_OK ? told_vault_shred(agent->vault) : status;
}
