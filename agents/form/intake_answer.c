/* SPDX-License-Identifier: Apache-2.0 */
/* What the person says now. Judged as a whole against a trial of the form, then taken as a whole. */
#include "agents/form/intake_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const reply_members[] = {"answers", "confirmed"};

__attribute__((format(printf, 4, 5))) static enum told_status fault(struct told_buf *why, enum told_form_rule rule,
								    enum told_status status, const char *format, ...)
{
	if (why == NULL)
		return status;
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	told_buf_printf(why, "%s: %s", told_form_rule_name(rule), text);
	return status;
}

static enum told_status find(const struct told_intake *intake, const char *link_id, size_t *index, struct told_buf *why)
{
	*index = link_id != NULL ? told_form_find(intake->form, link_id) : TOLD_NO_ITEM;
	if (*index != TOLD_NO_ITEM)
		return TOLD_OK;
	return fault(why, TOLD_FORM_QUESTION, TOLD_E_UNKNOWN, "this form has no question \"%.64s\"",
		     link_id != NULL ? link_id : "");
}

static enum told_status check_shape(const json_t *reply, struct told_buf *why)
{
	const json_t *answers = json_object_get(reply, "answers"), *confirmed = json_object_get(reply, "confirmed");
	size_t known = 0;
	for (size_t i = 0; i < sizeof reply_members / sizeof *reply_members; i++)
		known += json_object_get(reply, reply_members[i]) != NULL;
	if (!json_is_object(reply) || known == 0 || json_object_size(reply) != known ||
	    (answers != NULL && !json_is_object(answers)) || (confirmed != NULL && !json_is_array(confirmed)))
		return fault(why, TOLD_FORM_ANSWER, TOLD_E_MALFORMED,
			     "a reply is {\"answers\": {linkId: answer}, \"confirmed\": [linkId]}");
	return TOLD_OK;
}

/* A trial: what would stand for each item if this reply were taken. Borrowed from intake and reply. */
struct trial {
	const json_t **standing;
	enum told_shown *shown;
};

static enum told_status try_answer(struct told_intake *intake, const char *link_id, const json_t *answer,
				   struct trial *trial, struct told_buf *why)
{
	size_t index;
	enum told_status status = find(intake, link_id, &index, why);
	if (status != TOLD_OK)
		return status;
	const struct told_item *item = told_form_item(intake->form, index);
	if (!json_is_null(answer) || !told_item_is_question(item))
		status = told_answer_check(item, answer, why);
	if (status == TOLD_OK)
		trial->standing[index] = json_is_null(answer) ? NULL : answer;
	return status;
}

static enum told_status try_confirmed(struct told_intake *intake, const json_t *reply, const json_t *link_id,
				      struct told_buf *why)
{
	size_t index;
	enum told_status status = find(intake, json_string_value(link_id), &index, why);
	if (status != TOLD_OK)
		return status;
	if (intake->lines[index].handling != TOLD_HANDLING_CONFIRM)
		return fault(why, TOLD_FORM_ASKED, TOLD_E_MALFORMED,
			     "%s was not read back, so there is nothing to confirm: answer it",
			     json_string_value(link_id));
	if (json_object_get(json_object_get(reply, "answers"), json_string_value(link_id)) != NULL)
		return fault(why, TOLD_FORM_ANSWER, TOLD_E_MALFORMED, "%s is both answered and confirmed",
			     json_string_value(link_id));
	return TOLD_OK;
}

static enum told_status check_shown(const struct told_intake *intake, const json_t *answers, const struct trial *trial,
				    struct told_buf *why)
{
	const char *link_id;
	json_t *answer;
	json_object_foreach((json_t *)(uintptr_t)answers, link_id, answer)
	{
		size_t index = told_form_find(intake->form, link_id);
		if (trial->shown[index] == TOLD_SHOWN_YES)
			continue;
		return fault(why, TOLD_FORM_ASKED, TOLD_E_MALFORMED,
			     "%s (%s): this is not asked, after the answers before it", link_id,
			     told_form_item(intake->form, index)->text);
	}
	return TOLD_OK;
}

