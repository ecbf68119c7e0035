/* SPDX-License-Identifier: Apache-2.0 */
/* What the person allows, refuses and takes back; who has to do with them; flags. Each is a signed message; a refusal
 * or withdrawal counts whoever took it (protocol section 4). */
#include "agents/agent/core/consent.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/card.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/hide.h"

#include "told/seal.h"

#include <string.h>

/* The card's words over this very record: whoever gave it was there (protocol section 4). */
static enum told_status prove_presence(struct told_request *r, struct told_bytes client,
				       const struct told_consent_part *part, struct told_draft *draft, told_hash *proof)
{
	struct told_bytes text = told_request_text(r, "words", false), record;
	char settled[TOLD_WORDS_TEXT_BYTES];
	uint8_t key[TOLD_KEY_BYTES], kept[TOLD_KEY_BYTES];
	bool retired = false;
	if (r->status != TOLD_OK || text.len == 0)
		return r->status;
	if (told_words_settle(text, settled) != TOLD_OK)
		told_request_refuse(r, TOLD_E_MALFORMED,
				    "\"words\" must be the card's four words as they stand on it.");
	enum told_status status = r->status;
	if (status == TOLD_OK)
		status = told_card_key(told_text(settled), client.data, key);
	if (status == TOLD_OK && told_card_get(r->agent->vault, client, kept, &retired) == TOLD_OK &&
	    !told_equal_secret(key, kept, sizeof key))
		told_request_refuse(r, TOLD_E_USAGE, "These are not the words of this card. Look at the card again.");
	if (status == TOLD_OK)
		status = r->status;
	if (status == TOLD_OK)
		status = told_agent_encode(r->agent, TOLD_SCHEMA_CONSENT, part, &record);
	if (status == TOLD_OK) {
		told_presence_proof(key, record, proof);
		draft->header.presence = told_bytes(proof->b, sizeof proof->b);
	}
	told_wipe(key, sizeof key);
	told_wipe(kept, sizeof kept);
	told_wipe(settled, sizeof settled);
	return status;
}

/* ---- narrowing ---- */

/* What an older permission allowed and the one in its place does not. */
struct lost {
	struct told_bytes_list recipients;
	struct told_u32_list purposes, categories;
};

static bool lists(struct told_u32_list list, uint32_t value)
{
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i] == value)
			return true;
	return false;
}

static bool goes_to(const struct told_consent_part *part, struct told_bytes party)
{
	for (size_t i = 0; i < part->exclude_recipients.count; i++)
		if (told_bytes_equal(part->exclude_recipients.items[i], party))
			return false;
	for (size_t i = 0; i < part->recipients.count; i++)
		if (told_bytes_equal(part->recipients.items[i].party, party))
			return true;
	return false;
}

static void lost_recipients(struct told_agent *agent, const struct told_consent *old,
			    const struct told_consent_part *part, struct lost *out)
{
	out->recipients.items = told_arena_alloc(agent->arena, old->recipient_count * sizeof *out->recipients.items);
	for (size_t i = 0; out->recipients.items != NULL && i < old->recipient_count; i++) {
		struct told_bytes name = told_text(told_party_name(agent->parties, old->recipients[i].party));
		if (!goes_to(part, name))
			out->recipients.items[out->recipients.count++] = name;
	}
}

static void lost_numbers(struct told_agent *agent, const struct told_consent *old, const struct told_consent_part *part,
			 struct lost *out)
{
	out->purposes.items = told_arena_alloc(agent->arena, 32 * sizeof *out->purposes.items);
	out->categories.items = told_arena_alloc(agent->arena, TOLD_CATEGORY_COUNT * sizeof *out->categories.items);
	for (uint32_t p = 1; out->purposes.items != NULL && p < TOLD_PURPOSE_COUNT; p++)
		if (old->purposes & TOLD_BIT32(p) && !lists(part->purposes, p))
			out->purposes.items[out->purposes.count++] = p;
	for (uint32_t c = 1; out->categories.items != NULL && c < TOLD_CATEGORY_COUNT; c++) {
		bool was = told_catset_has(&old->include, c) && !told_catset_has(&old->exclude, c);
		if (was && (!lists(part->include, c) || lists(part->exclude, c)))
			out->categories.items[out->categories.count++] = c;
	}
}

