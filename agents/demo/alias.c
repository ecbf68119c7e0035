/* SPDX-License-Identifier: Apache-2.0 */
/* Equal questions under other codes: a table of questions and answers that mean the same. Data decides, nothing is
 * guessed. Touches JSON only. */
#include "agents/demo/input.h"

#include "agents/demo/say.h"
#include "agents/story/section.h"

#include <stdlib.h>
#include <string.h>

#define ALIAS_ARENA_BYTES 65536u

/* The row of a question; NULL: no question of ours means the same. */
static const json_t *row_of(const json_t *aliases, const json_t *item)
{
	const json_t *code = json_object_get(item, "code");
	size_t i;
	const json_t *row = NULL;
	if (strcmp(told_member(code, "system"), told_member(aliases, "system")) != 0)
		return NULL;
	json_array_foreach(json_object_get(aliases, "questions"), i, row)
	{
		if (strcmp(told_member(row, "code"), told_member(code, "code")) == 0)
			return row;
	}
	return NULL;
}

/* The story of one answer of ours, with the provenance of the answer that it repeats. */
static enum told_status build(const struct told_item *item, const json_t *answer, const json_t *original,
			      unsigned voice, struct told_buf *out)
{
	struct told_arena *arena = NULL;
	struct told_buf uri = TOLD_BUF(1024);
	enum told_status status = told_answer_check(item, answer, NULL);
	if (status == TOLD_OK)
		status = told_arena_new(ALIAS_ARENA_BYTES, &arena);
	told_story_uri(told_text(TOLD_FORM_CODE_SYSTEM), told_text(item->code), &uri);
	struct told_story_item one = {
		.item = told_buf_view(&uri),
		.system = told_text(TOLD_FORM_CODE_SYSTEM),
		.code = told_text(item->code),
		.said_at = told_text(told_member(original, "said_at")),
		.source = told_text(told_member(original, "source")),
		.voice = voice,
	};
	if (status == TOLD_OK)
		status = told_answer_write(item, answer, arena, &one);
	if (status == TOLD_OK)
		status = told_story_build(&(struct told_story){.items = &one, .item_count = 1}, out);
	told_arena_free(arena);
	told_buf_free(&uri);
	return status;
}

static unsigned voice_of(const json_t *section)
{
	unsigned voice = TOLD_VOICE_MEASURED;
	while (voice > TOLD_VOICE_PERSON && strcmp(told_story_voice(voice), told_member(section, "voice")) != 0)
		voice--;
	return voice;
}

static enum told_status add(const struct told_item *item, const json_t *answer, const json_t *original,
			    const json_t *section, json_t *sections)
{
	struct told_buf text = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	enum told_status status = build(item, answer, original, voice_of(section), &text);
	if (status == TOLD_OK) {
		json_t *json = json_pack("{s:s, s:s, s:o}", "category", told_code(TOLD_LIST_CATEGORY, item->category),
					 "voice", told_member(section, "voice"), "story",
					 json_loadb((const char *)text.data, text.len, 0, NULL));
		status = json_array_append_new(sections, json) == 0 ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&text);
	return status;
}

enum told_status told_demo_alias(const struct told_demo *demo, const json_t *aliases, const json_t *section,
				 json_t *sections, size_t *count)
{
	const struct told_form *form = demo->agencies[TOLD_DEMO_HOUSING].form;
	enum told_status status = TOLD_OK;
	size_t i;
	const json_t *item = NULL;
	json_array_foreach(json_object_get(json_object_get(section, "story"), "items"), i, item)
	{
		const json_t *row = row_of(aliases, item);
		const json_t *answer = json_object_get(json_object_get(row, "answers"),
						       told_member(json_object_get(item, "value"), "code"));
		size_t index = row != NULL ? told_form_find_code(form, told_member(row, "item")) : TOLD_NO_ITEM;
		if (answer == NULL || index == TOLD_NO_ITEM || status != TOLD_OK)
			continue;
		status = add(told_form_item(form, index), answer, item, section, sections);
		*count += status == TOLD_OK;
	}
	return status;
}
