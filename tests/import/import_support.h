/* SPDX-License-Identifier: Apache-2.0 */
/* What the import tests share: reading FHIR from a literal, finding outcomes, and the folders of real files. */
#ifndef TOLD_TEST_IMPORT_SUPPORT_H
#define TOLD_TEST_IMPORT_SUPPORT_H

#include "support/support.h"

#include "agents/import/import.h"
#include "agents/story/section.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline struct told_import *read_bytes(struct told_bytes file, const struct told_import_options *options)
{
	struct told_import *import = NULL;
	assert_int_equal(told_import_read(file, options, &import), TOLD_OK);
	assert_non_null(import);
	assert_true(import->resource_count >= 1);
	return import;
}

static inline struct told_import *read_text(const char *json)
{
	return read_bytes(told_text(json), NULL);
}

/* The one resource in it was refused, at this place. */
static inline void assert_refused_at(const char *json, const char *where)
{
	struct told_import *import = read_text(json);
	assert_int_equal(import->resource_count, 1);
	assert_int_equal(import->resources[0].outcome, TOLD_IMPORT_REFUSED);
	assert_string_equal(import->resources[0].where, where);
	assert_true(strlen(import->resources[0].why) > 0);
	assert_int_equal(import->section_count + import->referral_count + import->permission_count, 0);
	told_import_free(import);
}

static inline struct told_import *assert_imported(const char *json, const struct told_import_options *options)
{
	struct told_import *import = read_bytes(told_text(json), options);
	if (import->resources[0].outcome != TOLD_IMPORT_IMPORTED)
		print_message("%s: %s\n", import->resources[0].where, import->resources[0].why);
	assert_int_equal(import->resources[0].outcome, TOLD_IMPORT_IMPORTED);
	return import;
}

/* Whatever is read, in whatever state: each line is whole, and each section can be read back. */
static inline void assert_sound(const struct told_import *import)
{
	assert_true(import->resource_count >= 1);
	for (size_t i = 0; i < import->resource_count; i++) {
		const struct told_import_resource *line = &import->resources[i];
		assert_true(line->outcome == TOLD_IMPORT_REFUSED || line->outcome == TOLD_IMPORT_IMPORTED);
		assert_true(strlen(line->type) > 0 && strlen(line->id) > 0);
		assert_true(strlen(line->why) > 0 && strlen(line->where) > 0);
	}
	for (size_t i = 0; i < import->section_count; i++) {
		const struct told_import_section *section = &import->sections[i];
		struct told_arena *arena;
		struct told_story story;
		assert_int_equal(told_arena_new(1 << 22, &arena), TOLD_OK);
		assert_int_equal(told_story_parse(section->json, arena, &story), TOLD_OK);
		told_arena_free(arena);
		assert_int_equal(import->resources[section->resource].outcome, TOLD_IMPORT_IMPORTED);
		assert_true(section->category >= 1 && section->category < TOLD_CATEGORY_COUNT);
		assert_true(section->voice >= 1 && section->voice < TOLD_VOICE_COUNT);
		assert_true(section->original.len > 0);
	}
	for (size_t i = 0; i < import->referral_count; i++)
		assert_int_equal(import->resources[import->referrals[i].resource].outcome, TOLD_IMPORT_IMPORTED);
	for (size_t i = 0; i < import->permission_count; i++)
		assert_int_equal(import->resources[import->permissions[i].resource].outcome, TOLD_IMPORT_IMPORTED);
}

#define FILES_MAX 256
struct folder {
	char *paths[FILES_MAX];
	size_t count;
};

/* Adds the .json files of a shared folder, in the order of their names. */
static inline void add_folder(struct folder *folder, const char *name)
{
	char dir[4096];
	struct dirent **entries;
	told_test_need_shared(name);
	snprintf(dir, sizeof dir, "%s", told_test_shared(name));
	int count = scandir(dir, &entries, NULL, alphasort);
	assert_true(count >= 0);
	for (int i = 0; i < count; i++) {
		size_t len = strlen(entries[i]->d_name);
		if (len > 5 && strcmp(entries[i]->d_name + len - 5, ".json") == 0) {
			assert_true(folder->count < FILES_MAX);
			assert_true(asprintf(&folder->paths[folder->count++], "%s/%s", dir, entries[i]->d_name) > 0);
		}
		free(entries[i]);
	}
	free(entries);
}

static inline void free_folder(struct folder *folder)
{
	while (folder->count > 0)
		free(folder->paths[--folder->count]);
}

#endif
