/* SPDX-License-Identifier: Apache-2.0 */
/* ServiceRequest and Task: a referral, how it stands, or a step of a plan. Touches the tree and the arena. */
#include "agents/import/category.h"
#include "agents/import/file.h"
#include "agents/import/take.h"

#include <string.h>

#define TASK_CODE    "http://hl7.org/fhir/CodeSystem/task-code"
#define REQUEST      "http://hl7.org/fhir/StructureDefinition/ServiceRequest"
#define TASK         "http://hl7.org/fhir/StructureDefinition/Task"

#define WORDS(table) (table), sizeof(table) / sizeof(table)[0]

/* intent is a modifier in FHIR: a wish or an option is no referral. */
static enum told_status intent(struct told_fhir *fhir)
{
	static const struct told_fhir_word words[] = {
		{"plan", 1, NULL},
		{"directive", 1, NULL},
		{"order", 1, NULL},
		{"original-order", 1, NULL},
		{"reflex-order", 1, NULL},
		{"filler-order", 1, NULL},
		{"instance-order", 1, NULL},
		{"proposal", 0, "it is a proposal that nobody has made a request of"},
		{"option", 0, "it is one of several options"},
		{"unknown", 0, "it does not say whether it is a request"},
	};
	unsigned value;
	return told_fhir_code(fhir, fhir->at, fhir->resource, "intent", WORDS(words), &value);
}

static enum told_status request_status(struct told_fhir *fhir, unsigned *state)
{
	static const struct told_fhir_word words[] = {
		{"draft", TOLD_REFERRAL_DRAFT, NULL},
		{"active", TOLD_REFERRAL_REQUESTED, NULL},
		{"on-hold", TOLD_REFERRAL_ON_HOLD, NULL},
		{"revoked", TOLD_REFERRAL_CANCELLED, NULL},
		{"completed", TOLD_REFERRAL_COMPLETED, NULL},
		{"entered-in-error", TOLD_REFERRAL_ENTERED_IN_ERROR, NULL},
		{"unknown", 0, "nobody can say how it stands"},
	};
	return told_fhir_code(fhir, fhir->at, fhir->resource, "status", WORDS(words), state);
}

/* The ten of SDOH Clinical Care (conventions.md 5.2). */
static enum told_status task_status(struct told_fhir *fhir, unsigned *state)
{
	static const struct told_fhir_word words[] = {
		{"draft", TOLD_REFERRAL_DRAFT, NULL},
		{"requested", TOLD_REFERRAL_REQUESTED, NULL},
		{"accepted", TOLD_REFERRAL_ACCEPTED, NULL},
		{"in-progress", TOLD_REFERRAL_IN_PROGRESS, NULL},
		{"on-hold", TOLD_REFERRAL_ON_HOLD, NULL},
		{"completed", TOLD_REFERRAL_COMPLETED, NULL},
		{"rejected", TOLD_REFERRAL_REJECTED, NULL},
		{"failed", TOLD_REFERRAL_FAILED, NULL},
		{"cancelled", TOLD_REFERRAL_CANCELLED, NULL},
		{"entered-in-error", TOLD_REFERRAL_ENTERED_IN_ERROR, NULL},
		{"received", 0, "it is not among the ten states of a referral"},
		{"ready", 0, "it is not among the ten states of a referral"},
	};
	return told_fhir_code(fhir, fhir->at, fhir->resource, "status", WORDS(words), state);
}

static enum told_status priority(struct told_fhir *fhir, struct told_bytes *out)
{
	static const struct told_fhir_word words[] = {
		{"routine", 1, NULL},
		{"urgent", 1, NULL},
		{"asap", 1, NULL},
		{"stat", 1, NULL},
	};
	unsigned value;
	*out = told_bytes(NULL, 0);
	if (json_object_get(fhir->resource, "priority") == NULL)
		return TOLD_OK;
	enum told_status status = told_fhir_code(fhir, fhir->at, fhir->resource, "priority", WORDS(words), &value);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, fhir->at, fhir->resource, "priority", out);
	return status;
}

static enum told_status asked_for(struct told_fhir *fhir)
{
	const json_t *not = json_object_get(fhir->resource, "doNotPerform");
	if (not == NULL || json_is_false(not ))
		return TOLD_OK;
	return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "doNotPerform"),
				"it asks that something is not done, and a referral cannot say that");
}

static enum told_status add_referral(struct told_fhir *fhir, struct told_import_referral *referral)
{
	struct told_bytes *const texts[] = {&referral->focus, &referral->priority, &referral->requester,
					    &referral->performer};
	enum told_status status = told_fhir_source(fhir, &referral->reference);
	for (size_t i = 0; status == TOLD_OK && i < sizeof texts / sizeof texts[0]; i++)
		status = told_fhir_keep(fhir, texts[i]);
	return status == TOLD_OK ? told_fhir_add_referral(fhir, referral) : status;
}

