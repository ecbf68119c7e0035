/* SPDX-License-Identifier: Apache-2.0 */
/* An intake for a screen: what is filled in, what to read back, what to ask. The only place that knows these JSON
 * names. */
#include "agents/form/intake_state.h"

#include "told/limits.h"
#include <string.h>

/* Takes value; false when either allocation failed. */
static bool put(json_t *object, const char *name, json_t *value)
{
	return json_object_set_new(object, name, value) == 0;
}

static json_t *words_of(const struct told_item *item, const json_t *answer)
{
	struct told_buf words = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	told_answer_words(item, answer, &words);
	const char *text = told_buf_cstr(&words);
	json_t *json = text != NULL ? json_string(text) : NULL;
	told_buf_free(&words);
	return json;
}

static json_t *answer_json(const struct told_item *item, const struct told_answer *answer)
{
	json_t *json = json_object();
	if (put(json, "value", json_deep_copy(answer->answer)) && put(json, "words", words_of(item, answer->answer)) &&
	    put(json, "saidAt", json_string(answer->said_at)) && put(json, "source", json_string(answer->source)) &&
	    put(json, "voice", json_string(told_words(TOLD_LIST_VOICE, answer->voice))))
		return json;
	json_decref(json);
	return NULL;
}

static json_t *options_json(const struct told_item *item)
{
	json_t *list = json_array();
	for (size_t i = 0; i < item->option_count; i++) {
		json_t *option =
			json_pack("{s:s, s:s}", "code", item->options[i].code, "words", item->options[i].words);
		if (json_array_append_new(list, option) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static bool put_limits(json_t *json, const struct told_item *item)
{
	bool ok = true;
	if (item->options != NULL)
		ok = ok && put(json, "options", options_json(item)) &&
		     put(json, "several", json_boolean(item->repeats));
	if (item->type == TOLD_ITEM_INTEGER && item->has_min)
		ok = ok && put(json, "min", json_integer(item->min));
	if (item->type == TOLD_ITEM_INTEGER && item->has_max)
		ok = ok && put(json, "max", json_integer(item->max));
	return ok;
}

static json_t *read_back_json(const struct told_intake_line *line)
{
	struct told_buf words = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	told_intake_read_back(line, &words);
	const char *text = told_buf_cstr(&words);
	json_t *json = text != NULL ? json_string(text) : NULL;
	told_buf_free(&words);
	return json;
}

static json_t *note_json(const struct told_intake_line *line)
{
	return json_pack("{s:s, s:s}", "linkId", line->item->link_id, "text", line->item->text);
}

static json_t *line_json(const struct told_intake_line *line)
{
	static const char *const types[] = {
#define X(name, word) word,
		TOLD_ITEM_TYPES(X)
#undef X
	};
	const struct told_item *item = line->item;
	json_t *json = json_object();
	bool ok = put(json, "linkId", json_string(item->link_id)) && put(json, "text", json_string(item->text)) &&
		  put(json, "type", json_string(types[item->type])) &&
		  put(json, "required", json_boolean(item->required)) &&
		  put(json, "category", json_string(told_code(TOLD_LIST_CATEGORY, item->category))) &&
		  put(json, "done", json_boolean(line->done)) && put_limits(json, item);
	if (ok && line->handling == TOLD_HANDLING_CONFIRM)
		ok = put(json, "readBack", read_back_json(line));
	if (ok && line->now.answer != NULL)
		ok = put(json, "now", answer_json(item, &line->now));
	if (ok && line->told.answer != NULL)
		ok = put(json, "told", answer_json(item, &line->told));
	if (ok)
		return json;
	json_decref(json);
	return NULL;
}

static const char *list_of(const struct told_intake_line *line)
{
	if (line->item->type == TOLD_ITEM_DISPLAY)
		return line->shown == TOLD_SHOWN_YES ? "notes" : NULL;
	if (line->item->total_of != TOLD_NO_ITEM)
		return line->now.answer != NULL ? "totals" : NULL;
	if (line->handling == TOLD_HANDLING_NONE || line->shown == TOLD_SHOWN_NO)
		return NULL;
	return line->shown == TOLD_SHOWN_MAYBE ? "perhaps" : told_handling_text(line->handling);
}

static void add_flag(void *ctx, const struct told_item *item)
{
	json_t *flag = json_pack("{s:s, s:s, s:s}", "linkId", item->link_id, "text", item->text, "category",
				 told_code(TOLD_LIST_CATEGORY, item->flag_category));
	json_t **flags = ctx;
	if (*flags != NULL && json_array_append_new(*flags, flag) != 0) {
		json_decref(*flags);
		*flags = NULL;
	}
}

static json_t *flags_json(const struct told_intake *intake)
{
	json_t *flags = json_array();
	told_intake_flags(intake, add_flag, &flags);
	return flags;
}

/* The words of the group in which an item stands. On failure the line is let go. */
static bool put_under(json_t *line, const struct told_form *form, const struct told_item *item)
{
	const char *words = item->parent != TOLD_NO_ITEM ? told_form_item(form, item->parent)->text : "";
	if (put(line, "under", json_string(words)))
		return true;
	json_decref(line);
	return false;
}

static bool put_lines(json_t *json, const struct told_intake *intake)
{
	static const char *const lists[] = {"prefilled", "confirm", "ask", "always", "perhaps", "totals", "notes"};
	bool ok = true;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		ok = ok && put(json, lists[i], json_array());
	for (size_t i = 0; ok && i < told_form_count(intake->form); i++) {
		struct told_intake_line line = told_intake_line(intake, i);
		const char *list = list_of(&line);
		if (list == NULL)
			continue;
		json_t *one = line.item->type == TOLD_ITEM_DISPLAY ? note_json(&line) : line_json(&line);
		ok = put_under(one, intake->form, line.item) &&
		     json_array_append_new(json_object_get(json, list), one) == 0;
	}
	return ok;
}

enum told_status told_intake_json(const struct told_intake *intake, json_t **out)
{
	json_t *json = json_object();
	bool ok = put(json, "form", json_string(told_form_url(intake->form))) &&
		  put(json, "title", json_string(told_form_title(intake->form))) &&
		  put(json, "left", json_integer((json_int_t)told_intake_left(intake))) && put_lines(json, intake) &&
		  put(json, "flags", flags_json(intake));
	*out = ok ? json : NULL;
	if (!ok)
		json_decref(json);
	return ok ? TOLD_OK : TOLD_E_MEMORY;
}
