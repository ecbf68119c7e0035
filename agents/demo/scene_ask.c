/* SPDX-License-Identifier: Apache-2.0 */
/* Who may not know gets the same answer as about somebody unknown; with Sam there, what Sam said yes to. */
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

/* A reference that nobody has ever spoken of: a card without a story. */
static enum told_status unknown_client(struct told_demo *demo, char out[64])
{
	json_t *reply = NULL;
	enum told_status status =
		told_demo_told(demo, &demo->agencies[TOLD_DEMO_WORK], TOLD_WORDS("card", "new"), &reply);
	snprintf(out, 64, "%s", told_member(reply, "client"));
	json_decref(reply);
	return status;
}

static enum told_status ask_without_knowing(struct told_demo *demo)
{
	char unknown[64];
	struct told_talk_ask ask = {
		.by = &demo->agencies[TOLD_DEMO_THERAPIES], .client = demo->client, .seconds = "1", .shown = true};
	json_t *about_sam = NULL, *about_nobody = NULL;
	enum told_status status = unknown_client(demo, unknown);
	if (status == TOLD_OK)
		status = told_talk_ask(demo, &ask, &about_sam);
	ask.client = unknown;
	ask.shown = false;
	if (status == TOLD_OK)
		status = told_talk_ask(demo, &ask, &about_nobody);
	if (status == TOLD_OK && json_equal(about_sam, about_nobody) && json_array_size(about_sam) == 0)
		told_say_line(demo, "Nothing:",
			      "There is nothing to release. About a person whom nobody knows, the same "
			      "question has the same answer.");
	else if (status == TOLD_OK)
		status = told_demo_fail(demo, TOLD_E_INTERNAL, "Asking about Sam was not like asking about nobody.");
	json_decref(about_sam);
	json_decref(about_nobody);
	return status;
}

enum told_status told_demo_ask(struct told_demo *demo)
{
	const struct told_demo_agency *therapies = &demo->agencies[TOLD_DEMO_THERAPIES];
	told_say_scene(demo, "Talking Therapies asks, first without knowing Sam, then with Sam there");
	told_say(demo,
		 "Sam has said yes, but nobody at Talking Therapies works with Sam. So nobody there needs to know.");
	enum told_status status = ask_without_knowing(demo);
	if (status == TOLD_OK) {
		told_say(demo, "Then Sam comes in and shows the card. For today, that is reason enough.");
		status = told_talk_present(demo, therapies);
	}
	return status == TOLD_OK ? told_talk_share(demo, therapies, &demo->agencies[TOLD_DEMO_HOUSING]) : status;
}
