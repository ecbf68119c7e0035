/* SPDX-License-Identifier: Apache-2.0 */
/* Having a person erased, answering when another agency asks, and holds. Our own vault is erased by our own answer and
 * by nothing else. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/rule.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

#define ANSWER_DAYS 30 /* one month from the request (UK GDPR Article 12(3)), the shorter way of counting */

static const char *const reasons[] = {NULL, "not_needed", "withdrawn", "objection", "unlawful", "legal_duty", "child"};
static const char *const states[] = {"open", "erased", "kept", "partly"};
static const char *const holds[] = {NULL,       "inquiry",         "court", "complaint", "access_request",
				    "incident", "statutory_review"};
#define WORDS(list) list, sizeof list / sizeof list[0]

static enum told_status not_theirs(struct told_reply *reply)
{
	told_buf_put_text(&reply->why, "Only a senior, a coordinator or the data protection officer of this agency "
				       "has a person erased, answers an erasure or sets a hold. Ask one of them.");
	return TOLD_E_NOT_ALLOWED;
}

/* ---- what comes in ---- */

/* ---- asking ---- */

enum told_status told_agent_erase(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	struct told_draft draft;
	if (!told_may_answer(caller->roles))
		return not_theirs(reply);
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client reason", reply);
	struct told_bytes client = told_request_client(&r);
	struct told_erasure_part part = {.reason = told_request_word(&r, "reason", WORDS(reasons), 0)};
	if (r.status == TOLD_OK && part.reason == 0)
		told_request_refuse(&r, TOLD_E_USAGE, "\"reason\" is needed: why the person's data are erased.");
	status = r.status;
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_ERASURE, caller, client, &draft);
	draft.header.erasure = &part;
	if (status == TOLD_OK)
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket,
					     json_pack("{s:o}", "erasure", told_id_json(draft.header.id)), reply);
	return told_call_end(agent, status, reply);
}

/* ---- listing ---- */

static json_t *law_json(struct told_bytes law)
{
	return law.len == 0 ? json_string("") : told_text_json(law);
}

