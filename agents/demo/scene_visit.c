/* SPDX-License-Identifier: Apache-2.0 */
/* Sam at the three other services, each of which asks only what it must. */
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"
#include "agents/demo/talk.h"

/* A service with Sam there: what those before it may tell, then the form. */
static enum told_status visit(struct told_demo *demo, enum told_demo_who who)
{
	const struct told_demo_agency *agency = &demo->agencies[who];
	json_t *tells = NULL;
	told_say(demo, "At %s:", agency->profile->called);
	enum told_status status = TOLD_OK;
	/* Talking Therapies has asked and was referred to: it knows Sam. */
	if (who != TOLD_DEMO_THERAPIES)
		status = told_talk_present(demo, agency);
	if (status == TOLD_OK && who != TOLD_DEMO_THERAPIES)
		status = told_talk_share(demo, agency, &demo->agencies[TOLD_DEMO_HOUSING]);
	if (status == TOLD_OK && who == TOLD_DEMO_DRUGS)
		status = told_talk_share(demo, agency, &demo->agencies[TOLD_DEMO_THERAPIES]);
	if (status == TOLD_OK)
		status = told_talk_intake(demo, agency, &tells);
	json_decref(tells);
	return status;
}

enum told_status told_demo_visit(struct told_demo *demo)
{
	enum told_status status = TOLD_OK;
	told_say_scene(demo, "Sam is not asked again");
	told_say(demo, "What was told once is filled in. What may have changed is read back. Safety, medicines and "
		       "measures are asked every time, because they must be.");
	for (enum told_demo_who who = TOLD_DEMO_THERAPIES; who < TOLD_DEMO_AGENCIES && status == TOLD_OK; who++)
		status = visit(demo, who);
	if (status != TOLD_OK)
		return status;
	struct told_figures figures = told_measure_figures(demo->measure);
	told_say_line(demo, "In all:",
		      "%zu services would have asked %zu questions. Sam was asked %zu, heard %zu read back, "
		      "and %zu that are always asked. Asked twice: %zu.",
		      figures.services, figures.separately, figures.asked, figures.confirmed, figures.always,
		      figures.asked_twice);
	return TOLD_OK;
}
