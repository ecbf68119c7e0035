/* SPDX-License-Identifier: Apache-2.0 */
/* A vault of before decision 0043 does not say which of its messages are of a MARAC that waits for names: at the first
 * start they are put down. */
#include "agents/agent/core/sight.h"
#include "agents/agent/work/conference.h"
#include "told/quiet.h"

#define DONE "unnamed-kept"

/* What we sent, and what came; each in its own order. */
static enum told_status keep_sent(struct told_agent *agent)
{
	struct told_outbox_row row = {.seq = 0};
	struct told_header *header = NULL;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		told_arena_reset(agent->arena);
		status = told_outbox_next(agent->vault, agent->arena, TOLD_OUTBOX_OF_ALL, told_bytes(NULL, 0), row.seq,
					  &row);
		if (status == TOLD_OK && told_quiet_type(row.type))
			status = told_header_decode(row.header, agent->arena, &header) == TOLD_OK
					 ? told_unnamed_keep(agent, header)
					 : TOLD_E_CORRUPT;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status keep_heard_of(struct told_agent *agent, const uint8_t client[TOLD_ID_BYTES])
{
	struct told_fact_row fact = {.entry = 0};
	struct told_opened_envelope opened;
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK; after = fact.entry + 1) {
		told_arena_reset(agent->arena);
		status = told_fact_next(agent->vault, agent->arena, told_bytes(client, TOLD_ID_BYTES), after, &fact);
		if (status == TOLD_OK && told_quiet_type(fact.type))
			status = told_envelope_open(agent->arena, fact.envelope, &opened) == TOLD_OK
					 ? told_unnamed_keep(agent, opened.header)
					 : TOLD_E_CORRUPT;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status keep_heard(struct told_agent *agent)
{
	uint8_t client[TOLD_ID_BYTES];
	enum told_status status = TOLD_OK;
	for (bool first = true; status == TOLD_OK; first = false) {
		status = told_fact_next_client(agent->vault, client, first);
		if (status == TOLD_OK)
			status = keep_heard_of(agent, client);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_meeting_keep_unnamed(struct told_agent *agent)
{
	struct told_buf done = TOLD_BUF(16);
	enum told_status status = told_vault_get(agent->vault, DONE, &done);
	bool was = status == TOLD_OK && done.len > 0;
	told_buf_free(&done);
	if (was || (status != TOLD_OK && status != TOLD_E_NOT_FOUND))
		return status;
	status = told_vault_begin(agent->vault);
	if (status != TOLD_OK)
		return status;
	status = keep_sent(agent);
	if (status == TOLD_OK)
		status = keep_heard(agent);
	if (status == TOLD_OK)
		status = told_vault_put(agent->vault, DONE, told_text("yes"));
	if (status == TOLD_OK)
		return told_vault_commit(agent->vault);
	told_vault_rollback(agent->vault);
	return status;
}
