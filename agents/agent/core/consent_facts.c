/* SPDX-License-Identifier: Apache-2.0 */
/* What is on record of permissions, weighed for the worker: what replaces what, when it ends, what stands against a new
 * one, and why one does not open what it names. Reads a folded person; decides nothing, the ruling does. */
#include "agents/agent/core/consent.h"

#include "agents/agent/core/card.h"
#include "agents/agent/core/show.h"

#include <stdio.h>
#include <string.h>

#define CHAIN_MAX 64u /* nobody changes one permission more often; a ring of links ends here too */

static bool has_id(const struct told_consent *c, struct told_bytes id)
{
	return told_bytes_equal(told_bytes(c->id, TOLD_ID_BYTES), id);
}

static bool no_id(const uint8_t id[TOLD_ID_BYTES])
{
	static const uint8_t none[TOLD_ID_BYTES];
	return memcmp(id, none, sizeof none) == 0;
}

const struct told_consent *told_consent_of(const struct told_person *person, struct told_bytes id)
{
	for (size_t i = 0; i < person->consent_count; i++)
		if (has_id(&person->consents[i], id))
			return &person->consents[i];
	return NULL;
}

/* Only an answer takes the place of an older answer (decision.md 4.2). */
static const struct told_consent *successor(const struct told_person *person, const struct told_consent *c)
{
	for (size_t i = 0; i < person->consent_count; i++) {
		const struct told_consent *newer = &person->consents[i];
		bool answer = newer->state == TOLD_CONSENT_STATE_GIVEN || newer->state == TOLD_CONSENT_STATE_REFUSED ||
			      newer->state == TOLD_CONSENT_STATE_WITHDRAWN;
		if (newer != c && answer && newer->given_utc_ms >= c->given_utc_ms &&
		    memcmp(newer->supersedes, c->id, TOLD_ID_BYTES) == 0)
			return newer;
	}
	return NULL;
}

bool told_consent_replaced(const struct told_person *person, const struct told_consent *c)
{
	return successor(person, c) != NULL;
}

struct told_bytes told_consent_newest(const struct told_person *person, struct told_bytes id)
{
	const struct told_consent *c = told_consent_of(person, id), *next;
	for (size_t i = 0; c != NULL && i < CHAIN_MAX && (next = successor(person, c)) != NULL; i++)
		c = next;
	return c == NULL ? id : told_bytes(c->id, TOLD_ID_BYTES);
}

bool told_consent_gone(const struct told_person *person, const struct told_consent *c)
{
	static const struct told_catset none;
	static const struct told_partyset nobody;
	if (c->state == TOLD_CONSENT_STATE_WITHDRAWN)
		return true;
	for (size_t i = 0; i < person->withdrawal_count; i++) {
		const struct told_withdrawal_facts *w = &person->withdrawals[i];
		bool its = no_id(w->consent_id) || memcmp(w->consent_id, c->id, TOLD_ID_BYTES) == 0;
		bool whole = w->purposes == 0 && memcmp(&w->categories, &none, sizeof none) == 0 &&
			     memcmp(&w->recipients, &nobody, sizeof nobody) == 0;
		if (its && whole && w->at_utc_ms >= c->given_utc_ms)
			return true;
	}
	return false;
}

int64_t told_consent_ends(const struct told_agent *agent, const struct told_consent *c)
{
	const struct told_span months = {.count = c->kind == TOLD_CONSENT_KIND_STATUTORY_UC ? 6 : 12,
					 .unit = TOLD_SPAN_MONTHS};
	struct told_when now = told_agent_now(agent);
	const struct told_agreement *a;
	int64_t end = told_span_after(c->given_utc_ms, months);
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++) {
		int64_t longest = told_span_after(c->given_utc_ms, a->consent_max);
		if (a->consent_max.count > 0 && longest < end &&
		    told_directory_signed(agent->directory, a, agent->self, now))
			end = longest;
	}
	if (c->until_utc_ms != 0 && c->until_utc_ms < end)
		end = c->until_utc_ms;
	return c->ended_utc_ms != 0 && c->ended_utc_ms < end ? c->ended_utc_ms : end;
}

/* ---- what stands against a new one ---- */

