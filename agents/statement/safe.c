/* SPDX-License-Identifier: Apache-2.0 */
/* Safe to tell: off unless somebody who knows the flow said otherwise, and for a conference of others never. */
#include "agents/statement/safe.h"

static bool for_purpose(const struct told_flow_facts *flow, bool (*test)(unsigned purpose))
{
	for (size_t i = 0; i < flow->purpose_count; i++)
		if (test(flow->purposes[i]))
			return true;
	return false;
}

static bool is_marac(unsigned purpose)
{
	return purpose == TOLD_PURPOSE_MARAC;
}

bool told_flow_is_conference(const struct told_flow_facts *flow)
{
	return told_quiet_type(flow->type) || for_purpose(flow, is_marac) ||
	       told_catset_has(&flow->categories, TOLD_CATEGORY_SAF_MARAC);
}

bool told_flow_is_quiet(const struct told_flow_facts *flow)
{
	return flow->specialist || flow->do_not_notify || flow->safeguarding || told_flow_is_conference(flow) ||
	       for_purpose(flow, told_quiet_purpose) || told_quiet_categories(&flow->categories);
}

bool told_flow_may_be_told(const struct told_flow_facts *flow, const struct told_safe_mark *mark, int64_t now_utc_ms)
{
	if (flow->unclear)
		return false;
	if (!told_flow_is_quiet(flow))
		return true;
	if (told_flow_is_conference(flow) && !mark->own_conference)
		return false;
	return mark->set && now_utc_ms < mark->review_utc_ms;
}
