/* SPDX-License-Identifier: Apache-2.0 */
/* One file: opened, counted, taken apart into resources, each taken over or refused, each with its one line. A refused
 * resource leaves nothing behind. Touches the heap; reads no file and follows no reference out of this one. */
#include "agents/import/file.h"
#include "agents/import/refusals.h"
#include "agents/import/shape.h"
#include "agents/import/take.h"

#include "told/limits.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *type;
	enum told_status (*take)(struct told_fhir *);
} takers[] = {
	{"Condition", told_fhir_take_condition},
	{"Consent", told_fhir_take_consent},
	{"Goal", told_fhir_take_goal},
	{"Observation", told_fhir_take_observation},
	{"Questionnaire", told_fhir_take_questionnaire},
	{"QuestionnaireResponse", told_fhir_take_response},
	{"ServiceRequest", told_fhir_take_request},
	{"Task", told_fhir_take_task},
};

/* FHIR's types and ids hold nothing that could harm a terminal; what does is not printed. */
static const char *printable(struct told_fhir *fhir, const json_t *text, const char *marks)
{
	const char *chars = json_string_value(text);
	size_t len = json_string_length(text);
	if (chars == NULL || len == 0 || len > TOLD_NAME_MAX_BYTES)
		return "-";
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)chars[i]) && (chars[i] == '\0' || strchr(marks, chars[i]) == NULL))
			return "-";
	return told_arena_text(fhir->import->arena, told_bytes(chars, len));
}

/* How much was filed before a resource, so that refusing it leaves nothing of it. */
struct mark {
	size_t sections, referrals, permissions, forms;
	struct told_bytes subject;
};

static struct mark mark_of(const struct told_import *import)
{
	return (struct mark){import->section_count, import->referral_count, import->permission_count,
			     import->form_count, import->subject};
}

static void back_to(struct told_import *import, const struct mark *mark)
{
	import->section_count = mark->sections;
	import->referral_count = mark->referrals;
	import->permission_count = mark->permissions;
	import->form_count = mark->forms;
	import->subject = mark->subject;
}

static enum told_status add_line(struct told_fhir *fhir, enum told_import_outcome outcome)
{
	const struct told_import_resource line = {
		.outcome = outcome, .type = fhir->type, .id = fhir->id, .why = fhir->reason, .where = fhir->place};
	return told_fhir_add_resource(fhir->import, &line);
}

/* Security labels: "restricted" makes a section confidential; one that we do not know may forbid what we would do. */
static enum told_status security(struct told_fhir *fhir)
{
	json_t *meta = NULL, *list = NULL;
	const struct told_fhir_at *here = TOLD_FHIR_AT(fhir->at, "meta");
	enum told_status status = told_fhir_object(fhir, fhir->at, fhir->resource, "meta", &meta);
	if (status == TOLD_OK)
		status = told_fhir_list(fhir, here, meta, "security", &list);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		struct told_fhir_coding coding;
		const struct told_fhir_at *label = TOLD_FHIR_AT_I(here, "security", i);
		status = told_fhir_coding(fhir, label, json_array_get(list, i), &coding);
		if (status != TOLD_OK)
			return status;
		bool level = told_fhir_equal(coding.system, "http://terminology.hl7.org/CodeSystem/v3-Confidentiality");
		if (!level || coding.code.len != 1 || strchr("ULMNRV", coding.code.data[0]) == NULL)
			return told_fhir_refuse(fhir, label, "this security label cannot be honoured");
		fhir->confidential = fhir->confidential || strchr("RV", coding.code.data[0]) != NULL;
	}
	return status;
}

/* The type names what it is; the id, when it has one, must be one of FHIR's. */
static enum told_status name(struct told_fhir *fhir)
{
	const json_t *id = json_object_get(fhir->resource, "id");
	fhir->type = printable(fhir, json_object_get(fhir->resource, "resourceType"), "");
	fhir->id = printable(fhir, id, "-.");
	if (fhir->type == NULL || fhir->id == NULL)
		return TOLD_E_MEMORY;
	if (id != NULL && strcmp(fhir->id, "-") == 0)
		return told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "id"), "it is no id of FHIR");
	return TOLD_OK;
}

