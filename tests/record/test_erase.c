/* SPDX-License-Identifier: Apache-2.0 */
/* Erasure: nothing of the person is left in any file of the broker, and every proof still stands (evidence.md section 1
 * item 5). */
#include "record/erasing.h"

/* ---- erasing ---- */

static void test_an_erasure_leaves_nothing_of_the_person_in_any_file(void **state)
{
	struct test_world *w = *state;
	assert_true(in_folder(w->dir, w->person) > 20); /* the search finds what is there */
	test_phase(w, &w->of[TEST_HOU], request(w, &w->of[TEST_HOU]), TOLD_PHASE_ACCEPTED);
	assert_int_equal(phase_at(w, told_record_size(w->record) - 1), TOLD_PHASE_ERASURE);
	/* A parcel that was ready for SUD is gone; the request itself waits for it instead. */
	assert_int_equal(test_waiting(w, &w->of[TEST_TT]), 1);
	test_drain(w, &w->of[TEST_TT]);
	test_drain(w, &w->of[TEST_SUD]);
	finish(w);
	nothing_is_left(w);
	test_world_close(w);
	nothing_is_left((OK(test_world_open(w)), w));
}

static void test_what_others_told_of_others_stays(void **state)
{
	struct test_world *w = *state;
	uint8_t erased[TOLD_ID_BYTES];
	memcpy(erased, w->person, sizeof erased);
	OK(told_random(w->person, sizeof w->person));
	live(w);
	int64_t details = number(w, "SELECT count(*) FROM detail"), bodies = number(w, "SELECT count(*) FROM deposit");
	uint8_t other[TOLD_ID_BYTES];
	memcpy(other, w->person, sizeof other);
	memcpy(w->person, erased, sizeof erased);
	test_phase(w, &w->of[TEST_HOU], request(w, &w->of[TEST_HOU]), TOLD_PHASE_ACCEPTED);
	finish(w);
	assert_int_equal(number(w, "SELECT count(*) FROM deposit"), bodies - 2);
	assert_true(number(w, "SELECT count(*) FROM detail") > details / 2);
	assert_true(in_folder(w->dir, other) > 0);
	memcpy(w->person, other, sizeof other);
	assert_true(test_drain(w, &w->of[TEST_SUD]) > 0); /* their referral is whole */
}

static void test_holders_are_asked_and_what_they_answer_is_an_entry(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct test_message *asked = request(w, hou);
	struct test_parcels parcels = {0};
	test_drain(w, hou);
	test_phase(w, hou, asked, TOLD_PHASE_ACCEPTED);
	test_deliver(w, tt, &parcels);
	assert_int_equal(parcels.count, 1);
	test_check_parcel(w, parcels.items[0].parcel);
	assert_int_equal(parcels.items[0].parcel->type, TOLD_TYPE_ERASURE);
	assert_true(told_bytes_equal(parcels.items[0].parcel->carried.items[0].envelope, asked->envelope));
	test_turn(w, tt, test_ack(w, tt, &parcels, TOLD_ACK_STORED));
	assert_int_equal(number(w, "SELECT count(*) FROM fact WHERE type = 42"), 0); /* SUD was sent nothing */
	struct test_message *said = answer(w, tt, asked);
	test_phase(w, tt, said, TOLD_PHASE_ACCEPTED);
	memset(&parcels, 0, sizeof parcels);
	test_deliver(w, hou, &parcels);
	assert_int_equal(parcels.count, 1);
	assert_true(told_bytes_equal(parcels.items[0].parcel->carried.items[0].envelope, said->envelope));
	assert_int_equal(test_turn(w, hou, test_ack(w, hou, &parcels, TOLD_ACK_STORED)).phase, TOLD_PHASE_ACKNOWLEDGED);
	finish(w);
	nothing_is_left(w);
}

