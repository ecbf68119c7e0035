/* SPDX-License-Identifier: Apache-2.0 */
/* Permissions as lists: of one person, and those that are due (practice.md section 3: nothing lapses without the person
 * having been asked or looked for). Reads the vault. */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/consent.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

#define DUE_MS (30 * TOLD_MS_DAY)

static json_t *codes_json(uint32_t bits, enum told_list list)
{
	json_t *out = json_array();
	for (unsigned v = 1; v <= told_list_max(list); v++)
		if (bits & TOLD_BIT32(v))
			told_json_add(out, json_string(told_code(list, v)));
	return out;
}

static json_t *recipients_json(const struct told_agent *agent, const struct told_consent *c)
{
	json_t *recipients = json_array();
	for (size_t i = 0; i < c->recipient_count; i++)
		told_json_add(recipients, json_string(told_party_name(agent->parties, c->recipients[i].party)));
	return recipients;
}

static void add_text(json_t *json, const char *name, const char *text)
{
	if (json != NULL && text != NULL)
		json_object_set_new(json, name, json_string(text));
}

static json_t *consent_json(const struct told_agent *agent, const struct told_person *person,
			    const struct told_consent *c)
{
	json_t *json = json_pack(
		"{s:o, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:b, s:b}", "id",
		told_id_json(told_bytes(c->id, TOLD_ID_BYTES)), "state", told_code(TOLD_LIST_CONSENT_STATE, c->state),
		"kind", told_code(TOLD_LIST_CONSENT_KIND, c->kind), "taken_by",
		told_party_name(agent->parties, c->taken_by), "giver", told_code(TOLD_LIST_GIVER, c->giver),
		"recipients", recipients_json(agent, c), "purposes", codes_json(c->purposes, TOLD_LIST_PURPOSE),
		"include", told_categories_json(&c->include), "exclude", told_categories_json(&c->exclude), "from_ms",
		(json_int_t)c->from_utc_ms, "until_ms", (json_int_t)c->until_utc_ms, "withdrawn",
		told_consent_gone(person, c), "replaced", told_consent_replaced(person, c));
	add_text(json, "evidence", c->evidence == 0 ? NULL : told_code(TOLD_LIST_EVIDENCE, c->evidence));
	return json;
}

static json_t *withdrawal_json(const struct told_agent *agent, const struct told_withdrawal_facts *w)
{
	json_t *recipients = json_array();
	for (uint32_t p = 1; p <= told_party_count(agent->parties); p++)
		if (told_partyset_has(&w->recipients, p))
			told_json_add(recipients, json_string(told_party_name(agent->parties, p)));
	return json_pack("{s:o, s:o, s:o, s:o, s:I}", "consent", told_id_json(told_bytes(w->consent_id, TOLD_ID_BYTES)),
			 "recipients", recipients, "purposes", codes_json(w->purposes, TOLD_LIST_PURPOSE), "categories",
			 told_categories_json(&w->categories), "at_ms", (json_int_t)w->at_utc_ms);
}

enum told_status told_agent_consents(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	struct told_person *person = NULL;
	json_t *consents = json_array(), *withdrawals = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_bytes client = told_request_client(&r);
	enum told_status status = r.status;
	if (status == TOLD_OK)
		status = told_look(agent, caller, client, &client);
	if (status == TOLD_OK)
		status = told_agent_person(agent, client, &person);
	for (size_t i = 0; status == TOLD_OK && i < person->consent_count; i++)
		told_json_add(consents, consent_json(agent, person, &person->consents[i]));
	for (size_t i = 0; status == TOLD_OK && i < person->withdrawal_count; i++)
		told_json_add(withdrawals, withdrawal_json(agent, &person->withdrawals[i]));
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O, s:O}", "consents", consents, "withdrawals", withdrawals);
	told_agent_head(agent, reply->json);
	json_decref(consents);
	json_decref(withdrawals);
	told_person_free(person);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* ---- what is due ---- */

