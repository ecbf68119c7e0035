/* SPDX-License-Identifier: Apache-2.0 */
/* What happens again and again in a case conference: calling it, saying something, waiting until others have it.
 * Room-internal. */
#ifndef TOLD_DEMO_MEETING_H
#define TOLD_DEMO_MEETING_H

#include "agents/demo/stage.h"

struct told_demo_meeting {
	char id[40];
	enum told_demo_who chair;
};

/* Types `told conference call ...`, shown, and notes its number. */
TOLD_MUST_USE enum told_status told_demo_call(struct told_demo *demo, enum told_demo_who who, const char *const *words,
					      struct told_demo_meeting *meeting, json_t **reply);
/* Waits until an agency sees the conference in a state. */
TOLD_MUST_USE enum told_status told_demo_meets(struct told_demo *demo, const struct told_demo_meeting *meeting,
					       enum told_demo_who who, const char *state);
/* Waits until the chair's agenda has so many items; says each, with who may not be in the room. */
TOLD_MUST_USE enum told_status told_demo_agenda(struct told_demo *demo, const struct told_demo_meeting *meeting,
						size_t items);
/* Waits until the chair has so many acknowledgements; counts them. */
TOLD_MUST_USE enum told_status told_demo_acknowledged(struct told_demo *demo, const struct told_demo_meeting *meeting,
						      size_t wanted);
/* `told conference ACT ID`, shown. */
TOLD_MUST_USE enum told_status told_demo_says(struct told_demo *demo, enum told_demo_who who, const char *act,
					      const struct told_demo_meeting *meeting);

#endif
