/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures of witnesses that come after the receipt. Room-internal. */
#ifndef TOLD_AGENT_WORK_COSIGNED_H
#define TOLD_AGENT_WORK_COSIGNED_H

#include "agents/agent/core/state.h"

/* Fewer of the witnesses that we know have signed its checkpoint than more than half. */
bool told_receipt_is_thin(struct told_agent *agent, struct told_bytes receipt);
/* A receipt that was given again: if it is of the very entry that we hold one of, the one that more witnesses have
 * signed is kept; *known: it was. */
enum told_status told_receipt_again_heard(struct told_agent *agent, const struct told_answer_event *answer,
					  bool *known);

#endif
