/* SPDX-License-Identifier: Apache-2.0 */
/* A section written as JSON: members in the order of the protocol, empty ones left out, no blanks. Touches nothing. */
#include "agents/story/json.h"
#include "agents/story/section.h"
#include "agents/story/story_rules.h"

#include "told/limits.h"
#include <string.h>

/* A member after the first of an object, left out when empty. */
static void put_member(struct told_buf *out, const char *name, struct told_bytes text)
{
	if (text.len == 0)
		return;
	if (out->len > 0 && out->data[out->len - 1] != '{')
		told_buf_put_text(out, ",");
	told_buf_printf(out, "\"%s\":", name);
	told_json_put(out, text);
}

static void put_object(struct told_buf *out, const struct told_story_value *value)
{
	told_buf_put_text(out, "{");
	if (value->kind == TOLD_STORY_QUANTITY) {
		put_member(out, "comparator", value->comparator);
		put_member(out, "number", value->text);
		put_member(out, "unit", value->unit);
	}
	put_member(out, "system", value->system);
	put_member(out, "code", value->code);
	if (value->kind == TOLD_STORY_CODED)
		put_member(out, "display", value->display);
	told_buf_put_text(out, "}");
}

static void put_value(struct told_buf *out, const struct told_story_value *value)
{
	if (value->kind == TOLD_STORY_TEXT)
		told_json_put(out, value->text);
	else if (value->kind == TOLD_STORY_TRUTH)
		told_buf_put_text(out, value->truth ? "true" : "false");
	else
		put_object(out, value);
}

static void put_values(struct told_buf *out, const struct told_story_item *item)
{
	if (item->value_count == 0)
		told_buf_put_text(out, "null");
	if (item->value_count > 1)
		told_buf_put_text(out, "[");
	for (size_t i = 0; i < item->value_count; i++) {
		if (i > 0)
			told_buf_put_text(out, ",");
		put_value(out, &item->values[i]);
	}
	if (item->value_count > 1)
		told_buf_put_text(out, "]");
}

static void put_item(struct told_buf *out, const struct told_story_item *item)
{
	told_buf_put_text(out, "{");
	put_member(out, "item", item->item);
	told_buf_put_text(out, ",\"code\":{");
	put_member(out, "system", item->system);
	put_member(out, "code", item->code);
	told_buf_put_text(out, "},\"value\":");
	put_values(out, item);
	put_member(out, "said_at", item->said_at);
	put_member(out, "source", item->source);
	put_member(out, "voice", told_text(told_story_voice(item->voice)));
	told_buf_put_text(out, "}");
}

static void put_story(struct told_buf *out, const struct told_story *story)
{
	told_buf_put_text(out, "{\"items\":[");
	for (size_t i = 0; i < story->item_count; i++) {
		if (i > 0)
			told_buf_put_text(out, ",");
		put_item(out, &story->items[i]);
	}
	told_buf_put_text(out, "]");
	put_member(out, "text", story->text);
	told_buf_put_text(out, "}");
}

enum told_status told_story_build(const struct told_story *story, struct told_buf *out)
{
	enum told_status status = told_story_check(story);
	if (status != TOLD_OK)
		return status;
	struct told_buf json = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	put_story(&json, story);
	status = json.status;
	if (status == TOLD_OK) {
		told_buf_put_bytes(out, told_buf_view(&json));
		status = out->status;
	}
	told_buf_free(&json);
	return status;
}

const struct told_story_item *told_story_find(const struct told_story *story, struct told_bytes system,
					      struct told_bytes code)
{
	for (size_t i = 0; i < story->item_count; i++)
		if (told_bytes_equal(story->items[i].code, code) && told_bytes_equal(story->items[i].system, system))
			return &story->items[i];
	return NULL;
}

/* RFC 3986: unreserved, reserved without brackets, and what is encoded already. */
static bool uri_byte(uint8_t c)
{
	static const char marks[] = "-._~:/?@!$&'()*+,;=%";
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != 0 && strchr(marks, c) != NULL);
}

static void put_uri(struct told_buf *out, struct told_bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (uri_byte(text.data[i]))
			told_buf_put(out, &text.data[i], 1);
		else
			told_buf_printf(out, "%%%02X", text.data[i]);
	}
}

void told_story_uri(struct told_bytes system, struct told_bytes code, struct told_buf *out)
{
	put_uri(out, system);
	told_buf_put_text(out, "#");
	put_uri(out, code);
}
