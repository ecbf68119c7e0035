/* SPDX-License-Identifier: Apache-2.0 */
/* The scenes of the story, in the order in which it is told. A new scene is a file scene_NAME.c with
 * told_demo_NAME() in it, and a row here. */
#ifndef TOLD_DEMO_SCENES_H
#define TOLD_DEMO_SCENES_H

#include "agents/demo/stage.h"

/* One scene of the story. After a failure demo->why says what happened. */
typedef enum told_status told_demo_scene(struct told_demo *demo);

#define TOLD_DEMO_SCENES(X)                                                                                            \
	X(join)       /* a broker, four services, one agreement */                                                     \
	X(tell)       /* Sam tells the story once */                                                                   \
	X(permit)     /* who may know what */                                                                          \
	X(household)  /* Jean is Sam's mother, and a person of her own */                                              \
	X(ask)        /* without knowing Sam, then with Sam there */                                                   \
	X(refer)      /* a referral, ruled section by section */                                                       \
	X(visit)      /* the other services ask only what they must */                                                 \
	X(note)       /* a note says who will see it, before it is saved */                                            \
	X(plan)       /* in Sam's order; one need is met here */                                                       \
	X(meet)       /* a missed meeting closes nothing */                                                            \
	X(lead)       /* one worker hears of what changes */                                                           \
	X(conference) /* the services meet, without the one that Sam refused */                                        \
	X(marac)      /* Ruth is not safe at home */                                                                   \
	X(refuse)     /* what may not pass */                                                                          \
	X(withdraw)   /* Sam changes their mind while a message waits */                                               \
	X(statement)  /* each gets a statement to keep */                                                              \
	X(alert)      /* one is opened, one ends in a call */                                                          \
	X(check)      /* the auditor */

#define X(name) told_demo_scene told_demo_##name;
TOLD_DEMO_SCENES(X)
#undef X

#endif
