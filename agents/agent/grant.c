/* SPDX-License-Identifier: Apache-2.0 */
/* Granting: for each section that we deposited and each party of our agreements, the same ruling as the broker's over
 * what we verified ourselves. Whom it would release to gets a wrap; for nobody else does one exist (protocol section
 * 3). */
#include "agents/agent/core/state.h"
#include "agents/agent/turn.h"
#include "agents/agent/work/rest.h"

#include "told/seal.h"

#include <string.h>

#define CLIENTS_A_TURN 32u

/* The grants of one person that go into one message. */
struct granting {
	struct told_agent *agent;
	struct told_bytes client;
	struct told_person *person;
	struct told_draft draft;
	struct told_grant_part parts[TOLD_GRANTS_MAX];
	struct told_wrap wraps[TOLD_GRANTS_MAX];
	size_t count;
};

static enum told_status flush(struct granting *g)
{
	struct told_body body = {.wraps = {.items = g->wraps, .count = g->count}};
	struct told_bytes bytes;
	if (g->count == 0)
		return TOLD_OK;
	g->draft.header.grants = (struct told_grant_part_list){.items = g->parts, .count = g->count};
	enum told_status status = told_agent_encode(g->agent, TOLD_SCHEMA_BODY, &body, &bytes);
	if (status == TOLD_OK)
		status = told_draft_queue(g->agent, &g->draft, bytes);
	told_log(&g->agent->log, TOLD_LOG_INFO, "agent.granted", TOLD_LOG_NUMBER("grants", g->count));
	g->count = 0;
	return status;
}

static struct told_bytes kept(struct told_arena *arena, const void *data, size_t len)
{
	return told_arena_copy(arena, told_bytes(data, len));
}

static bool is_zero(const uint8_t id[TOLD_ID_BYTES])
{
	static const uint8_t zero[TOLD_ID_BYTES];
	return memcmp(id, zero, sizeof zero) == 0;
}

static void fill_part(struct granting *g, const struct told_story_row *story, struct told_bytes recipient,
		      const struct told_grant_basis *basis, const struct told_wrap *wrap, const told_hash *wrap_hash)
{
	struct told_arena *arena = g->agent->arena;
	g->parts[g->count] = (struct told_grant_part){
		.recipient = recipient,
		.sealing_key_id = wrap->key_id,
		.message_id = story->message,
		.deposit_id = story->deposit,
		.deposit_version = story->version,
		.section_digest = story->digest,
		.agreement = basis->agreement->id,
		.agreement_version = basis->agreement->version,
		.consent_id = is_zero(basis->consent_id) ? told_bytes(NULL, 0)
							 : kept(arena, basis->consent_id, TOLD_ID_BYTES),
		.clause = kept(arena, basis->clause, strlen(basis->clause)),
		.wrap_hash = kept(arena, wrap_hash->b, sizeof wrap_hash->b),
	};
}

static enum told_status add_grant(struct granting *g, const struct told_story_row *story, struct told_bytes recipient,
				  const struct told_key *key, const struct told_grant_basis *basis)
{
	struct told_seal_to to = {.recipient = recipient};
	told_hash digest, wrap_hash;
	memcpy(to.key, key->key, sizeof to.key);
	if (story->digest.len != sizeof digest.b)
		return TOLD_E_CORRUPT;
	memcpy(digest.b, story->digest.data, sizeof digest.b);
	enum told_status status = g->count == TOLD_GRANTS_MAX ? flush(g) : TOLD_OK;
	if (status == TOLD_OK && g->count == 0)
		status = told_draft_begin(g->agent, TOLD_TYPE_GRANT, NULL, g->client, &g->draft);
	struct told_wrap *wrap = &g->wraps[g->count];
	if (status == TOLD_OK)
		status = told_wrap_make(g->agent->arena, told_agent_self(g->agent), &to, story->message.data, &digest,
					story->key, wrap, &wrap_hash);
	if (status != TOLD_OK)
		return status;
	fill_part(g, story, recipient, basis, wrap, &wrap_hash);
	g->count++;
	return told_granted_put(g->agent->vault, story->message, recipient, told_bytes(key->id.b, sizeof key->id.b),
				g->draft.header.id);
}

