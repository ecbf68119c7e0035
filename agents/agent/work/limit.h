/* SPDX-License-Identifier: Apache-2.0 */
/* What came to one team or role of ours is theirs alone. Room-internal. */
#ifndef TOLD_AGENT_WORK_LIMIT_H
#define TOLD_AGENT_WORK_LIMIT_H

#include "agents/agent/core/state.h"

/* Keeps that a message is for one team or role of ours alone; so is what follows in the same referral. */
TOLD_MUST_USE enum told_status told_limit_keep(struct told_agent *agent, const struct told_header *header);
/* Whether a worker is of the team and role for which a message came. */
TOLD_MUST_USE enum told_status told_limit_message(struct told_agent *agent, const struct told_caller *caller,
						  struct told_bytes message, bool *allows);
/* The same for what we sent: an answer in such a referral. */
TOLD_MUST_USE enum told_status told_limit_sent(struct told_agent *agent, const struct told_caller *caller,
					       const struct told_outbox_row *row, bool *allows);
/* Whether a worker may know of a person at all: not of one of whom we know by such messages alone. */
TOLD_MUST_USE enum told_status told_limit_person(struct told_agent *agent, const struct told_caller *caller,
						 struct told_bytes client, bool *allows);
/* Whether a worker is of the team and role to which the message, or the permission, limits what came under it. */
enum told_status told_limit_allows(struct told_agent *agent, const struct told_caller *caller,
				   const struct told_section_row *row, bool *allows);

#endif
