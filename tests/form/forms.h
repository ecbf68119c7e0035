/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this room share: the agencies' folders, forms from text, replies, sections read back. */
#ifndef TOLD_TESTS_FORM_FORMS_H
#define TOLD_TESTS_FORM_FORMS_H

#include "support/support.h"

#include "agents/form/intake.h"
#include "told/limits.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const agency_folders[] = {"agents/housing", "agents/iapt", "agents/addiction",
					     "agents/employability"};
#define AGENCY_COUNT 4

/* The path of something in the project, in static memory that the next call reuses. */
static inline const char *project_path(const char *path)
{
	static char full[4096];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(full, sizeof full, "%s/%s", source != NULL ? source : ".", path);
	return full;
}

static inline struct told_form *form_of(const char *json)
{
	struct told_form *form = NULL;
	struct told_buf why = TOLD_BUF(4096);
	enum told_status status = told_form_load(told_text(json), &form, &why);
	if (status != TOLD_OK)
		fail_msg("%s: %s", told_status_text(status), told_buf_cstr(&why));
	told_buf_free(&why);
	return form;
}

static inline struct told_form *form_in(const char *folder)
{
	char path[256];
	snprintf(path, sizeof path, "%s/intake.json", folder);
	struct told_bytes json = told_test_read(project_path(path));
	struct told_form *form = form_of((const char *)json.data);
	free((void *)(uintptr_t)json.data);
	return form;
}

static inline const struct told_item *item_of(const struct told_form *form, const char *link_id)
{
	size_t index = told_form_find(form, link_id);
	assert_int_not_equal(index, TOLD_NO_ITEM);
	return told_form_item(form, index);
}

static inline struct told_intake_line line_of(const struct told_intake *intake, const char *link_id)
{
	return told_intake_line(intake, told_form_find(told_intake_form(intake), link_id));
}

static inline json_t *json_of(const char *text)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
	assert_non_null(json);
	return json;
}

static inline struct told_intake *intake_of(const struct told_form *form)
{
	struct told_intake *intake = NULL;
	assert_int_equal(told_intake_new(form, &intake), TOLD_OK);
	return intake;
}

/* 2026-11-22T10:00:00Z */
#define TEST_NOW_MS INT64_C(1795341600000)

static inline enum told_status answer(struct told_intake *intake, const char *reply, const char *source,
				      struct told_buf *why)
{
	json_t *json = json_of(reply);
	struct told_saying saying = {.now_utc_ms = TEST_NOW_MS, .source = source, .voice = TOLD_VOICE_PERSON};
	enum told_status status = told_intake_answer(intake, json, &saying, why);
	json_decref(json);
	return status;
}

static inline void answer_ok(struct told_intake *intake, const char *reply, const char *source)
{
	struct told_buf why = TOLD_BUF(4096);
	if (answer(intake, reply, source, &why) != TOLD_OK)
		fail_msg("%s", told_buf_cstr(&why));
	told_buf_free(&why);
}

/* The text of one section that an intake deposits, malloc'd; NULL when it deposits none of that category. */
static inline char *section_text(const struct told_intake *intake, unsigned category)
{
	struct told_buf out = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	enum told_status status = told_intake_section(intake, category, &out);
	assert_true(status == TOLD_OK || status == TOLD_E_NOT_FOUND);
	char *text = status == TOLD_OK ? strdup(told_buf_cstr(&out)) : NULL;
	told_buf_free(&out);
	return text;
}

/* Hands one section's text to another intake, as a release would. */
static inline void tell_text(struct told_intake *intake, const char *section)
{
	struct told_arena *arena = NULL;
	struct told_story story;
	assert_int_equal(told_arena_new(8u * TOLD_STORY_MAX_BYTES, &arena), TOLD_OK);
	assert_int_equal(told_story_parse(told_text(section), arena, &story), TOLD_OK);
	assert_int_equal(told_intake_tell(intake, &story), TOLD_OK);
	told_arena_free(arena);
}

/* Releases every section of `from` whose category is not in `withheld` (may be NULL) to `to`. Gives how many. */
static inline size_t release(const struct told_intake *from, struct told_intake *to, const struct told_catset *withheld)
{
	struct told_catset has = told_intake_categories(from);
	size_t released = 0;
	for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++) {
		if (!told_catset_has(&has, category) || (withheld != NULL && told_catset_has(withheld, category)))
			continue;
		char *text = section_text(from, category);
		assert_non_null(text);
		tell_text(to, text);
		free(text);
		released++;
	}
	return released;
}

#endif
