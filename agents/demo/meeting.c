/* SPDX-License-Identifier: Apache-2.0 */
/* Case conferences as workers type them. What is counted is what the chair's own screen says afterwards. */
#include "agents/demo/meeting.h"
#include "agents/demo/figures.h"
#include "agents/demo/say.h"

#include <string.h>

enum told_status told_demo_call(struct told_demo *demo, enum told_demo_who who, const char *const *words,
				struct told_demo_meeting *meeting, json_t **reply)
{
	const struct told_demo_command command = {.agency = &demo->agencies[who], .words = words, .shown = true};
	enum told_status status = told_demo_run(demo, &command, reply);
	if (status == TOLD_OK)
		snprintf(meeting->id, sizeof meeting->id, "%s", told_member(*reply, "conference"));
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "A conference could not be called.");
}

enum told_status told_demo_says(struct told_demo *demo, enum told_demo_who who, const char *act,
				const struct told_demo_meeting *meeting)
{
	return told_demo_do(demo, who, TOLD_WORDS("conference", act, meeting->id));
}

/* ---- waiting ---- */

struct wanted {
	const char *id, *state;
	size_t count;
};

/* In the list, for one that nobody knows yet cannot be shown. */
static enum told_status in_state(struct told_demo *demo, const json_t *reply, void *ctx)
{
	const struct wanted *w = ctx;
	size_t i;
	const json_t *one = NULL;
	(void)demo;
	json_array_foreach(json_object_get(reply, "conferences"), i, one)
	{
		if (strcmp(told_member(one, "conference"), w->id) == 0 &&
		    strcmp(told_member(one, "state"), w->state) == 0)
			return TOLD_OK;
	}
	return TOLD_E_BUSY;
}

enum told_status told_demo_meets(struct told_demo *demo, const struct told_demo_meeting *meeting,
				 enum told_demo_who who, const char *state)
{
	struct wanted w = {.id = meeting->id, .state = state};
	return told_demo_until(demo, &demo->agencies[who], TOLD_WORDS("conference", "ls"), in_state, &w,
			       "an agency hears how the conference stands");
}

/* ---- the agenda ---- */

static enum told_status has_items(struct told_demo *demo, const json_t *reply, void *ctx)
{
	(void)demo;
	return json_array_size(json_object_get(reply, "agenda")) >= ((const struct wanted *)ctx)->count ? TOLD_OK
													: TOLD_E_BUSY;
}

static void say_item(struct told_demo *demo, const json_t *item)
{
	size_t i;
	const json_t *party = NULL;
	told_say_line(demo, "Item:", "%s, from %s%s", told_member(item, "words"),
		      told_demo_called(demo, told_member(item, "from")),
		      json_is_true(json_object_get(item, "own_words")) ? ", in the person's own words" : "");
	json_array_foreach(json_object_get(item, "not_for"), i, party)
	{
		told_say_line(demo, "", "%s: not for this item", told_demo_called(demo, json_string_value(party)));
	}
}

enum told_status told_demo_agenda(struct told_demo *demo, const struct told_demo_meeting *meeting, size_t items)
{
	struct wanted w = {.id = meeting->id, .count = items};
	const char *const *words = TOLD_WORDS("conference", "show", meeting->id);
	const struct told_demo_agency *chair = &demo->agencies[meeting->chair];
	json_t *reply = NULL;
	size_t i;
	const json_t *item = NULL;
	enum told_status status =
		told_demo_until(demo, chair, words, has_items, &w, "the chair has what was contributed");
	if (status == TOLD_OK)
		status = told_demo_told(demo, chair, words, &reply);
	json_array_foreach(json_object_get(reply, "agenda"), i, item)
	{
		say_item(demo, item);
	}
	json_decref(reply);
	return status;
}

/* ---- acknowledgements ---- */

static enum told_status has_acknowledged(struct told_demo *demo, const json_t *reply, void *ctx)
{
	struct wanted *w = ctx;
	size_t i, count = 0;
	const json_t *one = NULL;
	(void)demo;
	json_array_foreach(json_object_get(reply, "attendees"), i, one)
	{
		count += strcmp(told_member(one, "minutes"), "acknowledge") == 0;
	}
	if (count < w->count)
		return TOLD_E_BUSY;
	w->count = count;
	return TOLD_OK;
}

enum told_status told_demo_acknowledged(struct told_demo *demo, const struct told_demo_meeting *meeting, size_t wanted)
{
	struct wanted w = {.id = meeting->id, .count = wanted};
	enum told_status status =
		told_demo_until(demo, &demo->agencies[meeting->chair], TOLD_WORDS("conference", "show", meeting->id),
				has_acknowledged, &w, "the chair hears that the minutes were acknowledged");
	if (status == TOLD_OK)
		told_demo_count(demo, "conferences.minutes_acknowledged", w.count);
	return status;
}
