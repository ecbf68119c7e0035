/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand on a statement: every combination of what makes a flow quiet, of a mark, and of its review date. */
#include "support/support.h"

#include "agents/statement/safe.h"

#include <string.h>

#define NOW 1000

static const struct told_safe_mark unmarked, marked = {.set = true, .review_utc_ms = NOW + 1},
					     over = {.set = true, .review_utc_ms = NOW},
					     own = {.set = true, .own_conference = true, .review_utc_ms = NOW + 1},
					     own_over = {.set = true, .own_conference = true, .review_utc_ms = NOW};

static struct told_flow_facts flow_of(uint32_t type, const uint32_t *purpose, unsigned category)
{
	struct told_flow_facts flow = {.type = type, .purposes = purpose, .purpose_count = 1};
	told_catset_add(&flow.categories, category);
	return flow;
}

static void assert_off_until_marked(const struct told_flow_facts *flow)
{
	assert_true(told_flow_is_quiet(flow));
	assert_false(told_flow_may_be_told(flow, &unmarked, NOW));
	assert_true(told_flow_may_be_told(flow, &marked, NOW));
	assert_false(told_flow_may_be_told(flow, &over, NOW));
}

static void assert_never_but_its_own(const struct told_flow_facts *flow)
{
	assert_true(told_flow_is_conference(flow));
	assert_false(told_flow_may_be_told(flow, &unmarked, NOW));
	assert_false(told_flow_may_be_told(flow, &marked, NOW));
	assert_true(told_flow_may_be_told(flow, &own, NOW));
	assert_false(told_flow_may_be_told(flow, &own_over, NOW));
}

static void test_an_ordinary_flow_is_told_at_once(void **state)
{
	const uint32_t purpose = TOLD_PURPOSE_REFERRAL;
	struct told_flow_facts flow = flow_of(TOLD_TYPE_REFERRAL, &purpose, TOLD_CATEGORY_HOU_SIT);
	(void)state;
	assert_false(told_flow_is_quiet(&flow));
	assert_true(told_flow_may_be_told(&flow, &unmarked, NOW));
}

/* Every category under every purpose and type that there is: what is not listed is told, what is listed is not. */
static void test_each_category_purpose_and_type_is_off_exactly_where_the_list_says(void **state)
{
	size_t quiet = 0, all = 0;
	(void)state;
	for (unsigned category = 1; category < TOLD_CATEGORY_COUNT; category++)
		for (uint32_t purpose = 1; purpose < TOLD_PURPOSE_COUNT; purpose++)
			for (uint32_t type = 1; type < TOLD_TYPE_COUNT; type++) {
				const char *code = told_code(TOLD_LIST_CATEGORY, category);
				struct told_flow_facts flow = flow_of(type, &purpose, category);
				bool conference = purpose == TOLD_PURPOSE_MARAC ||
						  category == TOLD_CATEGORY_SAF_MARAC ||
						  (type >= TOLD_TYPE_CONF_CALL && type <= TOLD_TYPE_CONF_ACTION);
				bool off = conference || strncmp(code, "SAF.", 4) == 0 ||
					   purpose == TOLD_PURPOSE_PUBPROT || purpose == TOLD_PURPOSE_CRIME;
				all++;
				quiet += off;
				assert_int_equal(told_flow_is_quiet(&flow), off);
				if (conference)
					assert_never_but_its_own(&flow);
				else if (off)
					assert_off_until_marked(&flow);
				else
					assert_true(told_flow_may_be_told(&flow, &unmarked, NOW));
			}
	print_message("%zu flows, %zu of them off until marked\n", all, quiet);
	assert_true(quiet > 0 && quiet < all);
}

static void test_to_or_from_a_specialist_is_off_whatever_it_was_about(void **state)
{
	const uint32_t purpose = TOLD_PURPOSE_REFERRAL;
	struct told_flow_facts flow = flow_of(TOLD_TYPE_REFERRAL, &purpose, TOLD_CATEGORY_DEM_ID);
	(void)state;
	flow.specialist = true;
	assert_off_until_marked(&flow);
}

static void test_do_not_notify_and_a_safeguarding_override_are_off(void **state)
{
	const uint32_t purpose = TOLD_PURPOSE_SAFEADULT;
	struct told_flow_facts flow = flow_of(TOLD_TYPE_ALERT, &purpose, TOLD_CATEGORY_RSK_FROM);
	(void)state;
	assert_false(told_flow_is_quiet(&flow));
	flow.do_not_notify = true;
	assert_off_until_marked(&flow);
	flow.do_not_notify = false;
	flow.safeguarding = true;
	assert_off_until_marked(&flow);
}

static void test_of_several_purposes_one_is_enough(void **state)
{
	const uint32_t purposes[] = {TOLD_PURPOSE_COORD, TOLD_PURPOSE_MARAC};
	struct told_flow_facts flow = flow_of(TOLD_TYPE_GRANT, purposes, TOLD_CATEGORY_DEM_ID);
	(void)state;
	flow.purpose_count = 2;
	assert_never_but_its_own(&flow);
}

static void test_what_nobody_can_say_is_off_and_no_mark_helps(void **state)
{
	const uint32_t purpose = TOLD_PURPOSE_REFERRAL;
	struct told_flow_facts flow = flow_of(TOLD_TYPE_REFERRAL, &purpose, TOLD_CATEGORY_DEM_ID);
	(void)state;
	flow.unclear = true;
	assert_false(told_flow_may_be_told(&flow, &unmarked, NOW));
	assert_false(told_flow_may_be_told(&flow, &own, NOW));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_ordinary_flow_is_told_at_once),
		cmocka_unit_test(test_each_category_purpose_and_type_is_off_exactly_where_the_list_says),
		cmocka_unit_test(test_to_or_from_a_specialist_is_off_whatever_it_was_about),
		cmocka_unit_test(test_do_not_notify_and_a_safeguarding_override_are_off),
		cmocka_unit_test(test_of_several_purposes_one_is_enough),
		cmocka_unit_test(test_what_nobody_can_say_is_off_and_no_mark_helps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
