/* SPDX-License-Identifier: Apache-2.0 */
/* --input DIR: real FHIR files drive the story. Their answers are told at Housing before Sam comes, where they mean the
 * same as an answer of our forms under our question too; their request is the referral's. Room-internal. */
#ifndef TOLD_DEMO_INPUT_H
#define TOLD_DEMO_INPUT_H

#include "agents/demo/stage.h"

/* Reads the folder, if one was named: demo->imported, demo->referral, demo->input_*. TOLD_E_CONFIG: nothing in it can
 * be used. */
TOLD_MUST_USE enum told_status told_demo_input(struct told_demo *demo);

/* Tells at Housing what was read, and says so. */
TOLD_MUST_USE enum told_status told_demo_tell_input(struct told_demo *demo);

/* Adds the sections that aliases give for an imported section: our question, our answer, its provenance. *count grows
 * by the answers. */
TOLD_MUST_USE enum told_status told_demo_alias(const struct told_demo *demo, const json_t *aliases,
					       const json_t *section, json_t *sections, size_t *count);

#endif
