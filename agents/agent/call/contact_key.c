/* SPDX-License-Identifier: Apache-2.0 */
/* The contact's own key: made, renewed and taken back by that worker alone, sealed under a passphrase that only they
 * know (protocol section 1). The passphrase stays in this call. */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/ring.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/contact.h"

#include <string.h>

/* Ends the request unless the caller has one of the two seats. */
static bool seated(struct told_request *r, const struct told_caller *caller)
{
	bool is = false;
	enum told_status status = r->status == TOLD_OK ? told_contact_is(r->agent, caller->number, &is) : r->status;
	if (status != TOLD_OK)
		told_request_refuse(r, status, "Who our contact is cannot be read.");
	else if (!is)
		told_request_refuse(r, TOLD_E_NOT_ALLOWED,
				    "Only our contact for conferences and the deputy have such a key. A senior names "
				    "them (told contact name WORKER).");
	return r->status == TOLD_OK;
}

/* Words for what a key file answers. */
static void explain(struct told_request *r, enum told_status status)
{
	static const struct {
		enum told_status status;
		const char *words;
	} rows[] = {
		{TOLD_E_NOT_ALLOWED, "This is not the passphrase of your contact key."},
		{TOLD_E_MALFORMED,
		 "The passphrase is too short: take at least 14 characters, four random words are good."},
		{TOLD_E_NOT_FOUND, "The file of your contact key is not in this agent's folder. Put the copy back, or "
				   "make a new key (told contact key)."},
		{TOLD_E_EXISTS, "Your new contact key is on its way to the broker. Wait until it has its receipt (told "
				"sent), then try again."},
		{TOLD_E_BUSY, "There is no room for the slow hash now. Try again in a minute."},
		{TOLD_E_LIMIT, "You have had all the contact keys that there can be: a senior names another worker."},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].status == status)
			told_request_refuse(r, status, rows[i].words);
	told_request_refuse(r, status, "The file of your contact key cannot be read or written.");
}

enum told_status told_contact_unlock(struct told_request *r, const struct told_key *record,
				     struct told_bytes passphrase, struct told_keypair *pair)
{
	struct told_contact_name name = {r->agent->dir, record->worker, record->number};
	enum told_status status = told_contact_key_open(&name, passphrase, pair);
	if (status == TOLD_OK && memcmp(pair->key, record->key, TOLD_KEY_BYTES) != 0)
		status = TOLD_E_NOT_FOUND;
	if (status != TOLD_OK)
		explain(r, status);
	return r->status;
}

/* The newest of the caller's keys that the log has; NULL: none. */
static const struct told_key *newest(const struct told_agent *agent, const struct told_caller *caller)
{
	const struct told_key *record, *found = NULL;
	size_t cursor = 0;
	while ((record = told_key_record_next(agent, TOLD_KEY_CONTACT, &cursor)) != NULL)
		if (strcmp(record->worker, caller->number) == 0 && (found == NULL || record->number > found->number))
			found = record;
	return found;
}

/* ---- making and renewing ---- */

enum told_status told_agent_contact_key(struct told_agent *agent, const struct told_caller *caller,
					const json_t *request, struct told_reply *reply)
{
	struct told_keypair pair = {{0}, {0}};
	uint8_t ticket[TOLD_ID_BYTES];
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "passphrase", reply);
	struct told_bytes passphrase = told_request_text(&r, "passphrase", true);
	const struct told_key *last = seated(&r, caller) ? newest(agent, caller) : NULL;
	struct told_contact_name name = {agent->dir, caller->number, last != NULL ? last->number + 1 : 1};
	status = r.status == TOLD_OK ? told_contact_key_make(&name, passphrase, &pair) : r.status;
	if (status != TOLD_OK)
		explain(&r, status);
	struct told_key_change change = {.purpose = TOLD_KEY_CONTACT,
					 .number = name.number,
					 .action = TOLD_KEY_ACTION_ISSUE,
					 .pair = &pair,
					 .worker = caller->number};
	if (status == TOLD_OK)
		status = told_agent_queue_key(agent, &change, ticket);
	if (status == TOLD_OK)
		status = told_agent_wait_for(
			agent, ticket,
			json_pack("{s:s, s:I}", "worker", caller->number, "number", (json_int_t)name.number), reply);
	told_wipe(&pair, sizeof pair);
	return told_call_end(agent, status, reply);
}

