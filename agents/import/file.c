/* SPDX-License-Identifier: Apache-2.0 */
/* Items into sections, and the growing lists of the result. Touches the arena and the heap. */
#include "agents/import/file.h"

#include "told/limits.h"
#include <stdlib.h>
#include <string.h>

/* Room for one more of size bytes: doubles at powers of two, so no capacity need be kept. */
static enum told_status grow(void **list, size_t count, size_t size)
{
	bool full = (count & (count - 1)) == 0;
	if (!full)
		return TOLD_OK;
	void *grown = realloc(*list, (count == 0 ? 1 : count * 2) * size);
	if (grown == NULL)
		return TOLD_E_MEMORY;
	*list = grown;
	return TOLD_OK;
}

/* X(function, list): each list of the result grows alike. */
#define APPEND(list, count, value)                                                                                     \
	do {                                                                                                           \
		void *grown = (list);                                                                                  \
		enum told_status grow_status = grow(&grown, (count), sizeof *(list));                                  \
		(list) = grown;                                                                                        \
		if (grow_status != TOLD_OK)                                                                            \
			return grow_status;                                                                            \
		(list)[(count)++] = (value);                                                                           \
	} while (0)

enum told_status told_fhir_file_add(struct told_fhir_files *files, const struct told_fhir_filed *item)
{
	APPEND(files->items, files->count, *item);
	return TOLD_OK;
}

void told_fhir_files_free(struct told_fhir_files *files)
{
	free(files->items);
	*files = (struct told_fhir_files){0};
}

enum told_status told_fhir_add_resource(struct told_import *import, const struct told_import_resource *resource)
{
	APPEND(import->resources, import->resource_count, *resource);
	return TOLD_OK;
}

enum told_status told_fhir_add_referral(struct told_fhir *fhir, struct told_import_referral *referral)
{
	referral->resource = fhir->import->resource_count;
	referral->original = fhir->original;
	APPEND(fhir->import->referrals, fhir->import->referral_count, *referral);
	return TOLD_OK;
}

enum told_status told_fhir_add_permission(struct told_fhir *fhir, struct told_import_permission *permission)
{
	permission->resource = fhir->import->resource_count;
	permission->original = fhir->original;
	APPEND(fhir->import->permissions, fhir->import->permission_count, *permission);
	return TOLD_OK;
}

enum told_status told_fhir_add_form(struct told_fhir *fhir, struct told_import_form *form)
{
	form->resource = fhir->import->resource_count;
	form->original = fhir->original;
	APPEND(fhir->import->forms, fhir->import->form_count, *form);
	return TOLD_OK;
}

enum told_status told_fhir_keep(struct told_fhir *fhir, struct told_bytes *text)
{
	if (text->len == 0)
		return TOLD_OK;
	*text = told_arena_copy(fhir->import->arena, *text);
	return text->len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status add_section(struct told_fhir *fhir, const struct told_import_section *section)
{
	APPEND(fhir->import->sections, fhir->import->section_count, *section);
	return TOLD_OK;
}

enum told_status told_fhir_source(struct told_fhir *fhir, struct told_bytes *out)
{
	struct told_buf text = TOLD_BUF(2 * TOLD_NAME_MAX_BYTES + 2);
	told_buf_put_text(&text, fhir->type);
	if (strcmp(fhir->id, "-") != 0)
		told_buf_printf(&text, "/%s", fhir->id);
	*out = told_arena_copy(fhir->import->arena, told_buf_view(&text));
	told_buf_free(&text);
	return out->len > 0 ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_fhir_item(struct told_fhir *fhir, struct told_bytes system, struct told_bytes code,
				const struct told_story_value *values, size_t count, struct told_story_item *out)
{
	struct told_buf uri = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	told_story_uri(system, code, &uri);
	enum told_status status = uri.status;
	*out = (struct told_story_item){.system = system, .code = code, .value_count = count};
	if (status == TOLD_OK)
		out->item = told_arena_copy(fhir->import->arena, told_buf_view(&uri));
	told_buf_free(&uri);
	if (status == TOLD_E_LIMIT)
		return told_fhir_refuse(fhir, fhir->at, "the code of a question in it is too long");
	struct told_story_value *kept = told_arena_alloc(fhir->import->arena, count * sizeof *kept);
	if (status != TOLD_OK || out->item.len == 0 || kept == NULL)
		return TOLD_E_MEMORY;
	if (count > 0)
		memcpy(kept, values, count * sizeof *kept);
	out->values = kept;
	return TOLD_OK;
}

enum told_status told_fhir_add_section(struct told_fhir *fhir, const struct told_story *story,
				       struct told_import_section *section)
{
	struct told_buf json = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	enum told_status status = told_story_build(story, &json);
	if (status == TOLD_OK) {
		section->json = told_arena_copy(fhir->import->arena, told_buf_view(&json));
		status = section->json.len > 0 ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&json);
	if (status == TOLD_E_LIMIT)
		return told_fhir_refuse(fhir, fhir->at, "it is too long for a section");
	if (status == TOLD_E_MALFORMED)
		return told_fhir_refuse(fhir, fhir->at, "a question in it has no sound code, or is answered twice");
	if (status == TOLD_OK)
		status = told_fhir_keep(fhir, &section->told_by);
	if (status != TOLD_OK)
		return status;
	section->resource = fhir->import->resource_count;
	section->original = fhir->original;
	section->confidential = fhir->confidential;
	return add_section(fhir, section);
}

/* Is this the first item of its category and stream? Then its section is made now. */
static bool leads(const struct told_fhir_files *files, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (files->items[i].category == files->items[index].category &&
		    files->items[i].stream == files->items[index].stream)
			return false;
	return true;
}

static enum told_status add_led(struct told_fhir *fhir, const struct told_fhir_files *files, size_t leader,
				const struct told_import_section *pattern, struct told_story_item *items)
{
	const struct told_fhir_filed *lead = &files->items[leader];
	struct told_story story = {.items = items};
	for (size_t i = leader; i < files->count; i++)
		if (files->items[i].category == lead->category && files->items[i].stream == lead->stream)
			items[story.item_count++] = files->items[i].item;
	struct told_import_section section = *pattern;
	section.category = lead->category;
	told_catset_add(&section.classified, lead->category);
	return told_fhir_add_section(fhir, &story, &section);
}

enum told_status told_fhir_add_files(struct told_fhir *fhir, const struct told_fhir_files *files,
				     const struct told_import_section *pattern)
{
	struct told_story_item *items = calloc(files->count + 1, sizeof *items);
	enum told_status status = items != NULL ? TOLD_OK : TOLD_E_MEMORY;
	for (size_t i = 0; status == TOLD_OK && i < files->count; i++)
		if (leads(files, i))
			status = add_led(fhir, files, i, pattern, items);
	free(items);
	return status;
}
