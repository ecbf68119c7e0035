/* SPDX-License-Identifier: Apache-2.0 */
/* Observation and Condition: a coded question or finding with its value. Touches the tree and the arena. */
#include "agents/import/category.h"
#include "agents/import/file.h"
#include "agents/import/shape.h"
#include "agents/import/take.h"

#include <string.h>

#define VER_STATUS "http://terminology.hl7.org/CodeSystem/condition-ver-status"

enum told_status told_fhir_first_time(struct told_fhir *fhir, const char *const *names, struct told_bytes *text,
				      int64_t *ms)
{
	*text = told_bytes(NULL, 0);
	*ms = TOLD_IMPORT_NO_TIME;
	for (; *names != NULL; names++) {
		const json_t *value = json_object_get(fhir->resource, *names);
		if (value == NULL)
			continue;
		if (!json_is_object(value))
			return told_fhir_time(fhir, fhir->at, fhir->resource, *names, false, text, ms);
		int64_t end;
		enum told_status status = told_fhir_period(fhir, fhir->at, fhir->resource, *names, ms, &end);
		if (status != TOLD_OK || *ms == TOLD_IMPORT_NO_TIME)
			return status;
		return told_fhir_text(fhir, TOLD_FHIR_AT(fhir->at, *names), value, "start", text);
	}
	return TOLD_OK;
}

static enum told_status observation_status(struct told_fhir *fhir)
{
	static const struct told_fhir_word words[] = {
		{"final", 1, NULL},
		{"amended", 1, NULL},
		{"corrected", 1, NULL},
		{"registered", 0, "there is no result yet"},
		{"preliminary", 0, "the result may still change"},
		{"cancelled", 0, "it was not carried out"},
		{"entered-in-error", 0, "it was marked as entered in error"},
		{"unknown", 0, "nobody can say whether the result is valid"},
	};
	unsigned value;
	return told_fhir_code(fhir, fhir->at, fhir->resource, "status", words, sizeof words / sizeof words[0], &value);
}

/* Those who performed it, if they all speak with one voice; else somebody. */
static enum told_status performers(struct told_fhir *fhir, struct told_import_section *section)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, fhir->at, fhir->resource, "performer", &list);
	section->voice = TOLD_VOICE_OTHER;
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		struct told_fhir_reference who;
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(fhir->at, "performer", i);
		status = told_fhir_reference_at(fhir, here, json_array_get(list, i), &who);
		unsigned voice = told_fhir_voice(fhir, &who);
		section->voice = i == 0 || section->voice == voice ? voice : TOLD_VOICE_OTHER;
		if (i == 0)
			section->told_by = who.text;
	}
	return status;
}

/* One question of an observation or of a component: code, value, category. */
static enum told_status add_question(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				     const struct told_fhir_filed *pattern, struct told_fhir_files *files)
{
	struct told_fhir_filed filed = *pattern;
	struct told_fhir_concept code;
	struct told_story_value value;
	bool there = false;
	enum told_status status = told_fhir_concept(fhir, at, object, "code", &code);
	if (status == TOLD_OK)
		status = told_fhir_value(fhir, at, object, &value, &there);
	if (status != TOLD_OK)
		return status;
	const struct told_fhir_coding *first = told_fhir_first(&code);
	if (first == NULL)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, "code"), "it has no system and code to know it by");
	struct told_fhir_category category;
	told_fhir_category_of_code(fhir, first, &category);
	if (category.category != 0)
		filed.category = category.category;
	status = told_fhir_item(fhir, first->system, first->code, &value, there ? 1 : 0, &filed.item);
	if (status != TOLD_OK)
		return status;
	filed.item.said_at = pattern->item.said_at;
	filed.item.source = pattern->item.source;
	filed.item.voice = value.kind == TOLD_STORY_QUANTITY && pattern->item.voice != TOLD_VOICE_PERSON
				   ? TOLD_VOICE_MEASURED
				   : pattern->item.voice;
	return told_fhir_file_add(files, &filed);
}