static bool shares_recipient(const struct told_agent *agent, const struct told_consent *c,
			     const struct told_consent_part *part)
{
	for (size_t i = 0; i < c->recipient_count; i++)
		for (size_t j = 0; j < part->recipients.count; j++)
			if (c->recipients[i].party == told_party_find(agent->parties, part->recipients.items[j].party))
				return true;
	return c->recipient_count == 0;
}

static bool shares_purpose(const struct told_consent *c, const struct told_consent_part *part)
{
	for (size_t i = 0; i < part->purposes.count; i++)
		if (c->purposes & TOLD_BIT32(part->purposes.items[i]))
			return true;
	return c->purposes == 0;
}

static bool shares_category(const struct told_consent *c, const struct told_consent_part *part)
{
	static const struct told_catset none;
	for (size_t i = 0; i < part->include.count; i++)
		if (told_catset_has(&c->include, part->include.items[i]))
			return true;
	return memcmp(&c->include, &none, sizeof none) == 0;
}

static bool standing_refusal(const struct told_agent *agent, const struct told_person *person,
			     const struct told_consent *c, const struct told_consent_part *part)
{
	int64_t now_ms = told_agent_now(agent).utc_ms;
	return c->state == TOLD_CONSENT_STATE_REFUSED && (c->until_utc_ms == 0 || now_ms < c->until_utc_ms) &&
	       !told_consent_replaced(person, c) && shares_recipient(agent, c, part) && shares_purpose(c, part) &&
	       shares_category(c, part);
}

static void refuse_against(struct told_request *r, const char *what, const struct told_consent *c, const char *fix)
{
	if (r->status != TOLD_OK)
		return;
	r->status = TOLD_E_REFUSED;
	told_buf_printf(r->why, "%s (number ", what);
	for (size_t i = 0; i < TOLD_ID_BYTES; i++)
		told_buf_printf(r->why, "%02x", c->id[i]);
	told_buf_printf(r->why, "). %s", fix);
}

/* A no outweighs every yes until the person takes it back, and only a link says that they have: without it the new
 * record would open nothing and nobody would know why (decision.md 4.3, "deny wins"). */
void told_consent_against(struct told_request *r, const struct told_person *person,
			  const struct told_consent_part *part)
{
	if (part->state != TOLD_CONSENT_STATE_GIVEN)
		return;
	for (size_t i = 0; i < person->consent_count; i++) {
		const struct told_consent *c = &person->consents[i];
		if (standing_refusal(r->agent, person, c, part) && !has_id(c, part->supersedes))
			refuse_against(r,
				       "The person said no to this before, and a no outweighs every yes. Nothing was "
				       "recorded",
				       c,
				       "If they have changed their mind, record it again with --supersedes and this "
				       "number. If not, leave out what they said no to.");
	}
}

/* ---- why it does not open all that it names ---- */

struct noting {
	const struct told_agent *agent;
	const struct told_person *person;
	const struct told_consent_part *part;
	bool presence;
};

static bool given(const struct noting *n)
{
	return n->part->state == TOLD_CONSENT_STATE_GIVEN;
}

static bool we_gain(const struct noting *n)
{
	bool ours = false;
	for (size_t i = 0; i < n->part->recipients.count; i++)
		ours |= told_bytes_equal(n->part->recipients.items[i].party, told_agent_self(n->agent));
	return given(n) && ours && !n->presence && n->part->kind != TOLD_CONSENT_KIND_IMPLIED &&
	       n->part->kind != TOLD_CONSENT_KIND_WISH;
}

static bool a_wish(const struct noting *n)
{
	return given(n) && n->part->kind == TOLD_CONSENT_KIND_WISH;
}

static bool by_person(const struct noting *n)
{
	return given(n) && n->part->giver == TOLD_GIVER_PERSON;
}

static bool lacks_capacity(const struct noting *n)
{
	return by_person(n) &&
	       (n->part->capacity == TOLD_CAPACITY_LACKS || n->part->capacity == TOLD_CAPACITY_FLUCTUATING ||
		n->person->capacity == TOLD_CAPACITY_LACKS);
}

static bool child_not_judged(const struct noting *n)
{
	return by_person(n) && n->person->under_16 && n->part->capacity != TOLD_CAPACITY_COMPETENT_CHILD;
}

static bool decides_for_the_able(const struct noting *n)
{
	bool stands_in = n->part->giver == TOLD_GIVER_ATTORNEY || n->part->giver == TOLD_GIVER_DEPUTY ||
			 n->part->giver == TOLD_GIVER_BEST_INTERESTS;
	return given(n) && stands_in && n->person->capacity != TOLD_CAPACITY_LACKS;
}

