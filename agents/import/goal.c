/* SPDX-License-Identifier: Apache-2.0 */
/* Goal: what the person wants. Its elements are the questions, so that a goal is never read as a finding: "no risk" as
 * a target says nothing about today. Touches the tree and the arena. */
#include "agents/import/category.h"
#include "agents/import/file.h"
#include "agents/import/take.h"

#define GOAL "http://hl7.org/fhir/StructureDefinition/Goal"

static enum told_status life(struct told_fhir *fhir)
{
	static const struct told_fhir_word words[] = {
		{"proposed", 1, NULL},
		{"planned", 1, NULL},
		{"accepted", 1, NULL},
		{"active", 1, NULL},
		{"on-hold", 1, NULL},
		{"completed", 1, NULL},
		{"cancelled", 1, NULL},
		{"rejected", 0, "it is no goal: it was turned down"},
		{"entered-in-error", 0, "it was marked as entered in error"},
	};
	unsigned value;
	return told_fhir_code(fhir, fhir->at, fhir->resource, "lifecycleStatus", words, sizeof words / sizeof words[0],
			      &value);
}

static enum told_status add_value(struct told_fhir *fhir, const char *element, const struct told_story_value *value,
				  struct told_story *story, struct told_story_item *items)
{
	struct told_story_item *item = &items[story->item_count++];
	return told_fhir_item(fhir, told_text(GOAL), told_text(element), value, 1, item);
}

static enum told_status add_concept(struct told_fhir *fhir, const char *name, const char *element,
				    struct told_story *story, struct told_story_item *items)
{
	struct told_fhir_concept concept;
	enum told_status status = told_fhir_concept(fhir, fhir->at, fhir->resource, name, &concept);
	const struct told_fhir_coding *first = told_fhir_first(&concept);
	if (status != TOLD_OK || first == NULL)
		return status;
	const struct told_story_value value = {
		.kind = TOLD_STORY_CODED, .system = first->system, .code = first->code, .display = first->display};
	return add_value(fhir, element, &value, story, items);
}

/* Description, how it stands, how far it is reached; the words as they were written. */
static enum told_status read_goal(struct told_fhir *fhir, struct told_story *story, struct told_story_item *items)
{
	json_t *description = NULL;
	struct told_story_value value = {.kind = TOLD_STORY_CODED,
					 .system = told_text("http://hl7.org/fhir/goal-status")};
	enum told_status status = told_fhir_object(fhir, fhir->at, fhir->resource, "description", &description);
	if (status == TOLD_OK && description == NULL)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "description"), "it must be there");
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, TOLD_FHIR_AT(fhir->at, "description"), description, "text", &story->text);
	if (status == TOLD_OK)
		status = add_concept(fhir, "description", "Goal.description", story, items);
	if (status == TOLD_OK && story->item_count == 0 && story->text.len == 0)
		status = told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "description"),
					  "it has neither a code nor words");
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, fhir->at, fhir->resource, "lifecycleStatus", &value.code);
	if (status == TOLD_OK)
		status = add_value(fhir, "Goal.lifecycleStatus", &value, story, items);
	if (status == TOLD_OK)
		status = add_concept(fhir, "achievementStatus", "Goal.achievementStatus", story, items);
	return status;
}

static enum told_status provenance(struct told_fhir *fhir, struct told_import_section *section,
				   const struct told_story *story, struct told_story_item *items)
{
	static const char *const when[] = {"statusDate", "startDate", NULL};
	struct told_fhir_reference who;
	struct told_bytes said_at, source;
	enum told_status status = told_fhir_reference(fhir, fhir->at, fhir->resource, "expressedBy", &who);
	if (status == TOLD_OK)
		status = told_fhir_first_time(fhir, when, &said_at, &section->recorded_at_ms);
	if (status == TOLD_OK)
		status = told_fhir_source(fhir, &source);
	if (status != TOLD_OK)
		return status;
	section->told_by = who.text;
	section->voice = told_fhir_voice(fhir, &who);
	for (size_t i = 0; i < story->item_count; i++) {
		items[i].said_at = said_at;
		items[i].source = source;
		items[i].voice = section->voice;
	}
	return TOLD_OK;
}

/* A goal about work is a work goal; any other is a goal, and what it is about must pass as well. */
static void classify(const struct told_fhir_category *about, struct told_import_section *section)
{
	bool work = about->category == TOLD_CATEGORY_EMP_STAT;
	section->category = work ? TOLD_CATEGORY_EMP_GOAL : TOLD_CATEGORY_GOA;
	if (about->category == 0)
		return;
	told_catset_add(&section->classified, section->category);
	if (!work)
		told_catset_add(&section->classified, about->category);
}

enum told_status told_fhir_take_goal(struct told_fhir *fhir)
{
	struct told_import_section section = {0};
	struct told_story_item items[3];
	struct told_story story = {.items = items};
	struct told_fhir_concept code;
	struct told_fhir_category about = {0};
	enum told_status status = life(fhir);
	if (status == TOLD_OK)
		status = told_fhir_subject(fhir, "subject", true, &section.subject);
	if (status == TOLD_OK)
		status = told_fhir_concept(fhir, fhir->at, fhir->resource, "description", &code);
	if (status == TOLD_OK)
		status = told_fhir_category_of(fhir, &code, "description", &about);
	if (status == TOLD_OK)
		status = read_goal(fhir, &story, items);
	if (status == TOLD_OK)
		status = provenance(fhir, &section, &story, items);
	if (status != TOLD_OK)
		return status;
	section.free_text = story.text.len > 0;
	classify(&about, &section);
	status = told_fhir_add_section(fhir, &story, &section);
	if (status != TOLD_OK)
		return status;
	return told_fhir_say(fhir, "%s; about %s%s%s; voice: %s", told_code(TOLD_LIST_CATEGORY, section.category),
			     about.category != 0 ? told_code(TOLD_LIST_CATEGORY, about.category)
						 : "what a worker must classify before it goes anywhere",
			     about.category != 0 ? " " : "", about.how, told_story_voice(section.voice));
}
