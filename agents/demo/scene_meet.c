/* SPDX-License-Identifier: Apache-2.0 */
/* Sam does not come. Nothing closes for that: the door is held open, and coming back needs no new story. */
#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

#include <string.h>

#define CLOSED "closed_for_non_engagement"

/* Lost touch is refused while not enough was done to find somebody. */
static enum told_status not_closed(struct told_demo *demo)
{
	enum told_status status =
		told_demo_not(demo, TOLD_DEMO_THERAPIES,
			      TOLD_WORDS("referral", "close", demo->referred, "--reason", "disengaged", "--hard",
					 "No fare", "--left", "The door is open.", "--high-risk", "no"),
			      "One missed meeting closed a referral.");
	if (status == TOLD_OK)
		told_say_line(demo,
			      "Refused:", "one missed meeting is not lost touch: three tries, by ways that Sam chose.");
	return status;
}

static enum told_status in_state(struct told_demo *demo, const json_t *reply, void *ctx)
{
	size_t i;
	const json_t *row = NULL;
	json_array_foreach(json_object_get(reply, "referrals"), i, row)
	{
		if (strcmp(told_member(row, "referral"), demo->referred) == 0 &&
		    strcmp(told_member(row, "state"), (const char *)ctx) == 0)
			return TOLD_OK;
	}
	return TOLD_E_BUSY;
}

static enum told_status housing_hears(struct told_demo *demo, char *state)
{
	return told_demo_until(demo, &demo->agencies[TOLD_DEMO_HOUSING],
			       TOLD_WORDS("referral", "ls", "--client", demo->client), in_state, state,
			       "Housing hears how the referral stands");
}

/* Of what was closed, how much because somebody did not come. */
static enum told_status count_closed(struct told_demo *demo)
{
	json_t *reply = NULL;
	size_t i;
	const json_t *row = NULL;
	enum told_status status =
		told_demo_told(demo, &demo->agencies[TOLD_DEMO_THERAPIES], TOLD_WORDS("referral", "ls"), &reply);
	told_demo_count(demo, CLOSED, 0);
	json_array_foreach(json_object_get(reply, "referrals"), i, row)
	{
		told_demo_count(demo, CLOSED, strcmp(told_member(row, "reason"), "disengaged") == 0);
	}
	json_decref(reply);
	return status;
}

enum told_status told_demo_meet(struct told_demo *demo)
{
	static char paused[] = "on-hold", back[] = "in-progress";
	told_say_scene(demo, "Sam misses a meeting, and nothing closes");
	told_say(demo, "Nobody is struck off for not coming. The door is held open, Housing hears it, and when Sam is "
		       "back the work goes on where it was.");
	enum told_status status = told_demo_do(
		demo, TOLD_DEMO_THERAPIES,
		TOLD_WORDS("referral", "tried", demo->referred, "--way", "meeting", "--result", "not_met"));
	told_demo_count(demo, "missed_appointments", status == TOLD_OK);
	if (status == TOLD_OK)
		status = not_closed(demo);
	if (status == TOLD_OK)
		status =
			told_demo_do(demo, TOLD_DEMO_THERAPIES,
				     TOLD_WORDS("referral", "pause", demo->referred, "--reason", "door_open", "--until",
						"2027-03-01", "--note", "The door is open. Sam may ring any day."));
	if (status == TOLD_OK)
		status = housing_hears(demo, paused);
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_THERAPIES, TOLD_WORDS("referral", "back", demo->referred));
	if (status == TOLD_OK)
		status = housing_hears(demo, back);
	if (status == TOLD_OK)
		status = count_closed(demo);
	if (status == TOLD_OK)
		told_say_line(demo, "Counted:", "%zu missed, %zu closed for it",
			      told_demo_counted(demo, "missed_appointments"), told_demo_counted(demo, CLOSED));
	return status;
}
