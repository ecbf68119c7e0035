/* SPDX-License-Identifier: Apache-2.0 */
/* Flows and override profiles, and the rule that no two flows carry the same category for the same pair, type and
 * purpose: a decision cites one clause. */
#include "broker/agree/compile.h"
#include "broker/agree/meaning.h"

#include <string.h>

/* Somebody else than the sender must be reached: a flow from several to several means each to each, never to itself. */
static bool reaches(const struct told_partyset *from, const struct told_partyset *to)
{
	for (uint32_t a = 1; a <= TOLD_PARTYSET_MAX; a++)
		for (uint32_t b = 1; told_partyset_has(from, a) && b <= TOLD_PARTYSET_MAX; b++)
			if (a != b && told_partyset_has(to, b))
				return true;
	return false;
}

static bool empty(const struct told_partyset *set)
{
	uint64_t all = 0;
	for (unsigned i = 0; i < TOLD_PARTY_WORDS; i++)
		all |= set->w[i];
	return all == 0;
}

static void check_reach(struct compiler *c, const struct told_node *node, const struct told_partyset *from,
			const struct told_partyset *to)
{
	if (empty(from) || empty(to) || reaches(from, to)) /* empty: its parties are faults already */
		return;
	told_fault_add(c->faults, told_compile_place(node, "to"), "A party needs no agreement with itself.",
		       "Name another recipient.", "this reaches nobody but its sender");
}

static uint8_t bar_bits(const struct file_words *words)
{
	uint8_t bits = 0;
	for (unsigned i = 0; i < words->count; i++)
		bits |= (uint8_t)(1u << told_word_at(&told_bar_words, told_text(words->items[i])));
	return bits;
}

/* ---- flows ---- */

static const uint8_t markers[] = {
	[FILE_MARKER_GENERIC] = TOLD_PARCEL_MARKER_GENERIC,
	[FILE_MARKER_NONE] = TOLD_PARCEL_MARKER_NONE,
	[FILE_MARKER_PER_SECTION] = TOLD_PARCEL_MARKER_PER_SECTION,
};

static void flow_data(struct compiler *c, const struct file_flow *from, const struct told_node *node,
		      struct told_flow *out)
{
	if ((from->data.count == 0) == !from->counts)
		told_fault_add(c->faults, told_compile_place(node, "data"),
			       "A flow carries categories of data or tables of counts.",
			       "Write \"data\" for the one, \"counts: true\" for the other.", "%s",
			       from->counts ? "this flow has both \"data\" and \"counts\""
					    : "this flow has neither \"data\" nor \"counts\"");
	told_compile_categories(c, &from->data, &out->data);
	told_compile_among(c, &from->mandatory, node, "mandatory", &out->data, &out->mandatory);
	told_compile_among(c, &from->verified, node, "verified", &out->data, &out->verified);
	told_compile_among(c, &from->warned, node, "benefit-warning", &out->data, &out->warned);
}

static void flow_lookbacks(struct compiler *c, const struct file_flow *from, const struct told_node *node,
			   struct told_flow *out)
{
	struct told_lookback *items = told_compile_room(c, from->lookback_count, sizeof *items);
	const struct told_node *list = told_node_get(node, "lookback");
	const struct told_node *item = list != NULL ? list->first : NULL;
	if (items == NULL)
		return;
	for (unsigned i = 0; i < from->lookback_count && item != NULL; i++, item = item->next) {
		told_compile_span(c, from->lookback[i].span, &items[i].span);
		if (from->lookback[i].data.count == 0)
			items[i].data = out->data;
		told_compile_among(c, &from->lookback[i].data, item, "data", &out->data, &items[i].data);
	}
	out->lookbacks = items;
	out->lookback_count = from->lookback_count;
}

static void flow_not_needed(struct compiler *c, const struct file_flow *from, const struct told_node *node,
			    struct told_flow *out)
{
	struct told_not_needed *items = told_compile_room(c, from->not_needed_count, sizeof *items);
	const struct told_node *list = told_node_get(node, "not-needed");
	const struct told_node *item = list != NULL ? list->first : NULL;
	if (items == NULL)
		return;
	for (unsigned i = 0; i < from->not_needed_count && item != NULL; i++, item = item->next) {
		items[i].purposes = (uint32_t)told_compile_bits(c, TOLD_LIST_PURPOSE, &from->not_needed[i].purposes);
		told_compile_among(c, &from->not_needed[i].data, item, "data", &out->data, &items[i].data);
		if ((items[i].purposes & ~out->purposes) != 0)
			told_fault_add(c->faults, told_compile_place(item, "for"),
				       "It would limit a purpose that the flow does not have.",
				       "Name purposes of this flow only.",
				       "a purpose under \"for\" is none of the flow's");
	}
	out->not_needed = items;
	out->not_needed_count = from->not_needed_count;
}

static void flow_consent(struct compiler *c, const struct file_flow *from, const struct told_node *node,
			 struct told_flow *out)
{
	const struct file_basis *base = c->file->base;
	const enum told_consent_mode *mode = from->basis.consent;
	if (mode == NULL && base != NULL)
		mode = base->consent;
	if (mode == NULL)
		told_fault_add(c->faults, node->at,
			       "Whether a flow needs the person's permission is never left to a default.",
			       "State it here, or for all flows under \"base\".", "\"consent\" is stated nowhere");
	else
		out->consent = (uint8_t)*mode;
	const bool *others = from->basis.others_own_basis;
	if (others == NULL && base != NULL)
		others = base->others_own_basis;
	out->others_own_basis = others != NULL && *others;
}

