/* SPDX-License-Identifier: Apache-2.0 */
/* The plain words as data. */
#include "agents/explain/plain.h"

#include "told/vocabulary.h"

/* Rows that the build takes from agents/statement/words/en.json: the statement says the same of the same. */
static const char *const categories[TOLD_CATEGORY_COUNT] = {
#include "plain_parts.inc"
};

static const char *const purposes[TOLD_PURPOSE_COUNT] = {
#include "plain_whys.inc"
};

const char *told_plain_category(unsigned category)
{
	const char *words = category < TOLD_CATEGORY_COUNT ? categories[category] : NULL;
	return words ? words : "something you told us";
}

const char *told_plain_purpose(unsigned purpose)
{
	const char *words = purpose < TOLD_PURPOSE_COUNT ? purposes[purpose] : NULL;
	return words ? words : "";
}
