/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR's data types: codings, concepts, references, and who speaks. Touches the tree. */
#include "agents/import/fhir.h"

#include <string.h>

enum told_status told_fhir_coding(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *coding,
				  struct told_fhir_coding *out)
{
	enum told_status status = told_fhir_text(fhir, at, coding, "system", &out->system);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, at, coding, "code", &out->code);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, at, coding, "display", &out->display);
	return status;
}

enum told_status told_fhir_concept_at(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *concept,
				      struct told_fhir_concept *out)
{
	*out = (struct told_fhir_concept){0};
	json_t *list = NULL;
	enum told_status status = told_fhir_text(fhir, at, concept, "text", &out->text);
	if (status == TOLD_OK)
		status = told_fhir_list(fhir, at, concept, "coding", &list);
	if (status == TOLD_OK && json_array_size(list) > TOLD_FHIR_CODINGS_MAX)
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(at, "coding"), "it has too many codings");
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		status = told_fhir_coding(fhir, TOLD_FHIR_AT_I(at, "coding", i), json_array_get(list, i),
					  &out->codings[i]);
		out->count = i + 1;
	}
	return status;
}

enum told_status told_fhir_concept(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				   const char *name, struct told_fhir_concept *out)
{
	*out = (struct told_fhir_concept){0};
	json_t *concept = NULL;
	enum told_status status = told_fhir_object(fhir, at, object, name, &concept);
	if (status != TOLD_OK || concept == NULL)
		return status;
	return told_fhir_concept_at(fhir, TOLD_FHIR_AT(at, name), concept, out);
}

const struct told_fhir_coding *told_fhir_first(const struct told_fhir_concept *concept)
{
	for (size_t i = 0; i < concept->count; i++)
		if (concept->codings[i].system.len > 0 && concept->codings[i].code.len > 0)
	return &concept->codings[i];
	return NULL;
}

bool told_fhir_is(const struct told_fhir_concept *concept, const char *system, const char *code)
{
	for (size_t i = 0; i < concept->count; i++)
		if (!told_fhir_equal(concept->codings[i].system, system) ||
		    !told_fhir_equal(concept->codings[i].code, code))
			return false;
	return concept->count > 0;
}

/* "Patient" of "Patient/1" and of "https://host/fhir/Patient/1"; empty for anything else. */
static struct told_bytes type_in(struct told_bytes text)
{
	size_t end = text.len;
	for (size_t i = text.len; i-- > 0 && end == text.len;)
		if (text.data[i] == '/')
			end = i;
	size_t from = end;
	while (from > 0 && text.data[from - 1] != '/')
		from--;
	bool named = end < text.len && from < end && text.data[from] >= 'A' && text.data[from] <= 'Z';
	return named ? told_bytes(text.data + from, end - from) : told_bytes(NULL, 0);
}

static struct told_bytes type_in_file(const struct told_fhir *fhir, struct told_bytes text)
{
	const json_t *resource = json_object_getn(fhir->by_url, (const char *)text.data, text.len);
	const json_t *type = json_object_get(resource, "resourceType");
	return json_is_string(type) ? told_bytes(json_string_value(type), json_string_length(type))
				    : told_bytes(NULL, 0);
}

/* system|value in the arena. */
static enum told_status read_identifier(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *reference,
					struct told_bytes *out)
{
	json_t *identifier = NULL;
	struct told_bytes system = {0}, value = {0};
	enum told_status status = told_fhir_object(fhir, at, reference, "identifier", &identifier);
	const struct told_fhir_at *here = TOLD_FHIR_AT(at, "identifier");
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, here, identifier, "system", &system);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, here, identifier, "value", &value);
	if (status != TOLD_OK || system.len == 0 || value.len == 0)
		return status;
	uint8_t *text = told_arena_alloc(fhir->import->arena, system.len + 1 + value.len);
	if (text == NULL)
		return TOLD_E_MEMORY;
	memcpy(text, system.data, system.len);
	text[system.len] = '|';
	memcpy(text + system.len + 1, value.data, value.len);
	*out = told_bytes(text, system.len + 1 + value.len);
	return TOLD_OK;
}

