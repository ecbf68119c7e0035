/* SPDX-License-Identifier: Apache-2.0 */
/* Step 11: Sam gets a statement: who was told what, and why, in words that are easy to read. */
#include "agents/demo/say.h"
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

enum told_status told_demo_statement(struct told_demo *demo)
{
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING],
		.words = TOLD_WORDS("statement", demo->client, "--identity", "--alone", "--take-away"),
		.shown = true,
	};
	json_t *reply = NULL;
	told_say_step(demo, "Sam gets a statement to keep");
	told_say(demo, "Before it is given the worker checks: it is Sam, Sam is alone, and it is safe to take away.");
	enum told_status status = told_demo_run(demo, &command, &reply);
	const json_t *entries = json_object_get(reply, "usages");
	if (status != TOLD_OK)
		told_demo_fail(demo, status, "The statement: %s.", told_status_text(status));
	for (size_t i = 0; status == TOLD_OK && i < SHOWN && i < json_array_size(entries); i++)
		told_say_line(demo, i == 0 ? "It says:" : "", "%s", told_member(json_array_get(entries, i), "action"));
	if (status == TOLD_OK) {
		demo->figures.entries_of_statement = json_array_size(entries);
		demo->figures.reading_age = reading_age(entries);
		told_say_line(demo, "In all:", "%zu entries; somebody of %u reads them with ease",
			      demo->figures.entries_of_statement, demo->figures.reading_age);
		if (demo->figures.entries_of_statement == 0)
			status = told_demo_fail(demo, TOLD_E_INTERNAL, "The statement is empty.");
	}
	json_decref(reply);
	return status;
}
