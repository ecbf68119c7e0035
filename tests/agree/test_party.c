/* SPDX-License-Identifier: Apache-2.0 */
/* The party-name table. */
#include "support/support.h"

#include "broker/agree/party.h"

#include <stdio.h>
#include <string.h>

static void test_a_name_keeps_its_number(void **state)
{
	(void)state;
	struct told_parties *parties;
	uint32_t hou, tt, again;
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	assert_int_equal(told_party_find(parties, told_text("HOU")), TOLD_PARTY_NONE);
	assert_int_equal(told_party_intern(parties, told_text("HOU"), &hou), TOLD_OK);
	assert_int_equal(told_party_intern(parties, told_text("TT"), &tt), TOLD_OK);
	assert_int_equal(told_party_intern(parties, told_text("HOU"), &again), TOLD_OK);
	assert_int_equal(hou, 1);
	assert_int_equal(tt, 2);
	assert_int_equal(again, hou);
	assert_int_equal(told_party_find(parties, told_text("TT")), tt);
	assert_string_equal(told_party_name(parties, tt), "TT");
	assert_string_equal(told_party_name(parties, 0), "?");
	assert_string_equal(told_party_name(parties, 3), "?");
	assert_int_equal(told_party_count(parties), 2);
	told_parties_free(parties);
	told_parties_free(NULL);
}

static void test_what_is_no_name_gets_no_number(void **state)
{
	(void)state;
	struct told_parties *parties;
	uint32_t party = 9;
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	static const char *const bad[] = {"", "*", "1AB", "_A", "-A", "A B", "A.B", "A/B", "\xc3\x84"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(told_party_intern(parties, told_text(bad[i]), &party), TOLD_E_MALFORMED);
		assert_int_equal(party, TOLD_PARTY_NONE);
	}
	char name[TOLD_NAME_MAX_BYTES + 2];
	memset(name, 'A', sizeof name);
	assert_int_equal(told_party_intern(parties, told_bytes(name, TOLD_NAME_MAX_BYTES + 1), &party),
			 TOLD_E_MALFORMED);
	assert_int_equal(told_party_intern(parties, told_bytes(name, TOLD_NAME_MAX_BYTES), &party), TOLD_OK);
	told_parties_free(parties);
}

static void test_the_table_grows_past_every_mask_up_to_its_limit(void **state)
{
	(void)state;
	struct told_parties *parties;
	char name[16];
	uint32_t party;
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	for (uint32_t i = 1; i <= TOLD_PARTIES_MAX; i++) {
		snprintf(name, sizeof name, "P%u", i);
		assert_int_equal(told_party_intern(parties, told_text(name), &party), TOLD_OK);
		assert_int_equal(party, i);
	}
	assert_int_equal(told_party_intern(parties, told_text("ONE_MORE"), &party), TOLD_E_LIMIT);
	assert_int_equal(told_party_find(parties, told_text("P40000")), 40000);
	assert_int_equal(told_party_count(parties), TOLD_PARTIES_MAX);
	told_parties_free(parties);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_keeps_its_number),
		cmocka_unit_test(test_what_is_no_name_gets_no_number),
		cmocka_unit_test(test_the_table_grows_past_every_mask_up_to_its_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