static enum told_status add_components(struct told_fhir *fhir, const struct told_fhir_filed *pattern,
				       struct told_fhir_files *files)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, fhir->at, fhir->resource, "component", &list);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		const struct told_fhir_at *here = TOLD_FHIR_AT_I(fhir->at, "component", i);
		const json_t *component = json_array_get(list, i);
		status = told_fhir_shape(fhir, here, component, "Observation.component");
		if (status == TOLD_OK)
			status = add_question(fhir, here, component, pattern, files);
	}
	return status;
}

static enum told_status file_observation(struct told_fhir *fhir, const struct told_fhir_filed *pattern,
					 struct told_import_section *section)
{
	struct told_fhir_files files = {0};
	enum told_status status = add_question(fhir, fhir->at, fhir->resource, pattern, &files);
	if (status == TOLD_OK)
		status = add_components(fhir, pattern, &files);
	if (status == TOLD_OK) {
		section->voice = files.items[0].item.voice;
		status = told_fhir_add_files(fhir, &files, section);
	}
	told_fhir_files_free(&files);
	return status;
}

/* When it was recorded, and when it held: said_at is the latter. */
static enum told_status times(struct told_fhir *fhir, const char *const *held, const char *const *recorded,
			      struct told_import_section *section, struct told_bytes *said_at)
{
	struct told_bytes text;
	int64_t held_ms;
	enum told_status status = told_fhir_first_time(fhir, held, said_at, &held_ms);
	if (status == TOLD_OK)
		status = told_fhir_first_time(fhir, recorded, &text, &section->recorded_at_ms);
	if (status == TOLD_OK && section->recorded_at_ms == TOLD_IMPORT_NO_TIME)
		section->recorded_at_ms = held_ms;
	if (status == TOLD_OK && said_at->len == 0)
		*said_at = text;
	return status;
}

enum told_status told_fhir_take_observation(struct told_fhir *fhir)
{
	static const char *const held[] = {"effectiveDateTime", "effectiveInstant", "effectivePeriod", NULL};
	static const char *const recorded[] = {"issued", NULL};
	struct told_import_section section = {0};
	struct told_fhir_filed pattern = {0};
	struct told_fhir_concept code;
	struct told_fhir_category category = {0};
	enum told_status status = observation_status(fhir);
	if (status == TOLD_OK)
		status = told_fhir_subject(fhir, "subject", false, &section.subject);
	if (status == TOLD_OK)
		status = told_fhir_concept(fhir, fhir->at, fhir->resource, "code", &code);
	if (status == TOLD_OK)
		status = told_fhir_category_must(fhir, &code, "code", &category);
	if (status == TOLD_OK)
		status = performers(fhir, &section);
	if (status == TOLD_OK)
		status = times(fhir, held, recorded, &section, &pattern.item.said_at);
	if (status == TOLD_OK)
		status = told_fhir_source(fhir, &pattern.item.source);
	pattern.category = category.category;
	pattern.item.voice = section.voice;
	if (status == TOLD_OK)
		status = file_observation(fhir, &pattern, &section);
	if (status != TOLD_OK)
		return status;
	return told_fhir_say(fhir, "%s %s; voice: %s", told_code(TOLD_LIST_CATEGORY, category.category), category.how,
			     told_story_voice(section.voice));
}

/* A condition that is doubted is taken as unverified; one that was ruled out is not taken. */
static enum told_status condition_status(struct told_fhir *fhir, bool *verified)
{
	struct told_fhir_concept concept;
	const struct told_fhir_at *here = TOLD_FHIR_AT(fhir->at, "verificationStatus");
	enum told_status status = told_fhir_concept(fhir, fhir->at, fhir->resource, "verificationStatus", &concept);
	*verified = false;
	if (status != TOLD_OK || json_object_get(fhir->resource, "verificationStatus") == NULL)
		return status;
	*verified = told_fhir_is(&concept, VER_STATUS, "confirmed");
	if (*verified || told_fhir_is(&concept, VER_STATUS, "unconfirmed") ||
	    told_fhir_is(&concept, VER_STATUS, "provisional"))
		return TOLD_OK;
	if (told_fhir_is(&concept, VER_STATUS, "entered-in-error"))
		return told_fhir_refuse(fhir, here, "it was marked as entered in error");
	if (told_fhir_is(&concept, VER_STATUS, "refuted"))
		return told_fhir_refuse(fhir, here, "it was ruled out");
	return told_fhir_refuse(fhir, here, "whether it holds is not said in a way that the model can keep");
}

