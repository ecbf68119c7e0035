/* SPDX-License-Identifier: Apache-2.0 */
/* A referral goes out, access needs first, is ruled section by section, and is answered. */
#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

#include <string.h>

#define SENT_WITH "PRF.ACC,DEM.ID,DEM.TEL,STR,GOA,PRF.GEN,HOU.SIT,FIN.DEBT"

/* A referral by its number, in a state. */
struct awaited {
	char referral[64];
	const char *state; /* NULL: any */
};

static enum told_status there(struct told_demo *demo, const json_t *reply, void *ctx)
{
	const struct awaited *awaited = ctx;
	size_t i;
	const json_t *row = NULL;
	(void)demo;
	json_array_foreach(json_object_get(reply, "referrals"), i, row)
	{
		bool same = strcmp(told_member(row, "referral"), awaited->referral) == 0;
		if (same && (awaited->state == NULL || strcmp(told_member(row, "state"), awaited->state) == 0))
			return TOLD_OK;
	}
	return TOLD_E_BUSY;
}

static const json_t *ruled(const json_t *reply)
{
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	return json_object_get(message, "sections");
}

static enum told_status send(struct told_demo *demo, struct awaited *awaited)
{
	const char *note = told_member(demo->referral, "note"), *asked = told_member(demo->referral, "category");
	char categories[256];
	snprintf(categories, sizeof categories, "%s%s%.32s", SENT_WITH, asked[0] != '\0' ? "," : "", asked);
	if (demo->referral != NULL)
		told_say_line(demo, "Asked for:", "%s (%s)", note, told_member(demo->referral, "from"));
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING],
		.words = TOLD_WORDS("referral", "send", demo->client, "--to",
				    demo->agencies[TOLD_DEMO_THERAPIES].profile->id, "--category", categories, "--note",
				    note[0] != '\0' ? note : "Mornings are best. Please text, do not ring."),
		.shown = true,
	};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	if (status == TOLD_OK) {
		snprintf(awaited->referral, sizeof awaited->referral, "%s", told_member(reply, "referral"));
		memcpy(demo->referred, awaited->referral, sizeof demo->referred);
		told_say_shared(demo, ruled(reply));
		told_say_withheld(demo, ruled(reply));
		size_t released = told_count_effect(ruled(reply), "release");
		told_demo_count(demo, "sections.released", released);
		told_demo_count(demo, "sections.withheld", json_array_size(ruled(reply)) - released);
	}
	json_decref(reply);
	return status == TOLD_OK ? TOLD_OK
				 : told_demo_fail(demo, status, "The referral: %s.", told_status_text(status));
}

/* What stands first on the other service's screen. */
static enum told_status arrive(struct told_demo *demo, struct awaited *awaited)
{
	const struct told_demo_agency *therapies = &demo->agencies[TOLD_DEMO_THERAPIES];
	json_t *reply = NULL;
	enum told_status status =
		told_demo_until(demo, therapies, TOLD_WORDS("referral", "ls", "--client", demo->client), there, awaited,
				"the referral arrives at Talking Therapies");
	if (status == TOLD_OK)
		status = told_demo_told(demo, therapies, TOLD_WORDS("referral", "show", awaited->referral), &reply);
	const json_t *first = json_array_get(json_object_get(reply, "sections"), 0);
	if (status == TOLD_OK) {
		unsigned category = told_value(TOLD_LIST_CATEGORY, told_text(told_member(first, "category")));
		told_say_line(demo, "Arrives:", "%zu sections at %s; first on the screen: %s",
			      json_array_size(json_object_get(reply, "sections")), therapies->profile->called,
			      told_words(TOLD_LIST_CATEGORY, category));
	}
	json_decref(reply);
	return status;
}

static enum told_status accept(struct told_demo *demo, struct awaited *awaited)
{
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_THERAPIES],
		.words = TOLD_WORDS("referral", "accept", awaited->referral),
		.shown = true,
	};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	json_decref(reply);
	if (status != TOLD_OK)
		return told_demo_fail(demo, status, "The referral could not be accepted: %s.",
				      told_status_text(status));
	awaited->state = "accepted";
	status = told_demo_until(demo, &demo->agencies[TOLD_DEMO_HOUSING],
				 TOLD_WORDS("referral", "ls", "--client", demo->client), there, awaited,
				 "Housing hears that the referral is accepted");
	if (status == TOLD_OK)
		told_say_line(demo,
			      "Answered:", "Housing hears: %s. It hears how the referral stands, and nothing else.",
			      awaited->state);
	return status;
}

enum told_status told_demo_refer(struct told_demo *demo)
{
	struct awaited awaited = {.state = NULL};
	told_say_scene(demo, "Housing refers Sam to Talking Therapies");
	told_say(demo,
		 "The worker ticks one section too many. The broker rules each section by itself: one that may not go "
		 "stays behind, and the signature over the rest still holds.");
	enum told_status status = send(demo, &awaited);
	if (status == TOLD_OK)
		status = arrive(demo, &awaited);
	return status == TOLD_OK ? accept(demo, &awaited) : status;
}
