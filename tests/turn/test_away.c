/* SPDX-License-Identifier: Apache-2.0 */
/* A sender that was away when its hold ended or its parcel expired: it hears of it behind its welcome, without asking,
 * until it has signed a later checkpoint; over restarts and lost answers. */
#include "broker/record/room.h"
#include "turn/rig.h"

#include "told/codes.h"

#define OK(call) assert_int_equal(call, TOLD_OK)

static const enum test_who to_tt[] = {TEST_TT};
static const uint32_t shared[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};

static void leave(struct rig *rig, const struct test_agency *agency)
{
	fake_push(&rig->wire, (struct told_wire_message){
				      .kind = TOLD_WIRE_GONE, .session = rig_session(agency), .party = agency->party});
	rig_turns(rig);
	fake_forget(&rig->wire);
}

/* It says hello and hears; what it has heard before is forgotten. */
static uint32_t back(struct rig *rig, const struct test_agency *agency, const struct test_message *m)
{
	fake_forget(&rig->wire);
	rig_hello(rig, agency, 0);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, agency, TOLD_SESSION_WELCOME), 1);
	return rig_answered(rig, agency, m);
}

/* A referral of HOU's that waits for somebody other than its recipient to confirm the permission. */
static struct test_message *held(struct rig *rig)
{
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct test_message *m;
	rig_send(rig, tt, test_consent(w, tt, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2));
	rig_send(rig, hou, m = test_referral(w, hou, tt, shared, 2));
	rig_turns(rig);
	assert_int_equal(rig_answered(rig, hou, m), TOLD_PHASE_HELD);
	return m;
}

static void confirm(struct rig *rig)
{
	struct test_agency *sud = &rig->w->of[TEST_SUD];
	rig_send(rig, sud, test_consent(rig->w, sud, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2));
	rig_turns(rig);
}

static size_t kept(struct rig *rig)
{
	sqlite3_stmt *count = NULL;
	sqlite3_set_authorizer(rig->w->record->store.db, NULL, NULL);
	assert_int_equal(sqlite3_prepare_v2(rig->w->record->store.db, "SELECT count(*) FROM unheard", -1, &count, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(count), SQLITE_ROW);
	size_t n = (size_t)sqlite3_column_int64(count, 0);
	sqlite3_finalize(count);
	return n;
}

static void test_a_release_that_the_sender_missed_is_said_behind_its_welcome(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[TEST_AGENCIES];
	struct test_agency *hou = &rig->w->of[TEST_HOU];
	rig_witnesses(rig, keys, 1);
	struct test_message *m = held(rig);
	leave(rig, hou);
	confirm(rig);
	assert_int_equal(rig_answered(rig, hou, m), 0);
	assert_int_equal(back(rig, hou, m), TOLD_PHASE_ACCEPTED);
	for (size_t i = 0, answers = 0; i < rig->wire.sent_count; i++) {
		struct told_envelope *envelope = NULL;
		OK(told_envelope_decode(rig->wire.sent[i].envelope, rig->w->arena, &envelope));
		answers += envelope->session == TOLD_SESSION_ANSWER;
		assert_true(envelope->session != TOLD_SESSION_WELCOME || answers == 0);
	}
	fake_forget(&rig->wire);
	rig_pass(rig, TOLD_OFFER_MS);
	assert_int_equal(rig_heard(rig, hou, TOLD_SESSION_ANSWER), 0); /* once a connection */
}

static void test_what_was_held_is_carried_with_the_entry_that_released_it(void **state)
{
	struct rig *rig = *state;
	struct test_agency *tt = &rig->w->of[TEST_TT];
	rig_connect(rig, &rig->w->of[TEST_HOU]);
	rig_connect(rig, tt);
	struct test_message *m = held(rig);
	confirm(rig);
	rig_credit(rig, tt, 256);
	rig_turns(rig);
	size_t found = 0;
	for (size_t i = 0; i < rig->wire.sent_count; i++) {
		struct told_parcel *parcel = NULL;
		struct told_leaf *leaf = NULL;
		if (rig->wire.sent[i].token == 0)
			continue;
		OK(told_parcel_decode(rig->wire.sent[i].body, rig->w->arena, &parcel));
		OK(told_leaf_decode(parcel->carried.items[0].leaf, rig->w->arena, &leaf));
		if (!told_bytes_equal(parcel->carried.items[0].envelope, m->envelope))
			continue;
		assert_int_equal(leaf->phase, TOLD_PHASE_ACCEPTED);
		found++;
	}
	assert_int_equal(found, 1);
}

/* The welcome's own checkpoint was shown before the answer: to have signed it says nothing of the answer. */
static void test_it_is_said_at_each_hello_until_a_later_checkpoint_was_signed(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[TEST_AGENCIES];
	struct test_agency *hou = &rig->w->of[TEST_HOU];
	rig_witnesses(rig, keys, 1);
	struct test_message *m = held(rig);
	leave(rig, hou);
	confirm(rig);
	assert_int_equal(back(rig, hou, m), TOLD_PHASE_ACCEPTED);
	rig_cosign(rig, TEST_HOU, keys);
	assert_int_equal(kept(rig), 1);
	leave(rig, hou);
	assert_int_equal(back(rig, hou, m), TOLD_PHASE_ACCEPTED);
	rig_send(rig, &rig->w->of[TEST_EMP], test_withdrawal(rig->w, &rig->w->of[TEST_EMP], NULL));
	rig_turns(rig);
	rig_cosign(rig, TEST_HOU, keys);
	assert_int_equal(kept(rig), 0);
	leave(rig, hou);
	assert_int_equal(back(rig, hou, m), 0);
}

static void test_a_refusal_that_the_sender_missed_outlives_the_brokers_restart(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[TEST_AGENCIES];
	struct test_agency *hou = &rig->w->of[TEST_HOU];
	rig_witnesses(rig, keys, 1);
	struct test_message *m = held(rig);
	leave(rig, hou);
	rig_pass(rig, 10 * TOLD_MS_DAY); /* nobody acted */
	assert_int_equal(kept(rig), 1);
	test_world_close(rig->w);
	OK(test_world_open(rig->w));
	rig->broker.record = rig->w->record;
	told_agencies_free(rig->broker.agencies);
	OK(told_agencies_new(&rig->broker.agencies));
	assert_int_equal(back(rig, hou, m), TOLD_PHASE_REFUSED);
}

static void test_a_parcel_that_expired_is_told_to_the_sender_that_was_away(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	rig_connect(rig, hou);
	rig_connect(rig, tt);
	rig_send(rig, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2));
	struct test_message *m = test_referral(w, hou, tt, shared, 2);
	rig_send(rig, hou, m);
	rig_turns(rig);
	assert_int_equal(rig_answered(rig, hou, m), TOLD_PHASE_ACCEPTED);
	leave(rig, hou);
	rig_pass(rig, TOLD_EXPIRES_MAX_MS + TOLD_MS_MINUTE);
	assert_int_equal(back(rig, hou, m), TOLD_PHASE_EXPIRED);
}

