/* SPDX-License-Identifier: Apache-2.0 */
/* The intake's state: per item what was told before and what is said now. Invariants:
 *  1. a line's handling follows from the form and from what was told, until it is done; then it stays;
 *  2. what was told before never becomes what is said now, except by a confirmation;
 *  3. totals are worked out from what is said now, never from what was told. */
#include "agents/form/intake_state.h"

#include "told/limits.h"
#include <stdlib.h>
#include <string.h>

/* Text of answers lives in jansson; the arena holds dates and sources only. */
#define ARENA_MAX_BYTES (TOLD_FORM_ITEMS_MAX * 4u * TOLD_TEXT_MAX_BYTES)

const char *told_handling_text(enum told_handling handling)
{
	static const char *const words[] = {
#define X(name, word) word,
		TOLD_HANDLINGS(X)
#undef X
	};
	return handling < TOLD_HANDLING_COUNT ? words[handling] : "?";
}

static enum told_handling handling_of(const struct told_item *item, const struct line *line)
{
	if (!told_item_is_question(item))
		return TOLD_HANDLING_NONE;
	if (item->ask == TOLD_ASK_ALWAYS)
		return TOLD_HANDLING_ALWAYS;
	if (line->told.answer == NULL)
		return TOLD_HANDLING_ASK;
	return item->ask == TOLD_ASK_ONCE ? TOLD_HANDLING_PREFILLED : TOLD_HANDLING_CONFIRM;
}

/* What conditions are judged by: what is said now; else what stands filled in or is being read back. */
static const json_t *standing(const struct line *line)
{
	if (line->done)
		return line->now.answer;
	bool stands = line->handling == TOLD_HANDLING_PREFILLED || line->handling == TOLD_HANDLING_CONFIRM;
	return stands ? line->told.answer : NULL;
}

static enum told_status work_out_total(struct told_intake *intake, size_t index)
{
	struct line *line = &intake->lines[index];
	struct told_total total;
	enum told_status status = told_form_total(intake->form, index, intake->said, intake->shown, &total);
	answer_drop(&line->now);
	line->done = false;
	if (status != TOLD_OK)
		return TOLD_OK; /* no total yet is no fault */
	line->now.answer = json_integer(total.sum);
	if (line->now.answer == NULL)
		return TOLD_E_MEMORY;
	line->now.said_at = intake->said_at;
	line->now.source = intake->source;
	line->now.voice = TOLD_VOICE_MEASURED;
	line->done = true;
	return TOLD_OK;
}

