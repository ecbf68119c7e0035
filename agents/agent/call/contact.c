/* SPDX-License-Identifier: Apache-2.0 */
/* Naming the agency's contact for conferences and the deputy, and showing who they are and what keys they have. */
#include "agents/agent/work/contact.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/core/ring.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"

#include <string.h>

static bool may(struct told_request *r, const struct told_caller *caller)
{
	if (!told_may_manage(caller->roles))
		told_request_refuse(r, TOLD_E_NOT_ALLOWED,
				    "Only a senior or coordinator of this agency names its contact for conferences.");
	return r->status == TOLD_OK;
}

/* A live worker of ours, by number; empty after a failure. */
static void read_worker(struct told_request *r, char number[TOLD_NAME_MAX_BYTES + 1])
{
	struct told_worker_row row;
	struct told_bytes text = told_request_text(r, "worker", true);
	number[0] = '\0';
	if (r->status != TOLD_OK)
		return;
	enum told_status status = told_worker_by_number(r->agent->vault, r->agent->arena, text, &row);
	if (status == TOLD_E_NOT_FOUND || (status == TOLD_OK && row.state != TOLD_WORKER_ACTIVE))
		told_request_refuse(r, TOLD_E_NOT_FOUND,
				    "No live worker of ours has this number. told worker ls shows them.");
	else if (status != TOLD_OK)
		told_request_refuse(r, status, "The register of workers cannot be read.");
	else if (text.len <= TOLD_NAME_MAX_BYTES)
		snprintf(number, TOLD_NAME_MAX_BYTES + 1, "%.*s", (int)text.len, (const char *)text.data);
}

/* Whoever sat there before loses their keys. */
static enum told_status seat(struct told_request *r, enum told_contact_seat at, const struct told_appointing *how,
			     uint8_t ticket[TOLD_ID_BYTES])
{
	json_t *roster = NULL;
	char before[TOLD_NAME_MAX_BYTES + 1] = "";
	bool ended = false;
	enum told_status status = told_contact_roster(r->agent, &roster);
	const char *sits = told_roster_worker(roster, at);
	if (sits != NULL && strcmp(sits, how->worker) != 0)
		snprintf(before, sizeof before, "%s", sits);
	json_decref(roster);
	roster = NULL;
	memset(ticket, 0, TOLD_ID_BYTES);
	if (status == TOLD_OK && before[0] != '\0')
		status = told_contact_end(r->agent, before, how->by, ticket, &ended);
	if (status == TOLD_OK)
		status = told_contact_roster(r->agent, &roster);
	if (status == TOLD_OK)
		status = told_roster_appoint(roster, at, how);
	if (status == TOLD_E_EXISTS)
		told_request_refuse(r, status, "This worker is our contact or deputy already.");
	if (status == TOLD_OK)
		status = told_contact_roster_put(r->agent, roster);
	json_decref(roster);
	return status;
}

/* A reply that waits for what was queued, if anything was. */
static enum told_status finish(struct told_agent *agent, const uint8_t ticket[TOLD_ID_BYTES], json_t *base,
			       struct told_reply *reply)
{
	static const uint8_t none[TOLD_ID_BYTES];
	if (memcmp(ticket, none, sizeof none) != 0)
		return told_agent_wait_for(agent, ticket, base, reply);
	reply->json = base;
	return base == NULL ? TOLD_E_MEMORY : TOLD_OK;
}

enum told_status told_agent_contact_name(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	char worker[TOLD_NAME_MAX_BYTES + 1];
	uint8_t ticket[TOLD_ID_BYTES];
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "worker deputy", reply);
	if (may(&r, caller))
		read_worker(&r, worker);
	bool deputy = told_request_flag(&r, "deputy") == TOLD_YES_NO_YES;
	enum told_contact_seat at = deputy ? TOLD_CONTACT_DEPUTY : TOLD_CONTACT_FIRST;
	struct told_appointing how = {worker, caller->number, (uint64_t)told_clock_now(&agent->clock).wall_ms};
	status = r.status == TOLD_OK ? seat(&r, at, &how, ticket) : r.status;
	if (status == TOLD_OK)
		status = finish(agent, ticket,
				json_pack("{s:s, s:s}", "worker", worker, "seat", told_contact_seat_word(at)), reply);
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_contact_leave(struct told_agent *agent, const struct told_caller *caller,
					  const json_t *request, struct told_reply *reply)
{
	uint8_t ticket[TOLD_ID_BYTES];
	char worker[TOLD_NAME_MAX_BYTES + 1] = "";
	bool ended = false;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "worker", reply);
	struct told_bytes text = told_request_text(&r, "worker", true);
	if (r.status == TOLD_OK && text.len < sizeof worker)
		memcpy(worker, text.data, text.len);
	/* Anybody may lay down their own. */
	if (strcmp(worker, caller->number) != 0)
		may(&r, caller);
	status = r.status == TOLD_OK ? told_contact_end(agent, worker, caller->number, ticket, &ended) : r.status;
	if (status == TOLD_OK && !ended)
		told_request_refuse(&r, TOLD_E_NOT_FOUND, "This worker is neither our contact nor the deputy.");
	status = status == TOLD_OK ? r.status : status;
	if (status == TOLD_OK)
		status = finish(agent, ticket, json_pack("{s:s}", "worker", worker), reply);
	return told_call_end(agent, status, reply);
}

/* ---- ls ---- */

static json_t *key_json(const struct told_agent *agent, const struct told_key *key)
{
	char fingerprint[72];
	told_fingerprint(key->key, fingerprint);
	return json_pack("{s:s, s:I, s:s, s:s, s:I}", "worker", key->worker, "number", (json_int_t)key->number, "state",
			 told_key_standing_word(told_key_standing(key, told_agent_now(agent))), "fingerprint",
			 fingerprint, "issued_ms", (json_int_t)key->issued.utc_ms);
}

/* Of others: that there is somebody to seal to, and how many. */
static json_t *others_json(const struct told_agent *agent)
{
	json_t *list = json_array();
	for (uint32_t party = 1; party <= told_party_count(agent->parties); party++) {
		struct told_seal_to to[TOLD_RECIPIENTS_MAX];
		const char *name = told_party_name(agent->parties, party);
		size_t keys =
			party == agent->self ? 0 : told_contact_keys(agent, told_text(name), to, TOLD_RECIPIENTS_MAX);
		if (keys > 0)
			told_json_add(list, json_pack("{s:s, s:I}", "party", name, "contacts", (json_int_t)keys));
	}
	return list;
}

enum told_status told_agent_contacts(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	const struct told_key *key;
	json_t *roster = NULL, *keys = json_array();
	size_t cursor = 0;
	(void)caller;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status == TOLD_OK ? told_contact_roster(agent, &roster) : r.status;
	while (status == TOLD_OK && (key = told_key_record_next(agent, TOLD_KEY_CONTACT, &cursor)) != NULL)
		told_json_add(keys, key_json(agent, key));
	if (status == TOLD_OK)
		reply->json =
			json_pack("{s:O*, s:O*, s:O, s:o}", "contact", json_object_get(roster, "contact"), "deputy",
				  json_object_get(roster, "deputy"), "keys", keys, "others", others_json(agent));
	json_decref(keys);
	json_decref(roster);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
