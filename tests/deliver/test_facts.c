/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that the broker passes on: who hears of what, and in which order. */
#include "support/agency.h"

#include "broker/rule/register.h"
#include "told/codes.h"

#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static const enum test_who to_tt[] = {TEST_TT};
static const uint32_t shared[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};

static int set_up(void **state)
{
	struct test_world *w = *state = test_world_ready();
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		assert_true(test_drain(w, &w->of[i]) > 0);
	return 0;
}

static int tear_down(void **state)
{
	test_world_free(*state);
	return 0;
}

static void say_yes(struct test_world *w, const enum test_who *to, size_t count)
{
	struct test_agency *hou = &w->of[TEST_HOU];
	test_phase(w, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to, count, shared, 2), TOLD_PHASE_CONSENT);
}

/* ---- facts ---- */

static struct test_agency stranger(struct test_world *w)
{
	struct test_agency other = w->of[TEST_EMP];
	other.party = told_text("NEW");
	OK(told_random(other.identity.secret, 32));
	OK(told_ed25519_public(other.identity.secret, other.identity.key));
	OK(told_random(other.session.secret, 32));
	OK(told_x25519_public(other.session.secret, other.session.key));
	return other;
}

/* What a new party folds, in the order in which it comes, is the directory of everybody else. */
static void test_a_new_party_gets_all_earlier_facts_in_the_order_of_the_log(void **state)
{
	struct test_world *w = *state;
	struct test_agency other = stranger(w);
	struct test_parcels parcels;
	struct told_parties *parties = NULL;
	struct told_directory *directory = NULL;
	test_phase(w, &w->operator_, test_enrol(w, &other), TOLD_PHASE_ADMIN);
	test_deliver(w, &other, &parcels);
	assert_int_equal(parcels.count, TEST_AGENCIES * 5 + 1);
	OK(told_parties_new(&parties));
	OK(told_directory_new(&directory));
	uint64_t before = 0;
	for (size_t i = 0; i < parcels.count; i++) {
		const struct told_carried *c = &parcels.items[i].parcel->carried.items[0];
		struct told_opened_envelope opened;
		struct told_body *body = NULL;
		test_check_parcel(w, parcels.items[i].parcel);
		assert_true(c->index > before);
		before = c->index;
		OK(told_envelope_open(w->arena, c->envelope, &opened));
		OK(told_body_decode(c->body, w->arena, &body));
		OK(told_register_apply(directory, parties, opened.header, body->attachment,
				       (struct told_entry){c->index, w->now_ms}));
	}
	struct told_when whole = {w->now_ms, TOLD_WHOLE_LOG};
	assert_int_equal(told_directory_party(directory, told_party_find(parties, other.party), whole),
			 TOLD_PARTY_ENROLLED);
	const struct told_agreement *agreement = told_directory_agreement_at(directory, 0);
	assert_true(told_directory_in_force(directory, agreement, told_party_find(parties, told_text("HOU")),
					    told_party_find(parties, told_text("TT")), whole));
	told_directory_free(directory);
	told_parties_free(parties);
}

static void test_parties_enrolled_in_one_turn_hear_of_each_other(void **state)
{
	(void)state;
	struct test_world *w = test_world_new();
	test_begin(w);
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		assert_int_equal(test_say(w, &w->operator_, test_enrol(w, &w->of[i])).phase, TOLD_PHASE_ADMIN);
	test_commit(w);
	for (size_t i = 0; i < TEST_AGENCIES; i++) {
		struct test_parcels parcels;
		test_deliver(w, &w->of[i], &parcels);
		assert_int_equal(parcels.count, TEST_AGENCIES);
		for (size_t j = 0; j + 1 < parcels.count; j++)
			assert_true(parcels.items[j].delivery.place.index < parcels.items[j + 1].delivery.place.index);
	}
	test_world_free(w);
}

static size_t of_type(const struct test_parcels *parcels, uint32_t type)
{
	size_t n = 0;
	for (size_t i = 0; i < parcels->count; i++)
		n += parcels->items[i].delivery.row.type == type;
	return n;
}

static void test_whoever_deposits_first_learns_what_the_person_said_before(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *sud = &w->of[TEST_SUD], *tt = &w->of[TEST_TT];
	struct test_parcels parcels;
	say_yes(w, to_tt, 1);
	test_phase(w, hou, test_withdrawal(w, hou, NULL), TOLD_PHASE_CONSENT);
	test_phase(w, tt, test_relationship(w, tt, TOLD_YES_NO_YES), TOLD_PHASE_FLAG);
	assert_int_equal(test_waiting(w, sud), 0);
	test_phase(w, sud, test_deposit(w, sud, TOLD_CATEGORY_SUD_USE), TOLD_PHASE_ACCEPTED);
	test_deliver(w, sud, &parcels);
	assert_int_equal(parcels.count, 3);
	assert_int_equal(of_type(&parcels, TOLD_TYPE_CONSENT), 1);
	assert_int_equal(of_type(&parcels, TOLD_TYPE_WITHDRAWAL_NOTICE), 1);
	assert_int_equal(of_type(&parcels, TOLD_TYPE_RELATIONSHIP), 1);
	test_drain(w, sud);
	test_phase(w, sud, test_deposit(w, sud, TOLD_CATEGORY_SUD_TX), TOLD_PHASE_ACCEPTED);
	assert_int_equal(test_waiting(w, sud), 0); /* once */
	say_yes(w, to_tt, 1);
	assert_int_equal(test_waiting(w, sud), 1); /* and from now on as it happens */
	assert_int_equal(test_waiting(w, hou), 0); /* nobody is told what they said themselves */
}

static void test_a_flag_reaches_whoever_was_sent_something(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct test_parcels parcels;
	say_yes(w, to_tt, 1);
	test_phase(w, hou, test_referral(w, hou, tt, shared, 2), TOLD_PHASE_ACCEPTED);
	test_drain(w, tt);
	struct told_header header = test_header(w, hou, TOLD_TYPE_FLAG);
	struct told_flag_part part = {.kind = TOLD_FLAG_LOCATION_PROTECTED, .state = TOLD_FLAG_STATE_SET};
	header.flag = &part;
	test_phase(w, hou, test_sign(w, hou, &header, NULL), TOLD_PHASE_FLAG);
	test_deliver(w, tt, &parcels);
	assert_int_equal(of_type(&parcels, TOLD_TYPE_FLAG), 1);
	assert_int_equal(test_waiting(w, &w->of[TEST_EMP]), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_new_party_gets_all_earlier_facts_in_the_order_of_the_log),
		cmocka_unit_test(test_parties_enrolled_in_one_turn_hear_of_each_other),
		TEST(test_whoever_deposits_first_learns_what_the_person_said_before),
		TEST(test_a_flag_reaches_whoever_was_sent_something),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
