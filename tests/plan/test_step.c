/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a step, exhaustively: every state, every event, every actor, against a table written a second time. */
#include "agents/plan/plan.h"
#include "support/support.h"

#include <string.h>

/* One line a state; one letter an event (start, finish, stop, reopen, move, condition): the next state, or '-'. */
static const char *const expected[TOLD_STEP_STATE_COUNT] = {
	[TOLD_STEP_NONE] = "------", [TOLD_STEP_TO_DO] = "sdx-tt",   [TOLD_STEP_STARTED] = "-dx-s-",
	[TOLD_STEP_DONE] = "---td-", [TOLD_STEP_STOPPED] = "---tx-",
};
static const char letters[] = "?tsdx";
static const char owners[] = "oooo--"; /* the first four are the owner's, the others the keeper's */

static void test_every_state_event_and_actor_has_one_answer(void **state)
{
	(void)state;
	size_t allowed = 0;
	for (uint32_t from = 0; from < TOLD_STEP_STATE_COUNT; from++)
		for (unsigned event = 0; event < TOLD_STEP_EVENT_COUNT; event++)
			for (unsigned actors = 0; actors < 4; actors++) {
				enum told_plan_rule rule = TOLD_PLAN_RULE_COUNT;
				unsigned needed = owners[event] == 'o' ? TOLD_STEP_OWNER : TOLD_STEP_KEEPER;
				uint32_t next = told_step_next(from, event, actors, &rule);
				if ((actors & needed) == 0) {
					assert_int_equal(next, 0);
					assert_int_equal(rule, needed == TOLD_STEP_OWNER ? TOLD_PLAN_OWNER
											 : TOLD_PLAN_KEEPER);
				} else if (expected[from][event] == '-') {
					assert_int_equal(next, 0);
					assert_int_equal(rule, TOLD_PLAN_STATE);
				} else {
					assert_int_equal(letters[next], expected[from][event]);
					assert_int_equal(rule, TOLD_PLAN_FINE);
					allowed++;
				}
			}
	assert_int_equal(allowed, 2 * 12);
}

static void test_what_is_no_state_or_event_is_refused(void **state)
{
	enum told_plan_rule rule;
	(void)state;
	assert_int_equal(told_step_next(TOLD_STEP_STATE_COUNT, TOLD_STEP_START, 3, &rule), 0);
	assert_int_equal(rule, TOLD_PLAN_STATE);
	assert_int_equal(told_step_next(TOLD_STEP_TO_DO, TOLD_STEP_EVENT_COUNT, 3, &rule), 0);
	assert_int_equal(rule, TOLD_PLAN_STATE);
}

static void test_every_rule_has_a_name_and_a_sentence(void **state)
{
	(void)state;
	for (unsigned rule = 1; rule < TOLD_PLAN_RULE_COUNT; rule++) {
		assert_int_equal(strncmp(told_plan_rule_name(rule), "plan-", 5), 0);
		const char *text = told_plan_rule_text(rule);
		assert_true(strlen(text) > 10 && text[strlen(text) - 1] == '.');
	}
	assert_string_equal(told_plan_rule_name(TOLD_PLAN_FINE), "");
	assert_string_equal(told_plan_rule_text(TOLD_PLAN_RULE_COUNT), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_state_event_and_actor_has_one_answer),
		cmocka_unit_test(test_what_is_no_state_or_event_is_refused),
		cmocka_unit_test(test_every_rule_has_a_name_and_a_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
