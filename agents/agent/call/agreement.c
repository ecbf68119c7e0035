/* SPDX-License-Identifier: Apache-2.0 */
/* Agreements: signing the exact bytes, showing who signed what, suspending, leaving, lifting. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"

#include "broker/agree/load.h"
#include "told/seal.h"

#include <stdio.h>
#include <string.h>

/* Our own line must carry our own fingerprint: signing another would lock us out. */
static bool names_us(const struct told_agent *agent, const struct told_agreement *agreement)
{
	told_hash id;
	told_key_id(agent->keys.of[TOLD_AGENCY_KEY_IDENTITY].key, &id);
	for (size_t i = 0; i < agreement->party_count; i++)
		if (agreement->parties[i].party == agent->self)
			return memcmp(agreement->parties[i].identity_key, id.b, sizeof id.b) == 0;
	return false;
}

static enum told_status load(struct told_request *r, struct told_bytes file, struct told_agreement **out)
{
	struct told_faults faults = {0};
	enum told_status status = told_agreement_load(file, "agreement", r->agent->parties, out, &faults);
	if (status == TOLD_E_CONFIG)
		told_request_refuse(
			r, TOLD_E_CONFIG,
			"The file is no agreement that can be signed. told agreement check FILE says what is wrong, "
			"with line and column.");
	told_faults_free(&faults);
	if (status == TOLD_OK && !names_us(r->agent, *out)) {
		told_request_refuse(
			r, TOLD_E_CONFIG,
			"The file's line for this agency does not carry its identity key's fingerprint (told "
			"fingerprint). Have the file corrected before anyone signs.");
		status = r->status;
	}
	return status;
}

/* Each version is signed once: the log would refuse the second, as two statements under one name. */
static enum told_status check_version(struct told_request *r, const struct told_agreement *agreement)
{
	const struct told_agent *agent = r->agent;
	const struct told_agreement *a;
	char words[512];
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++) {
		bool same = memcmp(a->sha256, agreement->sha256, sizeof a->sha256) == 0;
		if (!told_bytes_equal(a->id, agreement->id) || a->version != agreement->version ||
		    !told_directory_signed(agent->directory, a, agent->self, told_agent_now(agent)))
			continue;
		if (same)
			snprintf(words, sizeof words,
				 "This agency has signed these very bytes already. Nothing needs to be done; told "
				 "agreement "
				 "show says who else has.");
		else
			snprintf(words, sizeof words,
				 "This agency has signed other bytes as version %u. A version is signed once. Give the "
				 "new "
				 "text a new version number (version: %u), and have every party sign that.",
				 a->version, a->version + 1);
		told_request_refuse(r, TOLD_E_EXISTS, words);
		break;
	}
	return r->status;
}

static enum told_status sign(struct told_request *r, const struct told_caller *caller, struct told_bytes file,
			     struct told_agreement *agreement, struct told_draft *draft)
{
	struct told_agent *agent = r->agent;
	struct told_body body = {.attachment = file};
	struct told_bytes bytes;
	struct told_agreement_sign_part part = {
		.id = agreement->id,
		.version = agreement->version,
		.sha256 = told_bytes(agreement->sha256, sizeof agreement->sha256),
	};
	enum told_status status = told_draft_begin(agent, TOLD_TYPE_AGREEMENT_SIGN, caller, told_bytes(NULL, 0), draft);
	if (status == TOLD_OK)
		status = told_agent_encode(agent, TOLD_SCHEMA_BODY, &body, &bytes);
	draft->header.agreement_sign = &part;
	if (status == TOLD_OK)
		status = told_draft_queue(agent, draft, bytes);
	draft->header.agreement_sign = NULL;
	return status;
}

enum told_status told_agent_agreement_sign(struct told_agent *agent, const struct told_caller *caller,
					   const json_t *request, struct told_reply *reply)
{
	struct told_draft draft;
	struct told_agreement *agreement = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "file", reply);
	struct told_bytes file = told_request_text(&r, "file", true);
	status = r.status == TOLD_OK ? load(&r, file, &agreement) : r.status;
	if (status == TOLD_OK)
		status = check_version(&r, agreement);
	if (status == TOLD_OK)
		status = sign(&r, caller, file, agreement, &draft);
	if (status == TOLD_OK)
		status = told_agent_wait_for(
			agent, draft.ticket,
			json_pack("{s:o, s:I, s:o}", "id", told_text_json(agreement->id), "version",
				  (json_int_t)agreement->version, "sha256",
				  told_id_json(told_bytes(agreement->sha256, sizeof agreement->sha256))),
			reply);
	told_agreement_free(agreement);
	return told_call_end(agent, status, reply);
}

