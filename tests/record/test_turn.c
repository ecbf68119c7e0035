/* SPDX-License-Identifier: Apache-2.0 */
/* A turn: all of it or nothing, in an order that a crash between any two steps can be recovered from. */
#include "broker/record/room.h"
#include "support/agency.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static const uint32_t story[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};
static const enum test_who to_tt[] = {TEST_TT};

static int set_up(void **state)
{
	*state = test_world_ready();
	return 0;
}

static int tear_down(void **state)
{
	test_world_free(*state);
	return 0;
}

static void say_yes(struct test_world *w)
{
	struct test_agency *hou = &w->of[TEST_HOU];
	test_phase(w, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, story, 2), TOLD_PHASE_CONSENT);
}

static struct test_message *referral(struct test_world *w)
{
	OK(told_random(w->person,
		       sizeof w->person)); /* somebody new each time: a second referral would be a duplicate */
	say_yes(w);
	return test_referral(w, &w->of[TEST_HOU], &w->of[TEST_TT], story, 2);
}

static int64_t count(struct test_world *w, const char *table)
{
	char sql[64];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	sqlite3_stmt *rows = NULL;
	assert_int_equal(sqlite3_prepare_v2(w->record->store.db, sql, -1, &rows, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(rows, 0);
	sqlite3_finalize(rows);
	return n;
}

static void test_a_referral_is_kept_with_all_that_follows_from_it(void **state)
{
	struct test_world *w = *state;
	struct test_message *m = referral(w);
	int64_t messages = count(w, "message"), parcels = count(w, "parcel"), duplicates = count(w, "duplicate");
	uint64_t size = told_record_size(w->record);
	const struct told_receipt *receipt = test_phase(w, &w->of[TEST_HOU], m, TOLD_PHASE_ACCEPTED);
	assert_int_equal(told_receipt_index(receipt), size);
	assert_int_equal(told_record_size(w->record), size + 1);
	assert_int_equal(count(w, "message"), messages + 1);
	assert_int_equal(count(w, "parcel"), parcels + 1);
	assert_int_equal(count(w, "duplicate"), duplicates + 1);
	assert_int_equal(count(w, "detail"), count(w, "entry"));
	assert_int_equal(count(w, "entry"), size + 1);
}

static void test_a_turn_that_is_aborted_leaves_nothing(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *m = referral(w);
	uint64_t size = told_record_size(w->record);
	static const char *const tables[] = {"entry",     "detail", "message", "parcel",
					     "duplicate", "fact",   "subject", "tree_head"};
	int64_t before[8];
	for (size_t i = 0; i < 8; i++)
		before[i] = count(w, tables[i]);
	for (int round = 0; round < 3; round++) {
		test_begin(w);
		assert_int_equal(test_say(w, hou, m).phase, TOLD_PHASE_ACCEPTED);
		assert_int_equal(test_say(w, hou, test_withdrawal(w, hou, NULL)).phase, TOLD_PHASE_CONSENT);
		test_say(w, hou, test_suspend(w, hou, TOLD_AGREEMENT_ACTION_SUSPEND));
		OK(told_record_abort(w->record));
		for (size_t i = 0; i < 8; i++)
			assert_int_equal(count(w, tables[i]), before[i]);
		assert_int_equal(told_record_size(w->record), size);
	}
	/* Nor in memory: the permission stands and the agreement is in force. */
	test_phase(w, hou, m, TOLD_PHASE_ACCEPTED);
	test_world_close(w);
	OK(test_world_open(w));
	assert_int_equal(told_record_size(w->record), size + 1);
}

static void test_a_turn_that_wrote_nothing_signs_nothing(void **state)
{
	struct test_world *w = *state;
	struct told_bytes note = told_arena_copy(w->arena, told_record_checkpoint(w->record));
	uint64_t size = told_record_size(w->record);
	for (int i = 0; i < 3; i++) {
		test_begin(w);
		test_commit(w);
	}
	assert_true(told_bytes_equal(note, told_record_checkpoint(w->record)));
	assert_int_equal(told_record_size(w->record), size);
}

/* ---- crashes, step by step ---- */

static struct told_bytes take(const char *dir, const char *name)
{
	char path[300];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	return access(path, R_OK) == 0 ? told_test_read(path) : told_bytes(NULL, 0);
}

static void put_back(const char *dir, const char *name, struct told_bytes bytes)
{
	char path[300];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	if (bytes.data == NULL) {
		unlink(path);
		return;
	}
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes.data, 1, bytes.len, out), bytes.len);
	fclose(out);
	free((void *)(uintptr_t)bytes.data);
}