static void flow(struct compiler *c, const struct file_flow *from, const struct told_node *node, struct told_flow *out)
{
	told_compile_clause(from->clause, out->clause);
	told_compile_parties(c, &from->from, node, "from", true, &out->from);
	told_compile_parties(c, &from->to, node, "to", false, &out->to);
	check_reach(c, node, &out->from, &out->to);
	out->types = told_compile_bits(c, TOLD_LIST_TYPE, &from->types);
	out->purposes = (uint32_t)told_compile_bits(c, TOLD_LIST_PURPOSE, &from->purposes);
	flow_data(c, from, node, out);
	told_compile_basis(c, &from->basis, c->file->base, node, &out->basis);
	flow_consent(c, from, node, out);
	out->onward = (uint8_t)from->onward;
	out->marker = markers[from->marker];
	out->bars = bar_bits(&from->exceptions);
	out->counts = from->counts;
	out->needs_threshold = from->threshold;
	out->smallest_cell = from->smallest_cell;
	told_compile_span(c, from->consent_max, &out->consent_max);
	told_compile_span(c, from->acknowledge, &out->ack);
	flow_lookbacks(c, from, node, out);
	flow_not_needed(c, from, node, out);
	if (from->threshold && c->file->thresholds_count == 0)
		told_fault_add(c->faults, told_compile_place(node, "threshold"), "Nobody could tell when it is met.",
			       "Describe it under \"thresholds\".",
			       "this flow needs a threshold and the file has none");
}

void told_compile_flows(struct compiler *c)
{
	struct told_flow *flows = told_compile_room(c, c->file->flows_count, sizeof *flows);
	const struct told_node *node = told_node_get(c->root, "flows")->first;
	if (flows == NULL)
		return;
	for (unsigned i = 0; i < c->file->flows_count && node != NULL; i++, node = node->next)
		flow(c, &c->file->flows[i], node, &flows[i]);
	c->out->flows = flows;
	c->out->flow_count = c->file->flows_count;
}

/* ---- overrides ---- */

static void override_declare(struct compiler *c, const struct file_override *from, const struct told_node *node,
			     struct told_profile *out)
{
	struct file_words roles = from->declare;
	out->anyone = roles.count == 1 && strcmp(roles.items[0], TOLD_ANYONE) == 0;
	for (unsigned i = 0; i < roles.count && roles.count > 1; i++)
		if (strcmp(roles.items[i], TOLD_ANYONE) == 0) {
			told_fault_add(c->faults, told_compile_place(node, "declare"),
				       "Beside \"anyone\" a role says nothing.", "Keep the one or the others.",
				       "\"anyone\" stands beside roles");
			return;
		}
	if (!out->anyone)
		out->declare = (uint32_t)told_compile_bits(c, TOLD_LIST_ROLE, &roles);
	out->second = (uint32_t)told_compile_bits(c, TOLD_LIST_ROLE, &from->second);
}

static void override_data(struct compiler *c, const struct file_override *from, const struct told_node *node,
			  struct told_profile *out)
{
	bool lists = from->first.count + from->then.count > 0;
	out->any_data = from->any;
	out->order_names = from->order;
	if (!lists && !from->any && !from->order)
		told_fault_add(c->faults, node->at, "An override passes what its profile names and nothing else.",
			       "Name the data under \"first\" and \"then\".", "this override names no data");
	if (lists && from->any)
		told_fault_add(c->faults, told_compile_place(node, "any"), "Beside \"any\" a list says nothing.",
			       "Keep the one or the other.", "\"any\" stands beside lists of data");
	told_compile_categories(c, &from->first, &out->first);
	told_compile_categories(c, &from->then, &out->beyond);
}

static void override(struct compiler *c, const struct file_override *from, const struct told_node *node,
		     struct told_profile *out)
{
	told_compile_clause(from->clause, out->clause);
	out->kind = (uint8_t)from->kind;
	told_compile_parties(c, &from->from, node, "from", true, &out->from);
	told_compile_parties(c, &from->to, node, "to", false, &out->to);
	check_reach(c, node, &out->from, &out->to);
	out->types = told_compile_bits(c, TOLD_LIST_TYPE, &from->types);
	out->purposes = (uint32_t)told_compile_bits(c, TOLD_LIST_PURPOSE, &from->purposes);
	override_data(c, from, node, out);
	told_compile_basis(c, &from->basis, NULL, node, &out->basis);
	override_declare(c, from, node, out);
	out->others_own_basis = from->basis.others_own_basis != NULL && *from->basis.others_own_basis;
	out->bars = bar_bits(&from->exceptions);
	out->needs_reason = from->reason;
	out->mandatory_report = from->mandatory_report;
	told_compile_span(c, from->expires, &out->expires);
	told_compile_span(c, from->review, &out->review);
}

static void check_override_clause(struct compiler *c, const struct told_profile *profiles, unsigned i,
				  const struct told_node *node)
{
	for (unsigned before = 0; before < i; before++)
		if (strcmp(profiles[before].clause, profiles[i].clause) == 0)
			told_fault_add(c->faults, told_compile_place(node, "clause"),
				       "A message names its override by this number.",
				       "Give each override a number of its own.", "the override %s stands here twice",
				       profiles[i].clause);
}

void told_compile_overrides(struct compiler *c)
{
	struct told_profile *profiles = told_compile_room(c, c->file->overrides_count, sizeof *profiles);
	if (profiles == NULL)
		return;
	const struct told_node *node = told_node_get(c->root, "overrides")->first;
	for (unsigned i = 0; i < c->file->overrides_count && node != NULL; i++, node = node->next) {
		override(c, &c->file->overrides[i], node, &profiles[i]);
		check_override_clause(c, profiles, i, node);
	}
	c->out->profiles = profiles;
	c->out->profile_count = c->file->overrides_count;
}
