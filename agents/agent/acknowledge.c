/* SPDX-License-Identifier: Apache-2.0 */
/* What we stored is acknowledged in bulk, after the commit (vault V5). An acknowledgement that the log did not take,
 * because our clock or key was wrong, is made anew a while later: else its parcels would wait for ever. */
#include "agents/agent/turn.h"

#define AGAIN_MS TOLD_MS_MINUTE /* what was refused once may be refused again: no more often than this */

static enum told_status collect(struct told_agent *agent, struct told_ack_entry *entries, size_t *count)
{
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	*count = 0;
	while (status == TOLD_OK && *count < TOLD_ACK_LINES_MAX) {
		status = told_inbox_unacked(agent->vault, after, &after, entries[*count].parcel,
					    &entries[*count].result);
		if (status == TOLD_OK)
			(*count)++;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_acknowledge(struct told_agent *agent)
{
	struct told_draft draft;
	struct told_lines_part lines;
	struct told_bytes body;
	size_t count = 0;
	if (told_clock_now(&agent->clock).boot_ms < agent->ack_boot_ms)
		return TOLD_E_NOT_FOUND;
	told_arena_reset(agent->arena);
	struct told_ack_entry *entries = told_arena_alloc(agent->arena, TOLD_ACK_LINES_MAX * sizeof *entries);
	enum told_status status = entries == NULL ? TOLD_E_MEMORY : collect(agent, entries, &count);
	if (status != TOLD_OK || count == 0)
		return status == TOLD_OK ? TOLD_E_NOT_FOUND : status;
	status = told_ack_make(agent->arena, entries, count, &lines, &body);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_ACK, NULL, told_bytes(NULL, 0), &draft);
	draft.header.lines = &lines;
	if (status == TOLD_OK)
		status = told_draft_queue(agent, &draft, body);
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = told_inbox_acked(agent->vault, told_bytes(entries[i].parcel, TOLD_ID_BYTES));
	return status;
}

/* ---- what was refused ---- */

static enum told_status open_ack(struct told_agent *agent, struct told_bytes line)
{
	struct told_ack_line *ack = NULL;
	enum told_status status = told_ack_line_decode(line, agent->arena, &ack);
	return status == TOLD_OK ? told_inbox_unack(agent->vault, ack->parcel) : status;
}

static enum told_status open_opened(struct told_agent *agent, struct told_bytes line)
{
	struct told_opened_line *opened = NULL;
	enum told_status status = told_opened_line_decode(line, agent->arena, &opened);
	return status == TOLD_OK ? told_opened_untell(agent->vault, opened->parcel, opened->worker) : status;
}

enum told_status told_agent_acknowledge_again(struct told_agent *agent, const struct told_outbox_row *row)
{
	struct told_body *body = NULL;
	enum told_status status = told_body_decode(row->body, agent->arena, &body);
	for (size_t i = 0; status == TOLD_OK && i < body->lines.count; i++)
		status = row->type == TOLD_TYPE_ACK ? open_ack(agent, body->lines.items[i])
						    : open_opened(agent, body->lines.items[i]);
	agent->ack_boot_ms = told_clock_now(&agent->clock).boot_ms + AGAIN_MS;
	return status;
}