/* Who asks, whom, when; performer is the element that names who is asked, a list or one. */
static enum told_status parties(struct told_fhir *fhir, struct told_import_referral *referral, const char *performer)
{
	static const char *const when[] = {"authoredOn", NULL};
	struct told_fhir_reference who = {0}, whom = {0};
	struct told_bytes text;
	enum told_status status = told_fhir_reference(fhir, fhir->at, fhir->resource, "requester", &who);
	if (status == TOLD_OK && json_is_array(json_object_get(fhir->resource, performer)))
		status = told_fhir_first_reference(fhir, fhir->at, fhir->resource, performer, &whom);
	else if (status == TOLD_OK)
		status = told_fhir_reference(fhir, fhir->at, fhir->resource, performer, &whom);
	if (status == TOLD_OK)
		status = told_fhir_first_time(fhir, when, &text, &referral->authored_at_ms);
	if (status == TOLD_OK)
		status = priority(fhir, &referral->priority);
	referral->requester = who.text;
	referral->performer = whom.text;
	return status;
}

/* What is asked for, as a section of its own; the request's element is the question, the service the answer. */
static enum told_status add_service(struct told_fhir *fhir, const struct told_fhir_concept *code,
				    const struct told_fhir_category *category, struct told_import_referral *referral)
{
	const struct told_fhir_coding *first = told_fhir_first(code);
	if (first == NULL)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "code"),
					"it has no system and code to know it by");
	const struct told_story_value value = {.kind = TOLD_STORY_CODED,
					       .system = first->system,
					       .code = first->code,
					       .display = first->display.len > 0 ? first->display : code->text};
	struct told_import_section section = {.category = category->category,
					      .voice = TOLD_VOICE_WORKER,
					      .recorded_at_ms = referral->authored_at_ms,
					      .subject = referral->subject,
					      .told_by = referral->requester};
	struct told_story_item item;
	enum told_status status =
		told_fhir_item(fhir, told_text(REQUEST), told_text("ServiceRequest.code"), &value, 1, &item);
	if (status == TOLD_OK)
		status = told_fhir_source(fhir, &item.source);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, fhir->at, fhir->resource, "authoredOn", &item.said_at);
	item.voice = section.voice;
	told_catset_add(&section.classified, section.category);
	if (status == TOLD_OK)
		status = told_fhir_add_section(fhir, &(struct told_story){.items = &item, .item_count = 1}, &section);
	referral->section = fhir->import->section_count - 1;
	return status;
}

static enum told_status read_service(struct told_fhir *fhir, struct told_import_referral *referral,
				     struct told_fhir_category *category)
{
	struct told_fhir_concept code;
	*category = (struct told_fhir_category){0};
	if (json_object_get(fhir->resource, "code") == NULL || referral->state == TOLD_REFERRAL_ENTERED_IN_ERROR)
		return TOLD_OK;
	enum told_status status = told_fhir_concept(fhir, fhir->at, fhir->resource, "code", &code);
	if (status == TOLD_OK)
		status = told_fhir_category_must(fhir, &code, "code", category);
	return status == TOLD_OK ? add_service(fhir, &code, category, referral) : status;
}

enum told_status told_fhir_take_request(struct told_fhir *fhir)
{
	struct told_import_referral referral = {.section = TOLD_IMPORT_NONE};
	struct told_fhir_category category = {0};
	struct told_fhir_reference based_on = {0};
	enum told_status status = request_status(fhir, &referral.state);
	if (status == TOLD_OK)
		status = intent(fhir);
	if (status == TOLD_OK)
		status = asked_for(fhir);
	if (status == TOLD_OK)
		status = told_fhir_subject(fhir, "subject", true, &referral.subject);
	if (status == TOLD_OK)
		status = parties(fhir, &referral, "performer");
	if (status == TOLD_OK)
		status = told_fhir_first_reference(fhir, fhir->at, fhir->resource, "basedOn", &based_on);
	if (status == TOLD_OK)
		status = read_service(fhir, &referral, &category);
	referral.focus = based_on.text;
	if (status == TOLD_OK)
		status = add_referral(fhir, &referral);
	if (status != TOLD_OK)
		return status;
	return told_fhir_say(fhir, "referral, %s; %s%s%s", told_code(TOLD_LIST_REFERRAL, referral.state),
			     category.category != 0 ? told_code(TOLD_LIST_CATEGORY, category.category)
						    : "it does not say what for",
			     category.category != 0 ? " " : "", category.how);
}

/* "fulfill" makes a task the running state of a referral; what asks for a change of another request is not taken. */
static enum told_status task_kind(struct told_fhir *fhir, const struct told_fhir_concept *code, bool *fulfil)
{
	*fulfil = told_fhir_is(code, TASK_CODE, "fulfill");
	for (size_t i = 0; i < code->count; i++)
		if (!*fulfil && told_fhir_equal(code->codings[i].system, TASK_CODE))
			return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "code"),
						"it asks for a change of another request; make that change here");
	return TOLD_OK;
}

