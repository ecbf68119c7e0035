/* SPDX-License-Identifier: Apache-2.0 */
/* The section side of the table: each field is a question with its answer, and numbers keep the digits that they were
 * written with. Touches the arena only. */
#include "agents/plan/fields.h"

#include "told/limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- writing ---- */

static struct told_story_value text_value(struct told_bytes text)
{
	return (struct told_story_value){.kind = TOLD_STORY_TEXT, .text = text};
}

static struct told_story_value number_value(struct told_arena *arena, uint64_t number)
{
	char digits[24];
	snprintf(digits, sizeof digits, "%" PRIu64, number);
	return (struct told_story_value){.kind = TOLD_STORY_QUANTITY,
					 .text = told_arena_copy(arena, told_text(digits))};
}

static size_t count_of(const struct told_field *field, const void *value)
{
	switch (field->kind) {
	case TOLD_FIELD_TEXT: return ((const struct told_bytes *)value)->len > 0;
	case TOLD_FIELD_NUMBER: return *(const uint64_t *)value != 0;
	case TOLD_FIELD_TRUTH: return *(const bool *)value;
	case TOLD_FIELD_WORD: return *(const uint32_t *)value != 0;
	case TOLD_FIELD_NUMBERS: return ((const struct told_numbers *)value)->count;
	case TOLD_FIELD_TEXTS: return ((const struct told_texts *)value)->count;
	}
	return 0;
}

static struct told_story_value value_of(const struct told_field *field, const void *value, size_t i,
					struct told_arena *arena)
{
	switch (field->kind) {
	case TOLD_FIELD_TEXT: return text_value(*(const struct told_bytes *)value);
	case TOLD_FIELD_NUMBER: return number_value(arena, *(const uint64_t *)value);
	case TOLD_FIELD_TRUTH: return (struct told_story_value){.kind = TOLD_STORY_TRUTH, .truth = true};
	case TOLD_FIELD_WORD:
		return (struct told_story_value){.kind = TOLD_STORY_CODED,
						 .code = told_text(field->words[*(const uint32_t *)value])};
	case TOLD_FIELD_NUMBERS: return number_value(arena, ((const struct told_numbers *)value)->items[i]);
	case TOLD_FIELD_TEXTS: return text_value(((const struct told_texts *)value)->items[i]);
	}
	return text_value(told_bytes(NULL, 0));
}

static enum told_status lay_item(const struct told_form_of *form, const struct told_field *field, const void *value,
				 unsigned voice, struct told_arena *arena, struct told_story_item *out)
{
	struct told_buf uri = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	size_t count = count_of(field, value);
	struct told_story_value *values = told_arena_alloc(arena, count * sizeof *values);
	told_story_uri(told_text(form->system), told_text(field->name), &uri);
	*out = (struct told_story_item){.item = told_arena_copy(arena, told_buf_view(&uri)),
					.system = told_text(form->system),
					.code = told_text(field->name),
					.values = values,
					.value_count = count,
					.voice = voice};
	told_buf_free(&uri);
	if (values == NULL || out->item.len == 0)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < count; i++)
		values[i] = value_of(field, value, i, arena);
	return TOLD_OK;
}

enum told_status told_fields_section(const struct told_form_of *form, const void *base, unsigned voice,
				     struct told_bytes text, struct told_arena *arena, struct told_bytes *out)
{
	struct told_story_item *items = told_arena_alloc(arena, form->count * sizeof *items);
	struct told_story story = {.items = items, .text = text};
	struct told_buf buf = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	enum told_status status = items == NULL ? TOLD_E_MEMORY : TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < form->count; i++) {
		const void *value = (const uint8_t *)base + form->fields[i].offset;
		if (count_of(&form->fields[i], value) > 0)
			status = lay_item(form, &form->fields[i], value, voice, arena, &items[story.item_count++]);
	}
	if (status == TOLD_OK)
		status = told_story_build(&story, &buf);
	if (status == TOLD_OK) {
		*out = told_arena_copy(arena, told_buf_view(&buf));
		status = out->len == buf.len ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&buf);
	return status;
}

/* ---- reading ---- */

static enum told_status take_text(const struct told_story_value *value, struct told_bytes *out)
{
	*out = value->text;
	return value->kind == TOLD_STORY_TEXT ? TOLD_OK : TOLD_E_MALFORMED;
}

static enum told_status take_number(const struct told_story_value *value, uint64_t *out)
{
	return value->kind == TOLD_STORY_QUANTITY ? told_decimal(value->text, INT64_MAX, out) : TOLD_E_MALFORMED;
}

static enum told_status take_word(const struct told_field *field, const struct told_story_value *value, uint32_t *out)
{
	if (value->kind != TOLD_STORY_CODED)
		return TOLD_E_MALFORMED;
	for (*out = 1; field->words[*out] != NULL; (*out)++)
		if (told_bytes_equal(value->code, told_text(field->words[*out])))
			return TOLD_OK;
	*out = 0;
	return TOLD_E_UNKNOWN;
}

static enum told_status take_value(const struct told_field *field, const struct told_story_value *value, size_t i,
				   void *out)
{
	switch (field->kind) {
	case TOLD_FIELD_TEXT: return take_text(value, out);
	case TOLD_FIELD_NUMBER: return take_number(value, out);
	case TOLD_FIELD_TRUTH:
		*(bool *)out = value->truth;
		return value->kind == TOLD_STORY_TRUTH ? TOLD_OK : TOLD_E_MALFORMED;
	case TOLD_FIELD_WORD: return take_word(field, value, out);
	case TOLD_FIELD_NUMBERS:
		((struct told_numbers *)out)->count = i + 1;
		return take_number(value, &((struct told_numbers *)out)->items[i]);
	case TOLD_FIELD_TEXTS:
		((struct told_texts *)out)->count = i + 1;
		return take_text(value, &((struct told_texts *)out)->items[i]);
	}
	return TOLD_E_INTERNAL;
}

static bool is_list(const struct told_field *field)
{
	return field->kind == TOLD_FIELD_NUMBERS || field->kind == TOLD_FIELD_TEXTS;
}

static enum told_status take_item(const struct told_field *field, const struct told_story_item *item, void *out)
{
	enum told_status status = item->value_count > 1 && !is_list(field) ? TOLD_E_MALFORMED : TOLD_OK;
	if (item->value_count > TOLD_NUMBERS_MAX)
		return TOLD_E_LIMIT;
	for (size_t i = 0; status == TOLD_OK && i < item->value_count; i++)
		status = take_value(field, &item->values[i], i, out);
	return status;
}

enum told_status told_fields_take(const struct told_form_of *form, struct told_bytes content, struct told_arena *arena,
				  void *base, size_t size)
{
	struct told_story story;
	bool any = false;
	memset(base, 0, size);
	enum told_status status = told_story_parse(content, arena, &story);
	for (size_t i = 0; status == TOLD_OK && i < form->count; i++) {
		const struct told_story_item *item =
			told_story_find(&story, told_text(form->system), told_text(form->fields[i].name));
		if (item != NULL)
			status = take_item(&form->fields[i], item, (uint8_t *)base + form->fields[i].offset);
		any |= item != NULL;
	}
	return status == TOLD_OK && !any ? TOLD_E_NOT_FOUND : status;
}
