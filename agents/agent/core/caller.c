/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks, by the token. */
#include "agents/agent/core/caller.h"
#include "agents/agent/core/state.h"
#include "agents/agent/core/worker.h"

#include <string.h>

void told_worker_caller(const struct told_worker_row *row, struct told_caller *out)
{
	struct told_bytes rest = row->teams;
	memset(out, 0, sizeof *out);
	memcpy(out->number, row->number.data, row->number.len);
	out->roles = row->roles;
	while (rest.len > 0 && out->team_count < TOLD_CALLER_TEAMS_MAX) {
		const uint8_t *comma = memchr(rest.data, ',', rest.len);
		size_t len = comma == NULL ? rest.len : (size_t)(comma - rest.data);
		if (len <= TOLD_NAME_MAX_BYTES)
			memcpy(out->teams[out->team_count++], rest.data, len);
		len += comma == NULL ? 0 : 1;
		rest = told_bytes(rest.data + len, rest.len - len);
	}
}

enum told_status told_agent_caller(struct told_agent *agent, struct told_bytes token, struct told_caller *out)
{
	uint8_t secret[TOLD_TOKEN_BYTES];
	struct told_worker_row row;
	told_hash hash;
	uint64_t now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	told_arena_reset(agent->arena);
	if (told_unhex(token, secret, sizeof secret) != TOLD_OK)
		return TOLD_E_NOT_ALLOWED;
	told_sha256(told_bytes(secret, sizeof secret), &hash);
	told_wipe(secret, sizeof secret);
	enum told_status status =
		told_worker_by_token(agent->vault, agent->arena, told_bytes(hash.b, sizeof hash.b), &row);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_E_NOT_ALLOWED;
	if (status != TOLD_OK)
		return status;
	bool live = row.state == TOLD_WORKER_ACTIVE && row.from_ms <= now_ms &&
		    (row.until_ms == 0 || now_ms < row.until_ms);
	if (!live || row.number.len > TOLD_NAME_MAX_BYTES)
		return TOLD_E_NOT_ALLOWED;
	told_worker_caller(&row, out);
	return TOLD_OK;
}
