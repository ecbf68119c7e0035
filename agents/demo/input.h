/* SPDX-License-Identifier: Apache-2.0 */
/* --input DIR: real FHIR files drive the story: their answers take the place of Sam's, their request is the referral's.
 * Room-internal. */
#ifndef TOLD_DEMO_INPUT_H
#define TOLD_DEMO_INPUT_H

#include "agents/demo/stage.h"

/* Reads the folder, if one was named. TOLD_E_CONFIG: nothing in it can be used. */
TOLD_MUST_USE enum told_status told_demo_input(struct told_demo *demo);

#endif