static enum told_status clinical_status(struct told_fhir *fhir, struct told_story_value *value, bool *there)
{
	struct told_fhir_concept concept;
	enum told_status status = told_fhir_concept(fhir, fhir->at, fhir->resource, "clinicalStatus", &concept);
	*there = json_object_get(fhir->resource, "clinicalStatus") != NULL;
	if (status != TOLD_OK || !*there)
		return status;
	const struct told_fhir_coding *first = told_fhir_first(&concept);
	if (first == NULL)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "clinicalStatus"), "it must be coded");
	*value = (struct told_story_value){
		.kind = TOLD_STORY_CODED, .system = first->system, .code = first->code, .display = first->display};
	return TOLD_OK;
}

static enum told_status asserter(struct told_fhir *fhir, struct told_import_section *section)
{
	struct told_fhir_reference who;
	enum told_status status = told_fhir_reference(fhir, fhir->at, fhir->resource, "asserter", &who);
	if (status == TOLD_OK && !who.there)
		status = told_fhir_reference(fhir, fhir->at, fhir->resource, "recorder", &who);
	section->told_by = who.text;
	section->voice = told_fhir_voice(fhir, &who);
	return status;
}

/* The finding is the question, how it stands is the answer. */
static enum told_status file_condition(struct told_fhir *fhir, const struct told_fhir_concept *code,
				       struct told_bytes said_at, struct told_import_section *section)
{
	struct told_story_item item = {0};
	struct told_story_value value = {0};
	bool there = false;
	const struct told_fhir_coding *first = told_fhir_first(code);
	if (first == NULL)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "code"),
					"it has no system and code to know it by");
	enum told_status status = clinical_status(fhir, &value, &there);
	if (status == TOLD_OK)
		status = told_fhir_item(fhir, first->system, first->code, &value, there ? 1 : 0, &item);
	if (status == TOLD_OK)
		status = told_fhir_source(fhir, &item.source);
	item.said_at = said_at;
	item.voice = section->voice;
	if (status != TOLD_OK)
		return status;
	return told_fhir_add_section(fhir, &(struct told_story){.items = &item, .item_count = 1}, section);
}

enum told_status told_fhir_take_condition(struct told_fhir *fhir)
{
	static const char *const held[] = {"onsetDateTime", "onsetPeriod", NULL};
	static const char *const recorded[] = {"recordedDate", NULL};
	struct told_import_section section = {0};
	struct told_bytes said_at = {0};
	struct told_fhir_concept code;
	struct told_fhir_category category = {0};
	enum told_status status = condition_status(fhir, &section.verified);
	if (status == TOLD_OK)
		status = told_fhir_subject(fhir, "subject", true, &section.subject);
	if (status == TOLD_OK)
		status = told_fhir_concept(fhir, fhir->at, fhir->resource, "code", &code);
	if (status == TOLD_OK)
		status = told_fhir_category_must(fhir, &code, "code", &category);
	if (status == TOLD_OK)
		status = asserter(fhir, &section);
	if (status == TOLD_OK)
		status = times(fhir, held, recorded, &section, &said_at);
	section.category = category.category;
	told_catset_add(&section.classified, category.category);
	if (status == TOLD_OK)
		status = file_condition(fhir, &code, said_at, &section);
	if (status != TOLD_OK)
		return status;
	return told_fhir_say(fhir, "%s %s; %s; voice: %s", told_code(TOLD_LIST_CATEGORY, category.category),
			     category.how, section.verified ? "confirmed" : "not confirmed",
			     told_story_voice(section.voice));
}
