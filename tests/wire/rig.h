/* SPDX-License-Identifier: Apache-2.0 */
/* A core, a front and some agents in one test, over real sockets on loopback; every wait has a condition and an end. */
#ifndef TOLD_TEST_WIRE_RIG_H
#define TOLD_TEST_WIRE_RIG_H

#include "support/support.h"

#include "agents/client/socket/socket.h"
#include "broker/base/clock.h"
#include "broker/base/loop.h"
#include "broker/wire/front.h"
#include "broker/wire/wire.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RIG_DEADLINE_MS 120000 /* for what never comes; a machine with other work to do is only slow */
#define RIG_AGENTS_MAX  16
#define RIG_HEARD_MAX   20000

/* What the core heard, in short. */
struct heard {
	uint64_t session;
	size_t envelope_len, body_len;
	char party[32], body[32];
};

struct agent {
	struct told_socket *socket;
	struct told_socket_config config;
	size_t received, malformed;
	size_t envelope_len, body_len;
	char body[32];
	bool deaf; /* does not read */
};

struct rig {
	told_wire_start *start;
	struct told_wire_config config;
	struct told_wire *wire;
	uint8_t server_key[TOLD_KEY_BYTES];
	char endpoint[TOLD_ENDPOINT_MAX_BYTES];
	bool core_deaf;
	enum told_status ended; /* what told_wire_next said last, TOLD_E_BUSY while the front lives */
	enum told_status failed, health;
	size_t health_count, gone_count, unsent_count;
	uint64_t gone_session, unsent_token;
	uint64_t drops[TOLD_WIRE_REASON_COUNT];
	char drop_party[32];
	struct heard *heard;
	size_t heard_count;
	struct agent agents[RIG_AGENTS_MAX];
	size_t agent_count;
};

static inline int64_t rig_now_ms(void)
{
	struct told_clock clock = told_clock_system();
	return told_clock_now(&clock).boot_ms;
}

static inline void rig_copy(char *out, size_t size, struct told_bytes text)
{
	size_t len = text.len < size - 1 ? text.len : size - 1;
	if (len > 0)
		memcpy(out, text.data, len);
	out[len] = '\0';
}

static inline void rig_note(struct rig *rig, const struct told_wire_message *m)
{
	switch (m->kind) {
	case TOLD_WIRE_READY: rig_copy(rig->endpoint, sizeof rig->endpoint, m->envelope); break;
	case TOLD_WIRE_FAILED: rig->failed = m->status; break;
	case TOLD_WIRE_MESSAGE:
		if (rig->heard_count < RIG_HEARD_MAX) {
			struct heard *h = &rig->heard[rig->heard_count++];
			*h = (struct heard){
				.session = m->session, .envelope_len = m->envelope.len, .body_len = m->body.len};
			rig_copy(h->party, sizeof h->party, m->party);
			rig_copy(h->body, sizeof h->body, m->body);
		}
		break;
	case TOLD_WIRE_GONE:
		rig->gone_count++;
		rig->gone_session = m->session;
		break;
	case TOLD_WIRE_UNSENT:
		rig->unsent_count++;
		rig->unsent_token = m->token;
		break;
	case TOLD_WIRE_DROPPED:
		rig->drops[m->reason] += m->count;
		rig_copy(rig->drop_party, sizeof rig->drop_party, m->party);
		break;
	case TOLD_WIRE_HEALTH:
		rig->health = m->status;
		rig->health_count++;
		break;
	}
}

static inline void rig_read_wire(struct rig *rig)
{
	struct told_wire_message message;
	if (rig->wire == NULL || rig->core_deaf)
		return;
	if (told_wire_flush(rig->wire) == TOLD_E_SYSTEM)
		fail();
	while ((rig->ended = told_wire_next(rig->wire, &message)) == TOLD_OK)
		rig_note(rig, &message);
}

static inline void rig_read_agent(struct agent *agent)
{
	struct told_bytes envelope, body;
	enum told_status status = told_socket_pump(agent->socket, rig_now_ms());
	assert_int_equal(status, TOLD_OK);
	while (!agent->deaf && (status = told_socket_receive(agent->socket, &envelope, &body)) != TOLD_E_BUSY) {
		if (status == TOLD_E_MALFORMED) {
			agent->malformed++;
			continue;
		}
		assert_int_equal(status, TOLD_OK);
		agent->received++;
		agent->envelope_len = envelope.len;
		agent->body_len = body.len;
		rig_copy(agent->body, sizeof agent->body, body);
	}
}

/* One turn of everybody's loop. */
static inline void rig_step(struct rig *rig)
{
	struct pollfd fds[RIG_AGENTS_MAX + 1];
	int64_t wait_ms = 50;
	bool watch = rig->wire != NULL && !rig->core_deaf && rig->ended == TOLD_E_BUSY;
	fds[0] = (struct pollfd){.fd = watch ? told_wire_fd(rig->wire) : -1,
				 .events = watch ? told_wire_events(rig->wire) : POLLIN};
	for (size_t i = 0; i < rig->agent_count; i++) {
		fds[i + 1] = (struct pollfd){.fd = -1};
		if (rig->agents[i].deaf || rig->agents[i].socket == NULL)
			continue;
		int64_t agent_ms = told_socket_timeout_ms(rig->agents[i].socket, rig_now_ms());
		fds[i + 1] = (struct pollfd){.fd = told_socket_fd(rig->agents[i].socket), .events = POLLIN};
		if (agent_ms >= 0 && agent_ms < wait_ms)
			wait_ms = agent_ms;
	}
	if (told_poll(fds, (nfds_t)rig->agent_count + 1, wait_ms) == TOLD_E_SYSTEM)
		fail();
	rig_read_wire(rig);
	for (size_t i = 0; i < rig->agent_count; i++)
		if (rig->agents[i].socket != NULL)
			rig_read_agent(&rig->agents[i]);
}

