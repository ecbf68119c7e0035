/* SPDX-License-Identifier: Apache-2.0 */
/* What became of what we sent: every receipt is kept as a proof, and what it states becomes a fact of ours. */
#include "agents/agent/core/state.h"
#include "agents/agent/turn.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/cosigned.h"
#include "agents/agent/work/rest.h"

#include <string.h>

static const uint8_t states[] = {
	[TOLD_ANSWER_ACCEPTED] = TOLD_OUTBOX_ACCEPTED, [TOLD_ANSWER_HELD] = TOLD_OUTBOX_HELD,
	[TOLD_ANSWER_REFUSED] = TOLD_OUTBOX_REFUSED,   [TOLD_ANSWER_ANSWERED] = TOLD_OUTBOX_ANSWERED,
	[TOLD_ANSWER_EXPIRED] = TOLD_OUTBOX_EXPIRED,
};

/* The entry names the bytes that we have; of what was refused early, the frame. */
static bool is_about(const struct told_answer_event *answer, const struct told_outbox_row *row)
{
	told_hash hash;
	if (answer->header_hash == NULL)
		return answer->in_flight;
	told_sha256(row->header, &hash);
	if (told_hash_equal(&hash, answer->header_hash))
		return true;
	told_sha256(row->envelope, &hash);
	return answer->status != 0 && told_hash_equal(&hash, answer->header_hash);
}

/* A header of ours that was accepted says the same to us as to everybody. */
static enum told_status learn_own(struct told_agent *agent, const struct told_answer_event *answer,
				  const struct told_outbox_row *row)
{
	struct told_header *header = NULL;
	struct told_body *body = NULL;
	struct told_entry entry = {.number = answer->entry, .utc_ms = (int64_t)answer->time_ms};
	enum told_status status = told_header_decode(row->header, agent->arena, &header);
	if (status == TOLD_OK)
		status = told_body_decode(row->body, agent->arena, &body);
	if (status != TOLD_OK)
		return TOLD_E_CORRUPT;
	if (header->key_record != NULL && header->key_record->purpose == TOLD_KEY_SIGNING &&
	    told_bytes_equal(header->key_record->key,
			     told_bytes(agent->keys.of[TOLD_AGENCY_KEY_SIGNING].key, TOLD_KEY_BYTES))) {
		agent->signing_known = true;
		status = told_vault_put(agent->vault, "signing-known", told_text("yes"));
	}
	if (status == TOLD_OK)
		status = told_agent_learn(agent, header, row->envelope, body->attachment, entry);
	return status == TOLD_OK && header->key_record != NULL ? told_agent_retire_older(agent, header, row->ticket)
							       : status;
}

static enum told_status keep(struct told_agent *agent, const struct told_answer_event *answer,
			     struct told_outbox_row *row)
{
	struct told_buf receipt = TOLD_BUF(TOLD_NOTE_MAX_BYTES + 2 * TOLD_LEAF_MAX_BYTES);
	told_receipt_format(answer, &receipt);
	row->state = states[answer->outcome];
	row->entry = answer->entry;
	row->time_ms = answer->time_ms;
	row->status = answer->status;
	row->ruling = answer->ruling;
	row->receipt = told_buf_view(&receipt);
	enum told_status status = receipt.status;
	if (status == TOLD_OK)
		status = told_outbox_answer(agent->vault, row);
	told_buf_free(&receipt);
	return status;
}

enum told_status told_agent_take_answer(struct told_agent *agent, const struct told_answer_event *answer)
{
	struct told_outbox_row row;
	bool known = false;
	told_arena_reset(agent->arena);
	enum told_status status = told_receipt_again_heard(agent, answer, &known);
	if (status != TOLD_OK || known)
		return status;
	status = told_outbox_get(agent->vault, agent->arena, told_bytes(answer->id, sizeof answer->id), &row);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK; /* of another epoch, or erased here */
	if (status != TOLD_OK)
		return status;
	if (answer->outcome >= sizeof states || states[answer->outcome] == 0 || !is_about(answer, &row)) {
		told_log(&agent->log, TOLD_LOG_ERROR, "agent.receipt_of_other_bytes",
			 TOLD_LOG_HEX("id", answer->id, sizeof answer->id), TOLD_LOG_NUMBER("entry", answer->index));
		return TOLD_OK;
	}
	if (answer->entry < row.entry) /* said again; we know what became of it since */
		return TOLD_OK;
	bool accepted = answer->outcome == TOLD_ANSWER_ACCEPTED;
	if (row.state == TOLD_OUTBOX_FORGOTTEN) /* an acknowledgement that was answered before */
		return TOLD_OK;
	bool acknowledges = row.type == TOLD_TYPE_ACK || row.type == TOLD_TYPE_OPENED;
	if (acknowledges && accepted) {
		row.entry = answer->entry;
		row.time_ms = answer->time_ms;
		return told_outbox_forget(agent->vault, &row);
	}
	/* What is offered again after a restore is a fact of ours already. */
	bool again = row.state == TOLD_OUTBOX_WAITING && row.receipt.len > 0;
	if (accepted && row.state != TOLD_OUTBOX_ACCEPTED && !again)
		status = learn_own(agent, answer, &row);
	if (answer->outcome == TOLD_ANSWER_REFUSED)
		told_log(&agent->log, TOLD_LOG_WARNING, "agent.refused", TOLD_LOG_NUMBER("type", row.type),
			 TOLD_LOG_STATUS("status", answer->status), TOLD_LOG_NUMBER("entry", answer->index));
	if (status == TOLD_OK)
		status = keep(agent, answer, &row);
	if (status == TOLD_OK && acknowledges && answer->outcome == TOLD_ANSWER_REFUSED)
		status = told_agent_acknowledge_again(agent, &row);
	if (status == TOLD_OK)
		status = told_rest_ruled(agent, &row);
	return status == TOLD_OK && accepted ? told_alert_watch(agent, &row) : status;
}
