/* SPDX-License-Identifier: Apache-2.0 */
/* What is off a person's own statement until the owner of the flow marks it safe (practice.md section 4). One list for
 * whoever tells the person, and for the auditor's note of what they were not told. */
#ifndef TOLD_QUIET_H
#define TOLD_QUIET_H

#include "told/vocabulary.h"

static inline bool told_quiet_purpose(unsigned purpose)
{
	return purpose == TOLD_PURPOSE_MARAC || purpose == TOLD_PURPOSE_PUBPROT || purpose == TOLD_PURPOSE_CRIME;
}

/* SAF.*, whatever the flow is for. */
static inline bool told_quiet_category(unsigned category)
{
	return category >= TOLD_CATEGORY_SAF_ADULT && category <= TOLD_CATEGORY_SAF_MARAC;
}

static inline bool told_quiet_categories(const struct told_catset *set)
{
	for (unsigned category = TOLD_CATEGORY_SAF_ADULT; category <= TOLD_CATEGORY_SAF_MARAC; category++)
		if (told_catset_has(set, category))
			return true;
	return false;
}

/* A conference's own messages. */
static inline bool told_quiet_type(unsigned type)
{
	return type >= TOLD_TYPE_CONF_CALL && type <= TOLD_TYPE_CONF_ACTION;
}

#endif
