/* SPDX-License-Identifier: Apache-2.0 */
/* What could be done here, and by whom. */
#include "agents/referral/here.h"
#include "support/support.h"

static void test_what_needs_supervision_needs_a_trained_worker(void **state)
{
	(void)state;
	const struct told_here_offer offers[] = {{.need = "keep-home", .words = "Keeping the home you have"},
						 {.need = "low-mood", .words = "First steps", .supervised = true}};
	assert_null(told_here_find(offers, 2, told_text("surgery")));
	assert_null(told_here_find(offers, 2, told_bytes(NULL, 0)));
	const struct told_here_offer *mood = told_here_find(offers, 2, told_text("low-mood"));
	assert_ptr_equal(mood, &offers[1]);
	assert_false(told_here_may(mood, false));
	assert_true(told_here_may(mood, true));
	assert_true(told_here_may(&offers[0], false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_needs_supervision_needs_a_trained_worker),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
