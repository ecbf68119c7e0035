/* SPDX-License-Identifier: Apache-2.0 */
/* The services meet about Sam. Sam has said no to one of them: its view is not there, and the meeting is. */
#include "agents/demo/figures.h"
#include "agents/demo/meeting.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"

#include <string.h>

#define UNTIL "2027-03-31"

static const char *party(const struct told_demo *demo, enum told_demo_who who)
{
	return demo->agencies[who].profile->id;
}

/* For a meeting Sam is asked anew, service by service. */
static enum told_status permit(struct told_demo *demo)
{
	static const struct {
		enum told_demo_who by, to;
		const char *categories;
	} yes[] = {{TOLD_DEMO_HOUSING, TOLD_DEMO_THERAPIES, "DEM.ID,NED,PLN"},
		   {TOLD_DEMO_HOUSING, TOLD_DEMO_DRUGS, "DEM.ID,NED,PLN"},
		   {TOLD_DEMO_THERAPIES, TOLD_DEMO_HOUSING, "MH.ATT,NED,PLN"},
		   {TOLD_DEMO_DRUGS, TOLD_DEMO_HOUSING, "SUD.ATT,NED,PLN"}};
	enum told_status status = TOLD_OK;
	for (size_t i = 0; i < sizeof yes / sizeof yes[0] && status == TOLD_OK; i++)
		status = told_demo_do(demo, yes[i].by,
				      TOLD_WORDS("consent", "record", demo->client, "--to", party(demo, yes[i].to),
						 "--for", "MDT", "--category", yes[i].categories, "--evidence",
						 "signature", "--notice", "3", "--freely-given"));
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING,
				      TOLD_WORDS("consent", "record", demo->client, "--refused", "--to",
						 party(demo, TOLD_DEMO_WORK), "--for", "MDT"));
	return status;
}

static size_t left_out(const json_t *told)
{
	size_t i, count = 0;
	const json_t *one = NULL;
	json_array_foreach((json_t *)(uintptr_t)told, i, one)
	{
		count += json_is_true(json_object_get(one, "left_out"));
	}
	return count;
}

static enum told_status call(struct told_demo *demo, struct told_demo_meeting *meeting)
{
	char to[3 * TOLD_NAME_MAX_BYTES + 3];
	json_t *reply = NULL;
	snprintf(to, sizeof to, "%.64s,%.64s,%.64s", party(demo, TOLD_DEMO_WORK), party(demo, TOLD_DEMO_THERAPIES),
		 party(demo, TOLD_DEMO_DRUGS));
	enum told_status status = told_demo_call(demo, TOLD_DEMO_HOUSING,
						 TOLD_WORDS("conference", "call", demo->client, "--to", to, "--grounds",
							    "Three services, and nobody knows the order."),
						 meeting, &reply);
	size_t without = left_out(json_object_get(reply, "told"));
	json_decref(reply);
	if (status == TOLD_OK && without != 1)
		return told_demo_fail(demo, TOLD_E_INTERNAL, "A service that Sam refused was written to.");
	if (status == TOLD_OK)
		told_say_line(demo, "Left out:", "%s, for Sam said no; the meeting goes on",
			      demo->agencies[TOLD_DEMO_WORK].profile->called);
	if (status == TOLD_OK)
		status = told_demo_says(demo, TOLD_DEMO_HOUSING, "list", meeting);
	snprintf(to, sizeof to, "%.64s,%.64s", party(demo, TOLD_DEMO_THERAPIES), party(demo, TOLD_DEMO_DRUGS));
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING,
				      TOLD_WORDS("conference", "invite", meeting->id, "--to", to, "--until", UNTIL));
	if (status == TOLD_OK)
		status = told_demo_meets(demo, meeting, TOLD_DEMO_THERAPIES, "listed");
	return status == TOLD_OK ? told_demo_meets(demo, meeting, TOLD_DEMO_DRUGS, "listed") : status;
}

/* Each brings what is on record; nobody is shown anything before they accept the statement. */
static enum told_status contribute(struct told_demo *demo, const struct told_demo_meeting *meeting)
{
	static const enum told_demo_who all[] = {TOLD_DEMO_HOUSING, TOLD_DEMO_THERAPIES, TOLD_DEMO_DRUGS};
	enum told_status status = TOLD_OK;
	for (size_t i = 0; i < 3 && status == TOLD_OK; i++)
		status = told_demo_says(demo, all[i], "promise", meeting);
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_THERAPIES,
				      TOLD_WORDS("conference", "contribute", meeting->id, "--fact",
						 "MH.ATT=Came to three of four sessions", "--view",
						 "NED=Mornings are hard"));
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_DRUGS,
				      TOLD_WORDS("conference", "contribute", meeting->id, "--fact",
						 "SUD.ATT=Comes every second week"));
	return status == TOLD_OK ? told_demo_agenda(demo, meeting, 3) : status;
}

static enum told_status decide(struct told_demo *demo, const struct told_demo_meeting *meeting)
{
	enum told_status status = told_demo_says(demo, TOLD_DEMO_HOUSING, "start", meeting);
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING,
				      TOLD_WORDS("conference", "action", meeting->id, "--owner",
						 party(demo, TOLD_DEMO_THERAPIES), "--do",
						 "Offer sessions in the afternoon", "--due", "2026-12-18"));
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING,
				      TOLD_WORDS("conference", "minutes", meeting->id, "--text",
						 "Afternoons first, then the flat. Sam reads this before anybody."));
	if (status == TOLD_OK)
		status = told_demo_says(demo, TOLD_DEMO_HOUSING, "approve", meeting);
	if (status == TOLD_OK)
		status = told_demo_meets(demo, meeting, TOLD_DEMO_THERAPIES, "approved");
	if (status == TOLD_OK)
		status = told_demo_says(demo, TOLD_DEMO_THERAPIES, "acknowledge", meeting);
	if (status == TOLD_OK)
		status = told_demo_meets(demo, meeting, TOLD_DEMO_DRUGS, "approved");
	if (status == TOLD_OK)
		status = told_demo_says(demo, TOLD_DEMO_DRUGS, "acknowledge", meeting);
	return status == TOLD_OK ? told_demo_acknowledged(demo, meeting, 2) : status;
}

enum told_status told_demo_conference(struct told_demo *demo)
{
	struct told_demo_meeting meeting = {.chair = TOLD_DEMO_HOUSING};
	told_say_scene(demo, "The services meet about Sam, without one");
	told_say(demo, "A meeting runs on permission. Sam says no to one service: it is not written to, and the others "
		       "meet. The agenda tells the chair who may not be in the room for an item, and never why.");
	enum told_status status = permit(demo);
	if (status == TOLD_OK)
		status = call(demo, &meeting);
	if (status == TOLD_OK)
		status = contribute(demo, &meeting);
	if (status == TOLD_OK)
		status = decide(demo, &meeting);
	told_demo_count(demo, "conferences.mdt", status == TOLD_OK);
	return status;
}