static void test_it_is_finished_when_the_last_holder_has_the_request(void **state)
{
	struct test_world *w = *state;
	test_phase(w, &w->of[TEST_HOU], request(w, &w->of[TEST_HOU]), TOLD_PHASE_ACCEPTED);
	finish(w);
	assert_int_equal(number(w, "SELECT count(*) FROM erasure WHERE finished = 1"), 0);
	assert_int_equal(in_folder(w->dir, w->person), 1); /* the request, in the database, and nothing else */
	test_drain(w, &w->of[TEST_TT]);
	finish(w);
	assert_int_equal(number(w, "SELECT count(*) FROM erasure WHERE finished = 1"), 1);
	assert_int_equal(phase_at(w, told_record_size(w->record) - 1), TOLD_PHASE_FINISHED);
	nothing_is_left(w);
}

static void test_a_request_that_reaches_nobody_is_not_kept_beyond_its_time(void **state)
{
	struct test_world *w = *state;
	const struct told_receipt *receipt = NULL;
	test_phase(w, &w->of[TEST_HOU], request(w, &w->of[TEST_HOU]), TOLD_PHASE_ACCEPTED);
	w->now_ms += TOLD_EXPIRES_MAX_MS + TOLD_MS_DAY;
	test_begin(w);
	OK(told_record_expire(w->record, w->arena, w->now_ms, &receipt));
	assert_non_null(receipt); /* who asked hears that somebody was never told */
	test_commit(w);
	finish(w);
	assert_int_equal(number(w, "SELECT count(*) FROM erasure WHERE finished = 1"), 1);
	nothing_is_left(w);
}

static void test_a_reader_in_the_way_costs_ten_seconds_and_nothing_else(void **state)
{
	struct test_world *w = *state;
	char path[300];
	sqlite3 *reader = NULL;
	bool more = false;
	snprintf(path, sizeof path, "%s/told.db", w->dir);
	assert_int_equal(sqlite3_open(path, &reader), SQLITE_OK);
	assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM entry", NULL, NULL, NULL), SQLITE_OK);
	test_phase(w, &w->of[TEST_HOU], request(w, &w->of[TEST_HOU]), TOLD_PHASE_ACCEPTED);
	test_drain(w, &w->of[TEST_TT]);
	test_begin(w);
	OK(told_record_erasing(w->record, w->arena, &more));
	test_commit(w);
	OK(told_record_truncate(w->record, 1000, &more));
	assert_false(w->record->truncated);
	sqlite3_close(reader);
	more = false;
	OK(told_record_truncate(w->record, 10999, &more));
	assert_false(more); /* not before its time */
	OK(told_record_truncate(w->record, 11000, &more));
	assert_true(more);
	finish(w);
	nothing_is_left(w);
}

/* ---- who may, and what stands in the way ---- */

static void test_only_who_sat_with_the_person_may_have_them_erased(void **state)
{
	struct test_world *w = *state;
	struct test_agency *emp = &w->of[TEST_EMP];
	int64_t details = number(w, "SELECT count(*) FROM detail WHERE client IS NOT NULL");
	const struct told_receipt *receipt = test_phase(w, emp, request(w, emp), TOLD_PHASE_REFUSED);
	assert_int_equal(test_ruling_part(w, receipt)->status, TOLD_E_NOT_ALLOWED);
	assert_int_equal(number(w, "SELECT count(*) FROM detail WHERE client IS NOT NULL"), details);
	OK(told_random(w->person, sizeof w->person)); /* nor somebody whom nobody knows */
	test_phase(w, &w->of[TEST_HOU], request(w, &w->of[TEST_HOU]), TOLD_PHASE_REFUSED);
}

/* As the row that a delivery leaves. */
static void delivered_to(struct test_world *w, const struct test_agency *party)
{
	sqlite3_stmt *put = told_sql(&w->record->store, TOLD_SQL_HOLDER_PUT);
	told_bind_blob(put, 1, told_bytes(w->person, TOLD_ID_BYTES));
	told_bind_text(put, 2, party->party);
	test_begin(w);
	OK(told_sql_run(put));
	test_commit(w);
}

