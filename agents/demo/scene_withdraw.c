/* SPDX-License-Identifier: Apache-2.0 */
/* Sam changes their mind while a message waits. The withdrawal is faster. */
#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"
#include "proto/page/page.h"

#include <string.h>

#define UNDELIVERED "withdrawn_in_queue_not_delivered"

/* The message that waits, by its id. */
struct waiting {
	char id[64];
	long long entry;
};

static const json_t *find(const json_t *list, const char *member, const char *id)
{
	size_t i;
	const json_t *one = NULL;
	json_array_foreach((json_t *)(uintptr_t)list, i, one)
	{
		if (strcmp(told_member(one, member), id) == 0)
			return one;
	}
	return NULL;
}

static enum told_status send_update(struct told_demo *demo, struct waiting *waiting)
{
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING],
		.words = TOLD_WORDS("update", "send", demo->client, "--to", demo->agencies[TOLD_DEMO_DRUGS].profile->id,
				    "--category", "DEM.ID,HOU.SIT"),
		.shown = true,
	};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	if (status == TOLD_OK) {
		snprintf(waiting->id, sizeof waiting->id, "%s", told_member(message, "id"));
		waiting->entry = (long long)json_integer_value(json_object_get(message, "entry"));
		told_say_line(demo, "Waits:", "accepted as entry %lld, sealed, on the broker's disk", waiting->entry);
	}
	json_decref(reply);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "The update: %s.", told_status_text(status));
}

static enum told_status withdraw(struct told_demo *demo)
{
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_THERAPIES],
		.words = TOLD_WORDS("consent", "withdraw", demo->client, "--to",
				    demo->agencies[TOLD_DEMO_DRUGS].profile->id),
		.shown = true,
	};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	json_decref(reply);
	return status == TOLD_OK ? TOLD_OK
				 : told_demo_fail(demo, status, "The withdrawal: %s.", told_status_text(status));
}

/* The sender's screen: no longer sent. */
static enum told_status sender_hears(struct told_demo *demo, const json_t *reply, void *ctx)
{
	const struct waiting *waiting = ctx;
	const json_t *message = find(json_object_get(reply, "messages"), "id", waiting->id);
	(void)demo;
	return strcmp(told_member(message, "state"), "refused") == 0 ? TOLD_OK : TOLD_E_BUSY;
}

/* The recipient obeys the notice: what others had told it is put away. */
static enum told_status put_away(struct told_demo *demo, const json_t *reply, void *ctx)
{
	long long *withdrawn = ctx;
	size_t i;
	const json_t *section = NULL;
	*withdrawn = (long long)json_integer_value(json_object_get(reply, "withdrawn"));
	json_array_foreach(json_object_get(reply, "sections"), i, section)
	{
		if (strcmp(told_member(section, "from"), demo->agencies[TOLD_DEMO_DRUGS].profile->id) != 0)
			return TOLD_E_BUSY;
	}
	return *withdrawn > 0 ? TOLD_OK : TOLD_E_BUSY;
}

static enum told_status say_what_the_sender_hears(struct told_demo *demo, const struct waiting *waiting)
{
	json_t *reply = NULL;
	enum told_status status = told_demo_told(demo, &demo->agencies[TOLD_DEMO_HOUSING],
						 TOLD_WORDS("sent", "--client", demo->client), &reply);
	if (status == TOLD_OK)
		told_say_reason(demo, "Housing hears:",
				json_object_get(find(json_object_get(reply, "messages"), "id", waiting->id), "codes"));
	json_decref(reply);
	return status;
}

/* Not in the inbox, and the sender knows: then it was not delivered. */
static enum told_status look_in_the_inbox(struct told_demo *demo, const struct waiting *waiting)
{
	json_t *reply = NULL;
	enum told_status status = told_demo_told(demo, &demo->agencies[TOLD_DEMO_DRUGS], TOLD_WORDS("inbox"), &reply);
	if (status == TOLD_OK && find(json_object_get(reply, "parcels"), "message", waiting->id) != NULL)
		status = told_demo_fail(demo, TOLD_E_INTERNAL, "The message was delivered after the withdrawal.");
	told_demo_count(demo, UNDELIVERED, status == TOLD_OK);
	json_decref(reply);
	return status;
}

static enum told_status come_back(struct told_demo *demo, struct waiting *waiting)
{
	struct told_demo_agency *drugs = &demo->agencies[TOLD_DEMO_DRUGS];
	long long withdrawn = 0;
	told_say(demo, "The drug and alcohol service comes back. The message is ruled once more before it may leave.");
	enum told_status status = told_demo_start_agent(demo, drugs);
	if (status == TOLD_OK)
		status = told_demo_until(demo, drugs, TOLD_WORDS("story", "show", demo->client), put_away, &withdrawn,
					 "the drug and alcohol service hears of the withdrawal");
	if (status == TOLD_OK)
		status = told_demo_until(demo, &demo->agencies[TOLD_DEMO_HOUSING],
					 TOLD_WORDS("sent", "--client", demo->client), sender_hears, waiting,
					 "Housing hears that the message was not delivered");
	if (status == TOLD_OK)
		status = look_in_the_inbox(demo, waiting);
	if (status != TOLD_OK)
		return status;
	told_say_line(demo, "Not delivered:",
		      "%zu message%s. %lld section%s that it had before are put away, and nobody there "
		      "can open them.",
		      told_demo_counted(demo, UNDELIVERED), told_many(told_demo_counted(demo, UNDELIVERED), "", "s"),
		      withdrawn, told_many((uint64_t)withdrawn, "", "s"));
	return say_what_the_sender_hears(demo, waiting);
}

enum told_status told_demo_withdraw(struct told_demo *demo)
{
	struct waiting waiting = {.entry = 0};
	told_say_scene(demo, "Sam changes their mind");
	told_say(demo,
		 "The drug and alcohol service has switched its computer off. Housing sends it news of Sam's home.");
	enum told_status status = told_demo_stop_agent(demo, &demo->agencies[TOLD_DEMO_DRUGS]);
	if (status == TOLD_OK)
		status = send_update(demo, &waiting);
	if (status == TOLD_OK) {
		told_say(demo,
			 "At Talking Therapies Sam says: the drug and alcohol service need not know any more. Any "
			 "service takes that, at once, and asks for no reason.");
		status = withdraw(demo);
	}
	return status == TOLD_OK ? come_back(demo, &waiting) : status;
}
