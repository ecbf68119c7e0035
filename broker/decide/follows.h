/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of messages that follow another, or that rest on a right. Private to this room. */
#ifndef TOLD_DECIDE_FOLLOWS_H
#define TOLD_DECIDE_FOLLOWS_H

#include "broker/decide/hearing.h"

/* Does nothing for other types. */
void told_rule_followers(struct told_hearing *h);

#endif