#define until_ms(rig, limit_ms, condition)                                                                             \
	do {                                                                                                           \
		int64_t end_ms_ = rig_now_ms() + (limit_ms);                                                           \
		while (!(condition)) {                                                                                 \
			if (rig_now_ms() > end_ms_)                                                                    \
				fail_msg("in time: %s", #condition);                                                   \
			rig_step(rig);                                                                                 \
		}                                                                                                      \
	} while (0)
#define until(rig, condition) until_ms(rig, RIG_DEADLINE_MS, condition)

/* A front with these settings; entry is told_wire_run or one with a broken lock. */
static inline void rig_open(struct rig *rig, told_wire_entry *entry)
{
	uint8_t secret_key[TOLD_KEY_BYTES];
	assert_int_equal(told_wire_keypair(rig->server_key, secret_key), TOLD_OK);
	memcpy(rig->config.secret_key, secret_key, sizeof secret_key);
	if (rig->config.endpoint == NULL)
		rig->config.endpoint = "tcp://127.0.0.1:*";
	rig->ended = TOLD_E_BUSY;
	assert_int_equal(told_wire_open_with(&rig->config, rig->start, entry, &rig->wire), TOLD_OK);
}

static inline void rig_listen(struct rig *rig)
{
	assert_int_equal(told_wire_listen(rig->wire), TOLD_OK);
	until(rig, rig->endpoint[0] != '\0');
}

static inline void rig_start(struct rig *rig)
{
	rig_open(rig, told_wire_run);
	rig_listen(rig);
}

/* An agent with a fresh key, not yet allowed; it lives as long as the rig. */
static inline struct agent *agent_make(struct rig *rig)
{
	assert_true(rig->agent_count < RIG_AGENTS_MAX);
	struct agent *agent = &rig->agents[rig->agent_count++];
	*agent = (struct agent){.config = {.endpoint = rig->endpoint}};
	memcpy(agent->config.server_key, rig->server_key, TOLD_KEY_BYTES);
	assert_int_equal(told_curve_keypair(agent->config.public_key, agent->config.secret_key), TOLD_OK);
	return agent;
}

static inline void agent_open(struct agent *agent)
{
	assert_int_equal(told_socket_open(&agent->config, &agent->socket), TOLD_OK);
}

static inline void agent_close(struct agent *agent)
{
	told_socket_close(agent->socket);
	agent->socket = NULL;
}

static inline enum told_socket_state agent_state(const struct agent *agent)
{
	return told_socket_state(agent->socket);
}

/* An agent that is allowed as party, connected. */
static inline struct agent *agent_join(struct rig *rig, const char *party)
{
	struct agent *agent = agent_make(rig);
	assert_int_equal(told_wire_allow(rig->wire, agent->config.public_key, told_text(party)), TOLD_OK);
	agent_open(agent);
	until(rig, agent_state(agent) == TOLD_SOCKET_CONNECTED);
	return agent;
}

/* Sends, and returns when the core heard it: with what it heard. */
static inline const struct heard *agent_tell(struct rig *rig, struct agent *agent, const char *body)
{
	size_t before = rig->heard_count;
	enum told_status status = TOLD_E_BUSY;
	until(rig, (status = told_socket_send(agent->socket, told_text("envelope"), told_text(body))) != TOLD_E_BUSY);
	assert_int_equal(status, TOLD_OK);
	until(rig, rig->heard_count > before && strcmp(rig->heard[rig->heard_count - 1].body, body) == 0);
	return &rig->heard[rig->heard_count - 1];
}

static inline void rig_send(struct rig *rig, uint64_t session, uint64_t token, const char *body)
{
	assert_int_equal(told_wire_send(rig->wire, session, token, told_text("answer"), told_text(body)), TOLD_OK);
	assert_int_equal(told_wire_flush(rig->wire), TOLD_OK);
}

static inline int rig_set_up(void **state)
{
	struct rig *rig = calloc(1, sizeof *rig);
	assert_non_null(rig);
	rig->heard = calloc(RIG_HEARD_MAX, sizeof *rig->heard);
	assert_non_null(rig->heard);
	told_wire_start *const *start = *state;
	rig->start = *start;
	rig->config.handshake_ms = 15000;
	rig->health = TOLD_OK;
	*state = rig;
	return 0;
}

static inline int rig_tear_down(void **state)
{
	struct rig *rig = *state;
	while (rig->agent_count > 0)
		agent_close(&rig->agents[--rig->agent_count]);
	enum told_status status = told_wire_close(rig->wire);
	bool well = rig->failed != TOLD_OK || status == TOLD_OK;
	if (!well)
		print_error("the front ended with %s\n", told_status_name(status));
	free(rig->heard);
	free(rig);
	return well ? 0 : 1;
}

/* Every test runs with the front as a thread and as a process. */
static told_wire_start *const rig_thread = told_wire_start_thread;
static told_wire_start *const rig_process = told_wire_start_process;
#define BOTH_WAYS(test)                                                                                                \
	{#test " (process)", test, rig_set_up, rig_tear_down, (void *)(uintptr_t)&rig_process},                        \
	{                                                                                                              \
#test " (thread)", test, rig_set_up, rig_tear_down, (void *)(uintptr_t)&rig_thread                     \
	}

#endif
