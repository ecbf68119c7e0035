/* SPDX-License-Identifier: Apache-2.0 */
/* What workers do again and again in the story: an intake, an ask, a look at the story. Room-internal. */
#ifndef TOLD_DEMO_TALK_H
#define TOLD_DEMO_TALK_H

#include "agents/demo/stage.h"

/* Sam at a service: the form filled from what was released, Sam's answers to the rest; counted. *tells: the sections
 * that came of it ({"category", ...}), the caller's. */
TOLD_MUST_USE enum told_status told_talk_intake(struct told_demo *demo, const struct told_demo_agency *agency,
						json_t **tells);

/* Sam is there, in person, with the card: the worker's team may ask today. */
TOLD_MUST_USE enum told_status told_talk_present(struct told_demo *demo, const struct told_demo_agency *agency);

/* One service asks another (NULL: everybody in its agreements) for a list of categories (NULL: everything). *received:
 * the sections that came within seconds, the caller's; an empty list when none did. */
struct told_talk_ask {
	const struct told_demo_agency *by, *from;
	const char *client, *categories, *seconds;
	bool shown;
};
TOLD_MUST_USE enum told_status told_talk_ask(struct told_demo *demo, const struct told_talk_ask *ask,
					     json_t **received);

/* Asks Housing's or another's sections for this service, says what came, and why the rest did not, as the holder's own
 * screen shows it; counts both. */
TOLD_MUST_USE enum told_status told_talk_share(struct told_demo *demo, const struct told_demo_agency *by,
					       const struct told_demo_agency *from);

/* What a service has been told by Sam itself, or may see: sections, the caller's. */
TOLD_MUST_USE enum told_status told_talk_story(struct told_demo *demo, const struct told_demo_agency *agency, bool own,
					       json_t **sections);

/* The categories of sections as an option takes them ("DEM.ID,GOA"), appended, each once. */
void told_talk_categories(const json_t *sections, struct told_buf *out);

#endif
