/* SPDX-License-Identifier: Apache-2.0 */
/* Making ourselves known: key records at the first start, the register of workers whenever it changed. */
#include "agents/agent/core/sight.h"
#include "agents/agent/core/state.h"

#include "told/seal.h"

#include <string.h>

#define KEY_LIFE_MS       (UINT64_C(3) * 365 * (uint64_t)TOLD_MS_DAY) /* then a new key of each kind must be there */
#define WORKERS_A_MESSAGE 128u                                        /* a header has 64 KiB */

/* ---- our keys ---- */

static enum told_status prove(struct told_agent *agent, uint32_t purpose, const struct told_keypair *pair,
			      uint8_t proof[64], size_t *len)
{
	struct told_signer *signer = NULL;
	if (purpose == TOLD_KEY_SEALING || purpose == TOLD_KEY_SESSION || purpose == TOLD_KEY_CONTACT) {
		*len = TOLD_HASH_BYTES;
		return told_possession_mac(pair->secret, agent->partnership.enrolment_key, told_agent_self(agent),
					   pair->key, proof);
	}
	*len = TOLD_SIGNATURE_BYTES;
	enum told_status status = told_signer_new(pair->secret, &signer);
	if (status == TOLD_OK)
		status = told_possession_sign(signer, told_agent_self(agent), pair->key, proof);
	told_signer_free(signer);
	return status;
}

enum told_status told_agent_queue_key(struct told_agent *agent, const struct told_key_change *change,
				      uint8_t ticket[TOLD_ID_BYTES])
{
	struct told_draft draft;
	uint8_t proof[TOLD_SIGNATURE_BYTES];
	size_t len = 0;
	bool issue = change->action == TOLD_KEY_ACTION_ISSUE;
	enum told_status status = issue ? prove(agent, change->purpose, change->pair, proof, &len) : TOLD_OK;
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_KEY_RECORD, NULL, told_bytes(NULL, 0), &draft);
	if (status != TOLD_OK)
		return status;
	struct told_key_part part = {
		.purpose = change->purpose,
		.key = told_bytes(change->pair->key, TOLD_KEY_BYTES),
		/* In force at its own entry, also where the broker's clock is behind ours. */
		.from_ms = issue ? draft.header.created_ms - (uint64_t)TOLD_FUTURE_MAX_MS : 0,
		.until_ms = issue ? draft.header.created_ms + KEY_LIFE_MS : 0,
		.number = change->number,
		.action = change->action,
		.worker = change->worker != NULL ? told_text(change->worker) : told_bytes(NULL, 0),
		.possession = told_bytes(proof, len),
	};
	if (change->ticket != NULL)
		memcpy(draft.ticket, change->ticket, sizeof draft.ticket);
	if (ticket != NULL)
		memcpy(ticket, draft.ticket, sizeof draft.ticket);
	draft.header.key_record = &part;
	return told_draft_queue(agent, &draft, told_bytes(NULL, 0));
}

/* The session key stands in the enrolment: without it we would not be connected. */
static enum told_status introduce_keys(struct told_agent *agent)
{
	static const struct {
		uint32_t purpose;
		enum told_agency_key key;
	} rows[] = {
		{TOLD_KEY_SIGNING, TOLD_AGENCY_KEY_SIGNING},
		{TOLD_KEY_SEALING, TOLD_AGENCY_KEY_SEALING},
		{TOLD_KEY_WITNESS, TOLD_AGENCY_KEY_WITNESS},
	};
	struct told_buf done = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	enum told_status status = told_vault_get(agent->vault, "keys-queued", &done);
	told_buf_free(&done);
	if (status != TOLD_E_NOT_FOUND)
		return status;
	status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < sizeof rows / sizeof rows[0]; i++) {
		struct told_key_change first = {.purpose = rows[i].purpose,
						.number = 1,
						.action = TOLD_KEY_ACTION_ISSUE,
						.pair = &agent->keys.of[rows[i].key]};
		status = told_agent_queue_key(agent, &first, NULL);
	}
	return status == TOLD_OK ? told_vault_put(agent->vault, "keys-queued", told_text("yes")) : status;
}

/* ---- our workers ---- */

struct lines {
	struct told_worker_part parts[WORKERS_A_MESSAGE];
	size_t count;
};

