/* SPDX-License-Identifier: Apache-2.0 */
/* Who is asked: the contact, the deputy while the contact is away or has left, nobody when both are. */
#include "agents/alert/duty.h"

#include "support/support.h"

#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1795000000000)

/* Everybody is a worker here but those in this list. */
static bool live(void *ctx, const char *worker)
{
	return strstr(ctx, worker) == NULL;
}

static const char *holder(const struct told_duty *duty, const char *left)
{
	const char *who = told_duty_holder(duty, NOW, live, (void *)(uintptr_t)left);
	return who == NULL ? "" : who;
}

static void test_the_contact_is_asked_and_the_deputy_while_they_are_away(void **state)
{
	(void)state;
	struct told_duty duty = {.contact = "1001", .deputy = "1002"};
	assert_string_equal(holder(&duty, ""), "1001");
	assert_int_equal(told_duty_set_away(&duty, "1001", NOW + 1, NOW), TOLD_OK);
	assert_string_equal(holder(&duty, ""), "1002");
	assert_string_equal(told_duty_holder(&duty, NOW + 1, live, (char[]){""}), "1001"); /* back at that moment */
	assert_int_equal(told_duty_set_away(&duty, "1001", NOW, NOW), TOLD_OK);
	assert_string_equal(holder(&duty, ""), "1001"); /* back before */
}

static void test_who_has_left_holds_nothing(void **state)
{
	(void)state;
	struct told_duty duty = {.contact = "1001", .deputy = "1002"};
	assert_string_equal(holder(&duty, "1001"), "1002");
	assert_string_equal(holder(&duty, "1001 1002"), "");
	assert_int_equal(told_duty_set_away(&duty, "1002", NOW + 1, NOW), TOLD_OK);
	assert_string_equal(holder(&duty, "1001"), ""); /* nobody: so everybody is shown it */
	assert_string_equal(holder(&(struct told_duty){0}, ""), "");
}

static void test_what_was_given_to_somebody_goes_to_the_contact_while_they_are_away(void **state)
{
	(void)state;
	struct told_duty duty = {.contact = "1001"};
	char none[] = "";
	assert_string_equal(told_duty_stands_for(&duty, "2001", NOW, live, none), "2001");
	assert_int_equal(told_duty_set_away(&duty, "2001", NOW + 1, NOW), TOLD_OK);
	assert_string_equal(told_duty_stands_for(&duty, "2001", NOW, live, none), "1001");
	assert_string_equal(told_duty_stands_for(&duty, NULL, NOW, live, none), "1001");
	assert_string_equal(told_duty_stands_for(&duty, "", NOW, live, none), "1001");
}

static void test_too_many_away_is_said_and_what_is_over_makes_room(void **state)
{
	(void)state;
	struct told_duty duty = {0};
	char worker[16];
	for (unsigned i = 0; i < TOLD_DUTY_AWAY_MAX; i++) {
		snprintf(worker, sizeof worker, "%u", i);
		assert_int_equal(told_duty_set_away(&duty, worker, NOW + 1 + i, NOW), TOLD_OK);
	}
	assert_int_equal(told_duty_set_away(&duty, "one-more", NOW + 9, NOW), TOLD_E_LIMIT);
	assert_int_equal(told_duty_set_away(&duty, "0", NOW + 9, NOW), TOLD_OK); /* the same again is no more */
	assert_int_equal(told_duty_set_away(&duty, "one-more", NOW + 9, NOW + 3), TOLD_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_contact_is_asked_and_the_deputy_while_they_are_away),
		cmocka_unit_test(test_who_has_left_holds_nothing),
		cmocka_unit_test(test_what_was_given_to_somebody_goes_to_the_contact_while_they_are_away),
		cmocka_unit_test(test_too_many_away_is_said_and_what_is_over_makes_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
