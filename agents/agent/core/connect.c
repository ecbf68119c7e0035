/* SPDX-License-Identifier: Apache-2.0 */
/* The session's beginning: where the broker listens, and with which of our keys we go there. */
#include "agents/agent/core/log.h"

#include "broker/base/file.h"

#include <stdio.h>
#include <string.h>

#define PROGRAM     "told-agent/0.1"
#define CHAIN_BYTES (1u << 20) /* the logs that ended */

/* Where the broker listens: a file written at its start, our settings, or the partnership's paper. */
static void find_endpoint(const struct told_agent *agent, char out[TOLD_ENDPOINT_MAX_BYTES])
{
	char path[2 * PATH_MAX];
	struct told_buf text = TOLD_BUF(TOLD_ENDPOINT_MAX_BYTES - 1);
	const struct told_agent_settings *s = &agent->settings;
	const char *fixed = s->endpoint[0] != '\0' ? s->endpoint : agent->partnership.endpoint;
	snprintf(out, TOLD_ENDPOINT_MAX_BYTES, "%.*s", (int)TOLD_ENDPOINT_MAX_BYTES - 1, fixed);
	if (s->endpoint_file[0] == '\0')
		return;
	snprintf(path, sizeof path, "%s%s%s", s->endpoint_file[0] == '/' ? "" : agent->dir,
		 s->endpoint_file[0] == '/' ? "" : "/", s->endpoint_file);
	if (told_file_read(path, TOLD_ENDPOINT_MAX_BYTES - 1, &text) == TOLD_OK && text.len > 0) {
		size_t len = strcspn(told_buf_cstr(&text), "\r\n");
		memcpy(out, text.data, len);
		out[len] = '\0';
	}
	told_buf_free(&text);
}

enum told_status told_agent_connect(struct told_agent *agent)
{
	const struct told_keys *keys = &agent->keys;
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_client_config config = {
		.endpoint = agent->endpoint,
		.partnership = told_text(agent->partnership.partnership),
		.party = told_agent_self(agent),
		.log_keys = told_agent_log_keys,
		.program = PROGRAM,
		.sealing_count = agent->sealing_count,
		.witness_seed = keys->of[TOLD_AGENCY_KEY_WITNESS].secret,
		.shut = agent->fault == TOLD_E_FORK,
		.key_of = told_agent_key_of,
		.ctx = agent,
	};
	find_endpoint(agent, agent->endpoint);
	memcpy(config.broker_key, agent->partnership.broker_session_key, TOLD_KEY_BYTES);
	memcpy(config.session_key, keys->of[TOLD_AGENCY_KEY_SESSION].key, TOLD_KEY_BYTES);
	memcpy(config.session_secret, keys->of[TOLD_AGENCY_KEY_SESSION].secret, TOLD_KEY_BYTES);
	memcpy(config.witness_key, keys->of[TOLD_AGENCY_KEY_WITNESS].key, TOLD_KEY_BYTES);
	memcpy(config.sealing, agent->sealing, sizeof config.sealing);
	memcpy(config.epoch, agent->epoch, sizeof config.epoch);
	struct told_arena *arena = NULL;
	struct told_buf vkey = TOLD_BUF(TOLD_VKEY_MAX_BYTES);
	enum told_status status = told_arena_new(CHAIN_BYTES, &arena);
	if (status == TOLD_OK)
		status = told_log_chain(agent, arena, &config.ended, &config.ended_count, &config.base, &vkey);
	config.log_vkey = told_buf_cstr(&vkey);
	if (status == TOLD_OK)
		status = config.log_vkey == NULL ? TOLD_E_MEMORY : told_vault_get(agent->vault, "checkpoint", &note);
	config.checkpoint = told_buf_view(&note);
	told_client_close(agent->client);
	agent->client = NULL;
	agent->sent_seq = 0;
	if (status == TOLD_OK || status == TOLD_E_NOT_FOUND)
		status = told_client_open(&config, &agent->client);
	told_wipe(&config, sizeof config);
	told_buf_free(&note);
	told_buf_free(&vkey);
	told_arena_free(arena);
	return status;
}

/* A broker that was started again may listen elsewhere. */
enum told_status told_agent_follow_endpoint(struct told_agent *agent, int64_t boot_ms)
{
	char now[TOLD_ENDPOINT_MAX_BYTES];
	if (agent->settings.endpoint_file[0] == '\0' || told_client_ready(agent->client) ||
	    boot_ms < agent->looked_boot_ms + TOLD_AGENT_ENDPOINT_MS)
		return TOLD_OK;
	agent->looked_boot_ms = boot_ms;
	find_endpoint(agent, now);
	return strcmp(now, agent->endpoint) == 0 ? TOLD_OK : told_agent_connect(agent);
}