static enum told_status add_heard(struct told_agent *agent, struct told_bytes request, json_t *list)
{
	struct told_erasure_heard heard = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_erasure_next_heard(agent->vault, agent->arena, request, heard.party, &heard);
		if (status == TOLD_OK)
			told_json_add(list, json_pack("{s:o, s:s, s:I, s:o, s:I}", "party", told_text_json(heard.party),
						      "state", states[heard.state & 3], "kept_until_ms",
						      (json_int_t)heard.kept_until_ms, "law", law_json(heard.law),
						      "at_ms", (json_int_t)heard.at_ms));
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status add_erasure(struct told_agent *agent, const struct told_erasure_row *row, json_t *list)
{
	json_t *heard = json_array();
	enum told_status status = add_heard(agent, row->id, heard);
	uint64_t due_ms = row->asked_ms + (uint64_t)(ANSWER_DAYS * TOLD_MS_DAY);
	told_json_add(list, json_pack("{s:o, s:o, s:s, s:o, s:s, s:I, s:I, s:I, s:o, s:o}", "erasure",
				      told_id_json(row->id), "from", told_text_json(row->asker), "reason",
				      row->reason < 7 && row->reason > 0 ? reasons[row->reason] : "", "client",
				      told_client_json(row->client), "state", states[row->state & 3], "asked_ms",
				      (json_int_t)row->asked_ms, "due_ms", (json_int_t)due_ms, "kept_until_ms",
				      (json_int_t)row->kept_until_ms, "law", law_json(row->law), "answers", heard));
	return status;
}

enum told_status told_agent_erasures(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	struct told_erasure_row row = {0};
	json_t *list = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status;
	while (status == TOLD_OK) {
		status = told_erasure_next(agent->vault, agent->arena, row.id, &row);
		bool theirs = row.client.len == 0 || told_may_see(agent, caller, row.client) == TOLD_OK;
		if (status == TOLD_OK && theirs)
			status = add_erasure(agent, &row, list);
	}
	if (status == TOLD_E_NOT_FOUND)
		status = (reply->json = json_pack("{s:O}", "erasures", list)) != NULL ? TOLD_OK : TOLD_E_MEMORY;
	json_decref(list);
	return status;
}

/* ---- answering ---- */

static bool stands(const struct told_hold_facts *hold, int64_t now_ms)
{
	return hold->since_utc_ms <= now_ms && (hold->until_utc_ms == 0 || now_ms < hold->until_utc_ms);
}

/* A hold that was set since the request. Those before it were lifted, or the log would not have accepted the request;
 * the word of it may have been erased on its way to us. */
static bool held_since(const struct told_person *person, int64_t asked_ms, int64_t now_ms)
{
	for (size_t i = 0; i < person->hold_count; i++)
		if (person->holds[i].since_utc_ms > asked_ms && stands(&person->holds[i], now_ms))
			return true;
	return false;
}

/* What is still on its way about the person goes first. */
static enum told_status erase_ours(struct told_agent *agent, const struct told_erasure_row *row, uint32_t state,
				   struct told_reply *reply)
{
	struct told_person *person = NULL;
	if (state == TOLD_ERASURE_STATE_KEPT)
		return TOLD_OK;
	enum told_status status = told_agent_person(agent, row->client, &person);
	bool held = status == TOLD_OK && held_since(person, (int64_t)row->asked_ms, told_agent_now(agent).utc_ms);
	told_person_free(person);
	if (held) {
		told_buf_put_text(&reply->why, "A hold stands: nothing of this person may be erased until whoever set "
					       "it lifts it. See `told hold ls`, or answer with --kept-until.");
		return TOLD_E_NOT_ALLOWED;
	}
	if (status == TOLD_OK)
		status = told_vault_erase(agent->vault, row->client, state == TOLD_ERASURE_STATE_PARTLY);
	if (status == TOLD_E_BUSY)
		told_buf_put_text(&reply->why, "Messages about this person have not reached the broker yet. Try again "
					       "when `told sent --state waiting` shows none.");
	return status;
}

static void read_answer(struct told_request *r, struct told_erasure_part *part)
{
	*part = (struct told_erasure_part){
		.state = told_request_word(r, "state", WORDS(states), 0),
		.kept_until_ms = told_request_number(r, "kept_until_ms"),
		.law = told_request_text(r, "law", false),
	};
	bool keeps = part->state == TOLD_ERASURE_STATE_KEPT || part->state == TOLD_ERASURE_STATE_PARTLY;
	if (r->status != TOLD_OK)
		return;
	if (part->state == 0)
		told_request_refuse(r, TOLD_E_USAGE, "\"state\" is needed: erased, kept or partly.");
	if (keeps != (part->law.len > 0) || keeps != (part->kept_until_ms > 0))
		told_request_refuse(r, TOLD_E_USAGE,
				    "What is kept needs the day until when and the law that says so; what is erased "
				    "needs neither.");
	if (keeps && part->kept_until_ms <= (uint64_t)told_agent_now(r->agent).utc_ms)
		told_request_refuse(r, TOLD_E_USAGE,
				    TOLD_DAY_PAST "The day until which it is kept is over. Name a day to come.");
	if (part->law.len > TOLD_ERASURE_LAW_MAX_BYTES)
		told_request_refuse(r, TOLD_E_LIMIT,
				    "\"law\" is the name of a law and its section, at most 120 letters.");
}

static enum told_status find_open(struct told_request *r, struct told_erasure_row *row)
{
	struct told_bytes id = told_request_id(r, "erasure", true);
	if (r->status != TOLD_OK)
		return r->status;
	enum told_status status = told_erasure_get(r->agent->vault, r->agent->arena, id, row);
	if (status == TOLD_E_NOT_FOUND)
		told_request_refuse(r, status, "There is no such erasure. See `told erase ls`.");
	else if (status == TOLD_OK && row->client.len == 0)
		told_request_refuse(r, TOLD_E_EXISTS, "It is answered: everything of this person was erased here.");
	return status == TOLD_OK ? r->status : status;
}

static enum told_status queue_answer(struct told_agent *agent, const struct told_caller *caller,
				     const struct told_erasure_row *row, struct told_erasure_part *part,
				     struct told_draft *draft)
{
	struct told_bytes to[] = {row->asker};
	bool ours = told_bytes_equal(row->asker, told_agent_self(agent));
	enum told_status status = told_draft_begin(agent, TOLD_TYPE_ERASURE, caller, told_bytes(NULL, 0), draft);
	draft->header.in_reply_to = row->id;
	draft->header.erasure = part;
	draft->header.recipients = (struct told_bytes_list){.items = to, .count = ours ? 0 : 1};
	return status == TOLD_OK ? told_draft_queue(agent, draft, told_bytes(NULL, 0)) : status;
}

enum told_status told_agent_erase_answer(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	struct told_draft draft;
	struct told_erasure_row row;
	struct told_erasure_part part;
	if (!told_may_answer(caller->roles))
		return not_theirs(reply);
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "erasure state kept_until_ms law", reply);
	read_answer(&r, &part);
	status = find_open(&r, &row);
	if (status == TOLD_OK)
		status = erase_ours(agent, &row, part.state, reply);
	if (status == TOLD_OK)
		status = queue_answer(agent, caller, &row, &part, &draft);
	row.state = part.state;
	row.answered_ms = (uint64_t)told_agent_now(agent).utc_ms;
	row.kept_until_ms = part.kept_until_ms;
	row.law = part.law;
	if (status == TOLD_OK)
		status = told_erasure_answer(agent->vault, &row);
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket, json_pack("{s:s}", "answer", states[part.state]),
					     reply);
	status = told_call_end(agent, status, reply);
	return status == TOLD_OK ? told_vault_shred(agent->vault) : status;
}

