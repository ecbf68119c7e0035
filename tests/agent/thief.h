/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody who has a copy of an agency's key: connects as that agency, writes in its name, hears what comes of it. */
#ifndef TOLD_TEST_AGENT_THIEF_H
#define TOLD_TEST_AGENT_THIEF_H

#include "agent/world.h"

#include "agents/agent/core/state.h"

struct thief {
	struct told_client *client;
	struct told_outgoing message;
	struct told_arena *arena;
	bool gone, answered;
	uint32_t outcome, status;
};

static inline enum told_status thief_hears(void *ctx, const struct told_client_event *event)
{
	struct thief *thief = ctx;
	thief->gone |= event->kind == TOLD_CLIENT_DISCONNECTED;
	if (event->kind == TOLD_CLIENT_ANSWER && memcmp(event->answer.id, thief->message.id, TOLD_ID_BYTES) == 0) {
		thief->answered = true;
		thief->outcome = event->answer.outcome;
		thief->status = event->answer.status;
	}
	return TOLD_OK;
}

static inline void thief_turn(struct thief *thief)
{
	struct told_time now = world_time();
	enum told_status status = told_poll_one(told_client_fd(thief->client), POLLIN, 2);
	assert_true(status == TOLD_OK || status == TOLD_E_TIMEOUT);
	assert_int_equal(told_client_pump(thief->client, now.wall_ms, now.boot_ms, thief_hears, thief), TOLD_OK);
}

/* Connects as an agency, with a session key of the caller's choice. */
static inline void thief_open(struct thief *thief, struct world *w, const char *party,
			      const struct told_keypair *session)
{
	struct told_agent *agent = world_agent(w, party)->agent;
	struct told_client_config config = {.endpoint = agent->endpoint,
					    .partnership = told_text(agent->partnership.partnership),
					    .party = told_text(party),
					    .log_vkey = agent->partnership.log_vkey};
	memcpy(config.broker_key, agent->partnership.broker_session_key, TOLD_KEY_BYTES);
	memcpy(config.session_key, session->key, TOLD_KEY_BYTES);
	memcpy(config.session_secret, session->secret, TOLD_KEY_BYTES);
	memcpy(config.epoch, agent->epoch, sizeof config.epoch);
	*thief = (struct thief){0};
	assert_int_equal(told_client_open(&config, &thief->client), TOLD_OK);
}

static inline bool thief_ready(struct world *w, void *ctx)
{
	struct thief *thief = ctx;
	(void)w;
	thief_turn(thief);
	return told_client_ready(thief->client);
}

/* A message in the agency's name, signed with this key. */
static inline void thief_writes(struct thief *thief, struct world *w, const char *party, const struct told_keypair *key)
{
	struct told_agent *agent = world_agent(w, party)->agent;
	struct told_signer *signer = NULL;
	struct told_buf bytes = TOLD_BUF(TOLD_HEADER_MAX_BYTES);
	struct told_worker_part worker = {
		.number = told_text("thief"), .kind = TOLD_WORKER_KIND_EMPLOYED, .from_ms = 1};
	uint64_t now_ms = (uint64_t)world_time().wall_ms;
	assert_int_equal(told_arena_new(1u << 20, &thief->arena), TOLD_OK);
	assert_int_equal(told_uuid7(now_ms, thief->message.id), TOLD_OK);
	struct told_header header = {.version = 1,
				     .type = TOLD_TYPE_WORKER_REGISTER,
				     .id = told_bytes(thief->message.id, TOLD_ID_BYTES),
				     .partnership = told_text(agent->partnership.partnership),
				     .sender = told_text(party),
				     .sender_seq = 1000000,
				     .epoch = told_bytes(agent->epoch, TOLD_ID_BYTES),
				     .created_ms = now_ms,
				     .expires_ms = now_ms + (uint64_t)TOLD_MS_DAY,
				     .workers = {.items = &worker, .count = 1}};
	assert_int_equal(told_header_encode(&header, &bytes), TOLD_OK);
	thief->message.header = told_arena_copy(thief->arena, told_buf_view(&bytes));
	thief->message.type = TOLD_TYPE_WORKER_REGISTER;
	thief->message.sender_seq = header.sender_seq;
	assert_int_equal(told_signer_new(key->secret, &signer), TOLD_OK);
	assert_int_equal(told_outgoing_sign(thief->arena, signer, key->key, &thief->message, 1), TOLD_OK);
	told_signer_free(signer);
	told_buf_free(&bytes);
}

static inline bool thief_heard(struct world *w, void *ctx)
{
	struct thief *thief = ctx;
	(void)w;
	thief_turn(thief);
	return thief->answered;
}

static inline void thief_close(struct thief *thief)
{
	told_client_close(thief->client);
	told_arena_free(thief->arena);
}

#endif
