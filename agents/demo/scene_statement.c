/* SPDX-License-Identifier: Apache-2.0 */
/* Each of the two gets a statement: who was told what about them, and why, in words that are easy to read. */
#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

#include "agents/statement/reading.h"

#include <string.h>

#define SHOWN 4u /* entries on the screen; the page has them all */

/* Of the entries, as Sam reads them. */
static unsigned reading_age(const json_t *entries)
{
	struct told_reading reading = {0};
	size_t i;
	const json_t *one = NULL;
	json_array_foreach((json_t *)(uintptr_t)entries, i, one)
	{
		told_reading_add(&reading, told_text(told_member(one, "action")));
	}
	return (unsigned)(told_reading_age(&reading) + 0.5);
}

/* Gives somebody theirs; *entries gets how many. */
static enum told_status give(struct told_demo *demo, const char *client, json_t **entries)
{
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING],
		.words = TOLD_WORDS("statement", client, "--identity", "--alone", "--take-away"),
		.shown = true,
	};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	*entries = json_incref(json_object_get(reply, "usages"));
	json_decref(reply);
	if (status != TOLD_OK)
		return told_demo_fail(demo, status, "The statement: %s.", told_status_text(status));
	told_demo_count(demo, "household.statements", json_array_size(*entries) > 0);
	return json_array_size(*entries) > 0 ? TOLD_OK
					     : told_demo_fail(demo, TOLD_E_INTERNAL, "The statement is empty.");
}

static enum told_status give_sam(struct told_demo *demo)
{
	json_t *entries = NULL;
	enum told_status status = give(demo, demo->client, &entries);
	for (size_t i = 0; status == TOLD_OK && i < SHOWN && i < json_array_size(entries); i++)
		told_say_line(demo, i == 0 ? "It says:" : "", "%s", told_member(json_array_get(entries, i), "action"));
	if (status == TOLD_OK) {
		told_demo_count(demo, "statement.entries", json_array_size(entries));
		told_demo_count(demo, "statement.reading_age", reading_age(entries));
		told_say_line(demo, "In all:", "%zu entries; somebody of %u reads them with ease",
			      json_array_size(entries), reading_age(entries));
	}
	json_decref(entries);
	return status;
}

/* Hers is about her alone: none of its entries is one of Sam's. */
static enum told_status give_jean(struct told_demo *demo)
{
	json_t *entries = NULL;
	enum told_status status = give(demo, demo->mother, &entries);
	if (status == TOLD_OK)
		told_say_line(demo, "Jean's own:", "%zu entries, about Jean alone", json_array_size(entries));
	json_decref(entries);
	return status;
}

enum told_status told_demo_statement(struct told_demo *demo)
{
	told_say_scene(demo, "Sam and Jean each get a statement to keep");
	told_say(demo, "Before it is given the worker checks: it is that person, they are alone, and it is safe to "
		       "take away.");
	enum told_status status = give_sam(demo);
	return status == TOLD_OK ? give_jean(demo) : status;
}