/* ---- holds ---- */

/* Lifting what does not stand would be sent, and lift nothing: who asks would believe that erasing is free. */
static enum told_status our_hold(struct told_agent *agent, struct told_bytes client, uint32_t kind,
				 struct told_reply *reply)
{
	struct told_person *person = NULL;
	bool found = false;
	enum told_status status = told_agent_person(agent, client, &person);
	for (size_t i = 0; status == TOLD_OK && i < person->hold_count; i++)
		found |= person->holds[i].kind == kind && person->holds[i].party == agent->self &&
			 stands(&person->holds[i], told_agent_now(agent).utc_ms);
	told_person_free(person);
	if (status != TOLD_OK || found)
		return status;
	told_buf_put_text(&reply->why, "This agency has set no such hold on this person, or it is lifted already. "
				       "Whoever set a hold lifts it. See `told hold ls`.");
	return TOLD_E_NOT_FOUND;
}

static enum told_status queue_hold(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				   uint32_t state, struct told_reply *reply)
{
	struct told_draft draft;
	bool set = state == TOLD_FLAG_STATE_SET;
	if (!told_may_answer(caller->roles))
		return not_theirs(reply);
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r =
		told_request_open(agent, request, set ? "client reason review_ms" : "client reason", reply);
	struct told_bytes client = told_request_client(&r);
	uint64_t now_ms = (uint64_t)told_agent_now(agent).utc_ms;
	struct told_flag_part part = {
		.kind = TOLD_FLAG_LEGAL_HOLD,
		.state = state,
		.hold = told_request_word(&r, "reason", WORDS(holds), 0),
		.since_ms = set ? now_ms : 0,
		.review_ms = set ? told_request_number(&r, "review_ms") : 0,
	};
	if (r.status == TOLD_OK && part.hold == 0)
		told_request_refuse(
			&r, TOLD_E_USAGE,
			"A hold needs its \"reason\": inquiry, court, complaint, access_request, incident or "
			"statutory_review.");
	if (set && part.review_ms <= now_ms)
		told_request_refuse(&r, TOLD_E_USAGE,
				    TOLD_DAY_PAST "A hold needs a day to come on which somebody looks at it again.");
	status = r.status;
	if (status == TOLD_OK && !set)
		status = our_hold(agent, client, part.hold, reply);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_HOLD, caller, client, &draft);
	draft.header.flag = &part;
	if (status == TOLD_OK)
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket, json_object(), reply);
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_hold(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	return queue_hold(agent, caller, request, TOLD_FLAG_STATE_SET, reply);
}

enum told_status told_agent_hold_lift(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	return queue_hold(agent, caller, request, TOLD_FLAG_STATE_CLEARED, reply);
}

static enum told_status add_holds(struct told_agent *agent, struct told_bytes client, json_t *list)
{
	struct told_person *person = NULL;
	int64_t now_ms = told_agent_now(agent).utc_ms;
	enum told_status status = told_agent_person(agent, client, &person);
	for (size_t i = 0; status == TOLD_OK && i < person->hold_count; i++) {
		const struct told_hold_facts *h = &person->holds[i];
		const char *party = told_party_name(agent->parties, h->party);
		if (stands(h, now_ms) && h->kind > 0 && h->kind < 7)
			told_json_add(list,
				      json_pack("{s:o, s:s, s:s, s:I, s:I, s:b}", "client", told_client_json(client),
						"reason", holds[h->kind], "by", party != NULL ? party : "", "since_ms",
						(json_int_t)h->since_utc_ms, "review_ms", (json_int_t)h->review_utc_ms,
						"overdue", h->review_utc_ms != 0 && h->review_utc_ms < now_ms));
	}
	told_person_free(person);
	return status;
}

enum told_status told_agent_holds(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	uint8_t client[TOLD_ID_BYTES] = {0};
	json_t *list = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status;
	for (bool first = true; status == TOLD_OK; first = false) {
		status = told_fact_next_held(agent->vault, client, first);
		struct told_bytes whom = told_bytes(client, sizeof client);
		if (status == TOLD_OK && told_may_see(agent, caller, whom) == TOLD_OK)
			status = add_holds(agent, whom, list);
	}
	if (status == TOLD_E_NOT_FOUND)
		status = (reply->json = json_pack("{s:O}", "holds", list)) != NULL ? TOLD_OK : TOLD_E_MEMORY;
	json_decref(list);
	return status;
}
