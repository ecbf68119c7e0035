/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a section sound, asked alike of what we write and of what we read. Room-internal. */
#ifndef TOLD_STORY_RULES_H
#define TOLD_STORY_RULES_H

#include "agents/story/section.h"

/* TOLD_OK, TOLD_E_MALFORMED or TOLD_E_LIMIT: parts present, UTF-8, sizes, each code once. */
TOLD_MUST_USE enum told_status told_story_check(const struct told_story *story);

#endif
