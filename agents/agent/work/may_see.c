/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the person does not want to look, and for whose team they are not, sees what a stranger would. */
#include "agents/agent/work/may_see.h"
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

enum told_status told_look(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client,
			   struct told_bytes *whose)
{
	static const uint8_t nobody[TOLD_ID_BYTES];
	enum told_status status = told_may_see(agent, caller, client);
	*whose = status == TOLD_OK ? client : told_bytes(nobody, sizeof nobody);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
