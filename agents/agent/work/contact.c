/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to, and comes for, a conference contact alone: never wrapped to the agency's own key, kept closed as it
 * came. Nothing here can open it. */
#include "agents/agent/work/contact.h"
#include "agents/agent/core/ring.h"
#include "agents/agent/core/state.h"

#include "broker/agree/sets.h"
#include "broker/decide/decide.h"
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

/* Free text counts by what it was classified as, and text that was not, by the worst. */
static struct told_catset leaves_of(const struct told_section_header *header)
{
	struct told_catset set = {{0}};
	told_catset_add(&set, header->category);
	for (size_t i = 0; i < header->classified.count; i++)
		told_catset_add(&set, header->classified.items[i]);
	if (header->category == TOLD_CATEGORY_NARR && header->classified.count == 0)
		told_catset_add(&set, TOLD_CATEGORY_DEM_LOC);
	return set;
}

uint64_t told_contact_sections(uint32_t type, const struct told_agreement *agreement,
			       struct told_section_header *const *headers, size_t count)
{
	uint64_t bits = 0;
	if (!told_quiet_type(type))
		return 0;
	struct told_catset sealed = told_sealed_to_contact(agreement);
	for (size_t i = 0; i < count && i < 64; i++) {
		struct told_catset leaves = leaves_of(headers[i]);
		if (told_catset_meets(&sealed, &leaves))
			bits |= UINT64_C(1) << i;
	}
	return bits;
}

/* ---- taking ---- */

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
	struct told_closed_row row = {
		.message = message->header->id,
		.client = message->header->client_ref,
		.parcel = parcel,
		.sender = message->header->sender,
		.received_ms = now_ms,
		.header = envelope->header,
		.body = body,
	};
	return told_closed_put(agent->vault, &row);
}