static enum told_status take_fulfilment(struct told_fhir *fhir, struct told_import_referral *referral)
{
	struct told_fhir_reference focus;
	const struct told_fhir_at *here = TOLD_FHIR_AT(fhir->at, "focus");
	enum told_status status = told_fhir_reference(fhir, fhir->at, fhir->resource, "focus", &focus);
	if (status == TOLD_OK && (!told_fhir_equal(focus.type, "ServiceRequest") || focus.text.len == 0))
		status = told_fhir_refuse(fhir, here, "it must name the ServiceRequest that it fulfils");
	referral->focus = focus.text;
	if (status == TOLD_OK)
		status = add_referral(fhir, referral);
	if (status != TOLD_OK)
		return status;
	return told_fhir_say(fhir, "referral, %s", told_code(TOLD_LIST_REFERRAL, referral->state));
}

static enum told_status step_items(struct told_fhir *fhir, const struct told_fhir_concept *code, unsigned state,
				   struct told_story_item *items)
{
	static const struct told_fhir_coding none;
	const struct told_fhir_coding *first = told_fhir_first(code);
	if (first == NULL)
		first = &none;
	struct told_bytes words = first->display.len > 0 ? first->display : code->text;
	struct told_story_value what = {
		.kind = TOLD_STORY_CODED, .system = first->system, .code = first->code, .display = words};
	if (first->code.len == 0)
		what = (struct told_story_value){.kind = TOLD_STORY_TEXT, .text = words};
	const struct told_story_value stands = {.kind = TOLD_STORY_CODED,
						.system = told_text("http://hl7.org/fhir/task-status"),
						.code = told_text(told_code(TOLD_LIST_REFERRAL, state))};
	bool said = what.code.len > 0 || what.text.len > 0;
	enum told_status status =
		told_fhir_item(fhir, told_text(TASK), told_text("Task.code"), &what, said ? 1 : 0, &items[0]);
	if (status == TOLD_OK)
		status = told_fhir_item(fhir, told_text(TASK), told_text("Task.status"), &stands, 1, &items[1]);
	return status;
}

/* Any other task is a step of the person's plan. What it is about stands in free words: a worker classifies it. */
static enum told_status take_step(struct told_fhir *fhir, const struct told_fhir_concept *code,
				  const struct told_import_referral *task)
{
	struct told_import_section section = {.category = TOLD_CATEGORY_PLN,
					      .voice = TOLD_VOICE_WORKER,
					      .recorded_at_ms = task->authored_at_ms,
					      .subject = task->subject,
					      .told_by = task->requester};
	struct told_story_item items[2];
	struct told_story story = {.items = items, .item_count = 2};
	struct told_bytes source, said_at = {0};
	if (task->state == TOLD_REFERRAL_ENTERED_IN_ERROR)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "status"), "it was marked as entered in error");
	enum told_status status = step_items(fhir, code, task->state, items);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, fhir->at, fhir->resource, "description", &story.text);
	if (status == TOLD_OK)
		status = told_fhir_source(fhir, &source);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, fhir->at, fhir->resource, "authoredOn", &said_at);
	if (status != TOLD_OK)
		return status;
	for (size_t i = 0; i < story.item_count; i++) {
		items[i].said_at = said_at;
		items[i].source = source;
		items[i].voice = section.voice;
	}
	section.free_text = story.text.len > 0;
	status = told_fhir_add_section(fhir, &story, &section);
	if (status != TOLD_OK)
		return status;
	return told_fhir_say(fhir,
			     "PLN, %s; about what a worker must classify before it goes anywhere; inputs and "
			     "outputs stay in the original",
			     told_code(TOLD_LIST_REFERRAL, task->state));
}

enum told_status told_fhir_take_task(struct told_fhir *fhir)
{
	struct told_import_referral task = {.task = true, .section = TOLD_IMPORT_NONE};
	struct told_fhir_concept code;
	bool fulfil = false;
	enum told_status status = task_status(fhir, &task.state);
	if (status == TOLD_OK)
		status = intent(fhir);
	if (status == TOLD_OK)
		status = told_fhir_subject(fhir, "for", false, &task.subject);
	if (status == TOLD_OK)
		status = told_fhir_concept(fhir, fhir->at, fhir->resource, "code", &code);
	if (status == TOLD_OK)
		status = task_kind(fhir, &code, &fulfil);
	if (status == TOLD_OK)
		status = parties(fhir, &task, "owner");
	if (status != TOLD_OK)
		return status;
	return fulfil ? take_fulfilment(fhir, &task) : take_step(fhir, &code, &task);
}