static enum told_status queue_withdrawal(struct told_agent *agent, const struct told_caller *caller,
					 struct told_bytes client, const struct told_withdrawal_part *part,
					 const uint8_t ticket[TOLD_ID_BYTES])
{
	struct told_draft draft;
	struct told_withdrawal_part copy = *part;
	enum told_status status = told_draft_begin(agent, TOLD_TYPE_WITHDRAWAL, caller, client, &draft);
	draft.header.withdrawal = &copy;
	if (ticket != NULL)
		memcpy(draft.ticket, ticket, sizeof draft.ticket);
	if (status == TOLD_OK)
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	/* What rests on it is hidden here at once, whatever the broker says later. */
	return status == TOLD_OK ? told_agent_hide(agent, &draft.header) : status;
}

/* What falls away is taken back by name, so that who holds it hears of it as of any withdrawal (decision.md 4.5,
 * tell_recipients_stop: "or a narrowing"). */
static enum told_status take_back_rest(struct told_agent *agent, const struct told_caller *caller,
				       struct told_bytes client, const struct told_consent *old,
				       const struct told_consent_part *part, const uint8_t ticket[TOLD_ID_BYTES])
{
	struct lost lost = {0};
	enum told_status status = TOLD_OK;
	if (old == NULL || old->state != TOLD_CONSENT_STATE_GIVEN || part->state != TOLD_CONSENT_STATE_GIVEN)
		return TOLD_OK;
	lost_recipients(agent, old, part, &lost);
	lost_numbers(agent, old, part, &lost);
	const struct told_bytes id = told_bytes(old->id, TOLD_ID_BYTES);
	const struct told_withdrawal_part parts[] = {
		{.consent_id = id, .recipients = lost.recipients},
		{.consent_id = id, .purposes = lost.purposes},
		{.consent_id = id, .categories = lost.categories},
	};
	const size_t counts[] = {lost.recipients.count, lost.purposes.count, lost.categories.count};
	for (size_t i = 0; status == TOLD_OK && i < sizeof parts / sizeof parts[0]; i++)
		if (counts[i] > 0)
			status = queue_withdrawal(agent, caller, client, &parts[i], ticket);
	return status;
}

/* ---- recording ---- */

/* One CONSENT into the outbox, with what follows from it; the reply says why it may not open all that it names.
 * vouched: another agency said the same. */
static enum told_status queue_consent(struct told_request *r, const struct told_caller *caller,
				      struct told_bytes client, const struct told_person *person,
				      struct told_consent_part *part, bool vouched, struct told_reply *reply)
{
	struct told_agent *agent = r->agent;
	struct told_draft draft;
	told_hash proof;
	enum told_status status = told_draft_begin(agent, TOLD_TYPE_CONSENT, caller, client, &draft);
	if (status == TOLD_OK)
		status = prove_presence(r, client, part, &draft, &proof);
	draft.header.consent = part;
	if (status == TOLD_OK)
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	if (status == TOLD_OK)
		status = take_back_rest(agent, caller, client, told_consent_of(person, part->supersedes), part,
					draft.ticket);
	if (status != TOLD_OK)
		return status;
	json_t *notes = told_consent_notes(agent, person, part, client, draft.header.id,
					   vouched || draft.header.presence.len > 0);
	return told_agent_wait_for(agent, draft.ticket,
				   json_pack("{s:o, s:o}", "consent", told_id_json(draft.header.id), "notes", notes),
				   reply);
}

enum told_status told_consent_write(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				    struct told_reply *reply)
{
	struct told_consent_part part;
	struct told_person *person = NULL;
	struct told_request r = told_request_open(agent, request, TOLD_CONSENT_MEMBERS, reply);
	struct told_bytes client = told_request_client(&r);
	told_consent_read(&r, (uint64_t)told_clock_now(&agent->clock).wall_ms, &part);
	enum told_status status = r.status;
	if (status == TOLD_OK)
		status = told_agent_person(agent, client, &person);
	if (status == TOLD_OK) {
		told_consent_against(&r, person, &part);
		status = r.status;
	}
	if (status == TOLD_OK)
		status = queue_consent(&r, caller, client, person, &part, false, reply);
	told_person_free(person);
	return status;
}

enum told_status told_agent_consent(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				    struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	return told_call_end(agent, told_consent_write(agent, caller, request, reply), reply);
}

/* ---- confirming ---- */

