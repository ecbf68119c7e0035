/* SPDX-License-Identifier: Apache-2.0 */
/* From an intake to what leaves it: sections a category each, ready to be sealed, and the view for a screen. */
#include "agents/form/intake_state.h"

#include "told/limits.h"
#include <string.h>

/* Said at this intake, and asked: an answer, a confirmation, a total, or "I would rather not say". */
static bool is_said(const struct told_intake *intake, size_t index)
{
	return intake->lines[index].done && intake->shown[index] == TOLD_SHOWN_YES;
}

struct told_catset told_intake_categories(const struct told_intake *intake)
{
	struct told_catset set = {0};
	for (size_t i = 0; i < told_form_count(intake->form); i++)
		if (is_said(intake, i))
			told_catset_add(&set, told_form_item(intake->form, i)->category);
	return set;
}

static enum told_status write_uri(const char *code, struct told_arena *arena, struct told_bytes *out)
{
	struct told_buf uri = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	told_story_uri(told_text(TOLD_FORM_CODE_SYSTEM), told_text(code), &uri);
	*out = told_arena_copy(arena, told_buf_view(&uri));
	enum told_status status = uri.status;
	told_buf_free(&uri);
	return status != TOLD_OK ? status : out->data != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status write_item(const struct told_intake *intake, size_t index, struct told_arena *arena,
				   struct told_story_item *out)
{
	const struct told_item *item = told_form_item(intake->form, index);
	const struct held_answer *now = &intake->lines[index].now;
	*out = (struct told_story_item){
		.system = told_text(TOLD_FORM_CODE_SYSTEM),
		.code = told_text(item->code),
		.said_at = told_text(now->said_at),
		.source = told_text(now->source),
		.voice = now->voice,
	};
	enum told_status status = write_uri(item->code, arena, &out->item);
	if (status == TOLD_OK && now->answer != NULL)
		status = told_answer_write(item, now->answer, arena, out);
	return status;
}

static enum told_status build(const struct told_intake *intake, unsigned category, struct told_arena *arena,
			      struct told_buf *out)
{
	size_t count = told_form_count(intake->form);
	struct told_story story = {0};
	struct told_story_item *items = told_arena_alloc(arena, count * sizeof *items);
	if (items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < count; i++) {
		if (told_form_item(intake->form, i)->category != category || !is_said(intake, i))
			continue;
		enum told_status status = write_item(intake, i, arena, &items[story.item_count++]);
		if (status != TOLD_OK)
			return status;
	}
	story.items = items;
	return story.item_count > 0 ? told_story_build(&story, out) : TOLD_E_NOT_FOUND;
}

enum told_status told_intake_section(const struct told_intake *intake, unsigned category, struct told_buf *out)
{
	struct told_arena *arena = NULL;
	if (category == 0)
		return TOLD_E_NOT_FOUND;
	enum told_status status = told_arena_new(8u * TOLD_STORY_MAX_BYTES, &arena);
	if (status == TOLD_OK)
		status = build(intake, category, arena, out);
	told_arena_free(arena);
	return status;
}