static void test_a_hold_counts_only_from_who_has_something_of_the_person(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *emp = &w->of[TEST_EMP];
	const struct told_receipt *receipt = test_phase(w, emp, hold(w, emp, TOLD_FLAG_STATE_SET), TOLD_PHASE_REFUSED);
	assert_int_equal(test_ruling_part(w, receipt)->status, TOLD_E_NOT_ALLOWED);
	test_phase(w, hou, request(w, hou), TOLD_PHASE_ACCEPTED); /* so it stops nothing */
}

static void test_a_hold_counts_from_whoever_deposited_was_sent_something_or_sat_with_the_person(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *sud = &w->of[TEST_SUD], *emp = &w->of[TEST_EMP];
	test_phase(w, hou, hold(w, hou, TOLD_FLAG_STATE_SET), TOLD_PHASE_FLAG);
	test_phase(w, sud, hold(w, sud, TOLD_FLAG_STATE_SET), TOLD_PHASE_FLAG); /* has their referral */
	delivered_to(w, emp);
	test_phase(w, emp, hold(w, emp, TOLD_FLAG_STATE_SET), TOLD_PHASE_FLAG);
	test_phase(w, hou, hold(w, hou, TOLD_FLAG_STATE_CLEARED), TOLD_PHASE_FLAG);
	test_phase(w, hou, request(w, hou), TOLD_PHASE_HELD); /* the others still stand */
}

static void test_a_hold_stops_an_erasure_until_who_set_it_lifts_it(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	const struct told_receipt *receipts[8];
	test_phase(w, tt, hold(w, tt, TOLD_FLAG_STATE_SET), TOLD_PHASE_FLAG);
	test_phase(w, hou, request(w, hou), TOLD_PHASE_HELD);
	assert_int_equal(number(w, "SELECT count(*) FROM erasure"), 0);
	test_begin(w);
	test_say(w, hou, hold(w, hou, TOLD_FLAG_STATE_CLEARED)); /* another's hold is not theirs to lift */
	assert_int_equal(test_follow(w, receipts, 8), 0);
	test_commit(w);
	test_begin(w);
	test_say(w, tt, hold(w, tt, TOLD_FLAG_STATE_CLEARED));
	assert_true(test_follow(w, receipts, 8) > 0);
	test_commit(w);
	assert_int_equal(number(w, "SELECT count(*) FROM erasure"), 1);
	test_drain(w, tt);
	finish(w);
	nothing_is_left(w);
}

static void test_what_was_erased_is_still_known_as_a_duplicate(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *old = life.said[0];
	struct told_bytes salt, facts, ruling_salt, ruling;
	test_phase(w, hou, request(w, hou), TOLD_PHASE_ACCEPTED);
	uint64_t size = told_record_size(w->record);
	const struct told_receipt *receipt = test_phase(w, hou, old, TOLD_PHASE_CONSENT); /* its first receipt */
	assert_true(told_receipt_again(receipt));
	told_receipt_parts(receipt, &salt, &facts, &ruling_salt, &ruling);
	assert_int_equal(salt.len + ruling_salt.len, 0); /* which opens nothing any more */
	assert_int_equal(told_record_size(w->record), size);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_an_erasure_leaves_nothing_of_the_person_in_any_file),
		TEST(test_what_others_told_of_others_stays),
		TEST(test_holders_are_asked_and_what_they_answer_is_an_entry),
		TEST(test_it_is_finished_when_the_last_holder_has_the_request),
		TEST(test_a_request_that_reaches_nobody_is_not_kept_beyond_its_time),
		TEST(test_a_reader_in_the_way_costs_ten_seconds_and_nothing_else),
		TEST(test_only_who_sat_with_the_person_may_have_them_erased),
		TEST(test_a_hold_counts_only_from_who_has_something_of_the_person),
		TEST(test_a_hold_counts_from_whoever_deposited_was_sent_something_or_sat_with_the_person),
		TEST(test_a_hold_stops_an_erasure_until_who_set_it_lifts_it),
		TEST(test_what_was_erased_is_still_known_as_a_duplicate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