/* The signed record behind an id: its header, in the agent's arena. */
static enum told_status find_record(struct told_agent *agent, struct told_bytes client, struct told_bytes id,
				    struct told_header **out)
{
	struct told_fact_row fact;
	struct told_opened_envelope opened;
	uint64_t after = 0;
	enum told_status status;
	while ((status = told_fact_next(agent->vault, agent->arena, client, after, &fact)) == TOLD_OK) {
		after = fact.entry + 1;
		if (fact.type != TOLD_TYPE_CONSENT)
			continue;
		if (told_envelope_open(agent->arena, fact.envelope, &opened) != TOLD_OK)
			return TOLD_E_CORRUPT;
		if (told_bytes_equal(opened.header->id, id) && told_agent_believes(agent, fact.sender)) {
			*out = opened.header;
			return TOLD_OK;
		}
	}
	return status;
}

static void may_confirm(struct told_request *r, const struct told_person *person, struct told_bytes id,
			const struct told_header *record)
{
	const struct told_consent *c = told_consent_of(person, id);
	if (r->status != TOLD_OK)
		return;
	if (told_bytes_equal(record->sender, told_agent_self(r->agent)))
		told_request_refuse(r, TOLD_E_REFUSED,
				    "This agency took it: another one that holds the story must confirm it.");
	if (c == NULL || record->consent->state != TOLD_CONSENT_STATE_GIVEN || told_consent_gone(person, c) ||
	    told_consent_replaced(person, c))
		told_request_refuse(r, TOLD_E_REFUSED,
				    "It is no standing permission: it was refused, taken back or replaced. "
				    "told consent show CLIENT says which one stands.");
}

/* The same words under our name, in the place of the other's: two agencies now say that the person said it. */
enum told_status told_agent_consent_confirm(struct told_agent *agent, const struct told_caller *caller,
					    const json_t *request, struct told_reply *reply)
{
	struct told_person *person = NULL;
	struct told_header *record = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client consent evidence", reply);
	struct told_bytes client = told_request_client(&r), id = told_request_id(&r, "consent", true);
	uint32_t evidence = told_request_code(&r, "evidence", TOLD_LIST_EVIDENCE, TOLD_EVIDENCE_NOTE);
	status = r.status;
	if (status == TOLD_OK)
		status = find_record(agent, client, id, &record);
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(&reply->why, "We have no permission of this number for this person.");
	if (status == TOLD_OK)
		status = told_agent_person(agent, client, &person);
	if (status == TOLD_OK) {
		may_confirm(&r, person, id, record);
		status = r.status;
	}
	if (status == TOLD_OK) {
		struct told_consent_part part = *record->consent;
		part.supersedes = id;
		part.evidence = evidence;
		/* Ours and theirs together: what we might gain by it is vouched for by them. */
		status = queue_consent(&r, caller, client, person, &part, true, reply);
	}
	told_person_free(person);
	return told_call_end(agent, status, reply);
}

/* ---- taking back ---- */

/* A number that was replaced means what stands in its place now: nobody is stuck with an old slip of paper. */
static enum told_status what_stands(struct told_agent *agent, struct told_bytes client, struct told_bytes *id)
{
	struct told_person *person = NULL;
	if (id->len == 0)
		return TOLD_OK;
	enum told_status status = told_agent_person(agent, client, &person);
	if (status == TOLD_OK)
		*id = told_arena_copy(agent->arena, told_consent_newest(person, *id));
	told_person_free(person);
	return status;
}

enum told_status told_agent_withdraw(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	uint8_t ticket[TOLD_ID_BYTES];
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r =
		told_request_open(agent, request, "client consent recipients purposes categories", reply);
	struct told_bytes client = told_request_client(&r);
	struct told_withdrawal_part part = {
		.consent_id = told_request_id(&r, "consent", false),
		.recipients = told_request_texts(&r, "recipients"),
		.purposes = told_request_codes(&r, "purposes", TOLD_LIST_PURPOSE),
		.categories = told_request_categories(&r, "categories"),
	};
	told_request_parties_known(&r, part.recipients);
	status = r.status;
	if (status == TOLD_OK)
		status = what_stands(agent, client, &part.consent_id);
	if (status == TOLD_OK)
		status = told_random(ticket, sizeof ticket);
	if (status == TOLD_OK)
		status = queue_withdrawal(agent, caller, client, &part, ticket);
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, ticket, json_object(), reply);
	return told_call_end(agent, status, reply);
}