static enum told_status take(struct told_fhir *fhir)
{
	for (size_t i = 0; i < sizeof takers / sizeof takers[0]; i++) {
		if (strcmp(fhir->type, takers[i].type) != 0)
			continue;
		enum told_status status = told_fhir_shape(fhir, fhir->at, fhir->resource, fhir->type);
		if (status == TOLD_OK)
			status = told_fhir_modifiers(fhir, fhir->at, fhir->resource, "");
		if (status == TOLD_OK)
			status = security(fhir);
		return status == TOLD_OK ? takers[i].take(fhir) : status;
	}
	return told_fhir_refuse(fhir, fhir->at, "%s is not taken over: %s", fhir->type, told_fhir_refusal(fhir->type));
}

static enum told_status read_bundle(struct told_fhir *fhir, const char *whole);

/* Contained resources live only inside their container: each is named, none is taken. */
static enum told_status lines_of_contained(struct told_fhir *fhir, const struct told_fhir_at *at,
					   const json_t *resource)
{
	const json_t *list = json_object_get(resource, "contained");
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++) {
		fhir->resource = json_array_get(list, i);
		fhir->at = TOLD_FHIR_AT_I(at, "contained", i);
		status = name(fhir);
		if (status == TOLD_OK || status == TOLD_E_REFUSED)
			status = told_fhir_refuse(fhir, fhir->at,
						  "a contained resource is not taken over apart from its container");
		if (status == TOLD_E_REFUSED)
			status = add_line(fhir, TOLD_IMPORT_REFUSED);
	}
	return status;
}

/* One resource and its line. whole, when set, is why everything here is refused (its bundle was). */
static enum told_status read_resource(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *resource,
				      const char *whole)
{
	struct mark mark = mark_of(fhir->import);
	fhir->resource = resource;
	fhir->at = at;
	fhir->confidential = false;
	fhir->original = told_import_doc_bytes(fhir->doc, resource);
	enum told_status status = name(fhir);
	if (status == TOLD_OK && strcmp(fhir->type, "Bundle") == 0)
		return read_bundle(fhir, whole);
	if (status == TOLD_OK)
		status = whole != NULL ? told_fhir_refuse(fhir, at, "%s", whole) : take(fhir);
	if (status != TOLD_OK && status != TOLD_E_REFUSED)
		return status;
	bool taken = status == TOLD_OK;
	if (!taken)
		back_to(fhir->import, &mark);
	else if ((fhir->place = told_fhir_path(fhir, at)) == NULL)
		return TOLD_E_MEMORY;
	status = add_line(fhir, taken ? TOLD_IMPORT_IMPORTED : TOLD_IMPORT_REFUSED);
	return status == TOLD_OK ? lines_of_contained(fhir, at, resource) : status;
}

static enum told_status no_resource(struct told_fhir *fhir, const struct told_fhir_at *at, const char *why)
{
	fhir->type = fhir->id = "-";
	enum told_status status = told_fhir_refuse(fhir, at, "%s", why);
	return status == TOLD_E_REFUSED ? add_line(fhir, TOLD_IMPORT_REFUSED) : status;
}

/* One entry: modifiers beside its resource would change it, so they refuse it. */
static enum told_status read_entry(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *entry,
				   const char *whole)
{
	const json_t *resource = json_object_get(entry, "resource");
	if (!json_is_object(resource))
		return no_resource(fhir, at, "the entry holds no resource");
	if (!json_is_string(json_object_get(resource, "resourceType")))
		return no_resource(fhir, TOLD_FHIR_AT(at, "resource"), "it does not say what resource it is");
	enum told_status status = told_fhir_modifiers(fhir, at, entry, "resource");
	if (status == TOLD_OK)
		status = told_fhir_shape(fhir, at, entry, "Bundle.entry");
	if (status != TOLD_OK && status != TOLD_E_REFUSED)
		return status;
	const char *why = status == TOLD_OK ? whole : "its entry in the bundle cannot be honoured";
	return read_resource(fhir, TOLD_FHIR_AT(at, "resource"), resource, why);
}

