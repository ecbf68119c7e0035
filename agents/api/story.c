/* SPDX-License-Identifier: Apache-2.0 */
/* POST /v1/story: a story told or imported may hold an answer that somebody must look at now, as an intake's may. It is
 * looked for here, by the agency's own form, so that no door lets it through unseen. */
#include "agents/api/state.h"

#include "agents/form/form.h"
#include "told/limits.h"
#include <stdlib.h>
#include <string.h>

struct looking {
	const struct told_form *form; /* may be NULL */
	json_t *raised;
};

/* Questions of other systems that raise the same, and the answers that say "not at all". */
static const struct {
	const char *system, *code, *none[3], *item, *question;
	unsigned category;
} elsewhere[] = {
	{"http://loinc.org",
	 "44260-8",
	 {"0", "LA6568-5", "Not at all"},
	 "phq9.9",
	 "PHQ-9 item 9",
	 TOLD_CATEGORY_RSK_SELF},
};

static enum told_status raise(struct looking *l, const char *item, const char *question, const char *answer,
			      unsigned category)
{
	json_t *one = json_pack("{s:s, s:s, s:s, s:s}", "item", item, "question", question, "answer",
				answer[0] != '\0' ? answer : "it cannot be read", "category",
				told_code(TOLD_LIST_CATEGORY, category));
	return json_array_append_new(l->raised, one) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

/* An answer to a question of our form; one that the form cannot read is raised too. */
static enum told_status look_ours(struct looking *l, const struct told_story_item *told)
{
	struct told_buf words = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES), code = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	json_t *answer = NULL;
	enum told_status status = TOLD_OK;
	told_buf_put_bytes(&code, told->code);
	size_t at = l->form != NULL ? told_form_find_code(l->form, told_buf_cstr(&code)) : TOLD_NO_ITEM;
	const struct told_item *item = at != TOLD_NO_ITEM ? told_form_item(l->form, at) : NULL;
	if (item != NULL && item->flags && told->value_count > 0) {
		status = told_answer_read(item, told, &answer);
		if (status == TOLD_OK)
			told_answer_words(item, answer, &words);
		if (status == TOLD_E_UNKNOWN || (status == TOLD_OK && told_answer_flags(item, answer)))
			status = raise(l, item->link_id, item->text, words.len > 0 ? told_buf_cstr(&words) : "",
				       item->flag_category);
	}
	json_decref(answer);
	told_buf_free(&words);
	told_buf_free(&code);
	return status;
}

static bool says_none(const char *const none[3], const struct told_story_value *value)
{
	for (size_t i = 0; i < 3; i++)
		if (told_bytes_equal(value->text, told_text(none[i])) ||
		    told_bytes_equal(value->code, told_text(none[i])) ||
		    told_bytes_equal(value->display, told_text(none[i])))
			return true;
	return false;
}

static enum told_status look_elsewhere(struct looking *l, const struct told_story_item *told)
{
	for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0] && told->value_count > 0; i++) {
		if (!told_bytes_equal(told->system, told_text(elsewhere[i].system)) ||
		    !told_bytes_equal(told->code, told_text(elsewhere[i].code)) ||
		    says_none(elsewhere[i].none, &told->values[0]))
			continue;
		const struct told_story_value *value = &told->values[0];
		struct told_buf words = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
		told_buf_put_bytes(&words, value->display.len > 0 ? value->display : value->text);
		enum told_status status = raise(l, elsewhere[i].item, elsewhere[i].question,
						words.len > 0 && words.status == TOLD_OK ? told_buf_cstr(&words) : "",
						elsewhere[i].category);
		told_buf_free(&words);
		return status;
	}
	return TOLD_OK;
}

/* A section that is no story is left for the agent to refuse. */
static enum told_status look_at(struct looking *l, const json_t *section, struct told_arena *arena)
{
	struct told_story story;
	char *text = json_dumps(json_object_get(section, "story"), JSON_COMPACT);
	enum told_status status = TOLD_OK;
	bool read = text != NULL && told_story_parse(told_text(text), arena, &story) == TOLD_OK;
	for (size_t i = 0; read && i < story.item_count && status == TOLD_OK; i++) {
		bool ours = told_bytes_equal(story.items[i].system, told_text(TOLD_FORM_CODE_SYSTEM));
		status = ours ? look_ours(l, &story.items[i]) : look_elsewhere(l, &story.items[i]);
	}
	if (text != NULL)
		told_wipe(text, strlen(text));
	free(text);
	told_arena_reset(arena);
	return status;
}

enum told_status told_api_story(struct told_api *api, const struct told_caller *caller, const json_t *request,
				struct told_reply *reply, json_t **extra)
{
	struct looking l = {.form = api->form, .raised = json_array()};
	struct told_arena *arena = NULL;
	json_t *whole = json_copy((json_t *)(uintptr_t)request), *section = NULL;
	size_t i;
	(void)extra;
	enum told_status status =
		l.raised != NULL && whole != NULL ? told_arena_new(TOLD_STORY_MAX_BYTES * 16, &arena) : TOLD_E_MEMORY;
	json_array_foreach(json_object_get(request, "sections"), i, section)
	{
		if (status == TOLD_OK)
			status = look_at(&l, section, arena);
	}
	if (status == TOLD_OK && json_array_size(l.raised) > 0 && json_object_set(whole, "raised", l.raised) != 0)
		status = TOLD_E_MEMORY;
	if (status == TOLD_OK)
		status = told_agent_tell(api->agent, caller, whole, reply);
	told_arena_free(arena);
	json_decref(l.raised);
	json_decref(whole);
	return status;
}
