/* SPDX-License-Identifier: Apache-2.0 */
/* The review of a sharing without permission: every state by every outcome by every actor, against a picture drawn here
 * by hand from decision.md, not from the program's table. */
#include "agents/alert/review.h"
#include "support/support.h"
#include "told/vocabulary.h"

/* Rows: it runs, its time is over, it ended. Columns: right, too much, wrong, ended. g: it goes on and is looked at
 * again; d: this was the last look; e: it has ended; r: refused. By a reviewer; by anybody else nothing but n. */
static const char *const picture[TOLD_REVIEW_STATE_COUNT] = {"ggge", "ddde", "rrrr"};

static char told(enum told_review_state state, unsigned outcome, enum told_review_actor actor)
{
	enum told_review_state next = TOLD_REVIEW_STATE_COUNT;
	bool again = false;
	enum told_status status = told_review_step(state, outcome, actor, &next, &again);
	if (status == TOLD_E_REFUSED || status == TOLD_E_NOT_ALLOWED || status == TOLD_E_USAGE)
		assert_int_equal(next, TOLD_REVIEW_STATE_COUNT);
	if (status == TOLD_E_USAGE)
		return 'u';
	if (status == TOLD_E_REFUSED)
		return 'r';
	if (status == TOLD_E_NOT_ALLOWED)
		return 'n';
	assert_int_equal(status, TOLD_OK);
	if (next == TOLD_REVIEW_ENDED)
		return again ? '?' : 'e';
	assert_int_equal(next, state);
	return again ? 'g' : 'd';
}

static void test_a_review_in_every_state_by_every_outcome_and_actor(void **state)
{
	(void)state;
	for (unsigned at = 0; at < TOLD_REVIEW_STATE_COUNT; at++)
		for (unsigned outcome = 0; outcome <= TOLD_ALERT_OUTCOME_ENDED + 1; outcome++)
			for (unsigned by = 0; by < TOLD_REVIEW_ACTOR_COUNT; by++) {
				bool known = outcome >= TOLD_ALERT_OUTCOME_RIGHT && outcome <= TOLD_ALERT_OUTCOME_ENDED;
				char drawn = !known ? 'u' : picture[at][outcome - TOLD_ALERT_OUTCOME_RIGHT];
				if (known && at != TOLD_REVIEW_ENDED && by != TOLD_REVIEW_BY_REVIEWER)
					drawn = 'n';
				char is = told((enum told_review_state)at, outcome, (enum told_review_actor)by);
				if (is != drawn)
					fail_msg("state %u, outcome %u, actor %u: %c, not %c", at, outcome, by, is,
						 drawn);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_review_in_every_state_by_every_outcome_and_actor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
