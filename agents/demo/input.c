/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a folder of FHIR files through agents/import, and tells at Housing what Housing may tell. */
#include "agents/demo/input.h"

#include "agents/demo/say.h"
#include "agents/import/import.h"
#include "agents/story/section.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define SECTIONS_A_CALL 24u /* of 32: with room for what the agent adds */

/* What one file's sections become. */
struct reading {
	struct told_demo *demo;
	const json_t *aliases;
	const struct told_import *import;
};

static bool of_type(const struct told_import *import, size_t resource, const char *type)
{
	return strcmp(import->resources[resource].type, type) == 0;
}

static json_t *categories_of(const struct told_catset *set)
{
	json_t *list = json_array();
	for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++)
		if (told_catset_has(set, category))
			json_array_append_new(list, json_string(told_code(TOLD_LIST_CATEGORY, category)));
	return list;
}

/* ---- sections ---- */

/* Answers and requests, of a category that Housing tells; words that nobody has classified wait for a worker. */
static bool may_tell(const struct reading *r, const struct told_import_section *section)
{
	const struct told_profile *housing = r->demo->agencies[TOLD_DEMO_HOUSING].profile;
	if (!of_type(r->import, section->resource, "QuestionnaireResponse") &&
	    !of_type(r->import, section->resource, "ServiceRequest"))
		return false;
	return section->category != 0 && told_catset_has(&housing->categories, section->category) &&
	       (!section->free_text || section->classified.w[0] != 0);
}

static enum told_status take_section(struct reading *r, const struct told_import_section *section)
{
	if (!may_tell(r, section))
		return TOLD_OK;
	json_t *story = json_loadb((const char *)section->json.data, section->json.len, JSON_REJECT_DUPLICATES, NULL);
	json_t *json = json_pack("{s:s, s:s, s:o, s:o}", "category", told_code(TOLD_LIST_CATEGORY, section->category),
				 "voice", told_story_voice(section->voice), "classified",
				 categories_of(&section->classified), "story", story);
	if (json == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = TOLD_OK;
	if (json_array_size(json_object_get(json, "classified")) == 0)
		json_object_del(json, "classified");
	status = told_demo_alias(r->demo, r->aliases, json, r->demo->imported, &r->demo->input.aliased);
	if (status == TOLD_OK && json_array_append(r->demo->imported, json) != 0)
		status = TOLD_E_MEMORY;
	json_decref(json);
	return status;
}

/* The first request that waits to be sent. */
static enum told_status take_referral(struct reading *r, const struct told_import_referral *referral)
{
	const json_t *asked = NULL;
	if (r->demo->referral != NULL || referral->task || referral->state != TOLD_REFERRAL_REQUESTED ||
	    referral->section == TOLD_IMPORT_NONE)
		return TOLD_OK;
	const struct told_import_section *section = &r->import->sections[referral->section];
	json_t *story = json_loadb((const char *)section->json.data, section->json.len, JSON_REJECT_DUPLICATES, NULL);
	asked = json_array_get(json_object_get(story, "items"), 0);
	r->demo->referral =
		json_pack("{s:s%, s:s, s:s}", "from", (const char *)referral->reference.data, referral->reference.len,
			  "category", told_code(TOLD_LIST_CATEGORY, section->category), "note",
			  told_member(json_object_get(asked, "value"), "display"));
	json_decref(story);
	return r->demo->referral != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

/* ---- files ---- */

static enum told_status take_file(struct reading *r, const char *path)
{
	struct told_import *import = NULL;
	enum told_status status = told_import_file(path, NULL, &import);
	if (status != TOLD_OK)
		return told_demo_fail(r->demo, status, "%s: %s.", path, told_status_text(status));
	r->import = import;
	r->demo->input.files++;
	for (size_t i = 0; i < import->resource_count; i++)
		if (import->resources[i].outcome == TOLD_IMPORT_IMPORTED)
			r->demo->input.imported++;
		else
			r->demo->input.refused++;
	for (size_t i = 0; i < import->section_count && status == TOLD_OK; i++)
		status = take_section(r, &import->sections[i]);
	for (size_t i = 0; i < import->referral_count && status == TOLD_OK; i++)
		status = take_referral(r, &import->referrals[i]);
	told_import_free(import);
	return status;
}

static int is_json(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);
	return len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0;
}

static enum told_status take_folder(struct reading *r, const char *dir)
{
	struct dirent **names = NULL;
	char path[PATH_MAX];
	int count = scandir(dir, &names, is_json, alphasort);
	enum told_status status = TOLD_OK;
	for (int i = 0; i < count; i++) {
		if (status == TOLD_OK)
			status = told_demo_path(r->demo, path, dir, names[i]->d_name);
		if (status == TOLD_OK)
			status = take_file(r, path);
		free(names[i]);
	}
	free(names);
	if (status == TOLD_OK && json_array_size(r->demo->imported) == 0)
		return told_demo_fail(
			r->demo, TOLD_E_CONFIG,
			"%s holds no FHIR answers or requests that Housing could use. Name a folder with "
			"QuestionnaireResponse and ServiceRequest files; told import --check says what is in "
			"a file.",
			dir);
	return status;
}

enum told_status told_demo_input(struct told_demo *demo)
{
	json_t *aliases = NULL;
	if (demo->options.input == NULL)
		return TOLD_OK;
	demo->imported = json_array();
	enum told_status status = told_demo_read(demo, "demo/aliases.json", &aliases);
	struct reading reading = {.demo = demo, .aliases = aliases};
	if (status == TOLD_OK)
		status = take_folder(&reading, demo->options.input);
	json_decref(aliases);
	return status == TOLD_OK
		       ? TOLD_OK
		       : told_demo_fail(demo, status, "%s: %s.", demo->options.input, told_status_text(status));
}

/* ---- telling ---- */

static enum told_status tell_some(struct told_demo *demo, size_t from, size_t to)
{
	json_t *sections = json_array(), *reply = NULL;
	for (size_t i = from; i < to; i++)
		json_array_append(sections, json_array_get(demo->imported, i));
	char *text = json_dumps(sections, JSON_COMPACT);
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING],
		.words = TOLD_WORDS("story", "tell", demo->client, "--file", "-"),
		.input = told_text(text),
		.shown = from == 0,
	};
	enum told_status status = text != NULL ? told_demo_run(demo, &command, &reply) : TOLD_E_MEMORY;
	free(text);
	json_decref(sections);
	json_decref(reply);
	return status;
}

enum told_status told_demo_tell_input(struct told_demo *demo)
{
	size_t count = json_array_size(demo->imported);
	enum told_status status = TOLD_OK;
	if (count == 0)
		return TOLD_OK;
	told_say(demo, "Before Sam came, somebody else had asked. What they wrote down is told first.");
	for (size_t at = 0; at < count && status == TOLD_OK; at += SECTIONS_A_CALL)
		status = tell_some(demo, at, at + SECTIONS_A_CALL < count ? at + SECTIONS_A_CALL : count);
	if (status != TOLD_OK)
		return told_demo_fail(demo, status, "The imported story: %s.", told_status_text(status));
	told_say_line(demo, "Imported:",
		      "%zu files: %zu resources understood, %zu refused; %zu sections told, %zu answers "
		      "mean the same as ours",
		      demo->input.files, demo->input.imported, demo->input.refused, count, demo->input.aliased);
	return TOLD_OK;
}
