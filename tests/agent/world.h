/* SPDX-License-Identifier: Apache-2.0 */
/* A small partnership for flow tests: a real told-broker process on an ephemeral port, and agents turned in this
 * process. */
#ifndef TOLD_TEST_AGENT_WORLD_H
#define TOLD_TEST_AGENT_WORLD_H

#include "support/support.h"

#include "agents/agent/agent.h"
#include "agents/agent/core/init.h"
#include "agents/keys/init.h"
#include "agents/keys/keys.h"
#include "broker/base/clock.h"
#include "broker/base/file.h"
#include "broker/base/loop.h"
#include "proto/message.h"
#include "told/client.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORLD_AGENTS  4
#define WORLD_WAIT_MS 60000 /* a machine that runs other builds as well: a wait that ends early says nothing */

struct world_agent {
	const char *party, *mark;
	char dir[PATH_MAX], token[2 * TOLD_TOKEN_BYTES + 1];
	struct told_init_agency_made made;
	struct told_agent *agent;
	struct told_caller caller;
};
struct world {
	char dir[PATH_MAX], broker_dir[PATH_MAX];
	pid_t broker;
	struct world_agent agents[WORLD_AGENTS];
	char *agreement;
	json_t *last; /* the answer of the last call; freed with the world */
};

static inline int64_t world_now_ms(void)
{
	struct told_clock clock = told_clock_system();
	return told_clock_now(&clock).boot_ms;
}

static inline struct told_time world_time(void)
{
	struct told_clock clock = told_clock_system();
	return told_clock_now(&clock);
}

