/* SPDX-License-Identifier: Apache-2.0 */
/* A permission may name a team or a role. The seal is to the agency, so its agent keeps what came under such a
 * permission to that team or role (design section 3, "Workers"). */
#include "agents/agent/consent.h"
#include "agents/agent/state.h"
#include "told/quiet.h"

static bool in_team(const struct told_caller *caller, uint32_t team)
{
	for (size_t i = 0; i < caller->team_count; i++)
		if (told_team_number(told_text(caller->teams[i])) == team)
			return true;
	return team == 0;
}

static bool named(const struct told_agent *agent, const struct told_consent *consent, const struct told_caller *caller)
{
	for (size_t i = 0; i < consent->recipient_count; i++) {
		const struct told_consent_recipient *r = &consent->recipients[i];
		if (r->party == agent->self && in_team(caller, r->team) &&
		    (r->role == 0 || (caller->roles & TOLD_BIT32(r->role)) != 0))
			return true;
	}
	return false;
}

enum told_status told_limit_allows(struct told_agent *agent, const struct told_caller *caller,
				   const struct told_section_row *row, bool *allows)
{
	struct told_person *person = NULL;
	*allows = !told_quiet_type(row->type); /* a conference's words are shown with the conference, or not at all */
	if (row->consent.len == 0 || !*allows)
		return TOLD_OK;
	enum told_status status = told_agent_person(agent, row->client, &person);
	const struct told_consent *consent = status == TOLD_OK ? told_consent_of(person, row->consent) : NULL;
	/* The broker tells us every permission that names a team or role of ours; of others we may know nothing. */
	if (consent != NULL)
		*allows = named(agent, consent, caller);
	told_person_free(person);
	return status;
}
