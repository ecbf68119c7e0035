/* SPDX-License-Identifier: Apache-2.0 */
/* What others alert us of: its sender hears at once that it is here, and until somebody opens it, it stands on the
 * screen of who is on call. */
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/attention.h"

static bool urgent(const struct told_carried_message *message)
{
	if (message->header->type == TOLD_TYPE_ALERT)
		return true;
	if (message->header->type != TOLD_TYPE_STATUS_UPDATE && message->header->type != TOLD_TYPE_REFERRAL)
		return false;
	for (size_t i = 0; i < message->section_count; i++)
		if (message->sections[i].header->category == TOLD_CATEGORY_RSK_SELF)
			return true;
	return false;
}

static enum told_status tell_sender(struct told_agent *agent, const struct told_header *alert, int64_t now_ms)
{
	struct told_draft draft;
	struct told_alert_record_part part = {.event = TOLD_ALERT_EVENT_ARRIVED, .at_ms = (uint64_t)now_ms};
	struct told_bytes to = alert->sender;
	enum told_status status = told_draft_begin(agent, TOLD_TYPE_ALERT_RECORD, NULL, told_bytes(NULL, 0), &draft);
	if (status != TOLD_OK)
		return status;
	told_alert_dated(&draft, &part);
	draft.header.in_reply_to = alert->id;
	draft.header.recipients = (struct told_bytes_list){.items = &to, .count = 1};
	draft.header.alert_record = &part;
	return told_draft_queue(agent, &draft, told_bytes(NULL, 0));
}

enum told_status told_alert_arrived(struct told_agent *agent, const struct told_carried_message *message)
{
	const struct told_header *header = message->header;
	int64_t now_ms = told_clock_now(&agent->clock).wall_ms;
	if (!urgent(message))
		return TOLD_OK;
	json_t *doc = json_pack("{s:o, s:s, s:I, s:I}", "from", told_text_json(header->sender), "type",
				told_code(TOLD_LIST_TYPE, header->type), "came_ms", (json_int_t)now_ms, "call_ms",
				(json_int_t)(header->workflow != NULL ? header->workflow->due_ms : 0));
	struct told_kept_row row = {
		.kind = "incoming", .id = header->id, .client = header->client_ref, .state = TOLD_INCOMING_UNOPENED};
	enum told_status status = told_doc_put(agent, &row, doc);
	json_decref(doc);
	return status == TOLD_OK ? tell_sender(agent, header, now_ms) : status;
}

enum told_status told_alert_seen(struct told_agent *agent, struct told_bytes message)
{
	struct told_kept_row row;
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, "incoming", TOLD_KEPT_ID, message, 0, 0, &row);
	if (status != TOLD_OK || row.state != TOLD_INCOMING_UNOPENED)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	row.state = TOLD_INCOMING_OPENED;
	return told_kept_put(agent->vault, &row);
}
