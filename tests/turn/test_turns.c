/* SPDX-License-Identifier: Apache-2.0 */
/* The loop itself, turn by turn, over a wire that is two arrays: what arrives together, what does not fit, what an
 * agency claims that is not so, and a disk that fills up. */
#include "broker/record/room.h"
#include "turn/rig.h"

#include "told/codes.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static const enum test_who to_tt[] = {TEST_TT};
static const uint32_t shared[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};

/* ---- tests ---- */

static void test_the_first_turn_opens_the_port_over_a_signed_log(void **state)
{
	struct rig *rig = *state;
	uint64_t size = told_record_size(rig->w->record);
	rig_turn(rig);
	assert_true(rig->wire.listening);
	assert_int_equal(told_record_size(rig->w->record), size + 1); /* a heartbeat */
	assert_int_equal(rig->wire.allowed, 1 + TEST_AGENCIES);
	struct test_agency *hou = &rig->w->of[TEST_HOU];
	rig_hello(rig, hou, 0);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, hou, TOLD_SESSION_WELCOME), 1);
	assert_int_equal(rig_heard(rig, hou, TOLD_SESSION_PARCEL), 0); /* no credit yet */
}

/* An agency that joins says all of this at once, each resting on what is said just before. */
static void test_what_arrives_together_is_judged_in_its_order(void **state)
{
	(void)state;
	struct test_world *w = test_world_new();
	struct rig *rig = rig_of(w);
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *said[] = {
		test_key(w, hou, TOLD_KEY_SIGNING, TOLD_KEY_ACTION_ISSUE, &hou->signing, 1),
		test_key(w, hou, TOLD_KEY_SEALING, TOLD_KEY_ACTION_ISSUE, &hou->sealing, 1),
		test_agreement(w, hou),
		test_workers(w, hou),
		test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT),
		test_withdrawal(w, hou, NULL),
	};
	static const uint32_t phases[] = {TOLD_PHASE_KEY,   TOLD_PHASE_KEY,      TOLD_PHASE_AGREEMENT,
					  TOLD_PHASE_ADMIN, TOLD_PHASE_ACCEPTED, TOLD_PHASE_CONSENT};
	rig_turns(rig);
	rig_send(rig, &w->operator_, test_enrol(w, hou));
	rig_turns(rig);
	rig_hello(rig, hou, 0);
	for (size_t i = 0; i < 6; i++)
		rig_send(rig, hou, said[i]);
	rig_turns(rig);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(rig_answered(rig, hou, said[i]), phases[i]);
	fake_forget(&rig->wire);
	/* And the reverse: what comes behind a revocation is refused. */
	struct test_message *revoke = test_key(w, hou, TOLD_KEY_SIGNING, TOLD_KEY_ACTION_REVOKE, &hou->signing, 1);
	struct test_message *late = test_withdrawal(w, hou, NULL),
			    *deposit = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	rig_send(rig, hou, deposit);
	rig_send(rig, hou, revoke);
	rig_send(rig, hou, late);
	rig_turns(rig);
	assert_int_equal(rig_answered(rig, hou, revoke), TOLD_PHASE_KEY);
	assert_int_equal(rig_answered(rig, hou, late), TOLD_PHASE_REFUSED);
	assert_int_equal(rig_answered(rig, hou, deposit), TOLD_PHASE_REFUSED); /* what changes state goes first */
	void *own = rig;
	rig_tear_down(&own);
}

static void test_a_revoked_session_key_is_cut_in_its_own_turn(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU];
	rig_connect(rig, hou);
	size_t denied = rig->wire.denied;
	rig_send(rig, hou, test_key(w, hou, TOLD_KEY_SESSION, TOLD_KEY_ACTION_REVOKE, &hou->session, 1));
	rig_turn(rig);
	assert_int_equal(rig->wire.denied, denied + 1);
}

static void test_a_claim_to_have_checked_more_than_there_is_costs_nobody_anything(void **state)
{
	struct rig *rig = *state;
	struct test_agency *hou = &rig->w->of[TEST_HOU];
	rig_hello(rig, hou, UINT64_C(1) << 40);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, hou, TOLD_SESSION_WELCOME), 1);
	struct test_message *m = test_withdrawal(rig->w, hou, NULL);
	rig_send(rig, hou, m);
	rig_turns(rig);
	assert_int_equal(rig_answered(rig, hou, m), TOLD_PHASE_CONSENT);
}