/* The anchor as it was before the last turn: the process died between the commit and the anchor. */
static void test_a_turn_that_was_committed_and_not_anchored_is_signed_at_opening(void **state)
{
	struct test_world *w = *state;
	struct test_message *m = referral(w);
	struct told_bytes anchor = take(w->dir, "anchor");
	test_phase(w, &w->of[TEST_HOU], m, TOLD_PHASE_ACCEPTED);
	uint64_t size = told_record_size(w->record);
	struct told_bytes note = told_arena_copy(w->arena, told_record_checkpoint(w->record));
	test_world_close(w);
	put_back(w->dir, "anchor", anchor);
	OK(test_world_open(w));
	assert_int_equal(told_record_size(w->record), size);
	assert_true(told_bytes_equal(told_record_checkpoint(w->record), note)); /* the same tree, the same signature */
	assert_int_equal(test_turn(w, &w->of[TEST_HOU], m).phase, TOLD_PHASE_ACCEPTED); /* its first receipt */
	assert_int_equal(told_record_size(w->record), size);
}

static void test_a_first_turn_that_was_not_anchored_is_signed_at_opening(void **state)
{
	(void)state;
	struct test_world *w = test_world_new(); /* one turn: the heartbeat */
	test_world_close(w);
	unlink(w->anchor);
	OK(test_world_open(w));
	assert_int_equal(told_record_size(w->record), 1);
	test_world_free(w);
}

static void test_a_log_without_its_anchor_is_refused(void **state)
{
	struct test_world *w = *state;
	test_world_close(w);
	unlink(w->anchor);
	assert_int_equal(test_world_open(w), TOLD_E_FORK);
	assert_int_equal(test_world_open(w), TOLD_E_FORK); /* making a new one has not helped */
}

static void test_a_store_that_was_rolled_back_is_refused(void **state)
{
	struct test_world *w = *state;
	struct test_message *m = referral(w);
	test_world_close(w);
	struct told_bytes db = take(w->dir, "told.db"), wal = take(w->dir, "told.db-wal");
	OK(test_world_open(w));
	test_phase(w, &w->of[TEST_HOU], m, TOLD_PHASE_ACCEPTED);
	test_world_close(w);
	put_back(w->dir, "told.db", db);
	put_back(w->dir, "told.db-wal", wal);
	assert_int_equal(test_world_open(w), TOLD_E_FORK);
}

static void test_another_history_of_the_same_length_is_refused(void **state)
{
	struct test_world *w = *state;
	struct test_message *m = referral(w);
	test_world_close(w);
	struct told_bytes db = take(w->dir, "told.db"), wal = take(w->dir, "told.db-wal");
	struct told_bytes anchor = take(w->dir, "anchor");
	OK(test_world_open(w));
	test_phase(w, &w->of[TEST_HOU], m, TOLD_PHASE_ACCEPTED);
	test_world_close(w);
	struct told_bytes later = take(w->dir, "anchor");
	put_back(w->dir, "told.db", db);
	put_back(w->dir, "told.db-wal", wal);
	put_back(w->dir, "anchor", anchor);
	OK(test_world_open(w));
	test_begin(w);
	OK(told_record_heartbeat(w->record, w->arena, 1, 1)); /* as long as the other, and another */
	test_commit(w);
	test_world_close(w);
	put_back(w->dir, "anchor", later);
	assert_int_equal(test_world_open(w), TOLD_E_FORK);
}

static void test_the_anchor_of_another_key_is_refused(void **state)
{
	struct test_world *w = *state, *other = test_world_ready();
	test_world_close(w);
	test_world_close(other);
	put_back(w->dir, "anchor", take(other->dir, "anchor"));
	assert_int_equal(test_world_open(w), TOLD_E_FORK);
	test_world_free(other);
}