/* Starts told-broker and waits for the line that says where it listens. */
static inline void world_start_broker(struct world *w)
{
	int out[2];
	char text[512] = "";
	size_t len = 0;
	const char *bin = getenv("TOLD_BIN");
	char program[PATH_MAX];
	const char *other = getenv("TOLD_TEST_BROKER"); /* one whose clock the test has */
	snprintf(program, sizeof program, "%s/%s", bin == NULL ? "." : bin, other == NULL ? "told-broker" : other);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	w->broker = fork();
	assert_true(w->broker >= 0);
	if (w->broker == 0) {
		dup2(out[1], STDOUT_FILENO);
		execl(program, "told-broker", w->broker_dir, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	int64_t end_ms = world_now_ms() + WORLD_WAIT_MS;
	while (strstr(text, "listening") == NULL || strchr(text, '\n') == NULL) {
		assert_true(told_poll_one(out[0], POLLIN, end_ms - world_now_ms()) == TOLD_OK);
		ssize_t n = read(out[0], text + len, sizeof text - 1 - len);
		assert_true(n > 0);
		len += (size_t)n;
		text[len] = '\0';
	}
	close(out[0]);
}

static inline void world_stop_broker(struct world *w, int how)
{
	int state = 0;
	if (w->broker <= 0)
		return;
	kill(w->broker, how);
	assert_int_equal(waitpid(w->broker, &state, 0), w->broker);
	w->broker = 0;
}

/* ---- the operator ---- */

struct world_talk {
	uint8_t id[TOLD_ID_BYTES];
	uint32_t outcome;
};

static inline enum told_status world_hear(void *ctx, const struct told_client_event *event)
{
	struct world_talk *talk = ctx;
	if (event->kind == TOLD_CLIENT_ANSWER && memcmp(event->answer.id, talk->id, TOLD_ID_BYTES) == 0)
		talk->outcome = event->answer.outcome;
	return event->kind == TOLD_CLIENT_FAULT ? event->status : TOLD_OK;
}

static inline void world_read_endpoint(const struct world *w, char out[TOLD_ENDPOINT_MAX_BYTES])
{
	char path[PATH_MAX + 16];
	struct told_buf text = TOLD_BUF(TOLD_ENDPOINT_MAX_BYTES - 1);
	snprintf(path, sizeof path, "%s/endpoint", w->broker_dir);
	assert_int_equal(told_file_read(path, TOLD_ENDPOINT_MAX_BYTES - 1, &text), TOLD_OK);
	size_t len = strcspn(told_buf_cstr(&text), "\n");
	memcpy(out, text.data, len);
	out[len] = '\0';
	told_buf_free(&text);
}

static inline void world_converse(struct told_client *client, const struct told_outgoing *message,
				  struct world_talk *talk)
{
	int64_t end_ms = world_now_ms() + WORLD_WAIT_MS;
	bool sent = false;
	while (talk->outcome == 0) {
		assert_true(world_now_ms() < end_ms);
		int64_t wait = told_client_timeout_ms(client, world_now_ms());
		enum told_status status =
			told_poll_one(told_client_fd(client), POLLIN, wait < 0 || wait > 100 ? 100 : wait);
		assert_true(status == TOLD_OK || status == TOLD_E_TIMEOUT);
		struct told_time now = world_time();
		assert_int_equal(told_client_pump(client, now.wall_ms, now.boot_ms, world_hear, talk), TOLD_OK);
		if (!sent && told_client_ready(client))
			sent = told_client_send(client, message) == TOLD_OK;
	}
}

/* Signs and sends one PARTNER message as the operator; gives its outcome. */
static inline uint32_t world_partner(struct world *w, const struct told_partner_part *part)
{
	struct told_partnership p;
	struct told_broker_keys keys;
	struct told_arena *arena = NULL;
	struct told_signer *signer = NULL;
	struct told_client *client = NULL;
	char path[PATH_MAX + 32], endpoint[TOLD_ENDPOINT_MAX_BYTES];
	struct world_talk talk = {.outcome = 0};
	struct told_buf header_bytes = TOLD_BUF(TOLD_HEADER_MAX_BYTES);
	struct told_partner_part copy = *part;
	uint64_t now_ms = (uint64_t)world_time().wall_ms;
	uint8_t epoch[TOLD_ID_BYTES];
	snprintf(path, sizeof path, "%s/partnership.json", w->broker_dir);
	assert_int_equal(told_partnership_read(path, &p, NULL), TOLD_OK);
	assert_int_equal(told_broker_keys_load(w->broker_dir, &keys, NULL), TOLD_OK);
	assert_int_equal(told_arena_new(1u << 20, &arena), TOLD_OK);
	assert_int_equal(told_random(epoch, sizeof epoch), TOLD_OK);
	assert_int_equal(told_uuid7(now_ms, talk.id), TOLD_OK);
	struct told_header header = {.version = 1,
				     .type = TOLD_TYPE_PARTNER,
				     .id = told_bytes(talk.id, TOLD_ID_BYTES),
				     .partnership = told_text(p.partnership),
				     .sender = told_text("broker"),
				     .sender_seq = 1,
				     .epoch = told_bytes(epoch, sizeof epoch),
				     .created_ms = now_ms,
				     .expires_ms = now_ms + (uint64_t)TOLD_MS_DAY,
				     .partner = &copy};
	assert_int_equal(told_header_encode(&header, &header_bytes), TOLD_OK);
	struct told_outgoing message = {
		.header = told_buf_view(&header_bytes), .type = TOLD_TYPE_PARTNER, .sender_seq = 1};
	memcpy(message.id, talk.id, TOLD_ID_BYTES);
	assert_int_equal(told_signer_new(keys.of[TOLD_BROKER_KEY_OPERATOR].secret, &signer), TOLD_OK);
	assert_int_equal(told_outgoing_sign(arena, signer, keys.of[TOLD_BROKER_KEY_OPERATOR].key, &message, 1),
			 TOLD_OK);
	world_read_endpoint(w, endpoint);
	struct told_client_config config = {.endpoint = endpoint,
					    .partnership = told_text(p.partnership),
					    .party = told_text("broker"),
					    .log_vkey = p.log_vkey};
	memcpy(config.broker_key, p.broker_session_key, TOLD_KEY_BYTES);
	memcpy(config.session_key, keys.of[TOLD_BROKER_KEY_OPERATOR_SESSION].key, TOLD_KEY_BYTES);
	memcpy(config.session_secret, keys.of[TOLD_BROKER_KEY_OPERATOR_SESSION].secret, TOLD_KEY_BYTES);
	memcpy(config.epoch, epoch, sizeof epoch);
	assert_int_equal(told_client_open(&config, &client), TOLD_OK);
	world_converse(client, &message, &talk);
	told_client_close(client);
	told_signer_free(signer);
	told_arena_free(arena);
	told_buf_free(&header_bytes);
	told_broker_keys_wipe(&keys);
	return talk.outcome;
}

/* ---- agencies ---- */

static inline void world_read_token(struct world_agent *a)
{
	struct told_buf text = TOLD_BUF(256);
	assert_int_equal(told_file_read_secret(a->made.token_file, 256, &text), TOLD_OK);
	memcpy(a->token, text.data, 2 * TOLD_TOKEN_BYTES);
	a->token[2 * TOLD_TOKEN_BYTES] = '\0';
	told_buf_free(&text);
}

/* What every agency does; set before world_open. */
static const struct told_here_offer *world_offers __attribute__((unused));
static size_t world_offer_count __attribute__((unused));

static inline void world_open_agent(struct world_agent *a)
{
	struct told_agency agency = {.name = a->party,
				     .roles = 0xff,
				     .plan_wait_days = 10,
				     .offers = world_offers,
				     .offer_count = world_offer_count};
	struct told_buf why = TOLD_BUF(4096);
	for (unsigned c = 1; c < TOLD_CATEGORY_COUNT; c++)
		told_catset_add(&agency.categories, c);
	enum told_status status = told_agent_open(a->dir, &agency, &a->agent, &why);
	if (status != TOLD_OK)
		print_error("%s\n", told_buf_cstr(&why));
	assert_int_equal(status, TOLD_OK);
	assert_int_equal(told_agent_caller(a->agent, told_text(a->token), &a->caller), TOLD_OK);
	told_buf_free(&why);
}

static inline void world_init_agent(struct world *w, struct world_agent *a)
{
	char path[PATH_MAX + 32];
	struct told_buf why = TOLD_BUF(4096);
	char partnership[PATH_MAX + 32];
	snprintf(a->dir, sizeof a->dir, "%.*s/%s", PATH_MAX - 16, w->dir, a->party);
	snprintf(partnership, sizeof partnership, "%s/partnership.json", w->broker_dir);
	struct told_init_agency what = {.dir = a->dir,
					.party = a->party,
					.profile = "/nonexistent",
					.partnership_file = partnership,
					.teams = "front"};
	enum told_status status = told_init_agency(&what, &a->made, &why);
	if (status != TOLD_OK)
		print_error("%s\n", told_buf_cstr(&why));
	assert_int_equal(status, TOLD_OK);
	told_buf_free(&why);
	snprintf(path, sizeof path, "%s/agent.yaml", a->dir);
	FILE *file = fopen(path, "a");
	assert_non_null(file);
	fprintf(file, "endpoint-file: %s/endpoint\n", w->broker_dir);
	fclose(file);
	world_read_token(a);
	struct told_partner_part part = {.action = TOLD_PARTNER_ACTION_ENROL,
					 .party = told_text(a->party),
					 .identity_key = told_bytes(a->made.identity_key, TOLD_KEY_BYTES),
					 .session_key = told_bytes(a->made.session_key, TOLD_KEY_BYTES)};
	assert_int_equal(world_partner(w, &part), TOLD_ANSWER_ACCEPTED);
	world_open_agent(a);
}

static inline void world_turns(struct world *w)
{
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		if (w->agents[i].agent != NULL)
			assert_int_equal(told_agent_turn(w->agents[i].agent, NULL, 5), TOLD_OK);
}

/* Turns until check says so. */
static inline void world_until(struct world *w, bool (*check)(struct world *w, void *ctx), void *ctx, const char *what)
{
	int64_t end_ms = world_now_ms() + WORLD_WAIT_MS;
	while (!check(w, ctx)) {
		if (world_now_ms() > end_ms) {
			int state = 0;
			print_error("waited in vain for: %s\n", what);
			if (w->broker > 0 && waitpid(w->broker, &state, WNOHANG) == w->broker) {
				print_error("the broker ended with %d\n", state);
				w->broker = 0;
			}
			if (w->last != NULL) {
				char *dump = json_dumps(w->last, JSON_INDENT(1));
				print_error("%s\n", dump);
				free(dump);
			}
		}
		assert_true(world_now_ms() <= end_ms);
		world_turns(w);
	}
}

static inline struct world_agent *world_agent(struct world *w, const char *party)
{
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		if (strcmp(w->agents[i].party, party) == 0)
			return &w->agents[i];
	fail_msg("no such agency: %s", party);
	return NULL;
}

struct world_wait {
	struct world_agent *a;
	struct told_reply *reply;
	bool final;
};

static inline bool world_is_final(struct world *w, void *ctx)
{
	struct world_wait *wait = ctx;
	(void)w;
	assert_int_equal(told_agent_outcome(wait->a->agent, wait->reply->ticket, wait->reply, &wait->final), TOLD_OK);
	return wait->final;
}

/* Calls as the agency's first worker and waits until the broker has answered. The reply's JSON belongs to the world. */
static inline json_t *world_call(struct world *w, const char *party, told_agent_call *call, json_t *request)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	enum told_status status = call(a->agent, &a->caller, request, &reply);
	if (status != TOLD_OK)
		print_error("%s: %s\n", party, told_buf_cstr(&reply.why));
	assert_int_equal(status, TOLD_OK);
	json_decref(request);
	struct world_wait wait = {.a = a, .reply = &reply};
	json_decref(w->last);
	w->last = json_incref(reply.json);
	if (reply.waits)
		world_until(w, world_is_final, &wait, "the broker's answer");
	json_decref(w->last);
	w->last = json_incref(reply.json);
	told_reply_free(&reply);
	return w->last;
}

/* Expects the call to be refused at once. */
static inline void world_refused(struct world *w, const char *party, told_agent_call *call, json_t *request,
				 enum told_status expected)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(call(a->agent, &a->caller, request, &reply), expected);
	assert_true(reply.why.len > 0);
	json_decref(request);
	told_reply_free(&reply);
}

