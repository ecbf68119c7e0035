/* SPDX-License-Identifier: Apache-2.0 */
/* value[x] of FHIR as one answer of a section. Touches the tree; numbers come from the text. */
#include "agents/import/fhir.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The digits of a number as they stand in the file. */
static enum told_status digits(struct told_fhir *fhir, const json_t *number, struct told_bytes *out)
{
	*out = told_import_doc_bytes(fhir->doc, number);
	if (out->len > 0)
		return TOLD_OK;
	char text[32];
	int len = snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(number));
	*out = told_arena_copy(fhir->import->arena, told_bytes(text, (size_t)len));
	return out->len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status read_text(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *value,
				  struct told_story_value *out)
{
	if (!json_is_string(value) || json_string_length(value) == 0)
		return told_fhir_refuse(fhir, at, "it must be a text that is not empty");
	out->kind = TOLD_STORY_TEXT;
	out->text = told_bytes(json_string_value(value), json_string_length(value));
	return TOLD_OK;
}

static enum told_status read_time(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *value,
				  struct told_story_value *out)
{
	int64_t ms;
	enum told_status status = read_text(fhir, at, value, out);
	if (status == TOLD_OK && told_fhir_parse_time(out->text, false, &ms) != TOLD_OK)
		status = told_fhir_refuse(fhir, at, "it is no date or time of FHIR");
	return status;
}

static enum told_status read_truth(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *value,
				   struct told_story_value *out)
{
	if (!json_is_boolean(value))
		return told_fhir_refuse(fhir, at, "it must be true or false");
	out->kind = TOLD_STORY_TRUTH;
	out->truth = json_is_true(value);
	return TOLD_OK;
}

static enum told_status read_integer(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *value,
				     struct told_story_value *out)
{
	if (!json_is_integer(value))
		return told_fhir_refuse(fhir, at, "it must be a whole number");
	out->kind = TOLD_STORY_TEXT;
	return digits(fhir, value, &out->text);
}

static enum told_status read_decimal(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *value,
				     struct told_story_value *out)
{
	if (!json_is_number(value))
		return told_fhir_refuse(fhir, at, "it must be a number");
	out->kind = TOLD_STORY_TEXT;
	return digits(fhir, value, &out->text);
}

/* A comparator changes the meaning of the number (it is a modifier), so it is taken along. */
static enum told_status read_quantity(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *value,
				      struct told_story_value *out)
{
	const json_t *number = json_object_get(value, "value");
	if (!json_is_number(number))
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, "value"), "it must be a number");
	out->kind = TOLD_STORY_QUANTITY;
	enum told_status status = digits(fhir, number, &out->text);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, at, value, "comparator", &out->comparator);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, at, value, "unit", &out->unit);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, at, value, "system", &out->system);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, at, value, "code", &out->code);
	return status;
}

static enum told_status from_coding(struct told_fhir *fhir, const struct told_fhir_at *at,
				    const struct told_fhir_coding *coding, struct told_bytes words,
				    struct told_story_value *out)
{
	struct told_bytes display = coding->display.len > 0 ? coding->display : words;
	*out = (struct told_story_value){
		.kind = TOLD_STORY_CODED, .system = coding->system, .code = coding->code, .display = display};
	if (coding->code.len > 0)
		return TOLD_OK;
	if (display.len == 0)
		return told_fhir_refuse(fhir, at, "it has neither a code nor words");
	*out = (struct told_story_value){.kind = TOLD_STORY_TEXT, .text = display};
	return TOLD_OK;
}

static enum told_status read_coding(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *value,
				    struct told_story_value *out)
{
	struct told_fhir_coding coding = {0};
	enum told_status status = told_fhir_coding(fhir, at, value, &coding);
	return status == TOLD_OK ? from_coding(fhir, at, &coding, told_bytes(NULL, 0), out) : status;
}

static enum told_status read_concept(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *value,
				     struct told_story_value *out)
{
	struct told_fhir_concept concept;
	enum told_status status = told_fhir_concept_at(fhir, at, value, &concept);
	if (status != TOLD_OK)
		return status;
	static const struct told_fhir_coding none;
	const struct told_fhir_coding *coding = told_fhir_first(&concept);
	if (coding == NULL)
	coding = concept.count > 0 ? &concept.codings[0] : &none;
	return from_coding(fhir, at, coding, concept.text, out);
}

/* X(name, object or not, reader): every type that an answer or an observation may have and a section can hold. */
static const struct {
	const char *name;
	bool object;
	enum told_status (*read)(struct told_fhir *, const struct told_fhir_at *, const json_t *,
				 struct told_story_value *);
} readers[] = {
	{"valueBoolean", false, read_truth},
	{"valueInteger", false, read_integer},
	{"valueDecimal", false, read_decimal},
	{"valueString", false, read_text},
	{"valueMarkdown", false, read_text},
	{"valueUri", false, read_text},
	{"valueTime", false, read_text},
	{"valueDate", false, read_time},
	{"valueDateTime", false, read_time},
	{"valueCoding", true, read_coding},
	{"valueCodeableConcept", true, read_concept},
	{"valueQuantity", true, read_quantity},
};

static enum told_status read_one(struct told_fhir *fhir, const struct told_fhir_at *at, const char *name,
				 const json_t *value, struct told_story_value *out)
{
	const struct told_fhir_at *here = TOLD_FHIR_AT(at, name);
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		if (strcmp(name, readers[i].name) != 0)
			continue;
		if (json_is_object(value) != readers[i].object)
			return told_fhir_refuse(fhir, here, "it has not the form that its type must have");
		return readers[i].read(fhir, here, value, out);
	}
	return told_fhir_refuse(fhir, here, "a section cannot hold a value of this type");
}

enum told_status told_fhir_value(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				 struct told_story_value *out, bool *there)
{
	*out = (struct told_story_value){0};
	*there = false;
	const char *name;
	json_t *value;
	json_object_foreach(told_json_members(object), name, value)
	{
		if (strncmp(name, "value", 5) != 0)
			continue;
		if (*there)
			return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, name), "there are two values");
		*there = true;
		enum told_status status = read_one(fhir, at, name, value, out);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}
