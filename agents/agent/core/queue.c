/* SPDX-License-Identifier: Apache-2.0 */
/* Messages into the outbox, signed in batches, sent after the commit (vault V1, V5). */
#include "agents/agent/core/sight.h"
#include "agents/agent/core/state.h"

#include "proto/types.h"

#include <string.h>

#define RETRY_MS   50
#define RESEND_MAX 256u /* taken from the outbox in one turn */

enum told_status told_agent_encode(struct told_agent *agent, enum told_schema schema, const void *message,
				   struct told_bytes *out)
{
	struct told_buf buf = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	enum told_status status = told_encode(schema, message, &buf);
	*out = told_bytes(NULL, 0);
	if (status == TOLD_OK) {
		*out = told_arena_copy(agent->arena, told_buf_view(&buf));
		status = out->len == buf.len ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&buf);
	return status;
}

/* The first role that the worker has; a call that needs another says so itself. */
static uint32_t first_role(uint32_t roles)
{
	uint32_t role = 1;
	while (role < TOLD_ROLE_COUNT && (roles & TOLD_BIT32(role)) == 0)
		role++;
	return role < TOLD_ROLE_COUNT ? role : TOLD_ROLE_NONE;
}

static void fill_author(const struct told_caller *caller, struct told_header *header)
{
	if (caller == NULL)
		return;
	header->author = told_text(caller->number);
	header->role = first_role(caller->roles);
	if (caller->team_count > 0)
		header->team = told_text(caller->teams[0]);
}

/* A worker whose computer's clock is wrong is told so, and dates nothing meanwhile. What the machine says by itself has
 * nobody to tell, and must not be refused for lying in the future: where our clock is far ahead of the broker's, that
 * one counts. Never later than our own. */
static uint64_t dated_ms(const struct told_agent *agent, const struct told_caller *caller)
{
	struct told_time now = told_clock_now(&agent->clock);
	int64_t theirs_ms =
		caller != NULL || agent->client == NULL ? 0 : told_client_broker_utc_ms(agent->client, now.boot_ms);
	bool ahead = theirs_ms > 0 && now.wall_ms > theirs_ms + TOLD_FUTURE_MAX_MS / 2;
	return (uint64_t)(ahead ? theirs_ms : now.wall_ms);
}

enum told_status told_draft_begin(struct told_agent *agent, uint32_t type, const struct told_caller *caller,
				  struct told_bytes client, struct told_draft *draft)
{
	uint64_t now_ms = dated_ms(agent, caller), seq = 0;
	memset(draft, 0, sizeof *draft);
	enum told_status status = told_uuid7(now_ms, draft->id);
	if (status == TOLD_OK)
		status = told_vault_count_up(agent->vault, "sender-seq", &seq);
	if (status != TOLD_OK)
		return status;
	memcpy(draft->ticket, draft->id, sizeof draft->ticket);
	struct told_header *h = &draft->header;
	*h = (struct told_header){
		.version = 1,
		.type = type,
		.id = told_bytes(draft->id, sizeof draft->id),
		.partnership = told_text(agent->partnership.partnership),
		.sender = told_agent_self(agent),
		.sender_seq = seq,
		.epoch = told_bytes(agent->epoch, sizeof agent->epoch),
		.client_ref = client,
		.created_ms = now_ms,
		.expires_ms = now_ms + (uint64_t)TOLD_EXPIRES_MAX_MS,
	};
	fill_author(caller, h);
	uint64_t seen = 0;
	if (agent->client != NULL && told_client_checkpoint(agent->client, &seen, &draft->seen_root).len > 0 &&
	    seen > 0) {
		h->seen_size = seen;
		h->seen_root = told_bytes(draft->seen_root.b, sizeof draft->seen_root.b);
	}
	return TOLD_OK;
}

enum told_status told_draft_drop(struct told_agent *agent, const struct told_draft *draft)
{
	struct told_buf value = TOLD_BUF(sizeof draft->header.sender_seq);
	told_buf_put_u64(&value, draft->header.sender_seq - 1);
	enum told_status status = value.status == TOLD_OK
					  ? told_vault_put(agent->vault, "sender-seq", told_buf_view(&value))
					  : value.status;
	told_buf_free(&value);
	return status;
}

enum told_status told_draft_queue_sealed(struct told_agent *agent, const struct told_draft *draft,
					 struct told_bytes header, struct told_bytes body)
{
	const struct told_header *h = &draft->header;
	struct told_outbox_row row = {
		.id = h->id,
		.type = h->type,
		.ticket = told_bytes(draft->ticket, sizeof draft->ticket),
		.client = h->client_ref,
		.signed_by = told_type_rule(h->type)->signed_by,
		.queued_ms = h->created_ms,
		.expires_ms = h->expires_ms,
		.header = header,
		.body = body,
		.author = h->author,
	};
	enum told_status status = told_unnamed_keep(agent, h);
	return status == TOLD_OK ? told_outbox_put(agent->vault, &row) : status;
}

enum told_status told_draft_queue(struct told_agent *agent, const struct told_draft *draft, struct told_bytes body)
{
	struct told_bytes header;
	enum told_status status = told_header_check(&draft->header);
	if (status == TOLD_OK)
		status = told_agent_encode(agent, TOLD_SCHEMA_HEADER, &draft->header, &header);
	return status == TOLD_OK ? told_draft_queue_sealed(agent, draft, header, body) : status;
}

