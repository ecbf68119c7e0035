/* SPDX-License-Identifier: Apache-2.0 */
/* Sam tells the story once, and says who may know what. */
#include "agents/demo/input.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

#include <string.h>

/* ---- once ---- */

static enum told_status give_card(struct told_demo *demo, const struct told_demo_agency *housing)
{
	json_t *reply = NULL;
	const struct told_demo_command command = {.agency = housing, .words = TOLD_WORDS("card", "new"), .shown = true};
	enum told_status status = told_demo_run(demo, &command, &reply);
	if (status == TOLD_OK) {
		snprintf(demo->client, sizeof demo->client, "%s", told_member(reply, "client"));
		told_say_line(demo, "Sam's card:", "%s", demo->client);
		told_say_line(demo, "Four words:", "%s", told_member(reply, "words"));
		told_say(demo, "The card says nothing about Sam. The words are shown this once, and the broker never "
			       "learns them.");
	}
	json_decref(reply);
	return status;
}

static void say_story(struct told_demo *demo, const json_t *sections)
{
	told_say_story(demo, "Access needs:", sections, "access.needs");
	told_say_story(demo, "Strengths:", sections, "str.good");
	told_say_story(demo, "Goal:", sections, "goa.want");
	told_say_story(demo, "Helps:", sections, "prf.helps");
	told_say_story(demo, "Not again:", sections, "prf.not-again");
}

enum told_status told_demo_tell(struct told_demo *demo)
{
	const struct told_demo_agency *housing = &demo->agencies[TOLD_DEMO_HOUSING];
	json_t *tells = NULL, *story = NULL;
	told_say_scene(demo, "Sam tells the story once, at Housing");
	told_say(demo, "Sam is invented. The worker asks what makes talking easier before anything else, then what Sam "
		       "is good at, wants, and does not want to be asked again.");
	enum told_status status = give_card(demo, housing);
	if (status == TOLD_OK)
		status = told_demo_tell_input(demo);
	if (status == TOLD_OK)
		status = told_talk_intake(demo, housing, &tells);
	if (status == TOLD_OK)
		status = told_talk_story(demo, housing, true, &story);
	if (status == TOLD_OK) {
		say_story(demo, story);
		told_say(demo,
			 "The story is now %zu sections, each sealed with a key of its own. Nobody else can open one "
			 "yet.",
			 json_array_size(tells));
	}
	json_decref(tells);
	json_decref(story);
	return status;
}

/* ---- permission ---- */

static enum told_status record(struct told_demo *demo, const char *const *words)
{
	json_t *reply = NULL;
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING], .words = words, .shown = true};
	enum told_status status = told_demo_run(demo, &command, &reply);
	json_decref(reply);
	return status == TOLD_OK ? TOLD_OK
				 : told_demo_fail(demo, status, "The permission: %s.", told_status_text(status));
}

/* "the talking therapies service and the drug and alcohol service" */
static void put_recipients(const struct told_demo *demo, const json_t *recipients, struct told_buf *out)
{
	size_t i;
	const json_t *one = NULL;
	json_array_foreach((json_t *)(uintptr_t)recipients, i, one)
	{
		const char *party = json_is_string(one) ? json_string_value(one) : told_member(one, "party");
		told_buf_printf(out, "%s%s", i > 0 ? " and " : "", told_demo_called(demo, party));
	}
}

/* What the signed records say, read back as the worker reads it to Sam. */
static enum told_status read_back(struct told_demo *demo)
{
	json_t *reply = NULL;
	const json_t *consent = NULL;
	size_t i;
	enum told_status status = told_demo_told(demo, &demo->agencies[TOLD_DEMO_HOUSING],
						 TOLD_WORDS("consent", "show", demo->client), &reply);
	json_array_foreach(json_object_get(reply, "consents"), i, consent)
	{
		struct told_buf to = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
		bool yes = strcmp(told_member(consent, "state"), "given") == 0;
		put_recipients(demo, json_object_get(consent, "recipients"), &to);
		const char *text = told_buf_cstr(&to);
		told_say_line(demo, yes ? "Sam says yes:" : "Sam says no:", "to %s, %zu kinds of information",
			      text != NULL ? text : "", json_array_size(json_object_get(consent, "include")));
		told_buf_free(&to);
	}
	json_decref(reply);
	return status;
}

enum told_status told_demo_permit(struct told_demo *demo)
{
	const char *therapies = demo->agencies[TOLD_DEMO_THERAPIES].profile->id;
	const char *drugs = demo->agencies[TOLD_DEMO_DRUGS].profile->id;
	const char *work = demo->agencies[TOLD_DEMO_WORK].profile->id;
	char health[2 * TOLD_NAME_MAX_BYTES + 2];
	snprintf(health, sizeof health, "%.64s,%.64s", therapies, drugs);
	told_say_scene(demo, "Sam says who may know what");
	told_say(demo,
		 "One talk, in plain words, service by service. Money is not for the health services. Mood and drugs "
		 "are not for Employability, nor anything that a health service was told.");
	enum told_status status =
		record(demo, TOLD_WORDS("consent", "record", demo->client, "--to", health, "--for", "REFERRAL,COORD",
					"--group", "reach,home,mind,drink,safety,family", "--agreement",
					demo->agreement, "--evidence", "signature", "--notice", "3", "--freely-given"));
	if (status == TOLD_OK)
		status = record(demo, TOLD_WORDS("consent", "record", demo->client, "--to", work, "--for",
						 "REFERRAL,COORD", "--group", "reach,home,work,family", "--except-from",
						 health, "--agreement", demo->agreement, "--evidence", "signature",
						 "--notice", "3", "--freely-given"));
	if (status == TOLD_OK)
		status = record(demo, TOLD_WORDS("consent", "record", demo->client, "--refused", "--to", work,
						 "--group", "mind,drink", "--agreement", demo->agreement));
	return status == TOLD_OK ? read_back(demo) : status;
}
