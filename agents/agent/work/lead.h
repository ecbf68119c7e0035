/* SPDX-License-Identifier: Apache-2.0 */
/* What the lead worker hears (practice.md section 6): every change that the rulings allow, whoever made it. Plans and
 * teams say theirs themselves (plan_send.c); this is for all else. Room-internal. */
#ifndef TOLD_AGENT_WORK_LEAD_H
#define TOLD_AGENT_WORK_LEAD_H

#include "agents/agent/work/team.h"

/* A change, as the lead worker reads it. */
struct told_lead_news {
	struct told_bytes client;
	const char *what;           /* "Referral to TT: we did not meet" */
	struct told_bytes referral; /* that it belongs to; empty: none */
	struct told_bytes known_to; /* a party that hears it by the message itself; empty: none */
	struct told_u32_list about; /* what it speaks of beside how things stand */
};
/* Tells the lead worker and the deputy of whom the person chose, while the role lasts: of our own by a row for
 * `told team news`, another agency's by a message of its own (an update on how things stand; a note where it speaks of
 * more), where our ruling lets it. In the caller's transaction;
 * nobody is waited for, and what may not go is not queued. */
TOLD_MUST_USE enum told_status told_lead_tell(struct told_agent *agent, const struct told_caller *caller,
					      const struct told_lead_news *news);

#endif
