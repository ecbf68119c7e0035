/* SPDX-License-Identifier: Apache-2.0 */
/* A correction follows what it corrects: to whoever was given it, of it no more than they were given, by nobody but who
 * told it, and also after the permission has ended. Refused otherwise with the rule, logged, nothing changed. */
#include "support/agency.h"

#include "broker/decide/codes.h"
#include "told/codes.h"

#define OK(call) assert_int_equal(call, TOLD_OK)

static const uint32_t story[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};
static const uint32_t debt[] = {TOLD_CATEGORY_FIN_DEBT};
static const enum test_who to_tt[] = {TEST_TT};

struct given {
	struct test_world *world;
	struct test_agency *hou, *tt, *sud;
	struct test_message *referral;
	size_t waits_of[TEST_AGENCIES]; /* before the last correction */
};

/* HOU was allowed to tell TT two parts, and did. */
static int set_up(void **state)
{
	static struct given g;
	g.world = test_world_ready();
	g.hou = &g.world->of[TEST_HOU], g.tt = &g.world->of[TEST_TT], g.sud = &g.world->of[TEST_SUD];
	test_phase(g.world, g.hou, test_consent(g.world, g.hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, story, 2),
		   TOLD_PHASE_CONSENT);
	g.referral = test_referral(g.world, g.hou, g.tt, story, 2);
	test_phase(g.world, g.hou, g.referral, TOLD_PHASE_ACCEPTED);
	*state = &g;
	return 0;
}

static int tear_down(void **state)
{
	test_world_free(((struct given *)*state)->world);
	return 0;
}

static struct test_said correct(struct given *g, struct test_agency *from, struct test_agency *to,
				const struct test_message *what, const uint32_t *categories, size_t count)
{
	struct told_header header = test_header(g->world, from, TOLD_TYPE_CORRECTION);
	struct told_bytes party = to->party;
	g->waits_of[to - g->world->of] = test_waiting(g->world, to);
	header.in_reply_to = what->header.id;
	header.recipients = (struct told_bytes_list){.items = &party, .count = 1};
	return test_turn(g->world, from, test_seal(g->world, from, &header, categories, count, to));
}

static unsigned primary(const struct test_said *said)
{
	return told_ruling_decision(said->ruling, 0)->primary;
}

static bool has_code(const struct test_said *said, unsigned code)
{
	const struct told_decision *d = told_ruling_decision(said->ruling, 0);
	for (size_t i = 0; i < d->code_count; i++)
		if (d->codes[i] == code)
			return true;
	return false;
}

static void refused(const struct given *g, const struct test_said *said, struct test_agency *to)
{
	size_t waits = g->waits_of[to - g->world->of];
	assert_int_equal(said->phase, TOLD_PHASE_REFUSED);
	assert_true(has_code(said, TOLD_WFL_08));
	assert_int_equal(test_waiting(g->world, to), waits);
}

static void test_whoever_was_given_it_gets_the_correction(void **state)
{
	struct given *g = *state;
	struct test_said said = correct(g, g->hou, g->tt, g->referral, story + 1, 1);
	assert_int_equal(said.phase, TOLD_PHASE_ACCEPTED);
	assert_int_equal(primary(&said), TOLD_RGT_05);
}

static void test_nobody_else_gets_one_and_nobody_else_sends_one(void **state)
{
	struct given *g = *state;
	struct test_said said = correct(g, g->hou, g->sud, g->referral, story + 1, 1);
	refused(g, &said, g->sud);
	said = correct(g, g->sud, g->tt, g->referral, story + 1, 1);
	refused(g, &said, g->tt);
}

static void test_no_more_goes_than_was_given(void **state)
{
	struct given *g = *state;
	const uint32_t both[] = {TOLD_CATEGORY_HOU_SIT, TOLD_CATEGORY_FIN_DEBT};
	struct test_said said = correct(g, g->hou, g->tt, g->referral, debt, 1);
	assert_int_not_equal(said.phase, TOLD_PHASE_ACCEPTED);
	said = correct(g, g->hou, g->tt, g->referral, both, 2);
	const struct told_decision *d = told_ruling_decision(said.ruling, 0);
	assert_int_equal(d->effect, TOLD_EFFECT_PARTIAL);
	for (size_t i = 0; i < d->section_count; i++)
		assert_int_equal(d->sections[i].effect, both[d->sections[i].index] == TOLD_CATEGORY_HOU_SIT
								? TOLD_SECTION_EFFECT_RELEASE
								: TOLD_SECTION_EFFECT_WITHHOLD);
}

/* It is a right of the person's, and the wrong words stay where they are. */
static void test_a_permission_that_ended_stops_no_correction_of_what_arrived(void **state)
{
	struct given *g = *state;
	assert_true(test_drain(g->world, g->tt) > 0);
	g->world->now_ms += TOLD_MS_MINUTE;
	test_phase(g->world, g->tt, test_withdrawal(g->world, g->tt, NULL), TOLD_PHASE_CONSENT);
	struct test_said said = correct(g, g->hou, g->tt, g->referral, story, 2);
	assert_int_equal(said.phase, TOLD_PHASE_ACCEPTED);
	struct test_parcels parcels;
	test_deliver(g->world, g->tt, &parcels);
	assert_true(parcels.count > 0 && parcels.items[parcels.count - 1].released);
}

/* What waited for the recipient and did not go after all, nobody has. */
static void test_what_was_taken_back_before_it_went_is_not_corrected(void **state)
{
	struct given *g = *state;
	g->world->now_ms += TOLD_MS_MINUTE;
	test_phase(g->world, g->tt, test_withdrawal(g->world, g->tt, NULL), TOLD_PHASE_CONSENT);
	test_drain(g->world, g->tt);
	struct test_said said = correct(g, g->hou, g->tt, g->referral, story + 1, 1);
	refused(g, &said, g->tt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_whoever_was_given_it_gets_the_correction, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nobody_else_gets_one_and_nobody_else_sends_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_more_goes_than_was_given, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_permission_that_ended_stops_no_correction_of_what_arrived,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_was_taken_back_before_it_went_is_not_corrected, set_up,
						tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
