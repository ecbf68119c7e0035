/* SPDX-License-Identifier: Apache-2.0 */
/* A log of real messages, ruled and recorded by the broker's own rooms, and told-audit run over its store. */
#ifndef TOLD_TEST_REPORTS_RIG_H
#define TOLD_TEST_REPORTS_RIG_H

#include "audit/fixture.h"
#include "support/agency.h"

struct rig {
	struct test_world *world;
	char store[400];
	char file[400]; /* somewhere to write to */
	char policy[400], note[400];
	struct fixture run; /* for fixture_run and fixture_says only */
};

/* Four agencies under the northtown agreement; the person said yes to TT and SUD; a referral HOU to TT (who, housing)
 * and an answer of HOU's to an ask of SUD's, all delivered and acknowledged. */
int rig_set_up(void **state);
int rig_tear_down(void **state);

/* Writes the policy of the log and, as the note that somebody else holds, its newest checkpoint. */
void rig_outside(struct rig *rig);
/* told-audit verify with both; its exit code. */
int rig_verify(struct rig *rig);

/* How often a text stands in another. */
size_t rig_count(const char *text, const char *what);
/* The northtown agreement with one text in place of another, in rig->file. */
void rig_agreement(struct rig *rig, const char *what, const char *instead);

#endif
