/* SPDX-License-Identifier: Apache-2.0 */
/* A plan in Sam's order across the services. One step may not begin before another is done; one need is met
 * here, so that Sam need not be sent on. */
#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

#include <string.h>

#define SOON "2027-03-01"

/* Sam says so at the service that will tell it: how a step goes is Sam's to share, too. */
static enum told_status let_it_come_back(struct told_demo *demo)
{
	return told_demo_do(demo, TOLD_DEMO_THERAPIES,
			    TOLD_WORDS("consent", "record", demo->client, "--to",
				       demo->agencies[TOLD_DEMO_HOUSING].profile->id, "--for", "COORD", "--category",
				       "GOA,PLN", "--agreement", demo->agreement, "--evidence", "signature", "--notice",
				       "3", "--freely-given"));
}

static enum told_status write_it(struct told_demo *demo)
{
	const char *therapies = demo->agencies[TOLD_DEMO_THERAPIES].profile->id;
	enum told_status status = told_demo_do(demo, TOLD_DEMO_HOUSING,
					       TOLD_WORDS("plan", "add", demo->client, "--goal",
							  "A place of my own where I can shut the door.", "--do",
							  "Register for a room, and get a key", "--due", SOON));
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING,
				      TOLD_WORDS("plan", "add", demo->client, "--do", "The course for sleeping better",
						 "--owner", therapies, "--after", "1", "--wish", "--due", SOON));
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING, TOLD_WORDS("here", "--need", "money-basics"));
	return status == TOLD_OK ? told_demo_do(demo, TOLD_DEMO_HOUSING,
						TOLD_WORDS("plan", "add", demo->client, "--do",
							   "A budget, here, with the worker Sam knows", "--need",
							   "money-basics", "--due", SOON))
				 : status;
}

/* ---- the order ---- */

struct step {
	size_t number;
	const char *state;
};

static const json_t *step_of(const json_t *reply, size_t number)
{
	const json_t *steps = json_object_get(json_array_get(json_object_get(reply, "plans"), 0), "steps"), *one = NULL;
	size_t i;
	json_array_foreach((json_t *)(uintptr_t)steps, i, one)
	{
		if ((size_t)json_integer_value(json_object_get(one, "step")) == number)
			return one;
	}
	return NULL;
}

static enum told_status stands(struct told_demo *demo, const json_t *reply, void *ctx)
{
	const struct step *step = ctx;
	(void)demo;
	return strcmp(told_member(step_of(reply, step->number), "state"), step->state) == 0 ? TOLD_OK : TOLD_E_BUSY;
}

static enum told_status sees(struct told_demo *demo, enum told_demo_who who, struct step step)
{
	return told_demo_until(demo, &demo->agencies[who], TOLD_WORDS("plan", "show", demo->client), stands, &step,
			       "the plan comes to the other service");
}

static enum told_status too_early(struct told_demo *demo)
{
	enum told_status status =
		told_demo_not(demo, TOLD_DEMO_THERAPIES, TOLD_WORDS("plan", "start", demo->client, "2"),
			      "A step began before what it waits for was done.");
	told_demo_count(demo, "plan.out_of_order_refused", status == TOLD_OK);
	if (status == TOLD_OK)
		told_say_line(demo, "Refused:",
			      "step 2 waits for step 1, because Sam wants it so. Sleep comes after the key.");
	return status;
}

static enum told_status in_order(struct told_demo *demo)
{
	enum told_status status = sees(demo, TOLD_DEMO_THERAPIES, (struct step){2, "to-do"});
	if (status == TOLD_OK)
		status = too_early(demo);
	if (status == TOLD_OK)
		status = told_demo_do(
			demo, TOLD_DEMO_HOUSING,
			TOLD_WORDS("plan", "done", demo->client, "1", "--outcome", "Sam has a room, and the key"));
	if (status == TOLD_OK)
		status = sees(demo, TOLD_DEMO_THERAPIES, (struct step){1, "done"});
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_THERAPIES, TOLD_WORDS("plan", "start", demo->client, "2"));
	return status == TOLD_OK ? sees(demo, TOLD_DEMO_HOUSING, (struct step){2, "started"}) : status;
}

/* ---- what it came to ---- */

/* A need that a service met itself: a step of the plan was opened for it and says what came of it, or it does not
 * count. Beside it stands who asked to be sent on, and was not. */
static enum told_status count_avoided(struct told_demo *demo)
{
	const struct told_demo_command command = {.agency = &demo->agencies[TOLD_DEMO_HOUSING],
						  .words = TOLD_WORDS("onward", "--client", demo->client),
						  .shown = true};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	if (status == TOLD_OK) {
		told_demo_count(demo, "onward_referrals_avoided",
				(size_t)json_integer_value(json_object_get(reply, "avoided")));
		told_say_line(demo, "Sent on:",
			      "%zu need met here, so that Sam was not sent on for it; %lld asked to be sent on and "
			      "refused",
			      told_demo_counted(demo, "onward_referrals_avoided"),
			      (long long)json_integer_value(json_object_get(reply, "asked_for_and_refused")));
	}
	json_decref(reply);
	return status;
}

static enum told_status count_steps(struct told_demo *demo)
{
	json_t *reply = NULL;
	enum told_status status = told_demo_told(demo, &demo->agencies[TOLD_DEMO_HOUSING],
						 TOLD_WORDS("plan", "show", demo->client), &reply);
	const json_t *steps = json_object_get(json_array_get(json_object_get(reply, "plans"), 0), "steps");
	told_demo_count(demo, "plan.steps", json_array_size(steps));
	json_decref(reply);
	return status;
}

enum told_status told_demo_plan(struct told_demo *demo)
{
	told_say_scene(demo, "A plan, in Sam's order");
	told_say(demo, "Steps of several services, and Sam says what comes first. No service can put a condition on "
		       "another's step; what Sam needs and can be done here is done here.");
	enum told_status status = let_it_come_back(demo);
	if (status == TOLD_OK)
		status = write_it(demo);
	if (status == TOLD_OK)
		status = in_order(demo);
	if (status == TOLD_OK)
		status = told_demo_do(
			demo, TOLD_DEMO_HOUSING,
			TOLD_WORDS("plan", "done", demo->client, "3", "--outcome", "A budget that works, on one page"));
	if (status == TOLD_OK)
		status = count_steps(demo);
	return status == TOLD_OK ? count_avoided(demo) : status;
}
