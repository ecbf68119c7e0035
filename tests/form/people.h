/* SPDX-License-Identifier: Apache-2.0 */
/* An invented person who answers whatever a form asks: by code where it matters, else something that fits the question.
 */
#ifndef TOLD_TESTS_FORM_PEOPLE_H
#define TOLD_TESTS_FORM_PEOPLE_H

#include "form/forms.h"

static const struct {
	const char *code, *answer;
} told_by_sam[] = {
	{"name.chosen", "\"Sam\""},     {"name.full", "\"Samira Okafor-Lindqvist\""},
	{"born", "\"1990-04-27\""},     {"access.needs", "[\"more-time\", \"Somewhere I can bring my dog\"]"},
	{"contact.safe", "[\"text\"]"}, {"hou.now", "\"friends\""},
	{"emp.status", "\"looking\""},  {"emp.benefits", "[\"uc\"]"},
	{"fam.children", "\"stay\""},   {"sud.rx", "[\"methadone\"]"},
	{"top.injected", "2"},          {"rsk.self", "\"passing\""},
	{"phq9.9", "\"several-days\""},
};

static inline json_t *something_that_fits(const struct told_item *item)
{
	switch (item->type) {
	case TOLD_ITEM_BOOLEAN: return json_true();
	case TOLD_ITEM_INTEGER: return json_integer(item->has_max ? item->max : 1);
	case TOLD_ITEM_DATE: return json_string("2026-12-24");
	case TOLD_ITEM_CHOICE:
	case TOLD_ITEM_OPEN_CHOICE:
		return item->repeats ? json_pack("[s]", item->options[0].code) : json_string(item->options[0].code);
	default: return json_string("Words");
	}
}

static inline json_t *sams_answer(const struct told_item *item)
{
	for (size_t i = 0; i < sizeof told_by_sam / sizeof *told_by_sam; i++)
		if (strcmp(told_by_sam[i].code, item->code) == 0)
			return json_of(told_by_sam[i].answer);
	return something_that_fits(item);
}

/* Sam answers everything that is asked, one question at a time as in a talk, and confirms what is read back. */
static inline void sam_answers(struct told_intake *intake, const char *source)
{
	const struct told_form *form = told_intake_form(intake);
	struct told_saying saying = {.now_utc_ms = TEST_NOW_MS, .source = source, .voice = TOLD_VOICE_PERSON};
	for (size_t i = 0; i < told_form_count(form); i++) {
		struct told_intake_line line = told_intake_line(intake, i);
		if (line.shown != TOLD_SHOWN_YES || line.handling == TOLD_HANDLING_NONE ||
		    line.handling == TOLD_HANDLING_PREFILLED)
			continue;
		json_t *reply = line.handling == TOLD_HANDLING_CONFIRM
					? json_pack("{s:[s]}", "confirmed", line.item->link_id)
					: json_pack("{s:{s:o}}", "answers", line.item->link_id, sams_answer(line.item));
		struct told_buf why = TOLD_BUF(4096);
		if (told_intake_answer(intake, reply, &saying, &why) != TOLD_OK)
			fail_msg("%s", told_buf_cstr(&why));
		told_buf_free(&why);
		json_decref(reply);
	}
	assert_int_equal(told_intake_left(intake), 0);
}

#endif
