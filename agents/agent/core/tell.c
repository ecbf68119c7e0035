/* SPDX-License-Identifier: Apache-2.0 */
/* A section of a story, deposited: a DEPOSIT message of its own under a key of its own, which stays in the vault; whom
 * it is wrapped to is for grant.c (protocol section 3). */
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"

#include "proto/types.h"

#include <string.h>

/* The line that a new telling continues: the same category, told before, unless it is a category of several. */
static enum told_status lineage(struct told_agent *agent, struct told_bytes client,
				const struct told_section_header *header, uint8_t deposit_id[TOLD_ID_BYTES],
				uint32_t *version)
{
	struct told_story_row row;
	enum told_status status = told_story_line(agent, client, header, &row);
	*version = 1;
	if (status == TOLD_E_NOT_FOUND)
		return told_random(deposit_id, TOLD_ID_BYTES);
	if (status != TOLD_OK)
		return status;
	memcpy(deposit_id, row.deposit.data, TOLD_ID_BYTES);
	*version = row.version + 1;
	return TOLD_OK;
}

static enum told_status keep_story(struct told_agent *agent, const struct told_draft *draft,
				   const struct told_plain_section *plain)
{
	const struct told_header *header = &draft->header;
	struct told_bytes section;
	enum told_status status = told_agent_encode(agent, TOLD_SCHEMA_SECTION_HEADER, &plain->header, &section);
	struct told_story_row row = {
		.message = header->id,
		.client = header->client_ref,
		.deposit = header->deposit->deposit_id,
		.digest = told_bytes(plain->digest.b, sizeof plain->digest.b),
		.header = section,
		.content = plain->content,
		.version = header->deposit->version,
		.category = plain->header.category,
		.voice = plain->header.voice,
		.recorded_ms = plain->header.recorded_ms,
	};
	memcpy(row.key, plain->key, sizeof row.key);
	if (status == TOLD_OK)
		status = told_story_put(agent->vault, &row);
	told_wipe(row.key, sizeof row.key);
	return status;
}

enum told_status told_tell_section(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client,
				   const struct told_section_header *header, struct told_bytes content,
				   const uint8_t ticket[TOLD_ID_BYTES], json_t **json)
{
	struct told_draft draft;
	struct told_plain_section plain = {.header = *header, .content = content};
	struct told_deposit_part part;
	struct told_bytes header_bytes, body;
	uint8_t deposit_id[TOLD_ID_BYTES];
	enum told_status status = lineage(agent, client, header, deposit_id, &part.version);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_DEPOSIT, caller, client, &draft);
	if (status != TOLD_OK)
		return status;
	memcpy(draft.ticket, ticket, sizeof draft.ticket);
	part.deposit_id = told_bytes(deposit_id, sizeof deposit_id);
	draft.header.deposit = &part;
	status = told_message_seal(agent->arena, &draft.header, &plain, 1, NULL, 0, &header_bytes, &body);
	if (status == TOLD_OK)
		status = told_header_check(&draft.header);
	if (status == TOLD_OK)
		status = told_draft_queue_sealed(agent, &draft, header_bytes, body);
	if (status == TOLD_OK)
		status = keep_story(agent, &draft, &plain);
	told_wipe(plain.key, sizeof plain.key);
	*json = json_pack("{s:s, s:o, s:I}", "category", told_code(TOLD_LIST_CATEGORY, header->category), "deposit",
			  told_id_json(part.deposit_id), "version", (json_int_t)part.version);
	return status;
}

enum told_status told_tell_again(struct told_agent *agent, const struct told_caller *caller, struct told_bytes from,
				 struct told_bytes to, const uint8_t ticket[TOLD_ID_BYTES])
{
	struct told_story_row row;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		struct told_section_header *header = NULL;
		json_t *json = NULL;
		status = told_story_next(agent->vault, agent->arena, from, after, &row);
		if (status != TOLD_OK)
			break;
		after = row.id;
		if (!row.newest)
			continue;
		status = told_section_header_decode(row.header, agent->arena, &header);
		if (status == TOLD_OK)
			status = told_tell_section(agent, caller, to, header, row.content, ticket, &json);
		json_decref(json);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
