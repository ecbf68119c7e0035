/* SPDX-License-Identifier: Apache-2.0 */
/* Sam chooses one worker to hold the threads, with a deputy and a last day. The role opens nothing by itself: it hears
 * of what the rulings allow, in one list. */
#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"

#include <string.h>

#define LAST_DAY "2099-05-31"
#define SHOWN    4u

/* The number of an agency's first worker: the name of the file that their token is in. */
static void number_of(const struct told_demo_agency *agency, char out[TOLD_NAME_MAX_BYTES + 1])
{
	const char *slash = strrchr(agency->token, '/'), *name = slash != NULL ? slash + 1 : agency->token;
	snprintf(out, TOLD_NAME_MAX_BYTES + 1, "%.*s", (int)strcspn(name, "."), name);
}

static enum told_status choose(struct told_demo *demo)
{
	const struct told_demo_agency *therapies = &demo->agencies[TOLD_DEMO_THERAPIES];
	char lead[TOLD_NAME_MAX_BYTES + 1], deputy[TOLD_NAME_MAX_BYTES + 1], with_party[2 * TOLD_NAME_MAX_BYTES + 2];
	number_of(&demo->agencies[TOLD_DEMO_HOUSING], lead);
	number_of(therapies, deputy);
	snprintf(with_party, sizeof with_party, "%.64s:%s", therapies->profile->id, deputy);
	return told_demo_do(demo, TOLD_DEMO_HOUSING,
			    TOLD_WORDS("team", "lead", demo->client, "--to", lead, "--deputy", with_party, "--until",
				       LAST_DAY, "--chosen"));
}

static enum told_status hear(struct told_demo *demo)
{
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING], .words = TOLD_WORDS("team", "news"), .shown = true};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	const json_t *news = json_object_get(reply, "news");
	for (size_t i = 0; status == TOLD_OK && i < SHOWN && i < json_array_size(news); i++) {
		const json_t *one = json_array_get(news, i);
		told_say_line(demo, i == 0 ? "New:" : "", "%s: %s", told_demo_called(demo, told_member(one, "from")),
			      told_member(one, "what"));
	}
	told_demo_count(demo, "lead_worker_heard", json_array_size(news));
	if (status == TOLD_OK && json_array_size(news) == 0)
		status = told_demo_fail(demo, TOLD_E_INTERNAL, "The lead worker heard of nothing.");
	json_decref(reply);
	return status;
}

enum told_status told_demo_lead(struct told_demo *demo)
{
	told_say_scene(demo, "Sam chooses who holds the threads");
	told_say(demo,
		 "One worker, with a deputy and a last day. Being lead opens nothing; it hears of each change that "
		 "Sam allows, from every service, in one list.");
	enum told_status status = choose(demo);
	return status == TOLD_OK ? hear(demo) : status;
}
