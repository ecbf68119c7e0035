/* SPDX-License-Identifier: Apache-2.0 */
/* The signed messages that a store keeps beside its entries are what flows, client and overrides read: a log is not
 * whole when one of them is not what its entry commits to, or is gone. */
#include "reports/rig.h"

#include <stdio.h>
#include <string.h>

static void change(struct rig *rig, const char *text)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(rig->store, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	assert_true(sqlite3_total_changes(db) > 0 || strstr(text, "DROP") != NULL);
	sqlite3_close(db);
}

static void found(struct rig *rig, const char *text, const char *says)
{
	rig_outside(rig);
	test_world_close(rig->world);
	assert_int_not_equal(rig_verify(rig), 5);
	change(rig, text);
	assert_int_equal(rig_verify(rig), 5);
	fixture_says(&rig->run, "integrity     FAILED");
	fixture_says(&rig->run, says);
}

#define FOUND(name, text, says)                                                                                        \
	static void name(void **state)                                                                                 \
	{                                                                                                              \
		found(*state, text, says);                                                                             \
	}

FOUND(test_a_message_that_is_another_is_found,
      "UPDATE fact SET envelope = (SELECT envelope FROM fact f WHERE f.idx > fact.idx ORDER BY f.idx LIMIT 1)"
      " WHERE idx = (SELECT min(idx) FROM fact)",
      "is not the one that it commits to")
FOUND(test_a_message_that_is_none_is_found,
      "UPDATE fact SET envelope = x'00ff' WHERE idx = (SELECT min(idx) FROM fact)", "is not the one that it commits to")
FOUND(test_a_message_under_another_type_is_found,
      "UPDATE fact SET type = type + 1 WHERE idx = (SELECT min(idx) FROM fact)", "filed as what it is not")
FOUND(test_a_message_about_another_person_is_found,
      "UPDATE fact SET client = zeroblob(16) WHERE idx = (SELECT min(idx) FROM fact WHERE client IS NOT NULL)",
      "filed as what it is not")
FOUND(test_another_agreement_than_was_signed_is_found,
      "UPDATE fact SET attachment = x'00' WHERE attachment IS NOT NULL AND length(attachment) > 0",
      "filed as what it is not")
FOUND(test_a_message_that_is_gone_is_found, "DELETE FROM fact WHERE idx = (SELECT min(idx) FROM fact)",
      "the signed message that it records is not in the store")
FOUND(test_messages_that_are_all_gone_are_found, "DROP TABLE fact",
      "the signed message that it records is not in the store")
FOUND(test_a_message_for_an_entry_that_never_was_is_found,
      "INSERT INTO fact SELECT log, 100000, type, client, envelope, attachment FROM fact ORDER BY idx LIMIT 1",
      "the entry is not here")
FOUND(test_a_message_of_a_log_that_never_was_is_found,
      "INSERT INTO fact SELECT 100000, idx, type, client, envelope, attachment FROM fact ORDER BY idx LIMIT 1",
      "the entry is not here")
FOUND(test_a_key_that_nobody_granted_is_found,
      "UPDATE wrap SET sealed = zeroblob(length(sealed)) WHERE recipient = (SELECT min(recipient) FROM wrap)",
      "a key is kept that it is said to have granted, and it has not")

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)
	const struct CMUnitTest tests[] = {
		T(test_a_message_that_is_another_is_found),
		T(test_a_message_that_is_none_is_found),
		T(test_a_message_under_another_type_is_found),
		T(test_a_message_about_another_person_is_found),
		T(test_another_agreement_than_was_signed_is_found),
		T(test_a_message_that_is_gone_is_found),
		T(test_messages_that_are_all_gone_are_found),
		T(test_a_message_for_an_entry_that_never_was_is_found),
		T(test_a_message_of_a_log_that_never_was_is_found),
		T(test_a_key_that_nobody_granted_is_found),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
