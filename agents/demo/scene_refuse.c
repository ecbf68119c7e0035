/* SPDX-License-Identifier: Apache-2.0 */
/* What may not pass. Whoever asks learns nothing; whoever sends is told the rule. */
#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

#include <string.h>

/* Employability asks for what Sam has refused it. */
static enum told_status ask_for_too_much(struct told_demo *demo)
{
	const struct told_talk_ask ask = {
		.by = &demo->agencies[TOLD_DEMO_WORK],
		.client = demo->client,
		.categories = "MH.PROB,MH.ATT,SUD.USE",
		.seconds = "1",
		.shown = true,
	};
	json_t *received = NULL;
	enum told_status status = told_talk_ask(demo, &ask, &received);
	if (status == TOLD_OK && json_array_size(received) != 0)
		status = told_demo_fail(demo, TOLD_E_INTERNAL, "Employability was told what Sam had refused.");
	if (status == TOLD_OK)
		told_say_line(demo, "Nothing:",
			      "There is nothing to release, in the same words as for anybody. It does not "
			      "say whether there is something.");
	json_decref(received);
	return status;
}

/* A message that is meant to be refused: says by which rule, and counts it. */
static enum told_status be_refused(struct told_demo *demo, enum told_demo_who who, const char *const *words)
{
	const struct told_demo_command command = {.agency = &demo->agencies[who], .words = words, .shown = true};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	if (status == TOLD_OK)
		status = told_demo_fail(demo, TOLD_E_INTERNAL, "A message passed that should have been refused.");
	else if (status == TOLD_E_REFUSED && strcmp(told_member(message, "state"), "refused") == 0)
		status = TOLD_OK;
	if (status == TOLD_OK) {
		told_demo_count(demo, "refused", 1);
		told_demo_count(demo, "sections.withheld", json_array_size(json_object_get(message, "sections")));
		told_say_reason(demo, "Refused:", json_object_get(message, "codes"));
		told_say_line(demo, "", "Entry %lld of the log proves it.",
			      (long long)json_integer_value(json_object_get(message, "entry")));
	}
	json_decref(reply);
	return status == TOLD_OK
		       ? TOLD_OK
		       : told_demo_fail(demo, status, "told %s %s: %s.", words[0], words[1], told_status_text(status));
}

static enum told_status note_attendance(struct told_demo *demo)
{
	json_t *reply = NULL;
	enum told_status status = told_demo_told(demo, &demo->agencies[TOLD_DEMO_THERAPIES],
						 TOLD_WORDS("story", "tell", demo->client, "--section",
							    "MH.ATT=We met for a first talk.", "--voice", "worker"),
						 &reply);
	json_decref(reply);
	return status;
}

enum told_status told_demo_refuse(struct told_demo *demo)
{
	const char *work = demo->agencies[TOLD_DEMO_WORK].profile->id;
	const char *drugs = demo->agencies[TOLD_DEMO_DRUGS].profile->id;
	told_say_scene(demo, "What may not pass is refused");
	told_say(demo, "Employability asks about mood and drugs.");
	enum told_status status = ask_for_too_much(demo);
	if (status == TOLD_OK) {
		told_say(demo,
			 "Talking Therapies wants to tell Employability that Sam came. The agreement would allow it; "
			 "Sam has said no.");
		status = note_attendance(demo);
	}
	if (status == TOLD_OK)
		status = be_refused(demo, TOLD_DEMO_THERAPIES,
				    TOLD_WORDS("update", "send", demo->client, "--to", work, "--category", "MH.ATT"));
	if (status == TOLD_OK) {
		told_say(demo,
			 "Employability wants to refer Sam to the drug and alcohol service. The agreement has no such "
			 "referral.");
		status = be_refused(
			demo, TOLD_DEMO_WORK,
			TOLD_WORDS("referral", "send", demo->client, "--to", drugs, "--category", "EMP.GOAL"));
	}
	return status;
}
