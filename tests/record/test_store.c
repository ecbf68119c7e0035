/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a store: once, by one broker, of one partnership, of a schema that we know; and what its connection refuses.
 */
#include "broker/record/room.h"
#include "broker/record/schema.h"
#include "support/agency.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static char file[300];

static int set_up(void **state)
{
	struct test_world *w = *state = test_world_new();
	snprintf(file, sizeof file, "%s/told.db", w->dir);
	return 0;
}

static int tear_down(void **state)
{
	test_world_free(*state);
	return 0;
}

static void edit(const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void test_opening_again_changes_nothing(void **state)
{
	struct test_world *w = *state;
	uint64_t size = told_record_size(w->record);
	struct told_bytes note = told_arena_copy(w->arena, told_record_checkpoint(w->record));
	for (int i = 0; i < 3; i++) {
		test_world_close(w);
		OK(test_world_open(w));
		assert_int_equal(told_record_size(w->record), size);
		assert_true(told_bytes_equal(told_record_checkpoint(w->record), note));
	}
}

static void test_a_later_schema_is_refused(void **state)
{
	struct test_world *w = *state;
	test_world_close(w);
	unsigned latest = 0;
	char back[48];
	while (told_schema_step(latest) != NULL)
		latest++;
	snprintf(back, sizeof back, "PRAGMA user_version = %u", latest);
	edit("PRAGMA user_version = 99");
	assert_int_equal(test_world_open(w), TOLD_E_CORRUPT);
	edit(back);
	OK(test_world_open(w));
}

static void test_a_file_that_is_no_database_is_refused(void **state)
{
	struct test_world *w = *state;
	test_world_close(w);
	char wal[320];
	snprintf(wal, sizeof wal, "%s-wal", file);
	unlink(wal);
	FILE *out = fopen(file, "wb");
	for (int i = 0; i < 5000; i++)
		fputs("no database", out);
	fclose(out);
	assert_int_equal(test_world_open(w), TOLD_E_CORRUPT);
}

static void test_a_second_broker_is_refused(void **state)
{
	struct test_world *w = *state, second = *w;
	assert_int_equal(test_world_open(&second), TOLD_E_IN_USE);
	assert_int_equal(told_record_size(w->record), 1);
}

static void test_two_stores_never_share_an_anchor(void **state)
{
	struct test_world *w = *state, second = *w;
	second.dir = told_test_dir();
	assert_int_equal(test_world_open(&second), TOLD_E_IN_USE);
}

static void test_the_store_of_another_partnership_or_key_is_refused(void **state)
{
	struct test_world *w = *state;
	struct told_record_config config = {.dir = w->dir,
					    .anchor = w->anchor,
					    .partnership = told_text("told.example/southtown"),
					    .log_signer = w->log_signer,
					    .segment_bytes = w->segment_bytes};
	struct told_record *record = NULL;
	memcpy(config.log_key, w->log.key, TOLD_KEY_BYTES);
	memcpy(config.operator_key, w->operator_.signing.key, TOLD_KEY_BYTES);
	test_world_close(w);
	assert_int_equal(told_record_open(&config, &record), TOLD_E_CONFIG);
	assert_null(record);
	config.partnership = told_text(TEST_PARTNERSHIP);
	config.log_key[0] ^= 1;
	assert_int_equal(told_record_open(&config, &record), TOLD_E_CONFIG);
	OK(test_world_open(w));
}

static void test_the_files_are_for_nobody_else(void **state)
{
	struct test_world *w = *state;
	static const char *const names[] = {"told.db", "told.db-wal", "lock", "anchor", "spool"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char path[320];
		struct stat st;
		snprintf(path, sizeof path, "%s/%s", w->dir, names[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0077, 0);
	}
}

/* C12: what the broker's own connection refuses, whoever gets it to try. */
static void test_the_connection_refuses_to_be_turned(void **state)
{
	struct test_world *w = *state;
	static const char *const attempts[] = {
		"DROP TRIGGER entry_fixed",
		"DROP TABLE entry",
		"ALTER TABLE entry RENAME TO other",
		"CREATE TABLE other(a)",
		"CREATE TEMP TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM detail; END",
		"ATTACH '/tmp/told-test-other.db' AS other",
		"PRAGMA recursive_triggers = OFF",
		"PRAGMA synchronous = OFF",
		"PRAGMA writable_schema = ON",
		"VACUUM",
		"VACUUM INTO '/tmp/told-test-copy.db'",
		"UPDATE sqlite_schema SET sql = ''",
	};
	for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++)
		assert_int_not_equal(sqlite3_exec(w->record->store.db, attempts[i], NULL, NULL, NULL), SQLITE_OK);
	int defensive = 0;
	assert_int_equal(sqlite3_db_config(w->record->store.db, SQLITE_DBCONFIG_DEFENSIVE, -1, &defensive), SQLITE_OK);
	assert_int_equal(defensive, 1);
	sqlite3_set_authorizer(w->record->store.db, NULL, NULL);
	assert_int_not_equal(sqlite3_exec(w->record->store.db, "UPDATE sqlite_schema SET sql = ''", NULL, NULL, NULL),
			     SQLITE_OK);
}

/* No question that is asked every turn reads a whole table. */
static void test_no_statement_of_the_loop_scans_a_table(void **state)
{
	struct test_world *w = *state;
	static const char *const whole_tables[] = {"META_GET",      "FACT_GLOBAL", "FACT_SPREAD",
						   "SIGNED_BEFORE", "LOG_LAST",    "WRAP_KEY_DELETE"};
	static const struct {
		const char *name, *sql;
	} statements[] = {
#define X(name, sql) {#name, sql},
#include "broker/record/sql.h"
#undef X
	};
	sqlite3_set_authorizer(w->record->store.db, NULL, NULL);
	for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
		char sql[2048];
		bool rare = false;
		for (size_t j = 0; j < sizeof whole_tables / sizeof whole_tables[0]; j++)
			rare |= strcmp(statements[i].name, whole_tables[j]) == 0;
		snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", statements[i].sql);
		sqlite3_stmt *plan = NULL;
		assert_int_equal(sqlite3_prepare_v2(w->record->store.db, sql, -1, &plan, NULL), SQLITE_OK);
		while (sqlite3_step(plan) == SQLITE_ROW) {
			const char *detail = (const char *)sqlite3_column_text(plan, 3);
			bool scan = strncmp(detail, "SCAN", 4) == 0 && strstr(detail, "CONSTANT ROW") == NULL &&
				    strstr(detail, "USING INDEX") == NULL &&
				    strstr(detail, "USING COVERING INDEX") == NULL;
			bool last = strstr(statements[i].sql, "ORDER BY seq DESC LIMIT 1") != NULL;
			if (scan && !rare && !last)
				print_message("%s: %s\n", statements[i].name, detail);
			assert_true(!scan || rare || last);
		}
		sqlite3_finalize(plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_opening_again_changes_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_later_schema_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_file_that_is_no_database_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_second_broker_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_two_stores_never_share_an_anchor, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_store_of_another_partnership_or_key_is_refused, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_the_files_are_for_nobody_else, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_connection_refuses_to_be_turned, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_statement_of_the_loop_scans_a_table, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