static enum told_status rule_one(struct granting *g, const struct told_story_row *story,
				 struct told_section_header *section, uint32_t party)
{
	struct told_agent *agent = g->agent;
	struct told_when now = told_agent_now(agent);
	struct told_bytes recipient = told_text(told_party_name(agent->parties, party));
	const struct told_key *key = NULL;
	struct told_grant_basis basis;
	struct told_table table = {
		.directory = agent->directory, .parties = agent->parties, .person = g->person, .when = now};
	struct told_deposit_facts deposit = {
		.id = story->message, .originator = told_agent_self(agent), .section = section};
	if (!told_agent_believes(agent, recipient) ||
	    told_directory_current_key(agent->directory, party, TOLD_KEY_SEALING, told_bytes(NULL, 0), now, &key) !=
		    TOLD_OK)
		return TOLD_OK;
	enum told_status status = told_table_grant(&table, agent->arena, &deposit, recipient, &basis);
	if (status == TOLD_E_REFUSED)
		return told_granted_drop(agent->vault, story->message, recipient);
	if (status != TOLD_OK)
		return status;
	status = told_granted(agent->vault, story->message, recipient, told_bytes(key->id.b, sizeof key->id.b));
	return status == TOLD_E_NOT_FOUND ? add_grant(g, story, recipient, key, &basis) : status;
}

static enum told_status rule_story(struct granting *g, const struct told_story_row *story)
{
	struct told_section_header *section = NULL;
	enum told_status status = told_section_header_decode(story->header, g->agent->arena, &section);
	if (status != TOLD_OK)
		return TOLD_E_CORRUPT;
	for (uint32_t party = 1; status == TOLD_OK && party <= told_party_count(g->agent->parties); party++)
		if (party != g->agent->self)
			status = rule_one(g, story, section, party);
	return status;
}

static enum told_status sweep_person(struct told_agent *agent, struct told_bytes client)
{
	struct told_story_row story;
	struct granting *g;
	uint64_t after = 0;
	told_arena_reset(agent->arena);
	g = told_arena_alloc(agent->arena, sizeof *g);
	if (g == NULL)
		return TOLD_E_MEMORY;
	*g = (struct granting){.agent = agent, .client = client};
	enum told_status status = told_agent_person(agent, client, &g->person);
	while (status == TOLD_OK) {
		status = told_story_next(agent->vault, agent->arena, client, after, &story);
		if (status == TOLD_OK && story.newest)
			status = rule_story(g, &story);
		after = story.id;
	}
	if (status == TOLD_E_NOT_FOUND)
		status = flush(g);
	told_person_free(g->person);
	return status == TOLD_OK ? told_rest_send(agent, client) : status;
}

static enum told_status sweep_all(struct told_agent *agent)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < CLIENTS_A_TURN; i++) {
		status = told_story_next_client(agent->vault, agent->sweep_at, !agent->sweeping);
		agent->sweeping = status == TOLD_OK;
		if (status == TOLD_OK)
			status = sweep_person(agent, told_bytes(agent->sweep_at, sizeof agent->sweep_at));
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_sweep(struct told_agent *agent)
{
	enum told_status status = TOLD_OK;
	if (agent->all_dirty) {
		agent->all_dirty = false;
		agent->dirty_count = 0;
		agent->sweeping = false;
		status = told_rest_touch(agent);
		if (status == TOLD_OK)
			status = sweep_all(agent);
	} else if (agent->sweeping) {
		status = sweep_all(agent);
	}
	while (status == TOLD_OK && agent->dirty_count > 0) {
		uint8_t client[TOLD_ID_BYTES];
		memcpy(client, agent->dirty[--agent->dirty_count], sizeof client);
		status = sweep_person(agent, told_bytes(client, sizeof client));
	}
	return status;
}
