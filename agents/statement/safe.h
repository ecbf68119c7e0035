/* SPDX-License-Identifier: Apache-2.0 */
/* Whether one sharing may stand on the person's own statement. Decided before anything is shown (practice.md section
 * 4). Touches only its arguments. */
#ifndef TOLD_STATEMENT_SAFE_H
#define TOLD_STATEMENT_SAFE_H

#include "told/quiet.h"

/* One sharing, whatever its legal basis. */
struct told_flow_facts {
	uint32_t type;
	const uint32_t *purposes;
	size_t purpose_count;
	struct told_catset categories; /* what went, was asked for, or what the words were classified as */
	bool specialist;               /* marked so: whoever sent it, or to whom it went */
	bool do_not_notify;            /* the override says so, or a flag did when it went */
	bool safeguarding; /* sent without permission, as an override of that kind: often since asking was unsafe */
	bool unclear;      /* its ruling or its record is gone: nobody can say what it was */
};

/* What the owner of the flow said of it. */
struct told_safe_mark {
	bool set;
	bool own_conference; /* the conference was about this person, and they are the one it protects */
	int64_t review_utc_ms;
};

/* It is off until somebody marks it. */
bool told_flow_is_quiet(const struct told_flow_facts *flow);
/* It belongs to a conference: whoever is merely named in one is never told. */
bool told_flow_is_conference(const struct told_flow_facts *flow);
/* It may be shown now. A mark counts until its review date, and then somebody must look again. */
bool told_flow_may_be_told(const struct told_flow_facts *flow, const struct told_safe_mark *mark, int64_t now_utc_ms);

#endif
