/* SPDX-License-Identifier: Apache-2.0 */
/* When what a conference kept for the recipient's contact goes once more: somebody became a contact there, or lost the
 * key that opened it, after it was said. Reads the directory and the conference; sends nothing. */
#include "agents/agent/work/conference.h"
#include "agents/agent/work/rest.h"

#include "broker/decide/conference.h"

#include <string.h>

uint32_t told_rest_event(uint32_t type)
{
	switch (type) {
	case TOLD_TYPE_CONF_CALL: return TOLD_CONFERENCE_EVENT_CALL_AGAIN;
	case TOLD_TYPE_CONF_CONTRIB: return TOLD_CONFERENCE_EVENT_CONTRIBUTION_AGAIN;
	case TOLD_TYPE_CONF_MINUTES: return TOLD_CONFERENCE_EVENT_MINUTES_AGAIN;
	default: return TOLD_CONFERENCE_EVENT_NONE;
	}
}

/* The conference as we know it: not over, and the recipient still sits there. */
static enum told_status goes_on(struct told_agent *agent, const struct told_header *first, bool *goes)
{
	struct told_meeting m;
	bool opens = told_conference_opens(first->type, first->workflow->event);
	uint64_t now_ms = (uint64_t)told_agent_now(agent).utc_ms;
	enum told_status status = told_meeting_load(agent, opens ? first->id : first->workflow->referral, &m);
	*goes = false;
	if (status == TOLD_OK) {
		const struct told_attendee *there = told_conference_attendee(m.state, first->recipients.items[0]);
		*goes = m.state->state != TOLD_CONFERENCE_ENDED && there != NULL &&
			(there->until_ms == 0 || there->until_ms > now_ms);
	}
	told_meeting_drop(&m);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static bool among(struct told_bytes keys, const told_hash *id)
{
	for (size_t at = 0; at + TOLD_HASH_BYTES <= keys.len; at += TOLD_HASH_BYTES)
		if (memcmp(keys.data + at, id->b, TOLD_HASH_BYTES) == 0)
			return true;
	return false;
}

/* A key that somebody renewed still opens what came to it; one that was revoked opens nothing. */
static bool opens_it(const struct told_agent *agent, const struct told_key *now, struct told_bytes keys)
{
	const struct told_key *key;
	for (size_t i = 0; (key = told_directory_key_at(agent->directory, i)) != NULL; i++)
		if (key->party == now->party && key->purpose == TOLD_KEY_CONTACT &&
		    strcmp(key->worker, now->worker) == 0 && among(keys, &key->id) &&
		    told_key_standing(key, told_agent_now(agent)) != TOLD_KEY_REVOKED)
			return true;
	return false;
}

enum told_status told_rest_to_contact(struct told_agent *agent, const struct told_header *first, struct told_bytes keys,
				      bool *goes, bool *over)
{
	const struct told_key *key;
	bool on = false;
	uint32_t party = told_party_find(agent->parties, first->recipients.items[0]);
	enum told_status status = first->workflow == NULL ? TOLD_OK : goes_on(agent, first, &on);
	*over = status == TOLD_OK && !on;
	*goes = false;
	for (size_t i = 0; on && (key = told_directory_key_at(agent->directory, i)) != NULL; i++)
		*goes |= key->party == party && key->purpose == TOLD_KEY_CONTACT &&
			 told_key_standing(key, told_agent_now(agent)) == TOLD_KEY_CURRENT &&
			 !opens_it(agent, key, keys);
	return status;
}
