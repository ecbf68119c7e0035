/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the person does not want to look, and for whose team they are not, sees what a stranger would, and writes what
 * a stranger would: told_agent_as shows them none of the person's rows. */
#include "agents/agent/work/may_see.h"
#include "agents/agent/core/sight.h"
#include "agents/agent/work/contact.h"
#include "agents/agent/work/limit.h"

enum told_status told_may_see(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client)
{
	struct told_person *person = NULL;
	enum told_status status = told_agent_person(agent, client, &person);
	for (size_t i = 0; status == TOLD_OK && i < person->excluded_count; i++)
		if (told_bytes_equal(person->excluded[i], told_text(caller->number)))
			status = TOLD_E_NOT_FOUND;
	told_person_free(person);
	bool allows = false;
	if (status == TOLD_OK)
		status = told_limit_person(agent, caller, client, &allows);
	return status == TOLD_OK && !allows ? TOLD_E_NOT_FOUND : status;
}

/* Those of whom we know by messages alone that are for another team or role. */
static enum told_status add_limited(struct told_agent *agent, const struct told_caller *caller)
{
	uint8_t client[TOLD_ID_BYTES];
	enum told_status status = TOLD_OK;
	for (bool first = true; status == TOLD_OK; first = false) {
		bool allows = true;
		told_arena_reset(agent->arena);
		status = told_limit_next_client(agent->vault, client, first);
		if (status == TOLD_OK)
			status = told_limit_person(agent, caller, told_bytes(client, sizeof client), &allows);
		if (status == TOLD_OK && !allows)
			status = told_sight_add(agent, client);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* Those of whom we know by a MARAC alone that waits for our contact to name workers. */
static enum told_status add_unnamed(struct told_agent *agent, const struct told_caller *caller)
{
	uint8_t client[TOLD_ID_BYTES];
	enum told_status status = TOLD_OK;
	for (bool first = true; status == TOLD_OK; first = false) {
		bool known = true;
		status = told_unnamed_next_client(agent->vault, client, first);
		if (status == TOLD_OK)
			status = told_unnamed_known(agent->vault, told_bytes(client, sizeof client),
						    told_text(caller->number), &known);
		if (status == TOLD_OK && !known)
			status = told_sight_add(agent, client);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_as(struct told_agent *agent, const struct told_caller *caller)
{
	bool known = false, contact = false;
	enum told_status status = told_sight_begin(agent, caller, &known);
	if (status == TOLD_OK && caller != NULL)
		status = told_contact_is(agent, caller->number, &contact);
	if (status == TOLD_OK && caller != NULL && !known)
		status = add_limited(agent, caller);
	if (status == TOLD_OK && caller != NULL && !known && !contact)
		status = add_unnamed(agent, caller);
	told_sight_end(agent, status == TOLD_OK ? caller : NULL, !contact);
	agent->sight_stale |= status != TOLD_OK;
	return status;
}

enum told_status told_look(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client,
			   struct told_bytes *whose)
{
	static const uint8_t nobody[TOLD_ID_BYTES];
	enum told_status status = told_may_see(agent, caller, client);
	*whose = status == TOLD_OK ? client : told_bytes(nobody, sizeof nobody);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
