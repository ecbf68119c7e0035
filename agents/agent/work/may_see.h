/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a worker may know of a person. Room-internal. */
#ifndef TOLD_AGENT_WORK_MAY_SEE_H
#define TOLD_AGENT_WORK_MAY_SEE_H

#include "agents/agent/core/state.h"

/* TOLD_E_NOT_FOUND for a worker whom the person excluded, as for a stranger. What told_agent_as hides is not asked
 * about any more: this and told_look hold for who calls without it. */
enum told_status told_may_see(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client);

/* The same for calls that show: *whose is the person, or, for who may not see them, somebody whom nobody knows. */
TOLD_MUST_USE enum told_status told_look(struct told_agent *agent, const struct told_caller *caller,
					 struct told_bytes client, struct told_bytes *whose);

#endif
