/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to, and comes for, a conference contact alone: never wrapped to the agency's own key, kept closed as it
 * came. Nothing here can open it. */
#include "agents/agent/work/contact.h"
#include "agents/agent/core/ring.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/rest.h"

#include "broker/rule/to_contact.h"
#include "told/quiet.h"

#include <string.h>

/* ---- sending ---- */

size_t told_contact_keys(const struct told_agent *agent, struct told_bytes party, struct told_seal_to *to, size_t room)
{
	const struct told_key *key;
	size_t count = 0;
	uint32_t number = told_party_find(agent->parties, party);
	for (size_t i = 0; count < room && (key = told_directory_key_at(agent->directory, i)) != NULL; i++) {
		if (key->party != number || key->purpose != TOLD_KEY_CONTACT ||
		    told_key_standing(key, told_agent_now(agent)) != TOLD_KEY_CURRENT)
			continue;
		to[count].recipient = party;
		memcpy(to[count++].key, key->key, sizeof to->key);
	}
	return count;
}

/* ---- taking ---- */

static enum told_status believe_one(struct told_agent *agent, const struct told_carried_message *message, bool *sealed)
{
	struct told_section_header **headers = NULL;
	struct told_contact_look look = {.directory = agent->directory,
					 .parties = agent->parties,
					 .recipient = told_agent_self(agent),
					 .when = told_agent_now(agent)};
	enum told_status status = told_sections_check(agent->arena, message->header, message->body, &headers);
	if (status == TOLD_OK)
		*sealed &= told_contact_sealed(&look, message->header, headers, &message->body->sections);
	return status;
}

enum told_status told_contact_believe(struct told_agent *agent, const struct told_parcel_event *parcel, bool *sealed)
{
	enum told_status status = TOLD_OK;
	*sealed = true;
	for (size_t i = 0; status == TOLD_OK && i < parcel->count; i++)
		if (told_quiet_type(parcel->carried[i].header->type))
			status = believe_one(agent, &parcel->carried[i], sealed);
	return status;
}

static bool to_contact_of_ours(const struct told_agent *agent, const struct told_wrap *wrap)
{
	const struct told_key *record;
	size_t cursor = 0;
	if (!told_bytes_equal(wrap->recipient, told_agent_self(agent)))
		return false;
	while ((record = told_key_record_next(agent, TOLD_KEY_CONTACT, &cursor)) != NULL)
		if (told_bytes_equal(wrap->key_id, told_bytes(record->id.b, sizeof record->id.b)))
			return true;
	return false;
}

static bool is_closed(const struct told_agent *agent, const struct told_sealed_section *section)
{
	for (size_t i = 0; i < section->wraps.count; i++)
		if (to_contact_of_ours(agent, &section->wraps.items[i]))
			return true;
	return false;
}

enum told_status told_contact_take(struct told_agent *agent, const struct told_carried_message *message,
				   struct told_bytes parcel, uint64_t now_ms)
{
	const struct told_sealed_section_list *all = &message->body->sections;
	struct told_envelope *envelope = NULL;
	struct told_body kept = {.sections = {.items = NULL}};
	struct told_bytes body;
	if (!told_quiet_type(message->header->type) || all->count == 0)
		return TOLD_OK;
	kept.sections.items = told_arena_alloc(agent->arena, all->count * sizeof *kept.sections.items);
	if (kept.sections.items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < all->count; i++)
		if (is_closed(agent, &all->items[i]))
			kept.sections.items[kept.sections.count++] = all->items[i];
	if (kept.sections.count == 0)
		return TOLD_OK;
	enum told_status status = told_envelope_decode(message->envelope, agent->arena, &envelope);
	if (status == TOLD_OK)
		status = told_agent_encode(agent, TOLD_SCHEMA_BODY, &kept, &body);
	if (status != TOLD_OK)
		return status;
	/* What is said again, to another key, stands in place of what it repeats. */
	bool again = told_rest_event(message->header->type) == message->header->workflow->event;
	struct told_closed_row row = {
		.message = again ? message->header->in_reply_to : message->header->id,
		.client = message->header->client_ref,
		.parcel = parcel,
		.sender = message->header->sender,
		.received_ms = now_ms,
		.header = envelope->header,
		.body = body,
	};
	return told_closed_put(agent->vault, &row);
}