static struct told_bytes_list teams_of(struct told_arena *arena, struct told_bytes joined)
{
	struct told_bytes_list list = {.items = told_arena_alloc(arena, TOLD_AGENT_TEAMS_MAX * sizeof *list.items)};
	while (list.items != NULL && joined.len > 0 && list.count < TOLD_AGENT_TEAMS_MAX) {
		const uint8_t *comma = memchr(joined.data, ',', joined.len);
		size_t len = comma == NULL ? joined.len : (size_t)(comma - joined.data);
		list.items[list.count++] = told_bytes(joined.data, len);
		len += comma == NULL ? 0 : 1;
		joined = told_bytes(joined.data + len, joined.len - len);
	}
	return list;
}

static enum told_status add_line(struct told_agent *agent, const struct told_worker_row *row, struct lines *lines)
{
	struct told_worker_part *part = &lines->parts[lines->count++];
	uint32_t *roles = told_arena_alloc(agent->arena, TOLD_ROLE_COUNT * sizeof *roles);
	if (roles == NULL)
		return TOLD_E_MEMORY;
	*part = (struct told_worker_part){
		.number = row->number,
		.kind = row->kind,
		.roles = {.items = roles},
		.teams = teams_of(agent->arena, row->teams),
		.from_ms = row->from_ms,
		.until_ms = row->until_ms,
	};
	for (uint32_t role = 1; role < TOLD_ROLE_COUNT; role++)
		if (row->roles & TOLD_BIT32(role))
			roles[part->roles.count++] = role;
	return told_worker_queued(agent->vault, row->number);
}

static enum told_status introduce_workers(struct told_agent *agent)
{
	struct told_worker_row row;
	struct told_draft draft;
	uint64_t after = 0;
	told_arena_reset(agent->arena);
	struct lines *lines = told_arena_alloc(agent->arena, sizeof *lines);
	enum told_status status = lines == NULL ? TOLD_E_MEMORY : TOLD_OK;
	while (status == TOLD_OK && lines->count < WORKERS_A_MESSAGE) {
		status = told_worker_next(agent->vault, agent->arena, after, &row);
		if (status == TOLD_OK && !row.queued)
			status = add_line(agent, &row, lines);
		after = row.id;
	}
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	if (lines->count == 0)
		return TOLD_OK;
	status = told_draft_begin(agent, TOLD_TYPE_WORKER_REGISTER, NULL, told_bytes(NULL, 0), &draft);
	draft.header.workers = (struct told_worker_part_list){.items = lines->parts, .count = lines->count};
	return status == TOLD_OK ? told_draft_queue(agent, &draft, told_bytes(NULL, 0)) : status;
}

enum told_status told_agent_introduce(struct told_agent *agent)
{
	enum told_status status = introduce_keys(agent);
	return status == TOLD_OK ? introduce_workers(agent) : status;
}

enum told_status told_agent_any_worker(struct told_agent *agent, struct told_caller *out)
{
	struct told_worker_row row;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	do {
		status = told_worker_next(agent->vault, agent->arena, after, &row);
		after = row.id;
	} while (status == TOLD_OK && (row.state != TOLD_WORKER_ACTIVE || told_sight_is_named(agent, row.number)));
	memset(out, 0, sizeof *out);
	if (status != TOLD_OK)
		return status;
	memcpy(out->number, row.number.data, row.number.len);
	out->roles = row.roles;
	return TOLD_OK;
}

enum told_status told_agent_relate(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client,
				   uint32_t kind, struct told_bytes team, bool live, uint64_t until_ms,
				   const uint8_t ticket[TOLD_ID_BYTES])
{
	struct told_draft draft;
	struct told_relationship_part part = {
		.kind = kind, .team = team, .until_ms = until_ms, .live = live ? TOLD_YES_NO_YES : TOLD_YES_NO_NO};
	enum told_status status = told_draft_begin(agent, TOLD_TYPE_RELATIONSHIP, caller, client, &draft);
	if (status != TOLD_OK)
		return status;
	/* Somebody present is present to the worker who says so, and that ends with the day. */
	if (kind == TOLD_RELATIONSHIP_PRESENT) {
		part.worker = draft.header.author;
		if (until_ms == 0)
			part.until_ms = (draft.header.created_ms / (uint64_t)TOLD_MS_DAY + 1) * (uint64_t)TOLD_MS_DAY;
	}
	memcpy(draft.ticket, ticket, sizeof draft.ticket);
	part.from_ms = draft.header.created_ms;
	draft.header.relationship = &part;
	return told_draft_queue(agent, &draft, told_bytes(NULL, 0));
}
