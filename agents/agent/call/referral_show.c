/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of referrals: lists, and one with all that came with it. Shown is opened. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/correct.h"
#include "agents/agent/work/docket.h"
#include "agents/agent/work/limit.h"
#include "agents/agent/work/may_see.h"
#include "agents/agent/work/referral.h"

#include <string.h>

static enum told_status list_person(struct told_agent *agent, const struct told_caller *caller,
				    struct told_bytes client, json_t *list)
{
	struct told_person *person = NULL;
	enum told_status status = told_agent_person(agent, client, &person);
	for (size_t i = 0; status == TOLD_OK && i < person->referral_count; i++) {
		const struct told_referral_facts *f = &person->referrals[i];
		bool allows = false;
		status = told_limit_message(agent, caller, told_bytes(f->id, TOLD_ID_BYTES), &allows);
		if (status == TOLD_OK && allows)
			told_json_add(list, told_referral_json(agent, client, person, f));
	}
	told_person_free(person);
	return status;
}

/* Everyone of whom we know a referral. */
static enum told_status list_all(struct told_agent *agent, const struct told_caller *caller, json_t *list)
{
	uint8_t ref[TOLD_ID_BYTES] = {0};
	enum told_status status = told_fact_next_referred(agent->vault, ref, true);
	while (status == TOLD_OK) {
		struct told_bytes client = told_bytes(ref, sizeof ref);
		told_arena_reset(agent->arena);
		if (told_may_see(agent, caller, client) == TOLD_OK)
			status = list_person(agent, caller, client, list);
		if (status == TOLD_OK)
			status = told_fact_next_referred(agent->vault, ref, false);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status list_of(struct told_request *r, const struct told_caller *caller, json_t *list)
{
	uint8_t ref[TOLD_ID_BYTES];
	struct told_bytes client = told_request_client(r);
	if (r->status != TOLD_OK)
		return r->status;
	memcpy(ref, client.data, sizeof ref);
	enum told_status status = told_may_see(r->agent, caller, client);
	if (status == TOLD_OK)
		status = list_person(r->agent, caller, told_bytes(ref, sizeof ref), list);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status; /* for an excluded worker there is nothing */
}

enum told_status told_agent_referrals(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	json_t *list = json_array(), *notices = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	bool one = request != NULL && json_object_get(request, "client") != NULL;
	enum told_status status = r.status;
	if (status == TOLD_OK)
		status = one ? list_of(&r, caller, list) : list_all(agent, caller, list);
	if (status == TOLD_OK)
		status = told_overdue_notices(agent, caller, notices);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O, s:O}", "referrals", list, "notices", notices);
	json_decref(list);
	json_decref(notices);
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
			bool allows = false;
			if (more == TOLD_OK)
				more = told_limit_allows(agent, caller, &section, &allows);
			json_t *shown = NULL;
			if (more == TOLD_OK && !section.hidden && allows)
				more = told_section_shown(agent, &section, &shown);
			if (shown != NULL)
				told_json_add(sections, shown);
		}
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status add_book(struct told_agent *agent, struct told_bytes id, json_t *json)
{
	struct told_search search;
	json_t *book = NULL;
	enum told_status status = told_book_load(agent, id, &book);
	if (status == TOLD_OK)
		status = told_book_search(book, &search);
	if (status == TOLD_OK && json_array_size(json_object_get(book, "tries")) > 0) {
		json_object_set(json, "tries", json_object_get(book, "tries"));
		json_object_set_new(json, "attendance", told_book_attendance(&search));
	}
	if (status == TOLD_OK && json_object_get(book, "worker") != NULL)
		json_object_set(json, "worker", json_object_get(book, "worker"));
	json_decref(book);
	return status;
}

enum told_status told_agent_referral(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	struct told_found_referral f = {.person = NULL};
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	json_t *sections = json_array(), *history = json_array();
	struct told_request r = told_request_open(agent, request, "referral", reply);
	status = told_referral_named(&r, caller, &f);
	if (status == TOLD_OK)
		status = add_parcels(agent, caller, told_referral_id(&f), sections, history);
	if (status == TOLD_OK)
		status = told_beside_sections(agent, f.client, sections);
	if (status == TOLD_OK)
		reply->json = told_referral_json(agent, f.client, f.person, f.facts);
	told_agent_head(agent, reply->json);
	if (reply->json != NULL) {
		json_object_set(reply->json, "sections", sections);
		json_object_set(reply->json, "history", history);
		status = add_book(agent, told_referral_id(&f), reply->json);
	}
	json_decref(sections);
	json_decref(history);
	told_referral_drop(&f);
	return told_call_end(agent, status, reply);
}
