/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 4, the legal basis: LAW-01 to 07. Two locks, data protection and confidence, and both must open
 * (decision.md 1.2). Under an override the grounds are the profile's own. */
#include "broker/decide/hearing.h"

static bool rli(unsigned art6)
{
	return art6 >= TOLD_ART6_EA_REQUEST && art6 <= TOLD_ART6_EA_CRIME;
}

static bool both_marked(const struct told_hearing *h, unsigned mark)
{
	return told_marked(h->giver_line, mark) && told_marked(h->taker_line, mark);
}

/* The statute says between whom a power works; the agreement cannot say otherwise. */
static bool power_open(const struct told_hearing *h, unsigned power)
{
	switch (power) {
	case TOLD_POWER_S213B:
		return told_marked(h->giver_line, TOLD_MARK_S213B) && told_marked(h->taker_line, TOLD_MARK_PUBLIC) &&
		       h->giver_line->nation == TOLD_ENGLAND && h->taker_line->nation == TOLD_ENGLAND;
	case TOLD_POWER_DEA_S35: return both_marked(h, TOLD_MARK_DEA);
	case TOLD_POWER_S251B: return both_marked(h, TOLD_MARK_HSC);
	default: return true;
	}
}

static void basis_stated(struct told_hearing *h, struct told_item *item)
{
	if (item->basis->art6 == TOLD_ART6_NONE)
		told_stop_message(h, TOLD_LAW_01, TOLD_EFFECT_DENY);
}

/* Recognised legitimate interests are not there for a public authority's own tasks (DUAA 2025 Sch 4). */
static void basis_permitted(struct told_hearing *h, struct told_item *item)
{
	const struct told_basis_facts *b = item->basis;
	bool art6 = !item->grounds || b->art6 == TOLD_ART6_NONE || told_ground_listed(&item->grounds->art6, b->art6);
	bool power =
		!item->grounds || b->power == TOLD_POWER_NONE || told_ground_listed(&item->grounds->powers, b->power);
	bool own_task = rli(b->art6) && told_marked(h->giver_line, TOLD_MARK_PUBLIC);
	if (!art6 || !power || own_task || !power_open(h, b->power))
		told_stop_message(h, TOLD_LAW_02, TOLD_EFFECT_DENY);
}

static void statement_complete(struct told_hearing *h, struct told_item *item)
{
	const struct told_basis_facts *b = item->basis;
	if (b->art6 == TOLD_ART6_EA_REQUEST && !(b->rli_task && b->rli_law && b->rli_objective))
		told_stop_message(h, TOLD_LAW_05, TOLD_EFFECT_DENY);
}

static void article9(struct told_hearing *h, struct told_item *item)
{
	if (!item->health || !item->grounds)
		return;
	unsigned stated = item->basis->art9;
	if (stated == TOLD_ART9_NONE || !told_ground_listed(&item->grounds->art9, stated) ||
	    (stated == TOLD_ART9_H_2 && !both_marked(h, TOLD_MARK_HSC)))
		told_stop_section(h, item, TOLD_LAW_03, TOLD_SECTION_EFFECT_WITHHOLD);
}

static void article10(struct told_hearing *h, struct told_item *item)
{
	if (!item->criminal || !item->grounds)
		return;
	unsigned stated = item->basis->art10;
	if (stated == TOLD_ART10_NONE || !told_ground_listed(&item->grounds->art10, stated))
		told_stop_section(h, item, TOLD_LAW_04, TOLD_SECTION_EFFECT_WITHHOLD);
}

/* How a referral stands tells its own referrer nothing new. */
static bool answers_own_referral(const struct told_hearing *h, const struct told_item *item)
{
	return item->facts->category == TOLD_CATEGORY_REF_META && h->q->workflow.referral_state != TOLD_REFERRAL_NONE &&
	       (h->q->workflow.referrer == h->taker || h->q->workflow.referred_to == h->taker);
}

static bool within_direct_care(const struct told_hearing *h)
{
	return h->purposes == TOLD_BIT32(TOLD_PURPOSE_DIRECTCARE) && both_marked(h, TOLD_MARK_HSC);
}

static void confidence(struct told_hearing *h, struct told_item *item)
{
	if (!item->grounds)
		return;
	unsigned stated = item->basis->confidentiality;
	bool opens = stated != TOLD_CONFIDENTIALITY_NONE && told_ground_listed(&item->grounds->confidentiality, stated);
	if (stated == TOLD_CONFIDENTIALITY_IMPLIED_DIRECT_CARE && !within_direct_care(h))
		opens = false;
	if (stated == TOLD_CONFIDENTIALITY_NOT_CONFIDENTIAL && item->health && !answers_own_referral(h, item))
		opens = false;
	if (!opens)
		told_stop_section(h, item, TOLD_LAW_06, TOLD_SECTION_EFFECT_WITHHOLD);
}

static bool beyond_meta(const struct told_item *item)
{
	return item->facts->kind == TOLD_SECTION_STORY &&
	       (item->blank || !told_catset_within(&item->leaves, &told_leaves_meta));
}

static bool another_basis(const struct told_item *item)
{
	unsigned stated = item->basis->confidentiality;
	return stated != TOLD_CONFIDENTIALITY_NONE && stated != TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT &&
	       stated != TOLD_CONFIDENTIALITY_IMPLIED_DIRECT_CARE;
}

/* Do not ask, and then share anyway on another basis for the same purpose. */
static void no_swap(struct told_hearing *h)
{
	bool swaps = false;
	for (size_t i = 0; i < h->item_count; i++)
		swaps |= beyond_meta(&h->items[i]) && another_basis(&h->items[i]);
	if (swaps && told_person_said_no(h, false, true))
		told_stop_message(h, TOLD_LAW_07, TOLD_EFFECT_DENY);
}

/* Free text that nobody classified is left to SEC-05; only the message's own basis is asked of it. */
void told_stage_law(struct told_hearing *h)
{
	if (h->traits & (TOLD_TRAIT_RIGHT | TOLD_TRAIT_FOLLOWS))
		return;
	for (size_t i = 0; i < h->item_count; i++) {
		struct told_item *item = &h->items[i];
		if (item->facts->kind != TOLD_SECTION_STORY)
			continue;
		basis_stated(h, item);
		basis_permitted(h, item);
		statement_complete(h, item);
		if (item->blank)
			continue;
		article9(h, item);
		article10(h, item);
		confidence(h, item);
	}
	no_swap(h);
}
