/* SPDX-License-Identifier: Apache-2.0 */
/* Opening an incident: what went to whom is listed, the flow stops, each party is asked to answer, and the 72 hours of
 * Article 33 begin. Any worker may open one: whoever notices it acts. */
#include "agents/agent/work/incident.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/rule.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

#define KINDS (sizeof told_incident_kinds / sizeof told_incident_kinds[0])

struct opening {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_incident_filter filter;
	uint32_t kind;
	uint64_t now_ms, known_ms;
	uint8_t id[TOLD_ID_BYTES], ticket[TOLD_ID_BYTES];
	bool dry, queued;
	json_t *went, *stops;
};

static void read_request(struct told_request *r, struct opening *o)
{
	bool client = json_object_get(r->object, "client") != NULL;
	o->kind = told_request_word(r, "kind", told_incident_kinds, KINDS, 0);
	o->filter = (struct told_incident_filter){
		.client = client ? told_request_client(r) : told_bytes(NULL, 0),
		.to = told_request_text(r, "to", false),
		.worker = told_request_text(r, "worker", false),
		.message = told_request_id(r, "message", false),
		.since_ms = told_request_number(r, "since_ms"),
	};
	o->known_ms = told_request_number(r, "known_ms");
	o->dry = told_request_flag(r, "dry_run") == TOLD_YES_NO_YES;
	if (o->filter.to.len > 0)
		told_request_party_known(r, o->filter.to);
}

/* Each kind needs what says which messages are meant. */
static void judge(struct told_request *r, const struct opening *o)
{
	const struct told_incident_filter *f = &o->filter;
	bool person = o->kind == TOLD_INCIDENT_WRONG_PERSON || o->kind == TOLD_INCIDENT_WRONG_MERGE;
	if (o->kind == TOLD_INCIDENT_NONE)
		told_request_refuse(r, TOLD_E_USAGE,
				    "\"kind\" is needed: wrong-person, wrong-recipient, lost-device, key-stolen or "
				    "wrong-merge.");
	if (person && f->client.len == 0)
		told_request_refuse(r, TOLD_E_USAGE, "Name the person whose record went wrong: \"client\".");
	if (o->kind == TOLD_INCIDENT_WRONG_RECIPIENT && f->to.len == 0)
		told_request_refuse(r, TOLD_E_USAGE, "Name the party that should not have had it: \"to\".");
	if (o->kind == TOLD_INCIDENT_LOST_DEVICE && (f->worker.len == 0 || f->since_ms == 0))
		told_request_refuse(r, TOLD_E_USAGE,
				    "Name the worker, and since when the device is gone: \"worker\" "
				    "and \"since_ms\".");
	if (o->kind == TOLD_INCIDENT_KEY_STOLEN && f->since_ms == 0)
		told_request_refuse(r, TOLD_E_USAGE, "Say since when the key may be stolen: \"since_ms\".");
	if (o->known_ms > o->now_ms)
		told_request_refuse(r, TOLD_E_USAGE,
				    TOLD_DAY_TO_COME "\"known_ms\" is when you learned of it: not a time to come.");
}

/* ---- stopping ---- */

static enum told_status restrict_person(struct opening *o, struct told_bytes client)
{
	struct told_draft draft;
	bool party = o->kind == TOLD_INCIDENT_WRONG_RECIPIENT;
	struct told_flag_part part = {.kind = TOLD_FLAG_RESTRICTED,
				      .state = TOLD_FLAG_STATE_SET,
				      .party = party ? o->filter.to : told_bytes(NULL, 0),
				      .since_ms = o->now_ms};
	enum told_status status = told_draft_begin(o->agent, TOLD_TYPE_FLAG, o->caller, client, &draft);
	if (status != TOLD_OK)
		return status;
	if (o->queued)
		memcpy(draft.ticket, o->ticket, sizeof draft.ticket);
	memcpy(o->ticket, draft.ticket, sizeof o->ticket);
	o->queued = true;
	draft.header.flag = &part;
	told_json_add(o->stops, json_pack("{s:s, s:o, s:o}", "done", "restricted", "client", told_client_json(client),
					  "to", told_text_json(part.party)));
	return told_draft_queue(o->agent, &draft, told_bytes(NULL, 0));
}

static void say_command(struct opening *o, const char *who, const char *command, struct told_bytes what)
{
	told_json_add(o->stops, json_pack("{s:s, s:o}", "who", who, "run",
					  json_sprintf("%s %.*s", command, (int)what.len, (const char *)what.data)));
}

static void stop_key(struct opening *o)
{
	const struct told_agreement *a;
	say_command(o, "the operator", "told partner revoke", told_agent_self(o->agent));
	for (size_t i = 0; (a = told_directory_agreement_at(o->agent->directory, i)) != NULL; i++)
		if (told_directory_signed(o->agent->directory, a, o->agent->self, told_agent_now(o->agent)))
			say_command(o, "you", "told agreement suspend", a->id);
}

