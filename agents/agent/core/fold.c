/* SPDX-License-Identifier: Apache-2.0 */
/* Folding verified headers into what we know: parties, keys, agreements, workers, and each person. Nothing is believed
 * that is not signed under a key which leads to a fingerprint in an agreement of ours (protocol section 1). */
#include "agents/agent/core/state.h"

#include "broker/rule/log_key.h"
#include "told/proof.h"
#include "told/seal.h"

#include <string.h>

struct told_when told_agent_now(const struct told_agent *agent)
{
	return (struct told_when){.utc_ms = told_clock_now(&agent->clock).wall_ms, .log_size = TOLD_WHOLE_LOG};
}

/* ---- keys ---- */

static bool is_operator(const struct told_agent *agent, struct told_bytes party, const told_hash *key_id)
{
	told_hash id;
	told_key_id(agent->partnership.operator_key, &id);
	return told_bytes_equal(party, told_text(TOLD_BROKER_PARTY)) && told_hash_equal(&id, key_id);
}

bool told_agent_believes(const struct told_agent *agent, struct told_bytes party)
{
	uint32_t number = told_party_find(agent->parties, party);
	struct told_when now = told_agent_now(agent);
	const struct told_key *identity = NULL;
	if (number == agent->self)
		return true;
	if (number == TOLD_PARTY_NONE || told_directory_current_key(agent->directory, number, TOLD_KEY_IDENTITY,
								    told_bytes(NULL, 0), now, &identity) != TOLD_OK)
		return false;
	return told_directory_vouched(agent->directory, agent->self, number, &identity->id, now);
}

enum told_status told_agent_key_of(void *ctx, struct told_bytes party, uint32_t purpose, const told_hash *key_id,
				   uint64_t index, uint64_t time_ms, bool content, uint8_t key[TOLD_KEY_BYTES])
{
	const struct told_agent *agent = ctx;
	const struct told_key *found = NULL;
	struct told_when then = {.utc_ms = (int64_t)time_ms, .log_size = index};
	if (purpose == TOLD_KEY_OPERATOR) {
		memcpy(key, agent->partnership.operator_key, TOLD_KEY_BYTES);
		return is_operator(agent, party, key_id) ? TOLD_OK : TOLD_E_KEY;
	}
	if (content && !told_agent_believes(agent, party))
		return TOLD_E_KEY;
	enum told_status status = told_directory_key(agent->directory, told_party_find(agent->parties, party),
						     (enum told_key_purpose)purpose, key_id, then, &found);
	if (status != TOLD_OK)
		return status;
	struct told_when whole = {.utc_ms = (int64_t)time_ms, .log_size = TOLD_WHOLE_LOG};
	if (content && told_key_standing(found, whole) == TOLD_KEY_REVOKED)
		return TOLD_E_KEY; /* revoked since: it stops what is not yet delivered */
	memcpy(key, found->key, TOLD_KEY_BYTES);
	return TOLD_OK;
}

/* ---- keys of the log ---- */

static enum told_status pin(struct told_agent *agent, const char *text, uint32_t number, bool over)
{
	struct told_vkey vkey;
	enum told_status status = told_vkey_parse(told_text(text), &vkey);
	return status == TOLD_OK ? told_log_key_pin(agent->directory, agent->parties, vkey.key, number, over) : status;
}

/* The partnership's paper names the newest key of the day it was written, and those before it. */
static enum told_status pin_log_keys(struct told_agent *agent)
{
	const struct told_partnership *paper = &agent->partnership;
	uint32_t before = (uint32_t)paper->log_keys_before;
	enum told_status status = TOLD_OK;
	for (uint32_t i = 0; status == TOLD_OK && i < before; i++)
		status = pin(agent, paper->log_vkeys_before[i], i + 1, true);
	return status == TOLD_OK ? pin(agent, paper->log_vkey, before + 1, false) : status;
}

size_t told_agent_log_keys(void *ctx, struct told_log_key *out)
{
	const struct told_agent *agent = ctx;
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	size_t count = told_log_keys(agent->directory, keys, TOLD_LOG_KEYS_MAX);
	for (size_t i = 0; i < count; i++) {
		memcpy(out[i].key, keys[i]->key, TOLD_KEY_BYTES);
		out[i].ends_utc_ms = told_key_ends_ms(keys[i]);
	}
	return count;
}

