/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at the broker's log: our own flows, or those that an order for a copy lets us see. The query is a signed
 * message, so who looked, when and why stands in the log before anything comes. What comes is shown and not kept. */
#include "agents/view/view.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/hear.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/may_see.h"
#include "agents/agent/work/statement.h"

#include "proto/code.h"
#include "proto/types.h"
#include "told/codes.h"

#include <string.h>

#define MISSING_MAX 512u /* receipts of ours held against one view */

static bool may_look(const struct told_caller *caller)
{
	return (caller->roles &
		(TOLD_BIT32(TOLD_ROLE_SENIOR) | TOLD_BIT32(TOLD_ROLE_COORDINATOR) | TOLD_BIT32(TOLD_ROLE_DPO))) != 0;
}

static struct told_ticket *ticket_of(struct told_agent *agent, struct told_bytes query)
{
	for (size_t i = 0; i < TOLD_AGENT_TICKETS_MAX; i++) {
		struct told_ticket *ticket = &agent->tickets[i];
		if (ticket->base != NULL && told_bytes_equal(told_bytes(ticket->id, sizeof ticket->id), query) &&
		    json_object_get(ticket->base, "asked") != NULL)
			return ticket;
	}
	return NULL;
}

/* What was asked stays with the ticket: what comes is held against it. */
static json_t *asked_json(const json_t *request)
{
	json_t *copy = json_deep_copy(request);
	json_t *base = copy == NULL ? NULL : json_pack("{s:o}", "asked", copy);
	return base;
}

static enum told_status look(struct told_request *r, const struct told_caller *caller, const json_t *request,
			     struct told_reply *reply)
{
	struct told_query query;
	struct told_draft draft;
	bool person = json_object_get(request, "client") != NULL;
	struct told_bytes client = person ? told_request_client(r) : told_bytes(NULL, 0);
	enum told_status status = r->status == TOLD_OK ? told_query_read(request, &query, &reply->why) : r->status;
	if (status == TOLD_OK && person && (query.part.message.len > 0 || query.part.all != 0)) {
		told_buf_put_text(&reply->why, "A person is looked for among entries of one party: leave \"message\" "
					       "and \"all\" out.");
		status = TOLD_E_USAGE;
	}
	if (status == TOLD_OK)
		status = told_draft_begin(r->agent, TOLD_TYPE_AUDIT_VIEW, caller, client, &draft);
	if (status != TOLD_OK)
		return status;
	query.part.count = TOLD_VIEW_MAX; /* how many are wanted is counted here, among those that are shown */
	draft.header.team = told_bytes(NULL, 0);
	draft.header.audit_view = &query.part;
	status = told_draft_queue(r->agent, &draft, told_bytes(NULL, 0));
	if (status == TOLD_OK)
		status = told_agent_wait_for(r->agent, draft.ticket, asked_json(request), reply);
	struct told_ticket *ticket = ticket_of(r->agent, told_bytes(draft.ticket, TOLD_ID_BYTES));
	if (status == TOLD_OK && ticket != NULL)
		ticket->by = *caller;
	return status;
}

enum told_status told_agent_audit_view(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	if (!may_look(caller)) {
		told_buf_put_text(&reply->why, "Only a senior, a coordinator or the data protection officer looks at "
					       "the broker's log. Ask one of them.");
		return TOLD_E_NOT_ALLOWED;
	}
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, TOLD_QUERY_MEMBERS " client", reply);
	status = look(&r, caller, request, reply);
	return told_call_end(agent, status, reply);
}

/* ---- what came ---- */

static bool is_ours(const struct told_audit_view_part *part, struct told_bytes self)
{
	return part->all == 0 && (part->of.len == 0 || told_bytes_equal(part->of, self));
}

static bool all_of_ours(const struct told_audit_view_part *part, const json_t *asked, struct told_bytes self)
{
	return is_ours(part, self) && part->message.len == 0 && part->type == 0 && part->phase == 0 &&
	       part->with.len == 0 && part->since_ms == 0 && part->until_ms == 0 &&
	       json_object_get(asked, "client") == NULL;
}

/* Of a page of all that is ours: each receipt within it has its entry there. */
static enum told_status find_missing(struct told_agent *agent, const struct told_audit_view_part *part,
				     const struct told_view_event *view, json_t *missing)
{
	struct told_outbox_place ours[MISSING_MAX];
	uint64_t end = view->next > 0 ? view->next : view->size;
	size_t count = MISSING_MAX, at = 0;
	if (part->from >= end) /* a cursor from beyond the log's end */
		return TOLD_OK;
	enum told_status status =
		told_outbox_between(agent->vault, view->base + part->from, view->base + end, ours, &count);
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		while (at < view->count && view->base + view->entries[at].index < ours[i].entry)
			at++;
		if (at == view->count || view->base + view->entries[at].index != ours[i].entry)
			told_json_add(missing, told_id_json(told_bytes(ours[i].id, TOLD_ID_BYTES)));
	}
	return status;
}

