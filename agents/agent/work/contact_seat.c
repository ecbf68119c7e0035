/* SPDX-License-Identifier: Apache-2.0 */
/* The seats of contact and deputy in the vault, and what ends with them: a key that nobody may use is revoked in the
 * log, so that nothing more is sealed to it; its file goes when the log has it (ring.c). */
#include "agents/agent/core/doc.h"
#include "agents/agent/core/ring.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/contact.h"

#include <string.h>

#define ROSTER           "contacts"
#define ROSTER_MAX_BYTES 65536u

enum told_status told_contact_roster(struct told_agent *agent, json_t **roster)
{
	struct told_buf text = TOLD_BUF(ROSTER_MAX_BYTES);
	enum told_status status = told_vault_get(agent->vault, ROSTER, &text);
	*roster = status == TOLD_E_NOT_FOUND ? json_object()
		  : status == TOLD_OK        ? json_loadb((const char *)text.data, text.len, 0, NULL)
					     : NULL;
	if (status == TOLD_OK && *roster == NULL)
		status = TOLD_E_CORRUPT;
	told_buf_free(&text);
	return status == TOLD_E_NOT_FOUND ? (*roster != NULL ? TOLD_OK : TOLD_E_MEMORY) : status;
}

enum told_status told_contact_roster_put(struct told_agent *agent, const json_t *roster)
{
	return told_doc_put_named(agent, ROSTER, roster);
}

enum told_status told_contact_is(struct told_agent *agent, const char *worker, bool *is)
{
	json_t *roster = NULL;
	enum told_status status = told_contact_roster(agent, &roster);
	*is = told_roster_seat(roster, worker) != TOLD_CONTACT_NONE;
	json_decref(roster);
	return status;
}

static bool has_maracs(const struct told_agent *agent)
{
	const struct told_agreement *a;
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++)
		if (a->threshold_count > 0 &&
		    told_directory_signed(agent->directory, a, agent->self, told_agent_now(agent)))
			return true;
	return false;
}

enum told_status told_contact_missing(struct told_agent *agent, bool *missing)
{
	json_t *roster = NULL;
	enum told_status status = told_contact_roster(agent, &roster);
	*missing = status == TOLD_OK && told_roster_worker(roster, TOLD_CONTACT_FIRST) == NULL &&
		   told_roster_worker(roster, TOLD_CONTACT_DEPUTY) == NULL && has_maracs(agent);
	json_decref(roster);
	return status;
}

static enum told_status revoke_all(struct told_agent *agent, const char *worker, uint8_t ticket[TOLD_ID_BYTES])
{
	const struct told_key *record;
	size_t cursor = 0;
	const uint8_t *same = NULL;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && (record = told_key_record_next(agent, TOLD_KEY_CONTACT, &cursor)) != NULL) {
		struct told_keypair pair = {{0}, {0}};
		if (strcmp(record->worker, worker) != 0 ||
		    told_key_standing(record, told_agent_now(agent)) == TOLD_KEY_REVOKED)
			continue;
		memcpy(pair.key, record->key, TOLD_KEY_BYTES);
		struct told_key_change change = {.purpose = TOLD_KEY_CONTACT,
						 .number = record->number,
						 .action = TOLD_KEY_ACTION_REVOKE,
						 .pair = &pair,
						 .ticket = same,
						 .worker = worker};
		status = told_agent_queue_key(agent, &change, ticket);
		same = ticket;
	}
	return status;
}

enum told_status told_contact_end(struct told_agent *agent, const char *worker, const char *by,
				  uint8_t ticket[TOLD_ID_BYTES], bool *ended)
{
	struct told_appointing how = {worker, by, (uint64_t)told_clock_now(&agent->clock).wall_ms};
	json_t *roster = NULL;
	memset(ticket, 0, TOLD_ID_BYTES);
	enum told_status status = told_contact_roster(agent, &roster);
	if (status == TOLD_OK)
		status = told_roster_leave(roster, &how);
	*ended = status == TOLD_OK;
	if (status == TOLD_OK)
		status = told_contact_roster_put(agent, roster);
	json_decref(roster);
	status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	return status == TOLD_OK ? revoke_all(agent, worker, ticket) : status;
}