enum told_status intake_settle(struct told_intake *intake)
{
	size_t count = told_form_count(intake->form);
	for (size_t i = 0; i < count; i++) {
		struct line *line = &intake->lines[i];
		if (!line->done)
			line->handling = handling_of(told_form_item(intake->form, i), line);
		bool total = told_form_item(intake->form, i)->total_of != TOLD_NO_ITEM;
		intake->standing[i] = total ? NULL : standing(line); /* nothing hangs on a total */
		intake->said[i] = total ? NULL : line->now.answer;
	}
	told_form_show(intake->form, intake->standing, intake->shown);
	for (size_t i = 0; i < count; i++) {
		bool total = told_form_item(intake->form, i)->total_of != TOLD_NO_ITEM;
		enum told_status status = total ? work_out_total(intake, i) : TOLD_OK;
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

enum told_status told_intake_new(const struct told_form *form, struct told_intake **out)
{
	size_t count = told_form_count(form);
	enum told_status status = TOLD_E_MEMORY;
	*out = NULL;
	struct told_intake *intake = calloc(1, sizeof *intake);
	if (intake == NULL)
		return TOLD_E_MEMORY;
	intake->form = form;
	intake->said_at = intake->source = "";
	intake->lines = calloc(count, sizeof *intake->lines);
	intake->standing = calloc(count, sizeof *intake->standing);
	intake->said = calloc(count, sizeof *intake->said);
	intake->shown = calloc(count, sizeof *intake->shown);
	if (intake->lines != NULL && intake->standing != NULL && intake->said != NULL && intake->shown != NULL)
		status = told_arena_new(ARENA_MAX_BYTES, &intake->arena);
	if (status == TOLD_OK)
		status = intake_settle(intake);
	if (status == TOLD_OK) {
		*out = intake;
		intake = NULL;
	}
	told_intake_free(intake);
	return status;
}

void answer_drop(struct held_answer *answer)
{
	json_decref(answer->answer);
	*answer = (struct held_answer){.said_at = "", .source = ""};
}

void told_intake_free(struct told_intake *intake)
{
	if (intake == NULL)
		return;
	for (size_t i = 0; intake->lines != NULL && i < told_form_count(intake->form); i++) {
		answer_drop(&intake->lines[i].told);
		answer_drop(&intake->lines[i].now);
	}
	told_arena_free(intake->arena);
	free(intake->lines);
	free(intake->standing);
	free(intake->said);
	free(intake->shown);
	free(intake);
}

const struct told_form *told_intake_form(const struct told_intake *intake)
{
	return intake->form;
}

/* -- what was told before -- */

static enum told_status take(struct told_intake *intake, size_t index, const struct told_story_item *story)
{
	struct line *line = &intake->lines[index];
	int64_t said_ms = form_time_ms(story->said_at);
	if (line->told.answer != NULL && said_ms <= line->told_ms)
		return TOLD_OK;
	json_t *answer = NULL;
	enum told_status status = told_answer_read(told_form_item(intake->form, index), story, &answer);
	if (status != TOLD_OK)
		return status == TOLD_E_UNKNOWN ? TOLD_OK : status;
	const char *said_at = told_arena_text(intake->arena, story->said_at);
	const char *source = told_arena_text(intake->arena, story->source);
	if (said_at == NULL || source == NULL) {
		json_decref(answer);
		return TOLD_E_MEMORY;
	}
	answer_drop(&line->told);
	line->told =
		(struct held_answer){.answer = answer, .said_at = said_at, .source = source, .voice = story->voice};
	line->told_ms = said_ms;
	return TOLD_OK;
}

enum told_status told_intake_tell(struct told_intake *intake, const struct told_story *story)
{
	for (size_t i = 0; i < told_form_count(intake->form); i++) {
		const struct told_item *item = told_form_item(intake->form, i);
		if (!told_item_is_question(item))
			continue;
		const struct told_story_item *found =
			told_story_find(story, told_text(TOLD_FORM_CODE_SYSTEM), told_text(item->code));
		enum told_status status = found != NULL ? take(intake, i, found) : TOLD_OK;
		if (status != TOLD_OK)
			return status;
	}
	return intake_settle(intake);
}

/* -- how it stands -- */

static struct told_answer view(const struct held_answer *answer)
{
	const char *said_at = answer->said_at != NULL ? answer->said_at : "";
	const char *source = answer->source != NULL ? answer->source : "";
	return (struct told_answer){
		.answer = answer->answer, .said_at = said_at, .source = source, .voice = answer->voice};
}

struct told_intake_line told_intake_line(const struct told_intake *intake, size_t index)
{
	const struct line *line = &intake->lines[index];
	struct told_intake_line out = {
		.item = told_form_item(intake->form, index),
		.handling = line->handling,
		.shown = intake->shown[index],
		.told = view(&line->told),
		.now = view(&line->now),
		.done = line->done,
	};
	if (line->handling == TOLD_HANDLING_ALWAYS && !line->done)
		out.told = (struct told_answer){.said_at = "", .source = ""};
	return out;
}

size_t told_intake_left(const struct told_intake *intake)
{
	size_t left = 0;
	for (size_t i = 0; i < told_form_count(intake->form); i++) {
		const struct line *line = &intake->lines[i];
		bool asks = line->handling != TOLD_HANDLING_NONE && line->handling != TOLD_HANDLING_PREFILLED;
		left += asks && intake->shown[i] == TOLD_SHOWN_YES && !line->done;
	}
	return left;
}

size_t told_intake_flags(const struct told_intake *intake, told_flag_fn *fn, void *ctx)
{
	size_t count = 0;
	for (size_t i = 0; i < told_form_count(intake->form); i++) {
		const struct told_item *item = told_form_item(intake->form, i);
		const struct line *line = &intake->lines[i];
		if (!line->done || line->now.answer == NULL || !told_answer_flags(item, line->now.answer))
			continue;
		count++;
		if (fn != NULL)
			fn(ctx, item);
	}
	return count;
}