static void test_a_retry_in_the_same_turn_and_later_gets_one_entry(void **state)
{
	struct rig *rig = *state;
	struct test_agency *hou = &rig->w->of[TEST_HOU];
	rig_connect(rig, hou);
	struct test_message *m = test_withdrawal(rig->w, hou, NULL);
	uint64_t size = told_record_size(rig->w->record);
	for (int i = 0; i < 3; i++)
		rig_send(rig, hou, m);
	rig_turns(rig);
	rig_send(rig, hou, m);
	rig_turns(rig);
	assert_int_equal(rig_answered(rig, hou, m), TOLD_PHASE_CONSENT);
	assert_int_equal(told_record_size(rig->w->record), size + 1);
	assert_int_equal(rig_heard(rig, hou, TOLD_SESSION_ANSWER), 4);
}

static void test_parcels_come_as_credit_allows_and_once(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	rig_connect(rig, tt);
	rig_connect(rig, hou);
	for (size_t i = 0; i < 5; i++) {
		OK(told_random(w->person, sizeof w->person));
		rig_send(rig, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2));
		rig_send(rig, hou, test_referral(w, hou, tt, shared, 2));
	}
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 0);
	rig_credit(rig, tt, 2);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 2);
	struct test_parcels parcels = {.count = 2};
	for (size_t i = 0, n = 0; i < rig->wire.sent_count; i++) {
		struct told_parcel *parcel = NULL;
		if (rig->wire.sent[i].token == 0)
			continue;
		OK(told_parcel_decode(rig->wire.sent[i].body, w->arena, &parcel));
		memcpy(parcels.items[n++].delivery.row.id, parcel->parcel_id.data, TOLD_ID_BYTES);
	}
	rig_send(rig, tt, test_ack(w, tt, &parcels, TOLD_ACK_STORED));
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 4);
	rig_credit(rig, tt, 256);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 5);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 5);
	rig_hello(rig, tt, 0); /* a new connection: what was not acknowledged comes again */
	rig_credit(rig, tt, 256);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 5 + 3);
}

static void test_a_parcel_that_found_the_pipe_full_comes_later(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	rig_connect(rig, tt);
	rig_send(rig, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2));
	rig_send(rig, hou, test_referral(w, hou, tt, shared, 2));
	rig_credit(rig, tt, 10);
	rig->wire.full = true;
	rig_turns(rig);
	rig->wire.full = false;
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 0);
	rig_credit(rig, tt, 10);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 1);
	uint64_t token = 0;
	for (size_t i = 0; i < rig->wire.sent_count; i++)
		if (rig->wire.sent[i].token != 0)
			token = rig->wire.sent[i].token;
	fake_push(&rig->wire,
		  (struct told_wire_message){.kind = TOLD_WIRE_UNSENT, .session = rig_session(tt), .token = token});
	rig_credit(rig, tt, 10);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 2);
}

static void test_a_full_disk_says_busy_and_the_broker_lives(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU];
	rig_connect(rig, hou);
	sqlite3 *db = w->record->store.db;
	char sql[64];
	sqlite3_stmt *pages = NULL;
	sqlite3_set_authorizer(db, NULL, NULL);
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA page_count", -1, &pages, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(pages), SQLITE_ROW);
	snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d", sqlite3_column_int(pages, 0));
	sqlite3_finalize(pages);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	struct test_message *m[40];
	for (size_t i = 0; i < 40; i++)
		rig_send(rig, hou, m[i] = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT));
	uint64_t size = told_record_size(w->record);
	rig_turn(rig);
	for (size_t i = 0; i < 40; i++)
		assert_int_equal(rig_answered(rig, hou, m[i]), UINT32_MAX);
	assert_int_equal(told_record_size(w->record), size);
	assert_int_equal(sqlite3_exec(db, "PRAGMA max_page_count = 1000000", NULL, NULL, NULL), SQLITE_OK);
	for (size_t i = 0; i < 40; i++)
		rig_send(rig, hou, m[i]);
	rig_turns(rig);
	for (size_t i = 0; i < 40; i++)
		assert_int_equal(rig_answered(rig, hou, m[i]), TOLD_PHASE_ACCEPTED);
}

static void test_a_quota_says_busy_to_who_is_too_fast_alone(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	rig_connect(rig, hou);
	rig_connect(rig, tt);
	rig->broker.quota_per_s = 3;
	struct test_message *m[5], *other = test_withdrawal(w, tt, NULL);
	for (size_t i = 0; i < 5; i++)
		rig_send(rig, hou, m[i] = test_withdrawal(w, hou, NULL));
	rig_send(rig, tt, other);
	rig_turns(rig);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(rig_answered(rig, hou, m[i]), i < 3 ? TOLD_PHASE_CONSENT : UINT32_MAX);
	assert_int_equal(rig_answered(rig, tt, other), TOLD_PHASE_CONSENT);
	told_time_pass(&rig->time, TOLD_MS_SECOND);
	rig_send(rig, hou, m[3]);
	rig_turns(rig);
	assert_int_equal(rig_answered(rig, hou, m[3]), TOLD_PHASE_CONSENT);
}

