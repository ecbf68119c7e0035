/* SPDX-License-Identifier: Apache-2.0 */
/* A person's facts moved from one piece of memory to another. Private to this room. */
#ifndef TOLD_RULE_SETTLE_H
#define TOLD_RULE_SETTLE_H

#include "broker/rule/person.h"

/* Makes room to fold more into a settled person. TOLD_E_MEMORY: it stays settled. max_bytes: of its arena from now on.
 */
TOLD_MUST_USE enum told_status told_person_open(struct told_person *person, size_t max_bytes);

#endif