/* What these kinds of bundle ask, or stand and fall with, is not taken over; the others only hold resources. */
static enum told_status bundle_type(struct told_fhir *fhir)
{
	static const char acts[] = "it asks a server to act, and this is none";
	static const struct told_fhir_word words[] = {
		{"message", 1, NULL},
		{"searchset", 1, NULL},
		{"collection", 1, NULL},
		{"document", 0, "it stands and falls with its Composition, which is not taken over"},
		{"transaction", 0, acts},
		{"transaction-response", 0, acts},
		{"batch", 0, acts},
		{"batch-response", 0, acts},
		{"history", 0, "it holds what was replaced and deleted beside what holds now"},
	};
	unsigned value;
	return told_fhir_code(fhir, fhir->at, fhir->resource, "type", words, sizeof words / sizeof words[0], &value);
}

static enum told_status judge_bundle(struct told_fhir *fhir)
{
	enum told_status status = told_fhir_shape(fhir, fhir->at, fhir->resource, "Bundle");
	if (status == TOLD_OK)
		status = told_fhir_modifiers(fhir, fhir->at, fhir->resource, "entry");
	if (status == TOLD_OK)
		status = security(fhir);
	if (status == TOLD_OK && fhir->confidential)
		status =
			told_fhir_refuse(fhir, TOLD_FHIR_AT(fhir->at, "meta"),
					 "a restricted bundle restricts what it holds; restrict each resource instead");
	if (status == TOLD_OK)
		status = bundle_type(fhir);
	return status;
}

/* The bundle's own line, then one for each entry; a refused bundle refuses them all. */
static enum told_status read_bundle(struct told_fhir *fhir, const char *whole)
{
	const struct told_fhir_at *at = fhir->at;
	const json_t *entries = json_object_get(fhir->resource, "entry");
	enum told_status status = whole != NULL ? told_fhir_refuse(fhir, at, "%s", whole) : judge_bundle(fhir);
	bool taken = status == TOLD_OK;
	if (taken) {
		fhir->place = told_fhir_path(fhir, at);
		status = fhir->place != NULL
				 ? told_fhir_say(fhir, "taken apart into its %zu entries", json_array_size(entries))
				 : TOLD_E_MEMORY;
	}
	if (status == TOLD_OK || status == TOLD_E_REFUSED)
		status = add_line(fhir, taken ? TOLD_IMPORT_IMPORTED : TOLD_IMPORT_REFUSED);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(entries); i++)
		status = read_entry(fhir, TOLD_FHIR_AT_I(at, "entry", i), json_array_get(entries, i),
				    taken ? NULL : "its bundle is refused");
	return status;
}

