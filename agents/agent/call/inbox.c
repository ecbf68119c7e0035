/* SPDX-License-Identifier: Apache-2.0 */
/* What came and what went, as lists. What a withdrawal covers is not shown. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/correct.h"
#include "agents/agent/work/docket.h"
#include "agents/agent/work/limit.h"
#include "agents/agent/work/may_see.h"
#include "agents/agent/work/referral.h"
#include "agents/agent/work/rest.h"

#include <string.h>

#define LIST_MAX 200u

static enum told_status sections_of(struct told_agent *agent, const struct told_caller *caller, uint64_t inbox,
				    json_t *list)
{
	struct told_section_row row;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_section_next_of_inbox(agent->vault, agent->arena, inbox, after, &row);
		after = row.id;
		bool allows = false;
		if (status == TOLD_OK)
			status = told_limit_allows(agent, caller, &row, &allows);
		json_t *shown = NULL;
		if (status == TOLD_OK && !row.hidden && allows)
			status = told_section_shown(agent, &row, &shown);
		if (shown != NULL)
			told_json_add(list, shown);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* How the referral that it belongs to stands now: word, flags, days. */
static enum told_status add_referral(struct told_agent *agent, struct told_bytes client, struct told_bytes id,
				     const char *member, json_t *json)
{
	struct told_person *person = NULL;
	json_object_set_new(json, "referral", told_id_json(id));
	if (client.len != TOLD_ID_BYTES)
		return TOLD_OK;
	enum told_status status = told_agent_person(agent, client, &person);
	const struct told_referral_facts *f = status == TOLD_OK ? told_person_referral(person, id) : NULL;
	if (f != NULL)
		json_object_set_new(json, member, told_referral_json(agent, client, person, f));
	told_person_free(person);
	return status;
}

/* Of a referral that waits because another is open: which one that is. */
static enum told_status add_duplicate(struct told_agent *agent, const struct told_outbox_row *row, json_t *json)
{
	struct told_person *person = NULL;
	struct told_header *header = NULL;
	if (row->state != TOLD_OUTBOX_HELD || told_header_decode(row->header, agent->arena, &header) != TOLD_OK ||
	    header->recipients.count == 0)
		return TOLD_OK;
	enum told_status status = told_agent_person(agent, row->client, &person);
	const struct told_referral_facts *open =
		status == TOLD_OK ? told_referral_open(agent, person, header->recipients.items[0], row->id) : NULL;
	if (open != NULL)
		json_object_set_new(json, "duplicate_of", told_referral_link_json(agent, open));
	told_person_free(person);
	return status;
}

static enum told_status add_parcel(struct told_agent *agent, const struct told_caller *caller,
				   const struct told_inbox_row *row, json_t *list)
{
	json_t *sections = json_array();
	enum told_status status = sections_of(agent, caller, row->seq, sections);
	if (status == TOLD_OK)
		status = told_beside_sections(agent, row->client, sections);
	json_t *json = json_pack("{s:I, s:o, s:s, s:o, s:o, s:o, s:I, s:b, s:o}", "n", (json_int_t)row->seq, "parcel",
				 told_id_json(row->parcel), "type", told_code(TOLD_LIST_TYPE, row->type), "from",
				 told_text_json(row->sender), "client", told_client_json(row->client), "message",
				 told_id_json(row->message), "received_ms", (json_int_t)row->received_ms, "withheld",
				 row->marker, "sections", sections);
	if (json != NULL && row->referral.len > 0 && status == TOLD_OK)
		status = add_referral(agent, row->client, row->referral, "standing", json);
	if (json != NULL && row->reply.len > 0)
		json_object_set_new(json, "in_reply_to", told_id_json(row->reply));
	if (!told_json_add(list, json) && status == TOLD_OK)
		status = TOLD_E_MEMORY;
	return status;
}

/* Keys, agreements and enrolments are the agent's business, not a worker's. */
static bool for_workers(const struct told_inbox_row *row)
{
	return !told_register_cares(row->type) && row->type != TOLD_TYPE_OPENED && row->type != TOLD_TYPE_CAPACITY &&
	       row->type != TOLD_TYPE_AUDIT_COPY && row->type != TOLD_TYPE_ALERT_RECORD;
}

