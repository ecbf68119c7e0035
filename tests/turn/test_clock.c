/* SPDX-License-Identifier: Apache-2.0 */
/* A clock that jumps (protocol section 7): what waits, what goes on, and how it ends. */
#include "turn/rig.h"

#include "told/codes.h"
#include "told/seal.h"

#define OK(call) assert_int_equal(call, TOLD_OK)

#define YEAR_MS  (365 * TOLD_MS_DAY)

static const enum test_who to_tt[] = {TEST_TT};
static const uint32_t shared[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};

/* Both are connected, TT takes parcels. */
static void open_flow(struct rig *rig)
{
	struct test_agency *hou = &rig->w->of[TEST_HOU], *tt = &rig->w->of[TEST_TT];
	rig_connect(rig, tt);
	rig_connect(rig, hou);
	rig_credit(rig, tt, 256);
}

/* HOU refers one more person, who permits it, to TT. */
static size_t parcels_after_referral(struct rig *rig)
{
	struct test_agency *hou = &rig->w->of[TEST_HOU], *tt = &rig->w->of[TEST_TT];
	OK(told_random(rig->w->person, sizeof rig->w->person));
	rig_send(rig, hou, test_consent(rig->w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2));
	struct test_message *m = test_referral(rig->w, hou, tt, shared, 2);
	size_t before = rig_heard(rig, tt, TOLD_SESSION_PARCEL);
	rig_send(rig, hou, m);
	rig_turns(rig);
	assert_int_equal(rig_answered(rig, hou, m), TOLD_PHASE_ACCEPTED);
	return rig_heard(rig, tt, TOLD_SESSION_PARCEL) - before;
}

static void beat(struct rig *rig, const struct test_agency *from, int64_t ahead_ms)
{
	struct told_heartbeat heartbeat = {.now_ms = (uint64_t)(rig->time.wall_ms + ahead_ms)};
	rig_say(rig, from, TOLD_SESSION_HEARTBEAT, TOLD_SCHEMA_HEARTBEAT, &heartbeat);
}

static void confirm(struct rig *rig)
{
	struct told_header header = test_header(rig->w, &rig->w->operator_, TOLD_TYPE_PARTNER);
	struct told_partner_part part = {.action = TOLD_PARTNER_ACTION_CLOCK};
	header.partner = &part;
	struct test_message *m = test_sign(rig->w, &rig->w->operator_, &header, NULL);
	rig_hello(rig, &rig->w->operator_, 0);
	rig_send(rig, &rig->w->operator_, m);
	rig_turns(rig);
	assert_int_equal(rig_answered(rig, &rig->w->operator_, m), TOLD_PHASE_ADMIN);
}

static void test_after_a_jump_content_waits_until_the_clock_is_back(void **state)
{
	struct rig *rig = *state;
	open_flow(rig);
	for (int sign = -1; sign <= 1; sign += 2) {
		rig->time.wall_ms += sign * YEAR_MS;
		assert_int_equal(parcels_after_referral(rig), 0);
		assert_int_equal(rig->broker.health.red, TOLD_HEALTH_CLOCK_MOVED);
		rig->time.wall_ms -= sign * YEAR_MS;
		fake_forget(&rig->wire);
		rig_turns(rig);
		assert_int_equal(rig->broker.health.red, 0);
		assert_int_equal(rig_heard(rig, &rig->w->of[TEST_TT], TOLD_SESSION_PARCEL), 1);
	}
}

static void test_a_jump_of_a_year_leaves_no_entry_in_the_future(void **state)
{
	struct rig *rig = *state;
	open_flow(rig);
	rig->time.wall_ms += YEAR_MS;
	told_time_pass(&rig->time, TOLD_MS_HOUR);
	int64_t right_ms = rig->time.wall_ms - YEAR_MS;
	parcels_after_referral(rig);
	assert_int_equal(told_record_when(rig->broker.record).utc_ms, right_ms);
}

static void test_withdrawals_and_their_notices_go_out_under_a_clock_that_jumped(void **state)
{
	struct rig *rig = *state;
	struct test_agency *hou = &rig->w->of[TEST_HOU], *tt = &rig->w->of[TEST_TT];
	open_flow(rig);
	assert_int_equal(parcels_after_referral(rig), 1);
	rig->time.wall_ms += YEAR_MS;
	fake_forget(&rig->wire);
	struct test_message *m = test_withdrawal(rig->w, hou, NULL);
	rig_send(rig, hou, m);
	rig_turns(rig);
	assert_int_equal(rig_answered(rig, hou, m), TOLD_PHASE_CONSENT);
	assert_true(rig_heard(rig, tt, TOLD_SESSION_PARCEL) > 0);
}

static void test_nothing_expires_by_a_clock_that_jumped(void **state)
{
	struct rig *rig = *state;
	struct test_agency *tt = &rig->w->of[TEST_TT];
	open_flow(rig);
	rig_hello(rig, tt, 0); /* takes nothing any more */
	assert_int_equal(parcels_after_referral(rig), 0);
	rig->time.wall_ms += YEAR_MS;
	rig_turns(rig);
	rig->time.wall_ms -= YEAR_MS;
	rig_credit(rig, tt, 256);
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, tt, TOLD_SESSION_PARCEL), 1);
}

static void test_the_operators_word_ends_it(void **state)
{
	struct rig *rig = *state;
	open_flow(rig);
	rig->time.wall_ms += TOLD_CLOCK_MOVED_MS + 1;
	assert_int_equal(parcels_after_referral(rig), 0);
	confirm(rig);
	rig_turns(rig);
	assert_int_equal(rig->broker.health.red, 0);
	/* what waited, and the operator's act, of which every partner hears */
	assert_int_equal(rig_heard(rig, &rig->w->of[TEST_TT], TOLD_SESSION_PARCEL), 2);
	assert_int_equal(rig_turns(rig), 1);
}

static void test_most_agencies_can_doubt_the_clock_and_one_cannot(void **state)
{
	struct rig *rig = *state;
	open_flow(rig);
	beat(rig, &rig->w->of[TEST_HOU], YEAR_MS);
	rig_turns(rig);
	assert_int_equal(parcels_after_referral(rig), 1);
	beat(rig, &rig->w->of[TEST_TT], -YEAR_MS);
	rig_turns(rig);
	assert_int_equal(parcels_after_referral(rig), 0);
	assert_int_equal(rig->broker.health.red, TOLD_HEALTH_CLOCK_DOUBTED);
	beat(rig, &rig->w->of[TEST_TT], 0);
	rig_turns(rig);
	rig_turns(rig);
	assert_int_equal(rig->broker.health.red, 0);
}

static void test_passing_time_is_no_jump(void **state)
{
	struct rig *rig = *state;
	open_flow(rig);
	told_time_pass(&rig->time, TOLD_MS_DAY);
	rig->time.wall_ms += TOLD_CLOCK_MOVED_MS;
	assert_int_equal(parcels_after_referral(rig), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_after_a_jump_content_waits_until_the_clock_is_back),
		TEST(test_a_jump_of_a_year_leaves_no_entry_in_the_future),
		TEST(test_withdrawals_and_their_notices_go_out_under_a_clock_that_jumped),
		TEST(test_nothing_expires_by_a_clock_that_jumped),
		TEST(test_the_operators_word_ends_it),
		TEST(test_most_agencies_can_doubt_the_clock_and_one_cannot),
		TEST(test_passing_time_is_no_jump),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
