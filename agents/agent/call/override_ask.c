/* SPDX-License-Identifier: Apache-2.0 */
/* An override that needs what another agency was told: the ask goes to that agency's agent, which is there day and
 * night and rules it itself (protocol section 3: there is no escrow). Whoever asks sees whom to telephone if it is not.
 */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/hear.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"

#include <string.h>

/* ---- asking ---- */

struct asking {
	struct told_bytes client, from;
	struct told_u32_list categories;
	uint32_t purpose;
	struct told_override_part block;
	struct told_choice choice;
	struct told_draft draft;
};

static void read_ask(struct told_request *r, struct asking *a)
{
	a->client = told_request_client(r);
	a->from = told_request_other_party(r, "from");
	a->categories = told_request_categories(r, "categories");
	a->purpose = told_request_code(r, "purpose", TOLD_LIST_PURPOSE, TOLD_PURPOSE_SAFEADULT);
	a->block = (struct told_override_part){
		.kind = told_request_code(r, "kind", TOLD_LIST_OVERRIDE, TOLD_OVERRIDE_NONE),
		.reason_given = told_request_text(r, "reason", false).len > 0 ? TOLD_YES_NO_YES : TOLD_YES_NO_NO,
		.raised_ms = (uint64_t)told_clock_now(&r->agent->clock).wall_ms,
		.at_risk = TOLD_AT_RISK_OTHERS_TOO,
	};
	if (a->categories.count == 0)
		told_request_refuse(r, TOLD_E_USAGE, "Say what is needed: \"categories\".");
	if (a->block.kind == TOLD_OVERRIDE_NONE)
		told_request_refuse(r, TOLD_E_USAGE, "\"kind\" is needed: safeguarding, vital or law.");
}

static enum told_status queue_ask(struct told_agent *agent, const struct told_caller *caller, struct asking *a)
{
	enum told_status status = told_choose_override(agent, a->from, told_agent_self(agent), TOLD_TYPE_ASK,
						       a->purpose, &a->block, &a->choice);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_ASK, caller, a->client, &a->draft);
	if (status != TOLD_OK)
		return status;
	struct told_header *h = &a->draft.header;
	const struct told_profile *profile = a->choice.profile;
	if (profile != NULL)
		a->block.clause = told_arena_copy(agent->arena, told_text(profile->clause));
	h->recipients = (struct told_bytes_list){.items = &a->from, .count = 1};
	h->purposes = (struct told_u32_list){.items = &a->purpose, .count = 1};
	h->bases = (struct told_basis_part_list){.items = a->choice.bases, .count = profile != NULL ? 1 : 0};
	h->agreement = &a->choice.ref;
	h->asked = a->categories;
	h->override_block = &a->block;
	h->role = told_alert_role(caller->roles, profile);
	return told_draft_queue(agent, &a->draft, told_bytes(NULL, 0));
}

/* The number stands there whatever comes: that nothing came says nothing about what there is. */
static json_t *whom_to_ring(const struct told_agent *agent, struct told_bytes party)
{
	const struct told_party *line = told_alert_line(agent, party);
	struct told_bytes number = told_alert_number(line);
	return json_pack("{s:s, s:o, s:o}", "danger", TOLD_ALERT_DANGER, "from", told_text_json(party), "telephone",
			 told_text_json(number));
}

enum told_status told_agent_override_ask(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client from categories purpose kind reason", reply);
	struct asking *a = told_arena_alloc(agent->arena, sizeof *a);
	if (a == NULL)
		return told_call_end(agent, TOLD_E_MEMORY, reply);
	memset(a, 0, sizeof *a);
	read_ask(&r, a);
	status = r.status == TOLD_OK ? queue_ask(agent, caller, a) : r.status;
	if (status == TOLD_E_REFUSED)
		told_buf_put_text(&reply->why, "This agency has signed no agreement. Telephone them.");
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, a->draft.ticket, whom_to_ring(agent, a->from), reply);
	return told_call_end(agent, status, reply);
}

