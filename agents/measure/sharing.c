/* SPDX-License-Identifier: Apache-2.0 */
/* Each category is ruled on its own, as the originating agent rules a grant: one purpose that lets it go is enough. */
#include "agents/measure/sharing.h"

#include <stdlib.h>
#include <string.h>

/* One book of at most a message's sections. */
struct batch {
	const char *sections[TOLD_SECTIONS_MAX];
	unsigned categories[TOLD_SECTIONS_MAX];
	size_t count;
};

static void rule_each(struct told_case *c, const struct batch *batch, struct told_shared *out)
{
	struct told_question question = *told_case_question(c, 0);
	const struct told_section_facts *sections = question.message.sections;
	struct told_decision *ruling = malloc(sizeof *ruling);
	question.message.section_count = 1;
	for (size_t i = 0; i < batch->count; i++) {
		uint16_t *code = &out->code[batch->categories[i]];
		*code = 1; /* without a ruling it stays where it is */
		if (ruling == NULL)
			continue;
		question.message.sections = &sections[i];
		told_decide(&question, ruling);
		bool goes = ruling->effect == TOLD_EFFECT_RELEASE || ruling->effect == TOLD_EFFECT_PARTIAL;
		if (goes && ruling->sections[0].effect == TOLD_SECTION_EFFECT_RELEASE)
			*code = 0;
		else
			*code = ruling->sections[0].code != 0 ? ruling->sections[0].code : ruling->primary;
	}
	free(ruling);
}

static enum told_status rule_batch(const struct told_sharing_ask *ask, const char *from, const char *to,
				   const struct batch *batch, struct told_faults *faults, struct told_shared *out)
{
	const struct told_case_request request = {
		.agreements = ask->agreements,
		.agreement_count = ask->agreement_count,
		.from = from,
		.to = to,
		.type = "GRANT",
		.clock = ask->clock,
		.sections = batch->sections,
		.section_count = batch->count,
		.facts = ask->permissions,
		.in_touch = true,
	};
	struct told_casebook *book = NULL;
	struct told_case *c = NULL;
	enum told_status status = told_casebook_ask(&request, faults, &book);
	if (status == TOLD_OK)
		status = told_case_open(book, 0, &c);
	if (status == TOLD_OK)
		rule_each(c, batch, out);
	told_case_close(c);
	told_casebook_close(book);
	return status;
}

enum told_status told_sharing_rule(const struct told_sharing_ask *ask, const char *from, const char *to,
				   const struct told_catset *wanted, struct told_faults *faults,
				   struct told_shared *out)
{
	struct batch batch = {.count = 0};
	enum told_status status = TOLD_OK;
	*out = (struct told_shared){0};
	for (unsigned category = 1; category < TOLD_CATEGORY_COUNT && status == TOLD_OK && strcmp(from, to) != 0;
	     category++) {
		if (!told_catset_has(wanted, category))
			continue;
		batch.categories[batch.count] = category;
		batch.sections[batch.count++] = told_code(TOLD_LIST_CATEGORY, category);
		if (batch.count < TOLD_SECTIONS_MAX)
			continue;
		status = rule_batch(ask, from, to, &batch, faults, out);
		batch.count = 0;
	}
	if (status == TOLD_OK && batch.count > 0)
		status = rule_batch(ask, from, to, &batch, faults, out);
	return status;
}
