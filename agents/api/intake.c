/* SPDX-License-Identifier: Apache-2.0 */
/* POST /v1/intake: the agency's form filled from what this worker may see, and the answers of this visit told as
 * sections. Nothing is kept between calls. */
#include "agents/api/state.h"

#include "agents/form/intake.h"
#include "told/limits.h"
#include <string.h>

struct filling {
	struct told_intake *intake;
	struct told_arena *arena;
};

static enum told_status fill(void *ctx, const struct told_agent_section *section)
{
	struct filling *filling = ctx;
	struct told_story story;
	enum told_status status = told_story_parse(section->content, filling->arena, &story);
	if (status == TOLD_OK)
		status = told_intake_tell(filling->intake, &story);
	told_arena_reset(filling->arena);
	/* A section that is none of ours to read must not keep the worker from the form: its questions are asked. */
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
}

static enum told_status open_intake(struct told_api *api, const struct told_caller *caller, struct told_bytes client,
				    struct told_intake **out)
{
	struct filling filling = {0};
	enum told_status status = told_intake_new(api->form, &filling.intake);
	if (status == TOLD_OK)
		status = told_arena_new(TOLD_STORY_MAX_BYTES * 16, &filling.arena);
	if (status == TOLD_OK)
		status = told_agent_sections(api->agent, caller, client, fill, &filling);
	told_arena_free(filling.arena);
	if (status == TOLD_OK)
		*out = filling.intake;
	else
		told_intake_free(filling.intake);
	return status;
}

/* The members of the request that are answers; anything else is refused by name. */
static enum told_status judge(const json_t *request, struct told_bytes *client, json_t **answers, struct told_buf *why)
{
	const char *name = NULL;
	json_t *value = NULL;
	*answers = json_object();
	if (*answers == NULL)
		return TOLD_E_MEMORY;
	json_object_foreach((json_t *)(uintptr_t)request, name, value)
	{
		if (strcmp(name, "client") == 0 && json_is_string(value))
			*client = told_bytes(json_string_value(value), json_string_length(value));
		else if (strcmp(name, "answers") != 0 && strcmp(name, "confirmed") != 0) {
			told_buf_put_text(why, "An intake takes client, answers and confirmed, and nothing else.");
			return TOLD_E_USAGE;
		} else if (json_object_set(*answers, name, value) != 0)
			return TOLD_E_MEMORY;
	}
	if (client->len > 0)
		return TOLD_OK;
	told_buf_put_text(why, "An intake is about one person: give the client's reference.");
	return TOLD_E_USAGE;
}

static enum told_status add_section(const struct told_intake *intake, unsigned category, json_t *sections)
{
	struct told_buf text = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	enum told_status status = told_intake_section(intake, category, &text);
	json_t *story = NULL;
	if (status == TOLD_OK) {
		story = json_loadb((const char *)text.data, text.len, 0, NULL);
		json_t *section =
			json_pack("{s:s, s:O}", "category", told_code(TOLD_LIST_CATEGORY, category), "story", story);
		status = json_array_append_new(sections, section) == 0 ? TOLD_OK : TOLD_E_MEMORY;
	}
	json_decref(story);
	told_buf_free(&text);
	return status;
}

/* One answer that somebody must look at now, with the question, so that whoever is on duty needs no form. */
struct raising {
	const struct told_intake *intake;
	json_t *list;
};

static void add_raised(void *ctx, const struct told_item *item)
{
	struct raising *raising = ctx;
	struct told_buf words = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	size_t index = told_form_find(told_intake_form(raising->intake), item->link_id);
	told_answer_words(item, told_intake_line(raising->intake, index).now.answer, &words);
	json_t *one = json_pack("{s:s, s:s, s:s, s:s}", "item", item->link_id, "question", item->text, "answer",
				told_buf_cstr(&words), "category", told_code(TOLD_LIST_CATEGORY, item->flag_category));
	if (raising->list != NULL && json_array_append_new(raising->list, one) != 0) {
		json_decref(raising->list);
		raising->list = NULL;
	}
	told_buf_free(&words);
}

/* Questions that were filled in from what another service was told: nobody had to ask them here. */
static json_t *spared(const struct told_intake *intake, struct told_bytes own)
{
	json_t *list = json_array();
	for (size_t i = 0; i < told_form_count(told_intake_form(intake)); i++) {
		struct told_intake_line line = told_intake_line(intake, i);
		if (line.handling == TOLD_HANDLING_PREFILLED && line.shown == TOLD_SHOWN_YES &&
		    !told_bytes_equal(told_text(line.told.source), own))
			json_array_append_new(list, json_string(line.item->code));
	}
	return list;
}

/* What was said at this visit, told like any story; what it raises is kept in the same transaction. */
static enum told_status tell(struct told_api *api, const struct told_caller *caller, struct told_bytes client,
			     const struct told_intake *intake, struct told_reply *reply)
{
	struct told_catset categories = told_intake_categories(intake);
	json_t *sections = json_array();
	enum told_status status = sections != NULL ? TOLD_OK : TOLD_E_MEMORY;
	for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY) && status == TOLD_OK; category++)
		if (told_catset_has(&categories, category))
			status = add_section(intake, category, sections);
	if (status == TOLD_OK && json_array_size(sections) > 0) {
		struct raising raising = {.intake = intake, .list = json_array()};
		told_intake_flags(intake, add_raised, &raising);
		json_t *request = json_pack("{s:s%, s:O, s:o, s:o}", "client", (const char *)client.data, client.len,
					    "sections", sections, "raised", raising.list, "spared",
					    spared(intake, told_agent_party(api->agent)));
		status = request != NULL ? told_agent_tell(api->agent, caller, request, reply) : TOLD_E_MEMORY;
		json_decref(request);
	}
	json_decref(sections);
	return status;
}

enum told_status told_api_intake(struct told_api *api, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply, json_t **extra)
{
	struct told_intake *intake = NULL;
	struct told_bytes client = {0};
	json_t *answers = NULL, *lines = NULL;
	if (api->form == NULL) {
		told_buf_put_text(&reply->why, "This agency's profile has no intake form.");
		return TOLD_E_NOT_FOUND;
	}
	enum told_status status = judge(request, &client, &answers, &reply->why);
	if (status == TOLD_OK)
		status = open_intake(api, caller, client, &intake);
	if (status == TOLD_OK && json_object_size(answers) > 0) {
		char party[TOLD_NAME_MAX_BYTES + 1] = "";
		struct told_bytes own = told_agent_party(api->agent);
		memcpy(party, own.data, own.len < sizeof party ? own.len : 0);
		const struct told_saying saying = {
			.now_utc_ms = told_clock_now(&api->clock).wall_ms, .source = party, .voice = TOLD_VOICE_PERSON};
		status = told_intake_answer(intake, answers, &saying, &reply->why);
		if (status == TOLD_OK)
			status = tell(api, caller, client, intake, reply);
	}
	if (status == TOLD_OK)
		status = told_intake_json(intake, &lines);
	if (status == TOLD_OK) {
		*extra = json_pack("{s:s%, s:o}", "client", (const char *)client.data, client.len, "intake", lines);
		status = *extra != NULL ? TOLD_OK : TOLD_E_MEMORY;
	}
	json_decref(answers);
	told_intake_free(intake);
	return status;
}
