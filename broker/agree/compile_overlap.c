/* SPDX-License-Identifier: Apache-2.0 */
/* Two flows that carry the same category for the same pair, type and purpose: a decision could cite either clause. */
#include "broker/agree/compile.h"

/* A flow that lists ASK carries ASK_REPLY, and the reverse (decision 4.3). */
static uint64_t carried(uint64_t types)
{
	const uint64_t asks = TOLD_BIT64(TOLD_TYPE_ASK) | TOLD_BIT64(TOLD_TYPE_ASK_REPLY);
	return (types & asks) != 0 ? types | asks : types;
}

struct overlap {
	uint32_t from, to;
	unsigned type, purpose, category;
};

static unsigned lowest(uint64_t bits)
{
	return bits != 0 ? (unsigned)__builtin_ctzll(bits) + 1 : 0;
}

static bool common_pair(const struct told_flow *a, const struct told_flow *b, struct overlap *out)
{
	for (uint32_t from = 1; from <= TOLD_PARTYSET_MAX; from++) {
		if (!told_partyset_has(&a->from, from) || !told_partyset_has(&b->from, from))
			continue;
		for (uint32_t to = 1; to <= TOLD_PARTYSET_MAX; to++)
			if (to != from && told_partyset_has(&a->to, to) && told_partyset_has(&b->to, to)) {
				out->from = from;
				out->to = to;
				return true;
			}
	}
	return false;
}

static unsigned common_category(const struct told_flow *a, const struct told_flow *b)
{
	for (unsigned w = 0; w < TOLD_CATSET_WORDS; w++)
		if ((a->data.w[w] & b->data.w[w]) != 0)
			return 64 * w + lowest(a->data.w[w] & b->data.w[w]);
	return 0;
}

static bool overlap(const struct told_flow *a, const struct told_flow *b, struct overlap *out)
{
	out->type = lowest(carried(a->types) & carried(b->types));
	out->purpose = lowest(a->purposes & b->purposes);
	out->category = common_category(a, b);
	return out->type != 0 && out->purpose != 0 && out->category != 0 && common_pair(a, b, out);
}

static void fault(struct compiler *c, const struct told_flow *first, const struct told_node *first_node,
		  const struct told_node *node, const struct overlap *o)
{
	told_fault_add(c->faults, told_compile_place(node, "data"),
		       "A decision must cite one clause, and two could differ.",
		       "Take it out of one of the two, or part their types or purposes.",
		       "%s from %s to %s for %s (%s) is carried by clause %s in line %u already",
		       told_code(TOLD_LIST_CATEGORY, o->category), told_party_name(c->names, o->from),
		       told_party_name(c->names, o->to), told_code(TOLD_LIST_PURPOSE, o->purpose),
		       told_code(TOLD_LIST_TYPE, o->type), first->clause, first_node->at.line);
}

void told_compile_overlaps(struct compiler *c)
{
	const struct told_flow *flows = c->out->flows;
	const struct told_node *list = told_node_get(c->root, "flows");
	const struct told_node *node = list->first;
	for (size_t i = 0; i < c->out->flow_count && node != NULL; i++, node = node->next) {
		const struct told_node *first = list->first;
		for (size_t before = 0; before < i; before++, first = first->next) {
			struct overlap o = {0};
			if (!overlap(&flows[before], &flows[i], &o))
				continue;
			fault(c, &flows[before], first, node, &o);
			break;
		}
	}
}