static enum told_status list_parcels(struct told_agent *agent, const struct told_caller *caller,
				     struct told_bytes client, uint64_t after, json_t *list)
{
	enum told_inbox_list which = client.len > 0 ? TOLD_INBOX_OF_CLIENT : TOLD_INBOX_OF_ALL;
	struct told_inbox_row row;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && json_array_size(list) < LIST_MAX) {
		status = told_inbox_next(agent->vault, agent->arena, which, client, after, &row);
		after = row.seq;
		if (status != TOLD_OK || !for_workers(&row))
			continue;
		if (row.client.len == TOLD_ID_BYTES && told_may_see(agent, caller, row.client) != TOLD_OK)
			continue;
		bool allows = false;
		status = told_limit_message(agent, caller, row.message, &allows);
		if (status != TOLD_OK || !allows)
			continue;
		status = add_parcel(agent, caller, &row, list);
		if (status == TOLD_OK) /* shown is opened: its sender waits to hear that */
			status = told_opened_note(agent, caller, &row);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static struct told_bytes client_if_any(struct told_request *r)
{
	bool there = r->object != NULL && json_object_get(r->object, "client") != NULL;
	return there ? told_request_client(r) : told_bytes(NULL, 0);
}

enum told_status told_agent_inbox(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	json_t *list = json_array(), *notices = json_array();
	struct told_request r = told_request_open(agent, request, "after client", reply);
	struct told_bytes client = client_if_any(&r);
	uint64_t after = told_request_number(&r, "after");
	status = r.status;
	if (status == TOLD_OK)
		status = list_parcels(agent, caller, client, after, list);
	if (status == TOLD_OK)
		status = told_overdue_notices(agent, caller, notices);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O, s:O}", "parcels", list, "notices", notices);
	told_agent_head(agent, reply->json);
	json_decref(list);
	json_decref(notices);
	return told_call_end(agent, status, reply);
}

/* Sections that the log let go and whose key has not gone: the number of them. */
static void add_rest(const struct told_rest_debts *debts, const struct told_outbox_row *row, json_t *json)
{
	size_t owed = told_rest_owed(debts, row->id);
	if (owed > 0)
		json_object_set_new(json, "rest", json_integer((json_int_t)owed));
}

/* The newest last; grants are the agent's own business. */
enum told_status told_agent_sent(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	json_t *list = json_array();
	struct told_outbox_row row;
	uint64_t after = 0;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client state", reply);
	struct told_bytes client = client_if_any(&r);
	uint32_t state = told_request_word(&r, "state", told_outbox_words, TOLD_OUTBOX_STATES, 0);
	struct told_rest_debts debts = {.items = NULL};
	enum told_status status = r.status == TOLD_OK ? told_rest_debts(agent, &debts) : r.status;
	while (status == TOLD_OK) {
		status = told_outbox_next(agent->vault, agent->arena,
					  client.len > 0 ? TOLD_OUTBOX_OF_CLIENT : TOLD_OUTBOX_OF_ALL, client, after,
					  &row);
		after = row.seq;
		if (status != TOLD_OK || row.type == TOLD_TYPE_GRANT || row.type == TOLD_TYPE_ACK ||
		    row.type == TOLD_TYPE_OPENED || (state != 0 && row.state != state))
			continue;
		bool allows = false;
		if (row.client.len == TOLD_ID_BYTES && told_may_see(agent, caller, row.client) != TOLD_OK)
			continue;
		status = told_limit_sent(agent, caller, &row, &allows);
		if (status != TOLD_OK || !allows)
			continue;
		json_t *json = told_message_json(agent, &row);
		if (json != NULL && row.type == TOLD_TYPE_REFERRAL)
			status = add_referral(agent, row.client, row.id, "standing", json);
		if (json != NULL && row.type == TOLD_TYPE_REFERRAL && status == TOLD_OK)
			status = add_duplicate(agent, &row, json);
		if (json != NULL)
			add_rest(&debts, &row, json);
		told_json_add(list, json);
		if (json_array_size(list) > LIST_MAX)
			json_array_remove(list, 0);
	}
	status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "messages", list);
	json_decref(list);
	told_rest_debts_free(&debts);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