/* ---- the agreement ---- */

static inline void world_replace(struct told_buf *out, const char *text, const char *mark, const char *with)
{
	const char *at;
	while ((at = strstr(text, mark)) != NULL) {
		told_buf_put(out, text, (size_t)(at - text));
		told_buf_put_text(out, with);
		text = at + strlen(mark);
	}
	told_buf_put_text(out, text);
}

/* One place of the demo's agreement that a test wants otherwise; set before world_open. */
struct world_change {
	const char *from, *to;
};
static struct world_change world_with __attribute__((unused));

/* A file of the demo with everybody's fingerprint in it; the caller's. */
static inline char *world_paper(struct world *w, const char *name)
{
	char path[PATH_MAX];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(path, sizeof path, "%s/agents/demo/%s", source == NULL ? "." : source, name);
	struct told_bytes file = told_test_read(path);
	char *text = strndup((const char *)file.data, file.len);
	free((void *)(uintptr_t)file.data);
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		struct told_buf out = TOLD_BUF(1u << 20);
		world_replace(&out, text, w->agents[i].mark, w->agents[i].made.fingerprint);
		free(text);
		text = strdup(told_buf_cstr(&out));
		told_buf_free(&out);
	}
	return text;
}

static inline void world_sign(struct world *w, const char *text)
{
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		world_call(w, w->agents[i].party, told_agent_agreement_sign, json_pack("{s:s}", "file", text));
}

