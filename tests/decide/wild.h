/* SPDX-License-Identifier: Apache-2.0 */
/* Questions with anything in them: a made-up world in which each kind of fact is now and then twisted to something it
 * should not be, or seldom is. For what must hold whatever is asked. */
#ifndef TOLD_TEST_WILD_H
#define TOLD_TEST_WILD_H

#include "decide/world.h"

struct wild {
	struct world w;
	struct told_lookback lookbacks[2];
	struct told_not_needed not_needed[1];
	struct told_retention retentions[2];
	struct told_notice notices[2];
	struct told_threshold_rule thresholds[1];
	struct told_role_facts roles[2];
	struct told_hold_facts holds[2];
	uint32_t excluded[2], recipients[2], owners[2];
	uint64_t not_about[2];
	uint8_t delivered_under[2][TOLD_ID_BYTES];
};

/* Owns what its question points at; never copy it. */
void wild_make(struct wild *wild, uint64_t *random);

#endif
