/* SPDX-License-Identifier: Apache-2.0 */
/* Naming workers who may not see a conference, and taking two persons to end it. */
#include "support/support.h"

#include "agents/sight/book.h"
#include "told/limits.h"

static struct told_naming how(const char *worker, const char *by)
{
	return (struct told_naming){worker, by, 1000};
}

static void who_is_named_is_hidden_from_until_two_have_ended_it(void **state)
{
	json_t *book = json_object();
	bool ended = true;
	struct told_naming named = how("W1", "C"), again = how("W1", "D");
	(void)state;
	assert_false(told_sight_hides(book, "W1"));
	assert_int_equal(told_sight_name(book, TOLD_SIGHT_ALLEGED, &named), TOLD_OK);
	assert_int_equal(told_sight_name(book, TOLD_SIGHT_HOUSEHOLD, &again), TOLD_E_EXISTS);
	assert_true(told_sight_hides(book, "W1"));
	assert_false(told_sight_hides(book, "W10"));
	assert_int_equal(told_sight_unname(book, &named, &ended), TOLD_OK);
	assert_false(ended);
	assert_true(told_sight_hides(book, "W1"));
	assert_int_equal(told_sight_unname(book, &named, &ended), TOLD_E_NOT_ALLOWED); /* the same person again */
	assert_int_equal(told_sight_unname(book, &again, &ended), TOLD_OK);
	assert_true(ended);
	assert_false(told_sight_hides(book, "W1"));
	assert_int_equal(told_sight_unname(book, &again, &ended), TOLD_E_NOT_FOUND);
	assert_int_equal(told_sight_name(book, TOLD_SIGHT_ALLEGED, &again), TOLD_OK);
	assert_true(told_sight_hides(book, "W1"));
	json_decref(book);
}

static void nobody_ends_their_own_naming(void **state)
{
	json_t *book = json_object();
	bool ended = true;
	struct told_naming named = how("W1", "C"), own = how("W1", "W1");
	(void)state;
	assert_int_equal(told_sight_name(book, TOLD_SIGHT_HOUSEHOLD, &named), TOLD_OK);
	assert_int_equal(told_sight_unname(book, &own, &ended), TOLD_E_NOT_ALLOWED);
	assert_true(told_sight_hides(book, "W1"));
	json_decref(book);
}

static void that_nobody_works_with_them_is_said_too(void **state)
{
	json_t *book = json_object();
	(void)state;
	assert_false(told_sight_declared(book));
	assert_int_equal(told_sight_declare(book, "C", 1000), TOLD_OK);
	assert_true(told_sight_declared(book));
	assert_int_equal(told_sight_declare(book, "D", 2000), TOLD_OK);
	assert_string_equal(json_string_value(json_object_get(json_object_get(book, "declared"), "by")), "C");
	json_decref(book);
}

#define DAY ((uint64_t)TOLD_MS_DAY)

/* Names do not lapse; the contact is asked again: on the day of the next discussion, or when months have passed. */
static void names_are_to_be_looked_at_again_and_stay_until_then(void **state)
{
	json_t *book = json_object();
	struct told_naming named = how("W1", "C"), second = how("W1", "D");
	bool ended = false;
	(void)state;
	assert_int_equal(told_sight_look_due(book, 5 * DAY, true),
			 0); /* nobody was asked yet: that is asked for elsewhere */
	assert_int_equal(told_sight_name(book, TOLD_SIGHT_ALLEGED, &named), TOLD_OK);
	uint64_t later = 1000 + (uint64_t)TOLD_NAMES_LOOK_MS;
	assert_int_equal(told_sight_look_due(book, 0, true), later);
	assert_int_equal(told_sight_look_due(book, 5 * DAY, true), 5 * DAY);
	assert_int_equal(told_sight_look_due(book, later + 1, true), later);
	assert_int_equal(told_sight_look_due(book, 0, false), later); /* a name outlives its conference */
	assert_int_equal(told_sight_look(book, "C", 6 * DAY), TOLD_OK);
	assert_int_equal(told_sight_look_due(book, 5 * DAY, true), 6 * DAY + (uint64_t)TOLD_NAMES_LOOK_MS);
	assert_true(told_sight_hides(book, "W1"));
	assert_int_equal(told_sight_unname(book, &named, &ended), TOLD_OK);
	assert_int_equal(told_sight_unname(book, &second, &ended), TOLD_OK);
	assert_int_equal(told_sight_look_due(book, 0, false), 0);
	json_decref(book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_named_is_hidden_from_until_two_have_ended_it),
		cmocka_unit_test(nobody_ends_their_own_naming),
		cmocka_unit_test(names_are_to_be_looked_at_again_and_stay_until_then),
		cmocka_unit_test(that_nobody_works_with_them_is_said_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