/* Of one message: there is an entry if we have a receipt, and it is that one. The broker finds it by its number for as
 * long as it may come again. */
static enum told_status find_one(struct told_agent *agent, const struct told_audit_view_part *part,
				 const struct told_view_event *view, json_t *missing)
{
	struct told_outbox_row row;
	enum told_status status = told_outbox_get(agent->vault, agent->arena, part->message, &row);
	bool there = view->count == 1 && view->base + view->entries[0].index == row.entry;
	bool found_by_number = status == TOLD_OK && (int64_t)row.expires_ms > told_clock_now(&agent->clock).wall_ms;
	if (status == TOLD_OK && row.receipt.len > 0 && !there && (found_by_number || view->count > 0))
		told_json_add(missing, told_id_json(row.id));
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* No proof says that nothing was left out, but a receipt that we hold does when its entry is not there. */
static enum told_status put_missing(struct told_agent *agent, const struct told_audit_view_part *part,
				    const json_t *asked, const struct told_view_event *view, json_t *out)
{
	struct told_bytes self = told_agent_self(agent);
	json_t *missing = json_array();
	enum told_status status = TOLD_OK;
	if (part->message.len > 0 && is_ours(part, self))
		status = find_one(agent, part, view, missing);
	else if (all_of_ours(part, asked, self))
		status = find_missing(agent, part, view, missing);
	if (json_array_size(missing) > 0) {
		told_log(&agent->log, TOLD_LOG_ERROR, "agent.view_leaves_out",
			 TOLD_LOG_NUMBER("entries", json_array_size(missing)));
		json_object_set(out, "missing", missing);
	}
	json_decref(missing);
	return status;
}

/* ---- who may see whom ---- */

/* What is sent to whoever holds something of the person: of a stranger nobody does. */
static bool tells_who_holds(const json_t *entry)
{
	const char *type = json_string_value(json_object_get(entry, "type"));
	const struct told_type_rule *rule =
		type == NULL ? NULL : told_type_rule(told_value(TOLD_LIST_TYPE, told_text(type)));
	return json_object_get(entry, "to") != NULL &&
	       (rule == NULL || rule->spread == TOLD_SPREAD_PERSON || rule->spread == TOLD_SPREAD_HOLDERS);
}

/* What they wrote themselves about a stranger they would find there. */
static bool is_their_own(struct told_agent *agent, const struct told_caller *by, const json_t *entry)
{
	const char *from = json_string_value(json_object_get(entry, "from"));
	const char *worker = json_string_value(json_object_get(entry, "worker"));
	return from != NULL && worker != NULL && told_bytes_equal(told_text(from), told_agent_self(agent)) &&
	       strcmp(worker, by->number) == 0 && !tells_who_holds(entry);
}

/* A message of ours that they know of. */
static bool is_known(struct told_agent *agent, const json_t *id)
{
	uint8_t bytes[TOLD_ID_BYTES];
	struct told_outbox_row row;
	return json_is_string(id) && told_unhex(told_text(json_string_value(id)), bytes, sizeof bytes) == TOLD_OK &&
	       told_outbox_get(agent->vault, agent->arena, told_bytes(bytes, sizeof bytes), &row) == TOLD_OK;
}

static bool may_see_entry(struct told_agent *agent, const struct told_caller *by, const json_t *entry)
{
	uint8_t client[TOLD_ID_BYTES];
	const char *code = json_string_value(json_object_get(entry, "client"));
	if (code == NULL)
		return true;
	struct told_bytes whom = told_bytes(client, sizeof client);
	if (told_code_read(told_text(code), client) != TOLD_OK)
		return false;
	return told_vault_sees(agent->vault, whom) ? told_may_see(agent, by, whom) == TOLD_OK
						   : is_their_own(agent, by, entry);
}

/* Acknowledgements and openings name no message, and so cannot be left out with those that are: whoever counted them
 * would count what is hidden. */
static bool names_no_message(const json_t *entry)
{
	const char *type = json_string_value(json_object_get(entry, "type"));
	return type != NULL && (strcmp(type, told_code(TOLD_LIST_TYPE, TOLD_TYPE_ACK)) == 0 ||
				strcmp(type, told_code(TOLD_LIST_TYPE, TOLD_TYPE_OPENED)) == 0);
}

/* An entry of a MARAC that waits for names shows to the contact, and to who called it. */
static bool may_see_message(struct told_agent *agent, const json_t *entry, uint64_t base)
{
	size_t i = 0;
	json_t *purpose = NULL;
	bool marac = false;
	json_array_foreach(json_object_get(entry, "purposes"), i, purpose) marac |=
		strcmp(json_string_value(purpose), told_code(TOLD_LIST_PURPOSE, TOLD_PURPOSE_MARAC)) == 0;
	return !marac ||
	       told_unnamed_shows(agent->vault, base + (uint64_t)json_integer_value(json_object_get(entry, "entry")));
}

/* Those who are shown are counted, and none that is left out: neither by how many were wanted, nor by where the next
 * page begins, nor by how much an earlier look was given. */
static void count_shown(json_t *view, size_t wanted)
{
	size_t i = 0;
	json_t *entry = NULL, *entries = json_object_get(view, "entries");
	if (json_array_size(entries) > wanted)
		json_object_set(view, "next", json_object_get(json_array_get(entries, wanted), "entry"));
	while (json_array_size(entries) > wanted)
		json_array_remove(entries, json_array_size(entries) - 1);
	json_array_foreach(entries, i, entry) json_object_del(json_object_get(entry, "looked"), "given");
	if (json_array_size(entries) == 0)
		json_object_del(view, "proof");
}

static void leave_out(struct told_agent *agent, const struct told_caller *by, uint64_t base, json_t *view)
{
	json_t *entries = json_object_get(view, "entries"), *missing = json_object_get(view, "missing");
	for (size_t i = json_array_size(entries); i-- > 0;)
		if (names_no_message(json_array_get(entries, i)) ||
		    !may_see_entry(agent, by, json_array_get(entries, i)) ||
		    !may_see_message(agent, json_array_get(entries, i), base))
			json_array_remove(entries, i);
	for (size_t i = json_array_size(missing); i-- > 0;)
		if (!is_known(agent, json_array_get(missing, i)))
			json_array_remove(missing, i);
	if (missing != NULL && json_array_size(missing) == 0)
		json_object_del(view, "missing");
}

/* Entries about people who are strangers to whoever asked are left out, as in every other call. */
static enum told_status narrow_to(struct told_agent *agent, const struct told_caller *by, uint64_t base, size_t wanted,
				  json_t *view)
{
	enum told_status status = told_agent_as(agent, by);
	if (status == TOLD_OK)
		leave_out(agent, by, base, view);
	count_shown(view, status == TOLD_OK ? wanted : 0);
	enum told_status back = told_agent_as(agent, NULL);
	return status == TOLD_OK ? back : status;
}

/* A look about a person stands on their statement; its further pages are the same look. */
static enum told_status note_look(struct told_agent *agent, const struct told_query *query, const json_t *asked,
				  struct told_bytes id)
{
	uint8_t client[TOLD_ID_BYTES];
	const char *code = json_string_value(json_object_get(asked, "client"));
	if (code == NULL || query->part.from > 0)
		return TOLD_OK;
	enum told_status status = told_code_read(told_text(code), client);
	return status == TOLD_OK ? told_check_looked(agent, id, told_bytes(client, sizeof client), query->part.purpose,
						     told_clock_now(&agent->clock).wall_ms)
				 : status;
}

static enum told_status keep(struct told_agent *agent, struct told_ticket *ticket, const struct told_query *query,
			     size_t wanted, const struct told_view_event *view)
{
	json_t *json = told_view_json(&query->part, view);
	enum told_status status = json == NULL ? TOLD_E_MEMORY : TOLD_OK;
	if (status == TOLD_OK)
		status = put_missing(agent, &query->part, json_object_get(ticket->base, "asked"), view, json);
	if (status == TOLD_OK)
		status = note_look(agent, query, json_object_get(ticket->base, "asked"), view->query);
	if (status == TOLD_OK)
		status = narrow_to(agent, &ticket->by, view->base, wanted, json);
	if (status == TOLD_OK)
		json_object_set(ticket->base, "view", json);
	json_decref(json);
	return status;
}

enum told_status told_agent_take_view(struct told_agent *agent, const struct told_view_event *view)
{
	struct told_query query;
	struct told_buf why = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	struct told_ticket *ticket = ticket_of(agent, view->query);
	json_t *base = ticket == NULL ? NULL : ticket->base;
	enum told_status status =
		base == NULL ? TOLD_E_NOT_FOUND : told_query_read(json_object_get(base, "asked"), &query, &why);
	size_t wanted = status == TOLD_OK ? query.part.count : 0;
	query.part.count = TOLD_VIEW_MAX;
	if (status == TOLD_OK)
		status = told_view_check(&query.part, told_agent_self(agent), view);
	if (status == TOLD_OK)
		status = keep(agent, ticket, &query, wanted, view);
	told_buf_free(&why);
	if (told_status_class(status) != TOLD_CLASS_PEER)
		return status;
	/* What nobody asked for, or more than was asked for: none of it is shown. */
	told_log(&agent->log, TOLD_LOG_ERROR, "agent.view_refused", TOLD_LOG_STATUS("status", status),
		 TOLD_LOG_NUMBER("entries", view->count));
	if (base != NULL)
		json_object_set_new(base, "view_refused", json_string(told_status_name(status)));
	return TOLD_OK;
}