static void test_an_answer_that_found_the_pipe_full_is_said_again(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[TEST_AGENCIES];
	struct test_agency *hou = &rig->w->of[TEST_HOU];
	rig_witnesses(rig, keys, 1);
	struct test_message *m = held(rig);
	fake_forget(&rig->wire);
	rig->wire.full = true;
	confirm(rig);
	rig->wire.full = false;
	assert_int_equal(rig_answered(rig, hou, m), 0);
	rig_send(rig, &rig->w->of[TEST_EMP], test_withdrawal(rig->w, &rig->w->of[TEST_EMP], NULL));
	rig_turns(rig);
	rig_cosign(rig, TEST_HOU, keys); /* it signs what it was shown since, and has not heard */
	assert_int_equal(kept(rig), 1);
	assert_int_equal(back(rig, hou, m), TOLD_PHASE_ACCEPTED);
}

static void test_what_nobody_ever_comes_for_is_forgotten_in_its_time(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[TEST_AGENCIES];
	rig_witnesses(rig, keys, 1);
	held(rig);
	leave(rig, &rig->w->of[TEST_HOU]);
	confirm(rig);
	assert_int_equal(kept(rig), 1);
	rig_pass(rig, TOLD_EXPIRES_MAX_MS + TOLD_DUPLICATE_KEEP_MS - TOLD_MS_DAY);
	assert_true(kept(rig) >= 1);
	rig_pass(rig, TOLD_EXPIRES_MAX_MS + TOLD_DUPLICATE_KEEP_MS);
	rig_pass(rig, TOLD_MS_MINUTE);
	assert_int_equal(kept(rig), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_release_that_the_sender_missed_is_said_behind_its_welcome),
		TEST(test_what_was_held_is_carried_with_the_entry_that_released_it),
		TEST(test_it_is_said_at_each_hello_until_a_later_checkpoint_was_signed),
		TEST(test_a_refusal_that_the_sender_missed_outlives_the_brokers_restart),
		TEST(test_a_parcel_that_expired_is_told_to_the_sender_that_was_away),
		TEST(test_an_answer_that_found_the_pipe_full_is_said_again),
		TEST(test_what_nobody_ever_comes_for_is_forgotten_in_its_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
