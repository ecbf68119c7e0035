/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of calls that are about days: each refusal begins with the rule's name, which told explain knows. */
#ifndef TOLD_AGENT_CORE_RULE_H
#define TOLD_AGENT_CORE_RULE_H

/* X(name, what it says) */
#define TOLD_DAY_RULES(X)                                                                                              \
	X("day-past", "The day, or the time, is over. Name one to come.")                                              \
	X("day-to-come", "The day, or the time, has not come yet. What is written down has happened.")

#define TOLD_DAY_PAST    "day-past: "
#define TOLD_DAY_TO_COME "day-to-come: "

#endif
