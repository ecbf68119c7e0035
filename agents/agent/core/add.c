/* SPDX-License-Identifier: Apache-2.0 */
/* A later telling adds to what was told before under the same category: what it does not say again still stands, and so
 * does whatever was classified or held in confidence. */
#include "agents/agent/core/state.h"

#include "agents/story/section.h"

#include <string.h>

/* Answers as they now stand: the new ones, and the old ones to which there is no new answer. */
static enum told_status add_items(struct told_arena *arena, const struct told_story *before, struct told_story *now)
{
	size_t room = before->item_count + now->item_count, count = now->item_count;
	struct told_story_item *items = told_arena_alloc(arena, room * sizeof *items);
	if (items == NULL)
		return TOLD_E_MEMORY;
	if (count > 0)
		memcpy(items, now->items, count * sizeof *items);
	for (size_t i = 0; i < before->item_count; i++)
		if (told_story_find(now, before->items[i].system, before->items[i].code) == NULL)
			items[count++] = before->items[i];
	now->items = items;
	now->item_count = count;
	return TOLD_OK;
}

static enum told_status add_text(struct told_arena *arena, struct told_bytes before, struct told_bytes *now)
{
	struct told_buf text = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	if (before.len == 0 || told_bytes_equal(before, *now))
		return TOLD_OK;
	told_buf_put_bytes(&text, before);
	told_buf_put_text(&text, now->len > 0 ? "\n\n" : "");
	told_buf_put_bytes(&text, *now);
	enum told_status status = text.status;
	if (status == TOLD_OK) {
		*now = told_arena_copy(arena, told_buf_view(&text));
		status = now->len == text.len ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&text);
	return status;
}

static enum told_status add_content(struct told_arena *arena, struct told_bytes earlier, struct told_bytes *content)
{
	struct told_story before, now;
	struct told_buf out = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	enum told_status status = told_story_parse(earlier, arena, &before);
	if (status == TOLD_OK)
		status = told_story_parse(*content, arena, &now);
	if (status == TOLD_OK)
		status = add_items(arena, &before, &now);
	if (status == TOLD_OK)
		status = add_text(arena, before.text, &now.text);
	if (status == TOLD_OK)
		status = told_story_build(&now, &out);
	if (status == TOLD_OK) {
		*content = told_arena_copy(arena, told_buf_view(&out));
		status = content->len == out.len ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&out);
	return status;
}

/* The stricter of the two holds for both. */
static enum told_status add_marks(struct told_arena *arena, const struct told_section_header *before,
				  struct told_section_header *now)
{
	struct told_u32_list *to = &now->classified;
	uint32_t *both = told_arena_alloc(arena, (to->count + before->classified.count) * sizeof *both);
	if (both == NULL)
		return TOLD_E_MEMORY;
	struct told_catset set = {0};
	size_t count = 0;
	for (size_t i = 0; i < to->count; i++)
		told_catset_add(&set, to->items[i]);
	for (size_t i = 0; i < before->classified.count; i++)
		told_catset_add(&set, before->classified.items[i]);
	for (uint32_t category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++)
		if (told_catset_has(&set, category))
			both[count++] = category;
	*to = (struct told_u32_list){.items = both, .count = count};
	if (before->confidential == TOLD_YES_NO_YES)
		now->confidential = TOLD_YES_NO_YES;
	if (before->locates == TOLD_YES_NO_YES)
		now->locates = TOLD_YES_NO_YES;
	if (before->onward == TOLD_YES_NO_NO)
		now->onward = TOLD_YES_NO_NO;
	if (before->verified != TOLD_YES_NO_YES)
		now->verified = before->verified;
	return TOLD_OK;
}

/* What is about somebody else is a line of its own: two people's facts never become one section. */
enum told_status told_story_line(struct told_agent *agent, struct told_bytes client,
				 const struct told_section_header *header, struct told_story_row *row)
{
	struct told_section_header *before = NULL;
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK; after = row->id) {
		status = told_story_next_of_category(agent->vault, agent->arena, client, header->category, after, row);
		if (status == TOLD_OK)
			status = told_section_header_decode(row->header, agent->arena, &before);
		if (status == TOLD_OK && told_bytes_equal(before->about, header->about))
			return TOLD_OK;
	}
	return status;
}

enum told_status told_story_add(struct told_agent *agent, struct told_bytes client, struct told_section_header *header,
				struct told_bytes *content)
{
	struct told_story_row row;
	struct told_section_header *before = NULL;
	enum told_status status = told_story_line(agent, client, header, &row);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	status = told_section_header_decode(row.header, agent->arena, &before);
	if (status == TOLD_OK)
		status = add_content(agent->arena, row.content, content);
	return status == TOLD_OK ? add_marks(agent->arena, before, header) : status;
}
