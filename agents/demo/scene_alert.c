/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody may be in danger. One alert is opened; one goes to a service whose agent is stopped, and ends in a call that
 * is written down. */
#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

#include <stdio.h>
#include <string.h>

/* The alert in hand, and the state that is waited for. */
struct watched {
	char id[64];
	const char *stands;
};

static enum told_status in_state(struct told_demo *demo, const json_t *reply, void *ctx)
{
	const struct watched *w = ctx;
	size_t i;
	const json_t *alert = NULL;
	(void)demo;
	json_array_foreach(json_object_get(reply, "alerts"), i, alert)
	{
		if (strcmp(told_member(alert, "id"), w->id) == 0 &&
		    strcmp(told_member(alert, "stands"), w->stands) == 0)
			return TOLD_OK;
	}
	return TOLD_E_BUSY;
}

static enum told_status until(struct told_demo *demo, struct watched *w, const char *stands, const char *what)
{
	w->stands = stands;
	return told_demo_until(demo, &demo->agencies[TOLD_DEMO_HOUSING], TOLD_WORDS("alert", "ls"), in_state, w, what);
}

static enum told_status send(struct told_demo *demo, const char *concern, const char *now, struct watched *w)
{
	const struct told_demo_command command = {
		.agency = &demo->agencies[TOLD_DEMO_HOUSING],
		.words = TOLD_WORDS("override", "raise", demo->client, "--kind", "vital", "--to",
				    demo->agencies[TOLD_DEMO_THERAPIES].profile->id, "--category", "DEM.ID,DEM.TEL",
				    "--concern", concern, "--reason", "A life may be at risk", now),
		.shown = true,
	};
	json_t *reply = NULL;
	enum told_status status = told_demo_run(demo, &command, &reply);
	snprintf(w->id, sizeof w->id, "%s", told_member(json_object_get(reply, "alert"), "id"));
	json_decref(reply);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "The alert: %s.", told_status_text(status));
}

static enum told_status opened(struct told_demo *demo)
{
	struct watched w;
	json_t *inbox = NULL;
	enum told_status status = send(demo, "Sam rang, and hung up in tears", NULL, &w);
	if (status == TOLD_OK)
		status = until(demo, &w, "delivered", "the alert is at Talking Therapies");
	if (status == TOLD_OK)
		status = told_demo_told(demo, &demo->agencies[TOLD_DEMO_THERAPIES], TOLD_WORDS("inbox"), &inbox);
	json_decref(inbox);
	if (status == TOLD_OK)
		status = until(demo, &w, "opened", "Housing hears that it was opened");
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING, TOLD_WORDS("alert", "close", w.id));
	return status;
}

/* A machine that is off says nothing. What ends this is somebody at the other end of the line. */
static enum told_status telephoned(struct told_demo *demo)
{
	struct told_demo_agency *therapies = &demo->agencies[TOLD_DEMO_THERAPIES];
	struct watched w;
	enum told_status status = told_demo_stop_agent(demo, therapies);
	if (status == TOLD_OK)
		status = send(demo, "Sam has not come home", "--call-now", &w);
	if (status == TOLD_OK)
		status = until(demo, &w, "overdue", "the alert that nobody opens is overdue");
	if (status == TOLD_OK)
		told_say_line(demo,
			      "Overdue:", "their agent is stopped; it stays on Housing's screens until somebody rings");
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING,
				      TOLD_WORDS("alert", "called", w.id, "--who-answered", "voicemail"));
	if (status == TOLD_OK)
		status = until(demo, &w, "overdue", "a machine that answered ends nothing");
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING,
				      TOLD_WORDS("alert", "called", w.id, "--who-answered", "on_call"));
	if (status == TOLD_OK)
		status = until(demo, &w, "called", "the call ends it");
	enum told_status started = told_demo_start_agent(demo, therapies);
	return status == TOLD_OK ? started : status;
}

static bool reached(const json_t *alert)
{
	size_t i;
	const json_t *call = NULL;
	json_array_foreach(json_object_get(alert, "calls"), i, call)
	{
		const char *who = told_member(call, "who_answered");
		if (strcmp(who, "voicemail") != 0 && strcmp(who, "nobody") != 0)
			return true;
	}
	return false;
}

/* From what Housing's agent has of them now. */
static enum told_status count(struct told_demo *demo)
{
	json_t *reply = NULL;
	size_t i;
	const json_t *alert = NULL;
	enum told_status status =
		told_demo_told(demo, &demo->agencies[TOLD_DEMO_HOUSING], TOLD_WORDS("alert", "ls"), &reply);
	told_demo_count(demo, "alerts.sent", json_array_size(json_object_get(reply, "alerts")));
	told_demo_count(demo, "alerts.opened", 0);
	told_demo_count(demo, "alerts.telephoned", 0);
	json_array_foreach(json_object_get(reply, "alerts"), i, alert)
	{
		told_demo_count(demo, "alerts.opened", json_object_get(alert, "opened") != NULL);
		told_demo_count(demo, "alerts.telephoned", reached(alert));
	}
	json_decref(reply);
	return status;
}

enum told_status told_demo_alert(struct told_demo *demo)
{
	told_say_scene(demo, "Somebody may be in danger");
	told_say(demo,
		 "In danger now? Ring 999. An alert goes at once on one worker's word, and does not replace a call. "
		 "What nobody opens is rung for, and the call is written down.");
	enum told_status status = opened(demo);
	if (status == TOLD_OK)
		status = telephoned(demo);
	if (status == TOLD_OK)
		status = count(demo);
	if (status == TOLD_OK)
		told_say_line(demo, "Counted:", "%zu sent, %zu opened, %zu telephoned",
			      told_demo_counted(demo, "alerts.sent"), told_demo_counted(demo, "alerts.opened"),
			      told_demo_counted(demo, "alerts.telephoned"));
	return status;
}
