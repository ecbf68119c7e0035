/* SPDX-License-Identifier: Apache-2.0 */
/* What came for us, already checked: stored once, folded where it states a fact, acknowledged after the commit (vault
 * V2). */
#include "agents/agent/call/hear.h"
#include "agents/agent/core/capacity.h"
#include "agents/agent/core/sight.h"
#include "agents/agent/core/state.h"
#include "agents/agent/turn.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/conference.h"
#include "agents/agent/work/contact.h"
#include "agents/agent/work/correct.h"
#include "agents/agent/work/hide.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/limit.h"
#include "agents/agent/work/plan.h"
#include "agents/agent/work/referral.h"
#include "agents/agent/work/risk.h"
#include "agents/agent/work/statement.h"

#include <string.h>

static uint32_t purpose_bits(const struct told_header *header)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < header->purposes.count; i++)
		bits |= TOLD_BIT32(header->purposes.items[i]);
	return bits;
}

/* ---- storing ---- */

static enum told_status store_sections(struct told_agent *agent, const struct told_carried_message *message,
				       uint64_t inbox, uint64_t now_ms)
{
	const struct told_header *header = message->header;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < message->section_count; i++) {
		const struct told_section_header *section = message->sections[i].header;
		struct told_section_row row = {
			.inbox = inbox,
			.message = header->id,
			.number = section->number,
			.client = header->client_ref,
			.originator = section->originator,
			.category = section->category,
			.voice = section->voice,
			.recorded_ms = section->recorded_ms,
			.received_ms = now_ms,
			.deposit = header->deposit == NULL ? told_bytes(NULL, 0) : header->deposit->deposit_id,
			.version = header->deposit == NULL ? 0 : header->deposit->version,
			.consent = message->grant == NULL ? told_bytes(NULL, 0) : message->grant->consent_id,
			.purposes = purpose_bits(header),
			.content = message->sections[i].content,
			.about = section->about,
			.told_by = section->told_by,
		};
		status = told_section_put(agent->vault, &row);
		/* What is said in a conference is for those in it. */
		bool conference = header->type >= TOLD_TYPE_CONF_CALL && header->type <= TOLD_TYPE_CONF_ACTION;
		if (status == TOLD_OK && !conference)
			status = told_risk_came(agent, header, section);
	}
	return status;
}

/* A referral that reached us is a reason to look, and whoever holds the story learns it from us. */
static enum told_status relate(struct told_agent *agent, const struct told_header *header)
{
	struct told_caller worker;
	enum told_status status = told_agent_any_worker(agent, &worker);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	uint8_t ticket[TOLD_ID_BYTES] = {0};
	return status == TOLD_OK ? told_agent_relate(agent, &worker, header->client_ref, TOLD_RELATIONSHIP_REFERRAL,
						     told_bytes(NULL, 0), true, 0, ticket)
				 : status;
}

static enum told_status follow(struct told_agent *agent, const struct told_carried_message *message)
{
	struct told_entry entry = {.number = message->entry, .utc_ms = (int64_t)message->time_ms};
	enum told_status status =
		told_agent_learn(agent, message->header, message->envelope, message->body->attachment, entry);
	if (status == TOLD_OK)
		status = told_limit_keep(agent, message->header);
	if (status == TOLD_OK && message->header->withdrawal != NULL)
		status = told_agent_hide(agent, message->header);
	if (status == TOLD_OK && message->section_count > 0)
		status = told_recall_again(agent, message->header->client_ref);
	if (status == TOLD_OK && message->header->type == TOLD_TYPE_RECALL)
		status = told_recall_take(agent, message->header, message->time_ms);
	if (status == TOLD_OK && message->header->type == TOLD_TYPE_RECALL_ANSWER)
		status = told_recall_heard(agent, message->header, message->time_ms);
	if (status == TOLD_OK && message->header->type == TOLD_TYPE_CORRECTION)
		status = told_correction_take(agent, message->header);
	if (status == TOLD_OK && message->header->type == TOLD_TYPE_AUDIT_COPY)
		status = told_check_take(agent, message->header, message->time_ms);
	if (status == TOLD_OK && message->header->type == TOLD_TYPE_ALERT_RECORD)
		status = told_alert_heard(agent, message);
	if (status == TOLD_OK)
		status = told_alert_answered(agent, message);
	if (status == TOLD_OK)
		status = told_alert_arrived(agent, message);
	if (status == TOLD_OK && message->header->type == TOLD_TYPE_OPENED)
		status = told_opened_take(agent, message);
	if (status == TOLD_OK && message->header->type == TOLD_TYPE_ASK && message->header->override_block != NULL)
		status = told_override_answer(agent, message);
	if (status == TOLD_OK && message->section_count > 0)
		status = told_plan_take(agent, message);
	if (status == TOLD_OK)
		status = told_meeting_take(agent, message);
	if (status == TOLD_OK && message->header->type == TOLD_TYPE_CAPACITY)
		status = told_capacity_take(agent, message);
	if (status == TOLD_OK && message->header->type == TOLD_TYPE_REFERRAL)
		status = relate(agent, message->header);
	return status;
}

