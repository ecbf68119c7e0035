/* SPDX-License-Identifier: Apache-2.0 */
/* Whose an entry is: the sender's whole, the recipient's without the ruling, nobody else's at all. */
#include "support/support.h"

#include "proto/leaf.h"
#include "told/codes.h"
#include "told/vocabulary.h"

static unsigned open_to(uint32_t type, uint32_t phase, const char *recipient, const char *party)
{
	const struct told_leaf leaf = {
		.type = type, .phase = phase, .sender = told_text("HOU"), .recipient = told_text(recipient)};
	return told_leaf_open_to(&leaf, told_text(party));
}

#define NO_RULING (TOLD_ENTRY_WHOLE & ~(unsigned)TOLD_ENTRY_RULING)

static void test_a_sender_sees_its_own_entries_whole(void **state)
{
	(void)state;
	static const uint8_t phases[] = {TOLD_PHASE_ACCEPTED, TOLD_PHASE_HELD, TOLD_PHASE_REFUSED, TOLD_PHASE_EXPIRED};
	for (size_t i = 0; i < sizeof phases; i++)
		assert_int_equal(open_to(TOLD_TYPE_REFERRAL, phases[i], "", "HOU"), TOLD_ENTRY_WHOLE);
	assert_int_equal(open_to(TOLD_TYPE_REFERRAL, TOLD_PHASE_DELIVERED, "TT", "HOU"), TOLD_ENTRY_WHOLE);
}

static void test_a_recipient_sees_what_reached_it_and_never_the_ruling(void **state)
{
	(void)state;
	assert_int_equal(open_to(TOLD_TYPE_REFERRAL, TOLD_PHASE_DELIVERED, "TT", "TT"), NO_RULING);
	assert_int_equal(open_to(TOLD_TYPE_REFERRAL, TOLD_PHASE_REFUSED, "TT", "TT"), 0);
	assert_int_equal(open_to(TOLD_TYPE_REFERRAL, TOLD_PHASE_EXPIRED, "TT", "TT"), 0);
}

static void test_who_merely_asks_sees_the_answer_and_nothing_that_did_not_come(void **state)
{
	(void)state;
	assert_int_equal(open_to(TOLD_TYPE_ASK, TOLD_PHASE_ANSWERED, "", "HOU"), NO_RULING);
	assert_int_equal(open_to(TOLD_TYPE_ASK, TOLD_PHASE_DELIVERED, "HOU", "HOU"), NO_RULING);
	assert_int_equal(open_to(TOLD_TYPE_ASK, TOLD_PHASE_REFUSED, "HOU", "HOU"), 0);
	assert_int_equal(open_to(TOLD_TYPE_KNOWN, TOLD_PHASE_EXPIRED, "HOU", "HOU"), 0);
}

static void test_nobody_else_sees_anything(void **state)
{
	(void)state;
	for (unsigned phase = TOLD_PHASE_ACCEPTED; phase <= TOLD_PHASE_FINISHED; phase++) {
		assert_int_equal(open_to(TOLD_TYPE_REFERRAL, phase, "TT", "SUD"), 0);
		assert_int_equal(open_to(TOLD_TYPE_REFERRAL, phase, "TT", ""), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_sender_sees_its_own_entries_whole),
		cmocka_unit_test(test_a_recipient_sees_what_reached_it_and_never_the_ruling),
		cmocka_unit_test(test_who_merely_asks_sees_the_answer_and_nothing_that_did_not_come),
		cmocka_unit_test(test_nobody_else_sees_anything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
