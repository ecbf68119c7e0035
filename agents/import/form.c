/* SPDX-License-Identifier: Apache-2.0 */
/* Questionnaire: the codes of its questions, so that answers in the same file are known by code and not by place.
 * Touches the tree and the arena. */
#include "agents/import/file.h"
#include "agents/import/shape.h"
#include "agents/import/take.h"

#include "told/limits.h"

/* linkId -> item, over all levels. Before a form is judged, so wrong parts are passed over: they are refused later. */
static enum told_status index_items(json_t *index, const json_t *list, size_t *count)
{
	for (size_t i = 0; i < json_array_size(list) && *count < TOLD_IMPORT_ITEMS_MAX; i++, ++*count) {
		json_t *item = json_array_get(list, i);
		const char *link = json_string_value(json_object_get(item, "linkId"));
		if (link != NULL && json_object_set(index, link, item) != 0)
			return TOLD_E_MEMORY;
		enum told_status status = index_items(index, json_object_get(item, "item"), count);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

enum told_status told_fhir_learn_form(struct told_fhir *fhir, const json_t *questionnaire)
{
	const char *url = json_string_value(json_object_get(questionnaire, "url"));
	size_t count = 0;
	if (url == NULL)
		return TOLD_OK;
	json_t *index = json_object();
	if (index == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = index_items(index, json_object_get(questionnaire, "item"), &count);
	if (status == TOLD_OK && json_object_set(fhir->by_form, url, index) != 0)
		status = TOLD_E_MEMORY;
	json_decref(index);
	return status;
}

struct tally {
	size_t items, questions;
};

static enum told_status count_items(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				    struct tally *tally);

static enum told_status count_item(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *item,
				   struct tally *tally)
{
	struct told_bytes link, type;
	if (++tally->items > TOLD_IMPORT_ITEMS_MAX)
		return told_fhir_refuse(fhir, at, "the form has too many items");
	enum told_status status = told_fhir_shape(fhir, at, item, "Questionnaire.item");
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, at, item, "linkId", &link);
	if (status == TOLD_OK)
		status = told_fhir_text(fhir, at, item, "type", &type);
	if (status == TOLD_OK && (link.len == 0 || type.len == 0))
		status = told_fhir_refuse(fhir, at, "an item must have a linkId and a type");
	if (!told_fhir_equal(type, "group") && !told_fhir_equal(type, "display"))
		tally->questions++;
	return status == TOLD_OK ? count_items(fhir, at, item, tally) : status;
}

/* Recursion is bounded by TOLD_IMPORT_DEPTH_MAX. */
static enum told_status count_items(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				    struct tally *tally)
{
	json_t *list = NULL;
	enum told_status status = told_fhir_list(fhir, at, object, "item", &list);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++)
		status = count_item(fhir, TOLD_FHIR_AT_I(at, "item", i), json_array_get(list, i), tally);
	return status;
}

static enum told_status form_status(struct told_fhir *fhir)
{
	static const struct told_fhir_word words[] = {
		{"draft", 1, NULL},
		{"active", 1, NULL},
		{"retired", 1, NULL},
		{"unknown", 0, "nobody can say whether it may be used"},
	};
	unsigned value;
	return told_fhir_code(fhir, fhir->at, fhir->resource, "status", words, sizeof words / sizeof words[0], &value);
}

enum told_status told_fhir_take_questionnaire(struct told_fhir *fhir)
{
	struct told_import_form form = {0};
	struct tally tally = {0};
	const struct {
		const char *name;
		struct told_bytes *out;
	} texts[] = {
		{"url", &form.url},
		{"version", &form.version},
		{"title", &form.title},
	};
	enum told_status status = form_status(fhir);
	for (size_t i = 0; status == TOLD_OK && i < sizeof texts / sizeof texts[0]; i++) {
		status = told_fhir_text(fhir, fhir->at, fhir->resource, texts[i].name, texts[i].out);
		if (status == TOLD_OK)
			status = told_fhir_keep(fhir, texts[i].out);
	}
	if (status == TOLD_OK)
		status = count_items(fhir, fhir->at, fhir->resource, &tally);
	form.questions = tally.questions;
	if (status == TOLD_OK)
		status = told_fhir_add_form(fhir, &form);
	if (status != TOLD_OK)
		return status;
	return told_fhir_say(fhir, "form of %zu questions, for their codes", form.questions);
}
