/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a section, one function a part. Pure. */
#include "agents/story/story_rules.h"

#include "told/limits.h"

const char *told_story_voice(unsigned voice)
{
	static const char *const codes[] = {
		[TOLD_VOICE_NONE] = "",       [TOLD_VOICE_PERSON] = "person",     [TOLD_VOICE_WORKER] = "worker",
		[TOLD_VOICE_OTHER] = "other", [TOLD_VOICE_MEASURED] = "measured",
	};
	_Static_assert(sizeof codes / sizeof codes[0] == TOLD_VOICE_COUNT, "a voice has no code");
	return voice < TOLD_VOICE_COUNT ? codes[voice] : "";
}

/* Every string: at most max bytes of UTF-8; needed ones are not empty. */
static enum told_status check_text(struct told_bytes text, size_t max, bool needed)
{
	if (text.len > max)
		return TOLD_E_LIMIT;
	if ((needed && text.len == 0) || !told_utf8_valid(text))
		return TOLD_E_MALFORMED;
	return TOLD_OK;
}

static enum told_status check_all(const struct told_bytes *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		enum told_status status = check_text(texts[i], TOLD_TEXT_MAX_BYTES, false);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static enum told_status check_value(const struct told_story_value *value)
{
	bool worded = value->kind == TOLD_STORY_TEXT || value->kind == TOLD_STORY_QUANTITY;
	if (value->kind == TOLD_STORY_CODED && value->code.len == 0)
		return TOLD_E_MALFORMED;
	enum told_status status = check_text(value->text, TOLD_STORY_TEXT_MAX_BYTES, worded);
	if (status != TOLD_OK)
		return status;
	const struct told_bytes rest[] = {value->system, value->code, value->display, value->comparator, value->unit};
	return check_all(rest, sizeof rest / sizeof rest[0]);
}

/* A URI names its scheme and holds neither blanks nor controls. */
static bool uri_like(struct told_bytes uri)
{
	bool scheme = false;
	for (size_t i = 0; i < uri.len; i++) {
		if (uri.data[i] <= ' ' || uri.data[i] == 0x7f)
			return false;
		scheme = scheme || (uri.data[i] == ':' && i > 0);
	}
	return scheme;
}

static enum told_status check_item(const struct told_story_item *item)
{
	const struct told_bytes parts[] = {item->item, item->system, item->code, item->said_at, item->source};
	enum told_status status = check_all(parts, sizeof parts / sizeof parts[0]);
	if (status != TOLD_OK)
		return status;
	if (item->value_count > TOLD_STORY_VALUES_MAX)
		return TOLD_E_LIMIT;
	if (!uri_like(item->item) || item->system.len == 0 || item->code.len == 0)
		return TOLD_E_MALFORMED;
	if (item->voice < 1 || item->voice > told_list_max(TOLD_LIST_VOICE))
		return TOLD_E_MALFORMED;
	for (size_t i = 0; i < item->value_count; i++) {
		status = check_value(&item->values[i]);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static bool same_question(const struct told_story_item *a, const struct told_story_item *b)
{
	return told_bytes_equal(a->code, b->code) && told_bytes_equal(a->system, b->system);
}

enum told_status told_story_check(const struct told_story *story)
{
	if (story->item_count > TOLD_STORY_ITEMS_MAX)
		return TOLD_E_LIMIT;
	enum told_status status = check_text(story->text, TOLD_STORY_TEXT_MAX_BYTES, false);
	for (size_t i = 0; i < story->item_count && status == TOLD_OK; i++) {
		status = check_item(&story->items[i]);
		for (size_t j = 0; j < i && status == TOLD_OK; j++)
			if (same_question(&story->items[i], &story->items[j]))
				status = TOLD_E_MALFORMED;
	}
	return status;
}
