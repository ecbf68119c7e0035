/* SPDX-License-Identifier: Apache-2.0 */
/* What was said and promised about a person's statement, as documents of the vault. Room-internal. */
#ifndef TOLD_AGENT_DOCKET_H
#define TOLD_AGENT_DOCKET_H

#include "agents/agent/state.h"

/* doc is taken, also on failure. */
enum told_status told_docket_keep(struct told_agent *agent, uint32_t kind, struct told_bytes id,
				  struct told_bytes client, json_t *doc);
/* What the person said of it, for their statement: disagreements and complaints, oldest first. Nothing of what is off a
 * statement is named. NULL: no memory. */
json_t *told_docket_matters(struct told_agent *agent, struct told_bytes client);

#endif
