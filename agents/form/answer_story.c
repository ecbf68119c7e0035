/* SPDX-License-Identifier: Apache-2.0 */
/* Between an answer as the form has it (JSON) and as a section keeps it (agents/story/section.h): numbers there are the
 * digits as they were written, choices are codings with their words, so that a reader needs no form. */
#include "agents/form/internal.h"

#include "told/limits.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* -- from a story -- */

static bool is_number_item(const struct told_item *item)
{
	return item->type == TOLD_ITEM_INTEGER;
}

/* Whole digits with or without a minus, to a JSON integer; NULL when they are none. */
static json_t *number_of(struct told_bytes text)
{
	bool minus = text.len > 0 && text.data[0] == '-';
	uint64_t amount;
	if (told_decimal(told_bytes(text.data + minus, text.len - minus), INT32_MAX, &amount) != TOLD_OK)
		return NULL;
	return json_integer(minus ? -(json_int_t)amount : (json_int_t)amount);
}

static json_t *text_of(struct told_bytes text)
{
	return text.len > 0 ? json_stringn((const char *)text.data, text.len) : NULL;
}

/* The option that a coding or its words mean; else the words themselves, which only an open choice takes. */
static json_t *choice_of(const struct told_item *item, struct told_bytes code, struct told_bytes words)
{
	for (size_t i = 0; i < item->option_count; i++)
		if (told_bytes_equal(code, told_text(item->options[i].code)))
			return json_string(item->options[i].code);
	for (size_t i = 0; i < item->option_count; i++)
		if (told_bytes_equal(words, told_text(item->options[i].words)))
			return json_string(item->options[i].code);
	return text_of(words);
}

static json_t *value_of(const struct told_item *item, const struct told_story_value *value)
{
	bool choice = item->options != NULL;
	switch (value->kind) {
	case TOLD_STORY_TRUTH: return json_boolean(value->truth);
	case TOLD_STORY_CODED: return choice ? choice_of(item, value->code, value->display) : text_of(value->display);
	case TOLD_STORY_QUANTITY:
		return is_number_item(item) && value->comparator.len == 0 ? number_of(value->text) : NULL;
	case TOLD_STORY_TEXT:
		return choice                 ? choice_of(item, value->text, value->text)
		       : is_number_item(item) ? number_of(value->text)
					      : text_of(value->text);
	default: return NULL;
	}
}

static enum told_status list_of(const struct told_item *item, const struct told_story_item *story, json_t **out)
{
	*out = json_array();
	if (*out == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < story->value_count; i++) {
		json_t *one = value_of(item, &story->values[i]);
		if (one == NULL)
			return TOLD_E_UNKNOWN;
		if (json_array_append_new(*out, one) != 0)
			return TOLD_E_MEMORY;
	}
	return TOLD_OK;
}

enum told_status told_answer_read(const struct told_item *item, const struct told_story_item *story, json_t **out)
{
	json_t *answer = NULL;
	enum told_status status = TOLD_E_UNKNOWN;
	*out = NULL;
	if (story->value_count == 0 || (!item->repeats && story->value_count != 1))
		return TOLD_E_UNKNOWN;
	if (item->repeats)
		status = list_of(item, story, &answer);
	else if ((answer = value_of(item, &story->values[0])) != NULL)
		status = TOLD_OK;
	if (status == TOLD_OK && told_answer_check(item, answer, NULL) != TOLD_OK)
		status = TOLD_E_UNKNOWN;
	if (status == TOLD_OK)
		*out = answer;
	else
		json_decref(answer);
	return status;
}

/* -- to a story -- */

static enum told_status write_number(const json_t *answer, struct told_arena *arena, struct told_story_value *out)
{
	char digits[32];
	snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(answer));
	out->kind = TOLD_STORY_QUANTITY;
	out->text = told_arena_copy(arena, told_text(digits));
	return out->text.data != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status write_one(const struct told_item *item, const json_t *answer, struct told_arena *arena,
				  struct told_story_value *out)
{
	*out = (struct told_story_value){.kind = TOLD_STORY_TRUTH, .truth = json_is_true(answer)};
	if (json_is_boolean(answer))
		return TOLD_OK;
	if (json_is_integer(answer))
		return write_number(answer, arena, out);
	for (size_t i = 0; i < item->option_count; i++) {
		if (strcmp(item->options[i].code, json_string_value(answer)) != 0)
			continue;
		out->kind = TOLD_STORY_CODED;
		out->code = told_text(item->options[i].code);
		out->display = told_text(item->options[i].words);
		return TOLD_OK;
	}
	out->kind = TOLD_STORY_TEXT;
	out->text = told_text(json_string_value(answer));
	return TOLD_OK;
}

enum told_status told_answer_write(const struct told_item *item, const json_t *answer, struct told_arena *arena,
				   struct told_story_item *out)
{
	bool list = json_is_array(answer);
	size_t count = list ? json_array_size(answer) : 1;
	struct told_story_value *values = told_arena_alloc(arena, count * sizeof *values);
	if (values == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < count; i++) {
		const json_t *one = list ? json_array_get(answer, i) : answer;
		enum told_status status = write_one(item, one, arena, &values[i]);
		if (status != TOLD_OK)
			return status;
	}
	out->values = values;
	out->value_count = count;
	return TOLD_OK;
}