/* A person's flow stops at once. Keys and tokens are ended by who may end them. */
static enum told_status stop(struct opening *o)
{
	uint8_t client[TOLD_ID_BYTES];
	enum told_status status = TOLD_OK;
	if (o->kind == TOLD_INCIDENT_LOST_DEVICE)
		say_command(o, "you", "told worker suspend", o->filter.worker);
	if (o->kind == TOLD_INCIDENT_KEY_STOLEN)
		stop_key(o);
	if (o->kind == TOLD_INCIDENT_LOST_DEVICE || o->kind == TOLD_INCIDENT_KEY_STOLEN || o->dry)
		return TOLD_OK;
	if (o->filter.client.len > 0)
		return restrict_person(o, o->filter.client);
	json_t *done = json_object(); /* one flag a person */
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(o->went); i++) {
		const char *hex = json_string_value(json_object_get(json_array_get(o->went, i), "client_hex"));
		if (json_object_get(done, hex) != NULL)
			continue;
		json_object_set_new(done, hex, json_true());
		status = told_unhex(told_text(hex), client, sizeof client);
		struct told_bytes kept = told_arena_copy(o->agent->arena, told_bytes(client, sizeof client));
		if (status == TOLD_OK)
			status = restrict_person(o, kept);
	}
	json_decref(done);
	return status;
}

/* ---- calling back ---- */

static enum told_status read_ids(struct told_agent *agent, const json_t *messages, struct told_bytes_list *out)
{
	size_t count = json_array_size(messages);
	uint8_t *ids = told_arena_alloc(agent->arena, count * TOLD_ID_BYTES);
	*out = (struct told_bytes_list){.items = told_arena_alloc(agent->arena, count * sizeof *out->items)};
	enum told_status status = ids == NULL || out->items == NULL ? TOLD_E_MEMORY : TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		uint8_t *id = ids + i * TOLD_ID_BYTES;
		status = told_unhex(told_text(json_string_value(json_array_get(messages, i))), id, TOLD_ID_BYTES);
		out->items[out->count++] = told_bytes(id, TOLD_ID_BYTES);
	}
	return status;
}