static bool overlaps(const struct told_consent *a, const struct told_consent *b)
{
	bool recipient = a->recipient_count == 0 || b->recipient_count == 0;
	for (size_t i = 0; i < a->recipient_count; i++)
		for (size_t j = 0; j < b->recipient_count; j++)
			recipient |= a->recipients[i].party == b->recipients[j].party;
	return recipient && (a->purposes == 0 || b->purposes == 0 || (a->purposes & b->purposes) != 0);
}

/* Somebody asked, or looked for them: a newer answer, or a question that is open, about the same. */
static bool asked_since(const struct told_agent *agent, const struct told_person *person, const struct told_consent *c)
{
	for (size_t i = 0; i < person->consent_count; i++) {
		const struct told_consent *newer = &person->consents[i];
		bool counts = newer->state == TOLD_CONSENT_STATE_SOUGHT || newer->state == TOLD_CONSENT_STATE_REFUSED ||
			      (newer->state == TOLD_CONSENT_STATE_GIVEN &&
			       told_consent_ends(agent, newer) > told_consent_ends(agent, c));
		if (newer != c && counts && newer->given_utc_ms > c->given_utc_ms && overlaps(c, newer))
			return true;
	}
	return false;
}

static bool lasts(const struct told_person *person, const struct told_consent *c)
{
	return c->state == TOLD_CONSENT_STATE_GIVEN && c->kind != TOLD_CONSENT_KIND_IMPLIED &&
	       !told_consent_gone(person, c) && !told_consent_replaced(person, c);
}

/* Taken by one who would receive under it, without the card's words. */
static bool unconfirmed(const struct told_agent *agent, const struct told_consent *c)
{
	if (c->flags & TOLD_CONSENT_PRESENCE || c->taken_by == agent->self || c->kind == TOLD_CONSENT_KIND_WISH)
		return false;
	for (size_t i = 0; i < c->recipient_count; i++)
		if (c->recipients[i].party == c->taken_by)
			return true;
	return false;
}

static const char *due_as(const struct told_agent *agent, const struct told_person *person,
			  const struct told_consent *c, int64_t now_ms)
{
	int64_t end_ms = told_consent_ends(agent, c);
	if (!lasts(person, c))
		return NULL;
	if (now_ms >= end_ms)
		return asked_since(agent, person, c) ? NULL : "ended";
	if (unconfirmed(agent, c))
		return "unconfirmed";
	return now_ms >= end_ms - DUE_MS && !asked_since(agent, person, c) ? "ends" : NULL;
}

static void add_due(const struct told_agent *agent, const struct told_person *person, struct told_bytes client,
		    json_t *list)
{
	int64_t now_ms = told_agent_now(agent).utc_ms;
	for (size_t i = 0; i < person->consent_count; i++) {
		const struct told_consent *c = &person->consents[i];
		const char *due = due_as(agent, person, c, now_ms);
		json_t *json = due == NULL ? NULL : consent_json(agent, person, c);
		if (json == NULL)
			continue;
		add_text(json, "due", due);
		json_object_set_new(json, "client", told_client_json(client));
		json_object_set_new(json, "until_ms", json_integer((json_int_t)told_consent_ends(agent, c)));
		told_json_add(list, json);
	}
}

enum told_status told_consents_due(struct told_agent *agent, const struct told_caller *caller, json_t *list)
{
	uint8_t ref[TOLD_ID_BYTES] = {0};
	bool first = true;
	enum told_status status = TOLD_OK;
	while ((status = told_fact_next_client(agent->vault, ref, first)) == TOLD_OK) {
		struct told_bytes client = told_bytes(ref, sizeof ref);
		struct told_person *person = NULL;
		first = false;
		if (told_may_see(agent, caller, client) != TOLD_OK)
			continue;
		status = told_agent_person(agent, client, &person);
		if (status != TOLD_OK)
			return status;
		if (!person->retired && person->died_utc_ms == 0)
			add_due(agent, person, client, list);
		told_person_free(person);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_agent_consents_due(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	json_t *list = json_array();
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status;
	if (status == TOLD_OK)
		status = told_consents_due(agent, caller, list);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "due", list);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
