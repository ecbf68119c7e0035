/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of outcomes while they are counted. Room-internal. */
#ifndef TOLD_AGENT_WORK_OUTCOMES_H
#define TOLD_AGENT_WORK_OUTCOMES_H

#include "agents/agent/core/state.h"
#include "agents/outcome/table.h"

enum told_outcome_table {
	TOLD_OUTCOME_NEEDS,
	TOLD_OUTCOME_PERSON_SAYS,
	TOLD_OUTCOME_WORKER_SAYS,
	TOLD_OUTCOME_NEEDS_EACH,
	TOLD_OUTCOME_SPARED,
	TOLD_OUTCOME_ONWARD,
	TOLD_OUTCOME_DECLINES,
	TOLD_OUTCOME_FIRST_CONTACT,
	TOLD_OUTCOME_ATTENDANCE,
	TOLD_OUTCOME_AFTER_MISSED,
	TOLD_OUTCOME_TABLES
};

struct told_outcomes {
	struct told_agent *agent;
	int64_t from_ms, until_ms; /* until: the first moment after */
	struct told_counts *tables;
};

static inline bool told_outcomes_within(const struct told_outcomes *o, int64_t at_ms)
{
	return at_ms >= o->from_ms && at_ms < o->until_ms;
}

/* ---- outcome_people.c ---- */

/* What came of referrals: each person once in a row of a table, whatever happened how often. */
enum told_status told_outcomes_people(struct told_outcomes *o);
/* Whom we refused to refer on, though they asked. */
enum told_status told_outcomes_refused(struct told_outcomes *o);

#endif
