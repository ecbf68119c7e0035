/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 2, the agreement: AGR-01 to 11. Finds the flow that carries each section (decision.md 4.3, "finding the flow").
 */
#include "broker/decide/hearing.h"

static void parties_to_it(struct told_hearing *h)
{
	if (!told_is_party(h->agreement, h->giver) || !told_is_party(h->agreement, h->taker))
		told_stop_message(h, TOLD_AGR_01, TOLD_EFFECT_DENY);
}

static void in_force(struct told_hearing *h)
{
	const struct told_agreement *a = h->agreement;
	int64_t t = h->q->t_utc_ms;
	if (t < a->from_utc_ms || a->status == TOLD_AGREEMENT_DRAFT || a->status == TOLD_AGREEMENT_ASSURED)
		told_stop_message(h, TOLD_AGR_02, TOLD_EFFECT_DENY);
	if (t >= a->until_utc_ms || a->status == TOLD_AGREEMENT_ENDED)
		told_stop_message(h, TOLD_AGR_03, TOLD_EFFECT_DENY);
}

/* For one party alone, or as a whole. Whom the operator suspended gets nothing either. */
static void not_suspended(struct told_hearing *h)
{
	if (h->agreement->status == TOLD_AGREEMENT_SUSPENDED || h->named->sender_suspended ||
	    h->named->recipient_suspended || h->recipient->standing == TOLD_STANDING_SUSPENDED)
		told_stop_message(h, TOLD_AGR_04, TOLD_EFFECT_DENY);
}

static void review_done(struct told_hearing *h)
{
	const struct told_agreement *a = h->agreement;
	int64_t t = h->q->t_utc_ms;
	if (t < a->review_utc_ms || !told_agreement_in_force(a, t))
		return;
	if (a->review_late == TOLD_LATE_DENY)
		told_stop_message(h, TOLD_AGR_05, TOLD_EFFECT_DENY);
	else if (a->review_late == TOLD_LATE_HOLD || t >= told_span_after(a->review_utc_ms, a->grace))
		told_stop_message(h, TOLD_AGR_05, TOLD_EFFECT_HOLD);
	else
		told_notice(h, TOLD_AGR_05);
}

/* A `never` line wins over every flow and every override except law or court. */
static void never_lines(struct told_hearing *h)
{
	if (h->m->override.kind == TOLD_OVERRIDE_LAW && h->overriding)
		return;
	if (told_partyset_has(&h->agreement->never_to, h->taker))
		told_stop_always(h, TOLD_AGR_08, TOLD_EFFECT_DENY);
	if (h->agreement->never_for & h->purposes)
		told_stop_always(h, TOLD_AGR_06, TOLD_EFFECT_DENY);
}

static bool joins(const struct told_flow *flow, uint32_t giver, uint32_t taker)
{
	return giver != taker && told_partyset_has(&flow->from, giver) && told_partyset_has(&flow->to, taker);
}

/* A flow that lists ASK carries ASK_REPLY, and the reverse. */
static bool lists_type(const struct told_flow *flow, uint8_t type)
{
	const uint64_t asks = TOLD_BIT64(TOLD_TYPE_ASK) | TOLD_BIT64(TOLD_TYPE_ASK_REPLY);
	uint64_t wanted = TOLD_BIT64(type);
	return flow->types & (wanted & asks ? asks : wanted);
}

static bool covers_purposes(const struct told_flow *flow, uint32_t purposes)
{
	return purposes && !(purposes & ~flow->purposes);
}

/* Access needs are in the minimum set of every flow that carries more than how things stand. */
static struct told_catset carried_by(const struct told_flow *flow)
{
	struct told_catset data = flow->data;
	if (!told_catset_within(&flow->data, &told_leaves_meta))
		told_catset_add(&data, TOLD_CATEGORY_PRF_ACC);
	return data;
}

/* Free text needs its own place in the flow and a place for everything that it was classified as. */
static bool carries_of(const struct told_flow *flow, const struct told_catset *data, const struct told_item *item)
{
	if (item->facts->kind == TOLD_SECTION_COUNTS)
		return flow->counts;
	if (item->facts->category == TOLD_CATEGORY_NARR && !told_catset_has(&flow->data, TOLD_CATEGORY_NARR))
		return false;
	return told_catset_within(&item->leaves, data);
}

static bool carries(const struct told_flow *flow, const struct told_item *item)
{
	const struct told_catset data = carried_by(flow);
	return carries_of(flow, &data, item);
}

static bool version_carries(const struct told_hearing *h, const struct told_agreement *a, const struct told_item *item)
{
	for (size_t i = 0; i < a->flow_count; i++) {
		const struct told_flow *flow = &a->flows[i];
		if (joins(flow, h->giver, h->taker) && covers_purposes(flow, h->purposes) &&
		    lists_type(flow, h->type) && carries(flow, item))
			return true;
	}
	return false;
}

/* Direction, then purpose, then type: each code only when all before it hold. */
static void find_candidates(struct told_hearing *h)
{
	bool direction = false, purpose = false;
	for (size_t i = 0; i < h->agreement->flow_count; i++) {
		const struct told_flow *flow = &h->agreement->flows[i];
		if (!joins(flow, h->giver, h->taker))
			continue;
		direction = true;
		if (!covers_purposes(flow, h->purposes))
			continue;
		purpose = true;
		if (!lists_type(flow, h->type) || h->candidate_count == TOLD_CANDIDATES_MAX)
			continue;
		h->carried[h->candidate_count] = carried_by(flow);
		h->candidates[h->candidate_count++] = flow;
	}
	if (!direction)
		told_stop_message(h, TOLD_AGR_08, TOLD_EFFECT_DENY);
	else if (!purpose)
		told_stop_message(h, TOLD_AGR_06, TOLD_EFFECT_DENY);
	else if (!h->candidate_count)
		told_stop_message(h, TOLD_AGR_09, TOLD_EFFECT_DENY);
}