/* ---- another passphrase ---- */

static enum told_status change_all(struct told_request *r, const struct told_caller *caller, struct told_bytes from,
				   struct told_bytes to, size_t *changed)
{
	const struct told_key *record;
	size_t cursor = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && (record = told_key_record_next(r->agent, TOLD_KEY_CONTACT, &cursor)) != NULL) {
		struct told_contact_name name = {r->agent->dir, record->worker, record->number};
		if (strcmp(record->worker, caller->number) != 0 ||
		    told_key_standing(record, told_agent_now(r->agent)) == TOLD_KEY_REVOKED)
			continue;
		status = told_contact_key_change(&name, from, to);
		*changed += status == TOLD_OK;
	}
	if (status != TOLD_OK)
		explain(r, status);
	return status;
}

enum told_status told_agent_contact_passphrase(struct told_agent *agent, const struct told_caller *caller,
					       const json_t *request, struct told_reply *reply)
{
	size_t changed = 0;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "passphrase new", reply);
	struct told_bytes from = told_request_text(&r, "passphrase", true), to = told_request_text(&r, "new", true);
	enum told_status status = seated(&r, caller) ? change_all(&r, caller, from, to, &changed) : r.status;
	if (status == TOLD_OK && changed == 0) {
		told_request_refuse(&r, TOLD_E_NOT_FOUND, "You have no contact key yet. Make one: told contact key.");
		status = r.status;
	}
	if (status == TOLD_OK)
		reply->json = json_pack("{s:s, s:I}", "worker", caller->number, "keys", (json_int_t)changed);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* ---- taking back ---- */

static const struct told_key *to_revoke(struct told_request *r, const struct told_caller *caller)
{
	const struct told_key *record, *found = NULL;
	uint64_t number = 0;
	size_t cursor = 0;
	struct told_bytes text = told_request_text(r, "number", true), worker = told_request_text(r, "worker", false);
	struct told_bytes whose = worker.len > 0 ? worker : told_text(caller->number);
	if (r->status == TOLD_OK && told_decimal(text, TOLD_KEY_NUMBERS_MAX, &number) != TOLD_OK)
		told_request_refuse(r, TOLD_E_USAGE, "\"number\" is the key's number, as told contact ls shows it.");
	if (!told_bytes_equal(whose, told_text(caller->number)) && !told_may_manage(caller->roles))
		told_request_refuse(r, TOLD_E_NOT_ALLOWED,
				    "Only a senior or coordinator takes back somebody else's key.");
	while (r->status == TOLD_OK && (record = told_key_record_next(r->agent, TOLD_KEY_CONTACT, &cursor)) != NULL)
		if (record->number == number && told_bytes_equal(told_text(record->worker), whose))
			found = record;
	if (r->status == TOLD_OK && found == NULL)
		told_request_refuse(r, TOLD_E_NOT_FOUND,
				    "The log has no such contact key of ours. See told contact ls.");
	else if (found != NULL && told_key_standing(found, told_agent_now(r->agent)) == TOLD_KEY_REVOKED)
		told_request_refuse(r, TOLD_E_EXISTS, "This key was revoked before.");
	return r->status == TOLD_OK ? found : NULL;
}

enum told_status told_agent_contact_revoke(struct told_agent *agent, const struct told_caller *caller,
					   const json_t *request, struct told_reply *reply)
{
	struct told_keypair pair = {{0}, {0}};
	uint8_t ticket[TOLD_ID_BYTES];
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "number worker", reply);
	const struct told_key *key = to_revoke(&r, caller);
	status = r.status;
	if (status == TOLD_OK) {
		memcpy(pair.key, key->key, TOLD_KEY_BYTES);
		struct told_key_change change = {.purpose = TOLD_KEY_CONTACT,
						 .number = key->number,
						 .action = TOLD_KEY_ACTION_REVOKE,
						 .pair = &pair,
						 .worker = key->worker};
		status = told_agent_queue_key(agent, &change, ticket);
	}
	if (status == TOLD_OK)
		status = told_agent_wait_for(
			agent, ticket,
			json_pack("{s:s, s:I}", "worker", key->worker, "number", (json_int_t)key->number), reply);
	return told_call_end(agent, status, reply);
}
