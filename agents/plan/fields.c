/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON side of the table: objects written and read. Touches the arena only. */
#include "agents/plan/fields.h"

#include <string.h>

static const void *at(const struct told_field *field, const void *base)
{
	return (const uint8_t *)base + field->offset;
}

/* ---- writing ---- */

static json_t *text_json(struct told_bytes text)
{
	return text.len == 0 ? NULL : json_stringn((const char *)text.data, text.len);
}

static json_t *numbers_json(const struct told_numbers *numbers)
{
	json_t *list = numbers->count == 0 ? NULL : json_array();
	for (size_t i = 0; i < numbers->count && list != NULL; i++)
		json_array_append_new(list, json_integer((json_int_t)numbers->items[i]));
	return list;
}

static json_t *texts_json(const struct told_texts *texts)
{
	json_t *list = texts->count == 0 ? NULL : json_array();
	for (size_t i = 0; i < texts->count && list != NULL; i++)
		json_array_append_new(list, text_json(texts->items[i]));
	return list;
}

static json_t *field_json(const struct told_field *field, const void *base)
{
	const void *value = at(field, base);
	switch (field->kind) {
	case TOLD_FIELD_TEXT: return text_json(*(const struct told_bytes *)value);
	case TOLD_FIELD_NUMBER:
		return *(const uint64_t *)value == 0 ? NULL : json_integer((json_int_t) * (const uint64_t *)value);
	case TOLD_FIELD_TRUTH: return *(const bool *)value ? json_true() : NULL;
	case TOLD_FIELD_WORD:
		return *(const uint32_t *)value == 0 ? NULL : json_string(field->words[*(const uint32_t *)value]);
	case TOLD_FIELD_NUMBERS: return numbers_json(value);
	case TOLD_FIELD_TEXTS: return texts_json(value);
	}
	return NULL;
}

json_t *told_fields_json(const struct told_form_of *form, const void *base)
{
	json_t *object = json_object();
	for (size_t i = 0; i < form->count && object != NULL; i++) {
		json_t *value = field_json(&form->fields[i], base);
		if (value != NULL && json_object_set_new(object, form->fields[i].name, value) != 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

/* ---- reading ---- */

static enum told_status read_text(const json_t *json, struct told_arena *arena, struct told_bytes *out)
{
	if (!json_is_string(json))
		return TOLD_E_MALFORMED;
	*out = told_arena_copy(arena, told_bytes(json_string_value(json), json_string_length(json)));
	return out->len == json_string_length(json) ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status read_number(const json_t *json, uint64_t *out)
{
	if (!json_is_integer(json) || json_integer_value(json) < 0)
		return TOLD_E_MALFORMED;
	*out = (uint64_t)json_integer_value(json);
	return TOLD_OK;
}

static enum told_status read_word(const struct told_field *field, struct told_bytes text, uint32_t *out)
{
	for (uint32_t i = 1; field->words[i] != NULL; i++)
		if (told_bytes_equal(text, told_text(field->words[i]))) {
			*out = i;
			return TOLD_OK;
		}
	return TOLD_E_UNKNOWN;
}

static enum told_status read_list(const json_t *json, struct told_arena *arena, struct told_numbers *numbers,
				  struct told_texts *texts)
{
	enum told_status status = json_is_array(json) ? TOLD_OK : TOLD_E_MALFORMED;
	size_t count = json_array_size(json);
	if (count > TOLD_NUMBERS_MAX)
		return TOLD_E_LIMIT;
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = numbers != NULL ? read_number(json_array_get(json, i), &numbers->items[i])
					 : read_text(json_array_get(json, i), arena, &texts->items[i]);
	if (status == TOLD_OK && numbers != NULL)
		numbers->count = count;
	if (status == TOLD_OK && texts != NULL)
		texts->count = count;
	return status;
}

static enum told_status read_field(const struct told_field *field, const json_t *json, struct told_arena *arena,
				   void *value)
{
	switch (field->kind) {
	case TOLD_FIELD_TEXT: return read_text(json, arena, value);
	case TOLD_FIELD_NUMBER: return read_number(json, value);
	case TOLD_FIELD_TRUTH:
		*(bool *)value = json_is_true(json);
		return json_is_boolean(json) ? TOLD_OK : TOLD_E_MALFORMED;
	case TOLD_FIELD_WORD:
		return json_is_string(json) ? read_word(field, told_text(json_string_value(json)), value)
					    : TOLD_E_MALFORMED;
	case TOLD_FIELD_NUMBERS: return read_list(json, arena, value, NULL);
	case TOLD_FIELD_TEXTS: return read_list(json, arena, NULL, value);
	}
	return TOLD_E_INTERNAL;
}

enum told_status told_fields_read(const struct told_form_of *form, const json_t *object, struct told_arena *arena,
				  void *base, size_t size)
{
	enum told_status status = json_is_object(object) ? TOLD_OK : TOLD_E_MALFORMED;
	memset(base, 0, size);
	for (size_t i = 0; status == TOLD_OK && i < form->count; i++) {
		const json_t *json = json_object_get(object, form->fields[i].name);
		if (json != NULL)
			status = read_field(&form->fields[i], json, arena, (uint8_t *)base + form->fields[i].offset);
	}
	return status;
}