static inline void world_agree(struct world *w)
{
	char *text = world_paper(w, "northtown.yaml.in");
	if (world_with.from != NULL) {
		struct told_buf out = TOLD_BUF(1u << 20);
		assert_non_null(strstr(text, world_with.from));
		world_replace(&out, text, world_with.from, world_with.to);
		free(text);
		text = strdup(told_buf_cstr(&out));
		told_buf_free(&out);
	}
	w->agreement = text;
	world_sign(w, text);
}

/* Every agency knows that the agreement (the first; ctx may point at the number of another) governs between it and the
 * three others. */
static inline bool world_agreed(struct world *w, void *ctx)
{
	size_t which = ctx == NULL ? 0 : *(const size_t *)ctx;
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		struct told_reply reply = TOLD_REPLY;
		assert_int_equal(told_agent_agreements(w->agents[i].agent, &w->agents[i].caller, NULL, &reply),
				 TOLD_OK);
		const json_t *first = json_array_get(json_object_get(reply.json, "agreements"), which);
		/* Three agencies and the parties that sign nothing. */
		bool all = json_array_size(json_object_get(first, "signed_by")) == WORLD_AGENTS;
		told_reply_free(&reply);
		if (!all)
			return false;
	}
	return true;
}

static inline bool world_keys_known(struct world *w, void *ctx)
{
	(void)ctx;
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		struct told_reply reply = TOLD_REPLY;
		assert_int_equal(told_agent_sent(w->agents[i].agent, &w->agents[i].caller, NULL, &reply), TOLD_OK);
		json_decref(w->last);
		w->last = json_incref(reply.json);
		size_t sent = 0;
		json_t *list = json_object_get(reply.json, "messages");
		for (size_t j = 0; j < json_array_size(list); j++)
			sent += strcmp(json_string_value(json_object_get(json_array_get(list, j), "state")), "sent") ==
				0;
		told_reply_free(&reply);
		if (sent < 4) /* three keys, one register of workers */
			return false;
	}
	return true;
}

static inline void world_open(struct world *w)
{
	static const struct {
		const char *party, *mark;
	} rows[WORLD_AGENTS] = {{"HOU", "KEY_HOU"}, {"TT", "KEY_TT"}, {"SUD", "KEY_SUD"}, {"EMP", "KEY_EMP"}};
	memset(w, 0, sizeof *w);
	snprintf(w->dir, sizeof w->dir, "%s", told_test_dir());
	snprintf(w->broker_dir, sizeof w->broker_dir, "%.*s/broker", PATH_MAX - 16, w->dir);
	assert_int_equal(told_init_broker(w->broker_dir, "northtown.example", "tcp://127.0.0.1:0", NULL), TOLD_OK);
	world_start_broker(w);
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		w->agents[i].party = rows[i].party;
		w->agents[i].mark = rows[i].mark;
		world_init_agent(w, &w->agents[i]);
	}
	world_until(w, world_keys_known, NULL, "keys and workers in the log");
	world_agree(w);
	world_until(w, world_agreed, NULL, "the agreement signed by all, known to all");
}

static inline void world_close(struct world *w)
{
	for (size_t i = 0; i < WORLD_AGENTS; i++)
		told_agent_close(w->agents[i].agent);
	world_stop_broker(w, SIGTERM);
	json_decref(w->last);
	free(w->agreement);
}

#endif