/* Two hundred holds and an agreement that concerns them all: over as many turns as it takes, nobody is left out. */
static void test_many_holds_are_ruled_again_some_at_a_time(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	enum { HELD = 500 };
	struct test_message **held = told_arena_alloc(w->arena, HELD * sizeof *held);
	rig_connect(rig, hou);
	rig_connect(rig, tt);
	uint8_t(*people)[TOLD_ID_BYTES] = told_arena_alloc(w->arena, (size_t)HELD * TOLD_ID_BYTES);
	for (size_t i = 0; i < HELD; i++) {
		OK(told_random(w->person, sizeof w->person));
		memcpy(people[i], w->person, TOLD_ID_BYTES);
		rig_send(rig, tt, test_consent(w, tt, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2));
		rig_send(rig, hou, held[i] = test_referral(w, hou, tt, shared, 2));
		if (i % 100 == 99)
			rig_turns(rig);
	}
	assert_int_equal(rig_answered(rig, hou, held[0]), TOLD_PHASE_HELD);
	assert_int_equal(rig_answered(rig, hou, held[HELD - 1]), TOLD_PHASE_HELD);
	fake_forget(&rig->wire);
	/* Their worker has left: no hold is cured, each is over. */
	struct told_header header = test_header(w, hou, TOLD_TYPE_WORKER_REGISTER);
	uint32_t role = TOLD_ROLE_PRACTITIONER;
	struct told_worker_part gone = {.number = told_text("U1"),
					.kind = TOLD_WORKER_KIND_EMPLOYED,
					.roles = {&role, 1},
					.from_ms = 1,
					.until_ms = (uint64_t)w->now_ms - 1};
	header.workers = (struct told_worker_part_list){&gone, 1};
	rig_send(rig, hou, test_sign(w, hou, &header, NULL));
	assert_true(rig_turns(rig) > 1);
	for (size_t i = 0; i < HELD; i++)
		assert_int_equal(rig_answered(rig, hou, held[i]), TOLD_PHASE_REFUSED);
}

/* Bodies of almost a megabyte, more than a turn's memory together, waiting for one agency. */
static void test_a_backlog_of_large_bodies_goes_out_over_several_turns(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	enum { LARGE = 80, BYTES = 900000 };
	rig_connect(rig, hou);
	rig_connect(rig, tt);
	uint8_t *text = told_arena_alloc(w->arena, BYTES);
	memset(text, 'w', BYTES);
	struct told_arena *kept = w->arena;
	for (size_t i = 0; i < LARGE; i++) {
		OK(told_arena_new(64u << 20, &w->arena));
		OK(told_random(w->person, sizeof w->person));
		rig_send(rig, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2));
		struct told_header header = test_referral(w, hou, tt, shared, 1)->header;
		header.section_digests.count = 0;
		struct test_message *m = test_seal_large(w, hou, &header, shared, 2, told_bytes(text, BYTES), tt);
		rig_send(rig, hou, m);
		rig_turns(rig);
		assert_int_equal(rig_answered(rig, hou, m), TOLD_PHASE_ACCEPTED);
		told_arena_free(w->arena);
		fake_forget(&rig->wire);
	}
	w->arena = kept;
	rig_credit(rig, tt, 256);
	assert_true(rig_turns(rig) > 3);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), LARGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_the_first_turn_opens_the_port_over_a_signed_log),
		cmocka_unit_test(test_what_arrives_together_is_judged_in_its_order),
		TEST(test_a_revoked_session_key_is_cut_in_its_own_turn),
		TEST(test_a_claim_to_have_checked_more_than_there_is_costs_nobody_anything),
		TEST(test_a_retry_in_the_same_turn_and_later_gets_one_entry),
		TEST(test_parcels_come_as_credit_allows_and_once),
		TEST(test_a_parcel_that_found_the_pipe_full_comes_later),
		TEST(test_a_full_disk_says_busy_and_the_broker_lives),
		TEST(test_a_quota_says_busy_to_who_is_too_fast_alone),
		TEST(test_many_holds_are_ruled_again_some_at_a_time),
		TEST(test_a_backlog_of_large_bodies_goes_out_over_several_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
