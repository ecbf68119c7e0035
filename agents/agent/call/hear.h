/* SPDX-License-Identifier: Apache-2.0 */
/* What comes from elsewhere for a call that was made before. */
#ifndef TOLD_AGENT_CALL_HEAR_H
#define TOLD_AGENT_CALL_HEAR_H

#include "agents/agent/core/state.h"

/* ---- view.c: the broker's log ---- */

/* What a query of ours gave goes to whoever waits for it; nothing of it is kept. */
enum told_status told_agent_take_view(struct told_agent *agent, const struct told_view_event *view);

/* ---- override_ask.c ---- */

/* An ask under an override has come for us: what our own ruling releases goes, the rest waits for a second worker. */
enum told_status told_override_answer(struct told_agent *agent, const struct told_carried_message *message);

#endif
