/* SPDX-License-Identifier: Apache-2.0 */
/* A section read from JSON: each object against a short list of members, anything else refused. Touches the arena. */
#include "agents/story/json.h"
#include "agents/story/section.h"
#include "agents/story/story_rules.h"

#include "told/limits.h"
#include <string.h>

static const struct told_json_limits limits = {
	.bytes = TOLD_STORY_MAX_BYTES,
	.depth = 6, /* section, items, item, value list, value: one to spare */
	.values = TOLD_STORY_ITEMS_MAX * 16u + TOLD_STORY_ITEMS_MAX * TOLD_STORY_VALUES_MAX * 4u,
};

/* A string member of an object and where its copy goes. */
struct member {
	const char *name;
	struct told_bytes *out;
};

static enum told_status copy(struct told_arena *arena, const json_t *text, struct told_bytes *out)
{
	if (!json_is_string(text) || json_string_length(text) == 0)
		return TOLD_E_MALFORMED;
	*out = told_arena_copy(arena, told_bytes(json_string_value(text), json_string_length(text)));
	return out->data != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

/* The string members of an object, and how many others it may hold besides (which the caller reads). */
static enum told_status read_members(struct told_arena *arena, const json_t *object, const struct member *members,
				     size_t count, size_t others)
{
	if (!json_is_object(object))
		return TOLD_E_MALFORMED;
	size_t seen = 0;
	for (size_t i = 0; i < count; i++) {
		const json_t *text = json_object_get(object, members[i].name);
		if (text == NULL)
			continue;
		enum told_status status = copy(arena, text, members[i].out);
		if (status != TOLD_OK)
			return status;
		seen++;
	}
	return json_object_size(object) == seen + others ? TOLD_OK : TOLD_E_MALFORMED;
}

static enum told_status read_quantity(struct told_arena *arena, const json_t *object, struct told_story_value *value)
{
	const struct member members[] = {
		{"comparator", &value->comparator}, {"number", &value->text}, {"unit", &value->unit},
		{"system", &value->system},         {"code", &value->code},
	};
	value->kind = TOLD_STORY_QUANTITY;
	return read_members(arena, object, members, sizeof members / sizeof members[0], 0);
}

static enum told_status read_coded(struct told_arena *arena, const json_t *object, struct told_story_value *value)
{
	const struct member members[] = {
		{"system", &value->system},
		{"code", &value->code},
		{"display", &value->display},
	};
	value->kind = TOLD_STORY_CODED;
	return read_members(arena, object, members, sizeof members / sizeof members[0], 0);
}

static enum told_status read_value(struct told_arena *arena, const json_t *json, struct told_story_value *value)
{
	if (json_is_string(json)) {
		value->kind = TOLD_STORY_TEXT;
		return copy(arena, json, &value->text);
	}
	if (json_is_boolean(json)) {
		value->kind = TOLD_STORY_TRUTH;
		value->truth = json_is_true(json);
		return TOLD_OK;
	}
	if (!json_is_object(json))
		return TOLD_E_MALFORMED;
	return json_object_get(json, "number") != NULL ? read_quantity(arena, json, value)
						       : read_coded(arena, json, value);
}

/* null, one value, or a list of two and more: one way to write each thing. */
static enum told_status read_values(struct told_arena *arena, const json_t *json, struct told_story_item *item)
{
	if (json_is_null(json))
		return TOLD_OK;
	bool list = json_is_array(json);
	size_t count = list ? json_array_size(json) : 1;
	if (json == NULL || (list && count < 2))
		return TOLD_E_MALFORMED;
	if (count > TOLD_STORY_VALUES_MAX)
		return TOLD_E_LIMIT;
	struct told_story_value *values = told_arena_alloc(arena, count * sizeof *values);
	if (values == NULL)
		return TOLD_E_MEMORY;
	item->values = values;
	item->value_count = count;
	for (size_t i = 0; i < count; i++) {
		enum told_status status = read_value(arena, list ? json_array_get(json, i) : json, &values[i]);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static unsigned voice_of(struct told_bytes code)
{
	unsigned voice = TOLD_VOICE_COUNT - 1;
	while (voice > 0 && !told_bytes_equal(code, told_text(told_story_voice(voice))))
		voice--;
	return voice;
}

static enum told_status read_item(struct told_arena *arena, const json_t *json, struct told_story_item *item)
{
	struct told_bytes voice = {0};
	const struct member members[] = {
		{"item", &item->item},
		{"said_at", &item->said_at},
		{"source", &item->source},
		{"voice", &voice},
	};
	const struct member code[] = {
		{"system", &item->system},
		{"code", &item->code},
	};
	enum told_status status = read_members(arena, json, members, sizeof members / sizeof members[0], 2);
	if (status == TOLD_OK)
		status = read_members(arena, json_object_get(json, "code"), code, sizeof code / sizeof code[0], 0);
	if (status == TOLD_OK)
		status = read_values(arena, json_object_get(json, "value"), item);
	item->voice = voice_of(voice);
	return status;
}

static enum told_status read_items(struct told_arena *arena, const json_t *list, struct told_story *story)
{
	size_t count = json_array_size(list);
	if (!json_is_array(list))
		return TOLD_E_MALFORMED;
	if (count > TOLD_STORY_ITEMS_MAX)
		return TOLD_E_LIMIT;
	struct told_story_item *items = told_arena_alloc(arena, count * sizeof *items);
	if (items == NULL)
		return TOLD_E_MEMORY;
	story->items = items;
	story->item_count = count;
	for (size_t i = 0; i < count; i++) {
		enum told_status status = read_item(arena, json_array_get(list, i), &items[i]);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static enum told_status read_story(struct told_arena *arena, const json_t *json, struct told_story *story)
{
	const struct member text = {"text", &story->text};
	enum told_status status = read_members(arena, json, &text, 1, 1);
	if (status == TOLD_OK)
		status = read_items(arena, json_object_get(json, "items"), story);
	return status == TOLD_OK ? told_story_check(story) : status;
}

enum told_status told_story_parse(struct told_bytes json, struct told_arena *arena, struct told_story *out)
{
	*out = (struct told_story){0};
	json_t *root = NULL;
	struct told_json_error error;
	enum told_status status = told_json_load(json, &limits, &root, &error);
	if (status == TOLD_OK)
		status = read_story(arena, root, out);
	json_decref(root);
	if (status != TOLD_OK)
		*out = (struct told_story){0};
	return status;
}
