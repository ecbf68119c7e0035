/* SPDX-License-Identifier: Apache-2.0 */
/* Cards: a pointer to a person, never a key; and what opens presence proofs, which only originating agents keep. */
#include "agents/agent/core/card.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/sight.h"
#include "agents/agent/core/state.h"

#include "told/seal.h"

#include <string.h>

static enum told_status make_card(struct told_agent *agent, uint8_t ref[TOLD_ID_BYTES],
				  char drawn[TOLD_WORDS_TEXT_BYTES])
{
	uint8_t key[TOLD_KEY_BYTES];
	enum told_status status = told_random(ref, TOLD_ID_BYTES);
	if (status == TOLD_OK)
		status = told_words_draw(drawn);
	if (status == TOLD_OK)
		status = told_card_key(told_text(drawn), ref, key);
	if (status == TOLD_OK)
		status = told_card_put(agent->vault, ref, key, (uint64_t)told_clock_now(&agent->clock).wall_ms);
	told_wipe(key, sizeof key);
	return status;
}

static json_t *card_json(const uint8_t ref[TOLD_ID_BYTES], const char *drawn)
{
	return json_pack("{s:o, s:s}", "client", told_client_json(told_bytes(ref, TOLD_ID_BYTES)), "words", drawn);
}

enum told_status told_agent_card_new(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	uint8_t ref[TOLD_ID_BYTES];
	char drawn[TOLD_WORDS_TEXT_BYTES];
	(void)caller;
	struct told_request r = told_request_open(agent, request, "", reply);
	if (r.status != TOLD_OK)
		return r.status;
	enum told_status status = told_call_begin(agent);
	if (status == TOLD_OK)
		status = make_card(agent, ref, drawn);
	if (status == TOLD_OK)
		reply->json = card_json(ref, drawn);
	told_wipe(drawn, sizeof drawn);
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_card_show(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	char code[TOLD_CODE_TEXT_BYTES];
	(void)caller;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_bytes client = told_request_client(&r);
	if (r.status != TOLD_OK)
		return r.status;
	told_code_write(client.data, code);
	/* The QR holds the code and nothing that says what it is for. */
	reply->json = json_pack("{s:s, s:s}", "client", code, "link", code);
	return reply->json == NULL ? TOLD_E_MEMORY : TOLD_OK;
}

static enum told_status retire(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client,
			       struct told_draft *draft)
{
	struct told_reference_part part = {.action = TOLD_REFERENCE_ACTION_RETIRE};
	enum told_status status = told_draft_begin(agent, TOLD_TYPE_REFERENCE, caller, client, draft);
	if (status != TOLD_OK)
		return status;
	draft->header.reference = &part;
	status = told_draft_queue(agent, draft, told_bytes(NULL, 0));
	draft->header.reference = NULL;
	return status == TOLD_OK ? told_card_retire(agent->vault, client) : status;
}

/* ---- what keeps a person safe goes with them to the next card ---- */

struct keeping {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_bytes to;
	const uint8_t *ticket;
};

static enum told_status flag(const struct keeping *k, struct told_flag_part part)
{
	struct told_draft draft;
	part.state = part.state == 0 ? TOLD_FLAG_STATE_SET : part.state;
	enum told_status status = told_draft_begin(k->agent, TOLD_TYPE_FLAG, k->caller, k->to, &draft);
	if (status != TOLD_OK)
		return status;
	memcpy(draft.ticket, k->ticket, sizeof draft.ticket);
	draft.header.flag = &part;
	return told_draft_queue(k->agent, &draft, told_bytes(NULL, 0));
}

static enum told_status keep_values(const struct keeping *k, const struct told_person *person)
{
	const struct told_flag_part parts[] = {
		{.kind = person->location_protected ? TOLD_FLAG_LOCATION_PROTECTED : 0},
		{.kind = person->under_16 ? TOLD_FLAG_UNDER_16 : 0},
		{.kind = person->capacity == TOLD_CAPACITY_LACKS ? TOLD_FLAG_LACKS_CAPACITY : 0},
		{.kind = person->do_not_notify_since_utc_ms != 0 ? TOLD_FLAG_DO_NOT_NOTIFY : 0,
		 .since_ms = (uint64_t)person->do_not_notify_since_utc_ms},
	};
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < sizeof parts / sizeof parts[0]; i++)
		if (parts[i].kind != 0)
			status = flag(k, parts[i]);
	for (size_t i = 0; status == TOLD_OK && i < person->excluded_count; i++)
		status = flag(
			k, (struct told_flag_part){.kind = TOLD_FLAG_WORKER_EXCLUDED, .worker = person->excluded[i]});
	return status;
}

static uint32_t category_of(const struct told_restriction_facts *restriction)
{
	for (uint32_t c = 1; c < TOLD_CATEGORY_COUNT; c++)
		if (told_catset_has(&restriction->categories, c))
			return c;
	return 0;
}

static enum told_status keep_safe(const struct keeping *k, struct told_bytes from)
{
	struct told_person *person = NULL;
	enum told_status status = told_agent_person(k->agent, from, &person);
	if (status == TOLD_OK)
		status = keep_values(k, person);
	for (size_t i = 0; status == TOLD_OK && i < person->restriction_count; i++) {
		const struct told_restriction_facts *r = &person->restrictions[i];
		const char *party = r->party == 0 ? NULL : told_party_name(k->agent->parties, r->party);
		if (r->state != TOLD_FLAG_STATE_CLEARED)
			status = flag(k, (struct told_flag_part){.kind = r->kind,
								 .state = r->state,
								 .category = category_of(r),
								 .party = told_text(party == NULL ? "" : party),
								 .since_ms = (uint64_t)r->since_utc_ms});
	}
	told_person_free(person);
	return status;
}

enum told_status told_agent_card_replace(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	uint8_t ref[TOLD_ID_BYTES];
	char drawn[TOLD_WORDS_TEXT_BYTES];
	struct told_draft draft;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_bytes client = told_request_client(&r);
	status = r.status;
	if (status == TOLD_OK)
		status = make_card(agent, ref, drawn);
	if (status == TOLD_OK)
		status = told_sight_follow(agent, client, told_bytes(ref, sizeof ref));
	if (status == TOLD_OK)
		status = retire(agent, caller, client, &draft);
	struct keeping keeping = {agent, caller, told_bytes(ref, sizeof ref), draft.ticket};
	if (status == TOLD_OK)
		status = keep_safe(&keeping, client);
	if (status == TOLD_OK)
		status = told_tell_again(agent, caller, client, told_bytes(ref, sizeof ref), draft.ticket);
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket, card_json(ref, drawn), reply);
	told_wipe(drawn, sizeof drawn);
	return told_call_end(agent, status, reply);
}
