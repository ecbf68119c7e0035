/* SPDX-License-Identifier: Apache-2.0 */
/* A note is for its own service, unless others are named; who will see it is said in words before it is saved. */
#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

#include <string.h>

#define NOTE "Viewing on Friday at ten. Sam sleeps badly before such days, and would like company."

/* Its last word is --dry-run or --yes. */
static enum told_status write_note(struct told_demo *demo, const char *last, json_t **reply)
{
	char to[2 * TOLD_NAME_MAX_BYTES + 2];
	snprintf(to, sizeof to, "%.64s,%.64s", demo->agencies[TOLD_DEMO_THERAPIES].profile->id,
		 demo->agencies[TOLD_DEMO_WORK].profile->id);
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING],
		.words = TOLD_WORDS("note", "add", demo->client, NOTE, "--to", to, "--about", "HOU.SIT,MH.PROB", last),
		.shown = true,
	};
	return told_demo_run(demo, &command, reply);
}

static enum told_status look_first(struct told_demo *demo)
{
	json_t *reply = NULL;
	enum told_status status = write_note(demo, "--dry-run", &reply);
	if (status == TOLD_OK && !json_is_false(json_object_get(reply, "saved")))
		status = told_demo_fail(demo, TOLD_E_INTERNAL, "A note was saved before anybody said who may see it.");
	if (status == TOLD_OK)
		told_say_line(demo, "First:", "%s", told_member(reply, "audience"));
	json_decref(reply);
	return status;
}

static size_t readers(const json_t *previews)
{
	size_t i, count = 0;
	const json_t *one = NULL;
	json_array_foreach((json_t *)(uintptr_t)previews, i, one)
	{
		count += strcmp(told_member(one, "effect"), "release") == 0;
	}
	return count;
}

static enum told_status save(struct told_demo *demo)
{
	json_t *reply = NULL;
	enum told_status status = write_note(demo, "--yes", &reply);
	const json_t *previews = json_object_get(reply, "previews");
	/* To one of the two it may not go: the command ends with that, and the other has it all the same. */
	if (status == TOLD_E_REFUSED && readers(previews) > 0)
		status = TOLD_OK;
	told_demo_count(demo, "note.readers", readers(previews));
	told_demo_count(demo, "note.kept_from", json_array_size(previews) - readers(previews));
	json_decref(reply);
	return status;
}

static enum told_status there(struct told_demo *demo, const json_t *reply, void *ctx)
{
	const json_t *notes = json_object_get(reply, "received");
	(void)demo;
	*(size_t *)ctx = json_array_size(notes);
	return json_array_size(notes) > 0 ? TOLD_OK : TOLD_E_BUSY;
}

enum told_status told_demo_note(struct told_demo *demo)
{
	size_t count = 0;
	told_say_scene(demo, "A note says who will see it");
	told_say(demo, "A note is for the service that writes it, unless others are named. Before it is saved it says "
		       "in words who will see it. It can be corrected; the old words stay beside the new ones.");
	enum told_status status = look_first(demo);
	if (status == TOLD_OK)
		status = save(demo);
	if (status == TOLD_OK)
		status = told_demo_until(demo, &demo->agencies[TOLD_DEMO_THERAPIES],
					 TOLD_WORDS("note", "ls", demo->client), there, &count,
					 "the note comes to Talking Therapies");
	if (status == TOLD_OK)
		told_say_line(demo, "Arrives:", "%zu note at Talking Therapies; none at Employability", count);
	return status;
}