/* Before anything is taken: how many resources, which forms, and what the bundle's references name. */
static enum told_status survey(struct told_fhir *fhir, const json_t *resource)
{
	const char *type = json_string_value(json_object_get(resource, "resourceType"));
	const json_t *entries = json_object_get(resource, "entry");
	fhir->counted += 1 + json_array_size(json_object_get(resource, "contained"));
	if (type != NULL && strcmp(type, "Questionnaire") == 0)
		return told_fhir_learn_form(fhir, resource);
	if (type == NULL || strcmp(type, "Bundle") != 0)
		return TOLD_OK;
	for (size_t i = 0; i < json_array_size(entries); i++) {
		const json_t *entry = json_array_get(entries, i);
		json_t *inner = json_object_get(entry, "resource");
		const char *url = json_string_value(json_object_get(entry, "fullUrl"));
		if (url != NULL && json_is_object(inner) && json_object_set(fhir->by_url, url, inner) != 0)
			return TOLD_E_MEMORY;
		enum told_status status = survey(fhir, inner);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

/* The one line of a file that was not looked into. */
static enum told_status not_read(struct told_fhir *fhir, const char *why, const char *type, const char *where)
{
	fhir->import->understood = false;
	const struct told_import_resource line = {
		.outcome = TOLD_IMPORT_REFUSED, .type = type, .id = "-", .why = why, .where = where};
	return told_fhir_add_resource(fhir->import, &line);
}

static enum told_status not_json(struct told_fhir *fhir, const struct told_json_error *error)
{
	struct told_buf place = TOLD_BUF(TOLD_NAME_MAX_BYTES);
	told_buf_printf(&place, "%zu:%zu", error->line, error->column);
	const char *where = told_arena_text(fhir->import->arena, told_buf_view(&place));
	told_buf_free(&place);
	return where != NULL ? not_read(fhir, error->why, "-", where) : TOLD_E_MEMORY;
}

static enum told_status read_root(struct told_fhir *fhir)
{
	const json_t *root = fhir->doc->root;
	if (!json_is_object(root) || !json_is_string(json_object_get(root, "resourceType")))
		return not_read(fhir, "it is JSON but no FHIR resource: it has no resourceType", "-", "1:1");
	enum told_status status = survey(fhir, root);
	const char *type = printable(fhir, json_object_get(root, "resourceType"), "");
	if (type == NULL)
		return TOLD_E_MEMORY;
	if (strcmp(type, "-") == 0)
		return not_read(fhir, "it is JSON but no FHIR resource: its resourceType is no name", "-", "1:1");
	if (status == TOLD_OK && fhir->counted > TOLD_IMPORT_RESOURCES_MAX)
		return not_read(fhir, "it holds more resources than are taken at once", type, type);
	if (status != TOLD_OK)
		return status;
	fhir->import->understood = true;
	return read_resource(fhir, &(const struct told_fhir_at){NULL, type, TOLD_IMPORT_NONE}, root, NULL);
}

static enum told_status read_file(struct told_import *import, struct told_bytes file,
				  const struct told_import_options *options)
{
	struct told_import_doc doc = {0};
	struct told_json_error error = {"", 1, 1};
	struct told_fhir fhir = {.import = import, .options = options, .doc = &doc};
	enum told_status status = told_import_doc_open(file, &doc, &error);
	if (status == TOLD_E_MALFORMED || status == TOLD_E_LIMIT)
		return not_json(&fhir, &error);
	fhir.by_url = json_object();
	fhir.by_form = json_object();
	if (status == TOLD_OK && (fhir.by_url == NULL || fhir.by_form == NULL))
		status = TOLD_E_MEMORY;
	if (status == TOLD_OK)
		status = read_root(&fhir);
	json_decref(fhir.by_url);
	json_decref(fhir.by_form);
	told_import_doc_close(&doc);
	return status;
}

enum told_status told_import_read(struct told_bytes file, const struct told_import_options *options,
				  struct told_import **out)
{
	static const struct told_import_options none;
	*out = NULL;
	struct told_import *import = calloc(1, sizeof *import);
	if (import == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = told_arena_new(TOLD_IMPORT_ARENA_BYTES, &import->arena);
	struct told_bytes copy = file; /* a file beyond the limit is refused without a copy */
	if (status == TOLD_OK && file.len > 0 && file.len <= TOLD_IMPORT_FILE_MAX_BYTES) {
		copy = told_arena_copy(import->arena, file);
		status = copy.len > 0 ? TOLD_OK : TOLD_E_MEMORY;
	}
	if (status == TOLD_OK)
		status = read_file(import, copy, options != NULL ? options : &none);
	if (status != TOLD_OK) {
		told_import_free(import);
		return status;
	}
	*out = import;
	return TOLD_OK;
}

void told_import_free(struct told_import *import)
{
	if (import == NULL)
		return;
	free(import->resources);
	free(import->sections);
	free(import->referrals);
	free(import->permissions);
	free(import->forms);
	told_arena_free(import->arena);
	free(import);
}