static bool parent_of_adult(const struct noting *n)
{
	return given(n) && n->part->giver == TOLD_GIVER_PARENT && !n->person->under_16;
}

static bool authority_rejected(const struct noting *n)
{
	return given(n) && n->part->giver != TOLD_GIVER_PERSON && n->part->authority == TOLD_AUTHORITY_REJECTED;
}

static bool authority_open(const struct noting *n)
{
	return given(n) && n->part->giver != TOLD_GIVER_PERSON && n->part->giver != TOLD_GIVER_BEST_INTERESTS &&
	       n->part->authority != TOLD_AUTHORITY_CHECKED && n->part->authority != TOLD_AUTHORITY_REJECTED;
}

static bool not_free(const struct noting *n)
{
	return given(n) && n->part->freely_given == TOLD_YES_NO_NO;
}

static const struct {
	const char *code;
	bool (*holds)(const struct noting *n);
	const char *what, *fix;
} rules[] = {
	{"CON-16", we_gain,
	 "It is recorded. We would receive under it ourselves, so it opens nothing that other agencies were told until "
	 "one of their workers confirms it with the person.",
	 "Ask the service that holds the story to run: told consent confirm"},
	{"CON-00", a_wish, "It is recorded as what the person would like. It opens nothing by itself.",
	 "Where a permission is meant, record it without --kind wish."},
	{"CON-11", lacks_capacity,
	 "It is recorded, and held: on record the person cannot decide this now, so their own yes opens nothing.",
	 "Ask again when they can decide, or record who may decide for them: --giver attorney, deputy or "
	 "best_interests."},
	{"CON-11", child_not_judged,
	 "It is recorded, and held: the person is under 16, and nobody has recorded that they understand this "
	 "decision.",
	 "Record it again with --capacity competent_child, or by somebody with parental responsibility: --giver "
	 "parent."},
	{"CON-12", decides_for_the_able,
	 "It is recorded, and held: whoever decides for the person may do so only while the person cannot, and that is "
	 "not "
	 "on record.",
	 "Ask the person. If they cannot decide this: told flag record CLIENT --kind lacks_capacity."},
	{"CON-12", parent_of_adult,
	 "It is recorded, and held: a parent's word stands for a child only, and the person is not on record as one.",
	 "Ask the person. If they are under 16: told flag record CLIENT --kind under_16."},
	{"CON-12", authority_rejected,
	 "It is recorded, and opens nothing: the authority was looked at and is not good.",
	 "Ask the person, or whoever may decide for them."},
	{"CON-12", authority_open, "It is recorded, and held: nobody has checked the authority yet.",
	 "Look at the paper (attorney: registered; deputy: the order; parent: parental responsibility), then record it "
	 "again with --authority checked and --supersedes."},
	{"CON-15", not_free, "It is recorded, and opens nothing: it was not freely given.",
	 "Ask again, alone and at another time."},
};

/* The whole command, so that it can be read out over the telephone. */
static json_t *note_json(size_t rule, struct told_bytes client, struct told_bytes id)
{
	char fix[512], code[TOLD_CODE_TEXT_BYTES], number[2 * TOLD_ID_BYTES + 1] = "";
	bool confirm = rules[rule].holds == we_gain;
	told_code_write(client.data, code);
	for (size_t i = 0; i < TOLD_ID_BYTES; i++)
		snprintf(number + 2 * i, 3, "%02x", id.data[i]);
	snprintf(fix, sizeof fix, "%s%s%s%s%s%s", rules[rule].fix, confirm ? " " : "", confirm ? code : "",
		 confirm ? " " : "", confirm ? number : "",
		 confirm ? ". Or record it again with the card's four words: --words FILE." : "");
	return json_pack("{s:s, s:s, s:s}", "code", rules[rule].code, "what", rules[rule].what, "fix", fix);
}

json_t *told_consent_notes(const struct told_agent *agent, const struct told_person *person,
			   const struct told_consent_part *part, struct told_bytes client, struct told_bytes id,
			   bool presence)
{
	struct noting n = {.agent = agent, .person = person, .part = part, .presence = presence};
	json_t *notes = json_array();
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (rules[i].holds(&n))
			told_json_add(notes, note_json(i, client, id));
	return notes;
}
