/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit client over copies that do not show whom an entry is about: they must not read as "sent to nobody". */
#include "reports/rig.h"

#include <stdio.h>
#include <string.h>

static int ask(struct rig *rig, const char *option, const char *copy, const char *how)
{
	char ref[2 * TOLD_ID_BYTES + 1];
	told_hex(rig->world->person, TOLD_ID_BYTES, ref);
	return fixture_run(&rig->run, "client", ref, "--reason", "complaint", option, copy, how, NULL);
}

static void says_nobody_was_sent(const struct rig *rig, bool it_does)
{
	assert_true((strstr(rig->run.out, "was sent to anybody, as far as") != NULL) == it_does);
}

static const char *export(struct rig *rig)
{
	static char dir[500];
	snprintf(dir, sizeof dir, "%s.tiles", rig->file);
	assert_int_equal(fixture_run(&rig->run, "export", "--store", rig->store, "--tiles", dir, NULL), 0);
	return dir;
}

static void test_an_export_says_that_it_cannot_answer_and_what_it_shows(void **state)
{
	struct rig *rig = *state;
	assert_int_equal(ask(rig, "--tiles", export(rig), NULL), 1);
	says_nobody_was_sent(rig, false);
	fixture_says(&rig->run, "This copy cannot answer that. An export of tiles holds no details");
	fixture_says(&rig->run, "Reason given: complaint\n");
	fixture_says(&rig->run, " deliveries it does not show whom they were about. They went\n");
	fixture_says(&rig->run, "HOU         TT                 1  DEM.ID, HOU.SIT");
	fixture_says(&rig->run, "(not said)  SUD                1  DEM.ID, HOU.SIT");
	fixture_says(&rig->run, "Whoever is not a receiver there was delivered nothing about any person");
	assert_null(strstr(rig->run.out, "refused and sent to nobody"));
}

static void test_the_json_of_an_export_holds_no_empty_list(void **state)
{
	struct rig *rig = *state;
	char dir[500];
	snprintf(dir, sizeof dir, "%s.tiles", rig->file);
	assert_int_equal(ask(rig, "--tiles", dir, "--json"), 1);
	fixture_says(&rig->run, "\"answered\":false,\"refused\":null,\"usages\":null}");
	fixture_says(&rig->run, "\"notShown\":{\"deliveries\":");
	fixture_says(&rig->run, "{\"senderCode\":\"HOU\",\"receiverCode\":\"TT\",\"deliveries\":");
	assert_int_equal(ask(rig, "--store", rig->store, "--json"), 0);
	fixture_says(&rig->run, "\"notShown\":{\"deliveries\":0,");
	fixture_says(&rig->run, "\"answered\":true,");
}

/* As after an erasure: the entries stand, the parts that say whom they are about do not. */
static void test_what_was_erased_is_not_taken_for_nothing_sent(void **state)
{
	struct rig *rig = *state;
	char copy[500], vacuum[600];
	struct fixture f = {0};
	snprintf(copy, sizeof copy, "%s.erased.db", rig->file);
	snprintf(vacuum, sizeof vacuum, "VACUUM INTO '%s'", copy);
	assert_int_equal(sqlite3_open(rig->store, &f.db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(f.db, vacuum, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(f.db);
	assert_int_equal(sqlite3_open(copy, &f.db), SQLITE_OK);
	fixture_sql(&f, "UPDATE detail SET subject = NULL, subject_salt = NULL WHERE length(subject) > 0", 0, 0);
	sqlite3_close(f.db);
	assert_int_equal(ask(rig, "--store", copy, NULL), 0);
	says_nobody_was_sent(rig, false);
	fixture_says(&rig->run, "Nothing that this copy shows to be about this person was sent to anybody.");
	fixture_says(&rig->run, " deliveries it does not show whom they were about (erased, or held back). They went");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_export_says_that_it_cannot_answer_and_what_it_shows),
		cmocka_unit_test(test_the_json_of_an_export_holds_no_empty_list),
		cmocka_unit_test(test_what_was_erased_is_not_taken_for_nothing_sent),
	};
	return cmocka_run_group_tests(tests, rig_set_up, rig_tear_down);
}