static enum told_status recall(struct opening *o, json_t *group)
{
	struct told_draft draft;
	struct told_recall_part part = {.kind = o->kind};
	uint8_t *client = told_arena_alloc(o->agent->arena, TOLD_ID_BYTES);
	struct told_bytes to[] = {told_text(json_string_value(json_object_get(group, "party")))};
	if (client == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = read_ids(o->agent, json_object_get(group, "messages"), &part.messages);
	if (status == TOLD_OK)
		status = told_unhex(told_text(json_string_value(json_object_get(group, "client_hex"))), client,
				    TOLD_ID_BYTES);
	if (status == TOLD_OK)
		status = told_draft_begin(o->agent, TOLD_TYPE_RECALL, o->caller, told_bytes(client, TOLD_ID_BYTES),
					  &draft);
	if (status != TOLD_OK)
		return status;
	if (o->queued)
		memcpy(draft.ticket, o->ticket, sizeof draft.ticket);
	memcpy(o->ticket, draft.ticket, sizeof o->ticket);
	o->queued = true;
	draft.header.recall = &part;
	for (size_t i = 0; status == TOLD_OK && i < part.messages.count; i++)
		status = told_alert_recall(o->agent, o->caller, part.messages.items[i]);
	if (status != TOLD_OK)
		return status;
	draft.header.recipients = (struct told_bytes_list){.items = to, .count = 1};
	status = told_draft_queue(o->agent, &draft, told_bytes(NULL, 0));
	struct told_recall_row row = {.id = draft.header.id,
				      .incident = told_bytes(o->id, TOLD_ID_BYTES),
				      .client = told_bytes(client, TOLD_ID_BYTES)};
	json_t *doc = json_copy(group);
	json_object_del(doc, "client_hex");
	json_object_del(doc, "of");
	if (status == TOLD_OK)
		status = told_recall_save(o->agent, &row, doc);
	json_decref(doc);
	return status;
}

/* ---- the incident ---- */

/* The document names no person: it outlives an erasure. */
static json_t *document(const struct opening *o)
{
	uint64_t known_ms = o->known_ms > 0 ? o->known_ms : o->now_ms;
	json_t *doc = json_pack("{s:s, s:s, s:I, s:I, s:I}", "kind", told_incident_kinds[o->kind], "by",
				o->caller->number, "opened_ms", (json_int_t)o->now_ms, "known_ms", (json_int_t)known_ms,
				"due_ms", (json_int_t)known_ms + TOLD_INCIDENT_REPORT_MS);
	if (doc != NULL)
		told_incident_count(o->went, doc);
	return doc;
}

/* Whoever is asked the same twice answers neither in time: what is open already is not opened again. */
static enum told_status refuse_twice(const struct opening *o, struct told_buf *why)
{
	struct told_kept_row row = {0};
	enum told_status status = json_array_size(o->went) > 0 || o->filter.client.len > 0 ? TOLD_OK : TOLD_E_NOT_FOUND;
	while (status == TOLD_OK) {
		json_t *doc = NULL;
		bool covers = false;
		status = told_incident_next(o->agent, row.seq, &row, &doc);
		const char *kind = json_string_value(json_object_get(doc, "kind"));
		bool same = kind != NULL && strcmp(kind, told_incident_kinds[o->kind]) == 0 &&
			    json_object_get(doc, "closed_ms") == NULL && told_bytes_equal(row.client, o->filter.client);
		json_decref(doc);
		if (status == TOLD_OK && same)
			status = told_incident_covers(o->agent, row.id, o->went, &covers);
		if (status == TOLD_OK && covers) {
			char id[2 * TOLD_ID_BYTES + 1];
			told_hex(row.id.data, row.id.len, id);
			told_buf_printf(why, "That is open already and called back: see told incident show %s.", id);
			return TOLD_E_EXISTS;
		}
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* The list for people: the person as on the card, and who opened it as far as we heard. What is about people whom this
 * worker may not see is called back, too, and not shown. */
static void show_went(struct opening *o)
{
	uint8_t client[TOLD_ID_BYTES];
	for (size_t i = json_array_size(o->went); i-- > 0;) {
		json_t *group = json_array_get(o->went, i);
		const char *hex = json_string_value(json_object_get(group, "client_hex"));
		struct told_bytes whom = told_bytes(client, sizeof client);
		if (told_unhex(told_text(hex), client, sizeof client) != TOLD_OK ||
		    told_may_see(o->agent, o->caller, whom) != TOLD_OK) {
			json_array_remove(o->went, i);
			continue;
		}
		json_object_set_new(group, "client", told_client_json(whom));
		json_object_del(group, "client_hex");
		json_object_del(group, "of");
		json_object_set_new(
			group, "opened",
			told_incident_opened(o->agent, json_object_get(group, "messages"),
					     told_text(json_string_value(json_object_get(group, "party")))));
	}
}

static enum told_status open_it(struct opening *o, struct told_buf *why, json_t **base)
{
	enum told_status status = told_incident_went(o->agent, &o->filter, o->went);
	if (status == TOLD_OK && !o->dry)
		status = refuse_twice(o, why);
	if (status == TOLD_OK)
		status = told_uuid7(o->now_ms, o->id);
	if (status == TOLD_OK)
		status = stop(o);
	for (size_t i = 0; status == TOLD_OK && !o->dry && i < json_array_size(o->went); i++)
		status = recall(o, json_array_get(o->went, i));
	json_t *doc = status == TOLD_OK ? document(o) : NULL;
	if (status == TOLD_OK && !o->dry)
		status = told_incident_save(o->agent, told_bytes(o->id, TOLD_ID_BYTES), o->filter.client, doc);
	if (status == TOLD_OK) {
		show_went(o);
		*base = json_pack("{s:o, s:O, s:O, s:b, s:O?}", "incident",
				  o->dry ? json_null() : told_id_json(told_bytes(o->id, TOLD_ID_BYTES)), "went",
				  o->went, "stops", o->stops, "dry_run", o->dry, "due_ms",
				  json_object_get(doc, "due_ms"));
	}
	json_decref(doc);
	return status == TOLD_OK && *base == NULL ? TOLD_E_MEMORY : status;
}

enum told_status told_agent_incident_open(struct told_agent *agent, const struct told_caller *caller,
					  const json_t *request, struct told_reply *reply)
{
	json_t *base = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct opening o = {.agent = agent, .caller = caller, .went = json_array(), .stops = json_array()};
	struct told_request r =
		told_request_open(agent, request, "kind client to worker message since_ms known_ms dry_run", reply);
	o.now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	read_request(&r, &o);
	judge(&r, &o);
	status = r.status;
	if (status == TOLD_OK && o.filter.client.len > 0)
		status = told_may_see(agent, caller, o.filter.client);
	if (status == TOLD_OK)
		status = open_it(&o, &reply->why, &base);
	if (status == TOLD_E_LIMIT)
		told_buf_put_text(&reply->why, "More went than one incident can call back. Open one for each party "
					       "(\"to\"), or from a later time (\"since_ms\"), and telephone.");
	if (status == TOLD_OK && o.queued)
		status = told_agent_wait_for(agent, o.ticket, base, reply); /* takes base */
	else if (status == TOLD_OK)
		reply->json = base;
	json_decref(o.went);
	json_decref(o.stops);
	return told_call_end(agent, status, reply);
}
