/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections that came: the words that they correct stay, marked; whoever corrects hears that it is done. Nothing is
 * stored of a mark: it follows from what lies in the inbox. */
#include "agents/agent/work/correct.h"

#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/incident.h"

/* ---- taking ---- */

struct looked {
	bool held, seen; /* we have what it corrects; some of it is not hidden */
};

typedef enum told_status each_fn(struct told_agent *agent, const struct told_section_row *row,
				 const struct told_header *correction, struct looked *out);

static enum told_status look(struct told_agent *agent, const struct told_section_row *row,
			     const struct told_header *correction, struct looked *out)
{
	bool meant = told_bytes_equal(row->message, correction->in_reply_to) &&
		     told_bytes_equal(row->originator, correction->sender);
	(void)agent;
	out->held |= meant;
	out->seen |= meant && !row->hidden;
	return TOLD_OK;
}

static enum told_status hide(struct told_agent *agent, const struct told_section_row *row,
			     const struct told_header *correction, struct looked *out)
{
	(void)out;
	return told_bytes_equal(row->message, correction->id) ? told_section_hide(agent->vault, row->id) : TOLD_OK;
}

static enum told_status each(struct told_agent *agent, const struct told_header *correction, each_fn *fn,
			     struct looked *out)
{
	struct told_arena *arena = NULL;
	struct told_section_row row = {0};
	enum told_status status = told_arena_new(TOLD_AGENT_HEAP, &arena);
	for (uint64_t after = 0; status == TOLD_OK; after = row.id) {
		told_arena_reset(arena);
		status = told_section_next_of_client(agent->vault, arena, correction->client_ref, after, &row);
		if (status == TOLD_OK)
			status = fn(agent, &row, correction, out);
	}
	told_arena_free(arena);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status answer(struct told_agent *agent, const struct told_header *correction, bool held)
{
	struct told_caller worker;
	struct told_draft draft;
	struct told_bytes to[] = {correction->sender};
	struct told_recall_part part = {.corrected = held ? TOLD_YES_NO_YES : TOLD_YES_NO_NO};
	enum told_status status = told_agent_any_worker(agent, &worker);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_RECALL_ANSWER, &worker, told_bytes(NULL, 0), &draft);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	draft.header.in_reply_to = correction->id;
	draft.header.recall = &part;
	draft.header.recipients = (struct told_bytes_list){.items = to, .count = 1};
	return told_draft_queue(agent, &draft, told_bytes(NULL, 0));
}

enum told_status told_correction_take(struct told_agent *agent, const struct told_header *header)
{
	struct looked looked = {0};
	enum told_status status = each(agent, header, look, &looked);
	if (status == TOLD_OK && looked.held && !looked.seen)
		status = each(agent, header, hide, &looked);
	return status == TOLD_OK ? answer(agent, header, looked.held) : status;
}

/* ---- hearing ---- */

/* Of a CORRECTION of ours, by the party that it went to. */
static bool is_ours(const struct told_outbox_row *row, struct told_bytes party, struct told_arena *arena)
{
	struct told_header *header = NULL;
	return row->type == TOLD_TYPE_CORRECTION && told_header_decode(row->header, arena, &header) == TOLD_OK &&
	       header->recipients.count == 1 && told_bytes_equal(header->recipients.items[0], party);
}

enum told_status told_correction_heard(struct told_agent *agent, const struct told_header *header, uint64_t at_ms)
{
	struct told_outbox_row row;
	if (header->recall->corrected == TOLD_YES_NO_NONE)
		return TOLD_OK;
	enum told_status status = told_outbox_get(agent->vault, agent->arena, header->in_reply_to, &row);
	if (status != TOLD_OK || !is_ours(&row, header->sender, agent->arena))
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	json_t *doc = json_pack("{s:b, s:I}", "applied", header->recall->corrected == TOLD_YES_NO_YES, "at_ms",
				(json_int_t)at_ms);
	struct told_kept_row kept = {.kind = TOLD_KEPT_APPLIED, .id = row.id, .client = row.client};
	status = told_doc_put(agent, &kept, doc);
	json_decref(doc);
	return status;
}

/* ---- showing ---- */

static enum told_status has_category(struct told_agent *agent, const struct told_inbox_row *in, uint32_t category)
{
	struct told_section_row section = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_section_next_of_inbox(agent->vault, agent->arena, in->seq, section.id, &section);
		if (status == TOLD_OK && section.category == category)
			return TOLD_OK;
	}
	return status;
}

/* The row of the inbox that brought a section. */
static enum told_status brought(struct told_agent *agent, const struct told_section_row *row,
				struct told_inbox_row *out)
{
	return told_inbox_next(agent->vault, agent->arena, TOLD_INBOX_OF_ALL, told_bytes(NULL, 0), row->inbox - 1, out);
}

enum told_status told_correction_of(struct told_agent *agent, const struct told_section_row *row,
				    struct told_inbox_row *out)
{
	struct told_inbox_row in;
	enum told_status found = TOLD_E_NOT_FOUND, status = brought(agent, row, &in);
	bool itself = status == TOLD_OK && in.type == TOLD_TYPE_CORRECTION;
	struct told_bytes corrected = itself ? in.reply : row->message;
	uint64_t after = itself ? in.seq : 0;
	while (status == TOLD_OK) {
		status = told_inbox_next(agent->vault, agent->arena, TOLD_INBOX_OF_REPLY, corrected, after, &in);
		after = in.seq;
		if (status != TOLD_OK || in.type != TOLD_TYPE_CORRECTION || !told_bytes_equal(in.client, row->client) ||
		    !told_bytes_equal(in.sender, row->originator))
			continue;
		enum told_status of = has_category(agent, &in, row->category);
		if (of == TOLD_OK) {
			found = TOLD_OK;
			*out = in;
		} else if (of != TOLD_E_NOT_FOUND) {
			return of;
		}
	}
	return status == TOLD_E_NOT_FOUND ? found : status;
}

enum told_status told_section_shown(struct told_agent *agent, const struct told_section_row *row, json_t **out)
{
	struct told_inbox_row in;
	*out = told_section_json(row, NULL);
	if (*out == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = brought(agent, row, &in);
	if (status == TOLD_OK && in.type == TOLD_TYPE_CORRECTION)
		json_object_set_new(*out, "corrects", told_id_json(in.reply));
	if (status == TOLD_OK)
		status = told_correction_of(agent, row, &in);
	if (status == TOLD_OK)
		json_object_set_new(
			*out, "corrected",
			json_pack("{s:o, s:I}", "message", told_id_json(in.message), "at_ms", (json_int_t)in.time_ms));
	if (status == TOLD_OK || status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	json_decref(*out);
	*out = NULL;
	return status;
}
