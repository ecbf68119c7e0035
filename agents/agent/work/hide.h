/* SPDX-License-Identifier: Apache-2.0 */
/* Taking back hides. Room-internal. */
#ifndef TOLD_AGENT_WORK_HIDE_H
#define TOLD_AGENT_WORK_HIDE_H

#include "agents/agent/core/state.h"

/* Hides what rested on what this WITHDRAWAL takes back. */
enum told_status told_agent_hide(struct told_agent *agent, const struct told_header *header);

#endif
