/* SPDX-License-Identifier: Apache-2.0 */
/* The receipt of a message, sent or received: a proof file that anybody can check alone against the policy. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/cosigned.h"

#include <string.h>

/* One that few witnesses had signed when it came is asked for once more; what comes is there at the next call. */
static enum told_status look_again(struct told_agent *agent, struct told_bytes message, struct told_bytes text,
				   bool *thin)
{
	struct told_outbox_row row;
	struct told_again_ref ref = {0};
	memcpy(ref.message, message.data, sizeof ref.message);
	*thin = agent->client != NULL && told_receipt_is_thin(agent, text);
	if (!*thin)
		return TOLD_OK;
	enum told_status status = told_outbox_get(agent->vault, agent->arena, message, &row);
	ref.came = status == TOLD_E_NOT_FOUND;
	ref.entry = status == TOLD_OK ? row.entry : 0;
	if (ref.came)
		status = told_proof_parcel(agent->vault, message, ref.parcel);
	if (status == TOLD_OK)
		status = told_client_again(agent->client, &ref);
	bool none = status == TOLD_E_NOT_FOUND || status == TOLD_E_BUSY;
	*thin = status == TOLD_OK;
	return none ? TOLD_OK : status;
}

/* Of what we sent there is one once it was answered, refusals too; of what came to us, from the day it came. */
static enum told_status find(struct told_agent *agent, struct told_bytes message, struct told_bytes *text)
{
	struct told_outbox_row row;
	enum told_status status = told_outbox_get(agent->vault, agent->arena, message, &row);
	if (status == TOLD_OK && row.receipt.len > 0) {
		*text = row.receipt;
		return TOLD_OK;
	}
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	enum told_status proof = told_proof_get(agent->vault, agent->arena, message, text);
	return proof == TOLD_E_NOT_FOUND && status == TOLD_OK ? TOLD_E_BUSY : proof;
}

enum told_status told_agent_receipt(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				    struct told_reply *reply)
{
	(void)caller;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "message", reply);
	struct told_bytes message = told_request_id(&r, "message", true), text = {0};
	enum told_status status = r.status == TOLD_OK ? find(agent, message, &text) : r.status;
	if (status == TOLD_E_NOT_FOUND)
		told_buf_printf(&reply->why, "This agency has neither sent nor received a message of that number.");
	if (status == TOLD_E_BUSY)
		told_buf_printf(&reply->why,
				"The broker has not answered this message yet: there is no receipt so far.");
	bool thin = false;
	if (status == TOLD_OK)
		status = look_again(agent, message, text, &thin);
	if (status != TOLD_OK)
		return status;
	reply->json = json_pack("{s:s%, s:b}", "receipt", (const char *)text.data, text.len, "thin", (int)thin);
	return reply->json == NULL ? TOLD_E_MEMORY : TOLD_OK;
}
