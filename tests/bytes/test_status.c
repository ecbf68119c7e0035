/* SPDX-License-Identifier: Apache-2.0 */
/* Every status has a name, words and a class; a number that is none reads as our own fault. */
#include "support/support.h"

#include <string.h>

#include "told/status.h"

static void test_every_status_has_a_name_and_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TOLD_STATUS_COUNT; i++) {
		enum told_status status = (enum told_status)i;
		assert_true(strlen(told_status_text(status)) > 3);
		assert_true(i == TOLD_OK || strncmp(told_status_name(status), "E_", 2) == 0);
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(told_status_name(status), told_status_name((enum told_status)j));
	}
}

static void test_the_class_says_what_to_do_next(void **state)
{
	(void)state;
	assert_int_equal(told_status_class(TOLD_OK), TOLD_CLASS_OK);
	assert_int_equal(told_status_class(TOLD_E_SIGNATURE), TOLD_CLASS_PEER);
	assert_int_equal(told_status_class(TOLD_E_BUSY), TOLD_CLASS_BUSY);
	assert_int_equal(told_status_class(TOLD_E_CONFIG), TOLD_CLASS_LOCAL);
	assert_int_equal(told_status_class(TOLD_E_FORK), TOLD_CLASS_FATAL);
	assert_int_equal(told_status_class(TOLD_E_INTERNAL), TOLD_CLASS_BUG);
	assert_string_equal(told_status_name(TOLD_E_STALE), "E_STALE");
}

static void test_a_number_that_is_no_status_is_our_own_fault(void **state)
{
	(void)state;
	assert_int_equal(told_status_class((enum told_status)TOLD_STATUS_COUNT), TOLD_CLASS_BUG);
	assert_string_equal(told_status_name((enum told_status)4000), "E_INTERNAL");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_status_has_a_name_and_words),
		cmocka_unit_test(test_the_class_says_what_to_do_next),
		cmocka_unit_test(test_a_number_that_is_no_status_is_our_own_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
