/* SPDX-License-Identifier: Apache-2.0 */
/* What goes into a message: our own sections of a person, and the worker's own words. */
#include "agents/agent/core/state.h"
#include "agents/agent/work/content.h"

#include <stdlib.h>

static bool wanted(struct told_u32_list categories, uint32_t category)
{
	for (size_t i = 0; i < categories.count; i++)
		if (categories.items[i] == category)
			return true;
	return categories.count == 0;
}

/* Access needs head every referral (Accessible Information Standard). */
static int by_need(const void *a, const void *b)
{
	const struct told_to_send *x = a, *y = b;
	int first = x->header.category == TOLD_CATEGORY_PRF_ACC, second = y->header.category == TOLD_CATEGORY_PRF_ACC;
	if (first != second)
		return second - first;
	return x->header.category < y->header.category ? -1 : x->header.category > y->header.category;
}

enum told_status told_gather_story(struct told_agent *agent, struct told_bytes client, struct told_u32_list categories,
				   struct told_gathered *out)
{
	struct told_story_row row;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		struct told_section_header *header = NULL;
		status = told_story_next(agent->vault, agent->arena, client, after, &row);
		if (status != TOLD_OK)
			break;
		after = row.id;
		if (!row.newest || !wanted(categories, row.category))
			continue;
		if (out->count == TOLD_SECTIONS_MAX)
			return TOLD_E_LIMIT;
		status = told_section_header_decode(row.header, agent->arena, &header);
		if (status == TOLD_OK)
			out->sections[out->count++] = (struct told_to_send){.header = *header, .content = row.content};
	}
	qsort(out->sections, out->count, sizeof out->sections[0], by_need);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_gather_words(struct told_agent *agent, const struct told_caller *caller, struct told_bytes words,
				   uint32_t category, struct told_gathered *out)
{
	if (words.len == 0)
		return TOLD_OK;
	if (out->count == TOLD_SECTIONS_MAX)
		return TOLD_E_LIMIT;
	struct told_to_send *section = &out->sections[out->count];
	*section = (struct told_to_send){.header = {
						 .category = category,
						 .voice = TOLD_VOICE_WORKER,
						 .told_by_worker = told_text(caller->number),
						 .recorded_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms,
						 .originator = told_agent_self(agent),
						 .author = told_text(caller->number),
					 }};
	enum told_status status = told_note_content(agent, words, &section->content);
	out->count += status == TOLD_OK;
	return status;
}