enum told_status told_consent_take_back(struct told_agent *agent, const struct told_caller *caller,
					struct told_bytes client, struct told_bytes id, struct told_reply *reply)
{
	uint8_t ticket[TOLD_ID_BYTES];
	const struct told_withdrawal_part part = {.consent_id = id};
	enum told_status status = told_random(ticket, sizeof ticket);
	if (status == TOLD_OK)
		status = queue_withdrawal(agent, caller, client, &part, ticket);
	return status == TOLD_OK ? told_agent_wait_for(agent, ticket, json_object(), reply) : status;
}

/* ---- who has to do with them, and flags ---- */

enum told_status told_agent_relationship(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	uint8_t ticket[TOLD_ID_BYTES];
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client kind team live until_ms", reply);
	struct told_bytes client = told_request_client(&r), team = told_request_text(&r, "team", false);
	uint32_t kind = told_request_code(&r, "kind", TOLD_LIST_RELATIONSHIP, TOLD_RELATIONSHIP_TEAM);
	uint32_t live = told_request_flag(&r, "live");
	uint64_t until_ms = told_request_number(&r, "until_ms");
	if (team.len == 0 && caller->team_count > 0)
		team = told_text(caller->teams[0]);
	else
		told_request_team_known(&r, told_agent_self(agent), team);
	status = r.status == TOLD_OK ? told_random(ticket, sizeof ticket) : r.status;
	if (status == TOLD_OK)
		status = told_agent_relate(agent, caller, client, kind, team, live != TOLD_YES_NO_NO, until_ms, ticket);
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, ticket, json_object(), reply);
	return told_call_end(agent, status, reply);
}

static const char *const flag_kinds[] = {
	NULL,           "location_protected", "restricted",    "disputed",        "objection",      "legal_hold",
	"deceased",     "merge_pending",      "do_not_notify", "worker_excluded", "lacks_capacity", "under_16",
	"safe_to_tell",
};
static const char *const flag_states[] = {NULL, "set", "being_looked_at", "upheld", "cleared"};
static const char *const hold_kinds[] = {NULL,       "inquiry",         "court", "complaint", "access_request",
					 "incident", "statutory_review"};
#define WORDS(list) list, sizeof list / sizeof list[0]

/* Said of everybody alike: who asks learns nothing of whether they are kept from somebody. */
static void by_another_hand(struct told_request *r, const struct told_caller *caller, const struct told_flag_part *part)
{
	const struct told_agent *agent = r->agent;
	if (r->status == TOLD_OK && part->kind == TOLD_FLAG_WORKER_EXCLUDED && part->state == TOLD_FLAG_STATE_CLEARED &&
	    (told_bytes_equal(part->worker, told_text(caller->number)) ||
	     told_directory_same_human(agent->directory, agent->self, part->worker, told_text(caller->number),
				       told_agent_now(agent))))
		told_request_refuse(
			r, TOLD_E_NOT_ALLOWED,
			"PTY-07: nobody ends for themselves that a person does not want them to look. Ask a "
			"senior, who asks the person.");
}

enum told_status told_agent_flag(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	struct told_draft draft;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r =
		told_request_open(agent, request, "client kind state category party worker hold", reply);
	struct told_bytes client = told_request_client(&r);
	struct told_flag_part part = {
		.kind = told_request_word(&r, "kind", WORDS(flag_kinds), 0),
		.state = told_request_word(&r, "state", WORDS(flag_states), TOLD_FLAG_STATE_SET),
		.category = told_request_code(&r, "category", TOLD_LIST_CATEGORY, 0),
		.party = told_request_text(&r, "party", false),
		.worker = told_request_text(&r, "worker", false),
		.hold = told_request_word(&r, "hold", WORDS(hold_kinds), 0),
		.since_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms,
	};
	if (r.status == TOLD_OK && part.kind == 0)
		told_request_refuse(&r, TOLD_E_USAGE, "\"kind\" is needed: which flag.");
	if (part.party.len > 0)
		told_request_party_known(&r, part.party);
	by_another_hand(&r, caller, &part);
	status = r.status;
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_FLAG, caller, client, &draft);
	draft.header.flag = &part;
	if (status == TOLD_OK)
		status = told_draft_queue(agent, &draft, told_bytes(NULL, 0));
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket, json_object(), reply);
	return told_call_end(agent, status, reply);
}
