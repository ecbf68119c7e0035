/* SPDX-License-Identifier: Apache-2.0 */
/* Our keys: renewing one, taking one back, listing them. The log says what counts; the files follow it (ring.c). */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/ring.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"

#include "told/seal.h"

#include <string.h>

static const char *const purposes[] = {
	[TOLD_KEY_IDENTITY] = "identity", [TOLD_KEY_SIGNING] = "signing", [TOLD_KEY_SEALING] = "sealing",
	[TOLD_KEY_WITNESS] = "witness",   [TOLD_KEY_SESSION] = "session", [TOLD_KEY_CONTACT] = "contact",
};

static const struct told_key_job *job_of(struct told_request *r)
{
	struct told_bytes word = told_request_text(r, "purpose", true);
	for (size_t i = 0; r->status == TOLD_OK && i < TOLD_KEY_JOBS; i++)
		if (told_bytes_equal(word, told_text(told_key_jobs[i].word)))
			return &told_key_jobs[i];
	told_request_refuse(
		r, TOLD_E_USAGE,
		"\"purpose\" is signing, sealing, witness or session. A new identity key needs a new version "
		"of each agreement, because its fingerprint stands there.");
	return NULL;
}

static bool may(struct told_request *r, const struct told_caller *caller)
{
	if (!told_may_manage(caller->roles))
		told_request_refuse(r, TOLD_E_NOT_ALLOWED,
				    "Only a senior or coordinator of this agency changes its keys.");
	return r->status == TOLD_OK;
}

/* ---- rotate ---- */

/* One change after the other: two at once would have one number. */
static enum told_status nothing_waits(struct told_request *r)
{
	struct told_outbox_row row;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_outbox_next(r->agent->vault, r->agent->arena, TOLD_OUTBOX_OF_WAITING, told_bytes(NULL, 0),
					  after, &row);
		after = row.seq;
		if (status == TOLD_OK && row.type == TOLD_TYPE_KEY_RECORD) {
			told_request_refuse(r, TOLD_E_BUSY,
					    "A change of our keys is on its way to the broker. Wait until it has its "
					    "receipt (told sent), then try again.");
			return r->status;
		}
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static uint32_t highest(const struct told_agent *agent, enum told_key_purpose purpose)
{
	const struct told_key *record;
	size_t cursor = 0;
	uint32_t number = 0;
	while ((record = told_key_record_next(agent, purpose, &cursor)) != NULL)
		number = record->number > number ? record->number : number;
	return number;
}

static enum told_status make_next(struct told_request *r, const struct told_key_job *job, uint32_t *number,
				  struct told_keypair *pair)
{
	struct told_agent *agent = r->agent;
	enum told_status status = nothing_waits(r);
	if (status != TOLD_OK)
		return status;
	*number = highest(agent, job->purpose) + 1;
	if (*number == 1)
		told_request_refuse(r, TOLD_E_NOT_FOUND,
				    "The log does not have our first keys yet. Let the agent connect, then try again.");
	else if (*number > TOLD_KEY_NUMBERS_MAX)
		told_request_refuse(r, TOLD_E_LIMIT, "This folder has had all the keys it can have: make a fresh one.");
	else if (job->purpose == TOLD_KEY_SEALING && agent->sealing_count >= TOLD_SEALING_KEYS_MAX)
		told_request_refuse(
			r, TOLD_E_LIMIT,
			"Four sealing keys are kept already. Revoke the oldest first (told key ls, told key "
			"revoke sealing NUMBER).");
	return r->status == TOLD_OK ? told_key_make(agent->dir, job->key, *number, pair) : r->status;
}

enum told_status told_agent_key_rotate(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	struct told_keypair pair = {{0}, {0}};
	uint8_t ticket[TOLD_ID_BYTES];
	struct told_key_change change = {.action = TOLD_KEY_ACTION_ISSUE, .pair = &pair};
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "purpose", reply);
	const struct told_key_job *job = job_of(&r);
	status = may(&r, caller) ? make_next(&r, job, &change.number, &pair) : r.status;
	if (status == TOLD_OK) {
		change.purpose = job->purpose;
		status = told_agent_queue_key(agent, &change, ticket);
	}
	told_wipe(&pair, sizeof pair);
	if (status == TOLD_OK)
		status = told_agent_wait_for(
			agent, ticket,
			json_pack("{s:s, s:I}", "purpose", job->word, "number", (json_int_t)change.number), reply);
	return told_call_end(agent, status, reply);
}

/* ---- revoke ---- */