static enum told_status judge(struct told_intake *intake, const json_t *reply, struct trial *trial,
			      struct told_buf *why)
{
	enum told_status status = check_shape(reply, why);
	const json_t *answers = json_object_get(reply, "answers"), *confirmed = json_object_get(reply, "confirmed");
	const char *link_id;
	json_t *value;
	if (status != TOLD_OK)
		return status;
	json_object_foreach((json_t *)(uintptr_t)answers, link_id, value)
	{
		status = try_answer(intake, link_id, value, trial, why);
		if (status != TOLD_OK)
			return status;
	}
	for (size_t i = 0; i < json_array_size(confirmed); i++) {
		status = try_confirmed(intake, reply, json_array_get(confirmed, i), why);
		if (status != TOLD_OK)
			return status;
	}
	told_form_show(intake->form, trial->standing, trial->shown);
	return check_shown(intake, answers, trial, why);
}

/* -- taking it -- */

static void hold(struct told_intake *intake, size_t index, json_t *owned, unsigned voice)
{
	struct line *line = &intake->lines[index];
	answer_drop(&line->now);
	line->now = (struct held_answer){
		.answer = owned, .said_at = intake->said_at, .source = intake->source, .voice = voice};
	line->done = true;
}

/* An answer to a question that is no longer asked does not stay behind. */
static bool drop_unasked(struct told_intake *intake)
{
	bool dropped = false;
	for (size_t i = 0; i < told_form_count(intake->form); i++) {
		struct line *line = &intake->lines[i];
		if (!line->done || intake->shown[i] == TOLD_SHOWN_YES || line->handling == TOLD_HANDLING_NONE)
			continue;
		answer_drop(&line->now);
		line->done = false;
		dropped = true;
	}
	return dropped;
}

static enum told_status take(struct told_intake *intake, const json_t *reply, unsigned voice)
{
	const json_t *confirmed = json_object_get(reply, "confirmed");
	const char *link_id;
	json_t *value;
	json_object_foreach(json_object_get(reply, "answers"), link_id, value)
	{
		json_t *copy = json_is_null(value) ? NULL : json_deep_copy(value);
		if (copy == NULL && !json_is_null(value))
			return TOLD_E_MEMORY;
		hold(intake, told_form_find(intake->form, link_id), copy, voice);
	}
	for (size_t i = 0; i < json_array_size(confirmed); i++) {
		size_t index = told_form_find(intake->form, json_string_value(json_array_get(confirmed, i)));
		hold(intake, index, json_incref(intake->lines[index].told.answer), voice);
	}
	enum told_status status = intake_settle(intake);
	while (status == TOLD_OK && drop_unasked(intake))
		status = intake_settle(intake);
	return status;
}

static enum told_status set_saying(struct told_intake *intake, const struct told_saying *saying)
{
	char when[32];
	form_time_text(saying->now_utc_ms, when);
	const char *said_at = told_arena_text(intake->arena, told_text(when));
	const char *source = told_arena_text(intake->arena, told_text(saying->source));
	if (said_at == NULL || source == NULL)
		return TOLD_E_MEMORY;
	intake->said_at = said_at;
	intake->source = source;
	return TOLD_OK;
}

enum told_status told_intake_answer(struct told_intake *intake, const json_t *reply, const struct told_saying *saying,
				    struct told_buf *why)
{
	size_t count = told_form_count(intake->form);
	struct trial trial = {.standing = calloc(count, sizeof *trial.standing),
			      .shown = calloc(count, sizeof *trial.shown)};
	enum told_status status = TOLD_E_MEMORY;
	if (trial.standing != NULL && trial.shown != NULL) {
		memcpy(trial.standing, intake->standing, count * sizeof *trial.standing);
		status = judge(intake, reply, &trial, why);
	}
	if (status == TOLD_OK)
		status = set_saying(intake, saying);
	if (status == TOLD_OK)
		status = take(intake, reply, saying->voice);
	free(trial.standing);
	free(trial.shown);
	return status;
}