static void test_a_body_that_is_gone_is_noticed(void **state)
{
	struct test_world *w = *state;
	char path[300];
	test_phase(w, &w->of[TEST_HOU], referral(w), TOLD_PHASE_ACCEPTED);
	test_world_close(w);
	snprintf(path, sizeof path, "%s/spool/00000001.bodies", w->dir);
	assert_int_equal(truncate(path, 100), 0);
	assert_int_equal(test_world_open(w), TOLD_E_CORRUPT);
}

/* ---- a full disk ---- */

static void limit_pages(struct test_world *w, int64_t pages)
{
	char sql[64];
	sqlite3_set_authorizer(w->record->store.db, NULL, NULL);
	snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld", (long long)pages);
	assert_int_equal(sqlite3_exec(w->record->store.db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static int64_t page_count(struct test_world *w)
{
	sqlite3_stmt *rows = NULL;
	sqlite3_set_authorizer(w->record->store.db, NULL, NULL);
	assert_int_equal(sqlite3_prepare_v2(w->record->store.db, "PRAGMA page_count", -1, &rows, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(rows, 0);
	sqlite3_finalize(rows);
	return n;
}

/* Says a message as the loop does: whatever fails for want of room aborts the turn. */
static enum told_status try_turn(struct test_world *w, const struct test_agency *from, const struct test_message *m)
{
	const struct told_verified *verified = NULL;
	const struct told_refused *refused = NULL;
	const struct told_ruling *ruling = NULL;
	const struct told_receipt *receipt = NULL;
	struct told_deposit_source deposits = told_record_deposits(w->record);
	test_begin(w);
	OK(told_verify(&w->verify, w->arena, from->party, m->envelope, m->body, w->when, &verified, &refused));
	assert_non_null(verified);
	struct told_table table = {.directory = told_record_directory(w->record),
				   .parties = told_record_parties(w->record)};
	table.when = told_record_when(w->record);
	OK(told_record_person(w->record, m->header.client_ref, &table.person));
	OK(told_rule(&table, &deposits, w->arena, verified, false, told_bytes(NULL, 0), &ruling));
	enum told_status status = told_record_ruled(w->record, w->arena, ruling, &receipt);
	if (status == TOLD_OK)
		status = told_record_commit(w->record);
	if (status != TOLD_OK)
		OK(told_record_abort(w->record));
	return status;
}

static void test_a_full_disk_costs_the_turn_and_nothing_else(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	say_yes(w);
	limit_pages(w, page_count(w) + 2);
	enum told_status status = TOLD_OK;
	size_t kept = 0;
	struct test_message *deposits[100];
	for (; kept < 100; kept++) {
		deposits[kept] = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
		status = try_turn(w, hou, deposits[kept]);
		if (status != TOLD_OK)
			break;
	}
	assert_int_equal(status, TOLD_E_FULL);
	uint64_t size = told_record_size(w->record);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(try_turn(w, hou, deposits[kept]), TOLD_E_FULL);
		assert_int_equal(told_record_size(w->record), size);
	}
	limit_pages(w, 1 << 20); /* somebody made room */
	assert_int_equal(try_turn(w, hou, deposits[kept]), TOLD_OK);
	assert_int_equal(told_record_size(w->record), size + 1);
	assert_int_equal(count(w, "deposit"), (int64_t)kept + 1);
	test_world_close(w);
	OK(test_world_open(w));
	for (size_t i = 0; i <= kept; i++)
		assert_int_equal(test_turn(w, hou, deposits[i]).phase, TOLD_PHASE_ACCEPTED);
	assert_int_equal(told_record_size(w->record), size + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_referral_is_kept_with_all_that_follows_from_it, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_turn_that_is_aborted_leaves_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_turn_that_wrote_nothing_signs_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_turn_that_was_committed_and_not_anchored_is_signed_at_opening,
						set_up, tear_down),
		cmocka_unit_test(test_a_first_turn_that_was_not_anchored_is_signed_at_opening),
		cmocka_unit_test_setup_teardown(test_a_log_without_its_anchor_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_store_that_was_rolled_back_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_another_history_of_the_same_length_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_anchor_of_another_key_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_body_that_is_gone_is_noticed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_full_disk_costs_the_turn_and_nothing_else, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