static json_t *agreement_json(const struct told_agent *agent, const struct told_agreement *a)
{
	struct told_when now = told_agent_now(agent);
	json_t *signers = json_array(), *governs = json_array(), *suspended = json_array(), *names = json_object();
	for (size_t i = 0; i < a->party_count; i++) {
		uint32_t party = a->parties[i].party;
		const char *name = told_party_name(agent->parties, party);
		if (a->parties[i].legal_name.len > 0)
			json_object_set_new(names, name, told_text_json(a->parties[i].legal_name));
		if (told_directory_signed(agent->directory, a, party, now))
			told_json_add(signers, json_string(name));
		if (party != agent->self &&
		    told_directory_governing(agent->directory, a->id, agent->self, party, now) == a)
			told_json_add(governs, json_string(name));
		if (party != agent->self && told_directory_suspended(agent->directory, a->id, agent->self, party, now))
			told_json_add(suspended, json_string(name));
	}
	return json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "id", told_text_json(a->id), "version",
			 (json_int_t)a->version, "title", told_text_json(a->title), "sha256",
			 told_id_json(told_bytes(a->sha256, sizeof a->sha256)), "signed_by", signers, "governs_with",
			 governs, "suspended", suspended, "names", names);
}

/* The exact text that was signed, as the first signature carried it. */
static enum told_status add_file(struct told_agent *agent, const struct told_agreement *a, json_t *json)
{
	struct told_fact_row fact = {0};
	told_hash hash;
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK; after = fact.entry + 1) {
		status = told_fact_next(agent->vault, agent->arena, told_bytes(NULL, 0), after, &fact);
		if (status != TOLD_OK || fact.type != TOLD_TYPE_AGREEMENT_SIGN)
			continue;
		told_sha256(fact.attachment, &hash);
		if (memcmp(hash.b, a->sha256, sizeof hash.b) != 0)
			continue;
		return json_object_set_new(json, "file", told_text_json(fact.attachment)) == 0 ? TOLD_OK
											       : TOLD_E_MEMORY;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_agreements(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	const struct told_agreement *a;
	json_t *list = json_array();
	(void)caller;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "id", reply);
	struct told_bytes id = told_request_text(&r, "id", false);
	enum told_status status = r.status;
	for (size_t i = 0; status == TOLD_OK && (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++) {
		if (id.len > 0 && !told_bytes_equal(a->id, id))
			continue;
		json_t *json = agreement_json(agent, a);
		if (id.len > 0 && json != NULL)
			status = add_file(agent, a, json);
		told_json_add(list, json);
	}
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "agreements", list);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

enum told_status told_agent_agreement_act(struct told_agent *agent, const struct told_caller *caller,
					  const json_t *request, struct told_reply *reply)
{
	static const char *const actions[] = {NULL, "suspend", "leave", "lift"};
	struct told_draft draft;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "id action", reply);
	struct told_agreement_suspend_part part = {.id = told_request_text(&r, "id", true),
						   .action = told_request_word(&r, "action", actions, 4, 0)};
	if (r.status == TOLD_OK && part.action == 0)
		told_request_refuse(&r, TOLD_E_USAGE, "\"action\" is suspend, leave or lift.");
	status = r.status;
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_AGREEMENT_SUSPEND, caller, told_bytes(NULL, 0), &draft);
	draft.header.agreement_suspend = &part;
	if (status == TOLD_OK)
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket, json_object(), reply);
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_fingerprint(struct told_agent *agent, const struct told_caller *caller,
					const json_t *request, struct told_reply *reply)
{
	char fingerprint[72];
	(void)caller;
	struct told_request r = told_request_open(agent, request, "", reply);
	if (r.status != TOLD_OK)
		return r.status;
	told_fingerprint(agent->keys.of[TOLD_AGENCY_KEY_IDENTITY].key, fingerprint);
	reply->json = json_pack(
		"{s:s, s:s, s:o, s:o}", "party", agent->settings.party, "identity", fingerprint, "identity_key",
		told_id_json(told_bytes(agent->keys.of[TOLD_AGENCY_KEY_IDENTITY].key, TOLD_KEY_BYTES)), "session_key",
		told_id_json(told_bytes(agent->keys.of[TOLD_AGENCY_KEY_SESSION].key, TOLD_KEY_BYTES)));
	return reply->json == NULL ? TOLD_E_MEMORY : TOLD_OK;
}