enum told_status told_fhir_reference_at(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *reference,
					struct told_fhir_reference *out)
{
	*out = (struct told_fhir_reference){.there = true};
	struct told_bytes type = {0};
	enum told_status status = told_fhir_text(fhir, at, reference, "reference", &out->text);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, at, reference, "type", &type);
	if (status != TOLD_OK)
		return status;
	if (out->text.len > 0) {
		out->type = type_in_file(fhir, out->text);
		if (out->type.len == 0)
			out->type = type_in(out->text);
	} else {
		status = read_identifier(fhir, at, reference, &out->text);
	}
	if (status == TOLD_OK && out->type.len > 0 && type.len > 0 && !told_bytes_equal(out->type, type))
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(at, "type"), "it contradicts the reference");
	if (out->type.len == 0)
		out->type = type;
	return status;
}

enum told_status told_fhir_reference(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				     const char *name, struct told_fhir_reference *out)
{
	*out = (struct told_fhir_reference){0};
	json_t *reference = NULL;
	enum told_status status = told_fhir_object(fhir, at, object, name, &reference);
	if (status != TOLD_OK || reference == NULL)
		return status;
	return told_fhir_reference_at(fhir, TOLD_FHIR_AT(at, name), reference, out);
}

enum told_status told_fhir_first_reference(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
					   const char *name, struct told_fhir_reference *out)
{
	*out = (struct told_fhir_reference){0};
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, at, object, name, &list);
	if (status != TOLD_OK || json_array_size(list) == 0)
		return status;
	return told_fhir_reference_at(fhir, TOLD_FHIR_AT_I(at, name, 0), json_array_get(list, 0), out);
}

unsigned told_fhir_voice(const struct told_fhir *fhir, const struct told_fhir_reference *who)
{
	static const struct {
		const char *type;
		unsigned voice;
	} voices[] = {
		{"Practitioner", TOLD_VOICE_WORKER}, {"PractitionerRole", TOLD_VOICE_WORKER},
		{"CareTeam", TOLD_VOICE_WORKER},     {"Organization", TOLD_VOICE_WORKER},
		{"Device", TOLD_VOICE_MEASURED},
	};
	if (who->text.len > 0 && told_bytes_equal(who->text, fhir->import->subject))
		return TOLD_VOICE_PERSON;
	for (size_t i = 0; i < sizeof voices / sizeof voices[0]; i++)
		if (told_fhir_equal(who->type, voices[i].type))
			return voices[i].voice;
	return TOLD_VOICE_OTHER;
}

enum told_status told_fhir_subject(struct told_fhir *fhir, const char *name, bool needed, struct told_bytes *out)
{
	struct told_fhir_reference who;
	const struct told_fhir_at *here = TOLD_FHIR_AT(fhir->at, name);
	*out = told_bytes(NULL, 0);
	enum told_status status = told_fhir_reference(fhir, fhir->at, fhir->resource, name, &who);
	if (status != TOLD_OK)
		return status;
	if (!who.there)
		return needed ? told_fhir_refuse(fhir, here, "it must say whom this is about") : TOLD_OK;
	if (who.text.len == 0)
		return told_fhir_refuse(fhir, here, "it names the person in words only, which cannot be compared");
	if (!told_fhir_equal(who.type, "Patient"))
		return told_fhir_refuse(fhir, here, "it does not name a person");
	struct told_bytes *first = &fhir->import->subject;
	if (first->len > 0 && !told_bytes_equal(*first, who.text))
		return told_fhir_refuse(fhir, here,
					"it is about another person than the first in this file; "
					"import one person's file at a time");
	if (first->len == 0)
		*first = told_arena_copy(fhir->import->arena, who.text);
	*out = *first;
	return out->len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}