/* ---- facts about parties ---- */

/* What our directory refuses was refused to everybody: the same bytes, the same order. It changes nothing. */
static enum told_status apply(struct told_agent *agent, const struct told_header *header, struct told_bytes attachment,
			      struct told_entry entry)
{
	enum told_status status = told_register_apply(agent->directory, agent->parties, header, attachment, entry);
	enum told_status_class class = told_status_class(status);
	if (class == TOLD_CLASS_PEER || status == TOLD_E_CONFIG) {
		told_log(&agent->log, TOLD_LOG_DEBUG, "agent.fact_refused", TOLD_LOG_STATUS("status", status),
			 TOLD_LOG_NUMBER("entry", entry.number));
		status = TOLD_OK;
	}
	agent->next_entry = entry.number + 1;
	agent->all_dirty = true;
	agent->ring_stale |= told_bytes_equal(header->sender, told_agent_self(agent)) || header->partner != NULL;
	return status;
}

enum told_status told_agent_fold_directory(struct told_agent *agent)
{
	struct told_directory *fresh = NULL;
	struct told_arena *arena = NULL;
	struct told_fact_row fact;
	uint64_t after = 0;
	enum told_status status = told_directory_new(&fresh);
	if (status != TOLD_OK)
		return status;
	told_directory_free(agent->directory);
	agent->directory = fresh;
	agent->next_entry = 0;
	status = pin_log_keys(agent);
	if (status == TOLD_OK)
		status = told_arena_new(TOLD_AGENT_HEAP, &arena);
	while (status == TOLD_OK) {
		told_arena_reset(arena);
		status = told_fact_next(agent->vault, arena, told_bytes(NULL, 0), after, &fact);
		struct told_opened_envelope opened;
		if (status == TOLD_OK)
			status =
				told_envelope_open(arena, fact.envelope, &opened) == TOLD_OK ? TOLD_OK : TOLD_E_CORRUPT;
		struct told_entry entry = {.number = fact.entry, .utc_ms = (int64_t)fact.time_ms};
		if (status == TOLD_OK)
			status = apply(agent, opened.header, fact.attachment, entry);
		after = fact.entry + 1;
	}
	told_arena_free(arena);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- facts about a person ---- */

/* Whoever gave this consent knew the card's words; only who holds the card's key can tell (protocol section 4). */
static enum told_status present(struct told_agent *agent, const struct told_header *header, bool *out)
{
	uint8_t key[TOLD_KEY_BYTES];
	bool retired = false;
	struct told_bytes record;
	told_hash proof;
	*out = false;
	if (header->consent == NULL || header->presence.len != sizeof proof.b)
		return TOLD_OK;
	enum told_status status = told_card_get(agent->vault, header->client_ref, key, &retired);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	if (status == TOLD_OK)
		status = told_agent_encode(agent, TOLD_SCHEMA_CONSENT, header->consent, &record);
	if (status == TOLD_OK) {
		told_presence_proof(key, record, &proof);
		*out = told_equal_secret(proof.b, header->presence.data, sizeof proof.b);
	}
	told_wipe(key, sizeof key);
	return status;
}

enum told_status told_agent_learn(struct told_agent *agent, const struct told_header *header,
				  struct told_bytes envelope, struct told_bytes attachment, struct told_entry entry)
{
	bool parties = told_register_cares(header->type);
	if (header->type == TOLD_TYPE_ERASURE)
		return told_agent_note_erasure(agent, header, (uint64_t)entry.utc_ms);
	struct told_fact_row fact = {
		.entry = entry.number,
		.time_ms = (uint64_t)entry.utc_ms,
		.type = header->type,
		.client = parties ? told_bytes(NULL, 0) : header->client_ref,
		.sender = header->sender,
		.envelope = envelope,
		.attachment = attachment,
	};
	if (!parties && (!told_person_cares(header->type) || header->client_ref.len != TOLD_ID_BYTES))
		return TOLD_OK;
	enum told_status status = present(agent, header, &fact.present);
	if (status == TOLD_OK)
		status = told_fact_put(agent->vault, &fact);
	agent->sight_stale |= parties || header->type == TOLD_TYPE_FLAG;
	if (status != TOLD_OK)
		return status;
	if (!parties) {
		told_agent_touch(agent, header->client_ref);
		return TOLD_OK;
	}
	/* Our own receipts may come before what others did earlier: then the order of the log is made anew. */
	return entry.number < agent->next_entry ? told_agent_fold_directory(agent)
						: apply(agent, header, attachment, entry);
}

enum told_status told_agent_learn_log_key(struct told_agent *agent, const struct told_carried_message *message)
{
	struct told_entry entry = {.number = message->entry, .utc_ms = (int64_t)message->time_ms};
	told_log(&agent->log, TOLD_LOG_INFO, "agent.log_key", TOLD_LOG_NUMBER("entry", entry.number));
	return told_agent_learn(agent, message->header, message->envelope, told_bytes(NULL, 0), entry);
}

static enum told_status apply_to(struct told_agent *agent, struct told_arena *arena, struct told_person *person,
				 const struct told_fact_row *fact)
{
	struct told_opened_envelope opened;
	struct told_entry entry = {.number = fact->entry, .utc_ms = (int64_t)fact->time_ms};
	if (!told_agent_believes(agent, fact->sender))
		return TOLD_OK; /* until an agreement of ours vouches for who said it */
	if (told_envelope_open(arena, fact->envelope, &opened) != TOLD_OK)
		return TOLD_E_CORRUPT;
	if (!fact->present)
		opened.header->presence = told_bytes(NULL, 0);
	return told_person_apply(person, agent->parties, opened.header, entry);
}

/* Only the chair heard all that was said and knows who sits there. */
static void know_members(const struct told_agent *agent, struct told_person *person)
{
	for (size_t i = 0; person != NULL && i < person->conference_count; i++)
		person->conferences[i].whole = person->conferences[i].chair == agent->self;
}

/* We hold a story of theirs: they are known here whatever else was said. */
static enum told_status known_here(struct told_agent *agent, struct told_arena *arena, struct told_person *person)
{
	struct told_story_row story;
	enum told_status status =
		told_story_next(agent->vault, arena, told_bytes(person->ref, TOLD_ID_BYTES), 0, &story);
	if (status == TOLD_OK)
		person->known = true;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_person(struct told_agent *agent, struct told_bytes client, struct told_person **out)
{
	struct told_arena *arena = NULL;
	struct told_fact_row fact;
	uint64_t after = 0;
	*out = NULL;
	if (client.len != TOLD_ID_BYTES)
		return TOLD_E_USAGE;
	enum told_status status = told_arena_new(TOLD_AGENT_HEAP, &arena);
	if (status == TOLD_OK)
		status = told_person_new(client.data, out);
	if (status == TOLD_OK)
		status = known_here(agent, arena, *out);
	while (status == TOLD_OK) {
		told_arena_reset(arena);
		status = told_fact_next(agent->vault, arena, client, after, &fact);
		if (status == TOLD_OK)
			status = apply_to(agent, arena, *out, &fact);
		after = fact.entry + 1;
	}
	told_arena_free(arena);
	know_members(agent, *out);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	told_person_free(*out);
	*out = NULL;
	return status;
}

void told_agent_touch(struct told_agent *agent, struct told_bytes client)
{
	for (size_t i = 0; i < agent->dirty_count; i++)
		if (memcmp(agent->dirty[i], client.data, TOLD_ID_BYTES) == 0)
			return;
	if (agent->dirty_count == TOLD_AGENT_DIRTY_MAX)
		agent->all_dirty = true;
	else
		memcpy(agent->dirty[agent->dirty_count++], client.data, TOLD_ID_BYTES);
}

enum told_status told_agent_note_erasure(struct told_agent *agent, const struct told_header *header, uint64_t at_ms)
{
	if (header->client_ref.len > 0) {
		struct told_erasure_row row = {.id = header->id,
					       .asker = header->sender,
					       .client = header->client_ref,
					       .reason = header->erasure->reason,
					       .asked_ms = at_ms};
		return told_erasure_put(agent->vault, &row);
	}
	struct told_erasure_heard heard = {.request = header->in_reply_to,
					   .party = header->sender,
					   .law = header->erasure->law,
					   .state = header->erasure->state,
					   .kept_until_ms = header->erasure->kept_until_ms,
					   .at_ms = at_ms};
	return told_erasure_heard(agent->vault, &heard);
}
