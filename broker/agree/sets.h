/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about sets of categories and parties that lint and diff ask. Private to this room. */
#ifndef TOLD_AGREE_SETS_H
#define TOLD_AGREE_SETS_H

#include "broker/agree/agreement.h"

static inline struct told_catset told_catset_and(const struct told_catset *a, const struct told_catset *b)
{
	struct told_catset out = {0};
	for (unsigned i = 0; i < TOLD_CATSET_WORDS; i++)
		out.w[i] = a->w[i] & b->w[i];
	return out;
}

static inline struct told_catset told_catset_without(const struct told_catset *a, const struct told_catset *b)
{
	struct told_catset out = {0};
	for (unsigned i = 0; i < TOLD_CATSET_WORDS; i++)
		out.w[i] = a->w[i] & ~b->w[i];
	return out;
}

static inline void told_catset_join(struct told_catset *into, const struct told_catset *set)
{
	for (unsigned i = 0; i < TOLD_CATSET_WORDS; i++)
		into->w[i] |= set->w[i];
}

static inline bool told_catset_empty(const struct told_catset *set)
{
	uint64_t all = 0;
	for (unsigned i = 0; i < TOLD_CATSET_WORDS; i++)
		all |= set->w[i];
	return all == 0;
}

static inline bool told_catset_meets(const struct told_catset *a, const struct told_catset *b)
{
	struct told_catset both = told_catset_and(a, b);
	return !told_catset_empty(&both);
}

static inline bool told_grounds_have(const struct told_grounds *grounds, unsigned value)
{
	for (unsigned i = 0; i < grounds->count; i++)
		if (grounds->value[i] == value)
			return true;
	return false;
}

/* The codes of a set, joined by spaces. */
void told_catset_print(const struct told_catset *set, struct told_buf *out);

/* The party's entry; NULL when the agreement does not list it. */
const struct told_party *told_agreement_party(const struct told_agreement *agreement, uint32_t party);

#endif
