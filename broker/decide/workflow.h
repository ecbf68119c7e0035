/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of referrals, conferences and deadlines. Private to this room. */
#ifndef TOLD_DECIDE_WORKFLOW_H
#define TOLD_DECIDE_WORKFLOW_H

#include "broker/decide/hearing.h"

/* A message within its workflow. */
void told_rule_workflow(struct told_hearing *h);

/* A message within its conference: part of the former. */
void told_rule_conference(struct told_hearing *h);

/* A deadline that passed; there is no message then. */
void told_rule_deadline(struct told_hearing *h);

#endif
