/* SPDX-License-Identifier: Apache-2.0 */
/* A Questionnaire from JSON: the outermost object and the tree of items, which becomes one list, parents first. */
#include "agents/form/internal.h"

#include "agents/story/json.h"
#include "told/limits.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The tree of strings and numbers takes a few times the file; more means that something is wrong. */
#define ARENA_MAX_BYTES (4u * TOLD_FORM_MAX_BYTES)

enum told_status form_fault(const struct loader *loader, enum told_status status, const char *format, ...)
{
	if (loader->why == NULL)
		return status;
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	told_buf_printf(loader->why, "%s: %s", loader->where, text);
	return status;
}

static bool has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

enum told_status form_text(struct loader *loader, const json_t *value, const char *name, size_t max, const char **out)
{
	if (!json_is_string(value) || json_string_length(value) == 0 || has_control(json_string_value(value)))
		return form_fault(loader, TOLD_E_MALFORMED, "\"%s\" must be text on one line", name);
	if (json_string_length(value) > max)
		return form_fault(loader, TOLD_E_LIMIT, "\"%s\" is longer than %zu bytes", name, max);
	*out = told_arena_text(loader->form->arena, told_text(json_string_value(value)));
	return *out != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

/* Counts items and bounds the depth before anything is allocated. */
static enum told_status count_items(struct loader *loader, const json_t *items, unsigned depth, size_t *count)
{
	if (!json_is_array(items) || json_array_size(items) == 0)
		return form_fault(loader, TOLD_E_MALFORMED, "\"item\" must be a list with something in it");
	if (depth > TOLD_FORM_DEPTH_MAX)
		return form_fault(loader, TOLD_E_LIMIT, "groups are nested more than %u deep", TOLD_FORM_DEPTH_MAX);
	*count += json_array_size(items);
	if (*count > TOLD_FORM_ITEMS_MAX)
		return form_fault(loader, TOLD_E_LIMIT, "more than %u items", TOLD_FORM_ITEMS_MAX);
	size_t i;
	json_t *item;
	json_array_foreach(items, i, item)
	{
		const json_t *children = json_object_get(item, "item");
		enum told_status status = children != NULL ? count_items(loader, children, depth + 1, count) : TOLD_OK;
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static bool stands_before(const struct told_form *form, const struct told_item *item)
{
	for (const struct told_item *other = form->items; other < item; other++)
		if (strcmp(other->link_id, item->link_id) == 0 ||
		    (item->code != NULL && other->code != NULL && strcmp(other->code, item->code) == 0))
			return true;
	return false;
}

static enum told_status read_items(struct loader *loader, const json_t *items, size_t parent, const char *path)
{
	size_t i;
	json_t *json;
	json_array_foreach(items, i, json)
	{
		struct told_form *form = loader->form;
		struct told_item *item = &form->items[form->count];
		char here[256];
		snprintf(here, sizeof here, "%.200s.item[%zu]", path, i);
		*item = (struct told_item){.parent = parent, .total_of = TOLD_NO_ITEM};
		loader->where = here;
		enum told_status status = form_item_read(loader, json, item);
		if (status != TOLD_OK)
			return status;
		if (stands_before(form, item))
			return form_fault(loader, TOLD_E_MALFORMED, "this linkId or code stands in the form twice");
		size_t index = form->count++;
		const json_t *children = json_object_get(json, "item");
		status = children != NULL ? read_items(loader, children, index, here) : TOLD_OK;
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

/* -- the outermost object -- */

static enum told_status read_type(struct loader *loader, const json_t *value)
{
	const char *type = json_string_value(value);
	if (type == NULL || strcmp(type, "Questionnaire") != 0)
		return form_fault(loader, TOLD_E_MALFORMED, "an intake form is a FHIR R4 Questionnaire");
	return TOLD_OK;
}

static enum told_status read_url(struct loader *loader, const json_t *value)
{
	return form_text(loader, value, "url", TOLD_TEXT_MAX_BYTES, &loader->form->url);
}

static enum told_status read_title(struct loader *loader, const json_t *value)
{
	return form_text(loader, value, "title", TOLD_TEXT_MAX_BYTES, &loader->form->title);
}

static enum told_status read_status(struct loader *loader, const json_t *value)
{
	const char *word = json_string_value(value);
	if (word == NULL || (strcmp(word, "active") != 0 && strcmp(word, "draft") != 0))
		return form_fault(loader, TOLD_E_UNKNOWN,
				  "\"status\" must be active or draft: a retired form is not filled in");
	return TOLD_OK;
}

static enum told_status read_nothing(struct loader *loader, const json_t *value)
{
	(void)loader, (void)value;
	return TOLD_OK;
}

/* What is read, and what is about the form and not part of it. Everything else is refused. */
static const struct {
	const char *name;
	enum told_status (*read)(struct loader *, const json_t *);
} members[] = {
	{"resourceType", read_type},    {"url", read_url},
	{"title", read_title},          {"status", read_status},
	{"item", read_nothing},         {"id", read_nothing},
	{"meta", read_nothing},         {"text", read_nothing},
	{"version", read_nothing},      {"name", read_nothing},
	{"identifier", read_nothing},   {"date", read_nothing},
	{"experimental", read_nothing}, {"subjectType", read_nothing},
	{"publisher", read_nothing},    {"contact", read_nothing},
	{"description", read_nothing},  {"purpose", read_nothing},
	{"copyright", read_nothing},    {"language", read_nothing},
	{"approvalDate", read_nothing}, {"jurisdiction", read_nothing},
	{"useContext", read_nothing},
};

static enum told_status read_members(struct loader *loader, const json_t *root)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)root, name, value)
	{
		size_t i = 0;
		while (i < sizeof members / sizeof *members && strcmp(members[i].name, name) != 0)
			i++;
		if (i == sizeof members / sizeof *members)
			return form_fault(loader, TOLD_E_UNKNOWN, "\"%.64s\" is nothing that we take in a form", name);
		enum told_status status = members[i].read(loader, value);
		if (status != TOLD_OK)
			return status;
	}
	if (json_object_get(root, "resourceType") == NULL || json_object_get(root, "status") == NULL ||
	    loader->form->url == NULL || loader->form->title == NULL)
		return form_fault(loader, TOLD_E_MALFORMED, "resourceType, url, title and status must be there");
	return TOLD_OK;
}

static enum told_status read_form(struct loader *loader, const json_t *root)
{
	size_t count = 0;
	if (!json_is_object(root))
		return form_fault(loader, TOLD_E_MALFORMED, "an intake form is a FHIR R4 Questionnaire");
	enum told_status status = read_members(loader, root);
	if (status == TOLD_OK)
		status = count_items(loader, json_object_get(root, "item"), 1, &count);
	if (status != TOLD_OK)
		return status;
	struct told_form *form = loader->form;
	form->items = told_arena_alloc(form->arena, count * sizeof *form->items);
	if (form->items == NULL)
		return TOLD_E_MEMORY;
	status = read_items(loader, json_object_get(root, "item"), TOLD_NO_ITEM, "Questionnaire");
	return status == TOLD_OK ? form_settle(loader) : status;
}

static enum told_status parse(struct told_bytes text, json_t **out, struct told_buf *why)
{
	static const struct told_json_limits limits = {TOLD_FORM_MAX_BYTES, 32, TOLD_FORM_MAX_BYTES / 8};
	struct told_json_error error = {0};
	enum told_status status = told_json_load(text, &limits, out, &error);
	if (status != TOLD_OK && why != NULL)
		told_buf_printf(why, "%zu:%zu: %s", error.line, error.column, error.why);
	return status;
}

enum told_status told_form_load(struct told_bytes text, struct told_form **out, struct told_buf *why)
{
	json_t *root = NULL;
	*out = NULL;
	struct told_form *form = calloc(1, sizeof *form);
	struct loader loader = {.form = form, .why = why, .where = "Questionnaire"};
	enum told_status status = form != NULL ? told_arena_new(ARENA_MAX_BYTES, &form->arena) : TOLD_E_MEMORY;
	if (status == TOLD_OK)
		status = parse(text, &root, why);
	if (status == TOLD_OK)
		status = read_form(&loader, root);
	if (status == TOLD_OK) {
		*out = form;
		form = NULL;
	}
	json_decref(root);
	told_form_free(form);
	return status;
}

void told_form_free(struct told_form *form)
{
	if (form == NULL)
		return;
	told_arena_free(form->arena);
	free(form);
}