/* ---- answering, by the machine ---- */

/* An active worker whose role may declare it: the machine states what follows in their name, and the rest waits for a
 * second one of this agency as if they had raised it themselves. */
static enum told_status declarer(struct told_agent *agent, const struct told_profile *profile, struct told_caller *out)
{
	struct told_worker_row row;
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK; after = row.id) {
		status = told_worker_next(agent->vault, agent->arena, after, &row);
		if (status != TOLD_OK || row.state != TOLD_WORKER_ACTIVE || row.number.len > TOLD_NAME_MAX_BYTES ||
		    (row.roles & profile->declare) == 0)
			continue;
		memset(out, 0, sizeof *out);
		memcpy(out->number, row.number.data, row.number.len);
		out->roles = row.roles;
		return TOLD_OK;
	}
	return status;
}

/* An update where the profile carries one, else an alert. */
static enum told_status choose_answer(struct told_agent *agent, struct told_raise *raise)
{
	static const uint32_t types[] = {TOLD_TYPE_STATUS_UPDATE, TOLD_TYPE_ALERT};
	enum told_status status = TOLD_E_REFUSED;
	for (size_t i = 0; i < 2 && raise->choice.profile == NULL; i++) {
		raise->type = types[i];
		status = told_choose_override(agent, told_agent_self(agent), raise->to, raise->type, raise->purpose,
					      &raise->block, &raise->choice);
		if (status != TOLD_OK)
			return status;
	}
	bool reaches = raise->choice.profile != NULL &&
		       told_partyset_has(&raise->choice.profile->to, told_party_find(agent->parties, raise->to));
	return reaches ? TOLD_OK : TOLD_E_REFUSED;
}

static enum told_status prepare(struct told_agent *agent, const struct told_header *ask, struct told_raise *raise,
				struct told_caller *author)
{
	*raise = (struct told_raise){
		.client = ask->client_ref,
		.to = ask->sender,
		.kind = ask->override_block->kind,
		.purpose = ask->purposes.items[0],
		.block = *ask->override_block,
	};
	enum told_status status = choose_answer(agent, raise);
	if (status == TOLD_OK)
		status = declarer(agent, raise->choice.profile, author);
	if (status == TOLD_OK)
		status = told_gather_story(agent, raise->client, ask->asked, &raise->gathered);
	if (status == TOLD_OK && raise->gathered.count == 0)
		status = TOLD_E_NOT_FOUND;
	if (status != TOLD_OK)
		return status;
	raise->role = told_alert_role(author->roles, raise->choice.profile);
	return told_draft_begin(agent, raise->type, author, raise->client, &raise->draft);
}

/* Whoever asked hears nothing of why nothing came. */
static enum told_status nothing(enum told_status status)
{
	return status == TOLD_E_REFUSED || status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_override_answer(struct told_agent *agent, const struct told_carried_message *message)
{
	const struct told_header *ask = message->header;
	struct told_caller author;
	json_t *preview = NULL;
	struct told_buf why = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	struct told_raise *raise = told_arena_alloc(agent->arena, sizeof *raise);
	if (raise == NULL || ask->override_block == NULL || ask->asked.count == 0)
		return raise == NULL ? TOLD_E_MEMORY : TOLD_OK;
	enum told_status status = prepare(agent, ask, raise, &author);
	if (status == TOLD_OK) {
		raise->draft.header.in_reply_to = ask->id;
		status = told_alert_dispatch(agent, raise, true, &preview, &why);
	}
	bool goes = status == TOLD_OK && (told_preview_is(preview, "release") || told_preview_is(preview, "partial"));
	if (goes)
		status = told_alert_dispatch(agent, raise, false, &preview, &why);
	if (goes && status == TOLD_OK)
		status = told_alert_keep(agent, &author, raise, preview, NULL);
	json_decref(preview);
	told_buf_free(&why);
	return nothing(status);
}
