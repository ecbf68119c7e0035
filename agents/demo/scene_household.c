/* SPDX-License-Identifier: Apache-2.0 */
/* Sam lives with Jean, who is Sam's mother. Each has a card, a story and permissions of their own; what one says about
 * the other is a section by itself, and stays where it was told unless there is a basis for it. */
#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

#include <string.h>

#define ABOUT_ANOTHER "SEC-02"

/* ---- two people ---- */

static enum told_status give_card(struct told_demo *demo)
{
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING], .words = TOLD_WORDS("card", "new"), .shown = true};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	if (status == TOLD_OK) {
		snprintf(demo->mother, sizeof demo->mother, "%s", told_member(reply, "client"));
		told_say_line(demo, "Jean's card:", "%s", demo->mother);
	}
	json_decref(reply);
	return status;
}

/* What Jean tells of herself: sections as the option takes them. */
static enum told_status tell_own(struct told_demo *demo)
{
	const char *words[3 + 2 * TOLD_SECTIONS_MAX + 1] = {"story", "tell", demo->mother};
	size_t count = 3, i;
	const json_t *one = NULL;
	json_array_foreach(json_object_get(demo->household, "jean"), i, one)
	{
		if (i < TOLD_SECTIONS_MAX) {
			words[count++] = "--section";
			words[count++] = json_string_value(one);
		}
	}
	return told_demo_do(demo, TOLD_DEMO_HOUSING, words);
}

/* What one of them says about the other; the household is a section like any other. */
static enum told_status tell_of_each_other(struct told_demo *demo)
{
	enum told_status status =
		told_demo_do(demo, TOLD_DEMO_HOUSING,
			     TOLD_WORDS("story", "tell", demo->client, "--section",
					told_member(demo->household, "sam-about-jean"), "--about", demo->mother));
	return status == TOLD_OK ? told_demo_do(demo, TOLD_DEMO_HOUSING,
						TOLD_WORDS("story", "tell", demo->mother, "--section",
							   told_member(demo->household, "jean-about-sam"), "--about",
							   demo->client))
				 : status;
}

/* ---- two people's permissions ---- */

static enum told_status permit(struct told_demo *demo)
{
	const char *therapies = demo->agencies[TOLD_DEMO_THERAPIES].profile->id;
	enum told_status status =
		told_demo_do(demo, TOLD_DEMO_HOUSING,
			     TOLD_WORDS("consent", "record", demo->mother, "--to", therapies, "--for", "REFERRAL,COORD",
					"--group", "reach,mind,family", "--agreement", demo->agreement, "--evidence",
					"signature", "--notice", "3", "--freely-given"));
	return status == TOLD_OK ? told_demo_do(demo, TOLD_DEMO_HOUSING,
						TOLD_WORDS("referral", "send", demo->mother, "--to", therapies,
							   "--category", "PRF.ACC,DEM.ID,STR,GOA", "--note",
							   "Jean asks for somebody to talk to."))
				 : status;
}

/* Of a ruling: sections that stay because they are about somebody else. */
static size_t about_another(const json_t *sections)
{
	size_t i, count = 0;
	const json_t *one = NULL;
	json_array_foreach((json_t *)(uintptr_t)sections, i, one)
	{
		count += strcmp(told_member(json_object_get(one, "code"), "code"), ABOUT_ANOTHER) == 0;
	}
	return count;
}

/* Sam has said yes to Employability about the home. Jean has not, and is not asked through Sam. */
static enum told_status look(struct told_demo *demo)
{
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING],
		.words = TOLD_WORDS("update", "send", demo->client, "--to", demo->agencies[TOLD_DEMO_WORK].profile->id,
				    "--category", "HOU.SIT", "--dry-run"),
		.shown = true,
	};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	const json_t *sections = json_object_get(json_object_get(reply, "preview"), "sections");
	size_t kept = about_another(sections), own = told_count_effect(sections, "release");
	if (status == TOLD_OK) {
		told_say_shared(demo, sections);
		told_say_withheld(demo, sections);
	}
	told_demo_count(demo, "household.people", 2);
	told_demo_count(demo, "household.about_another_withheld", kept);
	json_decref(reply);
	if (status == TOLD_OK && (kept == 0 || own == 0))
		status = told_demo_fail(demo, TOLD_E_INTERNAL, "What Sam said about Jean was not kept apart.");
	return status;
}

enum told_status told_demo_household(struct told_demo *demo)
{
	told_say_scene(demo, "Sam's mother is a person of her own");
	told_say(demo,
		 "Sam sleeps at Jean's, who is Sam's mother. Jean has a card, a story and permissions of her own. "
		 "What Sam says about Jean is kept apart from what Sam says about Sam.");
	enum told_status status = give_card(demo);
	if (status == TOLD_OK)
		status = tell_own(demo);
	if (status == TOLD_OK)
		status = tell_of_each_other(demo);
	if (status == TOLD_OK)
		status = permit(demo);
	if (status == TOLD_OK) {
		told_say(demo, "Sam's yes is not Jean's. Would news of Sam's home tell Employability about Jean?");
		status = look(demo);
	}
	return status;
}
