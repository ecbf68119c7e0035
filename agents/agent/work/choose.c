/* SPDX-License-Identifier: Apache-2.0 */
/* Which agreement, flows and legal bases a message rests on: of those that govern between the two, the one whose flows
 * carry most of what is to be sent. The first ground of each of the paper's lists is what the message states. */
#include "agents/agent/core/state.h"
#include "agents/agent/work/content.h"

#include <string.h>

struct choosing {
	const struct told_agent *agent;
	uint32_t from, to, type, purpose;
	const uint32_t *categories;
	size_t count;
};

static bool carries(const struct told_flow *flow, unsigned category)
{
	return told_catset_has(&flow->data, category) || category == TOLD_CATEGORY_PRF_ACC;
}

/* A flow that lists ASK carries its reply, and the reverse. */
static bool fits(const struct choosing *c, const struct told_flow *flow)
{
	uint64_t asks = TOLD_BIT64(TOLD_TYPE_ASK) | TOLD_BIT64(TOLD_TYPE_ASK_REPLY);
	uint64_t wanted = TOLD_BIT64(c->type);
	return told_partyset_has(&flow->from, c->from) && told_partyset_has(&flow->to, c->to) &&
	       (flow->types & (wanted & asks ? asks : wanted)) != 0 && (flow->purposes & TOLD_BIT32(c->purpose)) != 0;
}

static struct told_basis_part basis_of(const struct told_basis_lists *b)
{
	return (struct told_basis_part){
		.art6 = b->art6.count > 0 ? b->art6.value[0] : 0,
		.art9 = b->art9.count > 0 ? b->art9.value[0] : 0,
		.art10 = b->art10.count > 0 ? b->art10.value[0] : 0,
		.confidentiality = b->confidentiality.count > 0 ? b->confidentiality.value[0] : 0,
		.power = b->powers.count > 0 ? b->powers.value[0] : 0,
	};
}

static void add_flow(struct told_choice *choice, const struct told_flow *flow)
{
	for (size_t i = 0; i < choice->flow_count; i++)
		if (choice->flows[i] == flow)
			return;
	if (choice->flow_count == TOLD_CHOSEN_FLOWS_MAX)
		return;
	choice->bases[choice->flow_count] = basis_of(&flow->basis);
	choice->flows[choice->flow_count++] = flow;
}

/* What this agreement would carry; the score says how much of what is wanted. */
static size_t choose_within(const struct choosing *c, const struct told_agreement *agreement, struct told_choice *out)
{
	size_t score = 0;
	const struct told_flow *any = NULL;
	*out = (struct told_choice){.agreement = agreement};
	for (size_t i = 0; i < c->count; i++) {
		const struct told_flow *found = NULL;
		for (size_t f = 0; f < agreement->flow_count && found == NULL; f++)
			if (fits(c, &agreement->flows[f]) && carries(&agreement->flows[f], c->categories[i]))
				found = &agreement->flows[f];
		if (found != NULL) {
			add_flow(out, found);
			score += 2;
		}
	}
	for (size_t f = 0; f < agreement->flow_count && any == NULL; f++)
		if (fits(c, &agreement->flows[f]))
			any = &agreement->flows[f];
	if (any != NULL && out->flow_count == 0)
		add_flow(out, any);
	return score + (any != NULL ? 1 : 0);
}

