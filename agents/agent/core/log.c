/* SPDX-License-Identifier: Apache-2.0 */
/* The log of this partnership, when it ends and another begins (protocol section 10). Nothing is sent to a log that the
 * agency's lead has not accepted; what the old one lost is then offered again, as the same bytes. */
#include "agents/agent/core/log.h"

#include <stdio.h>
#include <string.h>

enum told_status told_log_chain(struct told_agent *agent, struct told_arena *arena, const struct told_client_log **logs,
				size_t *count, uint64_t *base, struct told_buf *vkey)
{
	struct told_client_log *list = told_arena_alloc(arena, TOLD_LOGS_MAX * sizeof *list);
	struct told_log_row row = {0};
	*logs = list;
	*count = 0;
	*base = 0;
	enum told_status status = list == NULL ? TOLD_E_MEMORY : TOLD_OK;
	while (status == TOLD_OK && *count < TOLD_LOGS_MAX) {
		status = told_log_next(agent->vault, arena, row.number, &row);
		if (status != TOLD_OK)
			break;
		struct told_client_log *log = &list[(*count)++];
		*log = (struct told_client_log){.number = row.number, .base = row.base, .size = row.size};
		memcpy(log->root.b, row.root.data, sizeof log->root.b);
		*base = row.next_base;
	}
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	if (*count > 0)
		return told_log_vkey_of(agent->partnership.log_vkey, row.number + 1, vkey);
	told_buf_put_text(vkey, agent->partnership.log_vkey);
	return vkey->status;
}

/* ---- the offer ---- */

void told_log_offer_free(struct told_log_offer *offer)
{
	told_buf_free(&offer->note);
	*offer = (struct told_log_offer){0};
}

static enum told_status remember(struct told_agent *agent, const struct told_new_log_event *event)
{
	struct told_log_offer *offer = &agent->offer;
	told_log_offer_free(offer);
	*offer = (struct told_log_offer){
		.there = true,
		.proved = event->proved,
		.ended = event->ended,
		.known = event->known,
		.old_size = event->old_size,
		.note = TOLD_BUF(TOLD_NOTE_MAX_BYTES),
	};
	told_buf_put_bytes(&offer->note, event->note);
	return offer->note.status;
}

/* What we hold of the old log, and the checkpoint at which it ended: for whoever must judge. */
static void keep_evidence(struct told_agent *agent, const struct told_new_log_event *event)
{
	char name[64];
	unsigned long long number = (unsigned long long)event->ended.number;
	snprintf(name, sizeof name, "log-%llu-known.checkpoint", number);
	if (event->known > 0)
		told_agent_keep_note(agent, name, told_client_checkpoint(agent->client, NULL, NULL));
	snprintf(name, sizeof name, "log-%llu-ended.checkpoint", number);
	if (event->ended_note.len > 0)
		told_agent_keep_note(agent, name, event->ended_note);
}

/* Our numbers go on behind all that we know of, so that no entry of the new log takes the number of a lost one. */
static enum told_status put_end(struct told_agent *agent, struct told_bytes author)
{
	const struct told_log_offer *offer = &agent->offer;
	const struct told_client_log *ended = &offer->ended;
	uint64_t highest = 0, known = offer->known > ended->size ? offer->known : ended->size;
	enum told_status status = told_log_entries(agent->vault, &highest);
	struct told_log_row row = {
		.number = ended->number,
		.base = ended->base,
		.size = ended->size,
		.root = told_bytes(ended->root.b, sizeof ended->root.b),
		.next_base = ended->base + known > highest ? ended->base + known : highest,
		.old_size = offer->old_size,
		.known = offer->known,
		.accepted_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms,
		.author = author,
	};
	if (status == TOLD_OK)
		status = told_log_put(agent->vault, &row);
	return status == TOLD_OK ? told_vault_put(agent->vault, "checkpoint", told_buf_view(&offer->note)) : status;
}

enum told_status told_log_accept(struct told_agent *agent, struct told_bytes author, uint64_t *again)
{
	enum told_status status = put_end(agent, author);
	*again = 0;
	return status == TOLD_OK
		       ? told_offer_again(agent->vault, agent->offer.ended.base + agent->offer.ended.size, again)
		       : status;
}

/* We knew nothing of any log: the client has gone on by itself. */
static enum told_status follow(struct told_agent *agent)
{
	enum told_status status = put_end(agent, told_bytes(NULL, 0));
	agent->saved_size = 0;
	told_log_offer_free(&agent->offer);
	return status;
}

enum told_status told_log_offered(struct told_agent *agent, const struct told_new_log_event *event)
{
	bool new = !agent->offer.there || agent->offer.ended.number != event->ended.number;
	enum told_status status = remember(agent, event);
	if (status != TOLD_OK)
		return status;
	if (event->followed)
		return follow(agent);
	keep_evidence(agent, event);
	if (new)
		told_log(&agent->log, TOLD_LOG_ERROR, "agent.new_log", TOLD_LOG_NUMBER("log", event->ended.number + 1),
			 TOLD_LOG_NUMBER("known", event->known), TOLD_LOG_NUMBER("restored", event->ended.size),
			 TOLD_LOG_NUMBER("anchored", event->old_size));
	return TOLD_OK;
}
