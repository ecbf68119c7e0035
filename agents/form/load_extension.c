/* SPDX-License-Identifier: Apache-2.0 */
/* The extensions of an item: how often to ask, the category, a range, a total, a flag. Others are refused, because one
 * that is passed over could have changed the question. */
#include "agents/form/internal.h"

#include "told/limits.h"
#include <string.h>

#define FHIR "http://hl7.org/fhir/StructureDefinition/"
/* Sums of a whole form stay far from overflow. */
#define NUMBER_MAX INT64_C(1000000000)

static enum told_status read_ask(struct loader *loader, const json_t *value, struct told_item *item)
{
	static const char *const words[] = {
		[TOLD_ASK_ONCE] = "once", [TOLD_ASK_CONFIRM] = "confirm", [TOLD_ASK_ALWAYS] = "always"};
	const char *word = json_is_string(value) ? json_string_value(value) : "";
	for (item->ask = TOLD_ASK_ONCE; item->ask <= TOLD_ASK_ALWAYS; item->ask++)
		if (strcmp(words[item->ask], word) == 0)
			return TOLD_OK;
	return form_fault(loader, TOLD_E_UNKNOWN, "ask is once, confirm or always");
}

static enum told_status read_leaf(struct loader *loader, const json_t *value, unsigned *out)
{
	*out = json_is_string(value) ? told_value(TOLD_LIST_CATEGORY, told_text(json_string_value(value))) : 0;
	return *out != 0 ? TOLD_OK : form_fault(loader, TOLD_E_UNKNOWN, "a category is one leaf, such as HOU.SIT");
}

static enum told_status read_category(struct loader *loader, const json_t *value, struct told_item *item)
{
	return read_leaf(loader, value, &item->category);
}

static enum told_status read_number(struct loader *loader, const json_t *value, int64_t *out)
{
	*out = json_integer_value(value);
	if (!json_is_integer(value) || *out < -NUMBER_MAX || *out > NUMBER_MAX)
		return form_fault(loader, TOLD_E_LIMIT, "a number here is whole, and within a thousand million of 0");
	return TOLD_OK;
}

static enum told_status read_min(struct loader *loader, const json_t *value, struct told_item *item)
{
	item->has_min = true;
	return read_number(loader, value, &item->min);
}

static enum told_status read_max(struct loader *loader, const json_t *value, struct told_item *item)
{
	item->has_max = true;
	return read_number(loader, value, &item->max);
}

static enum told_status read_total_of(struct loader *loader, const json_t *value, struct told_item *item)
{
	item->total_of = json_is_string(value) ? told_form_find(loader->form, json_string_value(value)) : TOLD_NO_ITEM;
	if (item->total_of == TOLD_NO_ITEM || loader->form->items[item->total_of].type != TOLD_ITEM_GROUP)
		return form_fault(loader, TOLD_E_UNKNOWN, "total-of names a group that stands before this item");
	return TOLD_OK;
}

/* The part of a flag with that name, its value under `member`. */
static const json_t *part(const json_t *parts, const char *url, const char *member)
{
	size_t i;
	json_t *extension;
	json_array_foreach(parts, i, extension)
	{
		const char *is = json_string_value(json_object_get(extension, "url"));
		if (is != NULL && strcmp(is, url) == 0)
			return json_object_get(extension, member);
	}
	return NULL;
}

static enum told_status read_flag(struct loader *loader, const json_t *value, struct told_item *item)
{
	if (json_array_size(value) != 2)
		return form_fault(loader, TOLD_E_MALFORMED, "a flag is two parts: above, and category");
	enum told_status status = read_number(loader, part(value, "above", "valueInteger"), &item->flag_above);
	if (status == TOLD_OK)
		status = read_leaf(loader, part(value, "category", "valueCode"), &item->flag_category);
	item->flags = status == TOLD_OK;
	return status;
}

static const struct {
	const char *url, *member;
	enum told_status (*read)(struct loader *, const json_t *, struct told_item *);
} extensions[] = {
	{TOLD_FORM_BASE "ask", "valueCode", read_ask},
	{TOLD_FORM_BASE "category", "valueCode", read_category},
	{TOLD_FORM_BASE "total-of", "valueString", read_total_of},
	{TOLD_FORM_BASE "flag", "extension", read_flag},
	{FHIR "minValue", "valueInteger", read_min},
	{FHIR "maxValue", "valueInteger", read_max},
};

enum told_status form_extension_read(struct loader *loader, const json_t *json, struct told_item *item)
{
	const char *url = json_string_value(json_object_get(json, "url"));
	for (size_t i = 0; url != NULL && i < sizeof extensions / sizeof *extensions; i++) {
		if (strcmp(url, extensions[i].url) != 0)
			continue;
		const json_t *value = json_object_get(json, extensions[i].member);
		if (value == NULL || json_object_size(json) != 2)
			return form_fault(loader, TOLD_E_MALFORMED, "extension %s takes %s and no more", url,
					  extensions[i].member);
		return extensions[i].read(loader, value, item);
	}
	return form_fault(loader, TOLD_E_UNKNOWN, "extension \"%.160s\" is nothing that we know",
			  url != NULL ? url : "");
}