enum told_status told_choose(const struct told_agent *agent, struct told_bytes from, struct told_bytes to,
			     uint32_t type, uint32_t purpose, const uint32_t *categories, size_t count,
			     struct told_choice *out)
{
	struct choosing c = {
		.agent = agent,
		.from = told_party_find(agent->parties, from),
		.to = told_party_find(agent->parties, to),
		.type = type,
		.purpose = purpose,
		.categories = categories,
		.count = count,
	};
	struct told_when now = told_agent_now(agent);
	const struct told_agreement *agreement;
	size_t best = 0;
	memset(out, 0, sizeof *out);
	for (size_t i = 0; (agreement = told_directory_agreement_at(agent->directory, i)) != NULL; i++) {
		struct told_choice choice;
		if (told_directory_governing(agent->directory, agreement->id, c.from, c.to, now) != agreement ||
		    told_directory_suspended(agent->directory, agreement->id, c.from, c.to, now))
			continue;
		size_t score = choose_within(&c, agreement, &choice);
		if (out->agreement == NULL || score > best) {
			*out = choice;
			best = score;
		}
	}
	/* Suspended ones last: the refusal then says so. */
	for (size_t i = 0;
	     out->agreement == NULL && (agreement = told_directory_agreement_at(agent->directory, i)) != NULL; i++)
		if (told_directory_governing(agent->directory, agreement->id, c.from, c.to, now) == agreement)
			(void)choose_within(&c, agreement, out);
	if (out->agreement == NULL)
		return TOLD_E_REFUSED;
	out->ref = (struct told_agreement_ref){
		.id = out->agreement->id,
		.version = out->agreement->version,
		.sha256 = told_bytes(out->agreement->sha256, sizeof out->agreement->sha256),
	};
	return TOLD_OK;
}

/* ---- overrides ---- */

static bool names(const struct told_agreement *agreement, uint32_t party)
{
	for (size_t i = 0; i < agreement->party_count; i++)
		if (agreement->parties[i].party == party)
			return true;
	return false;
}

/* 4 the profile reaches them, 3 it is not for them (OVR-05), 0 it is not what was asked for. */
static size_t profile_score(const struct choosing *c, const struct told_override_part *block,
			    const struct told_profile *profile)
{
	bool fits = profile->kind == block->kind &&
		    profile->mandatory_report == (block->mandatory_report == TOLD_YES_NO_YES) &&
		    told_partyset_has(&profile->from, c->from) && (profile->types & TOLD_BIT64(c->type)) != 0 &&
		    (profile->purposes & TOLD_BIT32(c->purpose)) != 0;
	return !fits ? 0 : told_partyset_has(&profile->to, c->to) ? 4 : 3;
}

/* The best profile of one agreement; without any, the agreement still names who refuses (OVR-02). */
static size_t best_profile(const struct choosing *c, const struct told_override_part *block,
			   const struct told_agreement *agreement, struct told_choice *out)
{
	size_t best = names(agreement, c->to) && names(agreement, c->from) ? 2 : 1;
	*out = (struct told_choice){.agreement = agreement};
	for (size_t i = 0; i < agreement->profile_count; i++) {
		size_t score = profile_score(c, block, &agreement->profiles[i]);
		if (score <= best)
			continue;
		best = score;
		out->profile = &agreement->profiles[i];
		out->bases[0] = basis_of(&out->profile->basis);
	}
	return best;
}

enum told_status told_choose_override(const struct told_agent *agent, struct told_bytes from, struct told_bytes to,
				      uint32_t type, uint32_t purpose, const struct told_override_part *block,
				      struct told_choice *out)
{
	struct choosing c = {.agent = agent,
			     .from = told_party_find(agent->parties, from),
			     .to = told_party_find(agent->parties, to),
			     .type = type,
			     .purpose = purpose};
	struct told_when now = told_agent_now(agent);
	const struct told_agreement *agreement;
	size_t best = 0;
	memset(out, 0, sizeof *out);
	for (size_t i = 0; (agreement = told_directory_agreement_at(agent->directory, i)) != NULL; i++) {
		struct told_choice choice;
		if (!told_directory_signed(agent->directory, agreement, agent->self, now))
			continue;
		size_t score = best_profile(&c, block, agreement, &choice);
		bool newer = out->agreement != NULL && agreement->version > out->agreement->version;
		if (score > best || (score == best && newer)) {
			*out = choice;
			best = score;
		}
	}
	if (out->agreement == NULL)
		return TOLD_E_REFUSED;
	out->ref = (struct told_agreement_ref){
		.id = out->agreement->id,
		.version = out->agreement->version,
		.sha256 = told_bytes(out->agreement->sha256, sizeof out->agreement->sha256),
	};
	return TOLD_OK;
}

uint32_t told_choice_basis(const struct told_choice *choice, unsigned category)
{
	if (choice->profile != NULL)
		return 1;
	for (size_t i = 0; i < choice->flow_count; i++)
		if (carries(choice->flows[i], category))
			return (uint32_t)i + 1;
	return 0;
}
