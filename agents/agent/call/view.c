/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at the broker's log: our own flows, or those that an order for a copy lets us see. The query is a signed
 * message, so who looked, when and why stands in the log before anything comes. What comes is shown and not kept. */
#include "agents/view/view.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/hear.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"

#include <string.h>

#define MISSING_MAX 512u /* receipts of ours held against one view */

static bool may_look(const struct told_caller *caller)
{
	return (caller->roles &
		(TOLD_BIT32(TOLD_ROLE_SENIOR) | TOLD_BIT32(TOLD_ROLE_COORDINATOR) | TOLD_BIT32(TOLD_ROLE_DPO))) != 0;
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
	draft.header.team = told_bytes(NULL, 0);
	draft.header.audit_view = &query.part;
	status = told_draft_queue(r->agent, &draft, told_bytes(NULL, 0));
	return status == TOLD_OK ? told_agent_wait_for(r->agent, draft.ticket, asked_json(request), reply) : status;
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

static json_t *ticket_of(struct told_agent *agent, struct told_bytes query)
{
	for (size_t i = 0; i < TOLD_AGENT_TICKETS_MAX; i++) {
		struct told_ticket *ticket = &agent->tickets[i];
		if (ticket->base != NULL && told_bytes_equal(told_bytes(ticket->id, sizeof ticket->id), query) &&
		    json_object_get(ticket->base, "asked") != NULL)
			return ticket->base;
	}
	return NULL;
}

static bool all_of_ours(const struct told_audit_view_part *part, const json_t *asked, struct told_bytes self)
{
	bool ours = part->of.len == 0 || told_bytes_equal(part->of, self);
	return ours && part->all == 0 && part->message.len == 0 && part->type == 0 && part->phase == 0 &&
	       part->with.len == 0 && part->since_ms == 0 && part->until_ms == 0 &&
	       json_object_get(asked, "client") == NULL;
}

/* No proof says that nothing was left out, but a receipt that we hold does when its entry is not there. */
static enum told_status put_missing(struct told_agent *agent, const struct told_audit_view_part *part,
				    const struct told_view_event *view, json_t *out)
{
	struct told_outbox_place ours[MISSING_MAX];
	uint64_t end = view->next > 0 ? view->next : view->size;
	size_t count = MISSING_MAX, at = 0;
	enum told_status status =
		told_outbox_between(agent->vault, view->base + part->from, view->base + end, ours, &count);
	json_t *missing = json_array();
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		while (at < view->count && view->base + view->entries[at].index < ours[i].entry)
			at++;
		if (at == view->count || view->base + view->entries[at].index != ours[i].entry)
			told_json_add(missing, told_id_json(told_bytes(ours[i].id, TOLD_ID_BYTES)));
	}
	if (json_array_size(missing) > 0) {
		told_log(&agent->log, TOLD_LOG_ERROR, "agent.view_leaves_out",
			 TOLD_LOG_NUMBER("entries", json_array_size(missing)));
		json_object_set(out, "missing", missing);
	}
	json_decref(missing);
	return status;
}

static enum told_status keep(struct told_agent *agent, json_t *base, const struct told_query *query,
			     const struct told_view_event *view)
{
	const json_t *asked = json_object_get(base, "asked");
	json_t *json = told_view_json(&query->part, view);
	enum told_status status = json == NULL ? TOLD_E_MEMORY : TOLD_OK;
	if (status == TOLD_OK && all_of_ours(&query->part, asked, told_agent_self(agent)))
		status = put_missing(agent, &query->part, view, json);
	if (status == TOLD_OK)
		json_object_set(base, "view", json);
	json_decref(json);
	return status;
}

enum told_status told_agent_take_view(struct told_agent *agent, const struct told_view_event *view)
{
	struct told_query query;
	struct told_buf why = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	json_t *base = ticket_of(agent, view->query);
	enum told_status status =
		base == NULL ? TOLD_E_NOT_FOUND : told_query_read(json_object_get(base, "asked"), &query, &why);
	if (status == TOLD_OK)
		status = told_view_check(&query.part, told_agent_self(agent), view);
	if (status == TOLD_OK)
		status = keep(agent, base, &query, view);
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