/* Of two flows that both carry it: the one that can let it go. What is about somebody else needs a basis of its own
 * first, unless that person permits it; then the one that needs no permission. */
static bool freer(const struct told_hearing *h, const struct told_item *item, const struct told_flow *flow)
{
	const struct told_flow *than = item->flow;
	uint64_t about = item->facts->about;
	bool others = about && about != h->m->person && !told_other_permits(h, item);
	if (others && flow->others_own_basis != than->others_own_basis)
		return flow->others_own_basis;
	return flow->consent == TOLD_MODE_NONE && than->consent != TOLD_MODE_NONE;
}

/* No two flows write the same category for one pair, type and purpose; access needs several may carry unwritten, and
 * then the freest goes before, so that a flow less never lets more go. */
static void find_flow(struct told_hearing *h, struct told_item *item)
{
	if (item->blank)
		return;
	for (size_t i = 0; i < h->candidate_count; i++) {
		const struct told_flow *flow = h->candidates[i];
		if (carries_of(flow, &h->carried[i], item) && (!item->flow || freer(h, item, flow)))
			item->flow = flow;
	}
	if (item->flow)
		item->grounds = &item->flow->basis;
	else if (h->candidate_count)
		told_stop_section(h, item, TOLD_AGR_07, TOLD_SECTION_EFFECT_WITHHOLD);
}

/* Who is paper or a person signs nothing and is bound by whoever hands over. */
static uint32_t version_signed(const struct told_party *line, uint32_t version)
{
	return told_marked(line, TOLD_MARK_PAPER | TOLD_MARK_PERSON) ? UINT32_MAX : version;
}

static uint32_t signed_by_both(const struct told_hearing *h)
{
	uint32_t giver = version_signed(h->giver_line, h->giver_signed);
	uint32_t taker = version_signed(h->taker_line, h->taker_signed);
	return giver < taker ? giver : taker;
}

/* The version that governs between the two: the highest in force that both have signed; NULL when there is none. */
static const struct told_agreement *governing(const struct told_hearing *h)
{
	uint32_t both = signed_by_both(h);
	const struct told_agreement *best = NULL;
	for (size_t i = 0; i < h->q->agreement_count; i++) {
		const struct told_agreement *a = h->q->agreements[i].agreement;
		if (a->version <= both && told_agreement_in_force(a, h->q->t_utc_ms) &&
		    told_bytes_equal(a->id, h->agreement->id) && (!best || a->version > best->version))
			best = a;
	}
	return best;
}

/* One that is in force is asked again when both have signed a newer; one that is not has said so already. */
static void both_signed(struct told_hearing *h)
{
	const struct told_agreement *governs = governing(h);
	bool settled = governs == h->agreement || (!told_agreement_in_force(h->agreement, h->q->t_utc_ms) &&
						   signed_by_both(h) >= h->agreement->version);
	for (size_t i = 0; !settled && i < h->item_count; i++) {
		struct told_item *item = &h->items[i];
		if (item->flow && (!governs || !version_carries(h, governs, item)))
			told_stop_section(h, item, TOLD_AGR_10, TOLD_SECTION_EFFECT_WITHHOLD);
	}
}

/* Has this agreement anything to say about the pair and some asserted purpose? */
static bool speaks_of(const struct told_hearing *h, const struct told_agreement *a)
{
	for (size_t i = 0; i < a->flow_count; i++)
		if (joins(&a->flows[i], h->giver, h->taker) && a->flows[i].purposes & h->purposes)
			return true;
	return false;
}

static bool narrower_carries(const struct told_hearing *h, const struct told_agreement *a, const struct told_item *item)
{
	for (size_t i = 0; i < a->flow_count; i++)
		if (joins(&a->flows[i], h->giver, h->taker) && a->flows[i].purposes & h->purposes &&
		    carries(&a->flows[i], item))
			return true;
	return false;
}

static void narrower(struct told_hearing *h)
{
	for (size_t i = 0; i < h->q->agreement_count; i++) {
		const struct told_agreement *a = h->q->agreements[i].agreement;
		if (!a->under.len || !told_bytes_equal(a->under, h->agreement->id) ||
		    !told_agreement_in_force(a, h->q->t_utc_ms) || !speaks_of(h, a))
			continue;
		for (size_t j = 0; j < h->item_count; j++)
			if (h->items[j].flow && !narrower_carries(h, a, &h->items[j]))
				told_stop_section(h, &h->items[j], TOLD_AGR_11, TOLD_SECTION_EFFECT_WITHHOLD);
	}
}

static bool stopped_here(const struct told_hearing *h)
{
	return h->stops[TOLD_STAGE_AGREEMENT] != TOLD_EFFECT_NONE;
}

/* Under an override the profile's own recipients and categories take the place of flows (stage 5). */
void told_stage_agreement(struct told_hearing *h)
{
	if (!h->named) {
		told_stop_message(h, TOLD_AGR_01, TOLD_EFFECT_DENY);
		return;
	}
	parties_to_it(h);
	if (!stopped_here(h)) {
		in_force(h);
		not_suspended(h);
		review_done(h);
		never_lines(h);
	}
	if (h->overriding || told_codeset_has(&h->failed, TOLD_AGR_01))
		return;
	find_candidates(h);
	for (size_t i = 0; i < h->item_count; i++)
		find_flow(h, &h->items[i]);
	both_signed(h);
	narrower(h);
}
