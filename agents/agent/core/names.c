/* SPDX-License-Identifier: Apache-2.0 */
/* Which parties and teams there are, as far as we have verified it ourselves. Reads the directory and our profile. */
#include "agents/agent/core/names.h"

#include "agents/outcome/need.h"
#include "agents/referral/here.h"
#include "broker/agree/guess.h"

#include <string.h>

/* ---- parties ---- */

static bool in_agreement(const struct told_agreement *a, uint32_t party)
{
	for (size_t i = 0; i < a->party_count; i++)
		if (a->parties[i].party == party)
			return true;
	for (size_t i = 0; i < a->flow_count; i++)
		if (told_partyset_has(&a->flows[i].to, party))
			return true;
	return false;
}

static bool known(const struct told_agent *agent, uint32_t party)
{
	const struct told_agreement *a;
	if (party == agent->self ||
	    told_directory_party(agent->directory, party, told_agent_now(agent)) != TOLD_PARTY_UNKNOWN)
		return true;
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++)
		if (in_agreement(a, party))
			return true;
	return false;
}

static void refuse(struct told_request *r, const char *what, struct told_bytes name, const struct told_guess *guess,
		   const char *otherwise)
{
	if (r->status != TOLD_OK)
		return;
	r->status = TOLD_E_UNKNOWN;
	told_buf_printf(r->why, "%s \"%.*s\". Nothing was recorded. ", what, (int)name.len, (const char *)name.data);
	if (guess->best != NULL)
		told_buf_printf(r->why, "Did you mean \"%s\"?", guess->best);
	else
		told_buf_put_text(r->why, otherwise);
}

void told_request_party_known(struct told_request *r, struct told_bytes name)
{
	const struct told_agent *agent = r->agent;
	struct told_guess guess = {.word = name};
	if (r->status != TOLD_OK || known(agent, told_party_find(agent->parties, name)))
		return;
	for (uint32_t p = 1; p <= told_party_count(agent->parties); p++)
		if (known(agent, p))
			told_guess_offer(&guess, told_party_name(agent->parties, p));
	refuse(r, "Nobody in the partnership or in an agreement of ours is called", name, &guess,
	       "told agreement show lists who takes part.");
}

void told_request_parties_known(struct told_request *r, struct told_bytes_list names)
{
	for (size_t i = 0; i < names.count; i++)
		told_request_party_known(r, names.items[i]);
}

struct told_bytes told_request_other_party(struct told_request *r, const char *name)
{
	struct told_bytes party = told_request_text(r, name, true);
	told_request_party_known(r, party);
	if (r->status == TOLD_OK && told_bytes_equal(party, told_agent_self(r->agent)))
		told_request_refuse(r, TOLD_E_USAGE, "That is this agency itself. Name another one.");
	return party;
}

/* ---- teams ---- */

struct teams {
	struct told_request *r;
	struct told_guess guess;
	bool any, found;
};

static void offer(struct teams *t, struct told_bytes team)
{
	if (team.len == 0)
		return;
	t->any = true;
	t->found |= told_bytes_equal(team, t->guess.word);
	char *name = told_arena_alloc(t->r->agent->arena, team.len + 1);
	if (name == NULL)
		return;
	memcpy(name, team.data, team.len);
	name[team.len] = '\0';
	told_guess_offer(&t->guess, name);
}

static void offer_listed(struct teams *t, struct told_bytes list)
{
	while (list.len > 0) {
		const uint8_t *comma = memchr(list.data, ',', list.len);
		size_t len = comma == NULL ? list.len : (size_t)(comma - list.data);
		offer(t, told_bytes(list.data, len));
		len += comma != NULL;
		list = told_bytes(list.data + len, list.len - len);
	}
}

static void offer_own(struct teams *t)
{
	const struct told_agent *agent = t->r->agent;
	struct told_worker_row row;
	uint64_t after = 0;
	for (size_t i = 0; i < agent->team_count; i++)
		offer(t, told_text(agent->teams[i]));
	while (told_worker_next(agent->vault, agent->arena, after, &row) == TOLD_OK) {
		offer_listed(t, row.teams);
		after = row.id;
	}
}

static void offer_theirs(struct teams *t, uint32_t party)
{
	const struct told_worker *worker;
	for (size_t i = 0; (worker = told_directory_worker_at(t->r->agent->directory, i)) != NULL; i++)
		for (size_t j = 0; worker->party == party && j < worker->team_count; j++)
			offer(t, worker->teams[j]);
}

void told_request_team_known(struct told_request *r, struct told_bytes party, struct told_bytes team)
{
	struct teams t = {.r = r, .guess = {.word = team}};
	uint32_t number = told_party_find(r->agent->parties, party);
	if (r->status != TOLD_OK || team.len == 0)
		return;
	if (number == r->agent->self)
		offer_own(&t);
	else
		offer_theirs(&t, number);
	if (t.any && !t.found)
		refuse(r, number == r->agent->self ? "We have no team" : "They have no team", team, &t.guess,
		       number == r->agent->self ? "told worker ls shows our teams; a new one stands in the profile."
						: "Leave the team out, or ask them what it is called.");
}

struct told_bytes told_request_worker(struct told_request *r, const char *name)
{
	struct told_worker_row row;
	struct told_bytes number = told_request_text(r, name, true);
	if (r->status != TOLD_OK)
		return number;
	enum told_status status = told_worker_by_number(r->agent->vault, r->agent->arena, number, &row);
	if (status == TOLD_E_NOT_FOUND || (status == TOLD_OK && row.state != TOLD_WORKER_ACTIVE))
		told_request_refuse(r, TOLD_E_UNKNOWN,
				    "Nobody who works here has this staff number. See told worker ls.");
	else if (status != TOLD_OK)
		r->status = status;
	return number;
}

struct told_bytes told_request_need(struct told_request *r, bool needed)
{
	const struct told_agent *agent = r->agent;
	struct told_bytes need = told_request_text(r, "need", needed);
	const char **names = told_arena_alloc(agent->arena, (agent->offer_count + 1) * sizeof *names);
	for (size_t i = 0; names != NULL && i < agent->offer_count; i++)
		names[i] = agent->offers[i].need;
	if (need.len == 0 || told_here_find(agent->offers, agent->offer_count, need) != NULL)
		return need;
	if (names != NULL && agent->offer_count > 0)
		told_request_refuse_word(r, "need", need, names, agent->offer_count);
	else if (!told_need_name_ok(need))
		told_request_refuse(r, TOLD_E_USAGE, "A \"need\" is a short name: small letters, digits, '-'.");
	return need;
}