/* ---- signing ---- */

struct batch {
	struct told_outgoing messages[TOLD_BATCH_MAX];
	uint64_t seqs[TOLD_BATCH_MAX];
	size_t count;
};

static enum told_status sign_batch(struct told_agent *agent, struct told_arena *arena, uint32_t purpose,
				   struct batch *batch)
{
	bool identity = purpose == TOLD_KEY_IDENTITY;
	struct told_signer *signer = identity ? agent->identity : agent->signing;
	const struct told_keypair *pair =
		&agent->keys.of[identity ? TOLD_AGENCY_KEY_IDENTITY : TOLD_AGENCY_KEY_SIGNING];
	if (batch->count == 0)
		return TOLD_OK;
	enum told_status status = told_outgoing_sign(arena, signer, pair->key, batch->messages, batch->count);
	for (size_t i = 0; status == TOLD_OK && i < batch->count; i++)
		status = told_outbox_sign(agent->vault, batch->seqs[i], batch->messages[i].envelope);
	batch->count = 0;
	return status;
}

static enum told_status collect(struct told_agent *agent, struct told_arena *arena, uint32_t purpose,
				struct batch *batch)
{
	struct told_outbox_row row;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && batch->count < TOLD_BATCH_MAX) {
		status = told_outbox_next(agent->vault, arena, TOLD_OUTBOX_OF_UNSIGNED, told_bytes(NULL, 0), after,
					  &row);
		if (status != TOLD_OK)
			break;
		after = row.seq;
		if (row.signed_by != purpose)
			continue;
		batch->seqs[batch->count] = row.seq;
		batch->messages[batch->count++] = (struct told_outgoing){.header = row.header, .type = row.type};
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_sign(struct told_agent *agent)
{
	static const uint32_t purposes[] = {TOLD_KEY_IDENTITY, TOLD_KEY_SIGNING};
	struct told_arena *arena = NULL;
	enum told_status status = told_arena_new(TOLD_AGENT_HEAP, &arena);
	struct batch *batch = status == TOLD_OK ? told_arena_alloc(arena, sizeof *batch) : NULL;
	if (batch == NULL) {
		told_arena_free(arena);
		return TOLD_E_MEMORY;
	}
	for (size_t i = 0; status == TOLD_OK && i < sizeof purposes / sizeof purposes[0]; i++) {
		size_t signed_now;
		do {
			status = collect(agent, arena, purposes[i], batch);
			signed_now = batch->count;
			if (status == TOLD_OK)
				status = sign_batch(agent, arena, purposes[i], batch);
		} while (status == TOLD_OK && signed_now == TOLD_BATCH_MAX);
	}
	told_arena_free(arena);
	return status;
}

enum told_status told_agent_commit(struct told_agent *agent)
{
	/* Also what the worker whose call it is does not see. */
	struct told_sight was = told_vault_open_eyes(agent->vault);
	enum told_status status = told_agent_sign(agent);
	told_vault_narrow(agent->vault, was);
	if (status == TOLD_OK)
		return told_vault_commit(agent->vault);
	told_vault_rollback(agent->vault);
	return status;
}

/* ---- sending ---- */

/* What our signing key signed waits until the log knows that key. */
static bool may_go(const struct told_agent *agent, const struct told_outbox_row *row)
{
	return row->signed_by == TOLD_KEY_IDENTITY || agent->signing_known;
}

static enum told_status send_row(struct told_agent *agent, struct told_arena *arena, const struct told_outbox_row *row)
{
	struct told_header *header = NULL;
	struct told_outgoing message = {
		.header = row->header, .body = row->body, .envelope = row->envelope, .type = row->type};
	enum told_status status = told_header_decode(row->header, arena, &header);
	if (status != TOLD_OK)
		return TOLD_E_CORRUPT;
	memcpy(message.id, row->id.data, sizeof message.id);
	message.sender_seq = header->sender_seq;
	return told_client_in_flight(agent->client, message.id) ? TOLD_OK : told_client_send(agent->client, &message);
}

enum told_status told_agent_send(struct told_agent *agent)
{
	struct told_arena *arena = NULL;
	struct told_outbox_row row;
	if (!told_client_ready(agent->client) || agent->fault == TOLD_E_FORK)
		return TOLD_OK;
	enum told_status status = told_arena_new(TOLD_AGENT_HEAP, &arena);
	for (size_t i = 0; status == TOLD_OK && i < RESEND_MAX && told_client_room(agent->client) > 0; i++) {
		told_arena_reset(arena);
		status = told_outbox_next(agent->vault, arena, TOLD_OUTBOX_OF_WAITING, told_bytes(NULL, 0),
					  agent->sent_seq, &row);
		if (status != TOLD_OK || !may_go(agent, &row))
			break;
		status = send_row(agent, arena, &row);
		if (status == TOLD_OK)
			agent->sent_seq = row.seq;
	}
	told_arena_free(arena);
	if (status == TOLD_E_BUSY) /* the pipe is full, or the connection has just ended */
		agent->resend_boot_ms = told_clock_now(&agent->clock).boot_ms + RETRY_MS;
	return status == TOLD_E_NOT_FOUND || status == TOLD_E_BUSY ? TOLD_OK : status;
}