/* Who receives can show that it was accepted, and when, as well as who sends. */
static enum told_status keep_proof(struct told_agent *agent, const struct told_carried_message *message)
{
	struct told_answer_event entry = {.index = message->index,
					  .leaf = message->leaf,
					  .path = message->path,
					  .path_count = message->path_count,
					  .note = message->note};
	struct told_buf text = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	told_receipt_format(&entry, &text);
	enum told_status status = text.status;
	if (status == TOLD_OK)
		status = told_proof_put(agent->vault, message->header->id, told_buf_view(&text));
	told_buf_free(&text);
	return status;
}

static void describe(const struct told_parcel_event *parcel, uint64_t now_ms, struct told_inbox_row *row)
{
	*row = (struct told_inbox_row){
		.parcel = told_bytes(parcel->id, sizeof parcel->id),
		.type = parcel->type,
		.reply = parcel->in_reply_to,
		.received_ms = now_ms,
		.marker = parcel->marker,
		.result = parcel->result,
	};
	if (parcel->count == 0)
		return;
	const struct told_carried_message *first = &parcel->carried[0];
	const struct told_header *header = first->header;
	row->sender = header->sender;
	row->client = header->client_ref;
	row->message = header->id;
	row->entry = first->entry;
	row->time_ms = first->time_ms;
	row->envelope = first->envelope;
	/* What its agent sends for an ask under an override answers that ask; so does what it says of its room. */
	if (row->reply.len == 0 && (header->override_block != NULL || header->type == TOLD_TYPE_CAPACITY))
		row->reply = header->in_reply_to;
	if (header->type == TOLD_TYPE_NOTE || header->type == TOLD_TYPE_CORRECTION) /* stands beside what it corrects */
		row->reply = header->in_reply_to;
	if (header->type == TOLD_TYPE_REFERRAL)
		row->referral = header->id;
	else if (header->workflow != NULL)
		row->referral = header->workflow->referral;
}

/* The same message under another parcel: it is acknowledged again and not shown twice. */
static enum told_status seen_before(struct told_agent *agent, const struct told_inbox_row *row, bool *seen)
{
	bool once = row->result == TOLD_ACK_STORED && row->type != TOLD_TYPE_ASK_REPLY && row->message.len > 0;
	*seen = false;
	if (!once)
		return TOLD_OK;
	enum told_status status = told_inbox_has_message(agent->vault, row->message, row->type);
	*seen = status == TOLD_OK;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* That a correction was applied is said by one agent to another; no worker has to read it. */
static bool between_agents(const struct told_parcel_event *parcel)
{
	const struct told_recall_part *part = parcel->count > 0 ? parcel->carried[0].header->recall : NULL;
	return part != NULL && part->corrected != TOLD_YES_NO_NONE;
}

static enum told_status take(struct told_agent *agent, const struct told_parcel_event *parcel)
{
	uint64_t now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms, inbox = 0;
	struct told_inbox_row row;
	bool seen = false;
	describe(parcel, now_ms, &row);
	enum told_status status = seen_before(agent, &row, &seen);
	if (status == TOLD_OK) {
		row.type = seen || between_agents(parcel) ? 0 : row.type;
		status = parcel->count > 0 ? told_unnamed_keep(agent, parcel->carried[0].header) : TOLD_OK;
	}
	if (status == TOLD_OK)
		status = told_inbox_put(agent->vault, &row, &inbox);
	if (status == TOLD_E_EXISTS)
		return told_inbox_unack(agent->vault, row.parcel);
	if (parcel->result != TOLD_ACK_STORED)
		told_log(&agent->log, TOLD_LOG_WARNING, "agent.parcel_rejected",
			 TOLD_LOG_HEX("parcel", parcel->id, sizeof parcel->id),
			 TOLD_LOG_NUMBER("result", parcel->result));
	for (size_t i = 0; status == TOLD_OK && !seen && i < parcel->count; i++) {
		status = store_sections(agent, &parcel->carried[i], inbox, now_ms);
		if (status == TOLD_OK)
			status = told_contact_take(agent, &parcel->carried[i], row.parcel, now_ms);
		if (status == TOLD_OK)
			status = keep_proof(agent, &parcel->carried[i]);
		if (status == TOLD_OK)
			status = follow(agent, &parcel->carried[i]);
	}
	return status;
}

/* What a conference keeps for our contact alone and was wrapped to the agency is not for the agency: none of it is
 * kept, and the acknowledgement says so. */
enum told_status told_agent_take_parcel(struct told_agent *agent, const struct told_parcel_event *parcel)
{
	struct told_parcel_event taken = *parcel;
	bool sealed = true;
	told_arena_reset(agent->arena);
	enum told_status status = told_contact_believe(agent, parcel, &sealed);
	if (!sealed) {
		taken.result = TOLD_ACK_NOT_FOR_ME;
		taken.count = 0;
	}
	return status == TOLD_OK ? take(agent, &taken) : status;
}