static const struct told_key *to_revoke(struct told_request *r, const struct told_key_job *job)
{
	const struct told_key *record, *found = NULL;
	uint64_t number = 0;
	size_t cursor = 0;
	struct told_bytes text = told_request_text(r, "number", true);
	if (r->status == TOLD_OK && told_decimal(text, TOLD_KEY_NUMBERS_MAX, &number) != TOLD_OK)
		told_request_refuse(r, TOLD_E_USAGE, "\"number\" is the key's number, as told key ls shows it.");
	while (r->status == TOLD_OK && (record = told_key_record_next(r->agent, job->purpose, &cursor)) != NULL)
		found = record->number == number ? record : found;
	if (r->status != TOLD_OK)
		return NULL;
	if (found == NULL)
		told_request_refuse(r, TOLD_E_NOT_FOUND, "The log has no such key of ours. See told key ls.");
	else if (told_key_standing(found, told_agent_now(r->agent)) == TOLD_KEY_REVOKED)
		told_request_refuse(r, TOLD_E_EXISTS, "This key was revoked before.");
	else if (memcmp(found->key, r->agent->keys.of[job->key].key, TOLD_KEY_BYTES) == 0)
		told_request_refuse(
			r, TOLD_E_NOT_ALLOWED,
			"This key is in use: without it nothing could be sent or read. Make a new one first "
			"(told key rotate), then revoke this one.");
	return r->status == TOLD_OK ? found : NULL;
}

/* What the key signed and has no receipt yet would be refused: it goes again, under the key in use. */
static enum told_status sign_anew(struct told_agent *agent)
{
	agent->sent_seq = 0;
	return told_outbox_unsign(agent->vault, TOLD_KEY_SIGNING);
}

enum told_status told_agent_key_revoke(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	struct told_keypair pair = {{0}, {0}};
	uint8_t ticket[TOLD_ID_BYTES];
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "purpose number", reply);
	const struct told_key_job *job = job_of(&r);
	const struct told_key *key = may(&r, caller) ? to_revoke(&r, job) : NULL;
	status = r.status;
	if (status == TOLD_OK && job->purpose == TOLD_KEY_SIGNING)
		status = sign_anew(agent);
	if (status == TOLD_OK) {
		memcpy(pair.key, key->key, TOLD_KEY_BYTES);
		struct told_key_change change = {.purpose = job->purpose,
						 .number = key->number,
						 .action = TOLD_KEY_ACTION_REVOKE,
						 .pair = &pair};
		status = told_agent_queue_key(agent, &change, ticket);
	}
	if (status == TOLD_OK)
		status = told_agent_wait_for(
			agent, ticket, json_pack("{s:s, s:I}", "purpose", job->word, "number", (json_int_t)key->number),
			reply);
	return told_call_end(agent, status, reply);
}

/* ---- ls ---- */

static bool in_use(const struct told_agent *agent, const struct told_key *key)
{
	for (size_t i = 0; i < TOLD_AGENCY_KEY_COUNT; i++)
		if (i != TOLD_AGENCY_KEY_VAULT && memcmp(agent->keys.of[i].key, key->key, TOLD_KEY_BYTES) == 0)
			return true;
	return false;
}

static void put_ms(json_t *json, const char *name, int64_t ms, bool there)
{
	if (json != NULL && there)
		json_object_set_new(json, name, json_integer((json_int_t)ms));
}

static json_t *key_json(const struct told_agent *agent, const struct told_key *key)
{
	char fingerprint[72];
	enum told_key_standing standing = told_key_standing(key, told_agent_now(agent));
	const char *purpose = key->purpose < sizeof purposes / sizeof purposes[0] ? purposes[key->purpose] : NULL;
	bool retired = key->retired.number != TOLD_WHOLE_LOG, revoked = key->revoked.number != TOLD_WHOLE_LOG;
	told_fingerprint(key->key, fingerprint);
	json_t *json =
		json_pack("{s:s, s:I, s:s, s:b, s:s, s:I}", "purpose", purpose != NULL ? purpose : "?", "number",
			  (json_int_t)key->number, "state", told_key_standing_word(standing), "in_use",
			  in_use(agent, key), "fingerprint", fingerprint, "issued_ms", (json_int_t)key->issued.utc_ms);
	put_ms(json, "until_ms", key->until_utc_ms, key->until_utc_ms != TOLD_NO_END);
	put_ms(json, "grace_until_ms", key->retired.utc_ms + TOLD_KEY_GRACE_MS, retired && !revoked);
	put_ms(json, "revoked_ms", key->revoked.utc_ms, revoked);
	return json;
}

enum told_status told_agent_keys(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	const struct told_key *key;
	size_t cursor = 0;
	(void)caller;
	struct told_request r = told_request_open(agent, request, "", reply);
	if (r.status != TOLD_OK)
		return r.status;
	json_t *list = json_array();
	while ((key = told_key_record_next(agent, TOLD_KEY_NONE, &cursor)) != NULL)
		told_json_add(list, key_json(agent, key));
	reply->json = json_pack("{s:o}", "keys", list);
	return reply->json == NULL ? TOLD_E_MEMORY : TOLD_OK;
}
